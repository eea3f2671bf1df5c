"""Fetching, from a server on this machine that misbehaves in every way, and from nowhere else.

The clock is a made one, so that waiting takes no time; nothing here connects to anything but loopback.
"""

import gzip
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from indexer import catalogue, store
from indexer.build import build
from indexer.doctor import examine
from indexer.errors import NotThere, UsageError
from indexer.fetch import (
    Limits,
    Means,
    Outcome,
    Selection,
    Wayback,
    addresses,
    choosing,
    fetch,
    keeping,
    manners,
    transport,
)
from indexer.fetch.outcome import NotHad
from indexer.fetch.visiting import REDIRECTS, Visitor
from indexer.models import Finding
from loccit import main

ROOT = Path(__file__).resolve().parents[1]
Play = Callable[["Handler"], None]
# What a page of the site is: its body, a whole answer, or what the server does.
Page = bytes | tuple[int, dict[str, str], bytes] | Play


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anywhere but this machine is a failure of the test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        assert address[0] in ("127.0.0.1", "127.0.0.2", "::1"), f"a connection to {address}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@dataclass
class Clock:
    """A clock that stands still but for sleeping."""

    time: float = 1_800_000_000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def means(self, **more: Any) -> Means:
        clock = manners.Clock(lambda: self.time, lambda: self.time, self.sleep)
        known: dict[str, Any] = {
            "clock": clock,
            "allow_private": True,
            "resolver": lambda host, port: ["127.0.0.1"],
        }
        return Means(**known | more)


class Handler(BaseHTTPRequestHandler):
    """Answers as the site's pages say; writes down what it was asked, and when."""

    protocol_version = "HTTP/1.1"
    site: "Site"

    def do_GET(self) -> None:
        asked = Asked(self.headers["Host"], self.path, dict(self.headers.items()), self.site.clock.time)
        self.site.asked.append(asked)
        page = self.site.pages.get(self.path, (404, {}, b"nothing here"))
        if isinstance(page, list):
            page = page.pop(0) if len(page) > 1 else page[0]
        if callable(page):
            page(self)
        else:
            status, headers, body = (
                page if isinstance(page, tuple) else (200, {"Content-Type": "text/html"}, page)
            )
            self.answer(status, headers, body)
        self.close_connection = True

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def raw(self, content: bytes) -> None:
        self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, *_: Any) -> None:
        pass


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it."""

    host: str
    path: str
    headers: dict[str, str]
    time: float


class Server(ThreadingHTTPServer):
    """Clients that hang up are what is tested here."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: Any) -> None:
        pass


@dataclass
class Site:
    """Pages at a port of this machine, and all that was asked of them."""

    port: int
    clock: Clock
    pages: dict[str, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]


@pytest.fixture
def site() -> Iterator[Site]:
    server = Server(("127.0.0.1", 0), type("Here", (Handler,), {}))
    made = Site(server.server_address[1], Clock())
    server.RequestHandlerClass.site = made  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    made.done.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return tmp_path / "raw"


QUICK = Limits(size=100_000, seconds=5, silence=2)


def listed(raw: Path, works: dict[str, str], collection: str = "papers", more: str = "") -> None:
    """Writes a catalogue of sources with these addresses by their ids."""
    folder = raw / collection
    folder.mkdir(parents=True, exist_ok=True)
    tables = [
        f'[[work]]\nid = "{name}"\nkind = "source"\ntitle = "{name}"\nurl = "{url}"\n'
        for name, url in works.items()
    ]
    (folder / "catalogue.toml").write_text("\n".join(tables) + more, encoding="utf8")


def run(raw: Path, site: Site, selection: Selection | None = None, **more: Any) -> list[Outcome]:
    known = {k: more.pop(k) for k in ("wayback", "warc", "progress") if k in more}
    means = site.clock.means(**{"limits": QUICK} | more)
    return list(fetch(raw, selection or Selection(), means, **known))


def one(raw: Path, site: Site, page: Any, path: str = "/page.html", **more: Any) -> Outcome:
    """What becomes of one page."""
    site.pages[path] = page
    listed(raw, {"page": site.url(path)})
    return run(raw, site, **more)[0]


# --- what comes is kept --------------------------------------------------------------------------


def test_what_comes_is_kept_as_it_came_with_where_it_came_from(raw: Path, site: Site) -> None:
    body = "<p>Der Löwe, as it came.\r\n".encode("latin-1")
    headers = {"Content-Type": "text/html; charset=ISO-8859-1", "ETag": '"1"', "Last-Modified": formatdate(0)}
    outcome = one(raw, site, (200, headers, body))
    file = f"papers/127.0.0.1+{site.port}/page.html"
    assert outcome == Outcome(
        site.url("/page.html"), "fetched", "page", file, size=len(body), media_type="text/html"
    )
    assert (raw / file).read_bytes() == body
    record = catalogue.record(raw, file)
    assert record == {
        "file": f"127.0.0.1+{site.port}/page.html", "kind": "source", "size": len(body),
        "sha256": hashlib.sha256(body).hexdigest(), "url": site.url("/page.html"),
        "added": "2027-01-15", "fetched": "2027-01-15T08:00:01+00:00", "media_type": "text/html",
        "charset": "ISO-8859-1", "etag": '"1"', "last_modified": formatdate(0),
    }  # fmt: skip
    assert catalogue.find(raw, "page").file == file
    assert catalogue.provenance(raw)[file].url == site.url("/page.html")


def test_what_is_held_is_not_asked_for_again(raw: Path, site: Site) -> None:
    one(raw, site, b"<p>words")
    before, asked = sorted(raw.rglob("*")), len(site.asked)
    assert run(raw, site) == []
    named = run(raw, site, Selection(works=("page",)))
    assert [(o.status, "--refresh" in o.reason) for o in named] == [("unchanged", True)]
    assert len(site.asked) == asked and sorted(raw.rglob("*")) == before


def test_only_what_an_essay_cites(raw: Path, site: Site) -> None:
    site.pages |= {"/a": b"<p>a", "/b": b"<p>b"}
    essay = '[[work]]\nid = "essay"\nkind = "essay"\ntitle = "Essay"\n'
    cited = (
        f'[[work]]\nid = "a"\nkind = "source"\ntitle = "A"\nurl = "{site.url("/a")}"\ncited_by = ["essay"]\n'
    )
    listed(raw, {"b": site.url("/b")}, more=essay + cited)
    assert [(o.work, o.status) for o in run(raw, site, Selection(essay="essay"))] == [("a", "fetched")]
    assert site.paths() == ["/a"]
    with pytest.raises(NotThere, match="“nobody”"):
        run(raw, site, Selection(essay="nobody"))


def test_a_work_without_an_address_says_so(raw: Path, site: Site) -> None:
    listed(raw, {}, more='[[work]]\nid = "book"\nkind = "source"\ntitle = "A book"\n')
    assert run(raw, site) == []
    assert [(o.status, o.reason) for o in run(raw, site, Selection(works=("book",)))] == [
        ("failed", "the catalogue has no address of it")
    ]


def test_a_further_address_is_tried_when_the_first_is_dead(raw: Path, site: Site) -> None:
    site.pages["/there"] = b"<p>words"
    also = f'also = ["{site.url("/there")}"]\n'
    listed(raw, {"page": site.url("/dead")}, more=also)
    assert [(o.url, o.status) for o in run(raw, site)] == [(site.url("/there"), "fetched")]
    assert catalogue.find(raw, "page").file and run(raw, site) == []


def test_two_works_at_one_address_are_asked_for_once(raw: Path, site: Site) -> None:
    site.pages["/page"] = b"<p>words"
    listed(raw, {"one": site.url("/page#1"), "two": site.url("/page#2")})
    for first in ("fetched", "unchanged"):
        outcomes = run(raw, site, Selection(works=("one", "two")))
        assert [(o.work, o.status) for o in outcomes] == [("one", first), ("two", "unchanged")]
    assert run(raw, site) == [] and site.paths() == ["/page"]


def test_the_headers_say_who_asks(raw: Path, site: Site) -> None:
    one(raw, site, b"<p>words", contact="me@example.org\r\nX-Evil: (1)")
    headers = site.asked[-1].headers
    assert re.match(r"loccit/\d\S* \(.*one a second; me@example\.orgX-Evil: 1\)$", headers["User-Agent"])
    assert not {"X-Evil", "Cookie", "Authorization", "Referer"} & set(headers)


def test_nothing_is_taken_from_the_environment(
    raw: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert one(raw, site, b"<p>words").status == "fetched"


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url, name",
    [
        ("http://www.example.org/a/b.htm", "www.example.org/a/b.htm"),
        ("https://Example.ORG:443", "example.org/index.html"),
        ("http://example.org/a/", "example.org/a/index.html"),
        ("http://example.org//a///b", "example.org/a/b"),
        ("http://example.org:8080/a", "example.org+8080/a"),
        ("http://[2001:db8::1]/a", "2001_db8__1/a"),
        ("http://example.org/books?id=1&q=a/b", "example.org/books@id=1&q=a%2Fb"),
        ("http://example.org/?id=1", "example.org/index.html@id=1"),
        ("http://example.org/Ludo%20M/п.htm", "example.org/Ludo%20M/%D0%BF.htm"),
        ("http://example.org/../../etc/passwd", "example.org/%2E./%2E./etc/passwd"),
        ("http://example.org/%2e%2e/x", "example.org/%2e%2e/x"),
        ("http://example.org/.hidden/.x", "example.org/%2Ehidden/%2Ex"),
        ("http://example.org/a:b*c", "example.org/a%3Ab%2Ac"),
        ("http://catalogue.toml/x", "catalogue.toml_/x"),
        ("http://bücher.example/x", "xn--bcher-kva.example/x"),
    ],
)
def test_a_file_lies_under_its_host_and_path(tmp_path: Path, url: str, name: str) -> None:
    assert keeping.name_of(tmp_path, addresses.target(url)) == name


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=400))
def test_no_name_leads_out_of_its_folder(path: str) -> None:
    try:
        to = addresses.target("http://example.org/" + path)
    except NotHad:
        return
    name = keeping.name_of(Path("/nowhere/papers"), to)
    parts = name.split("/")
    assert parts[0] == "example.org" and len(parts) > 1
    assert all(part and not part.startswith(".") and len(part.encode()) <= 200 for part in parts)
    assert len(name) <= 1000 and "\0" not in name and "\\" not in name


def test_a_long_name_is_cut_and_told_apart(tmp_path: Path) -> None:
    names = {
        keeping.name_of(tmp_path, addresses.target(f"http://example.org/{'a' * 300}{n}.pdf")) for n in (1, 2)
    }
    assert len(names) == 2 and all(name.endswith(".pdf") and len(name) < 200 for name in names)


def test_a_file_and_a_folder_of_one_name_do_not_meet(raw: Path, site: Site) -> None:
    paths = ["/a", "/a/b", "/a/", "/c/d", "/c", "/e?q", "/e@q"]
    site.pages |= {path: f"<p>{path}".encode() for path in paths}
    listed(raw, {f"w{n}": site.url(path) for n, path in enumerate(paths)})
    outcomes = run(raw, site)
    assert [o.status for o in outcomes] == ["fetched"] * len(paths)
    held = {w.id: (raw / (w.file or "")).read_text() for c in catalogue.collections(raw) for w in c.works}
    assert held == {f"w{n}": f"<p>{path}" for n, path in enumerate(paths)}


# --- a server that misbehaves --------------------------------------------------------------------


def drip(handler: Handler) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>")
    while not handler.site.done.wait(0.05):
        handler.raw(b".")


def drip_headers(handler: Handler) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not handler.site.done.wait(0.05):
        handler.raw(b".")


def silent(handler: Handler) -> None:
    handler.site.done.wait(5)


def endless(handler: Handler) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        handler.raw(b"words " * 1000)


def endless_error(handler: Handler) -> None:
    handler.raw(b"HTTP/1.1 404 Not Found\r\n\r\n")
    while True:
        handler.raw(b"words " * 1000)


def endless_chunks(handler: Handler) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        handler.raw(b"1000\r\n" + b"w" * 0x1000 + b"\r\n")


def endless_headers(handler: Handler) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\n")
    for n in range(100_000):
        handler.raw(b"X-%d: y\r\n" % n)


def no_http(handler: Handler) -> None:
    handler.raw(b"SSH-2.0-OpenSSH_9.2\r\n")


def hang_up(handler: Handler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def cut_in_chunk(handler: Handler) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nwords")


def packed(body: bytes, coding: str = "gzip", **headers: str) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "text/html", "Content-Encoding": coding, **headers}, body


BOMB = gzip.compress(b"\0" * 30_000_000)
TEXT = b"<p>" + b"words of a text " * 200
RAW_DEFLATE = zlib.compress(TEXT)[2:-4]


@pytest.mark.parametrize(
    "page, status, reason",
    [
        (endless, "too-large", "more than 100,000 bytes"),
        (endless_error, "gone", "404"),
        (endless_chunks, "too-large", "more than 100,000 bytes"),
        (endless_headers, "failed", "is not HTTP"),
        (no_http, "failed", "is not HTTP"),
        (hang_up, "failed", "broke off ("),
        (cut_in_chunk, "failed", "broke off ("),
        ((200, {"Content-Length": "5000"}, b"<p>short"), "failed", "broke off ("),
        ((200, {"Content-Length": "2000000000"}, b"<p>"), "too-large", "2,000,000,000 bytes"),
        (packed(BOMB), "too-large", "unpacked it has more"),
        (packed(gzip.compress(b"a" * 50_000) * 3), "too-large", "unpacked it has more"),
        (packed(gzip.compress(TEXT)[:-30]), "failed", "broke off before its end"),
        (packed(b"<p>not packed"), "failed", "not packed as it says"),
        (packed(TEXT, "br"), "failed", "packed as “br”"),
        (packed(TEXT, "gzip, gzip"), "failed", "packed as “gzip, gzip”"),
        ((404, {}, b"no"), "gone", "404"),
        ((410, {}, b"no"), "gone", "410"),
        ((403, {}, b"no"), "failed", "403"),
        ((204, {"Content-Length": ""}, b""), "failed", "204"),
        ((304, {"Content-Length": ""}, b""), "failed", "304"),
        ((200, {"Content-Type": "text/html"}, b""), "failed", "empty"),
        ((200, {"Content-Type": "image/png"}, b"\x89PNG"), "not-a-text", "image/png"),
        ((200, {"Content-Type": "text/html"}, b"\x7fELF\0\0\0\1"), "not-a-text", "but called text/html"),
        ((302, {}, b""), "failed", "not where to"),
        ((302, {"Location": "/page.html"}, b""), "failed", "in a circle"),
        ((302, {"Location": "file:///etc/passwd"}, b""), "refused-address", "only http and https"),
        ((302, {"Location": "http://[::1"}, b""), "failed", "no address"),
        ((500, {}, b"no"), "failed", "500"),
    ],
)  # fmt: skip
def test_misbehaviour_has_its_reason(raw: Path, site: Site, page: Page, status: str, reason: str) -> None:
    outcome = one(raw, site, page)
    assert (outcome.status, outcome.file) == (status, None), outcome
    assert reason in outcome.reason
    assert [path for path in raw.rglob("*") if path.is_file()] == [raw / "papers/catalogue.toml"]


@pytest.mark.parametrize(
    "play, limits, reason",
    [
        (drip, Limits(seconds=0.4, silence=20), "longer than 0.4 seconds"),
        (drip_headers, Limits(seconds=0.4, silence=20), "longer than 0.4 seconds"),
        (silent, Limits(seconds=20, silence=0.2), "silent for 0.2 seconds"),
    ],
)
def test_a_slow_answer_is_not_waited_for(site: Site, play: Play, limits: Limits, reason: str) -> None:
    site.pages["/slow"] = play
    request = transport.Request(addresses.target(site.url("/slow")), "127.0.0.1", {"Host": "a"})
    with pytest.raises(NotHad, match=reason):
        transport.ask(request, limits, ssl.create_default_context)


def test_a_page_where_a_book_was_promised_is_named(raw: Path, site: Site) -> None:
    outcome = one(raw, site, b"<p>Please log in", "/a/book.pdf?x=1")
    assert outcome.status == "fetched" and "promises application/pdf" in outcome.reason


@pytest.mark.parametrize(
    "page, body",
    [
        (packed(gzip.compress(TEXT)), TEXT),
        (packed(gzip.compress(TEXT) + gzip.compress(b"more") + b"\0" * 9), TEXT + b"more"),
        (packed(zlib.compress(TEXT), "deflate"), TEXT),
        (packed(RAW_DEFLATE, "deflate"), TEXT),
        ((200, {"Content-Type": "text/plain; charset=utf-16"}, b"a\0b\0"), b"a\0b\0"),
        ((200, {"Content-Type": "text/html; charset=no-such\xff"}, b"\xff\xfe"), b"\xff\xfe"),
        ((200, {}, b"%PDF-1.7 \0\0"), b"%PDF-1.7 \0\0"),
        ((200, {"Content-Type": "application/octet-stream"}, b"a text"), b"a text"),
        (lambda h: h.raw(b"HTTP/1.0 200 OK\r\n\r\nold"), b"old"),
        (lambda h: h.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwords and more"), b"words"),
    ],
)  # fmt: skip
def test_what_is_odd_but_right_is_kept(raw: Path, site: Site, page: Page, body: bytes) -> None:
    outcome = one(raw, site, page)
    assert outcome.status == "fetched", outcome
    assert (raw / (outcome.file or "")).read_bytes() == body


def test_a_bomb_is_never_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the size of a piece, no more than the limit and a byte is ever made of it."""
    unpack = transport._Unpacker(1000)
    with pytest.raises(NotHad, match="unpacked"):
        unpack.more(BOMB)
    assert unpack._left == -1


@pytest.mark.parametrize("failures", [1, 2, 3])
@pytest.mark.parametrize("failure", [(503, {}, b""), (429, {}, b""), hang_up], ids=["503", "429", "cut"])
def test_what_may_pass_is_tried_again_each_time_later(
    raw: Path, site: Site, failure: Page, failures: int
) -> None:
    outcome = one(raw, site, [failure] * failures + [b"<p>words"])
    assert outcome.status == "fetched" and len(site.paths()) == failures + 1
    assert site.clock.slept[-failures:] == [2.0, 4.0, 8.0][:failures]


def test_tries_have_an_end(raw: Path, site: Site) -> None:
    assert one(raw, site, (503, {}, b"")).reason == "the server says 503 Service Unavailable"
    assert len(site.paths()) == manners.TRIES


@pytest.mark.parametrize(
    "value, waited",
    [("37", 37.0), (formatdate(1_800_000_050, usegmt=True), 50.0), ("soon", 2.0), ("-5", 2.0), ("0", 2.0)],
)
def test_a_server_says_how_long_to_wait(raw: Path, site: Site, value: str, waited: float) -> None:
    site.pages["/robots.txt"] = b""
    assert one(raw, site, [(429, {"Retry-After": value}, b""), b"<p>words"]).status == "fetched"
    first, second = site.asked[-2:]
    assert waited - 1.5 <= second.time - first.time <= waited + 0.01


def test_a_wait_that_is_too_long_is_not_waited(raw: Path, site: Site) -> None:
    outcome = one(raw, site, (503, {"Retry-After": "86400"}, b""))
    assert "asks to wait 86,400 seconds: run this later" in outcome.reason and len(site.paths()) == 1


# --- redirects -----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_recorded(raw: Path, site: Site, status: int) -> None:
    site.pages["/new/page.html"] = b"<p>words"
    outcome = one(raw, site, (status, {"Location": "../new/page.html#there"}, b"moved"), "/old/page.html")
    assert (outcome.status, outcome.via) == ("fetched", site.url("/new/page.html"))
    record = catalogue.record(raw, outcome.file or "") or {}
    assert record["url"] == site.url("/old/page.html") and record["final"] == site.url("/new/page.html")
    assert (outcome.file or "").endswith("/old/page.html")


def test_a_redirect_and_a_link_may_have_spaces(raw: Path, site: Site) -> None:
    site.pages |= {"/a%20book/index.html": contents_page("ch 01.html", "ch 02.html")}
    site.pages |= {f"/a%20book/ch%200{n}.html": b"<p>words" for n in (1, 2)}
    one(raw, site, (302, {"Location": " /a book/index.html "}, b""))
    outcomes = run(raw, site, Selection(recursive=True))
    assert [(o.status, o.url) for o in outcomes] == [
        ("fetched", site.url(f"/a%20book/ch%200{n}.html")) for n in (1, 2)
    ]


@pytest.mark.parametrize("hops, status", [(REDIRECTS, "fetched"), (REDIRECTS + 1, "failed")])
def test_redirects_have_an_end(raw: Path, site: Site, hops: int, status: str) -> None:
    site.pages |= {f"/{n}": (302, {"Location": f"/{n + 1}"}, b"") for n in range(1, hops)}
    site.pages[f"/{hops}"] = b"<p>words"
    assert one(raw, site, (302, {"Location": "/1"}, b""), "/0").status == status


def test_a_circle_of_two(raw: Path, site: Site) -> None:
    site.pages["/b"] = (302, {"Location": "/a"}, b"")
    assert one(raw, site, (302, {"Location": "/b"}, b""), "/a").reason == "it redirects in a circle"
    assert site.paths() == ["/a", "/b"]


def test_every_hop_is_examined(raw: Path, site: Site) -> None:
    """A public host may send us to a private one; nothing is asked of that one."""
    answers = {"public.example": "127.0.0.1", "inside.example": "169.254.169.254"}
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return [answers[host]]

    site.pages["/a"] = (302, {"Location": "http://inside.example/latest/meta-data"}, b"")
    listed(raw, {"page": site.url("/a", "public.example")})
    means = site.clock.means(resolver=resolver, allow_private=False)
    real = addresses._why_not

    def why_not(text: str, allow_private: bool) -> str | None:
        return None if text == "127.0.0.1" else real(text, allow_private)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(addresses, "_why_not", why_not)
        (outcome,) = fetch(raw, Selection(), means)
    assert outcome.status == "refused-address" and "inside.example is at 169.254.169.254" in outcome.reason
    assert asked[-1] == "inside.example" and site.paths() == ["/a"]


# --- addresses -----------------------------------------------------------------------------------

# What may not be asked: the address, and what its name resolves to where it is one.
REFUSED: list[tuple[str, str]] = [
    ("http://127.0.0.1/", ""),
    ("http://127.8.9.10:8080/", ""),
    ("http://localhost/", "127.0.0.1"),
    ("http://localhost./", "127.0.0.1"),
    ("http://2130706433/", "127.0.0.1"),
    ("http://0177.0.0.1/", "127.0.0.1"),
    ("http://0x7f.0.0.1/", "127.0.0.1"),
    ("http://0x7f000001/", "127.0.0.1"),
    ("http://127.1/", "127.0.0.1"),
    ("http://127.0.0.1./", "127.0.0.1"),
    ("http://134744072/", "8.8.8.8"),
    ("http://010.8.8.8/", "8.8.8.8"),
    ("http://１２７.０.０.１/", "127.0.0.1"),
    ("http://127。0。0。1/", "127.0.0.1"),
    ("http://127%2e0%2e0%2e1/", "127.0.0.1"),
    ("http://[::1]/", ""),
    ("http://[::]/", ""),
    ("http://[::ffff:127.0.0.1]/", ""),
    ("http://[::ffff:a9fe:a9fe]/", ""),
    ("http://[::127.0.0.1]/", ""),
    ("http://[64:ff9b::7f00:1]/", ""),
    ("http://[64:ff9b:1::1]/", ""),
    ("http://[2002:7f00:1::]/", ""),
    ("http://[2001:0:53aa:64c::]/", ""),
    ("http://[fe80::1]/", ""),
    ("http://[fe80::1%25eth0]/", ""),
    ("http://[fc00::1]/", ""),
    ("http://[fec0::1]/", ""),
    ("http://[ff02::1]/", ""),
    ("http://[2001:db8::1]/", ""),
    ("http://0.0.0.0/", ""),
    ("http://10.0.0.1/", ""),
    ("http://172.16.5.4/", ""),
    ("http://192.168.1.1/", ""),
    ("http://100.64.0.1/", ""),
    ("http://169.254.169.254/latest/meta-data/", ""),
    ("http://192.0.0.170/", ""),
    ("http://198.18.0.1/", ""),
    ("http://192.0.2.1/", ""),
    ("http://224.0.0.1/", ""),
    ("http://240.0.0.1/", ""),
    ("http://255.255.255.255/", ""),
    ("http://10.0.0.1.nip.example/", "10.0.0.1"),
    ("http://metadata.google.example/", "169.254.169.254"),
    ("http://six.example/", "::ffff:10.0.0.1"),
    ("http://mixed.example/", "93.184.216.34 10.0.0.1"),
    ("http://zone.example/", "fe80::1%eth0"),
    ("http://broken.example/", "not an address"),
    ("http://user@example.org/", "93.184.216.34"),
    ("http://example.org@127.0.0.1/", "127.0.0.1"),
    ("http://example.org:80@127.0.0.1/", "127.0.0.1"),
    ("http://example.org\\@127.0.0.1/", "127.0.0.1"),
    ("http://example.org/a b", "93.184.216.34"),
    ("http://example.org/\r\nHost: inside", "93.184.216.34"),
    ("http://example.org:0/", "93.184.216.34"),
    ("http://example.org:99999/", "93.184.216.34"),
    ("http:///etc/passwd", "127.0.0.1"),
    ("http://", "127.0.0.1"),
    ("http://exa_mple..org/", "93.184.216.34"),
    ("file:///etc/passwd", ""),
    ("gopher://127.0.0.1:70/_x", ""),
    ("ftp://example.org/", "93.184.216.34"),
    ("dict://127.0.0.1:11211/stats", ""),
    ("javascript:alert(1)", ""),
    ("//example.org/", "93.184.216.34"),
]


@pytest.mark.parametrize("url, answer", REFUSED)
def test_an_address_that_leads_inside_is_refused(
    url: str, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "ask", lambda *_: pytest.fail("a connection was made"))
    clock = Clock()
    means = clock.means(allow_private=False, resolver=lambda host, port: answer.split(" ") if answer else [])
    with pytest.raises(NotHad) as caught:
        Visitor(means).visit(url)
    assert caught.value.status == "refused-address" and caught.value.reason


@settings(deadline=None, max_examples=300)
@given(
    st.text(max_size=60),
    st.sampled_from(["", "http:", "http://", "https://[", "http://a.example:", "http://é."]),
)
def test_any_text_is_an_address_or_refused(text: str, start: str) -> None:
    try:
        to = addresses.target(start + text)
    except NotHad as failure:
        assert failure.status == "refused-address"
    else:
        assert to.url.isascii() and to.url.isprintable() and " " not in to.url
        assert addresses.target(to.url) == to


def test_forty_are_refused() -> None:
    assert len({url for url, _ in REFUSED}) >= 40


@pytest.mark.parametrize(
    "ip, word, allowed",
    [
        ("127.0.0.1", "this machine", True),
        ("::1", "this machine", True),
        ("169.254.1.1", "link-local", True),
        ("fe80::1", "link-local", True),
        ("10.0.0.1", "private", True),
        ("100.64.0.1", "private", True),
        ("::ffff:10.0.0.1", "private", True),
        ("64:ff9b::a00:1", "private", True),
        ("224.0.0.1", "multicast", False),
        ("0.0.0.0", "reserved", False),
        ("2002:7f00:1::", "reserved", False),
        ("::ffff:8.8.8.8", None, True),
        ("8.8.8.8", None, True),
    ],
)
def test_each_refusal_says_why(ip: str, word: str | None, allowed: bool) -> None:
    assert addresses._why_not(ip, allow_private=False) == word
    assert addresses._why_not(ip, allow_private=True) == (None if allowed else word)


@pytest.mark.parametrize("answer", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "1.1.1.1"])
def test_a_public_address_is_not_refused(answer: str) -> None:
    to = addresses.target("https://example.org/a?b=ü#c")
    assert to.url == "https://example.org/a?b=%C3%BC"
    assert addresses.examined(to, lambda host, port: [answer], allow_private=False) == [answer]


@pytest.mark.parametrize(
    "url", ["http://0.0.0.0/", "http://224.0.0.1/", "http://2130706433/", "http://u@127.0.0.1/"]
)
def test_leave_to_ask_private_hosts_is_no_leave_for_everything(url: str) -> None:
    with pytest.raises(NotHad) as caught:
        addresses.examined(addresses.target(url), lambda host, port: [], allow_private=True)
    assert caught.value.status == "refused-address"


@settings(deadline=None, max_examples=300)
@given(st.ip_addresses().filter(lambda ip: not ip.is_global or ip.is_multicast))
def test_no_address_that_is_not_global_is_asked(ip: Any) -> None:
    host = f"[{ip}]" if ip.version == 6 else str(ip)
    with pytest.raises(NotHad):
        addresses.examined(addresses.target(f"http://{host}/"), lambda host, port: [], allow_private=False)


def test_the_connection_goes_to_the_address_that_was_examined(raw: Path, site: Site) -> None:
    """A name whose answer changes after it was examined (DNS rebinding): it is asked for once a request."""
    answers = iter(["127.0.0.1", "127.0.0.1", "10.0.0.1", "10.0.0.2"])
    site.pages["/page.html"] = lambda h: h.answer(200, {}, h.connection.getsockname()[0].encode())
    listed(raw, {"page": site.url("/page.html", "www.example.test")})
    (outcome,) = run(raw, site, resolver=lambda host, port: [next(answers)])
    assert (raw / (outcome.file or "")).read_text() == "127.0.0.1"
    assert {a.host for a in site.asked} == {f"www.example.test:{site.port}"}
    assert next(answers) == "10.0.0.1"


def test_another_address_of_the_host_is_tried(raw: Path, site: Site) -> None:
    site.pages["/page.html"] = b"<p>words"
    listed(raw, {"page": site.url("/page.html", "www.example.test")})
    (outcome,) = run(raw, site, resolver=lambda host, port: ["127.0.0.2", "127.0.0.1"])
    assert outcome.status == "fetched"


def test_a_host_that_there_is_not(raw: Path, site: Site) -> None:
    def resolver(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    listed(raw, {"page": "http://no.example/page", "next": "http://no.example/next"})
    outcomes = run(raw, site, resolver=resolver)
    assert [(o.status, o.reason) for o in outcomes] == [("failed", "there is no host no.example")] * 2
    assert site.clock.slept == []


def test_a_port_where_nobody_listens(raw: Path, site: Site) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listed(raw, {"page": f"http://127.0.0.1:{free.getsockname()[1]}/"})
        (outcome,) = run(raw, site)
    assert outcome.status == "failed" and "cannot be reached (Connection refused)" in outcome.reason


# --- TLS -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes the certificate, is not here")
    path = tmp_path_factory.mktemp("tls") / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", path.with_name("key.pem"), "-out", path, "-days", "2", "-subj", "/CN=secure.example",
         "-addext", "subjectAltName=DNS:secure.example"],
        check=True, capture_output=True,
    )  # fmt: skip
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[tuple[Site, list[str]]]:
    """A site with a certificate for secure.example, and the names that were asked for in TLS."""
    names: list[str] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    context.sni_callback = lambda sock, name, context: names.append(name or "")
    server = Server(("127.0.0.1", 0), type("Here", (Handler,), {}))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    made = Site(server.server_address[1], Clock())
    server.RequestHandlerClass.site = made  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield made, names
    server.shutdown()
    server.server_close()


def test_tls_goes_by_the_name_and_the_connection_by_the_address(
    raw: Path, secure: tuple[Site, list[str]], certificate: Path
) -> None:
    site, names = secure
    site.pages["/page.html"] = b"<p>words"
    listed(raw, {"page": f"https://secure.example:{site.port}/page.html"})
    (outcome,) = run(raw, site, tls=lambda: ssl.create_default_context(cafile=str(certificate)))
    assert outcome.status == "fetched", outcome
    assert set(names) == {"secure.example"} and site.asked[-1].host == f"secure.example:{site.port}"


@pytest.mark.parametrize("host, trusted", [("other.example", True), ("secure.example", False)])
def test_a_certificate_that_is_not_the_hosts_is_refused(
    raw: Path, secure: tuple[Site, list[str]], certificate: Path, host: str, trusted: bool
) -> None:
    site, _ = secure
    site.pages["/page.html"] = b"<p>words"
    listed(raw, {"page": f"https://{host}:{site.port}/page.html"})
    own = {"tls": lambda: ssl.create_default_context(cafile=str(certificate))} if trusted else {}
    (outcome,) = run(raw, site, **own)
    assert outcome.status == "failed" and f"no safe connection with {host}" in outcome.reason
    assert site.asked == []


# --- manners -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "robots, status",
    [
        (b"User-agent: *\nDisallow: /", "refused-by-robots"),
        (b"User-agent: *\nDisallow: /page", "refused-by-robots"),
        (b"User-agent: *\nDisallow: /*.html$", "refused-by-robots"),
        (b"\xef\xbb\xbfUser-agent: Loccit\nDisallow: /", "refused-by-robots"),
        (b"User-agent: loccit\nAllow: /\n\nUser-agent: *\nDisallow: /", "fetched"),
        (b"User-agent: other\nDisallow: /", "fetched"),
        (b"", "fetched"),
        (b"<html>not found, politely", "fetched"),
        (b"\xff\xfe\0\0 no rules \0", "fetched"),
        ((404, {}, b""), "fetched"),
        ((401, {}, b""), "fetched"),
        ((500, {}, b""), "failed"),
        ((302, {"Location": "/robots.txt"}, b""), "failed"),
        ((302, {"Location": "/elsewhere.txt"}, b""), "refused-by-robots"),
        (hang_up, "failed"),
    ],
)  # fmt: skip
def test_robots_are_obeyed(raw: Path, site: Site, robots: Page, status: str) -> None:
    site.pages |= {"/robots.txt": robots, "/elsewhere.txt": b"User-agent: *\nDisallow: /"}
    assert one(raw, site, b"<p>words").status == status
    assert ("/page.html" in site.paths()) == (status == "fetched")


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.sampled_from(
            [b"User-agent: ", b"Disallow: ", b"Crawl-delay: ", b"*", b"\n", b"\xff", b"$", b"9e99"]
        )
    )
)
def test_any_robots_can_be_read(pieces: list[bytes]) -> None:
    robots = manners.read_robots(b"".join(pieces))
    assert robots.rules is not None and manners.PAUSE <= robots.pause <= manners.LONGEST_WAIT
    assert robots.rules.can_fetch("http://a.example/*", manners.NAME) in (True, False)


def test_robots_of_the_host_that_a_redirect_leads_to_are_obeyed(raw: Path, site: Site) -> None:
    site.pages["/robots.txt"] = lambda h: h.answer(
        200, {}, b"User-agent: *\nDisallow: /" if h.headers["Host"].startswith("other") else b""
    )
    outcome = one(raw, site, (302, {"Location": site.url("/x", "other.example")}, b""))
    assert outcome.status == "refused-by-robots" and site.paths() == ["/page.html"]


def test_robots_are_asked_for_once_a_host(raw: Path, site: Site) -> None:
    site.pages |= {"/a": b"<p>a", "/b": b"<p>b"}
    listed(raw, {"a": site.url("/a"), "b": site.url("/b")})
    run(raw, site)
    assert [a.path for a in site.asked] == ["/robots.txt", "/a", "/b"]


@pytest.mark.parametrize("robots, pause", [(b"", 1.0), (b"User-agent: *\nCrawl-delay: 7", 7.0)])
def test_a_host_is_asked_once_a_second(raw: Path, site: Site, robots: bytes, pause: float) -> None:
    """In a recorded run with redirects, retries and a robots.txt; another host need not be waited for."""
    site.pages |= {
        "/robots.txt": robots,
        "/a": [(503, {}, b""), b"<p>a"],
        "/b": (302, {"Location": "/a"}, b""),
    }
    hosts = ("one.example", "two.example")
    listed(raw, {f"{n}{host[:3]}": site.url(f"/{n}", host) for n in "abab" for host in hosts})
    run(raw, site)
    for host in hosts:
        times = [a.time for a in site.asked if a.host.startswith(host)]
        gaps = [later - sooner for sooner, later in pairwise(times[1:])]
        assert len(gaps) >= 2 and min(gaps) >= pause and times[1] - times[0] >= 1
    first = [next(a.time for a in site.asked if a.host.startswith(host)) for host in hosts]
    assert len(site.asked) >= 8 and first[1] - first[0] < 3 * pause + 4


# --- refreshing ----------------------------------------------------------------------------------

REFRESH = Selection(refresh=True)


def test_what_has_not_changed_is_asked_for_by_its_headers(raw: Path, site: Site) -> None:
    def page(handler: Handler) -> None:
        if handler.headers["If-None-Match"] == '"1"' and handler.headers["If-Modified-Since"] == formatdate(
            0
        ):
            return handler.answer(304, {"Content-Length": ""}, b"")
        return handler.answer(200, {"ETag": '"1"', "Last-Modified": formatdate(0)}, b"<p>words")

    one(raw, site, page)
    before = {p: p.read_bytes() for p in raw.rglob("*") if p.is_file()}
    assert [(o.status, o.work) for o in run(raw, site, REFRESH)] == [("unchanged", "page")]
    assert {p: p.read_bytes() for p in raw.rglob("*") if p.is_file()} == before


def test_other_headers_with_the_same_bytes_change_nothing(raw: Path, site: Site) -> None:
    one(raw, site, [(200, {"ETag": f'"{n}"'}, b"<p>words") for n in range(3)])
    assert [o.status for o in run(raw, site, REFRESH)] == ["unchanged"]


def test_other_bytes_are_another_edition_and_none_is_lost(raw: Path, site: Site) -> None:
    bodies = [b"<p>first words", b"<p>second words", b"<p>second words", b"<p>first words", b"<p>third words"]
    one(raw, site, [(200, {}, body) for body in bodies])
    statuses, current = [], []
    for _ in bodies[1:]:
        statuses += [o.status for o in run(raw, site, REFRESH)]
        current.append((raw / (catalogue.find(raw, "page").file or "")).read_bytes())
    assert statuses == ["edition", "unchanged", "edition", "edition"]
    assert current == bodies[1:]
    kept = [p.read_bytes() for p in raw.rglob("page*.html")]
    assert sorted(kept) == sorted(set(bodies))
    assert [w.id for c in catalogue.collections(raw) for w in c.works] == ["page"]
    works = [w for c in catalogue.collections(raw) for w in c.works]
    assert catalogue.unlisted(raw, works) == []
    assert all(
        check.ok for check in examine(raw, raw.parent / "index") if check.name in ("raw files", "digests")
    )
    catalogue.remove(raw, "page")
    assert not list((raw / "papers").rglob("*.html")) and len(list((raw / ".removed").rglob("*.html"))) == 3


def test_an_edited_work_follows_its_editions(raw: Path, site: Site) -> None:
    """A chapter without an entry gets one when it is edited; that must not tie it to its first edition."""
    one(raw, site, [b"<p>first words", b"<p>second words", b"<p>third words"])
    (raw / "papers/catalogue.toml").unlink()
    (work,) = [w for c in catalogue.collections(raw) for w in c.works]
    run(raw, site, REFRESH)
    catalogue.edit(raw, work.id, {"title": "A page"})
    run(raw, site, REFRESH)
    edited = catalogue.find(raw, work.id)
    assert (raw / (edited.file or "")).read_bytes() == b"<p>third words" and edited.title == "A page"


def test_what_is_gone_since_is_kept(raw: Path, site: Site) -> None:
    one(raw, site, [b"<p>words", (404, {}, b"")])
    (outcome,) = run(raw, site, REFRESH)
    assert (outcome.status, "what is held is kept" in outcome.reason) == ("gone", True)
    assert (raw / (outcome.file or "")).read_bytes() == b"<p>words"


def test_a_file_that_was_deleted_is_fetched_again(raw: Path, site: Site) -> None:
    """By name and not only if it changed, or the server would say that it has not."""
    site.pages["/page.html"] = lambda h: h.answer(
        304 if "If-None-Match" in h.headers else 200, {"ETag": "1"}, b"w"
    )
    listed(raw, {"page": site.url("/page.html")})
    (outcome,) = run(raw, site)
    (raw / (outcome.file or "")).unlink()
    assert [replace(o, reason="") for o in run(raw, site)] == [outcome]
    assert (raw / (outcome.file or "")).read_bytes() == b"w" and run(raw, site) == []


def test_files_that_were_added_are_not_asked_for(raw: Path, site: Site, tmp_path: Path) -> None:
    (tmp_path / "www.example.org").mkdir()
    (tmp_path / "www.example.org/a.html").write_text("<p>words")
    catalogue.add(raw, [tmp_path / "www.example.org"], "source")
    assert run(raw, site, REFRESH) == [] and site.asked == []


# --- resuming ------------------------------------------------------------------------------------


def test_a_run_that_was_broken_off_goes_on(raw: Path, site: Site) -> None:
    site.pages |= {f"/{n}": f"<p>{n}".encode() for n in range(4)}
    listed(raw, {f"w{n}": site.url(f"/{n}") for n in range(4)})
    begun = fetch(raw, Selection(), site.clock.means(limits=QUICK))
    assert [next(begun).work, next(begun).work] == ["w0", "w1"]
    begun.close()
    assert [o.work for o in run(raw, site)] == ["w2", "w3"]
    assert site.paths() == ["/0", "/1", "/2", "/3"]


def test_a_file_without_its_record_is_recorded(
    raw: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the two writes, the file is there and nobody knows of it."""
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        killed = lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)  # noqa: E731
        patched.setattr("indexer.catalogue.changing.append", killed)
        one(raw, site, b"<p>words")
    file = next(raw.rglob("page.html"))
    assert catalogue.find(raw, "page").file is None
    stamp = file.stat().st_mtime_ns
    (outcome,) = run(raw, site)
    assert outcome.status == "fetched" and file.stat().st_mtime_ns == stamp
    assert catalogue.find(raw, "page").file == outcome.file


def test_a_file_that_somebody_put_there_is_not_written_over(raw: Path, site: Site) -> None:
    path = raw / f"papers/127.0.0.1+{site.port}/page.html"
    path.parent.mkdir(parents=True)
    path.write_text("my own notes")
    outcome = one(raw, site, b"<p>words")
    assert path.read_text() == "my own notes" and (raw / (outcome.file or "")).read_bytes() == b"<p>words"
    assert catalogue.find(raw, "page").file == outcome.file


def test_a_killed_run_leaves_whole_files_only(raw: Path, site: Site) -> None:
    """The real command, killed with SIGKILL while the second page is half there."""
    begun = threading.Event()

    def half(handler: Handler) -> None:
        handler.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n<p>half")
        begun.set()
        handler.site.done.wait(20)

    site.pages |= {"/1": b"<p>one", "/2": [half, b"<p>two"]}
    listed(raw, {"one": site.url("/1"), "two": site.url("/2")})
    command = [
        sys.executable,
        str(ROOT / "loccit.py"),
        "--archive",
        str(raw.parent),
        "fetch",
        "--allow-private",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        assert begun.wait(20)
        os.kill(process.pid, signal.SIGKILL)
    assert catalogue.find(raw, "one").file and not catalogue.find(raw, "two").file
    assert [(o.work, o.status) for o in run(raw, site)] == [("two", "fetched")]
    assert site.paths() == ["/1", "/2", "/2"]


# --- the Wayback Machine, WARC -------------------------------------------------------------------


def machine(site: Site) -> Wayback:
    return Wayback(site.url("/lookup"), site.url("/web"))


def found(**changes: Any) -> bytes:
    closest = {
        "available": True,
        "status": "200",
        "timestamp": "20150102030405",
        "url": "http://evil.example/",
    }
    return json.dumps({"archived_snapshots": {"closest": closest | changes}}).encode()


def test_a_dead_address_is_looked_up_when_that_is_allowed(raw: Path, site: Site) -> None:
    url = site.url("/dead.html")
    lookup = f"/lookup?url=http%3A%2F%2F127.0.0.1%3A{site.port}%2Fdead.html"
    site.pages |= {lookup: found(), f"/web/20150102030405id_/{url}": b"<p>as it was"}
    listed(raw, {"page": url})
    assert [o.status for o in run(raw, site)] == ["gone"]
    assert lookup not in site.paths()
    (outcome,) = run(raw, site, wayback=machine(site))
    assert outcome.status == "fetched" and (outcome.via or "").endswith(f"/web/20150102030405id_/{url}")
    record = catalogue.record(raw, outcome.file or "") or {}
    assert record["url"] == url and record["copy"] == outcome.via and "final" not in record
    assert (raw / (outcome.file or "")).read_bytes() == b"<p>as it was"


@pytest.mark.parametrize(
    "answer",
    [
        b'{"archived_snapshots": {}}', b"no json", b"[]", b'{"archived_snapshots": []}', b"[" * 100_000,
        found(available=False), found(status="404"), found(timestamp="../../x"), found(timestamp=None),
    ],
)  # fmt: skip
def test_an_address_without_a_copy_is_gone(raw: Path, site: Site, answer: bytes) -> None:
    url = site.url("/dead.html")
    site.pages[f"/lookup?url=http%3A%2F%2F127.0.0.1%3A{site.port}%2Fdead.html"] = answer
    listed(raw, {"page": url})
    (outcome,) = run(raw, site, wayback=machine(site))
    assert (outcome.status, "no copy of it" in outcome.reason) == ("gone", True)


def test_a_copy_is_refreshed_from_the_living_address_only(raw: Path, site: Site) -> None:
    url = site.url("/dead.html")
    site.pages |= {
        f"/lookup?url=http%3A%2F%2F127.0.0.1%3A{site.port}%2Fdead.html": found(),
        f"/web/20150102030405id_/{url}": (200, {"ETag": '"copy"'}, b"<p>as it was"),
    }
    listed(raw, {"page": url})
    run(raw, site, wayback=machine(site))
    (dead,) = run(raw, site, REFRESH, wayback=machine(site))
    assert (dead.status, dead.reason) == (
        "unchanged",
        "the server says 404 Not Found, as before; its copy is held",
    )
    site.pages["/dead.html"] = b"<p>alive again"
    assert [o.status for o in run(raw, site, REFRESH)] == ["edition"]
    assert "If-None-Match" not in site.asked[-1].headers
    assert [o.status for o in run(raw, site, REFRESH)] == ["unchanged"]


def test_a_living_address_is_not_looked_up(raw: Path, site: Site) -> None:
    for page in ((403, {}, b""), (200, {"Content-Type": "image/png"}, b"x"), b"<p>words"):
        one(raw, site, page, wayback=machine(site))
    assert {path for path in site.paths() if "lookup" in path} == set()


@pytest.mark.parametrize("name", ["answers.warc", "answers.warc.gz"])
def test_answers_are_recorded_in_a_warc(raw: Path, site: Site, tmp_path: Path, name: str) -> None:
    site.pages |= {"/a": packed(gzip.compress(TEXT)), "/b": (200, {"X": "y"}, b"<p>b"), "/c": (404, {}, b"")}
    listed(raw, {n: site.url(f"/{n}") for n in "abc"})
    run(raw, site, warc=tmp_path / name)
    site.pages["/c"] = b"<p>c"
    run(raw, site, warc=tmp_path / name)
    with (tmp_path / name).open("rb") as stream:
        seen = [
            (r.rec_type, r.rec_headers["WARC-Target-URI"], r.content_stream().read())
            for r in ArchiveIterator(stream)
        ]
    responses = {url: body for kind, url, body in seen if kind == "response"}
    assert responses == {site.url("/a"): TEXT, site.url("/b"): b"<p>b", site.url("/c"): b"<p>c"}
    assert [kind for kind, *_ in seen].count("request") == 3 and seen[0][0] == "warcinfo"


def test_a_warc_that_cannot_be_written_is_wrong_use(raw: Path, site: Site, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        one(raw, site, b"<p>words", warc=tmp_path / "no" / "such.warc")


# --- chapters ------------------------------------------------------------------------------------


def contents_page(*links: str) -> bytes:
    items = "".join(f'<li><a href="{link}">Chapter: {link}</a></li>' for link in links)
    return (
        f"<html><head><title>The Book of the Quay</title></head><body><ul>{items}</ul></body></html>".encode()
    )


def test_a_table_of_contents_brings_its_chapters(raw: Path, site: Site) -> None:
    links = [
        "ch01.html",
        "ch02.html#top",
        "ch03.html",
        "../other/ch04.html",
        "http://elsewhere.example/ch05.html",
    ]
    site.pages |= {f"/book/ch0{n}.html": f"<p>Words of chapter {n}.".encode() for n in (1, 2, 3)}
    outcome = one(raw, site, contents_page(*links), "/book/index.html")
    assert outcome.status == "fetched" and site.paths() == ["/book/index.html"]
    recursive = Selection(works=("page",), recursive=True)
    chapters = [(o.url, o.status) for o in run(raw, site, recursive) if o.work is None]
    assert chapters == [(site.url(f"/book/ch0{n}.html"), "fetched") for n in (1, 2, 3)]
    assert [o.work for o in run(raw, site, recursive)] == ["page"]
    build(raw, raw.parent / "index", jobs=1)
    records = store.Store(store.current(raw.parent / "index"))
    assert {w.url for w in records.children("page")} == {url for url, _ in chapters}


def test_chapters_begin_where_a_redirect_led(raw: Path, site: Site) -> None:
    site.pages |= {
        "/book/": contents_page("ch01.html", "ch02.html"),
        "/book/ch01.html": b"<p>1",
        "/book/ch02.html": b"<p>2",
    }
    site.pages["/book"] = (301, {"Location": "/book/"}, b"")
    listed(raw, {"page": site.url("/book")})
    outcomes = run(raw, site, Selection(recursive=True))
    assert [o.url for o in outcomes[1:]] == [site.url("/book/ch01.html"), site.url("/book/ch02.html")]


@pytest.mark.parametrize(
    "url, within",
    [
        ("http://a.example/book/ch1.html", True),
        ("http://a.example/book/part/ch1.html", True),
        ("http://a.example/book/index.html", False),
        ("http://a.example/books/ch1.html", False),
        ("http://b.example/book/ch1.html", False),
        ("http://a.example:81/book/ch1.html", False),
    ],
)
def test_only_the_folder_of_the_table_of_contents(url: str, within: bool) -> None:
    assert choosing._within("http://a.example/book/index.html", url) == within


def test_chapters_have_a_bound(raw: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "MOST_CHAPTERS", 3)
    one(raw, site, contents_page(*(f"ch{n:02}.html" for n in range(5))), "/book/index.html")
    outcomes = run(raw, site, Selection(recursive=True))
    assert len([p for p in site.paths() if "/ch" in p]) == 3
    assert "names 5 chapters; only 3" in outcomes[-1].reason and outcomes[-1].status == "failed"


# --- the command ---------------------------------------------------------------------------------


def command(raw: Path, *words: str) -> Any:
    return CliRunner().invoke(main, ["--archive", str(raw.parent), "fetch", *words])


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manners, "PAUSE", 0.0)
    monkeypatch.setattr(manners, "FIRST_WAIT", 0.0)


def test_the_command_reports_every_address(raw: Path, site: Site, hasty: None) -> None:
    site.pages |= {"/a": b"<p>a", "/b": (200, {"Content-Type": "image/gif"}, b"GIF")}
    listed(raw, {"a": site.url("/a"), "b": site.url("/b"), "c": site.url("/c")})
    result = command(raw, "--allow-private")
    assert result.exit_code == 1
    assert re.findall(r"^(\S+) +http\S+/(\w)", result.output, re.M) == [
        ("fetched", "a"), ("not-a-text", "b"), ("gone", "c"),
    ]  # fmt: skip
    assert "1 fetched, 1 gone, 1 not-a-text. Next: loccit index" in result.output
    again = command(raw, "--json", "--allow-private", "a")
    assert again.exit_code == 0
    assert json.loads(again.stdout)["status"] == "unchanged"
    assert set(json.loads(again.stdout)) == set(Outcome.__dataclass_fields__) | {"lost"}


def test_what_a_server_says_does_not_reach_the_terminal_as_it_is(raw: Path, site: Site, hasty: None) -> None:
    site.pages["/a"] = lambda h: h.raw(b"HTTP/1.1 418 \x1b[2J" + b"x" * 5000 + b"\r\n\r\n")
    listed(raw, {"a": site.url("/a")})
    result = command(raw, "--allow-private")
    assert "418 �[2Jx" in result.output and "\x1b" not in result.output and len(result.output) < 300


def test_a_new_edition_names_the_quotations_whose_words_it_lost(raw: Path, site: Site, hasty: None) -> None:
    words = ["the lamps along the east quay were out", "nobody had rung the bell before the tide"]
    site.pages["/a"] = [f"<p>He said {words[0]}. Then {words[1]}.".encode(), f"<p>Then, {words[1]}.".encode()]
    listed(raw, {"a": site.url("/a")})
    (raw.parent / "essay.txt").write_text(
        f"An essay\n\nHe wrote: “{words[0]}” and “{words[1]}” in one letter.\n"
    )
    catalogue.add(raw, [raw.parent / "essay.txt"], "essay")
    command(raw, "--allow-private")
    build(raw, raw.parent / "index", jobs=1)
    result = command(raw, "--allow-private", "--refresh", "--json")
    assert (json.loads(result.stdout)["status"], json.loads(result.stdout)["lost"]) == (
        "edition",
        ["essay-001"],
    )


def test_the_command_refuses_this_machine(raw: Path, site: Site) -> None:
    listed(raw, {"a": site.url("/a")})
    result = command(raw)
    assert result.exit_code == 1 and "refused-address" in result.output and site.asked == []


@pytest.mark.parametrize(
    "words, code, said",
    [
        (("--no-such",), 2, "No such option"),
        (("nobody",), 1, "no work “nobody”"),
        (("--essay", "nobody"), 1, "no work “nobody”"),
        (("--max-size", "0"), 2, "--max-size"),
        ((), 0, "There is nothing to fetch."),
    ],
)
def test_exit_codes(raw: Path, words: tuple[str, ...], code: int, said: str) -> None:
    listed(raw, {})
    result = command(raw, *words)
    assert (result.exit_code, said in result.output) == (code, True), result.output


def test_the_page_on_fetching_names_every_outcome_and_option() -> None:
    text = (ROOT / "docs/fetch.md").read_text(encoding="utf8")
    for name in ("lost", *Outcome.__dataclass_fields__):
        assert f"`{name}`" in text, name
    for status in transport.NotHad.__init__.__globals__["Status"].__args__:
        assert f"`{status}`" in text, status
    for option in main.commands["fetch"].params:
        assert all(name in text for name in option.opts if name.startswith("--")), option.opts
    for number in (manners.TRIES, REDIRECTS, choosing.MOST_CHAPTERS, f"{manners.LONGEST_WAIT:g}"):
        assert re.search(rf"\b{number}\b", text), number


# --- from end to end -----------------------------------------------------------------------------

ESSAY = """Who moored the ferry?

By I. N. Quirer

The keeper told the inquiry: “I moored her at the north stair before the bell had rung, and nobody called me back” (Ferry Inquiry, Second session).

The rule was old. “A ferry shall be moored by two hands, and by daylight if there be any” (The Book of the Stair, chapter 2).

A later writer thought that “the lamps were out along the whole of the east quay” (The Lamps of the East Quay).

The pilot’s memoirs say: “We came in by the sound of the bell, and found no lamp to steer by” (Pilot’s Memoirs).

SOURCES

Ferry Inquiry, Second session, {0}/inquiry/session2.html
The Book of the Stair, {0}/stair/index.html
The Lamps of the East Quay, {0}/2011/05/lamps
Pilot’s Memoirs, {0}/scans/memoirs_djvu.txt
"""  # noqa: E501

SESSION = """<html><head><title>Ferry Inquiry: Second session</title></head><body><h1>Second session</h1>
<p>COUNSEL: Where was she moored?</p>
<p>KEEPER: I moored her at the north stair before the bell had rung, and nobody called me back. I would have
come.</p>
<p>COUNSEL: That is all for today.</p></body></html>"""

POST = """<html><head><title>The Lamps of the East Quay</title></head><body><article>
<h1>The Lamps of the East Quay</h1><p>It is said that the lamps were lit. But the lamps were out
along the length of the east quay, as the keeper's own log has it.</p></article></body></html>"""

SCAN = """PILOT'S MEMOIRS

The night was thick. We came in by the
sound of the bell, and found no lamp
to steer by. I said so at the time.
"""

CHAPTERS = {
    "ch01": "A stair shall have a rail on the side of the water.",
    "ch02": "A ferry shall be moored by two hands, and by daylight if there be any. No bell is waited for.",
    "ch03": "The bell shall be rung by the keeper and by nobody else.",
}


def test_from_a_catalogue_to_verdicts(raw: Path, site: Site, tmp_path: Path) -> None:
    """A site of invented texts is fetched with a book's chapters; indexed, an essay has its verdicts."""
    site.pages |= {"/inquiry/session2.html": SESSION.encode(), "/2011/05/lamps": POST.encode()}
    site.pages |= {
        f"/stair/{name}.html": f"<h1>{name}</h1><p>{text}".encode() for name, text in CHAPTERS.items()
    }
    site.pages["/scans/memoirs_djvu.txt"] = (200, {"Content-Type": "text/plain"}, SCAN.encode())
    site.pages["/stair/index.html"] = contents_page("ch01.html", "ch02.html", "ch03.html")
    (tmp_path / "ferry.txt").write_text(ESSAY.format(site.url("")), encoding="utf8")
    catalogue.add(raw, [tmp_path / "ferry.txt"], "essay", "ferry")
    sources = {
        "inquiry": ("Ferry Inquiry: Second session", "/inquiry/session2.html"),
        "stair": ("The Book of the Stair", "/stair/index.html"),
        "lamps": ("The Lamps of the East Quay", "/2011/05/lamps"),
        "memoirs": ("Pilot’s Memoirs", "/scans/memoirs_djvu.txt"),
    }
    tables = [
        f'[[work]]\nid = "{i}"\nkind = "source"\ntitle = "{title}"\nurl = "{site.url(path)}"\n'
        'cited_by = ["ferry"]\n'
        for i, (title, path) in sources.items()
    ]
    (raw / "ferry/catalogue.toml").write_text("\n".join(tables), encoding="utf8")
    outcomes = run(raw, site, Selection(essay="ferry", recursive=True))
    assert [o.status for o in outcomes] == ["fetched"] * 7
    built = build(raw, tmp_path / "index", jobs=1)
    assert {r.status for r in built.reports} == {"indexed"}, built.reports
    found = store.Store(built.folder).findings("ferry")
    assert [verdict_of(f) for f in found] == [
        ("verbatim", "inquiry"), ("verbatim", "ferry-stair-ch02"), ("altered", "lamps"),
        ("verbatim", "memoirs"),
    ]  # fmt: skip


def verdict_of(finding: Finding) -> tuple[str, str | None]:
    """The verdict and the work where the words stand, a port in the work's id left out."""
    place = finding.alignment.place.work_id if finding.alignment else None
    return finding.verdict.name, re.sub(r"^127-0-0-1-\d+", "ferry", place or "") or None

"""A server that is slow, endless, cut off, packed, or says something else than it does."""

import gzip
import ssl
import zlib
from email.utils import formatdate
from pathlib import Path

import pytest
from loopback import (
    TEXT,
    Handler,
    Page,
    Play,
    Site,
    hang_up,
    listed,
    one,
    packed,
    run,
)

from indexer.fetch import (
    Limits,
    addresses,
    manners,
    transport,
)
from indexer.fetch.outcome import NotHad


def drip(handler: Handler) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>")
    while not handler.site.done.wait(0.05):
        handler.raw(b".")


def drip_headers(handler: Handler) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not handler.site.done.wait(0.05):
        handler.raw(b".")


def never_now(handler: Handler) -> None:
    while not handler.site.done.wait(0.001):
        handler.raw(b"HTTP/1.1 100 Continue\r\n\r\n")


def told(headers: bytes, body: bytes = b"words") -> Play:
    """An answer with these headers, as they are."""
    return lambda handler: handler.raw(b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n\r\n" + body)


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


def cut_in_chunk(handler: Handler) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nwords")


BOMB = gzip.compress(b"\0" * 30_000_000)


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
        (told(b"Content-Length: " + b"9" * 400), "too-large", "999,999,999,999,999 bytes"),
        (told(b"Content-Length: 5\r\nContent-Length: 9"), "failed", "broke off ("),
        (told(b"Transfer-Encoding: chunked", b"FFFFFFFFFFFFFFFFFFFF\r\nwords"), "failed", "broke off ("),
        (told(b"Transfer-Encoding: chunked", b"-5\r\nwords\r\n0\r\n\r\n"), "failed", "broke off ("),
        (told(b"Transfer-Encoding: chunked", b"5;" + b"x" * 100_000), "failed", "broke off ("),
        (told(b"X: " + b"x" * 100_000), "failed", "is not HTTP"),
        (lambda h: h.raw(b"HTTP/1.1 -200 OK\r\n\r\nwords"), "failed", "is not HTTP"),
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
        (never_now, Limits(seconds=0.4, silence=20), "longer than 0.4 seconds"),
        (silent, Limits(seconds=20, silence=0.2), "silent for 0.2 seconds"),
    ],
)
def test_a_slow_answer_is_not_waited_for(site: Site, play: Play, limits: Limits, reason: str) -> None:
    site.pages["/slow"] = play
    request = transport.Request(addresses.target(site.url("/slow")), "127.0.0.1", {"Host": "a"})
    with pytest.raises(NotHad, match=reason):
        transport.ask(request, limits, ssl.create_default_context)


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
        (lambda h: h.raw(b"HTTP/1.1 200 OK\nContent-Type: text/html\n\nwords"), b"words"),
        (told(b"Content-Length: -5"), b"words"),
        (told(b"Content-Length: five"), b"words"),
        (told(b"X\0: y\0\r\nContent-Type: text/html\0; charset=\0"), b"words"),
        (told(b"Nothing here\r\nETag: \x01\xff\r\nLast-Modified: never"), b"words"),
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
    assert "asks to be left alone for 86,400 seconds: run this later" in outcome.reason
    assert len(site.paths()) == 1


def test_a_host_that_asks_to_wait_is_left_alone_for_all_its_addresses(raw: Path, site: Site) -> None:
    site.pages |= {"/a": (429, {"Retry-After": "3600"}, b""), "/b": b"<p>b"}
    listed(raw, {"a": site.url("/a"), "b": site.url("/b"), "c": site.url("/b?c", "other.example")})
    site.pages["/b?c"] = b"<p>c"
    outcomes = run(raw, site)
    assert [(o.work, o.status) for o in outcomes] == [("a", "failed"), ("b", "failed"), ("c", "fetched")]
    assert "run this later" in outcomes[1].reason and site.paths() == ["/a", "/b?c"]


@pytest.mark.parametrize(
    "body", [b"<p>words" + b"\n" * 50_000, "<p>Приём".encode("koi8-r"), b"\xff\xfe<\0p\0>\0w\0"]
)
def test_odd_charsets_are_kept_as_they_came(raw: Path, site: Site, body: bytes) -> None:
    outcome = one(raw, site, (200, {"Content-Type": "text/html; charset=x-none"}, body))
    assert (raw / (outcome.file or "")).read_bytes() == body

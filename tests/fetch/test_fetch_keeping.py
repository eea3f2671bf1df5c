"""What comes is kept as it came, under its host and path, and only what is wanted is asked for."""

import hashlib
import re
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loopback import Site, contents_page, listed, one, run

from indexer import catalogue, store, workers
from indexer.build import build
from indexer.errors import NotThere
from indexer.fetch import (
    Outcome,
    Selection,
    addresses,
    choosing,
    keeping,
)
from indexer.fetch.outcome import NotHad


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


BOOK = b"THE QUAY\n\nThe quay was built of oak and the pier of stone.\n"


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("/details/quay-1911", "/download/quay-1911/quay-1911_djvu.txt"),
        ("/details/quay-1911/page/n5/mode/2up?view=theater", "/download/quay-1911/quay-1911_djvu.txt"),
        ("/stream/quay-1911/The%20Quay_djvu.txt", "/download/quay-1911/The%20Quay_djvu.txt"),
        ("/details/quay-1911/other.html", None),
        ("/download/quay-1911/quay.pdf", None),
    ],
)
def test_of_a_scanned_book_the_text_is_asked_for_first(
    raw: Path, site: Site, address: str, text: str | None
) -> None:
    """Under the address that is cited; where there is no text, the page about it is what there is."""
    site.pages |= {address: b"<p>About the book.", text or "/": (200, {"Content-Type": "text/plain"}, BOOK)}
    cited = site.url(address, "archive.org")
    listed(raw, {"quay": cited})
    (outcome,) = run(raw, site)
    assert site.paths() == [text or address] and outcome.status == "fetched"
    assert outcome.via == (site.url(text, "archive.org") if text else None)
    work = catalogue.find(raw, "quay")
    assert work.url == cited and work.file == outcome.file
    if text:
        assert (raw / (outcome.file or "")).read_bytes() == BOOK
        index = build(raw, raw.with_name("index"), jobs=1).folder
        assert "built of oak" in store.Store(index).document("quay").text
        del site.pages[text]
        listed(raw, {"other": cited.replace("quay-1911", "quay-1912")})
        (gone,) = run(raw, site, Selection(works=("other",)))
        assert gone.status == "gone" and gone.url == cited.replace("quay-1911", "quay-1912")
        assert "_djvu.txt: the server says 404" in gone.reason


def test_the_page_about_a_scanned_book_is_taken_where_it_has_no_text(raw: Path, site: Site) -> None:
    site.pages["/details/quay-1911"] = b"<p>About the book."
    listed(raw, {"quay": site.url("/details/quay-1911", "archive.org")})
    (outcome,) = run(raw, site)
    assert (outcome.status, outcome.media_type) == ("fetched", "text/html")
    assert site.paths() == ["/download/quay-1911/quay-1911_djvu.txt", "/details/quay-1911"]


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


@settings(max_examples=200)
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


def test_a_page_where_a_book_was_promised_is_named(raw: Path, site: Site) -> None:
    outcome = one(raw, site, b"<p>Please log in", "/a/book.pdf?x=1")
    assert outcome.status == "fetched" and "promises application/pdf" in outcome.reason


# --- chapters ------------------------------------------------------------------------------------


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


def test_one_process_looks_for_chapters_in_all_pages(
    raw: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page once had a process of its own."""
    begun: list[None] = []
    begin = workers._Worker._begin

    def counted(worker: workers._Worker[Any, Any]) -> None:
        begun.append(None)
        begin(worker)

    site.pages |= {f"/{n}/index.html": contents_page("ch1.html", "ch2.html") for n in range(4)}
    site.pages |= {f"/{n}/ch{m}.html": b"<p>Words." for n in range(4) for m in (1, 2)}
    listed(raw, {f"w{n}": site.url(f"/{n}/index.html") for n in range(4)})
    monkeypatch.setattr(workers._Worker, "_begin", counted)
    outcomes = run(raw, site, Selection(recursive=True))
    assert [o.status for o in outcomes] == ["fetched"] * 12 and len(begun) == 1


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

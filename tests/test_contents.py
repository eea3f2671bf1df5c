"""Which work is a chapter of which, by the links of tables of contents."""

from pathlib import Path

import pytest

from indexer.contents import chapters, key, lacking, parents
from indexer.extract import extract
from indexer.models import Block, Document, Link, Span, Work

SITE = "https://www.harbour.example/archive/harrow/"
SHARED = Path(__file__).resolve().parents[2] / "shared"

KEYS = [
    ("https://www.Example.org/a/b.htm#n1", "example.org/a/b.htm"),
    ("http://example.org/a/index.htm", "example.org/a"),
    ("http://example.org:80/a/index.html", "example.org/a"),
    ("https://example.org/a/", "example.org/a"),
    ("https://example.org/a", "example.org/a"),
    ("https://example.org/a/my-index.htm", "example.org/a/my-index.htm"),
    ("https://example.org/?p=12", "example.org?p=12"),
    ("https://example.org/A%20b.htm", "example.org/A b.htm"),
    ("http://www.marxistsfr.org/archive/x/ch04.htm", "marxists.org/archive/x/ch04.htm"),
    ("https://web.archive.org/web/20120101000000/http://www.example.org/x.htm", "example.org/x.htm"),
    ("http://[broken", ""),
    ("", ""),
]


@pytest.mark.parametrize(("url", "expected"), KEYS)
def test_keys(url: str, expected: str) -> None:
    assert key(url) == expected


def test_keys_of_paths_keep_their_case() -> None:
    assert key("http://example.org/A.htm") != key("http://example.org/a.htm")


def linking(path: str, *links: str, words: int = 0, notes: str = "") -> Document:
    """A page of the site with these links ("address" or "address=words"), and a note with one more."""
    text, found = "word " * words, []
    for link in links:
        address, _, said = link.partition("=")
        start = len(text)
        text += said or "link"
        found.append(Link(Span(start, len(text)), address))
        text += " "
    body = len(text)
    if notes:
        text += notes
        found.append(Link(Span(body, len(text)), notes))
    blocks = [Block("para", Span(0, body))] if body else []
    blocks += [Block("note", Span(body, len(text)))] if notes else []
    return Document(Work(path, "c", "source", path, url=SITE + path), text, tuple(blocks), (), tuple(found))


def pages(*documents: Document) -> list[tuple[Work, tuple[str, ...]]]:
    """Documents as works with the chapters that they name."""
    return [(d.work, chapters(d)) for d in documents]


CONTENTS = [
    # A work's folder below a year, its chapters named anyhow.
    linking("1921/ferries/index.htm", "ch01.htm", "ch02.htm", "ch02.htm#s2", words=200),
    linking("1921/ferries/index.htm", "quays.htm", "tides.htm"),
    linking("1921/ferries/index.htm", "part1/ch01.htm", "part1/ch02.htm"),
    # Volunteers and sources in the notes do not count.
    linking("1921/ferries/index.htm", "a.htm", "b.htm", "../../x.htm", notes="../../../volunteer.htm"),
    # No year, but names of chapters.
    linking("ferries/index.htm", "intro.htm", "ch01.htm", "ch02.htm"),
    linking("ferries/index.htm", "fer01.htm", "fer02.htm", "fer03.htm"),
    # A month's folder, but links that say what they are.
    linking("1921/05/index.htm", "01.htm=Foreword", "02.htm=Part 1", "03.htm=Part 2"),
    # Not an index by its name: nothing but links.
    linking("1921/ferries/book.htm", "a.htm=A chapter", "b.htm=Another chapter"),
]
NO_CONTENTS = [
    # The author's index: years below it.
    linking("index.htm", "1921/ferries/index.htm", "1922/05/tide.htm", "biog.htm"),
    linking("index.htm", "tide.htm", "quay.htm", "ferry.htm"),
    # A year's, a month's, a folder of an unknown month: works of a time.
    linking("1921/index.htm", "tide.htm", "quay.htm"),
    linking("1921/05/index.htm", "01.htm=The Tide", "14.htm=The Quay"),
    linking("1921/dec/index.htm", "14b.htm=The Tide", "28.htm=The Quay"),
    linking("1921/xx/index.htm", "tide.htm", "quay.htm"),
    linking("date/index.htm", "1921.htm", "1922.htm", "1923.htm"),
    # One chapter; most links lead away; an article that links to its neighbours.
    linking("1921/ferries/index.htm", "ch01.htm", "ch01.htm#two"),
    linking("1921/ferries/index.htm", "ch01.htm", "ch02.htm", *(f"../../x{n}.htm" for n in range(5))),
    linking("1921/ferries/tide.htm", "quay.htm", "ferry.htm", words=300),
    # Itself and pictures.
    linking("1921/ferries/index.htm", "index.htm#a", "map.jpg", "tide.png"),
    linking("1921/ferries/index.htm"),
]


@pytest.mark.parametrize("document", CONTENTS)
def test_tables_of_contents(document: Document) -> None:
    assert len(chapters(document)) >= 2


@pytest.mark.parametrize("document", NO_CONTENTS)
def test_other_pages(document: Document) -> None:
    assert chapters(document) == ()


def test_a_page_without_address_names_no_chapters() -> None:
    links = (Link(Span(0, 1), "ch01.htm"), Link(Span(2, 3), "ch02.htm"))
    assert chapters(Document(Work("w", "c", "source", "t"), "a b", (), (), links)) == ()


def missing(toc: Document, held: list[str]) -> tuple[str, ...]:
    return lacking(chapters(toc), {key(url) for url in held})


def test_parents_and_missing() -> None:
    toc = linking("1921/ferries/index.htm", "ch01.htm", "ch02.htm#s1", "ch03.htm")
    held = [linking("1921/ferries/ch01.htm"), linking("1921/ferries/ch02.htm"), linking("1922/05/tide.htm")]
    author = linking("index.htm", "1921/ferries/index.htm", "1922/05/tide.htm")
    assert parents(pages(author, *held, toc)) == {
        "1921/ferries/ch01.htm": "1921/ferries/index.htm",
        "1921/ferries/ch02.htm": "1921/ferries/index.htm",
    }
    urls = [document.work.url or "" for document in held]
    assert missing(toc, urls) == (f"{SITE}1921/ferries/ch03.htm",)
    assert missing(toc, [url.replace("https://www.", "http://") for url in urls]) == missing(toc, urls)
    assert missing(author, urls) == ()


def test_the_deepest_contents_are_the_parent() -> None:
    book = linking("1921/ferries/index.htm", "a/ch01.htm", "a/ch02.htm", "a/index.htm")
    part = linking("1921/ferries/a/index.htm", "ch01.htm", "ch02.htm")
    chapter = linking("1921/ferries/a/ch01.htm")
    for order in ([book, part, chapter], [chapter, part, book]):
        assert parents(pages(*order)) == {
            "1921/ferries/a/ch01.htm": "1921/ferries/a/index.htm",
            "1921/ferries/a/index.htm": "1921/ferries/index.htm",
        }


def test_pages_that_list_each_other_are_no_chapters_of_each_other() -> None:
    one = linking("1921/ferries/a.htm", "b.htm=Another", "c.htm=A third")
    two = linking("1921/ferries/b.htm", "a.htm=The first", "c.htm=A third")
    found = parents(pages(one, two))
    assert not (found.get(one.work.id) == two.work.id and found.get(two.work.id) == one.work.id)


@pytest.mark.shared
def test_a_congress_report_names_the_chapters_that_are_not_held() -> None:
    root = SHARED / "archive" / "sources"
    name = "www.marxists.org/archive/lenin/works/1921/10thcong/index.htm"
    if not (root / name).exists():
        pytest.skip("the archive is not beside the checkout")
    toc = extract(Work("w", "c", "source", "", url=f"https://{name}", file=name), (root / name).read_bytes())
    held = [f"https://{path.relative_to(root).as_posix()}" for path in (root / name).parent.glob("*.htm")]
    assert [url.rsplit("/", 1)[-1] for url in missing(toc, held)] == ["ch03.htm", "ch04.htm"]

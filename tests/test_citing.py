"""Works as citation managers read them."""

import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import made
import pytest

from indexer.models import Work
from web import create_app
from web.citing import cited, coins, head_tags, names, one_line, quotation_data, year_behind

BOOK = Work("b", "c", "source", "The Book of the Quay", "Ada Pell", 1911)


@pytest.mark.parametrize(
    ("author", "persons"),
    [
        ("Ada Pell", ["Ada Pell"]),
        ("Pell", ["Pell"]),
        ("Pell, Ada", ["Pell, Ada"]),
        ("Ada Pell, Max Lorne & Jo Fenn", ["Ada Pell", "Max Lorne", "Jo Fenn"]),
        ("Ada Pell and Max Lorne", ["Ada Pell", "Max Lorne"]),
        ("Pell, Ada; Lorne, Max", ["Pell, Ada", "Lorne, Max"]),
        ("Harbour Board and Trinity", ["Harbour Board and Trinity"]),
        ("The Board, London", ["The Board, London"]),
        ("Anders Holland", ["Anders Holland"]),
    ],
)
def test_names_of_an_authors_line(author: str, persons: list[str]) -> None:
    assert list(names(author)) == persons


def test_a_chapter_has_from_its_book_what_it_does_not_say() -> None:
    chapter = Work("b1", "c", "source", "The first pier", parent="b", language="en")
    tags = head_tags(cited(chapter, BOOK))
    assert ("z:itemType", "bookSection") in tags and ("citation_book_title", BOOK.title) in tags
    assert ("citation_author", "Ada Pell") in tags and ("citation_publication_date", "1911") in tags
    own = Work("b2", "c", "source", "The second pier", "Max Lorne", date="1912-03", parent="b")
    tags = head_tags(cited(own, BOOK))
    assert [c for n, c in tags if n == "citation_author"] == ["Max Lorne"]
    assert ("citation_publication_date", "1912/03") in tags and ("DC.date", "1912-03") in tags


@pytest.mark.parametrize(
    ("aliases", "date", "form"),
    [
        (("The Mercury, 3 May 1911",), "1911-05-03", "newspaperArticle"),
        (("The Mercury, 3 May 1911",), "1911-05", "document"),
        (("The Mercury, 4 May 1911",), "1911-05-03", "document"),
        (("The Mercury",), "1911-05-03", "document"),
        ((), None, "document"),
        ((), "yesterday", "document"),
    ],
)
def test_a_newspaper_is_one_that_is_known_by_its_day(
    aliases: tuple[str, ...], date: str | None, form: str
) -> None:
    page = Work("m", "c", "source", "Loss of a barque", "The Mercury", date=date, aliases=aliases)
    tags = dict(head_tags(cited(page)))
    assert tags["z:itemType"] == form
    assert (tags.get("citation_journal_title"), tags.get("citation_author")) == (
        ("The Mercury", None) if form == "newspaperArticle" else (None, "The Mercury")
    )


def test_nothing_is_said_that_is_not_known() -> None:
    bare = Work("x", "c", "essay", "T", url="javascript:alert(1)")
    assert head_tags(cited(bare)) == [
        ("z:itemType", "webpage"), ("citation_title", "T"), ("DC.title", "T"), ("DC.type", "Text"),
    ]  # fmt: skip


def test_the_openurl_says_the_same() -> None:
    chapter = Work("b1", "c", "source", "The first & last pier", parent="b")
    assert dict(parse_qsl(coins(cited(chapter, BOOK)))) == {
        "ctx_ver": "Z39.88-2004", "rft_val_fmt": "info:ofi/fmt:kev:mtx:book", "rft.genre": "bookitem",
        "rft.atitle": "The first & last pier", "rft.btitle": BOOK.title, "rft.au": "Ada Pell",
        "rft.date": "1911",
    }  # fmt: skip


def test_a_quotation_as_linked_data() -> None:
    essay = Work("e", "c", "essay", "Who sank it?", "A. Marlow")
    data = quotation_data("the pilots", essay, [BOOK], "http://localhost/quotation/e-1")
    assert data["@type"] == "Quotation" and data["text"] == "the pilots"
    assert data["isPartOf"]["name"] == "Who sank it?" and data["isBasedOn"][0]["datePublished"] == "1911"
    assert "isBasedOn" not in quotation_data("the pilots", essay, [], "")


def test_words_of_a_quotation_never_end_its_data(tmp_path: Path) -> None:
    """The essay quotes "<script>alert(1)</script>": in the block of data it is letters."""
    page = create_app(made.write(tmp_path)).test_client().get("/quotation/essay-005").text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert "<script>alert(1)</script> was cried" in json.loads(block)["text"]


@pytest.mark.parametrize(
    ("work_id", "tag"),
    [
        ("inquiry-session-1", '<meta name="z:itemType" content="bookSection">'),
        ("ansel-mercury-1897-03-31", '<meta name="citation_journal_title" content="Ansel Mercury">'),
        ("behrendt-die-falsche-minute", '<meta name="citation_language" content="de">'),
    ],
)
def test_pages_of_the_sample_carry_their_tags(sample: Path, work_id: str, tag: str) -> None:
    client = create_app(sample).test_client()
    for address in (f"/work/{work_id}", f"/read/{work_id}"):
        page = client.get(address).get_data(as_text=True)
        assert tag in page.partition("</head>")[0], address
        assert 'class="Z3988"' in page


def test_a_book_is_one_on_its_pages_as_in_an_export_of_bookmarks(sample: Path) -> None:
    """What has chapters is a book: Zotero is to make the same record of the page and of the file."""
    client = create_app(sample).test_client()
    page = client.get("/work/inquiry").get_data(as_text=True)
    assert '<meta name="z:itemType" content="book">' in page and "rft.genre=book" in page


@pytest.mark.parametrize(
    ("title", "year", "expected"),
    [
        ("The Rising of the Quay, 1921", 1921, None),
        ("The Rising of the Quay (1921)", 1921, None),
        ("The Rising of the Quay, May 1921", "1921-05-03", None),
        ("The Rising of the Quay, 1921", 1931, 1931),
        ("1921 on the Quay", 1921, 1921),
        ("The Rising of the Quay", 1921, 1921),
        ("The Rising of the Quay, 1921", None, None),
        ("Letter 11921", 1921, 1921),
    ],
)
def test_a_year_with_which_a_title_ends_is_not_said_again(
    title: str, year: int | str | None, expected: int | str | None
) -> None:
    assert year_behind(title, year) == expected


def test_a_work_in_one_line() -> None:
    work = Work("q", "c", "source", "The Rising of the Quay, 1921", "Ada Pell", 1921, "1921-05-03")
    assert one_line(work, "p. 3") == "Ada Pell, The Rising of the Quay, 1921, p. 3"
    assert one_line(BOOK, None) == "Ada Pell, The Book of the Quay, 1911"
    assert one_line(replace(work, title="Tides"), to_the_day=True) == "Ada Pell, Tides, 1921-05-03"

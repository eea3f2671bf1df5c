"""What bibliographies say of a work, read back by parsers that are not ours."""

from typing import Any

import bibtexparser
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from indexer.models import Work
from web.bookmarks.bibliography import Source, bibtex, csl, family_first, ris, sentence
from web.citing import Cited, Form, cited

BOOK = Work("plans", "c", "source", "Plans & {Piers}", "The Harbour Board", 1912, "1912")
CHAPTER = Work(
    "plans-1", "c", "source", "The first pier", "Ada Hale, Bruno Marsh", 1911, "1911-03", "https://example.org/a_b%20c#p3",
    parent="plans", language="en",
)  # fmt: skip
ARTICLE = Work(
    "letter", "c", "source", "A letter_to 100% of us", None, 1911, "1911-03-04", "https://example.org/l",
    aliases=("The Mercury, 4 March 1911",),
)  # fmt: skip
ESSAY = Work("essay", "c", "essay", "Who sank the bill?", "A. Marlow", 1961)
PAPER = Work("paper", "c", "source", "A paper", None, None)

SOURCES: dict[Form, Source] = {
    "chapter": Source("plans-1", cited(CHAPTER, BOOK), "2026-11-25"),
    "book": Source("plans", cited(BOOK, is_book=True)),
    "newspaper": Source("letter", cited(ARTICLE), "2026-11-25"),
    "page": Source("essay", cited(ESSAY)),
    "document": Source("paper", cited(PAPER)),
}


@pytest.mark.parametrize("form", list(SOURCES))
def test_what_a_work_is_follows_from_what_is_known(form: Form) -> None:
    assert SOURCES[form].cited.form == form


def test_a_chapter_has_the_date_of_its_edition_and_that_of_its_writing() -> None:
    chapter = SOURCES["chapter"]
    assert (chapter.cited.within, chapter.issued, chapter.written) == ("Plans & {Piers}", "1912", "1911-03")
    assert chapter.cited.editors == ("The Harbour Board",)
    same = cited(CHAPTER, Work("plans", "c", "source", "Plans", CHAPTER.author, 1911, "1911-03"))
    assert (same.date, same.edition, same.editors) == ("1911-03", None, ())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Hale", ("Hale", "")),
        ("Ada M. Hale", ("Hale", "Ada M.")),
        ("Hale, Ada", ("Hale", "Ada")),
        ("The Harbour Board", ("The Harbour Board", "")),
        ("Court of the Quay", ("Court of the Quay", "")),
    ],
)
def test_names_are_turned_round_only_where_they_are_a_persons(name: str, expected: tuple[str, str]) -> None:
    assert family_first(name) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            "chapter",
            "Ada Hale, Bruno Marsh, “The first pier”, in Plans & {Piers}, 1912 (written 1911-03), p. 212, "
            "https://example.org/a_b%20c#p3 (accessed 2026-11-25).",
        ),
        ("book", "The Harbour Board, Plans & {Piers}, 1912, p. 212."),
        (
            "newspaper",
            "“A letter_to 100% of us”, in The Mercury, 1911-03-04, p. 212, https://example.org/l "
            "(accessed 2026-11-25).",
        ),
        ("page", "A. Marlow, “Who sank the bill?”, 1961, p. 212."),
        ("document", "“A paper”, p. 212."),
    ],
)
def test_a_note_cites_the_work_and_the_place(kind: str, expected: str) -> None:
    assert sentence(SOURCES[kind], "p. 212") == expected


# CSL-JSON: its schema's rules for what is written here.

CSL_TYPES = {"chapter", "book", "article-newspaper", "webpage", "document"}
CSL_TEXTS = {"id", "type", "title", "container-title", "URL", "language", "note"}
CSL_NAMES = {"author", "container-author"}
CSL_DATES = {"issued", "original-date", "accessed"}


def is_csl(item: dict[str, Any]) -> bool:
    def name(each: dict[str, str]) -> bool:
        return set(each) in ({"family", "given"}, {"literal"}) and all(map(bool, each.values()))

    def date(each: dict[str, Any]) -> bool:
        if set(each) == {"literal"}:
            return True
        [parts] = each["date-parts"]
        return 1 <= len(parts) <= 3 and all(isinstance(part, int) for part in parts)

    assert {"id", "type"} <= set(item) <= CSL_TEXTS | CSL_NAMES | CSL_DATES
    assert item["type"] in CSL_TYPES
    assert all(isinstance(item[field], str) and item[field] for field in CSL_TEXTS & set(item))
    assert all(name(each) for field in CSL_NAMES & set(item) for each in item[field])
    return all(date(item[field]) for field in CSL_DATES & set(item))


def test_csl_of_a_chapter() -> None:
    assert csl(SOURCES["chapter"]) == {
        "id": "plans-1",
        "type": "chapter",
        "title": "The first pier",
        "author": [{"family": "Hale", "given": "Ada"}, {"family": "Marsh", "given": "Bruno"}],
        "container-title": "Plans & {Piers}",
        "container-author": [{"literal": "The Harbour Board"}],
        "issued": {"date-parts": [[1912]]},
        "original-date": {"date-parts": [[1911, 3]]},
        "URL": "https://example.org/a_b%20c#p3",
        "accessed": {"date-parts": [[2026, 11, 25]]},
        "language": "en",
    }


@pytest.mark.parametrize("kind", list(SOURCES))
def test_csl_keeps_to_its_schema(kind: str) -> None:
    assert is_csl(csl(SOURCES[kind]))


# BibTeX, read by bibtexparser


def fields(source: Source) -> dict[str, str]:
    library = bibtexparser.parse_string(bibtex([source]))
    assert not library.failed_blocks and len(library.entries) == 1
    entry = library.entries[0]
    return {"type": entry.entry_type, "key": entry.key} | {f.key: f.value for f in entry.fields}


def test_bibtex_of_a_chapter() -> None:
    assert fields(SOURCES["chapter"]) == {
        "type": "incollection",
        "key": "plans-1",
        "author": "Hale, Ada and Marsh, Bruno",
        "title": "The first pier",
        "booktitle": r"Plans \& \{Piers\}",
        "bookauthor": "{The Harbour Board}",
        "date": "1912",
        "year": "1912",
        "origdate": "1911-03",
        "url": "https://example.org/a_b%20c#p3",
        "urldate": "2026-11-25",
        "langid": "en",
    }
    article = fields(SOURCES["newspaper"])
    assert (article["type"], article["journaltitle"]) == ("article", "The Mercury")
    assert article["title"] == r"A letter\_to 100\% of us"


# RIS, read by rispy


def test_ris_of_a_chapter() -> None:
    [record] = rispy.loads(ris([SOURCES["chapter"]]))
    assert record["type_of_reference"] == "CHAP" and record["title"] == "The first pier"
    assert (
        record["authors"] == ["Hale, Ada", "Marsh, Bruno"] and record["secondary_title"] == "Plans & {Piers}"
    )
    assert record["year"] == "1912" and record["original_publication"] == "1911-03"
    assert record["urls"] == ["https://example.org/a_b%20c#p3"] and record["access_date"] == "2026/11/25/"


letters = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
dates = st.sampled_from([None, "1911", "1911-03", "1911-03-04", "spring of 1911"])
cites = st.builds(
    Cited,
    form=st.sampled_from(list(SOURCES)),
    title=letters.filter(str.strip),
    authors=st.lists(letters.filter(str.strip), max_size=3).map(tuple),
    date=dates,
    within=st.none() | letters,
    url=st.none() | letters.map(lambda text: "https://example.org/" + text),
    language=st.sampled_from([None, "en"]),
    licence=st.none(),
    edition=dates,
)
sources = st.builds(
    Source,
    id=st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True),
    cited=cites,
    accessed=st.sampled_from([None, "2026-11-25"]),
    notes=st.lists(letters, max_size=2).map(tuple),
)


@given(st.lists(sources, max_size=3, unique_by=lambda source: source.id))
def test_whatever_is_cited_the_parsers_read_every_entry(given_: list[Source]) -> None:
    library = bibtexparser.parse_string(bibtex(given_))
    assert not library.failed_blocks and [entry.key for entry in library.entries] == [s.id for s in given_]
    lines = ris(given_).split("\r\n")[:-1]
    assert all(len(line.splitlines()) == 1 and line[2:6] == "  - " for line in lines)
    assert [line[6:] for line in lines if line.startswith("ID")] == [s.id for s in given_]
    assert sum(line.startswith("ER") for line in lines) == len(given_) == len(rispy.loads(ris(given_)))
    assert all(is_csl(csl(source)) for source in given_)

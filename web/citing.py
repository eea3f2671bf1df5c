"""A work as citation managers read it: the tags in a page's head from which they make their record.

Highwire's `citation_*` and Dublin Core are what Zotero's Embedded Metadata reads, with `z:itemType` for the
kind; COinS (an OpenURL in a span's title) is read by others, schema.org's JSON-LD by search engines. What
a chapter does not say of itself it has from the work in which it stands.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from indexer.models import Work
from web.addresses import host
from web.library import Opened

Form = Literal["chapter", "newspaper", "book", "page", "document"]

BOOK_WORDS = 40_000
"""Words from which a text in one piece is a book: some hundred pages."""

# What each form is called by Zotero, and by OpenURL: the format of its record and its genre.
ZOTERO: Mapping[Form, str] = {
    "chapter": "bookSection",
    "newspaper": "newspaperArticle",
    "book": "book",
    "page": "webpage",
    "document": "document",
}
OPENURL: Mapping[Form, tuple[str, str]] = {
    "chapter": ("book", "bookitem"),
    "newspaper": ("journal", "article"),
    "book": ("book", "book"),
    "page": ("book", "document"),
    "document": ("book", "document"),
}
_LAST_YEAR = re.compile(r"(?<!\d)\d{4}(?=\W*$)")
_BETWEEN_NAMES = re.compile(r"\s*(?:,|&|\band\b)\s*")


@dataclass(frozen=True, slots=True)
class Cited:
    """A work as a list of sources names it. `within` is the book or the paper in which it stands.

    `date` is as exact as it is known: "1936", "1936-08" or "1936-08-24". `edition` is that of the book, and
    `editors` are its authors, where they are others than the chapter's.
    """

    form: Form
    title: str
    authors: tuple[str, ...]
    date: str | None
    within: str | None
    url: str | None
    language: str | None
    licence: str | None
    edition: str | None = None
    editors: tuple[str, ...] = ()


def cited_here(here: Opened, work: Work) -> Cited:
    """A work of the archive as it is cited: what has chapters, or as many words as a book, is one."""
    is_book = work.id in here.books or here.words.get(work.id, 0) >= BOOK_WORDS
    return cited(work, here.known.get(work.parent or ""), is_book)


def cited(work: Work, parent: Work | None = None, is_book: bool = False) -> Cited:
    """The work as it is cited; from its `parent` a chapter has what it does not say itself.

    No journal, publisher or page range is made up.
    """
    paper = _paper(work)
    author = work.author or (parent.author if parent else None)
    date = _date(work) or (_date(parent) if parent else None)
    edition = _date(parent) if parent else None
    return Cited(
        _form(work, parent, paper, is_book),
        work.title,
        () if author is None or author == paper else names(author),
        date,
        parent.title if parent else paper,
        work.url if work.url and host(work.url) else None,
        work.language,
        work.licence,
        edition if edition != date else None,
        names(parent.author) if parent and parent.author and parent.author != author else (),
    )


def _form(work: Work, parent: Work | None, paper: str | None, is_book: bool) -> Form:
    if parent:
        return "chapter"
    if paper:
        return "newspaper"
    return "book" if is_book else "page" if work.kind == "essay" else "document"


def _date(work: Work) -> str | None:
    return work.date or (str(work.year) if work.year else None)


def names(author: str) -> tuple[str, ...]:
    """The persons of an author's line, where it lists full names; else the line as it is.

    "Ada Pell, Max Lorne & Jo Fenn" are three, "Lorne, Max" is one.
    """
    if ";" in author:
        return tuple(filter(None, (name.strip() for name in author.split(";"))))
    parts = _BETWEEN_NAMES.split(author)
    return tuple(parts) if all(" " in part for part in parts) else (author,)


def _paper(work: Work) -> str | None:
    """The newspaper of a work that is known by it and its day: "Ansel Mercury, 31 March 1897"."""
    try:
        day = date.fromisoformat(work.date or "")
    except ValueError:
        return None
    written = f", {day.day} {day:%B %Y}"
    return next((alias.removesuffix(written) for alias in work.aliases if alias.endswith(written)), None)


def head_tags(of: Cited) -> list[tuple[str, str]]:
    """The names and contents of the `meta` elements that describe a work, in the order of the page."""
    return [(name, content) for name, content in _tags(of) if content]


def _tags(of: Cited) -> Iterator[tuple[str, str | None]]:
    yield "z:itemType", ZOTERO[of.form]
    yield "citation_title", of.title
    yield from (("citation_author", name) for name in of.authors)
    yield "citation_publication_date", of.date and of.date.replace("-", "/")
    if of.form == "chapter":
        yield "citation_inbook_title", of.within
        yield "citation_book_title", of.within
    if of.form == "newspaper":
        yield "citation_journal_title", of.within
    yield "citation_language", of.language
    yield "citation_public_url", of.url
    yield "DC.title", of.title
    yield from (("DC.creator", name) for name in of.authors)
    yield "DC.date", of.date
    yield "DC.type", "Text"
    yield "DC.source", of.url
    yield "DC.language", of.language
    yield "DC.rights", of.licence
    yield "DCTERMS.isPartOf", of.within


def quotation_data(text: str, essay: Work, sources: Sequence[Work], address: str) -> dict[str, Any]:
    """A quotation as schema.org's JSON-LD: its words, where they are quoted, and where they were found.

    It names no author of the words: that they stand in a work does not say who spoke them.
    """
    found = [_creative_work(work) for work in sources]
    return {
        "@context": "https://schema.org",
        "@type": "Quotation",
        "url": address,
        "text": text,
        "isPartOf": _creative_work(essay),
    } | ({"isBasedOn": found} if found else {})


def _creative_work(work: Work) -> dict[str, Any]:
    of = cited(work)
    said = {
        "@type": "CreativeWork",
        "name": of.title,
        "author": [{"@type": "Person", "name": name} for name in of.authors],
        "datePublished": of.date,
        "inLanguage": of.language,
        "url": of.url,
    }
    return {name: value for name, value in said.items() if value}


def coins(of: Cited) -> str:
    """The work as a ContextObject of OpenURL (Z39.88), for the title of a span of class Z3988."""
    record, genre = OPENURL[of.form]
    within = {"book": "rft.btitle", "journal": "rft.jtitle"}[record]
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{record}"),
        ("rft.genre", genre),
        ("rft.atitle" if of.within else "rft.title", of.title),
        (within, of.within),
        *(("rft.au", name) for name in of.authors),
        ("rft.date", of.date),
        ("rft.language", of.language),
        ("rft_id", of.url),
    ]
    return urlencode([(name, value) for name, value in pairs if value])


def year_behind(title: str, year: int | str | None) -> int | str | None:
    """The year, or date, that is to stand behind a title; None where the title itself ends with that year."""
    last = _LAST_YEAR.search(title)
    return None if last and str(year or "").startswith(last.group()) else year


def one_line(work: Work, *more: str | None, to_the_day: bool = False) -> str:
    """A work in one line, for people: author, title, year or date, and what else there is to say."""
    when = year_behind(work.title, (work.date if to_the_day else None) or work.year)
    return ", ".join(str(fact) for fact in (work.author, work.title, when, *more) if fact)

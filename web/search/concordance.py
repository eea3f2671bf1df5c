"""Key words in context: a line a match, what matched in the middle, sorted by the words beside it."""

import re
from dataclasses import dataclass
from itertools import chain
from typing import Any

from flask import request

from indexer.compare import number_at
from indexer.fulltext import Found
from indexer.models import Passage, Span, Work
from web import lists
from web.addresses import reading_address
from web.language import N_
from web.library import Opened
from web.search.asking import Asked, every

# Lines that are gathered and sorted: ten pages, beyond which a narrower search says more.
MOST_LINES = 1000
# Passages looked through for them at most (a search by fields alone marks no words in any).
MOST_PASSAGES = 1000
LINES_A_PAGE = 100
# Letters beside a match: some seven words on either side, one line of a page that is not a phone's.
BESIDE = 40
# Words beside a match by which the lines are sorted.
SORTED_BY = 5
BY = {"right": N_("words after"), "left": N_("words before"), "found": N_("as found")}
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Line:
    """A match with the words of its passage around it, and where it stands. `span` is of the work's text."""

    left: str
    match: str
    right: str
    work: Work
    passage: Passage
    span: Span
    address: str


@dataclass(frozen=True, slots=True)
class _Match:
    """A match before its line is drawn: `at` are its first and last character in the passage's `text`."""

    found: Found
    text: str
    at: Span


def concordance(here: Opened, wanted: Asked, page: int) -> tuple[dict[str, Any], lists.Pages]:
    """A page of the lines and what to say about them; `gathered` matches were sorted, of the first passages.

    A page beyond the last is the last one.
    """
    matches, passages, total = _matches(here, wanted)
    by = next((name for name in BY if name == request.args.get("by")), "right")
    if by != "found":
        matches.sort(key=_before if by == "left" else _after)
    part = lists.pages(len(matches), LINES_A_PAGE)
    lines = [_line(here, wanted, match) for match in part.cut(matches)]
    record = {
        "by": by,
        "gathered": len(matches),
        "looked": passages,
        "whole": passages >= total,
        "lines": lines,
    }
    return record, part


def _matches(here: Opened, wanted: Asked) -> tuple[list[_Match], int, int]:
    """The first matches, in how many passages they stand, and how many passages there are.

    All are needed for any page: by which words they are sorted, only their texts tell.
    """
    matches: list[_Match] = []
    looked = 0
    texts: dict[str, str] = {}
    total, parts = every(here, wanted, MOST_PASSAGES, texts)
    for found in chain.from_iterable(parts):
        if len(matches) + len(found.marks) > MOST_LINES:
            break
        matches += (_Match(found, texts[found.passage_id], mark) for mark in found.marks)
        looked += 1
    return matches, looked, total


def _after(match: _Match) -> tuple[bool, list[str]]:
    """The words after a match; matches that none follows come last."""
    words = _words(match.text[match.at.end : match.at.end + 4 * BESIDE])[:SORTED_BY]
    return not words, words


def _before(match: _Match) -> tuple[bool, list[str]]:
    """The words before a match, the nearest first; matches that none precedes come last."""
    words = _words(match.text[max(0, match.at.start - 4 * BESIDE) : match.at.start])[::-1][:SORTED_BY]
    return not words, words


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _line(here: Opened, wanted: Asked, match: _Match) -> Line:
    passage, document = here.store.passage(match.found.passage_id), here.store.document(match.found.work_id)
    start = passage.span.start
    span = Span(start + match.at.start, start + match.at.end)
    block = number_at(document, span.start)
    return Line(
        left=_last(match.text[: match.at.start]),
        match=" ".join(document.text[span.start : span.end].split()),
        right=_first(match.text[match.at.end :]),
        work=document.work,
        passage=passage,
        span=span,
        address=reading_address(passage.work_id, block, wanted.query, wanted.exact, wanted.names),
    )


def _first(text: str) -> str:
    """The beginning of a text, cut after a whole word; how it begins (a comma, a space) stays."""
    plain = re.sub(r"\s+", " ", text[: 4 * BESIDE])
    if len(plain) <= BESIDE:
        return plain.rstrip()
    return plain[: plain.rfind(" ", 1, BESIDE + 1)] if " " in plain[1 : BESIDE + 1] else plain[:BESIDE]


def _last(text: str) -> str:
    """The end of a text, cut before a whole word."""
    return _first(text[-4 * BESIDE :][::-1])[::-1]

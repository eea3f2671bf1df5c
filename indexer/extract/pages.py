"""Where a page, a session or a section of the original begins, and by it the locator of each block."""

import re
from itertools import pairwise
from statistics import median

from indexer.extract.words import pattern
from indexer.extract.writer import Draft, Sheet
from indexer.models import Anchor, Span

# A printed page holds two thousand characters and more; names nearer to each other number paragraphs.
_LEAST_PAGE = 700
# Names like "p3" on one or two places of a page may mean anything; so may a line like "- 3 -".
LEAST_PAGES = 3
# A heading longer than this is no place that one cites; a session's is a short one.
_LONGEST_SECTION, _LONGEST_SESSION = 120, 60


def pages(sheet: Sheet) -> list[Anchor]:
    """The beginnings of pages: those marked as such, and named places that can be nothing else."""
    marked = [Anchor("page", Span(mark.start, mark.start), mark.value) for mark in sheet.marked("page")]
    return marked or _named(sheet)


def _named(sheet: Sheet) -> list[Anchor]:
    name = pattern("page", "page_name")
    found = [
        (mark.start, int(match.group(1)))
        for mark in sheet.marked("name")
        if (match := name.fullmatch(mark.value))
    ]
    starts = {draft.start for draft in sheet.blocks}
    # A printed page seldom ends with a paragraph; names that all stand at beginnings are of sections.
    if len(found) < LEAST_PAGES or all(start in starts for start, _ in found):
        return []
    if any(a >= b for (_, a), (_, b) in pairwise(found)):
        return []
    gaps = [(b - a) / (m - n) for (a, n), (b, m) in pairwise(found)]
    if median(gaps) < _LEAST_PAGE:
        return []
    return [Anchor("page", Span(start, start), str(number)) for start, number in found]


def locate(sheet: Sheet, anchors: list[Anchor]) -> None:
    """Give each block its locator: session and page, or else the section's heading.

    A page that begins inside a block locates the blocks after it: a locator says where a block begins.
    """
    sessions, starts = pattern("transcript", "sessions"), iter([*anchors, None])
    following = next(starts)
    page = session = section = ""
    begun = False
    for draft in sheet.blocks:
        while following is not None and following.span.start <= draft.start:
            page, following = f"p. {following.label}", next(starts)
        words = " ".join(sheet.of(draft).split())
        if _is_title(draft) and sessions.search(words) and len(words) <= _LONGEST_SESSION:
            session = words.capitalize() if words.isupper() else words
        elif draft.kind == "heading" and begun and any(map(str.isalnum, words)):
            section = words if len(words) <= _LONGEST_SECTION else ""
        begun = begun or (draft.kind != "heading" and draft.kind != "note")
        draft.locator = ", ".join(filter(None, (session, page))) or section or None


def _is_title(draft: Draft) -> bool:
    return draft.kind == "heading" or "title" in draft.classes


_NUMBER = re.compile(r"\W*(?:p(?:age|p|\.)?\.?\s*)?(\d{1,4})\W*", re.IGNORECASE)
_LINE = re.compile(
    r"\s*\[?\s*(?:page|p\.|pg\.?)\s*(\d{1,4})\s*\]?\s*|\s*[-–—]\s*(\d{1,4})\s*[-–—]\s*",
    re.IGNORECASE,
)


def number(text: str) -> str | None:
    """The page number that an element meant for it shows."""
    found = _NUMBER.fullmatch(text)
    return found.group(1) if found else None


def line_number(text: str) -> str | None:
    """The page number that a line of its own shows: "[Page 212]", "p. 212", "- 212 -"."""
    found = _LINE.fullmatch(text)
    return found and (found.group(1) or found.group(2))

"""Where a page, a session or a section of the original begins, and by it the locator of each block."""

import re
from functools import cache
from itertools import pairwise
from statistics import median

from indexer.extract.words import pattern
from indexer.extract.writer import Draft, Sheet
from indexer.models import Anchor, Span
from indexer.numbers import months

# A printed page holds two thousand characters and more; names nearer to each other number paragraphs.
_LEAST_PAGE = 700
# Names like "p3" on one or two places of a page may mean anything; so may a line like "- 3 -".
LEAST_PAGES = 3
# A heading longer than this is no place that one cites; a session's is a short one.
_LONGEST_SECTION, _LONGEST_SESSION = 120, 60
_WORDS = re.compile(r"[^\W\d_]+")
# A line with a verb or a stop inside is no date with its hour: "On May 2 the court met. It rose at six."
_SENTENCE = re.compile(r"[a-z]{5,}[.!?:]|\b(?:was|were|is|are|has|had|have|will)\b")


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
    starts = iter([*anchors, None])
    following = next(starts)
    sitting, page, section = Sitting(), "", ""
    begun = False
    for draft in sheet.blocks:
        while following is not None and following.span.start <= draft.start:
            page, following = f"p. {following.label}", next(starts)
        words = " ".join(sheet.of(draft).split())
        told = (
            sitting.told_by(words, _is_title(draft)) if len(words) <= _LONGEST_SESSION else sitting.closed()
        )
        if draft.kind == "heading" and not told and begun and any(map(str.isalnum, words)):
            section = _OWN_MARK.sub("", words).rstrip(" :") if len(words) <= _LONGEST_SECTION else ""
        begun = begun or (draft.kind != "heading" and draft.kind != "note")
        draft.locator = ", ".join(filter(None, (sitting.name(), page))) or section or None


class Sitting:
    """The day and the session in which one is, as headings tell them one after the other."""

    def __init__(self) -> None:
        self._day = self._session = ""
        self._open = False

    def name(self) -> str:
        """Both as far as they are known: "The first day, Morning session"."""
        return ", ".join(filter(None, (self._day, self._session)))

    def closed(self) -> bool:
        """Text has begun: a date that comes now is none of the session's. False, for nothing was told."""
        self._open = False
        return False

    def told_by(self, words: str, title: bool) -> bool:
        """Whether a short line tells a session or a day, which is then in force.

        A session without a day of its own is one of the day told before; a date just below is that of the
        session.
        """
        if not (title and pattern("transcript", "sessions").search(words)):
            return self._dated(words) or self.closed()
        day, session = _day_and_session(words)
        if not session:
            self._day, self._session = day, ""
        elif self._open and self._session:
            self._session = f"{self._session}, {session}"
        else:
            self._day, self._session = day or ("" if _day().search(words) else self._day), session
        self._open = True
        return True

    def _dated(self, words: str) -> bool:
        """A date alone, with an hour or a place at most: "April 11, 1937, 10 a.m."."""
        date = _day().search(words) if self._open else None
        if date is None or _SENTENCE.search(words):
            return False
        self._session = ", ".join(filter(None, (self._session, _in_small_letters(date.group()))))
        return not self.closed()


def _day_and_session(words: str) -> tuple[str, str]:
    """A heading's day by its number and its session: "The first day – 6/19 July", "Morning session"."""
    sitting, day = pattern("transcript", "sittings").search(words), pattern("transcript", "days")
    if sitting is None:
        return _in_small_letters(words), ""
    at = sitting.start() if day.search(words[: sitting.start()]) else 0
    before, behind = words[:at].strip(" .,:;–—-("), words[at:].strip(" )" if at else "")
    return _in_small_letters(before), _in_small_letters(behind)


@cache
def _day() -> re.Pattern[str]:
    """A day of a month, with its year if it has one."""
    month = f"(?:{'|'.join(months())})"
    number, year = r"\b\d{1,2}(?:st|nd|rd|th)?\b\.?", r"(?:,? \d{4})?\b"
    return re.compile(rf"\b{month}\b\.? {number}(?!\d){year}|{number}(?: of)? {month}\b{year}", re.IGNORECASE)


def _in_small_letters(words: str) -> str:
    """A line in capitals as one writes it in a sentence."""
    if not words.isupper():
        return words
    names = months()
    return _WORDS.sub(
        lambda word: word[0].capitalize() if word[0].lower() in names else word[0], words.capitalize()
    )


def _is_title(draft: Draft) -> bool:
    return draft.kind == "heading" or "title" in draft.classes


# The mark of a note behind a heading is no part of what it says.
_OWN_MARK = re.compile(r"\s*\[\s*(?:\d{1,3}|\*{1,3})\s*\]$")
_NUMBER = re.compile(r"\W*(?:p(?:age|p|g|\.)?\.?\s*)?(\d{1,4})\W*", re.IGNORECASE)
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

"""The pages of a scanned book in plain text that has no signs of them but its running heads.

So are the texts of scans at archive.org: "124 LOW WATER" at the top of a left page, "THE FERRY 125" at that
of a right one, between blank lines. Even numbers stand on the left and odd ones on the right in any printed
book, and in no list of chapters; so they tell a head from a heading.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from indexer.extract.scans import LIKE, Page, comes_back, page

_HEAD = re.compile(r"(?P<left>\d{1,4})\W+(?P<verso>\D{4,70})|(?P<recto>\D{4,70}?)\W+(?P<right>\d{1,4})")
# Heads of a text, at least, and the share of its pages that may have been read so badly that they show none.
_LEAST, _LOST = 6, 0.5
# Heads before and after one that are looked at to see whether it comes back.
_NEAR = 12


@dataclass(frozen=True, slots=True)
class _Head:
    """A line with a page's number at the side where a book has it."""

    line: int
    number: int
    words: str


def pages(text: str) -> list[Page] | None:
    """The pages with the numbers that their heads bear; None for a text that shows no such heads.

    A page without a head, as where a chapter begins, is one with the page before it: "124–125".
    """
    lines = [" ".join(line.split()) for line in text.splitlines()]
    found = _heads(lines)
    if len(found) < _LEAST or len({head.number % 2 for head in found}) < 2:
        return None
    if len(found) < (1 - _LOST) * (found[-1].number - found[0].number + 1):
        return None
    ends = [head.line for head in found[1:]] + [len(lines)]
    after = [head.number - 1 for head in found[1:]] + [found[-1].number]
    known = {head.words.lower() for head in found}
    before = _without_heads(lines[: found[0].line], known)
    made = [page("\n".join(before), str(found[0].number - 1))] if any(before) else []
    for head, end, last in zip(found, ends, after, strict=True):
        label = str(head.number) if last == head.number else f"{head.number}–{last}"
        made.append(page("\n".join(_without_heads(lines[head.line + 1 : end], known)), label))
    return made


def _without_heads(lines: Sequence[str], known: Collection[str]) -> list[str]:
    """The lines without heads of which the number was misread: they stand alone, and have a digit for it."""
    left = list(lines)
    for at, line in enumerate(lines):
        if any(map(str.isdigit, line)) and not any([*lines[max(0, at - 1) : at], *lines[at + 1 : at + 2]]):
            short = (words for words in known if len(line) <= len(words) + len(" 1234"))
            if any(fuzz.partial_ratio(words, line.lower()) >= LIKE for words in short):
                left[at] = ""
    return left


def _heads(lines: Sequence[str]) -> list[_Head]:
    """The heads that come back on pages near them, in as long a row of rising numbers as there is."""
    found = [head for at in range(len(lines)) if (head := _head(lines, at))]
    words = [{head.words} for head in found]
    kept = [
        head for at, head in enumerate(found)
        if comes_back(head.words, words[max(0, at - _NEAR) : at + _NEAR + 1])
    ]  # fmt: skip
    return _rising(kept)


def _head(lines: Sequence[str], at: int) -> _Head | None:
    match = _HEAD.fullmatch(lines[at]) if not at or not lines[at - 1] else None
    if match is None:
        return None
    number = int(match["left"] or match["right"])
    if number % 2 == (match["left"] is not None):
        return None
    return _Head(at, number, (match["verso"] or match["recto"]).strip())


def _rising(heads: Sequence[_Head]) -> list[_Head]:
    """The longest row of heads whose numbers rise (by patience sorting): the others are misread."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int | None] = []
    for at, head in enumerate(heads):
        place = bisect_left(tails, head.number)
        tails[place : place + 1] = [head.number]
        before.append(ends[place - 1] if place else None)
        ends[place : place + 1] = [at]
    row: list[_Head] = []
    step = ends[-1] if ends else None
    while step is not None:
        row.append(heads[step])
        step = before[step]
    return row[::-1]

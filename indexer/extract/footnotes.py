"""Which pieces of a printed page are the notes at its foot.

Notes are told by three signs: their type is smaller than the text's, a rule stands above them, and they
begin with a number or sign that stands as a mark in the text. Two of the three have to agree: a quotation is
set in small type too, and a list begins with a number. What is not sure stays where it stands.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from indexer.extract.columns import Piece

# The type of notes is a point smaller or more, in a text of ten to twelve.
_SMALLER = 0.93
# So many rows of text stand above notes: below the rule of a page's head is no note.
_LEAST_ABOVE = 2
# A page's number below the notes, in letters at most, and as it is written.
_SHORT = 12
_LONE = re.compile(r"\W*(\d{1,4}|[ivxlc]{1,7})\W*", re.IGNORECASE)
_BEGINS = re.compile(r"\s*[\[(]?(\d{1,3}|[*†‡§]{1,3})[\])]?[.:]?\s*(?=[^\W\d]|[“\"‘'«(])")


@dataclass(frozen=True, slots=True)
class Foot:
    """The numbers of the pieces that may be notes, and whether their type and a rule say so."""

    pieces: frozenset[int]
    smaller: bool
    ruled: bool

    def proved(self, body: str, notes: str) -> bool:
        """Whether two signs agree, given the words of the text above and those of the foot."""
        return self.smaller + self.ruled + _marked(body, notes) > 1


def foot(
    pieces: Sequence[Piece], among: Collection[int], rules: Collection[float], size: float
) -> Foot | None:
    """What may be notes among these pieces of a column: its lowest rows in smaller type, or those below a
    rule. `rules` are the heights of lines drawn across, `size` is that of the text's type, in points."""
    rows: dict[int, list[int]] = {}
    for number in sorted(among, key=lambda number: pieces[number].y):
        if pieces[number].letters:
            rows.setdefault(round(pieces[number].y), []).append(number)
    heights = list(rows)

    def is_small(y: int) -> bool:
        return max(pieces[number].size for number in rows[y]) <= _SMALLER * size

    letters = sum(pieces[number].letters for number in rows[heights[0]]) if heights else 0
    if letters <= _SHORT and len(heights) > 1 and not is_small(heights[0]):
        heights.pop(0)
    small = list(takewhile(is_small, heights))
    lowest = min((rule for rule in rules if heights and rule > heights[0]), default=0.0)
    found = small or [y for y in heights if y < lowest]
    if not found or len(heights) - len(found) < _LEAST_ABOVE:
        return None
    ruled = any(found[-1] < rule <= heights[len(found)] for rule in rules)
    return Foot(frozenset(number for y in found for number in rows[y]), bool(small), ruled)


def without_number(notes: str) -> tuple[str, str]:
    """The words of the foot, and the page's number where it stands below them in type as small."""
    above, _, last = notes.rstrip().rpartition("\n")
    return (above, last) if _LONE.fullmatch(last) else (notes, "")


def _marked(body: str, notes: str) -> bool:
    """Whether the foot begins with a number or sign that the text bears behind a word."""
    found = _BEGINS.match(notes)
    if found is None:
        return False
    return (
        re.search(rf"[^\W\d][.,;:!?”\"’')\]»]* ?[\[(]?{re.escape(found.group(1))}(?![\w.,]\d)", body)
        is not None
    )


def each(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines of a page's notes, note by note; what goes on from another page has no number before it."""
    note: list[str] = []
    last = ""
    for line in lines:
        found = _BEGINS.match(line)
        if found and note and _follows(found.group(1), last):
            yield note
            note = []
        last = found.group(1) if found and not note else last
        note.append(line)
    if note:
        yield note


def _follows(label: str, last: str) -> bool:
    return not label.isdigit() or not last.isdigit() or int(label) == int(last) + 1

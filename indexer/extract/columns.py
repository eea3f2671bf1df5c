"""In which order the pieces of a printed page are read, where it was drawn row by row across two columns.

A page says where each piece begins, not where it ends. A gutter is where pieces begin in row after row, in
the middle of the page, with lines on both sides of it: the cells of a table are shorter.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

# A gutter lies in this part of the page.
_MIDDLE = (0.3, 0.7)
# Rows that go on behind the gutter and come back; a few lines of a table or of a title page do so too.
_LEAST_ROWS = 6
# Letters of a line of a column, at least: the cells of tables have fewer.
_LEAST_LETTERS = 15
# A line with so many times the letters of a column's goes across both.
_WIDE = 1.4
# From a letter to the next column it is more than so many sizes of type, to the next word less.
_GUTTER, _FEW_LETTERS = 1.4, 2
# Places of the page that are tried: those where about as many pieces begin as anywhere.
_MOST_PLACES, _AS_MANY = 40, 0.9
# Heads and headings go across the gutter, in this share of the rows.
_MOST_BRIDGED = 0.2
# A head or foot is set off by more than the distance of two lines, this many times.
_SET_OFF = 1.5
# The same margin, in points, within the precision of programs that set type.
_NEAR = 3.0
# Parts of a page; what has more is no page of columns but a form or a table.
_MOST_PARTS = 12


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters drawn at once: where they begin, in points from left and below, their number and size."""

    x: float
    y: float
    letters: int
    size: float = 0.0


def parts(pieces: Sequence[Piece], left: float, right: float) -> list[int] | None:
    """The part of the page to which each piece belongs, numbered as they are read; None where the order of
    drawing is that of reading, as far as can be told. `left` and `right` are the edges of the page."""
    gutter = _gutter(pieces, *(left + share * (right - left) for share in _MIDDLE))
    if gutter is None:
        return None
    rows: dict[int, list[Piece]] = {}
    for piece in sorted(pieces, key=lambda p: -p.y):
        rows.setdefault(round(piece.y), []).append(piece)
    across = _across(rows, gutter)
    bands = [list(band) for _, band in groupby(rows, key=lambda y: y in across)]
    at = {y: 2 * number for number, band in enumerate(bands) for y in band}
    found = [at[y := round(p.y)] + (p.x >= gutter and y not in across) for p in pieces]
    return found if len(set(found)) <= _MOST_PARTS else None


def _gutter(pieces: Sequence[Piece], first: float, last: float) -> float | None:
    """Where the right column begins, in between; None unless the page is drawn across two columns."""
    middle = Counter(round(p.x) for p in pieces if first < p.x < last)
    most = max(middle.values(), default=0)
    # Letters drawn one by one, all of one width, begin at the same places in every row.
    places = [x - _NEAR for x, times in middle.most_common(_MOST_PLACES) if times >= _AS_MANY * most]
    return next((place for place in places if _parts(pieces, place)), None)


def _parts(pieces: Sequence[Piece], gutter: float) -> bool:
    """Whether lines go on behind this place and come back, as those of two columns do."""
    sides = [p.x >= gutter for p in pieces]
    returns = sum(before and not after for before, after in pairwise(sides))
    left, right = ([p for p in pieces if (p.x >= gutter) is side] for side in (False, True))
    begun = sum(abs(p.x - gutter - _NEAR) <= 1 for p in right)
    if returns < _LEAST_ROWS or 2 * begun < len(_lines(left)) or _bridged(pieces, gutter):
        return False
    return min(map(_length, (left, right))) >= _LEAST_LETTERS


def _bridged(pieces: Sequence[Piece], gutter: float) -> bool:
    """Whether lines go on over what looks like a gutter, as those do that are drawn letter by letter."""
    last: dict[int, Piece] = {}
    first: dict[int, float] = {}
    for piece in pieces:
        row = round(piece.y)
        if piece.x >= gutter:
            first[row] = min(first.get(row, piece.x), piece.x)
        elif row not in last or last[row].x < piece.x:
            last[row] = piece
    both = [(last[row], x) for row, x in first.items() if row in last]
    close = [p for p, x in both if p.letters <= _FEW_LETTERS and x - p.x < _GUTTER * p.size]
    return len(close) > _MOST_BRIDGED * len(both)


def _lines(pieces: Sequence[Piece]) -> dict[int, int]:
    """The letters of each line, by its height."""
    letters: Counter[int] = Counter()
    for piece in pieces:
        letters[round(piece.y)] += piece.letters
    return letters


def _length(pieces: Sequence[Piece]) -> float:
    return median(_lines(pieces).values())


def _begins_at(gutter: float, row: list[Piece]) -> bool:
    """Whether a piece of a row begins where the lines of the right column do, as its notes do."""
    return any(abs(piece.x - gutter - _NEAR) <= 1 for piece in row)


def _across(rows: dict[int, list[Piece]], gutter: float) -> set[int]:
    """The heights of the rows that are of neither column: longer than one, or a head or foot set off."""
    left = [p for row in rows.values() for p in row if p.x < gutter]
    leading = median(above - below for above, below in pairwise(sorted(_lines(left), reverse=True)))
    longest = _WIDE * _length(left)
    wide = {
        y for y, row in rows.items()
        if max(p.x for p in row) < gutter and sum(p.letters for p in row) > longest
    }  # fmt: skip
    heights = list(rows)
    for order in (heights, heights[::-1]):
        for count, (edge, following) in enumerate(pairwise(order[:3]), 1):
            if abs(edge - following) > _SET_OFF * leading:
                wide.update(y for y in order[:count] if order is heights or not _begins_at(gutter, rows[y]))
    return wide

"""From a chain of runs to every word of the quotation: the place of each in the source, or none.

Words that the runs left over are tied to the source's words between their neighbours, near ones (a slip
of the scanner, another spelling) included; a whole segment that shares no triple is sought between its
neighbours, first word for word, then by letters (edlib's infix search, Myers' bit vectors).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import edlib
import numpy as np
from numpy.typing import NDArray

from indexer.align.chain import Floats, step_cost
from indexer.align.query import Query
from indexer.align.seeds import Seeds
from indexer.align.tidy import tidy
from indexer.likeness import near, pair
from indexer.models import Piece, Span
from indexer.normalise import Ints

# Beside a run, words are tied to those this many beyond their own number.
BAND = 8
# The farthest that a segment without any triple is sought from its neighbour, in words.
REACH = 400
# A table of pairing larger than this (words times words) costs more than it can tell.
LARGEST_TABLE = 20_000
# A segment found by its letters may differ in this share of them.
MOST_WRONG = 0.34
# Fewer letters than this are found by chance anywhere.
FEWEST_LETTERS = 8
# A near word says this share of what the word itself would, times its likeness.
NEAR_WORTH = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """For each word of the quotation its position in the stream (-1: none) and its likeness (1: equal).
    `bits` is what the tied words say, less the cost of the steps between them."""

    places: Ints
    likeness: Floats
    bits: float

    @property
    def first(self) -> int:
        return int(self.places[self.places >= 0].min())


def fit(chained: list[tuple[int, int, int]], wanted: Query, seeds: Seeds, bounds: Span) -> Fit:
    """Every word tied, given a chain of runs. `bounds` are the positions of the work or chapters."""
    places = np.full(len(wanted), -1, np.int32)
    for at, found, length in chained:
        places[at : at + length] = np.arange(found, found + length)
    for start, end in list(_stretches(places)):
        _tie(places, start, end, wanted, seeds, bounds)
    tidy(places, wanted, seeds)
    return measured(places, wanted, seeds)


def measured(places: Ints, wanted: Query, seeds: Seeds) -> Fit:
    """The fit of given places, with its likeness and bits."""
    likeness = np.zeros(len(places))
    tied = np.flatnonzero(places >= 0)
    found = seeds.vocabulary[seeds.words[places[tied]]].tolist()
    for i, key in zip(tied.tolist(), found, strict=True):
        likeness[i] = near(wanted.keys[i], key.decode("utf8", "ignore"))
    worth = np.where(likeness == 1.0, 1.0, NEAR_WORTH * likeness) * wanted.bits
    skipped = np.diff(tied) - 1
    passed = np.diff(places[tied]) - 1
    at_ellipsis = np.diff(wanted.segments[tied]) > 0
    steps = step_cost(skipped, passed, at_ellipsis)
    return Fit(places, likeness, float(worth.sum() - steps.sum()))


def _stretches(places: Ints) -> Iterator[tuple[int, int]]:
    """The stretches of untied words."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (places < 0).astype(np.int8), [0]])))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _tie(places: Ints, start: int, end: int, wanted: Query, seeds: Seeds, bounds: Span) -> None:
    """Tie the words from `start` to `end`, which lie between tied ones or at either end."""
    segments = wanted.segments
    left = int(places[start - 1]) + 1 if start else None
    right = int(places[end]) if end < len(places) else None
    cuts = [start, *(i for i in range(start + 1, end) if segments[i] != segments[i - 1]), end]
    for a, b in pairwise(cuts):
        after = left is not None and a == start and bool(a and segments[a] == segments[a - 1])
        before = right is not None and b == end and bool(b < len(places) and segments[b] == segments[b - 1])
        if after and before and left is not None and right is not None:
            _between(places, a, b, left, right, wanted, seeds)
        elif after and left is not None:
            window = Span(left, min(bounds.end, left + b - a + BAND))
            _assign(places, a, window, wanted.keys[a:b], seeds, free_end=True)
        elif before and right is not None:
            window = Span(max(bounds.start, right - (b - a) - BAND), right)
            _assign(places, a, window, wanted.keys[a:b], seeds, free_start=True)
        else:
            _segment(places, a, b, _window(left, right, bounds), left is None, wanted, seeds)


def _between(places: Ints, a: int, b: int, left: int, right: int, wanted: Query, seeds: Seeds) -> None:
    """Tie words to those between two neighbours; if these are far apart, beside either."""
    if right <= left:
        return
    if (right - left) * (b - a) <= LARGEST_TABLE and right - left <= REACH:
        _assign(places, a, Span(left, right), wanted.keys[a:b], seeds)
        return
    wide = b - a + BAND
    _assign(places, a, Span(left, min(right, left + wide)), wanted.keys[a:b], seeds, free_end=True)
    done = int(np.max(np.flatnonzero(places[a:b] >= 0), initial=-1)) + a + 1
    low = max(left, right - wide, int(places[done - 1]) + 1)
    if done < b and low < right:
        _assign(places, done, Span(low, right), wanted.keys[done:b], seeds, free_start=True)


def _assign(
    places: Ints, at: int, window: Span, keys: tuple[str, ...], seeds: Seeds, *,
    free_start: bool = False, free_end: bool = False,
) -> None:  # fmt: skip
    if window.end <= window.start or len(window) * len(keys) > LARGEST_TABLE:
        return
    found = seeds.keys(window.start, window.end)
    for i, j in pair(keys, found, free_start, free_end):
        places[at + i] = window.start + j


def _window(left: int | None, right: int | None, bounds: Span) -> Span:
    """Where a segment without a neighbour in its own segment is sought."""
    if left is not None and right is not None and left <= right:
        return Span(left, min(right, left + REACH))
    if left is not None:
        return Span(left, min(bounds.end, left + REACH))
    if right is not None:
        return Span(max(bounds.start, right - REACH), right)
    return Span(bounds.start, bounds.start)


def by_words(wanted: Query, seeds: Seeds, window: Span) -> Fit | None:
    """All words tied to those of a window at the least cost; None if the window is too large, or has none."""
    places = np.full(len(wanted), -1, np.int32)
    _assign(places, 0, window, wanted.keys, seeds, free_start=True, free_end=True)
    return measured(places, wanted, seeds) if np.any(places >= 0) else None


def _segment(
    places: Ints, a: int, b: int, window: Span, from_end: bool, wanted: Query, seeds: Seeds
) -> None:  # fmt: skip
    """Tie a whole segment inside a window: word for word if it stands there, nearest to its neighbour,
    else by its letters."""
    if window.end <= window.start:
        return
    found = seeds.keys(window.start, window.end)
    keys = list(wanted.keys[a:b])
    starts = range(len(found) - len(keys) + 1)
    for at in reversed(starts) if from_end else starts:
        if found[at : at + len(keys)] == keys:
            places[a:b] = np.arange(window.start + at, window.start + at + len(keys))
            return
    span = by_letters(keys, found)
    if span:
        inside = Span(window.start + span.start, window.start + span.end)
        _assign(places, a, inside, tuple(keys), seeds, free_start=True, free_end=True)


def by_letters(keys: list[str], found: list[str]) -> Span | None:
    """The words of `found` whose letters are most like those of `keys`, or None if too many differ."""
    sought, text = " ".join(keys), " ".join(found)
    if len(sought) < FEWEST_LETTERS or not text:
        return None
    most = int(MOST_WRONG * len(sought))
    result = edlib.align(sought, text, mode="HW", task="locations", k=most)
    if result["editDistance"] < 0:
        return None
    start, end = result["locations"][0]
    return Span(text.count(" ", 0, start), text.count(" ", 0, end + 1) + 1)


def pieces(fitted: Fit, wanted: Query, seeds: Seeds) -> tuple[Piece, ...]:
    """The stretches that stand word for word in the source, in the quotation's order."""
    parted = _among(fitted.places, seeds.jumps) | _among(fitted.places, seeds.first)
    out: list[Piece] = []
    last = None
    for i in np.flatnonzero(fitted.likeness == 1.0).tolist():
        at = int(fitted.places[i])
        span, source = wanted.spans[i], seeds.span(at)
        work = str(seeds.works[seeds.work_at(at)])
        if last == (i - 1, at - 1) and not wanted.marks[i] and not parted[i]:
            held = out.pop()
            out.append(Piece(Span(held.quote.start, span.end), work, Span(held.source.start, source.end)))
        else:
            out.append(Piece(span, work, source))
        last = (i, at)
    return tuple(out)


def _among(places: Ints, known: Ints) -> NDArray[np.bool_]:
    """Which of these positions are among known ones in order; looked up, for an archive has many notes."""
    if not len(known):
        return np.zeros(len(places), bool)
    there: NDArray[np.bool_] = known[np.minimum(np.searchsorted(known, places), len(known) - 1)] == places
    return there

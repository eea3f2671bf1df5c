"""What a reader would call the same stretch, out of words that happen to be tied.

Tying finds as many words as it can, so that scraps ("the", "of the") are tied in stretches that are not
the source's at all. Here they are let go; and where an omission may be cut in several ways, it is cut at
a mark of punctuation.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.align.query import Query
from indexer.align.seeds import Seeds
from indexer.models import Span
from indexer.normalise import Ints

# A segment is let go if less than this share of its bits is tied and no run in it has this many words.
LEAST_OF_SEGMENT, SAVING_RUN = 0.5, 8
# A short piece beyond an ellipsis must say this many bits more than finding it at that distance needs.
BITS_BEYOND_DISTANCE = 6.0
# A scrap is let go if it says less than this many bits for each word changed on either side of it.
BITS_A_CHANGE = 5.0
LONGEST_SCRAP = 4  # words
# So far from the others, in words of the source, the words at an end of a quotation are looked for: a long
# sentence, from whose middle more was left out than they are themselves.
REACH_OF_ENDS = 60


def tidy(places: Ints, wanted: Query, seeds: Seeds) -> None:
    """Untie, in `places`, what is tied by chance, and move omissions to marks of punctuation."""
    _let_segments_go(places, wanted)
    _let_scraps_go(places, wanted)
    _tie_ends(places, wanted, seeds)
    _slide(places, wanted, seeds)


def runs_of(places: Ints, wanted: Query) -> list[tuple[int, int]]:
    """The stretches of words, from and up to, that are tied to neighbouring words of the source and lie
    in one segment."""
    tied = np.flatnonzero(places >= 0)
    if not len(tied):
        return []
    apart = (np.diff(tied) != 1) | (np.diff(places[tied]) != 1) | (np.diff(wanted.segments[tied]) != 0)
    edges = np.concatenate([[0], np.flatnonzero(apart) + 1, [len(tied)]])
    return [(int(tied[a]), int(tied[b - 1]) + 1) for a, b in pairwise(edges)]


def _let_segments_go(places: Ints, wanted: Query) -> None:
    """Untie segments of which too little is tied, and short ones that are too far from the others."""
    longest: dict[int, int] = {}  # a run lies in one segment, so letting others go does not touch it
    for a, b in runs_of(places, wanted):
        segment = int(wanted.segments[a])
        longest[segment] = max(longest.get(segment, 0), b - a)
    left = int(np.count_nonzero(places >= 0))
    for segment, run in longest.items():
        a, b = np.searchsorted(wanted.segments, [segment, segment + 1])
        inside = np.arange(a, b)
        tied = inside[places[inside] >= 0]
        if len(tied) == left:
            continue
        known = float(wanted.bits[tied].sum())
        poor = known < LEAST_OF_SEGMENT * wanted.bits[inside].sum() and run < SAVING_RUN
        if poor or known < np.log2(1 + _distance(places, tied)) + BITS_BEYOND_DISTANCE:
            places[tied] = -1
            left -= len(tied)


def _distance(places: Ints, tied: NDArray[np.intp]) -> int:
    """How far, in words of the source, the tied words are from the nearest tied word outside them."""
    others = np.delete(places, np.arange(tied[0], tied[-1] + 1))
    others = others[others >= 0]
    low, high = int(places[tied].min()), int(places[tied].max())
    if not len(others):
        return 0
    return int(np.min(np.where(others < low, low - others, np.abs(others - high))))


def _let_scraps_go(places: Ints, wanted: Query) -> None:
    """Untie short runs between larger changes, the poorest first."""
    runs = runs_of(places, wanted)
    known = [float(wanted.bits[a:b].sum()) for a, b in runs]
    changed = [_changed(runs, number, places, wanted) for number in range(len(runs) + 1)]
    while True:
        scraps = [
            (known[n], a, b, n)
            for n, (a, b) in enumerate(runs)
            if b - a <= LONGEST_SCRAP and known[n] < BITS_A_CHANGE * min(changed[n], changed[n + 1])
        ]
        if not scraps:
            return
        _, a, b, n = min(scraps)
        places[a:b] = -1
        del runs[n], known[n]
        changed[n : n + 2] = [_changed(runs, n, places, wanted)]


def _changed(runs: list[tuple[int, int]], number: int, places: Ints, wanted: Query) -> int:
    """The words changed before run `number` of a quotation: of it or of the source, whichever is more. What
    an ellipsis leaves out is not counted, nor what the source has beyond the quotation."""
    start = runs[number - 1][1] if number else 0
    end = runs[number][0] if number < len(runs) else len(places)
    own = end - start
    if number in (0, len(runs)) or wanted.segments[start - 1] != wanted.segments[end]:
        return own
    passed = int(places[end]) - int(places[start - 1]) - 1
    return max(own, passed if passed >= 0 else own)


def _tie_ends(places: Ints, wanted: Query, seeds: Seeds) -> None:
    """Tie the words before the first tied one and after the last, if all of them stand together not far
    off: an omission without a mark is otherwise taken for a change of the words beside it."""
    tied = np.flatnonzero(places >= 0)
    if not len(tied):
        return
    first, last = int(tied[0]), int(tied[-1]) + 1
    if first and wanted.segments[0] == wanted.segments[first]:
        at = int(places[first])
        _tie_end(places, 0, first, Span(max(_work(at, seeds).start, at - REACH_OF_ENDS), at), wanted, seeds)
    if last < len(places) and wanted.segments[-1] == wanted.segments[last - 1]:
        at = int(places[last - 1]) + 1
        end = min(_work(at - 1, seeds).end, at + REACH_OF_ENDS)
        _tie_end(places, last, len(places), Span(at, end), wanted, seeds)


def _tie_end(places: Ints, a: int, b: int, window: Span, wanted: Query, seeds: Seeds) -> None:
    """Tie the words from `a` up to `b` where they stand in the window, nearest to the tied ones, if that
    says more than chance: in so many words any two small ones stand somewhere."""
    numbers, found = seeds.numbers(wanted.keys[a:b]), seeds.words[window.start : window.end]
    starts = [
        at for at in range(len(found) - len(numbers) + 1) if np.array_equal(found[at : at + b - a], numbers)
    ]
    if not starts:
        return
    at = starts[0] if b == len(places) else starts[-1]
    passed = at if b == len(places) else len(found) - len(numbers) - at
    there = np.arange(window.start + at, window.start + at + b - a)
    says = float(wanted.bits[a:b].sum()) - np.log2(1 + passed)
    if says >= BITS_BEYOND_DISTANCE and not np.isin(there, places).any():
        places[a:b] = there


def _work(at: int, seeds: Seeds) -> Span:
    """The positions of the work that holds a position."""
    number = seeds.work_at(at)
    return Span(int(seeds.first[number]), int(seeds.first[number + 1]))


def _slide(places: Ints, wanted: Query, seeds: Seeds) -> None:
    """Where words are left out without others in their place, and the same words stand on either side,
    leave out those between marks of punctuation."""
    for i in range(len(places) - 1):
        before, after = int(places[i]), int(places[i + 1])
        if before < 0 or after - before < 2 or wanted.segments[i] != wanted.segments[i + 1]:
            continue
        best, shift = _marks_around(before, after, seeds), 0
        for step in (-1, 1):
            moved = step
            while _may_move(places, i, moved, seeds):
                found = _marks_around(before + moved, after + moved, seeds)
                if found > best:
                    best, shift = found, moved
                moved += step
        if shift < 0:
            places[i + 1 + shift : i + 1] += after - before - 1
        elif shift > 0:
            places[i + 1 : i + 1 + shift] -= after - before - 1


def _may_move(places: Ints, i: int, moved: int, seeds: Seeds) -> bool:
    """Whether the omission after word i can be moved by that many words (negative: to the left)."""
    before, after = int(places[i]), int(places[i + 1])
    at = i + 1 + moved if moved < 0 else i + moved
    if not 0 <= at < len(places):
        return False
    here = before + moved + 1 if moved < 0 else after + moved - 1
    there = after + moved if moved < 0 else before + moved
    return int(places[at]) == here and seeds.words[here] == seeds.words[there]


def _marks_around(before: int, after: int, seeds: Seeds) -> int:
    """How many ends of the words left out have more than a space beside them in the source."""
    return sum(_gap(at, seeds) > 1 for at in (before, after - 1))


def _gap(at: int, seeds: Seeds) -> int:
    """The characters between the word at a position and the next."""
    if at < 0 or at + 1 >= len(seeds.words):
        return 0
    return int(seeds.starts[at + 1]) - int(seeds.starts[at]) - int(seeds.lengths[at])

"""From shared triples to the best chain of runs in each work.

A run is a stretch of words that quotation and source share in one piece (a diagonal); a chain is runs in
the order of the quotation, each step paying for what it leaves out: colinear chaining by dynamic
programming, with words weighed by their rarity.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.align.query import Query
from indexer.align.seeds import SEED, Seeds, hashed
from indexer.normalise import Ints

Floats = NDArray[np.float64]

# More runs than these in one work, and one for every so many words of the quotation, are stock phrases; the
# richest are kept. A run is chained to one of so many before it: what would be quadratic is not.
MOST_RUNS, WORDS_A_RUN, RUNS_BACK = 30, 4, 200
# More works than this need not be tried in full; those that share most come first.
MOST_GROUPS = 24
# A group that shares less than this part of what the best shares (in runs beyond stock phrases; in its
# best chain) is not looked at further, nor one that has less than this share of the quotation.
WORTH_TRYING, WORTH_FITTING = 0.3, 0.6
LEAST_WORTH, LEAST_CHAINED = 0.05, 0.15
# Bits that any two texts share by three stock words; sharing counts only beyond them.
STOCK_BITS = 14.0
# What a step costs, in bits: for a change of distance without a mark, per doubling; the same at an
# ellipsis.
GAP_OPEN, GAP = 3.0, 3.0
ELLIPSIS_GAP = 0.6
# A step farther than quotations are commonly taken together, with an ellipsis or without (in words), or
# a step back, is as good as a new place in the work: what stands there must be beyond chance by itself.
FAR, FAR_UNMARKED = 500, 40
NEW_PLACE = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Stretches shared: first word in the quotation, position in the stream, length, all in words."""

    query: Ints
    source: Ints
    length: Ints

    def __len__(self) -> int:
        return len(self.query)

    def of(self, chosen: NDArray[Any] | slice) -> "Runs":
        return Runs(self.query[chosen], self.source[chosen], self.length[chosen])


def runs(wanted: Query, numbers: Ints, seeds: Seeds) -> Runs:
    """All stretches of three words or more that the quotation shares with any source."""
    at, found = _hits(wanted, numbers, seeds)
    diagonal = found - at
    order = np.lexsort((found, diagonal))
    at, found, diagonal = at[order], found[order], diagonal[order]
    if not len(at):
        return Runs(at, found, at)
    new = np.ones(len(at), bool)
    new[1:] = (np.diff(diagonal) != 0) | (np.diff(found) != 1)
    heads = np.flatnonzero(new)
    length = np.diff(np.append(heads, len(at))) + SEED - 1
    return Runs(at[heads], found[heads], length.astype(np.int32))


def outside(apart: Sequence[int], shared: Runs, seeds: Seeds) -> Runs:
    """The runs that lie in none of these works."""
    if not apart:
        return shared
    return shared.of(~np.isin(np.searchsorted(seeds.first, shared.source, side="right") - 1, apart))


def _hits(wanted: Query, numbers: Ints, seeds: Seeds) -> tuple[Ints, Ints]:
    """Triples of the quotation (index of their first word) and the positions where they stand."""
    none = np.zeros(0, np.int32)
    if len(wanted) < SEED or not len(seeds.hashes):
        return none, none
    known = np.minimum(np.minimum(numbers[:-2], numbers[1:-1]), numbers[2:]) >= 0
    at = np.flatnonzero(known & (wanted.segments[:-2] == wanted.segments[2:])).astype(np.int32)
    hashes = hashed(seeds.prints[numbers])[at]
    low = np.searchsorted(seeds.hashes, hashes, side="left")
    count = np.searchsorted(seeds.hashes, hashes, side="right") - low
    at = np.repeat(at, count)
    within = np.arange(len(at)) - np.repeat(np.cumsum(count) - count, count)
    found = seeds.places[np.repeat(low, count) + within].astype(np.int32)
    same = np.ones(len(found), bool)
    for k in range(SEED):
        same &= seeds.words[found + k] == numbers[at + k]
    return at[same], found[same]


def groups(shared: Runs, wanted: Query, seeds: Seeds) -> tuple[Ints, Floats, Ints]:
    """The groups of works that share words, those that share most bits first; what they share; and the
    group of each run."""
    of_run = seeds.group[np.searchsorted(seeds.first, shared.source, side="right") - 1]
    upto = np.concatenate([[0.0], np.cumsum(wanted.bits)])
    worth = np.maximum(upto[shared.query + shared.length] - upto[shared.query] - STOCK_BITS, 0.0)
    place = of_run.astype(np.int64) * len(wanted) + shared.query
    order = np.lexsort((-worth, place))
    # Each word of the quotation counts once a group, where it is worth most.
    once = order[np.diff(place[order], prepend=-1) != 0]
    total = np.bincount(of_run[once], worth[once])
    found = np.flatnonzero(total > 0.0)
    found = found[np.lexsort((found, -np.round(total[found], 3)))]
    return found.astype(np.int32), np.asarray(total[found], np.float64), of_run


def tried(order: Ints, worth: Floats, wanted: Query) -> list[int]:
    """The groups of works that share enough with the quotation, of all and of what the best shares."""
    enough = max(WORTH_TRYING * worth.max(initial=0.0), LEAST_WORTH * float(wanted.bits.sum()))
    best: list[int] = order[worth >= enough].tolist()[:MOST_GROUPS]
    return best


def chain(shared: Runs, wanted: Query) -> list[tuple[int, int, int]]:
    """The best chain of runs of one group, as (query, source, length), in the quotation's order."""
    upto = np.concatenate([[0.0], np.cumsum(wanted.bits)])
    worth = upto[shared.query + shared.length] - upto[shared.query]
    most = MOST_RUNS + len(wanted) // WORDS_A_RUN
    if len(shared) > most:
        # Of runs that say the same, those beside the richest one are more likely its neighbours.
        away = np.abs(shared.source - shared.source[int(np.argmax(worth))])
        likely = worth - np.where(away > FAR, NEW_PLACE, 0.0)
        kept = np.lexsort((away, shared.query, -likely))[:most]
        shared, worth = shared.of(kept), worth[kept]
    order = np.lexsort((shared.source, shared.query))
    shared, worth = shared.of(order), worth[order]
    best, back = worth.copy(), np.full(len(shared), -1)
    for r in range(1, len(shared)):
        first = max(0, r - RUNS_BACK)
        gains = best[first:r] + _steps(shared, first, r, wanted, upto)
        before = int(np.argmax(gains))
        if gains[before] > best[r]:
            best[r], back[r] = gains[before], first + before
    return list(_disjoint(shared, _path(best, back)))


def chained_bits(chained: list[tuple[int, int, int]], wanted: Query) -> float:
    """What the words of a chain say."""
    return sum(float(wanted.bits[at : at + length].sum()) for at, _, length in chained)


def _path(best: Floats, back: Ints) -> list[int]:
    r, path = int(np.argmax(best)), []
    while r >= 0:
        path.append(r)
        r = int(back[r])
    return path[::-1]


def _steps(shared: Runs, first: int, r: int, wanted: Query, upto: Floats) -> Floats:
    """What run r adds after each run from the first to it: its bits, less what overlaps, less the cost of the
    step."""
    start, end = int(shared.query[r]), int(shared.query[r] + shared.length[r])
    before = shared.of(np.s_[first:r])
    query_ends, source_ends = before.query + before.length, before.source + before.length
    leap = int(shared.source[r]) - source_ends
    lost = np.maximum(query_ends - start, 0)
    # A step back by less than the run's length on a later diagonal is an overlap, not a change of order.
    slight = (leap < 0) & (-leap < shared.length[r]) & (before.source < shared.source[r])
    lost = np.maximum(lost, np.where(slight, -leap, 0))
    left = upto[end] - upto[np.minimum(start + lost, end)]
    left = np.where(lost >= end - start, -np.inf, left)
    skipped = np.maximum(start + lost - query_ends, 0)
    passed = np.where(slight, 0, leap + lost)
    at_ellipsis = wanted.segments[np.minimum(start + lost, end - 1)] != wanted.segments[query_ends - 1]
    return np.asarray(left - step_cost(skipped, passed, at_ellipsis))


def step_cost(skipped: Ints, passed: Ints, at_ellipsis: NDArray[np.bool_]) -> Floats:
    """The bits a step costs that leaves out `skipped` words of the quotation and passes over `passed` of
    the source (negative: it goes back)."""
    drift = np.abs(passed - skipped)
    plain = np.where(drift > 0, GAP_OPEN + GAP * np.log2(1 + drift), 0.0)
    plain = plain + np.where(drift > FAR_UNMARKED, NEW_PLACE, 0.0)
    marked = ELLIPSIS_GAP * np.log2(1 + np.abs(passed))
    marked = marked + np.where((passed > FAR) | (passed < 0), NEW_PLACE, 0.0)
    backward = np.where(passed < 0, NEW_PLACE, 0.0)
    return np.asarray(np.where(at_ellipsis, marked, plain + backward))


def _disjoint(shared: Runs, path: list[int]) -> Iterator[tuple[int, int, int]]:
    """The runs of a path, each cut at its start where it overlaps the one before."""
    query_end = source_end = -1
    for r in path:
        at, found, length = int(shared.query[r]), int(shared.source[r]), int(shared.length[r])
        lost = max(0, query_end - at)
        if found < source_end < found + length:
            lost = max(lost, source_end - found)
        if lost < length:
            yield at + lost, found + lost, length - lost
            query_end, source_end = at + length, found + length

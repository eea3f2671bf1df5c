"""Some sources exchanged for others: whether that can make a difference to where a quotation was found.

`align` weighs places against each other, so a source can matter without being the place: it may be the
best, by which others are measured, or take one of a limited number of turns. Here that is followed step by
step, so that what is not looked for again is exactly what would be found again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.align import noisy
from indexer.align.chain import (
    LEAST_CHAINED,
    LEAST_WORTH,
    WORTH_FITTING,
    Runs,
    chain,
    chained_bits,
    groups,
    outside,
    runs,
    tried,
)
from indexer.align.query import Query, query
from indexer.align.seeds import Seeds
from indexer.models import Alignment, Quotation


@dataclass(frozen=True, slots=True, eq=False)
class Swap:
    """The words of all sources before and after, and of those alone that go and that come; `works` are the
    ids of both, with all the chapters of whatever one is a chapter of."""

    before: Seeds
    after: Seeds
    going: Seeds
    coming: Seeds
    works: frozenset[str]


def may_differ(
    quotation: Quotation, text: str, swap: Swap, found: Alignment | None, without: Sequence[str] = ()
) -> bool:
    """Whether `align` may find another thing after a swap than it `found` before, for a quotation of an essay
    with this text that neither stands in one of the swapped works nor cites one.

    False only if none of them has a place that is worth fitting, and the other works that are tried are the
    same with those that go as with those that come.
    """
    wanted = query(quotation, text)
    weighs = False
    for seeds in (swap.going, swap.coming):
        shared = _shared(wanted, seeds, without)
        if (len(shared) and int(shared.length.max()) == len(wanted)) or noisy.stretches(wanted, seeds):
            return True
        worth = groups(shared, wanted, seeds)[1]
        weighs = weighs or bool(np.any(worth >= LEAST_WORTH * float(wanted.bits.sum())))
    return weighs and _weighs(wanted, swap, found, without)


def _weighs(wanted: Query, swap: Swap, found: Alignment | None, without: Sequence[str]) -> bool:
    """Whether a swapped work that is tried is worth fitting, or another work is tried with it or without."""
    others = []
    for seeds in (swap.before, swap.after):
        shared = _shared(wanted, seeds, without)
        order, worth, of_run = groups(shared, wanted, seeds)
        bits = dict.fromkeys(tried(order, worth, wanted), 0.0)
        names = {g: str(seeds.works[np.searchsorted(seeds.group, g)]) for g in bits}
        place = seeds.numbers_of([found.place.work_id] if found else [])
        for g in bits:
            if names[g] in swap.works or g in seeds.group[place]:
                bits[g] = chained_bits(chain(shared.of(of_run == g), wanted), wanted)
        least = LEAST_CHAINED * float(wanted.bits.sum())
        least = max([least, *(WORTH_FITTING * b for g, b in bits.items() if names[g] not in swap.works)])
        if any(b >= least for g, b in bits.items() if names[g] in swap.works):
            return True
        others.append([name for name in names.values() if name not in swap.works])
    return others[0] != others[1]


def _shared(wanted: Query, seeds: Seeds, without: Sequence[str]) -> Runs:
    """The runs that the quotation shares with these sources."""
    return outside(seeds.numbers_of(without), runs(wanted, seeds.numbers(wanted.keys), seeds), seeds)

"""Quotations so misprinted that few words are left whole: found by the rare words that are, then by letters.

Each rare word that is still whole votes for the stretches of the sources where it would stand at its own
distance from the others; the stretches with most votes are compared letter by letter.
"""

from collections.abc import Iterator

import numpy as np

from indexer.align.fit import Fit, by_letters, fit
from indexer.align.query import Query
from indexer.align.seeds import Seeds
from indexer.likeness import pair
from indexer.models import Span

# A word that says less than this many bits has no vote.
LEAST_VOTE = 12.0
# Votes are counted by stretches of as many words (a power of two): noise joins and splits words.
STRETCH = 16
# Looked at: this many stretches, if their votes are this share of the quotation's bits and of so many words.
MOST_STRETCHES, LEAST_SHARE, FEWEST_VOTES = 5, 0.15, 3
# A longer quotation, in words, has some that stand together whole, however misprinted; letters would cost the
# square of it.
LONGEST = 4000


def fits(wanted: Query, seeds: Seeds) -> Iterator[Fit]:
    """Fits at the stretches of the sources that share most rare words with the quotation."""
    for start in stretches(wanted, seeds):
        work = seeds.work_at(start)
        bounds = Span(int(seeds.first[work]), int(seeds.first[work + 1]))
        last = min(bounds.end, start + len(wanted) + 3 * STRETCH)
        fitted = in_window(wanted, seeds, Span(max(bounds.start, start - STRETCH), last), bounds)
        if fitted:
            yield fitted


def in_window(wanted: Query, seeds: Seeds, window: Span, bounds: Span) -> Fit | None:
    """The fit whose longest segment is sought by its letters in a stretch of the sources, if it is not too
    long for that."""
    if not 0 < len(wanted) <= LONGEST:
        return None
    longest = int(np.argmax(np.bincount(wanted.segments)))
    at = np.flatnonzero(wanted.segments == longest)
    keys = [wanted.keys[i] for i in at.tolist()]
    found = seeds.keys(window.start, window.end)
    span = by_letters(keys, found)
    if span is None:
        return None
    tied = pair(keys, found[span.start : span.end], free_start=True, free_end=True)
    chained = [(int(at[i]), window.start + span.start + j, 1) for i, j in tied]
    return fit(chained, wanted, seeds, bounds)


def stretches(wanted: Query, seeds: Seeds) -> list[int]:
    """The positions where stretches begin that most rare words vote for, best first.

    Stretches are counted from the beginning of their work, so that it makes no difference to one work
    which others the archive holds.
    """
    if len(wanted) > LONGEST:
        return []
    numbers = seeds.numbers(wanted.keys)
    votes = [
        (i, seeds.positions(n))
        for i, n in enumerate(numbers.tolist())
        if n >= 0 and wanted.bits[i] >= LEAST_VOTE
    ]
    if len(votes) < FEWEST_VOTES:
        return []
    begun = np.concatenate([[0], np.cumsum(np.diff(seeds.first) // STRETCH + 1)])
    voter = np.concatenate([np.full(len(places), i) for i, places in votes])
    places = np.concatenate([places for _, places in votes]).astype(np.int64)
    work = np.searchsorted(seeds.first, places, side="right") - 1
    stretch = begun[work] + np.maximum(places - voter - seeds.first[work], 0) // STRETCH
    # A vote counts for its stretch and the one before, once a word; most stretches have one or two.
    stretch = np.concatenate([stretch, np.maximum(stretch - 1, begun[work])])
    voter = np.concatenate([voter, voter])
    heard = np.bincount(stretch)[stretch] >= FEWEST_VOTES
    once = np.sort(stretch[heard] * len(wanted) + voter[heard])  # quicker than the tables of `unique`
    once = once[np.diff(once, prepend=-1) != 0]
    chosen, of_vote = np.unique(once // len(wanted), return_inverse=True)
    total = np.bincount(of_vote, wanted.bits[once % len(wanted)], len(chosen))
    many = np.bincount(of_vote, minlength=len(chosen))
    enough = (many >= FEWEST_VOTES) & (total >= LEAST_SHARE * wanted.bits.sum())
    best = [int(chosen[k]) for k in np.lexsort((chosen, -total)).tolist() if enough[k]][:MOST_STRETCHES]
    works = (np.searchsorted(begun, best, side="right") - 1).tolist()
    return [int(seeds.first[w]) + (s - int(begun[w])) * STRETCH for s, w in zip(best, works, strict=True)]

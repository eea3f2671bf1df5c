"""Perhaps, in other words: where in the cited work another translation of a quotation may stand.

Likeness without equal words, so never a verdict: the rare words that both have (by their stems, in any
order) are weighed against those that only the quotation has, in windows as long as the quotation.
"""

from collections.abc import Sequence

import numpy as np

from indexer.align.query import Query, query
from indexer.align.seeds import Seeds
from indexer.likeness import Floats
from indexer.models import Place, Quotation, Span
from indexer.normalise import Ints

# Letters of a word's stem: enough to tell words apart, few enough to bring forms of one word together.
STEM = 5
# Words that say less than this many bits are in every translation of everything.
LEAST_BITS = 10.0
# Offered: a quotation of as many telling words, of whose bits the window has this share.
FEWEST_WORDS, LEAST_SHARE = 8, 0.5
# The best window must be better than any other by this much of its share, or it may be two things.
CLEARLY = 1.15


def perhaps(quotation: Quotation, text: str, seeds: Seeds, cited: Sequence[str]) -> Place | None:
    """The stretch of the cited work that may be the quotation in other words; None if none is clearly so."""
    wanted = query(quotation, text)
    stems = _stems(wanted)
    if len(stems) < FEWEST_WORDS:
        return None
    offers: list[tuple[float, int, int]] = []
    for work in seeds.numbers_of(cited):
        start, end = int(seeds.first[work]), int(seeds.first[work + 1])
        shares = _shares(stems, seeds, start, end, len(wanted))
        if len(shares):
            best = int(np.argmax(shares))
            away = np.abs(np.arange(len(shares)) - best) > len(wanted)
            offers.append((float(shares[best]), work, start + best))
            offers.append((float(shares[away].max(initial=0.0)), -1, 0))
    offers.sort(key=lambda offer: (-offer[0], offer[1]))
    if not offers or offers[0][0] < LEAST_SHARE or offers[0][1] < 0:
        return None
    if len(offers) > 1 and offers[0][0] < CLEARLY * offers[1][0]:
        return None
    _, work, at = offers[0]
    return _place(work, at, len(wanted), seeds)


def _stems(wanted: Query) -> dict[str, float]:
    """The stems of the telling words and their bits."""
    rows = zip(wanted.keys, wanted.bits.tolist(), strict=True)
    return {key[:STEM]: known for key, known in rows if known >= LEAST_BITS}


def _shares(stems: dict[str, float], seeds: Seeds, start: int, end: int, length: int) -> Floats:
    """For each window of a work, the share of the stems' bits that it holds, each stem counted once."""
    if end - start < length:
        return np.zeros(0)
    found = seeds.words[start:end]
    total = np.zeros(end - start - length + 1)
    for stem, known in stems.items():
        held = np.isin(found, _numbers(stem, seeds)).astype(np.int32)
        upto = np.concatenate([[0], np.cumsum(held)])
        total += known * (upto[length:] - upto[:-length] > 0)
    return np.asarray(total / sum(stems.values()))


def _numbers(stem: str, seeds: Seeds) -> Ints:
    """The words of the vocabulary that begin with a stem; the vocabulary is sorted."""
    low, high = np.searchsorted(seeds.vocabulary, [stem.encode("utf8"), stem.encode("utf8") + b"\xff"])
    return np.arange(low, high, dtype=np.int32)


def _place(work: int, at: int, length: int, seeds: Seeds) -> Place:
    span = Span(seeds.span(at).start, seeds.span(at + length - 1).end)
    return Place(str(seeds.works[work]), span)

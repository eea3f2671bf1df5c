"""Whether kept seeds are those of the sources: told without making them again.

One document is read at a time, and the long arrays are looked through a stretch at a time, so that memory
does not grow with the archive. A sorted list need not be sorted anew: it is whole if each of its entries is
true, they stand in order and so but once, and there are as many as there must be.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.align.seeds import SEED, Seeds, groups_of, hashed, in_order, lexis, read, taken
from indexer.models import Document, Work
from indexer.normalise import Ints

# Entries of the long arrays that are looked at together: some tens of megabytes.
STRETCH = 1 << 18
_LOW = np.uint64(32)


def unsound(kept: Seeds, works: Iterable[Work], document: Callable[[str], Document]) -> list[str]:
    """The names of the arrays that are not what `prepare` makes of these works' documents; none if all are.

    What hangs on an array that is named is not looked at.
    """
    ordered = in_order(works)
    if kept.works.tolist() != [work.id for work in ordered]:
        return ["works"]
    wrong = set(_streams(kept, (document(work.id) for work in ordered)))
    wrong |= set() if np.array_equal(kept.group, groups_of(ordered)) else {"group"}
    wrong |= set(_lexis(kept))
    return sorted(wrong or {*_triples(kept), *_holders(kept)})


def _streams(kept: Seeds, documents: Iterable[Document]) -> Iterator[str]:
    """The arrays that do not have the words of the documents, one after the other."""
    at, first, jumps = 0, [0], [np.zeros(0, np.int32)]
    for document in documents:
        met: dict[str, int] = {}
        now = read(document, met)
        then = taken(kept, at, at + len(now.words))
        keys = np.array([key.encode("utf8") for key in met], kept.vocabulary.dtype)[now.words]
        if not _within(then.words, len(kept.vocabulary)) or not np.array_equal(
            kept.vocabulary[then.words], keys
        ):
            yield "words"
        yield from (n for n in ("starts", "lengths") if not np.array_equal(getattr(then, n), getattr(now, n)))
        jumps.append(now.jumps + at)
        at += len(now.words)
        first.append(at)
    yield from (name for name in ("words", "starts", "lengths") if len(getattr(kept, name)) != at)
    if not np.array_equal(kept.first, first):
        yield "first"
    if not np.array_equal(kept.jumps, np.concatenate(jumps)):
        yield "jumps"


def _lexis(kept: Seeds) -> Iterator[str]:
    """What of the vocabulary is not that of the words: each once, in order, with its bits and its hash."""
    words = kept.vocabulary
    if np.any(words[:-1] >= words[1:]):
        yield "vocabulary"
    for a, b in _stretches(len(words)):
        known = lexis(words[a:b])
        if not np.array_equal(known.rarity, kept.rarity[a:b]):
            yield "rarity"
        if not np.array_equal(known.prints, kept.prints[a:b]):
            yield "prints"
    yield from (name for name in ("rarity", "prints") if len(getattr(kept, name)) != len(words))
    counts = np.zeros(len(words), np.int64)
    for a, b in _stretches(len(kept.words)):
        stretch = kept.words[a:b]
        if not _within(stretch, len(words)):
            yield "words"
            return
        counts += np.bincount(stretch, minlength=len(words))
    if not np.all(counts):
        yield "vocabulary"
    if not np.array_equal(kept.heads, np.concatenate([[0], np.cumsum(counts)])):
        yield "heads"


def _triples(kept: Seeds) -> Iterator[str]:
    """Whether the hash of each triple of words stands beside its place, and all in order."""
    number = int(np.maximum(np.diff(kept.first) - SEED + 1, 0).sum())
    if len(kept.hashes) != number:
        yield "hashes"
    if len(kept.places) != number:
        yield "places"
        return
    last = -1
    for a, b in _stretches(number):
        places, hashes = kept.places[a:b], kept.hashes[a:b]
        if not _within(places, len(kept.words) - SEED + 1) or np.any(
            _work_of(kept, places) != _work_of(kept, places + (SEED - 1))
        ):
            yield "places"
            return
        triples = kept.words[places[:, None] + np.arange(SEED)]
        if not np.array_equal(hashed(kept.prints[triples.ravel()])[::SEED], hashes):
            yield "hashes"
            return
        if (last := _in_order(hashes, places, last)) < 0:
            yield "places"
            return


def _holders(kept: Seeds) -> Iterator[str]:
    """Whether each position stands under its word, and all in order."""
    if len(kept.holders) != len(kept.words):
        yield "holders"
        return
    last = -1
    for a, b in _stretches(len(kept.holders)):
        holders = kept.holders[a:b]
        numbers = np.searchsorted(kept.heads, np.arange(a, b), side="right") - 1
        true = _within(holders, len(kept.words)) and np.array_equal(kept.words[holders], numbers)
        if not true or (last := _in_order(numbers, holders, last)) < 0:
            yield "holders"
            return


def _in_order(by: NDArray[Any], places: Ints, last: int) -> int:
    """The last of these pairs, as one number, if each is greater than the one before; else -1."""
    both = (by.astype(np.uint64) << _LOW) | places.astype(np.uint64)
    rising = int(both[0]) > last and bool(np.all(both[:-1] < both[1:]))
    return int(both[-1]) if rising else -1


def _work_of(kept: Seeds, places: Ints) -> NDArray[np.intp]:
    return np.searchsorted(kept.first, places, side="right")


def _within(numbers: Ints, end: int) -> bool:
    return not len(numbers) or (int(numbers.min()) >= 0 and int(numbers.max()) < end)


def _stretches(length: int) -> Iterator[tuple[int, int]]:
    return pairwise([*range(0, length, STRETCH), length])

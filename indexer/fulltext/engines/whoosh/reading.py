"""An open index: the lists of passages that Whoosh keeps, as arrays.

Whoosh's own queries walk one posting at a time, in Python; reading a whole list as an array and combining
arrays is many times faster and gives the same passages. One reader serves all threads: it is touched only
under a lock, and what it gave is kept, read-only, up to a bound. (A Whoosh searcher shared by threads fails
now and then, and one a thread costs memory each.)
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.fulltext.engines import natural
from indexer.fulltext.engines.whoosh.layout import WORDS, blocks, lengths, opened, segments
from indexer.fulltext.engines.whoosh.runs import Numbers, read_runs
from indexer.fulltext.facts import Values, values

KEPT_BYTES = 64 * 1024 * 1024  # of word lists kept in memory: the commonest some hundred of a large archive
KEPT_COUNTS = 16 * 1024 * 1024  # bytes of what phrases were counted: pages of one search ask for the same
Mask = NDArray[np.bool_]


T = TypeVar("T")


class Kept(Generic[T]):
    """What was read or counted, up to a number of bytes; what was asked for longest ago goes first."""

    def __init__(self, most: int, size: Callable[[T], int]) -> None:
        self._lock = threading.Lock()
        self._most, self._size = most, size
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under `key`, else what `make` gives; two who ask at once may both have it made."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._bytes += self._size(made)
            while self._bytes > self._most and len(self._kept) > 1:
                self._bytes -= self._size(self._kept.popitem(last=False)[1])
        return made


@dataclass(frozen=True, slots=True)
class Postings:
    """Where a word stands: the numbers of its passages, how often in each, and its places in the archive.

    A place counts words from the beginning of the archive, with one place left free after each passage,
    so that words of two passages are never neighbours.
    """

    passages: Numbers
    counts: Numbers
    places: Numbers


@dataclass(frozen=True, slots=True)
class Facet:
    """A fact about passages: its values, and which passage has which value, as pairs of numbers.

    `codes` gives for each passage the number of its value, or -1; of several values it is the last. `single`
    says that no passage has several.
    """

    known: Values
    codes: Numbers
    having: Numbers
    had: Numbers
    single: bool


class Index:
    """An index folder, open. Raises NoIndex or OtherVersion. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._lock = threading.RLock()
        self._reader = opened(folder)
        self._lists = Kept(KEPT_BYTES, _bytes)
        self.counted: Kept[Numbers] = Kept(KEPT_COUNTS, lambda counts: int(counts.nbytes))
        self._facets: dict[str, Facet] = {}
        self._segments = _numbered(self._reader, folder)
        self.size = sum(len(segment.docs) for segment in self._segments)
        self._docs: Numbers = np.empty(self.size, np.int32)
        self.lengths: Numbers = np.empty(self.size, np.int32)
        for segment in self._segments:
            numbers = segment.numbers[segment.docs]
            self._docs[numbers] = segment.docs + segment.offset
            self.lengths[numbers] = lengths(segment.leaf)[segment.docs]
        self.average = max(1.0, float(self.lengths.mean())) if self.size else 1.0
        self.firsts: Numbers = np.append(0, np.cumsum(self.lengths + 1)).astype(np.int32)

    def close(self) -> None:
        """Let the files go."""
        with self._lock:
            self._reader.close()

    def postings(self, word: str) -> Postings:
        """Where `word` stands, letter by letter; empty if nowhere."""
        return self._lists.get(word, partial(self._read, word))

    def facet(self, name: str) -> Facet:
        """A fact about all passages."""
        with self._lock:
            if name not in self._facets:
                self._facets[name] = self._read_facet(name)
            return self._facets[name]

    def stored(self, number: int) -> tuple[str, str]:
        """The ids of a passage and of its work."""
        with self._lock:
            fields = self._reader.stored_fields(int(self._docs[number]))
        return fields["passage"], fields["work_id"]

    def facts(self, number: int, name: str) -> list[str]:
        """The values that a passage has of a fact."""
        facet = self.facet(name)
        codes = facet.codes[[number]] if facet.single else facet.had[facet.having == number]
        return [facet.known.values[code] for code in codes if code >= 0]

    def _read(self, word: str) -> Postings:
        with self._lock:
            read = [self._read_in(segment, word) for segment in self._segments]
        if len(read) == 1:
            return read[0]
        passages = _joined([some.passages for some in read])
        order = np.argsort(passages, kind="stable")
        counts = _joined([some.counts for some in read])
        places = np.sort(_joined([some.places for some in read]))
        return Postings(passages[order], counts[order], places)

    def _read_in(self, segment: "_Segment", word: str) -> Postings:
        docs, counts, values = blocks(segment.leaf, WORDS, word)
        passages, inside = (
            segment.numbers[docs],
            np.frombuffer(values, segment.leaf.schema[WORDS].format.size),
        )
        places = np.repeat(self.firsts[passages], counts) + inside.astype(np.int32)
        if segment.whole:
            return Postings(passages, counts, places)
        stay = passages >= 0
        return Postings(passages[stay], counts[stay], places[np.repeat(stay, counts)])

    def _read_facet(self, name: str) -> Facet:
        found: dict[str, list[Numbers]] = {}
        for segment in self._segments:
            for value in segment.leaf.field_terms(name):
                numbers = segment.numbers[blocks(segment.leaf, name, value)[0]]
                if len(numbers := numbers[numbers >= 0]):
                    found.setdefault(value, []).append(numbers)
        known = values(found)
        lists = [np.sort(_joined(found[value])) for value in known.values]
        having = _joined(lists)
        had = np.repeat(np.arange(len(lists), dtype=np.int32), [len(passages) for passages in lists])
        codes = np.full(self.size, -1, np.int32)
        codes[having] = had
        return Facet(known, codes, having, had, single=np.count_nonzero(codes >= 0) == len(having))


@dataclass(frozen=True, slots=True)
class _Segment:
    """A part of the index with the numbers of its passages, -1 for those that are gone.

    `docs` are those that are not, by Whoosh's numbers, which begin at `offset` in the whole index; `whole`
    says that none is gone and that their numbers rise.
    """

    leaf: Any
    offset: int
    numbers: Numbers
    docs: Numbers

    @property
    def whole(self) -> bool:
        return len(self.docs) == len(self.numbers)


def _numbered(reader: Any, folder: Path) -> list[_Segment]:
    """The segments of an index, their passages numbered through in the order of the works."""
    found = [
        _Segment(leaf, offset, np.full(leaf.doc_count_all(), -1, np.int32), np.empty(0, np.int32))
        for leaf, offset in segments(reader)
    ]
    runs = [
        (natural(run.work), at, run)
        for at, segment in enumerate(found)
        for run in read_runs(folder / segment.leaf.segment().segment_id())
        if not segment.leaf.is_deleted(run.first)
    ]
    next_ = 0
    for _, at, run in sorted(runs, key=lambda row: row[:2]):
        found[at].numbers[run.first : run.first + run.passages] = np.arange(next_, next_ + run.passages)
        next_ += run.passages
    return [replace(s, docs=np.flatnonzero(s.numbers >= 0).astype(np.int32)) for s in found]


def _joined(lists: Sequence[Numbers]) -> Numbers:
    return np.concatenate([np.empty(0, np.int32), *lists])


def _bytes(postings: Postings) -> int:
    return int(postings.passages.nbytes + postings.counts.nbytes + postings.places.nbytes)

"""All sources as one stream of words, and where each triple of words stands in it.

Words are numbers, the index of their `normalise.key` in a sorted vocabulary. Works stand in the order
of their ids, so nothing that is found hangs on the order in which the sources came; chapters of one
work stand together and are one `group`. Words of notes come after the other words of their document,
marks of notes are in none: neither ever stands between two words of a match. Triples at every position
recalled every candidate in trials; pairs are many, fours lost some, thinned triples short quotations.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.likeness import bits
from indexer.models import Document, Span
from indexer.normalise import Ints, key, without_marks, words

# Keys longer than this many bytes are cut; no word that means anything is longer.
LONGEST_KEY = 64
SEED = 3  # words
# Odd multipliers that spread triples of small numbers over 32 bits (Knuth's multiplicative hashing).
_SPREAD = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)


@dataclass(frozen=True, slots=True, eq=False)
class Seeds:
    """The words of all sources. `first` and `group` have one number a work: the position of its first
    word (and one more for the end), and the work or set of chapters that it belongs to. `words`, `starts`
    and `lengths` have one number a position: the word, and its bounds in characters of its document.
    `jumps` are the positions before which a note was passed over. `hashes` and `places` are the triples,
    sorted; `heads` and `holders` say of each word of the vocabulary at which positions it stands."""

    works: NDArray[np.str_]
    first: Ints
    group: Ints
    vocabulary: NDArray[np.bytes_]
    rarity: NDArray[np.float32]
    words: Ints
    starts: Ints
    lengths: NDArray[np.uint16]
    jumps: Ints
    hashes: NDArray[np.uint32]
    places: Ints
    heads: Ints
    holders: Ints

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays by name, to be saved."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def load(cls, arrays: dict[str, NDArray[Any]]) -> Self:
        """The seeds of saved arrays, which may be memory-mapped."""
        return cls(**{field.name: arrays[field.name] for field in fields(cls)})

    def numbers(self, keys: Sequence[str]) -> Ints:
        """The numbers of words, -1 for those that are in no source."""
        if not len(self.vocabulary):
            return np.full(len(keys), -1, np.int32)
        wanted = np.array([_bytes(k) for k in keys], self.vocabulary.dtype)
        at = np.minimum(np.searchsorted(self.vocabulary, wanted), len(self.vocabulary) - 1)
        return np.where(self.vocabulary[at] == wanted, at, -1).astype(np.int32)

    def keys(self, start: int, end: int) -> list[str]:
        """The words at positions `start` up to `end`, folded for finding."""
        return [k.decode("utf8", "ignore") for k in self.vocabulary[self.words[start:end]].tolist()]

    def positions(self, number: int) -> Ints:
        """Where a word of the vocabulary stands."""
        return self.holders[self.heads[number] : self.heads[number + 1]]

    def work_at(self, position: int) -> int:
        """The number of the work in which a position lies."""
        return int(np.searchsorted(self.first, position, side="right")) - 1

    def span(self, position: int) -> Span:
        """The characters of the word at a position."""
        start = int(self.starts[position])
        return Span(start, start + int(self.lengths[position]))

    def numbers_of(self, work_ids: Sequence[str]) -> list[int]:
        """The numbers of those of the works that are held, in the order of the archive."""
        held: list[int] = np.flatnonzero(np.isin(self.works, np.array(work_ids, np.str_))).tolist()
        return held


@dataclass(frozen=True, slots=True, eq=False)
class _Stream:
    """The words of one document in the order in which they are matched."""

    keys: list[str]
    starts: Ints
    lengths: Ints
    jumps: Ints


def prepare(documents: Iterable[Document]) -> Seeds:
    """The seeds of all sources; their order does not matter."""
    ordered = sorted(documents, key=lambda d: (_family(d), _natural(d.work.id)))
    streams = [_stream(document) for document in ordered]
    first = np.cumsum([0, *(len(s.keys) for s in streams)]).astype(np.int32)
    vocabulary = sorted({k for s in streams for k in s.keys}, key=_bytes)
    number = {k: i for i, k in enumerate(vocabulary)}
    stream = _joined([np.fromiter((number[k] for k in s.keys), np.int32, len(s.keys)) for s in streams])
    hashes, places = _triples(stream, first)
    return Seeds(
        works=np.array([d.work.id for d in ordered], np.str_),
        first=first,
        group=_groups([_family(d) for d in ordered]),
        vocabulary=np.array([_bytes(k) for k in vocabulary], f"S{LONGEST_KEY}"),
        rarity=np.array([bits(k) for k in vocabulary], np.float32),
        words=stream,
        starts=_joined([s.starts for s in streams]),
        lengths=_joined([s.lengths for s in streams]).astype(np.uint16),
        jumps=_joined([s.jumps + at for s, at in zip(streams, first.tolist(), strict=False)]),
        hashes=hashes,
        places=places,
        heads=np.searchsorted(np.sort(stream), np.arange(len(vocabulary) + 1)).astype(np.int32),
        holders=np.argsort(stream, kind="stable").astype(np.int32),
    )


def hashed(a: Ints, b: Ints, c: Ints) -> NDArray[np.uint32]:
    """One number for each triple of words."""
    mixed = np.zeros(len(a), np.uint64)
    for word, spread in zip((a, b, c), _SPREAD, strict=True):
        mixed = (mixed ^ (word.astype(np.uint64) + np.uint64(1))) * np.uint64(spread)
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(32)).astype(np.uint32)


def _triples(stream: Ints, first: Ints) -> tuple[NDArray[np.uint32], Ints]:
    """The hashes of all triples within a work, sorted, and where each begins."""
    if len(stream) < SEED:
        return np.zeros(0, np.uint32), np.zeros(0, np.int32)
    hashes = hashed(stream[:-2], stream[1:-1], stream[2:])
    inside = np.ones(len(hashes), bool)
    for back in range(1, SEED):
        ends = first[1:-1] - back
        inside[ends[(ends >= 0) & (ends < len(hashes))]] = False
    places = np.flatnonzero(inside).astype(np.int32)
    order = np.argsort(hashes[places], kind="stable")
    places = places[order]
    return hashes[places], places


def _stream(document: Document) -> _Stream:
    text = document.text
    marks = [anchor.span for anchor in document.anchors if anchor.kind == "note"]
    found = words(text, [*marks, *without_marks(text)])
    order, jumps = _notes_last(document, found.starts)
    keys = [key(form)[:LONGEST_KEY] for form in found.forms]
    lengths = found.ends - found.starts
    return _Stream([keys[i] for i in order.tolist()], found.starts[order], lengths[order], jumps)


def _notes_last(document: Document, starts: Ints) -> tuple[Ints, Ints]:
    """The order of the words that puts those of notes last, and the places where it passes one over."""
    in_note = np.zeros(len(starts), bool)
    for block in document.blocks:
        if block.kind == "note":
            a, b = np.searchsorted(starts, [block.span.start, block.span.end])
            in_note[a:b] = True
    order = np.concatenate([np.flatnonzero(~in_note), np.flatnonzero(in_note)]).astype(np.int32)
    return order, (np.flatnonzero(np.diff(order) != 1) + 1).astype(np.int32)


def _family(document: Document) -> str:
    return document.work.parent or document.work.id


def _groups(families: list[str]) -> Ints:
    new = [i == 0 or family != families[i - 1] for i, family in enumerate(families)]
    return (np.cumsum(new) - 1).astype(np.int32)


def _natural(work_id: str) -> tuple[tuple[int, str], ...]:
    """Sorts chapter 2 before chapter 10."""
    return tuple((int(p), "") if p.isdigit() else (0, p) for p in re.split(r"(\d+)", work_id))


def _bytes(key: str) -> bytes:
    return key.encode("utf8")[:LONGEST_KEY]


def _joined(arrays: Sequence[NDArray[np.int32]]) -> Ints:
    return np.concatenate([np.zeros(0, np.int32), *arrays]).astype(np.int32, copy=False)

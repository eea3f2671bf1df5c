"""All sources as one stream of words, and where each triple of words stands in it.

Words are numbers, the index of their `normalise.key` in a sorted vocabulary. Works stand in the order
of their ids, so nothing that is found hangs on the order in which the sources came; chapters of one
work stand together and are one `group`. Words of notes come after the other words of their document,
marks of notes are in none: neither ever stands between two words of a match. Triples at every position
recalled every candidate in trials; pairs are many, fours lost some, thinned triples short quotations.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from indexer.errors import IndexUnusable
from indexer.likeness import bits
from indexer.models import Document, Span, Work
from indexer.normalise import Ints, key, without_marks, words

# Keys longer than this many bytes are cut; no word that means anything is longer.
LONGEST_KEY = 64
SEED = 3  # words
_KEY = np.dtype(f"S{LONGEST_KEY}")
_LOW = np.uint64(32)  # bits of a position, in a number that sorts by something else first
# Odd multipliers that spread triples of numbers over 32 bits (Knuth's multiplicative hashing).
_SPREAD = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)


@dataclass(frozen=True, slots=True, eq=False)
class Seeds:
    """The words of all sources. `first` and `group` have one number a work: the position of its first
    word (and one more for the end), and the work or set of chapters that it belongs to. `words`, `starts`
    and `lengths` have one number a position: the word, and its bounds in characters of its document.
    `jumps` are the positions before which a note was passed over. `prints` are the hashes of the words of the
    vocabulary, `hashes` and `places` those of triples of them, sorted; `heads` and `holders` say of each word
    of the vocabulary at which positions it stands."""

    works: NDArray[np.str_]
    first: Ints
    group: Ints
    vocabulary: NDArray[np.bytes_]
    rarity: NDArray[np.float32]
    prints: NDArray[np.uint32]
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
        """The seeds of saved arrays, maybe memory-mapped. Raises IndexUnusable where one is missing."""
        names = [field.name for field in fields(cls)]
        if lost := [name for name in names if name not in arrays]:
            raise IndexUnusable(f"The index lacks {', '.join(lost)}. Run: loccit index --rebuild")
        return cls(**{name: arrays[name] for name in names})

    def numbers(self, keys: Sequence[str]) -> Ints:
        """The numbers of words, -1 for those that are in no source."""
        if not len(self.vocabulary):
            return np.full(len(keys), -1, np.int32)
        wanted = np.array([_cut(k).encode() for k in keys], _KEY)
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
class Stream:
    """The words of one document, by number, in the order in which they are matched."""

    words: Ints
    starts: Ints
    lengths: NDArray[np.uint16]
    jumps: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Lexis:
    """The sorted words of all sources, what each says, and its hash."""

    vocabulary: NDArray[np.bytes_]
    rarity: NDArray[np.float32]
    prints: NDArray[np.uint32]


def prepare(documents: Iterable[Document]) -> Seeds:
    """The seeds of all sources; their order does not matter."""
    texts = {d.work.id: d for d in documents}
    return renewed(None, [d.work for d in texts.values()], texts)


def renewed(last: Seeds | None, works: Iterable[Work], changed: Mapping[str, Document]) -> Seeds:
    """The seeds of these sources, of which only those of `changed` are read: the words of the others are
    taken over from the last seeds. Array by array the same as `prepare` makes of all documents."""
    last = last or _seeds(
        (), (), (), Lexis(np.zeros(0, _KEY), np.zeros(0, np.float32), np.zeros(0, np.uint32))
    )
    ordered = in_order(works)
    before = {name: n for n, name in enumerate(last.works.tolist())}
    taken = {n: before[w.id] for n, w in enumerate(ordered) if w.id not in changed}
    met = {k.decode("utf8"): n for n, k in enumerate(last.vocabulary.tolist())}
    streams = [
        _taken(last, taken[n]) if n in taken else read(changed[work.id], met)
        for n, work in enumerate(ordered)
    ]
    lexis, streams = _renumbered(np.array([k.encode("utf8") for k in met], _KEY), streams)
    families = [_family(w) for w in ordered]
    return _seeds([w.id for w in ordered], families, streams, lexis, (last, taken))


def in_order(works: Iterable[Work]) -> list[Work]:
    """Works as they stand in the stream: chapters of one work together, chapter 2 before chapter 10."""
    return sorted(works, key=lambda w: (_family(w), _natural(w.id)))


def groups_of(ordered: Iterable[Work]) -> Ints:
    """The number of the group of each of works in this order."""
    return _groups([_family(w) for w in ordered])


def part(seeds: Seeds, work_ids: Sequence[str]) -> Seeds:
    """The seeds of some of the sources alone; their words keep their numbers."""
    numbers = seeds.numbers_of(work_ids)
    lexis = Lexis(seeds.vocabulary, seeds.rarity, seeds.prints)
    streams = [_taken(seeds, n) for n in numbers]
    return _seeds([str(seeds.works[n]) for n in numbers], seeds.group[numbers].tolist(), streams, lexis)


def taken(last: Seeds, a: int, b: int) -> Stream:
    """The words at these positions, those of one work, as the last seeds have them."""
    low, high = np.searchsorted(last.jumps, [a, b])
    return Stream(last.words[a:b], last.starts[a:b], last.lengths[a:b], last.jumps[low:high] - a)


def _taken(last: Seeds, n: int) -> Stream:
    return taken(last, int(last.first[n]), int(last.first[n + 1]))


def _renumbered(met: NDArray[np.bytes_], streams: list[Stream]) -> tuple[Lexis, list[Stream]]:
    """The words that still stand somewhere in their order, and the streams with the numbers of these."""
    used = np.flatnonzero(np.bincount(_joined([s.words for s in streams]), minlength=len(met)))
    order = used[np.argsort(met[used])]
    numbers = np.full(len(met), -1, np.int32)
    numbers[order] = np.arange(len(order), dtype=np.int32)
    return lexis(met[order]), [replace(s, words=numbers[s.words]) for s in streams]


def lexis(words_: NDArray[np.bytes_]) -> Lexis:
    """Words with what each says and its hash."""
    keys = words_.tolist()
    rarity = np.array([bits(k.decode("utf8")) for k in keys], np.float32)
    return Lexis(words_, rarity, np.array([crc32(k) for k in keys], np.uint32))


def _seeds(
    names: Sequence[str], families: Sequence[object], streams: Sequence[Stream], lexis: Lexis,
    last: tuple[Seeds, Mapping[int, int]] | None = None,
) -> Seeds:  # fmt: skip
    """The seeds of works in this order. `last` are seeds in which words are indexed already, and the number
    there of each work that is taken over, by its number here."""
    first = np.cumsum([0, *(len(s.words) for s in streams)]).astype(np.int32)
    stream = _joined([s.words for s in streams])
    taken = last[1] if last else {}
    moved = _moved(*last, first) if last else np.zeros(0, np.int32)
    read = [np.arange(first[n], first[n + 1], dtype=np.int32) for n in range(len(names)) if n not in taken]
    triples = [_triples(stream, at, lexis.prints) for at in read]
    places, holders = [p for _, p in triples], _joined(read)
    hashes = [h for h, _ in triples]
    if last:
        now = moved[last[0].places]
        hashes, places = [last[0].hashes[now >= 0], *hashes], [now[now >= 0], *places]
        now = moved[last[0].holders]
        holders = _joined([now[now >= 0], holders])
    sorted_hashes, sorted_places = _sorted(np.concatenate([np.zeros(0, np.uint32), *hashes]), _joined(places))
    return Seeds(
        works=np.array(names, np.str_),
        first=first,
        group=_groups(families),
        vocabulary=lexis.vocabulary,
        rarity=lexis.rarity,
        prints=lexis.prints,
        words=stream,
        starts=_joined([s.starts for s in streams]),
        lengths=np.concatenate([np.zeros(0, np.uint16), *(s.lengths for s in streams)]),
        jumps=_joined([s.jumps + at for s, at in zip(streams, first.tolist(), strict=False)]),
        hashes=sorted_hashes,
        places=sorted_places,
        heads=np.cumsum([0, *np.bincount(stream, minlength=len(lexis.vocabulary))]).astype(np.int32),
        holders=_sorted(stream[holders], holders)[1],
    )


def _moved(last: Seeds, taken: Mapping[int, int], first: Ints) -> Ints:
    """Where each position of the last stream is now; -1 if it is gone or was read again."""
    moved = np.full(len(last.words), -1, np.int32)
    for now, then in taken.items():
        moved[last.first[then] : last.first[then + 1]] = np.arange(first[now], first[now + 1])
    return moved


def _sorted(by: NDArray[Any], places: Ints) -> tuple[NDArray[np.uint32], Ints]:
    """Numbers and positions, sorted by both; what is for the most part sorted costs little (timsort)."""
    both = (by.astype(np.uint64) << _LOW) | places.astype(np.uint64)
    both.sort(kind="stable")
    return (both >> _LOW).astype(np.uint32), both.astype(np.uint32).astype(np.int32)


def hashed(prints: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """One number for each triple of words that follow each other, of the hashes of the words."""
    mixed = np.zeros(max(len(prints) - SEED + 1, 0), np.uint64)
    for n, spread in enumerate(_SPREAD):
        mixed = (mixed ^ (prints[n : n + len(mixed)].astype(np.uint64) + np.uint64(1))) * np.uint64(spread)
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(32)).astype(np.uint32)


def _triples(stream: Ints, at: Ints, prints: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], Ints]:
    """The hashes of the triples within one work, which has these positions, and where each begins."""
    hashes = hashed(prints[stream[at]])
    return hashes, at[: len(hashes)]


def read(document: Document, met: dict[str, int]) -> Stream:
    """The words of a document; those that were not met before get the next numbers."""
    text = document.text
    marks = [anchor.span for anchor in document.anchors if anchor.kind == "note"]
    found = words(text, [*marks, *without_marks(text)])
    order, jumps = _notes_last(document, found.starts)
    numbers = [met.setdefault(_cut(key(form)), len(met)) for form in found.forms]
    lengths = (found.ends - found.starts).astype(np.uint16)
    return Stream(np.array(numbers, np.int32)[order], found.starts[order], lengths[order], jumps)


def _notes_last(document: Document, starts: Ints) -> tuple[Ints, Ints]:
    """The order of the words that puts those of notes last, and the places where it passes one over."""
    in_note = np.zeros(len(starts), bool)
    for block in document.blocks:
        if block.kind == "note":
            a, b = np.searchsorted(starts, [block.span.start, block.span.end])
            in_note[a:b] = True
    order = np.concatenate([np.flatnonzero(~in_note), np.flatnonzero(in_note)]).astype(np.int32)
    return order, (np.flatnonzero(np.diff(order) != 1) + 1).astype(np.int32)


def _family(work: Work) -> str:
    return work.parent or work.id


def _groups(families: Sequence[object]) -> Ints:
    new = [i == 0 or family != families[i - 1] for i, family in enumerate(families)]
    return (np.cumsum(new) - 1).astype(np.int32)


def _natural(work_id: str) -> tuple[tuple[int, str], ...]:
    """Sorts chapter 2 before chapter 10."""
    return tuple((int(p), "") if p.isdecimal() else (0, p) for p in re.split(r"(\d+)", work_id))


def _cut(key: str) -> str:
    """A word of at most LONGEST_KEY bytes."""
    return key if len(key) * 4 <= LONGEST_KEY else key.encode("utf8")[:LONGEST_KEY].decode("utf8", "ignore")


def _joined(arrays: Sequence[NDArray[np.int32]]) -> Ints:
    return np.concatenate([np.zeros(0, np.int32), *arrays]).astype(np.int32, copy=False)

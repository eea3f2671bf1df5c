"""Writing an index, fresh or renewed: passages to Whoosh, sorted as arrays instead of as tuples.

Whoosh's own writer sorts one Python tuple for every word of every passage; with millions of them that is
most of its time and all of its memory. Here the words are numbers in one array, sorted once, and the writer
is handed the postings in the order in which its codec wants them. The files are Whoosh's own.

The index holds one field of words exactly as they stand, without stop list and stemmer, each with its
positions. The inflected forms of a word are looked up in the list of all words (`words.json`), so there is no
second, stemmed field. Facts about passages (author, kind ...) are fields of whole values.

A segment never changes. A renewal links the segments of the last index, notes which of their passages are
gone, and writes the new passages as one more segment. Into that it takes the passages of each segment that
holds no more than it does itself, or of which most are gone. So there are few segments (each renewal that
takes one in doubles it at least), and the index holds at most twice what it says.
"""

import os
import shutil
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.writing import SegmentWriter

from indexer.fulltext.engines import FACTS, facts, natural
from indexer.fulltext.engines.whoosh.layout import (
    INDEX_NAME,
    LONG,
    SHORT,
    WORDS,
    blocks,
    lengths,
    opened,
    schema,
    segments,
)
from indexer.fulltext.engines.whoosh.runs import Numbers, Run, cut, read_runs, spreads, write_runs
from indexer.fulltext.records import Record
from indexer.fulltext.vocabulary import Words
from indexer.fulltext.words import WORD, fold, language_of

COMPRESSION = 1  # zlib's fastest: its default of 3 takes a third more time for a tenth less
BLOCK = 4096  # postings read at once; Whoosh's 128 serve skipping, here whole lists are read
Posting = tuple[bytes, NDArray[np.uint32], NDArray[np.float32], list[bytes]]  # a term and its whole list


def write(folder: Path, records: Iterable[Record], words: Words) -> int:
    """Write a fresh index of `records` into `folder` and count its words.

    Works are put in the order of their names, the passages of a work stay as they come.
    """
    gathered = _Gathered()
    for record in records:
        gathered.take(record)
    _write(folder, gathered, [], words)
    return len(gathered.works)


def renew(folder: Path, last: Path, gone: Collection[str], records: Iterable[Record], words: Words) -> int:
    """Write into `folder` what the index `last` holds, without the works `gone` and with `records`.

    The segments of `last` are linked, not copied, where the file system can.
    """
    reader = opened(last)
    try:
        held = [_held(leaf, last, frozenset(gone)) for leaf, _ in segments(reader)]
        size = max((segment.leaf.schema[WORDS].format.size for segment in held), default=SHORT)
        gathered = _Gathered(size)
        for record in records:
            gathered.take(record)
        if twice := set(gathered.works) & {run.work for segment in held for run in segment.alive}:
            raise ValueError(f"The work {min(twice)} is held already: it must be among those gone.")
        for segment in held:
            for spread in spreads(segment.stem, segment.going):
                words.take_away(spread)
        kept = _taken_back(held, gathered, words, everything=gathered.size != size)
        _write(folder, gathered, kept, words)
    finally:
        reader.close()
    return len(gathered.works) + sum(segment.size for segment in kept)


class _Gathered:
    """The words and facts of all passages so far, as numbers."""

    def __init__(self, size: str = SHORT) -> None:
        self.size = size
        self.vocabulary: dict[str, int] = {}
        self.tokens = array("i")
        self.lengths = array("i")
        self.passages: list[str] = []
        self.works: list[str] = []
        self.languages: list[str] = []
        self.facts: dict[str, dict[str, array[int]]] = {name: {} for name in FACTS}
        self._known: set[str] = set()

    def take(self, record: Record) -> None:
        """Add a passage. Raises ValueError for one that was given before."""
        known, language = self.vocabulary, language_of(record.language)
        if record.passage_id in self._known:
            raise ValueError(f"The passage {record.passage_id} is given twice.")
        self._known.add(record.passage_id)
        numbers = [known.setdefault(fold(word), len(known)) for word in WORD.findall(record.text)]
        self.tokens.extend(numbers)
        for name, value in facts(record, language):
            self.facts[name].setdefault(value, array("i")).append(len(self.lengths))
        self.languages.append(language)
        self.passages.append(record.passage_id)
        self.works.append(record.work_id)
        self.lengths.append(len(numbers))
        if len(numbers) > np.iinfo(SHORT).max:
            self.size = LONG

    def take_back(self, segment: "_Held") -> None:
        """Add the passages of a segment that stay, read back from its lists."""
        leaf, known = segment.leaf, self.vocabulary
        docs = np.concatenate([np.arange(run.first, run.first + run.passages) for run in segment.alive])
        counted = lengths(leaf)[docs]
        numbers, starts = np.full((2, leaf.doc_count_all()), -1, np.int64)
        numbers[docs] = np.arange(len(docs)) + len(self.lengths)
        starts[docs] = np.cumsum(counted) - counted
        tokens = np.empty(int(counted.sum()), np.int32)
        for term in leaf.field_terms(WORDS):
            passages, counts, places = blocks(leaf, WORDS, term)
            at = np.repeat(starts[passages], counts)
            stay = at >= 0
            if stay.any():
                inside = np.frombuffer(places, leaf.schema[WORDS].format.size)
                tokens[(at + inside)[stay]] = known.setdefault(term, len(known))
        for name, fact in self.facts.items():
            for value in leaf.field_terms(name):
                having = numbers[blocks(leaf, name, value)[0]]
                if len(having := having[having >= 0]):
                    fact.setdefault(value, array("i")).extend(having.tolist())
        self.tokens.frombytes(tokens.tobytes())
        self.lengths.frombytes(counted.tobytes())
        self.languages += [run.language for run in segment.alive for _ in range(run.passages)]
        stored = [leaf.stored_fields(int(doc)) for doc in docs]
        self.passages += [fields["passage"] for fields in stored]
        self.works += [fields["work_id"] for fields in stored]

    def order(self) -> Numbers:
        """The numbers of the passages in the order in which an index has them: by work, then as they came."""
        place = {work: at for at, work in enumerate(sorted(set(self.works), key=natural))}
        return np.argsort([place[work] for work in self.works], kind="stable").astype(np.int32)


@dataclass(frozen=True, slots=True)
class _Held:
    """A segment of the last index, and which of its runs stay in force, go now, or went before."""

    leaf: Any
    stem: Path
    alive: list[Run]
    going: list[Run]

    @property
    def size(self) -> int:
        return sum(run.passages for run in self.alive)


def _held(leaf: Any, folder: Path, gone: frozenset[str]) -> _Held:
    stem = folder / leaf.segment().segment_id()
    runs = [run for run in read_runs(stem) if not leaf.is_deleted(run.first)]
    alive = [run for run in runs if run.work not in gone]
    return _Held(leaf, stem, alive, [run for run in runs if run.work in gone])


def _taken_back(held: Sequence[_Held], gathered: _Gathered, words: Words, everything: bool) -> list[_Held]:
    """Which segments are kept; the others are added to the passages gathered."""
    kept = []
    for segment in sorted(held, key=lambda segment: segment.size):
        if not segment.size:
            continue
        mostly_gone = 2 * segment.size < segment.leaf.doc_count_all()
        if everything or mostly_gone or segment.size <= len(gathered.works):
            gathered.take_back(segment)
            for spread in spreads(segment.stem, segment.alive):
                words.take_away(spread)
        else:
            kept.append(segment)
    return kept


def _write(folder: Path, gathered: _Gathered, kept: Sequence[_Held], words: Words) -> None:
    """Write what was gathered as a segment beside those kept, and count its words."""
    storage = FileStorage(str(folder)).create()  # type: ignore[no-untyped-call]
    index = FileIndex.create(storage, schema(gathered.size), INDEX_NAME)  # type: ignore[no-untyped-call]
    codec = W3Codec(blocklimit=BLOCK, compression=COMPRESSION)  # type: ignore[no-untyped-call]
    writer = _ListWriter(index, codec=codec, compound=False)  # type: ignore[no-untyped-call]
    writer.segments = [_linked(segment, folder) for segment in kept]
    order = gathered.order()
    writer.lists = lists = _inverted(gathered, order)
    ranks = np.empty(len(order), np.uint32)
    ranks[order] = np.arange(len(order))
    writer.facts = {
        name: {value: np.sort(ranks[np.array(passages)]) for value, passages in fact.items()}
        for name, fact in gathered.facts.items()
    }
    for at in order.tolist():
        stored = {"passage": gathered.passages[at], "work_id": gathered.works[at]}
        writer.add_document(length=gathered.lengths[at], **stored)  # type: ignore[no-untyped-call]
    stem = folder / writer.newsegment.segment_id()
    writer.commit(merge=False)  # type: ignore[no-untyped-call]
    works, languages = ([values[at] for at in order] for values in (gathered.works, gathered.languages))
    runs = cut(works, languages)
    if runs:
        terms = [term.decode() for term in lists.terms]
        pairs = _words_of(runs, lists)
        write_runs(stem, runs, terms, pairs)
        words.add(_spread(runs, pairs, terms))


def _linked(segment: _Held, folder: Path) -> Any:
    """The segment with its files in another folder, too, and with what goes noted as deleted."""
    for path in segment.stem.parent.glob(f"{segment.stem.name}.*"):
        try:
            os.link(path, folder / path.name)
        except OSError:  # another file system, or one without links
            shutil.copy2(path, folder / path.name)
    linked = deepcopy(segment.leaf.segment())
    for run in segment.going:
        for doc in range(run.first, run.first + run.passages):
            linked.delete_document(doc)
    return linked


@dataclass(frozen=True, slots=True)
class _Lists:
    """All postings: those of term i are `firsts[i]` to `firsts[i + 1]`; those of one posting are `starts`."""

    terms: list[bytes]
    firsts: NDArray[np.int64]
    passages: Numbers
    starts: NDArray[np.int64]
    places: NDArray[np.uint32]


def _inverted(gathered: _Gathered, order: Numbers) -> _Lists:
    """The words of all passages, taken in this order, sorted by term, passage and place."""
    terms = sorted((term.encode(), number) for term, number in gathered.vocabulary.items())
    ranks = np.empty(len(terms), np.int32)
    ranks[[number for _, number in terms]] = np.arange(len(terms), dtype=np.int32)
    counted = np.array(gathered.lengths, np.int32)
    starts = (np.cumsum(counted) - counted)[order]
    counted = counted[order]
    passage_of = np.repeat(np.arange(len(counted), dtype=np.int32), counted)
    place_of = np.arange(len(passage_of)) - np.repeat(np.cumsum(counted) - counted, counted)
    term_of = ranks[np.array(gathered.tokens, np.int32)[np.repeat(starts, counted) + place_of]]
    by_term = np.argsort(term_of, kind="stable")
    term_of, passage_of = term_of[by_term], passage_of[by_term]
    fresh = np.ones(len(by_term), bool)
    fresh[1:] = (np.diff(term_of) != 0) | (np.diff(passage_of) != 0)
    heads = np.flatnonzero(fresh)
    return _Lists(
        terms=[term for term, _ in terms],
        firsts=np.searchsorted(term_of[heads], np.arange(len(terms) + 1)),
        passages=passage_of[heads],
        starts=np.append(heads, len(by_term)),
        places=place_of[by_term].astype(LONG),
    )


def _words_of(runs: Sequence[Run], lists: _Lists) -> list[Numbers]:
    """For each run the pairs of a term's number and in how many of its passages the term stands."""
    run_of = np.repeat(np.arange(len(runs)), [run.passages for run in runs])[lists.passages]
    term_of = np.repeat(np.arange(len(lists.terms)), np.diff(lists.firsts))
    fresh = np.ones(len(term_of), bool)
    fresh[1:] = (np.diff(term_of) != 0) | (np.diff(run_of) != 0)
    heads = np.flatnonzero(fresh)
    pairs = np.stack((term_of[heads], np.diff(heads, append=len(term_of))), axis=1).astype(np.int32)
    by_run = np.argsort(run_of[heads], kind="stable")
    firsts = np.searchsorted(run_of[heads][by_run], np.arange(1, len(runs)))
    return np.split(pairs[by_run], firsts)


def _spread(runs: Sequence[Run], pairs: Sequence[Numbers], terms: Sequence[str]) -> dict[str, dict[str, int]]:
    """By language, in how many passages each word stands."""
    spread = {}
    for language in sorted({run.language for run in runs}):
        spoken = np.concatenate(
            [some for run, some in zip(runs, pairs, strict=True) if run.language == language]
        )
        counts = np.bincount(spoken[:, 0], spoken[:, 1], len(terms)).astype(int).tolist()
        spread[language] = {term: count for term, count in zip(terms, counts, strict=True) if count}
    return spread


class _ListWriter(SegmentWriter):
    """Whoosh's writer, given whole lists instead of postings one by one; it writes the same files."""

    lists: _Lists
    facts: dict[str, dict[str, NDArray[np.uint32]]]

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        for name in sorted((*FACTS, WORDS)):
            self.fieldwriter.start_field(name, self.schema[name])
            for term, passages, counts, values in self._words() if name == WORDS else self._facts(name):
                self.fieldwriter.start_term(term)
                _add_list(self.fieldwriter._postwriter, passages, counts, values)
                self.fieldwriter.finish_term()
            self.fieldwriter.finish_field()
        self.fieldwriter.close()

    def _facts(self, name: str) -> Iterator[Posting]:
        fact = ((value.encode(errors="replace"), passages) for value, passages in self.facts[name].items())
        for value, passages in sorted(fact, key=lambda fact: fact[0]):
            yield value, passages, np.ones(len(passages), np.float32), []

    def _words(self) -> Iterator[Posting]:
        lists, size = self.lists, self.schema[WORDS].format.size
        blob, width = lists.places.astype(size).tobytes(), np.dtype(size).itemsize
        counts = np.diff(lists.starts).astype(np.float32)
        firsts = lists.firsts.tolist()
        for term, first, last in zip(lists.terms, firsts, firsts[1:], strict=False):
            ends = (lists.starts[first : last + 1] * width).tolist()
            values = [blob[start:end] for start, end in pairwise(ends)]
            yield term, lists.passages[first:last].astype(np.uint32), counts[first:last], values


def _add_list(
    writer: Any, passages: NDArray[np.uint32], counts: NDArray[np.float32], values: list[bytes]
) -> None:
    """Fill the blocks of Whoosh's W3PostingsWriter as its `add_posting` does, a block at a time."""
    for start in range(0, len(passages), BLOCK):
        if start:
            writer._write_block()
        block = slice(start, start + BLOCK)
        writer._ids = array("I", passages[block].tobytes())
        writer._weights = array("f", counts[block].tobytes())
        writer._values = values[block]
        writer._maxweight = float(counts[block].max())

"""Writing a fresh index: passages to Whoosh, sorted as arrays instead of as tuples.

Whoosh's own writer sorts one Python tuple for every word of every passage; with millions of them that is
most of its time and all of its memory. Here the words are numbers in one array, sorted once, and the writer
is handed the postings in the order in which its codec wants them. The files are Whoosh's own.

The index holds one field of words exactly as they stand, without stop list and stemmer, each with its
positions. The inflected forms of a word are looked up in the list of all words (`words.json`), so there is no
second, stemmed field. Facts about passages (author, kind ...) are fields of whole values.
"""

import json
import os
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, ID, STORED, FieldType, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Format
from whoosh.index import FileIndex
from whoosh.writing import SegmentWriter

from indexer.fulltext.names import variants
from indexer.fulltext.records import Record
from indexer.fulltext.words import WORD, fold, language_of, stem

FACETS = (
    "author", "cites", "collection", "kind", "language", "quoted",
    "speaker", "title", "verdict", "work", "year",
)  # fmt: skip
WORDS = "words"
INDEX_NAME = "passages"
SHORT, LONG = "<u2", "<u4"  # how the place of a word in its passage is stored: 65,535 words are the rule
COMPRESSION = 1  # zlib's fastest: its default of 3 takes a third more time for a tenth less
BLOCK = 4096  # postings read at once; Whoosh's 128 serve skipping, here whole lists are read
WORDS_FILE = "words.json"
LAYOUT = 2  # of the whole index; to be raised when a reader of the one before would misread it
Posting = tuple[bytes, NDArray[np.uint32], NDArray[np.float32], list[bytes]]  # a term and its whole list


class Places(Format):
    """Stores the positions of a word in its passage as plain numbers, so that an array reads them at once."""

    size = SHORT

    def decode_positions(self, value: bytes) -> list[int]:
        """The positions of one posting, for whoever reads the index with Whoosh's own queries."""
        return [int(place) for place in np.frombuffer(value, self.size)]

    def decode_frequency(self, value: bytes) -> int:
        """How often the word stands in the passage."""
        return len(value) // np.dtype(self.size).itemsize


class Words(FieldType):
    """The field of a passage's words; they are handed to the writer already cut and folded."""

    def __init__(self) -> None:
        self.format = Places()
        self.analyzer = None


class _Gathered:
    """The words and facts of all passages so far, as numbers."""

    def __init__(self) -> None:
        self.vocabulary: dict[str, int] = {}
        self.tokens = array("i")
        self.lengths = array("i")
        self.languages: list[str] = []
        self.facts: dict[str, dict[str, array[int]]] = {name: {} for name in FACETS}

    def take(self, record: Record) -> int:
        """Add the words and facts of the next passage; gives back how many words it has."""
        known = self.vocabulary
        numbers = [known.setdefault(fold(word), len(known)) for word in WORD.findall(record.text)]
        self.tokens.extend(numbers)
        self.languages.append(language_of(record.language))
        for name, value in _facts(record, self.languages[-1]):
            self.facts[name].setdefault(value, array("i")).append(len(self.lengths))
        self.lengths.append(len(numbers))
        return len(numbers)


@dataclass(frozen=True, slots=True)
class _Lists:
    """All postings: those of term i are `firsts[i]` to `firsts[i + 1]`; those of one posting are `starts`."""

    terms: list[bytes]
    firsts: NDArray[np.int64]
    passages: NDArray[np.int32]
    starts: NDArray[np.int64]
    places: NDArray[np.uint32]


def _inverted(gathered: _Gathered) -> _Lists:
    """The words of all passages sorted by term, passage and place."""
    terms = sorted((term.encode(), number) for term, number in gathered.vocabulary.items())
    ranks = np.empty(len(terms), np.int32)
    ranks[[number for _, number in terms]] = np.arange(len(terms), dtype=np.int32)
    lengths = np.array(gathered.lengths, np.int32)
    term_of = ranks[np.array(gathered.tokens, np.int32)]
    passage_of = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    place_of = np.arange(len(term_of)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    order = np.argsort(term_of, kind="stable")
    term_of, passage_of = term_of[order], passage_of[order]
    fresh = np.ones(len(order), bool)
    fresh[1:] = (np.diff(term_of) != 0) | (np.diff(passage_of) != 0)
    starts = np.flatnonzero(fresh)
    return _Lists(
        terms=[term for term, _ in terms],
        firsts=np.searchsorted(term_of[starts], np.arange(len(terms) + 1)),
        passages=passage_of[starts],
        starts=np.append(starts, len(order)),
        places=place_of[order].astype(LONG),
    )


class _ListWriter(SegmentWriter):
    """Whoosh's writer, given whole lists instead of postings one by one; it writes the same files."""

    gathered: _Gathered
    lists: _Lists

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        for name in sorted((*FACETS, WORDS)):
            self.fieldwriter.start_field(name, self.schema[name])
            for term, passages, counts, values in self._words() if name == WORDS else self._facts(name):
                self.fieldwriter.start_term(term)
                _add_list(self.fieldwriter._postwriter, passages, counts, values)
                self.fieldwriter.finish_term()
            self.fieldwriter.finish_field()
        self.fieldwriter.close()

    def _facts(self, name: str) -> Iterator[Posting]:
        facts = self.gathered.facts[name]
        for value, passages in sorted(
            (value.encode(errors="replace"), passages) for value, passages in facts.items()
        ):
            numbers = np.array(passages, np.uint32)
            yield value, numbers, np.ones(len(numbers), np.float32), []

    def _words(self) -> Iterator[Posting]:
        lists = self.lists
        form = self.schema[WORDS].format
        form.size = SHORT if max(self.gathered.lengths, default=0) <= np.iinfo(SHORT).max else LONG
        blob, width = lists.places.astype(form.size).tobytes(), np.dtype(form.size).itemsize
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


def write(folder: Path, records: Iterable[Record]) -> int:
    """Write a fresh index of `records` into `folder`, which is made; gives back how many passages it holds.

    The records are read once, and only their words are kept in memory, as numbers. All files are on the disk
    for good when it returns; readers must not open the folder before. Raises ValueError if a passage is given
    twice: Whoosh would hold both.
    """
    folder.mkdir(parents=True, exist_ok=True)
    storage = FileStorage(str(folder))  # type: ignore[no-untyped-call]
    index = FileIndex.create(storage, schema(), INDEX_NAME)  # type: ignore[no-untyped-call]
    codec = W3Codec(blocklimit=BLOCK, compression=COMPRESSION)  # type: ignore[no-untyped-call]
    writer = _ListWriter(index, codec=codec, compound=False)  # type: ignore[no-untyped-call]
    writer.gathered = _Gathered()
    passages: set[str] = set()
    for record in records:
        if record.passage_id in passages:
            raise ValueError(f"The passage {record.passage_id} is given twice.")
        passages.add(record.passage_id)
        stored = {"passage": record.passage_id, "work_id": record.work_id}
        writer.add_document(length=writer.gathered.take(record), **stored)  # type: ignore[no-untyped-call]
    writer.lists = _inverted(writer.gathered)
    writer.commit(merge=False)  # type: ignore[no-untyped-call]
    _write_words(folder / WORDS_FILE, writer.gathered, writer.lists)
    _settle(folder)
    return len(writer.gathered.lengths)


def schema() -> Schema:
    """The fields of the index."""
    facets = {name: ID() for name in FACETS}
    length = COLUMN(NumericColumn("I"))  # type: ignore[no-untyped-call]
    return Schema(passage=STORED(), work_id=STORED(), length=length, **{WORDS: Words()}, **facets)


def _facts(record: Record, language: str) -> Iterator[tuple[str, str]]:
    """The facets of a record that have a value."""
    values = (
        ("author", record.author),
        ("collection", record.collection),
        ("kind", record.kind),
        ("language", language),
        ("quoted", "yes" if record.quoted else "no"),
        ("speaker", record.speaker),
        ("title", record.title),
        ("work", record.work_id),
        ("year", None if record.year is None else str(record.year)),
        *(("cites", cited) for cited in dict.fromkeys(record.cites)),
        *(("verdict", verdict) for verdict in dict.fromkeys(record.verdicts)),
    )
    return ((name, value) for name, value in values if value)


def _write_words(path: Path, gathered: _Gathered, lists: _Lists) -> None:
    """All words in order, in how many passages each stands, its stem in each language; spellings of names."""
    terms = [term.decode() for term in lists.terms]
    passages = np.diff(lists.firsts)
    term_of = np.repeat(np.arange(len(terms)), passages)
    languages = np.array(gathered.languages)[lists.passages] if terms else np.empty(0, str)
    stems = {}
    for language in sorted(set(gathered.languages)):
        spoken = np.zeros(len(terms), bool)
        spoken[term_of[languages == language]] = True
        stems[language] = [
            stem(term, language) if is_spoken else None for term, is_spoken in zip(terms, spoken, strict=True)
        ]
    content = {
        "layout": LAYOUT,
        "words": terms,
        "passages": passages.tolist(),
        "stems": stems,
        "names": variants(terms),
    }
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _settle(folder: Path) -> None:
    """Have the disk keep all files: Whoosh never asks it to, and a power cut would leave them empty."""
    for path in (*sorted(folder.iterdir()), folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

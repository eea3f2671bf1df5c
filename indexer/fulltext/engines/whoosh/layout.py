"""How the index lies on disk: Whoosh's files, with places as plain numbers, and our lists beside them."""

import time
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, ID, STORED, FieldType, Schema
from whoosh.formats import Format
from whoosh.index import open_dir
from whoosh.matching.mcore import NullMatcher
from whoosh.reading import TermNotFound

from indexer.errors import NoIndex
from indexer.fulltext.engines import FACTS
from indexer.fulltext.engines.whoosh.runs import Numbers

WORDS = "words"
INDEX_NAME = "passages"
SHORT, LONG = "<u2", "<u4"  # how the place of a word in its passage is stored: 65,535 words are the rule
TRIES = 5  # to open an index that another process is writing just now
PAUSE = 0.1  # seconds between two tries


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

    def __init__(self, size: str) -> None:
        self.format = Places()
        self.format.size = size
        self.analyzer = None


def schema(size: str) -> Schema:
    """The fields of the index; `size` is SHORT or LONG."""
    facets = {name: ID() for name in FACTS}
    length = COLUMN(NumericColumn("I"))  # type: ignore[no-untyped-call]
    return Schema(passage=STORED(), work_id=STORED(), length=length, **{WORDS: Words(size)}, **facets)


def lengths(segment: Any) -> Numbers:
    """How many words each passage of a segment has, the deleted ones too."""
    return np.array(segment.column_reader("length").load(), np.int32)


def blocks(segment: Any, field: str, term: str) -> tuple[Numbers, Numbers, bytes]:
    """The passages of a list, how often each has the term, and their places, still in bytes.

    Reads a block of Whoosh's file at a time, where its matcher would step from posting to posting; passages
    that were deleted are among them.
    """
    passages, counts = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
    values: list[bytes] = []
    try:
        matcher = segment._terms.matcher(field, term.encode(), segment.schema[field].format)
    except TermNotFound:
        matcher = NullMatcher()
    while matcher.is_active():
        matcher._read_data()
        steps, weights, places = matcher._data
        passages.append(np.cumsum(steps, dtype=np.int32))
        counts.append(np.broadcast_to(1 if weights is None else weights, len(steps)).astype(np.int32))
        values.extend(places or ())
        matcher._next_block()
    return np.concatenate(passages), np.concatenate(counts), b"".join(values)


def opened(folder: Path) -> Any:
    """Whoosh's reader of the folder; a folder in which a build is just committing is tried again.

    Raises NoIndex.
    """
    for attempt in range(TRIES):
        try:
            return open_dir(str(folder), INDEX_NAME, readonly=True).reader()  # type: ignore[no-untyped-call]
        except Exception as error:  # half-written files fail in any way: EOFError, struct.error, KeyError ...
            cause = error
        if not folder.is_dir():
            break
        time.sleep(PAUSE * (attempt < TRIES - 1))
    raise NoIndex(f"There is no search index in {folder}: run `loccit index`.") from cause


def segments(reader: Any) -> list[tuple[Any, int]]:
    """Readers of the parts of an index, each with the number at which its passages begin in the whole."""
    return [(leaf, offset) for leaf, offset in reader.leaf_readers() if leaf.doc_count_all()]

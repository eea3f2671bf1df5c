"""An open index: the lists of passages that Whoosh keeps, as arrays.

Whoosh's own queries walk one posting at a time, in Python; reading a whole list as an array and combining
arrays is many times faster and gives the same passages. One reader serves all threads: it is touched only
under a lock, and what it gave is kept, read-only, up to a bound. (A Whoosh searcher shared by threads fails
now and then, and one a thread costs memory each.)
"""

import json
import threading
import time
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.index import open_dir
from whoosh.matching.mcore import NullMatcher
from whoosh.reading import TermNotFound

from indexer.errors import NoIndex, OtherVersion
from indexer.fulltext.words import unaccented, words
from indexer.fulltext.writing import INDEX_NAME, LAYOUT, WORDS, WORDS_FILE

KEPT_BYTES = 64 * 1024 * 1024  # of word lists kept in memory: the commonest some hundred of a large archive
TRIES = 5  # to open an index that another process is writing just now
PAUSE = 0.1  # seconds between two tries
Numbers = NDArray[np.int32]
Mask = NDArray[np.bool_]


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
    """A fact about passages: its values in order, and which passage has which value, as pairs of numbers.

    `words` are the words of each value as a query names them, without accents. `codes` gives for each
    passage the number of its value, or -1; of several values it is the last.
    """

    values: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    codes: Numbers
    having: Numbers
    had: Numbers


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All words in order, in how many passages each stands, by language the words that share a stem, and
    by their common spelling the names that are one.
    """

    words: list[str]
    passages: list[int]
    stems: Mapping[str, Mapping[str, tuple[str, ...]]]
    names: Mapping[str, list[str]]

    def begin(self, prefix: str) -> list[str]:
        """The words that begin with `prefix`."""
        first = bisect_left(self.words, prefix)
        last = bisect_left(self.words, prefix + "\U0010ffff", lo=first)
        return self.words[first:last]

    def spread(self, word: str) -> int:
        """In how many passages `word` stands."""
        at = bisect_left(self.words, word)
        return self.passages[at] if at < len(self.words) and self.words[at] == word else 0


class Index:
    """An index folder, open. Raises NoIndex or OtherVersion. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.RLock()
        self._reader = _open(folder)
        self.vocabulary = _vocabulary(folder / WORDS_FILE)
        self._kept: OrderedDict[str, Postings] = OrderedDict()
        self._kept_bytes = 0
        self._facets: dict[str, Facet] = {}
        lengths = self._reader.column_reader("length").load() if self._reader.doc_count_all() else []
        self.lengths: Numbers = np.array(lengths, np.int32)
        self.size = len(self.lengths)
        self.firsts: Numbers = np.append(0, np.cumsum(self.lengths + 1)).astype(np.int32)

    def close(self) -> None:
        """Let the files go."""
        with self._lock:
            self._reader.close()

    def postings(self, word: str) -> Postings:
        """Where `word` stands, letter by letter; empty if nowhere."""
        with self._lock:
            if word not in self._kept:
                self._keep(word, self._read(word))
            self._kept.move_to_end(word)
            return self._kept[word]

    def facet(self, name: str) -> Facet:
        """A fact about all passages."""
        with self._lock:
            if name not in self._facets:
                self._facets[name] = self._read_facet(name)
            return self._facets[name]

    def stored(self, number: int) -> tuple[str, str]:
        """The ids of a passage and of its work."""
        with self._lock:
            fields = self._reader.stored_fields(number)
        return fields["passage"], fields["work_id"]

    def _keep(self, word: str, postings: Postings) -> None:
        self._kept[word] = postings
        self._kept_bytes += _bytes(postings)
        while self._kept_bytes > KEPT_BYTES and len(self._kept) > 1:
            self._kept_bytes -= _bytes(self._kept.popitem(last=False)[1])

    def _read(self, word: str) -> Postings:
        passages, counts, values = self._blocks(WORDS, word)
        inside = np.frombuffer(b"".join(values), self._reader.schema[WORDS].format.size).astype(np.int32)
        return Postings(passages, counts, np.repeat(self.firsts[passages], counts) + inside)

    def _read_facet(self, name: str) -> Facet:
        values = tuple(self._reader.field_terms(name)) if self.size else ()
        lists = [self._blocks(name, value)[0] for value in values]
        having = np.concatenate([np.empty(0, np.int32), *lists])
        had = np.repeat(np.arange(len(values), dtype=np.int32), [len(passages) for passages in lists])
        codes = np.full(self.size, -1, np.int32)
        codes[having] = had
        named = tuple(tuple(unaccented(word) for word in words(value)) for value in values)
        return Facet(values, named, codes, having, had)

    def _blocks(self, field: str, term: str) -> tuple[Numbers, Numbers, list[bytes]]:
        """The passages of a list, how often each has the term, and their places, still in bytes.

        Reads a block of Whoosh's file at a time, where its matcher would step from posting to posting.
        """
        passages, counts = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
        values: list[bytes] = []
        try:
            matcher = self._reader.postings(field, term)
        except TermNotFound:
            matcher = NullMatcher()
        while matcher.is_active():
            matcher._read_data()
            steps, weights, places = matcher._data
            passages.append(np.cumsum(steps, dtype=np.int32))
            counts.append(np.broadcast_to(1 if weights is None else weights, len(steps)).astype(np.int32))
            values.extend(places or ())
            matcher._next_block()
        return np.concatenate(passages), np.concatenate(counts), values


def _bytes(postings: Postings) -> int:
    return int(postings.passages.nbytes + postings.counts.nbytes + postings.places.nbytes)


def _open(folder: Path) -> Any:
    """Whoosh's reader of the folder; a folder in which a build is just committing is tried again."""
    for attempt in range(TRIES):
        try:
            return open_dir(str(folder), INDEX_NAME, readonly=True).reader()  # type: ignore[no-untyped-call]
        except Exception as error:  # half-written files fail in any way: EOFError, struct.error, KeyError ...
            cause = error
        if not folder.is_dir():
            break
        time.sleep(PAUSE * (attempt < TRIES - 1))
    raise NoIndex(f"There is no search index in {folder}: run `loccit index`.") from cause


def _vocabulary(path: Path) -> Vocabulary:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NoIndex(f"The search index has no readable {path}: run `loccit index`.") from error
    if content.get("layout") != LAYOUT:
        raise OtherVersion("The search index was built by another version: run `loccit index`.")
    stems: dict[str, dict[str, tuple[str, ...]]] = {}
    for language, stem_of in content["stems"].items():
        forms: dict[str, list[str]] = {}
        for word, stem in zip(content["words"], stem_of, strict=True):
            if stem is not None:
                forms.setdefault(stem, []).append(word)
        stems[language] = {stem: tuple(same) for stem, same in forms.items()}
    return Vocabulary(content["words"], content["passages"], stems, content["names"])

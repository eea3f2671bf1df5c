"""The port: what an engine is asked and what it answers. Each engine is a room of its own behind it.

An engine is a module with `write`, `renew` and `Engine`, the open index. A query reaches it as a tree, read
and bounded before, with the words of the archive for which its terms stand; what it finds it gives as
passages, their number and counts. Words and their forms, suggestions and marks are not its business.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from indexer.errors import NoEngine
from indexer.fulltext.expanding import Slots
from indexer.fulltext.facts import Values
from indexer.fulltext.query import Node
from indexer.fulltext.records import Count, Filters, Record, Sort
from indexer.fulltext.vocabulary import Words

ENGINES = ("whoosh", "tantivy")
FACTS = (
    "author", "cites", "collection", "kind", "language", "quoted",
    "speaker", "title", "verdict", "work", "year",
)  # fmt: skip
LATE = 10_000  # where passages without a year stand when sorted by year


@dataclass(frozen=True, slots=True)
class Asked:
    """A query within filters, and what is wanted of what it finds: `wanted` passages from the `first` on
    (0 is the best), sorted, and the counts of some facts over all passages found."""

    node: Node
    slots: Slots
    filters: Filters
    sort: Sort
    first: int
    wanted: int
    facets: Sequence[str]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found; `facts` gives its values of a fact."""

    passage_id: str
    work_id: str
    score: float
    facts: Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """How many passages were found, those wanted, read as they are taken, and the counts, most first."""

    total: int
    hits: Iterable[Hit]
    facets: Mapping[str, tuple[Count, ...]]


class Engine(Protocol):
    """An open index. Threads may share it."""

    size: int

    def __init__(self, folder: Path) -> None:
        """Open the index in a folder. Raises NoIndex."""

    def values(self, fact: str) -> Values:
        """All values that passages have of a fact."""

    def find(self, asked: Asked) -> Answer:
        """What a query finds."""

    def count(self, node: Node, slots: Slots) -> int:
        """How many passages a query, or a part of one, matches."""

    def close(self) -> None:
        """Let the files go."""


class Module(Protocol):
    """What the room of an engine offers."""

    Engine: type[Engine]

    def write(self, folder: Path, records: Iterable[Record], words: Words) -> int:
        """Write a fresh index and count its words; gives back how many passages it holds."""

    def renew(
        self, folder: Path, last: Path, gone: Collection[str], records: Iterable[Record], words: Words
    ) -> int:
        """Write what `last` holds, without the works `gone` and with `records`; `words` are those of `last`
        and are kept in step. Gives back how many passages it holds."""


def engine(name: str) -> Module:
    """The engine of this name. Raises NoEngine when it, or the library that it needs, is not there."""
    if name not in ENGINES:
        raise NoEngine(f"There is no engine {name}; there are {' and '.join(ENGINES)}.")
    try:
        return cast(Module, import_module(f"indexer.fulltext.engines.{name}"))
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise NoEngine(
            f"The engine {name} is not installed: run `pip install 'loccit[fast]'`, or go back to Whoosh with"
            " `loccit index --engine whoosh`."
        ) from None


def facts(record: Record, language: str) -> list[tuple[str, str]]:
    """The facts of a passage that have a value, as pairs of name and value."""
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
    return [(name, value) for name, value in values if value]


def natural(work: str) -> tuple[list[str | int], str]:
    """By what works are sorted: numbers in their names by size, so that chapter 2 comes before chapter 10."""
    parts = enumerate(re.split(r"(\d+)", work))
    return [int(part) if at % 2 else part for at, part in parts], work

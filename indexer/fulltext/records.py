"""What search is given and what it gives back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from indexer.models import Span

Sort = Literal["relevance", "date", "place"]
TextOf = Callable[[Sequence[str]], Mapping[str, str]]
"""The texts of some passages by their ids, each exactly as it was in its Record."""


@dataclass(frozen=True, slots=True)
class Record:
    """A passage to be searched, with the facts by which it is filtered and counted.

    `text` is the passage as shown; where it holds what is not the author's (a note's mark), the caller
    may write as many spaces, here and in the text that it hands in for marks. `quoted` says whether an
    essay quotes the passage. `year` is the year by which the passage is filtered and sorted. `cites` names
    the works that the passage's quotations are from (author and title, as a reader would name them), and
    `verdicts` are those on its quotations.
    """

    passage_id: str
    work_id: str
    text: str
    title: str = ""
    author: str | None = None
    kind: str = "source"
    year: int | None = None
    speaker: str | None = None
    language: str | None = None
    collection: str | None = None
    quoted: bool = False
    cites: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """Which passages count at all. A tuple names values one of which a passage must have; () asks for none.

    `years` is the first and last year, either may be None. `without` are (facet, value) pairs that a
    passage must not have.
    """

    kind: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    collection: tuple[str, ...] = ()
    work: tuple[str, ...] = ()
    speaker: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    verdict: tuple[str, ...] = ()
    quoted: bool | None = None
    years: tuple[int | None, int | None] = (None, None)
    without: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that matches. `marks` are the spans of its text that matched (characters of the passage)."""

    passage_id: str
    work_id: str
    score: float
    marks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """How many of the passages found have this value of a facet."""

    value: str
    passages: int


@dataclass(frozen=True, slots=True)
class Hint:
    """What a reader may have meant otherwise: a plain sentence, and queries that say it, likest first."""

    sentence: str
    queries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """A page of passages, and what there is to say about the whole search.

    `read_as` is the query as it was read, None when that is what was typed. `notes` are plain
    sentences: which part of the query finds nothing. `instead` is the query with words of the archive in
    place of words that it does not have. `hints` tell what may have been meant otherwise. `also` are the
    other spellings of names that were searched.
    `facets` count over all passages found, most first. `looked_up` says in how many passages words were
    looked up, about: what the search cost.
    """

    total: int
    hits: tuple[Found, ...]
    page: int
    per_page: int
    read_as: str | None = None
    notes: tuple[str, ...] = ()
    instead: str | None = None
    hints: tuple[Hint, ...] = ()
    also: tuple[str, ...] = ()
    facets: Mapping[str, tuple[Count, ...]] = field(default_factory=dict)
    looked_up: int = 0

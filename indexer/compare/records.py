"""The records of a comparison: two sides, made of paragraphs, made of runs of (text, mark).

Nothing here makes HTML: the templates do. Offsets are those of the two documents, so that every run
can be linked to its place. Law: the runs of a paragraph, joined, are the text of the paragraph.
"""

from dataclasses import dataclass
from typing import Literal

from indexer.models import Block, Change, Span

Mark = Literal[
    "context",  # neither quoted nor found
    "quoted",  # in the quotation, but tied to nothing in the source
    "same",  # words that stand in both
    "moved",  # words that stand in both, but in another order
    "left-out",  # words of the source behind an ellipsis or a bracket
    "dropped",  # words of the source left out without a mark; empty in the essay, where they are missing
    "put-in",  # words that only the essay has; empty in the source, where they were put in
    "changed",  # words that differ without a mark
    "ellipsis",  # the essay's sign that words are left out
    "bracket",  # the quoter's own words, marked as such
    "label",  # a speaker's name before a speech
    "follows",  # what the source says next, where the quotation cuts a sentence short
    "note",  # a note's mark, no word of the author
    "page",  # empty: here a printed page begins
]
Why = Literal["between", "at an end", "in another order", "in another work", "unknown"]


@dataclass(frozen=True, slots=True)
class Around:
    """How many more paragraphs to show above and below those that hold the words."""

    above: int = 1
    below: int = 1


@dataclass(frozen=True, slots=True)
class Window:
    """The context wanted on each side."""

    essay: Around = Around()
    source: Around = Around()


@dataclass(frozen=True, slots=True)
class Gap:
    """What an ellipsis of the quotation stands for.

    `source` and `text` are the words left out, `words` their number; None and empty where `why` is
    not "between": at an end nothing is said to be left out, and between pieces in another order or
    of two works nothing lies.
    """

    tie: int
    quote: Span
    why: Why
    work_id: str | None = None
    source: Span | None = None
    text: str = ""
    words: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one mark. `tie` is the same number on both sides for what belongs together.

    `label` is the name of a note or page. `gap` is set on ellipses and left-out words, `change` on
    whatever a change of the verdict covers.
    """

    span: Span
    text: str
    mark: Mark
    tie: int | None = None
    label: str = ""
    gap: Gap | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of a document, cut into runs.

    `number` counts the document's blocks from 1. `near` tells the paragraphs that hold matched or
    quoted words from those of context; `gone` the ones that lie whole behind an ellipsis. `skipped`
    words stand between it and the paragraph shown before it.
    """

    number: int
    block: Block
    runs: tuple[Run, ...]
    near: bool
    gone: bool = False
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Side:
    """The excerpt of one work; `more_above` and `more_below` say whether it has more to show."""

    work_id: str
    paragraphs: tuple[Paragraph, ...]
    more_above: bool = False
    more_below: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """The essay's excerpt, and one of each work that holds pieces, in the quotation's order."""

    essay: Side
    sources: tuple[Side, ...] = ()
    gaps: tuple[Gap, ...] = ()

"""Collects a document's text and the spans in it, in one pass and in linear time.

White space is normalised on the way, so every offset is one of the final text from the start.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from indexer.models import BlockKind

MarkKind = Literal["link", "reference", "raised", "quoted", "emphasis", "bold", "name", "page"]
# What readers wrote below a text, and what its author struck out.
Withheld = Literal["comments", "struck"]

# NEL and the separators that str.split knows; the note-like zero-width characters stay.
_WHITE = re.compile(r"\s+")


@dataclass(slots=True)
class Mark:
    """Something to remember of a stretch of text: its end is set when the element closes."""

    kind: MarkKind
    value: str
    start: int = -1
    end: int = -1


@dataclass(slots=True)
class Draft:
    """A block while the document is being made; `tag` and `classes` say what the mark-up called it."""

    kind: BlockKind
    start: int
    end: int
    tag: str = ""
    classes: str = ""
    locator: str | None = None
    speaker: str | None = None


@dataclass(slots=True)
class Sheet:
    """The text of a document with all that the format said of it, before notes and speakers are known.

    `left` is what was shown in the file and is not in the text: the frame around it. `withheld` counts words
    that are in the file and are not the author's text, by what they are.
    """

    text: str
    blocks: list[Draft]
    marks: list[Mark]
    metadata: dict[str, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    withheld: Counter[Withheld] = field(default_factory=Counter)

    def of(self, draft: Draft) -> str:
        """The words of a block."""
        return self.text[draft.start : draft.end]

    def marked(self, *kinds: MarkKind) -> list[Mark]:
        """The marks of these kinds, in the order of their elements."""
        return [mark for mark in self.marks if mark.kind in kinds]


class Writer:
    """Takes text piece by piece.

    `kind`, `tag`, `classes` and `speaker` are given to the block that begins next.
    """

    def __init__(self) -> None:
        self.kind: BlockKind = "para"
        self.tag = ""
        self.classes = ""
        self.speaker: str | None = None
        self._pieces: list[str] = []
        self._length = 0
        self._gap = ""
        self._block: Draft | None = None
        self._blocks: list[Draft] = []
        self._marks: list[Mark] = []
        self._waiting: list[Mark] = []
        self._left: list[str] = []
        self._withheld: Counter[Withheld] = Counter()

    def write(self, text: str) -> None:
        """Add running text; any white space in it is one space."""
        text = _WHITE.sub(" ", text)
        if text[:1] == " ":
            self.space()
        words = text.strip(" ")
        if not words:
            return
        self._begin()
        self._put(words)
        if text[-1] == " ":
            self.space()

    def space(self) -> None:
        """Set a space before the next words of this block, if there are any."""
        self._gap = self._gap or " "

    def line(self) -> None:
        """Begin a new line of the block; two in a row begin a new block."""
        if self._gap == "\n":
            self.close()
        elif self._block is not None:
            self._gap = "\n"

    def close(self) -> None:
        """End the block, if one is open."""
        if self._block is not None:
            self._block.end = self._length
            self._blocks.append(self._block)
        self._block = None
        self._gap = ""

    def leave_out(self, text: str) -> None:
        """Take note of words that do not belong to the text."""
        self._left.append(text)

    def withhold(self, reason: Withheld, text: str) -> None:
        """Count words that stand there and are not the author's text."""
        self._withheld[reason] += len(text.split())

    def mark(self, kind: MarkKind, value: str = "") -> Mark:
        """A mark that begins with the next words that are written."""
        mark = Mark(kind, value)
        self._marks.append(mark)
        self._waiting.append(mark)
        return mark

    def release(self, mark: Mark) -> None:
        """End a mark after the words written last."""
        mark.end = self._length

    def sheet(self, metadata: dict[str, str]) -> Sheet:
        """All that was written. Marks around no words are empty ones where the next words begin."""
        self.close()
        for mark in self._waiting:
            mark.start = self._length
        for mark in self._marks:
            mark.end = max(mark.start, mark.end)
        text = "".join(self._pieces)
        return Sheet(text, self._blocks, self._marks, metadata, self._left, self._withheld)

    def _begin(self) -> None:
        if self._block is None:
            if self._length:
                self._put_raw("\n\n")
            self._block = Draft(
                self.kind, self._length, self._length, self.tag, self.classes, speaker=self.speaker
            )
        elif self._gap:
            self._put_raw(self._gap)
        self._gap = ""

    def _put(self, words: str) -> None:
        if self._waiting:
            for mark in self._waiting:
                mark.start = self._length
            self._waiting.clear()
        self._put_raw(words)

    def _put_raw(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)

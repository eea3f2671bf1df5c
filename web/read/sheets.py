"""A document as the reader numbers and divides it.

A paragraph's number counts the blocks of the document from 1 and is its permalink; a long document is shown
in parts.
"""

from bisect import bisect_right
from collections.abc import Container, Sequence
from dataclasses import dataclass

from indexer.compare import paragraphs
from indexer.models import Anchor, Block, Document, Span

# Letters of a part of a long document: some 60 printed pages, a page that a browser lays out at once.
LONGEST_PART = 150_000
# From here on a part ends before a heading, if one comes before its length is used up.
ENOUGH_FOR_A_PART = 100_000


@dataclass(frozen=True, slots=True)
class Reference:
    """A note's mark with its own `id`, and the `number` of its note's paragraph, None if not found."""

    label: str
    id: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of the table of contents: a heading's words, and where it stands."""

    number: int
    text: str
    part: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document with its blocks numbered from 1 and divided into `parts` parts.

    `part_of` tells the part that shows each block, in their order; a note is shown where its first
    mark stands. `notes` tells of each block which note it belongs to: the number of that to which a mark
    points. What is called a note and has no mark ("Source: ...") stays in its place.
    """

    document: Document
    blocks: tuple[Block, ...]
    starts: tuple[int, ...]
    references: tuple[tuple[Span, Reference], ...]
    part_of: tuple[int, ...]
    notes: tuple[int | None, ...]

    @property
    def parts(self) -> int:
        """How many parts the document has: one at least."""
        return max(self.part_of, default=1)

    def number_at(self, offset: int) -> int:
        """The number of the block that holds a character, or of the last before it."""
        return _number_at(self.starts, offset)

    def part_at(self, number: int) -> int:
        """The part that shows a block; the nearest one where there is no such block."""
        return self.part_of[min(max(number, 1), len(self.part_of)) - 1] if self.part_of else 1

    def headings(self) -> list[Heading]:
        """The table of contents."""
        text = self.document.text
        return [
            Heading(number, " ".join(text[block.span.start : block.span.end].split()), self.part_at(number))
            for number, block in enumerate(self.blocks, 1)
            if block.kind == "heading"
        ]


def sheet(document: Document) -> Sheet:
    """The document, numbered and divided."""
    blocks = paragraphs(document)
    starts = tuple(block.span.start for block in blocks)
    references = tuple(
        (anchor.span, _reference(anchor, order, starts))
        for order, anchor in enumerate(document.anchors, 1)
        if anchor.kind == "note"
    )
    part_of = _parts(blocks)
    for span, reference in reversed(references):
        if reference.number and blocks[reference.number - 1].kind == "note":
            part_of[reference.number - 1] = part_of[_number_at(starts, span.start) - 1]
    notes = _notes(blocks, {reference.number for _, reference in references})
    for number, note in enumerate(notes, 1):
        if note:
            part_of[number - 1] = part_of[note - 1]
    # A part of nothing but notes is none any more: those behind it move up.
    parts = {part: rank for rank, part in enumerate(sorted(set(part_of)), 1)}
    return Sheet(document, blocks, starts, references, tuple(parts[part] for part in part_of), notes)


def _notes(blocks: Sequence[Block], marked: Container[int | None]) -> tuple[int | None, ...]:
    """For each block the number of the note that it is, or goes on with: one that a mark points to."""
    notes: list[int | None] = []
    for number, block in enumerate(blocks, 1):
        going_on = notes[-1] if notes else None
        notes.append((number if number in marked else going_on) if block.kind == "note" else None)
    return tuple(notes)


def _number_at(starts: Sequence[int], offset: int) -> int:
    return max(1, bisect_right(starts, offset))


def _reference(anchor: Anchor, order: int, starts: Sequence[int]) -> Reference:
    number = None if anchor.target is None else _number_at(starts, anchor.target)
    return Reference(anchor.label, f"ref{order}", number)


def _parts(blocks: Sequence[Block]) -> list[int]:
    """The part of each block: none longer than a part may be, cut before a heading if one is near."""
    parts, part, letters = [], 1, 0
    for block in blocks:
        full = letters + len(block.span) > LONGEST_PART
        if letters and (full or (block.kind == "heading" and letters >= ENOUGH_FOR_A_PART)):
            part, letters = part + 1, 0
        letters += len(block.span)
        parts.append(part)
    return parts

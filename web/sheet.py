"""A document as the reader shows it: numbered paragraphs, each cut into stretches of marked runs.

Nothing here makes HTML or asks for anything. A paragraph's number counts the blocks of the document from 1
and is its permalink. A stretch is what one link covers (a quotation, a note's mark, a link of the text) or
what none does; its runs differ in how they are shown. Law: the texts of the runs of a paragraph, joined,
are the text of its block.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeVar

from indexer.compare import paragraphs
from indexer.models import Anchor, Block, Document, Span
from web.ties import Tie

# Letters of a part of a long document: some 60 printed pages, a page that a browser lays out at once.
LONGEST_PART = 150_000
# From here on a part ends before a heading, if one comes before its length is used up.
ENOUGH_FOR_A_PART = 100_000

MarkKind = Literal["hit", "emphasis", "speaker", "quotation", "quoted", "kept", "note", "link"]
# What a stretch links to when several marks cover it: links cannot lie inside each other.
LINKING: tuple[MarkKind, ...] = ("note", "quotation", "link")
# "HALE:", "THE PRESIDENT (rising):", "Hale.—": how a turn begins with its speaker.
_TURN = re.compile(r"[^:\n]{1,80}?(?::|\.\s?[—–-])")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text that is shown in its own way. `value` is what the kind needs to know:
    the Tie of a quotation, the Reference of a note, the Kept of a bookmark, the address of a link, the
    number of a hit."""

    span: Span
    kind: MarkKind
    value: "Tie | Reference | Kept | str | int | None" = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A note's mark with its own `id`, and the `number` of its note's paragraph, None if not found."""

    label: str
    id: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A bookmark of the reader, where its words stand in the text now."""

    span: Span
    id: str
    note: str
    tags: tuple[str, ...]
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that are shown in one way. `hit` is the number of a match that `begins` here or goes on."""

    text: str
    emphasis: bool = False
    speaker: bool = False
    quoted: bool = False
    kept: Kept | None = None
    hit: int | None = None
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """Runs under one link or none. The quotation `begins` or `ends` here; `pages` begin before it."""

    runs: tuple[Run, ...]
    tie: Tie | None = None
    begins: bool = False
    ends: bool = False
    reference: Reference | None = None
    address: str | None = None
    pages: tuple[str, ...] = ()


Placed = TypeVar("Placed", Tie, Kept)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of the document with its number, and what stands beside it.

    `quoted` are the quotations and `kept` the bookmarks whose words begin in it; `back` the ids of the
    marks that point to it, if it is a note.
    """

    number: int
    block: Block
    stretches: tuple[Stretch, ...]
    quoted: tuple[Tie, ...] = ()
    kept: tuple[Kept, ...] = ()
    back: tuple[str, ...] = ()


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
    return Sheet(document, blocks, starts, references, tuple(part_of), notes)


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


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of a document: its paragraphs in order, and its notes under a heading of their own."""

    paragraphs: tuple[Paragraph, ...]
    notes: tuple[Paragraph, ...]
    over_notes: Paragraph | None = None


def draw(
    sheet: Sheet, part: int, marks: Sequence[Mark], quoted: Sequence[Tie] = (), kept: Sequence[Kept] = ()
) -> Shown:
    """A part of the document under these marks. `quoted` and `kept` are named beside where they begin."""
    numbers = [number for number, of_block in enumerate(sheet.part_of, 1) if of_block == part]
    every = sorted((*marks, *_own_marks(sheet, numbers)), key=lambda mark: mark.span)
    ties, own, back = _beginning(sheet, quoted), _beginning(sheet, kept), _pointing(sheet)
    drawn = [
        Paragraph(
            number,
            sheet.blocks[number - 1],
            stretches,
            tuple(ties.get(number, ())),
            tuple(own.get(number, ())),
            tuple(back.get(number, ())),
        )
        for number, stretches in zip(numbers, _drawn(sheet, numbers, every), strict=True)
    ]
    return _apart(drawn, sheet.notes)


def _apart(drawn: Sequence[Paragraph], note_of: Sequence[int | None]) -> Shown:
    """Notes apart from the text. A heading with nothing but notes below it goes with them."""
    notes = tuple(paragraph for paragraph in drawn if note_of[paragraph.number - 1])
    text = tuple(paragraph for paragraph in drawn if not note_of[paragraph.number - 1])
    last = text[-1] if text else None
    if last and last.block.kind == "heading" and any(note.number == last.number + 1 for note in notes):
        return Shown(text[:-1], notes, last)
    return Shown(text, notes)


def _own_marks(sheet: Sheet, numbers: Sequence[int]) -> Iterator[Mark]:
    """What the document itself sets off: emphasis, note marks, speakers."""
    yield from (Mark(span, "emphasis") for span in sheet.document.emphasis)
    yield from (Mark(span, "note", reference) for span, reference in sheet.references)
    for number in numbers:
        block = sheet.blocks[number - 1]
        label = _label(sheet.document.text, block)
        if label:
            yield Mark(label, "speaker")


def _label(text: str, block: Block) -> Span | None:
    """Where a speech begins with the name of its speaker."""
    turn = _TURN.match(text, block.span.start, block.span.end) if block.speaker else None
    if turn is None or not block.speaker:
        return None
    name = block.speaker.casefold().split()
    return Span(*turn.span()) if all(word in turn.group().casefold() for word in name) else None


def _beginning(sheet: Sheet, some: Sequence[Placed]) -> dict[int, list[Placed]]:
    """Those with a place in the text, by the number of the block in which they begin."""
    found: defaultdict[int, list[Placed]] = defaultdict(list)
    for each in some:
        found[sheet.number_at(each.span.start)].append(each)
    return found


def _pointing(sheet: Sheet) -> dict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for _, reference in sheet.references:
        if reference.number is not None:
            found[reference.number].append(reference.id)
    return found


def _drawn(sheet: Sheet, numbers: Sequence[int], marks: Sequence[Mark]) -> Iterator[tuple[Stretch, ...]]:
    """The stretches of each block, in one sweep over blocks and marks in text order."""
    pages = [anchor for anchor in sheet.document.anchors if anchor.kind == "page"]
    over: list[Mark] = []
    coming, turning = 0, 0
    for number in numbers:
        block = sheet.blocks[number - 1].span
        while coming < len(marks) and marks[coming].span.start < block.end:
            over.append(marks[coming])
            coming += 1
        over = [mark for mark in over if mark.span.end > block.start]
        begun = turning
        while turning < len(pages) and pages[turning].span.start < block.end:
            turning += 1
        of_block = [page for page in pages[begun:turning] if page.span.start >= _end_before(sheet, number)]
        yield tuple(_stretches(sheet.document.text, block, over, of_block))


def _end_before(sheet: Sheet, number: int) -> int:
    """Where the block before this one ends: a page that begins between two blocks begins the second."""
    return sheet.blocks[number - 2].span.end if number > 1 else 0


def _stretches(text: str, block: Span, marks: Sequence[Mark], pages: Sequence[Anchor]) -> Iterator[Stretch]:
    """The block cut wherever a mark or a page begins or ends."""
    turns: defaultdict[int, list[str]] = defaultdict(list)
    for page in pages:
        turns[max(page.span.start, block.start)].append(page.label)
    bounds = {offset for mark in marks for offset in (mark.span.start, mark.span.end)} | set(turns)
    points = sorted({block.start, block.end, *(b for b in bounds if block.start < b < block.end)})
    atoms: list[_Atom] = []
    for start, end in pairwise(points):
        covering = [mark for mark in marks if mark.span.start <= start and end <= mark.span.end]
        atom = _Atom(Span(start, end), covering, _link(covering))
        if atoms and (atom.link is not atoms[0].link or start in turns):
            yield _stretch(text, atoms, turns)
            atoms = []
        atoms.append(atom)
    if atoms:
        yield _stretch(text, atoms, turns)


@dataclass(frozen=True, slots=True)
class _Atom:
    """Characters between two bounds: the marks that cover them, and the one that makes them a link."""

    span: Span
    marks: Sequence[Mark]
    link: Mark | None


def _link(marks: Sequence[Mark]) -> Mark | None:
    """The mark that makes the link, of those that cover the same characters."""
    return next((mark for kind in LINKING for mark in marks if mark.kind == kind), None)


def _stretch(text: str, atoms: Sequence[_Atom], turns: Mapping[int, Sequence[str]]) -> Stretch:
    """Neighbouring atoms under one link, with the pages that begin before them."""
    runs = tuple(_run(text, atom) for atom in atoms)
    pages = tuple(turns.get(atoms[0].span.start, ()))
    link = atoms[0].link
    value = link.value if link else None
    if link and isinstance(value, Tie):
        begins, ends = atoms[0].span.start == link.span.start, atoms[-1].span.end == link.span.end
        return Stretch(runs, tie=value, begins=begins, ends=ends, pages=pages)
    if isinstance(value, Reference):
        return Stretch(runs, reference=value, pages=pages)
    return Stretch(runs, address=value if isinstance(value, str) else None, pages=pages)


def _run(text: str, atom: _Atom) -> Run:
    kinds = {mark.kind for mark in atom.marks}
    hit = next((mark for mark in atom.marks if mark.kind == "hit"), None)
    return Run(
        text[atom.span.start : atom.span.end],
        emphasis="emphasis" in kinds,
        speaker="speaker" in kinds,
        quoted="quoted" in kinds,
        kept=next((mark.value for mark in atom.marks if isinstance(mark.value, Kept)), None),
        hit=hit.value if hit and isinstance(hit.value, int) else None,
        begins=hit is not None and hit.span.start == atom.span.start,
    )

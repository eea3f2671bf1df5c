"""The paragraphs of a document as the reader shows them: each cut into stretches of marked runs.

Nothing here makes HTML or asks for anything. A stretch is what one link covers (a quotation, a note's mark, a
link of the text) or what none does; its runs differ in how they are shown. Law: the texts of the runs of a
paragraph, joined, are the text of its block.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeVar

from indexer.compare import speaker_label
from indexer.models import Anchor, Block, Span
from web.read.sheets import Reference, Sheet
from web.ties import Tie

MarkKind = Literal["hit", "emphasis", "speaker", "quotation", "quoted", "kept", "note", "link"]
# What a stretch links to when several marks cover it: links cannot lie inside each other.
LINKING: tuple[MarkKind, ...] = ("note", "quotation", "link")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text that is shown in its own way. `value` is what the kind needs to know:
    the Tie of a quotation, the Reference of a note, the Kept of a bookmark, the address of a link, the
    number of a hit."""

    span: Span
    kind: MarkKind
    value: "Tie | Reference | Kept | str | int | None" = None


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
        label = speaker_label(sheet.document.text, block)
        if label:
            yield Mark(label, "speaker")


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

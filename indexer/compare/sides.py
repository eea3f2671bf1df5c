"""A finding as two excerpts, essay and source: which paragraphs are shown, and how they are marked."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from indexer.compare.records import Around, Beside, Gap, Paragraph, Side, Window
from indexer.compare.strokes import (
    Stroke,
    Tied,
    anchor_strokes,
    count_words,
    essay_strokes,
    gaps_of,
    overlap,
    runs_of,
    source_strokes,
    tied_changes,
)
from indexer.models import Block, Document, Finding, Span

FURTHEST = 40
"""Paragraphs of context on one side that one page shows: beyond that the reader is the better place."""
HOLE = 600
"""Words between two pieces above which the paragraphs between them are counted, not shown."""

PAGE_WORDS = 350
"""Words of a printed page."""
_TURN = re.compile(r"[^:\n]{1,80}?(?::|\.\s?[—–-])")
"""How a turn begins with its speaker: "HALE:", "THE PRESIDENT (rising):", "Hale.—"."""


def beside(
    finding: Finding,
    essay: Document,
    source: Document | None = None,
    around: int | Window = 1,
    further: Sequence[Document] = (),
) -> Beside:
    """The finding's two sides. `around` counts paragraphs of context, as one number or a Window.

    `source` is the document of the alignment's place, None where nothing was found; `further` are
    documents of other works that hold pieces (chapters). A work whose document is not given has no
    side; an ellipsis that hides words of it has none to show.
    """
    window = around if isinstance(around, Window) else Window(Around(around, around), Around(around, around))
    documents = {d.work.id: d for d in ((source, *further) if source else further)}
    pieces = finding.alignment.pieces if finding.alignment else ()
    changes = tied_changes(finding, documents)
    gaps = gaps_of(finding, changes, documents)
    quoted = [finding.quotation.span]
    strokes = essay_strokes(finding, essay, changes, gaps)
    sides = [
        _source_side(finding, documents[work_id], changes, gaps, window.source)
        for work_id in dict.fromkeys(piece.work_id for piece in pieces)
        if work_id in documents
    ]
    return Beside(_side(essay, strokes, quoted, window.essay), tuple(sides), gaps)


def paragraphs(document: Document) -> tuple[Block, ...]:
    """The document's blocks, and between them a block for any text that none of them covers."""
    found: list[Block] = []
    at = 0
    for block in document.blocks:
        if document.text[at : block.span.start].strip():  # rare, and this is asked for every passage shown
            found += _uncovered(document.text, Span(at, block.span.start))
        found.append(block)
        at = block.span.end
    return (*found, *_uncovered(document.text, Span(at, len(document.text))))


def number_at(document: Document, at: int) -> int:
    """The number, from 1, of the document's paragraph that holds a character, or of the next one."""
    return numbers_at(document, [at])[0]


def numbers_at(document: Document, places: Iterable[int]) -> list[int]:
    """As `number_at`, for many characters of one document."""
    blocks = paragraphs(document)
    return [max(1, _owner(blocks, at) + 1) for at in places]


def page_of(document: Document, number: int, below: bool) -> int:
    """How many paragraphs next to paragraph `number`, above or below it, make a page; 0 at the end."""
    blocks = paragraphs(document)
    beyond = blocks[number:] if below else blocks[: number - 1][::-1]
    words, count = 0, 0
    while count < len(beyond) and words < PAGE_WORDS:
        span = beyond[count].span
        words += count_words(document.text[span.start : span.end])
        count += 1
    return count


def _uncovered(text: str, span: Span) -> list[Block]:
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    return [Block("para", Span(start, start + len(words.strip())))] if words.strip() else []


def _source_side(
    finding: Finding, document: Document, changes: Sequence[Tied], gaps: Sequence[Gap], around: Around
) -> Side:
    assert finding.alignment is not None
    work_id = document.work.id
    strokes = source_strokes(finding, document, changes, gaps)
    if finding.verdict.follows and finding.alignment.place.work_id == work_id:
        strokes.insert(0, Stroke(finding.verdict.follows, "follows"))
    wanted = [piece.source for piece in finding.alignment.pieces if piece.work_id == work_id]
    wanted += [
        t.change.source_span
        for t in changes
        if t.work_id == work_id and not t.change.marked and len(t.change.source_span)
    ]
    return _side(document, strokes + anchor_strokes(document), wanted, around)


def _side(document: Document, strokes: Sequence[Stroke], wanted: Sequence[Span], around: Around) -> Side:
    blocks = paragraphs(document)
    if not blocks:
        return Side(document.work.id, ())
    near = {n for span in wanted for n in _touched(blocks, span)}
    if not near and wanted:
        near = {_owner(blocks, wanted[0].start)}
    shown = _shown(document, blocks, near, around)
    labels = [label for n in shown if (label := speaker_label(document.text, blocks[n]))]
    by_block = _by_block(blocks, [*(Stroke(label, "label") for label in labels), *strokes], shown)
    made: list[Paragraph] = []
    for n in shown:
        before = made[-1].block.span.end if made else blocks[n].span.start
        runs = runs_of(document.text, blocks[n].span, by_block.get(n, []))
        words = [run for run in runs if run.text.strip() and run.mark != "note"]
        gone = bool(words) and all(run.mark == "left-out" for run in words)
        skipped = count_words(document.text[before : blocks[n].span.start])
        made.append(Paragraph(n + 1, blocks[n], runs, n in near, gone, skipped))
    return Side(
        document.work.id,
        tuple(made),
        bool(shown) and shown[0] > 0,
        bool(shown) and shown[-1] < len(blocks) - 1,
    )


def speaker_label(text: str, block: Block) -> Span | None:
    """Where a speech begins with the name of its speaker."""
    turn = _TURN.match(text, block.span.start, block.span.end) if block.speaker else None
    if turn is None or not block.speaker:
        return None
    name = block.speaker.casefold().split()
    return Span(*turn.span()) if all(word in turn.group().casefold() for word in name) else None


def _shown(document: Document, blocks: Sequence[Block], near: set[int], around: Around) -> list[int]:
    """The numbers of the blocks to show: those near, the context, and what lies between if it is short."""
    if not near:
        return []
    above, below = min(max(around.above, 0), FURTHEST), min(max(around.below, 0), FURTHEST)
    last = len(blocks) - 1
    found = set(near)
    found |= set(range(max(0, min(near) - above), min(near)))
    found |= set(range(max(near) + 1, min(last, max(near) + below) + 1))
    ordered = sorted(near)
    for one, other in pairwise(ordered):
        between = document.text[blocks[one].span.end : blocks[other].span.start]
        if count_words(between) <= HOLE:
            found |= set(range(one + 1, other))
        else:
            found |= {one + 1, other - 1}
    return sorted(found)


def _by_block(
    blocks: Sequence[Block], strokes: Iterable[Stroke], shown: Sequence[int]
) -> dict[int, list[Stroke]]:
    """The strokes that touch each shown block; an empty one belongs to one block alone."""
    found: dict[int, list[Stroke]] = {n: [] for n in shown}
    for stroke in strokes:
        if not len(stroke.span):
            owner = _owner(blocks, stroke.span.start)
            span = blocks[owner].span
            at = min(max(stroke.span.start, span.start), span.end)
            if owner in found:
                found[owner].append(replace(stroke, span=Span(at, at)))
            continue
        for n in shown:
            if overlap(blocks[n].span, stroke.span):
                found[n].append(stroke)
    return found


def _touched(blocks: Sequence[Block], span: Span) -> Iterator[int]:
    """The numbers of the blocks that share a character with a span: those from its first on."""
    for n in range(bisect_right(blocks, span.start, key=lambda block: block.span.end), len(blocks)):
        if blocks[n].span.start >= span.end:
            return
        if overlap(blocks[n].span, span):
            yield n


def _owner(blocks: Sequence[Block], at: int) -> int:
    """The number of the block that holds the place, or else of the next one, or of the last."""
    return min(bisect_left(blocks, at, key=lambda block: block.span.end), len(blocks) - 1)

"""A finding as two excerpts, essay and source, made of runs of (text, mark) that can be tied together.

Nothing here makes HTML: the templates do. Offsets are those of the two documents, so that every run
can be linked to its place. Law: the runs of a paragraph, joined, are the text of the paragraph.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from indexer.models import Block, Change, ChangeKind, Document, Finding, Piece, Span
from indexer.normalise import WORD

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

FURTHEST = 40
"""Paragraphs of context on one side that one page shows: beyond that the reader is the better place."""
HOLE = 600
"""Words between two pieces above which the paragraphs between them are counted, not shown."""

BESIDE = 2
"""Letters between an ellipsis and the change that it marks: a space, a quotation mark."""
_TURN = re.compile(r"[^:\n]{1,80}?(?::|\.\s?[—–-])")
"""How a turn begins with its speaker: "HALE:", "THE PRESIDENT (rising):", "Hale.—"."""

_UNMARKED: dict[ChangeKind, Mark] = {
    "omitted": "dropped",
    "inserted": "put-in",
    "replaced": "changed",
    "moved": "moved",
}


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


@dataclass(frozen=True, slots=True)
class _Stroke:
    """A mark laid over a span; later strokes cover earlier ones."""

    span: Span
    mark: Mark
    tie: int | None = None
    label: str = ""
    gap: Gap | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class _Tied:
    """A change with its number and the work in whose text its `source_span` lies."""

    tie: int
    change: Change
    work_id: str | None


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
    changes = _tied(finding, documents)
    gaps = _gaps(finding, changes, documents)
    quoted = [finding.quotation.span]
    strokes = _essay_strokes(finding, essay, changes, gaps)
    sides = [
        _source_side(finding, documents[work_id], changes, gaps, window.source)
        for work_id in dict.fromkeys(piece.work_id for piece in pieces)
        if work_id in documents
    ]
    return Beside(_side(essay, strokes, quoted, window.essay), tuple(sides), gaps)


def count_words(text: str) -> int:
    """The number of words of a text, as verdicts count them; "don't" is one."""
    return sum(1 for _ in WORD.finditer(text))


def paragraphs(document: Document) -> tuple[Block, ...]:
    """The document's blocks, and between them a block for any text that none of them covers."""
    found: list[Block] = []
    at = 0
    for block in document.blocks:
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


def _uncovered(text: str, span: Span) -> list[Block]:
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    return [Block("para", Span(start, start + len(words.strip())))] if words.strip() else []


def _tied(finding: Finding, documents: dict[str, Document]) -> tuple[_Tied, ...]:
    pieces = finding.alignment.pieces if finding.alignment else ()
    return tuple(
        _Tied(tie, change, _work_of(change, pieces, documents))
        for tie, change in enumerate(finding.verdict.changes, len(pieces) + 1)
    )


def _work_of(change: Change, pieces: Sequence[Piece], documents: dict[str, Document]) -> str | None:
    """The work that the change's source span counts in: that of the nearest piece whose text agrees."""

    def distance(piece: Piece) -> tuple[bool, int, int]:
        document = documents.get(piece.work_id)
        span = change.source_span
        agrees = document is not None and _says(document.text[span.start : span.end], change.source)
        return not agrees, _apart(piece.quote, change.quote_span), _apart(piece.source, span)

    return min(pieces, key=distance).work_id if pieces else None


def _says(text: str, told: str) -> bool:
    """Whether a stretch of a text is what a change tells of it, which leaves out the marks of notes."""
    return not told or (text.split()[:1] == told.split()[:1] and text[-1:] == told[-1:])


def _apart(one: Span, other: Span) -> int:
    return max(0, other.start - one.end, one.start - other.end)


def _gaps(finding: Finding, changes: Sequence[_Tied], documents: dict[str, Document]) -> tuple[Gap, ...]:
    pieces = finding.alignment.pieces if finding.alignment else ()
    first = len(pieces) + len(changes) + 1
    ellipses = [part.span for part in finding.quotation.parts if part.kind == "ellipsis"]
    found: list[Gap] = []
    for tie, span in enumerate(ellipses, first):
        if not any(piece.quote.start <= span.start and span.end <= piece.quote.end for piece in pieces):
            gap = _gap(tie, span, pieces, changes, documents)
            again = gap.tie in {other.tie for other in found}
            found.append(Gap(tie, span, "unknown") if again else gap)
    return tuple(found)


def _gap(
    tie: int,
    ellipsis: Span,
    pieces: Sequence[Piece],
    changes: Sequence[_Tied],
    documents: dict[str, Document],
) -> Gap:
    """What the ellipsis hides: what the verdict says of it, else what lies between its two pieces."""
    for tied in changes:
        change = tied.change
        if change.kind == "omitted" and change.marked and _apart(change.quote_span, ellipsis) <= BESIDE:
            found = Gap(tied.tie, ellipsis, "between", tied.work_id, change.source_span)
            return _filled(found, documents)
    before = max(
        (p for p in pieces if p.quote.end <= ellipsis.start), key=lambda p: p.quote.end, default=None
    )
    after = min(
        (p for p in pieces if p.quote.start >= ellipsis.end), key=lambda p: p.quote.start, default=None
    )
    if not pieces:
        return Gap(tie, ellipsis, "unknown")
    if before is None or after is None:
        return Gap(tie, ellipsis, "at an end")
    if before.work_id != after.work_id:
        return Gap(tie, ellipsis, "in another work")
    if before.source.end > after.source.start:
        return Gap(tie, ellipsis, "in another order", before.work_id)
    hidden = Span(before.source.end, after.source.start)
    return _filled(Gap(tie, ellipsis, "between", before.work_id, hidden), documents)


def _filled(gap: Gap, documents: dict[str, Document]) -> Gap:
    document = documents.get(gap.work_id or "")
    if document is None or gap.source is None:
        return replace(gap, why="unknown", source=None)
    start, end = gap.source.start, gap.source.end
    return replace(gap, text=document.text[start:end], words=_words_in(document, Span(start, end)))


def _words_in(document: Document, span: Span) -> int:
    """The number of words of the span; the marks of notes are none."""
    notes = [a.span for a in document.anchors if a.kind == "note" and _overlap(a.span, span)]
    total, at = 0, span.start
    for note in notes:
        total += count_words(document.text[at : note.start])
        at = note.end
    return total + count_words(document.text[at : span.end])


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _essay_strokes(
    finding: Finding, essay: Document, changes: Sequence[_Tied], gaps: Sequence[Gap]
) -> list[_Stroke]:
    pieces = finding.alignment.pieces if finding.alignment else ()
    strokes = [_Stroke(finding.quotation.span, "quoted")]
    for part in finding.quotation.parts:
        # What the verdict finds put in is painted by its changes; a bracket without one is the source's too.
        if part.kind == "bracket" and not pieces:
            strokes.append(_Stroke(part.span, "bracket"))
        elif part.kind == "label":
            strokes.append(_Stroke(part.span, "label"))
    strokes += [_Stroke(piece.quote, "same", tie) for tie, piece in enumerate(pieces, 1)]
    hiding = {gap.tie for gap in gaps}
    strokes += [
        _Stroke(tied.change.quote_span, _essay_mark(tied.change), tied.tie, change=tied.change)
        for tied in changes
        if tied.tie not in hiding
    ]
    strokes += [_Stroke(gap.quote, "ellipsis", gap.tie, gap=gap) for gap in gaps]
    return strokes + _anchors(essay)


def _essay_mark(change: Change) -> Mark:
    if change.marked and change.kind != "moved":
        return "bracket" if len(change.quote_span) else "ellipsis"
    return _UNMARKED[change.kind]


def _source_mark(change: Change) -> Mark:
    if change.marked and change.kind != "moved":
        return "left-out" if len(change.source_span) else "bracket"
    return _UNMARKED[change.kind]


def _anchors(document: Document) -> list[_Stroke]:
    return [_Stroke(anchor.span, anchor.kind, label=anchor.label) for anchor in document.anchors]


def _source_side(
    finding: Finding, document: Document, changes: Sequence[_Tied], gaps: Sequence[Gap], around: Around
) -> Side:
    assert finding.alignment is not None
    work_id = document.work.id
    pieces = [(tie, p) for tie, p in enumerate(finding.alignment.pieces, 1) if p.work_id == work_id]
    here = [gap for gap in gaps if gap.work_id == work_id and gap.source is not None]
    mine = [tied for tied in changes if tied.work_id == work_id]
    strokes: list[_Stroke] = []
    if finding.verdict.follows and finding.alignment.place.work_id == work_id:
        strokes.append(_Stroke(finding.verdict.follows, "follows"))
    strokes += [_Stroke(gap.source, "left-out", gap.tie, gap=gap) for gap in here if gap.source]
    strokes += [_Stroke(piece.source, "same", tie) for tie, piece in pieces]
    hidden = {gap.tie for gap in here}
    strokes += [
        _Stroke(tied.change.source_span, _source_mark(tied.change), tied.tie, change=tied.change)
        for tied in mine
        if tied.tie not in hidden
    ]
    wanted = [piece.source for _, piece in pieces]
    wanted += [t.change.source_span for t in mine if not t.change.marked and len(t.change.source_span)]
    return _side(document, strokes + _anchors(document), wanted, around)


def _side(document: Document, strokes: Sequence[_Stroke], wanted: Sequence[Span], around: Around) -> Side:
    blocks = paragraphs(document)
    if not blocks:
        return Side(document.work.id, ())
    near = {n for n, block in enumerate(blocks) if any(_overlap(block.span, span) for span in wanted)}
    if not near and wanted:
        near = {_owner(blocks, wanted[0].start)}
    shown = _shown(document, blocks, near, around)
    labels = [label for n in shown if (label := _label(document.text, blocks[n]))]
    by_block = _by_block(blocks, [*(_Stroke(label, "label") for label in labels), *strokes], shown)
    made: list[Paragraph] = []
    for n in shown:
        before = made[-1].block.span.end if made else blocks[n].span.start
        runs = _runs(document.text, blocks[n].span, by_block.get(n, []))
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


def _label(text: str, block: Block) -> Span | None:
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
    blocks: Sequence[Block], strokes: Iterable[_Stroke], shown: Sequence[int]
) -> dict[int, list[_Stroke]]:
    """The strokes that touch each shown block; an empty one belongs to one block alone."""
    found: dict[int, list[_Stroke]] = {n: [] for n in shown}
    for stroke in strokes:
        if not len(stroke.span):
            owner = _owner(blocks, stroke.span.start)
            span = blocks[owner].span
            at = min(max(stroke.span.start, span.start), span.end)
            if owner in found:
                found[owner].append(replace(stroke, span=Span(at, at)))
            continue
        for n in shown:
            if _overlap(blocks[n].span, stroke.span):
                found[n].append(stroke)
    return found


def _owner(blocks: Sequence[Block], at: int) -> int:
    """The number of the block that holds the place, or else of the next one, or of the last."""
    return min(bisect_left(blocks, at, key=lambda block: block.span.end), len(blocks) - 1)


def _runs(text: str, span: Span, strokes: Sequence[_Stroke]) -> tuple[Run, ...]:
    """The span cut into runs: at each place the last stroke that covers it gives the mark."""
    points = {span.start, span.end}
    empty: dict[int, list[_Stroke]] = {}
    for stroke in strokes:
        points |= {min(max(p, span.start), span.end) for p in (stroke.span.start, stroke.span.end)}
        if not len(stroke.span):
            empty.setdefault(stroke.span.start, []).append(stroke)
    ordered = sorted(points)
    runs: list[Run] = [_run(text, stroke.span, stroke) for stroke in empty.get(span.start, [])]
    for start, end in pairwise(ordered):
        covering = [s for s in strokes if s.span.start <= start and end <= s.span.end]
        run = _run(text, Span(start, end), covering[-1] if covering else None)
        if runs and runs[-1].text and _alike(runs[-1], run):
            run = replace(run, span=Span(runs[-1].span.start, end), text=runs.pop().text + run.text)
        runs.append(run)
        runs += [_run(text, stroke.span, stroke) for stroke in empty.get(end, [])]
    return tuple(runs)


def _run(text: str, span: Span, stroke: _Stroke | None) -> Run:
    words = text[span.start : span.end]
    if stroke is None:
        return Run(span, words, "context")
    return Run(span, words, stroke.mark, stroke.tie, stroke.label, stroke.gap, stroke.change)


def _alike(one: Run, other: Run) -> bool:
    return (one.mark, one.tie, one.label) == (other.mark, other.tie, other.label)

"""What a finding lays over its texts: strokes of marks, numbered so that both sides can be tied."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from indexer.compare.records import Gap, Mark, Run
from indexer.models import Change, ChangeKind, Document, Finding, Piece, Span
from indexer.normalise import WORD

BESIDE = 2
"""Letters between an ellipsis and the change that it marks: a space, a quotation mark."""
_UNMARKED: dict[ChangeKind, Mark] = {
    "omitted": "dropped",
    "inserted": "put-in",
    "replaced": "changed",
    "moved": "moved",
}


@dataclass(frozen=True, slots=True)
class Stroke:
    """A mark laid over a span; later strokes cover earlier ones."""

    span: Span
    mark: Mark
    tie: int | None = None
    label: str = ""
    gap: Gap | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Tied:
    """A change with its number and the work in whose text its `source_span` lies."""

    tie: int
    change: Change
    work_id: str | None


def count_words(text: str) -> int:
    """The number of words of a text, as verdicts count them; "don't" is one."""
    return sum(1 for _ in WORD.finditer(text))


def tied_changes(finding: Finding, documents: Mapping[str, Document]) -> tuple[Tied, ...]:
    """The changes of the verdict, numbered after the pieces."""
    pieces = finding.alignment.pieces if finding.alignment else ()
    works = {piece.work_id for piece in pieces}
    one = next(iter(works), None)
    return tuple(
        Tied(tie, change, _work_of(change, pieces, documents) if len(works) > 1 else one)
        for tie, change in enumerate(finding.verdict.changes, len(pieces) + 1)
    )


def _work_of(change: Change, pieces: Sequence[Piece], documents: Mapping[str, Document]) -> str:
    """Of several works the one in which a change's source span counts: that of the nearest piece whose text
    agrees."""

    def distance(piece: Piece) -> tuple[bool, int, int]:
        document = documents.get(piece.work_id)
        span = change.source_span
        agrees = document is not None and _says(document.text[span.start : span.end], change.source)
        return not agrees, _apart(piece.quote, change.quote_span), _apart(piece.source, span)

    return min(pieces, key=distance).work_id


def _says(text: str, told: str) -> bool:
    """Whether a stretch of a text is what a change tells of it, which leaves out the marks of notes."""
    return not told or (text.split()[:1] == told.split()[:1] and text[-1:] == told[-1:])


def _apart(one: Span, other: Span) -> int:
    return max(0, other.start - one.end, one.start - other.end)


def gaps_of(finding: Finding, changes: Sequence[Tied], documents: Mapping[str, Document]) -> tuple[Gap, ...]:
    """What each ellipsis of the quotation stands for, numbered after the changes."""
    pieces = finding.alignment.pieces if finding.alignment else ()
    first = len(pieces) + len(changes) + 1
    ellipses = [part.span for part in finding.quotation.parts if part.kind == "ellipsis"]
    found: list[Gap] = []
    told: set[int] = set()
    for tie, span in enumerate(ellipses, first):
        if not any(piece.quote.start <= span.start and span.end <= piece.quote.end for piece in pieces):
            gap = _gap(tie, span, pieces, changes, documents)
            found.append(Gap(tie, span, "unknown") if gap.tie in told else gap)
            told.add(gap.tie)
    return tuple(found)


def _gap(
    tie: int,
    ellipsis: Span,
    pieces: Sequence[Piece],
    changes: Sequence[Tied],
    documents: Mapping[str, Document],
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


def _filled(gap: Gap, documents: Mapping[str, Document]) -> Gap:
    document = documents.get(gap.work_id or "")
    if document is None or gap.source is None:
        return replace(gap, why="unknown", source=None)
    start, end = gap.source.start, gap.source.end
    return replace(gap, text=document.text[start:end], words=_words_in(document, Span(start, end)))


def _words_in(document: Document, span: Span) -> int:
    """The number of words of the span; the marks of notes are none."""
    notes = [a.span for a in document.anchors if a.kind == "note" and overlap(a.span, span)]
    total, at = 0, span.start
    for note in notes:
        total += count_words(document.text[at : note.start])
        at = note.end
    return total + count_words(document.text[at : span.end])


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return one.start < other.end and other.start < one.end


def essay_strokes(
    finding: Finding, essay: Document, changes: Sequence[Tied], gaps: Sequence[Gap]
) -> list[Stroke]:
    """The marks that a finding lays over its essay."""
    pieces = finding.alignment.pieces if finding.alignment else ()
    strokes = [Stroke(finding.quotation.span, "quoted")]
    for part in finding.quotation.parts:
        # What the verdict finds put in is painted by its changes; a bracket without one is the source's too.
        if part.kind == "bracket" and not pieces:
            strokes.append(Stroke(part.span, "bracket"))
        elif part.kind == "label":
            strokes.append(Stroke(part.span, "label"))
    strokes += [Stroke(piece.quote, "same", tie) for tie, piece in enumerate(pieces, 1)]
    hiding = {gap.tie for gap in gaps}
    strokes += [
        Stroke(tied.change.quote_span, _essay_mark(tied.change), tied.tie, change=tied.change)
        for tied in changes
        if tied.tie not in hiding
    ]
    strokes += [Stroke(gap.quote, "ellipsis", gap.tie, gap=gap) for gap in gaps]
    return strokes + anchor_strokes(essay)


def _essay_mark(change: Change) -> Mark:
    if change.marked and change.kind != "moved":
        return "bracket" if len(change.quote_span) else "ellipsis"
    return _UNMARKED[change.kind]


def _source_mark(change: Change) -> Mark:
    if change.marked and change.kind != "moved":
        return "left-out" if len(change.source_span) else "bracket"
    return _UNMARKED[change.kind]


def anchor_strokes(document: Document) -> list[Stroke]:
    """The marks of notes and pages, which are no words of the author."""
    return [Stroke(anchor.span, anchor.kind, label=anchor.label) for anchor in document.anchors]


def source_strokes(
    finding: Finding, document: Document, changes: Sequence[Tied], gaps: Sequence[Gap]
) -> list[Stroke]:
    """The marks that a finding lays over one of its sources."""
    work_id = document.work.id
    pieces = finding.alignment.pieces if finding.alignment else ()
    here = [gap for gap in gaps if gap.work_id == work_id and gap.source is not None]
    hidden = {gap.tie for gap in here}
    strokes = [Stroke(gap.source, "left-out", gap.tie, gap=gap) for gap in here if gap.source]
    strokes += [
        Stroke(piece.source, "same", tie) for tie, piece in enumerate(pieces, 1) if piece.work_id == work_id
    ]
    strokes += [
        Stroke(tied.change.source_span, _source_mark(tied.change), tied.tie, change=tied.change)
        for tied in changes
        if tied.work_id == work_id and tied.tie not in hidden
    ]
    return strokes


def runs_of(text: str, span: Span, strokes: Sequence[Stroke]) -> tuple[Run, ...]:
    """The span cut into runs: at each place the last stroke that covers it gives the mark."""
    points = {span.start, span.end}
    empty: dict[int, list[Stroke]] = {}
    for stroke in strokes:
        points |= {min(max(p, span.start), span.end) for p in (stroke.span.start, stroke.span.end)}
        if not len(stroke.span):
            empty.setdefault(stroke.span.start, []).append(stroke)
    ordered = sorted(points)
    painted: list[Stroke | None] = [None] * (len(ordered) - 1)
    for stroke in strokes:
        bounds = (min(max(p, span.start), span.end) for p in (stroke.span.start, stroke.span.end))
        low, high = (bisect_left(ordered, at) for at in bounds)
        painted[low:high] = [stroke] * (high - low)
    runs: list[Run] = [_run(text, stroke.span, stroke) for stroke in empty.get(span.start, [])]
    for (start, end), over in zip(pairwise(ordered), painted, strict=True):
        run = _run(text, Span(start, end), over)
        if runs and runs[-1].text and _alike(runs[-1], run):
            run = replace(run, span=Span(runs[-1].span.start, end), text=runs.pop().text + run.text)
        runs.append(run)
        runs += [_run(text, stroke.span, stroke) for stroke in empty.get(end, [])]
    return tuple(runs)


def _run(text: str, span: Span, stroke: Stroke | None) -> Run:
    words = text[span.start : span.end]
    if stroke is None:
        return Run(span, words, "context")
    return Run(span, words, stroke.mark, stroke.tie, stroke.label, stroke.gap, stroke.change)


def _alike(one: Run, other: Run) -> bool:
    return (one.mark, one.tie, one.label) == (other.mark, other.tie, other.label)

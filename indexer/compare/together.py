"""Several quotations of one passage under each other: the source's words, as each essay cut them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.compare.records import Run
from indexer.compare.strokes import anchor_strokes, gaps_of, overlap, runs_of, source_strokes, tied_changes
from indexer.models import Document, Finding, Span


@dataclass(frozen=True, slots=True)
class Version:
    """How one quotation has the passage: the source's words, marked with what it has, leaves out, changes.

    Words of mark "context" are those that it does not reach. Law: the runs of every version, joined, are
    the same text.
    """

    finding: Finding
    runs: tuple[Run, ...]


def together(
    findings: Sequence[Finding], source: Document, documents: Mapping[str, Document]
) -> tuple[Version, ...]:
    """The passage of `source` from the first word that any of the findings has to the last, once for each.

    `documents` has the works in which pieces of the findings stand, by id. A finding without a piece in
    the source is left out.
    """
    here = [f for f in findings if _spans(f, source)]
    if not here:
        return ()
    every = [span for f in here for span in _spans(f, source)]
    passage = Span(min(s.start for s in every), max(s.end for s in every))
    return tuple(Version(f, _cut(f, source, documents, passage)) for f in here)


def _spans(finding: Finding, source: Document) -> list[Span]:
    pieces = finding.alignment.pieces if finding.alignment else ()
    return [piece.source for piece in pieces if piece.work_id == source.work.id]


def _cut(
    finding: Finding, source: Document, documents: Mapping[str, Document], passage: Span
) -> tuple[Run, ...]:
    changes = tied_changes(finding, documents)
    gaps = gaps_of(finding, changes, documents)
    strokes = source_strokes(finding, source, changes, gaps)
    # A note's mark is told from the words where it parts them; elsewhere it would only cut the context.
    strokes += [mark for mark in anchor_strokes(source) if any(overlap(mark.span, s.span) for s in strokes)]
    near = [s for s in strokes if passage.start <= s.span.end and s.span.start <= passage.end]
    return runs_of(source.text, passage, near)

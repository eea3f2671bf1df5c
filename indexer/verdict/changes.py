"""What a quotation and its source differ in: every word of both sides, between the first and the last.

The pieces of the alignment tie words of the essay to words of the source; what lies between two ties is
a cell, and each cell becomes changes by the marks (ellipsis, brackets, labels) that stand in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.likeness import pair
from indexer.models import Alignment, Change, Document, Part, Piece, Span
from indexer.normalise import key
from indexer.verdict.cells import Cell, in_cell, on_one_line, own_bracket, replaced
from indexer.verdict.sides import (
    Sides,
    Token,
    between,
    block_of,
    inside,
    marks_among,
    same,
    shown,
    tokens_of,
    words_in,
)

# As many words beside a quotation's first and last are looked at for a bracket of the source's own.
LONGEST_OWN = 10
# Beyond as many words of a chapter's end and the next one's beginning, a quotation does not run on.
LONGEST_TURN = 400


@dataclass(frozen=True, slots=True)
class Step:
    """Two neighbouring ties that are not next to each other: the words of the source after which and
    before which they stand, and whether an ellipsis joins them."""

    before: Token
    after: Token
    ellipsis: bool
    skipped: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes in the quotation's order, the steps between its stretches, and the first and the last
    word of the source that is tied."""

    changes: tuple[Change, ...]
    steps: tuple[Step, ...]
    tied: tuple[Token, ...]


Tie = tuple[int, Token]


def compare(alignment: Alignment, both: Sides) -> Comparison:
    """Every difference between a quotation and the place where it stands."""
    tied = _ties(alignment.pieces, both)
    changes = list(_head(tied, alignment, both))
    steps: list[Step] = []
    for at, here in enumerate(tied):
        if not same(both, both.tokens[here[0]], here[1]):
            changes.append(replaced(both, (both.tokens[here[0]],), (here[1],), False))
        if at + 1 < len(tied):
            found, step = _gap(at, tied, both)
            changes += found
            steps += [step] if step else []
    changes += _tail(tied, alignment, both)
    return Comparison(tuple(changes), tuple(steps), tuple(token for _, token in tied))


def _ties(pieces: Sequence[Piece], both: Sides) -> list[Tie]:
    """The words of the quotation that a piece ties, with the source's words."""
    ties: list[Tie] = []
    for piece in pieces:
        chosen = words_in(both, piece.quote)
        found = tokens_of(both.sources[piece.work_id], piece.source)
        if len(chosen) == len(found):
            ties += zip(chosen, found, strict=True)
        else:
            forms = [key(both.tokens[i].form) for i in chosen]
            ties += [(chosen[i], found[j]) for i, j in pair(forms, [key(t.form) for t in found])]
    return ties


def _gap(at: int, tied: Sequence[Tie], both: Sides) -> tuple[list[Change], Step | None]:
    """The changes between a tie and the next, and the step between them if there is one."""
    here, there = tied[at : at + 2]
    quote, marks = _quoted(here[0] + 1, there[0], both)
    before, after = here[1], there[1]
    ellipsis = any(mark.kind == "ellipsis" for mark in marks)
    onward = before.document == after.document and before.span.end <= after.span.start
    source: list[Token] | None = None
    if onward:
        source = between(both.sources[before.document], Span(before.span.end, after.span.start))
    elif before.document != after.document:
        source = _over_the_end(before, after, both)
    if source is None:
        cell = Cell(quote, (), marks, Span(before.span.end, after.span.start))
        moved = _moved(at + 1, tied, both, ellipsis)
        return [*in_cell(cell, here[0] + 1, both), moved], Step(before, after, ellipsis, 0)
    cell = Cell(quote, tuple(source), marks, Span(both.tokens[here[0]].span.end, before.span.end))
    step = Step(before, after, ellipsis, len(source)) if source else None
    return list(in_cell(cell, here[0] + 1, both)), step


def _over_the_end(before: Token, after: Token, both: Sides) -> list[Token] | None:
    """The words between the end of one chapter and the beginning of the next, headings left out; None when
    they are too many for a quotation that runs on."""
    left, right = both.sources[before.document], both.sources[after.document]
    rest = between(left, Span(before.span.end, len(left.text))) + between(right, Span(0, after.span.start))
    headings = [(d.work.id, b.span) for d in (left, right) for b in d.blocks if b.kind == "heading"]
    rest = [t for t in rest if not any(d == t.document and inside(t.span, s) for d, s in headings)]
    return rest if len(rest) <= LONGEST_TURN else None


def _quoted(start: int, end: int, both: Sides) -> tuple[tuple[Token, ...], tuple[Part, ...]]:
    """The quotation's words from `start` to `end`, and the marks before, between and after them."""
    return both.tokens[start:end], marks_among(both, start, end)


def _moved(at: int, tied: Sequence[Tie], both: Sides, marked: bool) -> Change:
    """The stretch that stands elsewhere: from this tie on, as long as the source goes on with it."""
    run = [tied[at]]
    for number in range(at + 1, len(tied)):
        tie, last = tied[number], run[-1]
        if tie[0] != last[0] + 1 or tie[1].document != last[1].document or tie[1].span < last[1].span:
            break
        run.append(tie)
    quote = Span(both.tokens[run[0][0]].span.start, both.tokens[run[-1][0]].span.end)
    source = Span(run[0][1].span.start, run[-1][1].span.end)
    text = shown(both.sources[run[0][1].document], source)
    return Change("moved", on_one_line(both.essay, quote), text, quote, source, marked)


def _head(tied: list[Tie], alignment: Alignment, both: Sides) -> Iterator[Change]:
    """The changes before the first tied word."""
    index, first = tied[0]
    quote, marks = _quoted(0, index, both)
    document = both.sources[first.document]
    source = _before(document, first, max(len(quote), LONGEST_OWN), alignment)
    marks = tuple(mark for mark in marks if mark.kind != "bracket" or not own_bracket(mark, source, both))
    source = source[len(source) - min(len(source), 2 * len(quote)) :]
    cell = Cell(quote, tuple(source), marks, Span(both.tokens[0].span.start, first.span.start))
    yield from in_cell(cell, 0, both, free_start=True)


def _tail(tied: list[Tie], alignment: Alignment, both: Sides) -> Iterator[Change]:
    """The changes after the last tied word."""
    index, last = tied[-1]
    quote, marks = _quoted(index + 1, len(both.tokens), both)
    document = both.sources[last.document]
    source = _after(document, last, max(len(quote), LONGEST_OWN), alignment)
    marks = tuple(mark for mark in marks if mark.kind != "bracket" or not own_bracket(mark, source, both))
    source = source[: 2 * len(quote)]
    cell = Cell(quote, tuple(source), marks, Span(both.tokens[-1].span.end, last.span.end))
    yield from in_cell(cell, index + 1, both, free_end=True)


def _before(document: Document, first: Token, count: int, alignment: Alignment) -> list[Token]:
    """The source's words before the first tied one that the quotation's own may stand for."""
    place = alignment.place
    start = block_of(document, first.span).start
    if place.work_id == document.work.id:
        start = min(start, place.span.start)
    found = between(document, Span(start, first.span.start))
    return found[max(0, len(found) - 2 * count) :]


def _after(document: Document, last: Token, count: int, alignment: Alignment) -> list[Token]:
    place = alignment.place
    end = block_of(document, last.span).end
    if place.work_id == document.work.id:
        end = max(end, place.span.end)
    return between(document, Span(last.span.end, end))[: 2 * count]

"""What stands between two tied words, as changes: near words one by one, the rest by the marks among it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.likeness import pair
from indexer.models import Change, ChangeKind, Document, Part, Span
from indexer.normalise import LABEL, key
from indexer.verdict.sides import Sides, Token, inside, marks_among, same, shown, tokens_of

# A bracket may stand for as many words of the source; beyond them the omission is not marked by it.
MOST_REPLACED = 12
# More words than these at either end of a quotation are put in; as many words of the source do not answer
# to them.
MOST_AT_AN_END = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands between two tied words: words of either side and the quoter's marks."""

    quote: tuple[Token, ...]
    source: tuple[Token, ...]
    marks: tuple[Part, ...]
    at: Span
    """Where it is in the essay (`start`) and in the source (`end`) when it has no words there."""

    def has(self, kind: str) -> bool:
        return any(mark.kind == kind for mark in self.marks)


def in_cell(
    cell: Cell, first: int, both: Sides, free_start: bool = False, free_end: bool = False
) -> Iterator[Change]:
    """The changes of a cell: near words one by one, the rest by the marks among it. `first` is the number
    of its first word in the quotation; at a free end the source's own words are not left out."""
    ours, theirs = ([key(t.form) for t in side] for side in (cell.quote, cell.source))
    # Equal words that stand here were let go as scraps: only near ones are told apart from their neighbours.
    pairs = [p for p in pair(ours, theirs, free_start, free_end) if _is_near(ours, theirs, *p)]
    edges = [(-1, -1), *pairs, (len(ours), len(theirs))]
    for number, ((i, k), (j, m)) in enumerate(pairwise(edges)):
        if i >= 0 and not same(both, cell.quote[i], cell.source[k]):
            yield replaced(both, (cell.quote[i],), (cell.source[k],), "[" in cell.quote[i].raw)
        quote, source = cell.quote[i + 1 : j], cell.source[k + 1 : m]
        if free_start and number == 0:
            source = source[len(source) - min(len(source), len(quote)) :]
        if free_end and number == len(edges) - 2:
            source = source[: len(quote)]
        marks = [mark for mark in marks_among(both, first + i + 1, first + j) if mark in cell.marks]
        outside = (free_start and number == 0) or (free_end and number == len(edges) - 2)
        if outside and (len(quote) > MOST_AT_AN_END or any(mark.kind == "ellipsis" for mark in marks)):
            source = ()
        yield from _by_marks(Cell(quote, source, tuple(marks), _position(cell, i, k)), both)


def _is_near(ours: Sequence[str], theirs: Sequence[str], i: int, k: int) -> bool:
    """Whether two words are one with a slip; not if one is the other and its neighbour written as one, for
    then the two differ together."""
    doubles = ((ours[i], theirs, k), (theirs[k], ours, i))
    halved = any(w in ("".join(side[at - 1 : at + 1]), "".join(side[at : at + 2])) for w, side, at in doubles)
    return ours[i] != theirs[k] and not halved


def _position(cell: Cell, i: int, k: int) -> Span:
    start = cell.quote[i].span.end if i >= 0 else cell.at.start
    return Span(start, cell.source[k].span.end if k >= 0 else cell.at.end)


def _by_marks(cell: Cell, both: Sides) -> Iterator[Change]:
    """The changes of words that are tied to none, with the marks that stand among them."""
    source = list(cell.source)
    if cell.has("label"):
        source = _without_labels(source, both)
    brackets = []
    for mark in cell.marks:
        if mark.kind == "bracket":
            own = own_bracket(mark, source, both)
            source = [t for t in source if t not in own]
            brackets += [] if own else [mark]
    quote, left = cell.quote, tuple(source)
    if cell.has("ellipsis"):
        yield from _left_out(left, cell, both, True)
        left = ()
    elif brackets and not quote and 0 < len(left) <= MOST_REPLACED * len(brackets):
        span = Span(brackets[0].span.start, brackets[-1].span.end)
        yield _change("replaced", span, _span_of(left), left[0].document, both, True)
        return
    yield from (_change("inserted", b.span, Span(cell.at.end, cell.at.end), "", both, True) for b in brackets)
    if quote and left:
        alike = len(quote) == len(left) and all(map(same, [both] * len(left), quote, left))
        if not alike:
            yield replaced(both, quote, left, False)
    elif quote:
        yield _change("inserted", _span_of(quote), Span(cell.at.end, cell.at.end), "", both, False)
    else:
        yield from _left_out(left, cell, both, False)


def own_bracket(mark: Part, source: Sequence[Token], both: Sides) -> Sequence[Token]:
    """The words of a bracket that the source itself has, in brackets or with nothing else in their place."""
    wanted = [t.form for t in tokens_of(both.essay, mark.span, [])]
    for at in range(len(source) - len(wanted) + 1):
        found = source[at : at + len(wanted)]
        if not wanted or [t.form for t in found] != wanted:
            continue
        before = (
            both.sources[found[0].document]
            .text[max(0, found[0].span.start - 3) : found[0].span.start]
            .rstrip("“‘\"'")
        )
        if before.endswith(("[", "(")) or len(found) == len(source):
            return found
    return []


def _without_labels(source: list[Token], both: Sides) -> list[Token]:
    """The words but for the source's own labels of speakers."""
    if not source:
        return source
    text = both.sources[source[0].document].text
    start = text.rfind("\n", 0, source[0].span.start) + 1
    labels = [Span(*m.span(1)) for m in LABEL.finditer(text, start, source[-1].span.end + 3)]
    return [t for t in source if not any(inside(t.span, label) for label in labels)]


def _left_out(source: tuple[Token, ...], cell: Cell, both: Sides, marked: bool) -> Iterator[Change]:
    """Words of the source that the quotation leaves out, a change for each document."""
    ellipses = [mark.span for mark in cell.marks if mark.kind == "ellipsis"]
    quote = Span(ellipses[0].start, ellipses[-1].end) if marked else Span(cell.at.start, cell.at.start)
    for work in dict.fromkeys(t.document for t in source):
        span = _span_of([t for t in source if t.document == work])
        yield _change("omitted", quote, span, work, both, marked)


def replaced(both: Sides, quote: Sequence[Token], source: Sequence[Token], marked: bool) -> Change:
    """The change of words for others; words in brackets are always marked."""
    marked = marked or all("[" in t.raw or t.bracketed for t in quote)
    return _change("replaced", _span_of(quote), _span_of(source), source[0].document, both, marked)


def _change(kind: ChangeKind, quote: Span, source: Span, work: str, both: Sides, marked: bool) -> Change:
    text = shown(both.sources[work], source) if work else ""
    ours = "" if kind == "omitted" else on_one_line(both.essay, quote)
    return Change(kind, ours, text, quote, source, marked)


def _span_of(tokens: Sequence[Token]) -> Span:
    return Span(tokens[0].span.start, tokens[-1].span.end)


def on_one_line(essay: Document, span: Span) -> str:
    """The words of a stretch as one line."""
    return " ".join(essay.text[span.start : span.end].split())

"""What a quotation and its source differ in: every word of both sides, between the first and the last.

The pieces of the alignment tie words of the essay to words of the source; what lies between two ties is
a cell, and each cell becomes changes by the marks (ellipsis, brackets, labels) that stand in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from indexer.likeness import pair
from indexer.models import Alignment, Change, ChangeKind, Document, Part, Piece, Quotation, Span
from indexer.normalise import LABEL, NOTE_MARK, cut, key, words

# A bracket may stand for as many words of the source; beyond them the omission is not marked by it.
MOST_REPLACED = 12
# More words than these at either end of a quotation are put in; as many words of the source do not answer
# to them.
MOST_AT_AN_END = 3
# As many words beside a quotation's first and last are looked at for a bracket of the source's own.
LONGEST_OWN = 10
# A word of as few letters in capitals may be initials ("US" is not "us"), a longer one is emphasised.
LONGEST_INITIALS = 3
# As many characters on either side of it are looked at for its neighbours.
CAPITALS_REACH = 120
# Beyond as many words of a chapter's end and the next one's beginning, a quotation does not run on.
LONGEST_TURN = 400


@dataclass(frozen=True, slots=True)
class Token:
    """A word of one side: its comparing form, its characters, and the text there."""

    form: str
    span: Span
    raw: str
    document: str = ""
    bracketed: bool = False
    """Whether it stands in brackets of the essay that are the source's too."""


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


@dataclass(frozen=True, slots=True)
class Sides:
    """The two texts, and the quotation's words and marks. `places` are the marks' positions: the number
    of the word that each stands before."""

    essay: Document
    sources: Mapping[str, Document]
    tokens: tuple[Token, ...]
    marks: tuple[Part, ...]
    places: tuple[int, ...]


def sides(
    quotation: Quotation, essay: Document, sources: Mapping[str, Document], pieces: Sequence[Piece] = ()
) -> Sides:
    """The quotation's words and marks, ready to be compared. Brackets whose words are in the pieces are
    the source's, and no mark."""
    span = quotation.span
    masks = [a.span for a in essay.anchors if a.kind == "note" and span.start <= a.span.start < span.end]
    tokens: list[Token] = []
    marks: list[Part] = []
    places: list[int] = []
    for part in quotation.parts or cut(essay.text[span.start : span.end], span.start):
        if part.kind == "words":
            tokens += tokens_of(essay, part.span, masks)
        elif part.kind == "bracket" and (own := _tied_bracket(essay, part, pieces)):
            tokens += own
        elif not NOTE_MARK.fullmatch(essay.text[part.span.start : part.span.end]):
            marks.append(part)
            places.append(len(tokens))
    return Sides(essay, sources, tuple(tokens), tuple(marks), tuple(places))


def _tied_bracket(essay: Document, part: Part, pieces: Sequence[Piece]) -> list[Token]:
    """The words of a bracket if all of them are in pieces, else none."""
    found = tokens_of(essay, part.span, [])
    if not all(any(_inside(token.span, piece.quote) for piece in pieces) for token in found):
        return []
    return [replace(token, bracketed=True) for token in found]


def tokens_of(document: Document, span: Span, masks: Sequence[Span] | None = None) -> list[Token]:
    """The words of a stretch of a document, without marks of notes."""
    if masks is None:
        masks = note_marks(document, span)
    inside = [Span(m.start - span.start, m.end - span.start) for m in masks]
    text = document.text[span.start : span.end]
    found = words(text, inside)
    rows = zip(found.forms, found.starts.tolist(), found.ends.tolist(), strict=True)
    work = document.work.id
    return [Token(f, Span(span.start + a, span.start + b), text[a:b], work) for f, a, b in rows]


def note_marks(document: Document, span: Span) -> list[Span]:
    """The marks of notes that stand inside a stretch."""
    known = [a.span for a in document.anchors if a.kind == "note" and span.start <= a.span.start < span.end]
    return known + [Span(*m.span()) for m in NOTE_MARK.finditer(document.text, span.start, span.end)]


def between(document: Document, span: Span) -> list[Token]:
    """The source's words in a stretch, those of notes left out unless it begins in one."""
    notes = [b.span for b in document.blocks if b.kind == "note" and span.start <= b.span.start < span.end]
    found: list[Token] = []
    at = span.start
    for note in notes:
        found += tokens_of(document, Span(at, note.start))
        at = max(at, note.end)
    return found + (tokens_of(document, Span(at, span.end)) if at < span.end else [])


def shown(document: Document, span: Span) -> str:
    """The text of a stretch without marks of notes, as a reader sees it in a list of changes."""
    text, at = "", span.start
    for mark in sorted(note_marks(document, span)):
        if mark.start >= at:
            text, at = text + document.text[at : mark.start], mark.end
    return " ".join((text + document.text[at : span.end]).split())


def compare(alignment: Alignment, both: Sides) -> Comparison:
    """Every difference between a quotation and the place where it stands."""
    tied = _ties(alignment.pieces, both)
    changes = list(_head(tied, alignment, both))
    steps: list[Step] = []
    for at, here in enumerate(tied):
        if not same(both, both.tokens[here[0]], here[1]):
            changes.append(_replaced(both, (both.tokens[here[0]],), (here[1],), False))
        if at + 1 < len(tied):
            found, step = _gap(here, tied[at + 1], tied, both)
            changes += found
            steps += [step] if step else []
    changes += _tail(tied, alignment, both)
    return Comparison(tuple(changes), tuple(steps), tuple(token for _, token in tied))


def _ties(pieces: Sequence[Piece], both: Sides) -> list[Tie]:
    """The words of the quotation that a piece ties, with the source's words."""
    ties: list[Tie] = []
    for piece in pieces:
        chosen = [i for i, t in enumerate(both.tokens) if _inside(t.span, piece.quote)]
        found = tokens_of(both.sources[piece.work_id], piece.source)
        if len(chosen) == len(found):
            ties += zip(chosen, found, strict=True)
        else:
            forms = [key(both.tokens[i].form) for i in chosen]
            ties += [(chosen[i], found[j]) for i, j in pair(forms, [key(t.form) for t in found])]
    return ties


def _inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def same(both: Sides, quoted: Token, found: Token) -> bool:
    """Whether two words are one but for typography: the case of a first letter, and capitals that open a
    paragraph, make a heading or show emphasis."""
    if quoted.form != found.form:
        return False
    ours, theirs = (t.raw.translate(_NO_BRACKETS) for t in (quoted, found))
    if ours[1:].isupper() == theirs[1:].isupper() or len(ours) < 2:
        return True
    # In an essay a word that opens a paragraph may be initials, unless it would begin large anyway.
    if _opens(both.sources[found.document], found) or (theirs[:1].isupper() and _opens(both.essay, quoted)):
        return True
    if not (_in_capitals(ours) or _in_capitals(theirs)):
        return False
    return _letters(ours) > LONGEST_INITIALS or _among_capitals(both, quoted, found)


_NO_BRACKETS = str.maketrans("", "", "[]()")


def _in_capitals(raw: str) -> bool:
    return raw.isupper() and _letters(raw) > 1


def _letters(raw: str) -> int:
    return sum(letter.isalpha() for letter in raw)


def _among_capitals(both: Sides, quoted: Token, found: Token) -> bool:
    """Whether the capitals of a word are those of its neighbours too, which the other side writes small: a
    name in capitals beside it ("the US NATO command") would stand so on both sides."""
    sides = [_near(both.essay, quoted), _near(both.sources[found.document], found)]
    capitals, plain = sides if quoted.raw.translate(_NO_BRACKETS).isupper() else reversed(sides)
    token = quoted if capitals is sides[0] else found
    # A quotation may begin within what its essay has as one word ("d’US").
    at = next(i for i, t in enumerate(capitals) if t.span.start <= token.span.start < t.span.end)
    small = {t.form for t in plain if not t.raw.isupper()} - {t.form for t in plain if t.raw.isupper()}
    for way in (capitals[at + 1 :], capitals[:at][::-1]):
        for neighbour in way:
            if not neighbour.raw.isupper():
                break
            if _in_capitals(neighbour.raw) and neighbour.form in small:
                return True
    return False


def _near(document: Document, token: Token) -> list[Token]:
    """The words around one, in its paragraph."""
    block = block_of(document, token.span)
    low, high = token.span.start - CAPITALS_REACH, token.span.end + CAPITALS_REACH
    return [t for t in tokens_of(document, block) if low <= t.span.start and t.span.end <= high]


def _opens(document: Document, token: Token) -> bool:
    """Whether the word belongs to capitals that open a paragraph, or to a heading."""
    line = document.text.rfind("\n", 0, token.span.start) + 1
    if document.text[line : token.span.end].isupper():
        return True
    return any(b.kind == "heading" and _inside(token.span, b.span) for b in document.blocks)


def _gap(here: Tie, there: Tie, tied: list[Tie], both: Sides) -> tuple[list[Change], Step | None]:
    """The changes between two neighbouring ties, and the step between them if there is one."""
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
        moved = _moved(there, tied, both, ellipsis)
        return [*_in_cell(cell, here[0] + 1, both), moved], Step(before, after, ellipsis, 0)
    cell = Cell(quote, tuple(source), marks, Span(both.tokens[here[0]].span.end, before.span.end))
    step = Step(before, after, ellipsis, len(source)) if source else None
    return list(_in_cell(cell, here[0] + 1, both)), step


def _over_the_end(before: Token, after: Token, both: Sides) -> list[Token] | None:
    """The words between the end of one chapter and the beginning of the next, headings left out; None when
    they are too many for a quotation that runs on."""
    left, right = both.sources[before.document], both.sources[after.document]
    rest = between(left, Span(before.span.end, len(left.text))) + between(right, Span(0, after.span.start))
    headings = [(d.work.id, b.span) for d in (left, right) for b in d.blocks if b.kind == "heading"]
    rest = [t for t in rest if not any(d == t.document and _inside(t.span, s) for d, s in headings)]
    return rest if len(rest) <= LONGEST_TURN else None


def _quoted(start: int, end: int, both: Sides) -> tuple[tuple[Token, ...], tuple[Part, ...]]:
    """The quotation's words from `start` to `end`, and the marks before, between and after them."""
    marks = [m for m, at in zip(both.marks, both.places, strict=True) if start <= at <= end]
    return both.tokens[start:end], tuple(marks)


def _moved(there: Tie, tied: list[Tie], both: Sides, marked: bool) -> Change:
    """The stretch that stands elsewhere: from this tie on, as long as the source goes on with it."""
    run = [there]
    for tie in tied[tied.index(there) + 1 :]:
        last = run[-1]
        if tie[0] != last[0] + 1 or tie[1].document != last[1].document or tie[1].span < last[1].span:
            break
        run.append(tie)
    quote = Span(both.tokens[run[0][0]].span.start, both.tokens[run[-1][0]].span.end)
    source = Span(run[0][1].span.start, run[-1][1].span.end)
    text = shown(both.sources[there[1].document], source)
    return Change("moved", _words(both.essay, quote), text, quote, source, marked)


def _head(tied: list[Tie], alignment: Alignment, both: Sides) -> Iterator[Change]:
    """The changes before the first tied word."""
    index, first = tied[0]
    quote, marks = _quoted(0, index, both)
    document = both.sources[first.document]
    source = _before(document, first, max(len(quote), LONGEST_OWN), alignment)
    marks = tuple(mark for mark in marks if mark.kind != "bracket" or not _own_bracket(mark, source, both))
    source = source[len(source) - min(len(source), 2 * len(quote)) :]
    cell = Cell(quote, tuple(source), marks, Span(both.tokens[0].span.start, first.span.start))
    yield from _in_cell(cell, 0, both, free_start=True)


def _tail(tied: list[Tie], alignment: Alignment, both: Sides) -> Iterator[Change]:
    """The changes after the last tied word."""
    index, last = tied[-1]
    quote, marks = _quoted(index + 1, len(both.tokens), both)
    document = both.sources[last.document]
    source = _after(document, last, max(len(quote), LONGEST_OWN), alignment)
    marks = tuple(mark for mark in marks if mark.kind != "bracket" or not _own_bracket(mark, source, both))
    source = source[: 2 * len(quote)]
    cell = Cell(quote, tuple(source), marks, Span(both.tokens[-1].span.end, last.span.end))
    yield from _in_cell(cell, index + 1, both, free_end=True)


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


def block_of(document: Document, span: Span) -> Span:
    """The paragraph in which a stretch begins."""
    start = document.text.rfind("\n\n", 0, span.start)
    end = document.text.find("\n\n", span.start)
    return Span(start + 2 if start >= 0 else 0, end if end >= 0 else len(document.text))


def _in_cell(
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
            yield _replaced(both, (cell.quote[i],), (cell.source[k],), "[" in cell.quote[i].raw)
        quote, source = cell.quote[i + 1 : j], cell.source[k + 1 : m]
        if free_start and number == 0:
            source = source[len(source) - min(len(source), len(quote)) :]
        if free_end and number == len(edges) - 2:
            source = source[: len(quote)]
        low, high = first + i + 1, first + j
        marks = [m for m, at in zip(both.marks, both.places, strict=True) if low <= at <= high]
        marks = [mark for mark in marks if mark in cell.marks]
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
            own = _own_bracket(mark, source, both)
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
            yield _replaced(both, quote, left, False)
    elif quote:
        yield _change("inserted", _span_of(quote), Span(cell.at.end, cell.at.end), "", both, False)
    else:
        yield from _left_out(left, cell, both, False)


def _own_bracket(mark: Part, source: Sequence[Token], both: Sides) -> Sequence[Token]:
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
    return [t for t in source if not any(_inside(t.span, label) for label in labels)]


def _left_out(source: tuple[Token, ...], cell: Cell, both: Sides, marked: bool) -> Iterator[Change]:
    """Words of the source that the quotation leaves out, a change for each document."""
    ellipses = [mark.span for mark in cell.marks if mark.kind == "ellipsis"]
    quote = Span(ellipses[0].start, ellipses[-1].end) if marked else Span(cell.at.start, cell.at.start)
    for work in dict.fromkeys(t.document for t in source):
        span = _span_of([t for t in source if t.document == work])
        yield _change("omitted", quote, span, work, both, marked)


def _replaced(both: Sides, quote: Sequence[Token], source: Sequence[Token], marked: bool) -> Change:
    marked = marked or all("[" in t.raw or t.bracketed for t in quote)
    return _change("replaced", _span_of(quote), _span_of(source), source[0].document, both, marked)


def _change(kind: ChangeKind, quote: Span, source: Span, work: str, both: Sides, marked: bool) -> Change:
    text = shown(both.sources[work], source) if work else ""
    ours = "" if kind == "omitted" else _words(both.essay, quote)
    return Change(kind, ours, text, quote, source, marked)


def _span_of(tokens: Sequence[Token]) -> Span:
    return Span(tokens[0].span.start, tokens[-1].span.end)


def _words(essay: Document, span: Span) -> str:
    return " ".join(essay.text[span.start : span.end].split())

"""The two sides of a comparison: the words of the quotation with its marks, and the words of the source."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.models import Document, Part, Piece, Quotation, Span
from indexer.normalise import NOTE_MARK, cut, words
from indexer.spans import beginning_in, holding, numbers_in

# A word of as few letters in capitals may be initials ("US" is not "us"), a longer one is emphasised.
LONGEST_INITIALS = 3
# As many characters on either side of it are looked at for its neighbours.
CAPITALS_REACH = 120


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
    masks = [a.span for a in beginning_in(essay.anchors, span) if a.kind == "note"]
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
    if not all(any(inside(token.span, piece.quote) for piece in pieces) for token in found):
        return []
    return [replace(token, bracketed=True) for token in found]


def words_in(both: Sides, span: Span) -> list[int]:
    """The numbers of the quotation's words that lie in a stretch of the essay."""
    return [i for i in numbers_in(both.tokens, span) if both.tokens[i].span.end <= span.end]


def marks_among(both: Sides, first: int, last: int) -> tuple[Part, ...]:
    """The quoter's marks before, between and after the words from `first` up to `last`."""
    return both.marks[bisect_left(both.places, first) : bisect_right(both.places, last)]


def tokens_of(document: Document, span: Span, masks: Sequence[Span] | None = None) -> list[Token]:
    """The words of a stretch of a document, without marks of notes."""
    if masks is None:
        masks = note_marks(document, span)
    # The character before it tells the sign of a number from a hyphen.
    at = max(span.start - 1, 0)
    text = document.text[at : span.end]
    found = words(text, [Span(m.start - at, m.end - at) for m in masks], span.start - at)
    rows = zip(found.forms, found.starts.tolist(), found.ends.tolist(), strict=True)
    return [Token(f, Span(at + a, at + b), text[a:b], document.work.id) for f, a, b in rows]


def note_marks(document: Document, span: Span) -> list[Span]:
    """The marks of notes that stand inside a stretch."""
    known = [a.span for a in beginning_in(document.anchors, span) if a.kind == "note"]
    return known + [Span(*m.span()) for m in NOTE_MARK.finditer(document.text, span.start, span.end)]


def between(document: Document, span: Span) -> list[Token]:
    """The source's words in a stretch, those of notes left out unless it begins in one."""
    notes = [b.span for b in beginning_in(document.blocks, span) if b.kind == "note"]
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


def block_of(document: Document, span: Span) -> Span:
    """The paragraph in which a stretch begins."""
    start = document.text.rfind("\n\n", 0, span.start)
    end = document.text.find("\n\n", span.start)
    return Span(start + 2 if start >= 0 else 0, end if end >= 0 else len(document.text))


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
    block = holding(document.blocks, token.span.start)
    return block is not None and block.kind == "heading" and inside(token.span, block.span)


def inside(inner: Span, outer: Span) -> bool:
    """Whether a stretch lies in another."""
    return outer.start <= inner.start and inner.end <= outer.end

"""The lines of a document, as the finding of quotations sees them.

A line is what stands between two line breaks, soft or hard: a paragraph, a lead-in, a turn of a
speech, or the attribution below a quotation.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.models import Block, BlockKind, Document, Span

from .lexicon import lexicon
from .marks import NONE, Marks, Pair, doubles, singles

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
_TURN = re.compile(
    r"[“\"„«‘]?\s?\[?([^\W\d_][\w.’' -]{0,40}?)\s?(?:\([^()]{1,40}\)|\[[^\[\]]{1,40}\])?\s?(?::\]?|\]:)\s+\S"
)
_NUMBERED = re.compile(r"\s*(?:[\[({]?\s*(?:\d{1,3}|[a-z]|[ivxlc]+)\s*[\])}.:]|\d{1,3}\s|[*†‡§¹²³⁰-⁹])")
_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_TURN_REACH = 140
_TITLE_WORDS = 6  # a heading above a list of sources is short
_LONG = 40  # characters of a pair of marks that frames more than a term
_LEADING = 2  # so many times as many pairs of single marks as of double ones make them the outer ones
_PROSE_WORDS = 40  # an entry of such a list is shorter than a paragraph
_LEAD = 4  # characters before a block that show whether a colon announces it
_HEADLINE_WORDS = 15  # and so is a headline in capitals
_SUPERSCRIPTS = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹⁰", " " * 10)


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its span without outer white space, its block, its marks, and who speaks in it.

    `marks` are of the family that frames the document's quotations, double as a rule; `singles` of the
    other; `outer` the pairs of either that stand in no other.

    `first` and `last` say whether it begins and ends its block; `silent` lines hold no quotations
    (headings, lists of sources).
    """

    start: int
    end: int
    kind: BlockKind
    first: bool
    last: bool
    silent: bool
    marks: Marks = NONE
    singles: Marks = NONE
    outer: tuple[Pair, ...] = ()
    speaker: str | None = None

    def opens(self) -> int:
        """Offset of the mark with which the line begins, or -1."""
        heads = [pair.open for marks in (self.marks, self.singles) for pair in marks.pairs[:1]]
        heads += [start for marks in (self.marks, self.singles) for start in marks.unclosed[:1]]
        return self.start if self.start in heads else -1


@dataclass(frozen=True, slots=True)
class Page:
    """A document cut into lines. `text` is its text with the marks of notes blanked, same length."""

    document: Document
    text: str
    lines: tuple[Line, ...]


def page(document: Document) -> Page:
    """The document's lines, in order."""
    text = masked(document)
    lines: list[Line] = []
    listing = False
    blocks = _blocks(document)
    for number, block in enumerate(blocks):
        spans = _split(text, block.span)
        if not spans:
            continue
        listing = _listing(text, blocks, number, listing)
        silent = listing or block.kind in ("heading", "entry") or _is_title(document, text, block, number)
        for at, (start, end) in enumerate(spans):
            lines.append(_line(text, start, end, block, silent, at == 0, at == len(spans) - 1))
    return Page(document, text, tuple(_led(lines)))


def _led(lines: list[Line]) -> list[Line]:
    """The lines; where single marks frame most quotations, those are the outer ones, as in British books."""
    double = sum(pair.close - pair.open > _LONG for line in lines for pair in line.marks.pairs)
    single = sum(pair.close - pair.open > _LONG for line in lines for pair in line.singles.pairs)
    if single <= _LEADING * double:
        return lines
    return [replace(line, marks=line.singles, singles=line.marks) for line in lines]


def masked(document: Document) -> str:
    """The text with the marks of notes, and what is no more than a mark of TeX, as spaces."""
    text = document.text.translate(_SUPERSCRIPTS)
    if "``" in text:
        text = text.replace("``", " “").replace("''", "” ")
    pieces, done = [], 0
    for anchor in document.anchors:
        start, end = anchor.span.start, anchor.span.end
        if anchor.kind == "note" and done <= start < end:
            pieces += [text[done:start], " " * (end - start)]
            done = end
    return "".join(pieces) + text[done:]


def words(text: str) -> list[str]:
    """The words of a text, apostrophes kept inside them."""
    return _WORD.findall(text)


def line_at(lines: Sequence[Line], offset: int) -> int:
    """Index of the line in which or after which the offset lies."""
    return max(bisect_right(lines, offset, key=lambda line: line.start) - 1, 0)


def _blocks(document: Document) -> tuple[Block, ...]:
    if document.blocks:
        return document.blocks
    return tuple(Block("para", Span(m.start(), m.end())) for m in _PARAGRAPH.finditer(document.text))


def _split(text: str, span: Span) -> list[tuple[int, int]]:
    """The spans of a block's lines, blank ones left out, white space trimmed."""
    spans, start = [], span.start
    for piece in text[span.start : span.end].split("\n"):
        left = start + len(piece) - len(piece.lstrip())
        right = start + len(piece.rstrip())
        if left < right:
            spans.append((left, right))
        start += len(piece) + 1
    return spans


def _line(text: str, start: int, end: int, block: Block, silent: bool, first: bool, last: bool) -> Line:
    speaker = block.speaker if first and block.speaker else _speaker(text, start, end)
    shout = first and last and text[start:end].isupper() and len(words(text[start:end])) <= _HEADLINE_WORDS
    shout = shout and not text[max(0, start - _LEAD) : start].rstrip().endswith(":")
    if silent or shout:
        kind = block.kind if silent else "heading"
        return Line(start, end, kind, first, last, True, speaker=speaker)
    marks, inner = doubles(text, start, end), singles(text, start, end)
    return Line(start, end, block.kind, first, last, False, marks, inner, _outermost(marks, inner), speaker)


def _outermost(marks: Marks, inner: Marks) -> tuple[Pair, ...]:
    """The pairs of both families that stand in no other pair, in order."""
    kept: list[Pair] = []
    for pair in sorted([*marks.outer(), *inner.outer()], key=lambda pair: pair.open):
        if not kept or pair.open > kept[-1].close:
            kept.append(pair)
    return tuple(kept)


def _listing(text: str, blocks: Sequence[Block], number: int, listing: bool) -> bool:
    """Whether the block belongs to a list of sources: from its heading to one that prose or notes follow."""
    block = blocks[number]
    head = text[block.span.start : block.span.end].strip().partition("\n")[0].strip(" :.*=#-").lower()
    if len(head.split()) <= _TITLE_WORDS and head in lexicon().lists:
        return True
    # A note has its number; what has none below such a heading is an entry, though the page calls it a note.
    if not listing or (block.kind == "note" and _NUMBERED.match(text, block.span.start)):
        return False
    if block.kind != "heading" or number + 1 >= len(blocks):
        return True
    body = text[blocks[number + 1].span.start : blocks[number + 1].span.end]
    return blocks[number + 1].kind != "note" and len(words(body)) < _PROSE_WORDS


def _is_title(document: Document, text: str, block: Block, number: int) -> bool:
    """Whether the block is the document's title, which stands first and alone."""
    title = document.work.title.strip()
    return number == 0 and bool(title) and text[block.span.start : block.span.end].strip() == title


def _speaker(text: str, start: int, end: int) -> str | None:
    """The name before a colon with which the line begins, if it can be a speaker's."""
    turn = _TURN.match(text, start, min(end, start + _TURN_REACH))
    if turn is None:
        return None
    name = turn[1].strip()
    parts = [part for part in re.split(r"[\s.]+", name) if part]
    known = lexicon()
    if not 1 <= len(parts) <= 4 or name.lower() in known.no_speakers or parts[0].lower() in known.no_speakers:
        return None
    if any(not part[0].isupper() and part not in known.particles for part in parts):
        return None
    return name

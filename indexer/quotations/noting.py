"""The notes of an essay, and which of them says whose words a quotation is."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from indexer.models import Span

from .citing import LONGEST, PLACE, STRONG, compares, is_sentence, is_source, says_where, trim
from .lines import Page
from .marks import DOUBLE, SINGLE_CLOSING

_NEAR = 6  # characters between a quotation's end and its note's mark
_PARAGRAPHS = 3  # paragraphs beyond its own where a quotation's note may stand, if it names several pages
_NEXT = 2  # and if it names one page; a note without a page speaks for its own paragraph
_PROSE = ("para", "quote", "verse", "speech", "item")
_MARKS_AHEAD = 8  # marks of notes behind a quotation that are tried for its source
_LABEL = re.compile(
    r"[\[(]?(?:\d{1,3}\*?|[a-zA-Z*†‡§]{1,3}|[ivxlcIVXLC]{1,6})[\])]?[.:)]?\s+|[*†‡§]+\s*|[¹²³⁴⁵⁶⁷⁸⁹⁰]+\s*"
)
_SEVERAL = re.compile(r"\b(?:pp\. ?\d|(?:p|S|с)\. ?\d+ ?[,;&–-] ?\d)", re.IGNORECASE)
_MANY = re.compile(r"\b(?:pp?|S|с)\. ?\d[\d –-]*(?:,|&|and) ?\d", re.IGNORECASE)
_ASIDE = re.compile(r"\(([^()]{2,120})\)")
_ASIDES_REACH = 4000  # characters behind a quotation that are looked through for such parentheses
_LETTER = re.compile(r"[^\W\d_]")
_ENDS = DOUBLE | SINGLE_CLOSING
_QUOTED = ("quote", "verse")
NOTE_MARK = re.compile(r"[¹²³⁴⁵⁶⁷⁸⁹⁰]+|\[\d{1,3}\]|\[[*†‡]+\]")


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of a page: spans of their texts by label, and by where their blocks begin."""

    labels: Mapping[str, Span] = field(default_factory=dict)
    anchors: Mapping[int, Span] = field(default_factory=dict)  # a mark's offset -> its note's text
    marks: Sequence[int] = ()  # the offsets of these marks in order


def notes(page: Page) -> Notes:
    """All notes to which a mark leads; marks that lead nowhere are left out."""
    blocks = {block.span.start: block.span for block in page.document.blocks}
    labels: dict[str, Span] = {}
    anchors: dict[int, Span] = {}
    original = page.document.text
    for start, span in blocks.items():
        mark = NOTE_MARK.match(original, start, span.end)
        text = trim(original, mark.end(), span.end) if mark else None
        if mark and text:
            labels.setdefault(mark[0], text)
    for anchor in page.document.anchors:
        if anchor.kind == "note" and anchor.target in blocks and anchor.span.start < anchor.target:
            span = blocks[anchor.target]
            label = _LABEL.match(original, span.start, span.end)
            text = trim(original, label.end() if label else span.start, span.end)
            if text:
                anchors[anchor.span.start] = text
    return Notes(labels, anchors, sorted(anchors))


def note_behind(page: Page, known: Notes, offset: int) -> Span | None:
    """The text of the note whose mark stands right at the quotation's end, outside or inside its mark."""
    original = page.document.text
    for at in range(max(0, offset - _NEAR), min(len(original), offset + _NEAR)):
        note = known.anchors.get(at)
        if note is None and at >= offset - 2:
            mark = NOTE_MARK.match(original, at)
            note = known.labels.get(mark[0]) if mark else None
        if note and not original[offset:at].strip(" .,;:’”\"'“"):
            told = original[note.start : min(note.end, note.start + LONGEST)]
            return note if is_source(told) or says_where(told) else None
    return None


def shared(page: Page, known: Notes, offset: int, block: bool) -> Span | None:
    """The note to which the next citing mark behind `offset` leads, in the same block or one of the next.

    Where several quotations come from one place, the mark stands behind the last of them. A mark right
    behind the quotation is its own, and it has no other. A heading, a citation in parentheses and, in
    a later paragraph, a mark that stands behind the essay's own words end what notes can speak for; so does,
    for words that are no `block` of their own, the mark behind a block quotation in a later paragraph, if its
    note names one place alone.
    """
    if _marked(page, known, offset):
        return None
    near, further = _governed(page, offset)
    first = bisect_left(known.marks, offset)
    for at in known.marks[first : first + _MARKS_AHEAD]:
        if at >= further[-1] or _cited_between(page, offset, at):
            return None
        note = known.anchors[at]
        text = page.document.text[note.start : min(note.end, note.start + LONGEST)]
        if not STRONG.search(text) or not is_source(text) or compares(text):
            continue
        many = block or bool(_MANY.search(text))
        pages = _PARAGRAPHS if _SEVERAL.search(text) else _NEXT if PLACE.search(text) else 0
        explains = is_sentence(text.partition(". ")[0])
        own = at < near or (at < further[pages] and not explains and _behind_quotation(page, at, many))
        return note if own else None
    return None


def _marked(page: Page, known: Notes, offset: int) -> bool:
    """Whether a note's mark stands right at the quotation's end, whatever the note says."""
    text, known_marks = page.document.text, known.marks
    near = known_marks[bisect_left(known_marks, offset - _NEAR) : bisect_left(known_marks, offset + _NEAR)]
    return not all(_LETTER.search(text, min(at, offset), max(at, offset)) for at in near)


def _cited_between(page: Page, offset: int, mark: int) -> bool:
    """Whether the essay cites a place in parentheses between a quotation and a note's mark."""
    end = min(mark, offset + _ASIDES_REACH)
    return any(PLACE.search(found[1]) for found in _ASIDE.finditer(page.text, offset, end))


def _behind_quotation(page: Page, mark: int, blocks: bool) -> bool:
    """Whether a note's mark stands behind quoted words: a closing mark or, where `blocks` count, a block."""
    head = page.text[max(0, mark - _NEAR) : mark].rstrip(" .,;")
    at = bisect_right(page.document.blocks, mark, key=lambda block: block.span.start) - 1
    apart = page.document.blocks[at].kind in _QUOTED
    return blocks if apart else head[-1:] in _ENDS


def _governed(page: Page, offset: int) -> tuple[int, list[int]]:
    """The end of the paragraph of a quotation at `offset`, and the ends of it and of those after it
    whose notes may speak for it too, the last for as many as there are not.
    """
    blocks = page.document.blocks
    block = bisect_right(blocks, offset, key=lambda block: block.span.start) - 1
    if block < 0:
        return offset, [offset] * (_PARAGRAPHS + 1)
    ends = [blocks[block].span.end]
    for after in blocks[block + 1 : block + 1 + _PARAGRAPHS]:
        if after.kind not in _PROSE:
            break
        ends.append(after.span.end)
    return ends[0], ends + ends[-1:] * (_PARAGRAPHS + 1 - len(ends))

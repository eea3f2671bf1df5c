"""The notes of an essay, and which of them says whose words a quotation is."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from indexer.models import Span

from .citing import LONGEST, STRONG, compares, is_sentence, is_source, trim
from .lines import Page

_NEAR = 6  # characters between a quotation's end and its note's mark
_PARAGRAPHS = 3  # paragraphs beyond its own in which a quotation's note may stand
_PROSE = ("para", "quote", "verse", "speech", "item")
_MARKS_AHEAD = 8  # marks of notes behind a quotation that are tried for its source
_LABEL = re.compile(
    r"[\[(]?(?:\d{1,3}\*?|[a-zA-Z*†‡§]{1,3}|[ivxlcIVXLC]{1,6})[\])]?[.:)]?\s+|[*†‡§]+\s*|[¹²³⁴⁵⁶⁷⁸⁹⁰]+\s*"
)
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
            return note if is_source(original[note.start : min(note.end, note.start + LONGEST)]) else None
    return None


def shared(page: Page, known: Notes, offset: int) -> Span | None:
    """The note to which the next citing mark behind `offset` leads, in the same block or one of the next.

    Where several quotations come from one place, the mark stands behind the last of them. A heading
    ends what a note can speak for.
    """
    near, far = _governed(page, offset)
    first = bisect_left(known.marks, offset)
    for at in known.marks[first : first + _MARKS_AHEAD]:
        if at >= far:
            return None
        note = known.anchors[at]
        text = page.document.text[note.start : min(note.end, note.start + LONGEST)]
        if not STRONG.search(text) or not is_source(text) or compares(text):
            continue
        explains = at >= near and is_sentence(text.partition(". ")[0])
        return None if explains else note
    return None


def _governed(page: Page, offset: int) -> tuple[int, int]:
    """The ends of the paragraph and of the text whose notes may speak for a quotation at `offset`."""
    blocks = page.document.blocks
    block = bisect_right(blocks, offset, key=lambda block: block.span.start) - 1
    if block < 0:
        return offset, offset
    last = block
    while last + 1 < len(blocks) and last - block < _PARAGRAPHS and blocks[last + 1].kind in _PROSE:
        last += 1
    return blocks[block].span.end, blocks[last].span.end

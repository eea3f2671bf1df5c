"""The part of a passage that a list of results shows: the stretch with the most of what matched."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.models import Span

# Letters of a snippet: four lines on a page, enough to see what a sentence is about.
LENGTH = 360
# A passage that is only a little longer is shown whole rather than cut.
WHOLE = 480
# Letters before the first match: some ten words of context.
LEAD = 70


@dataclass(frozen=True, slots=True)
class Bit:
    """Words of a snippet, matched or not."""

    text: str
    mark: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of a passage. `cut_before` and `cut_after` say on which sides the passage goes on."""

    bits: tuple[Bit, ...]
    cut_before: bool
    cut_after: bool


def snippet(text: str, marks: Sequence[Span]) -> Snippet:
    """The stretch of `text` that holds the most of `marks` (in order, in characters of `text`)."""
    window = _window(text, marks)
    bits: list[Bit] = []
    at = window.start
    for mark in marks:
        start, end = max(mark.start, at), min(mark.end, window.end)
        if start < end:
            bits += [Bit(text[at:start]), Bit(text[start:end], mark=True)]
            at = end
    bits.append(Bit(text[at : window.end]))
    return Snippet(tuple(bit for bit in bits if bit.text), window.start > 0, window.end < len(text))


def _window(text: str, marks: Sequence[Span]) -> Span:
    if len(text) <= WHOLE:
        return Span(0, len(text))
    starts, ends = [mark.start for mark in marks], [mark.end for mark in marks]

    def within(start: int) -> int:
        return bisect_right(ends, start + LENGTH) - bisect_left(starts, start)

    leads = [max(0, start - LEAD) for start in starts] or [0]
    best = max(leads, key=lambda start: (within(start), -start))
    start = _word_start(text, min(best, len(text) - LENGTH))
    return Span(start, _word_end(text, start + LENGTH))


def _word_start(text: str, offset: int) -> int:
    """The beginning of the first word at or after an offset; the offset itself in one endless word."""
    if offset == 0 or text[offset - 1].isspace():
        return offset
    space = text.find(" ", offset, offset + LEAD)
    return offset if space < 0 else space + 1


def _word_end(text: str, offset: int) -> int:
    """The end of the last word before an offset; the offset itself in one endless word."""
    if offset >= len(text):
        return len(text)
    space = text.rfind(" ", offset - LEAD, offset + 1)
    return offset if space < 0 else space

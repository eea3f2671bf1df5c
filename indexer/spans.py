"""What of a document lies where: its blocks, its anchors, its words, found by their places.

All of them lie in the order of the text, so that a few of many are found by bisection: a quotation asks for
them word by word, and a book has some ten thousand.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Protocol, TypeVar

from indexer.models import Span


class Placed(Protocol):
    """What has a place in a text: a Block, an Anchor, a word of one side of a comparison."""

    @property
    def span(self) -> Span:
        """Its characters."""


Item = TypeVar("Item", bound=Placed)


def numbers_in(items: Sequence[Placed], span: Span) -> range:
    """The numbers of those that begin in a span."""
    low = bisect_left(items, span.start, key=_start)
    return range(low, bisect_left(items, span.end, lo=low, key=_start))


def beginning_in(items: Sequence[Item], span: Span) -> Sequence[Item]:
    """Those that begin in a span, in order."""
    found = numbers_in(items, span)
    return items[found.start : found.stop]


def last_begun(items: Sequence[Placed], at: int) -> int:
    """The number of the last that begins at a character or before it, -1 if none does."""
    return bisect_right(items, at, key=_start) - 1


def holding(items: Sequence[Item], at: int) -> Item | None:
    """The one that holds a character, of items that never overlap; None if none does."""
    number = last_begun(items, at)
    return items[number] if number >= 0 and at < items[number].span.end else None


def _start(item: Placed) -> int:
    return item.span.start

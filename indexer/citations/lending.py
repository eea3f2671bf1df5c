"""Notes that speak for several quotations, and those for which they cannot.

Where several quotations come from one place the mark of the note stands behind the last of them, and
`quotations` lends its citation to those before. Whoever speaks in them tells whether that can be.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence

from indexer.citations import names, running
from indexer.citations.model import Source
from indexer.citations.names import Lexicon
from indexer.models import Anchor, Document, Quotation, Span

# Characters by which a note's mark may stand before the end of its quotation.
NEAR = 6

_LETTER = re.compile(r"[^\W\d_]")
_STOP = re.compile(r"[.!?][”’\"']?\s+(?:\[[^\]]*\]\s*)?[^\W\d_a-zß-ÿ]")


def stranger(
    document: Document, quotations: Sequence[Quotation], n: int, span: Span,
    source: Source | None, voice: str | None, lexicon: Lexicon,
) -> bool:  # fmt: skip
    """Whether the note at `span`, whose mark stands behind other words than the n-th quotation's, cites
    another's work than that of him who speaks here, and stands for another's words."""
    if not voice or not source or not source.author or source.via or names.same_author(voice, source.author):
        return False
    mark = _mark(document, quotations[n].span.end, span)
    if mark is None or not _LETTER.search(document.text, quotations[n].span.end, mark.span.start):
        return False
    last = _quoted_at(quotations, n, mark)
    if last == n:
        return bool(_STOP.search(document.text, quotations[n].span.end - 1, mark.span.start))
    other = running.speaker(running.before(document, quotations, last), lexicon)
    if other is None:  # his note alone says whose those words are, and speaks for its own paragraph
        return "\n" in document.text[quotations[n].span.end : quotations[last].span.start]
    return not names.same_author(other, voice)


def _mark(document: Document, offset: int, note: Span) -> Anchor | None:
    """The mark behind `offset` that leads to the note."""
    anchors = document.anchors
    for anchor in anchors[bisect_left(anchors, offset - NEAR, key=lambda anchor: anchor.span.start) :]:
        if anchor.kind == "note" and anchor.target is not None and anchor.target <= note.start:
            at = bisect_left(document.blocks, anchor.target, key=lambda block: block.span.start)
            if at < len(document.blocks) and document.blocks[at].span.end >= note.end:
                return anchor
    return None


def _quoted_at(quotations: Sequence[Quotation], n: int, mark: Anchor) -> int:
    """The number of the last quotation from the n-th on that begins before the mark."""
    while n + 1 < len(quotations) and quotations[n + 1].span.start < mark.span.start:
        n += 1
    return n

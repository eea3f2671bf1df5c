"""Stretches of a document: where they stand, and how they are searched."""

from collections.abc import Sequence

from indexer.models import Anchor, Document, Span
from indexer.spans import beginning_in, last_begun

# The mark of a note, with all that may stand in its brackets, has no more characters.
LONGEST_MARK = 64


def where(document: Document, offset: int) -> tuple[str | None, str | None]:
    """(locator, speaker) at a character: the locator of its block and the page, where they are known."""
    number = last_begun(document.blocks, offset)
    block = document.blocks[number] if number >= 0 else None
    begun = (document.anchors[n] for n in range(last_begun(document.anchors, offset), -1, -1))
    page = next((anchor for anchor in begun if anchor.kind == "page"), None)
    # The page that a block begins on gives way to the one that was turned to since.
    named = [
        part for part in ((block and block.locator) or "").split(", ") if not (page and part[:2] == "p.")
    ]
    locator = ", ".join(filter(None, [*named, f"p. {page.label}" if page else ""]))
    return locator or None, block.speaker if block else None


def searched(document: Document, span: Span) -> str:
    """A stretch of a document as it is searched: spaces for the marks of notes, so that places stay."""
    return blanked(document.text[span.start : span.end], span.start, document.anchors)


def blanked(text: str, start: int, anchors: Sequence[Anchor]) -> str:
    """A text that begins at `start`, with spaces for the marks of notes in it."""
    for a in beginning_in(anchors, Span(start - LONGEST_MARK, start + len(text))):
        low, high = max(a.span.start - start, 0), min(a.span.end - start, len(text))
        if a.kind == "note" and low < high:
            text = text[:low] + " " * (high - low) + text[high:]
    return text

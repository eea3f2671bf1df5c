"""Stretches of a document: where they stand, and how they are searched."""

from collections.abc import Iterable

from indexer.models import Anchor, Document, Span


def where(document: Document, offset: int) -> tuple[str | None, str | None]:
    """(locator, speaker) at a character: the locator of its block and the page, where they are known."""
    block = next((b for b in reversed(document.blocks) if b.span.start <= offset), None)
    page = next((a for a in reversed(document.anchors) if a.kind == "page" and a.span.start <= offset), None)
    # The page that a block begins on gives way to the one that was turned to since.
    named = [
        part for part in ((block and block.locator) or "").split(", ") if not (page and part[:2] == "p.")
    ]
    locator = ", ".join(filter(None, [*named, f"p. {page.label}" if page else ""]))
    return locator or None, block.speaker if block else None


def searched(document: Document, span: Span) -> str:
    """A stretch of a document as it is searched: spaces for the marks of notes, so that places stay."""
    return blanked(document.text[span.start : span.end], span.start, document.anchors)


def blanked(text: str, start: int, anchors: Iterable[Anchor]) -> str:
    """A text that begins at `start`, with spaces for the marks of notes in it."""
    for a in anchors:
        low, high = max(a.span.start - start, 0), min(a.span.end - start, len(text))
        if a.kind == "note" and low < high:
            text = text[:low] + " " * (high - low) + text[high:]
    return text

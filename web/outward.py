"""Links out to a work's own address, at the very passage: a text fragment.

Its shape is `#:~:text=prefix-,start,end,-suffix`. A browser looks for the words as they stand on the page,
so a fragment names the source's own words at word bounds, within one line of a block each, and none that
a note's mark parts. Where it finds nothing it opens the page.
"""

from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from indexer.compare import paragraphs
from indexer.models import Document, Span

FRAGMENT_WORDS = 5
"""Words at either end of a passage that its link names: four to six tell a place and bear small edits."""
FEWEST = 2
"""Words between two notes that are worth naming."""
AROUND = 2
"""Words before and after a short passage, to tell it from others like it."""


def original(document: Document, passage: Span) -> str | None:
    """The address of the passage on the work's own page; None if it has no address of the web.

    A PDF takes no text fragment, so its address is given as it is.
    """
    url = document.work.url
    if not url or urlsplit(url).scheme not in ("http", "https"):
        return None
    page = url.split("#")[0]
    parts = [] if page.lower().endswith(".pdf") else _parts(document, passage)
    return f"{page}#:~:text={','.join(parts)}" if parts else url


def _parts(document: Document, passage: Span) -> list[str]:
    passage = _whole_words(document.text, passage)
    blocks = [
        b.span for b in paragraphs(document) if b.span.start < passage.end and passage.start < b.span.end
    ]
    inside = [Span(max(passage.start, b.start), min(passage.end, b.end)) for b in blocks]
    stretches = [words for span in inside for words in _stretches(document, span)]
    if not stretches:
        return []
    if len(stretches) > 1 or len(stretches[0]) > 2 * FRAGMENT_WORDS:
        return [_coded(stretches[0][:FRAGMENT_WORDS]), _coded(stretches[-1][-FRAGMENT_WORDS:])]
    return _short(document, passage, blocks[0], stretches[0])


def _whole_words(text: str, span: Span) -> Span:
    """The span with the rest of the words that it cuts: a browser finds no part of a word."""
    start, end = span.start, span.end
    while 0 < start < end and text[start - 1 : start + 1].isalnum():
        start -= 1
    while start < end < len(text) and text[end - 1 : end + 1].isalnum():
        end += 1
    return Span(start, end)


def _short(document: Document, passage: Span, block: Span, words: Sequence[str]) -> list[str]:
    """A short passage whole, with the words of its block before and after it."""
    before = _stretches(document, Span(block.start, passage.start), fewest=1)
    after = _stretches(document, Span(passage.end, block.end), fewest=1)
    notes = [a.span for a in document.anchors if a.kind == "note"]
    parted_before = any(0 <= passage.start - note.end <= 1 for note in notes)
    parted_after = any(0 <= note.start - passage.end <= 1 for note in notes)
    prefix = [f"{_coded(before[-1][-AROUND:])}-"] if before and not parted_before else []
    suffix = [f"-{_coded(after[0][:AROUND])}"] if after and not parted_after else []
    return [*prefix, _coded(words), *suffix]


def _stretches(document: Document, span: Span, fewest: int = FEWEST) -> list[list[str]]:
    """The words of a span, cut at the marks of notes and at broken lines; scraps between two of them are
    left out."""
    text = document.text
    notes = [a.span for a in document.anchors if a.kind == "note" and span.start <= a.span.start < span.end]
    lines = [Span(at, at + 1) for at in range(span.start, span.end) if text[at] == "\n"]
    cuts = sorted([*notes, *lines])
    starts, ends = [span.start, *(cut.end for cut in cuts)], [*(cut.start for cut in cuts), span.end]
    stretches = [text[start:end].split() for start, end in zip(starts, ends, strict=True)]
    return [words for words in stretches if len(words) >= (fewest if cuts else 1)]


def _coded(words: Sequence[str]) -> str:
    """Words as a part of a fragment: its own signs (comma, hyphen, ampersand) are written as codes."""
    return quote(" ".join(words), safe="").replace("-", "%2D")

"""A document's text cut into Passages, the units that search finds and shows.

A paragraph is a passage. What is too short to be found by its own words goes with its neighbour, a
heading with what follows it; what is too long for a result is cut at sentence ends. The words of two
speakers, or of the text and its notes, are never in one passage.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from math import ceil

from indexer.models import Block, Document, Passage, Span

# Fewer words than this ("Applause.", a line of verse, "Dear friend") say nothing alone: they join the next
# paragraph. Two or three sentences do.
SHORTEST = 25
# A result of more words than this does not fit a screen, and BM25 loses sight of where its words stand.
LONGEST = 250
# A sentence ends with a stop, what closes after it, and white space before a capital or an opening mark.
_SENTENCE_END = re.compile(r"[.!?…][\"”’»)\]]*(?:\[\d+\])?\s+(?=[^\W_a-zß-ÿ]|[\"“„‘«(\[—–-])")
_GAP = re.compile(r"\s+")
_PAGE = re.compile(r"p\. \S+$")


def segment(document: Document) -> list[Passage]:
    """The passages of a document in order, numbered from 1; together they cover every block.

    A passage's locator is that of its first words below a heading: a page or session, else the section's
    heading, which may stand on the page before.
    """
    passages: list[Passage] = []
    pages = [(anchor.span.start, anchor.label) for anchor in document.anchors if anchor.kind == "page"]
    for group in _groups(document):
        body = next((block for block in group if block.kind != "heading"), group[-1])
        for span in _pieces(document.text, Span(group[0].span.start, group[-1].span.end)):
            locator = _locator(body, max(span.start, body.span.start), pages)
            number = len(passages) + 1
            passages.append(
                Passage(f"{document.work.id}.{number}", document.work.id, span, locator, body.speaker)
            )
    return passages


def _groups(document: Document) -> Iterator[list[Block]]:
    """Blocks that make one passage, or several if they are too long for one."""
    group: list[Block] = []
    words = 0
    for block in document.blocks:
        size = len(document.text[block.span.start : block.span.end].split())
        if group and _parts(group, block, words, size):
            yield group
            group, words = [], 0
        group.append(block)
        if block.kind != "heading":
            words += size
            if words >= SHORTEST:
                yield group
                group, words = [], 0
    if group:
        yield group


def _parts(group: list[Block], block: Block, words: int, size: int) -> bool:
    """Whether a block begins a passage of its own though the one before it is short."""
    last = group[-1]
    if last.kind == "heading":
        return block.kind == "note" and any(item.kind != "heading" for item in group)
    return (
        block.kind == "heading"
        or block.speaker != last.speaker
        or (block.kind == "note") != (last.kind == "note")
        or words + size > LONGEST
    )


def _pieces(text: str, span: Span) -> Iterator[Span]:
    """A span cut at sentence ends into about equal pieces of at most LONGEST words.

    A sentence longer than that is cut between words.
    """
    starts = [span.start, *(found.end() for found in _GAP.finditer(text, span.start, span.end))]
    count = ceil(len(starts) / LONGEST)
    if count <= 1:
        yield span
        return
    ends = [found.end() for found in _SENTENCE_END.finditer(text, span.start, span.end)]
    begin, first = span.start, 0
    while len(starts) - first > LONGEST:
        left = len(starts) - first
        ideal = starts[first + ceil(left / ceil(left / LONGEST))]
        latest = starts[first + LONGEST]
        cut = _cut(ends, begin, ideal, latest)
        yield Span(begin, _trimmed(text, cut))
        begin, first = cut, bisect_right(starts, cut) - 1
    yield Span(begin, span.end)


def _cut(ends: list[int], begin: int, ideal: int, latest: int) -> int:
    """The sentence end nearest to the ideal place, after `begin` and not after `latest`; else `latest`."""
    possible = ends[bisect_right(ends, begin) : bisect_right(ends, latest)]
    return min(possible, key=lambda end: abs(end - ideal), default=latest)


def _trimmed(text: str, end: int) -> int:
    while text[end - 1].isspace():
        end -= 1
    return end


def _locator(block: Block, start: int, pages: list[tuple[int, str]]) -> str | None:
    """The block's locator, with the page on which the piece of it begins that has this start."""
    before = bisect_right(pages, (start, "\U0010ffff")) - 1
    if before < 0:
        return block.locator
    page = f"p. {pages[before][1]}"
    if block.locator is None or not _PAGE.search(block.locator):
        return page
    return f"{_PAGE.sub('', block.locator)}{page}"

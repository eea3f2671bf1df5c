"""Citations by volume and page of somebody's collected works, when the running text names the work itself."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from indexer.citations import habits, names, titles
from indexer.citations.model import Source
from indexer.citations.shelf import Shelf
from indexer.models import Document, Span

# Characters before a quotation among which its work may be named.
REACH = 600
# A title that running text names has no more words than this.
LONGEST_TITLE = 10


def collects(title: str | None) -> bool:
    """Whether a title is that of a collected edition: "Collected Works", "Werke"."""
    return names.fold(title or "") in habits.words("collected")


def opened(document: Document, quoted: Span, source: Source, works: Shelf) -> Source:
    """The source under the title of the one work that the quotation’s lead names, the volume as its place."""
    if not source.author or not collects(source.title):
        return source
    lead = _lead(document.text, quoted.start)
    found = {
        titles.key(title): title for title in _by(source.author, document.text[lead.start : lead.end], works)
    }
    for span in document.emphasis[bisect_left(document.emphasis, Span(lead.start, 0)) :]:
        if span.start >= lead.end:
            break
        title = document.text[span.start : span.end].strip(" ,.;:")
        if _titled(title) and _set_apart(title):
            found.setdefault(titles.key(title), title)
    if len(found) != 1:
        return source
    place = ", ".join(filter(None, [source.title, source.locator]))
    return replace(source, title=next(iter(found.values())), locator=place, ids=(), url=None, listed=None)


def _lead(text: str, start: int) -> Span:
    """The paragraph up to the quotation, or the paragraph before one that begins its own."""
    floor = max(0, start - REACH)
    head = text[floor:start].rstrip(" \n“”\"„«‘'")
    begun = head.rfind("\n\n")
    return Span(floor + (begun + 2 if begun >= 0 else 0), floor + len(head))


def _titled(title: str) -> bool:
    return len(titles.content(title)) > 1 and title[:1].isupper() and not names.fold(title).isdigit()


def _set_apart(title: str) -> bool:
    """Whether words in italics have the capitals of a title; without them they may only be stressed."""
    return any(word[:1].isupper() for word in title.split()[1:])


def _by(author: str, text: str, works: Shelf) -> Iterator[str]:
    """The titles of works by the author that the text names, word for word, the longest at each place."""
    tokens = list(re.finditer(r"[^\s“”\"«»()]+", text))
    at = 0
    while at < len(tokens):
        found = 0
        for length in range(min(LONGEST_TITLE, len(tokens) - at), 1, -1):
            title = text[tokens[at].start() : tokens[at + length - 1].end()].strip(" ,.;:")
            ids = works.by_title.get(titles.key(title), ()) if _titled(title) else ()
            if any(names.same_author(works.works[i].author, author) for i in ids):
                yield title
                found = length
                break
        at += found or 1

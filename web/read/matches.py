"""The places of a text that a query matches, numbered, and the way from one to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.fulltext import Filters, Found
from indexer.models import Document, Span
from indexer.store import searched
from web.library import Opened
from web.lists import asked_number
from web.read.sheets import Sheet
from web.search.asking import exact, names

# Passages asked for at once for the marks of a query, and how often: more than any book has.
AT_ONCE = 200
MOST_PAGES = 50
# Matches with a link of their own beside the text; links before and after them lead to the others.
LISTED = 30


@dataclass(frozen=True, slots=True)
class Match:
    """A place in the text that the query matched: its number from 1, and the block that holds it."""

    number: int
    span: Span
    block: int


@dataclass(frozen=True, slots=True)
class Listed:
    """The matches with links of their own: those from the block asked for, in whole lists.

    `current` is the number of the one that is shown, or 0; `previous` and `next` are those beside it;
    `back` and `onward` the nearest ones in parts before and after the one that is shown.
    """

    matches: Sequence[Match]
    earlier: Match | None
    later: Match | None
    current: int
    previous: Match | None
    next: Match | None
    back: Match | None
    onward: Match | None


def matches(here: Opened, whole: Sheet, query: str) -> list[Match]:
    """Every place of the text that the query matches. Raises QueryError."""
    if not query:
        return []
    passages = {passage.id: passage.span for passage in here.store.passages(whole.document.work.id)}
    spans = sorted(
        Span(passages[hit.passage_id].start + mark.start, passages[hit.passage_id].start + mark.end)
        for hit in _found(here, whole.document, passages, query)
        for mark in hit.marks
    )
    return [Match(number, span, whole.number_at(span.start)) for number, span in enumerate(spans, 1)]


def _found(here: Opened, document: Document, passages: Mapping[str, Span], query: str) -> list[Found]:
    """The passages of the text that match; their words are cut from the document, which is open already."""
    filters, found = Filters(work=(document.work.id,)), list[Found]()

    def texts(ids: Sequence[str]) -> dict[str, str]:
        return {passage_id: searched(document, passages[passage_id]) for passage_id in ids}

    for page in range(1, MOST_PAGES + 1):
        results = here.fulltext.search(
            query,
            filters,
            page=page,
            per_page=AT_ONCE,
            sort="place",
            text_of=texts,
            forms=not exact(),
            names=names(),
            facets=(),
        )
        found += results.hits
        if len(found) >= results.total:
            break
    return found


def listed(whole: Sheet, part: int, every: Sequence[Match]) -> Listed:
    """The way among the matches: from the one numbered `hit`, or from the first of the block `at`."""
    block, hit = asked_number("at"), asked_number("hit")
    before = sum(match.block < block for match in every) if block is not None else 0
    start = min(before, max(0, len(every) - 1)) // LISTED * LISTED
    end = start + LISTED
    current = before + 1 if block is not None else 0
    if hit is not None:
        current = min(hit, len(every))
    parts = [whole.part_at(match.block) for match in every]
    return Listed(
        every[start:end],
        every[start - LISTED] if start else None,
        every[end] if end < len(every) else None,
        current,
        every[current - 2] if 2 <= current <= len(every) + 1 else None,
        every[current] if current < len(every) else None,
        next((m for m, of in zip(reversed(every), reversed(parts), strict=True) if of < part), None),
        next((m for m, of in zip(every, parts, strict=True) if of > part), None),
    )

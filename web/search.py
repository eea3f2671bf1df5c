"""Search: passages of the archive with the words that matched, each leading into the reader."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response, request

from indexer.compare import number_at
from indexer.fulltext import Count, Filters, Found, Results, Sort
from indexer.models import Passage, Span, Work
from web import lists
from web.addresses import reading_address
from web.answer import answer
from web.library import Opened, opened
from web.snippets import Snippet, snippet
from web.ties import Tie, touching

pages = Blueprint("search", __name__)

PER_PAGE = 20
# Values of a facet that the page offers; the query language reaches the others.
OFFERED = 10
FACETS = ("kind", "collection", "author", "speaker", "year", "work")
SORTS: dict[Sort, str] = {"relevance": "best match", "date": "year", "place": "work and place"}


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. `marks` are spans of its work's text; `block` is where the reader shows it.

    `inside` are the quotations that hold something of what matched, `quoted` those that quote from the
    passage.
    """

    passage: Passage
    work: Work
    score: float
    marks: Sequence[Span]
    snippet: Snippet
    block: int
    address: str
    inside: Sequence[Tie]
    quoted: Sequence[Tie]


@dataclass(frozen=True, slots=True)
class Value:
    """A value to which the results can be kept, how it is called, and how many passages have it."""

    value: str
    label: str
    passages: int


@pages.get("/search")
def index() -> Response:
    """A page of the passages that the query finds, or an invitation to type one."""
    here = opened()
    query = request.args.get("q", "").strip()
    chosen = {name: value for name in FACETS if (value := request.args.get(name, ""))}
    if not query:
        return answer("search.html", {"query": "", "total": 0, "hits": []}, chosen=chosen)
    results = _search(here, query, chosen)
    part = replace(lists.pages(results.total, PER_PAGE), number=results.page)
    record = {
        "query": query,
        "read_as": results.read_as,
        "notes": results.notes,
        "instead": results.instead,
        "total": results.total,
        "works": len(results.facets["work"]),
        "page": results.page,
        "pages": part.last,
        "hits": [hit(here, found, query) for found in results.hits],
        "facets": {name: _values(here, name, results.facets[name][:OFFERED]) for name in FACETS},
    }
    labels = {name: _label(here, name, value) for name, value in chosen.items()}
    return answer(
        "search.html",
        record,
        chosen=chosen,
        labels=labels,
        part=part,
        sorts=SORTS,
        sort=_sort(),
        exact=exact(),
    )


def exact() -> bool:
    """Whether words are to be matched to the letter, without their inflected forms."""
    return request.args.get("exact") == "1"


def _sort() -> Sort:
    asked = request.args.get("sort")
    return next((sort for sort in SORTS if sort == asked), "relevance")


def _search(here: Opened, query: str, chosen: Mapping[str, str]) -> Results:
    """The results of this request; of a page beyond the last, the last one."""
    filters = Filters(
        kind=_one(chosen, "kind"),
        author=_one(chosen, "author"),
        collection=_one(chosen, "collection"),
        work=_one(chosen, "work"),
        speaker=_one(chosen, "speaker"),
        years=_years(chosen.get("year", "")),
    )
    page = lists.asked_page()
    while True:
        results = here.fulltext.search(
            query,
            filters,
            page=page,
            per_page=PER_PAGE,
            sort=_sort(),
            text_of=here.texts,
            forms=not exact(),
            facets=FACETS,
        )
        last = lists.pages(results.total, PER_PAGE).last
        if results.page <= last:
            return results
        page = last


def _one(chosen: Mapping[str, str], name: str) -> tuple[str, ...]:
    return (chosen[name],) if name in chosen else ()


def _years(asked: str) -> tuple[int | None, int | None]:
    """A year, or a range of years ("1921-1936", "1921-", "-1936"); what is no year asks for nothing."""
    first, dash, last = asked.replace("–", "-").partition("-")
    if not dash:
        last = first
    return _year(first), _year(last)


def _year(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def hit(here: Opened, found: Found, query: str) -> Hit:
    """What the page shows of a passage that was found."""
    passage, document = here.store.passage(found.passage_id), here.store.document(found.work_id)
    start = passage.span.start
    marks = [Span(start + mark.start, start + mark.end) for mark in found.marks]
    first = marks[0].start if marks else start
    block = number_at(document, first)
    return Hit(
        passage=passage,
        work=document.work,
        score=round(found.score, 3),
        marks=marks,
        snippet=snippet(document.text[start : passage.span.end], found.marks),
        block=block,
        address=reading_address(found.work_id, block, query, exact()),
        inside=_inside(here, passage, marks),
        quoted=touching(here.ties.quoted(found.work_id), passage.span),
    )


def _inside(here: Opened, passage: Passage, marks: Sequence[Span]) -> Sequence[Tie]:
    """The quotations of an essay that what matched lies in, or the passage, if nothing is marked."""
    ties = here.ties.quotations(passage.work_id)
    spans: Iterable[Span] = marks or [passage.span]
    return list(dict.fromkeys(tie for span in spans for tie in touching(ties, span)))


def _values(here: Opened, facet: str, counts: Sequence[Count]) -> list[Value]:
    """The values of a facet with the names that people know them by."""
    return [Value(count.value, _label(here, facet, count.value), count.passages) for count in counts]


def _label(here: Opened, facet: str, value: str) -> str:
    if facet == "work":
        return here.store.work(value).title
    if facet == "kind":
        return f"{value}s"
    if facet == "collection":
        return next((c.title for c in here.store.collections() if c.name == value), value)
    return value

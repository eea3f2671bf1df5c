"""Search: passages of the archive with the words that matched, each leading into the reader.

One page with four views of the same search: a list, the works one by one (`group=work`), lines with what
matched in the middle (`view=kwic`), and a chart of years and works (`view=chart`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, request

from indexer.fulltext import Results
from indexer.models import Work
from web import lists
from web.answer import answer
from web.library import Opened, opened
from web.search.asking import FACETS, SORTS, VIEWS, Asked, asked, search, view_of
from web.search.chart import chart
from web.search.concordance import BY, concordance
from web.search.facets import choices, unknown, values
from web.search.hits import Hit, folded, hits
from web.search.searches import parameters

pages = Blueprint("search", __name__)

PER_PAGE = 20
# Values of a facet that the page offers beside the results; a page of their own has the others.
OFFERED = 10
# Works of a page that shows them one by one, and passages of each: some thirty hits, as long as a list.
WORKS_A_PAGE = 10
OF_EACH = 3
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Group:
    """A work, how many of its passages were found, and the first of them."""

    work: Work
    passages: int
    hits: Sequence[Hit]


@pages.get("/search")
def index() -> Response:
    """A page of the passages that the query finds, or an invitation to type one."""
    here, wanted, view = opened(), asked(), view_of()
    if not wanted.query:
        return answer("search.html", {"query": "", "total": 0, "hits": []}, chosen=wanted.chosen)
    if view == "kwic":
        results = search(here, wanted, 1, 1, FACETS)
        found, part = concordance(here, wanted, lists.asked_page())
    elif view == "work":
        results = search(here, wanted, 1, 1, FACETS)
        found, part = _groups(here, wanted, results)
    elif view == "chart":
        results = search(here, wanted, 1, 1, FACETS)
        found, part = chart(here, results), lists.pages(0)
    else:
        results = _page(here, wanted)
        part = replace(lists.pages(results.total, PER_PAGE), number=results.page)
        found = {"hits": folded(here, hits(here, results.hits, wanted))}
    record = _said(here, wanted, results) | {"view": view, "page": part.number, "pages": part.last} | found
    template = {"kwic": "kwic.html", "chart": "chart.html"}.get(view, "search.html")
    return answer(template, record, **_shown(here, wanted), part=part)


def _said(here: Opened, wanted: Asked, results: Results) -> dict[str, Any]:
    """What there is to say about the whole search, in whatever way its passages are shown."""
    return {
        "query": wanted.query,
        "read_as": results.read_as,
        "also": results.also,
        "notes": results.notes,
        "instead": results.instead,
        "hints": results.hints,
        "total": results.total,
        "works": len(results.facets["work"]),
        "unknown": unknown(here, wanted),
        "values": {name: len(counts) for name, counts in results.facets.items()},
        "facets": {name: values(here, name, results.facets[name][:OFFERED]) for name in FACETS},
    }


def _shown(here: Opened, wanted: Asked) -> dict[str, Any]:
    """What the drawing of the page needs besides: what is chosen, and what can be."""
    return {
        "chosen": wanted.chosen,
        "choices": choices(here, wanted),
        "parameters": parameters(request.query_string.decode("ascii", "replace")),
        "words": len(_WORD.findall(wanted.query)),
        "sorts": SORTS,
        "sort": wanted.sort,
        "exact": wanted.exact,
        "names": wanted.names,
        "views": VIEWS,
        "orders": BY,
        "unheld": here.unheld,
    }


def _page(here: Opened, wanted: Asked) -> Results:
    """The results of this request; of a page beyond the last, the last one."""
    page = lists.asked_page()
    while True:
        results = search(here, wanted, page, PER_PAGE, FACETS)
        last = lists.pages(results.total, PER_PAGE).last
        if results.page <= last:
            return results
        page = last


def _groups(here: Opened, wanted: Asked, results: Results) -> tuple[dict[str, Any], lists.Pages]:
    """The works in which something was found, those with most passages first, each with its first ones."""
    counts = results.facets["work"]
    part = lists.pages(len(counts), WORKS_A_PAGE)
    groups = []
    for count in part.cut(counts):
        found = search(here, wanted, 1, OF_EACH, work=count.value)
        groups.append(Group(here.store.work(count.value), found.total, hits(here, found.hits, wanted)))
    return {"groups": groups}, part

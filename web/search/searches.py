"""Saved searches: named, looked at again with what has come since, edited, deleted and brought back.

What was searched for, the browser may remember by itself (static/searches.js): that list is never sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Redirect

from indexer.errors import IndexUnusable, QueryError
from indexer.models import Work
from web import lists, reader
from web.accounts import reader_file
from web.answer import answer, sent_text, wants_json
from web.language import N_, _
from web.library import Opened, opened
from web.reader import Refused, searches_exchange
from web.reader.exchange import Result
from web.reader.searches import Search
from web.search.asking import FACETS, MOST_KEPT, SORTS, VIEWS, Asked, asked, search, view_of
from web.search.facets import facet_told, label

pages = Blueprint("searches", __name__)

# Searches of one page: each is run to count what it finds now.
PER_PAGE = 20
# The parameters of the page of results that make a search; which page of them was open does not.
KEPT = ("q", *FACETS, "without", "exact", "names", "sort", "view", "group", "by")
DONE = {
    "kept": N_("Kept."),
    "changed": N_("Changed."),
    "restored": N_("It is back."),
    "seen": N_("Noted as seen."),
}


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved search and what it finds now: `passages`, or None with the `problem` that stops it.

    `new` are passages that have come since the reader last looked, `gone` those that are there no more,
    `news` the works that have new ones, at `news_address`. `kept` says what the results are kept to.
    """

    search: Search
    address: str
    kept: tuple[str, ...]
    passages: int | None = None
    new: int = 0
    gone: int = 0
    news: tuple[Work, ...] = ()
    news_address: str = ""
    problem: str = ""


@pages.get("/searches")
def index() -> Response:
    """The saved searches by name with what they find now, or those that were deleted."""
    return _page()


@pages.post("/searches")
def add() -> Response | Redirect:
    """Keeps the search that was sent as its address has it (`search`) under a name."""
    name, sent = request.form.get("name", ""), parameters(request.form.get("search", ""))
    try:
        made = reader.searches.add(reader_file(), name, sent, _counts(opened(), sent))
    except (Refused, QueryError) as error:
        return _page(problem=str(error), typed={"search": sent, "name": name})
    return _done(made, "kept", 201)


@pages.post("/searches/<search_id>")
def edit(search_id: str) -> Response | Redirect:
    """Gives a search another name or another query; what its results are kept to stays."""
    old = reader.searches.get(reader_file(), search_id)
    changed = [(key, value) for key, value in parse_qsl(old.parameters) if key != "q"]
    sent = parameters(urlencode([("q", request.form.get("q", old.query)), *changed]))
    name = request.form.get("name", old.name)
    try:
        made = reader.searches.edit(reader_file(), search_id, name, sent, _counts(opened(), sent))
    except (Refused, QueryError) as error:
        return _page(
            problem=str(error), typed={"id": search_id, "name": name, "q": request.form.get("q", "")}
        )
    return _done(made, "changed")


@pages.post("/searches/<search_id>/seen")
def look(search_id: str) -> Response | Redirect:
    """Notes that what a search finds now has been seen. Raises NotThere."""
    sent = reader.searches.get(reader_file(), search_id).parameters
    return _done(reader.searches.look(reader_file(), search_id, _counts(opened(), sent)), "seen")


@pages.post("/searches/<search_id>/delete")
def delete(search_id: str) -> Response | Redirect:
    """Sets a search aside; the list then offers it back. Raises NotThere."""
    made = reader.searches.delete(reader_file(), search_id)
    if wants_json():
        return answer("searches.html", {"search": made})
    return redirect(url_for("searches.index", undo=made.id, page=request.args.get("page")), 303)


@pages.post("/searches/<search_id>/restore")
def restore(search_id: str) -> Response | Redirect:
    """Brings a deleted search back. Raises NotThere."""
    return _done(reader.searches.restore(reader_file(), search_id), "restored")


@pages.get("/searches/export.json")
def export() -> Response:
    """The saved searches as a file that `bring` takes in again."""
    response = Response(
        searches_exchange.export_json(reader_file()), content_type="application/json; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="searches.json"'
    return response


@pages.post("/searches/import")
def bring() -> Response:
    """Takes an export in, from a file or as text, and says what became of its searches."""
    text = sent_text()
    if text is None:
        return _page(problem=_("This is not an export of saved searches: it is not text (UTF-8)."))
    try:
        return _page(results=searches_exchange.import_json(reader_file(), text, parameters))
    except Refused as error:
        return _page(problem=str(error))


def parameters(sent: str) -> str:
    """What of a query string makes a search, in one order, so that the same search is the same string."""
    found = parse_qsl(sent, max_num_fields=None)
    return urlencode([(name, value) for kept in KEPT for name, value in found if name == kept and value])


def _page(
    problem: str = "", typed: Mapping[str, str] | None = None, results: Sequence[Result] = ()
) -> Response:
    path, deleted = reader_file(), request.args.get("deleted") == "yes"
    found = reader.searches.listed(path, deleted)
    part = lists.pages(len(found), PER_PAGE)
    waiting = found if deleted else reader.searches.listed(path, deleted=True)
    record = {
        "searches": [saved(each) for each in part.cut(found)],
        "total": len(found),
        "page": part.number,
        "pages": part.last,
        "problem": problem,
        "results": results,
    }
    return answer(
        "searches.html",
        record,
        400 if problem else 200,
        part=part,
        deleted=deleted,
        waiting=len(waiting),
        typed=typed or {},
        done=DONE.get(request.args.get("done", ""), ""),
        undo=next((each for each in waiting if each.id == request.args.get("undo")), None),
    )


def _done(made: Search, done: str, status: int = 200) -> Response | Redirect:
    if wants_json():
        return answer("searches.html", {"search": made}, status)
    page = _page_of(made)
    address = url_for("searches.index", done=done, page=page if page > 1 else None, _anchor=f"s-{made.id}")
    return redirect(address, 303)


def _page_of(kept: Search) -> int:
    """The page of the list that has a search."""
    ids = [each.id for each in reader.searches.listed(reader_file())]
    return ids.index(kept.id) // PER_PAGE + 1 if kept.id in ids else 1


# ---------------------------------------------------------------- what it finds now


def saved(kept: Search) -> Saved:
    """A saved search with what it finds now; without an index, or if it cannot be run, it says why."""
    address = f"{url_for('search.index')}?{kept.parameters}"
    try:
        here = opened()
    except IndexUnusable as error:
        return Saved(kept, address, (), problem=str(error))
    told = _told(here, kept.parameters)
    try:
        now = _counts(here, kept.parameters)
    except QueryError as error:
        return Saved(kept, address, told, problem=str(error))
    more = {work: count - kept.seen.get(work, 0) for work, count in now.items()}
    new = [work for work, count in more.items() if count > 0]
    fewer = (count - now.get(work, 0) for work, count in kept.seen.items())
    return Saved(
        search=kept,
        address=address,
        kept=told,
        passages=sum(now.values()),
        new=sum(more[work] for work in new),
        gone=sum(count for count in fewer if count > 0),
        news=tuple(here.known[work] for work in new),
        news_address=_only(kept.parameters, new),
    )


def _counts(here: Opened, sent: str) -> dict[str, int]:
    """How many passages of each work a search finds. Raises QueryError."""
    results = search(here, _asked(sent), 1, 1, ("work",), marked=False)
    return {count.value: count.passages for count in results.facets["work"]}


def _only(sent: str, works: list[str]) -> str:
    """The address of a search's results in these works only."""
    others = [(name, value) for name, value in parse_qsl(sent) if name != "work"]
    return (
        f"{url_for('search.index')}?{urlencode([*others, *(('work', work) for work in works[:MOST_KEPT])])}"
    )


def _told(here: Opened, sent: str) -> tuple[str, ...]:
    """What the results of a search are kept to and without, and how they are shown, for people."""
    wanted, view = _asked(sent), view_of(_sent(sent))
    kept = [(name, value, False) for name, chosen in wanted.chosen.items() for value in chosen]
    out = [(name, value, True) for name, value in wanted.without]
    facets = [facet_told(name, label(here, name, value), is_out) for name, value, is_out in kept + out]
    return (
        *facets,
        *([_("to the letter")] if wanted.exact else []),
        *([] if wanted.names else [_("names as spelt")]),
        *([] if wanted.sort == "relevance" else [_("sorted by %(order)s", order=_(SORTS[wanted.sort]))]),
        *([] if view == "list" else [_("shown: %(view)s", view=_(VIEWS[view]))]),
    )


def _asked(sent: str) -> Asked:
    return asked(_sent(sent))


def _sent(sent: str) -> MultiDict[str, str]:
    return MultiDict(parse_qsl(sent))

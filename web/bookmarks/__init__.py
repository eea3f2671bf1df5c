"""Bookmarks: the list. Beside it `many` changes several at once, `one` is for one, `transfer` takes them out
and in. Only POST writes.
"""

from collections.abc import Mapping
from dataclasses import replace
from heapq import nlargest
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request

from web import lists, reader
from web.accounts import reader_file
from web.answer import answer
from web.bookmarks import notes
from web.bookmarks.asking import asked, asked_sort, asked_state, query_of
from web.bookmarks.standing import STATES, Standing, of_state, standings
from web.bookmarks.written import FORMATS
from web.language import N_
from web.library import opened_or_none
from web.reader.bookmarks import COLOURS, Asked

pages = Blueprint("bookmarks", __name__)

PER_PAGE = 25
"""Bookmarks of a page of the list: a sitting, and few enough texts to look into."""
MOST_WORKS = 50
"""Works that the list's filter offers: what one can still look through."""
# A shape for each colour, so that they are told apart without it.
SHAPES = {N_("yellow"): "●", N_("green"): "▲", N_("blue"): "■", N_("red"): "◆", N_("violet"): "★"}
ORDERS = {
    "newest": N_("newest first"),
    "oldest": N_("oldest first"),
    "changed": N_("last changed first"),
    "work": N_("by work and place"),
    "folder": N_("by folder"),
    "colour": N_("by colour"),
}


@pages.record_once
def register(state: Any) -> None:
    """Let templates draw notes and colours."""
    state.app.jinja_env.filters.update(note=notes.note_html, beginning=notes.beginning)
    state.app.jinja_env.globals["SHAPES"] = SHAPES


@pages.get("/bookmarks")
def index() -> Response:
    """The bookmarks, kept to what the query string asks for, a page at a time."""
    path, wanted, state = reader_file(), asked(request.args), asked_state(request.args)
    sort = asked_sort(request.args)
    part, shown = _shown(path, wanted, state, sort)
    facets = reader.bookmarks.facets(path, wanted.deleted)
    record = {
        "bookmarks": shown,
        "total": part.total,
        "page": part.number,
        "pages": part.last,
        "facets": facets,
    }
    return answer(
        "bookmarks.html",
        record,
        part=part,
        wanted=wanted,
        chosen=query_of(wanted, state, sort),
        narrowed=bool(query_of(replace(wanted, deleted=False), state)),
        state=state,
        sort=sort,
        orders=ORDERS,
        states=STATES,
        colours=COLOURS,
        works=_offered(facets["work"], reader.bookmarks.labels(path), wanted.work),
        waiting=0 if wanted.deleted else reader.bookmarks.count(path, Asked(deleted=True)),
        change=_change(path),
        told={name: lists.asked_number(name) for name in ("undone", "left", "erased")},
        formats=FORMATS,
    )


def _offered(counted: Mapping[str, int], labels: Mapping[str, str], chosen: str) -> dict[str, str]:
    """The works with most bookmarks, and the chosen one, by what they are called; words find the others."""
    most = set(nlargest(MOST_WORKS, counted, key=lambda name: counted[name])) | {chosen}
    named = {name: label for name, label in labels.items() if name in most}
    return dict(sorted(named.items(), key=lambda pair: pair[1].casefold()))


def _shown(path: Path, wanted: Asked, state: str, sort: str) -> tuple[lists.Pages, list[Standing]]:
    """The page that is asked for. Where only the texts tell what belongs to it, all are looked into."""
    here = opened_or_none()
    if state:
        found = of_state(here, reader.bookmarks.listed(path, wanted, sort), state)
        part = lists.pages(len(found), PER_PAGE)
        return part, list(part.cut(found))
    part = lists.pages(reader.bookmarks.count(path, wanted), PER_PAGE)
    first = (part.number - 1) * part.size
    return part, standings(here, reader.bookmarks.listed(path, wanted, sort, first, part.size))


def _change(path: Path) -> dict[str, object] | None:
    """What was just done, to offer its undoing; None where there is nothing to undo."""
    done = request.args.get("change", "")
    number = reader.changes.size(path, done) if done else 0
    return {"id": done, "number": number, "what": request.args.get("did", "")} if number else None

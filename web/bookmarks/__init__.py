"""Bookmarks: the list, and what a reader does with many of them or with one.

Only POST writes. What was typed is never lost: a form that cannot be kept comes back as it was sent,
with a sentence that says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from heapq import nlargest
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for

from indexer.errors import IndexUnusable
from web import lists, reader
from web.accounts import reader_file
from web.answer import answer, wants_json
from web.bookmarks import notes
from web.bookmarks.drafting import drafted, place
from web.bookmarks.standing import STATES, Standing, of_state, standings
from web.bookmarks.written import FORMATS
from web.language import N_, _
from web.library import Opened, opened
from web.reader import Refused, changes
from web.reader.bookmarks import COLOURS, SORTS, Asked, Bookmark, Draft, Facet
from web.reader.changes import Edit
from web.refusals import refusal

pages = Blueprint("bookmarks", __name__)

PER_PAGE = 25
"""Bookmarks of a page of the list: a sitting, and few enough texts to look into."""
MOST_WORKS = 50
"""Works that the list's filter offers: what one can still look through."""
DONE = {"kept": N_("Kept."), "changed": N_("Changed."), "restored": N_("It is back.")}
ACTS = {
    "tag": "put tags on", "untag": "take tags off", "folder": "move to a folder", "colour": "give a colour",
    "delete": "delete", "restore": "bring back", "erase": "erase for good",
}  # fmt: skip
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


@dataclass(frozen=True, slots=True)
class Form:
    """What the form for a bookmark shows: the words, and what the reader typed so far.

    `words` are those of a paragraph or passage, which the reader may cut down; None of what is kept whole.
    """

    draft: Draft
    typed: Mapping[str, str]
    place: Mapping[str, str]
    words: str | None = None
    problem: str = ""


def opened_or_none() -> Opened | None:
    """The index in force; None where there is none that can be read."""
    try:
        return opened()
    except IndexUnusable:
        return None


@pages.record_once
def register(state: Any) -> None:
    """Let templates draw notes and colours."""
    state.app.jinja_env.filters.update(note=notes.note_html, beginning=notes.beginning)
    state.app.jinja_env.globals["SHAPES"] = SHAPES


@pages.errorhandler(Refused)
def refused(error: Refused) -> Response:
    """Words that cannot be kept, as a page: nothing was changed."""
    return refusal(400, _("This cannot be kept as it is"), str(error))


# The list


def asked(sent: Mapping[str, str]) -> Asked:
    """Which bookmarks a query string or a form asks for."""
    names = ("tag", "folder", "colour", "kind", "work")
    chosen = {name: sent.get(name, "").strip() for name in names}
    return Asked(sent.get("q", "").strip(), **chosen, deleted=sent.get("deleted") == "yes")


def asked_state(sent: Mapping[str, str]) -> str:
    """The state that is asked for; "" is any."""
    state = sent.get("state", "")
    return state if state in STATES else ""


def query_of(wanted: Asked, state: str = "", sort: str = "newest") -> dict[str, str]:
    """What is asked for as a query string has it; what is not asked for is left out."""
    named = asdict(wanted) | {"q": wanted.text, "deleted": "yes" if wanted.deleted else ""}
    named |= {"state": state, "sort": "" if sort == "newest" else sort}
    return {name: value for name, value in named.items() if value and name != "text"}


@pages.get("/bookmarks")
def index() -> Response:
    """The bookmarks, kept to what the query string asks for, a page at a time."""
    path, wanted, state = reader_file(), asked(request.args), asked_state(request.args)
    sort = request.args.get("sort", "")
    sort = sort if sort in SORTS else "newest"
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
    what = request.args.get("did", "")
    return {"id": done, "number": number, "what": what if what in ACTS else ""} if number else None


# Many at once


@pages.post("/bookmarks/many")
def many() -> Response:
    """Changes the chosen bookmarks, or all that the list asks for; the list then offers it back."""
    path, sent, act = reader_file(), request.form, request.form.get("do", "")
    wanted, state = asked(sent), asked_state(sent)
    ids = _all_asked(path, wanted, state) if sent.get("all") == "yes" else sent.getlist("id")
    if not ids:
        raise Refused(_("No bookmark was chosen. Nothing was changed."))
    if act == "erase":
        number = _erased(path, ids)
        return _to_list(wanted, state, {"erased": number}, erased=str(number))
    made = changes.edit(path, ids, _edit(act, sent))
    record = {"change": made.id, "bookmarks": [b.id for b in made.bookmarks]}
    return _to_list(wanted, state, record, change=made.id, did=act)


@pages.post("/bookmarks/undo/<change_id>")
def undo(change_id: str) -> Response:
    """Takes a change back, of however many bookmarks it was."""
    made = changes.undo(reader_file(), change_id)
    record = {"change": made.id, "bookmarks": [b.id for b in made.bookmarks], "left": made.left}
    back = {"undone": str(len(made.bookmarks)), "left": str(len(made.left))}
    return _to_list(asked(request.form), asked_state(request.form), record, **back)


def _all_asked(path: Path, wanted: Asked, state: str) -> list[str]:
    if not state:
        return reader.bookmarks.ids(path, wanted)
    here = opened_or_none()
    if here is None:
        raise Refused(
            _("Which words stand cannot be told without an index. Nothing was changed: run loccit index.")
        )
    return [s.bookmark.id for s in of_state(here, reader.bookmarks.listed(path, wanted), state)]


def _erased(path: Path, ids: Sequence[str]) -> int:
    if request.form.get("sure") != "yes":
        raise Refused(_("What is erased cannot be brought back: tick “I am sure”. Nothing was changed."))
    return reader.bookmarks.erase(path, ids)


def _edit(act: str, sent: Mapping[str, str]) -> Edit:
    """What the form for many asks for. Raises Refused."""
    named = split_tags(sent.get("tags", ""))
    if act in ("tag", "untag") and not named:
        raise Refused(_("No tag was named. Nothing was changed."))
    edits = {
        "tag": Edit(add=named),
        "untag": Edit(take=named),
        "folder": Edit(folder=sent.get("to", "")),
        "colour": Edit(colour=sent.get("paint", "")),
        "delete": Edit(deleted=True),
        "restore": Edit(deleted=False),
    }
    if act not in edits:
        raise Refused(_("What is to be done with them was not said. Nothing was changed."))
    return edits[act]


def _to_list(wanted: Asked, state: str, record: Mapping[str, object], **more: object) -> Response:
    if wants_json():
        return answer("bookmarks.html", record)
    return _see(lists.address_at(url_for("bookmarks.index"), query_of(wanted, state) | more))


# One bookmark


@pages.get("/bookmarks/new")
def new() -> Response:
    """The form for a bookmark of a passage, a paragraph, a quotation, a comparison or a search."""
    asked_for = place(request.args)
    typed = {name: request.args.get(name, "") for name in ("note", "tags", "folder", "colour")}
    try:
        draft, words = drafted(asked_for)
    except Refused as error:
        return _again(asked_for, typed, error)
    return _form(Form(draft, typed, asked_for, words))


@pages.post("/bookmarks")
def add() -> Response:
    """Keeps a bookmark and goes to its page."""
    asked_for, typed = place(request.form), _typed()
    try:
        made = reader.bookmarks.add(reader_file(), _with(drafted(asked_for)[0], typed))
    except Refused as error:
        return _again(asked_for, typed, error)
    return _kept(made, 201, "kept")


@pages.get("/bookmarks/<bookmark_id>")
def show(bookmark_id: str) -> Response:
    """A bookmark: its words, where they stand now, and the form for what the reader says of it."""
    made = reader.bookmarks.get(reader_file(), bookmark_id)
    return _page(made, _said(made))


@pages.post("/bookmarks/<bookmark_id>")
def edit(bookmark_id: str) -> Response:
    """Changes note, tags, colour and folder."""
    typed = _typed()
    wanted = Edit(typed["note"], split_tags(typed["tags"]), colour=typed["colour"], folder=typed["folder"])
    try:
        [made] = changes.edit(reader_file(), [bookmark_id], wanted).bookmarks
    except Refused as error:
        return _page(reader.bookmarks.get(reader_file(), bookmark_id), typed, str(error))
    return _kept(made, 200, "changed")


@pages.post("/bookmarks/<bookmark_id>/delete")
def delete(bookmark_id: str) -> Response:
    """Sets a bookmark aside; the list then offers it back."""
    made = changes.edit(reader_file(), [bookmark_id], Edit(deleted=True))
    if wants_json():
        return answer("bookmark.html", {"bookmark": made.bookmarks[0], "change": made.id})
    return _see(url_for("bookmarks.index", change=made.id, did="delete"))


@pages.post("/bookmarks/<bookmark_id>/restore")
def restore(bookmark_id: str) -> Response:
    """Brings a deleted bookmark back."""
    [made] = changes.edit(reader_file(), [bookmark_id], Edit(deleted=False)).bookmarks
    return _kept(made, 200, "restored")


def split_tags(typed: str) -> tuple[str, ...]:
    """The tags that were typed, parted by commas."""
    return tuple(name.strip().lstrip("#") for name in typed.split(",") if name.strip().lstrip("#"))


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in ("note", "tags", "folder", "colour")}


def _said(made: Bookmark) -> dict[str, str]:
    return {"note": made.note, "tags": ", ".join(made.tags), "folder": made.folder, "colour": made.colour}


def _with(kept: Draft, typed: Mapping[str, str]) -> Draft:
    return replace(
        kept,
        note=typed["note"],
        tags=split_tags(typed["tags"]),
        folder=typed["folder"],
        colour=typed["colour"],
    )


# The pages


def _again(asked_for: Mapping[str, str], typed: Mapping[str, str], error: Refused) -> Response:
    """The form as it was sent, and why it cannot be kept so. Raises Refused where there is no form."""
    draft, words = drafted({**asked_for, "words": ""})
    return _form(Form(draft, typed, asked_for, asked_for.get("words") or words, str(error)), 400)


def _form(form: Form, status: int = 200) -> Response:
    record = {"draft": form.draft, "typed": form.typed, "words": form.words, "problem": form.problem}
    return answer("bookmarks_new.html", record, status, place=form.place, colours=COLOURS, held=_held())


def _page(made: Bookmark, typed: Mapping[str, str], problem: str = "") -> Response:
    [standing] = standings(opened_or_none(), [made])
    record = {"bookmark": made, "standing": standing, "typed": typed, "problem": problem}
    done = DONE.get(request.args.get("done", ""), "")
    status = 400 if problem else 200
    return answer("bookmark.html", record, status, states=STATES, done=done, colours=COLOURS, held=_held())


def _held() -> Mapping[Facet, Mapping[str, int]]:
    """The tags and folders in use, which a form suggests."""
    return dict(reader.bookmarks.facets(reader_file()).items())


def _kept(made: Bookmark, status: int, done: str) -> Response:
    if wants_json():
        return answer("bookmark.html", {"bookmark": made}, status)
    return _see(url_for("bookmarks.show", bookmark_id=made.id, done=done))


def _see(address: str) -> Response:
    """To another page after a POST: reloading it sends nothing again."""
    made = redirect(address, 303)
    assert isinstance(made, Response)
    return made

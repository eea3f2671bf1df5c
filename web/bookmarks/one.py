"""One bookmark: the form for a new one, its page, and what a reader says of it.

What was typed is never lost: a form that cannot be kept comes back as it was sent, with a sentence that
says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import Blueprint, Response, request, url_for

from web import lists, reader
from web.accounts import reader_file
from web.answer import answer, see, wants_json
from web.bookmarks.asking import place_in_list
from web.bookmarks.drafting import drafted, place, split_tags
from web.bookmarks.standing import STATES, standings
from web.language import N_
from web.library import opened_or_none
from web.reader import Refused, changes
from web.reader.bookmarks import COLOURS, Bookmark, Draft, Facet
from web.reader.changes import Edit

pages = Blueprint("bookmark", __name__)

DONE = {"kept": N_("Kept."), "changed": N_("Changed."), "restored": N_("It is back.")}


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
    done = place_in_list(request.form) | {"change": made.id, "did": "delete"}
    return see(lists.address_at(url_for("bookmarks.index"), done))


@pages.post("/bookmarks/<bookmark_id>/restore")
def restore(bookmark_id: str) -> Response:
    """Brings a deleted bookmark back."""
    [made] = changes.edit(reader_file(), [bookmark_id], Edit(deleted=False)).bookmarks
    return _kept(made, 200, "restored")


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
    return see(url_for("bookmark.show", bookmark_id=made.id, done=done))

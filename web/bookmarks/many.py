"""What is done with many bookmarks at once, and its undoing."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from flask import Blueprint, Response, request, url_for

from web import lists, reader
from web.accounts import reader_file
from web.answer import answer, see, wants_json
from web.bookmarks.asking import asked, asked_state, place_in_list
from web.bookmarks.drafting import split_tags
from web.bookmarks.standing import of_state
from web.language import _
from web.library import opened_or_none
from web.reader import Refused, changes
from web.reader.bookmarks import Asked
from web.reader.changes import Edit

pages = Blueprint("many", __name__)


@pages.post("/bookmarks/many")
def edit() -> Response:
    """Changes the chosen bookmarks, or all that the list asks for; the list then offers it back."""
    path, sent, act = reader_file(), request.form, request.form.get("do", "")
    wanted, state = asked(sent), asked_state(sent)
    ids = _all_asked(path, wanted, state) if sent.get("all") == "yes" else sent.getlist("id")
    if not ids:
        raise Refused(_("No bookmark was chosen. Nothing was changed."))
    if act == "erase":
        number = _erased(path, ids)
        return _to_list({"erased": number}, erased=str(number))
    made = changes.edit(path, ids, _edit(act, sent))
    record = {"change": made.id, "bookmarks": [b.id for b in made.bookmarks]}
    return _to_list(record, change=made.id, did=act)


@pages.post("/bookmarks/undo/<change_id>")
def undo(change_id: str) -> Response:
    """Takes a change back, of however many bookmarks it was."""
    made = changes.undo(reader_file(), change_id)
    record = {"change": made.id, "bookmarks": [b.id for b in made.bookmarks], "left": made.left}
    return _to_list(record, undone=str(len(made.bookmarks)), left=str(len(made.left)))


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


def _to_list(record: Mapping[str, object], **more: str) -> Response:
    if wants_json():
        return answer("bookmarks.html", record)
    return see(lists.address_at(url_for("bookmarks.index"), place_in_list(request.form) | more))

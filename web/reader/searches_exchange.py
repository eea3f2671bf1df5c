"""Taking saved searches out and in as JSON: what goes out comes in again as it was."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from web.language import _
from web.language import number as number_of
from web.reader import file
from web.reader.exchange import Result, moment, own_id, text_at
from web.reader.file import Refused
from web.reader.searches import MOST, Search, checked, insert, kept, listed

_WHAT = "loccit:searches"


def export_json(path: Path) -> str:
    """All saved searches, oldest first; of the same records always the same bytes."""
    found = sorted(listed(path), key=lambda search: (search.created, search.id))
    return json.dumps({_WHAT: [_item(search) for search in found]}, ensure_ascii=False, indent=1) + "\n"


def _item(search: Search) -> dict[str, Any]:
    return {
        "id": f"urn:uuid:{search.id}",
        "name": search.name,
        "search": search.parameters,
        "seen": dict(sorted(search.seen.items())),
        "looked": search.looked,
        "created": search.created,
        "modified": search.modified,
    }


def import_json(path: Path, text: str, clean: Callable[[str], str]) -> list[Result]:
    """Takes in what `export_json` gave: a result for every item, in its order, and nothing kept twice.

    `clean` keeps of an address what makes a search. Raises Refused if the text is no such list at all; then
    nothing was changed.
    """
    try:
        items = json.loads(text)[_WHAT]
    except (ValueError, TypeError, KeyError, RecursionError):
        items = None
    if not isinstance(items, list):
        raise Refused(_("This is not an export of saved searches: it has no list “%(name)s”.", name=_WHAT))
    if len(items) > MOST:
        raise Refused(
            _(
                "These are %(number)s searches; %(most)s can be kept.",
                number=number_of(len(items)),
                most=number_of(MOST),
            )
        )
    with file.writing(path) as db:
        return [_taken(db, number, item, clean) for number, item in enumerate(items, 1)]


def _taken(db: sqlite3.Connection, number: int, item: Any, clean: Callable[[str], str]) -> Result:
    try:
        made = _search(item, clean)
    except Refused as error:
        return Result(number, "failed", str(error))
    held = kept(db)
    if same := next((s for s in held if made.id == s.id or made.parameters == s.parameters), None):
        return Result(number, "duplicate", _("It is here already: yours was kept."), made.name, same.id)
    if len(held) >= MOST:
        return Result(
            number, "failed", _("%(most)s searches are kept already.", most=number_of(MOST)), made.name
        )
    insert(db, made)
    return Result(number, "imported", "", made.name, made.id)


def _search(item: Any, clean: Callable[[str], str]) -> Search:
    """The search that an item says. Raises Refused with what is missing or wrong in it."""
    if not isinstance(item, Mapping):
        raise Refused(_("It is no saved search."))
    now, seen = file.now(), item.get("seen", {})
    if not isinstance(seen, dict) or not all(type(n) is int and 0 <= n < 2**53 for n in seen.values()):
        raise Refused(_("Its “seen” is not what it should be: passages by work."))
    made = Search(
        id=own_id(item.get("id")),
        name=text_at(item, "name"),
        parameters=clean(text_at(item, "search")),
        seen=seen,
        looked=moment(item.get("looked"), now),
        created=moment(item.get("created"), now),
        modified=moment(item.get("modified"), now),
    )
    return checked(made)

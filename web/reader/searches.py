"""Saved searches in the reader's file: named, looked at again, edited, set aside.

A search is kept as the page of results has it in its address. With it stands how many passages of each
work it found when the reader last looked, so that what has come since can be told.
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs
from uuid import uuid4

from indexer.errors import NotThere
from web.language import _, number
from web.reader import file
from web.reader.file import Refused

LONGEST_NAME = 200
LONGEST_ADDRESS = 4_000
"""Letters of a search as an address has it: a query of the greatest length and forty values left out."""
MOST = 1_000
"""Searches that are kept: looking through more takes longer than searching anew."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search by the name that the reader gave it.

    `parameters` is the query string of the page of results, `seen` how many passages of which work it
    found when the reader `looked`. Times are ISO 8601 in UTC; `deleted` is None unless it waits to be
    restored.
    """

    id: str
    name: str
    parameters: str
    seen: Mapping[str, int]
    looked: str
    created: str
    modified: str
    deleted: str | None = None

    @property
    def query(self) -> str:
        """What is searched for, without what the results are kept to."""
        return parse_qs(self.parameters).get("q", [""])[0]


def add(path: Path, name: str, parameters: str, seen: Mapping[str, int]) -> Search:
    """Keeps a search; one that is kept already is given back as it is. Raises Refused."""
    now = file.now()
    made = checked(Search(str(uuid4()), name, parameters, seen, now, now, now))
    with file.writing(path) as db:
        held = kept(db)
        if same := next((old for old in held if old.parameters == made.parameters), None):
            return same
        if len(held) >= MOST:
            raise Refused(
                _(
                    "%(most)s searches are kept already. Delete one that is no longer needed.",
                    most=number(MOST),
                )
            )
        insert(db, made)
    return made


def edit(path: Path, search_id: str, name: str, parameters: str, seen: Mapping[str, int]) -> Search:
    """Gives a search another name, or other words. Raises NotThere, Refused."""
    old, now = get(path, search_id), file.now()
    new = checked(replace(old, name=name, parameters=parameters, modified=now))
    if new.parameters != old.parameters:
        new = replace(new, seen=seen, looked=now)
    return _changed(path, new)


def look(path: Path, search_id: str, seen: Mapping[str, int]) -> Search:
    """Notes that the reader has seen what is found now. Raises NotThere."""
    return _changed(path, replace(get(path, search_id), seen=seen, looked=file.now()))


def delete(path: Path, search_id: str) -> Search:
    """Sets a search aside: it is listed no more, and `restore` brings it back. Raises NotThere."""
    return _changed(path, replace(get(path, search_id), deleted=file.now()))


def restore(path: Path, search_id: str) -> Search:
    """Brings a deleted search back. Raises NotThere."""
    return _changed(path, replace(get(path, search_id), deleted=None))


def get(path: Path, search_id: str) -> Search:
    """One search by its id, deleted or not. Raises NotThere."""
    with file.reading(path) as db:
        found = _select(db, "where id = ?", search_id)
    if not found:
        raise NotThere(_("There is no saved search “%(id)s”.", id=search_id))
    return found[0]


def listed(path: Path, deleted: bool = False) -> list[Search]:
    """The saved searches by name, or those that were deleted, the last first."""
    order = "order by deleted desc" if deleted else "order by name collate nocase, created"
    with file.reading(path) as db:
        return _select(db, f"where deleted is {'not ' if deleted else ''}null {order}")


def kept(db: sqlite3.Connection) -> list[Search]:
    """All that are not deleted, in an open file."""
    return _select(db, "where deleted is null")


def checked(made: Search) -> Search:
    """The search with its name in its kept form. Raises Refused with what cannot be kept."""
    made = replace(made, name=" ".join(made.name.split()) or made.query[:LONGEST_NAME])
    for problem, found in (
        (_("There is nothing to keep: no query was given."), not made.query.strip()),
        (_("A name may have %(most)s letters.", most=LONGEST_NAME), len(made.name) > LONGEST_NAME),
        (_("This search is too long to be kept."), len(made.parameters) > LONGEST_ADDRESS),
        (
            _("It holds signs that are no text."),
            "\0" in made.name + made.parameters or not _is_text(made.name),
        ),
    ):
        if found:
            raise Refused(problem)
    return made


def insert(db: sqlite3.Connection, made: Search) -> None:
    """Writes a search that is checked, in the place of what it was."""
    values = (made.id, made.name, made.parameters, json.dumps(made.seen), made.looked, made.created,
              made.modified, made.deleted)  # fmt: skip
    db.execute("insert or replace into search values (?, ?, ?, ?, ?, ?, ?, ?)", values)


def _changed(path: Path, new: Search) -> Search:
    with file.writing(path) as db:
        insert(db, new)
    return new


def _select(db: sqlite3.Connection, where: str, *values: object) -> list[Search]:
    rows = db.execute(f"select * from search {where}", values)
    return [Search(number, name, sent, json.loads(seen), *rest) for number, name, sent, seen, *rest in rows]


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

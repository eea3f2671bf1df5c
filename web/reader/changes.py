"""Changes of bookmarks, of one or of thousands at once, each of which can be undone as a whole."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from indexer.errors import NotThere
from web.language import _
from web.reader import file
from web.reader.bookmarks import Bookmark, by_ids, checked, insert

MOST_CHANGES = 200
"""Changes that can still be undone: a day's work; older ones are forgotten, the bookmarks are not."""
_CHANGED = ("note", "tags", "colour", "folder", "modified", "deleted")


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to be different; None leaves as it is. `add` and `take` are tags that are put to the others
    or taken off; `deleted` sets aside or brings back."""

    note: str | None = None
    tags: tuple[str, ...] | None = None
    add: tuple[str, ...] = ()
    take: tuple[str, ...] = ()
    colour: str | None = None
    folder: str | None = None
    deleted: bool | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What was done: its id, by which it is undone, and the bookmarks as they are now. `left` are the ids of
    those that were changed otherwise since, and were left alone when it was undone."""

    id: str
    bookmarks: tuple[Bookmark, ...]
    left: tuple[str, ...] = ()


def edit(path: Path, bookmark_ids: Iterable[str], wanted: Edit) -> Change:
    """Changes some bookmarks, all or none. Raises NotThere if one of them is none, Refused."""
    ids, now = tuple(dict.fromkeys(bookmark_ids)), file.now()
    with file.writing(path) as db:
        held = by_ids(db, ids)
        missing = next((name for name in ids if name not in held), None)
        if missing is not None:
            raise NotThere(_("There is no bookmark “%(id)s”. Nothing was changed.", id=missing))
        made = [(held[name], checked(_edited(held[name], wanted, now))) for name in ids]
        change = Change(str(uuid4()), tuple(new for _, new in made))
        _keep(db, change.id, now, [(old, new) for old, new in made if old != new])
    return change


def undo(path: Path, change_id: str) -> Change:
    """Takes a change back: each of its bookmarks is again as it was before it. Raises NotThere.

    One that was changed otherwise since is left alone, and named.
    """
    with file.writing(path) as db:
        of_it = db.execute(
            "select bookmark_id, before, after from changed where change_id = ?", (change_id,)
        ).fetchall()
        if not of_it:
            raise NotThere(_("This can no longer be undone: it was long ago. Nothing was changed."))
        held = by_ids(db, (row[0] for row in of_it))
        back, left = [], []
        for bookmark_id, before, after in of_it:
            now = _state(held[bookmark_id])
            if now == after:
                back.append(_restored(held[bookmark_id], before))
            elif now != before:
                left.append(bookmark_id)
        for b in back:
            insert(db, b)
        db.execute("update change set undone = ? where id = ?", (file.now(), change_id))
    return Change(change_id, tuple(back), tuple(left))


def size(path: Path, change_id: str) -> int:
    """The number of bookmarks that undoing a change would bring back: 0 if it was undone or is none."""
    sql = "select count(*) from changed join change on id = change_id where id = ? and undone is null"
    with file.reading(path) as db:
        return int(db.execute(sql, (change_id,)).fetchone()[0])


def _edited(old: Bookmark, wanted: Edit, now: str) -> Bookmark:
    def chosen(given: str | None, held: str) -> str:
        return held if given is None else given

    named = old.tags if wanted.tags is None else wanted.tags
    new = replace(
        old,
        note=chosen(wanted.note, old.note),
        tags=tuple(name for name in (*named, *wanted.add) if name not in wanted.take),
        colour=chosen(wanted.colour, old.colour),
        folder=chosen(wanted.folder, old.folder),
    )
    new = replace(new, modified=now) if checked(new) != old else old
    if wanted.deleted is None or wanted.deleted == (old.deleted is not None):
        return new
    return replace(new, deleted=now if wanted.deleted else None)


def _keep(db: sqlite3.Connection, change_id: str, now: str, made: list[tuple[Bookmark, Bookmark]]) -> None:
    for _old, new in made:
        insert(db, new)
    db.execute("insert into change (id, made) values (?, ?)", (change_id, now))
    db.executemany(
        "insert into changed values (?, ?, ?, ?)",
        [(change_id, old.id, _state(old), _state(new)) for old, new in made],
    )
    old_ones = "select id from change order by made desc, id limit -1 offset ?"
    db.execute(f"delete from changed where change_id in ({old_ones})", (MOST_CHANGES,))
    db.execute(f"delete from change where id in ({old_ones})", (MOST_CHANGES,))


def _state(b: Bookmark) -> str:
    return json.dumps({name: getattr(b, name) for name in _CHANGED}, ensure_ascii=False)


def _restored(b: Bookmark, state: str) -> Bookmark:
    before = json.loads(state)
    return replace(b, **before | {"tags": tuple(before["tags"])})

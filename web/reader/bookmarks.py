"""Bookmarks in the reader's file: kept, found again by what is asked of them, counted.

A bookmark keeps words, not offsets (a W3C TextQuoteSelector): `web.anchoring` finds them again after
the index was built anew or the source was edited. `changes` edits, deletes and undoes.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from indexer.errors import NotThere
from indexer.models import Document, Span
from web.anchoring import CONTEXT
from web.language import _, number
from web.reader import file
from web.reader.file import Refused

Kind = Literal["passage", "paragraph", "quotation", "comparison", "search"]
Facet = Literal["tag", "folder", "colour", "kind", "work"]

COLOURS = ("yellow", "green", "blue", "red", "violet")
LONGEST_EXACT = 50_000
"""Letters of a bookmark: a long chapter; more is a work, and has its own page."""
LONGEST_NOTE = 50_000
"""Letters of a note."""
LONGEST_ADDRESS = 4_000
"""Letters of the address of a search: what browsers and servers carry."""
MOST_TAGS = 50
LONGEST_TAG = 100
DEEPEST_FOLDER = 10
LONGEST_FOLDER = 300

SORTS: Mapping[str, str] = {
    "newest": "created desc, id",
    "oldest": "created, id",
    "changed": "modified desc, id",
    "work": "folded(label), work_id, start, id",
    "folder": "folded(folder), created desc, id",
    "colour": "colour = '', colour, created desc, id",
}
"""The orders of a list, as SQL."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a bookmark is made of before it is kept. `start` counts characters of the work's text.

    `label` names the work for people, `url` is its own address, "" where none is known. `folder` is a
    path ("Trials/1937"), `colour` one of COLOURS; "" is none. Of a search, `exact` is the query and
    `address` the path of the page that shows it, and `work_id` is "". So it is of a passage of a page that
    the archive does not hold.
    """

    work_id: str
    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int = 0
    kind: Kind = "passage"
    quotation_id: str | None = None
    note: str = ""
    tags: tuple[str, ...] = ()
    colour: str = ""
    folder: str = ""
    label: str = ""
    url: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Bookmark(Draft):
    """A kept draft. Times are ISO 8601 in UTC; `deleted` is None unless it waits to be restored."""

    id: str = ""
    created: str = ""
    modified: str = ""
    deleted: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which bookmarks: those that have all that is not empty here. `text` is words, all of which it holds in
    its own words, its note, label, folder or tags; `folder` means those below it too."""

    text: str = ""
    tag: str = ""
    folder: str = ""
    colour: str = ""
    kind: str = ""
    work: str = ""
    deleted: bool = False


# Keeping


def draft(document: Document, span: Span, **more: Any) -> Draft:
    """A draft of the words at `span`, with their context. Raises Refused if there are none."""
    start, end = max(0, span.start), min(len(document.text), span.end)
    exact = document.text[start:end].strip()
    if not exact:
        raise Refused(_("There are no words at this place to keep."))
    start = document.text.index(exact, start)
    end = start + len(exact)
    before, after = document.text[:start], document.text[end:]
    return Draft(
        work_id=document.work.id,
        exact=exact,
        prefix=before[-CONTEXT:],
        suffix=after[:CONTEXT],
        start=start,
        url=document.work.url or "",
        **more,
    )


def add(path: Path, kept: Draft) -> Bookmark:
    """Keeps a draft and gives it back as a bookmark. Raises Refused."""
    now = file.now()
    fields = {name: getattr(kept, name) for name in Draft.__dataclass_fields__}
    made = checked(Bookmark(**fields, id=str(uuid4()), created=now, modified=now))
    with file.writing(path) as db:
        insert(db, made)
    return made


def erase(path: Path, bookmark_ids: Iterable[str]) -> int:
    """Takes deleted bookmarks out of the file for good, with what is known of their changes; their number."""
    wanted = json.dumps(list(bookmark_ids))
    chosen = "(select id from bookmark where deleted is not null and id in (select value from json_each(?)))"
    with file.writing(path) as db:
        for table in ("tag", "changed"):
            db.execute(f"delete from {table} where bookmark_id in {chosen}", (wanted,))
        return db.execute(f"delete from bookmark where id in {chosen}", (wanted,)).rowcount


# Reading


def get(path: Path, bookmark_id: str) -> Bookmark:
    """One bookmark by its id, deleted or not. Raises NotThere."""
    with file.reading(path) as db:
        found = rows(db, "where id = ?", bookmark_id)
    if not found:
        raise NotThere(_("There is no bookmark “%(id)s”.", id=bookmark_id))
    return found[0]


def listed(
    path: Path, asked: Asked | None = None, sort: str = "newest", first: int = 0, most: int = -1
) -> list[Bookmark]:
    """The bookmarks that are asked for, in an order of SORTS: `most` of them, after `first` others."""
    condition, values = _condition(asked or Asked())
    with file.reading(path) as db:
        return rows(db, f"where {condition} order by {SORTS[sort]} limit ? offset ?", *values, most, first)


def ids(path: Path, asked: Asked) -> list[str]:
    """The ids of the bookmarks that are asked for, newest first."""
    condition, values = _condition(asked)
    with file.reading(path) as db:
        found = db.execute(f"select id from bookmark where {condition} order by created desc, id", values)
        return [bookmark_id for (bookmark_id,) in found]


def count(path: Path, asked: Asked | None = None) -> int:
    """The number of the bookmarks that are asked for."""
    condition, values = _condition(asked or Asked())
    with file.reading(path) as db:
        return int(db.execute(f"select count(*) from bookmark where {condition}", values).fetchone()[0])


def facets(path: Path, deleted: bool = False) -> dict[Facet, dict[str, int]]:
    """The tags, folders, colours, kinds and works in use, by name, each with its number of bookmarks.

    A folder is there also if only folders below it have bookmarks, and counts them.
    """
    where = f"deleted is {'not ' if deleted else ''}null"
    with file.reading(path) as db:
        found: dict[Facet, dict[str, int]] = {
            "tag": _counted(
                db,
                "select name, count(*) from tag"
                f" where bookmark_id in (select id from bookmark where {where})",
            ),
            "folder": {},
        }
        for name, column in (("colour", "colour"), ("kind", "kind"), ("work", "work_id")):
            counted = _counted(
                db, f"select {column}, count(*) from bookmark where {where} and {column} <> ''"
            )
            found[name] = counted  # type: ignore[index]
        for folder, number in _counted(db, f"select folder, count(*) from bookmark where {where}").items():
            for above in _above(folder):
                found["folder"][above] = found["folder"].get(above, 0) + number
    found["folder"] = dict(sorted(found["folder"].items(), key=lambda pair: pair[0].casefold()))
    return found


def labels(path: Path) -> dict[str, str]:
    """What the works that have bookmarks are called, by their ids."""
    with file.reading(path) as db:
        found = db.execute("select work_id, max(label) from bookmark where work_id <> '' group by 1")
        return {work_id: label or work_id for work_id, label in found}


def tags(path: Path) -> dict[str, int]:
    """The tags in use with the number of bookmarks that bear them, by name."""
    return facets(path)["tag"]


def _counted(db: sqlite3.Connection, sql: str) -> dict[str, int]:
    found = db.execute(f"{sql} group by 1").fetchall()
    return dict(sorted(found, key=lambda pair: (pair[0].casefold(), pair[0])))


def _above(folder: str) -> Iterator[str]:
    """A folder and those that it is in, the outermost first."""
    parts = folder.split("/") if folder else []
    return ("/".join(parts[:n]) for n in range(1, len(parts) + 1))


def _condition(asked: Asked) -> tuple[str, list[str]]:
    """What is asked for, as SQL with its values."""
    parts, values = [f"deleted is {'not ' if asked.deleted else ''}null"], list[str]()
    tagged = "(select coalesce(group_concat(name, ' '), '') from tag where bookmark_id = bookmark.id)"
    searched = " || ' ' || ".join(("exact", "note", "label", "folder", tagged))
    for sql, given in (
        ("exists (select 1 from tag where bookmark_id = id and name = ?)", [asked.tag]),
        ("(folder = ? or substr(folder, 1, length(?) + 1) = ? || '/')", [asked.folder] * 3),
        ("colour = ?", [asked.colour]),
        ("kind = ?", [asked.kind]),
        ("work_id = ?", [asked.work]),
        (
            f"not exists (select 1 from json_each(?) where instr(folded({searched}), value) = 0)",
            [json.dumps(words) if (words := asked.text.casefold().split()) else ""],
        ),
    ):
        if given[0]:
            parts.append(sql)
            values += given
    return " and ".join(parts), values


# What can be kept


def checked(b: Bookmark) -> Bookmark:
    """The bookmark with its note, tags and folder in their kept form. Raises Refused."""
    note = b.note.replace("\r\n", "\n").replace("\r", "\n").strip()
    named = tuple(dict.fromkeys(" ".join(name.split()) for name in b.tags if name.strip()))
    parts = (" ".join(part.split()) for part in b.folder.split("/"))
    made = replace(b, note=note, tags=named, folder="/".join(part for part in parts if part))
    for problem, found in _problems(made):
        if found:
            raise Refused(problem)
    return made


def _problems(b: Bookmark) -> Iterator[tuple[str, bool]]:
    words = (b.work_id, b.exact, b.prefix, b.suffix, b.note, b.label, b.url, b.folder, b.quotation_id or "")
    everything = "".join((*words, *b.tags, b.colour, b.address))
    # First, for what cannot be written cannot be named in a sentence either.
    yield (
        _("It holds letters that no text has (NUL, half a character)."),
        bool(re.search("[\0\ud800-\udfff]", everything)),
    )
    yield _("There are no words to keep."), not b.exact.strip()
    yield (
        _("The words are longer than %(most)s letters: keep a part of them.", most=number(LONGEST_EXACT)),
        len(b.exact) > LONGEST_EXACT,
    )
    yield (
        _("Its context is longer than the words allow."),
        max(map(len, (b.prefix, b.suffix))) > LONGEST_EXACT,
    )
    yield (
        _("The note is longer than %(most)s letters. Shorten it, or make two.", most=number(LONGEST_NOTE)),
        len(b.note) > LONGEST_NOTE,
    )
    yield _("These are more than %(most)s tags.", most=MOST_TAGS), len(b.tags) > MOST_TAGS
    yield (
        _("A tag is longer than %(most)s letters.", most=LONGEST_TAG),
        any(len(name) > LONGEST_TAG for name in b.tags),
    )
    yield _("A tag holds a comma."), any("," in name for name in b.tags)
    yield (
        _("The folder's name is longer than %(most)s letters.", most=LONGEST_FOLDER),
        len(b.folder) > LONGEST_FOLDER,
    )
    yield (
        _("The folder is more than %(most)s deep.", most=DEEPEST_FOLDER),
        b.folder.count("/") >= DEEPEST_FOLDER,
    )
    yield (
        _("“%(name)s” is no colour: %(known)s.", name=b.colour[:40], known=", ".join(COLOURS)),
        b.colour not in ("", *COLOURS),
    )
    yield from _problems_of_address(b)


def _problems_of_address(b: Bookmark) -> Iterator[tuple[str, bool]]:
    """A search is kept by its page here, so that no bookmark leads out of the archive unseen."""
    yield _("The search is longer than an address can be."), len(b.address) > LONGEST_ADDRESS
    local = re.fullmatch(r"/(?![/\\])[^\s\\]*", b.address) is not None
    yield _("A search is kept by the address of its page here."), b.kind == "search" and not local
    yield _("Only a search has an address."), b.kind != "search" and b.address != ""


# Rows

_COLUMNS = (
    "id", "work_id", "exact", "prefix", "suffix", "start", "kind", "quotation_id", "note", "colour", "folder",
    "label", "url", "address", "created", "modified", "deleted",
)  # fmt: skip


def insert(db: sqlite3.Connection, b: Bookmark) -> None:
    """Keeps a bookmark as it is, with its tags, in place of one with the same id."""
    marks = ", ".join("?" * len(_COLUMNS))
    values = [getattr(b, name) for name in _COLUMNS]
    db.execute(f"insert or replace into bookmark ({', '.join(_COLUMNS)}) values ({marks})", values)
    db.execute("delete from tag where bookmark_id = ?", (b.id,))
    named = [(b.id, rank, name) for rank, name in enumerate(b.tags)]
    db.executemany("insert into tag (bookmark_id, rank, name) values (?, ?, ?)", named)


def rows(db: sqlite3.Connection, where: str, *values: Any) -> list[Bookmark]:
    """The bookmarks that the SQL `where` asks for, in its order."""
    found = db.execute(f"select {', '.join(_COLUMNS)} from bookmark {where}", values).fetchall()
    named = _tags_of(db, (row[0] for row in found))
    return [
        Bookmark(**dict(zip(_COLUMNS, row, strict=True)), tags=tuple(named.get(row[0], ()))) for row in found
    ]


def by_ids(db: sqlite3.Connection, bookmark_ids: Iterable[str]) -> dict[str, Bookmark]:
    """The bookmarks with these ids, deleted or not; ids that are none are left out."""
    wanted = json.dumps(list(bookmark_ids))
    return {b.id: b for b in rows(db, "where id in (select value from json_each(?))", wanted)}


def _tags_of(db: sqlite3.Connection, bookmark_ids: Iterable[str]) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    wanted = json.dumps(list(bookmark_ids))
    sql = (
        "select bookmark_id, name from tag where bookmark_id in (select value from json_each(?))"
        " order by bookmark_id, rank"
    )
    for bookmark_id, name in db.execute(sql, (wanted,)):
        named.setdefault(bookmark_id, []).append(name)
    return named

"""Judgements in the reader's file: what the reader thinks of a finding, and what is right in its stead.

Both are of a quotation, which is known by its essay and its words with their context, never by an id or
by offsets alone; so is a place in a source. A judgement is never written over: a new one of the same
quotation sets the old one aside, and undoing it brings the old one back.
"""

import re
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args
from uuid import uuid4

from indexer.errors import NotThere
from indexer.models import Document, Span
from web.language import _, number
from web.reader import file
from web.reader.bookmarks import LONGEST_NOTE, draft
from web.reader.file import Refused

Opinion = Literal["right", "wrong", "unclear"]
OPINIONS: tuple[Opinion, ...] = get_args(Opinion)


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a work with their context and, as a hint, their place: a W3C TextQuoteSelector."""

    work_id: str
    exact: str
    prefix: str
    suffix: str
    start: int


@dataclass(frozen=True, slots=True)
class Correction:
    """The work that a quotation is from, named by `label`, and where it stands there, if that was said."""

    work_id: str
    label: str
    passage: Words | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reader says of the finding of a quotation; `label` names its essay.

    `replaces` is the judgement that this one set aside. Times are ISO 8601 in UTC; `deleted` is None
    while the judgement counts.
    """

    quotation: Words
    label: str
    opinion: Opinion | None = None
    note: str = ""
    correction: Correction | None = None
    replaces: str | None = None
    id: str = ""
    created: str = ""
    deleted: str | None = None


def words(document: Document, span: Span) -> Words:
    """The words of a span as a judgement keeps them. Raises Refused if there are none."""
    kept = draft(document, span)
    return Words(kept.work_id, kept.exact, kept.prefix, kept.suffix, kept.start)


# Keeping


def add(path: Path, made: Judgement) -> Judgement:
    """Keeps a judgement and sets the one that it replaces aside. Raises Refused."""
    new = replace(checked(made), id=str(uuid4()), created=file.now(), deleted=None)
    with file.writing(path) as db:
        if new.replaces:
            _set_aside(db, new.replaces, new.created)
        insert(db, new)
    return new


def undo(path: Path, judgement_id: str) -> Judgement:
    """Sets a judgement aside and brings back the one that it replaced, if any. Raises NotThere.

    One that counts no more (its page was open in another tab) is left as it is: another may count in its
    stead, and of one quotation no two do.
    """
    old = get(path, judgement_id)
    with file.writing(path) as db:
        if _set_aside(db, old.id, file.now()) and old.replaces:
            bring_back(db, old.replaces)
    return get(path, old.id)


def delete(path: Path, judgement_id: str) -> Judgement:
    """Sets a judgement aside: it counts no more, and `restore` brings it back. Raises NotThere."""
    old = get(path, judgement_id)
    with file.writing(path) as db:
        _set_aside(db, old.id, file.now())
    return get(path, old.id)


def restore(path: Path, judgement_id: str, instead: str | None = None) -> Judgement:
    """Brings a judgement back that was set aside, `instead` of one that counts now. Raises NotThere."""
    old = get(path, judgement_id)
    with file.writing(path) as db:
        if instead and instead != old.id:
            _set_aside(db, instead, file.now())
        bring_back(db, old.id)
    return get(path, old.id)


def _set_aside(db: sqlite3.Connection, judgement_id: str, when: str) -> bool:
    """Sets one aside that counts; whether it did."""
    sql = "update judgement set deleted = ? where id = ? and deleted is null"
    return db.execute(sql, (when, judgement_id)).rowcount > 0


def bring_back(db: sqlite3.Connection, judgement_id: str) -> None:
    """Has one count again that was set aside, in an open file."""
    db.execute("update judgement set deleted = null where id = ?", (judgement_id,))


def checked(made: Judgement) -> Judgement:
    """The judgement with its note in its kept form. Raises Refused with what cannot be kept."""
    note = made.note.replace("\r\n", "\n").replace("\r", "\n").strip()
    if made.opinion not in (None, *OPINIONS):
        raise Refused(_("A judgement is right, wrong or unclear, or none."))
    if len(note) > LONGEST_NOTE:
        raise Refused(_("The note is longer than %(most)s letters. Shorten it.", most=number(LONGEST_NOTE)))
    if re.search("[\0\ud800-\udfff]", note):
        raise Refused(_("The note holds letters that no text has (NUL, half a character)."))
    if not (made.opinion or note or made.correction):
        raise Refused(_("There is nothing to keep: choose right, wrong or unclear, or write a note."))
    return replace(made, note=note)


# Reading


def get(path: Path, judgement_id: str) -> Judgement:
    """One judgement by its id, set aside or not. Raises NotThere."""
    found = _select(path, "where id = ?", judgement_id)
    if not found:
        raise NotThere(_("There is no judgement “%(id)s”.", id=judgement_id))
    return found[0]


def listed(path: Path, deleted: bool = False) -> list[Judgement]:
    """The judgements that count, or those set aside, newest first."""
    return _select(path, f"where deleted is {'not ' if deleted else ''}null order by created desc, id")


def of_essay(path: Path, essay_id: str) -> list[Judgement]:
    """The judgements of an essay's quotations that count, newest first."""
    return _select(path, "where deleted is null and work_id = ? order by created desc, id", essay_id)


def corrections(path: Path) -> list[Judgement]:
    """The judgements that count and name another work, newest first."""
    return _select(path, "where deleted is null and right_work is not null order by created desc, id")


# The table

_COLUMNS = (
    "id", "work_id", "exact", "prefix", "suffix", "start", "label", "opinion", "note", "right_work",
    "right_label", "right_exact", "right_prefix", "right_suffix", "right_start", "replaces",
    "created", "deleted",
)  # fmt: skip


def insert(db: sqlite3.Connection, j: Judgement) -> None:
    """Keeps a judgement as it is, in an open file."""
    db.execute(f"insert into judgement values ({', '.join('?' * len(_COLUMNS))})", _row(j))


def _row(j: Judgement) -> tuple[Any, ...]:
    c, q = j.correction, j.quotation
    p = c.passage if c else None
    right = (p.exact, p.prefix, p.suffix, p.start) if p else (None,) * 4
    return (
        j.id, q.work_id, q.exact, q.prefix, q.suffix, q.start, j.label, j.opinion, j.note,
        c.work_id if c else None, c.label if c else None, *right, j.replaces, j.created, j.deleted,
    )  # fmt: skip


def _select(path: Path, where: str, *values: Any) -> list[Judgement]:
    if not path.exists():  # asked by every page of a stranger: no file is made for it, not even in memory
        return []
    with file.reading(path) as db:
        return rows(db, where, *values)


def rows(db: sqlite3.Connection, where: str, *values: Any) -> list[Judgement]:
    """The judgements that the SQL `where` asks for, in its order."""
    found = db.execute(f"select {', '.join(_COLUMNS)} from judgement {where}", values)
    return [_judgement(dict(zip(_COLUMNS, row, strict=True))) for row in found]


def _judgement(row: dict[str, Any]) -> Judgement:
    passage, correction = None, None
    if row["right_exact"] is not None:
        right = (row[f"right_{name}"] for name in ("exact", "prefix", "suffix", "start"))
        passage = Words(row["right_work"], *right)
    if row["right_work"] is not None:
        correction = Correction(row["right_work"], row["right_label"], passage)
    return Judgement(
        Words(*(row[name] for name in ("work_id", "exact", "prefix", "suffix", "start"))),
        row["label"],
        row["opinion"],
        row["note"],
        correction,
        row["replaces"],
        row["id"],
        row["created"],
        row["deleted"],
    )

"""Bookmarks in the reader's file: kept, edited, set aside, listed.

A bookmark keeps words, not offsets (a W3C TextQuoteSelector): `web.anchoring` finds them again after
the index was built anew or the source was edited.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from indexer.errors import NotThere
from indexer.models import Document, Span
from web.anchoring import CONTEXT
from web.reader import file
from web.reader.file import Refused

Kind = Literal["passage", "quotation", "comparison"]

LONGEST_EXACT = 50_000
"""Letters of a bookmark: a long chapter; more is a work, and has its own page."""
LONGEST_NOTE = 50_000
"""Letters of a note."""
MOST_TAGS = 50
LONGEST_TAG = 100


@dataclass(frozen=True, slots=True)
class Draft:
    """What a bookmark is made of before it is kept. `start` counts characters of the work's text.

    `label` names the work for people, `url` is its own address, "" where none is known.
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
    label: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Bookmark(Draft):
    """A kept draft. Times are ISO 8601 in UTC; `deleted` is None unless it waits to be restored."""

    id: str = ""
    created: str = ""
    modified: str = ""
    deleted: str | None = None


# Keeping


def draft(document: Document, span: Span, **more: Any) -> Draft:
    """A draft of the words at `span`, with their context. Raises Refused if there are none."""
    start, end = max(0, span.start), min(len(document.text), span.end)
    exact = document.text[start:end].strip()
    if not exact:
        raise Refused("There are no words at this place to keep.")
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
    made = replace(_bookmark(kept), id=str(uuid4()), created=now, modified=now)
    made = checked(made)
    with file.writing(path) as db:
        insert(db, made)
    return made


def edit(path: Path, bookmark_id: str, note: str, tags: Sequence[str]) -> Bookmark:
    """Gives a bookmark another note and other tags. Raises NotThere, Refused."""
    old = get(path, bookmark_id)
    new = checked(replace(old, note=note, tags=tuple(tags), modified=file.now()))
    with file.writing(path) as db:
        db.execute(
            "update bookmark set note = ?, modified = ? where id = ?", (new.note, new.modified, old.id)
        )
        _tag(db, new)
    return new


def delete(path: Path, bookmark_id: str) -> Bookmark:
    """Sets a bookmark aside: it is listed no more, and `restore` brings it back. Raises NotThere."""
    return _set_aside(path, bookmark_id, file.now())


def restore(path: Path, bookmark_id: str) -> Bookmark:
    """Brings a deleted bookmark back. Raises NotThere."""
    return _set_aside(path, bookmark_id, None)


def _set_aside(path: Path, bookmark_id: str, when: str | None) -> Bookmark:
    old = get(path, bookmark_id)
    with file.writing(path) as db:
        db.execute("update bookmark set deleted = ? where id = ?", (when, old.id))
    return replace(old, deleted=when)


# Reading


def get(path: Path, bookmark_id: str) -> Bookmark:
    """One bookmark by its id, deleted or not. Raises NotThere."""
    found = _select(path, "where id = ?", bookmark_id)
    if not found:
        raise NotThere(f"There is no bookmark “{bookmark_id}”.")
    return found[0]


def listed(
    path: Path,
    tag: str | None = None,
    work_id: str | None = None,
    text: str = "",
    deleted: bool = False,
) -> list[Bookmark]:
    """The bookmarks, newest first, kept to a tag, a work, and to those that hold every word of `text`."""
    found = _select(path, f"where deleted is {'not ' if deleted else ''}null order by created desc, id")
    wanted = text.casefold().split()
    return [
        b
        for b in found
        if (tag is None or tag in b.tags)
        and (work_id is None or b.work_id == work_id)
        and all(word in _searched(b) for word in wanted)
    ]


def tags(path: Path) -> dict[str, int]:
    """The tags in use with the number of bookmarks that bear them, by name."""
    counted: dict[str, int] = {}
    for b in listed(path):
        for name in b.tags:
            counted[name] = counted.get(name, 0) + 1
    return dict(sorted(counted.items(), key=lambda pair: pair[0].casefold()))


def _searched(b: Bookmark) -> str:
    return " ".join((b.exact, b.note, b.label, *b.tags)).casefold()


# What can be kept


def checked(b: Bookmark) -> Bookmark:
    """The bookmark with its note and tags in their kept form. Raises Refused."""
    note = b.note.replace("\r\n", "\n").replace("\r", "\n").strip()
    named = tuple(dict.fromkeys(" ".join(name.split()) for name in b.tags if name.strip()))
    made = replace(b, note=note, tags=named)
    for problem, found in _problems(made):
        if found:
            raise Refused(problem)
    return made


def _problems(b: Bookmark) -> Iterator[tuple[str, bool]]:
    everything = "".join(
        (b.work_id, b.exact, b.prefix, b.suffix, b.note, b.label, b.url, b.quotation_id or "", *b.tags)
    )
    yield "There are no words to keep.", not b.exact.strip()
    yield (
        f"The words are longer than {LONGEST_EXACT:,} letters: keep a part of them.",
        len(b.exact) > LONGEST_EXACT,
    )
    yield "Its context is longer than the words allow.", max(map(len, (b.prefix, b.suffix))) > LONGEST_EXACT
    yield (
        f"The note is longer than {LONGEST_NOTE:,} letters. Shorten it, or make two.",
        len(b.note) > LONGEST_NOTE,
    )
    yield f"These are more than {MOST_TAGS} tags.", len(b.tags) > MOST_TAGS
    yield f"A tag is longer than {LONGEST_TAG} letters.", any(len(name) > LONGEST_TAG for name in b.tags)
    yield "A tag holds a comma.", any("," in name for name in b.tags)
    yield (
        "It holds letters that no text has (NUL, half a character).",
        bool(re.search("[\0\ud800-\udfff]", everything)),
    )


# Rows


def _bookmark(kept: Draft) -> Bookmark:
    return Bookmark(**{name: getattr(kept, name) for name in Draft.__dataclass_fields__})


_COLUMNS = (
    "id", "work_id", "exact", "prefix", "suffix", "start", "kind", "quotation_id", "note", "label", "url",
    "created", "modified", "deleted",
)  # fmt: skip


def insert(db: sqlite3.Connection, b: Bookmark) -> None:
    """Keeps a bookmark as it is, with its tags."""
    marks = ", ".join("?" * len(_COLUMNS))
    values = [getattr(b, name) for name in _COLUMNS]
    db.execute(f"insert into bookmark ({', '.join(_COLUMNS)}) values ({marks})", values)
    _tag(db, b)


def _tag(db: sqlite3.Connection, b: Bookmark) -> None:
    db.execute("delete from tag where bookmark_id = ?", (b.id,))
    db.executemany(
        "insert into tag values (?, ?, ?)", [(b.id, rank, name) for rank, name in enumerate(b.tags)]
    )


def rows(db: sqlite3.Connection, where: str, *values: Any) -> list[Bookmark]:
    """The bookmarks that the SQL `where` asks for, in its order."""
    named: dict[str, list[str]] = {}
    for bookmark_id, name in db.execute("select bookmark_id, name from tag order by bookmark_id, rank"):
        named.setdefault(bookmark_id, []).append(name)
    found = db.execute(f"select {', '.join(_COLUMNS)} from bookmark {where}", values)
    made = [Bookmark(**dict(zip(_COLUMNS, row, strict=True))) for row in found]
    return [replace(b, tags=tuple(named.get(b.id, ()))) for b in made]


def _select(path: Path, where: str, *values: Any) -> list[Bookmark]:
    with file.reading(path) as db:
        return rows(db, where, *values)

"""The reader's own records: bookmarks, kept in one SQLite file apart from everything that can be built again.

A bookmark keeps words, not offsets (a W3C TextQuoteSelector): `anchoring` finds them again after the
index was built anew or the source was edited. Every function takes the path of the file, opens it, and
closes it; the file is made by the first write, never by a read.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, get_args
from uuid import UUID, uuid4

from indexer.errors import NotThere, ReaderError
from indexer.models import Document, Span
from web.anchoring import CONTEXT, anchor, anchors

__all__ = [
    "Bookmark", "Draft", "Refused", "Result", "add", "anchor", "anchors", "bookmark", "bookmarks", "delete",
    "draft", "edit", "export_json", "export_markdown", "import_json", "restore", "tags",
]  # fmt: skip

Kind = Literal["passage", "quotation", "comparison"]

FILE = "reader.sqlite3"
"""The name of the file in an archive's folder."""
LONGEST_EXACT = 50_000
"""Letters of a bookmark: a long chapter; more is a work, and has its own page."""
LONGEST_NOTE = 50_000
"""Letters of a note."""
MOST_TAGS = 50
LONGEST_TAG = 100
MOST_IMPORTED = 20_000
"""Bookmarks that one import takes."""
PATIENCE = 10.0
"""Seconds that a write waits for another one."""


class Refused(ReaderError):
    """What the reader sent cannot be kept as it is; nothing was changed."""


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


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one item of an import: `number` counts from 1, `words` are its first ones."""

    number: int
    status: Literal["imported", "duplicate", "failed"]
    reason: str
    words: str = ""
    id: str | None = None


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
    now = _now()
    made = replace(_bookmark(kept), id=str(uuid4()), created=now, modified=now)
    made = _checked(made)
    with _writing(path) as db:
        _insert(db, made)
    return made


def edit(path: Path, bookmark_id: str, note: str, tags: Sequence[str]) -> Bookmark:
    """Gives a bookmark another note and other tags. Raises NotThere, Refused."""
    old = bookmark(path, bookmark_id)
    new = _checked(replace(old, note=note, tags=tuple(tags), modified=_now()))
    with _writing(path) as db:
        db.execute(
            "update bookmark set note = ?, modified = ? where id = ?", (new.note, new.modified, old.id)
        )
        _tag(db, new)
    return new


def delete(path: Path, bookmark_id: str) -> Bookmark:
    """Sets a bookmark aside: it is listed no more, and `restore` brings it back. Raises NotThere."""
    return _set_aside(path, bookmark_id, _now())


def restore(path: Path, bookmark_id: str) -> Bookmark:
    """Brings a deleted bookmark back. Raises NotThere."""
    return _set_aside(path, bookmark_id, None)


def _set_aside(path: Path, bookmark_id: str, when: str | None) -> Bookmark:
    old = bookmark(path, bookmark_id)
    with _writing(path) as db:
        db.execute("update bookmark set deleted = ? where id = ?", (when, old.id))
    return replace(old, deleted=when)


# Reading


def bookmark(path: Path, bookmark_id: str) -> Bookmark:
    """One bookmark by its id, deleted or not. Raises NotThere."""
    found = _select(path, "where id = ?", bookmark_id)
    if not found:
        raise NotThere(f"There is no bookmark “{bookmark_id}”.")
    return found[0]


def bookmarks(
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
    for b in bookmarks(path):
        for name in b.tags:
            counted[name] = counted.get(name, 0) + 1
    return dict(sorted(counted.items(), key=lambda pair: pair[0].casefold()))


def _searched(b: Bookmark) -> str:
    return " ".join((b.exact, b.note, b.label, *b.tags)).casefold()


# Taking out and in

_CONTEXTS = ["http://www.w3.org/ns/anno.jsonld", {"loccit": "urn:loccit:"}]


def export_json(path: Path) -> str:
    """All bookmarks as a page of W3C Web Annotations, oldest first; the same records, the same bytes."""
    page = {
        "@context": _CONTEXTS,
        "id": "urn:loccit:bookmarks",
        "type": "AnnotationPage",
        "items": [_annotation(b) for b in sorted(bookmarks(path), key=lambda b: (b.created, b.id))],
    }
    return json.dumps(page, ensure_ascii=False, indent=1) + "\n"


def _annotation(b: Bookmark) -> dict[str, Any]:
    bodies = [{"type": "TextualBody", "purpose": "commenting", "format": "text/plain", "value": b.note}]
    bodies = bodies if b.note else []
    bodies += [{"type": "TextualBody", "purpose": "tagging", "value": name} for name in b.tags]
    return {
        "id": f"urn:uuid:{b.id}",
        "type": "Annotation",
        "motivation": "bookmarking",
        "created": b.created,
        "modified": b.modified,
        "body": bodies,
        "target": {
            "source": b.url or f"urn:loccit:work:{b.work_id}",
            "selector": [
                {"type": "TextQuoteSelector", "exact": b.exact, "prefix": b.prefix, "suffix": b.suffix},
                {"type": "TextPositionSelector", "start": b.start, "end": b.start + len(b.exact)},
            ],
        },
        "loccit:work": b.work_id,
        "loccit:kind": b.kind,
        "loccit:quotation": b.quotation_id,
        "loccit:label": b.label,
        "loccit:url": b.url,
    }


def export_markdown(path: Path) -> str:
    """All bookmarks as Markdown: a heading a work, the words as a quotation, the note and tags below."""
    ordered = sorted(bookmarks(path), key=lambda b: (b.label.casefold(), b.work_id, b.start, b.id))
    parts = ["# Bookmarks\n"]
    for (label, work_id), group in groupby(ordered, key=lambda b: (b.label, b.work_id)):
        parts.append(f"## {_plain(label or work_id)}\n")
        parts += [_entry(b) for b in group]
    return "\n".join(parts)


def _entry(b: Bookmark) -> str:
    lines = [f"> {line}".rstrip() for line in _plain(b.exact).split("\n")]
    if b.note:
        lines += ["", _plain(b.note)]
    facts = [", ".join(f"#{name}" for name in b.tags), f"<{b.url}>" if _is_web(b.url) else "", b.created[:10]]
    return "\n".join(
        [*lines, "", " · ".join(_plain(f) if n != 1 else f for n, f in enumerate(facts) if f), ""]
    )


def _plain(text: str) -> str:
    """Words that Markdown shows as they are: no tag in them works."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _is_web(url: str) -> bool:
    return re.fullmatch(r"https?://[^\s<>]+", url) is not None


def import_json(path: Path, text: str) -> list[Result]:
    """Takes in what `export_json` gave; a result for every item, in its order, and nothing kept twice.

    Raises Refused if the text is no list of annotations at all; then nothing was changed.
    """
    items = _items(text)
    if not items:
        return []
    with _writing(path) as db:
        return [_taken(db, number, item) for number, item in enumerate(items, 1)]


def _items(text: str) -> list[Any]:
    try:
        page = json.loads(text)
    except RecursionError:
        raise Refused("This is not an export of bookmarks: it is nested too deeply.") from None
    except ValueError as error:
        place = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Refused(f"This is not an export of bookmarks: it is not JSON{place}.") from None
    items = page.get("items", [page] if "target" in page else None) if isinstance(page, dict) else page
    if not isinstance(items, list):
        raise Refused("This is not an export of bookmarks: it has no “items”.")
    if len(items) > MOST_IMPORTED:
        raise Refused(f"These are {len(items)} bookmarks; one import takes {MOST_IMPORTED}. Cut it in parts.")
    return items


def _taken(db: sqlite3.Connection, number: int, item: Any) -> Result:
    try:
        made = _checked(_from_annotation(item))
    except Refused as error:
        return Result(number, "failed", str(error))
    first = " ".join(made.exact.split()[:8])
    held = {
        b.id: b
        for b in _rows(db, "where id = ? or (work_id = ? and exact = ?)", made.id, made.work_id, made.exact)
    }
    same = held.get(made.id)
    if same and same.deleted is None:
        reason = (
            "It is here already." if same == made else "It is here already, with other words: yours was kept."
        )
        return Result(number, "duplicate", reason, first, made.id)
    if same:
        db.execute("delete from tag where bookmark_id = ?", (made.id,))
        db.execute("delete from bookmark where id = ?", (made.id,))
    elif any(_told(b) == _told(made) for b in held.values() if b.deleted is None):
        return Result(
            number, "duplicate", "The same words with the same note are here already.", first, made.id
        )
    _insert(db, made)
    return Result(number, "imported", "", first, made.id)


def _told(b: Bookmark) -> tuple[Any, ...]:
    return b.start, b.kind, b.prefix, b.suffix, b.note, b.tags


def _from_annotation(item: Any) -> Bookmark:
    """The bookmark that an annotation says. Raises Refused with what is missing or wrong in it."""
    target = _part(item, "target", dict)
    selectors = _part(target, "selector", list)
    quote = next((s for s in selectors if isinstance(s, dict) and s.get("type") == "TextQuoteSelector"), None)
    place = next(
        (s for s in selectors if isinstance(s, dict) and s.get("type") == "TextPositionSelector"), {}
    )
    if quote is None:
        raise Refused("It has no TextQuoteSelector: the words that it is about are missing.")
    bodies = [b for b in _part({"body": [], **item}, "body", list) if isinstance(b, dict)]
    kind = item.get("loccit:kind", "passage")
    if kind not in get_args(Kind):
        raise Refused(f"“{_short(kind)}” is no kind of bookmark.")
    now = _now()
    return Bookmark(
        work_id=_part(item, "loccit:work", str),
        exact=_part(quote, "exact", str),
        prefix=_text(quote, "prefix"),
        suffix=_text(quote, "suffix"),
        start=_number(place.get("start", 0)),
        kind=kind,
        quotation_id=_text(item, "loccit:quotation") or None,
        note="\n\n".join(_text(b, "value") for b in bodies if b.get("purpose") != "tagging"),
        tags=tuple(_text(b, "value") for b in bodies if b.get("purpose") == "tagging"),
        label=_text(item, "loccit:label"),
        url=_text(item, "loccit:url"),
        id=_uuid(item.get("id")),
        created=_time(item.get("created"), now),
        modified=_time(item.get("modified"), now),
    )


def _part(item: Any, name: str, kind: type) -> Any:
    value = item.get(name) if isinstance(item, dict) else None
    if kind is list and isinstance(value, dict):
        return [value]
    if not isinstance(value, kind) or (kind is str and not value):
        raise Refused(f"Its “{name}” is missing or is not what it should be.")
    return value


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(f"Its “{name}” is not a text.")
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise Refused(f"“{_short(value)}” is no place in a text.")
    return value


def _uuid(value: Any) -> str:
    try:
        return str(UUID(str(value).removeprefix("urn:uuid:"))) if value else str(uuid4())
    except ValueError:
        raise Refused(f"“{_short(value)}” is not the id of a bookmark.") from None


def _time(value: Any, now: str) -> str:
    if value is None:
        return now
    try:
        when = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Refused(f"“{_short(value)}” is not a time.") from None
    return value if when.tzinfo else now


def _short(value: Any) -> str:
    return str(value)[:40]


# What can be kept


def _checked(b: Bookmark) -> Bookmark:
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


# The file


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _bookmark(kept: Draft) -> Bookmark:
    return Bookmark(**{name: getattr(kept, name) for name in Draft.__dataclass_fields__})


_COLUMNS = (
    "id", "work_id", "exact", "prefix", "suffix", "start", "kind", "quotation_id", "note", "label", "url",
    "created", "modified", "deleted",
)  # fmt: skip


def _insert(db: sqlite3.Connection, b: Bookmark) -> None:
    marks = ", ".join("?" * len(_COLUMNS))
    values = [getattr(b, name) for name in _COLUMNS]
    db.execute(f"insert into bookmark ({', '.join(_COLUMNS)}) values ({marks})", values)
    _tag(db, b)


def _tag(db: sqlite3.Connection, b: Bookmark) -> None:
    db.execute("delete from tag where bookmark_id = ?", (b.id,))
    db.executemany(
        "insert into tag values (?, ?, ?)", [(b.id, rank, name) for rank, name in enumerate(b.tags)]
    )


def _rows(db: sqlite3.Connection, where: str, *values: Any) -> list[Bookmark]:
    named: dict[str, list[str]] = {}
    for bookmark_id, name in db.execute("select bookmark_id, name from tag order by bookmark_id, rank"):
        named.setdefault(bookmark_id, []).append(name)
    rows = db.execute(f"select {', '.join(_COLUMNS)} from bookmark {where}", values)
    made = [Bookmark(**dict(zip(_COLUMNS, row, strict=True))) for row in rows]
    return [replace(b, tags=tuple(named.get(b.id, ()))) for b in made]


def _select(path: Path, where: str, *values: Any) -> list[Bookmark]:
    """The bookmarks of a file; none if there is no file. Writes nothing."""
    if not path.exists() or not path.stat().st_size:
        return []
    try:
        # Not mode=ro: a connection that may not write leaves its journal's files behind when it closes.
        db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=PATIENCE)
        try:
            db.execute("pragma query_only = on")
            return _rows(db, where, *values) if _version(db, path) else []
        finally:
            db.close()
    except sqlite3.Error as error:
        raise ReaderError(f"Your bookmarks ({path}) cannot be read: {error}.") from error


@contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    """A transaction on the file, made or brought up to date first: all of it is kept, or nothing."""
    try:
        db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
        try:
            db.execute("pragma journal_mode = wal")
            db.execute("pragma synchronous = full")
            db.execute("begin immediate")
            _migrate(db, path)
            yield db
            db.execute("commit")
        finally:
            db.close()
    except sqlite3.Error as error:
        raise ReaderError(
            f"Nothing was changed: your bookmarks ({path}) cannot be written: {error}."
        ) from error


def _versions() -> list[str]:
    """The parts of reader.sql, one a version, the first being version 1."""
    sql = (files("web") / "reader.sql").read_text(encoding="utf8")
    return re.split(r"(?m)^-- version \d+$", sql)[1:]


def _version(db: sqlite3.Connection, path: Path) -> int:
    found = int(db.execute("pragma user_version").fetchone()[0])
    if found > len(_versions()):
        raise ReaderError(
            f"Your bookmarks ({path}) were written by a newer Loccit. Nothing was changed: update it."
        )
    return found


def _migrate(db: sqlite3.Connection, path: Path) -> None:
    """Applies what the file has not seen yet, inside the transaction."""
    parts = _versions()
    for number, part in enumerate(parts[_version(db, path) :], _version(db, path) + 1):
        for statement in _statements(part):
            db.execute(statement)
        db.execute(f"pragma user_version = {number}")


def _statements(part: str) -> Iterable[str]:
    return (statement for statement in part.split(";") if statement.strip())

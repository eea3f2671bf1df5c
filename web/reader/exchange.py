"""Taking bookmarks out and in: W3C Web Annotations (JSON) and Markdown."""

import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, get_args
from uuid import UUID, uuid4

from web.reader import file
from web.reader.bookmarks import Bookmark, Kind, checked, insert, listed, rows
from web.reader.file import Refused

MOST_IMPORTED = 20_000
"""Bookmarks that one import takes."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one item of an import: `number` counts from 1, `words` are its first ones."""

    number: int
    status: Literal["imported", "duplicate", "failed"]
    reason: str
    words: str = ""
    id: str | None = None


_CONTEXTS = ["http://www.w3.org/ns/anno.jsonld", {"loccit": "urn:loccit:"}]


def export_json(path: Path) -> str:
    """All bookmarks as a page of W3C Web Annotations, oldest first; the same records, the same bytes."""
    page = {
        "@context": _CONTEXTS,
        "id": "urn:loccit:bookmarks",
        "type": "AnnotationPage",
        "items": [_annotation(b) for b in sorted(listed(path), key=lambda b: (b.created, b.id))],
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
    ordered = sorted(listed(path), key=lambda b: (b.label.casefold(), b.work_id, b.start, b.id))
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
    with file.writing(path) as db:
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
        made = checked(_from_annotation(item))
    except Refused as error:
        return Result(number, "failed", str(error))
    first = " ".join(made.exact.split()[:8])
    held = {
        b.id: b
        for b in rows(db, "where id = ? or (work_id = ? and exact = ?)", made.id, made.work_id, made.exact)
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
    insert(db, made)
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
    now = file.now()
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

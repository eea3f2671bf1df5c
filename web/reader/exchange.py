"""Taking bookmarks out and in as W3C Web Annotations: what goes out comes in again as it was.

https://www.w3.org/TR/annotation-model/: the words are a TextQuoteSelector with a TextPositionSelector as
a hint, note and tags are bodies; what the standard has no word for bears the prefix `loccit:`. What
Hypothes.is exports is read too (`hypothes_is`).
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args
from uuid import UUID, uuid4

from web.language import _
from web.reader import file, hypothes_is
from web.reader.bookmarks import Bookmark, Kind, checked, insert, listed, rows
from web.reader.file import Refused

MOST_IMPORTED = 20_000
"""Bookmarks that one import takes."""

_CONTEXTS = ["http://www.w3.org/ns/anno.jsonld", {"loccit": "urn:loccit:"}]
_SEARCH = "urn:loccit:search:"
# Half a character: JSON can say it, and nothing else can.
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one item of an import: `number` counts from 1, `words` are its first ones."""

    number: int
    status: Literal["imported", "duplicate", "failed"]
    reason: str
    words: str = ""
    id: str | None = None


# Out


def annotations(kept: Iterable[Bookmark]) -> str:
    """Bookmarks as a page of Web Annotations, oldest first; of the same records always the same bytes."""
    page = {
        "@context": _CONTEXTS,
        "id": "urn:loccit:bookmarks",
        "type": "AnnotationPage",
        "items": [_annotation(b) for b in sorted(kept, key=lambda b: (b.created, b.id))],
    }
    return json.dumps(page, ensure_ascii=False, indent=1) + "\n"


def export_json(path: Path) -> str:
    """All bookmarks as a page of Web Annotations."""
    return annotations(listed(path))


def _annotation(b: Bookmark) -> dict[str, Any]:
    note = {"type": "TextualBody", "purpose": "commenting", "format": "text/markdown", "value": b.note}
    tagged = [{"type": "TextualBody", "purpose": "tagging", "value": name} for name in b.tags]
    source = b.url or f"urn:loccit:work:{b.work_id}"
    return {
        "id": f"urn:uuid:{b.id}",
        "type": "Annotation",
        "motivation": "bookmarking",
        "created": b.created,
        "modified": b.modified,
        "body": [*([note] if b.note else []), *tagged],
        "target": {
            "source": _SEARCH + b.address if b.kind == "search" else source,
            "selector": [
                {"type": "TextQuoteSelector", "exact": b.exact, "prefix": b.prefix, "suffix": b.suffix},
                {"type": "TextPositionSelector", "start": b.start, "end": b.start + len(b.exact)},
            ],
        },
        "loccit:work": b.work_id,
        "loccit:kind": b.kind,
        "loccit:quotation": b.quotation_id,
        "loccit:colour": b.colour,
        "loccit:folder": b.folder,
        "loccit:label": b.label,
        "loccit:url": b.url,
        "loccit:address": b.address,
    }


# In


def import_json(path: Path, text: str, work_of: Callable[[str], str | None] | None = None) -> list[Result]:
    """Takes in what `export_json` gave, or Hypothes.is; a result for every item, in its order, and nothing
    kept twice.

    `work_of` gives the id of the work that has an address; None where the archive holds none. Raises Refused
    if the text is no list of annotations at all; then nothing was changed.
    """
    items = _items(text)
    if not items:
        return []
    with file.writing(path) as db:
        return [_taken(db, number, item, work_of) for number, item in enumerate(items, 1)]


def _items(text: str) -> list[Any]:
    try:
        page = json.loads(text)
    except RecursionError:
        raise Refused(_("This is not an export of bookmarks: it is nested too deeply.")) from None
    except ValueError as error:
        if isinstance(error, json.JSONDecodeError):
            said = _("This is not an export of bookmarks: it is not JSON (line %(line)s).", line=error.lineno)
            raise Refused(said) from None
        raise Refused(_("This is not an export of bookmarks: it is not JSON.")) from None
    items = page
    if isinstance(page, dict):
        names = ("items", *hypothes_is.LISTS)
        items = next((page[name] for name in names if name in page), [page] if "target" in page else None)
    if not isinstance(items, list):
        raise Refused(_("This is not an export of bookmarks: it has no “items”, “rows” or “annotations”."))
    if len(items) > MOST_IMPORTED:
        raise Refused(
            _(
                "These are %(number)s bookmarks; one import takes %(most)s. Cut it in parts.",
                number=len(items),
                most=MOST_IMPORTED,
            )
        )
    return items


def _taken(
    db: sqlite3.Connection, number: int, item: Any, work_of: Callable[[str], str | None] | None
) -> Result:
    try:
        theirs = hypothes_is.is_one(item)
        made = checked(_from_annotation(hypothes_is.as_annotation(item, work_of) if theirs else item))
    except Refused as error:
        return Result(number, "failed", str(error))
    first = " ".join(made.exact.split()[:8])
    held = rows(db, "where id = ?", made.id)
    if held and held[0].deleted is None:
        same = held[0] == made
        reason = (
            _("It is here already.") if same else _("It is here already, with other words: yours was kept.")
        )
        return Result(number, "duplicate", reason, first, made.id)
    if not item.get("id"):
        like = rows(db, "where work_id = ? and exact = ? and deleted is null", made.work_id, made.exact)
        if any(_told(b) == _told(made) for b in like):
            reason = _("The same words with the same note are here already.")
            return Result(number, "duplicate", reason, first, made.id)
    insert(db, made)
    return Result(number, "imported", "", first, made.id)


def _told(b: Bookmark) -> tuple[Any, ...]:
    return b.start, b.kind, b.prefix, b.suffix, b.note, b.tags, b.address


def _from_annotation(item: Any) -> Bookmark:
    """The bookmark that an annotation says. Raises Refused with what is missing or wrong in it."""
    if isinstance(item, Mapping) and "loccit:correction" in item:
        raise Refused(_("It is a judgement and no bookmark: import it on the page of your judgements."))
    exact, prefix, suffix, start = selected(part(item, "target", dict))
    bodies = [b for b in part({"body": [], **item}, "body", list) if isinstance(b, dict)]
    kind = item.get("loccit:kind", "passage")
    if kind not in get_args(Kind):
        raise Refused(_("“%(name)s” is no kind of bookmark.", name=short(kind)))
    now = file.now()
    return Bookmark(
        work_id=_work(item, kind),
        exact=exact,
        prefix=prefix,
        suffix=suffix,
        start=start,
        kind=kind,
        quotation_id=text_at(item, "loccit:quotation") or None,
        note="\n\n".join(text_at(b, "value") for b in bodies if b.get("purpose") != "tagging"),
        tags=tuple(text_at(b, "value") for b in bodies if b.get("purpose") == "tagging"),
        colour=text_at(item, "loccit:colour"),
        folder=text_at(item, "loccit:folder"),
        label=text_at(item, "loccit:label"),
        url=text_at(item, "loccit:url"),
        address=text_at(item, "loccit:address"),
        id=own_id(item.get("id")),
        created=moment(item.get("created"), now),
        modified=moment(item.get("modified"), now),
    )


def _work(item: Mapping[str, Any], kind: str) -> str:
    """The id of its work. What is of a search, or of a page that no archive holds, has none."""
    given = text_at(item, "loccit:work")
    if not given and kind != "search" and not text_at(item, "loccit:url"):
        raise Refused(_("Its “loccit:work” is missing, and so is an address: it is of no known text."))
    return given


def selected(target: Mapping[str, Any]) -> tuple[str, str, str, int]:
    """The words that a target selects, those before and those after them, and, as a hint, their place (0 if
    it says none). Raises Refused."""
    selectors = [s for s in part(target, "selector", list) if isinstance(s, dict)]
    quote = next((s for s in selectors if s.get("type") == "TextQuoteSelector"), None)
    place = next((s for s in selectors if s.get("type") == "TextPositionSelector"), {})
    if quote is None:
        raise Refused(_("It has no TextQuoteSelector: the words that it is about are missing."))
    words = part(quote, "exact", str), text_at(quote, "prefix"), text_at(quote, "suffix")
    return *words, _number(place.get("start", 0))


def part(item: Any, name: str, kind: type) -> Any:
    """What an item has under a name, of the kind that it is to be. Raises Refused."""
    value = item.get(name) if isinstance(item, dict) else None
    if kind is list and isinstance(value, dict):
        return [value]
    if not isinstance(value, kind) or (kind is str and (not value or _HALF.search(str(value)))):
        raise Refused(_("Its “%(name)s” is missing or is not what it should be.", name=name))
    return value


def text_at(item: Mapping[str, Any], name: str) -> str:
    """What an item says under a name, "" if nothing. Raises Refused for what is no text."""
    value = item.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(_("Its “%(name)s” is not a text.", name=name))
    if _HALF.search(value):
        raise Refused(_("It holds letters that no text has (NUL, half a character)."))
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise Refused(_("“%(value)s” is no place in a text.", value=short(value)))
    return value


def own_id(value: Any) -> str:
    """The id that an item bears, or a new one. Raises Refused for what is none of ours."""
    try:
        return str(UUID(str(value).removeprefix("urn:uuid:"))) if value else str(uuid4())
    except ValueError:
        raise Refused(_("“%(value)s” is not the id of something kept.", value=short(value))) from None


def moment(value: Any, now: str) -> str:
    """A time as an item says it; `now` if it says none, or one of no known zone. Raises Refused."""
    if value is None:
        return now
    try:
        when = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Refused(_("“%(value)s” is not a time.", value=short(value))) from None
    return value if when.tzinfo else now


def short(value: Any) -> str:
    """The beginning of whatever was sent, to name it by; half a character cannot be shown, and is a "?"."""
    return str(value)[:40].encode(errors="replace").decode()

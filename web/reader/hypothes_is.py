"""What Hypothes.is exports, as Web Annotations: the rows of its API (`/api/search`) and its client's file.

https://h.readthedocs.io/en/latest/api-reference/: `uri`, `text` (Markdown), `tags`, `created`, `updated` and
in `target` the selectors. It finds words by the same TextQuoteSelector, so they come in as they are.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from web.language import _
from web.reader.file import Refused

LISTS = ("rows", "annotations")
"""Where an answer of the API, and the file that the client writes, have their list."""


def is_one(item: Any) -> bool:
    """Whether an item is an annotation of Hypothes.is."""
    return isinstance(item, dict) and "uri" in item and "@context" not in item and "loccit:work" not in item


def as_annotation(item: Mapping[str, Any], work_of: Callable[[str], str | None] | None) -> dict[str, Any]:
    """A row as a Web Annotation of ours, whose id follows from its own, so that it comes in only once.

    `work_of` gives the id of the work that has an address, if any. Raises Refused.
    """
    uri = item["uri"]
    if not isinstance(uri, str) or not uri:
        raise Refused(_("Its “uri” is missing: the page that it is about."))
    if item.get("references"):
        raise Refused(_("It is a reply to another annotation, and has no words of a text."))
    made: dict[str, Any] = {
        "target": {"source": uri, "selector": _selectors(item.get("target"))},
        "body": [{"purpose": "commenting", "value": item.get("text")}, *_tagged(item.get("tags"))],
        "created": _utc(item.get("created")),
        "modified": _utc(item.get("updated") or item.get("created")),
        "loccit:work": (work_of(uri) if work_of else None) or "",
        "loccit:label": _title(item) or uri,
        "loccit:url": uri,
    }
    if item.get("id"):
        made["id"] = str(uuid5(NAMESPACE_URL, f"https://hypothes.is/a/{item['id']}"))
    return made


def _selectors(targets: Any) -> list[Any]:
    target = targets[0] if isinstance(targets, list) and targets else targets
    found = target.get("selector") if isinstance(target, dict) else None
    if not found:
        raise Refused(_("It is a note on a whole page, and has no words of it."))
    return found if isinstance(found, list) else [found]


def _tagged(tags: Any) -> list[dict[str, Any]]:
    if tags is not None and not isinstance(tags, list):
        raise Refused(_("Its “tags” are no list."))
    # A comma parts tags here; there it may stand in one.
    return [
        {"purpose": "tagging", "value": tag.replace(",", " ") if isinstance(tag, str) else tag}
        for tag in tags or ()
    ]


def _title(item: Mapping[str, Any]) -> str:
    document = item.get("document")
    titles = document.get("title") if isinstance(document, dict) else None
    title = titles[0] if isinstance(titles, list) and titles else titles
    return title if isinstance(title, str) else ""


def _utc(value: Any) -> Any:
    """A time as the records write it: Hypothes.is gives microseconds and "+00:00"."""
    try:
        return datetime.fromisoformat(value).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (TypeError, ValueError):
        return value

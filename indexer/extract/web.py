"""Pages of any other site: all text but what frames it."""

from bs4.element import Tag

from indexer.extract.html import Rules, has_class
from indexer.extract.navigation import leads_on
from indexer.extract.words import lists, pattern
from indexer.models import BlockKind


def _skip(tag: Tag) -> bool:
    if tag.name in lists()["web"]["elements"]:
        return True
    if tag.name == "header":
        return tag.find_parent(lists()["web"]["content"]) is None and tag.find("h1") is None
    if tag.name in ("html", "body", "article", "main"):
        return False
    names = " ".join([*map(str, tag.get("class") or []), str(tag.get("id") or "")])
    if names.strip() and pattern("web", "classes").search(names):
        return True
    return leads_on(tag)


def _kind(tag: Tag) -> BlockKind | None:
    if tag.name == "li" and str(tag.get("id") or "").startswith(lists()["web"]["notes"]):
        return "note"
    if tag.get("class"):
        if has_class(tag, "page", "note"):
            return "note"
        if tag.name in ("p", "div") and has_class(tag, "page", "quote"):
            return "quote"
        if has_class(tag, "page", "verse"):
            return "verse"
    return "para" if tag.name == "p" else None


RULES = Rules(skip=_skip, kind=_kind)

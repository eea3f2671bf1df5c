"""Pages of any other site: all text but what frames it."""

from bs4.element import Tag

from indexer.extract.html import Rules, has_class
from indexer.extract.navigation import leads_on
from indexer.extract.words import lists, pattern
from indexer.models import BlockKind


def _skip(tag: Tag) -> bool:
    if tag.name in lists()["web"]["elements"] or tag.get("role") in lists()["web"]["roles"]:
        return True
    if tag.name in ("html", "body", "article", "main"):
        return False
    names = " ".join(name for name in _names(tag) if not pattern("web", "subjects").match(name))
    line = tag.name in lists()["web"]["lines"]
    if names and (
        pattern("web", "small").search(names) or (not line and pattern("web", "classes").search(names))
    ):
        return True
    if tag.name == "header":
        return tag.find_parent(lists()["web"]["content"]) is None and tag.find("h1") is None
    if tag.name == "a":
        return pattern("web", "back").fullmatch(tag.get_text()) is not None
    if has_class(tag, "navigation", "contents"):
        return tag.find(class_=pattern("web", "toc")) is not None
    return leads_on(tag)


def _names(tag: Tag) -> list[str]:
    return [*map(str, tag.get("class") or []), *filter(None, [str(tag.get("id") or "")])]


def _comments(tag: Tag) -> bool:
    """Whether an element is of what readers wrote below the text."""
    said = tag.get("id") == "comments" or has_class(tag, "web", "comments")
    return said and tag.find("h1") is None


def _kind(tag: Tag) -> BlockKind | None:
    if tag.name == "li" and (
        str(tag.get("id") or "").startswith(lists()["web"]["notes"])
        or (tag.parent is not None and has_class(tag.parent, "web", "footnotes"))
    ):
        return "note"
    if tag.get("class"):
        if has_class(tag, "page", "note"):
            return "note"
        if tag.name in ("p", "div") and has_class(tag, "page", "quote"):
            return "quote"
        if has_class(tag, "page", "verse") or has_class(tag, "web", "verse"):
            return "verse"
    return "para" if tag.name == "p" else None


RULES = Rules(skip=_skip, kind=_kind, comments=_comments)

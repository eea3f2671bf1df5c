"""What on a page only leads elsewhere: links to the top, to the next page, to the site's indexes."""

import re

from bs4.element import Tag

from indexer.extract.html import classes, has_class
from indexer.extract.words import lists, pattern

# Words that a line of navigation may hold beside its links: "Last part", "published by", a date.
_LOOSE_WORDS = 8
# A line of navigation is short; longer paragraphs are text, even if all of it is links.
_LONGEST = 300
_ORNAMENTS = " |>»«<·•–—-:;,.[]()←→↑↓*/\\&"
_WORD = re.compile(r"\w+")
_SMALL = frozenset(("p", "h4", "h5", "h6", "center", "td", "li", "small", "div"))


def leads_on(tag: Tag) -> bool:
    """Whether the element is navigation, by its class and its links, or by its links alone.

    A class that means navigation does not suffice where the element holds more than a few words
    beside its links: hands have put notes into a page's foot.
    """
    names = classes(tag)
    if any(name in lists()["page"]["navigation"] for name in names):
        return True
    if tag.name not in _SMALL:
        return False
    loose = [name for name in names if name in lists()["page"]["links"]]
    if not loose and (tag.name == "div" or has_class(tag, "navigation", "contents")):
        return False
    text, linked = _short_text(tag)
    if not linked:
        return pattern("navigation", "updated").fullmatch(" ".join(text.split())) is not None
    return _is_list_of_ways(tag, text, strict=not loose or "link" in loose)


def _short_text(tag: Tag) -> tuple[str, bool]:
    """The element's text, if it is as short as navigation is, else "", and whether there are links in it."""
    pieces: list[str] = []
    size, links = 0, False
    for count, node in enumerate(tag.descendants):
        if isinstance(node, Tag):
            links = links or node.name == "a"
        else:
            pieces.append(str(node))
            size += len(pieces[-1])
        if size > _LONGEST or count > _LONGEST:
            return "", False
    return " ".join(pieces), links


def _is_list_of_ways(tag: Tag, text: str, strict: bool) -> bool:
    """Whether the element is little but links; `strict`: each of which says that it leads on."""
    links = [" ".join(link.get_text(" ").split()) for link in tag.find_all("a", href=True)]
    if not links:
        return False
    beside = len(_WORD.findall(text)) - sum(len(_WORD.findall(link)) for link in links)
    if not strict:
        return beside <= _LOOSE_WORDS
    named = [shown for link in links if (shown := link.strip(_ORNAMENTS))]
    ways = [pattern("navigation", "words"), *([pattern("navigation", "steps")] if classes(tag) else [])]
    # A word such as "Next:" may stand beside links, but not beside mere arrows: that is a note's mark.
    return beside <= bool(named) and all(any(way.fullmatch(link) for way in ways) for link in named)

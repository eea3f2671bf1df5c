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
    if any(name in lists()["page"]["links"] for name in names):
        return _is_list_of_ways(tag, strict="link" in names)
    if tag.name == "div" or has_class(tag, "navigation", "contents") or tag.find("a") is None:
        return False
    return _is_list_of_ways(tag, strict=True)


def _is_list_of_ways(tag: Tag, strict: bool) -> bool:
    """Whether the element is little but links; `strict`: each of which says that it leads on."""
    text = tag.get_text(" ")
    if len(text) > _LONGEST:
        return False
    links = [" ".join(link.get_text(" ").split()) for link in tag.find_all("a", href=True)]
    if not links:
        return False
    beside = len(_WORD.findall(text)) - sum(len(_WORD.findall(link)) for link in links)
    if not strict:
        return beside <= _LOOSE_WORDS
    named = [shown for link in links if (shown := link.strip(_ORNAMENTS))]
    ways = [pattern("navigation", "words"), *([pattern("navigation", "steps")] if classes(tag) else [])]
    return beside <= 1 and all(any(way.fullmatch(link) for way in ways) for link in named)

"""Addresses: found in a text, and brought to a form in which two of the same page are equal."""

import re
from urllib.parse import unquote

ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"“”»]+", re.I)
# What ends a sentence or a parenthesis rather than an address.
_CLOSING = ".,;:!?’'\"”*"
_INDEX = re.compile(r"/(?:index|default)\.(?:s?html?|php|aspx?)$", re.I)
_ARCHIVED = re.compile(
    r"^(?:web\.archive\.org/web|archive\.(?:is|ph|today))/[^/]*\d[^/]*/(?:https?:/+)?", re.I
)
# A path of fewer steps is shared by many hosts that have nothing in common.
MIRRORED_STEPS = 3


def trim(url: str) -> str:
    """The address without the closing marks of the sentence or parenthesis round it."""
    while url and (url[-1] in _CLOSING or (url[-1] == ")" and url.count("(") < url.count(")"))):
        url = url[:-1]
    return url


def canonical(url: str) -> str:
    """Host and path in the form to compare: no scheme, www., fragment, index page or closing slash."""
    text = re.sub(r"^\w+://", "", url.strip())
    text = re.sub(r"^www\.", "", _ARCHIVED.sub("", text), flags=re.I)
    page, _, query = text.partition("#")[0].partition("?")
    host, slash, path = page.partition("/")
    path = _INDEX.sub("/", unquote(slash + path)).rstrip("/")
    host = host.casefold().removesuffix(":80").removesuffix(":443")
    return host + path + ("?" + query if query else "")


def mirrored(address: str) -> str | None:
    """The path of a canonical address if it is long enough to know the page on another host, or None."""
    path = address.partition("/")[2]
    return path if path.count("/") + 1 >= MIRRORED_STEPS and "?" not in path else None

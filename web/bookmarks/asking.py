"""Which bookmarks a query string or a form asks for, and how an address says it."""

from collections.abc import Mapping
from dataclasses import asdict

from web.bookmarks.standing import STATES
from web.reader.bookmarks import SORTS, Asked


def asked(sent: Mapping[str, str]) -> Asked:
    """Which bookmarks a query string or a form asks for."""
    names = ("tag", "folder", "colour", "kind", "work")
    chosen = {name: sent.get(name, "").strip() for name in names}
    return Asked(sent.get("q", "").strip(), **chosen, deleted=sent.get("deleted") == "yes")


def asked_state(sent: Mapping[str, str]) -> str:
    """The state that is asked for; "" is any."""
    state = sent.get("state", "")
    return state if state in STATES else ""


def asked_sort(sent: Mapping[str, str]) -> str:
    """The order that is asked for: the newest first, unless another is."""
    sort = sent.get("sort", "")
    return sort if sort in SORTS else "newest"


def place_in_list(sent: Mapping[str, str]) -> dict[str, str]:
    """Where in which list a form stood, so that what it did leads back there."""
    query, page = query_of(asked(sent), asked_state(sent), asked_sort(sent)), sent.get("page", "")
    return query | ({"page": page} if page else {})


def query_of(wanted: Asked, state: str = "", sort: str = "newest") -> dict[str, str]:
    """What is asked for as a query string has it; what is not asked for is left out."""
    named = asdict(wanted) | {"q": wanted.text, "deleted": "yes" if wanted.deleted else ""}
    named |= {"state": state, "sort": "" if sort == "newest" else sort}
    return {name: value for name, value in named.items() if value and name != "text"}

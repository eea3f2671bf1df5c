"""Which bookmarks a query string or a form asks for, and how an address says it."""

from collections.abc import Mapping
from dataclasses import asdict

from web.bookmarks.standing import STATES
from web.reader.bookmarks import Asked


def asked(sent: Mapping[str, str]) -> Asked:
    """Which bookmarks a query string or a form asks for."""
    names = ("tag", "folder", "colour", "kind", "work")
    chosen = {name: sent.get(name, "").strip() for name in names}
    return Asked(sent.get("q", "").strip(), **chosen, deleted=sent.get("deleted") == "yes")


def asked_state(sent: Mapping[str, str]) -> str:
    """The state that is asked for; "" is any."""
    state = sent.get("state", "")
    return state if state in STATES else ""


def query_of(wanted: Asked, state: str = "", sort: str = "newest") -> dict[str, str]:
    """What is asked for as a query string has it; what is not asked for is left out."""
    named = asdict(wanted) | {"q": wanted.text, "deleted": "yes" if wanted.deleted else ""}
    named |= {"state": state, "sort": "" if sort == "newest" else sort}
    return {name: value for name, value in named.items() if value and name != "text"}

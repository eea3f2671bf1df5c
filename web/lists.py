"""Long lists in pages, and addresses that keep what was chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from flask import request, url_for

Item = TypeVar("Item")

# A page of a list is one sitting; a number beyond the last page is read as the last.
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Pages:
    """Which page of a list is shown: `number` from 1 to `last`, of `size` items each, of `total`."""

    number: int
    size: int
    total: int
    last: int

    def cut(self, items: Sequence[Item]) -> Sequence[Item]:
        """The items of this page, out of all items of the list."""
        start = (self.number - 1) * self.size
        return items[start : start + self.size]


def asked_number(name: str) -> int | None:
    """The number that this request gives for a parameter, or None."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def asked_page() -> int:
    """The number of the page that this request asks for: 1 unless `page` is a greater number."""
    return max(1, asked_number("page") or 1)


def pages(total: int, size: int = PAGE_SIZE) -> Pages:
    """The page of a list of `total` items that this request asks for, or the last one."""
    last = max(1, -(-total // size))
    return Pages(min(asked_page(), last), size, total, last)


def address(query: Mapping[str, object]) -> str:
    """This page's address with another query; parameters that are None or empty are left out."""
    return address_at(url_for(request.endpoint or "start.index", **(request.view_args or {})), query)


def address_at(place: str, query: Mapping[str, object]) -> str:
    """The address of a page at `place` with a query; parameters that are None or empty are left out."""
    kept = {name: value for name, value in query.items() if value not in (None, "", [""], [])}
    return f"{place}?{urlencode(kept, doseq=True)}" if kept else place


def again(**changes: object) -> str:
    """This page's address with parameters of the query changed; None takes one away.

    Whatever else changes, the list starts again at its first page.
    """
    query: dict[str, object] = dict(request.args.to_dict(flat=False))
    return address(query | {"page": None} | changes)

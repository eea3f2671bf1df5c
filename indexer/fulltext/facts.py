"""What a field of a query asks of a fact about a passage: which of the fact's values it means."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from indexer.fulltext.expanding import matcher
from indexer.fulltext.query import Field, Pattern, Years
from indexer.fulltext.records import Filters
from indexer.fulltext.words import unaccented, words

KEPT = ("kind", "author", "collection", "work", "speaker", "language", "cites", "verdict")


@dataclass(frozen=True, slots=True)
class Values:
    """All values of a fact in order, and the words of each as a query names it: folded, without accents."""

    values: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]


def values(of: Iterable[str]) -> Values:
    """The values of a fact, with their words."""
    ordered = tuple(sorted(of))
    return Values(ordered, tuple(tuple(unaccented(word) for word in words(value)) for value in ordered))


def name_of(node: Field | Years) -> str:
    """The fact that is asked about."""
    return "year" if isinstance(node, Years) else node.name


def meant(node: Field | Years, known: Values) -> list[bool]:
    """Which of the values a field means: those that hold its words next to each other, or years."""
    if isinstance(node, Years):
        first = -1 if node.first is None else node.first
        last = float("inf") if node.last is None else node.last
        return [first <= int(year) <= last for year in known.values]
    tests = [_test(unaccented(term.text), isinstance(term, Pattern)) for term in node.terms]
    return [
        any(
            all(test(word) for test, word in zip(tests, name[start:], strict=False))
            for start in range(len(name) - len(tests) + 1)
        )
        for name in known.names
    ]


def _test(text: str, pattern: bool) -> Callable[[str], object]:
    return matcher(text).fullmatch if pattern else text.__eq__


def wanted(filters: Filters) -> dict[str, tuple[str, ...]]:
    """By fact the values one of which the filters ask for, but for years."""
    asked = {name: getattr(filters, name) for name in KEPT if getattr(filters, name)}
    return asked if filters.quoted is None else asked | {"quoted": ("yes" if filters.quoted else "no",)}

"""What a field of a query asks of a fact about a passage: which of the fact's values it means."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import reduce

from indexer.fulltext.expanding import matcher
from indexer.fulltext.query import Field, Pattern, Term, Years
from indexer.fulltext.records import Filters
from indexer.fulltext.words import unaccented, words

KEPT = ("kind", "author", "collection", "work", "speaker", "language", "cites", "verdict")


@dataclass(frozen=True, slots=True)
class Values:
    """All values of a fact in order, and the words of each as a query names it: folded, without accents.

    `having` gives for each word the numbers of the values that have it.
    """

    values: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    having: Mapping[str, Sequence[int]]


def values(of: Iterable[str]) -> Values:
    """The values of a fact, with their words."""
    ordered = tuple(sorted(of))
    names = tuple(tuple(unaccented(word) for word in words(value)) for value in ordered)
    having: dict[str, list[int]] = {}
    for number, name in enumerate(names):
        for word in dict.fromkeys(name):
            having.setdefault(word, []).append(number)
    return Values(ordered, names, having)


def name_of(node: Field | Years) -> str:
    """The fact that is asked about."""
    return "year" if isinstance(node, Years) else node.name


def meant(node: Field | Years, known: Values) -> list[bool]:
    """Which of the values a field means: those that hold its words next to each other, or years."""
    if isinstance(node, Years):
        first = -1 if node.first is None else node.first
        last = float("inf") if node.last is None else node.last
        return [first <= int(year) <= last for year in known.values]
    terms = [_named(term, known) for term in node.terms]
    found = [False] * len(known.values)
    having = ({number for word in some for number in known.having[word]} for some in terms)
    for number in reduce(set.intersection, having):
        found[number] = _stands(terms, known.names[number])
    return found


def _named(term: Term, known: Values) -> Set[str]:
    """The words of the values that a term of a field stands for; each word is looked at once."""
    text = unaccented(term.text)
    if isinstance(term, Pattern):
        fits = matcher(text).fullmatch
        return {word for word in known.having if fits(word)}
    return {text} & known.having.keys()


def _stands(terms: Sequence[Set[str]], name: Sequence[str]) -> bool:
    """Whether the terms stand next to each other among the words of a value."""
    return any(
        all(word in some for some, word in zip(terms, name[start:], strict=False))
        for start in range(len(name) - len(terms) + 1)
    )


def wanted(filters: Filters) -> dict[str, tuple[str, ...]]:
    """By fact the values one of which the filters ask for, but for years."""
    asked = {name: getattr(filters, name) for name in KEPT if getattr(filters, name)}
    return asked if filters.quoted is None else asked | {"quoted": ("yes" if filters.quoted else "no",)}

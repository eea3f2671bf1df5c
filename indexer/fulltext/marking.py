"""What in a passage matched: exactly the words that made it a match, a phrase only where it stands whole."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from indexer.fulltext.expanding import Slots
from indexer.fulltext.facts import meant, name_of, values
from indexer.fulltext.query import And, Field, Node, Not, Or, Phrase, Years
from indexer.fulltext.words import WORD, words
from indexer.models import Span

Run = tuple[int, int]  # the numbers of the first and the last word of a mark
Words = frozenset[str] | None  # those that may stand at a place; None is any one word


@dataclass(frozen=True, slots=True)
class _Passage:
    words: Sequence[str]
    facts: Callable[[str], Sequence[str]]
    slots: Slots


def marks(node: Node, text: str, facts: Callable[[str], Sequence[str]], slots: Slots) -> tuple[Span, ...]:
    """The spans of a passage's `text` that a query matches; in order and apart from each other.

    A word is a span; so is a whole phrase, but where other words may lie between, each of its words is.
    `facts` gives the passage's values of a fact.
    """
    runs = _runs(node, _Passage(words(text), facts, slots))
    merged: list[Run] = []
    for first, last in sorted(runs or ()):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    printed = list(WORD.finditer(text)) if merged else []
    return tuple(Span(printed[first].start(), printed[last].end()) for first, last in merged)


def _runs(node: Node, passage: _Passage) -> list[Run] | None:
    """What of a passage matches; None if it does not match."""
    if isinstance(node, Not):
        return [] if _runs(node.node, passage) is None else None
    if isinstance(node, And | Or):
        parts = [_runs(child, passage) for child in node.nodes]
        fitting = [part for part in parts if part is not None]
        enough = len(fitting) == len(parts) if isinstance(node, And) else fitting
        return [run for part in fitting for run in part] if enough else None
    if isinstance(node, Field | Years):
        return [] if any(meant(node, values(passage.facts(name_of(node))))) else None
    found, (language,) = passage.words, passage.facts("language")
    if not isinstance(node, Phrase):
        allowed_here = passage.slots[node].words_in(language)
        return [(at, at) for at, word in enumerate(found) if word in allowed_here] or None
    allowed = [None if term is None else passage.slots[term].words_in(language) for term in node.terms]
    return (
        list(_near(found, allowed, node) if node.gap or not node.ordered else _together(found, allowed))
        or None
    )


def _together(found: Sequence[str], allowed: Sequence[Words]) -> Iterator[Run]:
    first, *rest = allowed
    for start, word in enumerate(found[: len(found) - len(rest)]):
        if (first is None or word in first) and all(
            some is None or found[start + at] in some for at, some in enumerate(rest, start=1)
        ):
            yield start, start + len(rest)


def stand_near(found: Sequence[str], allowed: Sequence[Words], phrase: Phrase) -> bool:
    """Whether words stand in a passage with no more others between them than a phrase allows."""
    return next(_near(found, allowed, phrase), None) is not None


def _near(found: Sequence[str], allowed: Sequence[Words], phrase: Phrase) -> Iterator[Run]:
    for order in [allowed] if phrase.ordered else permutations(allowed):
        for start in range(len(found)):
            chain = _chain(found, order, start)
            if chain and chain[-1] - chain[0] + 1 - len(chain) <= phrase.gap:
                yield from ((at, at) for at in chain)


def _chain(found: Sequence[str], order: Sequence[Words], start: int) -> list[int]:
    """The nearest words in this order from `start` on; none if one is missing."""
    chain: list[int] = []
    for some in order:
        for at in range(chain[-1] + 1 if chain else start, len(found) if chain else start + 1):
            if some is None or found[at] in some:
                chain.append(at)
                break
        else:
            return []
    return chain

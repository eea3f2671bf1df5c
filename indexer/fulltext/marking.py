"""What in a passage matched: exactly the words that made it a match, a phrase only where it stands whole."""

from collections.abc import Iterator, Sequence
from itertools import permutations

from indexer.fulltext.expanding import Slots
from indexer.fulltext.matching import Matched
from indexer.fulltext.query import And, Field, Not, Or, Phrase, Years
from indexer.fulltext.words import placed
from indexer.models import Span

Run = tuple[int, int]  # the numbers of the first and the last word of a mark
Words = frozenset[str] | None  # those that may stand at a place; None is any one word


def marks(matched: Matched, number: int, text: str, language: str, slots: Slots) -> tuple[Span, ...]:
    """The spans of `text`, the passage `number`, that matched; in order and apart from each other.

    A word is a span; so is a whole phrase, but where other words may lie between, each of its words is.
    """
    found, spans = placed(text)
    runs = sorted(set(_runs(matched, number, found, language, slots)))
    merged: list[Run] = []
    for first, last in runs:
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(Span(spans[first].start, spans[last].end) for first, last in merged)


def _runs(matched: Matched, number: int, found: Sequence[str], language: str, slots: Slots) -> Iterator[Run]:
    node = matched.node
    if not matched.passages[number] or isinstance(node, Not | Field | Years):
        return
    if isinstance(node, And | Or):
        for part in matched.parts:
            yield from _runs(part, number, found, language, slots)
    elif isinstance(node, Phrase):
        allowed = [None if term is None else slots[term].words_in(language) for term in node.terms]
        yield from _near(found, allowed, node) if node.gap or not node.ordered else _together(found, allowed)
    else:
        allowed_here = slots[node].words_in(language)
        yield from ((at, at) for at, word in enumerate(found) if word in allowed_here)


def _together(found: Sequence[str], allowed: Sequence[Words]) -> Iterator[Run]:
    for start in range(len(found) - len(allowed) + 1):
        if all(words is None or found[start + at] in words for at, words in enumerate(allowed)):
            yield start, start + len(allowed) - 1


def _near(found: Sequence[str], allowed: Sequence[Words], phrase: Phrase) -> Iterator[Run]:
    for order in [allowed] if phrase.ordered else permutations(allowed):
        for start in range(len(found)):
            chain = _chain(found, order, start)
            if chain and chain[-1] - chain[0] + 1 - len(chain) <= phrase.gap:
                yield from ((at, at) for at in chain)


def _chain(found: Sequence[str], order: Sequence[Words], start: int) -> list[int]:
    """The nearest words in this order from `start` on; none if one is missing."""
    chain: list[int] = []
    for words in order:
        for at in range(chain[-1] + 1 if chain else start, len(found) if chain else start + 1):
            if words is None or found[at] in words:
                chain.append(at)
                break
        else:
            return []
    return chain

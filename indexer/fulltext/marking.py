"""What in a passage matched: exactly the words that made it a match, a phrase only where it stands whole."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property, partial
from itertools import permutations

from indexer.fulltext.expanding import Slots
from indexer.fulltext.facts import meant, name_of, values
from indexer.fulltext.query import And, Field, Node, Not, Or, Phrase, Term, Years
from indexer.fulltext.words import PLAIN, WORD, words
from indexer.models import Span

Facts = Callable[[str], Sequence[str]]
Run = tuple[int, int]  # the letters from the beginning of a mark to its end
Words = frozenset[str] | None  # those that may stand at a place; None is any one word
FEW = 20  # words up to which looking for each in a passage is faster than cutting it into words


class _Passage:
    """A text to be marked: its letters as they are searched, if they are as many, and its words."""

    def __init__(self, text: str, facts: Facts) -> None:
        self.text = text
        self.facts = facts
        (self.language,) = facts("language")
        self.letters = text.lower() if PLAIN.fullmatch(text) else None

    @cached_property
    def words(self) -> list[str]:
        return words(self.text) if self.letters is None else WORD.findall(self.letters)

    @cached_property
    def printed(self) -> list[Run]:
        return [match.span() for match in WORD.finditer(self.text)]

    def spans(self, runs: Iterable[Run]) -> list[Run]:
        """The letters of runs of words."""
        return [(self.printed[first][0], self.printed[last][1]) for first, last in runs]


class Marks:
    """What a query matches in passages. What its words stand for is worked out once a language, and what its
    fields ask once a value, however many passages there are."""

    def __init__(self, node: Node, slots: Slots) -> None:
        self._node = node
        self._words = cache(partial(_words_of, slots))
        self._is_meant = cache(_is_meant)

    def of(self, text: str, facts: Facts) -> tuple[Span, ...]:
        """The spans of a passage's `text` that match; in order and apart from each other.

        A word is a span; so is a whole phrase, but where other words may lie between, each of its words is.
        `facts` gives the passage's values of a fact.
        """
        merged: list[Run] = []
        for start, end in sorted(self._runs(self._node, _Passage(text, facts)) or ()):
            if merged and start < merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return tuple(Span(start, end) for start, end in merged)

    def _runs(self, node: Node, passage: _Passage) -> list[Run] | None:
        """What of a passage matches; None if it does not match."""
        if isinstance(node, Not):
            return [] if self._runs(node.node, passage) is None else None
        if isinstance(node, And | Or):
            parts = [self._runs(child, passage) for child in node.nodes]
            fitting = [part for part in parts if part is not None]
            enough = len(fitting) == len(parts) if isinstance(node, And) else fitting
            return [run for part in fitting for run in part] if enough else None
        if isinstance(node, Field | Years):
            return [] if self._is_meant(node, tuple(passage.facts(name_of(node)))) else None
        phrase, allowed = self._words(node, passage.language)
        if phrase.gap or not phrase.ordered:
            return passage.spans((at, at) for at in _near(passage.words, allowed, phrase)) or None
        first = allowed[0]
        if passage.letters is not None and first is not None and len(first) <= FEW:
            return list(_among_letters(passage.letters, first, allowed[1:])) or None
        return passage.spans(_together(passage.words, allowed)) or None


def _words_of(slots: Slots, leaf: Phrase | Term, language: str) -> tuple[Phrase, Sequence[Words]]:
    """A word or phrase as a phrase, and the words that may stand at each of its places."""
    phrase = leaf if isinstance(leaf, Phrase) else Phrase((leaf,))
    return phrase, [None if term is None else slots[term].words_in(language) for term in phrase.terms]


def _is_meant(node: Field | Years, had: tuple[str, ...]) -> bool:
    """Whether a field asks for one of the values that a passage has."""
    return any(meant(node, values(had)))


def _among_letters(letters: str, first: frozenset[str], rest: Sequence[Words]) -> Iterator[Run]:
    """Where one of the words `first` stands and, one after the other, some of the `rest`."""
    for word in first:
        start = letters.find(word)
        while start >= 0:
            end = start + len(word)
            parted = not letters[end : end + 1].isalnum() and (not start or not letters[start - 1].isalnum())
            if parted and (last := _after(letters, end, rest)) is not None:
                yield start, last
            start = letters.find(word, end)


def _after(letters: str, end: int, rest: Sequence[Words]) -> int | None:
    """Where the words that must follow a word end, if they do."""
    for some in rest:
        match = WORD.search(letters, end)
        if match is None or (some is not None and match.group() not in some):
            return None
        end = match.end()
    return end


def _together(found: Sequence[str], allowed: Sequence[Words]) -> Iterator[Run]:
    for start in range(len(found) - len(allowed) + 1):
        if all(some is None or found[start + at] in some for at, some in enumerate(allowed)):
            yield start, start + len(allowed) - 1


def stand_near(found: Sequence[str], allowed: Sequence[Words], phrase: Phrase) -> bool:
    """Whether words stand in a passage with no more others between them than a phrase allows."""
    return next(_near(found, allowed, phrase), None) is not None


def _near(found: Sequence[str], allowed: Sequence[Words], phrase: Phrase) -> Iterator[int]:
    """The numbers of the words of matches with no more others between than a phrase allows."""
    places = [[at for at, word in enumerate(found) if some is None or word in some] for some in allowed]
    for order in [places] if phrase.ordered else permutations(places):
        for start in order[0]:
            chain = _chain(start, order[1:])
            if chain and chain[-1] - chain[0] + 1 - len(chain) <= phrase.gap:
                yield from chain


def _chain(start: int, rest: Sequence[Sequence[int]]) -> list[int]:
    """From a place on the nearest of each further list of places; none if one has none."""
    chain = [start]
    for places in rest:
        at = bisect_right(places, chain[-1])
        if at == len(places):
            return []
        chain.append(places[at])
    return chain

"""The words of the archive that a term of a query stands for, counted before any list is read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from math import factorial

from rapidfuzz import process
from rapidfuzz.distance import OSA

from indexer.errors import QueryError
from indexer.fulltext.query import (
    Field,
    Fuzzy,
    Leaf,
    Node,
    Pattern,
    Phrase,
    Term,
    Word,
    Years,
    changed,
    leaves,
    written,
)
from indexer.fulltext.umlauts import umlauts
from indexer.fulltext.vocabulary import Vocabulary
from indexer.fulltext.words import stem
from indexer.names import common_spelling, cyrillic, latin

MAX_WORDS = 2000  # of the archive for which the open terms of one query may stand; more cost seconds
MIN_NAME = 5  # letters of a name looked for in another alphabet; in a shorter word it is often another word
MAX_LOOKUPS = 30_000_000  # of a passage's words by all loose phrases of a query; some 10 millions a second


@dataclass(frozen=True, slots=True)
class Slot:
    """Words one of which stands at a place of a match.

    Those of `anywhere` count in every passage, those of `spoken` only in passages of their language.
    """

    anywhere: frozenset[str]
    spoken: tuple[tuple[str, frozenset[str]], ...] = ()

    def words_in(self, language: str) -> frozenset[str]:
        """The words that count in a passage of `language`."""
        return self.anywhere.union(*(words for name, words in self.spoken if name == language))

    def all_words(self) -> frozenset[str]:
        """The words that count anywhere."""
        return self.anywhere.union(*(words for _, words in self.spoken))


Slots = dict[Term, Slot]


def expand(node: Node, vocabulary: Vocabulary, names: bool) -> Slots:
    """What each term of a query stands for; with `names` also for the other spellings of Russian names.

    Raises QueryError if the open terms stand for too many words.
    """
    slots: Slots = {}
    total = 0
    for term in _terms(node):
        if term not in slots:
            slots[term] = _slot(term, vocabulary, names)
            total += len(slots[term].anywhere) if isinstance(term, Pattern | Fuzzy) else 0
        if total > MAX_WORDS:
            raise QueryError(
                f"{written(term)} stands for too many words to search at once: write more of its letters.",
                written(changed(node, partial(_closed, opened=term))),
            )
    _bear(node, slots, vocabulary)
    return slots


def lookups(leaf: Leaf, slots: Slots, vocabulary: Vocabulary) -> int:
    """In how many passages words of a part of a query are looked up, about: what it costs."""
    if isinstance(leaf, Field | Years):
        return 0
    terms = [term for term in leaf.terms if term is not None] if isinstance(leaf, Phrase) else [leaf]
    spreads = [sum(map(vocabulary.spread, slots[term].all_words())) for term in terms]
    if not isinstance(leaf, Phrase):
        return sum(spreads)
    if leaf.ordered and not leaf.gap:  # the others are looked for where the rarest word stands
        return len(spreads) * min(spreads)
    return sum(spreads) * (1 if leaf.ordered else factorial(len(spreads)))


def _bear(node: Node, slots: Slots, vocabulary: Vocabulary) -> None:
    """Raises QueryError for loose phrases of words so common that trying all their orders takes seconds."""
    total = 0
    for leaf in leaves(node):
        if not isinstance(leaf, Phrase) or (leaf.ordered and not leaf.gap):
            continue
        total += lookups(leaf, slots, vocabulary)
        if total > MAX_LOOKUPS:
            raise QueryError(
                f"The words of {written(leaf)} are too common to be tried in every order.",
                written(replace(leaf, ordered=True)),
            )


def like(word: str, vocabulary: Vocabulary, edits: int) -> list[str]:
    """The words that differ from `word` in at most `edits` letters: put in, left out, changed or swapped."""
    found = process.extract(word, vocabulary.words, scorer=OSA.distance, score_cutoff=edits, limit=None)
    return [choice for choice, _, _ in found]


def matcher(pattern: str) -> re.Pattern[str]:
    """A pattern as a regular expression that never backtracks over a *: time grows with the word only."""
    first, *rest = (re.escape(piece).replace(r"\?", ".") for piece in pattern.split("*"))
    if not rest:
        return re.compile(first, re.DOTALL)
    middle = "".join(f"(?>.*?{piece})" for piece in rest[:-1])
    return re.compile(f"{first}{middle}.*{rest[-1]}", re.DOTALL)


def _terms(node: Node) -> Iterator[Term]:
    for leaf in leaves(node):
        if isinstance(leaf, Phrase):
            yield from (term for term in leaf.terms if term is not None)
        elif isinstance(leaf, Word | Pattern | Fuzzy):
            yield leaf


def spellings(term: Term, vocabulary: Vocabulary) -> list[str]:
    """The other spellings under which the archive has a word: of Russian names, and of German umlauts."""
    if not isinstance(term, Word) or term.exact:
        return []
    common = common_spelling(term.text)
    named = vocabulary.names.get(common, ()) if common else _latin(term.text)
    same = [name for name in named if not (cyrillic(name) and cyrillic(term.text))]
    spelt = dict.fromkeys([*same, *umlauts(term.text)])
    return [word for word in spelt if word != term.text and vocabulary.spread(word)]


def _latin(word: str) -> tuple[str, ...]:
    """A name in Cyrillic letters in Latin ones, where nothing is known of how it is spelt ("Радек")."""
    return (latin(word),) if cyrillic(word) and len(word) >= MIN_NAME else ()


def _slot(term: Term, vocabulary: Vocabulary, names: bool) -> Slot:
    if isinstance(term, Fuzzy):
        return Slot(frozenset(like(term.text, vocabulary, term.edits)))
    if isinstance(term, Pattern):
        fits = matcher(term.text).fullmatch
        stump = re.split(r"[*?]", term.text)[0]
        return Slot(frozenset(word for word in vocabulary.begin(stump) if fits(word)))
    if term.exact:
        return Slot(frozenset((term.text,)))
    named = frozenset(spellings(term, vocabulary) if names else ())
    forms = {
        language: frozenset(by_stem.get(stem(term.text, language), ()))
        for language, by_stem in vocabulary.stems.items()
    }
    everywhere = named.union(
        word for word in frozenset().union(*forms.values()) if _is_form(word, forms, vocabulary)
    )
    return Slot(
        everywhere, tuple((name, own - everywhere) for name, own in forms.items() if own - everywhere)
    )


def _is_form(word: str, forms: Mapping[str, frozenset[str]], vocabulary: Vocabulary) -> bool:
    """Whether a word is a form in each language in which it stands: then no language need be looked at."""
    return all(word in own or word not in vocabulary.spoken[language] for language, own in forms.items())


def _closed(term: Term, opened: Term) -> Term:
    """A plain word in place of the open term that stands for too many."""
    return Word(re.sub(r"[*?]", "", term.text), exact=True) if term == opened else term

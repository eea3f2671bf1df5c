"""What a reader may have meant otherwise than a query was read: offered, never done unasked."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from rapidfuzz import fuzz, process

from indexer.fulltext.engines import Engine
from indexer.fulltext.expanding import expand
from indexer.fulltext.facts import Values, meant
from indexer.fulltext.habits import field_meant
from indexer.fulltext.nearness import nearness
from indexer.fulltext.query import Field, Leaf, Node, Or, Phrase, Word, leaves, replaced, written
from indexer.fulltext.records import Hint
from indexer.fulltext.tokens import Token, prepared, tokens
from indexer.fulltext.vocabulary import Vocabulary
from indexer.fulltext.words import fold, unaccented, words
from indexer.names import common_spelling

FEW_VALUES = 8  # values of a fact that are all offered; of more the nearest
OFFERED = 5  # values that are offered in place of one that no passage has
LONGEST_VALUE = 5  # words after a field that may be one value
LIKE = 76  # likeness, of 100, of a value that is offered
SENTENCE = 5  # words of a query beyond which an "or" in it is part of a sentence
MIN_PART = 3  # letters of either part of a word that may be printed as two
MIN_WHOLE = 4  # letters of a word that may be printed as one: "U.S." is not "us"
SHARE = 0.05  # of a word's own passages that its other form must have to be worth telling, and two at least
_NAMED = re.compile(r"([^\W\d_]{2,12}):(?=[\w\"“(])")
_PART_OF = ("chunk", "phrase", "close")
_BEGINS = ("chunk", "phrase", "open", "field", "not")


def hints(query: str, node: Node, known: Vocabulary, engine: Engine) -> tuple[Hint, ...]:
    """What there is to say about a query as it was typed and about the tree that was read."""
    text = prepared(query)
    signs = tokens(text)
    return (
        *_habits(text, signs),
        *_values(text, signs, engine),
        *_unknown(node, engine),
        *_forms(node, known, engine),
    )


# ---------------------------------------------------------------- as it is typed elsewhere


def _habits(text: str, signs: Sequence[Token]) -> Iterator[Hint]:
    """Operators in small letters, nearness, and fields as other search engines have them."""
    short = len(words(text)) <= SENTENCE
    for before, sign, after in zip(signs, signs[1:], signs[2:], strict=False):
        if before.kind not in _PART_OF or sign.kind != "chunk" or after.kind not in _BEGINS:
            continue
        if sign.text == "or" and short:
            yield Hint("“or” was searched for as a word. Either of both:", (_put(text, sign, "OR"),))
        elif sign.text == "and" and short:
            yield Hint("“and” was searched for as a word, too. Without it:", (_put(text, sign, "AND"),))
    yield from nearness(text, signs)
    yield from _other_fields(text, signs)


def _other_fields(text: str, signs: Sequence[Token]) -> Iterator[Hint]:
    for sign in signs:
        named = _NAMED.match(sign.text) if sign.kind == "chunk" else None
        if named and (meant := field_meant(named[1])):
            query = _with(text, sign.start, sign.start + named.end(), f"{meant}:")
            yield Hint(f"There is no field {named[0]} here.", (query,))


def _put(text: str, sign: Token, word: str) -> str:
    return _with(text, sign.start, sign.end, word)


def _with(text: str, start: int, end: int, words_: str) -> str:
    """A text with other letters from `start` to `end`."""
    return f"{text[:start]}{words_}{text[end:]}"


# ---------------------------------------------------------------- values of fields


def _values(text: str, signs: Sequence[Token], engine: Engine) -> Iterator[Hint]:
    """A field takes one word; where the archive has a value of it and the words after it, that is offered."""
    for at, sign in enumerate(signs):
        run = list(takewhile(lambda after: after.kind == "chunk", signs[at + 1 : at + 1 + LONGEST_VALUE]))
        name = sign.text[:-1].lower()
        if sign.kind != "field" or name == "year" or len(run) < 2:
            continue
        for last in reversed(run[1:]):
            value = words(text[run[0].start : last.end])
            if _holding(engine.values(name), [unaccented(word) for word in value]):
                query = _with(text, sign.start, last.end, f'{name}:"{" ".join(value)}"')
                yield Hint(f"{name}: takes one word; more stand in quotation marks:", (query,))
                break


def _holding(known: Values, wanted: Sequence[str]) -> bool:
    """Whether a value holds these words next to each other."""
    phrase = f" {' '.join(wanted)} "
    return any(phrase in f" {' '.join(value)} " for value in known.names)


def _unknown(node: Node, engine: Engine) -> Iterator[Hint]:
    """The fields of a query that no passage has, with values that passages have in their place."""
    for leaf in dict.fromkeys(leaves(node)):
        if isinstance(leaf, Field) and not any(meant(leaf, known := engine.values(leaf.name))):
            near = nearest(known, " ".join(term.text for term in leaf.terms))
            queries = [written(_instead_of(node, leaf, _named(leaf.name, value))) for value in near]
            # Two spellings of a value ("V.I.", "V. I.") may be one query.
            yield Hint(f"No passage has {written(leaf)}.", tuple(dict.fromkeys(queries)))


def _named(name: str, value: str) -> Field:
    return Field(name, tuple(Word(word, exact=True) for word in words(value)))


def _instead_of(node: Node, old: Leaf, new: Node) -> Node:
    return replaced(node, lambda leaf: new if leaf == old else leaf)


def nearest(known: Values, wanted: str) -> list[str]:
    """The values of a facet that are most like one that it has not; all of them, if they are few."""
    plain = unaccented(fold(wanted))
    named = {value: " ".join(of_value) for value, of_value in zip(known.values, known.names, strict=True)}
    few = len(named) <= FEW_VALUES
    found = process.extract(plain, named, scorer=fuzz.WRatio, limit=OFFERED, score_cutoff=0 if few else LIKE)
    spelt = common_spelling(plain)
    same = [value for value, name in named.items() if spelt and spelt in map(common_spelling, name.split())]
    near = [value for _, _, value in found]
    same.sort(key=len)  # who is named alone, before those named with others
    return list(dict.fromkeys([*same, *near, *(named if few else ())]))[: FEW_VALUES if few else OFFERED]


def beginning(values: Values, typed: str) -> list[str]:
    """The values of a field in which a word begins with what was typed; those that begin so come first."""
    start = " ".join(unaccented(word) for word in words(typed))
    named = {value: f" {' '.join(name)}" for value, name in zip(values.values, values.names, strict=True)}
    found = [value for value, name in named.items() if start and f" {start}" in name]
    return sorted(found, key=lambda value: (not named[value].startswith(f" {start}"), len(value), value))


# ---------------------------------------------------------------- words in one or in two


def _forms(node: Node, known: Vocabulary, engine: Engine) -> Iterator[Hint]:
    """Words of the query that the archive also prints as one ("counterrevolution") or as two."""
    for leaf in dict.fromkeys(leaves(node)):
        for other in _otherwise(leaf, known):
            passages = _passages(other, known, engine)
            if passages > 1 and passages >= SHARE * _passages(leaf, known, engine):
                both = written(_instead_of(node, leaf, Or((leaf, other))))
                yield Hint(f"{passages:,} passages have {written(other)}. Either of both:", (both,))


def _otherwise(leaf: Leaf, known: Vocabulary) -> Iterator[Leaf]:
    if isinstance(leaf, Word) and not leaf.exact:
        for at in range(MIN_PART, len(leaf.text) - MIN_PART + 1):
            parts = leaf.text[:at], leaf.text[at:]
            if all(map(known.spread, parts)):
                yield Phrase(tuple(Word(part) for part in parts))
    elif isinstance(leaf, Phrase) and all(isinstance(term, Word) and not term.exact for term in leaf.terms):
        joined = Word("".join(term.text for term in leaf.terms if term is not None))
        if len(joined.text) >= MIN_WHOLE and known.spread(joined.text):
            yield joined


def _passages(leaf: Leaf, known: Vocabulary, engine: Engine) -> int:
    return engine.count(leaf, expand(leaf, known, names=False))

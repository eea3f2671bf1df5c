"""The words on which the finding of quotations leans, read once from the data file."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Sets of lower-case words and phrases, named for what they do; see the comments of the data file."""

    reporting: frozenset[str]
    ambiguous: frozenset[str]
    pointing: frozenset[str]
    persons: frozenset[str]
    articles: frozenset[str]
    naming: frozenset[str]
    hearsay: frozenset[str]
    citing: frozenset[str]
    comparing: frozenset[str]
    standing: frozenset[str]
    editorial: frozenset[str]
    lists: frozenset[str]
    finite: frozenset[str]
    elisions: frozenset[str]
    no_speakers: frozenset[str]
    particles: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """The words of `data/quotations.toml`."""
    lists = tomllib.loads((files("indexer") / "data" / "quotations.toml").read_text(encoding="utf-8"))
    return Lexicon(**{name: frozenset(words) for name, words in lists.items()})

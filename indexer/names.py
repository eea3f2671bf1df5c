"""Names that alphabets and languages spell in many ways: which spellings are of one name.

Search, citations and attributions ask here, each in its own way: search must not take two names for one,
so it asks for the `common_spelling` of words that look like such a name; citations compare names of people
with what else is known of them, so the coarser `sound` serves. What is alike is said in `data/names.toml`;
an archive adds groups of its own (`Spellings`).
"""

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from importlib import resources
from typing import Any


class Spellings:
    """Which names are one: those that everybody knows, and the groups that an archive adds.

    `spelt` gives it to what reads, searches or judges, around the whole: two names are compared in sixty
    places of citations, search and verdicts, none of which knows more of the archive than the two names.
    """

    def __init__(self, groups: Iterable[Sequence[str]] = ()) -> None:
        self._own = _keys(groups)

    @classmethod
    def read(cls, text: str) -> "Spellings":
        """Those of which `str` made this text. Raises ValueError for what is no such text."""
        return cls([one, name] for name, one in json.loads(text or "{}").items())

    def __str__(self) -> str:
        return json.dumps(self._own, ensure_ascii=False, sort_keys=True) if self._own else ""

    def group(self, word: str) -> str | None:
        """The name that stands for all of a word's group."""
        return self._own.get(word) or _groups().get(word)


@contextmanager
def spelt(spellings: Spellings) -> Iterator[None]:
    """Inside, names are one as these spellings have it; in this thread alone, and outside as before."""
    token = _in_force.set(spellings)
    try:
        yield
    finally:
        _in_force.reset(token)


def in_force() -> Spellings:
    """The spellings that were given; where none were, those that everybody knows."""
    return _in_force.get() or _common()


_in_force: ContextVar[Spellings | None] = ContextVar("spellings", default=None)


@cache
def _common() -> Spellings:
    return Spellings()


def common_spelling(word: str) -> str | None:
    """What all spellings of a name have in common; None for a word that does not look like one of them.

    `word` is in lower case. Names of groups are known whatever they look like, others by their ending.
    """
    plain, rules = latin(word), _table()["search"]
    group = in_force().group(plain)
    if group is None and not _russian(plain):
        return None
    spelt = group or plain
    for spelling, letters in rules["spellings"]:
        spelt = re.sub(spelling, letters, spelt)
    return spelt


def _russian(plain: str) -> bool:
    rules = _table()["search"]
    latin_letters = plain.isascii() and plain.isalpha() and len(plain) >= rules["letters"]
    return latin_letters and plain not in rules["ordinary"] and plain.endswith(tuple(rules["endings"]))


def sound(word: str) -> str:
    """A folded word in the spelling that stands for all transliterations of it, coarsely."""
    return _sound(word, in_force())


@lru_cache(maxsize=65536)
def _sound(word: str, spellings: Spellings) -> str:
    plain = latin(word)
    heard = spellings.group(plain) or plain
    for spelling, one in _table()["sounds"]:
        heard = re.sub(spelling, one, heard)
    return re.sub(r"(.)\1+", r"\1", heard)


def given_name(word: str) -> str:
    """A given name, an abbreviation of it or an initial, in one spelling; `word` is in lower case."""
    plain = latin(word).rstrip(".")
    return _given().get(plain, plain)


def without_titles(name: str) -> str:
    """A person's name without the titles before it."""
    before, _, rest = name.strip().partition(" ")
    while rest and before.casefold() in _table()["people"]["titles"]:
        name = rest
        before, _, rest = name.strip().partition(" ")
    return name.strip()


def no_person(word: str) -> bool:
    """Whether a word in lower case stands in names of bodies and papers, and in no person's name."""
    return word in _table()["people"]["bodies"]


def latin(word: str) -> str:
    """A word in lower case without accents, its Cyrillic letters in Latin ones."""
    if word.isascii():
        return word
    letters = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    cyrillic: Mapping[str, str] = _table()["cyrillic"]
    return "".join(cyrillic.get(letter, letter) for letter in bare)


def cyrillic(word: str) -> bool:
    """Whether a word has Cyrillic letters: among such, another letter is another name."""
    return re.search("[\u0400-\u04ff]", word) is not None


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads((resources.files("indexer") / "data" / "names.toml").read_text(encoding="utf-8"))


@cache
def _groups() -> Mapping[str, str]:
    return _keys(_table()["same"])


@cache
def _given() -> Mapping[str, str]:
    return _keys(_table()["people"]["given"])


def _keys(groups: Iterable[Sequence[str]]) -> dict[str, str]:
    """Each name of a group, and the first, which stands for all."""
    return {latin(name.casefold()): latin(group[0].casefold()) for group in groups for name in group}

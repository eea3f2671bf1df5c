"""Names that alphabets and languages spell in many ways: which spellings are of one name.

Search, citations and attributions ask here, each in its own way: search must not take two names for one,
so it asks for the `common_spelling` of words that look like such a name; citations compare names of people
with what else is known of them, so the coarser `sound` serves. What is alike is said in `data/names.toml`;
an archive adds groups of its own (`learn`).
"""

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Any

_own: dict[str, str] = {}
_said = [""]


def learn(groups: Iterable[Sequence[str]]) -> None:
    """From now on the names of each group are one, besides those that everybody knows; no groups, none."""
    _own.clear()
    _own.update(_keys(groups))
    _said[0] = json.dumps(_own, ensure_ascii=False, sort_keys=True) if _own else ""
    sound.cache_clear()


def learned() -> str:
    """What was learned, as a text that `recall` takes; "" for nothing."""
    return _said[0]


def recall(text: str) -> None:
    """Learn what an index was built with. Raises ValueError for what is no such text."""
    learn([[one, name] for name, one in json.loads(text or "{}").items()])


def common_spelling(word: str) -> str | None:
    """What all spellings of a name have in common; None for a word that does not look like one of them.

    `word` is in lower case. Names of groups are known whatever they look like, others by their ending.
    """
    plain, rules = latin(word), _table()["search"]
    group = _own.get(plain) or _groups().get(plain)
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


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """A folded word in the spelling that stands for all transliterations of it, coarsely."""
    plain = latin(word)
    heard = _own.get(plain) or _groups().get(plain) or plain
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
    return (
        without_titles(rest) if rest and before.casefold() in _table()["people"]["titles"] else name.strip()
    )


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

"""Names that are spelt in several ways: Russian ones in Latin letters, German ones without umlauts."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from indexer.fulltext.words import unaccented


@dataclass(frozen=True, slots=True)
class _Rules:
    letters: int
    ordinary: frozenset[str]
    endings: tuple[str, ...]
    spellings: tuple[tuple[re.Pattern[str], str], ...]


def common_spelling(word: str) -> str | None:
    """What all spellings of a Russian name have in common; None for a word that does not look like one."""
    rules, plain = _rules(), unaccented(word)
    latin = plain.isascii() and plain.isalpha()
    if (
        not latin
        or len(plain) < rules.letters
        or plain in rules.ordinary
        or not plain.endswith(rules.endings)
    ):
        return None
    for pattern, letters in rules.spellings:
        plain = pattern.sub(letters, plain)
    return plain


def umlauts(word: str) -> tuple[str, str]:
    """A word with each umlaut in two letters, and with each such pair as an umlaut ("mueller", "müller")."""
    paired = united = word
    for umlaut, pair in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        paired, united = paired.replace(umlaut, pair), united.replace(pair, umlaut)
    return paired, united


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    table = tomllib.loads((resources.files("indexer") / "data" / "fulltext.toml").read_text(encoding="utf-8"))
    spellings = tuple((re.compile(pattern), letters) for pattern, letters in table["spellings"])
    return _Rules(table["letters"], frozenset(table["ordinary"]), tuple(table["endings"]), spellings)

"""Numbers as texts write them: in digits, in Roman ones, in words; and the months by name."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

_ROMAN = re.compile(r"m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")
_LETTERS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


@cache
def _lists() -> dict[str, Any]:
    return tomllib.loads(resources.files("indexer").joinpath("data", "numbers.toml").read_text("utf-8"))


def months() -> Mapping[str, int]:
    """The months, 1 to 12, by their names and abbreviations in lower case."""
    named: Mapping[str, int] = _lists()["months"]
    return named


@cache
def spelt() -> str:
    """A pattern of the numbers that are known in words."""
    return "|".join(_lists()["words"])


@cache
def number(text: str) -> int:
    """What a number says: "12", "12th", "xii", "twelve", "Zwölftes"; 0 for what is none."""
    text = text.casefold()
    if digits := re.match(r"\d+", text):
        return int(digits.group())
    words = enumerate(_lists()["words"], 1)
    return roman(text) or next((n for n, names in words if re.fullmatch(names, text)), 0)


def counts(word: str) -> bool:
    """Whether a word is a number, in digits or in letters."""
    return bool(number(word)) or re.fullmatch(_lists()["larger"], word.casefold()) is not None


def roman(text: str) -> int:
    """The value of a Roman number; 0 for what is none."""
    text = text.casefold()
    if not _ROMAN.fullmatch(text):
        return 0
    values = [_LETTERS[letter] for letter in text]
    pairs = zip(values, [*values[1:], 0], strict=True) if values else ()
    return sum(-one if one < after else one for one, after in pairs)

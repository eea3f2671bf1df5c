"""Headings that number the parts of a whole: "Chapter I", "Erster Teil", "Глава вторая"."""

import re
from collections.abc import Collection
from functools import cache

from indexer.extract.words import lists

_ROMAN = re.compile(r"(x{0,3})(ix|iv|v?i{0,3})")
_TENS, _ONES = 10, ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")

# A heading by its element ("h2") and its words.
Named = tuple[str, str]


def numbered(headings: Collection[Named]) -> set[Named]:
    """Those of a document's headings that bear numbers of one row: another of the same element and the same
    word has the number before or after theirs. One chapter alone is none."""
    known = {heading: (heading[0], *division) for heading in headings if (division := _division(heading[1]))}
    rows = set(known.values())
    return {
        heading for heading, (tag, word, number) in known.items()
        if {(tag, word, number - 1), (tag, word, number + 1)} & rows
    }  # fmt: skip


def _division(text: str) -> tuple[str, int] | None:
    """The word and the number with which a heading begins; None of any other."""
    found = _beginning().match(" ".join(text.split()))
    if found is None:
        return None
    word, number = found["word"] or found["named"], found["number"] or found["ordinal"]
    value = _value(number.casefold())
    return (word.casefold(), value) if value else None


@cache
def _beginning() -> re.Pattern[str]:
    word = lists()["title"]["division"]
    spelt = "|".join(lists()["title"]["numbers"])
    number = rf"\d{{1,3}}|[ivx]+|{spelt}"
    return re.compile(
        rf"\W*(?:(?:the )?(?P<ordinal>{spelt}|\d{{1,3}}(?:st|nd|rd|th|\.)) (?P<named>{word})"
        rf"|(?P<word>{word})(?: the| no\.?)? (?P<number>{number}))\b",
        re.IGNORECASE,
    )


def _value(number: str) -> int:
    """A number in digits, Roman or in words; 0 for what is none."""
    if digits := re.match(r"\d+", number):
        return int(digits.group())
    if roman := _ROMAN.fullmatch(number):
        return _TENS * len(roman.group(1)) + _ONES.index(roman.group(2))
    spelt = enumerate(lists()["title"]["numbers"], 1)
    return next((value for value, words in spelt if re.fullmatch(words, number)), 0)

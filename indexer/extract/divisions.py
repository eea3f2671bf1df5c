"""Headings that number the parts of a whole: "Chapter I", "Erster Teil", "Глава вторая"."""

import re
from collections.abc import Collection
from functools import cache

from indexer.extract.words import lists
from indexer.numbers import number, spelt

# A heading by its element ("h2") and its words.
Named = tuple[str, str]


def numbered(headings: Collection[Named]) -> set[Named]:
    """Those of a document's headings that bear numbers of one row: another of the same element and the same
    word has the number before or after theirs. One chapter alone is none."""
    known = {heading: (heading[0], *division) for heading in headings if (division := _division(heading[1]))}
    rows = set(known.values())
    return {
        heading for heading, (tag, word, value) in known.items()
        if {(tag, word, value - 1), (tag, word, value + 1)} & rows
    }  # fmt: skip


def _division(text: str) -> tuple[str, int] | None:
    """The word and the number with which a heading begins; None of any other."""
    found = _beginning().match(" ".join(text.split()))
    if found is None:
        return None
    word = found["word"] or found["named"]
    value = number(found["number"] or found["ordinal"])
    return (word.casefold(), value) if value else None


@cache
def _beginning() -> re.Pattern[str]:
    word = lists()["title"]["division"]
    numbers = rf"\d{{1,3}}|[ivx]+|{spelt()}"
    return re.compile(
        rf"\W*(?:(?:the )?(?P<ordinal>{spelt()}|\d{{1,3}}(?:st|nd|rd|th|\.)) (?P<named>{word})"
        rf"|(?P<word>{word})(?: the| no\.?)? (?P<number>{numbers}))\b",
        re.IGNORECASE,
    )

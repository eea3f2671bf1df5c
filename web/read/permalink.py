"""The lasting address of a paragraph: its number, and the words with which it begins.

The number alone holds while the text does. When the source was edited, paragraphs were joined or put in
before it, the words still tell which paragraph was meant; when they stand nowhere, or in several places,
the page says so and does not guess.
"""

import re
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote_plus

from web import anchoring
from web.read.sheets import Sheet

# Words that an address names: one more than anchoring takes for proof of a place.
NAMED = 7
# Letters in which so many words are looked for, and letters of an address that are read.
WITHIN = 200


@dataclass(frozen=True, slots=True)
class Meant:
    """The paragraph of an address: its `number` and `words` as given; `found` is its number now, or None."""

    number: int
    words: str
    found: int | None


def permalink(whole: Sheet, number: int) -> str:
    """The address of a block, relative to that of its text."""
    words = opening(whole, number)
    return f"?at={number}{f'&words={quote_plus(words)}' if words else ''}#p{number}"


def opening(whole: Sheet, number: int) -> str:
    """The first words of a block; those of a short one run on into the next."""
    start = whole.starts[number - 1]
    return " ".join(whole.document.text[start : start + WITHIN].split()[:NAMED])


def meant(whole: Sheet, number: int, words: str) -> Meant:
    """Which paragraph an address means now: the one of its number while its words begin there, or another.

    Where the words stand nowhere else, a short paragraph keeps its number though what follows it changed.
    """
    number, words = min(max(number, 1), len(whole.blocks) or 1), words[:WITHIN]
    given = anchoring.Folded.of(words).forms
    if not whole.blocks or not given:
        return Meant(number, words, None)
    text, span = whole.document.text, whole.blocks[number - 1].span
    if _first(text[span.start :])[: len(given)] == given:
        return Meant(number, words, number)
    places = _places(words, text)
    if places:
        return Meant(number, words, whole.number_at(places[0]) if len(places) == 1 else None)
    own = _first(text[span.start : span.end])
    return Meant(number, words, number if own and given[: len(own)] == own else None)


def _first(text: str) -> tuple[str, ...]:
    """The first words of a text as they are compared."""
    return anchoring.Folded.of(text[:WITHIN]).forms[:NAMED]


def _places(words: str, text: str) -> list[int]:
    """The first two places of a text where these words stand, whatever the case and the marks between them.

    Fewer words than anchoring takes for proof stand nowhere: they are stock phrases.
    """
    runs = re.findall(r"\w+", words)
    if len(runs) < anchoring.TELLING:
        return []
    between = r"[^\w]+".join(runs)
    found = re.finditer(rf"\b{between}\b", text, re.IGNORECASE)
    return [place.start() for place in islice(found, 2)]

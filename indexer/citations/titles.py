"""Titles: the words that carry one, and whether two wordings can be the same title."""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA, Levenshtein

from indexer.citations import habits, names
from indexer.names import sound

# A word of this many letters may differ by a letter or an ending and stay the same word.
FUZZY_WORD = 5
LONGEST_ENDING = 2
# Two letters of a word of this many may have changed places.
SWAPPED_WORD = 4
# A word of this many letters may differ by two.
LONG_WORD = 7
# A short form shares as many of its first words with the whole.
FIRST_WORDS = 2
# A title of fewer words says too little by itself.
FEW_WORDS = 3


@lru_cache(maxsize=32768)
def content(title: str) -> tuple[str, ...]:
    """The folded words of a title but for the small ones; all of them if there are only small ones."""
    found = names.fold(re.sub(r"[\[\]]", "", title)).split()
    kept = tuple(
        word for word in found if word not in habits.words("small") and (len(word) > 1 or word.isdigit())
    )
    return kept or tuple(found)


def key(title: str) -> str:
    """The form in which equal titles are equal strings."""
    return " ".join(content(title))


def _same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    if sorted(one) == sorted(other) and len(one) >= SWAPPED_WORD and OSA.distance(one, other) == 1:
        return not one.isdigit()
    short, long = sorted((one, other), key=len)
    if len(short) < FUZZY_WORD or short.isdigit() or long.isdigit():
        return False
    near = len(long) - len(short) <= LONGEST_ENDING and long.startswith(short)
    slips = 1 if len(short) < LONG_WORD else 2
    return near or Levenshtein.distance(one, other) <= slips or sound(one) == sound(other)


def shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many words of the first have a fellow in the second."""
    plain = set(other)
    return sum(1 for word in one if word in plain or any(_same_word(word, fellow) for fellow in other))


def short_of(one: str, other: str) -> bool:
    """Whether one title can be the other, or a short or slightly misspelt form of it.

    A short form begins as the whole does and adds no word to it ("Tides"), or is its end ("the Long
    Winter"); one word from here and one from there are another title.
    """
    short, long = sorted((content(one), content(other)), key=len)
    if not short:
        return False
    if _begins(short, long) and shared(short, long) == len(short):
        return True
    return len(short) > 1 and all(map(_same_word, reversed(short), reversed(long)))


def _begins(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    return all(map(_same_word, short[:FIRST_WORDS], long[:FIRST_WORDS]))


def same(one: str, other: str) -> bool:
    """Whether two wordings are one whole title, word by word, but for slips of spelling."""
    a, b = content(one), content(other)
    if len(a) != len(b):
        return False
    strange = [pair for pair in zip(a, b, strict=True) if not _same_word(*pair)]
    return not strange or (len(strange) == 1 and len(a) > FEW_WORDS and _slip(*strange[0]))


def _slip(one: str, other: str) -> bool:
    """Whether two short words differ by one letter or by the order of two, and are no numbers."""
    return not (one + other).isdigit() and OSA.distance(one, other) == 1


def collects_letters(title: str, author: str | None) -> bool:
    """Whether the title is "Letters of N., 1897–1899": letters, their writer, years, and nothing more."""
    words = [word for word in content(title) if not word.isdigit()]
    kinds = [word for word in words if word in habits.words("letters")]
    return bool(kinds) and set(words) - set(kinds) <= set(names.fold(author or "").split())

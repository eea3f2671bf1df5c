"""Titles: the words that carry one, and whether two wordings can be the same title."""

import re
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from indexer.citations import habits, names

# A word of this many letters may differ by a letter or an ending and stay the same word.
FUZZY_WORD = 5
LONGEST_ENDING = 2
# Likeness, of 100, of two wordings of one title with a slip or two in them.
SLIPS = 88
# A title of fewer words says too little by itself.
FEW_WORDS = 3


@lru_cache(maxsize=32768)
def content(title: str) -> tuple[str, ...]:
    """The folded words of a title but for the small ones; all of them if there are only small ones."""
    found = names.fold(re.sub(r"[\[\]]", "", title)).split()
    kept = tuple(word for word in found if word not in habits.words("small") and (len(word) > 1 or word.isdigit()))
    return kept or tuple(found)


def key(title: str) -> str:
    """The form in which equal titles are equal strings."""
    return " ".join(content(title))


def _same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) < FUZZY_WORD or short.isdigit() or long.isdigit():
        return False
    near = len(long) - len(short) <= LONGEST_ENDING and long.startswith(short)
    return near or Levenshtein.distance(one, other, score_cutoff=1) <= 1 or names.sound(one) == names.sound(other)


def shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many words of the first have a fellow in the second."""
    plain = set(other)
    return sum(1 for word in one if word in plain or any(_same_word(word, fellow) for fellow in other))


def short_of(one: str, other: str) -> bool:
    """Whether one title can be the other, or a short or slightly misspelt form of it."""
    short, long = sorted((content(one), content(other)), key=len)
    if not short:
        return False
    common = shared(short, long)
    if common == len(short):
        return True
    return fuzz.ratio(" ".join(short), " ".join(long)) >= SLIPS


def same(one: str, other: str) -> bool:
    """Whether two wordings are one whole title, but for slips."""
    a, b = content(one), content(other)
    return a == b or (abs(len(a) - len(b)) <= 1 and fuzz.ratio(" ".join(a), " ".join(b)) >= SLIPS)

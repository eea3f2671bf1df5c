"""How alike words are, and how much it means that they are: what aligning and judging both ask.

`bits` says how rare a word is, by a fixed list of English; `near` tells a slip of a scanner or another
spelling from another word; `pair` ties the words of two short stretches (Needleman and Wunsch 1970).
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from indexer.normalise import KEPT_WORDS

Floats = NDArray[np.float64]

# A word outside the list of common ones: bits by its length, for the short ones are the common ones
# of every language.
RARE_BITS = 14.0
RARE_SHORT_BITS = 10.0
SHORT = 3  # letters
# Words with this share of letters in common are one word, misprinted or spelt another way.
NEAR = 0.6
# Costs of pairing: a pair of unlike words costs a little less than leaving both out, a near pair much
# less.
LEFT_OUT = 1.0
UNLIKE = 1.9
NEAR_AT_MOST = 0.9
# An equal pair is worth as much as leaving out a word of either side if the word is as rare as this (bits).
WORTH_A_WORD = 12.0
# Sums of costs that differ by less are equal.
TINY = 1e-9


@cache
def _listed() -> dict[str, float]:
    table = (files("indexer") / "data" / "normalise-rarity.txt").read_text(encoding="utf8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {word: float(bits) for bits, line in rows for word in line.split()}


@lru_cache(maxsize=KEPT_WORDS)
def bits(key: str) -> float:
    """The information of meeting this word (its `normalise.key`), in bits, in English prose."""
    return _listed().get(key, RARE_SHORT_BITS if len(key) <= SHORT else RARE_BITS)


def likenesses(left: Sequence[str], right: Sequence[str]) -> Floats:
    """How alike the letters of each word of `left` and each of `right` are: 1 if they are equal, 0 if they
    count as different words, as two different numbers always do."""
    alike: Floats = cdist(
        left, right, scorer=Levenshtein.normalized_similarity, score_cutoff=NEAR, dtype=np.float64
    )
    numbers = [np.array([w.isdigit() for w in side], bool) for side in (left, right)]
    alike[np.logical_and.outer(*numbers) & (alike < 1.0)] = 0.0
    return alike


def near(a: str, b: str) -> float:
    """How alike two words are; see `likenesses`."""
    return 1.0 if a == b else float(likenesses([a], [b])[0, 0])


def pair(
    left: Sequence[str], right: Sequence[str], free_start: bool = False, free_end: bool = False
) -> list[tuple[int, int]]:
    """Pairs of indices of equal or near words (keys), in order, at the least total cost.

    `free_start` and `free_end` let words of `right` go unpaired there at no cost.
    """
    if not left or not right:
        return []
    alike = likenesses(left, right)
    rarity = np.array([bits(word) for word in left])[:, None] / WORTH_A_WORD
    costs = np.where(alike > 0.0, NEAR_AT_MOST * (1.0 - alike) / (1.0 - NEAR) - alike * rarity, UNLIKE)
    table = _table(costs, free_start)
    i, j = len(left), int(np.argmin(table[-1])) if free_end else len(right)
    pairs: list[tuple[int, int]] = []
    while i and j:
        here = table[i, j]
        if abs(table[i - 1, j - 1] + costs[i - 1, j - 1] - here) < TINY:
            i, j = i - 1, j - 1
            if alike[i, j] > 0.0:
                pairs.append((i, j))
        elif abs(table[i - 1, j] + LEFT_OUT - here) < TINY:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]


def _table(costs: Floats, free_start: bool) -> Floats:
    """The least costs of pairing the first i words of one side with the first j of the other."""
    rows, columns = costs.shape
    passed = np.arange(columns + 1) * LEFT_OUT
    table = np.empty((rows + 1, columns + 1))
    table[0] = 0.0 if free_start else passed
    for i in range(rows):
        row = table[i] + LEFT_OUT
        np.minimum(row[1:], table[i, :-1] + costs[i], out=row[1:])
        # Leaving out words of the other side: the least so far, and one step for each word since.
        table[i + 1] = np.minimum.accumulate(row - passed) + passed
    return table

"""How alike words are, and how much it means that they are: what aligning and judging both ask.

`bits` says how rare a word is, by a fixed list of English; `near` tells a slip of a scanner or another
spelling from another word; `pair` ties the words of two short stretches (Needleman and Wunsch 1970).
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from rapidfuzz.distance import Levenshtein

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


@cache
def _listed() -> dict[str, float]:
    table = (files("indexer") / "data" / "normalise-rarity.txt").read_text(encoding="utf8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {word: float(bits) for bits, line in rows for word in line.split()}


@cache
def bits(key: str) -> float:
    """The information of meeting this word (its `normalise.key`), in bits, in English prose."""
    return _listed().get(key, RARE_SHORT_BITS if len(key) <= SHORT else RARE_BITS)


@cache
def near(a: str, b: str) -> float:
    """How alike the letters of two words are, from 0 to 1; 0 too when they count as different words."""
    if a == b:
        return 1.0
    if any(c.isdigit() for c in a + b) and a.isdigit() and b.isdigit():
        return 0.0
    alike: float = Levenshtein.normalized_similarity(a, b)
    return alike if alike >= NEAR else 0.0


def cost(a: str, b: str) -> float:
    """What pairing two words costs: nothing if they are equal, `UNLIKE` if they have little in common."""
    alike = near(a, b)
    if alike == 1.0:
        return 0.0
    return NEAR_AT_MOST * (1.0 - alike) / (1.0 - NEAR) if alike else UNLIKE


def pair(
    left: Sequence[str], right: Sequence[str], free_start: bool = False, free_end: bool = False
) -> list[tuple[int, int]]:
    """Pairs of indices of equal or near words, in order, at the least total cost.

    `free_start` and `free_end` let words of `right` go unpaired there at no cost.
    """
    rows = _table(left, right, free_start)
    i, j = len(left), len(right)
    if free_end:
        last = rows[-1]
        j = min(range(len(last)), key=lambda k: (last[k], k))
    pairs: list[tuple[int, int]] = []
    while i and j:
        here, price = rows[i][j], cost(left[i - 1], right[j - 1])
        if abs(rows[i - 1][j - 1] + price - here) < 1e-9:
            i, j = i - 1, j - 1
            if price < UNLIKE:
                pairs.append((i, j))
        elif abs(rows[i - 1][j] + LEFT_OUT - here) < 1e-9:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]


def _table(left: Sequence[str], right: Sequence[str], free_start: bool) -> list[list[float]]:
    """The least costs of pairing the first i words of `left` with the first j of `right`."""
    rows = [[0.0 if free_start else j * LEFT_OUT for j in range(len(right) + 1)]]
    for word in left:
        above = rows[-1]
        row = [above[0] + LEFT_OUT]
        for j, other in enumerate(right):
            row.append(min(above[j] + cost(word, other), above[j + 1] + LEFT_OUT, row[j] + LEFT_OUT))
        rows.append(row)
    return rows

"""Which paragraphs are verse, where no mark-up says so: by how their lines begin, end and rhyme.

Lines of verse begin with capitals although the sentence goes on, are of some words in small letters, and end
with a comma more often than with a stop. Lists, signatures, titles of books and addresses have lines too.
"""

import re
from itertools import pairwise

from indexer.extract.writer import Draft, Sheet

# A stanza of fewer lines is verse beside another only.
_LEAST_LINES, _LEAST_BESIDE = 4, 2
_LONGEST_LINE = 80
_FEWEST_WORDS = 3.5
# Shares of lines: that begin with a capital, of words that do not, of lines with figures.
_CAPITALS, _SMALL, _FIGURES = 0.8, 0.5, 0.2
# Of lines but the last that end no sentence, of all that end with any sign.
_RUN_ON, _SIGNED = 0.4, 0.35
# Then a rhyme in every fourth line will do, or where nothing rhymes a comma or the like in nearly half.
_RHYMED, _UNRHYMED = 0.25, 0.4
_SENTENCE = re.compile(r"[.!?…][”\"’')]*$")
_PAUSE = re.compile(r"[,;:—–-][”\"’')]*$")
_SIGN = re.compile(r"[^\w\s]$")
_OPENING = "“\"‘'’(—– "
_BULLET = re.compile(r"[-–—•*·]\s")
# How far below a line its rhyme may stand, and the letters that both end with.
_APART, _SOUND = 3, 2


def mark(sheet: Sheet) -> None:
    """Make the paragraphs of a sheet that are verse, and the short stanzas beside these, its verse."""
    paragraphs = [(draft, sheet.of(draft).split("\n")) for draft in sheet.blocks]
    for draft, lines in paragraphs:
        if draft.kind == "para" and is_verse(lines):
            draft.kind = "verse"
    for one, other in (*pairwise(paragraphs), *pairwise(paragraphs[::-1])):
        _carry_on(one[0], *other)


def _carry_on(beside: Draft, draft: Draft, lines: list[str]) -> None:
    if beside.kind == "verse" and draft.kind == "para" and len(lines) >= _LEAST_BESIDE and _are_lines(lines):
        draft.kind = "verse"


def is_verse(lines: list[str]) -> bool:
    """Whether the lines of a paragraph are those of a poem or a song."""
    if len(lines) < _LEAST_LINES or not _are_lines(lines):
        return False
    inner = lines[:-1]
    if sum(not _SENTENCE.search(line) for line in inner) < _RUN_ON * len(inner):
        return False
    if sum(_SIGN.search(line) is not None for line in lines) < _SIGNED * len(lines):
        return False
    pauses = sum(_PAUSE.search(line) is not None for line in inner)
    return pauses >= _UNRHYMED * len(inner) or _rhymes(lines) >= _RHYMED * len(lines)


def _are_lines(lines: list[str]) -> bool:
    """Whether lines are as verse is set: none long, nearly all begun with a capital, of some words each."""
    words = [line.split() for line in lines]
    every = sum(map(len, words))
    if max(map(len, lines)) > _LONGEST_LINE or every < _FEWEST_WORDS * len(lines):
        return False
    if any(_BULLET.match(line) for line in lines):
        return False
    capitals = sum(line.lstrip(_OPENING)[:1].isupper() for line in lines)
    small = sum(word[:1].islower() for line in words for word in line)
    figures = sum(any(map(str.isdigit, line)) for line in lines)
    return capitals >= _CAPITALS * len(lines) and small >= _SMALL * every and figures <= _FIGURES * len(lines)


def _rhymes(lines: list[str]) -> int:
    """How many lines end like one of those that follow them."""
    ends = ["".join(filter(str.isalpha, line.split()[-1])).lower()[-_SOUND:] for line in lines]
    following = (ends[at + 1 : at + 1 + _APART] for at in range(len(ends)))
    return sum(len(end) == _SOUND and end in near for end, near in zip(ends, following, strict=True))

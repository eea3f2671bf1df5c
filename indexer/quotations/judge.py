"""Whether words in marks are somebody's, or only a term, a title, a nickname, a guess at what one may say."""

import re

from indexer.models import Span

from .citing import LONGEST, TITLE_LONGEST, is_citation, is_title
from .finds import Find
from .framed import announced, says
from .lexicon import lexicon
from .lines import Page, words

CITED_LEAST = 3  # words of a quotation with a citation of its own
SAID_LEAST = 4  # words of one that a verb of saying announces
PLAIN_LEAST = 5  # words of one that nothing announces
NAME_MOST = 8  # words of what is only called something; more of them are somebody's own
_NAME_REACH = 3  # words before a mark among which one like "called" makes a name of what follows
_SAYING_REACH = 4
_CLAUSE = 160  # characters before a mark that are asked for hearsay
_CLAUSE_END = re.compile(r"[.!?;][”’\"»]{0,2}\s+(?=[A-ZÀ-ÞА-Я“‘\"(])")


def is_quotation(page: Page, find: Find) -> bool:
    """Whether a find in marks is a quotation; finds that are sure need not be asked."""
    text = page.text[find.start : find.end]
    count = len(words(text))
    line = page.lines[find.first]
    if find.cite is not None or (find.fills and (find.last > find.first and count >= SAID_LEAST)):
        return count >= CITED_LEAST and not in_citation(page, find)
    if count < SAID_LEAST or in_citation(page, find):
        return False
    if announced(page, find.first, find.start - 1):
        return not _is_hearsay(page, find)
    said = _is_said(
        page.text[max(line.start, find.start - LONGEST) : find.start], page.text[find.end : find.end + 40]
    )
    named = not said and count <= NAME_MOST and _is_named(page, find)
    if is_title(text) or _is_hearsay(page, find) or named:
        return False
    return count >= (SAID_LEAST if said else PLAIN_LEAST)


def in_citation(page: Page, find: Find) -> bool:
    """Whether the words stand in parentheses that cite, as titles do."""
    line = page.lines[find.first]
    start = max(line.start, find.start - LONGEST)
    left, right = page.text.rfind("(", start, find.start), page.text.rfind(")", start, find.start)
    if left <= right:
        return False
    close = page.text.find(")", find.end, min(line.end, find.end + LONGEST))
    if close < 0:
        return False
    inside = page.text[left + 1 : close]
    around = words(page.text[left + 1 : find.start]) + words(page.text[find.end : close])
    if not around:
        return is_title(page.text[find.start : find.end])
    if says([word for word in around if word.lower() not in lexicon().citing]):
        return False
    return (
        is_citation(inside)
        and len(words(inside)) < 2 * len(words(page.text[find.start : find.end])) + TITLE_LONGEST
    )


def translates(page: Page, find: Find, earlier: Span | None) -> bool:
    """Whether the find is the translation in brackets behind the quotation before it."""
    if earlier is None or earlier.end > find.start:
        return False
    between = page.text[earlier.end : find.start]
    return len(between) < 12 and "[" in between and not any(char.isalnum() for char in between)


def _clause(page: Page, find: Find) -> str:
    line = page.lines[find.first]
    head = page.text[max(line.start, find.start - 1 - _CLAUSE) : max(line.start, find.start - 1)].rstrip()
    return "" if head.endswith((".", "!", "?")) else _CLAUSE_END.split(head)[-1]


def _is_hearsay(page: Page, find: Find) -> bool:
    clause = " ".join(words(_clause(page, find))).lower()
    return any(f" {phrase} " in f" {clause} " for phrase in lexicon().hearsay)


def _is_named(page: Page, find: Find) -> bool:
    near = [word.lower() for word in words(_clause(page, find))[-_NAME_REACH:]]
    return any(word in lexicon().naming and (len(word) > 2 or word is near[-1]) for word in near)


def _is_said(head: str, rest: str) -> bool:
    near = words(head)[-_SAYING_REACH:] + words(rest)[:3]
    return says(near)

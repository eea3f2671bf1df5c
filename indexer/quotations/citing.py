"""Telling a citation from the essay's own words, by the words alone.

Nothing here knows what a citation means.
"""

import re

from indexer.models import Span
from indexer.normalise import one_pair

from .lexicon import lexicon
from .lines import words
from .marks import MARKS, SINGLE

DASHES = "–—-―~−‒"
LONGEST = 500  # characters of a citation; a note may be longer
MOST_WORDS = 40  # words of a citation on the line below
NEAR_BY = 12  # marks, stops and spaces between a quotation and its citation
TITLE_LONGEST = 20
_REMARK_WORDS = 4  # words of a remark on the print that does not begin with one of its words
_NAME_WORDS = 8  # words of a line that names a writer, and to whom he wrote
_BARE_WORDS = 30  # words of one that stands behind the mark without dash or parentheses
STRONG = re.compile(
    r"\b(?:ibid|ibidem|idem|op\. ?cit|loc\. ?cit|pp?\. ?\d|vol\. ?[\divxlc]|(?:1[5-9]|20)\d\d\b|https?:"
    r"|quoted (?:in|by|from)|reprinted in|cited in)", re.IGNORECASE
)  # fmt: skip
PLACE = re.compile(
    r"\b(?:ibid|ibidem|op\. ?cit|loc\. ?cit|pp?\. ?\d|vol\. ?[\divxlc]"
    r"|(?:rule|art\.|article|clause) ?\d)|§ ?\d",
    re.IGNORECASE,
)
PLACED = re.compile(PLACE.pattern + r"|\b(?:idem|ch\. ?[\divxlc])", re.IGNORECASE)
_DATE = re.compile(r"(?:\b\d{1,2} )?(?:\b[^\W\d_a-z]\w+\.? )?\b(?:1[5-9]|20)\d\d\b")
_TOLD = re.compile(r"\b(\w+):(?=\s)")
_WORK = re.compile(
    r"(?:[^\W\d_][\w.’'-]*\s){0,3}[^\W\d_][\w.’'-]*(?:, ?[^\W\d_a-z]|, [“\"‘«„]|\s\([^\W_].*\)$)"
)


def is_citation(text: str) -> bool:
    """Whether the words of a pair of parentheses cite something."""
    return cites(text, strong=False)


def surely_cites(text: str) -> bool:
    """Whether words that stand in no parentheses cite something, by a place, an address or a comma."""
    return cites(text, strong=True) and cites(text, strong=False)


def is_title(text: str) -> bool:
    """Whether most of the longer words have capitals and nothing ends like a sentence."""
    found = words(text)
    if (
        not 2 <= len(found) <= TITLE_LONGEST
        or text.rstrip().endswith(("!", "…", "..."))
        or found[0][0].islower()
    ):
        return False
    long = [word for word in found[1:] if len(word) > 3]
    capital = [word for word in long if word[0].isupper()]
    return bool(long) and len(capital) >= 0.7 * len(long) and not re.search(r"(?<!\b\w)[.!?]\s+\w", text)


def wraps(text: str) -> bool:
    """Whether the words are a citation in parentheses and nothing else."""
    return text.startswith("(") and text.rstrip(". ").endswith(")") and cites(text[1:-1], strong=False)


def cites(text: str, strong: bool) -> bool:
    """Whether words cite something; `strong` where nothing else says that they do."""
    first = (words(text) or [""])[0]
    known = lexicon()
    lead = text.strip().lower()
    if not first or is_remark(text):
        return False
    if _is_dated(text):
        return False
    if STRONG.search(text) or PLACE.match(text):
        return not is_sentence(text) or len(words(text)) <= MOST_WORDS
    if strong:
        return any(lead.startswith(word) for word in known.citing) or ("," in text and first[0].isupper())
    if first[0].isupper() or first[0].isdigit():
        return not text.rstrip().endswith(("!", "?")) and not (
            is_sentence(text) and text.rstrip().endswith(".")
        )
    return any(lead.startswith(word) for word in known.citing)


def _is_dated(text: str) -> bool:
    """Whether words in small letters only say when: "written in May 1877"."""
    text = text.strip()
    said = _DATE.sub(" ", text)
    if said == text or not text[0].isalpha() or not said.islower() or "," in said or STRONG.search(said):
        return False
    return not any(text.lower().startswith(word) for word in lexicon().citing)


def refers(text: str) -> bool:
    """Whether a citation begins with a word that belongs to citations only: "ebd., S. 12"."""
    return any(text.lower().startswith(word) for word in lexicon().citing)


def compares(note: str) -> bool:
    """Whether a note only sends the reader to something like what was quoted."""
    return (words(note[:NEAR_BY]) or [""])[0].lower() in lexicon().comparing


def signs(text: str) -> bool:
    """Whether a line that begins with a dash names somebody."""
    rest = text.lstrip(DASHES + " ")
    return (
        bool(rest)
        and (
            rest[0].isupper()
            or rest[0] in '“"”‘([«„'
            or bool(STRONG.search(rest))
            or (words(rest)[:1] != [] and words(rest)[0].lower() in lexicon().citing)
        )
        and not rest.endswith(":")
    )


def is_bare(text: str) -> bool:
    """Whether a line without dash or parentheses is a citation: names and titles, no sentence."""
    text = _unremarked(text.strip())
    if text[:1] in DASHES and text[:1]:
        return signs(text)
    found = words(text)
    if (
        not found
        or len(found) > _BARE_WORDS
        or text[-1] in ":!"
        or text[0] in "•*(["
        or text[0] in MARKS - SINGLE
    ):
        return False
    if any(told[1].lower() in lexicon().reporting for told in _TOLD.finditer(text)):
        return False
    capital = [word for word in found if word[0].isupper()]
    if STRONG.search(text) and not is_sentence(text):
        return found[0][0].isupper() or found[0].lower() in lexicon().citing or bool(PLACE.match(text))
    if is_sentence(text) or not capital or (text.endswith((".", "?")) and "," not in text):
        return False
    citing = found[0].lower() in lexicon().citing
    return (found[0][0].isupper() or citing) and (len(capital) * 2 >= len(found) or "," in text or citing)


def is_name(text: str) -> bool:
    """Whether a short line begins with a name and is no sentence: "Pell to his brother"."""
    found = words(_unremarked(text))
    if not 1 <= len(found) <= _NAME_WORDS or text.endswith((":", "!", "?")):
        return False
    return text[0].isupper() and not is_sentence(text.partition("(")[0])


def is_work(text: str) -> bool:
    """Whether a paragraph is an author and a title, or a place in one, and nothing else."""
    if not is_bare(text) or len(text) > LONGEST:
        return False
    return bool(PLACE.search(text)) or (bool(_WORK.match(text)) and not text.endswith((".", "?", "!")))


def is_source(note: str) -> bool:
    """Whether a note names a source rather than explains something."""
    return bool(PLACE.search(note)) or (not is_sentence(note) and is_citation(note))


def says_where(note: str) -> bool:
    """Whether a note's first sentence says in which work, of what year or number, the words stand."""
    said = re.split(r"\.\s+(?=[^\W\d_a-z])", note, maxsplit=1)[0]
    for phrase in lexicon().standing:
        where = said.partition(f" {phrase} ")[2]
        if where and re.search(r"\d", where) and re.search(r"[^\W\d_a-z]", where):
            return True
    return False


def is_sentence(text: str) -> bool:
    """Whether a verb in lower case makes the words a sentence; what stands in marks is a title."""
    plain = re.sub(r"[“\"„‘«][^”\"“’»]{0,200}[”\"“’»]", " ", text)
    return any(word in lexicon().finite for word in words(plain))


def cleaned(text: str, start: int, end: int) -> Span | None:
    """The citation without leading dash, outer parentheses and remarks about the print."""
    while start < end and (text[start] in DASHES or text[start].isspace()):
        start += 1
    span = uncommented(text, start, end)
    if span is None:
        return None
    inside = text[span.start : span.end]
    bare = inside.rstrip(". ")
    if inside.startswith("(") and bare.endswith(")") and one_pair(bare):
        return trim(text, span.start + 1, span.start + len(bare) - 1)
    return span


def uncommented(text: str, start: int, end: int) -> Span | None:
    """The citation without a remark in parentheses at its end ("emphasis added")."""
    return trim(text, start, start + len(_unremarked(text[start:end])))


def _unremarked(text: str) -> str:
    at = text.rfind("(")
    return text[:at].rstrip() if at > 0 and is_remark(text[at + 1 :]) else text


def is_remark(text: str) -> bool:
    """Whether the words are about how others are printed: "emphasis added", "now in italics"."""
    lead, found = text.strip().lower().removeprefix("the "), [word.lower() for word in words(text)]
    known = lexicon().editorial
    return any(lead.startswith(remark) for remark in known) or (
        len(found) <= _REMARK_WORDS and any(word in known for word in found)
    )


def trim(text: str, start: int, end: int) -> Span | None:
    """A stretch without the spaces at its ends; None if nothing else is in it."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None

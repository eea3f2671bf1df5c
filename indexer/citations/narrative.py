"""Citations that are part of the sentence, the name before the parentheses: Tarn (1908: 3) argues that “...”.

Style guides call them narrative citations. The parentheses have a year and no more than a place beside it,
and the name is that of whoever speaks. A bare number may be a page, or the year of what is told: it is a
citation where a work is known that he wrote in that year.
"""

import re
from collections.abc import Callable
from functools import cache

from indexer.citations import habits, names, places, running
from indexer.citations.names import Lexicon
from indexer.models import Document, Quotation, Span

# Characters of what stands between a quotation and whom the words behind it name.
BEHIND = 40

# Whether a work is known that somebody wrote in a year.
Wrote = Callable[[str, int], bool]

_DATED = rf"{places.YEAR}[a-z]?(?:\s*[,:]\s*[^()]{{1,24}})?"
_PAGE = re.compile(places.BARE_PAGE)
_BARE = re.compile(r"\d{4}[a-z]?")
_INSIDE = re.compile(_DATED)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    capital = r"[^\W\d_a-zß-ÿа-яё][\w’'.-]*"
    small = habits.either("joint", "particle")
    who = rf"{capital}(?:,?\s+(?:{small}\s+)*{capital}){{0,4}}(?:\s+et\s+al\.)?"
    return {
        "cited": re.compile(rf"(?<!\w)(?P<who>{who})\s\((?P<dated>{_DATED})\)"),
        "behind": re.compile(rf"[”\"’»“.,;\s]*(?:[^\W\d_A-Z]+\s+){{0,3}}(?P<cited>{who}\s\({_DATED}\))"),
    }


def cited(
    document: Document, quotation: Quotation, begin: int, voice: str | None, lexicon: Lexicon, wrote: Wrote
) -> Span | None:
    """Where the sentence of a quotation names author and year, the last before it or the one behind it.

    `begin` is where the running text begins that belongs to the quotation; `voice` who speaks by it: a name
    and a year of another one are not whence his words are. What the quotation has of its own for a citation
    may be the inside of these parentheses, or a page in others; an own citation that says more is left alone.
    """
    own = quotation.attribution
    text = document.text
    if own and not _completes(text[own.start : own.end]):
        return None
    start = running.sentence_before(text, begin, quotation.span.start)
    found = [*_patterns()["cited"].finditer(text, start, quotation.span.start)]
    span = _named(found[-1], voice, lexicon, wrote) if found else None
    if span is None and (behind := _patterns()["behind"].match(text, quotation.span.end)):
        end = min(len(text), behind.end("cited"))
        named = _patterns()["cited"].match(text, behind.start("cited"), end)
        near = behind.start("cited") - quotation.span.end <= BEHIND
        span = _named(named, voice, lexicon, wrote) if named and near else None
    return span


def said(own: str, voice: str | None, wrote: Wrote) -> str | None:
    """A citation that is a year, and a place in it, or a bare page, with the name of whoever speaks: "Tarn
    insists that “...” (1908, p. 3)", "Tarn says “...” (47)". None of any other."""
    if voice and dated(own):
        return f"{voice} ({own.strip()})" if wrote(voice, _year(own)) else None
    paged = _PAGE.fullmatch(own.strip()) and not places.begins_with_year(own)
    return f"{voice} {own.strip()}" if voice and paged else None


def dated(own: str) -> bool:
    """Whether a citation is a year, with or without a place in what was published then."""
    return bool(_INSIDE.fullmatch(own.strip()))


def _completes(own: str) -> bool:
    """Whether a citation is a year or a place alone, which a name in the sentence completes."""
    return dated(own) or places.is_place(own)


def _year(own: str) -> int:
    return int(own.strip()[:4])


def _named(match: re.Match[str], voice: str | None, lexicon: Lexicon, wrote: Wrote) -> Span | None:
    who = match["who"]
    at = match.start("who")
    while who and not names.naming(who, lexicon):  # "As Tarn", "But Tarn": the sentence's first word is large
        head, _, rest = who.partition(" ")
        at, who = at + len(head) + 1, rest
    if not who or (voice and not names.same_author(voice, who)):
        return None
    if _BARE.fullmatch(match["dated"]) and not wrote(who, _year(match["dated"])):
        return None
    return Span(at, match.end())

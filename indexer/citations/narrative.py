"""Citations that are part of the sentence, the name before the parentheses: Tarn (1908: 3) argues that “...”.

Style guides call them narrative citations. The parentheses have a year and no more than a place beside it,
and the name is that of whoever speaks. A bare number may be a page, or the year of what is told: it is a
citation where a work is known that he wrote in that year.
"""

import re
from collections.abc import Callable

from indexer.citations import names, places, running
from indexer.citations.names import Lexicon
from indexer.models import Document, Quotation, Span

# Characters of the longest name or names before a year.
LONGEST_NAMES = 80
# Characters of what stands between a quotation and whom the words behind it name.
BEHIND = 40

# Whether a work is known that somebody wrote in a year.
Wrote = Callable[[str, int], bool]

_CAPITAL = r"[^\W\d_a-zß-ÿа-яё][\w’'.-]*"
_NAMES = rf"{_CAPITAL}(?:,?\s+(?:(?:and|und|et|&|von|van|de|der)\s+)*{_CAPITAL}){{0,4}}(?:\s+et\s+al\.)?"
_DATED = r"(?:1[4-9]|20)\d\d[a-z]?(?:\s*[,:]\s*[^()]{1,24})?"
_CITED = re.compile(rf"(?<!\w)(?P<who>{_NAMES})\s\((?P<dated>{_DATED})\)")
_PAGE = re.compile(r"\d{1,4}(?:[-–]\d{1,4})?")
_BARE = re.compile(r"\d{4}[a-z]?")
_INSIDE = re.compile(_DATED)
_BEHIND = re.compile(rf"[”\"’»“.,;\s]*(?:[^\W\d_A-Z]+\s+){{0,3}}(?P<cited>{_NAMES}\s\({_DATED}\))")


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
    found = [*_CITED.finditer(text, start, quotation.span.start)]
    span = _named(found[-1], voice, lexicon, wrote) if found else None
    if span is None and (behind := _BEHIND.match(text, quotation.span.end)):
        end = min(len(text), behind.end("cited"))
        named = _CITED.match(text, behind.start("cited"), end)
        near = behind.start("cited") - quotation.span.end <= BEHIND
        span = _named(named, voice, lexicon, wrote) if named and near else None
    return span


def said(own: str, voice: str | None, wrote: Wrote) -> str | None:
    """A citation that is a year, and a place in it, or a bare page, with the name of whoever speaks: "Tarn
    insists that “...” (1908, p. 3)", "Tarn says “...” (47)". None of any other."""
    if voice and dated(own):
        return f"{voice} ({own.strip()})" if wrote(voice, _year(own)) else None
    return f"{voice} {own.strip()}" if voice and _PAGE.fullmatch(own.strip()) else None


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

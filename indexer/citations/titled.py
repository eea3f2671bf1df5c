"""Works of the archive whose titles stand in a quotation's own sentence, without italics or marks.

In The Pier Tarn says “...”; Tarn's The Pier has it so: “...”. Capitals alone make no title of “the Salt
Road”: a title begins with a large article within a sentence, or has small words between large ones, or the
year of the work stands behind it. And the sentence says that something stands in it: behind “in”, behind
“his” or a name's possessive, in parentheses behind a name, or before a verb of saying.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from indexer.citations import habits, holding, italics, names, places, running, titles
from indexer.citations.model import Source
from indexer.citations.shelf import Shelf, one_work
from indexer.models import Document, Quotation, Span

# Words of the longest title that is looked up.
LONGEST_TITLE = 12
# Characters of the essay's own words behind a quotation.
BEHIND = 200


@dataclass(frozen=True, slots=True)
class Titled:
    """A title where it stands, the works that it can mean, and whose it is by the words before it."""

    span: Span
    title: str
    ids: tuple[str, ...]
    owner: str | None


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    large = r"(?:[^\W\d_a-zß-ÿа-яё][\w’'-]*|\d+)"
    small = f"(?i:{habits.either('small')})"
    # Not as `running` has names: the apostrophe of a possessive ends this one.
    capital = r"[^\W\d_a-zß-ÿа-яё](?:\.|[\w-]+)"
    name = rf"(?<!\w){capital}(?:\s(?:{habits.either('particle')}\s)?{capital}){{0,4}}"
    return {
        "run": re.compile(rf"(?<![\w’'-]){large}(?:[:,]?\s(?:{small}\s){{0,3}}{large})*"),
        "article": re.compile(rf"(?i:{habits.either('article')})\s"),
        "behind article": re.compile(rf"{habits.either('article')}\s+$", re.I),
        "small": re.compile(rf"\s{habits.either('small')}\s"),
        "aside": re.compile(rf"(?P<name>{name})\s\($"),
        "owner": re.compile(rf"(?P<name>{name})[’'‘]s?\s+(?:[^\W\d_A-Z]\w*\s+){{0,3}}$"),
        "as": re.compile(rf"(?:^|\W){habits.either('led')}\s+$", re.I),
        "clause": re.compile(r"[^.;:“„«\n]*"),
        "said": re.compile(rf"\s*(?i:{habits.either('speech')})"),
        "year": re.compile(rf"\s*\((?P<year>{places.YEAR})\b"),
    }


def named(document: Document, quotation: Quotation, begin: int, works: Shelf) -> list[Titled]:
    """The titles in the last sentence before the quotation and in the clause behind it, in text order.

    `begin` is where the running text begins that belongs to the quotation.
    """
    text, start = document.text, quotation.span.start
    floor = running.sentence_before(text, begin, start)
    clause = _patterns()["clause"].match(text, quotation.span.end, quotation.span.end + BEHIND)
    spans = [Span(floor, start), Span(quotation.span.end, clause.end() if clause else start)]
    return [found for span in spans for found in _titles(text, span, works)]


def _titles(text: str, span: Span, works: Shelf) -> Iterator[Titled]:
    at = span.start
    while match := _patterns()["run"].search(text, at, span.end):
        found = next(_of_run(text, span, match, works), None)
        at = found.span.end if found else match.end()
        if found:
            yield found


def _of_run(text: str, inside: Span, run: re.Match[str], works: Shelf) -> Iterator[Titled]:
    """The titles in a run of large words, the first and longest first: the sentence's first word may stand
    before one ("In The Pier"), and a name behind it."""
    words = [m.span() for m in re.finditer(r"[\w’'-]+", run.group())]
    for first, (begin, _) in enumerate(words[:LONGEST_TITLE]):
        start = run.start() + begin
        lead = _lead(text[inside.start : start])
        if lead is None or text[start].islower():
            continue
        for _, end in reversed(words[first + 1 : first + LONGEST_TITLE]):
            title = _titled(text, Span(start, run.start() + end), inside, lead, works)
            if title:
                yield title


@dataclass(frozen=True, slots=True)
class _Lead:
    """The sentence up to a title: whose it is, and whether only a verb of saying behind it makes it one."""

    head: str
    owner: str | None
    open: bool


def _lead(head: str) -> _Lead | None:
    """None where nothing says that a title follows."""
    aside = _patterns()["aside"].search(head)
    owner = aside or _patterns()["owner"].search(head)
    name = names.bare(owner["name"]) if owner else None
    if aside or italics.lead().search(head):
        return _Lead(head, name, False)
    begins = not head.strip() or _patterns()["as"].search(head)
    return _Lead(head, name, True) if begins else None


def _titled(text: str, at: Span, inside: Span, lead: _Lead, works: Shelf) -> Titled | None:
    title, tail = text[at.start : at.end], text[at.end : inside.end]
    if lead.open and not _patterns()["said"].match(tail):
        return None
    if len(titles.content(title)) < 2 or not (ids := holding.entitled(title, works)):
        return None
    year = _patterns()["year"].match(tail)
    dated = [i for i in ids if year and works.works[i].year == int(year["year"])]
    if not dated and not _is_title(title, lead.head):
        return None
    by = lead.owner
    found = one_work(
        works, [i for i in dated or ids if not by or names.same_author(works.works[i].author, by)]
    )
    return Titled(at, title, found, by) if found else None


def _is_title(title: str, head: str) -> bool:
    """Whether large letters are those of a title and no thing that bears them; many words are one's own."""
    if _patterns()["article"].match(title) and head.strip():
        return True
    many = len(titles.content(title)) >= titles.FEW_WORDS
    alone = many or not _patterns()["behind article"].search(head)
    return bool(_patterns()["small"].search(title)) and alone


def sources(found: Sequence[Titled], voice: str | None, works: Shelf) -> list[Source]:
    """What these titles name as sources of the words of `voice`, as author where it wrote one.

    Of works that people wrote who are not the one who speaks nothing is said: the sentence may tell of two.
    """
    named = []
    for one in found:
        by = [works.works[i].author for i in one.ids]
        his = [names.same_author(author, voice) for author in by]
        if not voice or all(his):
            named.append(Source(voice or one.owner, one.title, ids=one.ids))
        elif not any(his) and not any(map(holding.personal, by)):
            named.append(Source(None, one.title, ids=one.ids))
    return named

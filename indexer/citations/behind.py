"""A citation in parentheses behind the words that say who speaks: “...,” he says (Title of a Work).

Parentheses with a page are told by their form. Of the others only those count that name a work which the
essay's list or the archive has, or that begin with the author's initials: the rest are asides.
"""

import re

from indexer.citations import holding, names, reading, titles
from indexer.citations.model import Source
from indexer.citations.passing import Pass, known_as
from indexer.citations.shelf import Shelf
from indexer.models import Document, Quotation, Span

# Between a quotation and its parentheses stand some words of one clause, and no other quotation.
_BEHIND = re.compile(
    r"[.,;]?[”\"’»“]?[.,]?(?:[^\S\n]+[^\s()“”\"„«».,:;!?]+){1,8}[^\S\n]+"
    r"\((?P<cite>[^\W\d_a-zß-ÿ](?:[^()\n]|\([^()\n]*\)){3,200})\)(?=\s*(?:[.,;:]|\n|$))"
)


def cited(
    document: Document, quotation: Quotation, after: Quotation | None, state: Pass, works: Shelf
) -> Span | None:
    """Where the citation stands that ends the clause behind a quotation, if it surely is one."""
    match = _BEHIND.match(document.text, quotation.span.end)
    if not match or (after and after.span.start < match.end()):
        return None
    span = Span(*match.span("cite"))
    return span if _names_work(document.text[span.start : span.end], state, works) else None


def _names_work(text: str, state: Pass, works: Shelf) -> bool:
    found = reading.read(text, state.lexicon)
    if found.kind not in ("full", "title") or len(titles.content(found.title or "")) < 2:
        return False
    if found.kind == "full" and names.initialled(found.author or ""):
        return True
    source = Source(found.author, found.title, found.locator, found.via, found.url, found.year)
    known = known_as(state, found.author, found.title or "")
    return known is not None or bool(holding.meant(reading.tidy(text), source, works).ids)

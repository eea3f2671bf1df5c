"""Whose an essay says that quoted words are: its citations and its lists of sources, resolved.

`shelve` makes the works findable once; `cited` reads the essay's own lists of sources and gives every
quotation its citation. Silence comes before a guess: where two works
could be meant the outcome is "ambiguous", where nothing is understood the fields are None.
"""

from collections.abc import Sequence
from dataclasses import replace

from indexer.citations import resolving, sources
from indexer.citations.model import Source
from indexer.citations.shelf import Shelf, otherwise, overheard, shelve
from indexer.models import Citation, Document, Entry, Quotation

__all__ = ["Shelf", "cited", "otherwise", "overheard", "shelve"]

Listed = Sequence[tuple[sources.Listed, list[Source]]]


def cited(
    document: Document, quotations: Sequence[Quotation], shelf: Shelf
) -> tuple[list[Entry], list[Citation]]:
    """The entries of the essay's own lists of sources, and one citation a quotation, each in text order.

    Of an essay without a list its notes are the entries; else they are read, too, for short forms mean what a
    note names. The `work_id` of an entry is the one work of the shelf that it means, as a citation in these
    words would mean it: by its address or else by author and title; None where it means none or several. A
    citation's `text` is None where running text alone names author or work.
    """
    listed = _listed(document, shelf)
    named = [source for _, works in listed for source in works]
    found = resolving.resolve(document, quotations, resolving.begin(document, named, shelf), shelf)
    return _entries(document, listed, shelf), found


def _entries(document: Document, listed: Listed, shelf: Shelf) -> list[Entry]:
    found = []
    for at, named in sources.own(listed):
        main = named[0]
        entry = Entry(document.work.id, at.span, at.text, main.author, main.title, main.year, main.url)
        found.append(replace(entry, work_id=sources.resolved(entry, main, shelf)))
    return found


def _listed(document: Document, shelf: Shelf) -> Listed:
    """What the lists and the notes name: read once more when it is known whom and what they name."""
    found = sources.listed(document)
    first = sources.sources_of(found, resolving.lexicon_of(document, (), shelf))
    lexicon = resolving.lexicon_of(document, [source for _, named in first for source in named], shelf)
    return sources.sources_of(found, lexicon)

"""Whose an essay says that quoted words are: its citations and its lists of sources, resolved.

`shelve` makes the works findable once; `entries` reads the essay's own lists of sources;
`citations` gives every quotation its citation. Silence comes before a guess: where two works
could be meant the outcome is "ambiguous", where nothing is understood the fields are None.
"""

from collections.abc import Sequence
from dataclasses import replace

from indexer.citations import resolving, sources
from indexer.citations.model import Source
from indexer.citations.shelf import Shelf, otherwise, overheard, shelve
from indexer.models import Citation, Document, Entry, Quotation

__all__ = ["Shelf", "citations", "entries", "otherwise", "overheard", "shelve"]


def entries(document: Document, shelf: Shelf) -> list[Entry]:
    """The entries of the essay's own lists of sources, in text order; of its notes if it has no list.

    `work_id` is the one work of the shelf that an entry means, as a citation in these words would mean
    it: by its address or else by author and title; None where it means none or several.
    """
    found = []
    for listed, named in sources.own(_sources(document, shelf)):
        main = named[0]
        entry = Entry(
            document.work.id, listed.span, listed.text, main.author, main.title, main.year, main.url
        )
        found.append(replace(entry, work_id=sources.resolved(entry, main, shelf)))
    return found


def citations(
    document: Document, quotations: Sequence[Quotation], entries: Sequence[Entry], shelf: Shelf
) -> list[Citation]:
    """One citation a quotation, in the order of the quotations.

    `entries` are those that `entries(document, shelf)` gave; notes that are none are read too, for
    short forms mean what a note names. A citation's `text` is None where running
    text alone names author or work.
    """
    listed = [source for _, named in _sources(document, shelf) for source in named]
    return resolving.resolve(document, quotations, resolving.begin(document, listed, shelf), shelf)


def _sources(document: Document, shelf: Shelf) -> list[tuple[sources.Listed, list[Source]]]:
    found = sources.listed(document)
    first = sources.sources_of(found, resolving.lexicon_of(document, (), shelf))
    lexicon = resolving.lexicon_of(document, [source for _, named in first for source in named], shelf)
    return sources.sources_of(found, lexicon)

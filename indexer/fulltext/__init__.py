"""Full-text search: passages go in, a typed query comes, a page of passages goes out.

    write(folder, records, engine)         a fresh index
    renew(folder, last, gone, records)     an index with some works changed
    Fulltext(folder).search(query)         -> Results

`query` reads what was typed into a tree of our own, within bounds; `vocabulary` are the words of the archive,
among which `expanding` looks up those that a query's terms stand for. `engines` is the port: what an engine
is asked and answers. Behind it are Whoosh and tantivy, each in its own room, the only ones that know its
library (`words` knows Whoosh's stemmers). `marking` finds in a passage what matched.
"""

from indexer.fulltext.engines import ENGINES, engine
from indexer.fulltext.indexing import renew, write
from indexer.fulltext.query import read, years
from indexer.fulltext.records import Count, Filters, Found, Hint, Record, Results, Sort, TextOf
from indexer.fulltext.searching import FACETS, Fulltext

__all__ = [
    "ENGINES",
    "FACETS",
    "Count",
    "Filters",
    "Found",
    "Fulltext",
    "Hint",
    "Record",
    "Results",
    "Sort",
    "TextOf",
    "engine",
    "read",
    "renew",
    "write",
    "years",
]

"""Full-text search: passages go in, a typed query comes, a page of passages goes out.

    write(folder, records)                 a fresh index
    renew(folder, last, gone, records)     an index with some works changed
    Fulltext(folder).search(query)    -> Results

`query` reads what was typed into a tree of our own, within bounds; `expanding` looks up the words that its
terms stand for; `matching` evaluates the tree on the lists of passages that `reading` gets from Whoosh;
`marking` finds in a passage what matched. Only `writing` and `reading` know the engine (and `words` its
stemmers): another engine has to give `reading.Index` what these two give.
"""

from indexer.fulltext.query import read, years
from indexer.fulltext.records import Count, Filters, Found, Hint, Record, Results, Sort, TextOf
from indexer.fulltext.searching import Fulltext
from indexer.fulltext.writing import renew, write

__all__ = [
    "Count",
    "Filters",
    "Found",
    "Fulltext",
    "Hint",
    "Record",
    "Results",
    "Sort",
    "TextOf",
    "read",
    "renew",
    "write",
    "years",
]

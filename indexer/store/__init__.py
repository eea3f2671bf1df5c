"""The records to and from SQLite; the only room that knows the tables of `schema.sql`.

An index is a folder `index/<generation>/` with `records.sqlite3`, `fulltext/` and `seeds/`; the file
`index/current` names the generation in force. A generation never changes once it is named there,
so it is opened read-only and without locks.
"""

from indexer.store import layout
from indexer.store.digests import Facts, facts
from indexer.store.in_force import current, generation, generations, whole
from indexer.store.layout import CURRENT, FULLTEXT, RECORDS
from indexer.store.places import searched, where
from indexer.store.reading import Judged, Store
from indexer.store.scripts import change_json, citation_json, entry_json, finding_json, place_json
from indexer.store.writing import WriteFailed, Writer, link_seeds, save_revised, save_seeds

__all__ = [
    "CURRENT", "FULLTEXT", "RECORDS", "Facts", "Judged", "Store", "WriteFailed", "Writer", "change_json",
    "citation_json", "current", "entry_json", "facts", "finding_json", "generation", "generations", "layout",
    "link_seeds", "place_json", "save_revised", "save_seeds", "searched", "where", "whole",
]  # fmt: skip

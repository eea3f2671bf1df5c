"""What is in `raw/`: the works that catalogues list and the files that were added, and how both change.

A collection is a folder of `raw/`. Its `catalogue.toml` says what people know of its works; its
`provenance.jsonl` has a line for every file that was added or fetched, and is only ever appended to
(but for a file that is removed). A file without an entry in the catalogue is a work with what its
own text says of itself. An address that was fetched again and gave other bytes, or a file that has changed
since it was added, has several files, its editions: the line of each names the first as `edition_of`, and
the last line's file is the work's. A file whose bytes are held already from another address names that
file as `same_as`: one work with two addresses.
This module and `fetch` alone write `raw/`.
"""

from indexer.catalogue.adding import DEFAULT, Added, Unreadable, add, add_edition, keep
from indexer.catalogue.changing import edit, remove
from indexer.catalogue.listing import CATALOGUE
from indexer.catalogue.naming import bare, is_address, is_host, legible, mirrored, slug
from indexer.catalogue.records import PROVENANCE, alone, provenance, record, records
from indexer.catalogue.shelving import collections, find, unlisted
from indexer.catalogue.spelling import NAMES, spellings

__all__ = [
    "CATALOGUE", "DEFAULT", "NAMES", "PROVENANCE", "Added", "Unreadable", "add", "add_edition", "alone",
    "bare", "collections", "edit", "find", "is_address", "is_host", "keep", "legible", "mirrored",
    "provenance", "record", "records", "remove", "slug", "spellings", "unlisted",
]  # fmt: skip

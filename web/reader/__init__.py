"""The reader's own records: what is here exists nowhere else.

`file` knows where they are, opens them and copies them; beside it stands one file a kind of record
(`bookmarks`, `judgements`, `searches`), each with its own part of reader.sql. `changes` edits bookmarks and
undoes; `exchange` takes bookmarks out and in, `searches_exchange` and `judgements_exchange` what their names
say; `accounts` says who is who on a public server. Every function takes the path of the file, for a server
may keep one a reader.
"""

from web.reader import accounts, bookmarks, changes, exchange, judgements, searches
from web.reader.file import FILE, Refused, backup, restore

__all__ = [
    "FILE", "Refused", "accounts", "backup", "bookmarks", "changes", "exchange", "judgements", "restore",
    "searches",
]  # fmt: skip

"""The reader's own records: what is here exists nowhere else.

`file` knows where they are and opens them; beside it stands one file a kind of record (`bookmarks`,
`judgements`, `searches`), each with its own part of reader.sql, and `exchange` takes bookmarks out and in.
Every function takes the path of the file, for a server may keep one a reader.
"""

from web.reader import bookmarks, exchange, judgements, searches
from web.reader.file import FILE, Refused

__all__ = ["FILE", "Refused", "bookmarks", "exchange", "judgements", "searches"]

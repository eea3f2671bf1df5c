"""What can break, as a tree. The text of an error says what was wrong, where, and what to do.

LoccitError
├── UsageError         wrong use: exit code 2
├── CatalogueError     a catalogue.toml that cannot be read; names file and line
├── UnreadableFile     a raw file that yields no text; names the file and why
├── IndexUnusable
│   ├── NoIndex        nothing was indexed yet
│   ├── OtherVersion   the index was built by another version
│   └── NoEngine       the engine of the index, or that was asked for, is not installed
├── QueryError         a search that cannot be read as typed; carries a mended query
├── NotThere           a work, passage, quotation or bookmark that does not exist
└── ReaderError        the reader's own records cannot be opened or written
"""


class LoccitError(Exception):
    """Anything that Loccit itself reports; its text is meant for people."""


class UsageError(LoccitError):
    """The command was used in a way that cannot work."""


class CatalogueError(LoccitError):
    """A catalogue is not as it should be."""


class UnreadableFile(LoccitError):
    """A raw file from which no text can be had."""


class IndexUnusable(LoccitError):
    """The index cannot be used."""


class NoIndex(IndexUnusable):
    """Nothing has been indexed in this archive yet."""


class OtherVersion(IndexUnusable):
    """The index was built by a version of Loccit with another layout."""


class NoEngine(IndexUnusable):
    """A full-text engine that is not there."""


class QueryError(LoccitError):
    """A query that cannot be run as typed.

    `mended` is a query that can, offered to the reader as a link, or None.
    """

    def __init__(self, message: str, mended: str | None = None) -> None:
        super().__init__(message)
        self.mended = mended


class NotThere(LoccitError):
    """What was asked for by its id does not exist."""


class ReaderError(LoccitError):
    """The reader's records (bookmarks) cannot be opened or written."""

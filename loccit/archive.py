"""The folder that a command works on."""

from dataclasses import dataclass
from pathlib import Path

from indexer import names, store


@dataclass(frozen=True, slots=True)
class Archive:
    """A folder with `raw/`, `index/` and the reader's records."""

    root: Path

    @property
    def raw(self) -> Path:
        return self.root / "raw"

    @property
    def index(self) -> Path:
        return self.root / "index"

    @property
    def reader(self) -> Path:
        return self.root / "reader.sqlite3"

    def records(self) -> store.Store:
        """The records of the index in force; from then on names are spelt as it knows them."""
        found = store.Store(store.current(self.index))
        names.recall(found.meta.get("names", ""))
        return found

"""The folder that a command works on."""

from dataclasses import dataclass
from pathlib import Path

import click

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
        """The records of the index in force; for the rest of the command names are spelt as it knows them."""
        found = store.Store(store.current(self.index))
        spellings = names.Spellings.read(found.meta.get("names", ""))
        click.get_current_context().with_resource(names.spelt(spellings))
        return found

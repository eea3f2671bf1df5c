"""Writing a generation: its records, and what lies beside them."""

import os
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict, astuple
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from indexer.models import (
    Collection,
    Document,
    Entry,
    FileReport,
    Finding,
    Passage,
    Provenance,
    Revised,
    Work,
)
from indexer.store import layout
from indexer.store.digests import Facts, facts
from indexer.store.layout import RECORDS, REVISED
from indexer.store.rows import dump, finding_row, lists, work_row

WriteFailed = sqlite3.Error
"""What writing records raises when the disk fails it."""


class Writer:
    """Writes the records of a new generation; nothing can be read before `close`.

    Without `last` all records are to be given. With it the new generation begins as a copy of that one; then
    what is not of one work (`collections` and the like) is to be given whole again, and of works and essays
    what is otherwise, after `forget`.
    """

    def __init__(self, folder: Path, last: Path | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if last is not None:
            _copy(last / RECORDS, folder / RECORDS)
        self._db = sqlite3.connect(folder / RECORDS)
        self._db.executescript("pragma journal_mode = off; pragma synchronous = off;")
        if last is None:
            self._db.executescript(resources.files("indexer.store").joinpath("schema.sql").read_text("utf8"))
        self._db.execute("begin")
        for table in ("meta", "collection", "work", "provenance", "report") if last else ():
            self._db.execute(f"delete from {table}")
        self.meta({"layout": layout.LAYOUT})

    def forget(self, documents: Iterable[str], essays: Iterable[str]) -> None:
        """Drops texts with their passages, and the quotations and lists of sources of essays."""
        for work_id in documents:
            for table in ("passage", "document"):
                self._db.execute(f"delete from {table} where work_id = ?", (work_id,))
        for essay_id in essays:
            self._db.execute(
                "delete from place where quotation_id in (select id from quotation where essay_id = ?)",
                (essay_id,),
            )
            for table in ("quotation", "entry", "asked"):
                self._db.execute(f"delete from {table} where essay_id = ?", (essay_id,))

    def _insert(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        rows = list(rows)
        if rows:
            marks = ",".join("?" * len(rows[0]))
            self._db.executemany(f"insert into {table} values ({marks})", rows)

    def meta(self, values: Mapping[str, str]) -> None:
        """Adds facts about the index itself."""
        self._insert("meta", values.items())

    def collections(self, collections: Iterable[Collection]) -> None:
        """Adds what the catalogues say of themselves; their works are added by `works`."""
        self._insert("collection", ((c.name, c.title, c.description, c.licence) for c in collections))

    def works(self, works: Iterable[Work], words: Mapping[str, int]) -> None:
        """Adds works; `words` counts the words of raw files, by path."""
        self._insert("work", ((*work_row(w), words.get(w.file or "", 0)) for w in works))

    def provenance(self, records: Iterable[Provenance]) -> None:
        """Adds where the raw files came from."""
        self._insert("provenance", (astuple(p) for p in records))

    def reports(self, reports: Iterable[FileReport], bases: Mapping[str, str] = MappingProxyType({})) -> None:
        """Adds what became of each raw file, and by its path a digest of what that hangs on."""
        self._insert("report", ((*astuple(r), bases.get(r.file)) for r in reports))

    def document(self, document: Document, passages: Iterable[Passage], known: Facts | None = None) -> None:
        """Adds the text of a held work and its passages; `known` are its facts, if they were asked for."""
        known, row = known or facts(document), (document.work.id, document.text, *lists(document))
        self._insert("document", [(*row, known.digest, known.wording, dump(known.chapters))])
        self._insert(
            "passage", ((p.id, p.work_id, p.span.start, p.span.end, p.locator, p.speaker) for p in passages)
        )

    def entries(self, entries: Iterable[Entry]) -> None:
        """Adds entries of essays' lists of sources."""
        self._insert(
            "entry",
            (
                (e.essay_id, e.span.start, e.span.end, e.text, e.author, e.title, e.year, e.url, e.work_id)
                for e in entries
            ),
        )

    def asked(self, essay_id: str, questions: Iterable[str]) -> None:
        """Adds what the citations of an essay hang on."""
        self._insert("asked", [(essay_id, dump(sorted(questions)))])

    def findings(self, findings: Iterable[Finding]) -> None:
        """Adds quotations with all that was found of them."""
        for finding in findings:
            self._insert("quotation", [finding_row(finding)])
            if (a := finding.alignment) is not None:
                places = enumerate((a.place, *a.others))
                self._insert(
                    "place",
                    ((a.quotation_id, n, p.work_id, p.span.start, p.span.end) for n, p in places),
                )

    def close(self) -> None:
        """Completes the records; the caller makes them durable."""
        self._db.execute("commit")
        self._db.execute("analyze")
        self._db.commit()
        self._db.close()


def save_revised(folder: Path, records: Iterable[Revised]) -> None:
    """Writes which quotations changed their verdict beside the records of a generation."""
    (folder / REVISED).write_text(dump([asdict(r) for r in records]), "utf8")


def save_seeds(folder: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Writes the aligner's arrays beside the records of a generation."""
    (folder / "seeds").mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        np.save(folder / "seeds" / f"{name}.npy", array)


def link_seeds(folder: Path, last: Path) -> None:
    """Gives a new generation the aligner's arrays of the last, which never change: the same files."""
    (folder / "seeds").mkdir(parents=True, exist_ok=True)
    for path in (last / "seeds").glob("*.npy"):
        try:
            os.link(path, folder / "seeds" / path.name)
        except OSError:
            _copy(path, folder / "seeds" / path.name)


def _copy(source: Path, target: Path) -> None:
    """Copies a file, by sharing its blocks where the file system can."""
    with source.open("rb") as old, target.open("wb") as new:
        left = os.fstat(old.fileno()).st_size
        try:
            while left > 0 and (done := os.copy_file_range(old.fileno(), new.fileno(), left)):
                left -= done
        except (AttributeError, OSError):
            left = -1
    if left:
        shutil.copyfile(source, target)

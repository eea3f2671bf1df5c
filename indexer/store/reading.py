"""Reading the records of a generation."""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from indexer.errors import IndexUnusable, NotThere
from indexer.models import (
    Citation,
    Collection,
    Document,
    Entry,
    FileReport,
    Finding,
    Passage,
    Place,
    Provenance,
    Revised,
    Span,
    VerdictName,
    Work,
)
from indexer.store.digests import Facts, facts
from indexer.store.layout import RECORDS, REVISED
from indexer.store.places import blanked
from indexer.store.rows import Row, dump, to_anchors, to_document, to_finding, to_passage, to_work

# Documents kept decoded: enough for the works of one page and its neighbours, some 50 kB each.
KEPT_DOCUMENTS = 64


@dataclass(frozen=True, slots=True)
class Judged:
    """A quotation in a line: its words, its verdict, and the work in which it stands, if in any."""

    id: str
    essay_id: str
    text: str
    verdict: VerdictName
    source: str | None


class Store:
    """The records of one generation, read-only; may be shared by threads (each has its own connection)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._local = threading.local()
        self.document = lru_cache(KEPT_DOCUMENTS)(self._document)
        self.work = lru_cache(None)(self._work)

    def _rows(self, sql: str, *values: Any) -> list[Row]:
        try:
            db = getattr(self._local, "db", None)
            if db is None:
                address = f"{(self.folder / RECORDS).resolve().as_uri()}?mode=ro&immutable=1"
                db = self._local.db = sqlite3.connect(address, uri=True)
                db.row_factory = sqlite3.Row
            return db.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise _damaged(self.folder, error) from error

    @property
    def meta(self) -> dict[str, str]:
        """Facts about the index itself, among them its layout."""
        try:
            return {row["key"]: row["value"] for row in self._rows("select * from meta")}
        except IndexUnusable:
            return {}

    def collections(self) -> list[Collection]:
        """The collections by name, without their works."""
        return [Collection(*row) for row in self._rows("select * from collection order by name")]

    def works(
        self, collection: str | None = None, kind: str | None = None, held: bool | None = None
    ) -> list[Work]:
        """Works in the order of their ids, kept to what is given."""
        found = self._rows(
            "select * from work where (?1 is null or collection = ?1) and (?2 is null or kind = ?2) "
            "and (?3 is null or (file is not null) = ?3) order by id",
            collection, kind, held,
        )  # fmt: skip
        return [to_work(row) for row in found]

    def _work(self, work_id: str) -> Work:
        rows = self._rows("select * from work where id = ?", work_id)
        if not rows:
            raise NotThere(f"There is no work “{work_id}” in this archive. loccit list shows all.")
        return to_work(rows[0])

    def words(self) -> dict[str, int]:
        """The number of words of each held work, by id."""
        return {r["id"]: r["words"] for r in self._rows("select id, words from work where file is not null")}

    def facts(self) -> dict[str, Facts]:
        """What is known of each document without reading it, by the id of its work."""
        rows = self._rows("select work_id, digest, wording, chapters from document order by work_id")
        return {
            r["work_id"]: Facts(r["digest"], r["wording"], tuple(json.loads(r["chapters"]))) for r in rows
        }

    def bases(self) -> dict[str, str]:
        """What the outcome of each raw file hangs on, as a digest, by its path."""
        return {r["file"]: r["basis"] for r in self._rows("select file, basis from report where basis <> ''")}

    def asked(self) -> dict[str, tuple[str, ...]]:
        """What the citations of each essay asked of the works."""
        return {r["essay_id"]: tuple(json.loads(r["questions"])) for r in self._rows("select * from asked")}

    def citing(self, work_ids: Iterable[str]) -> list[str]:
        """The essays that cite one of these works."""
        at = [f.name for f in fields(Citation)].index("work_id")
        rows = self._rows(
            "select distinct essay_id from quotation where json_extract(citation, ?) in "
            "(select value from json_each(?)) order by essay_id",
            f"$[{at}]", dump(sorted(work_ids)),
        )  # fmt: skip
        return [row["essay_id"] for row in rows]

    def children(self, work_id: str) -> list[Work]:
        """The chapters of a table of contents, in the order of their ids."""
        return [to_work(r) for r in self._rows("select * from work where parent = ? order by id", work_id)]

    def is_held(self, work: Work) -> bool:
        """Whether the text of a work, or of a chapter of it, is held."""
        return work.file is not None or bool(
            self._rows("select 1 from work where parent = ? and file is not null limit 1", work.id)
        )

    def _document(self, work_id: str) -> Document:
        work = self.work(work_id)
        rows = self._rows("select * from document where work_id = ?", work_id)
        if not rows:
            raise NotThere(f"The text of “{work.title}” ({work_id}) is not held.")
        return to_document(work, rows[0])

    def passages(self, work_id: str) -> list[Passage]:
        """The passages of a work in text order; none if it is not held."""
        rows = self._rows("select * from passage where work_id = ? order by start", work_id)
        return [to_passage(row) for row in rows]

    def passage(self, passage_id: str) -> Passage:
        """One passage by its id. Raises NotThere."""
        rows = self._rows("select * from passage where id = ?", passage_id)
        if not rows:
            raise NotThere(f"There is no passage “{passage_id}” in this archive.")
        return to_passage(rows[0])

    def passage_at(self, work_id: str, offset: int) -> Passage | None:
        """The passage that holds a character of a work's text, or the last before it."""
        rows = self._rows(
            "select * from passage where work_id = ? and start <= ? order by start desc limit 1",
            work_id, offset,
        )  # fmt: skip
        return to_passage(rows[0]) if rows else None

    def texts(self, passage_ids: Sequence[str]) -> dict[str, str]:
        """The texts of passages as they are searched, by their ids; ids that do not exist are left out."""
        among = "in (select value from json_each(?))"
        passages = self._rows(
            f'select id, work_id, start, "end" from passage where id {among}', dump(list(passage_ids))
        )
        works = sorted({p["work_id"] for p in passages})
        rows = self._rows(f"select work_id, text, anchors from document where work_id {among}", dump(works))
        read = {r["work_id"]: (r["text"], to_anchors(r["anchors"])) for r in rows}
        return {
            p["id"]: blanked(text[p["start"] : p["end"]], p["start"], anchors)
            for p in passages
            for text, anchors in (read[p["work_id"]],)
        }

    def findings(self, essay_id: str | None = None) -> list[Finding]:
        """All findings of an essay, or of all essays, in the order of essays and of the text."""
        if essay_id is None:
            return self._found("")
        return self._found("where q.essay_id = ?", essay_id)

    def finding(self, quotation_id: str) -> Finding:
        """One finding by the id of its quotation. Raises NotThere."""
        found = self._found("where q.id = ?", quotation_id)
        if not found:
            raise NotThere(f"There is no quotation “{quotation_id}” in this archive.")
        return found[0]

    def _found(self, which: str, *values: str) -> list[Finding]:
        """The findings of the quotations q that are meant, with their places. The tables are gone through in
        this order (a cross join is never turned round), by their indexes: one of many costs no more."""
        rows = self._rows(f"select q.* from quotation q {which} order by q.essay_id, q.start, q.id", *values)
        joined = f"quotation q cross join place p on p.quotation_id = q.id {which}"
        places: dict[str, list[Place]] = {}
        for p in self._rows(f"select p.* from {joined} order by p.rank", *values):
            places.setdefault(p["quotation_id"], []).append(Place(p["work_id"], Span(p["start"], p["end"])))
        return [to_finding(row, places.get(row["id"], [])) for row in rows]

    def quoting(self, work_id: str) -> list[tuple[Place, Finding]]:
        """Where a work is quoted, in the order of its text: the place in it and the finding."""
        rows = self._rows(
            'select * from place where work_id = ? order by start, "end", quotation_id', work_id
        )
        found = {row["quotation_id"]: self.finding(row["quotation_id"]) for row in rows}
        return [(Place(work_id, Span(r["start"], r["end"])), found[r["quotation_id"]]) for r in rows]

    def quoted_counts(self) -> dict[str, int]:
        """How many quotations have their first place in a work, by the work's id."""
        rows = self._rows("select work_id, count(*) as n from place where rank = 0 group by work_id")
        return {row["work_id"]: row["n"] for row in rows}

    def entries(self, essay_id: str | None = None) -> list[Entry]:
        """The entries of one essay's list of sources, or of all essays'."""
        which, values = ("", ()) if essay_id is None else ("where essay_id = ?", (essay_id,))
        rows = self._rows(f"select * from entry {which} order by essay_id, start", *values)
        return [Entry(r["essay_id"], Span(r["start"], r["end"]), *tuple(r)[3:]) for r in rows]

    def provenance(self, file: str) -> Provenance | None:
        """Where a raw file came from, if that was recorded."""
        rows = self._rows("select * from provenance where file = ?", file)
        return Provenance(**dict(rows[0])) if rows else None

    def newest(self, most: int) -> list[tuple[Work, Provenance]]:
        """The held works whose files came last, at most so many, the newest first."""
        rows = self._rows(
            "select w.id as work_id, p.* from provenance p join work w on w.file = p.file"
            " order by p.added desc, w.id limit ?",
            most,
        )
        names = [field.name for field in fields(Provenance)]
        return [(self.work(row["work_id"]), Provenance(*(row[name] for name in names))) for row in rows]

    def remarks(self, file: str) -> str:
        """What a reader should know of how a raw file was read; "" if nothing."""
        rows = self._rows("select reason from report where file = ?", file)
        return str(rows[0]["reason"]) if rows else ""

    def raw_editions(self, file: str) -> list[Provenance]:
        """All editions of a raw file that are kept, it among them, by the day on which they were added."""
        rows = self._rows(
            "select p.* from provenance p, provenance this where this.file = ? and "
            "coalesce(p.edition_of, p.file) = coalesce(this.edition_of, this.file) "
            "order by p.added, p.edition_of is not null, p.file",
            file,
        )
        return [Provenance(**dict(row)) for row in rows]

    def editions(self, work: Work) -> list[Work]:
        """The other editions and translations of a work, the one that they are editions of first."""
        rows = self._rows(
            "select * from work where ?1 in (id, edition_of) and id <> ?2 order by id <> ?1, year, id",
            work.edition_of or work.id, work.id,
        )  # fmt: skip
        return [to_work(row) for row in rows]

    def reports(self) -> list[FileReport]:
        """What became of each raw file, by its path."""
        rows = self._rows("select file, status, reason, words from report order by file")
        return [FileReport(*row) for row in rows]

    def judged(self) -> Iterator[Judged]:
        """Every quotation with its verdict, in the order of essays and of the text."""
        rows = self._rows(
            "select q.id, q.essay_id, q.text, q.verdict, p.work_id from quotation q "
            "left join place p on p.quotation_id = q.id and p.rank = 0 order by q.essay_id, q.start, q.id"
        )
        return (Judged(*row) for row in rows)

    def revised(self) -> list[Revised]:
        """The quotations that changed their verdict with this generation or one before, the last first; none
        where that cannot be read."""
        path = self.folder / REVISED
        try:
            return [Revised(**row) for row in json.loads(path.read_text("utf8"))] if path.exists() else []
        except (ValueError, TypeError):
            return []

    def verdicts(self, essay_id: str | None = None) -> dict[str, int]:
        """How many quotations have which verdict."""
        which, values = ("", ()) if essay_id is None else ("where essay_id = ?", (essay_id,))
        rows = self._rows(f"select verdict, count(*) as n from quotation {which} group by verdict", *values)
        return {row["verdict"]: row["n"] for row in rows}

    def counts(self) -> dict[str, int]:
        """Numbers of works, held works, documents, passages, words and quotations."""
        row = self._rows(
            "select (select count(*) from work) works, "
            "(select count(*) from work where file is not null) held, "
            "(select count(*) from document) documents, (select count(*) from passage) passages, "
            "(select coalesce(sum(words), 0) from work) words, (select count(*) from quotation) quotations"
        )[0]
        return dict(row)

    def altered(self) -> list[str]:
        """The works whose text is not the one that its digests were taken of."""
        known = self.facts()
        return [i for i, then in known.items() if facts(self._document(i)) != then]

    def passage_ids(self) -> list[str]:
        """The ids of all passages, in order."""
        return [row["id"] for row in self._rows("select id from passage order by id")]

    def faults(self) -> list[str]:
        """What SQLite finds broken in the records: nothing, if they are whole."""
        try:
            broken = [row[0] for row in self._rows("pragma integrity_check") if row[0] != "ok"]
            orphans = [f"{row[0]} without its {row[2]}" for row in self._rows("pragma foreign_key_check")]
        except IndexUnusable as error:
            return [str(error.__cause__)]
        return broken + orphans

    def seeds(self) -> dict[str, np.ndarray]:
        """The arrays of the aligner, mapped from disk rather than read. Raises IndexUnusable."""
        paths = sorted((self.folder / "seeds").glob("*.npy"))
        try:
            return {path.stem: np.load(path, mmap_mode="r") for path in paths}
        except (OSError, ValueError, EOFError) as error:
            raise _damaged(self.folder, error) from error


def _damaged(folder: Path, error: Exception) -> IndexUnusable:
    return IndexUnusable(f"The index in {folder} cannot be read ({error}). Run: loccit index --rebuild")

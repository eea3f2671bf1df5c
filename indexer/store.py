"""The records to and from SQLite; the only file that knows the tables of `schema.sql`.

An index is a folder `index/<generation>/` with `records.sqlite3`, `fulltext/` and `seeds/`; the file
`index/current` names the generation in force. A generation never changes once it is named there,
so it is opened read-only and without locks.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from functools import lru_cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from indexer import contents
from indexer.errors import NoIndex, NotThere, OtherVersion
from indexer.models import (
    Alignment,
    Anchor,
    Block,
    Change,
    Citation,
    Collection,
    Document,
    Entry,
    FileReport,
    Finding,
    Link,
    Part,
    Passage,
    Piece,
    Place,
    Provenance,
    Quotation,
    Revised,
    Span,
    Verdict,
    VerdictName,
    Work,
)

# Raised whenever the tables, the seeds or the full text change in a way that old code cannot read.
LAYOUT = "5"
RECORDS = "records.sqlite3"
FULLTEXT = "fulltext"
CURRENT = "current"
REVISED = "revised.json"
# Documents kept decoded: enough for the works of one page and its neighbours, some 50 kB each.
KEPT_DOCUMENTS = 64

Row = sqlite3.Row
WriteFailed = sqlite3.Error
"""What writing records raises when the disk fails it."""


def generation(index: Path) -> str:
    """The name of the generation in force. Raises NoIndex when nothing was indexed yet."""
    try:
        return generations(index)[0]
    except IndexError:
        raise NoIndex(f"Nothing is indexed in {index.parent} yet. Run: loccit index") from None


def generations(index: Path) -> list[str]:
    """The names in `index/current`: the generation in force, and the one before it if there is one."""
    try:
        return (index / CURRENT).read_text(encoding="utf8").split()
    except FileNotFoundError:
        return []


def current(index: Path) -> Path:
    """The folder of the generation in force. Raises NoIndex or OtherVersion, both naming the command."""
    return whole(index, generation(index))


def whole(index: Path, name: str) -> Path:
    """The folder of a generation that this program can read. Raises NoIndex or OtherVersion."""
    folder = index / name
    if not (folder / RECORDS).is_file():
        raise NoIndex(f"The index in {index} is not complete. Run: loccit index --rebuild")
    layout = Store(folder).meta.get("layout")
    if layout != LAYOUT:
        raise OtherVersion(
            f"The index in {index} has layout {layout}, this version of Loccit reads layout {LAYOUT}. "
            "Run: loccit index --rebuild"
        )
    return folder


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _tuples(records: Iterable[Any]) -> str:
    """Records as JSON lists of their fields in order."""
    return _dump([astuple(r) for r in records])


def _span(pair: list[int] | None) -> Span | None:
    return None if pair is None else Span(*pair)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a document without reading it: a digest of it whole and one of its text alone, and the
    addresses of the chapters that it names."""

    digest: str
    wording: str
    chapters: tuple[str, ...] = ()


def facts(document: Document) -> Facts:
    """The facts of a document. Two with the same digest are the same but for their work."""
    wording = hashlib.sha256(document.text.encode())
    whole = wording.copy()
    for part in _lists(document):
        whole.update(part.encode())
    return Facts(whole.hexdigest(), wording.hexdigest(), contents.chapters(document))


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
            self._db.executescript(resources.files("indexer").joinpath("schema.sql").read_text("utf8"))
        self._db.execute("begin")
        for table in ("meta", "collection", "work", "provenance", "report") if last else ():
            self._db.execute(f"delete from {table}")
        self.meta({"layout": LAYOUT})

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
        self._insert("work", ((*_work_row(w), words.get(w.file or "", 0)) for w in works))

    def provenance(self, records: Iterable[Provenance]) -> None:
        """Adds where the raw files came from."""
        self._insert("provenance", (astuple(p) for p in records))

    def reports(self, reports: Iterable[FileReport], bases: Mapping[str, str] = MappingProxyType({})) -> None:
        """Adds what became of each raw file, and by its path a digest of what that hangs on."""
        self._insert("report", ((*astuple(r), bases.get(r.file)) for r in reports))

    def document(self, document: Document, passages: Iterable[Passage], known: Facts | None = None) -> None:
        """Adds the text of a held work and its passages; `known` are its facts, if they were asked for."""
        known, row = known or facts(document), (document.work.id, document.text, *_lists(document))
        self._insert("document", [(*row, known.digest, known.wording, _dump(known.chapters))])
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
        self._insert("asked", [(essay_id, _dump(sorted(questions)))])

    def findings(self, findings: Iterable[Finding]) -> None:
        """Adds quotations with all that was found of them."""
        for finding in findings:
            self._insert("quotation", [_finding_row(finding)])
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


def _lists(document: Document) -> Iterator[str]:
    parts = (document.blocks, document.anchors, document.links, document.quoted, document.emphasis)
    return map(_tuples, parts)


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


def _work_row(w: Work) -> tuple[Any, ...]:
    return (
        w.id, w.collection, w.kind, w.title, w.author, w.year, w.date, w.url, _dump(w.also), w.file,
        w.parent, _dump(w.aliases), _dump(w.cited_by), w.language, w.licence, w.note, w.edition_of,
    )  # fmt: skip


def _finding_row(f: Finding) -> tuple[Any, ...]:
    q, a, v = f.quotation, f.alignment, f.verdict
    return (
        q.id, q.essay_id, q.span.start, q.span.end, f.text, q.form, _tuples(q.parts),
        None if q.attribution is None else _dump(astuple(q.attribution)),
        None if f.citation is None else _dump(astuple(f.citation)),
        None if a is None else a.score, f.in_cited_work,
        "[]" if a is None else _tuples(a.pieces),
        v.name, _tuples(v.changes), _dump(v.warnings), _dump(v.reasons),
        None if v.follows is None else _dump(astuple(v.follows)),
        None if f.perhaps is None else _dump(astuple(f.perhaps)),
    )  # fmt: skip


def _to_work(row: Row) -> Work:
    values = {f.name: row[f.name] for f in fields(Work)}
    for name in ("also", "aliases", "cited_by"):
        values[name] = tuple(json.loads(values[name]))
    return Work(**values)


def _to_document(work: Work, row: Row) -> Document:
    return Document(
        work,
        row["text"],
        tuple(Block(k, Span(*s), loc, speaker) for k, s, loc, speaker in json.loads(row["blocks"])),
        _to_anchors(row["anchors"]),
        tuple(Link(Span(*s), url) for s, url in json.loads(row["links"])),
        tuple(Span(*s) for s in json.loads(row["quoted"])),
        tuple(Span(*s) for s in json.loads(row["emphasis"])),
    )


def _to_anchors(text: str) -> tuple[Anchor, ...]:
    return tuple(Anchor(k, Span(*s), label, target) for k, s, label, target in json.loads(text))


def _to_citation(text: str | None) -> Citation | None:
    if text is None:
        return None
    values = dict(zip((f.name for f in fields(Citation)), json.loads(text), strict=True))
    span, candidates = _span(values["span"]), tuple(values["candidates"])
    return Citation(**values | {"span": span, "candidates": candidates})


def _to_verdict(row: Row) -> Verdict:
    changes = (
        Change(kind, quote, source, Span(*qs), Span(*ss), marked)
        for kind, quote, source, qs, ss, marked in json.loads(row["changes"])
    )
    follows = row["follows"]
    return Verdict(
        row["verdict"],
        tuple(changes),
        tuple(json.loads(row["warnings"])),
        tuple((slug, reason) for slug, reason in json.loads(row["reasons"])),
        None if follows is None else _span(json.loads(follows)),
    )


def _to_alignment(row: Row, places: list[Place]) -> Alignment | None:
    if not places:
        return None
    pieces = tuple(Piece(Span(*q), work, Span(*s)) for q, work, s in json.loads(row["pieces"]))
    return Alignment(row["id"], places[0], pieces, row["score"], others=tuple(places[1:]))


def _to_finding(row: Row, places: list[Place]) -> Finding:
    attribution = row["attribution"]
    quotation = Quotation(
        row["id"],
        row["essay_id"],
        Span(row["start"], row["end"]),
        row["form"],
        tuple(Part(kind, Span(*s), speaker) for kind, s, speaker in json.loads(row["parts"])),
        None if attribution is None else _span(json.loads(attribution)),
    )
    cited = row["in_cited_work"]
    return Finding(
        quotation,
        row["text"],
        _to_citation(row["citation"]),
        _to_alignment(row, places),
        _to_verdict(row),
        None if cited is None else bool(cited),
        _to_place(row["perhaps"]),
    )


def _to_place(text: str | None) -> Place | None:
    if text is None:
        return None
    work_id, span = json.loads(text)
    return Place(work_id, Span(*span))


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
        db = getattr(self._local, "db", None)
        if db is None:
            address = f"{(self.folder / RECORDS).resolve().as_uri()}?mode=ro&immutable=1"
            db = self._local.db = sqlite3.connect(address, uri=True)
            db.row_factory = sqlite3.Row
        return db.execute(sql, values).fetchall()

    @property
    def meta(self) -> dict[str, str]:
        """Facts about the index itself, among them its layout."""
        try:
            return {row["key"]: row["value"] for row in self._rows("select * from meta")}
        except sqlite3.DatabaseError:
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
        return [_to_work(row) for row in found]

    def _work(self, work_id: str) -> Work:
        rows = self._rows("select * from work where id = ?", work_id)
        if not rows:
            raise NotThere(f"There is no work “{work_id}” in this archive. loccit list shows all.")
        return _to_work(rows[0])

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
            f"$[{at}]", _dump(sorted(work_ids)),
        )  # fmt: skip
        return [row["essay_id"] for row in rows]

    def children(self, work_id: str) -> list[Work]:
        """The chapters of a table of contents, in the order of their ids."""
        return [_to_work(r) for r in self._rows("select * from work where parent = ? order by id", work_id)]

    def _document(self, work_id: str) -> Document:
        work = self.work(work_id)
        rows = self._rows("select * from document where work_id = ?", work_id)
        if not rows:
            raise NotThere(f"The text of “{work.title}” ({work_id}) is not held.")
        return _to_document(work, rows[0])

    def passages(self, work_id: str) -> list[Passage]:
        """The passages of a work in text order; none if it is not held."""
        rows = self._rows("select * from passage where work_id = ? order by start", work_id)
        return [_to_passage(row) for row in rows]

    def passage(self, passage_id: str) -> Passage:
        """One passage by its id. Raises NotThere."""
        rows = self._rows("select * from passage where id = ?", passage_id)
        if not rows:
            raise NotThere(f"There is no passage “{passage_id}” in this archive.")
        return _to_passage(rows[0])

    def passage_at(self, work_id: str, offset: int) -> Passage | None:
        """The passage that holds a character of a work's text, or the last before it."""
        rows = self._rows(
            "select * from passage where work_id = ? and start <= ? order by start desc limit 1",
            work_id, offset,
        )  # fmt: skip
        return _to_passage(rows[0]) if rows else None

    def texts(self, passage_ids: Sequence[str]) -> dict[str, str]:
        """The texts of passages as they are searched, by their ids; ids that do not exist are left out."""
        among = "in (select value from json_each(?))"
        passages = self._rows(
            f'select id, work_id, start, "end" from passage where id {among}', _dump(list(passage_ids))
        )
        works = sorted({p["work_id"] for p in passages})
        rows = self._rows(f"select work_id, text, anchors from document where work_id {among}", _dump(works))
        read = {r["work_id"]: (r["text"], _to_anchors(r["anchors"])) for r in rows}
        return {
            p["id"]: _blanked(text[p["start"] : p["end"]], p["start"], anchors)
            for p in passages
            for text, anchors in (read[p["work_id"]],)
        }

    def findings(self, essay_id: str | None = None) -> list[Finding]:
        """All findings of an essay, or of all essays, in the order of essays and of the text."""
        rows = self._rows(
            "select * from quotation where (?1 is null or essay_id = ?1) order by essay_id, start, id",
            essay_id,
        )
        return self._with_places(rows)

    def finding(self, quotation_id: str) -> Finding:
        """One finding by the id of its quotation. Raises NotThere."""
        rows = self._rows("select * from quotation where id = ?", quotation_id)
        if not rows:
            raise NotThere(f"There is no quotation “{quotation_id}” in this archive.")
        return self._with_places(rows)[0]

    def _with_places(self, rows: list[Row]) -> list[Finding]:
        places: dict[str, list[Place]] = {}
        one = rows[0]["id"] if len(rows) == 1 else None
        for p in self._rows(
            "select * from place where ?1 is null or quotation_id = ?1 order by quotation_id, rank", one
        ):
            places.setdefault(p["quotation_id"], []).append(Place(p["work_id"], Span(p["start"], p["end"])))
        return [_to_finding(row, places.get(row["id"], [])) for row in rows]

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
        rows = self._rows(
            "select * from entry where ?1 is null or essay_id = ?1 order by essay_id, start", essay_id
        )
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
        return [_to_work(row) for row in rows]

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
        """The quotations that changed their verdict with this generation or one before, the last first."""
        path = self.folder / REVISED
        return [Revised(**row) for row in json.loads(path.read_text("utf8"))] if path.exists() else []

    def verdicts(self, essay_id: str | None = None) -> dict[str, int]:
        """How many quotations have which verdict."""
        rows = self._rows(
            "select verdict, count(*) as n from quotation where ?1 is null or essay_id = ?1 group by verdict",
            essay_id,
        )
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
        except sqlite3.DatabaseError as error:
            return [str(error)]
        return broken + orphans

    def seeds(self) -> dict[str, np.ndarray]:
        """The arrays of the aligner, mapped from disk rather than read."""
        return {p.stem: np.load(p, mmap_mode="r") for p in sorted((self.folder / "seeds").glob("*.npy"))}


def link_seeds(folder: Path, last: Path) -> None:
    """Gives a new generation the aligner's arrays of the last, which never change: the same files."""
    (folder / "seeds").mkdir(parents=True, exist_ok=True)
    for path in (last / "seeds").glob("*.npy"):
        try:
            os.link(path, folder / "seeds" / path.name)
        except OSError:
            _copy(path, folder / "seeds" / path.name)


def save_revised(folder: Path, records: Iterable[Revised]) -> None:
    """Writes which quotations changed their verdict beside the records of a generation."""
    (folder / REVISED).write_text(_dump([asdict(r) for r in records]), "utf8")


def save_seeds(folder: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Writes the aligner's arrays beside the records of a generation."""
    (folder / "seeds").mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        np.save(folder / "seeds" / f"{name}.npy", array)


def _to_passage(row: Row) -> Passage:
    return Passage(row["id"], row["work_id"], Span(row["start"], row["end"]), row["locator"], row["speaker"])


def searched(document: Document, span: Span) -> str:
    """A stretch of a document as it is searched: spaces for the marks of notes, so that places stay."""
    return _blanked(document.text[span.start : span.end], span.start, document.anchors)


def _blanked(text: str, start: int, anchors: Iterable[Anchor]) -> str:
    for a in anchors:
        low, high = max(a.span.start - start, 0), min(a.span.end - start, len(text))
        if a.kind == "note" and low < high:
            text = text[:low] + " " * (high - low) + text[high:]
    return text


def where(document: Document, offset: int) -> tuple[str | None, str | None]:
    """(locator, speaker) at a character: the locator of its block and the page, where they are known."""
    block = next((b for b in reversed(document.blocks) if b.span.start <= offset), None)
    page = next((a for a in reversed(document.anchors) if a.kind == "page" and a.span.start <= offset), None)
    # The page that a block begins on gives way to the one that was turned to since.
    named = [
        part for part in ((block and block.locator) or "").split(", ") if not (page and part[:2] == "p.")
    ]
    locator = ", ".join(filter(None, [*named, f"p. {page.label}" if page else ""]))
    return locator or None, block.speaker if block else None


def place_json(store: Store, place: Place) -> dict[str, Any]:
    """A place as scripts read it; `text` runs from the first matched word of the source to the last."""
    document = store.document(place.work_id)
    locator, speaker = where(document, place.span.start)
    return {
        "work": place.work_id,
        "title": document.work.title,
        "url": document.work.url,
        "path": document.work.file,
        "start": place.span.start,
        "end": place.span.end,
        "text": document.text[place.span.start : place.span.end],
        "locator": locator,
        "speaker": speaker,
    }


def citation_json(citation: Citation | None) -> dict[str, Any] | None:
    """A citation as scripts read it; None where the essay says nothing of whose the words are."""
    if citation is None:
        return None
    names = ("text", "said_by", "author", "title", "locator", "via", "url")
    said = {name: getattr(citation, name) for name in names}
    if not any(said.values()) and citation.work_id is None and not citation.candidates:
        return None
    return said | {
        "work": citation.work_id, "outcome": citation.outcome, "candidates": list(citation.candidates)
    }  # fmt: skip


def change_json(change: Change) -> dict[str, Any]:
    """A change as scripts read it."""
    return {
        "kind": change.kind,
        "quote": change.quote,
        "source": change.source,
        "quote_span": astuple(change.quote_span),
        "source_span": astuple(change.source_span),
        "marked": change.marked,
    }


def finding_json(store: Store, finding: Finding) -> dict[str, Any]:
    """The record of a quotation that scripts rely on; its fields are a promise (docs/scripts.md)."""
    q, a = finding.quotation, finding.alignment
    return {
        "id": q.id,
        "work": q.essay_id,
        "start": q.span.start,
        "end": q.span.end,
        "text": finding.text,
        "form": q.form,
        "citation": citation_json(finding.citation),
        "verdict": finding.verdict.name,
        "warnings": list(finding.verdict.warnings),
        "in_cited_work": finding.in_cited_work,
        "source": None if a is None else place_json(store, a.place),
        "places": [] if a is None else [place_json(store, p) for p in a.others],
        "pieces": [
            {"quote": astuple(p.quote), "work": p.work_id, "source": astuple(p.source)}
            for p in (a.pieces if a else ())
        ],
        "changes": [change_json(c) for c in finding.verdict.changes],
        "score": None if a is None else round(a.score, 2),
    }


def entry_json(store: Store, entry: Entry) -> dict[str, Any]:
    """An entry of a list of sources as scripts read it."""
    work = store.work(entry.work_id) if entry.work_id else None
    return {
        "work": entry.essay_id,
        "start": entry.span.start,
        "end": entry.span.end,
        "text": entry.text,
        "author": entry.author,
        "title": entry.title,
        "year": entry.year,
        "url": entry.url,
        "held": work is not None and (work.file is not None or any(c.file for c in store.children(work.id))),
    }

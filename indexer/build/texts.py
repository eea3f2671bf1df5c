"""Raw files to the documents of all held works, and what became of every file."""

import hashlib
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from indexer import catalogue, contents, store
from indexer.build.files import Seen
from indexer.build.holdings import Last
from indexer.errors import UnreadableFile
from indexer.extract import extract
from indexer.models import Collection, Document, FileReport, Provenance, Work
from indexer.workers import Limits, apart

# Told of each stage: its name, how much of it is done and how much there is to do.
Progress = Callable[[str, int, int], None]
# A file to be read: the folder, the work whose it is, the encoding that was told with it.
Task = tuple[Path, Work, str | None]

# What an earlier edition may take, for which somebody waits.
EDITION = Limits(seconds=20, memory=500_000_000)


class Stored(Mapping[str, Document]):
    """The documents of an archive: some that were read just now, the others as an index has them, each read
    when it is asked for. All are of the works as they are now."""

    def __init__(
        self,
        records: store.Store,
        works: Mapping[str, Work],
        held: Iterable[str],
        read: Mapping[str, Document] = MappingProxyType({}),
    ) -> None:
        self._records, self._works, self._read = records, works, read
        self._ids = dict.fromkeys(held)

    def __getitem__(self, work_id: str) -> Document:
        if work_id in self._read:
            return self._read[work_id]
        if work_id not in self._ids:
            raise KeyError(work_id)
        return replace(self._records.document(work_id), work=self._works[work_id])

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, work_id: object) -> bool:
        return work_id in self._ids


@dataclass(frozen=True, slots=True)
class Texts:
    """Every work, held or not, and the documents of the held ones; what became of each raw file.

    `facts` are those of the documents, `bases` say of a file by a digest what its outcome hangs on.
    """

    works: dict[str, Work]
    documents: Mapping[str, Document]
    facts: Mapping[str, store.Facts]
    reports: tuple[FileReport, ...] = ()
    bases: Mapping[str, str] = field(default_factory=dict)


def read(
    raw: Path, found: Sequence[Collection], seen: Mapping[str, Seen], last: Last | None,
    jobs: int, tell: Progress,
) -> Texts:  # fmt: skip
    """The documents of all held works. A file that is as it was, and of which the catalogue says what it
    said, is not read: its text is that of the last index."""
    works = sorted((work for collection in found for work in collection.works), key=lambda w: w.id)
    told = {f: p.charset for f, p in catalogue.provenance(raw).items() if p.charset}
    bases = _bases(works, seen, told)
    kept = {f: r for f, r in _outcomes(last).items() if last and f in bases and last.bases.get(f) == bases[f]}
    reports = dict(kept)
    fresh: dict[str, Document] = {}
    tasks = [(raw, w, told.get(w.file)) for w in works if w.file and w.file not in kept]
    for document, report, sure in _extracted(tasks, jobs, tell):
        reports[report.file] = report
        if not sure:  # it may have been the machine's fault: the next run tries again
            bases.pop(report.file, None)
        if document is not None:
            fresh[document.work.id] = document
    for file in catalogue.unlisted(raw, [w for w in works if w.file]):
        reason = "in no catalogue: run loccit add --kind essay|source with it"
        reports[file] = FileReport(file, "unlisted", reason)
    known = {w.id: fresh[w.id].work if w.id in fresh else _known(w, kept, last) for w in works}
    facts = {i: store.facts(fresh[i]) if i in fresh else _facts(last, i) for i, w in known.items() if w.file}
    tied = _with_parents(known, facts)
    documents: Mapping[str, Document] = {i: replace(d, work=tied[i]) for i, d in fresh.items()}
    if last:
        documents = Stored(last.records, tied, facts, documents)
    return Texts(tied, documents, facts, tuple(r for _, r in sorted(reports.items())), bases)


def read_one(raw: Path, work: Work) -> Document | None:
    """The document of one held work as its file is now; None where it cannot be read."""
    came = catalogue.provenance(raw).get(work.file or "")
    ((document, _, _),) = _extracted([(raw, work, came.charset if came else None)], 1, lambda *_: None)
    return document


def read_edition(raw: Path, work: Work, edition: Provenance) -> Document:
    """The text of an edition of a work that is kept beside the one in force, read when asked for, where it
    can do no harm; any thread may ask. Raises UnreadableFile, which says why it cannot be read."""
    task = (raw, replace(work, file=edition.file), edition.charset)
    ((_, result),) = apart(_extract_one, [task], 1, EDITION, threads=True)
    document, reason = (None, result) if isinstance(result, str) else (result[0], result[1].reason)
    if document is None:
        raise UnreadableFile(f"This edition cannot be read: {reason}. Its file is raw/{edition.file}.")
    return document


def _bases(works: Iterable[Work], seen: Mapping[str, Seen], told: Mapping[str, str]) -> dict[str, str]:
    """What the outcome of each file hangs on: its bytes, the encoding that was told with them, and what the
    catalogue says of its works."""
    said: dict[str, list[Work]] = {}
    for work in works:
        if work.file and work.file in seen:
            said.setdefault(work.file, []).append(work)
    bases = ((f, f"{seen[f].digest} {told.get(f)} {w!r}") for f, w in said.items())
    return {f: hashlib.sha256(basis.encode()).hexdigest() for f, basis in bases}


def _outcomes(last: Last | None) -> dict[str, FileReport]:
    return {r.file: r for r in last.records.reports()} if last else {}


def _known(work: Work, kept: Container[str], last: Last | None) -> Work:
    """A work whose file was not read now: as its text said then, or as one without a text."""
    if last and work.file in kept and work.id in last.holdings.facts:
        return replace(last.holdings.works[work.id], parent=work.parent)
    return _unread(work)


def _facts(last: Last | None, work_id: str) -> store.Facts:
    assert last is not None
    return last.holdings.facts[work_id]


def _unread(work: Work) -> Work:
    """A work without a text: not held, or its file could not be read."""
    return replace(work, file=None, title=work.title or work.id)


def _extracted(
    tasks: Sequence[Task], jobs: int, tell: Progress
) -> list[tuple[Document | None, FileReport, bool]]:
    """What became of each held work, in their order, and whether that is sure to come out the same again;
    each is read where it can do no harm to the others."""
    if not tasks:
        return []
    results: dict[int, tuple[Document | None, FileReport, bool]] = {}
    for number, result in apart(_extract_one, tasks, jobs):
        file = tasks[number][1].file or ""
        results[number] = (None, _failed(file, result), False) if isinstance(result, str) else (*result, True)
        tell("texts", len(results), len(tasks))
    return [results[number] for number in range(len(tasks))]


def _extract_one(task: Task) -> tuple[Document | None, FileReport] | str:
    raw, work, told = task
    file = work.file or ""
    try:
        document = extract(work, (raw / file).read_bytes(), told)
    except UnreadableFile as error:
        return None, _failed(file, str(error))
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return document, FileReport(file, "indexed", "; ".join(document.remarks), len(document.text.split()))


def _failed(file: str, reason: str) -> FileReport:
    return FileReport(file, "failed", reason.removeprefix(f"{file} "))


def _with_parents(works: dict[str, Work], facts: Mapping[str, store.Facts]) -> dict[str, Work]:
    """Chapters tied to their tables of contents; what the catalogue says of a parent goes first."""
    named = ((works[i], f.chapters) for i, f in facts.items())
    parents = contents.parents(named) | _listed_parents(works)
    return {work.id: replace(work, parent=work.parent or parents.get(work.id)) for work in works.values()}


def _listed_parents(works: Mapping[str, Work]) -> dict[str, str]:
    """Held pages in the folder of a catalogued table of contents that is itself not held."""
    tables = {_folder(w.url): w.id for w in works.values() if w.url and not w.file and _is_contents(w.url)}
    pages = (w for w in works.values() if w.url and w.file and w.kind == "source")
    return {w.id: tables[folder] for w in pages if (folder := _folder(w.url)) in tables}


def _is_contents(url: str) -> bool:
    return url.endswith("/") or re.search(r"/index\.html?$", url) is not None


def _folder(url: str | None) -> str:
    return re.sub(r"^https?://(www\.)?", "", url or "").rpartition("/")[0]

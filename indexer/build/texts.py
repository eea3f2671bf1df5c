"""Raw files to the documents of all held works, and what became of every file."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from indexer import catalogue, contents
from indexer.build.workers import apart
from indexer.errors import UnreadableFile
from indexer.extract import extract
from indexer.models import Collection, Document, FileReport, Work

# Told of each stage: its name, how much of it is done and how much there is to do.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Texts:
    """The documents of an archive by the id of their work, and every work, held or not."""

    works: dict[str, Work]
    documents: Mapping[str, Document]
    reports: tuple[FileReport, ...] = ()

    @property
    def essays(self) -> list[Document]:
        return [d for d in self.documents.values() if d.work.kind == "essay"]

    @property
    def sources(self) -> list[Document]:
        return [d for d in self.documents.values() if d.work.kind == "source"]


def read(raw: Path, found: Sequence[Collection], jobs: int, tell: Progress) -> Texts:
    """The documents of all held works, and what became of every file of `raw/`."""
    works = [work for collection in found for work in collection.works]
    held = [work for work in works if work.file]
    documents: dict[str, Document] = {}
    reports: list[FileReport] = []
    for document, report in _extracted(raw, held, jobs, tell):
        reports.append(report)
        if document is not None:
            documents[document.work.id] = document
    unlisted = catalogue.unlisted(raw, held)
    reports += [
        FileReport(f, "unlisted", "in no catalogue: run loccit add --kind essay|source with it")
        for f in unlisted
    ]
    known = {w.id: documents[w.id].work if w.id in documents else _unread(w) for w in works}
    return _with_parents(known, documents, tuple(sorted(reports, key=lambda r: r.file)))


def _unread(work: Work) -> Work:
    """A work without a text: not held, or its file could not be read."""
    return replace(work, file=None, title=work.title or work.id)


def _extracted(
    raw: Path, held: Sequence[Work], jobs: int, tell: Progress
) -> list[tuple[Document | None, FileReport]]:
    """What became of each held work, in their order; each is read where it can do no harm to the others."""
    results: dict[int, tuple[Document | None, FileReport]] = {}
    for number, result in apart(_extract_one, [(raw, work) for work in held], jobs):
        file = held[number].file or ""
        results[number] = (None, _failed(file, result)) if isinstance(result, str) else result
        tell("texts", len(results), len(held))
    return [results[number] for number in range(len(held))]


def _extract_one(task: tuple[Path, Work]) -> tuple[Document | None, FileReport]:
    raw, work = task
    file = work.file or ""
    try:
        document = extract(work, (raw / file).read_bytes())
    except UnreadableFile as error:
        return None, _failed(file, str(error))
    except OSError as error:
        return None, _failed(file, f"cannot be read: {error.strerror}")
    return document, FileReport(file, "indexed", "; ".join(document.remarks), len(document.text.split()))


def _failed(file: str, reason: str) -> FileReport:
    return FileReport(file, "failed", reason.removeprefix(f"{file} "))


def _with_parents(
    works: dict[str, Work], documents: dict[str, Document], reports: tuple[FileReport, ...]
) -> Texts:
    """Chapters tied to their tables of contents; what the catalogue says of a parent goes first."""
    parents = contents.parents(documents.values()) | _listed_parents(works)
    tied = {work.id: replace(work, parent=work.parent or parents.get(work.id)) for work in works.values()}
    return Texts(tied, {i: replace(d, work=tied[i]) for i, d in documents.items()}, reports)


def _listed_parents(works: Mapping[str, Work]) -> dict[str, str]:
    """Held pages in the folder of a catalogued table of contents that is itself not held."""
    tables = {_folder(w.url): w.id for w in works.values() if w.url and not w.file and _is_contents(w.url)}
    pages = (w for w in works.values() if w.url and w.file and w.kind == "source")
    return {w.id: tables[folder] for w in pages if (folder := _folder(w.url)) in tables}


def _is_contents(url: str) -> bool:
    return url.endswith("/") or re.search(r"/index\.html?$", url) is not None


def _folder(url: str | None) -> str:
    return re.sub(r"^https?://(www\.)?", "", url or "").rpartition("/")[0]

"""The whole path on one screen: raw files to documents, quotations, places and verdicts, to an index."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from indexer import catalogue, fulltext, names, store
from indexer.build import since
from indexer.build.before import renew
from indexer.build.files import Seen, keep, known, look
from indexer.build.generations import alone, back, fresh, put_in_force
from indexer.build.holdings import last_index
from indexer.build.judge import foresee, judge, reconsider
from indexer.build.pasted import check
from indexer.build.records import Made, write_fulltext, write_records, write_seeds
from indexer.build.texts import Progress, read, read_edition, read_one
from indexer.models import Collection, FileReport, Revised
from indexer.settings import ENGINE

__all__ = [
    "Built", "back", "build", "check", "fingerprint", "foresee", "read_edition", "read_one", "reconsider",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Built:
    """What `build` did: `changed` is False when `raw/` is as it was and nothing was written; `revised` are
    the quotations whose verdict is another than before."""

    changed: bool
    folder: Path
    reports: tuple[FileReport, ...]
    revised: tuple[Revised, ...] = ()


def build(
    raw: Path,
    index: Path,
    *,
    rebuild: bool = False,
    jobs: int = 2,
    engine: str = ENGINE,
    progress: Progress | None = None,
) -> Built:
    """Brings the index in step with `raw/`. Only what is otherwise than in the last index is made anew; all
    is if another program made that, or to `rebuild`. Another full-text `engine` makes the full text anew.
    Raises CatalogueError, NoEngine, LoccitError when another runs.
    """
    fulltext.engine(engine)
    tell = progress or (lambda stage, done, total: None)
    with alone(index), names.spelt(names.Spellings(catalogue.spellings(raw))):
        last = None if rebuild else last_index(index, _program())
        found = catalogue.collections(raw)
        seen = look(raw, _files(found), known(last.folder) if last else {})
        mark = fingerprint(raw, found, seen)
        if last and last.records.meta["fingerprint"] == mark and last.records.meta["engine"] == engine:
            return Built(False, last.folder, tuple(last.records.reports()))
        texts = read(raw, found, seen, last, jobs, tell)
        tell("places", 0, 1)
        seeds, change = renew(texts, last)
        made = Made(found, texts, judge(texts, seeds, change, tell), last)
        folder = fresh(index, mark)
        meta = {"fingerprint": mark, "program": _program(), "engine": engine, "names": str(names.in_force())}
        records = write_records(folder, raw, made, meta)
        write_seeds(folder, seeds, change)
        tell("full text", 0, records.counts()["passages"])
        write_fulltext(folder, made, records, engine)
        keep(folder, seen)
        revised = since.keep(index, folder)
        put_in_force(index, folder)
        return Built(True, folder, texts.reports, revised)


def fingerprint(raw: Path, found: Sequence[Collection], seen: Mapping[str, Seen] | None = None) -> str:
    """A digest of all that an index is made from: the raw files, what the catalogues say, and this program.
    The files are read unless it is known how they were seen."""
    files = _files(found)
    digests = look(raw, files, {}) if seen is None else seen
    digest = hashlib.sha256(f"{store.layout.LAYOUT} {_code()} {catalogue.spellings(raw)} {found!r}".encode())
    held = [work for collection in found for work in collection.works if work.file]
    digest.update(repr(catalogue.unlisted(raw, held)).encode())
    digest.update(repr(sorted(catalogue.provenance(raw).items())).encode())
    digest.update(repr([(f, digests[f].digest if f in digests else None) for f in files]).encode())
    return digest.hexdigest()


def _files(found: Sequence[Collection]) -> list[str]:
    return sorted({work.file for collection in found for work in collection.works if work.file})


# What of the package decides how an index comes out: its code, its tables and its lists of words.
_CODE = frozenset({".py", ".sql", ".toml", ".txt", ".json", ".tsv", ".csv"})


def _program() -> str:
    """A digest of what reads and judges: the program, and the spellings of names that it was given."""
    return hashlib.sha256(f"{_code()}{names.in_force()}".encode()).hexdigest()


@cache
def _code() -> str:
    """A digest of the program itself, as it was when this process first asked."""
    digest = hashlib.sha256()
    for path in sorted(Path(str(resources.files("indexer"))).rglob("*")):
        if path.suffix in _CODE and "_raw" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()

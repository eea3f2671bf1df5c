"""The whole path on one screen: raw files to documents, quotations, places and verdicts, to an index."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from indexer import catalogue, fulltext, store
from indexer.align import prepare
from indexer.build.before import NOTHING, remembered
from indexer.build.generations import alone, fresh, in_force, put_in_force
from indexer.build.judge import check, judge, reconsider
from indexer.build.records import Made, searchable, write_records
from indexer.build.texts import Progress, read
from indexer.models import Collection, FileReport
from indexer.segment import segment

__all__ = ["Built", "build", "check", "fingerprint", "reconsider"]


@dataclass(frozen=True, slots=True)
class Built:
    """What `build` did: `changed` is False when `raw/` is as it was and nothing was written."""

    changed: bool
    folder: Path
    reports: tuple[FileReport, ...]


def build(
    raw: Path, index: Path, *, rebuild: bool = False, jobs: int = 2, progress: Progress | None = None
) -> Built:
    """Brings the index in step with `raw/`. Raises CatalogueError, or LoccitError when another build runs."""
    tell = progress or (lambda stage, done, total: None)
    with alone(index):
        found = catalogue.collections(raw)
        mark = fingerprint(raw, found)
        if not rebuild and (same := in_force(index, mark)) is not None:
            return Built(False, same, tuple(store.Store(same).reports()))
        texts = read(raw, found, jobs, tell)
        passages = {work_id: segment(document) for work_id, document in texts.documents.items()}
        tell("places", 0, 1)
        seeds = prepare(texts.sources)
        last = NOTHING if rebuild else remembered(index, texts, _program())
        made = Made(found, texts, passages, *judge(texts, seeds, last, tell))
        folder = fresh(index, mark)
        write_records(folder, raw, made, {"fingerprint": mark, "program": _program()})
        store.save_seeds(folder, seeds.arrays())
        tell("full text", 0, sum(map(len, passages.values())))
        fulltext.write(folder / "whoosh", searchable(made))
        put_in_force(index, folder)
        return Built(True, folder, texts.reports)


def fingerprint(raw: Path, found: Sequence[Collection]) -> str:
    """A digest of all that an index is made from: the raw files, what the catalogues say, and this code."""
    held = [work for collection in found for work in collection.works if work.file]
    digest = hashlib.sha256(store.LAYOUT.encode())
    digest.update(json.dumps([[asdict(c) for c in found], catalogue.unlisted(raw, held)]).encode())
    for work in sorted(held, key=lambda w: w.file or ""):
        path = raw / (work.file or "")
        digest.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"missing")
    digest.update(_program().encode())
    return digest.hexdigest()


# What of the package decides how an index comes out: its code, its tables and its lists of words.
_CODE = frozenset({".py", ".sql", ".toml", ".txt", ".json", ".tsv", ".csv"})


@cache
def _program() -> str:
    """A digest of the program itself, as it was when this process first asked."""
    digest = hashlib.sha256()
    for path in sorted(Path(str(resources.files("indexer"))).rglob("*")):
        if path.suffix in _CODE and "_raw" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()

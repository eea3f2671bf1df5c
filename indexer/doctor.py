"""Examines an archive: raw files against their digests, the index against `raw/`, the records themselves."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer import catalogue, fulltext, store
from indexer.build import fingerprint
from indexer.errors import LoccitError

# Files that one line names before it says only how many more there are.
NAMED = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: whether it is as it should be, and what was found."""

    name: str
    ok: bool
    text: str


def examine(raw: Path, index: Path) -> list[Check]:
    """All checks of an archive's `raw/` and `index/`; a check that fails says what to run."""
    try:
        found = catalogue.collections(raw)
    except LoccitError as error:
        return [Check("catalogues", False, str(error))]
    works = [work for collection in found for work in collection.works]
    read = Check("catalogues", True, f"collections: {len(found)}, works: {len(works)}")
    return [read, *_raw_files(raw, [w.file for w in works if w.file]), *_index(raw, index)]


def _raw_files(raw: Path, files: list[str]) -> Iterator[Check]:
    gone = [f for f in files if not (raw / f).is_file()]
    yield _check("raw files", gone, f"{len(files)} files are there", "missing; add them again")
    digests = {f: p.sha256 for f, p in catalogue.provenance(raw).items() if (raw / f).is_file()}
    changed = [f for f, d in digests.items() if hashlib.sha256((raw / f).read_bytes()).hexdigest() != d]
    yield _check("digests", changed, f"{len(digests)} files are as they came", "changed since they came")


def _check(name: str, wrong: list[str], good: str, bad: str) -> Check:
    more = f" and {len(wrong) - NAMED} more" if len(wrong) > NAMED else ""
    return Check(name, not wrong, f"{', '.join(wrong[:NAMED])}{more}: {bad}" if wrong else good)


def _index(raw: Path, index: Path) -> Iterator[Check]:
    try:
        folder = store.current(index)
    except LoccitError as error:
        yield Check("index", False, str(error))
        return
    records = store.Store(folder)
    mark = fingerprint(raw, catalogue.collections(raw))
    in_step = records.meta.get("fingerprint") == mark
    yield Check("index", in_step, "in step with raw/" if in_step else "raw/ has changed. Run: loccit index")
    faults = records.faults()
    yield Check("records", not faults, "; ".join(faults) or "whole")
    passages, searched = records.counts()["passages"], fulltext.Fulltext(folder / "whoosh").size
    same = f"{searched:,} passages can be searched"
    yield Check(
        "full text", passages == searched, same if passages == searched else _rebuild(passages, searched)
    )


def _rebuild(passages: int, searched: int) -> str:
    return f"{searched:,} of {passages:,} passages can be searched. Run: loccit index --rebuild"

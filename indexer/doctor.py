"""Examines an archive: raw files against their digests, the index against `raw/` and in itself."""

import hashlib
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer import catalogue, fulltext, store
from indexer.align import Seeds, unsound
from indexer.build import fingerprint
from indexer.errors import LoccitError

# Files that one line names before it says only how many more there are.
NAMED = 5
_REBUILD = "Run: loccit index --rebuild"


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
    return [read, *_raw_files(raw, {w.file: w.id for w in works if w.file}), *_index(raw, index)]


def _raw_files(raw: Path, files: Mapping[str, str]) -> Iterator[Check]:
    """Whether the files of works, given with the ids of these, are there and as they came."""
    gone = [f for f in files if not (raw / f).is_file()]
    yield _check("raw files", gone, f"{len(files)} files are there", "missing; add them again")
    digests = {f: p.sha256 for f, p in catalogue.provenance(raw).items() if (raw / f).is_file()}
    changed = [f for f, d in digests.items() if hashlib.sha256((raw / f).read_bytes()).hexdigest() != d]
    yield _check("digests", changed, f"{len(digests)} files are as they came", _altered(raw, changed, files))


def _altered(raw: Path, changed: Sequence[str], files: Mapping[str, str]) -> str:
    """What to do about files that somebody changed in place."""
    file, work = next(((f, files[f]) for f in changed if f in files), ("FILE", "WORK"))
    return (
        "changed since they came. To keep what one has now: loccit add --edition-of"
        f" {work} {shlex.quote(str(raw / file))}, and then delete that file. To undo it: put back what came."
    )


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
    yield _in_step(raw, index, records)
    yield _generations(index)
    faults = records.faults() or [f"{i} has another text than it had" for i in records.altered()]
    yield _check("records", faults, "whole", f"broken. {_REBUILD}")
    yield _full_text(folder, records)
    yield _seeds(records)


def _in_step(raw: Path, index: Path, records: store.Store) -> Check:
    now = fingerprint(raw, catalogue.collections(raw))
    if records.meta.get("fingerprint") == now:
        return Check("index", True, "in step with raw/")
    if any(_made_from(index, name) == now for name in store.generations(index)[1:]):
        return Check(
            "index", True, "you went back to the one before; raw/ is newer. To return: loccit index --back"
        )
    return Check("index", False, "raw/ has changed. Run: loccit index")


def _made_from(index: Path, name: str) -> str | None:
    """The fingerprint of what a generation was made from; None if it cannot be read."""
    try:
        return store.Store(store.whole(index, name)).meta.get("fingerprint")
    except LoccitError:
        return None


def _generations(index: Path) -> Check:
    """Whether what `current` names is there: the index in force, and the one before it if there is one."""
    before = store.generations(index)[1:]
    try:
        whole = [store.whole(index, name) for name in before]
    except LoccitError as error:
        return Check("the index before", False, f"{error}")
    return Check("the index before", True, "kept: loccit index --back" if whole else "there is none yet")


def _full_text(folder: Path, records: store.Store) -> Check:
    """Whether each passage of the records can be found, once, and nothing else."""
    try:
        found = Counter(fulltext.Fulltext(folder / store.FULLTEXT).passages())
    except LoccitError as error:
        return Check("full text", False, str(error))
    held = records.passage_ids()
    wrong = [*(i for i in held if found[i] != 1), *sorted(found.keys() - set(held))]
    bad = f"{sum(found.values()):,} passages can be searched, {len(held):,} are held. {_REBUILD}"
    return _check("full text", wrong, f"{len(held):,} passages can be searched", bad)


def _seeds(records: store.Store) -> Check:
    """Whether the words in which quotations are looked for are those of the sources that are held."""
    try:
        kept = Seeds.load(records.seeds())
    except LoccitError as error:
        return Check("words", False, str(error))
    sources = records.works(kind="source", held=True)
    wrong = unsound(kept, sources, records.document)
    good = f"{len(kept.words):,} words of {len(sources):,} sources"
    return _check("words", wrong, good, f"not those of the sources. {_REBUILD}")

"""Editing and removing: what people know of a work is changed, its files are never deleted."""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT

from indexer.catalogue.listing import CATALOGUE, LISTS, NUMBERS, TEXT, checked
from indexer.catalogue.naming import edition
from indexer.catalogue.records import (
    PROVENANCE,
    alone,
    append,
    first_edition,
    lines,
    provenance,
    record,
    write,
)
from indexer.catalogue.shelving import collections, find, free_id
from indexer.errors import CatalogueError, UsageError
from indexer.models import Work

REMOVED = ".removed"
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_EDITABLE = (TEXT | LISTS | NUMBERS) - {"id", "file"}


def edit(raw: Path, work_id: str, changes: dict[str, Any]) -> Work:
    """Sets fields of a work in its collection's catalogue, comments there untouched, and returns the work.

    Another kind is recorded with its file too: as one of that kind it is known when it comes again. Raises
    NotThere for an unknown work, UsageError for a field or value that cannot be.
    """
    work = find(raw, work_id)
    if unknown := set(changes) - _EDITABLE:
        raise UsageError(f"“{sorted(unknown)[0]}” cannot be edited. Can be: {', '.join(sorted(_EDITABLE))}.")
    if changes.keys() & {"year", "date"}:
        _refuse_contradiction(changes.get("year", work.year), changes.get("date", work.date))
    kind = changes.get("kind", work.kind)
    if kind != work.kind:
        _refuse_elsewhere(raw, work)
    with alone(raw):
        _set(raw, work, changes)
        if kind != work.kind and (line := record(raw, work.file or "")):
            append(_home(raw, work) / PROVENANCE, line | {"kind": kind})
    return find(raw, work_id)


def _refuse_elsewhere(raw: Path, work: Work) -> None:
    """A work that another collection lists is tied to its file by what it is."""
    if _home(raw, work) != (home := raw / work.collection):
        raise UsageError(
            f"{work.id} is listed in {home / CATALOGUE}, its file is elsewhere: change its kind there."
        )


def _refuse_contradiction(year: int | None, date: str | None) -> None:
    """A date that names years names that of the work, or years before and after it."""
    named = [int(found) for found in _YEAR.findall(date or "")]
    if year and named and not min(named) <= year <= max(named):
        raise UsageError(
            f"The year {year} and the date “{date}” contradict each other: give both as they are."
        )


def _set(raw: Path, work: Work, changes: dict[str, Any]) -> None:
    path = _home(raw, work) / CATALOGUE
    document = tomlkit.parse(path.read_text(encoding="utf8") if path.exists() else "")
    tables, inside = _tables(document), _first_file(raw, work)
    table = next((t for t in tables if _is_of(t, work, inside)), None)
    if table is None:
        table = tomlkit.table()
        table.update({"id": work.id, "kind": work.kind} | ({"file": inside} if inside else {}))
        tables.append(table)
    table["id"] = work.id
    table.update({name: list(v) if isinstance(v, tuple) else v for name, v in changes.items()})
    try:
        checked(dict(table.unwrap()), work.id)
    except CatalogueError as error:
        raise UsageError(str(error)) from None
    write(path, tomlkit.dumps(document).encode())


def _tables(document: tomlkit.TOMLDocument) -> AoT:
    """The works of a catalogue, to be added to; a list in brackets, even an empty one, is written out."""
    listed = document.get("work")
    if not isinstance(listed, AoT):
        document.pop("work", None)
        written = tomlkit.aot()
        for inline in listed or ():
            table = tomlkit.table()
            table.update(inline)
            written.append(table)
        document["work"] = written
    tables = document["work"]
    assert isinstance(tables, AoT)
    return tables


@contextmanager
def ids_kept(raw: Path) -> Iterator[None]:
    """Works that are held keep their ids, whatever comes or goes meanwhile: one that would change is written
    to the catalogue, and so is a new one for a work that comes with the id of another."""
    before = _ids(raw)
    yield
    taken = {work.id for work in before.values()}
    for file, work in _ids(raw).items():
        known = before.get(file)
        wanted = known.id if known else free_id(work, taken) or work.id
        taken.add(wanted)
        if wanted != work.id:
            _set(raw, replace(work, id=wanted), {})


def _ids(raw: Path) -> dict[str, Work]:
    """The works that are held, by the files of their first editions."""
    known = provenance(raw)
    held = [work for collection in collections(raw) for work in collection.works if work.file]
    return {
        (known[file].edition_of if (file := work.file or "") in known else None) or file: work
        for work in held
    }


def _first_file(raw: Path, work: Work) -> str | None:
    """The path inside its collection of the first edition of a work; None if it is not held."""
    return first_edition(record(raw, work.file) or {"file": _inside(work)}) if work.file else None


def _is_of(table: dict[str, Any], work: Work, file: str | None) -> bool:
    """Whether a table is of this work: an id that two collections use is another in one of them."""
    return bool(table.get("file") == file if file and table.get("file") else table.get("id") == work.id)


def _home(raw: Path, work: Work) -> Path:
    """The folder whose catalogue and provenance speak of the work: that of its file, if it has one."""
    return raw / (work.file.partition("/")[0] if work.file else work.collection)


def _inside(work: Work) -> str:
    """The path of a held work's file inside its collection."""
    return (work.file or "").partition("/")[2]


def remove(raw: Path, work_id: str) -> Path | None:
    """Takes a work out of its collection; its files are moved to `raw/.removed/`, never deleted or written
    over. Gives the path under which its text is kept, None if it was not held."""
    work = find(raw, work_id)
    with alone(raw), ids_kept(raw):
        kept = _take_out(raw, work)
    return kept.get(_inside(work))


def _take_out(raw: Path, work: Work) -> dict[str, Path]:
    """Does that, and says of each file where it is kept."""
    folder = _home(raw, work)
    first = _first_file(raw, work)
    editions = {line["file"] for line in lines(folder) if first_edition(line) == first}
    gone = editions | {line["file"] for line in lines(folder) if line.get("same_as") in editions}
    kept = _set_aside(raw, folder, gone | ({_inside(work)} if work.file else set()))
    left = [line for line in lines(folder) if line["file"] not in gone]
    if (folder / PROVENANCE).exists():
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in left)
        write(folder / PROVENANCE, text.encode())
    if (folder / CATALOGUE).exists():
        document = tomlkit.parse((folder / CATALOGUE).read_text(encoding="utf8"))
        document["work"] = [t for t in document.get("work", []) if not _is_of(t, work, first)]
        if not document["work"]:
            del document["work"]
        write(folder / CATALOGUE, tomlkit.dumps(document).encode())
    return kept


def _set_aside(raw: Path, folder: Path, files: set[str]) -> dict[str, Path]:
    """Moves files of a collection to those that were taken out; one of the same name stays beside them."""
    kept = {}
    for file in sorted(files):
        source, target = folder / file, raw / REMOVED / folder.name / file
        if not source.is_file():  # somebody may have deleted it before
            continue
        content = source.read_bytes()
        if target.exists() and target.read_bytes() != content:
            target = target.with_name(edition(target.name, hashlib.sha256(content).hexdigest()))
        target.parent.mkdir(parents=True, exist_ok=True)
        kept[file] = source.replace(target)
    return kept

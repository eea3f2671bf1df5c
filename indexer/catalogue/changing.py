"""Adding, keeping, editing and removing: nothing that was added is ever written over or deleted."""

import hashlib
import json
import mimetypes
import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

import tomlkit

from indexer.catalogue.listing import CATALOGUE, LISTS, NUMBERS, TEXT, checked
from indexer.catalogue.naming import is_host, mirrored
from indexer.catalogue.records import PROVENANCE, append, first_edition, lines, record, write
from indexer.catalogue.shelving import find
from indexer.errors import CatalogueError, UsageError
from indexer.models import Kind, Work

REMOVED = ".removed"


# The collection of files that were added without naming one.
DEFAULT = "added"


_EDITABLE = (TEXT | LISTS | NUMBERS) - {"id", "file"}


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one path given to `add`: `added`, `unchanged`, `edition` or `skipped`, and why."""

    path: str
    status: str
    file: str | None = None
    reason: str = ""


def add(
    raw: Path,
    paths: Sequence[Path],
    kind: Kind,
    collection: str = DEFAULT,
    *,
    aside: Collection[Path] = (),
    facts: Mapping[Path, Mapping[str, Any]] = MappingProxyType({}),
) -> list[Added]:
    """Copies files and whole folders into a collection and records where they came from.

    A folder keeps its layout below it. The same bytes again change nothing; other bytes under the
    same path are kept beside the first as another edition. Files `aside` are left alone; `facts` are what
    is recorded of a file besides. Raises UsageError for a path that is not there.
    """
    if not re.fullmatch(r"[\w][\w.-]*", collection):
        raise UsageError(f"“{collection}” cannot name a collection: use letters, digits and hyphens.")
    missing = next((p for p in paths if not p.exists()), None)
    if missing is not None:
        address = re.match(r"https?:/", str(missing))
        hint = " It looks like an address: save the page first and add the file." if address else ""
        raise UsageError(f"There is no file or folder {missing}.{hint}")
    folder = raw / collection
    known = {line["file"]: line for line in lines(folder)}
    results = [
        _add_file(folder, source, name, {"kind": kind, **facts.get(source, {})}, known)
        for path in paths
        for source, name in _files(path)
        if source not in aside
    ]
    if not results and not aside:
        raise UsageError(f"There are no files in {', '.join(map(str, paths))}.")
    return results


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    """Every file of a path with the name that it gets inside its collection."""
    if path.is_file():
        yield path, _below_host(path.resolve()) or path.name
        return
    for folder, subfolders, names in os.walk(path):
        subfolders[:] = sorted(n for n in subfolders if not n.startswith("."))
        for name in sorted(names):
            source = Path(folder) / name
            yield source, _below_host(source.resolve()) or source.relative_to(path).as_posix()


def _below_host(path: Path) -> str | None:
    at = next((n for n, part in enumerate(path.parts[:-1]) if is_host(part)), None)
    return None if at is None else "/".join(path.parts[at:])


def _add_file(
    folder: Path, source: Path, name: str, facts: dict[str, Any], known: dict[str, dict[str, Any]]
) -> Added:
    media = facts.get("media_type") or mimetypes.guess_type(name)[0]
    if source.name.startswith(".") or source.name in (CATALOGUE, PROVENANCE):
        return Added(str(source), "skipped", reason="a hidden file or a catalogue, not a text")
    if media is not None and media.split("/")[0] in ("image", "audio", "video", "font"):
        return Added(str(source), "skipped", reason=f"{media} is not a text")
    try:
        content = source.read_bytes()
    except OSError as error:
        return Added(str(source), "skipped", reason=f"cannot be read: {error.strerror}")
    digest, status, first = hashlib.sha256(content).hexdigest(), "added", name
    if (line := known.get(name)) is not None:
        if line["sha256"] == digest:
            return Added(str(source), "unchanged", f"{folder.name}/{name}", "the same bytes are held already")
        name, status = _edition(name, digest), "edition"
        if name in known:
            return Added(str(source), "unchanged", f"{folder.name}/{name}", "this edition is held already")
    try:
        write(folder / name, content)
    except OSError as error:
        return Added(str(source), "skipped", reason=f"cannot be kept as {name}: {error.strerror}")
    line = {
        "file": name, "kind": facts["kind"], "sha256": digest, "size": len(content),
        "added": date.today().isoformat(), "media_type": media, "url": mirrored(name),
    } | facts  # fmt: skip
    if status == "edition" and facts.get("url") and known[first].get("url") == facts["url"]:
        line["edition_of"] = first
    known[name] = line
    append(folder / PROVENANCE, line)
    return Added(str(source), status, f"{folder.name}/{name}")


def _edition(name: str, digest: str) -> str:
    """The name under which other bytes of a file are kept beside it."""
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}.{digest[:8]}{path.suffix}"))


def keep(raw: Path, collection: str, name: str, content: bytes, facts: dict[str, Any]) -> Added:
    """Writes what an address gave, as it came, with a line of `facts` (at least kind, added and url).

    `name` is the file's path inside the collection. The same bytes as those in force change nothing;
    other bytes are kept beside them as another edition, which is then in force. No file is ever written over.
    """
    folder, digest = raw / collection, hashlib.sha256(content).hexdigest()
    editions = [line for line in lines(folder) if first_edition(line) == name]
    if editions and editions[-1]["sha256"] == digest:
        path, file = folder / editions[-1]["file"], f"{collection}/{editions[-1]['file']}"
        if path.is_file():
            return Added(facts["url"], "unchanged", file)
        write(path, content)  # somebody had deleted it
        return Added(facts["url"], "added", file)
    known = {line["sha256"]: line["file"] for line in editions}
    file = known.get(digest) or (_edition(name, digest) if editions else name)
    path = folder / file
    if path.exists() and path.read_bytes() != content:
        file = _edition(name, digest)
        path = folder / file
    if not path.exists():
        write(path, content)
    line = {"file": file, "sha256": digest, "size": len(content)} | facts
    append(folder / PROVENANCE, line | ({"edition_of": name} if file != name else {}))
    return Added(facts["url"], "edition" if editions else "added", f"{collection}/{file}")


def edit(raw: Path, work_id: str, changes: dict[str, Any]) -> Work:
    """Sets fields of a work in its collection's catalogue, comments there untouched, and returns the work.

    Raises NotThere for an unknown work, UsageError for a field or value that cannot be.
    """
    work = find(raw, work_id)
    folder = _home(raw, work)
    if unknown := set(changes) - _EDITABLE:
        raise UsageError(f"“{sorted(unknown)[0]}” cannot be edited. Can be: {', '.join(sorted(_EDITABLE))}.")
    path = folder / CATALOGUE
    document = tomlkit.parse(path.read_text(encoding="utf8") if path.exists() else "")
    tables = document.setdefault("work", tomlkit.aot())
    table = next((t for t in tables if t.get("id") == work_id), None)
    if table is None:
        table = tomlkit.table()
        inside = first_edition(record(raw, work.file) or {"file": _inside(work)}) if work.file else None
        table.update({"id": work_id, "kind": work.kind} | ({"file": inside} if inside else {}))
        tables.append(table)
    table.update({name: list(v) if isinstance(v, tuple) else v for name, v in changes.items()})
    try:
        checked(dict(table.unwrap()), f"{work_id}")
    except CatalogueError as error:
        raise UsageError(str(error)) from None
    write(path, tomlkit.dumps(document).encode())
    return find(raw, work_id)


def _home(raw: Path, work: Work) -> Path:
    """The folder whose catalogue and provenance speak of the work: that of its file, if it has one."""
    return raw / (work.file.partition("/")[0] if work.file else work.collection)


def _inside(work: Work) -> str:
    """The path of a held work's file inside its collection."""
    return (work.file or "").partition("/")[2]


def remove(raw: Path, work_id: str) -> Work:
    """Takes a work out of its collection; its files are moved to `raw/.removed/`, never deleted."""
    work = find(raw, work_id)
    folder = _home(raw, work)
    first = first_edition(record(raw, work.file) or {"file": _inside(work)}) if work.file else None
    gone = {line["file"] for line in lines(folder) if first_edition(line) == first}
    for file in gone | ({_inside(work)} if work.file else set()):
        source, target = folder / file, raw / REMOVED / folder.name / file
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
    kept = [line for line in lines(folder) if line["file"] not in gone]
    if (folder / PROVENANCE).exists():
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in kept)
        write(folder / PROVENANCE, text.encode())
    if (folder / CATALOGUE).exists():
        document = tomlkit.parse((folder / CATALOGUE).read_text(encoding="utf8"))
        document["work"] = [t for t in document.get("work", []) if t.get("id") != work_id]
        write(folder / CATALOGUE, tomlkit.dumps(document).encode())
    return work

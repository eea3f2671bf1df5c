"""Adding and keeping: files that were brought or fetched, none ever written over."""

import hashlib
import mimetypes
import os
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from indexer.catalogue.changing import ids_kept
from indexer.catalogue.listing import CATALOGUE
from indexer.catalogue.naming import edition, is_host, legible, mirrored
from indexer.catalogue.records import PROVENANCE, alone, append, first_edition, in_force, lines, record, write
from indexer.catalogue.shelving import find
from indexer.errors import UsageError
from indexer.models import Kind

# The collection of files that were added without naming one.
DEFAULT = "added"
# Says why a file, of this name and these facts, holds no text that can be read; None if it does.
Unreadable = Callable[[Path, str, Mapping[str, Any]], str | None]
# Letters of the digest of a path by which a file is known again.
_ORIGIN = 16


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one path given to `add`: `added`, `unchanged`, `edition` or `skipped`, and why."""

    path: str
    status: str
    file: str | None = None
    reason: str = ""


class _Held:
    """What a collection holds: the lines of each file's editions, by its name, and the last of them, by its
    bytes and its origin too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.editions: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self.by_name: dict[str, dict[str, Any]] = {}
        self._by_bytes: dict[tuple[str, str], str] = {}
        self._by_origin: dict[str, str] = {}
        found = lines(folder)
        for line in found:
            self.editions[first_edition(line)].append(line)
        for line in in_force(found):
            self._know(line)

    def take(self, line: dict[str, Any]) -> None:
        """Add a line that was just written."""
        self.editions[first_edition(line)].append(line)
        self._know(line)

    def _know(self, line: dict[str, Any]) -> None:
        self.by_name[first_edition(line)] = line
        self._by_bytes.setdefault((line["kind"], line["sha256"]), first_edition(line))
        if line.get("origin"):
            self._by_origin[line["origin"]] = first_edition(line)

    def same(self, kind: Kind, digest: str) -> dict[str, Any] | None:
        """The line of a file of this kind that has these bytes now."""
        line = self.by_name.get(self._by_bytes.get((kind, digest), ""))
        return line if line is not None and line["sha256"] == digest else None

    def named(self, name: str, facts: dict[str, Any]) -> str:
        """The name under which a file was added before from its place, else the name that it would get."""
        return name if facts["url"] is not None else self._by_origin.get(facts["origin"], name)


def add(
    raw: Path,
    paths: Sequence[Path],
    kind: Kind,
    collection: str = DEFAULT,
    *,
    aside: Collection[Path] = (),
    facts: Mapping[Path, Mapping[str, Any]] = MappingProxyType({}),
    unreadable: Unreadable | None = None,
) -> list[Added]:
    """Copies files and whole folders into a collection and records where they came from.

    A folder keeps its layout below it. The same bytes again change nothing; at a second address they are
    one work with both. A file that has changed since it was added is another edition of its work, which is
    then in force. Files `aside` are left alone; `facts` are what is recorded of a file besides. New
    bytes that are `unreadable` are passed over. Raises UsageError for a path that is not there.
    """
    if not re.fullmatch(r"[\w][\w.-]*", collection):
        raise UsageError(f"“{collection}” cannot name a collection: use letters, digits and hyphens.")
    missing = next((p for p in paths if not p.exists()), None)
    if missing is not None:
        address = re.match(r"https?:/", str(missing))
        hint = " It looks like an address: save the page first and add the file." if address else ""
        raise UsageError(f"There is no file or folder {missing}.{hint}")
    with alone(raw), ids_kept(raw):
        held = _Held(raw / collection)
        results = [
            _add_file(source, name, {"kind": kind, **facts.get(source, {})}, held, unreadable)
            for path in paths
            for source, name in _files(path)
            if source not in aside
        ]
    if not results and not aside:
        raise UsageError(f"There are no files in {', '.join(map(str, paths))}.")
    return [replace(result, path=legible(result.path)) for result in results]


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    """Every file of a path with the name that it gets inside its collection; and the folders in it that are
    not looked into, which are told of."""
    if path.is_file():
        yield path, _below_host(path.resolve()) or path.name
        return
    shut: list[Path] = []
    for folder, subfolders, names in os.walk(path, onerror=lambda error: shut.append(Path(error.filename))):
        passed = [n for n in subfolders if n.startswith(".") or (Path(folder) / n).is_symlink()]
        subfolders[:] = sorted(set(subfolders) - set(passed))
        for name in sorted([*names, *passed]):
            source = Path(folder) / name
            yield source, _below_host(source.resolve()) or source.relative_to(path).as_posix()
    yield from ((source, source.name) for source in shut)


def _below_host(path: Path) -> str | None:
    at = next((n for n, part in enumerate(path.parts[:-1]) if is_host(part)), None)
    return None if at is None else "/".join(path.parts[at:])


def _add_file(
    source: Path, name: str, more: dict[str, Any], held: _Held, unreadable: Unreadable | None
) -> Added:
    content = _content(source, name, more)
    if isinstance(content, Added):
        return content
    digest, facts = hashlib.sha256(content).hexdigest(), _facts(source, name, more)
    known = held.by_name.get(name := held.named(name, facts))
    if known is not None and known["sha256"] == digest:
        as_other = "" if known["kind"] == facts["kind"] else f", as {known['kind']}"
        return _unchanged(source, held, known, f"the same bytes are held already{as_other}")
    if unreadable and not held.same(facts["kind"], digest) and (why := unreadable(source, name, facts)):
        return Added(str(source), "skipped", reason=why)
    try:
        if known is not None and _is_changed(known, facts):
            return _changed(source, held, name, content, facts)
        if known is not None:
            return _of_same_name(source, held, name, content, facts)
        if (twin := held.same(facts["kind"], digest)) is None:
            return _brought(source, held, name, content, facts)
        if facts["url"] in (None, twin.get("url")):
            return _unchanged(source, held, twin, f"the same bytes are held already, as {twin['file']}")
        again = _brought(source, held, name, content, facts | {"same_as": twin["file"]})
        return replace(again, reason=f"the same bytes as {twin['file']}: one work with two addresses")
    except OSError as error:
        return Added(str(source), "skipped", reason=f"cannot be kept as {name}: {error.strerror}")


def _content(source: Path, name: str, facts: Mapping[str, Any]) -> bytes | Added:
    """The bytes of a file, or why it is passed over."""
    media = facts.get("media_type") or mimetypes.guess_type(name)[0]
    if source.name.startswith(".") or source.name in (CATALOGUE, PROVENANCE):
        what = "a hidden folder" if source.is_dir() else "a hidden file or a catalogue, not a text"
        return Added(str(source), "skipped", reason=what)
    if source.is_dir():
        why = "a link to a folder: add that folder" if source.is_symlink() else "the folder cannot be read"
        return Added(str(source), "skipped", reason=why)
    if source.exists() and not source.is_file():
        return Added(str(source), "skipped", reason="it is a pipe or a device, not a file")
    if media is not None and media.split("/")[0] in ("image", "audio", "video", "font"):
        return Added(str(source), "skipped", reason=f"{media} is not a text")
    if (plain := legible(name)) != name:
        return Added(str(source), "skipped", reason=f"the name {plain} is no text in UTF-8: give it another")
    try:
        return source.read_bytes()
    except OSError as error:
        return Added(str(source), "skipped", reason=f"cannot be read: {error.strerror}")


def _facts(source: Path, name: str, more: Mapping[str, Any]) -> dict[str, Any]:
    """What is recorded of a file. `origin` stands for the path that it came from, and does not tell it."""
    inside = more.get("container")
    origin = f"{inside['name']}: {inside['member']}" if inside else str(source.resolve())
    return {
        "kind": more["kind"], "added": date.today().isoformat(), "media_type": mimetypes.guess_type(name)[0],
        "url": mirrored(name), "origin": hashlib.sha256(os.fsencode(origin)).hexdigest()[:_ORIGIN],
    } | dict(more)  # fmt: skip


def _is_changed(known: dict[str, Any], facts: dict[str, Any]) -> bool:
    """Whether other bytes under a name are the same file, changed: of one address, or from one path."""
    if known["kind"] != facts["kind"]:
        return False
    if facts["url"] is not None:
        return bool(known.get("url") == facts["url"])
    return known.get("origin") in (None, facts["origin"])


def _unchanged(source: Path, held: _Held, line: dict[str, Any], reason: str) -> Added:
    return Added(str(source), "unchanged", f"{held.folder.name}/{line['file']}", reason)


def _brought(source: Path, held: _Held, name: str, content: bytes, facts: dict[str, Any]) -> Added:
    """Writes a file that is new to the collection, with its line; beside one that was put there by hand."""
    digest = hashlib.sha256(content).hexdigest()
    if (held.folder / name).exists() and (held.folder / name).read_bytes() != content:
        name = edition(name, digest)
    write(held.folder / name, content)
    line = {"file": name, "sha256": digest, "size": len(content)} | facts
    held.take(line)
    append(held.folder / PROVENANCE, line)
    return Added(str(source), "added", f"{held.folder.name}/{name}")


def _changed(source: Path, held: _Held, name: str, content: bytes, facts: dict[str, Any]) -> Added:
    """Another edition of a file that is held."""
    kept, line = _as_edition(held.folder, name, held.editions[name], content, facts)
    held.take(line)
    return replace(kept, path=str(source))


def _of_same_name(source: Path, held: _Held, name: str, content: bytes, facts: dict[str, Any]) -> Added:
    """A file of a name that another has: from elsewhere, so a work of its own."""
    own = edition(name, hashlib.sha256(content).hexdigest())
    if own in held.by_name:
        return _unchanged(source, held, held.by_name[own], "the same bytes are held already")
    hint = f"another file has the name {name}; if this is its new edition: loccit add --edition-of"
    return replace(_brought(source, held, own, content, facts), reason=hint)


def add_edition(raw: Path, path: Path, work_id: str, unreadable: Unreadable | None = None) -> Added:
    """Another edition of a work, out of a file of any name; it is then in force. One that is `unreadable` is
    passed over.

    Raises NotThere for an unknown work, UsageError for one that is not held and for what is no file.
    """
    work = find(raw, work_id)
    if not path.is_file():
        raise UsageError(f"There is no file {path}: an edition is one file.")
    if work.file is None:
        raise UsageError(f"The text of {work.id} is not held yet: add the file without --edition-of.")
    content = _content(path, path.name, {})
    if isinstance(content, Added):
        return replace(content, path=legible(content.path))
    collection, _, inside = work.file.partition("/")
    first = first_edition(record(raw, work.file) or {"file": inside})
    facts = _facts(path, path.name, {"kind": work.kind, "url": work.url})
    if unreadable and (why := unreadable(path, path.name, facts)):
        return Added(legible(str(path)), "skipped", reason=why)
    with alone(raw):
        return replace(keep(raw, collection, first, content, facts), path=legible(str(path)))


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
            return Added(name, "unchanged", file)
        write(path, content)  # somebody had deleted it
        return Added(name, "added", file)
    return _as_edition(folder, name, editions, content, facts)[0]


def _as_edition(
    folder: Path, name: str, editions: Sequence[dict[str, Any]], content: bytes, facts: dict[str, Any]
) -> tuple[Added, dict[str, Any]]:
    """Writes bytes beside those of the editions that are known, and their line, which comes back too."""
    digest = hashlib.sha256(content).hexdigest()
    known = {line["sha256"]: line["file"] for line in editions}
    file = known.get(digest) or (edition(name, digest) if editions else name)
    path = folder / file
    if path.exists() and path.read_bytes() != content:
        file = edition(name, digest)
        path = folder / file
    if not path.exists():
        write(path, content)
    line = {"file": file, "sha256": digest, "size": len(content)} | facts
    line |= {"edition_of": name} if file != name else {}
    append(folder / PROVENANCE, line)
    return Added(name, "edition" if editions else "added", f"{folder.name}/{file}"), line

"""What is in `raw/`: the works that catalogues list and the files that were added, and how both change.

A collection is a folder of `raw/`. Its `catalogue.toml` says what people know of its works; its
`provenance.jsonl` has a line for every file that was added or fetched, and is only ever appended to
(but for a file that is removed). A file without an entry in the catalogue is a work with what its
own text says of itself. An address that was fetched again and gave other bytes has several files, its
editions: the line of each names the first as `edition_of`, and the last line's file is the work's.
This module and `fetch` alone write `raw/`.
"""

import hashlib
import json
import mimetypes
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, cast
from urllib.parse import urlsplit

import tomlkit

from indexer.errors import CatalogueError, NotThere, UsageError
from indexer.models import Collection, Kind, Provenance, Work

CATALOGUE = "catalogue.toml"
PROVENANCE = "provenance.jsonl"
REMOVED = ".removed"
# The collection of files that were added without naming one.
DEFAULT = "added"

_TEXT = frozenset(
    {"id", "kind", "title", "author", "date", "url", "file", "parent", "language", "licence", "note"}
)
_LISTS = frozenset({"also", "aliases", "cited_by"})
_NUMBERS = frozenset({"year"})
_EDITABLE = (_TEXT | _LISTS | _NUMBERS) - {"id", "file"}
# Top-level domains that a folder's name may end in to be taken for a host; besides, any two letters.
_DOMAINS = frozenset({"org", "com", "net", "edu", "gov", "info", "int", "mil", "example", "test"})


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one path given to `add`: `added`, `unchanged`, `edition` or `skipped`, and why."""

    path: str
    status: str
    file: str | None = None
    reason: str = ""


def slug(text: str) -> str:
    """Letters and digits of a path, its ending dropped, joined by hyphens; fit for an address."""
    path = PurePosixPath(text)
    stem = path.with_suffix("") if path.suffix.lower().lstrip(".") in _ENDINGS else path
    return re.sub(r"[^\w]+", "-", str(stem).lower()).strip("-_") or "work"


_ENDINGS = frozenset(
    ["txt", "text", "md", "htm", "html", "xhtml", "shtml", "php", "asp", "aspx", "pdf", "epub", "xml", "docx"]
)


def is_address(url: str) -> bool:
    """Whether this is an http or https address with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in parts.netloc and not re.search(r"\s", url)


def bare(url: str) -> str:
    """An address for comparing: without its fragment, http taken for https."""
    return re.sub(r"^http://", "https://", url.split("#")[0])


def is_host(name: str) -> bool:
    """Whether a folder's name is that of a host, as a mirror has it."""
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", name.lower()):
        return False
    last = name.lower().rsplit(".", 1)[1]
    return name.startswith("www.") or last in _DOMAINS or (len(last) == 2 and last.isalpha())


def mirrored(file: str) -> str | None:
    """The address of a file below a folder named as a host, read off its path."""
    parts = PurePosixPath(file).parts
    at = next((n for n, part in enumerate(parts[:-1]) if is_host(part)), None)
    return None if at is None else "https://" + "/".join(parts[at:])


# --- reading -------------------------------------------------------------------------------------


def collections(raw: Path) -> list[Collection]:
    """All collections of `raw/` by name, with their works: held and not held.

    A catalogued work whose address, or whose id, is that of a file added elsewhere is that file:
    the file keeps its place, the catalogue says what is known of it. Raises CatalogueError.
    """
    folders = (
        sorted(p for p in raw.iterdir() if p.is_dir() and not p.name.startswith(".")) if raw.is_dir() else []
    )
    found = [_collection(folder) for folder in folders]
    return _joined(found)


def provenance(raw: Path) -> dict[str, Provenance]:
    """Where each file came from, by its path inside `raw/`."""
    records: dict[str, Provenance] = {}
    for folder in sorted(p for p in raw.glob("*") if p.is_dir()):
        for line in _lines(folder):
            file = f"{folder.name}/{line['file']}"
            records[file] = Provenance(
                file, line["sha256"], line["size"], line["added"], line.get("media_type"), line.get("url")
            )
    return records


def record(raw: Path, file: str) -> dict[str, Any] | None:
    """All that was recorded when a file came, by its path inside `raw/`; of a fetched one the headers too."""
    return records(raw, file.partition("/")[0]).get(file)


def records(raw: Path, collection: str) -> dict[str, dict[str, Any]]:
    """What was recorded of all files of a collection, by their paths inside `raw/`."""
    return {f"{collection}/{line['file']}": line for line in _lines(raw / collection)}


def unlisted(raw: Path, works: Iterable[Work]) -> list[str]:
    """Files in `raw/` that neither a catalogue nor a provenance names, as paths inside `raw/`."""
    known = {work.file for work in works} | set(provenance(raw))
    own = {CATALOGUE, PROVENANCE}
    files = (p.relative_to(raw) for p in sorted(raw.rglob("*")) if p.is_file() and p.name not in own)
    visible = (f for f in files if not any(part.startswith(".") for part in f.parts))
    return [f.as_posix() for f in visible if f.as_posix() not in known]


def _lines(folder: Path) -> list[dict[str, Any]]:
    """The records of a collection's files. A last line that a crash cut off is left out."""
    path = folder / PROVENANCE
    text = path.read_text(encoding="utf8") if path.exists() else ""
    whole = text[: text.rfind("\n") + 1]
    records = []
    for number, line in enumerate(whole.splitlines(), 1):
        try:
            records.append(json.loads(line))
        except json.JSONDecodeError:
            raise CatalogueError(
                f"{path}: line {number} is not a record of a file. Mend or delete it."
            ) from None
    return records


def _collection(folder: Path) -> Collection:
    head, works = _catalogue(folder)
    places = {work.file: n for n, work in enumerate(works) if work.file}
    wanted = {
        (work.kind, bare(url)): n
        for n, work in reversed(list(enumerate(works))) if not work.file
        for url in (work.url, *work.also) if url
    }  # fmt: skip
    for line in _in_force(_lines(folder)):
        file, first = (f"{folder.name}/{name}" for name in (line["file"], _first_edition(line)))
        at = places.get(first)
        if at is None and line.get("url"):
            at = wanted.get((line["kind"], bare(line["url"])))
        if at is not None and works[at].file in (None, first):
            works[at] = replace(works[at], url=works[at].url or line.get("url"), file=file)
        elif file not in places:
            works.append(_work_of_file(folder.name, line))
    return Collection(
        folder.name,
        head.get("title") or folder.name.replace("-", " ").capitalize(),
        head.get("description"),
        head.get("licence"),
        tuple(works),
    )


def _in_force(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of all editions of a file the line that came last, in the place of the first."""
    last = {_first_edition(line): line for line in lines}
    return list(last.values())


def _first_edition(line: dict[str, Any]) -> str:
    """The name of the file whose edition this is: of a first edition, its own."""
    return str(line.get("edition_of") or line["file"])


def _work_of_file(collection: str, line: dict[str, Any]) -> Work:
    """A work of which only its file is known; its title is the file's name until it is extracted."""
    file, kind = _first_edition(line), cast(Kind, line["kind"])
    work_id = slug(PurePosixPath(file).name if kind == "essay" else file)
    return Work(work_id, collection, kind, title="", url=line.get("url"), file=f"{collection}/{line['file']}")


def _catalogue(folder: Path) -> tuple[dict[str, Any], list[Work]]:
    path = folder / CATALOGUE
    if not path.exists():
        return {}, []
    text = path.read_text(encoding="utf8")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path}: {error}. Mend the line and run the command again.") from None
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip() == "[[work]]"]
    tables = data.pop("work", [])
    if not isinstance(tables, list):
        raise CatalogueError(f"{path}: works are listed as [[work]], with two brackets.")
    places = (
        [f"{path}: line {line}" for line in lines] if len(lines) == len(tables) else [str(path)] * len(tables)
    )
    works = [_work(folder, table, place) for table, place in zip(tables, places, strict=True)]
    _refuse_twins(works, places)
    return data, works


def _refuse_twins(works: Sequence[Work], places: Sequence[str]) -> None:
    seen: set[str] = set()
    for work, place in zip(works, places, strict=True):
        if work.id in seen:
            raise CatalogueError(
                f"{place}: there are two works with the id “{work.id}”. Give one another id."
            )
        seen.add(work.id)


def _work(folder: Path, table: dict[str, Any], place: str) -> Work:
    known = _checked(table, place)
    if (file := known.get("file")) is not None:
        inside = PurePosixPath(file)
        if inside.is_absolute() or ".." in inside.parts:
            raise CatalogueError(
                f"{place}: file “{file}” leads out of its collection. Give a path inside it."
            )
        known["file"] = f"{folder.name}/{file}"
    return Work(collection=folder.name, **{"title": ""} | known)


def _checked(table: dict[str, Any], place: str) -> dict[str, Any]:
    """The fields of a work, lists as tuples. Raises CatalogueError for what is missing or mistyped.

    Only a work whose text is not held needs a title: else its text gives one.
    """
    for name in ("id", "kind") if table.get("file") else ("id", "kind", "title"):
        if not table.get(name):
            raise CatalogueError(f"{place}: a work needs “{name}”.")
    known: dict[str, Any] = {}
    for name, value in table.items():
        if name not in _TEXT | _NUMBERS | _LISTS:
            raise CatalogueError(f"{place}: “{name}” is not a field of a work. Known are: {_known()}.")
        if name in _LISTS:
            right = isinstance(value, list) and all(isinstance(v, str) for v in value)
        else:
            right = isinstance(value, str if name in _TEXT else int)
        if not right:
            wanted = "text in quotation marks" if name in _TEXT else "a whole number"
            raise CatalogueError(
                f"{place}: “{name}” must be {'a list of texts' if name in _LISTS else wanted}."
            )
        known[name] = tuple(value) if name in _LISTS else value
    if known["kind"] not in ("essay", "source"):
        raise CatalogueError(f"{place}: kind is “essay” or “source”, not “{known['kind']}”.")
    for url in (known.get("url"), *known.get("also", ())):
        if url is not None and not is_address(url):
            raise CatalogueError(f"{place}: “{url}” is not an address (http://… or https://…).")
    return known


def _known() -> str:
    return ", ".join(sorted(_TEXT | _LISTS | _NUMBERS))


def _joined(found: Sequence[Collection]) -> list[Collection]:
    """Catalogued works united with the files that hold them, and ids made unlike where two share one."""
    held = [w for c in found for w in c.works if w.file]
    by_id = {w.id: w for w in held if w.kind == "essay"}
    by_url = {bare(w.url): w for w in held if w.url and w.kind == "source"}
    taken: set[str] = set()
    united = [replace(c, works=tuple(_unite(w, by_id, by_url, taken) for w in c.works)) for c in found]
    renamed = {
        (c.name, before.id): after.id
        for c, d in zip(found, united, strict=True)
        for before, after in zip(c.works, d.works, strict=True)
    }
    seen: set[str] = set()
    return [replace(c, works=tuple(_own_ids(c, taken, seen, renamed))) for c in united]


def _unite(work: Work, by_id: dict[str, Work], by_url: dict[str, Work], taken: set[str]) -> Work:
    """A listed work that is not held itself, with the file that another collection has of it."""
    if work.file:
        return work
    addresses = [url for url in (work.url, *work.also) if url]
    if work.kind == "essay":
        same = by_id.get(work.id)
    else:
        same = next((by_url[u] for url in addresses if (u := _plain(url, by_url))), None)
    if same is None or same.collection == work.collection or (same.file or "") in taken:
        return work
    taken.add(cast(str, same.file))
    known = {f.name: value for f in fields(Work) if (value := getattr(same, f.name))}
    return replace(work, **known | {"collection": work.collection})


def _plain(url: str, at: dict[str, Work]) -> str | None:
    """The spelling of an address under which a file is held: the scheme and a fragment do not matter."""
    plain = bare(url)
    folder = plain if plain.endswith("/") else plain + "/"
    return next((u for u in (plain, folder + "index.htm", folder + "index.html") if u in at), None)


def _own_ids(
    collection: Collection, taken: set[str], seen: set[str], renamed: dict[tuple[str, str], str]
) -> Iterator[Work]:
    """The works to be shown in this collection, each with its own id and its parent's of now."""
    for work in collection.works:
        if work.file in taken and work.file and work.file.partition("/")[0] == collection.name:
            continue  # it is shown in the collection that lists it
        names = (work.id, f"{work.id}-{collection.name}", slug((work.file or work.id).replace(".", "-")))
        name = next((n for n in names if n not in seen), None)
        if name is None:
            raise CatalogueError(f"Two works have the id “{work.id}”: give one another in its {CATALOGUE}.")
        seen.add(name)
        parent = renamed.get((collection.name, work.parent), work.parent) if work.parent else None
        yield replace(work, id=name, parent=parent)


# --- writing -------------------------------------------------------------------------------------


def add(raw: Path, paths: Sequence[Path], kind: Kind, collection: str = DEFAULT) -> list[Added]:
    """Copies files and whole folders into a collection and records where they came from.

    A folder keeps its layout below it. The same bytes again change nothing; other bytes under the
    same path are kept beside the first as another edition. Raises UsageError for a path that is not there.
    """
    if not re.fullmatch(r"[\w][\w.-]*", collection):
        raise UsageError(f"“{collection}” cannot name a collection: use letters, digits and hyphens.")
    missing = next((p for p in paths if not p.exists()), None)
    if missing is not None:
        address = re.match(r"https?:/", str(missing))
        hint = " It looks like an address: save the page first and add the file." if address else ""
        raise UsageError(f"There is no file or folder {missing}.{hint}")
    folder = raw / collection
    known = {line["file"]: line for line in _lines(folder)}
    results = [
        _add_file(folder, source, name, kind, known) for path in paths for source, name in _files(path)
    ]
    if not results:
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


def _add_file(folder: Path, source: Path, name: str, kind: Kind, known: dict[str, dict[str, Any]]) -> Added:
    media = mimetypes.guess_type(name)[0]
    if source.name.startswith(".") or source.name in (CATALOGUE, PROVENANCE):
        return Added(str(source), "skipped", reason="a hidden file or a catalogue, not a text")
    if media is not None and media.split("/")[0] in ("image", "audio", "video", "font"):
        return Added(str(source), "skipped", reason=f"{media} is not a text")
    try:
        content = source.read_bytes()
    except OSError as error:
        return Added(str(source), "skipped", reason=f"cannot be read: {error.strerror}")
    digest, status = hashlib.sha256(content).hexdigest(), "added"
    if (line := known.get(name)) is not None:
        if line["sha256"] == digest:
            return Added(str(source), "unchanged", f"{folder.name}/{name}", "the same bytes are held already")
        name, status = _edition(name, digest), "edition"
        if name in known:
            return Added(str(source), "unchanged", f"{folder.name}/{name}", "this edition is held already")
    _write(folder / name, content)
    line = {
        "file": name, "kind": kind, "sha256": digest, "size": len(content),
        "added": date.today().isoformat(), "media_type": media, "url": mirrored(name),
    }  # fmt: skip
    known[name] = line
    _append(folder / PROVENANCE, line)
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
    editions = [line for line in _lines(folder) if _first_edition(line) == name]
    if editions and editions[-1]["sha256"] == digest:
        path, file = folder / editions[-1]["file"], f"{collection}/{editions[-1]['file']}"
        if path.is_file():
            return Added(facts["url"], "unchanged", file)
        _write(path, content)  # somebody had deleted it
        return Added(facts["url"], "added", file)
    known = {line["sha256"]: line["file"] for line in editions}
    file = known.get(digest) or (_edition(name, digest) if editions else name)
    path = folder / file
    if path.exists() and path.read_bytes() != content:
        file = _edition(name, digest)
        path = folder / file
    if not path.exists():
        _write(path, content)
    line = {"file": file, "sha256": digest, "size": len(content)} | facts
    _append(folder / PROVENANCE, line | ({"edition_of": name} if file != name else {}))
    return Added(facts["url"], "edition" if editions else "added", f"{collection}/{file}")


def _write(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all, also when the power fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")  # hidden: one that a crash left is no file of raw/
    with partial.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(path)


def _append(path: Path, record: dict[str, Any]) -> None:
    if path.exists() and not (content := path.read_bytes()).endswith(b"\n") and content:
        _write(path, content[: content.rfind(b"\n") + 1])
    with path.open("a", encoding="utf8") as out:
        out.write(json.dumps(record, ensure_ascii=False) + "\n")


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
        inside = _first_edition(record(raw, work.file) or {"file": _inside(work)}) if work.file else None
        table.update({"id": work_id, "kind": work.kind} | ({"file": inside} if inside else {}))
        tables.append(table)
    table.update({name: list(v) if isinstance(v, tuple) else v for name, v in changes.items()})
    try:
        _checked(dict(table.unwrap()), f"{work_id}")
    except CatalogueError as error:
        raise UsageError(str(error)) from None
    _write(path, tomlkit.dumps(document).encode())
    return find(raw, work_id)


def find(raw: Path, work_id: str) -> Work:
    """The work of this id. Raises NotThere."""
    for collection in collections(raw):
        for work in collection.works:
            if work.id == work_id:
                return work
    raise NotThere(f"There is no work “{work_id}” in {raw}. loccit list shows all.")


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
    first = _first_edition(record(raw, work.file) or {"file": _inside(work)}) if work.file else None
    gone = {line["file"] for line in _lines(folder) if _first_edition(line) == first}
    for file in gone | ({_inside(work)} if work.file else set()):
        source, target = folder / file, raw / REMOVED / folder.name / file
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
    kept = [line for line in _lines(folder) if line["file"] not in gone]
    if (folder / PROVENANCE).exists():
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in kept)
        _write(folder / PROVENANCE, text.encode())
    if (folder / CATALOGUE).exists():
        document = tomlkit.parse((folder / CATALOGUE).read_text(encoding="utf8"))
        document["work"] = [t for t in document.get("work", []) if t.get("id") != work_id]
        _write(folder / CATALOGUE, tomlkit.dumps(document).encode())
    return work

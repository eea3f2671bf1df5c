"""The works of all collections: those that are listed, united with the files that hold them."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path, PurePosixPath
from typing import Any, cast

from indexer.catalogue.listing import CATALOGUE, listed
from indexer.catalogue.naming import bare, legible, slug
from indexer.catalogue.records import PROVENANCE, first_edition, in_force, lines, provenance
from indexer.catalogue.spelling import NAMES
from indexer.errors import CatalogueError, NotThere
from indexer.models import Collection, Kind, Work


def collections(raw: Path) -> list[Collection]:
    """All collections of `raw/` by name, with their works: held and not held.

    A catalogued work whose address, or whose id, is that of a file added elsewhere is that file:
    the file keeps its place, the catalogue says what is known of it. Raises CatalogueError.
    """
    folders = (
        sorted(p for p in raw.iterdir() if p.is_dir() and not p.name.startswith(".")) if raw.is_dir() else []
    )
    for folder in folders:
        if (plain := legible(folder.name)) != folder.name:
            raise CatalogueError(f"The folder {plain} in {raw} has a name that is no text. Rename it.")
    return _joined([_collection(folder) for folder in folders])


def unlisted(raw: Path, works: Iterable[Work]) -> list[str]:
    """Files in `raw/` that neither a catalogue nor a provenance names, as paths inside `raw/`."""
    known = {work.file for work in works} | set(provenance(raw))
    own = {CATALOGUE, PROVENANCE, NAMES}
    files = (p.relative_to(raw) for p in sorted(raw.rglob("*")) if p.is_file() and p.name not in own)
    visible = (f for f in files if not any(part.startswith(".") for part in f.parts))
    return [legible(f.as_posix()) for f in visible if f.as_posix() not in known]


def _collection(folder: Path) -> Collection:
    head, works = listed(folder)
    places = {work.file: n for n, work in enumerate(works) if work.file}
    wanted = {
        (work.kind, bare(url)): n
        for n, work in reversed(list(enumerate(works))) if not work.file
        for url in (work.url, *work.also) if url
    }  # fmt: skip
    lasting = in_force(lines(folder))
    digests = {line["file"]: line["sha256"] for line in lasting}
    also: dict[str, list[str]] = {}
    for line in lasting:
        file, first = (f"{folder.name}/{name}" for name in (line["file"], first_edition(line)))
        at = places.get(first)
        if at is None and line.get("url"):
            at = wanted.get((line["kind"], bare(line["url"])))
        if at is not None and works[at].file in (None, first):
            works[at] = replace(works[at], url=works[at].url or line.get("url"), file=file)
        elif digests.get(line.get("same_as")) == line["sha256"]:
            also.setdefault(f"{folder.name}/{line['same_as']}", []).append(line["url"])
        elif file not in places:
            works.append(_work_of_file(folder.name, line))
    works = [replace(w, also=(*w.also, *also.get(w.file or "", ()))) for w in works]
    return Collection(
        folder.name,
        head.get("title") or folder.name.replace("-", " ").capitalize(),
        head.get("description"),
        head.get("licence"),
        tuple(works),
    )


def _work_of_file(collection: str, line: dict[str, Any]) -> Work:
    """A work of which only its file is known; its title is the file's name until it is extracted."""
    file, kind = first_edition(line), cast(Kind, line["kind"])
    work_id = slug(PurePosixPath(file).name if kind == "essay" else file)
    return Work(work_id, collection, kind, title="", url=line.get("url"), file=f"{collection}/{line['file']}")


def _joined(found: Sequence[Collection]) -> list[Collection]:
    """Catalogued works united with the files that hold them, and ids made unlike where two share one."""
    held = [w for c in found for w in c.works if w.file]
    by_id = {w.id: w for w in held if w.kind == "essay"}
    by_url = {bare(u): w for w in held for u in (*w.also, w.url) if u and w.kind == "source"}
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
    """The works to be shown in this collection, each with its own id, and the ids that it names."""
    for work in collection.works:
        if work.file in taken and work.file and work.file.partition("/")[0] == collection.name:
            continue  # it is shown in the collection that lists it
        name = free_id(work, seen)
        if name is None:
            raise CatalogueError(f"Two works have the id “{work.id}”: give one another in its {CATALOGUE}.")
        seen.add(name)
        parent, first = (
            renamed.get((collection.name, i), i) if i else None for i in (work.parent, work.edition_of)
        )
        yield replace(work, id=name, parent=parent, edition_of=first)


def free_id(work: Work, taken: Container[str]) -> str | None:
    """A work's id, or one made unlike those that are taken; None if those that can be made are."""
    names = (work.id, f"{work.id}-{work.collection}", slug((work.file or work.id).replace(".", "-")))
    return next((name for name in names if name not in taken), None)


def find(raw: Path, work_id: str) -> Work:
    """The work of this id. Raises NotThere."""
    for collection in collections(raw):
        for work in collection.works:
            if work.id == work_id:
                return work
    raise NotThere(f"There is no work “{work_id}” in {raw}. loccit list shows all.")

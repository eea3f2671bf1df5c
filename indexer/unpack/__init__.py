"""Containers of texts (ZIP, WARC, gzip) to raw files: each text inside is a file of its own, and so a work.

What is inside is written below a temporary folder and added from there as any folder is; its provenance
names the container, its digest and the member. Nothing of a container is trusted: see `limits`.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any, BinaryIO

from indexer import catalogue
from indexer.catalogue import DEFAULT, Added
from indexer.fetch import name_of, target
from indexer.models import Kind
from indexer.unpack import gzips, warcs, zips
from indexer.unpack.limits import Budget, Member, Refused

# Signs stand in the first bytes; those of a packed WARC behind the tables of its packing, which are longer.
_HEAD = 2048
_DIGESTED = 1 << 20
# Digits of a digest that tell apart two addresses with one name.
_TOLD = 8
# A container in a container (a ZIP of packed pages, a WACZ) is opened; one in that is not.
_DEEPEST = 2


def add(raw: Path, paths: Sequence[Path], kind: Kind, collection: str = DEFAULT) -> list[Added]:
    """As `catalogue.add`; of a container, wherever it is met, all texts inside instead of its own bytes."""
    containers = {file for path in paths for file in _files(path) if _is_container(file)}
    results = catalogue.add(raw, paths, kind, collection, aside=containers)
    for file in sorted(containers):
        results += _add_container(raw, file, kind, collection)
    return results


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    for folder, subfolders, names in os.walk(path):
        subfolders[:] = [n for n in subfolders if not n.startswith(".")]
        yield from (Path(folder) / name for name in names if not name.startswith("."))


def _is_container(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return _form(opened) is not None
    except OSError:
        return False  # whoever adds it will meet the same and say so


def _form(opened: BinaryIO) -> ModuleType | None:
    """The module that opens a file, by its own signs; None for what is no container."""
    head = opened.read(_HEAD)
    if zips.recognises(head):
        return zips if zips.of_texts(opened) else None
    return next((form for form in (warcs, gzips) if form.recognises(head)), None)


def _add_container(raw: Path, file: Path, kind: Kind, collection: str) -> list[Added]:
    with tempfile.TemporaryDirectory(prefix="loccit-") as folder:
        batch = _Batch(Path(folder), file, _digest(file))
        results: list[Added] = []
        try:
            with file.open("rb") as opened:
                for member in _members(opened, file.name, Budget(file.stat().st_size), 1):
                    if not batch.has_room(member):
                        results += batch.added(raw, kind, collection)
                    results += batch.put(member)
        except Refused as refusal:
            results.append(Added(str(file), "skipped", reason=str(refusal)))
        except OSError as error:
            results.append(Added(str(file), "skipped", reason=f"cannot be read: {error.strerror}"))
        results += batch.added(raw, kind, collection)
    return results or [Added(str(file), "skipped", reason="there is no file in it")]


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while piece := opened.read(_DIGESTED):
            digest.update(piece)
    return digest.hexdigest()


def _members(opened: BinaryIO, name: str, budget: Budget, depth: int) -> Iterator[Member]:
    """All members of a container, of those inside it too."""
    form: Any = _form(opened)
    opened.seek(0)
    for member in form.members(opened, name, budget):
        inner = _form(member.stream())
        if inner is None:
            yield member
        elif depth == _DEEPEST or inner is zips:
            yield member.refused("it is a container within a container: unpack it and add what is in it")
        else:
            yield from _inside(member, budget, depth)


def _inside(member: Member, budget: Budget, depth: int) -> Iterator[Member]:
    try:
        yield from _members(member.stream(), member.name, budget, depth + 1)
    except Refused as refusal:
        yield member.refused(str(refusal))


@dataclass(slots=True)
class _Batch:
    """Members on their way: files below a temporary folder, added together."""

    folder: Path
    container: Path
    digest: str
    facts: dict[Path, dict[str, Any]] = field(default_factory=dict)

    def has_room(self, member: Member) -> bool:
        """Whether no other member of this name waits to be added."""
        return member.content is None or self._path(member) not in self.facts

    def put(self, member: Member) -> list[Added]:
        """Takes a member in; says why not, if it cannot be."""
        label = f"{self.container}: {member.name}" if member.name else str(self.container)
        if member.content is None:
            return [Added(label, "skipped", reason=member.reason)]
        path = self._path(member)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(member.content)
        except (OSError, ValueError):
            return [Added(label, "skipped", reason="a file cannot be named so here")]
        origin = {"name": self.container.name, "sha256": self.digest, "member": member.name}
        self.facts[path] = {**member.facts, "container": origin}
        return []

    def _path(self, member: Member) -> Path:
        url = member.facts.get("url")
        path = self.folder / PurePosixPath(name_of(self.folder, target(url)) if url else member.path)
        if path in self.facts and self.facts[path].get("url") != url:
            return path.with_name(f"{path.name}~{hashlib.sha256(str(url).encode()).hexdigest()[:_TOLD]}")
        return path

    def added(self, raw: Path, kind: Kind, collection: str) -> list[Added]:
        """Adds what waits, in the order in which it came."""
        if not self.facts:
            return []
        found = catalogue.add(raw, [self.folder], kind, collection, facts=self.facts)
        names = {str(path): facts["container"]["member"] for path, facts in self.facts.items()}
        for path in self.facts:
            path.unlink()
        self.facts = {}
        return [replace(one, path=f"{self.container}: {names[one.path]}") for one in found]

"""Containers of texts (ZIP, WARC, gzip) to raw files: each text inside is a file of its own, and so a work.

What is inside is written below a temporary folder and added from there as any folder is; its provenance
names the container, its digest and the member. Nothing of a container is trusted: see `limits`; and it is
opened in a worker, so that one that hangs or hungers costs itself alone, and what came before is added.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import groupby
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any, BinaryIO

from indexer import catalogue
from indexer.catalogue import DEFAULT, Added, Unreadable
from indexer.fetch import name_of, target
from indexer.models import Kind
from indexer.unpack import gzips, warcs, zips
from indexer.unpack.limits import Budget, Member, Refused
from indexer.unpack.reading import reader
from indexer.workers import LIMITS, Limits, alone, apart

# Signs stand in the first bytes; those of a packed WARC behind the tables of its packing, which are longer.
_HEAD = 2048
_DIGESTED = 1 << 20
# Digits of a digest that tell apart two addresses with one name.
_TOLD = 8
# A container in a container (a ZIP of packed pages, a WACZ) is opened; one in that is not.
_DEEPEST = 2
# A slow disk and a busy machine unpack so many bytes of a container in a second, at least.
_PACE = 500_000
# More files than these take more than a moment.
_MANY = 100
# Where the worker writes down what it has unpacked.
_JOURNAL = "journal"


def add(
    raw: Path,
    paths: Sequence[Path],
    kind: Kind,
    collection: str = DEFAULT,
    tell: Callable[[str, int, int], None] | None = None,
) -> list[Added]:
    """As `catalogue.add`; of a container, wherever it is met, all texts inside instead of its own bytes. What
    no text can be had from is passed over, with the reason that `loccit index` would give. Where they are
    many, `tell` gets how many of all files have been read."""
    files = {file for path in paths for file in _files(path)}
    signed = sorted(file for file in files if _has_sign(file))
    opened = dict(apart(_is_container, signed, 1)) if signed else {}
    containers = [file for number, file in enumerate(signed) if opened[number] is not False]
    aside = frozenset(containers)
    told = partial(_tell, tell, total=len(files)) if tell and len(files) > _MANY else lambda done: None
    with reader(told) as unreadable:
        results = catalogue.add(raw, paths, kind, collection, aside=aside, unreadable=unreadable)
        for file in containers:
            results += _add_container(raw, file, kind, collection, unreadable)
    return [replace(result, path=catalogue.legible(result.path)) for result in results]


def _tell(tell: Callable[[str, int, int], None], done: int, total: int) -> None:
    tell("texts", min(done, total), total)  # a container may hold many more


def add_edition(raw: Path, path: Path, work_id: str) -> Added:
    """As `catalogue.add_edition`; what no text can be had from is passed over, and the last edition stays."""
    with reader() as unreadable:
        return catalogue.add_edition(raw, path, work_id, unreadable)


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    for folder, subfolders, names in os.walk(path):
        subfolders[:] = [n for n in subfolders if not n.startswith(".")]
        yield from (Path(folder) / name for name in names if not name.startswith("."))


def _has_sign(file: Path) -> bool:
    """Whether a file begins as a container does. One that cannot be read is told of by whoever adds it."""
    if not file.is_file():  # from a pipe one would read for ever
        return False
    try:
        with file.open("rb") as opened:
            head = opened.read(_HEAD)
    except OSError:
        return False
    return any(form.recognises(head) for form in (zips, warcs, gzips))


def _is_container(file: Path) -> bool:
    """Whether a file with such a sign is no document of its own; its list of members may be anything."""
    with file.open("rb") as opened:
        return _form(opened) is not None


def _form(opened: BinaryIO) -> ModuleType | None:
    """The module that opens a file, by its own signs; None for what is no container."""
    head = opened.read(_HEAD)
    if zips.recognises(head):
        return zips if zips.of_texts(opened) else None
    return next((form for form in (warcs, gzips) if form.recognises(head)), None)


def _add_container(raw: Path, file: Path, kind: Kind, collection: str, unreadable: Unreadable) -> list[Added]:
    with tempfile.TemporaryDirectory(prefix="loccit-") as name:
        folder = Path(name)
        limits = Limits(LIMITS.seconds + file.stat().st_size / _PACE, LIMITS.memory)
        outcome = alone(partial(_unpack, folder=folder), file, limits)
        results = list(_added(raw, file, kind, collection, folder, unreadable))
    if isinstance(outcome, str):
        outcome = (f"{outcome}; what came before was added",)
    results += [Added(str(file), "skipped", reason=reason) for reason in outcome]
    return results or [Added(str(file), "skipped", reason="there is no file in it")]


def _unpack(file: Path, folder: Path) -> tuple[str, ...]:
    """Writes what is in a container below a folder, and its journal; says why it broke off, if it did."""
    batches = _Batches(folder)
    try:
        with file.open("rb") as opened, (folder / _JOURNAL).open("w", encoding="utf8") as journal:
            for member in _members(opened, file.name, Budget(file.stat().st_size), 1):
                journal.write(json.dumps({"name": member.name} | batches.take(member)) + "\n")
                journal.flush()
    except Refused as refusal:
        return (str(refusal),)
    except OSError as error:
        return (f"cannot be read: {error.strerror}",)
    return ()


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


class _Batches:
    """Folders of files, numbered: of two members of one name, editions of each other, each has its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0
        self._taken: dict[PurePosixPath, str | None] = {}

    def take(self, member: Member) -> dict[str, Any]:
        """Writes a member, and says where it lies and what is known of it; or why it does not."""
        if member.content is None:
            return {"batch": self._number, "reason": member.reason}
        if (inside := self._path(member)) in self._taken:
            self._number += 1
            self._taken = {}
        path = self._here() / inside
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(member.content)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            return {"batch": self._number, "reason": f"a file cannot be named so or written here: {why}"}
        self._taken[inside] = member.facts.get("url")
        return {"batch": self._number, "path": str(path), "facts": member.facts}

    def _here(self) -> Path:
        return self._folder / str(self._number)

    def _path(self, member: Member) -> PurePosixPath:
        url = member.facts.get("url")
        path = PurePosixPath(name_of(self._here(), target(url)) if url else member.path)
        if self._taken.get(path, url) != url:
            return path.with_name(f"{path.name}~{hashlib.sha256(str(url).encode()).hexdigest()[:_TOLD]}")
        return path


def _journal(folder: Path) -> Iterator[dict[str, Any]]:
    """The lines of what was unpacked; one that its writer did not end is none."""
    with suppress(OSError):
        for line in (folder / _JOURNAL).read_text(encoding="utf8").splitlines(keepends=True):
            if line.endswith("\n"):
                yield json.loads(line)


def _added(
    raw: Path, file: Path, kind: Kind, collection: str, folder: Path, unreadable: Unreadable
) -> Iterator[Added]:
    """Adds what was unpacked, batch by batch in the order in which it came."""
    digest = _digest(file)
    for number, group in groupby(_journal(folder), key=lambda line: line["batch"]):
        names, facts = {}, {}
        for line in group:
            label = f"{file}: {line['name']}" if line["name"] else str(file)
            if "path" not in line:
                yield Added(label, "skipped", reason=line["reason"])
                continue
            origin = {"name": file.name, "sha256": digest, "member": line["name"]}
            names[line["path"]] = label
            facts[Path(line["path"])] = line["facts"] | {"container": origin}
        if facts:
            batch = [folder / str(number)]
            found = catalogue.add(raw, batch, kind, collection, facts=facts, unreadable=unreadable)
            yield from (replace(one, path=names[one.path]) for one in found)


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while piece := opened.read(_DIGESTED):
            digest.update(piece)
    return digest.hexdigest()

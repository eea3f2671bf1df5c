"""The folder `index/`: a new generation is built beside the one in force and named by one atomic rename."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer import store
from indexer.errors import LoccitError


@contextmanager
def alone(index: Path) -> Iterator[None]:
    """Lets one build run at a time in an archive; the lock goes with the process that holds it."""
    index.mkdir(parents=True, exist_ok=True)
    with (index / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise LoccitError(f"Another loccit index is at work in {index}. Wait for it to end.") from None
        yield


def in_force(index: Path, mark: str) -> Path | None:
    """The folder of the generation in force if it was made from exactly this."""
    try:
        folder = store.current(index)
    except LoccitError:
        return None
    return folder if store.Store(folder).meta.get("fingerprint") == mark else None


def fresh(index: Path, mark: str) -> Path:
    """An empty folder for a new generation, named by its number and by what it is made from."""
    numbers = [int(m[1]) for p in index.iterdir() if (m := re.match(r"(\d+)-", p.name))]
    folder = index / f"{max(numbers, default=0) + 1:06}-{mark[:8]}"
    folder.mkdir()
    return folder


def put_in_force(index: Path, folder: Path) -> None:
    """Makes a generation durable, names it in `current` by one rename, drops what is older than the last."""
    for path in (*folder.rglob("*"), folder, index):
        _flush(path)
    pointer = index / "current.partial"
    pointer.write_text(folder.name + "\n", encoding="utf8")
    _flush(pointer)
    before = (index / "current").read_text(encoding="utf8").strip() if (index / "current").exists() else ""
    pointer.replace(index / "current")
    _flush(index)
    for path in index.iterdir():
        if path.is_dir() and path.name not in (folder.name, before):
            shutil.rmtree(path)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""The folder `index/`: a new generation is built beside the one in force and named by one atomic rename.

`index/current` names the generation in force and, in its second line, the one before it. Whatever else
lies there is what a run left that broke off, and goes when the next one begins, with or without a build.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from indexer import store
from indexer.errors import LoccitError, NoIndex


@contextmanager
def alone(index: Path) -> Iterator[None]:
    """Lets one build run at a time in an archive; the lock goes with the process that holds it. A disk that
    fails the build, or is full, is named by a LoccitError; what it wrote goes with the next build."""
    before = store.generations(index)
    try:
        index.mkdir(parents=True, exist_ok=True)
        with (index / "lock").open("w") as lock:
            _lock(lock, index)
            before = store.generations(index)
            _clear(index, before)
            yield
    except (OSError, store.WriteFailed) as error:
        why, where = getattr(error, "strerror", None) or error, getattr(error, "filename", None)
        same = store.generations(index) == before
        left = "The one in force is as it was." if same else "The new one is in force."
        told = f"{where}: {why}" if where else why
        raise LoccitError(f"The index cannot be written: {told}. {left}") from error


def _lock(lock: TextIO, index: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise LoccitError(f"Another loccit index is at work in {index}. Wait for it to end.") from None


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
    named = [folder.name, *store.generations(index)[:1]]
    _name(index, named)
    _clear(index, named)


def back(index: Path) -> Path:
    """Puts the generation before in force again, by one rename; the one that was in force is then the one
    before. Raises NoIndex if there is none, OtherVersion if this program cannot read it."""
    with alone(index):
        named = store.generations(index)
        if len(named) < 2:
            raise NoIndex(f"In {index} there is no generation before the one in force. Run: loccit index")
        folder = store.whole(index, named[1])
        _name(index, named[::-1])
        return folder


def _name(index: Path, named: Sequence[str]) -> None:
    pointer = index / f"{store.CURRENT}.partial"
    pointer.write_text("".join(f"{name}\n" for name in named), encoding="utf8")
    _flush(pointer)
    pointer.replace(index / store.CURRENT)
    _flush(index)


def _clear(index: Path, named: Sequence[str]) -> None:
    """Drops all generations but those named; what cannot be dropped waits for the next run."""
    for path in index.iterdir():
        if path.is_dir() and path.name not in named:
            shutil.rmtree(path, ignore_errors=True)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

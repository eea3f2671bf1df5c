"""Where the reader's records are kept: one SQLite file, apart from everything that can be built again.

Every function of this room takes the path of the file, opens it, and closes it. The file is made, and
brought up to date, by a write and never by a read.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

from indexer.errors import ReaderError

FILE = "reader.sqlite3"
"""The name of the file in an archive's folder."""
PATIENCE = 10.0
"""Seconds that a write waits for another one."""


class Refused(ReaderError):
    """What the reader sent cannot be kept as it is; nothing was changed."""


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that only reads, in today's schema: an older file, or none, is brought up to it in memory.

    Raises ReaderError.
    """
    try:
        with closing(_to_read(path)) as db:
            db.execute("pragma query_only = on")
            yield db
    except sqlite3.Error as error:
        raise ReaderError(f"What you kept ({path}) cannot be read: {error}.") from error


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """A transaction on the file, made or brought up to date first: all of it is kept, or nothing.

    Raises ReaderError.
    """
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as db:
            db.execute("pragma journal_mode = wal")
            db.execute("pragma synchronous = full")
            db.execute("begin immediate")
            _migrate(db, path)
            yield db
            db.execute("commit")
    except sqlite3.Error as error:
        raise ReaderError(
            f"Nothing was changed: what you keep ({path}) cannot be written: {error}."
        ) from error


def now() -> str:
    """This moment as the records write it: ISO 8601 in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _to_read(path: Path) -> sqlite3.Connection:
    held = _held(path)
    if held is not None and _version(held, path) == len(_versions()):
        return held
    db = sqlite3.connect(":memory:", isolation_level=None)
    if held is not None:
        with closing(held):
            held.backup(db)
    _migrate(db, path)
    return db


def _held(path: Path) -> sqlite3.Connection | None:
    """The file as it is; None where nothing was ever kept."""
    if not path.exists() or not path.stat().st_size:
        return None
    # Not mode=ro: a connection that may not write leaves its journal's files behind when it closes.
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=PATIENCE)


@cache
def _versions() -> tuple[tuple[str, ...], ...]:
    """The parts of reader.sql, one a version, the first being version 1: the statements of each."""
    sql = (files("web.reader") / "reader.sql").read_text(encoding="utf8")
    return tuple(tuple(_statements(part)) for part in re.split(r"(?m)^-- version \d+$", sql)[1:])


def _statements(part: str) -> Iterator[str]:
    statement = ""
    for line in part.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _version(db: sqlite3.Connection, path: Path) -> int:
    found = int(db.execute("pragma user_version").fetchone()[0])
    if found > len(_versions()):
        raise ReaderError(
            f"What you kept ({path}) was written by a newer Loccit. Nothing was changed: update it."
        )
    return found


def _migrate(db: sqlite3.Connection, path: Path) -> None:
    """Applies what the file has not seen yet."""
    held = _version(db, path)
    for number, part in enumerate(_versions()[held:], held + 1):
        for statement in part:
            db.execute(statement)
        db.execute(f"pragma user_version = {number}")

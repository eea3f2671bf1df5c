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
from web.language import _

FILE = "reader.sqlite3"
"""The name of the file in an archive's folder."""
PATIENCE = 10.0
"""Seconds that a write waits for another one."""


class Refused(ReaderError):
    """What the reader sent cannot be kept as it is; nothing was changed."""


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that only reads, in today's schema: an older file, or none, is brought up to it in memory.

    SQL has `folded(text)` there, which makes small letters of capitals in all scripts. Raises ReaderError.
    """
    try:
        with closing(_to_read(path)) as db:
            db.create_function("folded", 1, str.casefold, deterministic=True)
            db.execute("pragma query_only = on")
            yield db
    except sqlite3.Error as error:
        raise ReaderError(
            _("What you kept (%(path)s) cannot be read: %(error)s.", path=path, error=error)
        ) from error


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
            _(
                "Nothing was changed: what you keep (%(path)s) cannot be written: %(error)s.",
                path=path,
                error=error,
            )
        ) from error


def backup(path: Path, to: Path) -> None:
    """Copies the file as it is at one moment, while others may write. Never over another file.

    Raises ReaderError; then `to` is not there.
    """
    if to.exists():
        raise ReaderError(f"{to} is there already. Nothing was written: name another file.")
    held = _held(path)
    if held is None:
        raise ReaderError(f"Nothing was kept yet ({path}), so there is nothing to copy.")
    part = to.with_name(f"{to.name}.part")
    try:
        with closing(held):
            _copy(held, part)
        part.replace(to)
    except (sqlite3.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise ReaderError(f"{to} could not be written: {error}. What you kept is as it was.") from error


def restore(path: Path, source: Path) -> Path | None:
    """Puts a copy in the place of what is kept, and gives the file to which that was copied before.

    None where nothing was kept. A server may run meanwhile. Raises ReaderError; then nothing was changed.
    """
    given = _held(source)
    if given is None:
        raise ReaderError(f"{source} is not there, or is empty. Nothing was changed.")
    with closing(given):
        _examine(given, source)
        before = None
        if _held_already(path):
            before = path.with_name(f"{path.name}.{now().replace(':', '')}")
            backup(path, before)
        try:
            _copy(given, path)
        except (sqlite3.Error, OSError) as error:
            raise ReaderError(f"Nothing was changed: {path} cannot be written: {error}.") from error
    return before


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


def _held_already(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _copy(held: sqlite3.Connection, to: Path) -> None:
    with closing(sqlite3.connect(to, timeout=PATIENCE)) as copy:
        held.backup(copy)


def _examine(given: sqlite3.Connection, source: Path) -> None:
    """Raises ReaderError unless a file is whole, and one of ours that this Loccit can read."""
    try:
        _version(given, source)
        fault = given.execute("pragma quick_check(1)").fetchone()[0]
        given.execute("select count(*) from bookmark, tag").fetchone()
    except sqlite3.Error as error:
        raise ReaderError(
            f"{source} is no copy of a reader's records: {error}. Nothing was changed."
        ) from error
    if fault != "ok":
        raise ReaderError(f"{source} is damaged: {fault}. Nothing was changed.")


def _held(path: Path) -> sqlite3.Connection | None:
    """The file as it is; None where nothing was ever kept."""
    if not _held_already(path):
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
            _(
                "What you kept (%(path)s) was written by a newer Loccit. Nothing was changed: update it.",
                path=path,
            )
        )
    return found


def _migrate(db: sqlite3.Connection, path: Path) -> None:
    """Applies what the file has not seen yet."""
    held = _version(db, path)
    for number, part in enumerate(_versions()[held:], held + 1):
        for statement in part:
            db.execute(statement)
        db.execute(f"pragma user_version = {number}")

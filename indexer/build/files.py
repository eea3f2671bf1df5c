"""Raw files by their digests: a file is read again only where it may be another than it was.

As git does with its index, a file whose size, times and number on disk are those of the last time is
taken for the same. A time of change cannot be set by programs, so a copy with an old date is seen too; a
file that changed less than a moment before it was read is in doubt, and is read again the next time.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

NAME = "files.json"
# The coarsest clock of a file system that is in use (FAT: two seconds).
DOUBT = 2_000_000_000  # nanoseconds

State = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Seen:
    """A file's digest, and how it lay on disk when it was read: None where that is in doubt."""

    digest: str
    state: State | None


def look(raw: Path, files: Iterable[str], known: Mapping[str, Seen]) -> dict[str, Seen]:
    """The files by their paths inside `raw/`, but for those that cannot be read; `known` ones are only
    looked at."""
    found = {file: _look(raw / file, known.get(file)) for file in files}
    return {file: seen for file, seen in found.items() if seen is not None}


def _look(path: Path, known: Seen | None) -> Seen | None:
    try:
        if known is not None and known.state == _state(path):
            return known
        now = time.time_ns()
        before = _state(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        steady = before == _state(path) and max(before[1:3]) < now - DOUBT
    except OSError:
        return None
    return Seen(digest, before if steady else None)


def _state(path: Path) -> State:
    """Size, time of its content, time of its last change of any kind, number on disk."""
    found = os.stat(path)
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def keep(folder: Path, seen: Mapping[str, Seen]) -> None:
    """Writes down, beside the records of a generation, what was seen."""
    rows = {file: [s.digest, s.state] for file, s in sorted(seen.items()) if s.state}
    (folder / NAME).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf8")


def known(folder: Path) -> dict[str, Seen]:
    """What was seen when a generation was made; nothing if that is not written down."""
    try:
        rows = json.loads((folder / NAME).read_text(encoding="utf8"))
        return {file: Seen(digest, tuple(state)) for file, (digest, state) in rows.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}

"""Where each file of a collection came from: a line of `provenance.jsonl` a file, only ever appended to."""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from indexer.errors import CatalogueError, LoccitError
from indexer.models import Provenance

PROVENANCE = "provenance.jsonl"
# What a line says in any case.
_NEEDED = frozenset(("file", "kind", "sha256", "size", "added"))


def provenance(raw: Path) -> dict[str, Provenance]:
    """Where each file came from, by its path inside `raw/`."""
    records: dict[str, Provenance] = {}
    for folder in sorted(p for p in raw.glob("*") if p.is_dir()):
        for line in lines(folder):
            file = f"{folder.name}/{line['file']}"
            first = line.get("edition_of")
            records[file] = Provenance(
                file, line["sha256"], line["size"], line["added"], line.get("media_type"), line.get("url"),
                f"{folder.name}/{first}" if first else None, line.get("charset"),
            )  # fmt: skip
    return records


def record(raw: Path, file: str) -> dict[str, Any] | None:
    """All that was recorded when a file came, by its path inside `raw/`; of a fetched one the headers too."""
    return records(raw, file.partition("/")[0]).get(file)


def records(raw: Path, collection: str) -> dict[str, dict[str, Any]]:
    """What was recorded of all files of a collection, by their paths inside `raw/`."""
    return {f"{collection}/{line['file']}": line for line in lines(raw / collection)}


def lines(folder: Path) -> list[dict[str, Any]]:
    """The records of a collection's files. A last line that a crash cut off is left out."""
    path = folder / PROVENANCE
    content = path.read_bytes() if path.exists() else b""
    # Not by `splitlines`: what JSON leaves in a line may end one elsewhere, as U+2028 does.
    *whole, _ = _decoded(content[: content.rfind(b"\n") + 1], path).split("\n")
    return [_record(line, f"{path}: line {number}") for number, line in enumerate(whole, 1)]


def _record(line: str, place: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not found.keys() >= _NEEDED:
        raise CatalogueError(f"{place} is not a record of a file. Mend or delete it.")
    return found


def read(path: Path) -> str:
    """The text of a file that people may have written. Raises CatalogueError where it is not in UTF-8."""
    return _decoded(path.read_bytes(), path)


def _decoded(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CatalogueError(
            f"{path}: line {line} is not in UTF-8. Save the file in UTF-8 and run the command again."
        ) from None


def in_force(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of all editions of a file the line that came last, in the place of the first."""
    last = {first_edition(line): line for line in found}
    return list(last.values())


def first_edition(line: dict[str, Any]) -> str:
    """The name of the file whose edition this is: of a first edition, its own."""
    return str(line.get("edition_of") or line["file"])


@contextmanager
def alone(raw: Path) -> Iterator[None]:
    """Lets one command at a time change an archive's `raw/`; the lock goes with the process that holds it.

    Raises LoccitError when another holds it. It is the folder itself that is locked: no file is needed.
    """
    raw.mkdir(parents=True, exist_ok=True)
    handle = os.open(raw, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise LoccitError(f"Another loccit is fetching or changing {raw}. Wait for it to end.") from None
    else:
        yield
    finally:
        os.close(handle)


def write(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all, also when the power fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")  # hidden: one that a crash left is no file of raw/
    with partial.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(path)


def append(path: Path, line: dict[str, Any]) -> None:
    """Adds a line; a line that a crash cut off before is cut away."""
    if path.exists() and not _ends_whole(path):
        content = path.read_bytes()
        write(path, content[: content.rfind(b"\n") + 1])
    with path.open("a", encoding="utf8") as out:
        out.write(json.dumps(line, ensure_ascii=False) + "\n")


def _ends_whole(path: Path) -> bool:
    """Whether a file ends with a line's end, or is empty; only its last byte is read."""
    with path.open("rb") as file:
        if not file.seek(0, os.SEEK_END):
            return True
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"

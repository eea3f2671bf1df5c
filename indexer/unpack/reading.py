"""Whether a file can be read, asked before it is added as the index will ask: by a worker with limits."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from indexer.catalogue import Unreadable
from indexer.errors import UnreadableFile
from indexer.extract import extract
from indexer.models import Work
from indexer.workers import Standing

_Task = tuple[Path, Work, str | None]


@contextmanager
def reader(tell: Callable[[int], object] = lambda done: None) -> Iterator[Unreadable]:
    """What says why a file cannot be read; one worker reads them all. `tell` gets how many it has read."""
    done = count(1)
    with Standing(_reason) as read:

        def unreadable(source: Path, name: str, facts: Mapping[str, Any]) -> str | None:
            work = Work("new", "", facts["kind"], "", url=facts.get("url"), file=name)
            reason = read((source, work, facts.get("charset")))
            tell(next(done))
            return reason

        yield unreadable


def _reason(task: _Task) -> str | None:
    source, work, told = task
    try:
        extract(work, source.read_bytes(), told)
    except UnreadableFile as error:
        return str(error).removeprefix(f"{work.file} ")
    return None

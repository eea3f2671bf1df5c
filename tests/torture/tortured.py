"""The process that is tortured, seen from the test that does so."""

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Protocol

from indexer import store
from indexer.fulltext import Fulltext

ROOT = Path(__file__).resolve().parents[2]
FAULTS = {0: "no-space", 1: "io-error", 2: "no-permission", 3: "half-a-write"}
"""How a file operation fails, by the numbers of fault.c."""
GOLDEN = 0.618034
"""Multiples of it, less their whole part, are spread evenly however many there are."""


WORDS = ("wind", "rising", "falling", "said", '"the boat goes at noon"', "harbour")
"""What is searched for in an index that is compared with another."""


class Rounds(Protocol):
    """The numbers of the rounds of a part that are to be gone through now.

    In the normal suite some `few`, spread over `every`; in the long form all, from where the last run
    stopped, and then `figures` goes on from what was counted until then.
    """

    def __call__(
        self, part: str, few: int, every: int, figures: Counter[str] | None = None, /
    ) -> Iterator[int]:
        """Gives the numbers; a round counts as done when the next one is asked for."""


class Child:
    """A process that has read the program once and gives birth to one worker after the other.

    Jobs are lines of JSON, `{"job": name, ...}`; see victim.py. It is started with `environment` besides.
    """

    def __init__(self, **environment: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("victim.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=os.environ | environment,
            text=True,
        )

    def ask(self, **job: object) -> dict[str, Any]:
        """Has a job done by a new worker; gives its answer, at the latest when it has died."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def end(self) -> None:
        """Ends the process."""
        with suppress(OSError):
            self._process.kill()
        self._process.wait()


def everything(generation: Path) -> dict[str, Any]:
    """All that a generation says: each row of each table, the words of the sources, each passage found."""
    with closing(sqlite3.connect(f"{(generation / store.RECORDS).as_uri()}?mode=ro", uri=True)) as db:
        named = "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'"
        names = [name for (name,) in db.execute(named)]
        said: dict[str, Any] = {name: sorted(db.execute(f"select * from {name}"), key=repr) for name in names}
    said["seeds"] = {p.name: p.read_bytes() for p in sorted((generation / "seeds").iterdir())}
    with closing(Fulltext(generation / store.FULLTEXT)) as fulltext:
        said["passages found"] = sorted(fulltext.passages())
        said["words found"] = [
            (word, sorted(found.passage_id for found in fulltext.search(word).hits)) for word in WORDS
        ]
    return said

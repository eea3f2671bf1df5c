"""The process that is tortured, seen from the test that does so."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FAULTS = {0: "no space", 1: "an I/O error", 2: "no permission", 3: "half a write"}
"""How a file operation fails, by the numbers of fault.c."""
GOLDEN = 0.618034
"""Multiples of it, less their whole part, are spread evenly however many there are."""

Rounds = Callable[[str, int, int], Iterator[int]]


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

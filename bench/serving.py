"""The real server as a process of its own, for what measures it or attacks it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs: where it listens, and its process."""

    host: str
    port: int
    pid: int

    @property
    def memory(self) -> int:
        """Bytes of memory of its own that it uses (RSS without what it has mapped of files)."""
        return 1024 * int(re.findall(r"RssAnon:\s+(\d+)", self._status)[0])

    @property
    def processor(self) -> float:
        """Seconds of a processor that it has taken so far, its ended workers with it: what else the machine
        does hardly changes them, where it changes how long an answer takes."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="utf8").split()
        return sum(map(_processor, (self.pid, *children)))

    @property
    def threads(self) -> int:
        """How many threads it has."""
        return int(re.findall(r"Threads:\s+(\d+)", self._status)[0])

    @property
    def files(self) -> int:
        """How many files and connections it has open."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    @property
    def _status(self) -> str:
        return Path(f"/proc/{self.pid}/status").read_text(encoding="utf8")


def _processor(pid: int | str) -> float:
    """Seconds that a process has taken, with those of its children that have ended."""
    numbers = Path(f"/proc/{pid}/stat").read_text(encoding="utf8").rpartition(")")[2].split()
    return sum(map(int, numbers[11:15])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(archive: Path, *options: str) -> Iterator[Served]:
    """`loccit serve` over an archive, on loopback and a free port; ended when the block is left."""
    command = [sys.executable, "-m", "loccit", "--archive", str(archive), "serve", "--port", "0"]
    process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout
        said = process.stdout.readline()
        address = re.search(r"http://([\d.]+):(\d+)/", said)
        if not address:
            raise SystemExit(f"The server does not say where it listens, but: {said!r}")
        yield Served(address[1], int(address[2]), process.pid)
    finally:
        process.terminate()
        process.wait(20)

"""The real server as a process of its own, for what measures it or attacks it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
        """Seconds of a processor that it has taken so far, its workers with it: what else the machine does
        hardly changes them, where it changes how long an answer takes."""
        return sum(map(_processor, _family(self.pid)))

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


def _family(pid: int | str) -> Iterator[int | str]:
    """A process and all that come from it; the workers come from one that the server has for that."""
    yield pid
    with suppress(OSError):  # it has ended meanwhile
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text(encoding="utf8").split():
                yield from _family(child)


def _processor(pid: int | str) -> float:
    """Seconds that a process has taken, with those of its children that have ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf8")
    except OSError:
        return 0.0
    numbers = stat.rpartition(")")[2].split()
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

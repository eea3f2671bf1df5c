"""Rounds of torture: a few in the normal suite; with `--torture` all, from where the last run stopped.

`make torture` runs this folder so. What each part has gone through stands in `.torture/PART.json`; a part
takes fifteen minutes at most and is gone on with by the next run.
"""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tortured import Child, Rounds

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".torture"


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Rounds:
    """Gives the numbers of the rounds of a part that are to be gone through now: (part, few, all)."""
    whole, minutes = request.config.getoption("--torture"), request.config.getoption("--minutes")

    def numbers(part: str, few: int, every: int) -> Iterator[int]:
        if not whole:
            yield from range(few)
            return
        kept, until = KEPT / f"{part}.json", time.monotonic() + 60 * minutes
        begin = json.loads(kept.read_text(encoding="utf8"))["done"] if kept.exists() else 0
        for number in range(begin, every):
            if time.monotonic() > until:
                break
            yield number
            KEPT.mkdir(exist_ok=True)
            kept.write_text(json.dumps({"done": number + 1, "of": every}), encoding="utf8")

    return numbers


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """How far each part has come."""
    if config.getoption("--torture"):
        for kept in sorted(KEPT.glob("*.json")):
            state = json.loads(kept.read_text(encoding="utf8"))
            terminalreporter.write_line(f"{kept.stem}: {state['done']:,} of {state['of']:,}")


@pytest.fixture(scope="session")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library of tests/torture/fault.c, compiled."""
    made = tmp_path_factory.mktemp("faults") / "fault.so"
    command = [
        "cc",
        "-shared",
        "-fPIC",
        "-O1",
        "-o",
        str(made),
        str(Path(__file__).with_name("fault.c")),
        "-ldl",
    ]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("no C compiler is on this machine: faults cannot be injected")
    return made


@pytest.fixture
def child() -> Iterator[Callable[..., Child]]:
    """Starts such processes, and ends them after the test."""
    born: list[Child] = []

    def start(**environment: str) -> Child:
        born.append(Child(**environment))
        return born[-1]

    yield start
    for one in born:
        one.end()

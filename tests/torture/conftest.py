"""Rounds of torture: a few in the normal suite; with `--torture` all, from where the last run stopped.

`make torture` runs this folder so. What each part has gone through, and what it counted, stands in
`.torture/PART.json`; a part takes fifteen minutes at most and is gone on with by the next run. A part that is
through begins anew.
"""

import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tortured import Child, Rounds

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".torture"


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Rounds:
    """Gives the numbers of the rounds of a part that are to be gone through now; see Rounds."""
    if not request.config.getoption("--torture"):
        return lambda part, few, every, figures=None: iter(range(0, every, max(1, -(-every // few))))
    minutes = request.config.getoption("--minutes")

    def numbers(part: str, few: int, every: int, figures: Counter[str] | None = None) -> Iterator[int]:
        figures = Counter() if figures is None else figures
        kept, until = KEPT / f"{part}.json", time.monotonic() + 60 * minutes
        state = json.loads(kept.read_text(encoding="utf8")) if kept.exists() else {"done": every}
        begin = state["done"] if state["done"] < every else 0
        figures.update(state["figures"] if begin else {})
        KEPT.mkdir(exist_ok=True)
        for number in range(begin, every):
            if time.monotonic() > until:
                break
            yield number
            state = {"done": number + 1, "of": every, "figures": figures}
            kept.write_text(json.dumps(state), encoding="utf8")

    return numbers


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """How far each part has come, and what it counted."""
    if config.getoption("--torture"):
        for kept in sorted(KEPT.glob("*.json")):
            state = json.loads(kept.read_text(encoding="utf8"))
            counted = ", ".join(f"{name} {number:,}" for name, number in state["figures"].items())
            terminalreporter.write_line(f"{kept.stem}: {state['done']:,} of {state['of']:,}; {counted}")


@pytest.fixture(scope="session")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library of tests/torture/fault.c, compiled."""
    made = tmp_path_factory.mktemp("faults") / "fault.so"
    source = Path(__file__).with_name("fault.c")
    command = ["cc", "-shared", "-fPIC", "-O1", "-o", str(made), str(source), "-ldl"]
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

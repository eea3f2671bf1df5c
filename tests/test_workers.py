"""The workers: whatever a task does, it alone is lost, with a reason, and no process stays behind."""

import fcntl
import gc
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import active_children
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Barrier, Lock

import pytest

from indexer import catalogue
from indexer.build import build
from indexer.extract import text
from indexer.workers import Limits, Standing, apart

# Seconds enough for what is well on a busy machine; a task that hangs costs the tests so many.
SHORT = Limits(seconds=3, memory=100_000_000)
LONG = Limits(seconds=100, memory=100_000_000)

HELD = Lock()
OTHERS: set[int | None] = set()


def _left() -> list[BaseProcess]:
    """The processes that are there, but those of servers in other tests, which stay as long as these."""
    return [process for process in active_children() if process.pid not in OTHERS]


@pytest.fixture(autouse=True)
def _others() -> None:
    OTHERS.clear()
    OTHERS.update(process.pid for process in active_children())


def _do(task: str) -> str:
    match task:
        case "who":
            return str(os.getpid())
        case "hang":
            time.sleep(3600)
        case "spin":
            while True:
                pass
        case "eat":
            return "x" * len(bytearray(10**9))
        case "nibble":
            kept = []
            while True:
                kept.append(bytearray(100_000))
        case "die":
            os._exit(3)
        case "crash":
            os.kill(os.getpid(), signal.SIGKILL)
        case "raise":
            raise ValueError("no such leaf")
        case "hold":
            with HELD:
                pass
        case "long":
            return "long " * 1_000_000
    return task.upper()


SLOW = [("hang", "longer than 3 seconds"), ("spin", "longer than 3 seconds")]
ILL = [
    ("eat", "more than 100 MB"),
    ("nibble", "more than 100 MB"),
    ("die", "exit code 3"),
    ("crash", "signal 9"),
    ("raise", "ValueError: no such leaf"),
]


@pytest.mark.parametrize("threads", [False, True], ids=["alone", "with threads"])
@pytest.mark.parametrize(("jobs", "ill", "limits"), [(1, ILL, LONG), (2, SLOW, SHORT), (5, ILL, LONG)])
def test_one_ill_task_costs_itself_alone(
    jobs: int, ill: list[tuple[str, str]], limits: Limits, threads: bool
) -> None:
    tasks = [task for name, _ in ill for task in (name, f"well after {name}")]
    found = dict(apart(_do, tasks, jobs, limits, threads=threads))
    assert sorted(found) == list(range(len(tasks)))
    for number, (name, reason) in enumerate(ill):
        assert reason in str(found[2 * number])
        assert found[2 * number + 1] == f"WELL AFTER {name.upper()}"
    assert not _left()


def test_what_another_thread_holds_keeps_no_worker() -> None:
    """A server once gave its worker a copy of a lock that another of its threads held, and waited for it."""
    with HELD:
        assert dict(apart(_do, ["hold"], 1, LONG, threads=True)) == {0: "HOLD"}


@pytest.mark.parametrize("threads", [False, True], ids=["alone", "with threads"])
def test_a_standing_worker_serves_until_a_task_ends_it(threads: bool) -> None:
    with Standing(_do, SHORT, threads=threads) as do:
        first = do("who")
        assert do("raise") == "reading it failed with ValueError: no such leaf"
        assert do("who") == first
        for task, reason in [("hang", "longer than 3 seconds"), *ILL[:4]]:
            before = do("who")
            assert reason in do(task)
            assert before != do("who") == do("who")
    assert not _left()


def test_a_standing_worker_that_was_killed_while_idle_costs_no_task() -> None:
    with Standing(_do, LONG) as do:
        first = do("who")
        [process] = _left()
        process.kill()
        process.join()
        assert do("a") == "A"
        assert do("who") != first


def test_what_comes_while_a_standing_worker_is_busy_is_done_by_another() -> None:
    """And of these one stays."""
    with Standing(_do, LONG, threads=True) as do, ThreadPoolExecutor(3) as pool:
        together = Barrier(3)
        pids = set(pool.map(lambda _: (together.wait(), do("long"), do("who"))[2], range(3)))
        assert do("who") in pids
        assert len(_left()) == 1
    assert not _left()


def test_a_standing_worker_goes_when_nothing_refers_to_it() -> None:
    """A server forgets the judge of an index that is no longer in force."""
    do = Standing(_do, LONG, threads=True)
    assert do("a") == "A"
    [process] = _left()
    del do
    gc.collect()
    process.join(60)
    assert not process.is_alive()


def test_results_longer_than_a_pipe_come_whole() -> None:
    assert dict(apart(_do, ["long", "a"], 1)) == {0: "long " * 1_000_000, 1: "A"}


def test_tasks_and_results_longer_than_a_pipe() -> None:
    """The second task filled the pipe: each side waited for the other to read."""
    tasks = ["a" * 1_000_000, "b" * 1_000_000, "c", "d" * 1_000_000]
    assert dict(apart(_do, tasks, 1, LONG)) == {n: task.upper() for n, task in enumerate(tasks)}
    ill = ["die", "e" * 1_000_000, "f" * 1_000_000]
    assert [len(result) for _, result in sorted(apart(_do, ill, 1, LONG))][1:] == [1_000_000, 1_000_000]


def test_no_tasks_need_no_end() -> None:
    assert list(apart(_do, [], 2)) == []
    assert not _left()


def test_a_lock_does_not_outlive_the_parent_in_a_worker(tmp_path: Path) -> None:
    """A `loccit index` that was killed once kept the next one out until its workers had noticed."""
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = apart(_do, ["a", "hang"], 1)
        assert next(found) == (0, "A")
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    found.close()


def test_workers_go_when_their_parent_is_killed(tmp_path: Path) -> None:
    """At once when they are idle; nobody else is there to end them."""
    told = tmp_path / "pids"
    if not (parent := os.fork()):
        found = apart(_do, ["a", "a", "hang"], 2)
        next(found)
        told.write_text(" ".join(str(child.pid) for child in _left()))
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(parent, 0)
    idle = [int(pid) for pid in told.read_text().split()]
    assert len(idle) == 2
    until = time.monotonic() + 60
    while all(Path(f"/proc/{pid}").exists() for pid in idle) and time.monotonic() < until:
        time.sleep(0.01)
    gone = [pid for pid in idle if not Path(f"/proc/{pid}").exists()]
    for pid in set(idle) - set(gone):
        os.kill(pid, signal.SIGKILL)
    assert gone


def test_who_stops_listening_leaves_no_process() -> None:
    found = apart(_do, ["a", "hang", "hang"], 2)
    assert next(found) == (0, "A")
    found.close()
    assert not _left()


def test_a_reader_that_fails_unforeseen_is_an_outcome(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of the program's own on one file once ended the whole run with a traceback."""
    for name in ("good", "ill", "other"):
        (tmp_path / f"{name}.txt").write_text(f"Some {name} words of a text.")
    catalogue.add(tmp_path / "raw", [tmp_path / f"{n}.txt" for n in ("good", "ill", "other")], "source")
    reading = text.read

    def read(decoded: str) -> object:
        return 1 / 0 if "ill words" in decoded else reading(decoded)

    monkeypatch.setattr(text, "read", read)
    reports = {r.file: r for r in build(tmp_path / "raw", tmp_path / "index").reports}
    assert [reports[f"added/{n}.txt"].status for n in ("good", "ill", "other")] == [
        "indexed",
        "failed",
        "indexed",
    ]
    assert "ZeroDivisionError" in reports["added/ill.txt"].reason

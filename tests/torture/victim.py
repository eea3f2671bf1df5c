"""The process that is tortured: it reads the program once, and does each job in a fork of itself.

A job is a line of JSON on standard input: `job` is one of JOBS, `archive` the folder, `arguments` what else
it takes; `kill` the seconds after which it is killed (-9), or none; `fault` the number of the file operation
that fails, and `kind` how (fault.c). The answer is a line too: `code` (its exit code, negative if a signal
ended it), `said` (what it printed), `operations` and `seconds`.
"""

import ctypes
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy.ma  # noqa: F401 NumPy reads it at its first unique(), here once and not in every fork

import loccit
from indexer.errors import LoccitError
from web import create_app, reader
from web.reader.bookmarks import Draft
from web.reader.changes import Edit

PRELOADED = ctypes.CDLL(None)
FAILED = 1


def index(archive: Path, *arguments: str) -> int:
    """`loccit index`, in this process alone."""
    try:
        loccit.main(["--archive", str(archive), "index", "--jobs", "1", *arguments], prog_name="loccit")
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def keep(archive: Path, times: int = 12) -> int:
    """Bookmarks, edits, deletions and undoing, one after the other; a line for each that is kept for good."""
    path = archive / reader.FILE
    try:
        for number in range(times):
            made = reader.bookmarks.add(path, Draft("w", f"words {number}", note="x" * 5000))
            print(f"kept {made.id}", flush=True)
            if number % 3 == 1:
                change = reader.changes.edit(path, [made.id], Edit(note="edited", tags=("tide",)))
                print(f"edited {made.id}", flush=True)
                reader.changes.undo(path, change.id)
                print(f"undone {made.id}", flush=True)
    except LoccitError as error:
        print(f"refused: {error}", flush=True)
        return FAILED
    return 0


def ask(archive: Path, address: str, sent: dict[str, str], public: bool, session: str) -> int:
    """A request to the pages, as a browser posts it; its status, and what the page says."""
    browser = create_app(archive, public=public).test_client()
    browser.set_cookie("session", session)
    answer = browser.post(f"{address}?format=json", data=sent)
    print(json.dumps({"status": answer.status_code, "text": answer.text}), flush=True)
    return 0


def account(archive: Path, act: str, *arguments: str) -> int:
    """What `loccit accounts` does, without asking for the password."""
    try:
        getattr(reader.accounts, act)(archive / reader.FILE, *arguments)
    except LoccitError as error:
        print(f"refused: {error}", flush=True)
        return FAILED
    return 0


JOBS: dict[str, Callable[..., int]] = {"index": index, "keep": keep, "ask": ask, "account": account}


def worker(job: dict[str, Any], said: Path, counted: Path) -> int:
    """Does a job in this process, its output in a file. Gives the exit code."""
    with said.open("a") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    armed = "fault" in job
    if armed:
        folder = str(Path(job["archive"]).resolve()).encode()
        PRELOADED.fault_arm(folder, ctypes.c_long(job["fault"]), job.get("kind", 0))
    try:
        return JOBS[job["job"]](Path(job["archive"]), *job.get("arguments", ()))
    finally:
        if armed:
            PRELOADED.fault_count.restype = ctypes.c_long
            counted.write_text(str(PRELOADED.fault_count()))


def run(job: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Does a job in a fork, which is killed when its time is up."""
    said, counted = folder / "said", folder / "counted"
    # Emptied before the fork: one that is killed at once would answer with what the one before it said.
    said.write_text("")
    counted.write_text("0")
    began = time.monotonic()
    born = os.fork()
    if not born:
        code = 70
        try:
            code = worker(job, said, counted)
        except BaseException as error:
            print(f"Traceback: {error!r}", flush=True)
        finally:
            sys.stdout.flush()
            os._exit(code)
    if job.get("kill") is not None:
        time.sleep(job["kill"])
        os.kill(born, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(born, 0)[1])
    seconds = time.monotonic() - began
    told = said.read_text(errors="replace")
    return {"code": code, "said": told, "operations": int(counted.read_text()), "seconds": seconds}


def main() -> None:
    """Does jobs until there is no more input."""
    with tempfile.TemporaryDirectory() as folder:
        for line in sys.stdin:
            print(json.dumps(run(json.loads(line), Path(folder))), flush=True)


if __name__ == "__main__":
    main()

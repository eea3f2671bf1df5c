"""Killed and failed at any moment, what the reader was told is kept is kept, and nothing else is."""

import re
import shutil
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tortured import FAULTS, GOLDEN, Child, Rounds

from web import reader
from web.reader.bookmarks import Draft

LONG = 30
"""Bookmarks in a row: more than 2,000 file operations."""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A folder with some bookmarks of years ago."""
    made = tmp_path / "an archive"
    made.mkdir()
    for number in range(20):
        reader.bookmarks.add(made / reader.FILE, Draft("w", f"old words {number}", note="of years ago"))
    return made


def is_kept(archive: Path, before: set[str], done: dict[str, Any]) -> None:
    """What was there is there, and all that was told to be kept; at most one more, whose word was cut off."""
    path = archive / reader.FILE
    # A connection left open would take the next round's journal away when it goes.
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
    now = {b.id: b for b in reader.bookmarks.listed(path)}
    told = set(re.findall(r"kept (\S+)", done["said"]))
    assert before | told <= set(now), done
    assert len(set(now) - before - told) <= 1
    for bookmark_id in re.findall(r"edited (\S+)\n(?!undone)", done["said"]):
        assert now[bookmark_id].note in ("edited", "x" * 5000)
    for bookmark_id in re.findall(r"undone (\S+)", done["said"]):
        assert now[bookmark_id].note == "x" * 5000 and now[bookmark_id].tags == ()


def test_what_was_kept_before_a_kill_is_kept(
    archive: Path, child: Callable[..., Child], rounds: Rounds
) -> None:
    victim, path = child(), archive / reader.FILE
    clean = archive.with_name("clean")
    shutil.copytree(archive, clean)
    took = victim.ask(job="keep", archive=str(archive))
    assert took["code"] == 0, took
    figures: Counter[str] = Counter()
    for number in rounds("kill-bookmarks", 12, 1000, figures):
        shutil.rmtree(archive)
        shutil.copytree(clean, archive)
        before = {b.id for b in reader.bookmarks.listed(path)}
        moment = number * GOLDEN % 1 * took["seconds"]
        done = victim.ask(job="keep", archive=str(archive), kill=moment)
        is_kept(archive, before, done)
        figures.update({"kills": 1, "kept before them": done["said"].count("kept ")})
    reader.bookmarks.add(path, Draft("w", "one more"))


@pytest.mark.parametrize("kind", FAULTS, ids=FAULTS.get)
def test_a_write_that_fails_says_so_and_loses_nothing(
    archive: Path, faults: Path, child: Callable[..., Child], rounds: Rounds, kind: int
) -> None:
    victim, path = child(LD_PRELOAD=str(faults)), archive / reader.FILE
    clean = archive.with_name("clean")
    shutil.copytree(archive, clean)
    whole = victim.ask(job="keep", archive=str(archive), arguments=[LONG], fault=0)
    assert whole["code"] == 0 and whole["operations"] >= 2000, whole
    every = list(range(1, min(whole["operations"], 2000) + 1))
    figures: Counter[str] = Counter()
    for number in rounds(f"fault-bookmarks-{FAULTS[kind]}", 10, len(every), figures):
        shutil.rmtree(archive)
        shutil.copytree(clean, archive)
        before = {b.id for b in reader.bookmarks.listed(path)}
        fault = every[number]
        done = victim.ask(job="keep", archive=str(archive), arguments=[LONG], fault=fault, kind=kind)
        assert "Traceback" not in done["said"] and done["code"] in (0, 1), (FAULTS[kind], fault, done)
        assert done["code"] == 0 or "refused:" in done["said"], (FAULTS[kind], fault, done)
        is_kept(archive, before, done)
        figures.update({"faults": 1, "refused": done["code"] == 1, "did no harm": done["code"] == 0})
        reader.bookmarks.add(path, Draft("w", "one more"))


def test_a_copy_made_under_load_has_all_that_was_kept_before_it(archive: Path, rounds: Rounds) -> None:
    """And is whole; those who write meanwhile lose nothing."""
    path, stop, kept = archive / reader.FILE, threading.Event(), []
    figures: Counter[str] = Counter()

    def write() -> None:
        while not stop.wait(0.005):  # without a pause a hundred copies are of millions of words
            kept.append(reader.bookmarks.add(path, Draft("w", "of now", note="x" * 2000)).id)

    with ThreadPoolExecutor(4) as writers:
        running = [writers.submit(write) for _ in range(4)]
        try:
            for number in rounds("backups", 3, 100, figures):
                enough = len(kept) + 5
                while len(kept) < enough and not any(r.done() for r in running):
                    stop.wait(0.01)
                before = set(kept)
                copy = archive / f"copy {number}"
                reader.backup(path, copy)
                with closing(sqlite3.connect(copy)) as db:
                    assert db.execute("pragma integrity_check").fetchone() == ("ok",)
                assert before <= {b.id for b in reader.bookmarks.listed(copy)}
                copy.unlink()
                figures["copies"] += 1
        finally:
            stop.set()
    for one in running:
        one.result()
    assert set(kept) <= {b.id for b in reader.bookmarks.listed(path)}

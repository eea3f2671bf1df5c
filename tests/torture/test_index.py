"""Killed and failed at any moment, an index is the old one or the new one, whole."""

import itertools
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tortured import FAULTS, GOLDEN, Child, Rounds

from indexer import doctor, store
from indexer.build import build
from indexer.errors import LoccitError
from indexer.fulltext import Fulltext
from web import create_app

LETTER = "Letter\n\nI write in haste. The boat goes at noon and the wind is {}, I fear.\n\nNobody asked.\n"
ESSAY = "The pier\n\nHe said: “The boat goes at noon and the wind is rising” (Hale, Letter).\n"
STATES = {"rising": "verbatim", "falling": "altered"}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive that is indexed, in its old state; `turn` gives it the other text of its letter."""
    made = tmp_path / "an archive"
    catalogue = 'title = "Pier"\n[[work]]\nid = "{}"\nkind = "{}"\ntitle = "{}"\nfile = "{}"\n'
    for kind, name, title in (("essay", "pier", "The pier"), ("source", "letter", "Letter")):
        folder = made / "raw" / kind
        folder.mkdir(parents=True)
        (folder / "catalogue.toml").write_text(
            catalogue.format(name, kind, title, f"{name}.txt"), encoding="utf8"
        )
    (made / "raw/essay/pier.txt").write_text(ESSAY, encoding="utf8")
    turn(made, "rising")
    build(made / "raw", made / "index", jobs=1)
    return made


def turn(archive: Path, word: str) -> None:
    (archive / "raw/source/letter.txt").write_text(LETTER.format(word), encoding="utf8")


def state(archive: Path) -> str:
    """Which letter the index in force was made of, by all that it says."""
    records = store.Store(folder := store.current(archive / "index"))
    word = next(word for word in STATES if word in records.document("letter").text)
    (finding,) = records.findings("pier")
    assert finding.verdict.name == STATES[word]
    hits = Fulltext(folder / store.FULLTEXT).search(f'"wind is {word}"').total
    assert hits >= 1
    return word


def sound(archive: Path) -> None:
    """Everything but what `loccit index` has still to do is as it should be."""
    ill = [c for c in doctor.examine(archive / "raw", archive / "index") if not c.ok and c.name != "index"]
    assert not ill, ill


def test_a_build_that_is_killed_leaves_the_old_index_or_the_new(
    archive: Path, child: Callable[..., Child], rounds: Rounds
) -> None:
    victim, words, ended = child(), itertools.cycle(["falling", "rising"]), {"old": 0, "new": 0}
    turn(archive, "falling")
    took = victim.ask(job="index", archive=str(archive))
    assert took["code"] == 0, took
    old = "falling"
    for number in rounds("kill-index", 12, 1000):
        word = next(word for word in words if word != old)
        turn(archive, word)
        # One in twelve comes too late.
        moment = number * GOLDEN % 1 * 1.1 * took["seconds"]
        victim.ask(job="index", archive=str(archive), kill=moment)
        now = state(archive)
        assert now in (old, word)
        ended["new" if now == word else "old"] += 1
        sound(archive)
        old = now
    assert victim.ask(job="index", archive=str(archive))["code"] == 0
    sound(archive)


@pytest.mark.parametrize("kind", FAULTS, ids=FAULTS.get)
def test_a_file_operation_that_fails_leaves_the_old_index_or_the_new(
    archive: Path, faults: Path, child: Callable[..., Child], rounds: Rounds, kind: int
) -> None:
    """Whichever operation it is; the command says in a sentence what was wrong, and the next one mends it."""
    victim = child(LD_PRELOAD=str(faults))
    turn(archive, "falling")
    before = archive.with_name("before")
    shutil.copytree(archive, before)
    whole = victim.ask(job="index", archive=str(archive), fault=0)
    assert whole["code"] == 0 and whole["operations"] > 50, whole
    every = list(range(1, min(whole["operations"], 2000) + 1))
    step = max(1, len(every) // 12)
    for number in rounds(f"fault-index-{FAULTS[kind].replace(' ', '-')}", 12, len(every)):
        shutil.rmtree(archive)
        shutil.copytree(before, archive)
        fault = every[number] if number >= 12 or step == 1 else every[number * step]
        done = victim.ask(job="index", archive=str(archive), fault=fault, kind=kind)
        where = (FAULTS[kind], fault, done)
        assert "Traceback" not in done["said"] and done["code"] in (0, 1), where
        assert state(archive) == "rising" or done["code"] == 0 or "current" in done["said"], where
        sound(archive)
        healed = victim.ask(job="index", archive=str(archive))
        assert healed["code"] == 0 and state(archive) == "falling", (where, healed)


def test_two_at_once_one_waits_or_says_so(archive: Path) -> None:
    turn(archive, "falling")
    told: list[Any] = []

    def run() -> None:
        try:
            told.append(build(archive / "raw", archive / "index", rebuild=True, jobs=1))
        except LoccitError as error:
            told.append(str(error))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said = [answer for answer in told if isinstance(answer, str)]
    assert len(told) == 4 and len(said) < 4
    assert all("Another loccit index is at work" in answer for answer in said)
    assert state(archive) == "falling"
    sound(archive)


def test_readers_of_the_old_index_go_on_while_it_is_swapped(archive: Path, rounds: Rounds) -> None:
    """Each answer is from one generation, whichever; none fails."""
    app, stop, failed, asked = create_app(archive), threading.Event(), [], [0]

    def read() -> None:
        client = app.test_client()
        while not stop.is_set():
            answer = client.get("/quotation/pier-001?format=json")
            record = answer.json or {}
            said = record["source"]["text"] + "".join(c["source"] for c in record["changes"])
            word = next((w for w in STATES if w in said), "")
            if answer.status_code != 200 or STATES.get(word) != record["verdict"]:
                failed.append((answer.status_code, record))
            asked[0] += 1

    readers = [threading.Thread(target=read) for _ in range(4)]
    for thread in readers:
        thread.start()
    swaps = 0
    try:
        for number in rounds("swaps", 3, 20):
            turn(archive, ["falling", "rising"][number % 2])
            build(archive / "raw", archive / "index", jobs=1)
            swaps += 1
            target = (number + 1) * (500 if number >= 3 else 40)
            while asked[0] < target and not failed:
                stop.wait(0.05)
    finally:
        stop.set()
        for thread in readers:
            thread.join()
    assert not failed, failed[:3]
    assert swaps >= 1 and asked[0] > 0

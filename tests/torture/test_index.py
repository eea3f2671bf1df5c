"""Killed and failed at any moment, an index is the old one or the new one, whole."""

import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tortured import FAULTS, GOLDEN, Child, Rounds, everything

from indexer import doctor, settings, store
from indexer.build import build
from indexer.errors import LoccitError, NoIndex
from indexer.fulltext import ENGINES
from web import create_app

CATALOGUE = 'title = "Pier"\n[[work]]\nid = "{}"\nkind = "{}"\ntitle = "{}"\nfile = "{}"\n'
LETTER = "Letter\n\nI write in haste. The boat goes at noon and the wind is {}, I fear.\n\nNobody asked.\n"
ESSAY = "The pier\n\nHe said: “The boat goes at noon and the wind is rising” (Hale, Letter).\n"
STATES = {"rising": "verbatim", "falling": "altered"}


def write(archive: Path) -> None:
    """An archive of an essay and the letter that it quotes."""
    for kind, name, title in (("essay", "pier", "The pier"), ("source", "letter", "Letter")):
        folder = archive / "raw" / kind
        folder.mkdir(parents=True)
        listed = CATALOGUE.format(name, kind, title, f"{name}.txt")
        (folder / "catalogue.toml").write_text(listed, encoding="utf8")
    (archive / "raw/essay/pier.txt").write_text(ESSAY, encoding="utf8")
    turn(archive, "rising")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Such an archive, indexed; `turn` gives it the other text of its letter."""
    made = tmp_path / "an archive"
    write(made)
    build(made / "raw", made / "index", jobs=1)
    return made


def turn(archive: Path, word: str) -> None:
    (archive / "raw/source/letter.txt").write_text(LETTER.format(word), encoding="utf8")


def add(
    archive: Path, words: str = "The harbour bill was read a second time. The boat goes at noon, he said."
) -> None:
    folder = archive / "raw/more"
    folder.mkdir(parents=True)
    listed = CATALOGUE.format("report", "source", "Report", "report.txt")
    (folder / "catalogue.toml").write_text(listed, encoding="utf8")
    (folder / "report.txt").write_text(words, encoding="utf8")


def take_out(archive: Path) -> None:
    shutil.rmtree(archive / "raw/more")


@dataclass(frozen=True, slots=True)
class Step:
    """What is done to `raw/`, and the arguments of `loccit index` then."""

    name: str
    change: Callable[[Path], None]
    arguments: tuple[str, ...] = ()


LIFE = (
    Step("the first", lambda archive: None),
    Step("a letter changed", lambda archive: turn(archive, "falling")),
    Step("a source came", add),
    Step("a source went", take_out),
    Step("one step back", lambda archive: None, ("--back",)),
    Step("all anew", lambda archive: turn(archive, "rising"), ("--rebuild",)),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """An archive before a step, kept in a folder; what its index says before, after, and once mended."""

    step: Step
    kept: Path
    old: Any
    new: Any
    mended: Any
    operations: int
    seconds: float


def said(archive: Path) -> Any:
    """All that the index in force says, and None where there is none."""
    try:
        return everything(store.current(archive / "index"))
    except NoIndex:
        return None


@pytest.fixture(scope="module", params=ENGINES)
def life(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, faults: Path
) -> Iterator[tuple[str, list[Moment]]]:
    """The life of an index by an engine: an archive before each step of it."""
    pytest.importorskip(request.param)
    root, victim, moments = tmp_path_factory.mktemp("life"), Child(LD_PRELOAD=str(faults)), []
    archive = root / "an archive"
    write(archive)
    settings.keep_engine(archive, request.param)
    for number, step in enumerate(LIFE):
        step.change(archive)
        kept, old = root / str(number), said(archive)
        shutil.copytree(archive, kept)
        done = victim.ask(job="index", archive=str(archive), arguments=step.arguments, fault=0)
        assert done["code"] == 0, done
        new = said(archive)
        mended = old if "--back" in step.arguments else new
        assert new != old and done["operations"] > 5, (step.name, done)
        moments.append(Moment(step, kept, old, new, mended, done["operations"], done["seconds"]))
    victim.end()
    yield request.param, moments


def again(archive: Path, moment: Moment) -> None:
    """The archive as it was at a moment."""
    shutil.rmtree(archive, ignore_errors=True)
    shutil.copytree(moment.kept, archive)


def sound(archive: Path) -> None:
    """Everything but what `loccit index` has still to do is as it should be."""
    checks = doctor.examine(archive / "raw", archive / "index")
    ill = [
        c for c in checks if not c.ok and not c.text.startswith(("raw/ has changed", "Nothing is indexed"))
    ]
    assert not ill, ill


def mends(archive: Path, moment: Moment, victim: Child) -> None:
    """The next `loccit index` does all, as if nothing had been."""
    healed = victim.ask(job="index", archive=str(archive))
    assert healed["code"] == 0 and said(archive) == moment.mended, healed
    sound(archive)
    assert len([p for p in (archive / "index").iterdir() if p.is_dir()]) <= 2


def test_a_build_that_is_killed_leaves_the_old_index_or_the_new(
    life: tuple[str, list[Moment]], tmp_path: Path, child: Callable[..., Child], rounds: Rounds
) -> None:
    """Killed twice, in fact: the second run begins on what the first has left."""
    (engine, moments), victim, archive = life, child(), tmp_path / "an archive"
    figures: Counter[str] = Counter()
    for number in rounds(f"kill-index-{engine}", 4, 500, figures):
        moment = moments[number % len(moments)]
        again(archive, moment)
        for which in (1, 2):
            # One in twelve comes too late.
            seconds = (2 * number + which) * GOLDEN % 1 * 1.1 * moment.seconds
            command = moment.step.arguments if which == 1 else ()
            victim.ask(job="index", archive=str(archive), arguments=command, kill=seconds)
            now = said(archive)
            assert now in (moment.old, moment.new, moment.mended), (moment.step.name, seconds)
            sound(archive)
            figures.update({"kills": 1, "left the old": now == moment.old, "left the new": now != moment.old})
        mends(archive, moment, victim)


@pytest.mark.parametrize("kind", FAULTS, ids=FAULTS.get)
def test_a_file_operation_that_fails_leaves_the_old_index_or_the_new(
    life: tuple[str, list[Moment]],
    faults: Path,
    tmp_path: Path,
    child: Callable[..., Child],
    rounds: Rounds,
    kind: int,
) -> None:
    """Whichever operation it is; the command says in a sentence what was wrong, and the next one mends it."""
    (engine, moments), victim = life, child(LD_PRELOAD=str(faults))
    archive, figures = tmp_path / "an archive", Counter[str]()
    every = [(moment, n) for moment in moments for n in range(1, moment.operations + 1)][:2000]
    for number in rounds(f"fault-index-{engine}-{FAULTS[kind]}", 3, len(every), figures):
        moment, fault = every[number]
        again(archive, moment)
        command = {"job": "index", "archive": str(archive), "arguments": moment.step.arguments}
        done = victim.ask(**command, fault=fault, kind=kind)
        where, now = (moment.step.name, FAULTS[kind], fault, done), said(archive)
        assert "Traceback" not in done["said"] and done["code"] in (0, 1), where
        # What a command says that failed is so: of the index in force, too.
        expected = (
            moment.new if done["code"] == 0 or "The new one is in force" in done["said"] else moment.old
        )
        assert now == expected, where
        assert done["code"] == 0 or "cannot be written" in done["said"], where
        sound(archive)
        mends(archive, moment, victim)
        figures.update({"faults": 1, "refused": done["code"] == 1, "did no harm": done["code"] == 0})


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
    refused = [answer for answer in told if isinstance(answer, str)]
    assert len(told) == 4 and len(refused) < 4
    assert all("Another loccit index is at work" in answer for answer in refused)
    assert "falling" in str(said(archive)["document"])
    sound(archive)


READS = 10_000
SWAPS = 20


def test_readers_of_the_old_index_go_on_while_it_is_swapped(
    archive: Path, child: Callable[..., Child], rounds: Rounds, pytestconfig: pytest.Config
) -> None:
    """Each answer is from one generation, whichever; none fails. The index is made by another process, as
    it always is: one with threads must not fork."""
    victim, app, stop, failed = child(), create_app(archive), threading.Event(), []
    asked, figures, long = [0], Counter[str](), pytestconfig.getoption("--torture")

    def read() -> None:
        client = app.test_client()
        while not stop.is_set():
            answer = client.get("/quotation/pier-001?format=json")
            record = answer.json or {}
            told = (record.get("source") or {}).get("text", "")
            told += "".join(change["source"] for change in record.get("changes", ()))
            word = next((w for w in STATES if w in told), "")
            if answer.status_code != 200 or STATES.get(word) != record["verdict"]:
                failed.append((answer.status_code, record))
            asked[0] += 1

    readers = [threading.Thread(target=read) for _ in range(4)]
    for thread in readers:
        thread.start()
    swaps, wanted = 0, READS / SWAPS / (1 if long else 10)
    try:
        for _ in rounds("swaps", 3, SWAPS, figures):
            turn(archive, ["falling", "rising"][swaps % 2])
            done = victim.ask(job="index", archive=str(archive))
            assert done["code"] == 0 and "2 of 2 listed works are held" in done["said"], done
            swaps, before = swaps + 1, asked[0]
            while asked[0] - before < wanted and not failed:
                stop.wait(0.01)
            figures.update({"swaps": 1, "reads": asked[0] - before})
    finally:
        stop.set()
        for thread in readers:
            thread.join()
    assert not failed, failed[:3]
    assert swaps and asked[0] >= swaps * wanted

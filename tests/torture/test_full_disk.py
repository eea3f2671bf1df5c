"""A disk that fails a reader: every way to write by a page or by an account says so, and nothing is lost."""

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import made
import pytest
from routes import routes
from tortured import FAULTS, Child, Rounds

from web import create_app, reader
from web.reader.bookmarks import Draft
from web.reader.changes import Edit

PASSWORD = "a ball of lead at noon"
OTHER = "11111111-1111-4111-8111-111111111111"
"""An id that nothing has."""
FEW = 10
"""Faults of a kind in the normal suite."""
PASSAGE = {"kind": "passage", "work_id": "report", "start": "16", "end": "40"}


@dataclass(frozen=True, slots=True)
class Write:
    """A write: the rule of its route or the name of what `loccit accounts` does, and what is sent."""

    rule: str
    sent: dict[str, str] = field(default_factory=dict)
    of: str = ""
    public: bool = False


WRITES = (
    Write("/bookmarks", PASSAGE | {"note": "look"}),
    Write("/bookmarks", PASSAGE | {"note": "look"}, public=True),
    Write("/bookmarks/many", {"all": "yes", "do": "colour", "paint": "red"}),
    Write("/bookmarks/undo/<change_id>", of="change"),
    Write("/bookmarks/import", of="export"),
    Write("/bookmarks/<bookmark_id>", {"note": "another"}, "bookmark"),
    Write("/bookmarks/<bookmark_id>/delete", {}, "bookmark"),
    Write("/bookmarks/<bookmark_id>/restore", {}, "deleted bookmark"),
    Write("/searches/import", of="exported searches"),
    Write("/searches", {"search": "q=pilots", "name": "Pilots"}),
    Write("/searches/<search_id>", {"name": "Another"}, "search"),
    Write("/searches/<search_id>/seen", {}, "search"),
    Write("/searches/<search_id>/delete", {}, "search"),
    Write("/searches/<search_id>/restore", {}, "deleted search"),
    Write("/quotation/<quotation_id>/judgement", {"opinion": "right"}, "quotation"),
    Write("/quotation/<quotation_id>/correction", {"work": "letters"}, "quotation"),
    Write("/judgements/import", of="exported judgements"),
    Write("/judgements/<judgement_id>/undo", {}, "judgement"),
    Write("/judgements/<judgement_id>/delete", {}, "judgement"),
    Write("/judgements/<judgement_id>/restore", {}, "deleted judgement"),
    Write("/account/sign-in", {"name": "marlow", "password": PASSWORD}, public=True),
    Write("/account/sign-out", public=True),
    Write("create", {"name": "wick", "password": PASSWORD}),
    Write("set_password", {"name": "marlow", "password": "the other ball of lead"}),
    Write("remove", {"name": "marlow"}),
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """An archive in which something of every kind was kept, and the ids of it."""
    archive = made.write_whole(tmp_path_factory.mktemp("kept") / "archive")
    path, browser = archive / reader.FILE, create_app(archive).test_client()
    one = reader.bookmarks.add(path, Draft("report", "the engineers were heard", note="of years ago"))
    exported = reader.exchange.export_json(path).replace(one.id, OTHER)
    gone = reader.bookmarks.add(path, Draft("report", "asked,", note="deleted"))
    reader.changes.edit(path, [gone.id], Edit(deleted=True))
    ids = {"bookmark": one.id, "deleted bookmark": gone.id, "export": exported, "quotation": "essay-003"}
    ids["change"] = reader.changes.edit(path, [one.id], Edit(tags=("tide",))).id
    for name in ("search", "deleted search"):
        sent = {"search": f"q=engineers&sort={name[:3]}", "name": name}
        ids[name] = browser.post("/searches?format=json", data=sent).json["search"]["id"]
    ids["exported searches"] = browser.get("/searches/export.json").text.replace(ids["search"], OTHER)
    browser.post(f"/searches/{ids['deleted search']}/delete")
    for name, quotation in (("judgement", "essay-001"), ("deleted judgement", "essay-002")):
        answer = browser.post(f"/quotation/{quotation}/judgement?format=json", data={"opinion": "wrong"})
        ids[name] = answer.json["judgement"]["id"]
    browser.post(f"/judgements/{ids['deleted judgement']}/delete")
    ids["exported judgements"] = json.dumps(elsewhere(browser.get("/judgements/export.json").json))
    reader.accounts.create(path, "marlow", PASSWORD)
    reader.bookmarks.add(reader.accounts.records_of(path, "marlow"), Draft("report", "hers", note="hers"))
    ids["session"] = reader.accounts.sign_in(path, "marlow", PASSWORD)
    return archive, ids


def elsewhere(exported: Any) -> Any:
    """An export of judgements with another id and other words before: of another quotation."""
    for item in exported["items"]:
        item["id"] = f"urn:uuid:{OTHER}"
        item["target"]["selector"][0]["prefix"] = "In another place it says: "
    return exported


def records(archive: Path) -> dict[str, Any]:
    """Every row of every file of records, whatever stands in its journal."""
    said = {}
    for path in sorted(archive.rglob("*.sqlite3")):
        if "index" not in path.parts:
            with closing(sqlite3.connect(path)) as db:
                assert db.execute("pragma integrity_check").fetchone() == ("ok",)
                said[path.name] = list(db.iterdump())
    return said


def job(write: Write, ids: dict[str, str]) -> dict[str, Any]:
    """What the victim is told to do."""
    if not write.rule.startswith("/"):
        return {"job": "account", "arguments": [write.rule, *write.sent.values()]}
    sent = write.sent | ({"text": ids[write.of]} if write.of.startswith("export") else {})
    head, _, rest = write.rule.partition("<")
    address = f"{head}{ids[write.of]}{rest.partition('>')[2]}" if rest else write.rule
    return {"job": "ask", "arguments": [address, sent, write.public, ids["session"]]}


def answered(write: Write, done: dict[str, Any]) -> tuple[bool, str]:
    """Whether what was wanted was done, and what was said."""
    if not write.rule.startswith("/"):
        return done["code"] == 0, done["said"]
    answer = json.loads(done["said"])
    assert answer["status"] < 400 or answer["status"] == 503, done
    return answer["status"] < 400, answer["text"]


def again_as_it_was(archive: Path, clean: Path) -> None:
    shutil.rmtree(archive, ignore_errors=True)
    shutil.copytree(clean, archive)


@pytest.fixture(scope="module")
def operations(
    kept: tuple[Path, dict[str, str]], faults: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[Write, int]]:
    """Each write with the number of each of its file operations; none fails, and all of them write."""
    (clean, ids), victim, found = kept, Child(LD_PRELOAD=str(faults)), []
    archive = tmp_path_factory.mktemp("counted") / "archive"
    for write in WRITES:
        again_as_it_was(archive, clean)
        before = records(archive)
        done = victim.ask(archive=str(archive), fault=0, **job(write, ids))
        assert answered(write, done)[0] and records(archive) != before, (write.rule, done)
        found += [(write, number) for number in range(1, done["operations"] + 1)]
    victim.end()
    return found


def test_every_way_to_write_is_among_them(kept: tuple[Path, dict[str, str]]) -> None:
    app = create_app(kept[0], public=True)
    stores = {
        route.rule.rule
        for route in routes(app)
        if route.writes and not getattr(app.view_functions[route.rule.endpoint], "stores_nothing", False)
    }
    assert stores <= {write.rule for write in WRITES}


@pytest.mark.parametrize("kind", FAULTS, ids=FAULTS.get)
def test_a_disk_that_fails_is_named_and_nothing_is_lost(
    kept: tuple[Path, dict[str, str]],
    operations: list[tuple[Write, int]],
    faults: Path,
    tmp_path: Path,
    child: Callable[..., Child],
    rounds: Rounds,
    kind: int,
) -> None:
    (clean, ids), victim, archive = kept, child(LD_PRELOAD=str(faults)), tmp_path / "archive"
    figures: Counter[str] = Counter()
    part = f"fault-pages-{FAULTS[kind]}"
    for number in rounds(part, FEW, len(operations), figures):
        write, fault = operations[number]
        again_as_it_was(archive, clean)
        before = records(archive)
        done = victim.ask(archive=str(archive), fault=fault, kind=kind, **job(write, ids))
        did, said = answered(write, done)
        where, same = (write.rule, fault, done), records(archive) == before
        assert did or "cannot be written" in said or "cannot be read" in said, where
        assert did != same or "Nothing was changed" not in said, where
        again = victim.ask(archive=str(archive), **job(write, ids))
        figures.update({"faults": 1, "refused": not did, "did no harm": did})
        assert not same or answered(write, again)[0], (where, again)

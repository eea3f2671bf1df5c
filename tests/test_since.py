# ruff: noqa: E501
"""What an index says of quotations whose verdict is another than in the one before."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from indexer import catalogue, store
from indexer.build import build
from loccit import main

LETTER = (
    "The lamps along the east quay were out, and nobody had rung the bell before the tide. I wrote it down."
)
ESSAY = """An essay

He wrote: “the lamps along the east quay were out” and again “nobody had rung the bell before the tide” (Letter).

“The lamps along the east quay were out,” he said, and it is told that “no boat was ever seen at the stair” (Letter).
"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    given(tmp_path, "essay", "essay.txt", ESSAY)
    given(tmp_path, "source", "letter.txt", f"Letter\n\n{LETTER}\n")
    return tmp_path


def given(archive: Path, kind: Any, name: str, text: str) -> None:
    (archive / name).write_text(text, encoding="utf8")
    catalogue.add(archive / "raw", [archive / name], kind)


def indexed(archive: Path) -> list[tuple[str, str, str]]:
    """Builds, and gives back which quotations changed their verdict, from what to what."""
    built = build(archive / "raw", archive / "index", jobs=1)
    return [(r.quotation_id, r.was, r.now) for r in built.revised]


def kept(archive: Path) -> list[tuple[str, str, str]]:
    records = store.Store(store.current(archive / "index")).revised()
    return [(r.quotation_id, r.was, r.now) for r in records]


def test_another_edition_changes_verdicts_and_they_are_named(archive: Path) -> None:
    assert indexed(archive) == [] and kept(archive) == []
    given(archive, "source", "letter.txt", f"Letter\n\n{LETTER.replace('were out', 'went out')}\n")
    first = [("essay-001", "verbatim", "altered"), ("essay-003", "verbatim", "altered")]
    assert indexed(archive) == first == kept(archive)
    assert indexed(archive) == [] and kept(archive) == first
    given(archive, "source", "letter.txt", f"Letter\n\n{LETTER}\n")
    back = [("essay-001", "altered", "verbatim"), ("essay-003", "altered", "verbatim")]
    assert indexed(archive) == back and kept(archive) == [*back, *first]
    records = store.Store(store.current(archive / "index")).revised()
    assert {(r.essay_id, r.source, r.by_rules) for r in records} == {("essay", "letter", False)}


def test_a_source_that_is_added_or_removed_changes_verdicts(archive: Path) -> None:
    indexed(archive)
    given(archive, "source", "log.txt", "Log\n\nIt was noted that no boat was ever seen at the stair.\n")
    (found,) = indexed(archive)
    assert found[0] == "essay-004" and found[2] == "verbatim"
    catalogue.remove(archive / "raw", "log")
    assert indexed(archive) == [("essay-004", "verbatim", found[1])]


def test_what_an_essay_quotes_anew_or_no_longer_has_changed_no_verdict(archive: Path) -> None:
    """A quotation is known again by its words, wherever it stands and whatever its number is now."""
    indexed(archive)
    more = ESSAY.replace("An essay\n", "An essay\n\nFirst: “I wrote it down” (Letter).\n").replace(
        " and again “nobody", ", and “somebody"
    )
    given(archive, "essay", "essay.txt", more)
    assert indexed(archive) == []
    assert "essay-005" in {f.quotation.id for f in store.Store(store.current(archive / "index")).findings()}


def test_an_index_by_other_rules_says_so(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    indexed(archive)
    given(archive, "source", "letter.txt", f"Letter\n\n{LETTER.replace('were out', 'went out')}\n")
    monkeypatch.setattr("indexer.build._program", lambda: "another")
    built = build(archive / "raw", archive / "index", jobs=1)
    assert [r.by_rules for r in built.revised] == [True, True]


def test_the_command_tells_them(archive: Path) -> None:
    command = ["--archive", str(archive), "index", "--jobs", "1"]
    assert "changed the verdict" not in CliRunner().invoke(main, command).output
    given(archive, "source", "letter.txt", f"Letter\n\n{LETTER.replace('were out', 'went out')}\n")
    output = CliRunner().invoke(main, command).output
    assert "2 quotations changed the verdict:\n" in output
    assert "  essay-001: was verbatim, is altered: “the lamps along the east quay were out”" in output


def test_many_are_counted(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loccit.indexing.NAMED_QUOTATIONS", 1)
    command = ["--archive", str(archive), "index", "--jobs", "1"]
    CliRunner().invoke(main, command)
    given(archive, "source", "letter.txt", f"Letter\n\n{LETTER.replace('were out', 'went out')}\n")
    assert "  2: was verbatim, is altered\n" in CliRunner().invoke(main, command).output

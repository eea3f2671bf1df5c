"""The documents say what the program does: every command of theirs runs, every name in them exists."""

import dataclasses
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer import models, store, verdict
from indexer.models import Work
from loccit import main

ROOT = Path(__file__).resolve().parents[1]
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# Commands that serve until they are ended, or make an environment: other tests and .ci/run run them.
ELSEWHERE = {"loccit demo", "loccit --archive mine serve", "make run", "make test", "pip install ."}


def flat(path: Path) -> str:
    return " ".join(path.read_text(encoding="utf8").split())


def commands(path: Path) -> list[str]:
    """The command lines of a document: lines of its indented or fenced code that begin with a command."""
    lines = path.read_text(encoding="utf8").splitlines()
    return [line.strip() for line in lines if re.match(r"(    |)(loccit|make|pip) [^|]*$", line)]


@pytest.mark.parametrize("slug, rule", verdict.RULES.items())
def test_the_rule_of_every_verdict_is_printed(slug: str, rule: str) -> None:
    assert f"**{slug}.** {rule}" in flat(ROOT / "docs/verdicts.md")


@pytest.mark.parametrize("slug, rule", verdict.WARNINGS.items())
def test_every_warning_is_explained(slug: str, rule: str) -> None:
    assert f"| {slug} | {rule}" in flat(ROOT / "docs/verdicts.md")


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf8")
    assert all(f"`loccit {name}`" in readme for name in main.commands)
    named = set(re.findall(r"\| `loccit (\w+)`", readme))
    assert named == set(main.commands)


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf8")):
        assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_every_document_is_linked_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf8")
    assert [path.name for path in DOCS[1:] if f"](docs/{path.name})" not in readme] == []


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_commands_name_what_exists(path: Path) -> None:
    for name in re.findall(r"`loccit (?:--archive \S+ )?([a-z]+)", path.read_text(encoding="utf8")):
        assert name in main.commands, f"{path.name} names loccit {name}"


def test_the_commands_of_the_readme_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for kind in ("essays", "sources"):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "a.txt").write_text("A title\n\nSome words of a text, and no more of them.\n")
    run_all(commands(ROOT / "README.md"), 4)


def test_the_commands_of_the_page_on_archives_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/one.txt").write_text("A letter\n\nI write in haste.\n")
    (tmp_path / "corrected.txt").write_text("A letter\n\nI write in great haste.\n")
    (tmp_path / "my-essay.txt").write_text("My essay\n\nHe wrote in haste.\n")
    run_all(commands(ROOT / "docs/archive.md"), 5)


def run_all(lines: list[str], at_least: int) -> None:
    ran = [line for line in lines if line not in ELSEWHERE]
    assert len(ran) >= at_least
    for line in ran:
        result = CliRunner().invoke(main, shlex.split(line)[1:])
        assert result.exit_code == 0, f"{line}: {result.output}"


def test_the_promise_to_scripts_names_every_field(sample: Path) -> None:
    text = (ROOT / "docs/scripts.md").read_text(encoding="utf8")
    records = store.Store(store.current(sample / "index"))
    findings = records.findings()
    row = next(r for f in findings if (r := store.finding_json(records, f))["source"] and r["changes"])
    entry = store.entry_json(records, records.entries()[0])
    for name in (*row, *row["source"], *row["changes"][0], *entry, *(row["citation"] or {})):
        assert f"`{name}`" in text or f'"{name}"' in text, name


def section(heading: str, after: str) -> str:
    """The part of the design from one heading to another."""
    text = (ROOT / "docs/design.md").read_text(encoding="utf8")
    return text[text.index(heading) : text.index(after)]


@pytest.mark.parametrize("top", ["loccit", "indexer", "web"])
def test_the_design_draws_every_room(top: str) -> None:
    """Each file and folder at the top of a package, and none that is not there."""
    drawn = section("## The rooms", "## The nouns")
    rooms = {path.stem for path in (ROOT / top).iterdir() if not path.name.startswith("_")}
    assert {name for name in rooms if not re.search(rf"\b{name}\b", drawn)} == set()
    every = "\n".join(str(path.relative_to(ROOT)) for path in ROOT.glob("[!.]*/**/*"))
    for name in re.findall(r"^      ([a-z_]+)(?:\.py|/) ", drawn, re.MULTILINE):
        assert re.search(rf"/{name}(?:\.py)?$", every, re.MULTILINE), f"{name} is drawn and is not there"


def test_the_design_names_every_noun_with_its_fields() -> None:
    said = section("## The nouns", "## The verdicts")
    rows = dict(re.findall(r"^\| (\w+) \| (.*) \|$", said, re.MULTILINE))
    for name, noun in vars(models).items():
        if dataclasses.is_dataclass(noun) and name != "Span":
            fields = {field.name for field in dataclasses.fields(noun)}
            assert {field for field in fields if not re.search(rf"\b{field}\b", rows[name])} == set(), name


def test_the_page_on_archives_names_every_field_of_a_catalogue() -> None:
    text = (ROOT / "docs/archive.md").read_text(encoding="utf8")
    for name in Work.__dataclass_fields__:
        assert name == "collection" or f"`{name}`" in text, name

"""Which full-text engine an archive has: chosen once, kept, changed without judging anything anew."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer import settings, store
from indexer.errors import LoccitError
from indexer.fulltext import engines
from indexer.fulltext.vocabulary import load
from loccit import main

TEXT = "The ball was dropped at noon. The master of the barque wrote it down, and nobody asked him why."
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    page = tmp_path / "page.txt"
    page.write_text(TEXT, encoding="utf8")

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["--archive", str(tmp_path / "archive"), *arguments])

    assert run("add", "--kind", "source", str(page)).exit_code == 0
    return run


def engine_in_force(archive: Path) -> str:
    return load(store.current(archive / "index") / store.FULLTEXT).engine


def test_an_engine_is_chosen_once(run: Run, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    assert run("index").exit_code == 0
    assert (engine_in_force(archive), (archive / "settings.toml").exists()) == ("whoosh", False)
    assert "Indexed." in run("index", "--engine", "tantivy").output
    assert (engine_in_force(archive), settings.engine(archive)) == ("tantivy", "tantivy")
    assert "The ball was dropped" in run("search", '"was dropped"').output
    assert "Nothing in raw/ has changed" in run("index").output
    (tmp_path / "other.txt").write_text(TEXT.replace("noon", "midnight"), encoding="utf8")
    assert run("add", "--kind", "source", str(tmp_path / "other.txt")).exit_code == 0
    assert run("index").exit_code == 0
    assert engine_in_force(archive) == "tantivy"
    assert "at midnight" in run("search", "midnight").output
    assert "Indexed." in run("index", "--engine", "whoosh").output
    assert (engine_in_force(archive), settings.engine(archive)) == ("whoosh", "whoosh")
    assert "at midnight" in run("search", "midnight").output


def test_an_engine_that_is_not_installed_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name=name.rpartition(".")[2])

    assert run("index", "--engine", "tantivy").exit_code == 0
    monkeypatch.setattr(engines, "import_module", missing)
    for command in (["index"], ["search", "ball"]):
        result = run(*command)
        assert result.exit_code == 1
        assert "pip install 'loccit[fast]'" in result.output and "--engine whoosh" in result.output


def test_settings_keep_what_else_they_hold(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('# mine\nother = 1\nengine = "whoosh"\n', encoding="utf8")
    settings.keep_engine(tmp_path, "tantivy")
    assert path.read_text(encoding="utf8") == '# mine\nother = 1\nengine = "tantivy"\n'


@pytest.mark.parametrize("content", ["engine = ", "engine = 5", "engine = 'a' b"])
def test_settings_that_cannot_be_read_are_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "settings.toml").write_text(content, encoding="utf8")
    with pytest.raises(LoccitError, match=r"settings\.toml"):
        settings.engine(tmp_path)


def test_the_command_offers_every_engine() -> None:
    (option,) = [option for option in main.commands["index"].params if option.name == "engine"]
    assert tuple(option.type.choices) == engines.ENGINES  # type: ignore[attr-defined]


def test_an_engine_that_nobody_knows_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "archive" / "settings.toml").write_text('engine = "lucene"', encoding="utf8")
    result = run("index")
    assert (result.exit_code, "There is no engine lucene" in result.output) == (1, True)

"""Spellings of names: one for search and for citations, in two alphabets, and an archive's own."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from indexer import catalogue, names
from indexer.build import build
from indexer.citations.names import same_author
from indexer.errors import CatalogueError
from loccit import main
from web import create_app

ONE = [
    "Pyatakov Piatakov Pjatakow Piatakoff Пятаков",
    "Yezhov Ezhov Jeschow Iejov Ежов",
    "Trotsky Trotzki Trotskii Trockij Троцкий",
    "Zinoviev Zinovyev Sinowjew Зиновьев",
    "Yagoda Iagoda Jagoda Ягода",
    "Vyshinsky Vishinsky Wyschinski Vychinski Вышинский",
    "Bukharin Boukharine Bucharin Бухарин",
    "Khrushchev Chruschtschow Хрущёв",
    "Ordzhonikidze Orjonikidze Орджоникидзе",
]


@pytest.mark.parametrize("spelt", ONE)
def test_spellings_of_one_name(spelt: str) -> None:
    words = spelt.lower().split()
    assert len({names.common_spelling(word) for word in words}) == 1
    assert names.common_spelling(words[0]) is not None


@pytest.mark.parametrize(
    "spelt", ["Pyatakov Piatakov Пятаков", "Yezhov Ezhov Iejov Ежов", "Trotsky Trotzky Троцкий"]
)
def test_an_author_is_known_in_any_spelling(spelt: str) -> None:
    first, *others = spelt.split()
    assert all(same_author(f"A. {first}", other) for other in others)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pyatakov", "Pyatnitsky"),
        ("Yezhov", "Yershov"),
        ("Radek", "Rykov"),
        ("Пятаков", "Пятницкий"),
        ("Harrow", "Harrower"),
    ],
)
def test_other_names_stay_apart(one: str, other: str) -> None:
    alike = names.common_spelling(one.lower())
    assert alike is None or alike != names.common_spelling(other.lower())
    assert not same_author(one, other)


@pytest.mark.parametrize("word", ["harbour", "and", "о", "quay", "слово", "1937", "l'an"])
def test_other_words_have_no_common_spelling(word: str) -> None:
    assert names.common_spelling(word) is None


LETTER = "The keeper wrote of Tarnholt and of the quay, and nobody asked him why he did."


def _archive(root: Path, own: str) -> None:
    given = root / "given"
    given.mkdir(exist_ok=True)
    (given / "letter.txt").write_text(LETTER)
    (given / "memoir.txt").write_text("Nobody has ever seen Пятаков on the quay, in a memoir of many words.")
    catalogue.add(root / "raw", [given], "source")
    if own:
        (root / "raw/names.toml").write_text(own, encoding="utf8")
    build(root / "raw", root / "index")


def _found(root: Path, query: str, *options: str) -> list[str]:
    result = CliRunner().invoke(main, ["--archive", str(root), "search", query, "--json", *options])
    return [json.loads(line)["work"] for line in result.stdout.splitlines()]


def test_search_finds_a_name_in_another_alphabet(tmp_path: Path) -> None:
    _archive(tmp_path, "")
    assert [len(_found(tmp_path, query)) for query in ("Piatakov", "Пятаков", "Tarnhout")] == [1, 1, 0]


def test_an_archive_has_names_of_its_own(tmp_path: Path) -> None:
    _archive(tmp_path, 'same = [["Tarnholt", "Dernhoud", "Тарнгольт"]]')
    assert [len(_found(tmp_path, query)) for query in ("Dernhoud", "Тарнгольт", "Dernhout")] == [1, 1, 0]
    with names.spelt(names.Spellings(catalogue.spellings(tmp_path / "raw"))):
        assert same_author("P. Dernhoud", "Tarnholt, P.")
    assert not same_author("P. Dernhoud", "Tarnholt, P.")
    (tmp_path / "raw/names.toml").unlink()
    assert build(tmp_path / "raw", tmp_path / "index").changed
    assert _found(tmp_path, "Dernhoud") == []


def test_each_archive_has_its_own_though_one_process_serves_two(tmp_path: Path) -> None:
    """The archive that was opened last spelt for all that the process did."""
    for name, own in (("one", 'same = [["Tarnholt", "Dernhoud"]]'), ("other", "")):
        (tmp_path / name).mkdir()
        _archive(tmp_path / name, own)
    one, other = (create_app(tmp_path / name).test_client() for name in ("one", "other"))
    for _ in range(2):
        assert [len(_results(client)) for client in (one, other)] == [1, 0]
    assert names.common_spelling("dernhoud") is None


def _results(client: FlaskClient) -> list[Any]:
    results: list[Any] = client.get("/search.json?q=Dernhoud").get_json()["hits"]
    return results


def test_spellings_are_read_as_they_were_written() -> None:
    written = str(names.Spellings([["Tarnholt", "Dernhoud", "Тарнгольт"], ["Hale", "Hehl"]]))
    assert str(names.Spellings.read(written)) == written
    assert str(names.Spellings()) == str(names.Spellings.read("")) == ""


@pytest.mark.parametrize(
    "text", ["same = 3", "same = [['Tarn']]", "same = [['Tarn', 'A. Tarne']]", "same = [", "other = []"]
)
def test_mistakes_in_it_are_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "names.toml").write_text(text)
    with pytest.raises(CatalogueError, match=r"names\.toml"):
        catalogue.spellings(tmp_path)

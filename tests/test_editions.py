# ruff: noqa: E501
"""Editions of one work: other bytes of the same file, other translations; grouped, told apart, on their pages."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from indexer import catalogue
from indexer.build import build
from loccit import main
from web import create_app

LISTED = """
[[work]]
id = "ferryman"
kind = "source"
title = "The Ferryman"
author = "J. Hale"
year = 1911
file = "ferryman.txt"

[[work]]
id = "ferryman-pole"
kind = "source"
title = "The Ferryman, in Pole’s translation"
author = "J. Hale"
year = 1936
edition_of = "ferryman"
note = "Shortened by its translator."

[[work]]
id = "ferryman-1950"
kind = "source"
title = "The Ferryman"
author = "J. Hale"
year = 1950
language = "de"
edition_of = "ferryman"
"""


def added(archive: Path, name: str, text: str) -> catalogue.Added:
    (archive / name).write_text(text, encoding="utf8")
    return catalogue.add(archive / "raw", [archive / name], "source", "books")[0]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A book of which two editions of the file are kept, and two translations are listed, one of them held."""
    for text in ("I moored her at the north stair.", "I moored her at the southern stair, said he."):
        assert added(tmp_path, "ferryman.txt", f"The Ferryman\n\n{text}\n").status in ("added", "edition")
    added(
        tmp_path,
        "pole.txt",
        "The Ferryman, in Pole’s words\n\nThe boat was made fast at the northern steps.\n",
    )
    listed = LISTED.replace("1936\n", '1936\nfile = "pole.txt"\n')
    (tmp_path / "raw/books/catalogue.toml").write_text(listed, encoding="utf8")
    build(tmp_path / "raw", tmp_path / "index", jobs=1)
    return tmp_path


@pytest.fixture
def pages(archive: Path) -> FlaskClient:
    return create_app(archive).test_client()


@pytest.mark.parametrize(
    "work, others",
    [
        ("ferryman", ["ferryman-pole", "ferryman-1950"]),
        ("ferryman-pole", ["ferryman", "ferryman-1950"]),
        ("ferryman-1950", ["ferryman", "ferryman-pole"]),
    ],
)
def test_translations_lead_to_each_other(pages: FlaskClient, work: str, others: list[str]) -> None:
    record = pages.get(f"/work/{work}", headers={"Accept": "application/json"}).json
    assert [line["work"]["id"] for line in record["editions"]] == others
    page = pages.get(f"/work/{work}").text
    assert "Other editions and translations" in page and all(
        f'href="/work/{other}"' in page for other in others
    )


def test_they_are_told_apart(pages: FlaskClient) -> None:
    page = pages.get("/work/ferryman").text
    assert "Shortened by its translator." in page and "listed, not held · language: de" in page


def test_the_kept_editions_of_a_file_are_listed_and_the_one_that_is_read_is_named(
    archive: Path, pages: FlaskClient
) -> None:
    record = pages.get("/work/ferryman", headers={"Accept": "application/json"}).json
    assert [Path(kept["file"]).suffixes[-1:] for kept in record["files"]] == [[".txt"]] * 2
    page = pages.get("/work/ferryman").text
    first, second = (kept["file"] for kept in record["files"])
    assert second == record["work"]["file"] and record["files"][1]["edition_of"] == first
    assert page.count("the one that is read and compared") == 1
    assert (
        page.rindex(f"raw/{first}<") < page.index("the one that is read and compared") < page.rindex(second)
    )
    assert "southern stair" in pages.get("/read/ferryman").text
    assert "Editions kept" not in pages.get("/work/ferryman-pole").text


def test_a_work_is_made_an_edition_of_another_by_the_command(archive: Path) -> None:
    added(archive, "new.txt", "A new one\n\nShe lay at the stair in the north.\n")
    command = ["--archive", str(archive), "edit", "new"]
    assert CliRunner().invoke(main, [*command, "--edition-of", "ferryman"]).exit_code == 0
    assert catalogue.find(archive / "raw", "new").edition_of == "ferryman"
    for wrong, words in [("new", "of itself"), ("nobody", "no work “nobody”")]:
        result = CliRunner().invoke(main, [*command, "--edition-of", wrong])
        assert result.exit_code != 0 and words in result.output
    build(archive / "raw", archive / "index", jobs=1)
    assert 'href="/work/new"' in create_app(archive).test_client().get("/work/ferryman-pole").text


def test_an_earlier_edition_can_be_read_and_says_what_is_otherwise_now(
    archive: Path, pages: FlaskClient
) -> None:
    first, second = pages.get("/work/ferryman?format=json").json["files"]
    address = f"/work/ferryman/edition/{first['sha256'][:16]}"
    assert f'href="{address}"' in pages.get("/work/ferryman").text
    page = pages.get(address)
    assert page.status_code == 200 and "I moored her at the north stair." in page.text
    record = pages.get(address, headers={"Accept": "application/json"}).json
    assert [(p["text"], p["same"]) for p in record["paragraphs"]] == [
        ("The Ferryman", True), ("I moored her at the north stair.", False)
    ]  # fmt: skip
    assert record["others"] == 1 and "One paragraph here is not there" in page.text
    in_force = pages.get(f"/work/ferryman/edition/{second['sha256'][:16]}")
    assert in_force.status_code == 302 and in_force.location == "/read/ferryman"
    assert "north stair" not in pages.get("/search?q=stair").text


@pytest.mark.parametrize("digest", ["", "0" * 16, "e"])
def test_an_edition_that_is_not_kept_is_not_there(pages: FlaskClient, digest: str) -> None:
    assert pages.get(f"/work/ferryman/edition/{digest}").status_code == 404
    assert pages.get("/work/ferryman-1950/edition/0123456789abcdef").status_code == 404


def test_an_edition_whose_file_is_gone_says_so(archive: Path, pages: FlaskClient) -> None:
    first = pages.get("/work/ferryman?format=json").json["files"][0]
    (archive / "raw" / first["file"]).unlink()
    page = pages.get(f"/work/ferryman/edition/{first['sha256'][:16]}")
    assert page.status_code == 404 and "cannot be read" in page.text and first["file"] in page.text

"""The reports of all essays: what is quoted most, what is wanted most, whole tables and files."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import made
import pytest
from flask.testing import FlaskClient

from indexer.models import Citation, Entry, Span
from web import create_app
from web.report.archive import TABLES, Naming, _by_source, _clusters
from web.ties import Tie

HALE = "https://example.org/report"


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The archive made for tests, in which a second quotation shares words of the first one's passage."""
    again = made.FINDINGS[1]
    assert again.alignment
    shared = replace(again.alignment, quotation_id="essay-007")
    more = replace(again, quotation=replace(again.quotation, id="essay-007"), alignment=shared)
    monkeypatch.setattr(made, "FINDINGS", (*made.FINDINGS, more))
    return create_app(made.write(tmp_path)).test_client()


def test_a_passage_that_several_quote_is_listed_once(client: FlaskClient) -> None:
    """The words stand in a reprint too, which the two shorter quotations name as another place."""
    passages = client.get("/reports?format=json").json["passages"]
    assert [(p["work"]["id"], p["quotations"], p["essays"]) for p in passages] == [
        ("report", ["essay-001", "essay-002", "essay-007"], 1)
    ]
    assert passages[0]["words"].startswith("The engineers were heard")


@pytest.mark.parametrize(
    ("spans", "groups"),
    [
        ([], []),
        ([(0, 5)], [1]),
        ([(0, 5), (5, 9)], [1, 1]),
        ([(0, 5), (4, 9), (8, 9)], [3]),
        ([(0, 20), (2, 4), (10, 12), (19, 30), (30, 31)], [4, 1]),
        ([(0, 2), (3, 9), (4, 5), (9, 10)], [1, 2, 1]),
    ],
)
def test_places_that_touch_are_one_passage(spans: list[tuple[int, int]], groups: list[int]) -> None:
    ties = [Tie(Span(*span), f"q{n}", "e", "verbatim") for n, span in enumerate(spans)]
    assert [len(group) for group in _clusters(ties)] == groups


def entry(essay: str, author: str | None, title: str | None, url: str | None = None) -> Naming:
    return Naming(essay, False, Entry(essay, Span(0, 1), "", author, title, None, url, None))


@pytest.mark.parametrize(
    ("namings", "sources"),
    [
        # One book at two addresses and once without any.
        (
            [
                ("Hale, J.", "Of Harbours", "a"),
                ("Hale", "Of harbours", "b"),
                ("J. Hale", "Of Harbours", None),
            ],
            1,
        ),
        # Now with its author and now without.
        ([(None, "Of Harbours", None), ("Hale", "Of Harbours", None)], 1),
        # Two lives of one man: who wrote the one without an author is not guessed.
        ([("Marsh", "Hale", None), ("Strake", "Hale", None), (None, "Hale", None)], 3),
        # Initials tell nobody apart, and make nobody the same.
        ([("J. Marsh", "Hale", None), ("J. Strake", "Hale", None)], 2),
        # Addresses without a title.
        ([(None, None, "a"), (None, None, "a"), (None, None, "b")], 2),
    ],
)
def test_a_wanted_source_is_one_under_all_its_citations(
    namings: list[tuple[str | None, str | None, str | None]], sources: int
) -> None:
    assert len(list(_by_source([entry("e", *naming) for naming in namings]))) == sources


def test_a_work_of_the_archive_is_known_by_its_id() -> None:
    one = Naming("e", True, replace(Citation(""), work_id="a", title="Letters"))
    other = Naming("e", True, replace(Citation(""), work_id="b", title="Letters"))
    assert len(list(_by_source([one, other, one]))) == 2


@pytest.mark.parametrize("table", sorted(TABLES))
def test_each_table_is_a_page_a_twin_and_a_file(client: FlaskClient, table: str) -> None:
    page = client.get(f"/reports/{table}")
    rows = client.get(f"/reports/{table}?format=json").json["rows"]
    lines = list(csv.DictReader(io.StringIO(client.get(f"/reports/{table}.csv").text.removeprefix("\ufeff"))))
    assert page.status_code == 200 and page.text.count("<tr>") == len(rows) + 1 == len(lines) + 1
    assert rows and f'href="/reports/{table}.csv"' in client.get("/reports").text
    named = [row.get("title") or row["work"]["title"] for row in rows]
    assert [line["title"] for line in lines] == named
    assert all(name.replace("'", "&#39;") in page.text for name in named)


def test_there_is_no_other_table(client: FlaskClient) -> None:
    assert client.get("/reports/nothing").status_code == 404


def test_a_long_table_leads_to_the_whole_one(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.report.archive.SHOWN", 1)
    page = client.get("/reports").text
    assert '<a href="/reports/wanted">all 2<' in page and page.count("Tides") == 0
    assert client.get("/reports/wanted").text.count("Tides") == 1


def test_a_whole_table_comes_in_pages(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of thousands of lines came at once. The bars are as long as on one page; the file is whole."""
    whole = client.get("/reports/works?format=json").json["rows"]
    monkeypatch.setattr("web.lists.pages.__defaults__", (1,))
    first, last = (client.get(f"/reports/works?page={n}&format=json").json for n in (1, len(whole)))
    assert (first["total"], first["pages"], last["page"]) == (len(whole),) * 3 and len(whole) > 1
    assert first["rows"] + last["rows"] == [whole[0], whole[-1]]
    page = client.get(f"/reports/works?page={len(whole)}").text
    assert 'rel="prev"' in page and f"(page {len(whole)} of {len(whole)})" in page
    share = 100 * whole[-1]["quotations"] / whole[0]["quotations"]
    assert f'width="{share:.2f}"' in page
    assert client.get("/reports/works.csv?page=2").text.count("\n") == len(whole) + 1


def test_the_list_of_sources_is_a_file(client: FlaskClient) -> None:
    text = client.get("/work/essay/sources.csv").text.removeprefix("\ufeff")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert [(line["url"], line["held"], line["work"]) for line in lines] == [
        ("javascript:alert(1)", "no", ""),
        (HALE, "yes", "report"),
        ("https://example.org/quay", "no", "quay"),
    ]


def test_the_twin_of_a_report_is_sorted_and_filtered_like_the_page(client: FlaskClient) -> None:
    twin = client.get("/work/essay/quotations?sort=verdict&warning=several-places&format=json").json
    assert [quotation["id"] for quotation in twin["quotations"]] == ["essay-002", "essay-007"]

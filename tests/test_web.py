"""The frame of the pages and the pages for reading: start, works, search, reader, help, errors."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import quote

import made
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.fulltext import write
from indexer.models import Anchor, Block, Collection, Document, Link, Span, Work
from indexer.store import FULLTEXT, Writer
from web import create_app
from web.help import operators
from web.lists import Pages
from web.read.paragraphs import Mark, draw
from web.read.sheets import LONGEST_PART, sheet
from web.search.snippets import LENGTH, WHOLE, snippet
from web.works import SORTS, Line

WORK = Work("w", "c", "source", "T", file="c/w.txt")
PAGES = (
    "/",
    "/works",
    "/works?held=no&sort=year",
    "/work/report",
    "/work/plans",
    "/work/quay",
    "/work/essay",
    "/search",
    "/search?q=pilots",
    "/search?q=nowhere-found",
    "/read/essay",
    "/read/report?q=pilots",
    "/help",
    "/appearance",
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(made.write(tmp_path_factory.mktemp("an archive")))


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.get_data(as_text=True)
    return response.get_data(as_text=True)


def twin(client: FlaskClient, address: str, status: int = 200) -> dict:  # type: ignore[type-arg]
    response = client.get(address, headers={"Accept": "application/json"})
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.content_type == "application/json"
    found: dict = json.loads(response.get_data())  # type: ignore[type-arg]
    return found


# ------------------------------------------------------------------------------------ every page


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_a_page_and_has_a_twin(client: FlaskClient, address: str) -> None:
    html = page(client, address)
    assert html.startswith("<!doctype html>") and html.count("<h1") == 1 and "<main" in html
    named = re.search(r'<link rel="alternate" type="application/json" href="([^"]+)"', html)
    assert named
    by_address = client.get(named[1].replace("&amp;", "&"))
    assert by_address.content_type == "application/json"
    assert json.loads(by_address.get_data()) == twin(client, address)


@pytest.mark.parametrize("address", [*PAGES, "/nothing", '/search?q="'])
def test_every_answer_keeps_to_itself(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Accept" in headers["Vary"]


@pytest.mark.parametrize("address", PAGES)
def test_no_page_loads_or_runs_anything_of_elsewhere(client: FlaskClient, address: str) -> None:
    html = page(client, address)
    assert not made.runs_or_styles(html)
    loaded = re.findall(r'<(?:link|img|source|iframe|script)[^>]*(?:href|src)="([^"]*)"', html)
    assert loaded and all(target.startswith("/") and not target.startswith("//") for target in loaded)


@pytest.mark.parametrize("address", PAGES)
def test_ids_are_unique_and_inner_links_lead_somewhere(client: FlaskClient, address: str) -> None:
    html = page(client, address)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


@pytest.mark.parametrize("address", PAGES)
def test_every_link_within_leads_to_a_page(client: FlaskClient, address: str) -> None:
    for target in sorted(set(re.findall(r'href="(/[^"#]*)', page(client, address)))):
        if target.startswith("/find?"):  # it needs the words of all sources, which this archive lacks
            continue
        assert client.get(target.replace("&amp;", "&")).status_code == 200, target


def test_static_files_are_kept_by_their_digest(client: FlaskClient) -> None:
    html = page(client, "/")
    named = re.search(r'href="(/static/style\.css\?v=[0-9a-f]{8})"', html)
    assert named
    assert "immutable" in client.get(named[1]).headers["Cache-Control"]
    assert "immutable" not in client.get("/static/style.css").headers.get("Cache-Control", "")


@pytest.mark.parametrize(
    ("headers", "json_wanted"),
    [
        ({}, False),
        ({"Accept": "application/json"}, True),
        ({"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}, False),
        ({"Accept": "*/*"}, False),
        ({"Accept": "application/json;q=0.5,text/html;q=0.9"}, False),
    ],
)
def test_who_gets_the_twin(client: FlaskClient, headers: dict[str, str], json_wanted: bool) -> None:
    response = client.get("/works", headers=headers)
    assert (response.content_type == "application/json") is json_wanted
    assert client.get("/works?format=html", headers=headers).content_type.startswith("text/html")


# ---------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nothing", 404),
        ("/work/nobody", 404),
        ("/read/nobody", 404),
        ("/read/quay", 404),
        ("/read/../../etc/passwd", 404),
        ("/static/none.css", 404),
        ('/search?q="never closed', 400),
        ("/search?q=(never closed", 400),
        ("/search?q=closed)", 400),
        ("/search?q=NOT", 400),
        ("/search?q=NOT+a", 400),
        ("/search?q=a*", 400),
        ("/search?q=%22", 400),
        ("/search?q=" + "(" * 3000, 400),
        ("/search?q=" + "[" * 16_000, 400),
        ("/search?q=" + "x" * 100_000, 400),
        ("/read/essay?q=" + "x" * 100_000, 400),
    ],
)
def test_errors_have_a_page_with_a_search_box_and_one_shape(
    client: FlaskClient, address: str, status: int
) -> None:
    html = page(client, address, status)
    assert 'type="search"' in html and "Traceback" not in html and len(html) < 20_000
    error = twin(client, address, status)
    assert set(error) == {"error"} and set(error["error"]) == {"status", "title", "message", "mended"}
    assert error["error"]["status"] == status
    assert error["error"]["message"] in html.replace("&#34;", '"').replace("&#39;", "'")


def test_a_refused_query_is_offered_mended(client: FlaskClient) -> None:
    mended = twin(client, '/search?q="the pilots&kind=source', 400)["error"]["mended"]
    assert mended == '"the pilots"'
    html = page(client, '/search?q="the pilots&kind=source', 400)
    offered = re.search(r'instead: <a href="([^"]+)"', html)
    assert offered and "kind=source" in offered[1]
    assert client.get(offered[1].replace("&amp;", "&")).status_code == 200


def test_a_refused_query_in_a_text_is_offered_mended_there(client: FlaskClient) -> None:
    offered = re.search(r'instead: <a href="([^"]+)"', page(client, '/read/report?q="the pilots', 400))
    assert offered and offered[1].startswith("/read/report?q=")


def test_a_misspelt_word_is_offered_as_the_archive_spells_it(client: FlaskClient) -> None:
    assert twin(client, "/search?q=enginears")["instead"] == "engineers"
    assert "Did you mean" in page(client, "/search?q=enginears")


def test_whatever_watches_the_server_can_ask(client: FlaskClient, tmp_path: Path) -> None:
    assert twin(client, "/healthz")["status"] == "ok"
    assert create_app(tmp_path).test_client().get("/healthz").status_code == 503


@given(query=st.text(max_size=40))
@settings(max_examples=150)
def test_no_query_breaks_the_search(app: Flask, query: str) -> None:
    address = "/search?q=" + quote(query.encode("utf8", "surrogatepass"))
    assert app.test_client().get(address).status_code in (200, 400)


@pytest.mark.parametrize(
    "address",
    [
        "/works?page=-1",
        "/works?page=999999999999999999999",
        "/works?page=²",
        "/works?sort=nothing",
        "/works?year=x-y",
        "/works?year=٣",
        "/works?year=" + "9" * 5000,
        "/works?held=perhaps",
        "/search?q=pilots&page=99",
        "/search?q=pilots&page=x",
        "/search?q=pilots&year=9999999",
        "/search?q=pilots&sort=x",
        "/read/report?part=99",
        "/read/report?part=x",
        "/read/report?at=0",
        "/read/report?at=99999999",
        "/search?q=%ff%fe",
        "/works?_external=1&_scheme=javascript",
    ],
)
def test_odd_parameters_are_read_as_the_nearest_sense(client: FlaskClient, address: str) -> None:
    assert "javascript:" not in page(client, address)


def test_without_an_index_pages_say_what_to_run(tmp_path: Path) -> None:
    client = create_app(tmp_path).test_client()
    for address in ("/", "/works", "/search?q=a", "/read/a"):
        assert "loccit index" in page(client, address, 503)
        assert "loccit index" in twin(client, address, 503)["error"]["message"]
    assert "loccit index" not in page(client, "/help")


def test_an_index_of_another_version_is_named(tmp_path: Path) -> None:
    folder = made.write(tmp_path) / "index" / "g1"
    (folder / "records.sqlite3").unlink()
    (folder / "records.sqlite3").write_bytes(b"of another age")
    assert "loccit index --rebuild" in page(create_app(tmp_path).test_client(), "/", 503)


def test_another_generation_is_opened_when_it_is_in_force(tmp_path: Path) -> None:
    client = create_app(tmp_path).test_client()
    assert client.get("/").status_code == 503
    made.write(tmp_path, "g1")
    assert client.get("/").status_code == 200
    made.write(tmp_path, "g2")
    for path in sorted((tmp_path / "index" / "g1").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    assert client.get("/search?q=pilots").status_code == 200


def test_a_broken_view_answers_without_a_traceback(tmp_path: Path) -> None:
    app = create_app(made.write(tmp_path))
    app.add_url_rule("/broken", "broken", lambda: 1 / 0)
    app.logger.disabled = True
    html = page(app.test_client(), "/broken", 500)
    assert "Traceback" not in html and "ZeroDivision" not in html


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 405),
        ({"Origin": "http://localhost"}, 405),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 405),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://example.org"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:99"}, 403),
    ],
)
def test_what_another_site_sends_is_refused(
    client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    response = client.post("/help", headers=headers)
    assert response.status_code == status
    assert status == 403 or "GET" in response.headers["Allow"]


def test_only_the_named_hosts_are_answered(tmp_path: Path) -> None:
    client = create_app(made.write(tmp_path), hosts=["127.0.0.1"]).test_client()
    assert client.get("/help", headers={"Host": "127.0.0.1:8000"}).status_code == 200
    assert client.get("/help", headers={"Host": "rebound.example.org"}).status_code == 400


# ---------------------------------------------------------------------------------- start and works


def test_the_start_page_says_what_is_held_and_where_to_begin(client: FlaskClient) -> None:
    record = twin(client, "/")
    (held,) = record["collections"]
    assert (held["essays"], held["sources"], held["sources_listed"]) == (1, 5, 7)
    assert held["words"] == 6 * 99
    assert record["begin"]["work"]["id"] == "essay"
    assert record["verdicts"] == {"verbatim": 1, "altered": 1, "spliced": 1, "not-found": 1, "no-source": 2}
    html = page(client, "/")
    assert (
        "loccit fetch" in html
        and "loccit add" in html
        and 'href="/read/essay"' in html
        and "5 held of 7 listed" in html
    )


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("kind=essay", ["essay"]),
        ("held=no", ["plans", "quay"]),
        ("cited=no&kind=source", ["plans-1", "plans-2"]),
        ("author=Marsh", ["letters"]),
        ("author=The+Board", ["plans", "plans-1", "plans-2"]),
        ("year=1911", ["report"]),
        ("year=1900-1961", ["essay", "report"]),
        ("year=1900-", ["essay", "report"]),
        ("year=-1911", ["report"]),
        ("year=1910s", ["report"]),
        ("q=harbour&kind=source", ["report"]),
        ("q=PLANS+two", ["plans-2"]),
        ("collection=none", []),
    ],
)
def test_the_list_of_works_is_kept_to_what_is_asked(client: FlaskClient, query: str, ids: list[str]) -> None:
    found = [line["work"]["id"] for line in twin(client, f"/works?{query}")["works"]]
    if "cited" in query:
        assert "report" not in found and "quay" not in found
    else:
        assert sorted(found) == ids


def test_years_that_are_none_are_said_to_be_left_aside(client: FlaskClient) -> None:
    record = twin(client, "/works?year=soon")
    assert record["total"] == twin(client, "/works")["total"] and "“soon” is no year" in record["problem"]
    assert "“soon” is no year" in page(client, "/works?year=soon")
    assert not twin(client, "/works?year=1911")["problem"]


def test_titles_tell_pages_apart(tmp_path: Path) -> None:
    """Of forty tabs each is to be known by its title."""
    client = create_app(made.write_whole(tmp_path)).test_client()
    addresses = [
        "/works", "/works?author=Marsh", "/works?year=1911", "/works?kind=essay", "/work/report",
        "/work/essay", "/read/report", "/read/report?q=pilots",
        "/read/essay", "/search?q=pilots", "/search?q=pilots&kind=essay", "/find",
        "/find?text=the+pilots+had+been+asked", "/find?text=no+harbour+was+ever+sunk", "/help",
        "/quotation/essay-001", "/quotation/essay-002", "/quotation/essay-001/judgement",
        "/quotation/essay-002/judgement", "/bookmarks", "/bookmarks?tag=vote", "/bookmarks?deleted=yes",
        "/bookmarks/new?kind=quotation&quotation_id=essay-001",
        "/bookmarks/new?kind=quotation&quotation_id=essay-002",
    ]  # fmt: skip
    titles = [re.findall(r"<title>([^<]*)</title>", page(client, address))[0] for address in addresses]
    assert len(set(titles)) == len(titles), titles


def test_chapters_stand_in_the_order_of_their_book() -> None:
    book = replace(WORK, id="tides-index", title="Tides")
    titles = {
        "tides-ch10": "Tides: X",
        "tides-ch9": "Tides: IX",
        "tides-ch8": "Tides: VIII",
        "a": "Tidelands",
    }
    works = [book, *(replace(WORK, id=name, title=title) for name, title in titles.items())]
    lines = [Line(w, True, 1, 0, (), book if "ch" in w.id else None) for w in works]
    found = [line.work.id for line in sorted(lines, key=SORTS["title"][1])]
    assert found == ["a", "tides-index", "tides-ch8", "tides-ch9", "tides-ch10"]


@pytest.mark.parametrize(("sort", "first"), [("year", "report"), ("quoted", "report"), ("title", "quay")])
def test_the_list_of_works_is_sorted(client: FlaskClient, sort: str, first: str) -> None:
    assert twin(client, f"/works?sort={sort}")["works"][0]["work"]["id"] == first


def test_a_work_that_is_not_held_has_a_page(client: FlaskClient) -> None:
    html = page(client, "/work/quay")
    assert "not held" in html and "https://example.org/quay" in html
    assert "loccit fetch quay<" in html and "loccit add --kind source" in html
    assert "loccit fetch plans" not in page(client, "/work/plans")
    record = twin(client, "/work/quay")
    assert not record["held"] and [c["essay"]["id"] for c in record["cited_by"]] == ["essay"]
    assert record["cited_by"][0]["entries"] == ["Book of the Quay"]


def test_a_table_of_contents_leads_to_its_chapters(client: FlaskClient) -> None:
    assert [c["work"]["id"] for c in twin(client, "/work/plans")["chapters"]] == ["plans-1", "plans-2"]
    assert 'href="/work/plans"' in page(client, "/work/plans-1")


def test_what_a_chapter_does_not_say_it_has_from_its_book_and_that_is_said(client: FlaskClient) -> None:
    """A chapter by nobody, of no year, in "Plans" by the Board: in a table, in a line, on its own pages."""
    table = page(client, "/works?q=chapter+one")
    assert "[The Board]" in table and "as the book has it" in table and ">A. Marlow<" not in table
    assert "as the book has it" not in page(client, "/works?q=report")
    for address in ("/work/plans-1", "/read/plans-1"):
        said = " ".join(re.sub("<[^>]+>", " ", page(client, address)).split())
        assert "in Plans , The Board" in said, address
    assert "[The Board]" not in page(client, "/works?kind=essay")


def test_a_work_whose_parent_and_citing_essay_are_not_listed_has_a_page(tmp_path: Path) -> None:
    """A catalogue named a table of contents that had gone to another work."""
    folder = tmp_path / "index" / "g1"
    writer = Writer(folder)
    writer.collections([Collection("c", "C")])
    writer.works([replace(WORK, file=None, parent="gone", cited_by=("gone-too",))], {})
    writer.close()
    write(folder / FULLTEXT, [])
    (tmp_path / "index" / "current").write_text("g1")
    record = twin(create_app(tmp_path).test_client(), "/work/w")
    assert record["parent"] is None and record["cited_by"] == []


def test_an_essay_page_lists_its_sources(client: FlaskClient) -> None:
    listed = twin(client, "/work/essay")["sources"]
    assert {(one["work"]["id"] if one["work"] else None): one["held"] for one in listed} == {
        "report": True,
        "quay": False,
        None: False,
    }
    assert 'href="javascript' not in page(client, "/work/essay")


def test_pages_of_a_list() -> None:
    assert list(Pages(2, 2, 5, 3).cut("abcde")) == ["c", "d"]


# ---------------------------------------------------------------------------------------- search


def test_a_hit_shows_what_matched_and_leads_to_it(client: FlaskClient) -> None:
    hits = {hit["work"]["id"]: hit for hit in twin(client, "/search?q=pilots+asked")["hits"]}
    hit = hits["report"]
    marked = [bit["text"] for bit in hit["snippet"]["bits"] if bit["mark"]]
    assert marked == ["pilots", "asked"]
    text = made.REPORT
    assert [text[mark["start"] : mark["end"]] for mark in hit["marks"]] == marked
    html = page(client, hit["address"])
    anchor = hit["address"].partition("#")[2]
    assert re.search(rf'id="{anchor}".*?pilots', html, re.S) and '<mark class="hit"' in html


def test_a_heading_and_what_follows_it_stand_on_lines_of_their_own(sample: Path) -> None:
    """They ran together: title, byline and text read as one sentence."""
    pages = create_app(sample).test_client()
    found = twin(pages, "/search?q=tarrow")["hits"]
    snippets = ["".join(bit["text"] for bit in hit["snippet"]["bits"]) for hit in found]
    [first, *_] = [words for words in snippets if "\n\n" in words]
    shown = unescape(re.sub("<[^>]+>", "", page(pages, "/search?q=tarrow")))
    assert first.replace("\n\n", "\n") in shown
    assert "ol.hits .text { white-space: pre-line }" in page(pages, "/static/search.css")


def test_pages_are_named_as_the_links_that_lead_to_them(client: FlaskClient) -> None:
    links = re.findall(r'<a href="(/[a-z]+)"[^>]*>([^<]+)</a>', page(client, "/help").split("</header>")[0])
    named = {where: unescape(name) for where, name in links}
    for where in ("/works", "/find", "/check", "/reports", "/bookmarks"):
        [heading] = re.findall(r"<h1[^>]*>([^<]+)</h1>", page(client, where))
        assert unescape(heading) == named[where]


def test_the_facts_of_a_work_say_what_it_is(client: FlaskClient) -> None:
    facts = page(client, "/work/report").split('<dl class="facts">')[1]
    work = twin(client, "/work/report")["work"]
    for name, value in (
        ("Title", work["title"]),
        ("Author", work["author"]),
        ("Written", work["date"] or work["year"]),
    ):
        assert (f"<dt>{name}</dt><dd>{value}</dd>" in facts) is bool(value)


def test_a_hit_leads_to_the_comparisons_it_belongs_to(client: FlaskClient) -> None:
    hits = {hit["work"]["id"]: hit for hit in twin(client, "/search?q=pilots+asked")["hits"]}
    assert [tie["quotation_id"] for tie in hits["essay"]["inside"]] == ["essay-002"]
    assert {tie["quotation_id"] for tie in hits["report"]["quoted"]} == {"essay-001", "essay-002"}
    assert 'href="/quotation/essay-002"' in page(client, "/search?q=pilots+asked")


def test_results_are_counted_and_kept(client: FlaskClient) -> None:
    record = twin(client, "/search?q=the")
    kinds = {value["value"]: value["passages"] for value in record["facets"]["kind"]}
    assert kinds == {"essay": sum(h["work"]["kind"] == "essay" for h in record["hits"]),
                     "source": sum(h["work"]["kind"] == "source" for h in record["hits"])}  # fmt: skip
    kept = twin(client, "/search?q=the&kind=essay")
    assert kept["total"] == kinds["essay"] and {h["work"]["id"] for h in kept["hits"]} == {"essay"}


def test_nothing_found_says_so_and_where_it_looked(client: FlaskClient) -> None:
    html = page(client, "/search?q=zeppelin")
    assert "Nothing that is held matches" in html and "not held" in html


@given(
    text=st.text(alphabet="ab ", max_size=3 * WHOLE),
    cuts=st.lists(st.integers(0, 3 * WHOLE), max_size=8, unique=True).map(sorted),
)
@settings(max_examples=200)
def test_a_snippet_is_a_stretch_of_the_passage_with_its_marks(text: str, cuts: list[int]) -> None:
    marks = [Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False) if b <= len(text)]
    found = snippet(text, marks)
    words = "".join(bit.text for bit in found.bits)
    assert words in text and len(words) <= max(WHOLE, LENGTH)
    assert found.cut_before == (not text.startswith(words)) or text.count(words) > 1
    marked = {text[m.start : m.end] for m in marks}
    assert all(any(bit.text in one for one in marked) for bit in found.bits if bit.mark)
    short = [m for m in marks if len(m) < LENGTH // 3]
    assert not short or any(bit.mark for bit in found.bits)


# ---------------------------------------------------------------------------------------- reader


def test_an_essay_shows_its_quotations_with_their_verdicts(client: FlaskClient) -> None:
    html = page(client, "/read/essay")
    for number, verdict in enumerate(
        ("altered", "verbatim", "not-found", "no-source", "no-source", "spliced"), 1
    ):
        link = re.search(
            rf'<a class="quotation ([\w-]+)" href="/quotation/essay-00{number}".*?</a>', html, re.S
        )
        assert link and link[1] == verdict
    assert "<script>alert(1)" not in html and "&lt;script&gt;alert(1)" in html


def test_a_source_shows_where_it_is_quoted(client: FlaskClient) -> None:
    html = page(client, "/read/report")
    margin = re.search(r'<div class="margin".*?</div>', html, re.S)
    assert margin and 'href="/quotation/essay-001"' in margin[0] and "Who sank the harbour bill?" in margin[0]
    assert '<mark class="quoted">' in html
    assert '<b class="speaker">HALE:</b>' in html and re.search(r'<span class="page">.*?212', html)


def test_what_an_essay_left_out_is_not_marked_as_quoted(client: FlaskClient) -> None:
    html = page(client, "/read/report")
    marked = re.findall(r'<mark class="quoted">(.*?)</mark>', html)
    assert "The engineers were heard" in marked
    assert not any("at length" in words for words in marked)


def test_the_twin_of_the_reader_has_every_word(client: FlaskClient) -> None:
    blocks = twin(client, "/read/report")["blocks"]
    assert [block["text"] for block in blocks] == made.REPORT.split("\n\n")
    assert [block["number"] for block in blocks] == list(range(1, len(blocks) + 1))


def test_matches_in_a_text_are_numbered_and_reached(client: FlaskClient) -> None:
    record = twin(client, '/read/report?q="the pilots"')
    assert [made.REPORT[m["span"]["start"] : m["span"]["end"]] for m in record["matches"]] == [
        "the pilots"
    ] * 2
    html = page(client, '/read/report?q="the pilots"')
    assert 'id="hit1"' in html and 'href="#hit2"' in html
    assert "Nothing in this text" in page(client, "/read/report?q=zeppelin")


def in_blocks(paragraphs: list[str], kind: str = "para") -> Document:
    text, blocks, at = "\n\n".join(paragraphs), [], 0
    for paragraph in paragraphs:
        blocks.append(Block(kind, Span(at, at + len(paragraph))))  # type: ignore[arg-type]
        at += len(paragraph) + 2
    return Document(WORK, text, tuple(blocks))


def marks_of(text: str) -> st.SearchStrategy[list[Mark]]:
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(
        lambda p: Span(min(p), max(p))
    )
    kinds = st.sampled_from(["hit", "quoted", "emphasis", "link"])
    return st.lists(st.builds(Mark, spans, kinds), max_size=8)


@given(st.data())
@settings(max_examples=150)
def test_the_runs_of_a_paragraph_are_its_text(data: st.DataObject) -> None:
    document = in_blocks(["one two three", "four\nfive", "six", "seven eight nine ten"])
    marks = data.draw(marks_of(document.text))
    shown = draw(sheet(document), 1, marks)
    for paragraph in shown.paragraphs:
        runs = [run for stretch in paragraph.stretches for run in stretch.runs]
        span = paragraph.block.span
        assert "".join(run.text for run in runs) == document.text[span.start : span.end]
        at = span.start
        for run in runs:
            over = {
                m.kind
                for m in marks
                if m.span.start <= at and at + len(run.text) <= m.span.end and len(m.span)
            }
            assert run.quoted == ("quoted" in over) and run.emphasis == ("emphasis" in over)
            at += len(run.text)


def test_a_long_document_comes_in_parts_that_hold_every_block() -> None:
    document = in_blocks(["x" * 900] * 500)
    whole = sheet(document)
    assert whole.parts == len(document.text) // LONGEST_PART + 1
    numbers = [p.number for part in range(1, whole.parts + 1) for p in draw(whole, part, []).paragraphs]
    assert numbers == list(range(1, 501))


def test_one_endless_paragraph_is_one_part() -> None:
    assert sheet(in_blocks(["x" * 3 * LONGEST_PART])).parts == 1


def test_a_document_without_words_has_a_page(tmp_path: Path) -> None:
    whole = sheet(Document(WORK, "", ()))
    assert whole.parts == 1 and draw(whole, 1, []).paragraphs == ()


def test_notes_stand_with_the_part_that_points_to_them() -> None:
    document = in_blocks(["see[1] " + "x" * 900, *["x" * 900] * 200, "[1] the note"])
    note = len(document.blocks)
    blocks = (*document.blocks[:-1], Block("note", document.blocks[-1].span))
    anchor = Anchor("note", Span(3, 6), "1", blocks[-1].span.start)
    whole = sheet(Document(WORK, document.text, blocks, (anchor,)))
    assert whole.parts > 1 and whole.part_at(note) == 1
    (shown,) = draw(whole, 1, []).notes
    assert shown.number == note and shown.back == ("ref1",)
    assert not draw(whole, 2, []).notes


def test_a_part_that_is_all_notes_is_none(tmp_path: Path) -> None:
    """A book of two volumes, each with its notes at its end: the first one's are a part's length, and all of
    them are read where their marks stand."""
    text, notes = ["x" * 900] * (LONGEST_PART // 900 - 2), ["[1] " + "y" * 900] * (LONGEST_PART // 900)
    document = in_blocks(["see[1] " + "x" * 900, *text, *notes, *text])
    first = 1 + len(text)
    blocks = tuple(
        Block("note", block.span) if first <= at < first + len(notes) else block
        for at, block in enumerate(document.blocks)
    )
    anchors = tuple(
        Anchor("note", Span(3, 6), "1", block.span.start) for block in blocks if block.kind == "note"
    )
    held = Document(WORK, document.text, blocks, anchors)
    whole = sheet(held)
    assert whole.parts == 2 and set(whole.part_of) == {1, 2} and whole.part_at(len(blocks)) == 2
    held_in(tmp_path, held)
    for part in (1, 2):
        assert f"part {part} of 2" in page(create_app(tmp_path).test_client(), f"/read/w?part={part}")


def held_in(archive: Path, document: Document) -> None:
    """An archive that holds one document."""
    folder, passages = archive / "index" / "g1", made.passages(document)
    writer = Writer(folder)
    writer.collections([Collection("c", "C")])
    writer.works([WORK], {})
    writer.document(document, passages)
    writer.close()
    write(folder / FULLTEXT, [made.record(document, passage) for passage in passages])
    (archive / "index" / "current").write_text("g1")


def test_pages_begin_where_they_begin() -> None:
    document = in_blocks(["one two", "three"])
    anchors = tuple(Anchor("page", Span(at, at), label) for at, label in [(0, "1"), (4, "2"), (8, "3")])
    shown = draw(sheet(Document(WORK, document.text, document.blocks, anchors)), 1, [])
    found = [(s.pages, s.runs[0].text) for p in shown.paragraphs for s in p.stretches]
    assert found == [(("1",), "one "), (("2",), "two"), (("3",), "three")]


def test_many_matches_are_reached_list_by_list(tmp_path: Path) -> None:
    """A word stands a hundred times, once a paragraph: each list of links leads to the next."""
    held_in(tmp_path, in_blocks(["a word"] * 100))
    client, address, reached = create_app(tmp_path).test_client(), "/read/w?q=word", set()
    for _ in range(4):
        html = page(client, address)
        reached |= set(re.findall(r'aria-label="match (\d+)"', html))
        later = re.search(r'<a href="([^"]+)" aria-label="later matches"', html)
        address = later[1].replace("&amp;", "&") if later else ""
    assert reached == {str(number) for number in range(1, 101)} and not address
    assert 'aria-label="earlier matches"' in html


SITE = "https://www.site.org/a/"
LINKS = (
    ("chapter.htm", "/read/held"),
    ("chapter.htm#n3", "/read/held"),
    ("http://site.org/a/chapter.htm", "/read/held"),
    ("listed/", "/work/listed"),
    ("https://other.org/x?y=1", "https://other.org/x?y=1"),
    ("elsewhere.htm", SITE + "elsewhere.htm"),
    ("#n3", None),
    ("page.htm#top", None),
    ("javascript:alert(1)", None),
    ("data:text/html,x", None),
    ("mailto:a@site.org", None),
    ("http://[", None),
    ("//[x", None),
)


@pytest.mark.parametrize(("link", "address"), LINKS)
def test_links_of_a_text_lead_inside_or_out_or_nowhere(
    tmp_path: Path, link: str, address: str | None
) -> None:
    page_ = replace(WORK, id="page", url=SITE + "page.htm")
    held = replace(WORK, id="held", url=SITE + "chapter.htm", file="c/chapter.htm")
    listed = replace(WORK, id="listed", url=SITE + "listed/index.html", file=None)
    folder = tmp_path / "index" / "g1"
    writer = Writer(folder)
    writer.collections([Collection("c", "C")])
    writer.works([page_, held, listed], {})
    writer.document(replace(in_blocks(["a link here"]), work=page_, links=(Link(Span(2, 6), link),)), [])
    writer.close()
    write(folder / FULLTEXT, [])
    (tmp_path / "index" / "current").write_text("g1")
    html = page(create_app(tmp_path).test_client(), "/read/page")
    found = re.search(r'<a href="([^"]*)"([^>]*)>link</a>', html)
    assert (found and found[1]) == address
    assert not found or ("noopener" in found[2]) == found[1].startswith("http")


def test_an_address_that_is_a_script_is_no_link(tmp_path: Path) -> None:
    folder = tmp_path / "index" / "g1"
    writer = Writer(folder)
    writer.collections([Collection("c", "<u>C</u>", "<u>")])
    writer.works([replace(WORK, url="javascript:alert(1)", title='<script>"&', author="<u>", year=1)], {})
    writer.document(in_blocks(['<script>alert(1)</script> & "more"']), [])
    writer.close()
    write(folder / FULLTEXT, [])
    (tmp_path / "index" / "current").write_text("g1")
    client = create_app(tmp_path).test_client()
    for address in ("/", "/works", "/work/w", "/read/w"):
        html = page(client, address)
        assert 'href="javascript' not in html and not made.runs_or_styles(html) and "<u>" not in html


# ---------------------------------------------------------------------------------------- the sample


@pytest.fixture(scope="module")
def sample_client(sample: Path) -> Iterator[FlaskClient]:
    yield create_app(sample).test_client()


@pytest.mark.parametrize("operator", operators(), ids=lambda operator: operator.example)
def test_the_examples_of_the_help_find_something(sample_client: FlaskClient, operator: object) -> None:
    example = operator.example  # type: ignore[attr-defined]
    assert twin(sample_client, "/search?q=" + quote(example))["total"] > 0


def test_every_held_work_of_the_sample_can_be_read(sample_client: FlaskClient) -> None:
    for line in twin(sample_client, "/works?collection=sample")["works"]:
        work = line["work"]["id"]
        page(sample_client, f"/work/{work}")
        if line["held"]:
            html = page(sample_client, f"/read/{work}")
            ids = re.findall(r'\sid="([^"]+)"', html)
            assert len(ids) == len(set(ids)), work


def test_a_table_of_contents_is_a_way_into_its_chapters(sample_client: FlaskClient) -> None:
    assert 'href="/read/inquiry-session-1"' in page(sample_client, "/read/inquiry")

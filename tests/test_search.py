"""Results of a search in every view and file: what is said, kept, left out, folded, drawn, saved."""

import csv
import io
import json
import re
import shlex
from dataclasses import replace
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import made
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import fulltext, workers
from indexer.fulltext import Count, marking, searching
from indexer.fulltext.engines.whoosh import answering
from indexer.fulltext.query import MAX_CLAUSES, MAX_DEPTH, MAX_GAP, MAX_LENGTH
from indexer.fulltext.tokens import FIELDS
from indexer.models import Block, Collection, Document, Passage, Span, Work
from indexer.store import FULLTEXT, Store, Writer, current
from loccit import main
from web import create_app
from web.refusals import refusal
from web.search import batch, concordance, export, hits
from web.search.asking import FACETS, MOST_LEFT_OUT, SORTS
from web.search.chart import MOST_BARS, years
from web.search.concordance import BESIDE

# Four works: a minute, its reprint with one other word, a letter that spells a name otherwise, a formula.
MINUTE = (
    "The chairman Pyatakov said that the harbour was closed before the pilots were asked about the tides."
)
TEXTS = {
    "minute": (1931, [MINUTE, "Nobody else spoke of the harbour on that day, and the clerk went home."]),
    "reprint": (1954, [MINUTE.replace("closed", "shut")]),
    "letter": (1937, ["Piatakov wrote of the harbour again, and of a winter without ships."]),
    "sums": (None, ["=1+1 is what the *harbour* master wrote on the wall | twice."]),
}
VIEWS = ("", "&group=work", "&view=kwic", "&view=kwic&by=left", "&view=kwic&by=found", "&view=chart")


def write(archive: Path) -> Path:
    """Writes the works above as the index in force."""
    folder = archive / "index" / "g1"
    writer = Writer(folder)
    writer.collections([Collection("c", "C")])
    works = [Work(name, "c", "source", name, f"A. {name}", year, file=f"c/{name}.txt", language="en")
             for name, (year, _) in TEXTS.items()]  # fmt: skip
    writer.works(works, {})
    records = []
    for work in works:
        document, passages = in_passages(work, TEXTS[work.id][1])
        writer.document(document, passages)
        for number, passage in enumerate(passages):
            text = document.text[passage.span.start : passage.span.end]
            records.append(
                fulltext.Record(
                    passage.id, work.id, text, work.title, work.author, year=work.year, language="en",
                    collection="c", quoted=number == 1, verdicts=("altered",) if number == 1 else (),
                    cites=("A. minute: minute",) if work.id == "letter" else (),
                )
            )  # fmt: skip
    writer.close()
    fulltext.write(folder / FULLTEXT, records)
    (archive / "index" / "current").write_text("g1")
    return archive


def in_passages(work: Work, paragraphs: list[str]) -> tuple[Document, list[Passage]]:
    spans, at = [], 0
    for words in paragraphs:
        spans.append(Span(at, at + len(words)))
        at += len(words) + 2
    document = Document(work, "\n\n".join(paragraphs), tuple(Block("para", span) for span in spans))
    return document, [Passage(f"{work.id}-{n}", work.id, span) for n, span in enumerate(spans, 1)]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(write(tmp_path_factory.mktemp("searched")))


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.get_data(as_text=True)
    return response.get_data(as_text=True)


def twin(client: FlaskClient, address: str) -> dict:  # type: ignore[type-arg]
    found: dict = json.loads(page(client, address + ("&" if "?" in address else "?") + "format=json"))  # type: ignore[type-arg]
    return found


def ids(record: dict) -> list[str]:  # type: ignore[type-arg]
    return [hit["passage"]["id"] for first in record["hits"] for hit in (first, *first["like"])]


# ----------------------------------------------------------------------------- what the page says


def test_other_spellings_are_named_and_can_be_left_out(client: FlaskClient) -> None:
    record = twin(client, "/search?q=Pyatakov")
    assert record["also"] == ["piatakov"] and record["total"] == 3
    html = page(client, "/search?q=Pyatakov")
    assert "Also searched: <i>piatakov</i>" in html
    link = re.search(r'<a href="([^"]+)">only the spelling typed', html)
    assert link
    only = page(client, link[1].replace("&amp;", "&"))
    assert "2 passages" in only and "Also searched" not in only and "other spellings too" in only


def test_the_reader_marks_what_the_search_found(client: FlaskClient) -> None:
    hit = twin(client, "/search?q=Pyatakov&names=0")["hits"][0]
    assert "names=0" in hit["address"] and 'class="hit"' in page(client, hit["address"])
    assert 'class="hit"' in page(client, "/read/letter?q=Pyatakov")
    assert 'class="hit"' not in page(client, "/read/letter?q=Pyatakov&names=0")


def test_a_message_with_a_command_shows_it_as_code(app: Flask) -> None:
    with app.test_request_context("/search"):
        html = refusal(503, "T", "Built by another version: run `loccit index`.").get_data(as_text=True)
        plain = refusal(503, "T", "one ` only").get_data(as_text=True)
    assert "run <code>loccit index</code>." in html and "`" not in html
    assert "one " in plain


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ("quoted=yes", ["minute-2"]),
        ("quoted=no&work=minute", ["minute-1"]),
        ("verdict=altered", ["minute-2"]),
        ("without=work:minute&without=work:sums", ["letter-1", "reprint-1"]),
        ("without=verdict:altered&work=minute", ["minute-1"]),
        ("without=nothing:x&without=work&without=work:&year=1937", ["letter-1"]),
        ("language=en&year=1931-1937&without=author:A. letter", ["minute-1", "minute-2"]),
        ("year=1937&without=work:letter", []),
        ("work=letter&work=sums&work=sums", ["letter-1", "sums-1"]),
        ("year=1936-38&work=letter", ["letter-1"]),
        ("cites=A. minute: minute", ["letter-1"]),
        ("without=cites:A. minute: minute&year=1930s", ["minute-1", "minute-2"]),
        ("language=zz", []),
    ],
)
def test_results_are_kept_to_and_leave_out(client: FlaskClient, kept: str, expected: list[str]) -> None:
    assert sorted(ids(twin(client, f"/search?q=harbour&{kept}"))) == expected


UNKNOWN = [
    ("author=A. minut", "author", ["A. minute"], "the author “A. minut”"),
    ("language=zz", "language", ["en"], "the language “zz”"),
    ("work=lettre", "work", ["letter"], "the work “lettre”"),
    ("quoted=maybe", "quoted", ["no", "yes"], "the quoted or not “maybe”"),
    ("year=soon", "year", [], "“soon” is no year"),
    ("verdict=wrong", "verdict", ["altered"], "the verdict “wrong”"),
    ("without=kind:novel", "without", ["source"], "leaving it out changes nothing"),
]


@pytest.mark.parametrize(("kept", "parameter", "nearest", "said"), UNKNOWN)
def test_a_value_that_nobody_has_is_named(
    client: FlaskClient, kept: str, parameter: str, nearest: list[str], said: str
) -> None:
    """Such values found nothing, or were left aside, and no word of the page told so."""
    (unknown,) = twin(client, f"/search?q=harbour&{kept}")["unknown"]
    assert unknown["parameter"] == parameter
    assert {value["value"] for value in unknown["nearest"]} >= set(nearest)
    assert said in page(client, f"/search?q=harbour&{kept}")


@pytest.mark.parametrize(
    "kept", ["author=A. minute", "year=1931", "year=1930s", "cites=A. minute: minute", ""]
)
def test_a_value_that_passages_have_is_no_riddle(client: FlaskClient, kept: str) -> None:
    assert twin(client, f"/search?q=harbour&{kept}")["unknown"] == []


def test_all_values_of_a_facet_can_be_reached(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.search.results.OFFERED", 2)
    html = page(client, "/search?q=harbour&kind=source&view=kwic")
    link = re.search(r'<a href="([^"]+)">all 4<span[^>]*> values of work', html)
    assert link
    address = link[1].replace("&amp;", "&")
    listed = twin(client, address)
    assert listed["facet"] == "work" and listed["total"] == 4
    assert [value["passages"] for value in listed["values"]] == [2, 1, 1, 1]
    by_name = [value["label"] for value in twin(client, address + "&order=name")["values"]]
    assert by_name == sorted(by_name)
    every = page(client, address)
    kept = re.search(r'<a href="([^"]+)">letter</a>', every)
    assert kept and "1 passage" in page(client, kept[1].replace("&amp;", "&"))


def test_a_second_value_is_added_to_the_first(client: FlaskClient) -> None:
    html = page(client, "/search/values?facet=work&q=harbour&work=letter")
    kept = re.search(r'<a href="([^"]+)">sums</a>', html)
    assert kept and sorted(ids(twin(client, kept[1].replace("&amp;", "&")))) == ["letter-1", "sums-1"]
    assert page(client, kept[1].replace("&amp;", "&")).count('class="kept"') == 2


@pytest.mark.parametrize("address", ["/search/values?facet=work", "/search/values?q=harbour&facet=x"])
def test_values_of_nothing_are_not_there(client: FlaskClient, address: str) -> None:
    page(client, address, 404)


def test_a_value_left_out_can_be_brought_back(client: FlaskClient) -> None:
    html = page(client, "/search?q=harbour")
    out = re.search(r'<a class="but" href="([^"]+)" aria-label="leave out work letter"', html)
    assert out
    without = page(client, out[1].replace("&amp;", "&"))
    assert "4 passages" in without
    back = re.search(r'<a class="kept" href="([^"]+)" aria-label="do not leave out work letter"', without)
    assert back and "5 passages" in page(client, back[1].replace("&amp;", "&"))


def test_near_equal_passages_are_folded_and_none_is_lost(client: FlaskClient) -> None:
    record = twin(client, "/search?q=pilots")
    assert record["total"] == 2 and len(record["hits"]) == 1
    assert set(ids(record)) == {"minute-1", "reprint-1"}
    assert "and 1 like it" in page(client, "/search?q=pilots")


@given(words=st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=30), seed=st.integers(0, 99))
@settings(max_examples=60)
def test_likeness_is_whole_for_the_same_and_the_same_both_ways(words: list[str], seed: int) -> None:
    one, other = hits._runs(" ".join(words)), hits._runs(" ".join(words[: seed % len(words) + 1]))
    assert hits._likeness(one, one) == 1.0
    assert hits._likeness(one, other) == hits._likeness(other, one) <= 1.0


# ------------------------------------------------------------------------------------- every view


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_a_page_that_leads_on(client: FlaskClient, view: str) -> None:
    html = page(client, "/search?q=harbour" + view)
    assert html.count("<h1") == 1 and not made.runs_or_styles(html)
    assert not re.findall(r'aria-label="[^"]*\n', html)
    found = re.findall(r'\sid="([^"]+)"', html)
    assert len(found) == len(set(found))
    for target in sorted(set(re.findall(r'href="(/[^"#]*)', html))):
        assert client.get(target.replace("&amp;", "&")).status_code == 200, target
    assert twin(client, "/search?q=harbour" + view)["total"] == 5


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("query", ["zeppelin", "kind:source", "harbour&page=99", "harbour&by=x&view=y"])
def test_every_view_of_anything_is_an_answer(client: FlaskClient, view: str, query: str) -> None:
    assert "<h1" in page(client, f"/search?q={query}{view}")


@given(query=st.text(max_size=30), values=st.lists(st.text(max_size=12), min_size=6, max_size=6))
@settings(max_examples=80)
def test_no_parameter_breaks_any_view(app: Flask, query: str, values: list[str]) -> None:
    names = ("year", "sort", "by", "author", "quoted", "without")
    sent = {name: value.encode("utf8", "replace") for name, value in zip(names, values, strict=True)}
    for extra in ({}, {"group": "work"}, {"view": "kwic"}, {"view": "chart"}):
        asked = {"q": query.encode("utf8", "replace"), **sent, **extra}
        assert app.test_client().get("/search", query_string=asked).status_code in (200, 400)
    listed = app.test_client().post("/batch", data={"queries": query.encode("utf8", "replace")})
    assert listed.status_code == 200


def test_works_are_shown_one_by_one(client: FlaskClient) -> None:
    groups = twin(client, "/search?q=harbour&group=work")["groups"]
    assert (groups[0]["work"]["id"], groups[0]["passages"]) == ("minute", 2)
    assert {group["work"]["id"]: len(group["hits"]) for group in groups} == {
        "minute": 2, "reprint": 1, "letter": 1, "sums": 1
    }  # fmt: skip


def test_works_one_by_one_keep_what_was_chosen(client: FlaskClient) -> None:
    groups = twin(client, "/search?q=harbour&group=work&quoted=yes")["groups"]
    assert [(group["work"]["id"], group["passages"]) for group in groups] == [("minute", 1)]


def test_lines_are_sorted_by_the_words_beside(client: FlaskClient) -> None:
    right = twin(client, "/search?q=harbour&view=kwic")["lines"]
    assert [line["match"] for line in right] == ["harbour"] * 5
    after = [concordance._words(line["right"])[:3] for line in right]
    assert after == sorted(after)
    left = twin(client, "/search?q=harbour&view=kwic&by=left")["lines"]
    before = [concordance._words(line["left"])[::-1][:3] for line in left]
    assert before == sorted(before) and before != [b[::-1] for b in before]


def test_lines_with_nothing_beside_come_last(client: FlaskClient) -> None:
    lines = twin(client, "/search?q=tides+OR+closed&view=kwic")["lines"]
    assert [bool(concordance._words(line["right"])) for line in lines] == [True, False, False]


def test_a_line_is_the_words_of_its_work(client: FlaskClient) -> None:
    for line in twin(client, '/search?q="the harbour"&view=kwic')["lines"]:
        text = "\n\n".join(TEXTS[line["work"]["id"]][1])
        span = line["span"]
        assert text[span["start"] : span["end"]] == line["match"]
        assert text[: span["start"]].endswith(line["left"]) and text[span["end"] :].startswith(line["right"])
        assert len(line["left"]) <= BESIDE and len(line["right"]) <= BESIDE


def test_lines_say_what_was_left_out(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concordance, "MOST_LINES", 3)
    record = twin(client, "/search?q=harbour&view=kwic")
    assert record["gathered"] == 3 and not record["whole"] and record["total"] == 5
    assert "The first 3 matches, of 3 out of 5 passages" in page(client, "/search?q=harbour&view=kwic")


@given(text=st.text(alphabet="ab, \n", max_size=4 * BESIDE))
@settings(max_examples=80)
def test_context_is_cut_at_words_within_bounds(text: str) -> None:
    first, last = concordance._first(text), concordance._last(text)
    plain = re.sub(r"\s+", " ", text)
    assert len(first) <= BESIDE and len(last) <= BESIDE
    assert plain.startswith(first) and plain.endswith(last)


def test_a_chart_counts_every_passage(client: FlaskClient) -> None:
    record = twin(client, "/search?q=harbour&view=chart")
    assert record["undated"] == 1 and sum(bar["passages"] for bar in record["years"]) == 4
    assert record["years"][0]["first"] == 1931 and record["years"][-1]["last"] == 1954
    assert {value["value"]: value["passages"] for value in record["by_work"]}["minute"] == 2
    html = page(client, "/search?q=harbour&view=chart")
    assert html.count("<title>") == 1 + len(record["years"]) and "year=1931" in html


@given(st.dictionaries(st.integers(0, 2100), st.integers(1, 99), min_size=1, max_size=20))
@settings(max_examples=80)
def test_bars_have_no_gaps_and_lose_nothing(found: dict[int, int]) -> None:
    bars = years([Count(str(year), passages) for year, passages in found.items()])
    assert sum(bar.passages for bar in bars) == sum(found.values())
    assert bars[0].first <= min(found) and bars[-1].last >= max(found) and len(bars) <= MOST_BARS + 1
    assert all(one.last + 1 == next_.first for one, next_ in pairwise(bars))


# ------------------------------------------------------------------------------------------ files


def test_csv_holds_every_passage_and_runs_nothing(client: FlaskClient) -> None:
    response = client.get("/search.csv?q=harbour&sort=place")
    assert response.content_type == "text/csv; charset=utf-8"
    assert "attachment" in response.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))
    assert len(rows) == 5
    formula = next(row for row in rows if row["work"] == "sums")
    assert formula["text"].startswith("'=1+1") and formula["matched"] == "harbour"
    assert client.get(formula["address"]).status_code == 200


def test_json_holds_spans_and_citations(client: FlaskClient) -> None:
    record = json.loads(page(client, "/search.json?q=Pyatakov&sort=place"))
    assert record["total"] == record["saved"] == len(record["hits"]) == 3
    hit = next(hit for hit in record["hits"] if hit["work"] == "minute")
    assert hit["citation"] == "A. minute, “minute” (1931)."
    assert [MINUTE[mark["start"] : mark["end"]] for mark in hit["marks"]] == hit["matched"] == ["Pyatakov"]


def test_markdown_is_quotations_with_citations(client: FlaskClient) -> None:
    text = page(client, "/search.md?q=harbour&work=sums")
    assert text.startswith("# harbour\n") and "Passages: 1." in text
    assert "> =1+1 is what the \\*harbour\\* master wrote on the wall \\| twice." in text
    assert "1\\. A. sums, “sums”. [Read it there](<http://localhost/read/sums?" in text


@pytest.mark.parametrize("kind", ["csv", "json", "md"])
def test_a_file_is_bounded_and_says_so(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(export, "MOST_SAVED", 2)
    response = client.get(f"/search.{kind}?q=harbour")
    text = response.get_data(as_text=True)
    if kind == "csv":
        assert response.headers["X-Total-Count"] == "5" and len(list(csv.reader(io.StringIO(text)))) == 3
    elif kind == "json":
        assert (json.loads(text)["saved"], json.loads(text)["total"]) == (2, 5)
    else:
        assert "The first 2 of 5 passages." in text


@pytest.mark.parametrize("kind", ["csv", "json", "md"])
def test_a_file_made_in_parts_is_the_file_made_whole(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    whole = page(client, f"/search.{kind}?q=harbour&sort=date")
    monkeypatch.setattr(searching, "AT_ONCE", 2)
    assert page(client, f"/search.{kind}?q=harbour&sort=date") == whole


def test_a_file_matches_once_and_begins_with_its_first_part(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    matched, marked = counted(monkeypatch, answering, "match"), counted(monkeypatch, marking.Marks, "of")
    monkeypatch.setattr(searching, "AT_ONCE", 2)
    response = client.get("/search.csv?q=harbour")
    parts = iter(response.response)
    read = "".join(str(next(parts), "utf8") for _ in range(2))
    assert len(list(csv.reader(io.StringIO(read)))) == 3 and (len(matched), len(marked)) == (1, 2)
    list(parts)
    assert (len(matched), len(marked)) == (1, 5)


def test_lines_match_once_however_many_passages_they_are_of(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once for the counts, and once for all lines; it was once more for every 200 passages."""
    lines = twin(client, "/search?q=harbour&view=kwic")
    matched = counted(monkeypatch, answering, "match")
    monkeypatch.setattr(searching, "AT_ONCE", 1)
    assert twin(client, "/search?q=harbour&view=kwic") == lines
    assert len(matched) == 2 < lines["looked"]


def test_so_many_files_are_sent_at_once_and_a_place_becomes_free(app: Flask, client: FlaskClient) -> None:
    for _ in range(export.MOST_AT_ONCE):  # read to the end, and left in the middle
        assert page(client, "/search.csv?q=harbour")
        client.get("/search.csv?q=harbour").close()
    places = app.extensions["exports"]
    assert all(places.acquire(blocking=False) for _ in range(export.MOST_AT_ONCE))
    assert "Try again in a moment" in page(client, "/search.csv?q=harbour", 503)
    assert int(client.get("/search.csv?q=harbour").headers["Retry-After"]) == export.RETRY
    places.release(export.MOST_AT_ONCE)
    assert page(client, "/search.csv?q=harbour")


def counted(monkeypatch: pytest.MonkeyPatch, where: Any, name: str) -> list[None]:
    """A list that grows with each call of a function."""
    real, calls = getattr(where, name), []

    def called(*given: Any, **named: Any) -> Any:
        calls.append(None)
        return real(*given, **named)

    monkeypatch.setattr(where, name, called)
    return calls


def test_files_keep_what_the_page_keeps(client: FlaskClient) -> None:
    html = page(client, "/search?q=harbour&quoted=yes&without=work:sums&view=kwic&by=left&page=1")
    link = re.search(r'<a href="(/search\.json\?[^"]+)"', html)
    assert link and "view" not in link[1]
    assert json.loads(page(client, link[1].replace("&amp;", "&")))["total"] == 1


@pytest.mark.parametrize(
    ("address", "status"), [("/search.csv", 400), ('/search.md?q="open', 400), ("/search.xls?q=a", 404)]
)
def test_files_that_cannot_be_made_say_why(client: FlaskClient, address: str, status: int) -> None:
    assert "<h1" in page(client, address, status)


# ------------------------------------------------------------------------- suggestions, many queries


def test_suggestions_are_what_browsers_expect(client: FlaskClient) -> None:
    response = client.get("/suggest?q=closed+harb")
    assert response.content_type == "application/x-suggestions+json"
    assert json.loads(response.get_data()) == ["closed harb", ["closed harbour"]]
    for typed in ("", "x" * 5000, "%22", "(", "zzz"):
        assert json.loads(page(client, "/suggest?q=" + typed))[1] == []


def test_the_description_leads_to_search_and_suggestions(client: FlaskClient) -> None:
    assert 'type="application/opensearchdescription+xml"' in page(client, "/")
    tree = ElementTree.fromstring(page(client, "/opensearch.xml"))
    for url in tree.iter("{http://a9.com/-/spec/opensearch/1.1/}Url"):
        address = url.attrib["template"].replace("{searchTerms}", "harbour")
        assert client.get(address).status_code == 200


QUERIES = 'harbour\n\n  pilots  \n"never closed\nharber\na*\n'


def test_a_bad_query_does_not_stop_the_rest(client: FlaskClient) -> None:
    answers = twin(client, "/batch?queries=" + quote(QUERIES))["answers"]
    assert [a["query"] for a in answers] == ["harbour", "pilots", '"never closed', "harber", "a*"]
    assert [a["passages"] for a in answers] == [5, 2, None, 0, None]
    assert answers[0]["works"] == 4 and answers[2]["error"] and answers[2]["mended"] == '"never closed"'
    assert answers[3]["instead"] == "harbour"


def test_a_list_can_be_sent_and_saved(client: FlaskClient) -> None:
    html = client.post("/batch", data={"queries": QUERIES}).get_data(as_text=True)
    assert "Did you mean" in html and 'class="failed"' in html
    assert "application/json" not in html  # what was posted has no address, and so no twin at one
    response = client.post("/batch", data={"queries": "harbour\n=1+1", "format": "csv"})
    rows = list(csv.reader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[1][:3] == ["harbour", "5", "4"] and rows[2][0] == "'=1+1"
    assert "<textarea" in page(client, "/batch")


def test_a_long_list_is_cut_and_says_so(client: FlaskClient) -> None:
    record = twin(client, "/batch?queries=" + "harbour%0A" * (batch.MOST_QUERIES + 7))
    assert len(record["answers"]) == batch.MOST_QUERIES and record["left_out"] == 7


def test_notes_marks_do_not_split_phrases(tmp_path: Path) -> None:
    """A phrase over a note's mark was found and not marked: the page read another text than the index."""
    archive = made.write(tmp_path)
    client = create_app(archive).test_client()
    held = made.DOCUMENTS["report"]
    records = [
        replace(made.record(d, p), text=made.record(d, p).text.replace("[3]", "   "))
        for d in made.DOCUMENTS.values()
        for p in made.passages(d)
    ]
    fulltext.write(archive / "index" / "g1" / FULLTEXT, records)
    found = twin(client, '/search?q="been asked and the vote"&work=report')
    assert found["total"] == 1
    mark = found["hits"][0]["marks"][0]
    assert held.text[mark["start"] : mark["end"]] == "been asked,[3] and the vote"


# ------------------------------------------------------------------------------ hits in the reader


def test_the_reader_goes_from_match_to_match_and_back(client: FlaskClient) -> None:
    address: str | None = twin(client, "/search?q=harbour+AND+clerk&sort=place")["hits"][0]["address"]
    assert address
    html = page(client, address.replace("harbour", "the"))
    seen = []
    for label in ("next match ›", "next match ›", "‹ previous match", "‹ previous match"):
        found = re.search(rf'<a href="([^"]+)">{label}</a>', html)
        if found:
            html = page(client, found[1].replace("&amp;", "&"))
        current = re.search(r'aria-label="match (\d+)" aria-current="true"', html)
        assert current and f'id="hit{current[1]}"' in html
        seen.append(int(current[1]))
    assert seen[1] == seen[0] + 1 and seen[3] == seen[0] - 1 and seen[2] == seen[0]


@pytest.mark.parametrize("asked", ["hit=0", "hit=99999", "hit=x", "at=0", "at=99&hit=2", ""])
def test_a_match_that_is_not_there_is_no_error(client: FlaskClient, asked: str) -> None:
    assert "match" in page(client, f"/read/minute?q=the&{asked}")
    assert "Nothing in this text" in page(client, f"/read/minute?q=zeppelin&{asked}")


# ------------------------------------------------------------------------------------ the document

DOCUMENT = (Path(__file__).resolve().parents[1] / "docs" / "search.md").read_text(encoding="utf8")


@pytest.mark.parametrize("line", re.findall(r"^    (loccit .*)$", DOCUMENT, re.M))
def test_the_commands_of_the_document_find_something(sample: Path, line: str) -> None:
    result = CliRunner().invoke(main, ["--archive", str(sample), *shlex.split(line)[1:]])
    assert result.exit_code == 0 and result.stdout, result.output


def test_the_document_names_every_field_facet_and_parameter(client: FlaskClient) -> None:
    named = {*FACETS, *SORTS, *concordance.BY, *(f"{field}:" for field in FIELDS)}
    for view in VIEWS:
        named |= set(twin(client, "/search?q=harbour" + view))
    named |= set(twin(client, "/search?q=harbour")["hits"][0])
    missing = sorted(name for name in named if f"`{name}`" not in DOCUMENT)
    assert not missing


def test_the_document_names_the_bounds() -> None:
    bounds = (
        MAX_LENGTH,
        MAX_CLAUSES,
        MAX_DEPTH,
        MAX_GAP,
        MOST_LEFT_OUT,
        batch.MOST_QUERIES,
        batch.MOST_QUOTATIONS,
    )
    assert all(re.search(rf"\b{bound:,}\b", DOCUMENT) for bound in bounds)
    assert f"first {export.MOST_SAVED:,} passages" in DOCUMENT
    assert f"first {concordance.MOST_PASSAGES:,} passages and are {concordance.MOST_LINES:,}" in DOCUMENT


# ------------------------------------------------------------------------- many quotations in one go


@pytest.fixture(scope="module")
def of_sample(sample: Path) -> FlaskClient:
    return create_app(sample).test_client()


def test_quotations_of_a_list_get_the_verdicts_of_the_archive(
    of_sample: FlaskClient, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each quotation of the sample's essays whose words stand somewhere is traced to that very place."""
    monkeypatch.setattr(batch, "SECONDS", 600)  # on however busy a machine
    store = Store(current(sample / "index"))
    found = [
        f for f in store.findings() if f.alignment and "\n" not in f.text and f.quotation.form == "inline"
    ]
    sent = {"of": "quotations", "queries": "\n".join(f"“{f.text}”" for f in found)}
    traced = json.loads(of_sample.post("/batch?format=json", data=sent).get_data())["traced"]
    assert len(traced) == len(found) > 5
    same = [
        t["standing"] is not None and t["standing"]["work"]["id"] == f.alignment.place.work_id
        for t, f in zip(traced, found, strict=True)
        if f.alignment
    ]
    assert sum(same) >= 0.9 * len(same)
    for t in traced:
        if t["standing"]:
            assert of_sample.get(t["standing"]["address"]).status_code == 200
    file = of_sample.post("/batch", data=sent | {"format": "csv"}).get_data(as_text=True)
    addresses = [row["address"] for row in csv.DictReader(io.StringIO(file.removeprefix("\ufeff")))]
    assert all(address.startswith("http://localhost/read/") for address in addresses if address)
    assert sum(map(bool, addresses)) == sum(t["standing"] is not None for t in traced)


@pytest.mark.parametrize(
    ("line", "verdict", "remark"),
    [
        ("the ball was dropped", None, "Too short"),
        ("two words", None, "three words"),
        ("… — ?", None, "three words"),
        ("seven zebras yodelled in the market all night long and none of us slept", "no-source", ""),
    ],
)
def test_a_quotation_that_cannot_be_placed_says_why(
    of_sample: FlaskClient, line: str, verdict: str | None, remark: str
) -> None:
    (traced,) = twin(of_sample, "/batch?of=quotations&queries=" + quote(line))["traced"]
    if traced["verdict"] is None:
        assert remark and remark in traced["remark"]
    else:
        assert verdict is not None and traced["standing"] is None
    html = page(of_sample, "/batch?of=quotations&queries=" + quote(line))
    assert "not found in what is held" in html if verdict else remark in html


def test_a_list_of_quotations_is_read_by_one_process(
    of_sample: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process for each line took more than all that was done with them."""
    begun = counted(monkeypatch, workers._Worker, "_begin")
    lines = "\n".join(f"seven zebras yodelled in the market {n} times" for n in range(9))
    sent = {"of": "quotations", "queries": lines}
    assert len(json.loads(of_sample.post("/batch?format=json", data=sent).get_data())["traced"]) == 9
    assert len(begun) == 1


def test_a_list_that_takes_long_is_gone_on_with(
    of_sample: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        "seven zebras yodelled in the market",
        "two words",
        'of “quotation” "marks" & <such>',
        "x " * 6000,
    ]
    sent = {"of": "quotations", "queries": "\n".join(lines)}
    whole = json.loads(of_sample.post("/batch?format=json", data=sent).get_data())
    assert "letters" in whole["traced"][-1]["remark"] and not whole["rest"]
    monkeypatch.setattr(batch, "SECONDS", -1)
    file = of_sample.post("/batch", data=sent | {"format": "csv"}).get_data(as_text=True)
    assert len(list(csv.reader(io.StringIO(file)))) == 5
    found = []
    for left in (3, 2, 1, 0):
        said = json.loads(of_sample.post("/batch?format=json", data=sent).get_data())
        found += said["traced"]
        assert said["rest"] == [line.strip() for line in lines][4 - left :]
        html = of_sample.post("/batch", data=sent).get_data(as_text=True)
        assert bool(left) == ("Go on with them" in html)
        if left:
            sent["queries"] = unescape(re.findall(r'name="queries" value="([^"]*)"', html)[0])
    assert found == whole["traced"]


def test_the_table_of_quotations_is_a_file_too(of_sample: FlaskClient) -> None:
    sent = {
        "of": "quotations",
        "queries": "=two words\nseven zebras yodelled all night in the market",
        "format": "csv",
    }
    response = of_sample.post("/batch", data=sent)
    rows = list(csv.DictReader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [row["verdict"] for row in rows] == ["", "no-source"] and rows[0]["quotation"] == "'=two words"
    assert 'filename="quotations.csv"' in response.headers["Content-Disposition"]

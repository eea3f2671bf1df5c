"""Saved searches: kept once, counted anew, told what has come since, edited, deleted, brought back."""

import json
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from test_search import page, twin, write
from werkzeug.test import TestResponse

from indexer import fulltext
from indexer.errors import NotThere
from indexer.store import FULLTEXT, Store, current
from web import create_app, reader
from web.reader import searches, searches_exchange
from web.reader.file import Refused
from web.search.searches import parameters


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return write(tmp_path)


@pytest.fixture
def client(archive: Path) -> FlaskClient:
    return create_app(archive).test_client()


def save(client: FlaskClient, search: str, name: str = "") -> dict:  # type: ignore[type-arg]
    sent = client.post("/searches?format=json", data={"search": search, "name": name})
    assert sent.status_code == 201, sent.get_data(as_text=True)
    made: dict = json.loads(sent.get_data())["search"]  # type: ignore[type-arg]
    return made


def listed(client: FlaskClient, deleted: str = "") -> list[dict]:  # type: ignore[type-arg]
    found: list[dict] = twin(client, "/searches" + deleted)["searches"]  # type: ignore[type-arg]
    return found


def test_the_page_of_results_saves_its_search(client: FlaskClient) -> None:
    html = page(client, "/search?q=harbour&without=work:sums&year=1930s&page=1&format=html")
    sent = re.search(r'name="search" value="([^"]+)"', html)
    assert sent
    answer = client.post(
        "/searches", data={"search": sent[1].replace("&amp;", "&"), "name": " The  harbour "}
    )
    assert answer.status_code == 303
    assert "Kept." in page(client, answer.headers["Location"].partition("#")[0])
    (saved,) = listed(client)
    assert saved["search"]["name"] == "The harbour" and saved["passages"] == 3 and saved["new"] == 0
    assert saved["search"]["parameters"] == "q=harbour&year=1930s&without=work%3Asums"
    assert saved["kept"] == ["year: 1930s", "without work: sums"]
    assert twin(client, saved["address"])["total"] == 3


def test_what_has_come_since_is_told(client: FlaskClient, archive: Path) -> None:
    kept = save(client, "q=harbour")
    assert kept["seen"] == {"minute": 2, "reprint": 1, "letter": 1, "sums": 1}
    reader.searches.look(archive / reader.FILE, kept["id"], {"minute": 1, "letter": 1, "gone": 4, "sums": 1})
    (saved,) = listed(client)
    assert (saved["passages"], saved["new"], saved["gone"]) == (5, 2, 4)
    assert [work["id"] for work in saved["news"]] == ["minute", "reprint"]
    assert twin(client, saved["news_address"])["total"] == 3
    html = page(client, "/searches")
    assert "<b>2 new</b> in 2 works" in html and "4 gone" in html
    assert client.post(f"/searches/{kept['id']}/seen").status_code == 303
    (saved,) = listed(client)
    assert (saved["new"], saved["gone"], saved["news"]) == (0, 0, [])


def test_looking_writes_nothing(client: FlaskClient, archive: Path) -> None:
    for address in ("/search?q=harbour", "/searches", "/searches?deleted=yes"):
        page(client, address)
    assert not (archive / reader.FILE).exists()
    save(client, "q=harbour")
    before = (archive / reader.FILE).read_bytes()
    for address in ("/search?q=harbour", "/searches", "/searches?deleted=yes"):
        page(client, address)
    assert (archive / reader.FILE).read_bytes() == before


def test_searches_that_differ_only_in_their_view_are_told_apart(client: FlaskClient) -> None:
    for sent in ("q=harbour", "q=harbour&group=work", "q=harbour&view=kwic&by=left", "q=harbour&sort=date"):
        save(client, sent)
    told = [each["kept"] for each in client.get("/searches?format=json").json["searches"]]
    assert sorted(told) == [[], ["shown: by work"], ["shown: in lines"], ["sorted by year"]]
    assert "shown: in lines ·" in page(client, "/searches")


def test_the_same_search_is_kept_once(client: FlaskClient) -> None:
    first = save(client, "q=harbour&sort=date&page=3")
    assert save(client, "page=1&sort=date&q=harbour")["id"] == first["id"]
    assert save(client, "q=harbour")["id"] != first["id"]


def test_a_search_is_edited(client: FlaskClient) -> None:
    kept = save(client, "q=harbour&work=letter")
    client.post(f"/searches/{kept['id']}", data={"name": "Ships", "q": "ships OR pilots"})
    (saved,) = listed(client)
    assert (saved["search"]["name"], saved["search"]["parameters"]) == (
        "Ships",
        "q=ships+OR+pilots&work=letter",
    )
    assert (saved["passages"], saved["new"]) == (1, 0)
    client.post(f"/searches/{kept['id']}", data={"name": "Winter"})
    assert listed(client)[0]["search"]["name"] == "Winter"


@pytest.mark.parametrize("sent", [{"q": '"open'}, {"q": ""}, {"name": "n" * 201}, {"q": "x" * 600}])
def test_what_cannot_be_kept_is_said_and_what_was_typed_stays(
    client: FlaskClient, sent: dict[str, str]
) -> None:
    kept = save(client, "q=harbour", "Mine")
    answer = client.post(f"/searches/{kept['id']}", data=sent)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400 and 'role="alert"' in html and "Nothing was changed" in html
    assert all(value[:50].replace('"', "&#34;") in html for value in sent.values())
    assert listed(client)[0]["search"]["name"] == "Mine"
    assert client.post("/searches", data={"search": "sort=date"}).status_code == 400


def test_a_new_search_that_cannot_be_kept_comes_back_as_it_was_sent(client: FlaskClient) -> None:
    sent = {"search": "q=harbour&work=letter", "name": "n" * 201}
    html = client.post("/searches", data=sent).get_data(as_text=True)
    assert f'value="{sent["name"]}"' in html and 'name="search" value="q=harbour&amp;work=letter"' in html


def test_what_is_changed_on_a_later_page_leads_back_there(client: FlaskClient) -> None:
    """Of more searches than a page has, a form is shown again, and leads on, on the page where it stood."""
    kept = [save(client, f"q=harbour&sort=date&year={1800 + n}", f"{n:02}") for n in range(25)]
    assert f"/searches/{kept[22]['id']}?page=2" in page(client, "/searches?page=2")
    answer = client.post(f"/searches/{kept[22]['id']}?page=2", data={"name": "n" * 201})
    assert "n" * 201 in answer.get_data(as_text=True)
    there = client.post(f"/searches/{kept[22]['id']}?page=2", data={"name": "22 a"}).headers["Location"]
    assert "page=2" in there and "22 a" in page(client, there.partition("#")[0])


def test_a_deleted_search_can_be_brought_back(client: FlaskClient) -> None:
    kept = save(client, "q=harbour", "Mine")
    there = client.post(f"/searches/{kept['id']}/delete").headers["Location"]
    assert listed(client) == [] and "Undo" in page(client, there)
    assert [each["search"]["id"] for each in listed(client, "?deleted=yes")] == [kept["id"]]
    client.post(f"/searches/{kept['id']}/restore")
    assert [each["search"]["name"] for each in listed(client)] == ["Mine"]


@pytest.mark.parametrize("act", ["", "/seen", "/delete", "/restore"])
def test_a_search_that_is_not_there(client: FlaskClient, act: str) -> None:
    assert client.post(f"/searches/nowhere{act}").status_code == 404


def test_another_site_saves_nothing(client: FlaskClient, archive: Path) -> None:
    sent = client.post("/searches", data={"search": "q=a"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert sent.status_code == 403 and not (archive / reader.FILE).exists()


def test_without_an_index_the_list_still_stands(client: FlaskClient, archive: Path) -> None:
    save(client, "q=harbour", "Mine")
    (archive / "index" / "current").unlink()
    (saved,) = listed(create_app(archive).test_client())
    assert (
        saved["search"]["name"] == "Mine" and saved["passages"] is None and "loccit index" in saved["problem"]
    )


def test_a_search_that_can_no_longer_be_run_says_why(client: FlaskClient, archive: Path) -> None:
    searches.add(archive / reader.FILE, "Old", "q=ab*", {})
    (saved,) = listed(client)
    assert "too many words" in saved["problem"] and "Old" in page(client, "/searches")


def test_new_passages_of_an_index_built_again(client: FlaskClient, archive: Path) -> None:
    save(client, "q=harbour")
    store = Store(current(archive / "index"))
    works = [work.id for work in store.works()]
    records = [fulltext.Record(f"{w}-{n}", w, "the harbour", w) for w in works for n in (1, 2)]
    fulltext.write(archive / "index" / "g1" / FULLTEXT, [r for r in records if r.passage_id in held(store)])
    (saved,) = listed(create_app(archive).test_client())
    assert saved["passages"] == sum(saved["search"]["seen"].values()) + saved["new"] - saved["gone"]


def held(store: Store) -> set[str]:
    return {passage.id for work in store.works() for passage in store.passages(work.id)}


def test_the_bounds_of_what_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "MOST", 2)
    path = tmp_path / reader.FILE
    for number in range(2):
        searches.add(path, "", f"q={number}", {})
    with pytest.raises(Refused, match="Delete one"):
        searches.add(path, "", "q=9", {})
    with pytest.raises(Refused, match="too long"):
        searches.add(path, "", "q=" + "9" * 5000, {})
    long = replace(searches.listed(path)[0], name="", parameters="q=" + "a" * 500)
    assert len(searches.checked(long).name) == searches.LONGEST_NAME
    with pytest.raises(NotThere):
        searches.get(path, "9")
    assert [kept.name for kept in searches.listed(path)] == ["0", "1"]


def test_the_list_of_past_searches_is_the_browsers(client: FlaskClient) -> None:
    html = page(client, "/search?q=harbour&work=letter&page=2")
    assert 'data-search="q=harbour&amp;work=letter"' in html and 'data-found="1 passage"' in html
    chart = page(client, "/search?q=harbour&work=letter&view=chart")
    assert 'data-told="letter, chart"' in chart and "<title>harbour, work: letter, chart" in chart
    shown = page(client, "/searches")
    assert 'id="history" hidden' in shown and "never sent" in shown and "<noscript>" in shown


# ---------------------------------------------------------------- out and in


def test_what_goes_out_comes_in_again_to_the_byte(archive: Path, tmp_path: Path) -> None:
    path, other = archive / reader.FILE, tmp_path / "other.sqlite3"
    for name, sent in (("The harbour", "q=harbour&without=work%3Asums"), ("Ж “é”", "q=%D0%96&exact=1")):
        searches.add(path, name, sent, {"minute": 2, "letter": 1})
    text = searches_exchange.export_json(path)
    assert [r.status for r in searches_exchange.import_json(other, text, parameters)] == ["imported"] * 2
    assert searches_exchange.export_json(other) == text
    assert searches.listed(other) == searches.listed(path)
    again = searches_exchange.import_json(other, text, parameters)
    assert [r.status for r in again] == ["duplicate"] * 2 and searches_exchange.export_json(other) == text


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (7, "no saved search"),
        ({"name": "x"}, "no query"),
        ({"search": "q=a", "name": 1}, "not a text"),
        ({"search": "q=\ud800"}, "letters that no text has"),
        ({"search": "q=a", "seen": {"w": -1}}, "seen"),
        ({"search": "q=a", "seen": [1]}, "seen"),
        ({"search": "q=a", "id": "no id"}, "not the id"),
        ({"search": "q=a", "created": "soon"}, "not a time"),
    ],
)
def test_an_item_that_is_none_fails_alone(tmp_path: Path, item: object, reason: str) -> None:
    text = json.dumps({"loccit:searches": [item, {"search": "q=good&page=3&evil=1"}]})
    bad, good = searches_exchange.import_json(tmp_path / "r", text, parameters)
    assert (bad.status, good.status) == ("failed", "imported") and reason in bad.reason
    assert [s.parameters for s in searches.listed(tmp_path / "r")] == ["q=good"]


@pytest.mark.parametrize("text", ["", "[]", "{}", "7", '{"loccit:searches": {}}', "[" * 100_000])
def test_what_is_no_export_changes_nothing(tmp_path: Path, text: str) -> None:
    with pytest.raises(Refused, match="not an export"):
        searches_exchange.import_json(tmp_path / "r", text, parameters)
    assert not (tmp_path / "r").exists()


def test_the_page_takes_searches_out_and_in(client: FlaskClient) -> None:
    kept = save(client, "q=harbour", "The harbour")
    assert 'href="/searches/export.json"' in page(client, "/searches")
    sent = client.get("/searches/export.json")
    assert "attachment" in sent.headers["Content-Disposition"]
    assert json.loads(sent.get_data())["loccit:searches"][0]["seen"] == kept["seen"]

    def brought(content: bytes) -> TestResponse:
        return client.post("/searches/import", data={"file": (BytesIO(content), "searches.json")})

    again = brought(sent.get_data())
    assert again.status_code == 200 and "It is here already" in again.get_data(as_text=True)
    assert client.post(f"/searches/{kept['id']}/delete").status_code == 303
    assert "1 imported of 1" in brought(sent.get_data()).get_data(as_text=True)
    assert [each["search"]["name"] for each in listed(client)] == ["The harbour"]
    for content in (b"{}", b"\xff"):
        refused = brought(content)
        assert refused.status_code == 400 and "not an export" in refused.get_data(as_text=True)

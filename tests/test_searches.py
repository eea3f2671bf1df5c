"""Saved searches: kept once, counted anew, told what has come since, edited, deleted, brought back."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from test_search import page, twin, write

from indexer import fulltext
from indexer.errors import NotThere
from indexer.store import FULLTEXT, Store, current
from web import create_app, reader
from web.reader import searches
from web.reader.file import Refused


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
    shown = page(client, "/searches")
    assert 'id="history" hidden' in shown and "never sent" in shown and "<noscript>" in shown

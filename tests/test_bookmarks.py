"""The pages of bookmarks: kept by POST alone, shown as words, never lost."""

import io
import json
import re
from pathlib import Path

import made
import pytest
from flask.testing import FlaskClient

from web import create_app, reader

QUOTATION = {"kind": "quotation", "quotation_id": "essay-001"}
COMPARISON = {"kind": "comparison", "quotation_id": "essay-001"}
PASSAGE = {"kind": "passage", "work_id": "report", "start": "16", "end": "40"}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return made.write(tmp_path)


@pytest.fixture
def client(archive: Path) -> FlaskClient:
    return create_app(archive).test_client()


def kept(archive: Path) -> list[reader.bookmarks.Bookmark]:
    return reader.bookmarks.listed(archive / reader.FILE)


@pytest.mark.parametrize(
    "place", [QUOTATION, COMPARISON, PASSAGE], ids=["quotation", "comparison", "passage"]
)
def test_what_is_posted_is_kept_and_shown(client: FlaskClient, archive: Path, place: dict[str, str]) -> None:
    answer = client.post("/bookmarks", data=place | {"note": "look at this", "tags": "Hale, #vote, Hale"})
    [one] = kept(archive)
    assert answer.status_code == 303 and answer.location == f"/bookmarks/{one.id}?done=kept"
    assert (one.kind, one.note, one.tags) == (place["kind"], "look at this", ("Hale", "vote"))
    page = client.get(answer.location).text
    assert "Kept." in page and "look at this" in page and "Hale, vote" in page
    listed = client.get("/bookmarks").text
    assert "look at this" in listed and "1 bookmark<" in listed


def test_a_bookmark_of_a_quotation_has_its_words_and_leads_to_its_comparison(
    client: FlaskClient, archive: Path
) -> None:
    client.post("/bookmarks", data=COMPARISON)
    [one] = kept(archive)
    assert one.exact == made.FINDINGS[0].text and one.work_id == "essay"
    assert one.label == "A. Marlow, Who sank the harbour bill?, 1961"
    page = client.get(f"/bookmarks/{one.id}").text
    assert 'href="/quotation/essay-001"' in page and 'href="/read/essay?at=3#p3"' in page


def test_a_passage_leads_to_its_paragraph(client: FlaskClient, archive: Path) -> None:
    client.post("/bookmarks", data=PASSAGE)
    [one] = kept(archive)
    assert one.exact == made.REPORT[16:40].strip()
    assert 'href="/read/report?at=2#p2"' in client.get("/bookmarks").text


def test_a_quotation_keeps_its_bookmark_when_its_number_changes(client: FlaskClient, archive: Path) -> None:
    client.post("/bookmarks", data=QUOTATION)
    one = client.get("/bookmarks?format=json").json["bookmarks"][0]
    assert one["quotation_id"] == "essay-001"
    [held] = kept(archive)
    moved = reader.exchange.import_json(
        archive / reader.FILE,
        reader.exchange.export_json(archive / reader.FILE)
        .replace("essay-001", "essay-777")
        .replace(held.id, ""),
    )
    assert [r.status for r in moved] == ["failed"]
    other = json.loads(reader.exchange.export_json(archive / reader.FILE))
    other["items"][0] |= {"id": None, "loccit:quotation": "essay-777", "body": [{"value": "another"}]}
    assert [r.status for r in reader.exchange.import_json(archive / reader.FILE, json.dumps(other))] == [
        "imported"
    ]
    found = client.get("/bookmarks?format=json").json["bookmarks"]
    assert {standing["quotation_id"] for standing in found} == {"essay-001"}


def test_the_form_for_a_new_bookmark_shows_the_words_and_writes_nothing(
    client: FlaskClient, archive: Path
) -> None:
    page = client.get("/bookmarks/new?kind=quotation&quotation_id=essay-002")
    assert page.status_code == 200 and "<mark>the pilots had been asked</mark>" in page.text
    assert 'name="quotation_id" value="essay-002"' in page.text
    assert not (archive / reader.FILE).exists()


@pytest.mark.parametrize(
    ("place", "status", "sentence"),
    [
        ({"kind": "song"}, 400, "a passage, a quotation or a comparison"),
        ({"kind": "quotation"}, 404, "no quotation"),
        ({"kind": "comparison", "quotation_id": "../../etc"}, 404, "no quotation"),
        ({}, 400, "numbers of its first and last letter"),
        ({"work_id": "report", "start": "1", "end": "x"}, 400, "numbers"),
        ({"work_id": "report", "start": "9" * 40, "end": "1"}, 400, "numbers"),
        ({"work_id": "report", "start": "5", "end": "5"}, 400, "no words"),
        ({"work_id": "report", "start": "99999", "end": "99999999"}, 400, "no words"),
        ({"work_id": "nowhere", "start": "1", "end": "9"}, 404, "no work"),
        ({"work_id": "quay", "start": "1", "end": "9"}, 404, "is not held"),
    ],
)
def test_what_cannot_be_kept_is_named(
    client: FlaskClient, archive: Path, place: dict[str, str], status: int, sentence: str
) -> None:
    answer = client.post("/bookmarks", data=place)
    assert (answer.status_code, sentence in answer.text) == (status, True)
    assert not (archive / reader.FILE).exists()


def test_a_note_that_is_too_long_comes_back_as_it_was_typed(client: FlaskClient, archive: Path) -> None:
    note = "a long note " * 5000
    answer = client.post("/bookmarks", data=QUOTATION | {"note": note, "tags": "mine"})
    assert answer.status_code == 400 and "The note is longer" in answer.text
    assert note in answer.text and 'value="mine"' in answer.text and not kept(archive)
    client.post("/bookmarks", data=QUOTATION)
    [one] = kept(archive)
    again = client.post(f"/bookmarks/{one.id}", data={"note": note})
    assert again.status_code == 400 and note in again.text and kept(archive) == [one]


def test_a_note_is_words_and_never_mark_up(client: FlaskClient, archive: Path) -> None:
    note = '<script>alert(1)</script><img src=x onerror=alert(1)> </textarea><b>"&'
    client.post("/bookmarks", data=QUOTATION | {"note": note, "tags": "<i>t</i>"})
    [one] = kept(archive)
    assert one.note == note
    for page in (client.get("/bookmarks"), client.get(f"/bookmarks/{one.id}")):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
        assert not re.search(r"<script>|<img|<i>t", page.text)
    assert client.get("/bookmarks?format=json").json["bookmarks"][0]["bookmark"]["note"] == note


def test_editing_goes_back_to_the_bookmark(client: FlaskClient, archive: Path) -> None:
    client.post("/bookmarks", data=QUOTATION)
    [one] = kept(archive)
    answer = client.post(f"/bookmarks/{one.id}", data={"note": "new\r\nlines", "tags": "x,, y ,x"})
    assert answer.status_code == 303
    [edited] = kept(archive)
    assert (edited.note, edited.tags) == ("new\nlines", ("x", "y"))
    assert "Changed." in client.get(answer.location).text


def test_a_deletion_can_be_undone(client: FlaskClient, archive: Path) -> None:
    client.post("/bookmarks", data=QUOTATION | {"note": "dear to me"})
    [one] = kept(archive)
    answer = client.post(f"/bookmarks/{one.id}/delete")
    assert answer.status_code == 303 and kept(archive) == []
    page = client.get(answer.location).text
    assert "Undo" in page and f'action="/bookmarks/{one.id}/restore"' in page
    assert "dear to me" in client.get("/bookmarks?deleted=yes").text
    assert client.post(f"/bookmarks/{one.id}/restore").status_code == 303
    assert kept(archive) == [one]


def test_the_list_is_kept_to_words_tag_and_work(client: FlaskClient) -> None:
    client.post("/bookmarks", data=QUOTATION | {"note": "alpha", "tags": "one"})
    client.post("/bookmarks", data=PASSAGE | {"note": "beta", "tags": "two"})
    for query, expected in [
        ("q=alpha", ["alpha"]),
        ("tag=two", ["beta"]),
        ("work=report", ["beta"]),
        ("q=gamma", []),
        ("", ["beta", "alpha"]),
    ]:
        found = client.get(f"/bookmarks?{query}&format=json").json["bookmarks"]
        assert [standing["bookmark"]["note"] for standing in found] == expected
    assert "No bookmark is of this kind" in client.get("/bookmarks?q=gamma").text


@pytest.mark.parametrize(
    ("page", "status"),
    [("/bookmarks/none", 404), ("/bookmarks/none/delete", 404), ("/bookmarks/none/restore", 404)],
)
def test_a_bookmark_that_is_not_there(client: FlaskClient, page: str, status: int) -> None:
    answer = client.get(page) if page.count("/") == 2 else client.post(page)
    assert answer.status_code == status and "no bookmark" in answer.text


def test_nothing_is_written_by_looking(client: FlaskClient, archive: Path) -> None:
    for page in (
        "/bookmarks",
        "/bookmarks?undo=x",
        "/bookmarks/import",
        "/bookmarks/export.json",
        "/bookmarks/export.md",
    ):
        assert client.get(page).status_code == 200
    assert sorted(p.name for p in archive.iterdir()) == ["index"]  # fmt: skip


def test_writes_from_other_sites_are_refused(client: FlaskClient, archive: Path) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert client.post("/bookmarks", data=QUOTATION, headers=headers).status_code == 403
    assert not (archive / reader.FILE).exists()


def test_orphans_and_lost_works_are_listed_with_their_words(client: FlaskClient, archive: Path) -> None:
    quoted = {"report": "words that never stood here", "gone": "of a work now gone"}
    items = [
        {
            "target": {"selector": [{"type": "TextQuoteSelector", "exact": exact}]},
            "loccit:work": work,
            "body": [],
        }
        for work, exact in quoted.items()
    ]
    client.post("/bookmarks/import", data={"text": json.dumps(items)})
    listed = client.get("/bookmarks").text
    assert "words that never stood here" in listed and "stand no longer" in listed
    assert "of a work now gone" in listed and "no longer holds this work" in listed


def test_bookmarks_are_there_without_an_index(client: FlaskClient, archive: Path) -> None:
    client.post("/bookmarks", data=QUOTATION | {"note": "still here"})
    (archive / "index" / "current").unlink()
    page = create_app(archive).test_client().get("/bookmarks")
    assert page.status_code == 200 and "still here" in page.text and "no index just now" in page.text


def test_what_is_exported_is_imported_with_a_result_for_each(client: FlaskClient, archive: Path) -> None:
    client.post("/bookmarks", data=QUOTATION | {"note": "one"})
    client.post("/bookmarks", data=PASSAGE)
    exported = client.get("/bookmarks/export.json")
    assert exported.headers["Content-Disposition"] == 'attachment; filename="bookmarks.json"'
    (archive / reader.FILE).unlink()
    sent = {"file": (io.BytesIO(exported.data), "b.json")}
    page = client.post("/bookmarks/import", data=sent, content_type="multipart/form-data")
    assert "2 imported, 0 here already, 0 failed" in page.text
    again = client.post("/bookmarks/import?format=json", data={"text": exported.text})
    assert [r["status"] for r in again.json["results"]] == ["duplicate", "duplicate"]
    assert client.get("/bookmarks/export.json").data == exported.data
    assert "> " in client.get("/bookmarks/export.md").text


@pytest.mark.parametrize("sent", [b"", b"\xff\xfe\x00", b"{}", b"no json", b"[" * 99999])
def test_what_is_no_export_is_refused(client: FlaskClient, archive: Path, sent: bytes) -> None:
    page = client.post(
        "/bookmarks/import",
        data={"file": (io.BytesIO(sent), "x")},
        content_type="multipart/form-data",
    )
    assert page.status_code == 400 and "not an export" in page.text and "Nothing was changed" in page.text
    assert not (archive / reader.FILE).exists()


def test_json_answers_say_what_was_kept(client: FlaskClient) -> None:
    answer = client.post("/bookmarks?format=json", data=QUOTATION)
    assert answer.status_code == 201 and answer.json["bookmark"]["kind"] == "quotation"
    bookmark = answer.json["bookmark"]["id"]
    assert client.get(f"/bookmarks/{bookmark}?format=json").json["standing"]["state"] == "stands"

"""The pages of bookmarks: kept by POST alone, shown as words, never lost."""

import csv
import html
import io
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import bibtexparser
import made
import pytest
import rispy
from flask.testing import FlaskClient

from web import bookmarks, create_app, reader
from web.addresses import bare
from web.bookmarks import standing
from web.bookmarks.written import COLUMNS, FORMATS

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


def test_a_comparison_is_found_though_the_essay_has_another_id(
    client: FlaskClient, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A work that was renamed is known by its address."""
    monkeypatch.setattr(standing, "work_ids", lambda works: {"example.org/essay": "essay"})
    client.post("/bookmarks", data=COMPARISON)
    out = json.loads(reader.exchange.export_json(archive / reader.FILE))
    out["items"][0] |= {
        "id": None, "loccit:work": "an-older-id", "loccit:url": "https://example.org/essay"
    }  # fmt: skip
    reader.exchange.import_json(archive / reader.FILE, json.dumps(out))
    found = client.get("/bookmarks?format=json").json["bookmarks"]
    assert [one["quotation_id"] for one in found] == ["essay-001"] * 2


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
    lost = client.post("/bookmarks", data=QUOTATION | {"quotation_id": "essay-999", "note": "<a thought>"})
    assert lost.status_code == 404 and "&lt;a thought&gt;" in lost.text
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


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("http://www.example.org/a/index.htm#p3", True), ("https://example.org/a/", True),
        ("https://EXAMPLE.org/a", True), ("https://example.org/a/index.html", True),
        ("https://example.org/a?page=2", False), ("https://example.org/a/b", False),
        ("https://example.org/A", False), ("urn:loccit:work:a", False), ("http://[", False), ("", False),
    ],
)  # fmt: skip
def test_an_address_is_known_whatever_does_not_change_the_page(address: str, same: bool) -> None:
    assert (bare(address) == bare("https://example.org/a")) is same


@pytest.mark.parametrize("name", ["undone", "erased"])
def test_an_address_puts_no_words_into_a_page_s_mouth(client: FlaskClient, name: str) -> None:
    assert "all that you kept" not in client.get(f"/bookmarks?{name}=all+that+you+kept").text


def test_beside_the_text_a_note_is_its_words(client: FlaskClient, archive: Path) -> None:
    client.post("/bookmarks", data=PASSAGE | {"note": "A *thought* & [more](https://example.org)"})
    [one] = kept(archive)
    assert f'<a href="/bookmarks/{one.id}">A thought &amp; more</a>' in client.get("/read/report").text


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
    assert "Deleted: 1 bookmark." in page and "Undo" in page
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
    assert "of a work now gone" in listed and "does not hold this work" in listed


def test_bookmarks_are_there_without_an_index(client: FlaskClient, archive: Path) -> None:
    client.post("/bookmarks", data=QUOTATION | {"note": "still here"})
    (archive / "index" / "current").unlink()
    page = create_app(archive).test_client().get("/bookmarks")
    assert page.status_code == 200 and "still here" in page.text and "no index just now" in page.text


def test_without_an_index_no_state_is_told_and_none_deleted_by_it(
    client: FlaskClient, archive: Path, three: list[str]
) -> None:
    (archive / "index" / "current").unlink()
    client = create_app(archive).test_client()
    assert client.get("/bookmarks?state=orphan&format=json").json["total"] == 3
    answer = client.post("/bookmarks/many", data={"all": "yes", "state": "orphan", "do": "delete"})
    assert answer.status_code == 400 and "without an index" in answer.text and len(kept(archive)) == 3


def test_a_search_is_saved_in_one_way_and_older_bookmarks_of_searches_stay(client: FlaskClient) -> None:
    page = client.get("/search?q=harbour&sort=title").text
    assert "Save this search" in page and "kind=search" not in page
    form = client.get("/bookmarks/new?kind=search&address=/search?q=harbour%26sort=title").text
    assert 'name="address" value="/search?q=harbour&amp;sort=title"' in form


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
    typed = client.post("/bookmarks/import", data={"text": '{"my": "own"}'})
    assert typed.status_code == 400 and "{&#34;my&#34;: &#34;own&#34;}" in typed.text
    assert not (archive / reader.FILE).exists()


def test_json_answers_say_what_was_kept(client: FlaskClient) -> None:
    answer = client.post("/bookmarks?format=json", data=QUOTATION)
    assert answer.status_code == 201 and answer.json["bookmark"]["kind"] == "quotation"
    bookmark = answer.json["bookmark"]["id"]
    assert client.get(f"/bookmarks/{bookmark}?format=json").json["standing"]["state"] == "stands"


# Keeping a part of a paragraph

WHOLE = made.DOCUMENTS["report"].blocks[2].span
PARAGRAPH = {"work_id": "report", "start": str(WHOLE.start), "end": str(WHOLE.end)}


def test_a_paragraph_is_one_until_it_is_cut_down(client: FlaskClient, archive: Path) -> None:
    form = client.get("/bookmarks/new", query_string=PARAGRAPH).text
    assert "Bookmark a paragraph" in form and "The engineers were heard at length" in form
    client.post("/bookmarks", data=PARAGRAPH | {"words": made.REPORT[WHOLE.start : WHOLE.end]})
    client.post("/bookmarks", data=PARAGRAPH | {"words": "  the pilots had\r\nbeen asked, and the vote"})
    passage, paragraph = kept(archive)
    assert (paragraph.kind, paragraph.start) == ("paragraph", WHOLE.start)
    assert passage.kind == "passage" and passage.exact == "the pilots had been asked,[3] and the vote"
    assert made.REPORT[passage.start :].startswith(passage.exact)


def test_of_the_same_words_twice_those_after_the_selections_words_are_kept(
    client: FlaskClient, archive: Path
) -> None:
    text = made.REPORT[WHOLE.start : WHOLE.end]
    second = text.index(" it ", text.index(" it") + 3) if text.count(" it ") > 1 else text.rindex(" it")
    sent = PARAGRAPH | {"words": "it", "before": text[:second]}
    client.post("/bookmarks", data=sent)
    [one] = kept(archive)
    assert one.start == WHOLE.start + second + 1


@pytest.mark.parametrize("words", ["the engineers were never heard", "The engineers at length", "¡!"])
def test_other_words_than_the_paragraphs_are_refused_and_come_back(
    client: FlaskClient, archive: Path, words: str
) -> None:
    answer = client.post("/bookmarks", data=PARAGRAPH | {"words": words, "note": "mine"})
    assert answer.status_code == 400 and "do not stand so in this passage" in answer.text
    assert words in answer.text and "mine" in answer.text and not (archive / reader.FILE).exists()


# Searches


def test_a_search_is_kept_by_its_address(client: FlaskClient, archive: Path) -> None:
    address = "/search?q=harbour+vote&kind=source"
    form = client.get("/bookmarks/new", query_string={"kind": "search", "address": address}).text
    assert "Bookmark a search" in form
    client.post("/bookmarks", data={"kind": "search", "address": address, "tags": "weekly"})
    [one] = kept(archive)
    assert (one.kind, one.exact, one.address, one.work_id) == ("search", "harbour vote", address, "")
    listed = client.get("/bookmarks").text
    assert 'href="/search?q=harbour+vote&amp;kind=source"' in listed and "weekly" in listed
    there = "http://localhost/search?q=harbour+vote&kind=source"  # a path alone leads nowhere from a file
    assert f"[harbour vote](<{there}>)" in client.get("/bookmarks/export.md").text
    assert f'href="{html.escape(there)}"' in client.get("/bookmarks/export.html").text
    [row] = csv.DictReader(io.StringIO(client.get("/bookmarks/export.csv").text.removeprefix("\ufeff")))
    assert (row["address"], row["citation"]) == (there, f"Search: {there}")
    assert client.get("/bookmarks/export.json").json["items"][0]["loccit:address"] == address
    assert client.get("/bookmarks/export.bib").text == ""


@pytest.mark.parametrize(
    "address",
    ["", "/search", "https://evil.example/?q=x", "//evil.example/?q=x", "javascript:x?q=y", "//[?q=x"],
)
def test_a_search_leads_nowhere_else(client: FlaskClient, archive: Path, address: str) -> None:
    assert client.post("/bookmarks", data={"kind": "search", "address": address}).status_code == 400
    assert not (archive / reader.FILE).exists()


# Many at once


@pytest.fixture
def three(client: FlaskClient, archive: Path) -> list[str]:
    for note in ("one", "two", "three"):
        client.post(
            "/bookmarks", data=PASSAGE | {"note": note, "tags": "old", "folder": "A", "colour": "red"}
        )
    return [b.id for b in reversed(kept(archive))]


@pytest.mark.parametrize(
    ("sent", "field", "expected"),
    [
        ({"do": "tag", "tags": "new, #more"}, "tags", ("old", "new", "more")),
        ({"do": "untag", "tags": "old"}, "tags", ()),
        ({"do": "folder", "to": "B/c"}, "folder", "B/c"),
        ({"do": "folder", "to": ""}, "folder", ""),
        ({"do": "colour", "paint": "blue"}, "colour", "blue"),
        ({"do": "colour", "paint": ""}, "colour", ""),
    ],
)  # fmt: skip
def test_many_are_changed_at_once_and_back(
    client: FlaskClient, archive: Path, three: list[str], sent: dict[str, str], field: str, expected: object
) -> None:
    before = client.get("/bookmarks/export.json").data
    answer = client.post("/bookmarks/many", data=sent | {"id": three[:2], "sort": "oldest"})
    assert answer.status_code == 303
    now = {b.id: getattr(b, field) for b in kept(archive)}
    assert [now[name] for name in three[:2]] == [expected] * 2 and now[three[2]] != expected
    page = client.get(answer.location).text
    assert "Changed: 2 bookmarks." in page
    [undo] = re.findall(r'action="(/bookmarks/undo/[^"]+)"', page)
    assert "As before again: 2." in client.get(client.post(undo).location).text
    assert client.get("/bookmarks/export.json").data == before


def test_all_of_a_filtered_list_are_deleted_brought_back_and_erased(
    client: FlaskClient, archive: Path, three: list[str]
) -> None:
    client.post(f"/bookmarks/{three[0]}", data={"note": "one", "folder": "B"})
    client.post("/bookmarks/many", data={"all": "yes", "folder": "A", "do": "delete"})
    assert [b.id for b in kept(archive)] == [three[0]]
    gone = client.get("/bookmarks?deleted=yes").text
    assert "2 bookmarks" in gone and "Erase them for good" in gone
    client.post("/bookmarks/many", data={"id": three[1], "deleted": "yes", "do": "restore"})
    assert len(kept(archive)) == 2
    unsure = client.post("/bookmarks/many", data={"all": "yes", "deleted": "yes", "do": "erase"})
    assert unsure.status_code == 400 and "I am sure" in unsure.text
    sure = client.post("/bookmarks/many", data={"all": "yes", "deleted": "yes", "do": "erase", "sure": "yes"})
    assert "Erased for good: 1." in client.get(sure.location).text
    assert len(kept(archive)) == 2 and client.get(f"/bookmarks/{three[2]}").status_code == 404


def test_what_is_done_in_a_list_leads_back_to_its_place(
    client: FlaskClient, archive: Path, three: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second page of a folder in its order is read on where it was, though one of it was deleted."""
    monkeypatch.setattr(bookmarks, "PER_PAGE", 1)
    place = {"folder": "A", "sort": "oldest", "page": "2"}
    page = client.get("/bookmarks", query_string=place).text
    [form] = re.findall(rf'<form [^>]*action="/bookmarks/{three[1]}/delete">.*?</form>', page)
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert sent == place
    for address, more in [
        (f"/bookmarks/{three[1]}/delete", {}),
        ("/bookmarks/many", {"id": three[0], "do": "tag", "tags": "x"}),
    ]:
        there = parse_qs(urlsplit(client.post(address, data=sent | more).location).query)
        assert {name: there[name][0] for name in place} == place
        assert "page 2 of" in client.get("/bookmarks", query_string=there).text


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"do": "delete"}, "No bookmark was chosen"),
        ({"do": "delete", "id": "nope"}, "no bookmark “nope”"),
        ({"do": "sing", "all": "yes"}, "was not said"),
        ({"do": "tag", "all": "yes"}, "No tag was named"),
        ({"do": "tag", "all": "yes", "tags": "x" * 200}, "tag is longer"),
        ({"do": "colour", "all": "yes", "paint": "mauve"}, "no colour"),
        ({"do": "folder", "all": "yes", "to": "a/" * 20}, "more than 10 deep"),
    ],
)
def test_a_change_that_cannot_be_made_changes_nothing(
    client: FlaskClient, three: list[str], sent: dict[str, str], sentence: str
) -> None:
    before = client.get("/bookmarks/export.json").data
    answer = client.post("/bookmarks/many", data=sent)
    assert answer.status_code in (400, 404) and sentence in answer.text
    assert client.get("/bookmarks/export.json").data == before


# Files


def test_every_format_is_written_and_kept_to_the_filter(client: FlaskClient, three: list[str]) -> None:
    client.post("/bookmarks", data=QUOTATION | {"note": "=1+1", "tags": "only", "folder": "Trials/1937"})
    for form in FORMATS.values():
        answer = client.get(f"/bookmarks/export.{form.suffix}?folder=Trials")
        assert answer.status_code == 200 and answer.mimetype == form.media
        assert f'filename="bookmarks.{form.suffix}"' in answer.headers["Content-Disposition"]
        assert "Who sank the harbour bill?" in answer.text, form.label
        assert "Report of the Harbour Commission" not in answer.text, "outside the folder"
    assert client.get("/bookmarks/export.doc").status_code == 404


def test_csv_is_a_table_without_formulas(client: FlaskClient) -> None:
    client.post("/bookmarks", data=QUOTATION | {"note": "=cmd()", "tags": "@x, b", "folder": "+f"})
    [row] = csv.DictReader(io.StringIO(client.get("/bookmarks/export.csv").text.removeprefix("\ufeff")))
    assert tuple(row) == COLUMNS
    assert (row["note"], row["tags"], row["folder"]) == ("'=cmd()", "'@x, b", "'+f")
    assert row["words"] == made.FINDINGS[0].text and row["state"] == "stands"
    assert row["citation"] == "A. Marlow, “Who sank the harbour bill?”, 1961."


def test_html_is_one_page_that_does_nothing(client: FlaskClient) -> None:
    note = "**b** <script>alert(1)</script>"
    client.post("/bookmarks", data=QUOTATION | {"note": note, "tags": "<i>t</i>"})
    page = client.get("/bookmarks/export.html").text
    assert "<strong>b</strong>" in page and not re.search(r"<script|<img|<i>t|<link|src=", page)


def test_markdown_shows_words_as_words_and_notes_as_markdown(client: FlaskClient) -> None:
    client.post("/bookmarks", data=PASSAGE | {"note": "*look* <b>", "tags": "a b", "colour": "red"})
    text = client.get("/bookmarks/export.md").text
    assert "## Hale, “Report of the Harbour Commission”, 1911, https://example.org/report." in text
    assert "*look* &lt;b>" in text and "\\#a-b · red" in text


@pytest.mark.parametrize("name", ["md", "csv", "html", "bib", "ris", "csl.json"])
def test_of_a_comparison_both_sides_and_the_verdict_are_written(client: FlaskClient, name: str) -> None:
    client.post("/bookmarks", data=COMPARISON)
    text = html.unescape(client.get(f"/bookmarks/export.{name}").text)
    for side in (
        "The engineers were heard . . . and the vote",
        "though not before the pilots had been asked",
    ):
        assert side in " ".join(text.split()), "the essay's words, and the source's that it leaves out"
    assert "Altered" in text and "Report of the Harbour Commission" in text and "p. 212" in text


def test_of_a_comparison_over_two_chapters_both_are_written(client: FlaskClient) -> None:
    client.post("/bookmarks", data=COMPARISON | {"quotation_id": "essay-006"})
    [row] = csv.DictReader(io.StringIO(client.get("/bookmarks/export.csv").text.removeprefix("\ufeff")))
    assert row["source_words"] == "The first pier shall be of oak / The second pier shall be of stone"
    assert row["verdict"] == "Spliced" and row["source_place"].count(" / ") == 1


def test_of_a_comparison_without_a_place_the_verdict_is_written(client: FlaskClient) -> None:
    client.post("/bookmarks", data=COMPARISON | {"quotation_id": "essay-003"})
    [row] = csv.DictReader(io.StringIO(client.get("/bookmarks/export.csv").text.removeprefix("\ufeff")))
    assert (row["source_words"], row["source_place"], row["verdict"]) == ("", "", "Not found")
    assert "\n\nNot found.\n\n" in client.get("/bookmarks/export.md").text


def test_a_work_is_cited_once_with_all_its_notes(client: FlaskClient, three: list[str]) -> None:
    library = bibtexparser.parse_string(client.get("/bookmarks/export.bib").text)
    assert [entry.key for entry in library.entries] == ["report"]
    [item] = json.loads(client.get("/bookmarks/export.csl.json").text)
    assert all(note in item["note"] for note in ("one #old", "two #old", "three #old"))
    [record] = rispy.loads(client.get("/bookmarks/export.ris").text)
    assert len(record["notes"]) == 3


def test_works_that_are_gone_are_cited_by_what_was_kept(client: FlaskClient) -> None:
    row = {
        "uri": "https://elsewhere.example/p", "text": "", "document": {"title": ["Elsewhere"]},
        "target": [{"selector": [{"type": "TextQuoteSelector", "exact": "some words"}]}],
    }  # fmt: skip
    page = client.post("/bookmarks/import", data={"text": json.dumps({"rows": [row]})}).text
    assert "1 imported" in page
    [item] = json.loads(client.get("/bookmarks/export.csl.json").text)
    assert (item["title"], item["URL"], item["type"]) == (
        "Elsewhere",
        "https://elsewhere.example/p",
        "webpage",
    )
    assert 'href="https://elsewhere.example/p"' in client.get("/bookmarks").text


def test_a_page_that_comes_to_the_archive_later_is_found_by_its_address(client: FlaskClient) -> None:
    row = {
        "uri": "http://example.org/report#x", "text": "note",
        "target": [{"selector": [{"type": "TextQuoteSelector", "exact": "the pilots had been asked",
                                  "prefix": "though not before ", "suffix": ","}]}],
    }  # fmt: skip
    client.post("/bookmarks/import", data={"text": json.dumps({"rows": [row]})})
    [standing] = client.get("/bookmarks?format=json").json["bookmarks"]
    assert standing["bookmark"]["work_id"] == "report" and standing["state"] == "stands"


def test_orphans_can_be_listed_alone(client: FlaskClient, three: list[str]) -> None:
    row = {"target": {"selector": [{"type": "TextQuoteSelector", "exact": "never stood here at all"}]},
           "loccit:work": "report", "body": []}  # fmt: skip
    client.post("/bookmarks/import", data={"text": json.dumps([row])})
    found = client.get("/bookmarks?state=orphan&format=json").json
    assert [s["bookmark"]["exact"] for s in found["bookmarks"]] == ["never stood here at all"]
    assert client.get("/bookmarks?state=stands&format=json").json["total"] == 3
    assert client.get("/bookmarks/export.csv?state=orphan").text.count("never stood here") == 1

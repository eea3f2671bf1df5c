"""Judgements and corrections: kept by words, counted from then on, never lost and never guessed."""

import json
import re
import shutil
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import made
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer import catalogue, store
from indexer.align import Seeds, prepare
from indexer.build import build, reconsider
from indexer.errors import NotThere
from indexer.models import Span
from web import create_app, judging
from web.corrected import Corrected, standings
from web.library import Library, Opened
from web.reader import FILE, judgements
from web.reader.file import Refused
from web.reader.judgements import Correction, Judgement, Words


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The made archive with the words of its sources, so that quotations can be aligned."""
    folder = made.write(tmp_path / "archive")
    sources = [d for d in made.DOCUMENTS.values() if d.work.kind == "source"]
    store.save_seeds(folder / "index" / "g1", prepare(sources).arrays())
    return folder


@pytest.fixture
def client(archive: Path) -> FlaskClient:
    return create_app(archive).test_client()


def judged(number: int = 1, **more: object) -> Judgement:
    quotation = made.FINDINGS[number - 1].quotation
    return replace(
        Judgement(judgements.words(made.DOCUMENTS["essay"], quotation.span), "Who sank", "right"),
        **more,  # type: ignore[arg-type]
    )


# The file


def test_a_judgement_comes_back_as_it_was_kept(path: Path) -> None:
    passage = judgements.words(made.DOCUMENTS["report"], Span(20, 60))
    for said in (None, Correction("quay", "Book of the Quay"), Correction("report", "Report", passage)):
        kept = judgements.add(path, judged(correction=said, note=" a\r\nnote "))
        assert judgements.get(path, kept.id) == kept
        assert (kept.correction, kept.note) == (said, "a\nnote")


def test_a_new_one_sets_the_old_one_aside_and_undoing_brings_it_back(path: Path) -> None:
    first = judgements.add(path, judged())
    second = judgements.add(path, judged(opinion="wrong", replaces=first.id))
    assert [j.id for j in judgements.listed(path)] == [second.id]
    assert [j.id for j in judgements.listed(path, deleted=True)] == [first.id]
    judgements.undo(path, second.id)
    assert [j.id for j in judgements.listed(path)] == [first.id]
    judgements.restore(path, second.id, instead=first.id)
    assert [j.id for j in judgements.listed(path)] == [second.id]
    judgements.delete(path, second.id)
    assert judgements.listed(path) == [] and len(judgements.listed(path, deleted=True)) == 2


def test_undoing_what_counts_no_more_changes_nothing(path: Path) -> None:
    """An older tab still offers to undo a judgement that another has replaced: two would then count."""
    first = judgements.add(path, judged(correction=Correction("quay", "Book of the Quay")))
    second = judgements.add(path, judged(opinion="wrong", replaces=first.id))
    third = judgements.add(path, judged(opinion="unclear", replaces=second.id))
    judgements.undo(path, second.id)
    assert [j.id for j in judgements.listed(path)] == [third.id]
    assert judgements.corrections(path) == []


@pytest.mark.parametrize(
    "wrong",
    [{"opinion": "false"}, {"opinion": None}, {"note": "x" * 60_000}, {"note": "\0"}, {"note": "\ud800"}],
)
def test_what_cannot_be_kept_is_refused(path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        judgements.add(path, judged(**wrong))
    assert judgements.listed(path) == []


def test_reading_makes_no_file(path: Path) -> None:
    assert judgements.listed(path) == judgements.corrections(path) == judgements.of_essay(path, "essay") == []
    with pytest.raises(NotThere):
        judgements.get(path, "nothing")
    assert not path.exists()


# What became of them


def test_a_judgement_is_found_by_its_words_and_not_by_a_number(archive: Path) -> None:
    records = Corrected(store.current(archive / "index"))
    kept = judged(3)
    moved = replace(kept, quotation=replace(kept.quotation, start=0))
    assert [s.quotation_id for s in standings(records, [kept, moved])] == ["essay-003", "essay-003"]


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"quotation": Words("essay", "words that never stood there at all", "", "", 5)}, "orphan"),
        ({"quotation": Words("lost", "no harbour was ever sunk", "", "", 5)}, "gone"),
        ({"quotation": Words("essay", "Haste has been said for a century.", "", "", 28)}, "unquoted"),
        ({"correction": Correction("lost", "Lost")}, "place-gone"),
        ({"correction": Correction("report", "R", Words("report", "nowhere", "", "", 1))}, "place-orphan"),
        ({"correction": Correction("quay", "Q", Words("quay", "not held", "", "", 1))}, "place-gone"),
    ],
)  # fmt: skip
def test_what_is_lost_is_told_and_counts_for_nothing(
    archive: Path, client: FlaskClient, change: dict[str, object], state: str
) -> None:
    kept = judgements.add(archive / FILE, judged(3, **change))
    records = Corrected(store.current(archive / "index"))
    assert [s.state for s in standings(records, [kept])] == [state]
    page = client.get("/judgements").text
    assert "⚠" in page and kept.quotation.exact[:20] in page
    assert client.get("/quotation/essay-003?format=json").json["verdict"] == "not-found"


# A correction counts


REPORTED = "The machine’s own finding is"


def test_the_right_work_counts_everywhere(client: FlaskClient) -> None:
    """A quotation that cites a work without its words is one that is not in the cited work."""
    before = client.get("/quotation/essay-002?format=json").json
    assert before["in_cited_work"] and before["verdict"] == "verbatim"
    answer = client.post("/quotation/essay-002/correction", data={"work": "letters"})
    assert answer.status_code == 303
    after = client.get("/quotation/essay-002?format=json").json
    assert after["in_cited_work"] is False and "not-in-cited-work" in after["warnings"]
    assert after["judged"]["corrected"] and after["citation"]["work"] == "letters"
    machine = client.get("/quotation/essay-002?by=machine&format=json").json
    assert {k: machine[k] for k in before if k != "judged"} == {k: before[k] for k in before if k != "judged"}
    page = client.get("/quotation/essay-002").text
    assert "By your correction" in page and REPORTED in page and "by=machine" in page
    assert "The machine’s own finding.</b>" in client.get("/quotation/essay-002?by=machine").text


def test_a_work_that_is_not_held_leaves_no_guess(client: FlaskClient) -> None:
    client.post("/quotation/essay-003/correction", data={"work": "quay"})
    assert client.get("/quotation/essay-003?format=json").json["verdict"] == "no-source"
    verdicts = client.get("/work/essay/quotations?format=json").json["verdicts"]
    assert "not-found" not in verdicts and verdicts["no-source"] == 3
    assert client.get("/?format=json").json["verdicts"] == verdicts
    assert client.get("/work/essay/quotations").text.count("by your correction") == 1
    assert client.get("/work/essay/quotations?format=json").json["corrected"] == ["essay-003"]
    table = client.get("/work/essay/quotations.csv").text.splitlines()
    assert [line.endswith(",yes,") for line in table[1:]] == [False, False, True, False, False, False]


def offered(client: FlaskClient, address: str) -> list[tuple[str, str]]:
    page = client.get(address).text
    return re.findall(r'name="work" value="([^"]+)"><input type="hidden" name="place" value="([^"]*)"', page)


def test_the_right_place_is_chosen_by_its_words_and_counts(client: FlaskClient) -> None:
    form = "/quotation/essay-002/judgement"
    found = offered(client, f"{form}?work=reprint&words=pilots")
    work, place = next((work, place) for work, place in found if place)
    assert work == "reprint"
    client.post("/quotation/essay-002/correction", data={"work": work, "place": place})
    after = client.get("/quotation/essay-002?format=json").json
    assert after["source"]["work"] == "reprint" and after["verdict"] == "verbatim"
    assert [p["work"] for p in after["places"]] == ["report"] and after["judged"]["at_place"]
    margin = client.get("/read/reprint").text
    assert "/quotation/essay-002" in margin


def test_words_that_are_not_at_the_place_are_said_not_to_be(client: FlaskClient) -> None:
    [_, (work, place)] = offered(client, "/quotation/essay-002/judgement?work=report&words=5")
    client.post("/quotation/essay-002/correction", data={"work": work, "place": place})
    page = client.get("/quotation/essay-002").text
    assert 'The words were not found <a href="/read/report?at=5#p5">at the place that you named' in page


def test_a_place_with_other_words_is_shown_beside_and_not_called_found(client: FlaskClient) -> None:
    [_, (work, place)] = offered(client, "/quotation/essay-003/judgement?work=report&words=5")
    client.post("/quotation/essay-003/correction", data={"work": work, "place": place})
    page = client.get("/quotation/essay-003")
    assert "The place that you named" in page.text and "<p>The court rose.</p>" in page.text
    assert client.get("/quotation/essay-003?format=json").json["verdict"] == "not-found"


@pytest.mark.parametrize("quotation_id", [f.quotation.id for f in made.FINDINGS])
def test_the_machine_s_own_finding_is_shown_whatever_was_corrected(
    client: FlaskClient, quotation_id: str
) -> None:
    """A verdict that no other quotation of the essay has any longer ended the page in an error."""
    client.post(f"/quotation/{quotation_id}/correction", data={"work": "letters"})
    page = client.get(f"/quotation/{quotation_id}?by=machine")
    assert page.status_code == 200 and f"of {len(made.FINDINGS)}" in page.text


def test_undoing_a_correction_brings_the_finding_back(client: FlaskClient) -> None:
    before = client.get("/quotation/essay-003?format=json").json
    answer = client.post("/quotation/essay-003/correction", data={"work": "quay"})
    kept = answer.location.split("kept=")[1].split("#")[0]
    assert client.get("/quotation/essay-003?format=json").json["verdict"] == "no-source"
    client.post(f"/judgements/{kept}/undo")
    assert client.get("/quotation/essay-003?format=json").json == before
    client.post(f"/judgements/{kept}/restore")
    assert client.get("/quotation/essay-003?format=json").json["verdict"] == "no-source"
    client.post("/quotation/essay-003/correction", data={"work": ""})
    assert client.get("/quotation/essay-003?format=json").json == before


# The pages


def test_an_empty_form_leads_back_to_its_comparison(client: FlaskClient) -> None:
    page = client.post("/quotation/essay-003/judgement", data={"note": " "})
    assert page.status_code == 400 and "choose right, wrong or unclear" in page.text
    assert 'href="/quotation/essay-003#judgement"' in page.text
    assert 'id="judgement"' in client.get("/quotation/essay-003").text


def test_the_report_shows_the_readers_opinion_beside_the_verdict(client: FlaskClient) -> None:
    assert "you judge" not in client.get("/work/essay/quotations").text
    client.post("/quotation/essay-003/judgement", data={"opinion": "wrong"})
    page = client.get("/work/essay/quotations").text
    assert page.count("you judge: wrong") == 1
    assert (
        page.index("/quotation/essay-003")
        < page.index("you judge: wrong")
        < page.index("/quotation/essay-004")
    )
    assert client.get("/work/essay/quotations?format=json").json["judged"] == {"essay-003": "wrong"}
    table = client.get("/work/essay/quotations.csv").text
    assert table.splitlines()[0].strip().endswith(",your_judgement") and table.count(",wrong") == 1


def test_opinion_and_correction_do_not_write_over_each_other(client: FlaskClient) -> None:
    client.post("/quotation/essay-003/correction", data={"work": "quay"})
    client.post("/quotation/essay-003/judgement", data={"opinion": "wrong", "note": "<b>seen</b>"})
    said = client.get("/quotation/essay-003?format=json").json["judged"]["standing"]["judgement"]
    assert (said["opinion"], said["note"], said["correction"]["work_id"]) == ("wrong", "<b>seen</b>", "quay")
    page = client.get("/quotation/essay-003").text
    assert "&lt;b&gt;seen&lt;/b&gt;" in page and not made.runs_or_styles(page)
    client.post("/quotation/essay-003/correction", data={"work": ""})
    assert client.get("/judgements?format=json").json["judgements"][0]["judgement"]["opinion"] == "wrong"
    client.post("/quotation/essay-003/judgement", data={"opinion": "", "note": ""})
    assert client.get("/judgements?format=json").json["judgements"] == []


@pytest.mark.parametrize(
    ("address", "data", "status"),
    [
        ("/quotation/essay-003/judgement", {}, 400),
        ("/quotation/essay-003/judgement", {"opinion": "false"}, 400),
        ("/quotation/essay-003/judgement", {"opinion": "right", "seen": "of another"}, 400),
        ("/quotation/nothing/judgement", {"opinion": "right"}, 404),
        ("/quotation/essay-003/correction", {"work": "nothing"}, 404),
        ("/quotation/essay-003/correction", {"work": "report", "place": "1-2-abc"}, 400),
        ("/quotation/essay-003/correction", {"work": "report", "place": "x"}, 400),
        ("/quotation/essay-003/correction", {"work": "quay", "place": "1-2-abc"}, 404),
        ("/judgements/nothing/undo", {}, 404),
        ("/judgements/nothing/restore", {}, 404),
    ],
)
def test_bad_wishes_change_nothing(
    client: FlaskClient, archive: Path, address: str, data: dict[str, str], status: int
) -> None:
    assert client.post(address, data=data).status_code == status
    assert judgements.listed(archive / FILE) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=Book+Quay", "Book of the Quay"),
        ("q=hale+1911", "Report of the Harbour Commission"),
        ("q=zebra", "No work has all these words"),
        ("work=report&words=regret", "I regret nothing of it"),
        ("work=report&words=3", "The engineers were heard"),
        ("work=report&words=99", "no such paragraph"),
        ("work=report&words=zebra", "No passage has these words"),
        ("work=quay", "This work is not held"),
        ("", "Places that share most words"),
    ],
)
def test_the_right_work_is_searched_without_a_script(client: FlaskClient, query: str, expected: str) -> None:
    page = client.get(f"/quotation/essay-001/judgement?{query}")
    assert page.status_code == 200 and expected in page.text


def test_the_form_has_no_words_of_bad_queries(client: FlaskClient) -> None:
    page = client.get('/quotation/essay-001/judgement?work=report&words="open')
    assert page.status_code == 200 and 'role="status"' in page.text


def test_the_export_tells_everything(client: FlaskClient) -> None:
    client.post("/quotation/essay-003/judgement", data={"opinion": "unclear", "note": "why"})
    client.post("/quotation/essay-003/correction", data={"work": "quay"})
    page = json.loads(client.get("/judgements/export.json").data)
    [item] = page["items"]
    assert [body["value"] for body in item["body"]] == ["unclear", "why"]
    assert item["target"]["selector"][0]["exact"] == "no harbour was ever sunk by a vote"
    assert item["loccit:correction"]["loccit:work"] == "quay"


def sent(client: FlaskClient, text: str) -> TestResponse:
    return client.post("/judgements/import?format=json", data={"file": (BytesIO(text.encode()), "j.json")})


def test_what_is_exported_comes_in_as_it_was_and_once(client: FlaskClient, archive: Path) -> None:
    client.post("/quotation/essay-003/judgement", data={"opinion": "unclear", "note": "why"})
    client.post("/quotation/essay-003/correction", data={"work": "quay"})
    client.post("/quotation/essay-002/judgement", data={"opinion": "right"})
    offered = client.get("/quotation/essay-001/judgement?format=json").json["likely"][0]
    named = {"work": offered["work"]["id"], "place": offered["value"]}
    client.post("/quotation/essay-001/correction", data=named)
    before, out = judgements.listed(archive / FILE), client.get("/judgements/export.json").text
    (archive / FILE).unlink()
    assert [r["status"] for r in sent(client, out).json["results"]] == ["imported"] * 3
    now = judgements.listed(archive / FILE)
    assert [replace(j, replaces=None) for j in before] == now
    assert client.get("/judgements/export.json").text == out
    assert [r["status"] for r in sent(client, out).json["results"]] == ["duplicate"] * 3
    judgements.delete(archive / FILE, now[0].id)
    assert sorted(r["status"] for r in sent(client, out).json["results"]) == ["duplicate"] * 2 + ["imported"]
    assert judgements.listed(archive / FILE) == now
    page = client.get("/judgements").text
    assert page.count("<li>") == 3 and "Book of the Quay" in page


def test_an_import_writes_over_nothing(client: FlaskClient, archive: Path) -> None:
    """Of a quotation that one has judged oneself, another's judgement does not count beside the own."""
    client.post("/quotation/essay-003/judgement", data={"opinion": "wrong"})
    out = client.get("/judgements/export.json").text
    (archive / FILE).unlink()
    client.post("/quotation/essay-003/judgement", data={"opinion": "right", "note": "mine"})
    [result] = sent(client, out).json["results"]
    assert result["status"] == "duplicate" and "your own" in result["reason"]
    [own] = judgements.listed(archive / FILE)
    altered = json.loads(client.get("/judgements/export.json").text)
    altered["items"][0]["body"][1]["value"] = "theirs"
    [result] = sent(client, json.dumps(altered)).json["results"]
    assert result["status"] == "duplicate" and "other words" in result["reason"]
    assert judgements.listed(archive / FILE) == [own]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"motivation": "bookmarking"}, "no judgement"),
        ({"target": None}, "target"),
        ({"target": {"selector": [{"type": "TextQuoteSelector", "exact": "\ud800"}]}}, "exact"),
        ({"target": {"selector": [{"type": "TextQuoteSelector", "exact": "\0"}]}}, "none that can be kept"),
        ({"loccit:work": ""}, "loccit:work"),
        ({"body": [{"purpose": "assessing", "value": "false"}]}, "right, wrong or unclear"),
        ({"body": []}, "nothing to keep"),
        ({"loccit:correction": "quay"}, "loccit:work"),
        ({"id": "x"}, "not the id"),
        ({"created": "soon"}, "not a time"),
    ],
)
def test_a_judgement_that_is_none_fails_alone(
    client: FlaskClient, archive: Path, change: dict[str, object], reason: str
) -> None:
    client.post("/quotation/essay-003/judgement", data={"opinion": "wrong"})
    out = json.loads(client.get("/judgements/export.json").text)
    (archive / FILE).unlink()
    good = out["items"][0]
    bad, taken = sent(client, json.dumps({"items": [good | change, good]})).json["results"]
    assert (bad["status"], taken["status"]) == ("failed", "imported") and reason in bad["reason"]
    assert len(judgements.listed(archive / FILE)) == 1


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"items": 3}', "[" * 100_000, "\ufeff{}"])
def test_what_is_no_export_of_judgements_is_refused(client: FlaskClient, archive: Path, text: str) -> None:
    answer = sent(client, text)
    assert answer.status_code == 400 and "not an export of judgements" in answer.json["problem"]
    assert not (archive / FILE).exists()


def test_neither_import_takes_what_the_other_gave(client: FlaskClient, archive: Path) -> None:
    """An export of judgements became bookmarks of their words."""
    client.post("/quotation/essay-003/judgement", data={"opinion": "wrong"})
    out = client.get("/judgements/export.json").text
    page = client.post("/bookmarks/import?format=json", data={"text": out})
    [result] = page.json["results"]
    assert result["status"] == "failed" and "a judgement and no bookmark" in result["reason"]
    assert "not JSON (line 2)" in sent(client, "{\n].").json["problem"]


def test_a_long_list_is_read_a_page_at_a_time_and_what_is_done_leads_back(
    client: FlaskClient, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "PER_PAGE", 1)
    for number in (1, 2, 3):
        client.post(f"/quotation/essay-00{number}/judgement", data={"opinion": "right"})
    page = client.get("/judgements?opinion=right&page=2").text
    assert page.count("<li>") == 1 and "page 2 of 3" in page
    [form] = re.findall(r'<form [^>]*action="/judgements/[^/]+/delete">.*?</form>', page)
    place = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    [address] = re.findall(r'action="([^"]+)"', form)
    gone = client.post(address, data=place).location
    assert "opinion=right" in gone and "page=2" in gone and "Taken away." in client.get(gone).text
    back = client.post(address.replace("/delete", "/restore"), data=place).location
    assert back == "/judgements?opinion=right&page=2" and "page 2 of 3" in client.get(back).text
    assert "Taken away." not in client.get(gone).text


def test_no_page_that_is_read_writes(client: FlaskClient, archive: Path) -> None:
    for address in ("/judgements", "/quotation/essay-001/judgement", "/judgements/export.json"):
        assert client.get(address).status_code == 200
    assert not (archive / FILE).exists()


def test_a_broken_file_of_the_reader_hides_no_comparison(client: FlaskClient, archive: Path) -> None:
    (archive / FILE).write_bytes(b"no database at all" * 99)
    page = client.get("/quotation/essay-001")
    assert page.status_code == 200 and "cannot be read" in page.text
    assert client.get("/works").status_code == 200


# From raw files, through an edited essay and an index built anew


def test_a_correction_outlives_a_new_index_and_an_edited_essay(sample: Path, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    shutil.copytree(sample, folder)
    client = create_app(folder).test_client()
    records = store.Store(store.current(folder / "index"))
    quoted = next(
        f
        for f in records.findings()
        if f.alignment and f.verdict.name == "verbatim" and f.in_cited_work and len(f.text.split()) > 8
    )
    assert quoted.alignment
    essay = records.work(quoted.quotation.essay_id)
    other = next(
        w for w in records.works(kind="source", held=True)
        if w.id != quoted.alignment.place.work_id and not w.parent and not records.children(w.id)
    )  # fmt: skip
    client.post(f"/quotation/{quoted.quotation.id}/correction", data={"work": other.id})
    ruled = client.get(f"/quotation/{quoted.quotation.id}?format=json").json
    assert ruled["judged"]["corrected"] and "not-in-cited-work" in ruled["warnings"]

    raw = folder / "raw" / str(essay.file)
    text = raw.read_text("utf8")
    first = re.search(r"\n\n(?=[A-Z])|(?<=<p>)", text)
    assert first
    added = "“It was never so, and nobody said it,” someone wrote. "
    raw.write_text(text[: first.end()] + added + text[first.end() :], "utf8")
    build(folder / "raw", folder / "index", jobs=1)
    [line] = client.get("/judgements?format=json").json["judgements"]
    assert line["state"] == "stands" and line["quotation"]
    again = client.get(f"/quotation/{line['quotation']}?format=json").json
    assert again["text"] == ruled["text"] and again["judged"]["corrected"]
    assert again["citation"]["work"] == other.id and "not-in-cited-work" in again["warnings"]
    fresh = store.Store(store.current(folder / "index"))
    assert fresh.finding(line["quotation"]).in_cited_work


def test_judged_again_with_its_own_work_a_finding_is_the_same(sample: Path) -> None:
    """The path of a correction is that of the index: naming what was cited changes nothing."""
    records = store.Store(store.current(sample / "index"))
    again = reconsider(records, _seeds(records))
    count = 0
    for finding in records.findings():
        cited = finding.citation and finding.citation.outcome == "resolved" and finding.citation.work_id
        if cited:
            new = again(finding, cited, None)
            assert (new.verdict, new.in_cited_work, new.perhaps) == (
                finding.verdict,
                finding.in_cited_work,
                finding.perhaps,
            )
            count += 1
    assert count > 20


def test_named_at_its_own_place_a_finding_is_the_same(sample: Path) -> None:
    records = store.Store(store.current(sample / "index"))
    again = reconsider(records, _seeds(records))
    count = 0
    for finding in records.findings():
        if finding.alignment and finding.in_cited_work and finding.verdict.name in ("verbatim", "abridged"):
            place = finding.alignment.place
            new = again(finding, place.work_id, place.span)
            assert new.alignment and new.alignment.place == place
            assert new.verdict.name == finding.verdict.name
            count += 1
    assert count > 10


def _seeds(records: store.Store) -> Seeds:
    return Seeds.load(records.seeds())


def test_each_reader_sees_the_index_under_corrections_of_their_own(archive: Path) -> None:
    one, other, none = (archive / name for name in ("one.sqlite3", "other.sqlite3", "none.sqlite3"))
    judgements.add(one, judged(3, correction=Correction("quay", "Book of the Quay")))
    judgements.add(other, judged(2, correction=Correction("letters", "Letters")))
    asking = [none]
    library = Library(archive, lambda: asking[-1])

    def ask(path: Path) -> Opened:
        asking.append(path)
        return library.opened()

    seen = {
        name: [ask(path).store.finding(f"essay-00{n}").citation.work_id for n in (2, 3)]  # type: ignore[union-attr]
        for name, path in (("one", one), ("other", other), ("none", none), ("again", one))
    }
    assert seen["one"] == seen["again"] == ["report", "quay"]
    assert seen["other"] == ["letters", "letters"] and seen["none"] == ["report", "letters"]
    assert ask(one) is ask(one) and not none.exists()


TRIAL = """The Trial at Kestrow

THE FOREMAN: My lord, I would add a word upon Mr Pell.

MR JUSTICE HALE: You will add nothing.

THE PRISONER: I have no more to say than I have said.
"""


def test_a_changed_word_is_shown_at_the_place_that_is_named(tmp_path: Path) -> None:
    """Words too few to be proved are set beside the place that the reader names, and judged by the rules."""
    raw = tmp_path / "raw"
    for kind, name, text in (
        ("source", "trial", TRIAL),
        ("essay", "key", "The Key\n\nThe judge told the foreman: “You will say nothing.” That was all.\n"),
    ):
        (tmp_path / f"{name}.txt").write_text(text, "utf8")
        catalogue.add(raw, [tmp_path / f"{name}.txt"], kind)  # type: ignore[arg-type]
    build(raw, tmp_path / "index", jobs=1)
    pages = create_app(tmp_path).test_client()
    assert pages.get("/quotation/key-001?format=json").json["verdict"] == "no-source"
    # No work is cited, so it cannot be said that they may stand in that.
    before = pages.get("/quotation/key-001").text
    assert "does not say where they stand" in before and "the work that is cited" not in before
    paragraphs = offered(pages, "/quotation/key-001/judgement?work=trial&words=nothing")
    work, place = next((work, place) for work, place in paragraphs if place)
    pages.post("/quotation/key-001/correction", data={"work": work, "place": place})
    after = pages.get("/quotation/key-001?format=json").json
    assert (after["verdict"], after["judged"]["at_place"]) == ("altered", True)
    assert [(c["kind"], c["quote"], c["source"]) for c in after["changes"]] == [("replaced", "say", "add")]
    # A place with other words is still no place of these.
    [(work, place)] = offered(pages, "/quotation/key-001/judgement?work=trial&words=4")[1:]
    pages.post("/quotation/key-001/correction", data={"work": work, "place": place})
    told = pages.get("/quotation/key-001?format=json").json
    assert (told["verdict"], told["judged"]["at_place"]) == ("not-found", False)

"""Where words come from, and the check of a reader's own text: over the archive that is made by hand."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import made
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import catalogue
from indexer.align import prepare
from indexer.build import build, check, pasted
from indexer.errors import UnreadableFile
from indexer.models import Checked, Place, Span
from indexer.store import current, save_seeds
from indexer.workers import Limits
from web import create_app
from web.find import LONGEST, ROOM, bits, stretches
from web.library import Opened

SOURCES = [held for held in made.DOCUMENTS.values() if held.work.kind == "source"]
HALE = "the vote was taken on the same week. I regret nothing of it"
OWN = """My own text

Hale told them that “the pilots had been asked” (Hale, Report of the Harbour Commission, p. 212).

He also said: “the vote was taken on the same day. I regret nothing of it, but I would not do it again” (Hale, p. 212).

And somebody said “<b>no word</b> of these is in any source that there is” (Nobody, Nothing, p. 1)."""  # noqa: E501


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = made.write(tmp_path_factory.mktemp("archive"))
    save_seeds(current(written / "index"), prepare(SOURCES).arrays())
    return written


@pytest.fixture(scope="module")
def client(archive: Path) -> FlaskClient:
    return create_app(archive).test_client()


def twin(client: FlaskClient, text: str, status: int = 200) -> dict[str, Any]:
    response = client.get("/find", query_string={"text": text, "format": "json"})
    assert response.status_code == status
    found: dict[str, Any] = json.loads(response.text)
    return found


def plain(page: str) -> str:
    """The words of a page, as a reader has them."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", page)).split()).replace(" ,", ",")


# ------------------------------------------------------------------------------- where words come from


TWIN = 'rel="alternate" type="application/json"'


def test_a_passage_is_found_with_its_place(client: FlaskClient) -> None:
    place = twin(client, HALE)["places"][0]
    assert place["standing"]["work"]["id"] == "report"
    assert place["standing"]["locator"] == "p. 212" and place["standing"]["speaker"] == "Hale"
    assert made.REPORT[place["span"]["start"] : place["span"]["end"]] == HALE
    assert place["there"] == 13 and place["absent"] == []
    page = client.get("/find", query_string={"text": HALE}).text
    assert f'<mark class="hit">{HALE}</mark>' in page and 'href="/read/report?at=3#p3"' in page
    assert "All 13 words stand there, in one piece." in plain(page)
    assert "Hale, Report of the Harbour Commission, 1911" in plain(page)


def test_the_words_that_are_not_there_are_named_and_marked(client: FlaskClient) -> None:
    typed = HALE.replace("week", "day")
    place = twin(client, typed)["places"][0]
    assert place["there"] == 12 and place["absent"] == ["day"]
    assert [bit["text"] for bit in place["typed"] if bit["mark"]] == ["day"]
    assert "".join(bit["text"] for bit in place["typed"]) == typed
    page = client.get("/find", query_string={"text": typed}).text
    assert "12 of 13 words stand there. Not there: “day”." in plain(page)
    assert (
        '<span class="absent">day</span>' in page
        and f'rows="3" spellcheck="false" required>\n{typed}' in page
    )


@pytest.mark.parametrize(
    ("typed", "headline", "tally"),
    [
        (HALE, "Found in 1 place", "All 13 words"),
        (HALE.replace("week", "day"), "Found in 1 place", "12 of 13 words"),
        ("I would not do it again in the rain by night", "Some of these words stand in 1 place", "6 of 11"),
    ],
)
def test_found_is_said_of_most_of_the_words_only(
    client: FlaskClient, typed: str, headline: str, tally: str
) -> None:
    page = plain(client.get("/find", query_string={"text": typed}).text)
    assert headline in page and tally in page


def test_every_work_that_has_the_words_is_shown(client: FlaskClient) -> None:
    places = twin(client, "the pilots had been asked")["places"]
    assert {place["standing"]["work"]["id"] for place in places} == {"report", "reprint"}


def test_the_matched_words_stand_within_their_paragraph(client: FlaskClient) -> None:
    stretch = twin(client, HALE)["places"][0]["stretches"][0]
    assert "".join(bit["text"] for bit in stretch["bits"]) == made.REPORT.split("\n\n")[2]


def test_marks_of_notes_are_no_words_that_part_a_passage(client: FlaskClient) -> None:
    place = twin(client, "the pilots had been asked, and the vote was taken")["places"][0]
    assert place["standing"]["work"]["id"] == "report" and place["absent"] == []


def test_not_found_says_where_was_looked_and_never_false(client: FlaskClient) -> None:
    page = client.get("/find?text=seven+zebras+yodelled+quietly+yesterday")
    words = plain(page.text)
    assert page.status_code == 200
    assert "Not found in the 5 sources held, 495 words: none has all of these 5 words" in words
    assert not re.search(r"\bfalse\b|\bwrong\b|\bfake\b|\binvented\b", words, re.IGNORECASE)
    assert 'href="/works?held=no"' in page.text
    assert 'href="/search?q=seven+zebras+yodelled+quietly+yesterday"' in page.text
    found = twin(client, "seven zebras yodelled quietly yesterday")
    assert found["places"] == [] and found["looked"] == {"sources": 5, "words": 495}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "There are no words in this."),
        (" … — ! ", "There are no words in this."),
        ("pilots", "only one word"),
        ("the pilots", "only two words"),
        ("[the pilots had been] asked", "only one word"),
        ("pilots " * 20_000, "a passage may have 10 000"),
        ("x" * 100_000, "This has 100 000 letters"),
    ],
)
def test_what_is_not_looked_for_is_told_in_a_sentence(client: FlaskClient, text: str, expected: str) -> None:
    answer = client.post("/find", data={"text": text}, follow_redirects=True)
    assert answer.status_code == 400 and expected in plain(answer.text)
    assert 'role="alert"' in answer.text and "<h2" not in answer.text
    said = client.post("/find?format=json", data={"text": text})
    assert said.status_code == 400 and expected in plain(said.json["problem"]) and said.json["places"] == []  # type: ignore[index]


def test_the_form_alone_blames_nobody(client: FlaskClient) -> None:
    page = client.get("/find")
    assert page.status_code == 200 and 'role="alert"' not in page.text and "5 sources held" in page.text


def test_what_is_short_gets_an_address_and_what_is_long_does_not(client: FlaskClient) -> None:
    answer = client.post("/find", data={"text": HALE})
    assert answer.status_code == 303 and answer.location.startswith("/find?text=the+vote")
    long = f"{HALE} {'. ' * 1000}"
    assert len(long) < LONGEST
    page = client.post("/find", data={"text": long})
    assert page.status_code == 200 and TWIN not in page.text and "Report of the" in page.text
    assert TWIN in client.get(answer.location).text


def test_typed_mark_up_is_only_words(client: FlaskClient) -> None:
    page = client.get("/find", query_string={"text": f"</textarea><script>alert(1)</script> {HALE}"}).text
    assert not made.runs_or_styles(page) and page.count("</textarea>") == 1


def test_a_long_paragraph_is_cut_around_the_words() -> None:
    words = "one two three four "
    text = words * 400 + HALE + " " + words * 400
    held = made.document(made.WORKS["letters"], text)
    stretch = next(iter(stretches(held, [made.at(text, HALE)])))
    shown = "".join(bit.text for bit in stretch.bits)
    assert stretch.cut_before and stretch.cut_after and HALE in shown
    assert len(HALE) + ROOM < len(shown) <= len(HALE) + 2 * ROOM
    assert shown.split()[0] in words.split() and shown.split()[-1] in words.split()


def test_paragraphs_between_are_counted() -> None:
    text = "First here.\n\nNothing.\n\nNothing.\n\nLast there."
    held = made.document(made.WORKS["letters"], text)
    found = list(stretches(held, [made.at(text, "First"), made.at(text, "Last")]))
    assert [(s.number, s.passed_over) for s in found] == [(1, 0), (4, 2)]


@settings(max_examples=100)
@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5))
def test_the_bits_of_a_text_are_the_text(text: str, bounds: list[tuple[int, int]]) -> None:
    marks = sorted(Span(min(pair), max(pair)) for pair in bounds)
    assert "".join(bit.text for bit in bits(text, Span(0, len(text)), marks)) == text


def test_an_index_without_the_words_of_sources_names_the_command(tmp_path: Path) -> None:
    client = create_app(made.write(tmp_path)).test_client()
    assert client.get("/find").status_code == 200
    answer = client.get("/find", query_string={"text": HALE})
    assert answer.status_code == 503 and "loccit index" in answer.text


@pytest.mark.parametrize("address", ["/find", f"/find?text={HALE}", "/find?text=seven+red+zebras", "/check"])
def test_the_pages_are_of_the_house(client: FlaskClient, address: str) -> None:
    page = client.get(address)
    assert page.status_code == 200 and page.text.count("<h1") == 1
    assert not made.runs_or_styles(page.text)
    named = re.search(r'<link rel="alternate" type="application/json" href="([^"]+)"', page.text)
    assert named and client.get(html.unescape(named[1])).json == client.get(
        address, headers={"Accept": "application/json"}
    ).json  # fmt: skip
    for target in sorted(set(re.findall(r'href="(/[^"#]*)', page.text))):
        assert client.get(html.unescape(target)).status_code == 200, target


@pytest.mark.parametrize("address", ["/find?text=seven+red+zebras", "/search?q=zebras"])
def test_of_works_that_are_not_held_it_speaks_where_there_are_some(
    client: FlaskClient, tmp_path: Path, address: str
) -> None:
    """It named works that are listed and not held, and the list of them was empty."""
    assert "held=no" in client.get(address).text
    (tmp_path / "pier.txt").write_text("The pier was built of oak in two years.")
    catalogue.add(tmp_path / "raw", [tmp_path / "pier.txt"], "source")
    build(tmp_path / "raw", tmp_path / "index")
    page = create_app(tmp_path).test_client().get(address)
    assert page.status_code == 200 and "notice" in page.text
    assert "held=no" not in page.text and "listed and not held" not in page.text


# ----------------------------------------------------------------------------- a reader's own text


@pytest.fixture(scope="module")
def checked(client: FlaskClient) -> str:
    answer = client.post("/check", data={"text": OWN.replace("\n", "\r\n")})
    assert answer.status_code == 200
    return answer.text


@pytest.fixture(scope="module")
def record(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(client.post("/check?format=json", data={"text": OWN}).text)
    return found


def test_every_quotation_has_its_verdict(record: dict[str, Any]) -> None:
    assert [q["verdict"] for q in record["quotations"]] == ["verbatim", "altered", "no-source"]
    assert record["verdicts"] == {"verbatim": 1, "altered": 1, "no-source": 1} and record["total"] == 3
    for q in record["quotations"]:
        assert record["text"][q["start"] : q["end"]] == q["text"]
    assert record["quotations"][1]["changes"][0]["source"] == "week"
    assert record["quotations"][0]["resolved"]["id"] == "report"


@pytest.mark.parametrize(
    "expected",
    [
        '<td class="words"><a href="#q1">the pilots had been asked</a></td>',
        '<section class="checked" id="q2"',
        "day</ins>",
        "week</del>",
        '<a class="quotation altered" id="in-text-2" href="#q2"><span class="said">the vote was taken',
        'href="/read/report?at=3#p3"',
        "Rule: ",
        "In the 5 sources held, 495 words.",
        'href="/find?text=',
        "Nothing of this was stored.",
        "&lt;b&gt;no word&lt;/b&gt;",
    ],
)
def test_the_page_of_a_checked_text_shows(checked: str, expected: str) -> None:
    assert expected in checked


def test_the_page_shows_the_whole_text(checked: str) -> None:
    blocks = checked.partition('<div class="text own">')[2].partition("</main>")[0]
    shown = re.sub(r'<span class="(sign|visually-hidden)".*?</span>', "", blocks).replace("&#8288;", "")
    assert plain(shown) == " ".join(OWN.split())


def test_ids_of_the_page_are_unique_and_its_links_lead_somewhere(client: FlaskClient, checked: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', checked)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', checked)) <= set(ids)
    for target in sorted(set(re.findall(r'href="(/[^"#]*)', checked))):
        assert client.get(html.unescape(target)).status_code == 200, target


def test_nothing_of_the_text_is_stored_or_in_an_address(client: FlaskClient, archive: Path) -> None:
    def held() -> dict[Path, tuple[int, int]]:
        files = [path for path in archive.rglob("*") if path.is_file()]
        return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in files}

    before = held()
    page = client.post("/check", data={"text": OWN})
    assert held() == before
    assert TWIN not in page.text and "Location" not in page.headers


@pytest.mark.parametrize("text", ["", "   ", " — … “ ” ", "<p></p>"])
def test_a_text_without_words_is_told_so(client: FlaskClient, text: str) -> None:
    page = client.post("/check", data={"text": text})
    assert page.status_code == 400 and "There are no words in this." in page.text


def test_a_text_without_quotations_is_told_so(client: FlaskClient) -> None:
    page = client.post("/check", data={"text": "I have only words of my own."})
    assert page.status_code == 200 and "No quotation was found in these 7 words." in plain(page.text)
    assert "I have only words of my own." in page.text


def test_more_than_two_million_bytes_are_refused(client: FlaskClient) -> None:
    assert client.post("/check", data={"text": "word " * 500_000}).status_code == 413


def test_a_text_that_takes_too_long_to_read_is_refused_in_words(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pasted, "LIMITS", Limits(seconds=0))
    page = client.post("/check", data={"text": OWN})
    assert page.status_code == 400
    assert "This text cannot be read here: it took longer than 0 seconds." in plain(page.text)
    assert html.escape(OWN, quote=False) in page.text.replace("\r", "")


def test_a_text_that_takes_too_long_to_judge_is_refused_in_words(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pasted, "JUDGING", Limits(seconds=0, memory=None))
    page = create_app(archive).test_client().post("/check", data={"text": OWN})
    assert page.status_code == 400
    assert "This text cannot be read here: it took longer than 0 seconds." in plain(page.text)


def test_a_text_is_judged_in_another_process(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It took seconds of the server's own process, and a plain query beside it up to one and a half."""

    def here(*_: object) -> NoReturn:
        raise AssertionError("judged in the process of the server")

    monkeypatch.setattr(pasted, "judge_essay", here)
    found = create_app(archive).test_client().post("/check?format=json", data={"text": OWN}).json
    assert found is not None and found["verdicts"] == {"verbatim": 1, "altered": 1, "no-source": 1}


def test_a_text_of_more_paragraphs_than_a_page_can_show_is_refused_in_words(client: FlaskClient) -> None:
    page = client.post("/check", data={"text": "Words of it.\n\n" * 10_001})
    assert page.status_code == 400
    assert "This text has 10,001 paragraphs, more than the 10,000" in plain(page.text)


def test_another_sites_page_cannot_send_a_text(client: FlaskClient) -> None:
    for path in ("/check", "/find"):
        answer = client.post(path, data={"text": OWN}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403


def test_of_a_pasted_page_the_letters_are_right(client: FlaskClient) -> None:
    """The page says another encoding than the form has: its quotation marks came out as other letters."""
    page = f'<html><head><meta charset="latin1"></head><body><p>He said “{HALE}” (Hale).</p></body></html>'
    said = client.post("/check?format=json", data={"text": page}).json
    assert said is not None and [q["text"] for q in said["quotations"]] == [HALE]


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("He wrote:\n\n> the pilots had been asked", True),
        ("> “The pilots had been asked.”", True),
        ("# The harbour bill\n\nIt was passed.", True),
        ("It stands [in the report](https://example.org/report).", True),
        ("It was passed.[^1]\n\n[^1]: Hale, p. 212.", True),
        ("It was passed.[1]\n\n[1] Hale, p. 212.", False),
        ("More than half, that is\n> 50 votes, were cast; #1 of\n# 2 lists.", False),
        ("*He* said_so [sic] (see https://example.org/report).", False),
        ("a > b # c", False),
        ("", False),
        ('<p>He wrote <a href="#"\n> to the pilots</a>: “the pilots had been asked”.</p>', False),
    ],
)
def test_clear_signs_make_a_pasted_text_markdown(text: str, markdown: bool) -> None:
    assert pasted.is_markdown(text) is markdown


def test_markdown_that_is_pasted_is_read_as_such(client: FlaskClient) -> None:
    """Its quotations are set off by signs, its links and notes are none of the words."""
    text = f"As was said:\n\n> {HALE}\n\nSo says [the *report*](https://example.org/r).[^1]\n\n[^1]: Hale."
    said = client.post("/check?format=json", data={"text": text}).json
    assert said is not None and [q["text"] for q in said["quotations"]] == [HALE]
    assert not set("<>*(^") & set(said["text"]) and "So says the report." in said["text"]


def test_only_the_first_quotations_of_a_book_are_checked(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pasted, "MOST_CHECKED", 2)
    page = create_app(archive).test_client().post("/check", data={"text": OWN})
    assert "3 quotations in" in plain(page.text) and "of which the first 2 were checked" in plain(page.text)
    assert 'id="q2"' in page.text and 'id="q3"' not in page.text


def test_what_no_mark_closes_is_not_judged_and_said_so(client: FlaskClient) -> None:
    """The rest of a book behind an open mark took two minutes."""
    text = "“" + "The harbour was closed and nobody asked. " * 900 + f"” He said “{HALE}” (Hale)."
    said = client.post("/check?format=json", data={"text": text}).json
    assert said is not None and [q["text"] for q in said["quotations"]] == [HALE]
    assert [(each["words"], each["begins"][:11]) for each in said["too_long"]] == [(6300, "The harbour")]
    page = plain(client.post("/check", data={"text": text}).text)
    assert "1 quotation is longer than quotations are" in page and "of which the first" not in page
    alone = plain(client.post("/check", data={"text": text.partition(" He said")[0]}).text)
    assert "No quotation of this text was checked." in alone and "1 quotation is longer" in alone


def test_what_may_be_another_translation_is_offered_and_not_called_found(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place("report", made.at(made.REPORT, HALE))

    def offering(_: object, texts: list[str]) -> Iterator[Checked]:
        [checked] = check(current(archive / "index"))(texts)
        assert isinstance(checked, Checked)
        *found, last = checked.findings
        yield replace(checked, findings=(*found, replace(last, perhaps=place)))

    monkeypatch.setattr(Opened, "judge", property(lambda here: partial(offering, here)))
    page = create_app(archive).test_client().post("/check", data={"text": OWN})
    words = plain(page.text)
    assert "Perhaps, in other words" in words and "It is not found." in words and f"{HALE} Look for" in words


def test_one_judge_serves_many_texts_alike(archive: Path) -> None:
    judge = check(current(archive / "index"))

    def told(checked: Checked | UnreadableFile) -> list[tuple[str, str]]:
        assert isinstance(checked, Checked)
        return [(f.text, f.verdict.name) for f in checked.findings]

    first, none, _, again = judge([OWN, "", "Another: “Nothing of harbours” (Marsh, Letters).", OWN])
    assert told(again) == told(first) and len(told(first)) == 3
    assert isinstance(none, UnreadableFile)
    [alone] = judge([OWN])
    assert told(alone) == told(first)

"""The reader's records: nothing is lost, nothing is put on other words, nothing is written by reading."""

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import NotThere, ReaderError
from indexer.models import Document, Span, Work
from web import anchoring, reader
from web.reader import bookmarks, exchange, file

TEXT = (
    "The harbour bill was read a second time. Mr Hale rose and said that the engineers were heard at length, "
    "though not before the pilots had been asked.\n\n"
    "The vote was taken on the same week. It was a hard vote, and three of us went home that night believing "
    "that we had done the town an ill turn. I regret nothing of it.\n\n"
    "The colour of the water was remarked upon. It was a hard vote, he said once more, and no mistake."
)
DOCUMENT = Document(
    Work("report", "c", "source", "Report", "Hale", 1911, url="https://example.org/report"), TEXT
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / reader.FILE


def span(words: str, text: str = TEXT, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Span(start, start + len(words))


def kept(words: str, nth: int = 0, **more: object) -> bookmarks.Draft:
    return bookmarks.draft(DOCUMENT, span(words, nth=nth), **more)


# Keeping


def test_a_bookmark_is_kept_with_its_words_and_their_context(path: Path) -> None:
    made = bookmarks.add(path, kept("the engineers were heard", note="look", tags=("Hale", "vote")))
    assert bookmarks.listed(path) == [made] and bookmarks.get(path, made.id) == made
    assert (made.exact, made.start) == ("the engineers were heard", TEXT.index("the engineers"))
    assert made.prefix.endswith("said that ") and len(made.prefix) >= 32
    assert made.suffix.startswith(" at length") and len(made.suffix) >= 32
    assert made.tags == ("Hale", "vote") and made.created == made.modified and made.created.endswith("Z")


def test_white_space_around_the_words_is_not_kept() -> None:
    made = bookmarks.draft(DOCUMENT, Span(span("asked.").start, span("The vote").end))
    assert made.exact.startswith("asked.") and made.exact.endswith("The vote")
    assert bookmarks.draft(DOCUMENT, Span(TEXT.index("\n\n"), span("The vote").end)).exact == "The vote"


@pytest.mark.parametrize("there", [Span(0, 0), Span(len(TEXT), len(TEXT) + 9), Span(9, 3)])
def test_no_words_are_no_bookmark(there: Span) -> None:
    with pytest.raises(reader.Refused, match="no words"):
        bookmarks.draft(DOCUMENT, there)


def test_a_note_keeps_whatever_was_typed(path: Path) -> None:
    note = "<script>alert(1)</script> 'quoted'; drop table bookmark; --\r\nÜber “alles” 🜁"
    made = bookmarks.add(path, kept("hard vote", note=note))
    assert bookmarks.get(path, made.id).note == note.replace("\r\n", "\n")


def test_editing_changes_note_and_tags_and_nothing_else(path: Path) -> None:
    made = bookmarks.add(path, kept("hard vote", note="one", tags=("a", "b")))
    edited = bookmarks.edit(path, made.id, " two ", ["b", "  c  d ", "", "b"])
    assert (edited.note, edited.tags) == ("two", ("b", "c d"))
    assert bookmarks.get(path, made.id) == edited
    assert replace(edited, note="one", tags=("a", "b"), modified=made.modified) == made


def test_a_deleted_bookmark_can_be_brought_back(path: Path) -> None:
    made = bookmarks.add(path, kept("hard vote", tags=("a",)))
    bookmarks.delete(path, made.id)
    assert bookmarks.listed(path) == [] and bookmarks.tags(path) == {}
    assert [b.id for b in bookmarks.listed(path, deleted=True)] == [made.id]
    assert bookmarks.restore(path, made.id) == made and bookmarks.listed(path) == [made]


@pytest.mark.parametrize("verb", [bookmarks.get, bookmarks.delete, bookmarks.restore])
def test_what_is_not_there_is_named(path: Path, verb: object) -> None:
    with pytest.raises(NotThere, match="no bookmark “nope”"):
        verb(path, "nope")  # type: ignore[operator]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"note": "x" * (bookmarks.LONGEST_NOTE + 1)}, "note is longer"),
        ({"tags": tuple(map(str, range(bookmarks.MOST_TAGS + 1)))}, "more than 50 tags"),
        ({"tags": ("x" * 101,)}, "tag is longer"),
        ({"note": "a\0b"}, "letters that no text has"),
        ({"note": "a\ud800b"}, "letters that no text has"),
        ({"exact": "  "}, "no words"),
        ({"exact": "x" * (bookmarks.LONGEST_EXACT + 1)}, "words are longer"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_changes_nothing(
    path: Path, wrong: dict[str, object], sentence: str
) -> None:
    with pytest.raises(reader.Refused, match=sentence):
        bookmarks.add(path, replace(kept("hard vote"), **wrong))  # type: ignore[arg-type]
    assert not path.exists()


# Listing


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["three", "two", "one"]),
        ({"tag": "vote"}, ["two", "one"]),
        ({"work_id": "other"}, ["three"]),
        ({"text": "ENGINEERS heard"}, ["one"]),
        ({"text": "vote"}, ["two", "one"]),
        ({"text": "nothing such"}, []),
        ({"tag": "vote", "text": "two"}, ["two"]),
    ],
)
def test_bookmarks_are_listed_newest_first_and_kept_to_what_is_asked(
    path: Path, monkeypatch: pytest.MonkeyPatch, asked: dict[str, str], expected: list[str]
) -> None:
    times = iter(f"2026-01-0{n}T00:00:00.000Z" for n in range(1, 4))
    monkeypatch.setattr(file, "now", lambda: next(times))
    bookmarks.add(path, kept("engineers were heard", note="one", tags=("vote",)))
    bookmarks.add(path, kept("regret nothing", note="two", tags=("vote", "Regret")))
    bookmarks.add(path, replace(kept("water"), work_id="other", note="three"))
    assert [b.note for b in bookmarks.listed(path, **asked)] == expected  # type: ignore[arg-type]
    assert bookmarks.tags(path) == {"Regret": 1, "vote": 2}


# The file


def test_reading_makes_no_file(path: Path) -> None:
    assert bookmarks.listed(path) == [] and bookmarks.tags(path) == {}
    assert exchange.export_json(path) and exchange.export_markdown(path)
    assert list(path.parent.iterdir()) == []


def test_reading_changes_no_byte(path: Path) -> None:
    bookmarks.add(path, kept("hard vote"))
    before = path.read_bytes()
    bookmarks.listed(path)
    assert path.read_bytes() == before and [p.name for p in path.parent.iterdir()] == [reader.FILE]


def test_the_file_is_of_this_version_and_journalled(path: Path) -> None:
    bookmarks.add(path, kept("hard vote"))
    db = sqlite3.connect(path)
    assert db.execute("pragma user_version").fetchone() == (len(file._versions()),)
    assert db.execute("pragma journal_mode").fetchone() == ("wal",)
    db.close()


def test_a_newer_file_is_left_alone(path: Path) -> None:
    made = bookmarks.add(path, kept("hard vote"))
    db = sqlite3.connect(path)
    db.execute("pragma user_version = 99")
    db.close()
    for attempt in (
        lambda: bookmarks.listed(path),
        lambda: bookmarks.add(path, kept("water")),
        lambda: bookmarks.delete(path, made.id),
    ):
        with pytest.raises(ReaderError, match="newer Loccit"):
            attempt()


def test_what_is_no_database_is_named_and_left_alone(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 99)
    with pytest.raises(ReaderError, match="cannot be read"):
        bookmarks.listed(path)
    with pytest.raises(ReaderError, match="Nothing was changed"):
        bookmarks.add(path, kept("water"))
    assert path.read_bytes() == b"not a database at all" * 99


def test_an_import_that_breaks_off_keeps_nothing_of_itself(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bookmarks.add(path, kept("hard vote"))
    exported = exchange.export_json(path)
    other = path.with_name("other.sqlite3")
    page = json.loads(exported)
    page["items"] *= 1
    real = bookmarks._tag

    def breaks(db: sqlite3.Connection, b: bookmarks.Bookmark) -> None:
        real(db, b)
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(bookmarks, "_tag", breaks)
    with pytest.raises(ReaderError, match="disk is full"):
        exchange.import_json(other, exported)
    monkeypatch.undo()
    assert bookmarks.listed(other) == []
    assert [r.status for r in exchange.import_json(other, exported)] == ["imported"]


# Finding the words again

EDITS = [
    ("nothing changed", lambda t: t),
    ("a heading added", lambda t: "THE REPORT\n\nA long new heading.\n\n" + t),
    ("the beginning cut", lambda t: t[t.index("Mr Hale") :]),
    ("paragraphs joined", lambda t: t.replace("\n\n", " ")),
    ("wrapped", lambda t: t.replace(" and ", "\nand ")),
    ("other marks", lambda t: t.replace(".", " .").replace(",", ";")),
    ("capitals", str.upper),
    ("notes added", lambda t: t.replace("were heard", "were heard[15]").replace("hard vote", "hard[3] vote")),
    ("a ligature", lambda t: t.replace("fi", "\ufb01")),
    ("hyphens of a line's end", lambda t: t.replace("engineers", "engi\u00adneers")),
    ("a typo before", lambda t: t.replace("Mr Hale rose", "Mr Hael rose")),
    ("a typo after", lambda t: t.replace("though not", "thogh not").replace("and three", "nad three")),
    ("American spelling", lambda t: t.replace("colour", "color").replace("harbour", "harbor")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "edit"), EDITS, ids=[name for name, _ in EDITS])
@pytest.mark.parametrize(
    ("words", "nth"),
    [
        ("the engineers were heard", 0),
        ("It was a hard vote", 0),
        ("It was a hard vote", 1),
        ("colour of the water", 0),
    ],
)  # fmt: skip
def test_words_that_still_stand_are_found_again(name: str, edit: object, words: str, nth: int) -> None:
    text: str = edit(TEXT)  # type: ignore[operator]
    found = anchoring.anchor(kept(words, nth), text)
    assert found is not None, name
    follows = {"the e": "at length", "colou": "was remarked"}.get(words[:5], ["and three", "he said"][nth])
    rest = "".join(c for c in text[found.end :].casefold().replace("\n", " ") if c.isalnum() or c == " ")
    assert rest.replace("nad", "and").strip(" ").lstrip("0123456789 ").startswith(follows), (name, rest[:40])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("the words are gone", TEXT.replace("the engineers were heard", "the pilots were heard")),
        ("a word was put in", TEXT.replace("engineers were heard", "engineers were never heard")),
        ("the text is another", "Something else altogether stands here now."),
        ("nothing is left", ""),
        (
            "the same words elsewhere",
            "In another affair the engineers were heard by nobody at all in the north.",
        ),
    ],
)
def test_an_orphan_is_none_and_never_on_other_words(name: str, text: str) -> None:
    assert anchoring.anchor(kept("the engineers were heard"), text) is None, name


def test_of_equal_places_the_nearest_is_taken() -> None:
    text = "one and the same line of words here. " * 40
    document = Document(DOCUMENT.work, text)
    for nth in (0, 7, 39):
        place = span("same line", text, nth)
        assert anchoring.anchor(bookmarks.draft(document, place), text) == place


def test_many_are_found_as_one_by_one() -> None:
    drafts = [kept("hard vote"), kept("the engineers were heard"), kept("regret nothing of it")]
    text = TEXT.replace("\n\n", " ").upper().replace("ENGINEERS", "PILOTS")
    assert anchoring.anchors(drafts, text) == [anchoring.anchor(one, text) for one in drafts]
    assert [found is None for found in anchoring.anchors(drafts, text)] == [False, True, False]


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_whatever_was_cut_or_put_in_the_words_found_are_the_words_kept(data: st.DataObject) -> None:
    cut = data.draw(st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))))
    put = data.draw(st.sampled_from(["", " ", "\n\n", " a hard vote ", "the engineers were heard", "[7]"]))
    start = data.draw(st.integers(0, len(TEXT) - 1))
    end = data.draw(st.integers(start + 1, min(len(TEXT), start + 120)))
    if not TEXT[start:end].strip():
        return
    edited = TEXT[: min(cut)] + put + TEXT[max(cut) :]
    one = bookmarks.draft(DOCUMENT, Span(start, end))
    found = anchoring.anchor(one, edited)
    if found is not None:
        same = edited[found.start : found.end]
        assert same == one.exact or anchoring.Folded.of(same).forms == anchoring.Folded.of(one.exact).forms


# Taking out and in


def filled(path: Path) -> list[bookmarks.Bookmark]:
    return [
        bookmarks.add(path, kept("engineers were heard", note="one\n\ntwo", tags=("a", "b c"), label="Hale")),
        bookmarks.add(path, kept("hard vote", nth=1, kind="comparison", quotation_id="essay-007")),
        bookmarks.add(path, replace(kept("water"), url="", work_id="nowhere")),
    ]  # fmt: skip


def test_export_import_export_gives_the_same_bytes(path: Path) -> None:
    made = filled(path)
    other = path.with_name("other.sqlite3")
    exported = exchange.export_json(path)
    results = exchange.import_json(other, exported)
    assert [(r.number, r.status) for r in results] == [(1, "imported"), (2, "imported"), (3, "imported")]
    assert exchange.export_json(other) == exported
    assert sorted(b.id for b in bookmarks.listed(other)) == sorted(b.id for b in made)


def test_the_export_has_the_shape_of_web_annotations(path: Path) -> None:
    made = filled(path)[0]
    page = json.loads(exchange.export_json(path))
    assert page["type"] == "AnnotationPage" and page["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    item = next(i for i in page["items"] if i["id"] == f"urn:uuid:{made.id}")
    assert item["target"]["source"] == "https://example.org/report"
    quote, place = item["target"]["selector"]
    assert (quote["exact"], quote["prefix"], quote["suffix"]) == (made.exact, made.prefix, made.suffix)
    assert (place["start"], place["end"]) == (made.start, made.start + len(made.exact))
    assert [b["value"] for b in item["body"]] == ["one\n\ntwo", "a", "b c"]


def test_what_is_here_already_is_counted_not_doubled(path: Path) -> None:
    made = filled(path)
    exported = exchange.export_json(path)
    assert {r.status for r in exchange.import_json(path, exported)} == {"duplicate"}
    bookmarks.edit(path, made[0].id, "mine", [])
    [first, *_] = [r for r in exchange.import_json(path, exported) if r.id == made[0].id]
    assert first.status == "duplicate" and "yours was kept" in first.reason
    assert bookmarks.get(path, made[0].id).note == "mine"
    page = json.loads(exported)
    for item in page["items"]:
        del item["id"]
    outcomes = [r.status for r in exchange.import_json(path, json.dumps(page))]
    assert sorted(outcomes) == ["duplicate", "duplicate", "imported"]


def test_importing_what_was_deleted_brings_it_back(path: Path) -> None:
    made = filled(path)[0]
    exported = exchange.export_json(path)
    bookmarks.delete(path, made.id)
    assert [r.status for r in exchange.import_json(path, exported) if r.id == made.id] == ["imported"]
    assert bookmarks.get(path, made.id) == made


def item(**changes: object) -> dict[str, object]:
    whole: dict[str, object] = {
        "target": {"source": "x", "selector": [{"type": "TextQuoteSelector", "exact": "words"}]},
        "body": [],
        "loccit:work": "report",
    }
    return whole | changes


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (item(target=None), "target"),
        (item(target={"selector": []}), "TextQuoteSelector"),
        (item(target={"selector": [{"type": "TextQuoteSelector"}]}), "exact"),
        (item(target={"selector": [{"type": "TextQuoteSelector", "exact": 3}]}), "exact"),
        (item(body="x"), "body"),
        (item(body=[{"purpose": "tagging", "value": 3}]), "value"),
        (item(**{"loccit:kind": "song"}), "no kind"),
        (item(**{"loccit:work": ""}), "work"),
        (item(created="yesterday"), "not a time"),
        (item(created=3), "not a time"),
        (item(id="urn:uuid:nonsense"), "not the id"),
        (item(body=[{"value": "\ud800"}]), "letters that no text has"),
        (item(target={"selector": [
            {"type": "TextQuoteSelector", "exact": "words"}, {"type": "TextPositionSelector", "start": -1},
        ]}), "no place"),
        ("text", "target"),
        (None, "target"),
        ([], "target"),
    ],
)  # fmt: skip
def test_a_bad_item_fails_with_its_reason_and_the_others_go_in(
    path: Path, wrong: object, reason: str
) -> None:
    results = exchange.import_json(path, json.dumps([item(), wrong, item(body=[{"value": "other"}])]))
    assert [r.status for r in results] == ["imported", "failed", "imported"]
    assert reason in results[1].reason
    assert len(bookmarks.listed(path)) == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ("{", "line 1"),
        ('{"a": 1}', "no “items”"),
        ("3", "no “items”"),
        ("null", "no “items”"),
        ("[" * 100_000, "nested|not JSON"),
        (json.dumps([1] * (exchange.MOST_IMPORTED + 1)), "one import takes"),
    ],
)
def test_what_is_no_export_is_refused_whole(path: Path, text: str, reason: str) -> None:
    with pytest.raises(reader.Refused, match=reason):
        exchange.import_json(path, text)
    assert not path.exists()


def test_markdown_shows_words_and_notes_as_words(path: Path) -> None:
    bookmarks.add(
        path, kept("hard vote", note="<script>alert(1)</script>", tags=("a",), label="Hale <b>, Report")
    )
    markdown = exchange.export_markdown(path)
    assert "## Hale &lt;b>, Report" in markdown and "> hard vote" in markdown
    assert "&lt;script>" in markdown and "<script" not in markdown
    assert "#a · <https://example.org/report>" in markdown


kinds = st.sampled_from(["passage", "quotation", "comparison"])
letters = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"))
drafts = st.builds(
    bookmarks.Draft,
    work_id=letters.filter(bool),
    exact=letters.filter(str.strip),
    prefix=letters,
    suffix=letters,
    start=st.integers(0, 2**40),
    kind=kinds,
    quotation_id=st.none() | letters.filter(bool),
    note=letters,
    tags=st.lists(letters.filter(lambda name: "," not in name and len(name) < 90), max_size=4).map(tuple),
    label=letters,
    url=letters,
)


@settings(deadline=None, max_examples=40)
@given(st.lists(drafts, max_size=4))
def test_whatever_is_kept_comes_out_and_goes_in_again(
    tmp_path_factory: pytest.TempPathFactory, given_: list[bookmarks.Draft]
) -> None:
    folder = tmp_path_factory.mktemp("reader")
    for one in given_:
        bookmarks.add(folder / "a", one)
    exported = exchange.export_json(folder / "a")
    exchange.import_json(folder / "b", exported)
    held = {b.id: b for b in bookmarks.listed(folder / "b")}
    kept_here = {b.id: b for b in bookmarks.listed(folder / "a")}
    assert all(kept_here[bookmark_id] == b for bookmark_id, b in held.items())
    assert len(held) <= len(kept_here) == len(given_)


def test_writes_at_once_are_all_kept(path: Path) -> None:
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda n: bookmarks.add(path, kept("hard vote", note=str(n))), range(24)))
    assert {b.id for b in bookmarks.listed(path)} == {b.id for b in made}

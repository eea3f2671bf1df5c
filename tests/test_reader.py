"""The reader's records: nothing is lost, nothing is put on other words, nothing is written by reading."""

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import NotThere, ReaderError
from indexer.models import Document, Span, Work
from web import anchoring, reader
from web.reader import bookmarks, changes, exchange, file
from web.reader.bookmarks import Asked
from web.reader.changes import Edit

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


def edit(path: Path, bookmark_id: str, **wanted: object) -> changes.Change:
    return changes.edit(path, [bookmark_id], Edit(**wanted))  # type: ignore[arg-type]


def test_editing_changes_what_is_asked_and_nothing_else(path: Path) -> None:
    made = bookmarks.add(path, kept("hard vote", note="one", tags=("a", "b")))
    [edited] = edit(path, made.id, note=" two ", tags=("b", "  c  d ", "", "b")).bookmarks
    assert (edited.note, edited.tags) == ("two", ("b", "c d"))
    assert bookmarks.get(path, made.id) == edited
    assert replace(edited, note="one", tags=("a", "b"), modified=made.modified) == made
    [painted] = edit(path, made.id, colour="red", folder=" Trials // 1937 /").bookmarks
    assert (painted.colour, painted.folder, painted.note) == ("red", "Trials/1937", "two")


def test_a_deleted_bookmark_can_be_brought_back(path: Path) -> None:
    made = bookmarks.add(path, kept("hard vote", tags=("a",)))
    gone = edit(path, made.id, deleted=True)
    assert bookmarks.listed(path) == [] and bookmarks.tags(path) == {}
    assert [b.id for b in bookmarks.listed(path, Asked(deleted=True))] == [made.id]
    assert edit(path, made.id, deleted=False).bookmarks == (made,) and bookmarks.listed(path) == [made]
    edit(path, made.id, deleted=True)
    assert bookmarks.erase(path, [made.id]) == 1 and bookmarks.listed(path, Asked(deleted=True)) == []
    with pytest.raises(NotThere):
        changes.undo(path, gone.id)


def test_only_what_was_deleted_is_erased(path: Path) -> None:
    made = bookmarks.add(path, kept("hard vote"))
    assert bookmarks.erase(path, [made.id, "nope"]) == 0 and bookmarks.listed(path) == [made]


def test_what_is_not_there_is_named(path: Path) -> None:
    made = bookmarks.add(path, kept("hard vote"))
    with pytest.raises(NotThere, match="no bookmark “nope”"):
        bookmarks.get(path, "nope")
    with pytest.raises(NotThere, match="no bookmark “nope”"):
        changes.edit(path, [made.id, "nope"], Edit(note="x"))
    assert bookmarks.listed(path) == [made]


# Many at once


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Edit(add=("new", "a")), [("a", "new"), ("b", "new", "a"), ("new", "a")]),
        (Edit(take=("a", "b")), [(), (), ()]),
        (Edit(add=("x",), take=("a",)), [("x",), ("b", "x"), ("x",)]),
        (Edit(folder="Trials/1937"), [("a",), ("b",), ()]),
        (Edit(colour="green"), [("a",), ("b",), ()]),
        (Edit(deleted=True), [("a",), ("b",), ()]),
    ],
)
def test_a_change_of_many_is_undone_whole(path: Path, wanted: Edit, expected: list[tuple[str, ...]]) -> None:
    made = [
        bookmarks.add(path, kept("hard vote", note=str(n), tags=t))
        for n, t in enumerate([("a",), ("b",), ()])
    ]
    before = exchange.export_json(path)
    change = changes.edit(path, [b.id for b in made], wanted)
    assert [b.tags for b in change.bookmarks] == expected
    assert all(
        b.folder == (wanted.folder or "") and b.colour == (wanted.colour or "") for b in change.bookmarks
    )
    assert bookmarks.count(path) == (0 if wanted.deleted else 3)
    undone = changes.undo(path, change.id)
    assert exchange.export_json(path) == before and undone.left == ()
    assert changes.size(path, change.id) == 0
    assert changes.undo(path, change.id).bookmarks == (), "undoing twice changes nothing"


def test_a_refused_change_of_many_changes_none_of_them(path: Path) -> None:
    full = tuple(f"t{n}" for n in range(bookmarks.MOST_TAGS))
    made = [bookmarks.add(path, kept("hard vote")), bookmarks.add(path, kept("water", tags=full))]
    with pytest.raises(reader.Refused, match="50 tags"):
        changes.edit(path, [b.id for b in made], Edit(add=("one more",)))
    assert sorted(b.tags for b in bookmarks.listed(path)) == [(), full]


def test_undoing_leaves_alone_what_was_changed_since(path: Path) -> None:
    one, two = bookmarks.add(path, kept("hard vote")), bookmarks.add(path, kept("water"))
    change = changes.edit(path, [one.id, two.id], Edit(folder="A"))
    edit(path, one.id, note="mine")
    undone = changes.undo(path, change.id)
    assert undone.left == (one.id,) and [b.id for b in undone.bookmarks] == [two.id]
    assert bookmarks.get(path, one.id).note == "mine" and bookmarks.get(path, two.id) == two


def test_old_changes_are_forgotten_and_the_bookmarks_are_not(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MOST_CHANGES", 2)
    made = bookmarks.add(path, kept("hard vote"))
    done = [edit(path, made.id, note=str(n)).id for n in range(3)]
    with pytest.raises(NotThere, match="no longer be undone"):
        changes.undo(path, done[0])
    assert changes.undo(path, done[2]).bookmarks[0].note == "1"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"note": "x" * (bookmarks.LONGEST_NOTE + 1)}, "note is longer"),
        ({"tags": tuple(map(str, range(bookmarks.MOST_TAGS + 1)))}, "more than 50 tags"),
        ({"tags": ("x" * 101,)}, "tag is longer"),
        ({"note": "a\0b"}, "letters that no text has"),
        ({"note": "a\ud800b"}, "letters that no text has"),
        ({"colour": "\ud800"}, "letters that no text has"),
        ({"folder": "/".join("abcdefghijk")}, "more than 10 deep"),
        ({"folder": "x" * 301}, "folder's name is longer"),
        ({"colour": "mauve"}, "“mauve” is no colour: yellow"),
        ({"address": "/search?q=x"}, "Only a search"),
        ({"kind": "search"}, "address of its page here"),
        ({"kind": "search", "address": "https://elsewhere.example/search"}, "address of its page here"),
        ({"kind": "search", "address": "//elsewhere.example"}, "address of its page here"),
        ({"kind": "search", "address": "/\\elsewhere.example"}, "address of its page here"),
        ({"kind": "search", "address": "/search?q=" + "x" * 4000}, "longer than an address"),
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
        ({"work": "other"}, ["three"]),
        ({"folder": "Votes"}, ["two", "one"]),
        ({"folder": "Votes/Hard"}, ["two"]),
        ({"folder": "Vote"}, []),
        ({"folder": "%"}, []),
        ({"colour": "red"}, ["three"]),
        ({"kind": "paragraph"}, ["three"]),
        ({"text": "hard votes"}, ["two"]),
        ({"tag": "vot_"}, []),
        ({"text": "%"}, []),
        ({"text": "ÜBER"}, ["three"]),
        ({"text": "ENGINEERS heard"}, ["one"]),
        ({"text": "vote"}, ["two", "one"]),
        ({"text": "nothing such"}, []),
        ({"text": "vote " * 1500}, ["two", "one"]),
        ({"text": "1"}, []),
        ({"tag": "vote", "text": "two"}, ["two"]),
    ],
)
def test_bookmarks_are_listed_newest_first_and_kept_to_what_is_asked(
    path: Path, monkeypatch: pytest.MonkeyPatch, asked: dict[str, str], expected: list[str]
) -> None:
    times = iter(f"2026-01-0{n}T00:00:00.000Z" for n in range(1, 4))
    monkeypatch.setattr(file, "now", lambda: next(times))
    bookmarks.add(path, kept("engineers were heard", note="one", tags=("vote",), folder="Votes"))
    bookmarks.add(path, kept("regret nothing", note="two", tags=("vote", "Regret"), folder="Votes/Hard"))
    other = replace(
        kept("water"), work_id="other", note="three", colour="red", kind="paragraph", label="über"
    )
    bookmarks.add(path, other)
    assert [b.note for b in bookmarks.listed(path, Asked(**asked))] == expected  # type: ignore[arg-type]
    assert bookmarks.count(path, Asked(**asked)) == len(expected)  # type: ignore[arg-type]
    assert bookmarks.facets(path) == {
        "tag": {"Regret": 1, "vote": 2},
        "folder": {"Votes": 2, "Votes/Hard": 1},
        "colour": {"red": 1},
        "kind": {"paragraph": 1, "passage": 2},
        "work": {"other": 1, "report": 2},
    }


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("newest", "321"),
        ("oldest", "123"),
        ("work", "321"),
        ("folder", "213"),
        ("colour", "132"),
        ("changed", "132"),
    ],
)
def test_every_order_of_the_list(
    path: Path, monkeypatch: pytest.MonkeyPatch, sort: str, expected: str
) -> None:
    times = iter(f"2026-01-0{n}T00:00:00.000Z" for n in range(1, 6))
    monkeypatch.setattr(file, "now", lambda: next(times))
    made = [
        bookmarks.add(path, kept("regret nothing", note="1", label="b", folder="b", colour="green")),
        bookmarks.add(path, kept("hard vote", note="2", label="b", folder="a")),
        bookmarks.add(path, kept("water", note="3", label="A", folder="b/c", colour="red")),
    ]
    edit(path, made[2].id, tags=("x",))
    edit(path, made[0].id, tags=("x",))
    found = bookmarks.listed(path, sort=sort)
    assert "".join(b.note for b in found) == expected
    assert bookmarks.listed(path, sort=sort, first=1, most=1) == found[1:2]


# The file


def test_reading_makes_no_file(path: Path) -> None:
    assert bookmarks.listed(path) == [] and bookmarks.tags(path) == {}
    assert exchange.export_json(path) and bookmarks.count(path) == 0
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


OLD = {
    "bookmark": {
        "id": "b", "work_id": "report", "exact": "hard vote", "start": 200, "kind": "passage",
        "note": "an old note", "created": "2026-01-01T00:00:00Z", "modified": "2026-01-01T00:00:00Z",
    },
    "tag": {"bookmark_id": "b", "rank": 0, "name": "old"},
    "judgement": {"id": "j", "work_id": "essay", "exact": "hard vote", "start": 3, "opinion": "wrong",
                  "note": "no", "right_work": "report", "right_exact": "hard", "right_start": 7,
                  "created": "2026-01-01"},
    "search": {"id": "s", "name": "Votes", "parameters": "q=vote", "seen": "{}", "looked": "2026-01-01"},
    "change": {"id": "c", "made": "2026-01-01"},
    "changed": {"change_id": "c", "bookmark_id": "b", "before": "{}", "after": '{"note": "x"}'},
    "account": {"name": "marlow", "hash": "h"},
    "session": {"token": "t", "account": "marlow", "until": "2027-01-01"},
}  # fmt: skip
"""A row of every table of every version, as far as it is not empty."""


def rows(path: Path) -> dict[str, list[dict[str, object]]]:
    """What each table holds, column by name."""
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        names = [name for (name,) in db.execute("select name from sqlite_schema where type = 'table'")]
        return {name: [dict(row) for row in db.execute(f"select * from {name}")] for name in names}


def file_of(path: Path, version: int) -> None:
    """Writes a file of a version that has such a row in each of its tables."""
    with closing(sqlite3.connect(path)) as db:
        for part in file._versions()[:version]:
            for statement in part:
                db.execute(statement)
        db.execute(f"pragma user_version = {version}")
        db.commit()
        for name in rows(path):
            columns = db.execute(f"pragma table_info({name})")
            row = {column: "" for _, column, _, not_null, *_ in columns if not_null} | OLD[name]
            marks = ", ".join("?" * len(row))
            db.execute(f"insert into {name} ({', '.join(row)}) values ({marks})", [*row.values()])
        db.commit()


@pytest.mark.parametrize("version", range(1, len(file._versions())))
def test_a_file_of_every_released_version_is_read_and_brought_up_to_date(path: Path, version: int) -> None:
    file_of(path, version)
    before = path.read_bytes()
    [read] = bookmarks.listed(path)
    assert (read.note, read.tags, read.exact, read.folder) == ("an old note", ("old",), "hard vote", "")
    assert path.read_bytes() == before, "reading migrates in memory"
    [edited] = edit(path, read.id, folder="New").bookmarks
    assert edited == replace(read, folder="New", modified=edited.modified)
    assert bookmarks.listed(path) == [edited]


@pytest.mark.parametrize("version", range(1, len(file._versions()) + 1))
def test_no_row_of_any_table_of_any_version_is_lost(path: Path, version: int) -> None:
    file_of(path, version)
    before = rows(path)
    assert all(before.values())
    bookmarks.add(path, kept("hard vote"))
    after = rows(path)
    for name, [old] in before.items():
        assert any(old.items() <= new.items() for new in after[name]), (name, after[name])


def test_a_newer_file_is_left_alone(path: Path) -> None:
    made = bookmarks.add(path, kept("hard vote"))
    db = sqlite3.connect(path)
    db.execute("pragma user_version = 99")
    db.close()
    for attempt in (
        lambda: bookmarks.listed(path),
        lambda: bookmarks.add(path, kept("water")),
        lambda: edit(path, made.id, deleted=True),
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
    real = bookmarks.insert

    def breaks(db: sqlite3.Connection, b: bookmarks.Bookmark) -> None:
        real(db, b)
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(exchange, "insert", breaks)
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


@settings(max_examples=150)
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
        bookmarks.add(path, replace(kept("water"), url="", work_id="nowhere", colour="blue", folder="A/b")),
        bookmarks.add(path, bookmarks.Draft("", "harbour", kind="search", address="/search?q=harbour")),
        bookmarks.add(path, kept("hard vote", nth=1, kind="comparison", quotation_id="essay-007")),
    ]  # fmt: skip


def test_export_import_export_gives_the_same_bytes(path: Path) -> None:
    made = filled(path)
    other = path.with_name("other.sqlite3")
    exported = exchange.export_json(path)
    results = exchange.import_json(other, exported)
    assert [(r.number, r.status) for r in results] == [(n, "imported") for n in range(1, len(made) + 1)]
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
    edit(path, made[0].id, note="mine", tags=())
    [first, *_] = [r for r in exchange.import_json(path, exported) if r.id == made[0].id]
    assert first.status == "duplicate" and "yours was kept" in first.reason
    assert bookmarks.get(path, made[0].id).note == "mine"
    page = json.loads(exported)
    for item in page["items"]:
        del item["id"]
    outcomes = [r.status for r in exchange.import_json(path, json.dumps(page))]
    assert sorted(outcomes) == ["duplicate"] * 4 + ["imported"]


def test_importing_what_was_deleted_brings_it_back(path: Path) -> None:
    made = filled(path)[0]
    exported = exchange.export_json(path)
    edit(path, made.id, deleted=True)
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
        (item(**{"loccit:kind": "\ud800"}), "“?” is no kind"),
        (item(**{"loccit:colour": "\ud800"}), "letters that no text has"),
        (item(created="\ud800"), "“?” is not a time"),
        (item(**{"loccit:work": ""}), "work"),
        (item(**{"loccit:colour": "mauve"}), "no colour"),
        (item(**{"loccit:kind": "search", "loccit:address": "https://x.example/"}), "address of its page"),
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


# What Hypothes.is exports


def row(**changes: object) -> dict[str, object]:
    """A row as its API gives it, about invented words."""
    whole: dict[str, object] = {
        "id": "q7Zl9kPXEe6", "created": "2024-03-01T10:20:30.123456+00:00",
        "updated": "2024-03-02T10:20:30.5+00:00",
        "user": "acct:reader@hypothes.is", "uri": "https://example.org/report", "text": "A *note*.",
        "tags": ["vote", "a, b"], "group": "__world__",
        "document": {"title": ["Report of the Harbour Commission"]},
        "target": [{"source": "https://example.org/report", "selector": [
            {"type": "RangeSelector", "startContainer": "/p[1]", "startOffset": 3, "endOffset": 9},
            {"type": "TextPositionSelector", "start": 310, "end": 319},
            {"type": "TextQuoteSelector", "exact": "hard vote", "prefix": "It was a ", "suffix": ", and"},
        ]}],
    }  # fmt: skip
    return whole | changes


@pytest.mark.parametrize("start", [0, 5, 9])
def test_words_near_the_beginning_of_a_text_are_put_on_themselves(path: Path, start: int) -> None:
    """Of another page, or unknown, their place may lie before the letters that are kept ahead of them."""
    target = [{"selector": [
        {"type": "TextPositionSelector", "start": start, "end": start + 5},
        {"type": "TextQuoteSelector", "exact": "was heard", "prefix": "The chairman ", "suffix": " by all"},
    ]}]  # fmt: skip
    exchange.import_json(path, json.dumps([row(target=target)]), works)
    [b] = bookmarks.listed(path)
    text = "The chairman was heard by all who came."
    assert anchoring.anchor(b, text) == Span(13, 22)


def works(url: str) -> str | None:
    return "report" if url == "https://example.org/report" else None


@pytest.mark.parametrize(
    "wrap", [lambda rows: {"total": 1, "rows": rows}, lambda rows: {"annotations": rows}, list]
)
def test_what_hypothes_is_exports_comes_in(path: Path, wrap: object) -> None:
    text = json.dumps(wrap([row()]))  # type: ignore[operator]
    assert [r.status for r in exchange.import_json(path, text, works)] == ["imported"]
    [b] = bookmarks.listed(path)
    assert (b.work_id, b.exact, b.note, b.tags) == ("report", "hard vote", "A *note*.", ("vote", "a b"))
    assert (b.created, b.modified) == ("2024-03-01T10:20:30.123Z", "2024-03-02T10:20:30.500Z")
    assert (b.label, b.url) == ("Report of the Harbour Commission", "https://example.org/report")
    assert anchoring.anchor(b, TEXT) == span("hard vote")
    assert [r.status for r in exchange.import_json(path, text, works)] == ["duplicate"]
    exported = exchange.export_json(path)
    exchange.import_json(path.with_name("other"), exported)
    assert exchange.export_json(path.with_name("other")) == exported


@pytest.mark.parametrize(
    ("changes_", "status", "reason"),
    [
        ({"uri": "https://elsewhere.example/page"}, "imported", ""),
        ({"uri": ""}, "failed", "“uri” is missing"),
        ({"uri": 3}, "failed", "“uri” is missing"),
        ({"target": []}, "failed", "note on a whole page"),
        ({"target": [{"source": "x"}]}, "failed", "note on a whole page"),
        ({"references": ["abc"]}, "failed", "reply"),
        ({"tags": "vote"}, "failed", "no list"),
        ({"tags": [3]}, "failed", "not a text"),
        ({"text": None}, "imported", ""),
        ({"text": 3}, "failed", "not a text"),
        ({"created": "last week"}, "failed", "not a time"),
        ({"document": None}, "imported", ""),
        ({"target": [{"selector": [{"type": "RangeSelector"}]}]}, "failed", "TextQuoteSelector"),
    ],
)  # fmt: skip
def test_each_row_has_its_result(path: Path, changes_: dict[str, object], status: str, reason: str) -> None:
    sent = json.dumps({"rows": [row(**changes_), row(id="another")]})
    results = exchange.import_json(path, sent, works)
    assert [r.status for r in results] == [status, "imported"] and reason in results[0].reason


def test_of_a_page_that_is_not_held_the_words_are_kept_with_its_address(path: Path) -> None:
    exchange.import_json(path, json.dumps([row(uri="https://elsewhere.example/page")]), works)
    [b] = bookmarks.listed(path)
    assert (b.work_id, b.url, b.exact) == ("", "https://elsewhere.example/page", "hard vote")


# Copies


def test_a_copy_is_made_while_others_write_and_put_back(path: Path) -> None:
    made = filled(path)
    copy = path.with_name("copy.sqlite3")
    with file.writing(path) as db:
        db.execute("delete from bookmark")
        reader.backup(path, copy)
        db.execute("insert into tag values ('x', 0, 'never kept')")
    assert bookmarks.count(path) == 0
    assert {b.id for b in bookmarks.listed(copy)} == {b.id for b in made}
    before = reader.restore(path, copy)
    assert before is not None and bookmarks.count(before) == 0, "what was there before is kept"
    assert sorted(b.id for b in bookmarks.listed(path)) == sorted(b.id for b in made)
    assert bookmarks.add(path, kept("water")) in bookmarks.listed(path)


def test_a_copy_comes_back_where_nothing_was_kept(path: Path) -> None:
    filled(path)
    other = path.with_name("other.sqlite3")
    assert reader.restore(other, path) is None and exchange.export_json(other) == exchange.export_json(path)


def test_a_copy_is_never_written_over_another_file(path: Path) -> None:
    filled(path)
    held = path.read_bytes()
    with pytest.raises(ReaderError, match="there already"):
        reader.backup(path, path)
    assert path.read_bytes() == held
    with pytest.raises(ReaderError, match="nothing to copy"):
        reader.backup(path.with_name("none"), path.with_name("copy"))
    with pytest.raises(ReaderError, match="could not be written"):
        reader.backup(path, path.with_name("no-folder") / "copy")


@pytest.mark.parametrize(
    "content", [b"", b"no database" * 500, None], ids=["empty", "another file", "another database"]
)
def test_what_is_no_copy_is_not_put_back(path: Path, content: bytes | None) -> None:
    filled(path)
    exported = exchange.export_json(path)
    wrong = path.with_name("wrong")
    if content is None:
        db = sqlite3.connect(wrong)
        db.execute("create table song (title text)")
        db.close()
    else:
        wrong.write_bytes(content)
    with pytest.raises(ReaderError, match="Nothing was changed"):
        reader.restore(path, wrong)
    assert exchange.export_json(path) == exported


def test_a_damaged_copy_is_not_put_back(path: Path) -> None:
    filled(path)
    for n in range(300):
        bookmarks.add(path, kept("water", note=f"{n} " * 100))
    copy = path.with_name("copy")
    reader.backup(path, copy)
    spoilt = bytearray(copy.read_bytes())
    for at in range(len(spoilt) // 2, len(spoilt) - 100, 4096):
        spoilt[at : at + 64] = b"\xff" * 64
    copy.write_bytes(spoilt)
    with pytest.raises(ReaderError, match="Nothing was changed"):
        reader.restore(path, copy)
    assert bookmarks.count(path) == 305


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
    colour=st.sampled_from(["", *bookmarks.COLOURS]),
    folder=letters.filter(lambda name: "/" not in name and len(name) < 90),
)


@settings(max_examples=40)
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
    assert held == kept_here and len(held) == len(given_)
    assert exchange.export_json(folder / "b") == exported


def test_writes_at_once_are_all_kept(path: Path) -> None:
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda n: bookmarks.add(path, kept("hard vote", note=str(n))), range(24)))
    assert {b.id for b in bookmarks.listed(path)} == {b.id for b in made}

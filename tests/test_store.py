"""What is written comes back as it was, and the records that scripts read keep their promise."""

import json
from collections import Counter
from collections.abc import Callable, Sized
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import store
from indexer.errors import IndexUnusable, NoIndex, NotThere, OtherVersion
from indexer.models import (
    Alignment,
    Anchor,
    Block,
    Change,
    Citation,
    Collection,
    Document,
    Entry,
    FileReport,
    Finding,
    Link,
    Part,
    Passage,
    Piece,
    Place,
    Provenance,
    Quotation,
    Span,
    Verdict,
    Work,
)

ESSAY = Work("essay", "papers", "essay", "An essay", author="A. Marlow", file="papers/essay.txt")
LETTER = Work(
    "letter", "papers", "source", "A letter", "Hale", 1911, "4 March 1911", "https://example.org/letter",
    ("https://example.org/copy",), "papers/letter.txt", None, ("The Letter",), ("essay",), "en",
    "CC0", "a note",
)  # fmt: skip
ABSENT = Work("book", "papers", "source", "A book", url="https://example.org/book")

TEXT = "“The vote was taken” (Hale)"
SOURCE = "I say [1] that the vote was taken, but late.\n\n1. A note."
DOCUMENT = Document(
    LETTER,
    SOURCE,
    (
        Block("speech", Span(0, 44), "Second session", "HALE"),
        Block("note", Span(46, 56)),
    ),
    (Anchor("page", Span(0, 0), "212"), Anchor("note", Span(6, 9), "1", 46)),
    (Link(Span(0, 1), "https://example.org/x"),),
    (Span(15, 33),),
    (Span(2, 5),),
)
QUOTATION = Quotation(
    "essay-001", "essay", Span(1, 19), "inline", (Part("words", Span(1, 19), "HALE"),), Span(22, 26)
)
CITATION = Citation(
    "essay-001",
    Span(22, 26),
    "Hale",
    "Hale",
    "Hale",
    "A letter",
    None,
    None,
    None,
    "letter",
    "resolved",
    ("letter",),
)
FOUND = Finding(
    QUOTATION,
    TEXT[1:19],
    CITATION,
    Alignment("essay-001", Place("letter", Span(15, 33)), (Piece(Span(1, 19), "letter", Span(15, 33)),), 31.5,
              others=(Place("letter", Span(2, 5)),)),
    Verdict(
        "altered",
        (Change("omitted", "", "late", Span(19, 19), Span(39, 43), False),),
        ("cut-short",),
        (("cut-short", "the sentence goes on"),),
        Span(33, 44),
    ),
    True,
)  # fmt: skip
ENTRY = Entry(
    "essay", Span(0, 4), "Hale, A letter", "Hale", "A letter", 1911, "https://example.org/letter", "letter"
)


def write(folder: Path, **records: object) -> store.Store:
    writer = store.Writer(folder)
    writer.collections([Collection("papers", "Papers", "Letters", "CC0")])
    writer.works([ESSAY, LETTER, ABSENT], {"papers/letter.txt": 10})
    writer.provenance([Provenance("papers/letter.txt", "ab", 56, "2026-01-02", "text/plain", None)])
    writer.reports([FileReport("papers/letter.txt", "indexed", words=10)])
    writer.document(DOCUMENT, [Passage("letter.1", "letter", Span(0, 44), "p. 212", "HALE")])
    writer.document(Document(ESSAY, TEXT, (Block("para", Span(0, len(TEXT))),)), [])
    writer.findings(records.get("findings", [FOUND]))  # type: ignore[arg-type]
    writer.entries([ENTRY])
    writer.close()
    return store.Store(folder)


@pytest.fixture
def records(tmp_path: Path) -> store.Store:
    return write(tmp_path / "g")


def test_every_record_comes_back_as_it_was(records: store.Store) -> None:
    assert records.works() == [ABSENT, ESSAY, LETTER]
    assert records.document("letter") == DOCUMENT
    assert records.findings() == [FOUND] == records.findings("essay")
    assert records.finding("essay-001") == FOUND
    assert records.entries("essay") == [ENTRY]
    assert records.collections() == [Collection("papers", "Papers", "Letters", "CC0")]
    assert records.provenance("papers/letter.txt") == Provenance(
        "papers/letter.txt", "ab", 56, "2026-01-02", "text/plain", None
    )
    assert records.reports() == [FileReport("papers/letter.txt", "indexed", words=10)]
    assert records.passages("letter") == [records.passage("letter.1")]
    assert records.faults() == []


def test_works_are_kept_to_what_is_asked(records: store.Store) -> None:
    assert [w.id for w in records.works(kind="essay")] == ["essay"]
    assert [w.id for w in records.works(held=False)] == ["book"]
    assert [w.id for w in records.works(collection="papers", kind="source", held=True)] == ["letter"]
    assert records.works(collection="other") == []


def test_where_a_work_is_quoted(records: store.Store) -> None:
    assert [p.span for p, _ in records.quoting("letter")] == [Span(2, 5), Span(15, 33)]
    assert {f.quotation.id for _, f in records.quoting("letter")} == {"essay-001"}
    assert records.quoting("essay") == []
    assert records.quoted_counts() == {"letter": 1}


def test_the_passage_at_a_character(records: store.Store) -> None:
    found = records.passage_at("letter", 20)
    assert found is not None and found.id == "letter.1"
    assert records.passage_at("book", 20) is None


def test_counts(records: store.Store) -> None:
    wanted = {"works": 3, "held": 2, "documents": 2, "passages": 1, "words": 10, "quotations": 1}
    assert records.counts() == wanted
    assert records.verdicts() == {"altered": 1} == records.verdicts("essay")
    assert records.words() == {"essay": 0, "letter": 10}


@pytest.mark.parametrize("ask", ["work", "document", "passage", "finding"])
def test_what_does_not_exist_is_named(records: store.Store, ask: str) -> None:
    with pytest.raises(NotThere, match="“nobody”"):
        getattr(records, ask)("nobody")


def test_the_text_of_a_work_that_is_not_held(records: store.Store) -> None:
    with pytest.raises(NotThere, match="not held"):
        records.document("book")


def test_the_record_of_a_quotation_is_as_promised(records: store.Store) -> None:
    got = json.loads(json.dumps(store.finding_json(records, FOUND)))
    assert list(got) == [
        "id", "work", "start", "end", "text", "form", "citation", "verdict", "warnings", "in_cited_work",
        "source", "places", "pieces", "changes", "score",
    ]  # fmt: skip
    assert got["source"] == {
        "work": "letter", "title": "A letter", "url": "https://example.org/letter",
        "path": "papers/letter.txt",
        "start": 15, "end": 33, "text": "the vote was taken", "locator": "Second session, p. 212",
        "speaker": "HALE",
    }  # fmt: skip
    assert list(got["places"][0]) == list(got["source"])
    assert list(got["citation"]) == [
        "text", "said_by", "author", "title", "locator", "via", "url", "work", "outcome", "candidates",
    ]  # fmt: skip
    assert got["pieces"] == [{"quote": [1, 19], "work": "letter", "source": [15, 33]}]
    assert got["changes"] == [
        {"kind": "omitted", "quote": "", "source": "late", "quote_span": [19, 19], "source_span": [39, 43],
         "marked": False}
    ]  # fmt: skip
    assert (got["verdict"], got["warnings"], got["in_cited_work"]) == ("altered", ["cut-short"], True)


def test_a_citation_that_says_nothing_is_null() -> None:
    assert store.citation_json(None) is None
    assert store.citation_json(Citation("x")) is None
    said = store.citation_json(Citation("x", said_by="Hale"))
    assert said is not None and said["text"] is None and said["said_by"] == "Hale"


def test_the_record_of_an_entry_is_as_promised(records: store.Store) -> None:
    got = store.entry_json(records, ENTRY)
    assert list(got) == ["work", "start", "end", "text", "author", "title", "year", "url", "held"]
    assert got["held"] is True


spans = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)).map(lambda p: Span(min(p), max(p)))
texts = st.text(max_size=20)


part_kinds = st.sampled_from(["words", "ellipsis", "bracket", "label"])
change_kinds = st.sampled_from(["omitted", "inserted", "replaced", "moved"])


@settings(max_examples=30)
@given(
    parts=st.lists(st.builds(Part, part_kinds, spans, texts), max_size=3),
    attribution=st.none() | spans,
    changes=st.lists(st.builds(Change, change_kinds, texts, texts, spans, spans, st.booleans()), max_size=3),
    follows=st.none() | spans,
    inside=st.none() | st.booleans(),
    aligned=st.booleans(),
)
def test_any_finding_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, parts, attribution, changes, follows, inside, aligned
) -> None:
    finding = Finding(
        Quotation("essay-001", "essay", Span(1, 19), "block", tuple(parts), attribution),
        "text \x00 “…”",
        None,
        FOUND.alignment if aligned else None,
        Verdict("spliced", tuple(changes), (), (), follows),
        inside,
    )
    assert write(tmp_path_factory.mktemp("g"), findings=[finding]).findings() == [finding]


def test_seeds_are_mapped_from_disk(tmp_path: Path) -> None:
    store.save_seeds(tmp_path, {"a": np.arange(5), "b": np.zeros(0, np.int32)})
    got = store.Store(tmp_path).seeds()
    assert list(got) == ["a", "b"]
    assert isinstance(got["a"], np.memmap)
    assert got["a"].tolist() == [0, 1, 2, 3, 4]


def test_no_index_and_another_layout_say_what_to_run(tmp_path: Path) -> None:
    index = tmp_path / "index"
    index.mkdir()
    with pytest.raises(NoIndex, match="Run: loccit index"):
        store.current(index)
    (index / "current").write_text("000001-x\n")
    with pytest.raises(NoIndex, match="--rebuild"):
        store.current(index)
    writer = store.Writer(index / "000001-x")
    writer.close()
    assert store.current(index) == index / "000001-x"


def test_an_index_of_another_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = tmp_path / "index"
    store.Writer(index / "000001-x").close()
    (index / "current").write_text("000001-x\n")
    monkeypatch.setattr(store.layout, "LAYOUT", "99")
    with pytest.raises(OtherVersion, match=r"layout \d+.*reads layout 99.*--rebuild"):
        store.current(index)
    (index / "000001-x" / store.RECORDS).write_bytes(b"not a database")
    with pytest.raises(OtherVersion, match="--rebuild"):
        store.current(index)


@pytest.mark.parametrize(
    "locator, pages, offset, wanted",
    [
        (None, [], 5, None),
        ("Second session", [], 5, "Second session"),
        ("Second session, p. 12", [(0, "12")], 5, "Second session, p. 12"),
        ("Second session, p. 1", [(0, "1"), (4, "12")], 5, "Second session, p. 12"),
        (None, [(4, "12"), (8, "13")], 5, "p. 12"),
        ("Chapter 1", [(8, "13")], 5, "Chapter 1"),
    ],
)
def test_where_a_character_stands(
    locator: str | None, pages: list[tuple[int, str]], offset: int, wanted: str | None
) -> None:
    anchors = tuple(Anchor("page", Span(at, at), label) for at, label in pages)
    document = Document(LETTER, SOURCE, (Block("para", Span(0, 44), locator, "HALE"),), anchors)
    assert store.where(document, offset) == (wanted, "HALE")


def test_the_marks_of_notes_do_not_part_a_phrase_that_is_searched(records: store.Store) -> None:
    (text,) = records.texts(["letter.1", "nobody"]).values()
    assert text == SOURCE[:44].replace("[1]", "   ")
    assert store.searched(DOCUMENT, Span(7, 44)) == text[7:]


def essays(folder: Path, number: int) -> store.Store:
    """Records of so many essays, each with a quotation, its place and an entry."""
    writer = store.Writer(folder)
    writer.collections([Collection("papers", "Papers", "Letters", "CC0")])
    every = [replace(ESSAY, id=f"e{n}", file=f"papers/e{n}.txt") for n in range(number)]
    writer.works([LETTER, *every], {})
    writer.document(DOCUMENT, [])
    for work in every:
        name, alignment = f"{work.id}-001", FOUND.alignment
        assert alignment is not None
        quotation = replace(QUOTATION, id=name, essay_id=work.id)
        writer.findings(
            [replace(FOUND, quotation=quotation, alignment=replace(alignment, quotation_id=name))]
        )
        writer.entries([replace(ENTRY, essay_id=work.id)])
    writer.close()
    return store.Store(folder)


@pytest.mark.parametrize(
    "ask",
    [
        lambda records: records.findings("e3"),
        lambda records: [records.finding("e3-001")],
        lambda records: records.entries("e3"),
        lambda records: records.verdicts("e3"),
    ],
    ids=["findings", "finding", "entries", "verdicts"],
)
def test_what_is_known_of_one_essay_of_many_costs_what_it_costs_of_few(
    tmp_path: Path, ask: Callable[[store.Store], Sized]
) -> None:
    """All quotations and places of the archive were once gone through for each quotation."""

    def steps(number: int) -> int:
        records, done = essays(tmp_path / str(number), number), Counter[str]()
        assert len(ask(records)) == 1
        db = records._local.db
        db.set_progress_handler(lambda: done.update("x"), 1)
        ask(records)
        return done.total()

    assert steps(500) < 2 * steps(10)


def test_damaged_records_are_named_with_what_to_do(tmp_path: Path) -> None:
    """A page of the file that is no page any more ended every command with a traceback."""
    path = essays(tmp_path, 500).folder / store.RECORDS
    raw = bytearray(path.read_bytes())
    raw[8192:] = b"\xa5" * len(raw[8192:])
    path.write_bytes(raw)
    records = store.Store(tmp_path)
    with pytest.raises(IndexUnusable, match="loccit index --rebuild"):
        records.findings()
    assert records.faults()

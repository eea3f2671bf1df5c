"""The reader beyond its words: lasting addresses, speakers, notes, the strip, bookmarks in the text."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote_plus

import made
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import fulltext
from indexer.models import Anchor, Block, Collection, Document, Provenance, Span, Work
from indexer.store import FULLTEXT, Writer
from web import create_app, reader
from web.read.paragraphs import draw
from web.read.permalink import meant, opening, permalink
from web.read.sheets import LONGEST_PART, Sheet, sheet
from web.read.strip import HIGH, LONG, LOWEST, strip
from web.read.turns import kept_to, speakers

WORK = Work(
    "w", "c", "source", "T", "Ada Pell", 1911, url="https://example.org/t", file="c/w.txt", licence="CC0-1.0",
    edition="Harbour Papers, vol. 3", edition_year=1965,
)  # fmt: skip
TURNS = [
    "Hale: I was there.",
    "Voss: And I.",
    "Voss: All the day.",
    "The court rose.",
    "Hale: I left.",
    "Hale: At noon.",
]


def document(paragraphs: list[str], kinds: dict[int, str] | None = None) -> Document:
    """A document of paragraphs; "Name: " at the beginning of one is its speaker; `kinds` count from 1."""
    blocks, at = [], 0
    for number, paragraph in enumerate(paragraphs, 1):
        turn = re.match(r"(\w+): ", paragraph)
        kind = (kinds or {}).get(number, "speech" if turn else "para")
        blocks.append(Block(kind, Span(at, at + len(paragraph)), None, turn[1] if turn else None))  # type: ignore[arg-type]
        at += len(paragraph) + 2
    return Document(WORK, "\n\n".join(paragraphs), tuple(blocks))


def with_notes() -> Document:
    """Two paragraphs with marks of one note, the heading "Notes", and the note."""
    held = document(["He came.[1] So did she.[1]", "Notes", "[1] On foot."], {2: "heading", 3: "note"})
    note = held.blocks[2].span.start
    anchors = [
        Anchor("note", Span(m.start(), m.end()), "1", note) for m in re.finditer(r"\[1\]", held.text[:note])
    ]
    return Document(WORK, held.text, held.blocks, tuple(anchors))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path


def app_with(archive: Path, held: Document) -> Flask:
    """The pages over an archive that holds only this document."""
    folder = archive / "index" / "g1"
    writer = Writer(folder)
    writer.collections([Collection("c", "C")])
    writer.works([held.work], {})
    writer.document(held, made.passages(held))
    writer.provenance(
        [Provenance("c/w.txt", "ab" * 32, 1234, "2026-11-25", "text/plain", "https://example.org/t?as=txt")]
    )
    writer.close()
    fulltext.write(folder / FULLTEXT, [made.record(held, p) for p in made.passages(held)])
    (archive / "index" / "current").write_text("g1")
    return create_app(archive)


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


# ---------------------------------------------------------------------------- lasting addresses

TEXT = [
    "The barque left the harbour at noon with wool and hides.",
    "Yes.",
    "Nobody on the hill had seen the flag that day, or said so.",
    "The second barque left at one with nothing but sand in her.",
    "Yes.",
]
SHOUTED = "NOBODY, on the hill, had seen the “flag” that day."
EDITS: dict[str, tuple[Callable[[list[str]], list[str]], int | None]] = {
    "nothing": (lambda t: t, 3),
    "a paragraph put in before": (lambda t: ["A new foreword of the editor.", *t], 4),
    "the first taken out": (lambda t: t[1:], 2),
    "joined with the one before": (lambda t: [t[0], f"{t[1]} {t[2]}", *t[3:]], 2),
    "other marks and capitals": (lambda t: [*t[:2], SHOUTED, *t[3:]], 3),
    "its end rewritten": (lambda t: [*t[:2], "Nobody on the hill had seen the ensign.", *t[3:]], 3),
    "put last": (lambda t: [*t[:2], *t[3:], t[2]], 5),
    "its beginning rewritten": (lambda t: [*t[:2], "No man on the hill had seen the flag.", *t[3:]], None),
    "doubled elsewhere, and gone here": (lambda t: [t[2], t[0], t[1], t[3], t[2]], None),
    "no text at all": (lambda _: [], None),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_an_address_means_its_paragraph_whatever_became_of_the_text(name: str) -> None:
    edit, number = EDITS[name]
    words = opening(sheet(document(TEXT)), 3)
    assert words == "Nobody on the hill had seen the"
    assert meant(sheet(document(edit(TEXT))), 3, words).found == number


def test_a_short_paragraph_is_told_from_its_likes_by_what_follows() -> None:
    whole = sheet(document(TEXT))
    assert opening(whole, 2) == "Yes. Nobody on the hill had seen"
    moved = sheet(document(["A foreword.", *TEXT]))
    assert meant(moved, 2, opening(whole, 2)).found == 3
    assert meant(whole, 5, opening(whole, 5)).found == 5
    assert meant(moved, 5, opening(whole, 5)).found is None


WORDS = st.lists(st.sampled_from(["ash", "birch", "cedar", "elm", "fir", "gum"]), min_size=1, max_size=12)
PARAGRAPHS = st.lists(WORDS.map(" ".join), min_size=1, max_size=8)


@given(PARAGRAPHS, PARAGRAPHS, st.data())
@settings(max_examples=200)
def test_an_address_never_means_other_words(before: list[str], after: list[str], data: st.DataObject) -> None:
    """In its own text an address means its paragraph; in another one a paragraph with its words, or none."""
    old, new = sheet(document(before)), sheet(document(after))
    number = data.draw(st.integers(1, len(before)))
    asked = opening(old, number).split()
    assert meant(old, number, " ".join(asked)).found == number
    found = meant(new, number, " ".join(asked)).found
    if found is not None:
        own, running = after[found - 1].split(), " ".join(after[found - 1 :]).split()
        stands = any(running[at : at + len(asked)] == asked for at in range(len(own)))
        assert stands or own == asked[: len(own)]


def test_the_page_goes_to_where_the_words_stand_now(archive: Path) -> None:
    client = app_with(archive, document(["A foreword.", *TEXT])).test_client()
    old = permalink(sheet(document(TEXT)), 3)
    answer = client.get(f"/read/w{old.partition('#')[0]}")
    assert answer.status_code == 302 and answer.headers["Location"].endswith("#p4")
    html = page(client, answer.headers["Location"].partition("#")[0])
    assert "This address was made" not in html and 'id="p4"' in html
    assert permalink(sheet(document(["A foreword.", *TEXT])), 4).replace("&", "&amp;") in html


def test_words_that_are_gone_are_said_to_be(archive: Path) -> None:
    client = app_with(archive, document(TEXT)).test_client()
    gone = "<b>seven zebras yodelled in the rain"
    html = page(client, f"/read/w?at=3&words={quote_plus(gone)}")
    assert "No one paragraph of the text begins so now; paragraph 3 is shown" in html
    assert "<b>seven" not in html and "&lt;b&gt;seven" in html


# ------------------------------------------------------------------------------------- speakers


def test_who_speaks_and_how_often() -> None:
    found = [(s.name, s.turns, s.first) for s in speakers(sheet(document(TURNS)))]
    assert found == [("Hale", 2, 1), ("Voss", 1, 2)]
    assert speakers(sheet(document(TEXT))) == []
    assert speakers(sheet(document(["Hale: I am alone.", "Hale: Yes."]))) == []


def test_what_lies_between_the_turns_of_one_is_folded() -> None:
    drawn = draw(sheet(document(TURNS)), 1, []).paragraphs
    groups = kept_to(drawn, "Hale", ())
    assert [([p.number for p in g.paragraphs], g.folded, g.speakers) for g in groups] == [
        ([1], False, ()), ([2, 3, 4], True, ("Voss",)), ([5, 6], False, ()),
    ]  # fmt: skip
    assert [g.opened for g in kept_to(drawn, "Hale", {4})] == [False, True, False]
    assert [p for g in groups for p in g.paragraphs] == list(drawn)
    assert [g.folded for g in kept_to(drawn, None, ())] == [False]


def test_a_transcript_is_kept_to_a_speaker_by_a_link(archive: Path) -> None:
    client = app_with(archive, document(TURNS)).test_client()
    assert 'href="/read/w?speaker=Hale"' in page(client, "/read/w")
    html = page(client, "/read/w?speaker=Hale")
    (folded,) = re.findall(r'<details class="between">(.*?)</details>', html, re.S)
    assert "All the day." in folded and "I left." not in folded and "3 paragraphs: Voss" in folded
    assert 'class="between" open' in page(client, "/read/w?speaker=Hale&q=rose")
    assert "between" not in page(client, "/read/w?speaker=Nobody")
    said = client.get("/read/w?format=json").json
    assert said is not None and said["speakers"][0] == {"name": "Hale", "turns": 2, "first": 1}


# ---------------------------------------------------------------------------------------- notes


def test_a_note_pops_up_at_its_mark_and_stands_at_the_end_with_a_way_back(archive: Path) -> None:
    html = page(app_with(archive, with_notes()).test_client(), "/read/w")
    marks = re.findall(r'<button [^>]*class="note-mark" id="(ref\d)" popovertarget="note3"', html)
    assert marks == ["ref1", "ref2"]
    (popped,) = re.findall(r'<div popover [^>]*id="note3".*?</div>', html, re.S)
    assert "[1] On foot." in popped and 'href="#p3"' in popped
    (notes,) = re.findall(r'<section class="notes".*?</section>', html, re.S)
    assert 'href="#ref1"' in notes and 'href="#ref2"' in notes and "[1] On foot." in notes


def test_what_no_mark_points_to_stays_in_its_place_and_a_note_goes_on() -> None:
    """A note of two paragraphs is shown with its mark, far above it; a line of source where it stands."""
    paragraphs = [
        "Source: a paper.",
        "He came.[1]",
        *["x" * 999] * (LONGEST_PART // 500),
        "[1] On foot.",
        "Or not.",
    ]
    last = len(paragraphs)
    held = document(paragraphs, {1: "note", last - 1: "note", last: "note"})
    at = held.text.index("[1]")
    anchor = Anchor("note", Span(at, at + 3), "1", held.blocks[-2].span.start)
    whole = sheet(Document(WORK, held.text, held.blocks, (anchor,)))
    shown = draw(whole, 1, [])
    assert whole.parts > 1 and [p.number for p in shown.notes] == [last - 1, last]
    assert shown.paragraphs[0].number == 1 and not draw(whole, whole.parts, []).notes


def test_a_heading_of_nothing_but_notes_stands_over_them(archive: Path) -> None:
    shown = draw(sheet(with_notes()), 1, [])
    assert shown.over_notes and shown.over_notes.number == 2
    assert [p.number for p in shown.paragraphs] == [1] and [p.number for p in shown.notes] == [3]
    html = page(app_with(archive, with_notes()).test_client(), "/read/w")
    assert re.search(r'<h2 id="notes"[^>]*><span id="p2">Notes</span></h2>', html)
    assert html.count('id="p2"') == 1


# ------------------------------------------------------------------------------------- the strip


def long() -> Sheet:
    return sheet(document(["x" * 999] * (2 * LONGEST_PART // 1000)))


def test_the_strip_shows_where_and_how_often() -> None:
    whole = long()
    length = len(whole.document.text)
    places = [Span(10, 20), Span(30, 40), Span(length - 5, length)]
    drawn = strip(whole, 1, {"quoted": places, "hit": []})
    assert drawn is not None
    (lane,) = drawn.lanes
    assert lane.total == 3 and [(b.x, b.count, b.number) for b in lane.bars] == [
        (0.0, 2, 1), (LONG - 10.0, 1, len(whole.blocks)),
    ]  # fmt: skip
    assert [b.height for b in lane.bars] == [HIGH, LOWEST]
    assert drawn.here is not None and drawn.here[0] == 0.0 and 0 < drawn.here[1] < LONG
    assert strip(whole, 1, {"quoted": []}) is None
    assert strip(sheet(Document(WORK, "", ())), 1, {"quoted": [Span(0, 0)]}) is None


@given(st.lists(st.integers(0, 2 * LONGEST_PART - 2500), min_size=1, max_size=60))
@settings(max_examples=50)
def test_every_place_is_in_one_bar(starts: list[int]) -> None:
    drawn = strip(long(), 1, {"kept": [Span(at, at + 1) for at in starts]})
    assert drawn is not None
    (lane,) = drawn.lanes
    assert sum(bar.count for bar in lane.bars) == lane.total == len(starts)
    assert all(0 <= bar.x < LONG and LOWEST <= bar.height <= HIGH for bar in lane.bars)


# ------------------------------------------------------------------------------ beside the text


def test_bookmarks_are_marked_where_their_words_stand(archive: Path) -> None:
    held = document(TEXT)
    client = app_with(archive, held).test_client()
    at = held.text.index("the flag that day")
    kept = reader.bookmarks.draft(
        held,
        Span(at, at + len("the flag that day")),
        note="<i>which?",
        tags=("flags",),
        colour="red",
    )
    made_one = reader.bookmarks.add(archive / reader.FILE, kept)
    html = page(client, "/read/w")
    assert '<mark class="own-words red">the flag that day</mark>' in html
    (beside,) = re.findall(r'<p class="own">.*?</p>', html, re.S)
    assert f'href="/bookmarks/{made_one.id}"' in beside and "&lt;i&gt;which?" in beside and "#flags" in beside
    record = client.get("/read/w?format=json").json
    assert record is not None and record["kept"][0]["span"] == {"start": at, "end": at + 17}


def test_a_text_can_be_read_where_bookmarks_cannot(archive: Path) -> None:
    client = app_with(archive, document(TEXT)).test_client()
    (archive / reader.FILE).write_text("no database at all, and longer than a header of one would be" * 20)
    html = page(client, "/read/w")
    assert "Your bookmarks cannot be shown" in html and "Nobody on the hill" in html


def test_a_text_says_where_it_comes_from(archive: Path) -> None:
    html = page(app_with(archive, document(TEXT)).test_client(), "/read/w")
    facts = html.partition("Where this text comes from")[2]
    for fact in (
        "https://example.org/t",
        "as=txt",
        "2026-11-25",
        "ab" * 32,
        "CC0-1.0",
        "raw/c/w.txt",
        "vol. 3 (1965)",
    ):
        assert fact in facts, fact


def test_headings_that_only_say_the_work_again_are_not_contents(archive: Path) -> None:
    held = document(
        ["Ada Pell", "T", "(1911)", "Words.", "One", "More.", "Two", "More."],
        dict.fromkeys((1, 2, 3, 5, 7), "heading"),
    )
    record = app_with(archive, held).test_client().get("/read/w?format=json").json
    assert record is not None and [h["text"] for h in record["contents"]] == ["One", "Two"]

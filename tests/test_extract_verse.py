"""Verse that no mark-up names, on pages and in plain texts, and lines that are none."""

import pytest

from indexer.extract import extract
from indexer.models import Work

RHYMED = [
    "The ferry left the quay at dawn,",
    "And none of us had slept;",
    "The lamps along the wall were gone",
    "Where once the pilots kept.",
]
BLANK = [
    "O harbour that I knew in youth,",
    "Your water climbs the steps,",
    "The clocks have stopped,",
    "I wait.",
]
PROSE = "The ferry had been lost for years, and the song was all that was left of it in the harbour. " * 3
STANZA = ["We rowed until the evening came", "And nobody was there."]
VERSE = [RHYMED, BLANK, ["“Who goes there?” cried the keeper old;", "The night was black,", *RHYMED[2:]]]
NO_VERSE = [
    ["Care of the pilots.", "A day of eight hours.", "Higher wages.", "Insurance against the flood."],
    ["The Harbour Question", "By Ada Harrow", "Quay Press", "3s. 6d."],
    ["Yours fraternally,", "ADA HARROW,", "BEN LOMAS,", "Secretaries of the Harbour Board."],
    ["- Petrov, the master of the ferry,", "- Yakob, who kept the lamps,", "- Osov, boiler man,", "- I."],
    ["PETROV (Pilots’ Union, Orlow);", "LOMAS (Ferry Union, Tarn);", "HARROW (Quay Union, Ansel);", "OSOV."],
    ["The Rise of the River", "The Price of the Coal", "The Closing of the Quay", "The Pilots and the Board"],
    ["The ferry left the quay at dawn, as it had", "done for years, and nobody thought of it", "before the",
     "water came."],
    ["On 3 May the ferry left, and it", "Came to Orlow on 4 May, in the", "Year 1897, which we", "Lost."],
    RHYMED[:3],
]  # fmt: skip


def kinds(raw: str, file: str) -> list[tuple[str, str]]:
    """Kind and words of each block of an invented text."""
    document = extract(
        Work("w", "c", "source", "", url=f"https://quay.example/{file}", file=file), raw.encode()
    )
    return [(block.kind, document.text[block.span.start : block.span.end]) for block in document.blocks]


def on_page(*stanzas: list[str], around: str = "p") -> list[tuple[str, str]]:
    """The blocks of a page with these stanzas between two paragraphs, without the first and the last."""
    body = "".join(f"<{around}>{'<br>'.join(lines)}</{around}>" for lines in stanzas)
    return kinds(f"<html><body><p>{PROSE}</p>{body}<p>And so it ends.</p></body></html>", "x.htm")[1:-1]


@pytest.mark.parametrize("lines", VERSE)
@pytest.mark.parametrize("around", ["p", "center", 'p class="indentb"'])
def test_a_poem_is_verse_with_its_lines(lines: list[str], around: str) -> None:
    assert on_page(lines, around=around) == [("verse", "\n".join(lines))]


@pytest.mark.parametrize("lines", NO_VERSE)
def test_other_lines_are_no_verse(lines: list[str]) -> None:
    assert on_page(lines) == [("para", "\n".join(lines))]


def test_a_short_stanza_is_verse_beside_another() -> None:
    assert [kind for kind, _ in on_page(STANZA, RHYMED, STANZA, STANZA)] == ["verse"] * 4
    assert [kind for kind, _ in on_page(STANZA)] == ["para"]


def test_a_quotation_in_verse_is_a_quotation() -> None:
    assert on_page(RHYMED, around="blockquote") == [("quote", "\n".join(RHYMED))]


@pytest.mark.parametrize("lines", VERSE)
def test_a_poem_in_a_plain_text(lines: list[str]) -> None:
    text = "\n\n".join(
        ["The Song of the Ferry", PROSE, "\n".join(lines), "\n".join(STANZA), "So it was sung."]
    )
    assert kinds(text, "x.txt")[2:4] == [("verse", "\n".join(lines)), ("verse", "\n".join(STANZA))]


def test_a_poem_in_a_wrapped_text() -> None:
    line = "The ferry had been lost for years, and the song was all that was left"
    prose = "\n".join([line] * 8)
    poem = "\n".join(f"    {line}" for line in RHYMED)
    text = f"The Song\n\n{prose}\n\n{poem}\n\n{prose}"
    assert [kind for kind, _ in kinds(text, "x.txt")] == ["heading", "para", "verse", "para"]

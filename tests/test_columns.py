"""PDF pages of different make give the words in the order of reading, and nothing of their frames."""

from collections.abc import Callable
from itertools import zip_longest

import pytest
from pdfs import Piece, drawn

from indexer.extract import extract
from indexer.extract.columns import Piece as Drawn
from indexer.extract.columns import parts
from indexer.models import Document, Work

STORY = (
    "The harbour board of Low Water met on a Monday in the old customs house. Its chairman asked for "
    "the books of the ferry, and was told that the rain had them. Nobody laughed, for the winter had "
    "been long and the price of coal had doubled twice. A clerk read out what was left of the account, "
    "a page that began in the middle of a sum and ended before its total. Two fishermen said from the "
    "door that they had paid their dues in herring, which the account did not mention. The chairman "
    "answered that herring was not money, and the fishermen that it had been money to his father. It "
    "was agreed to write to the ministry. The letter was drawn up at noon by three men who did not "
    "trust each other, so that it said very little. An answer came in the spring, and said less. By "
    "then the ferry had been sold to a dealer in timber, the clerk had gone to sea, and the customs "
    "house stood under water up to the second of its steps. "
)
LEADING, NARROW, BROAD = 12, 40, 88
FOOT = "* The minutes of the board were copied by hand in the year after, and nobody has seen the first."


Draw = Callable[[list[Piece], list[Piece]], list[Piece]]


def read(raw: bytes) -> Document:
    return extract(Work("w", "c", "source", "", file="x.pdf"), raw)


def lines(words: str, width: int, least: int = 7) -> list[str]:
    """The words in lines, those of so many letters cut where a line ends."""
    made, line = [], ""
    for word in words.split():
        if len(line) + len(word) >= width:
            cut = len(word) // 2 if word.isalpha() and len(word) >= least else 0
            made.append(line + (f"{word[:cut]}-" if cut else "").rstrip())
            line, word = "", word[cut:]
        line += f"{word} "
    return [text.rstrip() for text in [*made, line]]


def column(texts: list[str], x: float, top: float = 700) -> list[Piece]:
    return [(x, top - LEADING * row, text) for row, text in enumerate(texts)]


def by_rows(left: list[Piece], right: list[Piece]) -> list[Piece]:
    return [piece for row in zip_longest(left, right) for piece in row if piece]


def by_columns(left: list[Piece], right: list[Piece]) -> list[Piece]:
    return left + right


def by_words(left: list[Piece], right: list[Piece]) -> list[Piece]:
    """Each word by itself, as some programs draw them."""
    pieces = []
    for x, y, text in by_rows(left, right):
        for word in text.split():
            pieces.append((x, y, word))
            x += 5.4 * (len(word) + 1)
    return pieces


def by_letters(left: list[Piece], right: list[Piece]) -> list[Piece]:
    """Each letter by itself, as browsers draw them."""
    return [
        (x + 5.4 * at, y, letter) for x, y, text in by_rows(left, right) for at, letter in enumerate(text)
    ]


def head(number: int) -> list[Piece]:
    """The number outside, on the left of even pages and on the right of odd ones."""
    at = [(40.0, 750.0, str(number)), (420.0, 750.0, "THE HARBOUR REVIEW")]
    return at if number % 2 == 0 else [(40.0, 750.0, "THE HARBOUR REVIEW"), (540.0, 750.0, str(number))]


def words(document: Document) -> str:
    return " ".join(document.text.split())


@pytest.mark.parametrize("draw", [by_rows, by_columns, by_words, by_letters])
def test_two_columns_however_they_are_drawn(draw: Draw) -> None:
    told = lines(STORY * 6, NARROW)
    pages = [told[at : at + 60] for at in range(0, len(told), 60)]
    raw = drawn([
        head(41 + n) + draw(column(page[:30], 40), column(page[30:], 310)) for n, page in enumerate(pages)
    ])  # fmt: skip
    document = read(raw)
    assert words(document) == (STORY * 6).strip()
    assert [a.label for a in document.anchors if a.kind == "page"] == [str(41 + n) for n in range(len(pages))]


def test_a_title_and_a_foot_over_both_columns_stand_before_and_after_them() -> None:
    told = lines(STORY, NARROW)
    half = len(told) // 2 + 2  # the left column is longer by some lines
    title, foot = [(150.0, 740.0, "Minutes of the Harbour Board")], [(40.0, 90.0, FOOT)]
    raw = drawn([title + by_rows(column(told[:half], 40), column(told[half:], 310)) + foot])
    assert words(read(raw)) == f"Minutes of the Harbour Board {STORY}{FOOT}"


def test_a_heading_over_both_columns_parts_what_stands_above_it_from_what_stands_below() -> None:
    told = lines(STORY, NARROW, least=99)
    across = "What became of the ferry, the customs house and the people of the harbour"
    above = by_rows(column(told[:6], 40), column(told[6:12], 310))
    below = by_rows(column(told[12:18], 40, 580), column(told[18:24], 310, 580))
    raw = drawn([[*above, (40, 600, across), *below]])
    assert words(read(raw)) == " ".join([*told[:12], across, *told[12:24]])


@pytest.mark.parametrize("draw", [by_rows, by_words, by_letters])
def test_one_column_stays_one(draw: Draw) -> None:
    told = lines(STORY * 4, BROAD)
    pages = [told[at : at + 15] for at in range(0, len(told), 15)]
    raw = drawn([head(8 + n) + draw(column(page, 40), []) for n, page in enumerate(pages)])
    assert words(read(raw)) == (STORY * 4).strip()


def test_a_table_is_read_row_by_row() -> None:
    names = ["Herring", "Coal", "Timber", "Rope", "Tar", "Salt", "Lamp oil", "Nails"]
    rows = by_rows(column(names, 40), column([str(n) for n in range(1, 9)], 310))
    assert words(read(drawn([rows]))).startswith("Herring 1 Coal 2 Timber 3")


def test_a_page_without_a_gutter_is_read_as_it_was_drawn() -> None:
    row = [Drawn(x, 700 - y, 30) for y in range(0, 200, 12) for x in (40, 60)]
    assert parts(row, 0, 600) is None
    assert parts([], 0, 600) is None

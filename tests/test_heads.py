"""A scanned book as archives give it: one plain text, its pages known by their running heads alone."""

import random
import re
from itertools import pairwise

import pytest
from test_columns import STORY, lines, words

from indexer.extract import extract, heads
from indexer.models import Document, Work

WIDTH, LINES = 60, 12
FIRST = 124
# What a reader of letters makes of them now and then.
MISREAD = [("h", "li"), ("e", "c"), ("m", "rn"), ("I", "l"), ("O", "0"), ("A", "4")]


def head(number: int) -> str:
    return f"{number} LOW WATER" if number % 2 == 0 else f"THE OLD FERRY {number}"


def book(pages: int = 10, misread: float = 0.0, without: tuple[int, ...] = ()) -> str:
    """Pages with their heads between blank lines; `without` lack them, as where a chapter begins."""
    chance = random.Random(3)
    told = lines(STORY * 9, WIDTH)
    parts = []
    for number in range(pages):
        top = head(FIRST + number)
        if chance.random() < misread:
            top = top.replace(*chance.choice(MISREAD[3:])).replace("1", "I")
        body = "\n".join(told[number * LINES : (number + 1) * LINES])
        parts.append(body if number in without else f"{top}\n\n{body}")
    return "Low Water: a History of its Ferry\n\n\n" + "\n\n\n".join(parts) + "\n"


def read(text: str) -> Document:
    return extract(Work("w", "c", "source", "", file="x.txt"), text.encode())


def told(pages: int) -> str:
    """What the pages say, with the last word as they cut it."""
    return " ".join(lines(STORY * 9, WIDTH)[: pages * LINES])


def test_heads_go_and_say_where_each_page_begins() -> None:
    document = read(book())
    assert "LOW WATER" not in document.text and "FERRY" not in document.text
    labels = [a.label for a in document.anchors if a.kind == "page"]
    assert labels == [str(FIRST - 1), *(str(FIRST + n) for n in range(10))]
    assert words(document).startswith("Low Water: a History of its Ferry The harbour board")
    whole = re.sub(r"(\w)- ", r"\1", told(10))
    assert words(document).endswith(whole)


def test_a_page_without_a_head_is_one_with_the_page_before_it() -> None:
    labels = [a.label for a in read(book(without=(4,))).anchors if a.kind == "page"]
    assert "127–128" in labels and "128" not in labels


def test_misread_heads_go_and_no_page_is_misnumbered() -> None:
    document = read(book(pages=16, misread=0.3))
    assert not re.search(r"L.W W.TER|FERRY", document.text)
    labels = [a.label for a in document.anchors if a.kind == "page"]
    assert all(int(a.split("–")[-1]) + 1 == int(b.split("–")[0]) for a, b in pairwise(labels))


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join(f"Chapter {n}\n\n{STORY}" for n in range(1, 12)),
        "\n\n".join(f"{n} Of the ferry\n\n{STORY}" for n in range(1, 12)),
        "\n\n".join(f"The winter of {n}\n\n{STORY}" for n in range(1901, 1912)),
        STORY,
        "",
    ],
)  # fmt: skip
def test_chapters_and_years_are_no_pages(text: str) -> None:
    assert heads.pages(text) is None


def test_a_page_that_is_one_line_of_signs_is_gone_through_once() -> None:
    told = lines(STORY * 9, WIDTH)
    pages = [["- " * 30_000, *told[at : at + LINES]] for at in range(0, 4 * LINES, LINES)]
    text = "\f".join("\n".join(page) for page in pages)
    document = extract(Work("w", "c", "source", "", file="w.txt"), text.encode())
    assert "asked for the books of the ferry" in words(document)

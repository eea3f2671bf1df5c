"""Author and date of texts without mark-up, from the lines below the title."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.extract import extract
from indexer.extract.front import matter
from indexer.models import Work

PROSE = (
    "The members of the board met on the quay at six in the morning, since the hall was under water, and"
    " spoke for the better part of an hour of the ferry, the tide and the price of coal. "
)
TITLE = "The Bridge at Low Water"


def read(text: str, file: str = "bridge.txt") -> Work:
    """What a text says of itself."""
    return extract(Work("w", "c", "essay", "", file=file), text.encode()).work


FRONTS = [
    ("By A. Harrow, 1921", "A. Harrow", "1921"),
    ("by Ada Harrow (1933)", "Ada Harrow", "1933"),
    ("By Ada Harrow", "Ada Harrow", None),
    ("By Ada Harrow and Ben Lomas, May 1921", "Ada Harrow and Ben Lomas", "1921-05"),
    ("By A.B. Harrow Jr.", "A.B. Harrow Jr.", None),
    ("By A. Harrow.", "A. Harrow", None),
    ("Ada von Harrow", "Ada von Harrow", None),
    ("Ada of Orlow", None, None),
    ("By Ada Harrow, translated by Ben Lomas", "Ada Harrow", None),
    ("Written by Ada Harrow in 1921", "Ada Harrow", "1921"),
    ("Ada Harrow | 3 May 1938", "Ada Harrow", "1938-05-03"),
    ("Вера Орлова, 1921", "Вера Орлова", "1921"),
    ("By Our Orlow Correspondent", None, None),
    ("New Orlow, 1921", None, None),
    ("San Orlow", None, None),
    ("Ada Harrow Club", None, None),
    ("U.S. Pilots, 1936", None, None),
    ("BY V.I. HARROW", "V.I. Harrow", None),
    ("von Ada Harrow", "Ada Harrow", None),
    ("A. Harrow", "A. Harrow", None),
    ("Ada Harrow", "Ada Harrow", None),
    ("Ada Harrow, 1935", "Ada Harrow", "1935"),
    ("A. Harrow (March 1921)", "A. Harrow", "1921-03"),
    ("(1921)", None, "1921"),
    ("1921", None, "1921"),
    ("Orlow, 3 March 1921", None, "1921-03-03"),
    ("3 March 1921\nA. Harrow", "A. Harrow", "1921-03-03"),
    ("A. Harrow\n\nOrlow, 3 March 1921", "A. Harrow", "1921-03-03"),
    ("First published: 1921", None, "1921"),
    ("First published in March 1921", None, "1921-03"),
    ("Written: 3 March 1921\nFirst published: 1924", None, "1921-03-03"),
    ("Author: Ada Harrow\nDate: 1921", "Ada Harrow", "1921"),
    ("Translated by Ben Lomas", None, None),
    ("By Ada Harrow\nTranslated by Ben Lomas, 1967", "Ada Harrow", None),
    ("Translated by Ben Lomas\nBy Ada Harrow\n(1921)", "Ada Harrow", "1921"),
    ("A reply to the board of the harbour\nBy Ada Harrow", "Ada Harrow", None),
    ("*By **Ada Harrow**, 1921*", "Ada Harrow", "1921"),
    ("By the Orlow Harbour Board, 1921", "Orlow Harbour Board", "1921"),
    ("BY THE BOARD OF THE HARBOUR", "Board Of The Harbour", None),
    # What is no byline.
    ("By the board of the harbour", None, None),
    ("By the Office", None, None),
    ("By the Sea", None, None),
    ("By 1921 the water had come to the harbour", None, None),
    ("By Friday Morning the ferry was lost", None, None),
    ("The Harbour", None, None),
    ("Better Part", None, None),
    ("Red October, 1917", None, None),
    ("RED PILOTS", None, None),
    ("Introduction", None, None),
    ("The Meeting of 3 March 1921", None, None),
    ("A history of the years 1917–1921", None, None),
    ("Orlow Press, 1937", None, None),
    ("Note: the minutes are lost", None, None),
]


@pytest.mark.parametrize(("front", "author", "date"), FRONTS)
def test_the_lines_below_a_title(front: str, author: str | None, date: str | None) -> None:
    text = f"{TITLE}\n\n{front}\n\n{PROSE * 4}\n\nNothing else was said.\n"
    work = read(text)
    assert (work.title, work.author, work.date) == (TITLE, author, date)
    marked = read(f"# {TITLE}\n\n{front}\n\n{PROSE * 4}\n\nNothing else was said.\n", "bridge.md")
    assert (marked.title, marked.author, marked.date) == (TITLE, author, date)


@pytest.mark.parametrize(("front", "author", "date"), FRONTS)
def test_no_line_of_the_text_is_lost_for_it(front: str, author: str | None, date: str | None) -> None:
    text = f"{TITLE}\n{front}\n\n{PROSE * 4}\n"
    document = extract(Work("w", "c", "essay", "", file="x.txt"), text.encode())
    assert document.text.split() == text.split()


def test_who_is_spoken_of_is_not_the_author() -> None:
    text = f"{TITLE}\n\nAda Harrow\n\n{PROSE * 4} Harrow said nothing."
    assert read(text).author is None


@pytest.mark.parametrize(
    ("head", "title", "author", "date"),
    [
        ("A. Harrow\n\nTheses on Coal", "Theses on Coal", "A. Harrow", None),
        ("Ada Harrow\nTheses on Coal\n(April 1921)", "Theses on Coal", "Ada Harrow", "1921-04"),
        ("Title: Theses on Coal\nAuthor: Ada Harrow\nDate: 3 May 1921", "Theses on Coal", "Ada Harrow",
         "1921-05-03"),
        ("Orlow Harbour\n\nTheses on Coal", "Orlow Harbour", None, None),
    ],
)  # fmt: skip
def test_an_author_above_the_title(head: str, title: str, author: str | None, date: str | None) -> None:
    work = read(f"{head}\n\n{PROSE * 4}")
    assert (work.title, work.author, work.date) == (title, author, date)


def test_a_life_is_called_by_whom_it_is_about() -> None:
    work = read(f"Ada Harrow\n\nChildhood in Orlow\n\n{PROSE * 4} Harrow said nothing.")
    assert (work.title, work.author) == ("Ada Harrow", None)


def test_a_byline_further_down_is_somebody_else_s() -> None:
    lines = "A reply to the board\nWith a map\nBy Ada Harrow"
    assert read(f"{TITLE}\n\n{lines}\n\n{PROSE * 4}").author is None
    assert read(f"{TITLE}\n\n{PROSE * 4}\n\nBy Ada Harrow\n\n{PROSE}").author is None


MATTERS = [
    ("title: Low Water\nauthor: Ada Harrow\ndate: 1921-03-05", ("Low Water", "Ada Harrow", "1921-03-05")),
    ('title: "Low Water: A Reply"\nauthors: [Ada Harrow, Ben Lomas]\ndate: March 1921',
     ("Low Water: A Reply", "Ada Harrow, Ben Lomas", "1921-03")),
    ("layout: post\nauthor:\n- Ada Harrow\n- Ben Lomas\ntags: [quay]", (None, "Ada Harrow, Ben Lomas", None)),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), MATTERS)
def test_front_matter_of_markdown(lines: str, expected: tuple[str | None, str, str | None]) -> None:
    raw = f"---\n{lines}\n---\n\nThe quay stood.\n\n{PROSE}".encode()
    document = extract(Work("w", "c", "essay", "", file="x.md"), raw)
    title, author, date = expected
    work = document.work
    assert (work.title, work.author, work.date) == (title or "The quay stood.", author, date)
    assert document.text == f"The quay stood.\n\n{PROSE.strip()}" and document.remarks == ()


@pytest.mark.parametrize(
    "text",
    [
        "---\nThe quay stood.\n---\n\nMore.",
        "---\nNote: a\n---\n\nMore.",
        "---\ntitle: Low Water\n\nMore.",
        "---",
    ],
)
def test_what_is_no_front_matter_is_text(text: str) -> None:
    assert matter(text) == (text, {})


@settings(max_examples=200)
@given(st.text(st.sampled_from("-:\n\r []ab,\"'title#"), max_size=80))
def test_front_matter_takes_nothing_but_whole_lines_from_the_beginning(text: str) -> None:
    for begun in (text, f"---\n{text}", f"---\ntitle: a\n{text}\n---\nb"):
        rest, facts = matter(begun)
        assert begun.endswith(rest) and (rest == begun or facts)


def test_lines_of_any_system_are_looked_through_once() -> None:
    """With "\\r\\n" each line could be read in two ways, sixty of them in more than there is time for."""
    text = "---\r\n" + "Some words.\r\n" * 80
    assert matter(text) == (text, {})
    assert matter("---\r\ntitle: Low Water\r\n---\r\nIt fell.") == ("It fell.", {"stated": "Low Water"})

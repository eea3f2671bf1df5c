"""The place cited beside the place where the words stand: what is said, and where silence is due."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.numbers import number, roman
from indexer.verdict import cited_places

PAGES = st.integers(1, 1399)
SCRAP = [
    *(
        "p. ",
        "pp.",
        "ch. ",
        "Chapter ",
        "second ",
        "session",
        "Teil ",
        "§",
        "xii",
        "7",
        "41",
        "1897",
        " May ",
    ),
    *("f.", "ff", "–", ", ", " and ", "/", ": ", "(", ")", "a", "von "),
]
SCRAPS = st.lists(st.sampled_from(SCRAP), max_size=9).map("".join)
ROMAN = {
    1000: "M", 900: "CM", 500: "D", 400: "CD", 100: "C", 90: "XC", 50: "L", 40: "XL",
    10: "X", 9: "IX", 5: "V", 4: "IV", 1: "I",
}  # fmt: skip

# What the essay cites, how the text held names the place, and whether they are the same; None for silence.
TABLE = [
    ("p. 41", "p. 43", False),
    ("p. 41", "p. 41", True),
    ("p.41", "Second session, p. 41", True),
    ("pp. 41-3", "p. 43", True),
    ("pp. 41–43", "p. 44", False),
    ("pp. 188-9, 192", "p. 192", True),
    ("pp. 11, 13 and 15ff.", "p. 16", True),
    ("pp. 11, 13 and 15ff.", "p. 14", False),
    ("S. 41 u. 43", "p. 43", True),
    ("с. 41", "p. 40", False),
    ("41f.", "p. 42", True),
    ("41f.", "p. 43", False),
    ("41ff.", "p. 43", True),
    ("41ff.", "p. 40", False),
    ("41-3", "p. 42", True),
    ("41a", "p. 41", True),
    ("p. 12", "p. 12a", True),
    ("p. xii", "p. xii", True),
    ("p. xii", "p. XIV", False),
    ("p. 5, 1937", "p. 5", True),
    ("vol. 12, p. 160", "p. 161", False),
    ("ch. 3", "Drittes Kapitel: Die Bank", True),
    ("ch. 3", "Chapter IV. The Bank", False),
    ("chapter XII", "Chapter Twelve", True),
    ("ch. II", "The Stolen Minute. Chapter II: The Book", True),
    ("first session", "Third Session, January 24", False),
    ("session II", "Second Sitting", True),
    ("11th sitting", "Eleventh Sitting", True),
    ("Rule 10", "Rule 9", False),
    ("§ 1", "§ 2. Of flags", False),
    ("March 10, 1897", "AMBROSE TARROW TO EDITH LORNE, 10 MARCH 1897", True),
    ("letter of 2 April 1897", "To her sister, 1 April 1897", False),
    # Nobody knows how far "ff." goes.
    ("41ff.", "p. 45", None),
    # Pages in Roman numbers are a row of their own.
    ("p. xii", "p. 12", None),
    # One side names no place of the kind, or another kind.
    ("p. 41", "Chapter 41", None),
    ("p. 41", "", None),
    ("Lorne to Agnes", "p. 41", None),
    # A year is no page, nor is the number of an issue.
    ("1921", "p. 1921", None),
    ("New Times 44 (1990)", "p. 3", None),
    # The row of numbers goes on in a way that is not read, or names a kind twice.
    ("p. 41 / 43", "p. 43", None),
    ("p. 41, 3rd edition", "p. 3", None),
    ("p. 41, 12 March 1937", "p. 12", None),
    ("p. 5; p. 9", "p. 9", None),
    ("first session", "First session, 14 June 1897, p. 6", True),
    ("third session", "Report of the Inquiry: Third session, Third session, p. 21", True),
    ("1 May 1897 to 3 May 1897", "2 May 1897", None),
    # A heading that speaks of a chapter or a day is not that chapter, nor of that day.
    ("ch. 9", "A letter on Chapter 3 of the Book", None),
    ("10 March 1897", "A reply to the Gazette, March 12, 1897, by a keeper", None),
    ("31 July 1897", "The Sitting of July 31st-August 1st, 1897", None),
    ("3 May 1897", "The Strike, 1 to 5 May 1897", None),
    ("p. l", "S.L.P. and the Election", None),
    ("10 March 1897", "What was done on 12 March 1897 at the quay", None),
    # A day in both calendars is two days.
    ("10 (22) March 1897", "10 March 1897", None),
]


@pytest.mark.parametrize(("cited", "held", "same"), TABLE)
def test_places_of_one_kind_are_compared(cited: str, held: str, same: bool | None) -> None:
    found = cited_places(cited, [(held, held)])
    assert [place.same for place in found] == ([] if same is None else [same])


def test_what_is_said_is_in_the_two_texts_own_words() -> None:
    session, page = cited_places(
        "third session, pp. 19–21", [("Third Session, p. 22", "Third Session, p. 23")]
    )
    assert (session.kind, session.cited, session.found, session.same) == (
        "session", "third session", "Third Session", True
    )  # fmt: skip
    assert (page.cited, page.found, page.same) == ("pp. 19–21", "pp. 22–23", False)


def test_each_piece_counts_by_itself() -> None:
    """Pieces on pages 40 and 60 do not stand on page 50; one of them may stand on the page cited."""
    apart = [("p. 40", "p. 40"), ("p. 60", "p. 60")]
    assert [place.same for place in cited_places("p. 50", apart)] == [False]
    assert [place.same for place in cited_places("p. 60", apart)] == [True]
    assert cited_places("p. 60", [*apart, ("", "")]) == ()


@given(PAGES, PAGES, PAGES)
def test_a_page_is_the_same_if_and_only_if_the_numbers_say_so(low: int, more: int, held: int) -> None:
    high = low + more % 30
    for cited in (f"pp. {low}–{high}", f"pages {low} - {high}", f"S. {low}-{high}"):
        (place,) = cited_places(cited, [(f"p. {held}", f"p. {held}")])
        assert place.same == (low <= held <= high)


@given(SCRAPS, SCRAPS)
def test_of_any_scraps_each_kind_is_said_once_and_in_their_words(cited: str, held: str) -> None:
    found = cited_places(cited, [(held, held)])
    assert len({place.kind for place in found}) == len(found)
    assert all(place.cited in cited and place.found in held for place in found)


@given(SCRAPS)
def test_a_place_is_the_same_as_itself(name: str) -> None:
    assert all(place.same for place in cited_places(name, [(name, name)]))


@given(st.integers(1, 3999))
def test_roman_numbers_are_read_back(value: int) -> None:
    rest, made = value, ""
    for worth, letters in ROMAN.items():
        made, rest = made + letters * (rest // worth), rest % worth
    assert roman(made) == number(made) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("12th", 12), ("twelve", 12), ("Drittes", 3), ("вторая", 2), ("XIX", 19), ("iiii", 0),
     ("pier", 0), ("", 0)],
)  # fmt: skip
def test_numbers_are_read_as_they_are_written(text: str, value: int) -> None:
    assert number(text) == value

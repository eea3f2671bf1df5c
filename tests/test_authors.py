"""Which authors' lines name one person: surely, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.fulltext.authors import same_authors

ONE = [
    ("Varlam Orlov", "Orlov|V. Orlov|V.I. Orlov|VI Orlov|V I Orlov|Varlam Orlov|Orlov 1919"),
    ("Gregory Orlov", "Gregory Orlov|Grigory Orlov|G. Orlov (1883-1936)"),
    ("Dora B. Wren", "Dora Wren|Dora B. Wren|D. Wren"),
    ("William Z. Hale", "Wm. Z. Hale|William Z. Hale"),
    ("Dr. N. A. Hale", "Dr. N. A. Hale|N.A. Hale"),
    ("Béla Kern", "Bela Kern|Béla Kern"),
    ("Tom Tarnowsky", "T. H. Tarnovski|Tom Tarnowsky"),
]
OTHERS = [
    "M.N. Wren|Evelyn Wren|Wren",  # who the last is, nobody knows
    "A. Orlov|B. Orlov",
    "A. Hale|Anna Hale|Adam Hale",
    "Anna Hale & Uwe Hale|Hale",
    "Anna Hale, Uwe Kern|Anna Hale",
    "Workers' Council|Council",
    "The Times|Times",
    "Daily Herald|Herald",
    "1919|1936",
    "Orlova|Orlov",
]


@pytest.mark.parametrize(("name", "lines"), ONE)
def test_spellings_of_one_author(name: str, lines: str) -> None:
    found = same_authors(lines.split("|"))
    assert {key: set(value) for key, value in found.items()} == {name: set(lines.split("|"))}


@pytest.mark.parametrize("lines", OTHERS)
def test_where_it_is_not_sure_each_stays_alone(lines: str) -> None:
    assert sorted(same_authors(lines.split("|")).values()) == sorted((line,) for line in lines.split("|"))


NAMES = st.lists(
    st.builds(
        lambda given, family, year: f"{given} {family}{year}".strip(),
        st.sampled_from(["", "A.", "Anna", "Adam", "A. B.", "B.", "Anna Berta", "AB"]),
        st.sampled_from(["Orlov", "Orloff", "Kern", "Wren & Hale"]),
        st.sampled_from(["", "", " 1919"]),
    ),
    unique=True,
)


@given(NAMES)
def test_every_line_is_of_one_person_in_any_order(lines: list[str]) -> None:
    found = same_authors(lines)
    assert sorted(line for own in found.values() for line in own) == sorted(lines)
    assert same_authors(lines[::-1]) == found
    for own in found.values():
        initials = {line.split()[0][0] for line in own if len(line.split()) > 1 and not line[-1].isdigit()}
        assert len(initials) <= 1 or "&" in own[0]

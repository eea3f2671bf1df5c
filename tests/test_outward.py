"""Links to the passage on the original page: the source's own words, and only addresses of the web."""

from urllib.parse import unquote

import made
import pytest

from indexer.models import Span, Work
from web.outward import original

TEXT = (
    "Zero one two three four five six seven eight nine ten eleven, twelve.\n\n"
    "A second-rate block & more of it here."
)


def linked(passage: str, url: str | None = "https://example.org/a#old") -> str | None:
    start = TEXT.index(passage.split("|")[0])
    end = TEXT.index(passage.split("|")[-1]) + len(passage.split("|")[-1])
    link = original(made.document(Work("w", "c", "source", "W", url=url), TEXT), Span(start, end))
    return link and unquote(link)


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        ("four five six", "https://example.org/a#:~:text=two three-,four five six,-seven eight"),
        ("one|twelve", "https://example.org/a#:~:text=one two three four five,eight nine ten eleven, twelve"),
        ("ree four five s", "https://example.org/a#:~:text=one two-,three four five six,-seven eight"),
        ("eleven|block", "https://example.org/a#:~:text=eleven, twelve.,A second-rate block"),
    ],
)
def test_the_link_out_names_the_source_s_own_words(passage: str, expected: str) -> None:
    assert linked(passage) == expected


def test_letters_that_part_a_fragment_are_written_as_codes() -> None:
    document = made.document(Work("w", "c", "source", "W", url="https://example.org/a"), TEXT)
    link = original(document, Span(TEXT.index("second"), len(TEXT)))
    words = "second%2Drate%20block%20%26%20more%20of%20it%20here."
    assert link == f"https://example.org/a#:~:text=A-,{words}"


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"])
def test_only_addresses_of_the_web_are_linked(url: str | None) -> None:
    assert linked("four", url) is None


def test_a_pdf_takes_no_fragment() -> None:
    assert linked("four", "https://example.org/a.pdf") == "https://example.org/a.pdf"


@pytest.mark.parametrize(
    ("text", "passage", "expected"),
    [
        (
            "He was heard[1] and asked twice.",
            "He was heard[1] and asked twice.",
            "He was heard,and asked twice.",
        ),
        ("He was heard[1] and asked twice.", "heard", "He was-,heard"),
        ("Said he:[1] it was asked twice.", "it was asked", "it was asked,-twice."),
        ("He was heard[1] so[2] and asked.", "He was heard[1] so[2] and asked.", "He was heard,and asked."),
    ],
)
def test_no_mark_of_a_note_is_named(text: str, passage: str, expected: str) -> None:
    start = text.index(passage)
    document = made.document(Work("w", "c", "source", "W", url="https://example.org/a"), text)
    link = original(document, Span(start, start + len(passage)))
    assert unquote(link or "") == f"https://example.org/a#:~:text={expected}"

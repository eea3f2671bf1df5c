"""Notes at the foot of a PDF's pages stand behind the paragraph that goes on over the page."""

import pytest
from pdfs import ruled, typed, typeset
from test_columns import STORY, lines, read

from indexer.models import Document
from indexer.segment import segment
from indexer.store import where

TYPE, SMALL, LEADING = 10, 8, 12
LINES = lines(STORY.replace("coal had", "coal1 had").replace("in timber", "in timber2") * 2, 70)
FIRST, SECOND = LINES[:6], LINES[6:12]


def printed(number: int, body: list[str], notes: list[str], size: float, rule: str = "") -> str:
    """A page with its number below, its text, and what stands at its foot."""
    drawn = [typed(50, 700 - LEADING * row, line, TYPE) for row, line in enumerate(body)]
    top = 700 - LEADING * (len(body) + 1)
    drawn += [ruled(top + 4, rule == "box")] if rule else []
    drawn += [typed(50, top - 5 - 9 * row, line, size) for row, line in enumerate(notes)]
    return "".join([*drawn, typed(300, 60, str(number), TYPE)])


def as_one(printed_lines: list[str]) -> str:
    """The words of the lines, those that a line's end cut put together."""
    return " ".join(" ".join(printed_lines).replace("- ", "").replace("-", "").split())


def told(document: Document) -> list[tuple[str, str | None, str]]:
    return [(b.kind, b.locator, document.text[b.span.start : b.span.end]) for b in document.blocks]


NOTE = "1 The price is that of the winter of 1912."
MADE = [
    # (the signs of a note, its lines, their size, a rule, whether it is known as one)
    ("small type and a number that is in the text", [NOTE], SMALL, "", True),
    ("small type and a rule", ["The price is that of", "the winter of 1912."], SMALL, "line", True),
    ("a rule and a number, in type of one size", [NOTE], TYPE, "box", True),
    ("all three", [NOTE, "No other is known."], SMALL, "box", True),
    ("small type alone, as a quotation has it", ["The price is that of that winter."], SMALL, "", False),
    ("small type and a number of nothing", ["7 boats were lost in that winter."], SMALL, "", False),
    ("a number alone, as a list has it", [NOTE], TYPE, "", False),
    ("a rule alone, as below a table", ["The price is that of the winter."], TYPE, "line", False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("notes", "size", "rule", "sure"), [row[1:] for row in MADE], ids=[r[0] for r in MADE]
)
def test_notes_stand_behind_the_paragraph_that_goes_on(
    notes: list[str], size: int, rule: str, sure: bool
) -> None:
    document = read(
        typeset(
            [printed(41, FIRST, notes, size, rule), printed(42, SECOND, [], 0), printed(43, SECOND, [], 0)]
        )
    )
    joined = " ".join(f"{FIRST[-1]} {SECOND[0]}".replace("- ", "").split())
    assert (joined in document.text.replace("\n", " ")) is sure
    found = [(locator, text) for kind, locator, text in told(document) if kind == "note"]
    assert found == ([("p. 41", " ".join(notes))] if sure else [])
    assert all(word in document.text for word in " ".join(notes).split())


def test_each_page_keeps_its_own_notes() -> None:
    """Three pages of one paragraph: the notes of each are located on it, and what follows on the last."""
    notes = [
        [f"{n} {text}", f"{n + 1} Of this more was never heard."]
        for n, text in ((1, "In June."), (3, "In May."))
    ]
    text = [line.replace("first", "first3").replace("message", "message4") for line in LINES]
    bodies = [text[:6], text[6:12], [*text[12:18], "of the sum."]]
    pages = [printed(41 + n, body, notes[n] if n < 2 else [], SMALL, "line") for n, body in enumerate(bodies)]
    document = read(typeset(pages))
    kinds = [(kind, locator) for kind, locator, _ in told(document)]
    assert kinds[-4:] == [("note", "p. 41")] * 2 + [("note", "p. 42")] * 2
    body = document.text[: document.text.index("1 In June.")]
    assert as_one([body]) == as_one([line for body in bodies for line in body])
    for number, opening in ((41, STORY[:30]), (42, text[6][-30:]), (43, text[13][:30])):
        assert where(document, document.text.index(opening))[0] == f"p. {number}"
    (passage,) = [p for p in segment(document) if document.text[p.span.start :].startswith("1 In June.")]
    assert passage.locator == "p. 41"


def test_a_word_cut_by_the_end_of_the_page_is_whole_before_the_notes() -> None:
    body = [*FIRST[:5], FIRST[5].rsplit(" ", 1)[0] + " har-"]
    following = ["bour master, " + SECOND[0], *SECOND[1:]]
    pages = [printed(7, body, [NOTE], SMALL, "box"), printed(8, following, [], 0), printed(9, SECOND, [], 0)]
    document = read(typeset(pages))
    assert " harbour master, " in document.text
    assert where(document, document.text.index("harbour master,")) == ("p. 7", None)
    assert where(document, document.text.index("master, ")) == ("p. 8", None)


def test_columns_have_notes_of_their_own() -> None:
    told_ = lines(STORY.replace("winter", "winter1").replace("father", "father2"), 40)
    half = len(told_) // 2
    page = ""
    for row in range(half):
        for x, text in ((50, told_[row]), (320, told_[half + row])):
            page += typed(x, 700 - LEADING * row, text, TYPE)
    below = 700 - LEADING * (half + 1)
    page += typed(50, below, "1 Of the year before.", SMALL) + typed(320, below, "2 A pilot.", SMALL)
    document = read(typeset([page]))
    assert [text for kind, _, text in told(document) if kind == "note"] == [
        "1 Of the year before.",
        "2 A pilot.",
    ]
    assert as_one([document.text]) == as_one([*told_, "1 Of the year before.", "2 A pilot."])


def test_a_page_s_number_in_small_type_below_the_notes_is_no_note() -> None:
    pages = [printed(n, FIRST if n == 41 else SECOND, [NOTE] if n == 41 else [], SMALL) for n in (41, 42, 43)]
    small = [page.replace("/F1 10 Tf 1 0 0 1 300 60", "/F1 8 Tf 1 0 0 1 300 60") for page in pages]
    document = read(typeset(small))
    assert [text for kind, _, text in told(document) if kind == "note"] == [NOTE]
    labels = [anchor.label for anchor in document.anchors if anchor.kind == "page"]
    assert labels[:3] == ["41", "42", "43"]

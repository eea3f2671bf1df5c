"""Notes of plain texts: numbered lines that answer marks, however both are written."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import citations
from indexer.build import pasted
from indexer.extract import endnotes, extract
from indexer.models import Citation, Document, Work
from indexer.quotations import quotations

WORKS = [
    Work("keeper", "c", "source", "The Keeper of Lund Point", "Orla Fenn", 1871),
    Work("log", "c", "source", "The Log of the Brig Marrow", None, 1839),
]
TITLE = "The Lamp at Lund"
BODY = (
    "Nobody now asks about the lamp. “In the wet autumn of 1839 the lamp was carried down to the boats,”"
    " says the keeper.{} It stood “under the stairs … without its glass.”{}\n\n"
    "The mate wished to “set down a word about the oil”.{}"
)
NOTES = ("Orla Fenn, The Keeper of Lund Point (1871), ch. IV.", "Ibid.", "The Log of the Brig Marrow, p. 12.")
ENDINGS = ("In the wet autumn", "under the stairs", "set down a word")


def plain(text: str) -> Document:
    return extract(Work("essay", "c", "essay", "", file="essay.txt"), text.encode())


def cited(text: str) -> list[Citation]:
    essay = plain(text)
    found = quotations(essay)
    assert [essay.text[one.span.start :].startswith(ENDINGS) for one in found] == [True] * len(found)
    return citations.cited(essay, found, citations.shelve(WORKS))[1]


def essay(mark: str, label: str, head: str = "", between: str = "\n", before: str = "\n\n") -> str:
    signs = [("*", "†", "‡") if "*" in form else "¹²³" if "¹" in form else "123" for form in (mark, label)]
    marks = [mark.replace(mark.strip("[]() "), sign) for sign in signs[0]]
    labels = [label.replace(label.strip("[]().: "), sign) for sign in signs[1]]
    notes = between.join(a + b for a, b in zip(labels, NOTES, strict=True))
    return f"{TITLE}\n\n{BODY.format(*marks)}{before}{head}{notes}\n"


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["close", "spaced"])
@pytest.mark.parametrize(
    "head", ["", "Notes\n", "NOTES\n\n", "References:\n", "Footnotes\n", "Sources\n", "## Notes\n"]
)
@pytest.mark.parametrize(
    ("mark", "label"),
    [
        ("¹", "¹ "), ("¹", "1. "), ("[1]", "1. "), ("[1]", "[1] "), ("[1]", "1 "), ("[1]", "1) "),
        ("(1)", "(1) "), ("(1)", "1. "), ("1", "1. "), ("1", "1 "), ("*", "* "), ("*", "*"),
    ],
)  # fmt: skip
def test_numbered_lines_at_the_end_are_notes(mark: str, label: str, head: str, between: str) -> None:
    text = essay(mark, label, head, between)
    assert [block.kind for block in plain(text).blocks][-3:] == ["note"] * 3
    assert [(one.text, one.work_id) for one in cited(text)] == [
        (NOTES[0], "keeper"), ("Ibid.", "keeper"), (NOTES[2], "log"),
    ]  # fmt: skip


def test_marks_behind_a_space() -> None:
    text = essay("(1)", "(1) ").replace("”.(3)", "” (3).").replace("glass.”(2)", "glass.” (2)")
    assert [one.work_id for one in cited(text)] == ["keeper", "keeper", "log"]


def test_a_text_without_blank_lines() -> None:
    text = essay("[1]", "[1] ", "Notes\n").replace("\n\n", "\n")
    assert [block.kind for block in plain(text).blocks] == [
        "heading",
        "para",
        "para",
        "heading",
        *["note"] * 3,
    ]
    assert [one.work_id for one in cited(text)] == ["keeper", "keeper", "log"]


def test_notes_in_wrapped_lines() -> None:
    text = "\n".join(
        textwrap.fill(line, 60) for line in essay("[1]", "1. ", "Notes\n").split("\n")
    ).replace("IV.", "IV, p.\n12, Lund, Marrow and Sons, with a map of the rocks and\nlamps.")  # fmt: skip
    notes = [plain(text).text[b.span.start : b.span.end] for b in plain(text).blocks if b.kind == "note"]
    assert [note[:8] for note in notes] == ["1. Orla ", "2. Ibid.", "3. The L"]
    assert [one.work_id for one in cited(text)] == ["keeper", "keeper", "log"]


def test_notes_of_chapters_begin_anew() -> None:
    one = essay("[1]", "1. ")
    other = one.replace(TITLE, "Chapter Two").replace("Ibid.", "The Log of the Brig Marrow, p. 9.")
    assert [c.text for c in cited(f"{one}\n{other}")] == [
        NOTES[0], "Ibid.", NOTES[2], NOTES[0], "The Log of the Brig Marrow, p. 9.", NOTES[2],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "The demands were three:\n\n1. Bread for all.\n2. Oil for the lamp.\n3. A new boat.",
        "Of the lamp (1) little is known.\n\n1. Bread for all.\n2. Oil for the lamp.\n3. A new boat.",
        "He says “the lamp”[1] and “the oil”.[2]\n\n1. Bread for all.\n2. Oil for it.\n\nSo it went on.",
        "He read *The Lamp* and *The Oil*.\n\n* Bread for all.\n* Oil for the lamp.",
        "It was *so* long ago.\n\n* Bread for all.",
        "See art.1 and p.2, and the year 1842.\n\n1. Bread for all.\n2. Oil for the lamp.",
        'He asked: "1 loaf or "2 loaves?"\n\n1. Bread for all.\n2. Oil for the lamp.',
        "1. Bread for all.\n2. Oil for the lamp.",
    ],
)
def test_other_numbered_lines_stay_text(text: str) -> None:
    shown = plain(f"{TITLE}\n\n{text}")
    assert "note" not in {block.kind for block in shown.blocks} and not shown.anchors


_LINES = st.lists(
    st.one_of(
        st.sampled_from(["", "Notes", "# Notes", "He says “so”.[1]", "so.¹", "so*", "1. One", "2. Two",
                         "[1] A", "[2] B", "¹ A", "² B", "* A", "** B", "3 C", "(1) D"]),
        st.text(st.sampled_from("ab1. ¹[](*”"), max_size=6).map(str.strip),
    )
)  # fmt: skip


@given(_LINES)
def test_law_notes_are_parted_and_no_line_is_lost(lines: list[str]) -> None:
    told = endnotes.parted(lines)
    assert [line.removeprefix(endnotes.NOTE) for line in told if line] == [line for line in lines if line]
    assert all(not told[at - 1] for at, line in enumerate(told) if line.startswith(endnotes.NOTE))


@given(_LINES)
def test_law_a_mark_leads_forward_to_a_note_of_its_label(lines: list[str]) -> None:
    text = "\n".join([TITLE, "", *lines, "end"])
    shown = plain(text)
    kinds = {block.span.start: block.kind for block in shown.blocks}
    for anchor in shown.anchors:
        assert anchor.target is not None and anchor.target > anchor.span.start
        assert kinds[anchor.target] == "note"


def test_a_pasted_text_has_its_notes() -> None:
    ((shown, found),) = (read for read in pasted.read([essay("¹", "¹ ")]) if isinstance(read, tuple))
    assert [block.kind for block in shown.blocks][-3:] == ["note"] * 3
    assert [shown.text[one.attribution.start : one.attribution.end] for one in found if one.attribution] == [
        *NOTES
    ]


@pytest.mark.parametrize("head", ["Remarks", "References and comments", "Notes"])
@pytest.mark.parametrize("between", ["<br>", "</p><p>"], ids=["lines", "paragraphs"])
@pytest.mark.parametrize(
    ("mark", "label"),
    [("[{}]", "[{}] "), ("[{}]", "{}. "), ("<sup>{}</sup>", "{}. "), ("<sup>{}</sup>", "[{}] ")],
)
def test_notes_of_a_page_answer_marks_under_any_heading(
    mark: str, label: str, between: str, head: str
) -> None:
    """They were one paragraph of text, and the marks led nowhere."""
    body = BODY.format(*map(mark.format, (1, 2, 3))).replace("\n\n", "</p><p>")
    notes = between.join(label.format(n) + note for n, note in enumerate(NOTES, 1))
    page = f"<html><body><h1>{TITLE}</h1><p>{body}</p><h3>{head}</h3><p>{notes}</p></body></html>"
    read = extract(Work("essay", "c", "essay", "", file="essay.htm"), page.encode())
    assert [block.kind for block in read.blocks] == ["heading", "para", "para", "heading", *["note"] * 3]
    shown = [read.text[block.span.start : block.span.end] for block in read.blocks[-3:]]
    assert shown == [label.format(n) + note for n, note in enumerate(NOTES, 1)]
    assert [(a.label, a.target) for a in read.anchors] == [
        (str(n), block.span.start) for n, block in enumerate(read.blocks[-3:], 1)
    ]


def test_a_list_of_a_page_that_nothing_answers_stays_a_list() -> None:
    page = "<h1>Rules</h1><p>There were three.</p><p>1. Of oil.<br>2. Of wicks.<br>3. Of glass.</p>"
    read = extract(Work("rules", "c", "source", "", file="rules.htm"), page.encode())
    assert [block.kind for block in read.blocks] == ["heading", "para", "para"] and not read.anchors


def test_a_further_point_of_a_text_is_no_note() -> None:
    """The second of two remarks, above a heading, was the note to a mark with its number."""
    page = (
        "<h1>Remarks on Oil</h1><p>The lamp was lit.[1] It went out.[2]</p>"
        "<p>Two more remarks.<br>1. Oil is dear.</p><p>2. Who pays for it?</p>"
        "<h4>6. Of wicks</h4><p>They burn.</p>"
    )
    read = extract(Work("oil", "c", "source", "", file="oil.htm"), page.encode())
    assert "note" not in {block.kind for block in read.blocks}

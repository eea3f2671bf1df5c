"""Markdown as it is meant: mark-up is no words, and every word is kept."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract import extract
from indexer.models import Document, Work

SAID = "The ferry was late, and nobody on the quay knew why it was or whom to ask."
KINDS = {"heading": "h", "para": "p", "quote": "q", "item": "i", "note": "n", "speech": "s"}


def read(text: str, **work: str) -> Document:
    return extract(Work("w", "c", "essay", "", file="x.md", **work), text.encode())


def shown(text: str) -> list[str]:
    """The blocks below a title, each with the first letter of its kind."""
    document = read(f"# The Quay\n\n{text}")
    blocks = [f"{KINDS[b.kind]} {document.text[b.span.start : b.span.end]}" for b in document.blocks]
    assert blocks[0] == "h The Quay"
    return blocks[1:]


BLOCKS = [
    # Emphasis, links, rows of tables, hard ends of lines.
    (f"*One* and **two** and _three_: {SAID}", [f"p One and two and three: {SAID}"]),
    (f"He asked _“why?”_ and *said*: {SAID}", [f"p He asked “why?” and said: {SAID}"]),
    (f"{SAID} ([The log](https://www.example.org/log.html)).", [f"p {SAID} (The log)."]),
    (
        "He saw the log, and wrote it down.  \nNobody saw him.",
        ["p He saw the log, and wrote it down.\nNobody saw him."],
    ),
    ("| Ship | Year |\n|---|---|\n| The Otter | 1921 |", ["p Ship Year", "p The Otter 1921"]),
    ("- one\n- two\n\n1. three\n2. four", ["i one", "i two", "i 1. three", "i 2. four"]),
    ("• one\n• two", ["i one", "i two"]),
    (
        "## A part\n\nIt began.\n\nAnother\n=======\n\nIt ended.",
        ["h A part", "p It began.", "h Another", "p It ended."],
    ),
    ("![The quay in spring](quay.jpg) was drawn later.", ["p The quay in spring was drawn later."]),
    (f"~~No~~ {SAID}", [f"p {SAID}"]),
    # Quotations, of which a page's rule for layout would lose one as long as the text.
    (f"> {SAID}\n> {SAID}", [f"q {SAID}\n{SAID}"]),
    (f"> {SAID}\n>\n> – The *Log*, p. 3", [f"q {SAID}", "q – The Log, p. 3"]),
    (f"He said <q>{SAID}</q>", [f"p He said “{SAID}”"]),
    # What is no mark-up, though it looks so.
    (f"1921. {SAID}", [f"p 1921. {SAID}"]),
    (f"    {SAID}", [f"p {SAID}"]),
    (f"\t{SAID}", [f"p {SAID}"]),
    ("Born on the quay, as he said,\n1. Mai 1921.", ["p Born on the quay, as he said,\n1. Mai 1921."]),
    (f"He wrote <illegible> and a < b. {SAID}", [f"p He wrote <illegible> and a < b. {SAID}"]),
    (f"<script>ask()</script> {SAID}", [f"p <script>ask()</script> {SAID}"]),
    (
        f"A star* and a_low_line, “marks” and 'marks'. {SAID}",
        [f"p A star* and a_low_line, “marks” and 'marks'. {SAID}"],
    ),
    (f"{SAID} {SAID}\n---\n\nIt ended.", [f"p {SAID} {SAID}", "p It ended."]),
    (f"{SAID}\n\n* * *\n\n{SAID}", [f"p {SAID}", f"p {SAID}"]),
    # Lines of verse stay lines; a sentence that a margin broke is one.
    (
        "The *wheel* stood still at noon,\nThe key was in the pool.",
        ["p The wheel stood still at noon,\nThe key was in the pool."],
    ),
    (
        "The ferry was late, and nobody on the quay knew\nwhy it was.",
        ["p The ferry was late, and nobody on the quay knew why it was."],
    ),
    # Lists of notes without the sign of Markdown for them.
    (f"{SAID} [1]\n\n## Notes\n\n[1]: Ibid.\n", [f"p {SAID} [1]", "h Notes", "n [1]: Ibid."]),
    (f"See [the log][1]. {SAID}\n\n[1]: https://www.example.org/log", [f"p See the log. {SAID}"]),
    (f"{SAID}\n\n[Log]: https://www.example.org/log", [f"p {SAID}", "p [Log]: https://www.example.org/log"]),
]


@pytest.mark.parametrize(("text", "blocks"), BLOCKS)
def test_blocks(text: str, blocks: list[str]) -> None:
    assert shown(text) == blocks


NOTES = [
    (
        "It was late.[^1] It came.[^2]\n\n[^1]: The *Log*, p. 3.\n[^2]: Ibid.",
        ["1", "2"],
        ["The Log, p. 3.", "Ibid."],
    ),
    (
        "It was late.[^log] It came.[^7]\n\n[^7]: Ibid.\n\n[^log]: The *Log*, p. 3.",
        ["1", "2"],
        ["The Log, p. 3.", "Ibid."],
    ),
    (
        "It was late.^[The *Log* [of 1921], p. 3.] It came.[^2]\n\n[^2]: Ibid.",
        ["1", "2"],
        ["The Log [of 1921], p. 3.", "Ibid."],
    ),
    (
        "It was late.[^1] It came.[^2]\n\n[^1]: The *Log*,\n    p. 3.\n\n    A map.\n[^2]: Ibid.\n\nIt left.",
        ["1", "2"],
        ["The Log,\np. 3.", "Ibid."],
    ),
]


@pytest.mark.parametrize(("text", "labels", "notes"), NOTES)
def test_notes_are_tied_to_their_marks(text: str, labels: list[str], notes: list[str]) -> None:
    document = read(f"# The Quay\n\n{text}")
    anchors = [anchor for anchor in document.anchors if anchor.kind == "note"]
    assert [anchor.label for anchor in anchors] == labels
    led = {anchor.target: anchor.label for anchor in anchors}
    said = [
        document.text[block.span.start : block.span.end].removeprefix(f"[{label}] ")
        for block in document.blocks
        if (label := led.get(block.span.start)) and block.kind == "note"
    ]
    assert sorted(said) == sorted(notes)
    assert "^" not in document.text


def test_a_mark_without_its_note_stays() -> None:
    assert shown(f"{SAID}[^3]") == [f"p {SAID}[^3]"]


def test_links_and_titles_are_known() -> None:
    document = read(
        f"# *The Log* of the Otter\n\nBy Ada Harrow\n\n1921\n\n{SAID} ([Log](https://www.example.org/log_a_b))"
    )
    assert (document.work.title, document.work.author, document.work.year) == (
        "The Log of the Otter",
        "Ada Harrow",
        1921,
    )
    assert [link.url for link in document.links] == ["https://www.example.org/log_a_b"]
    assert [document.text[span.start : span.end] for span in document.emphasis] == ["The Log"]


TITLES = [
    (f"The Quay\n\n{SAID}", "The Quay"),
    (f"The Quay\nBy Ada Harrow\n{SAID}", "The Quay"),
    (f"## The Quay\n\n{SAID}", "The Quay"),
    (f"Papers of the Board\n\n# The Quay\n\n{SAID}", "The Quay"),
    (f"---\ntitle: The Quay\n---\n\n## I. The Ferry\n\n{SAID}", "The Quay"),
]


@pytest.mark.parametrize(("text", "title"), TITLES)
def test_titles(text: str, title: str) -> None:
    work = read(text).work
    assert (work.title, work.aliases) == (title, ())


def test_pages_and_turns_of_a_transcript() -> None:
    turns = "**THE CHAIR:** Was it late?\n\n**A. HARROW:** It was, and\n\n[p. {}]\n\nit is.\n\n"
    document = read("# The Hearing\n\n" + "".join(turns.format(page) for page in (9, 10, 12)))
    assert [anchor.label for anchor in document.anchors if anchor.kind == "page"] == ["9", "10", "12"]
    said = [(b.speaker, document.text[b.span.start : b.span.end]) for b in document.blocks[1:3]]
    assert said == [("THE CHAIR", "THE CHAIR: Was it late?"), ("A. HARROW", "A. HARROW: It was, and it is.")]


def test_what_nests_deeper_than_the_parser_is_read_as_plain_text() -> None:
    assert "the words" in read("> " * 500 + "the words").text


PIECES = [
    "",
    "\n",
    "\n\n",
    "\n> ",
    "\n- ",
    "\n1. ",
    "\n\n7) ",
    "\n1921. ",
    "\n    ",
    "\n\t",
    "\n# ",
    "\n---\n",
    "\n===\n",
    "\n* * *\n",
    "\n| ",
    " | ",
    "\n|---|---|\n",
    "\n[1]: ",
    "\n[a b]: ",
    "\n\n[^1]: ",
    "[^1]",
    "^[",
    "]",
    "[",
    "(",
    ")",
    "\n```\n",
    "\n``` ",
    "`",
    "*",
    "**",
    "_",
    "~~",
    "<q>",
    "</q>",
    "<script>",
    "<illegible>",
    "</p>",
    "<div>",
    "\n<table>\n",
    "<",
    "&",
    "\\",
    "![",
    "\n\n[p. 3]\n\n",
    "\n\n[p. 4]\n\n",
    "\n\n[p. 5]\n\n",
    " ",
    ": ",
    "\n• ",
    "<td>",
    "<h1>",
]


@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_no_word_is_lost(pieces: list[str]) -> None:
    """Each piece of mark-up is followed by a word; all words stand in the text, each once."""
    text = "Word0" + "".join(f"{piece} Word{number} " for number, piece in enumerate(pieces, 1))
    found = Counter(re.findall(r"Word\d+", read(text).text))
    assert found == Counter(f"Word{number}" for number in range(len(pieces) + 1))

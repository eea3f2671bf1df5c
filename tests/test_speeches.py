"""Who speaks in a transcript, in which session: invented pages of the make that the real ones have."""

import re

import pytest
from test_extract import page, plain

from indexer.models import Document


def test_a_transcript_has_speakers() -> None:
    document = page(
        """<h3>SECOND SESSION</h3><p><b>The Chair:</b> Were you there?</p><p><b>Lomas</b>: I was.</p>
        <p>I saw the boat leave.</p><p>Question: Which boat?</p><p><b>The Chair:</b> When?</p>
        <p><b>Lomas</b>: At six.</p>
        <p>(The court adjourns.)</p>"""
    )
    assert [(b.kind, b.speaker) for b in document.blocks] == [
        ("heading", None),
        ("speech", "The Chair"),
        ("speech", "Lomas"),
        ("speech", "Lomas"),
        ("speech", "Question"),
        ("speech", "The Chair"),
        ("speech", "Lomas"),
        ("para", None),
    ]
    assert document.blocks[1].locator == "Second session"


def test_a_paragraph_of_two_speakers_is_taken_apart() -> None:
    turns = "THE CHAIR: Were you there?\nLOMAS: I was."
    document = plain(
        f"T\n\n{turns}\n\nTHE CHAIR: When?\n\nLOMAS: At six.\n\nTHE CHAIR: Why?\n\nLOMAS: For air."
    )
    assert [b.speaker for b in document.blocks[1:]] == ["THE CHAIR", "LOMAS"] * 3
    lines = turns.replace("\n", "<br>")
    paragraphs = f"<p>{lines}</p><p>THE CHAIR: When?</p><p>LOMAS: At six.</p><p>THE CHAIR: Why?</p>"
    document = page(f"<h1>T</h1>{paragraphs}")
    assert [b.speaker for b in document.blocks[1:]] == [
        "THE CHAIR",
        "LOMAS",
        "THE CHAIR",
        "LOMAS",
        "THE CHAIR",
    ]


def test_a_paragraph_with_a_stranger_in_it_has_no_speaker() -> None:
    document = page(
        "<h1>T</h1><p>THE CHAIR: There?<br>CLERK: Here.</p><p>THE CHAIR: When?</p><p>LOMAS: At six.</p>"
        "<p>LOMAS: Or so.</p>"
    )
    assert [b.speaker for b in document.blocks[1:3]] == [None, "THE CHAIR"]


def test_an_article_with_bold_labels_is_no_transcript() -> None:
    document = page(
        "<p><b>Source:</b> a</p><p><b>First:</b> b</p><p><b>Second:</b> c</p><p><b>Date:</b> d</p>"
    )
    assert {b.kind for b in document.blocks} == {"para"}


def _spoken(mark: str, turns: str) -> list[str | None]:
    paragraphs = "".join(
        f"<p><{mark}>{name}:</{mark}> We heard of the quay, and of no more.</p>" for name in turns.split()
    )
    return [block.speaker for block in page(f"<h1>On the quay</h1>{paragraphs}").blocks[1:]]


def test_speakers_in_italics_are_those_who_come_back() -> None:
    assert _spoken("em", "Harrow Lomas Harrow Lomas Harrow Lomas") == ["Harrow", "Lomas"] * 3
    assert _spoken("i", "Bread Coal Ferry Harbour Harbour") == [None] * 5


def _turns(document: Document) -> str:
    """The speakers, each with the first word of what they say behind their label."""
    said = [
        (b.speaker, document.text[b.span.start : b.span.end])
        for b in document.blocks
        if b.kind in ("speech", "para")
    ]
    return " ".join(f"{name}:{_LABEL.split(text, maxsplit=1)[-1].split()[0]}" for name, text in said)


_LABEL = re.compile(r"[:;—–]\s*|(?<=^[QA])\.[—\s]*")
TRANSCRIPTS = [
    # (what it is an example of, the paragraphs of a page, who says what begins with which word)
    ("names in ordinary letters, in the marks of a quotation",
     "“Mr. Hale: a? | “Lomas: b. | “Mr. Hale (to Lomas): c? | “Lomas: d. | “Mr. Hale: e? | “Lomas: f.”",
     "Mr. Hale:a? Lomas:b. Mr. Hale:c? Lomas:d. Mr. Hale:e? Lomas:f.”"),
    ("one who speaks once, as an answer",
     "Hale: a? | Lomas: b. | Hale: c? | Lomas: d. | Hale: e? | Lomas: f. | Hale: g? | Clerk of the court: h.",
     "Hale:a? Lomas:b. Hale:c? Lomas:d. Hale:e? Lomas:f. Hale:g? Clerk of the court:h."),
    ("what stands before a colon in an article is nobody",
     "Further: a. | But: b. | Further: c. | But: d. | Further: e. | But: f.",
     "None:a. None:b. None:c. None:d. None:e. None:f."),
    ("names with a colon that do not answer each other head paragraphs",
     "Hale: a. | One. | Lomas: b. | Two. | Hale: c. | One. | Lomas: d. | Two. | Hale: e. | One. | Lomas: f.",
     "None:a. None:One. None:b. None:Two. None:c. None:One. None:d. None:Two. None:e. None:One. None:f."),
    ("question and answer",
     "Q.—One? | A.—Two. | Q. Three? | A. Four. | Q: Five? | A: Six.",
     "Q:One? A:Two. Q:Three? A:Four. Q:Five? A:Six."),
    ("a slip of the pen in a label is no words of the speaker before",
     "HARROW: a? | LOMAS: b. | HARROW: c? | LOMAS: d. | Harrow; e. | HARROW: f? | LOMAS; g. | HARROW: h.",
     "HARROW:a? LOMAS:b. HARROW:c? LOMAS:d. HARROW:e. HARROW:f? LOMAS:g. HARROW:h."),
    ("voices without a name, and one who goes on",
     "LOMAS: y. | HALE: z. | HALE: a? | Interjection: No! | HALE (continuing) – b. | LOMAS: c."
     " | A voice from the gallery: Shame! | LOMAS: d.",
     "LOMAS:y. HALE:z. HALE:a? Interjection:No! HALE:b. LOMAS:c. A voice from the gallery:Shame! LOMAS:d."),
    ("labels in capitals that answer nobody",
     "ICE: a. | One. | Hale: a? | Lomas: b. | Hale: c? | Lomas: d. | Hale: e? | Lomas: f. | Two. | FIRE: g.",
     "None:a. None:One. Hale:a? Lomas:b. Hale:c? Lomas:d. Hale:e? Lomas:f. None:Two. None:g."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("paragraphs", "said"), [row[1:] for row in TRANSCRIPTS], ids=[row[0] for row in TRANSCRIPTS]
)
def test_who_says_what(paragraphs: str, said: str) -> None:
    document = page("<h1>On the quay</h1>" + "".join(f"<p>{p}</p>" for p in paragraphs.split(" | ")))
    assert _turns(document) == said


WRAPPED = """The Harbour Inquiry

THE PRESIDENT: Accused Lomas, you have heard the charge of the mole, and of the tide table too?
LOMAS: I have heard it, and I have read it, and I have signed each page of it with my own hand.
THE PRESIDENT (to the clerk): Let the record show that the accused has heard what he is charged
with. Where were you on the night of the flood?
LOMAS: On the roof, with the minutes, until the water had gone down as far as the lower windows.
THE PRESIDENT: Alone?
LOMAS: Alone. The keeper had gone to the ferry, and nobody else has ever had a key to that stair."""


def test_turns_of_wrapped_lines_are_told_apart() -> None:
    """The last line of a turn may be as full as any: then the next speaker's words went to the one before."""
    document = plain(WRAPPED)
    speakers = [block.speaker for block in document.blocks if block.kind == "speech"]
    assert speakers == ["THE PRESIDENT", "LOMAS"] * 3
    assert "with. Where were you" in document.text


SESSIONS = [
    # (headings of a page and a paragraph after each, the locators of the paragraphs)
    ("SECOND SESSION|April 11, 1937, 10 a.m.", ["Second session, April 11, 1937"]),
    ("Morning Session, January 23", ["Morning Session, January 23"]),
    ("MORNING SESSION, JANUARY 23, 1937 / EVENING SESSION, JANUARY 23, 1937",
     ["Morning session, January 23, 1937", "Evening session, January 23, 1937"]),
    ("August 19 (morning session)", ["August 19 (morning session)"]),
    ("The First Day / Morning Session / Evening Session / Second Day / Morning Session",
     ["The First Day", "The First Day, Morning Session", "The First Day, Evening Session", "Second Day",
      "Second Day, Morning Session"]),
    ("THE FIRST DAY – 6/19 JULY Morning Session / Evening Session",
     ["The first day – 6/19 July, Morning Session", "The first day – 6/19 July, Evening Session"]),
    ("Second Day|(July 1915)", ["Second Day"]),
    ("First Session / Examination of the Witness Lomas", ["First Session", "First Session"]),
]  # fmt: skip


@pytest.mark.parametrize(("headings", "locators"), SESSIONS, ids=[row[0] for row in SESSIONS])
def test_sessions_and_days_are_places(headings: str, locators: list[str]) -> None:
    parts = "".join(
        "".join(f"<h3>{line}</h3>" for line in part.split("|"))
        + "<p>The inquiry heard of the quay and of the mole.</p>"
        for part in headings.split(" / ")
    )
    document = page(f"<h1>The Harbour Inquiry</h1>{parts}")
    assert [block.locator for block in document.blocks if block.kind == "para"] == locators


TURNS = "THE CHAIR: Were you on the quay?\n\nLOMAS: I was, and nobody asked.\n\n"
HEADINGS = [
    # (the lines of a heading in plain text, the headings that they make, the session)
    ("SECOND SESSION\nAfternoon, 6 March 1843", ["SECOND SESSION"], "Second session, 6 March 1843"),
    ("SECOND SESSION\nAfternoon", ["SECOND SESSION", "Afternoon"], "Second session"),
    ("Second session\nAfternoon, 6 March 1843", ["Second session"], "Second session, 6 March 1843"),
    ("SECOND SESSION\n\nAfternoon, 6 March 1843", ["SECOND SESSION"], "Second session, 6 March 1843"),
    ("SECOND SESSION\nTHE CHAIR: It is open.", ["SECOND SESSION"], "Second session"),
    # A sentence that begins with such words is no heading.
    ("The second session of the board\nwas held on the quay, and nobody came.", [], None),
]


@pytest.mark.parametrize(("lines", "headings", "session"), HEADINGS, ids=[row[0] for row in HEADINGS])
def test_a_session_s_heading_may_have_its_date_below_it(
    lines: str, headings: list[str], session: str | None
) -> None:
    text = f"The Harbour Inquiry\n\n{TURNS * 2}{lines}\n\n{TURNS * 2}"
    document = plain(text)
    shown = [document.text[b.span.start : b.span.end] for b in document.blocks if b.kind == "heading"]
    assert shown == ["The Harbour Inquiry", *headings]
    assert document.blocks[-1].locator == session
    said = " ".join(document.text[b.span.start : b.span.end] for b in document.blocks if b.speaker)
    assert not headings or not any(line in said for line in lines.split("\n") if line and ":" not in line)

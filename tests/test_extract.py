"""From a raw file to a Document: invented pages of the make that the real ones have."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.errors import UnreadableFile
from indexer.extract import extract
from indexer.extract.dates import first_date
from indexer.extract.remarks import is_frame
from indexer.models import Document, Work

SHARED = Path(__file__).resolve().parents[2] / "shared"
SITE = "https://www.marxists.org/archive/harrow/1931/05/"


def page(body: str, head: str = "", url: str = SITE + "bridge.htm") -> Document:
    """The document of an invented page of the site."""
    raw = f"<html><head>{head}</head><body>{body}</body></html>".encode()
    return extract(Work("w", "c", "source", "", url=url, file="bridge.htm"), raw)


def plain(text: str) -> Document:
    """The document of a plain text."""
    return extract(Work("w", "c", "essay", "", file="essay.txt"), text.encode())


def blocks(document: Document) -> list[tuple[str, str]]:
    """Kind and words of each block."""
    return [(block.kind, document.text[block.span.start : block.span.end]) for block in document.blocks]


def test_a_page_of_the_site() -> None:
    document = page(
        """<p class="toplink"><a href="../../index.htm">MIA</a> &gt; <a href="../index.htm">Harrow</a></p>
        <h2>Ada Harrow</h2><h1>The Bridge at Low Water</h1><h3>(May 1931)</h3><hr class="infotop">
        <p class="info"><strong>Written:</strong> 14 May 1931.<br><strong>Public Domain:</strong> Harbour
        Archive</p><hr class="infobot">
        <p class="fst">The bridge  was
        closed&nbsp;at noon. <a id="f1" href="#n1" name="f1">[1]</a></p>
        <p class="quoteb">Nobody <em>asked</em> us.</p>
        <ol><li>First item<br>&#160;</li></ol><blockquote><p>We went home.</p></blockquote>
        <h3>Notes</h3><p class="note"><a id="n1" href="#f1" name="n1">1.</a> The clock was slow.</p>
        <p class="link"><a href="#top">Top of the page</a></p>
        <p class="updat">Last updated on 3 March 2011</p>""",
        '<title>Ada Harrow: The Bridge at Low Water (1931)</title><meta name="author" content="Ada Harrow">',
    )
    assert blocks(document) == [
        ("heading", "Ada Harrow"),
        ("heading", "The Bridge at Low Water"),
        ("heading", "(May 1931)"),
        ("note", "Written: 14 May 1931.\nPublic Domain: Harbour Archive"),
        ("para", "The bridge was closed at noon. [1]"),
        ("quote", "Nobody asked us."),
        ("item", "First item"),
        ("quote", "We went home."),
        ("heading", "Notes"),
        ("note", "1. The clock was slow."),
    ]
    work = document.work
    assert (work.title, work.author, work.year, work.date) == (
        "The Bridge at Low Water",
        "Ada Harrow",
        1931,
        "1931-05-14",
    )
    assert work.licence == "Public Domain"
    (anchor,) = document.anchors
    assert document.text[anchor.span.start : anchor.span.end] == "[1]"
    assert anchor.target is not None and document.text[anchor.target :].startswith("1. The clock")
    assert [document.text[s.start : s.end] for s in document.quoted] == ["Nobody asked us.", "We went home."]
    assert [document.text[s.start : s.end] for s in document.emphasis] == ["asked"]


BODIES = [
    ("<p>One<br>two</p>", [("para", "One\ntwo")]),
    ("<p>One<br><br>two</p>", [("para", "One"), ("para", "two")]),
    ("<p>One<br>&nbsp;<br>two</p>", [("para", "One"), ("para", "two")]),
    ("One<p>two<p>three", [("para", "One"), ("para", "two"), ("para", "three")]),
    ("<p>T<b>he</b> end</p>", [("para", "The end")]),
    ("<p>An <q>old</q> hat</p>", [("para", "An “old” hat")]),
    ("<h4>Two<br>lines</h4><p>Body</p>", [("heading", "Two\nlines"), ("para", "Body")]),
    ("<dl><dt>Term</dt><dd>Sense</dd></dl>", [("item", "Term"), ("item", "Sense")]),
    ("<table><tr><td>1921</td><td>12</td></tr><tr><td>1922</td></tr></table>",
     [("para", "1921 12"), ("para", "1922")]),
    ("<p>x<script>var y</script> z</p><style>p{}</style><!-- w -->", [("para", "x z")]),
    ("<p>a &lt; b &amp; &#147;c&#148; &hellip;</p>", [("para", "a < b & “c” …")]),
    ("<p>He <del>never</del> came <s>late</s> to <ins>the</ins> quay</p>", [("para", "He came to the quay")]),
    ('<p>I did <span style="Display: none">not</span> go</p><p hidden>x</p>', [("para", "I did go")]),
    ('<p hidden="until-found">It is unfolded</p>', [("para", "It is unfolded")]),
    ("<p>10<sup>2</sup> yards<sup>7</sup> and <sup>9</sup>/10 on the 5<sup>th</sup></p>",
     [("para", "10² yards⁷ and 9/10 on the 5th")]),
    ('<p class="verse">Row<br>on</p>', [("verse", "Row\non")]),
    ('<p class="qouoteb">Misspelt</p>', [("quote", "Misspelt")]),
    ('<p class="index"><a href="a.htm">Part 1</a></p>', [("para", "Part 1")]),
    ('<p class="toc"><a href="a.htm">Introduction</a></p>', [("para", "Introduction")]),
    ('<p class="quote"><a href="a.htm">A Long Chapter</a> 6 k</p>', [("para", "A Long Chapter 6 k")]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), BODIES)
def test_blocks_of_mark_up(body: str, expected: list[tuple[str, str]]) -> None:
    assert blocks(page(body)) == expected


def test_what_is_struck_out_is_told_of() -> None:
    said = page("<p>He <del>never</del> came <s>an hour late</s> to the quay.</p>").remarks
    assert said == ("what is struck out on the page is left out (4 words)",)


def test_a_page_that_is_hidden_whole_is_read() -> None:
    assert blocks(page('<div style="visibility:hidden"><p>All of it.</p></div>')) == [("para", "All of it.")]


def test_a_blockquote_around_the_whole_page_is_no_quotation() -> None:
    document = page("<blockquote><p>All of it.</p><p>Every word of this page.</p></blockquote><p>End.</p>")
    assert [kind for kind, _ in blocks(document)] == ["para"] * 3
    assert document.quoted == ()


NAVIGATION = [
    '<p class="footer"><a href="../index.htm">Ada Harrow Archive</a> | <a href="i.htm">Index</a></p>',
    '<p class="linkback"><a href="a.htm">Back to the index</a></p>',
    '<p class="updat">Last updated on 3.4.2008</p>',
    '<p class="link"><a href="ch18.htm">Chapter 18</a> | <a href="index.htm">Index</a></p>',
    '<p><a href="ch03.htm">-&gt;</a></p>',
    "<p>Last updated on: 24.2.2006</p>",
    '<h5><a href="x.htm">Table of Contents</a></h5>',
]
NO_NAVIGATION = [
    ('<p class="footer">This footer holds a note of the editor that is not to be lost, <a href="x">x</a></p>',
     "This footer holds"),
    ('<p class="link"><a href="#s1">The Harbour Question</a></p>', "The Harbour Question"),
    ('<p>See <a href="a.htm">the index</a> of names.</p>', "See the index"),
    ('<p><a href="part2.htm">Part II</a></p>', "Part II"),
]  # fmt: skip


@pytest.mark.parametrize("markup", NAVIGATION)
def test_navigation_is_left_out(markup: str) -> None:
    assert page(f"<p>The text of the page, long enough to be one.</p>{markup}").text == (
        "The text of the page, long enough to be one."
    )


@pytest.mark.parametrize(("markup", "kept"), NO_NAVIGATION)
def test_text_that_looks_like_navigation_is_kept(markup: str, kept: str) -> None:
    assert (
        kept
        in page(
            f"<p>The text of the page, which has to be longer than the rest of it by far.</p>{markup}"
        ).text
    )


def test_other_sites_lose_their_frame_only() -> None:
    body = """<header><a href="/">My Blog</a></header><nav>Home About</nav>
        <article><header><h1>A Post</h1></header><p>First.</p><aside>Ad</aside>
        <div class="sharedaddy">Share this</div><p>Last.</p></article><footer>Imprint</footer>"""
    raw = f"<html><head><title>A Post | My Blog</title></head><body>{body}</body></html>".encode()
    document = extract(Work("w", "c", "essay", "", url="https://blog.example/2020/05/a-post/"), raw)
    assert document.text == "A Post\n\nFirst.\n\nLast."
    assert (document.work.title, document.work.year) == ("A Post", 2020)


NOTES = [
    # (body, marks in the text, labels)
    ('<p>x<sup><a href="#a">1</a></sup></p><p id="a">1 Note</p>', ["1"], ["1"]),
    ('<p>x (<a href="#a">*</a>)</p><p class="note"><a name="a">*</a> Note</p>', ["(*)"], ["*"]),
    ("<p>x [3] y</p><h4>Footnotes</h4><p>[3] Note</p>", ["[3]"], ["3"]),
    ("<p>x<sup>2</sup> y</p><h4>Notes:</h4><p>2. Note</p>", ["2"], ["2"]),
    ('<p>x <a href="notes.htm#n4">[4]</a></p>', ["[4]"], ["4"]),
    # No marks: a power, a year in brackets, a list of sections.
    ("<p>10<sup>2</sup> and [1921]</p>", [], []),
    (
        '<p><a href="#one">1</a> <a href="#two">2</a></p><h3 id="one">One</h3><p>x</p><h3 id="two">Two</h3>',
        [],
        [],
    ),
]


@pytest.mark.parametrize(("body", "marks", "labels"), NOTES)
def test_marks_of_notes(body: str, marks: list[str], labels: list[str]) -> None:
    document = page(body)
    anchors = [anchor for anchor in document.anchors if anchor.kind == "note"]
    assert [document.text[a.span.start : a.span.end] for a in anchors] == marks
    assert [a.label for a in anchors] == labels
    targets = {block.span.start for block in document.blocks if block.kind == "note"}
    assert all(a.target in targets for a in anchors if a.target is not None)


def test_a_note_of_two_paragraphs_is_one_kind() -> None:
    document = page(
        '<p>a<a href="#n1">[1]</a> b<a href="#n2">[2]</a></p><p><a name="n1">1.</a> One.</p><p>More.</p>'
        '<p><a name="n2">2.</a> Two.</p><p>Text again.</p>'
    )
    assert [kind for kind, _ in blocks(document)] == ["para", "note", "note", "note", "para"]


def test_page_numbers_are_anchors_not_words() -> None:
    long = "word " * 300
    body = "".join(f'<p>{long}<a name="p{n}"></a>{long}</p>' for n in (41, 42, 43))
    document = page(body)
    assert [a.label for a in document.anchors] == ["41", "42", "43"]
    assert all(a.span.start == a.span.end for a in document.anchors)
    assert [block.locator for block in document.blocks] == [None, "p. 41", "p. 42"]


@pytest.mark.parametrize(
    "heading", ["Letter to Agnes", "Letter to Agnes [14]", "Letter to Agnes:", "Letter to Agnes [*]"]
)
def test_a_place_is_called_as_its_heading_but_for_marks_and_colons(heading: str) -> None:
    document = page(f"<h2>Letters</h2><p>They were kept.</p><h3>{heading}</h3><p>The tide is out.</p>")
    assert document.blocks[-1].locator == "Letter to Agnes"


def test_shown_page_numbers_leave_the_text() -> None:
    document = page(
        '<p>One <span class="page">[12]</span> two <span class="pagenum">[Pg 13]</span> three</p>'
    )
    assert document.text == "One two three"
    assert [(a.label, a.span.start) for a in document.anchors] == [("12", 4), ("13", 8)]


def test_names_of_paragraphs_are_no_pages() -> None:
    body = "".join(f'<p><a name="p{n:03}">Words</a> of paragraph</p>' for n in range(1, 9))
    assert page(body).anchors == ()


TITLES = [
    # (body, <title>, address, title, author)
    ("<h2>Ada Harrow</h2><h1>Low Water</h1><h3>A Reply</h3>", "Ada Harrow: Low Water (1931)", "x.htm",
     "Low Water", "Ada Harrow"),
    ("<h4>Ada Harrow</h4><h1>The Long Book</h1><h3>Chapter 3<br>The Ferry</h3>", "The Long Book", "ch03.htm",
     "The Long Book: Chapter 3 The Ferry", "Ada Harrow"),
    ('<p class="title">Ada Harrow<br>A History of Ferries</p><h1>Lecture One</h1>',
     "A History of Ferries by Ada Harrow", "ch01.htm",
     "A History of Ferries: Lecture One", "Ada Harrow"),
    ("<h1>Ada Harrow</h1><h3>What the Tide Took</h3>", "What the Tide Took - May 1, 1931", "x.htm",
     "What the Tide Took", "Ada Harrow"),
    ("<h4>1. The Quay</h4><p>text</p>", "Ferries and Tides — Chapter 2", "ch02.htm",
     "Ferries and Tides — Chapter 2", None),
    ("<h4>Ada Harrow</h4><h3>The Ferry Question</h3><h1>APPENDIX</h1>",
     "Ada Harrow: The Ferry Question (Appendix)", "app.htm", "The Ferry Question: APPENDIX", "Ada Harrow"),
    ("<h2>Ada Harrow</h2><h1>Introduction</h1>", "The Ferry Question - Introduction", "intro.htm",
     "The Ferry Question: Introduction", "Ada Harrow"),
    ("<h4>Harrow’s “Memories”</h4><h1>Chapter IV</h1>", "A Site of Harbours", "x.htm",
     "Harrow’s “Memories”: Chapter IV", None),
    ("<h1>Letter to the Board</h1>", "Letter to the Board", "x.htm", "Letter to the Board", None),
    ("<h1>Low Water[1]</h1>", "Low Water", "x.htm", "Low Water", None),
    ("<p>No heading at all</p>", "", "x.htm", "No heading at all", None),
]  # fmt: skip


@pytest.mark.parametrize(("body", "title", "name", "expected", "author"), TITLES)
def test_titles_and_authors(body: str, title: str, name: str, expected: str, author: str | None) -> None:
    work = page(body, f"<title>{title}</title>", SITE + name).work
    assert (work.title, work.author) == (expected, author)


def test_what_the_catalogue_says_stays() -> None:
    given = Work("w", "c", "source", "My Title", author="Me", year=1900, url=SITE + "x.htm")
    work = extract(given, b"<h2>Ada Harrow</h2><h1>Low Water</h1><h3>(May 1931)</h3>").work
    assert (work.title, work.author, work.year, work.date) == ("My Title", "Me", 1900, None)
    assert "Low Water" in work.aliases


DATES = [
    ("Written: 24 November 1917", "1917-11-24"),
    ("November 24th, 1917", "1917-11-24"),
    ("(March/April 1924)", "1924-03"),
    ("le 3 février 1921", "1921-02-03"),
    ("14. März 1921", "1921-03-14"),
    ("1921-03-05", "1921-03-05"),
    ("Ferry Gazette, Vol. 7 No. 7, July 1946, pp. 218–222", "1946-07"),
    ("Ada Harrow (1873–1941)", None),
    ("page 1204 of 3000", None),
]


@pytest.mark.parametrize(("text", "expected"), DATES)
def test_dates(text: str, expected: str | None) -> None:
    found = first_date(text)
    assert (found.iso() if found else None) == expected


def test_the_most_precise_date_of_the_headings_counts() -> None:
    assert page("<h3>(1921)</h3><h1>A Speech<br>June 16, 1921</h1>").work.date == "1921-06-16"


def test_the_date_of_a_letter_inside_is_not_the_work_s() -> None:
    body = "<h1>APPENDIX</h1><h4>The letter from Lomas to the Board, 3 July 1909</h4><p>Dear Friend</p>"
    assert page(body, "<title>The Ferry Question (Appendix)</title>").work.date == "1931-05"
    assert page(body, "<title>The Ferry Question (Appendix)</title>").work.title == (
        "The Ferry Question: APPENDIX"
    )


@pytest.mark.parametrize(
    "line",
    ["(Born March 28, 1868; died June 18, 1936)", "March 28th 1874 - January 16th 1936", "(born 1868)"],
)
def test_the_dates_of_a_life_are_not_the_work_s(line: str) -> None:
    body = f"<h1>In Memory of Ada Harrow</h1><h4>{line}</h4><p>She is gone.</p>"
    assert page(body, url="https://h.example/1936/02/x01.htm").work.date == "1936-02"
    assert page(body, url="https://h.example/life.htm").work.date is None


def test_a_life_of_somebody_is_by_whom_its_first_heading_names() -> None:
    head = '<title>Ada Harrow: the Story of her Life</title><meta name="author" content="Ada Harrow">'
    body = "<h1>Ada Harrow: the Story of her Life</h1><p>She was born in the harbour.</p>"
    assert page(f"<h2>Ben Lomas</h2>{body}", head).work.author == "Ben Lomas"
    assert page(f"<h2>Ada Harrow</h2>{body}", head).work.author == "Ada Harrow"
    assert page(body, head).work.author == "Ada Harrow"


def test_a_year_is_no_part_of_a_name_and_a_comma_no_part_of_a_title() -> None:
    head = '<title>Circular Letter</title><meta name="author" content="Harrow 1919">'
    body = "<h3>Circular Letter to the Ferries,<br>September 1, 1919.</h3><p>Dear friends!</p>"
    work = page(body, head, "https://h.example/x.htm").work
    assert (work.author, work.title, work.date) == ("Harrow", "Circular Letter to the Ferries", "1919-09-01")


def test_no_author_is_no_author() -> None:
    assert page("<p>Text</p>", '<meta name="author" content="Unknown">').work.author is None


def test_a_name_and_a_year_are_a_date() -> None:
    head = '<meta name="author" content="Ada Harrow">'
    work = page(
        '<p class="title">Ada Harrow 1963</p><h1>Low Water</h1>', head, "https://h.example/x.htm"
    ).work
    assert work.date == "1963"


def test_a_year_in_a_title_is_its_subject() -> None:
    document = page("<h1>The Harbour in 1917</h1><h3>(March/April 1924)</h3>")
    assert document.work.date == "1924-03"


def test_plain_text() -> None:
    document = plain(
        "The\u00a0Title\n\nINTRODUCTION\n\n“Quoted words.”\n– Ada Harrow, Letters\n\n \nLast one.\n• a\n• b\n"
    )
    assert blocks(document) == [
        ("heading", "The Title"),
        ("heading", "INTRODUCTION"),
        ("para", "“Quoted words.”\n– Ada Harrow, Letters"),
        ("para", "Last one."),
        ("item", "• a"),
        ("item", "• b"),
    ]
    assert document.work.title == "The Title"


SET_OFF = (
    "    The bridge was closed at noon, and nobody on the quay\n"
    "    asked by whom it had been closed, or for how long."
)


@pytest.mark.parametrize(
    ("paragraph", "kind"),
    [
        (SET_OFF, "quote"),
        (SET_OFF.replace("    ", "\t"), "quote"),
        (SET_OFF.replace("    The", "        The"), "quote"),
        (" ".join(SET_OFF.split()), "para"),
        ("   " + " ".join(SET_OFF.split()), "quote"),
        (SET_OFF.replace("    ", "  "), "para"),
        (SET_OFF.replace("\n    ", "\n"), "para"),  # an indented first line
        (SET_OFF.lstrip(), "para"),  # a hanging one
        (SET_OFF.replace("The", "1. The", 1), "para"),
        (SET_OFF.replace("The", "Q. The", 1), "para"),
        (SET_OFF.replace("The", "VOSS: The", 1), "para"),
        ("      Quay Street, at noon", "para"),
        (
            "    Row, row,\n    the boat is slow,\n    and the tide, we are told, is against the men in it",
            "para",
        ),
    ],
)
def test_a_paragraph_that_stands_deeper_is_a_quotation(paragraph: str, kind: str) -> None:
    document = plain(f"The Title\n\nShe writes of it in a letter:\n\n{paragraph}\n\nThat is all.\n\nNo more.")
    block = document.blocks[2]
    assert block.kind == kind
    held = document.text[block.span.start : block.span.end]
    assert held.split() == paragraph.split()
    assert document.quoted == ((block.span,) if kind == "quote" else ())


def test_where_most_paragraphs_stand_deeper_none_is_a_quotation() -> None:
    document = plain("The Title\n\n" + "\n\n".join(f"{SET_OFF} {n}" for n in range(3)))
    assert {kind for kind, _ in blocks(document)} == {"heading", "para"}


def test_sources_that_stand_deeper_are_no_quotations() -> None:
    listed = f"The Title\n\nIt is so.\n\nIt was so.\n\nSources\n\n{SET_OFF}"
    assert plain(listed).quoted == ()


def test_a_quotation_that_is_wrapped_keeps_no_signs() -> None:
    lines = [
        "The harbour was full of ships that night, and the",
        "keeper of the lamp had gone to bed before the tide",
    ]
    said = "\n".join(f"> {line}" for line in lines * 2)
    document = plain("The Title\n\n" + "\n".join(lines * 4) + f"\n\n{said}\n\n" + "\n".join(lines * 2))
    assert ("quote", " ".join(lines * 2)) in blocks(document)


def test_signs_of_markdown_are_mark_up() -> None:
    document = plain(
        "# The Title\n\n## The Quay\n\n> Quoted words,\n> and more.\n\n#1 of the list came first."
    )
    assert blocks(document) == [
        ("heading", "The Title"),
        ("heading", "The Quay"),
        ("quote", "Quoted words,\nand more."),
        ("para", "#1 of the list came first."),
    ]
    assert [document.text[s.start : s.end] for s in document.quoted] == ["Quoted words,\nand more."]
    assert document.work.title == "The Title"


WRAPPED = """A Report of the Harbour Board

The members of the board met on the quay at six in the morning, since
the hall was under water, and spoke for the better part of an hour of
the ferry, the tide and the price of coal, of which there was none coun-
ted, and none was to be had before the spring. They agreed that count-
less boats were lost, and went home to their families at half past se-

[Page 11]

ven without a word.

There was no counted vote. Nobody asked for one, as far as the minutes
tell, and the minutes were kept by a man who was asleep by that time of
the day, or wished to be, and who had lost his glasses in the harbour.

[Page 12]

    Row, row,
    home we go.

[Page 13]

The rest is silence, and the silence went on for the whole of the week
after that, until the water fell.
"""


def test_wrapped_text_is_unwrapped() -> None:
    document = plain(WRAPPED)
    texts = [text for _, text in blocks(document)]
    assert texts[1].startswith(
        "The members of the board met on the quay at six in the morning, since the hall"
    )
    # A hyphen goes where the whole word stands elsewhere in the text, and stays where nothing tells.
    assert "none counted, and" in texts[1] and "agreed that count-less boats" in texts[1]
    assert "Row, row,\nhome we go." in texts
    assert [(a.kind, a.label) for a in document.anchors] == [("page", "11"), ("page", "12"), ("page", "13")]
    assert "Page" not in document.text
    assert document.blocks[-1].locator == "p. 13"


HALE = (
    "Nobody doubts who gave the order. “We were told on the Monday that the pier would be closed before the"
    " spring\ntides” (Hale, A letter). There the matter rests.\n"
)
SOFT = [
    (HALE, [HALE.replace("\n", " ").strip()]),
    ("T\n\n" + HALE, ["T", HALE.replace("\n", " ").strip()]),
    # The author's own breaks: verse, an attribution, an address, lines that end sentences or stop early.
    ("T\n\n“The ferry left the quay at six,\nthe quay was left alone”", None),
    (
        "T\n\n“The ferry left the quay at six in the morning of that day.”\nletter from Harrow to the board",
        None,
    ),
    ("T\n\nAda Harrow, The Ferry Question and Other Essays of the Harbour\nhttps://example.org/ferry", None),
    ("T\n\nA short line\nand then another, longer by far than the first was, to the margin.", None),
    # One long line shows that nothing was wrapped.
    ("T\n\n" + "word " * 60 + "\n\nThe ferry left the quay at six in the morning of that very\nday", None),
]


@pytest.mark.parametrize(("text", "expected"), SOFT)
def test_breaks_of_a_short_wrapped_text(text: str, expected: list[str] | None) -> None:
    document = plain(text)
    kept = [" ".join(part.split(" ")).strip() for part in text.strip().split("\n\n")]
    assert [words for _, words in blocks(document)] == (expected or kept)
    assert document.blocks[-1].kind == "para"


def test_a_paragraph_cut_by_a_page_is_one() -> None:
    text = "T\n\nIt went on and\n\n[Page 2]\n\non to the end.\n\n[Page 3]\n\nNew.\n\n[Page 4]\n\nLast."
    assert [words for _, words in blocks(plain(text))] == [
        "T",
        "It went on and on to the end.",
        "New.",
        "Last.",
    ]


def test_a_single_page_reference_is_an_attribution() -> None:
    assert plain("T\n\n“Words.”\n\np. 288\n\nMore.").text == "T\n\n“Words.”\n\np. 288\n\nMore."


HEADINGS = [
    ("The Harbour Question", True),
    ("WHO OWNS THE QUAY?", True),
    ("Background:", True),
    ("Harrow wrote to the board:", False),
    ("Ada Harrow, Letters, p. 12", False),
    ("https://example.org/a", False),
    ("A short sentence.", False),
    ("1. 2. 3.", False),
]


@pytest.mark.parametrize(("line", "expected"), HEADINGS)
def test_headings_of_plain_text(line: str, expected: bool) -> None:
    document = plain(f"T\n\nA paragraph of the text.\n\n{line}\n\nAnother paragraph of it.")
    assert (document.blocks[2].kind == "heading") is expected


def test_after_a_quotation_a_line_is_an_attribution() -> None:
    assert plain("T\n\n“Quoted.”\n\nAda Harrow\n\nText.").blocks[2].kind == "para"


DECLARED = (
    '<html><head><meta http-equiv="content-type" content="text/html; charset={}"></head><body><p>{}</p>'
)
SENTENCE = "“Café” — naïve, £5 … Straße"
CHARSETS = [
    ("iso-8859-1", "utf-8"),
    ("utf-16", "utf-8"),
    ("utrf-8", "utf-8"),
    ("utf-8", "cp1252"),
    ("utf-16", "cp1252"),
    ("iso-8859-1", "cp1252"),
    ("rtf-8", "cp1252"),
    ("punycode", "cp1252"),
    ("idna", "cp1252"),
    ("unicode-escape", "cp1252"),
    ("utf-8", "utf-8-sig"),
    ("iso-8859-1", "utf-16"),
    ("utf-8", "utf-16-le"),
]


@pytest.mark.parametrize(("declared", "real"), CHARSETS)
def test_charsets_survive_wrong_declarations(declared: str, real: str) -> None:
    raw = DECLARED.format(declared, SENTENCE).encode(real)
    assert extract(Work("w", "c", "source", "", file="x.htm"), raw).text == SENTENCE


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_marks_of_encodings_are_believed(encoding: str) -> None:
    assert (
        extract(Work("w", "c", "source", "", file="x.txt"), "Пятаков спал.".encode(encoding)).text
        == "Пятаков спал."
    )


def test_other_scripts() -> None:
    russian = "Это письмо было написано в начале весны, и никто не ответил на него до конца года. " * 5
    declared = DECLARED.format("windows-1251", russian).encode("cp1251")
    undeclared = f"<p>{russian}</p>".encode("koi8-r")
    for raw in (declared, undeclared):
        document = extract(Work("w", "c", "source", "", file="x.htm"), raw)
        assert document.text == russian.strip()
        assert document.work.language == "ru"


STRAY = [
    (b"the \x81etrue\x81f word", "the ‘true’ word"),
    (b"a caf\xe9 and \x93quotes\x94", "a café and “quotes”"),
    (b"one bad \x9d byte", "one bad \N{REPLACEMENT CHARACTER} byte"),
    ("mostly “good” “utf-8” ".encode() + b"and a \xe9", "mostly “good” “utf-8” and a é"),
    (b"nul\x00here", "nul here"),
    (b"lone &#xD800; surrogate", "lone \N{REPLACEMENT CHARACTER} surrogate"),
]


@pytest.mark.parametrize(("data", "expected"), STRAY)
def test_stray_bytes(data: bytes, expected: str) -> None:
    assert extract(Work("w", "c", "source", "", file="x.htm"), b"<p>" + data + b"</p>").text == expected


UNREADABLE = [
    (b"", "empty"),
    (b" \n\t", "empty"),
    (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "PNG"),
    (b"PK\x03\x04" + b"\x00" * 50, "ZIP"),
    (b"%PDF-1.4 x", "PDF"),
    (bytes(range(32)) * 50, "binary"),
    (b"\x00" * 100, "binary"),
    (b"<html><script>x</script></html>", "no text"),
]


@pytest.mark.parametrize(("raw", "reason"), UNREADABLE)
def test_unreadable_files_say_why(raw: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason) as caught:
        extract(Work("w", "c", "source", "", file="odd/name.htm"), raw)
    assert "odd/name.htm" in str(caught.value)


HOSTILE = [
    (b"<div>" * 50_000 + b"deep" + b"</div>" * 50_000 + b"<p>after</p>", "deep\n\nafter"),
    (b"<blockquote>" * 50_000 + b"deep", "deep"),
    (b"<p><b>" * 3_000 + b"word", "word"),
    (b"<p>seen</p><!-- never closed <p>seen too</p>", "seen\n\nnever closed\n\nseen too"),
    (b"<!-- x" * 5_000 + b"<p>last</p>", None),
    (b'<p>one <a title="' + b"x" * 5_000_000 + b'">two</a> three</p>', "one two three"),
    (b"<p>a" + b"<br>" * 20_000 + b"b</p>", "a\n\nb"),
]


@pytest.mark.parametrize(("raw", "expected"), HOSTILE)
def test_hostile_mark_up_yields_its_text(raw: bytes, expected: str | None) -> None:
    text = extract(Work("w", "c", "source", "", file="x.htm"), raw).text
    assert text.endswith("last") if expected is None else text == expected


def test_a_name_s_ending_may_lie() -> None:
    page_as_text = extract(
        Work("w", "c", "source", "", file="x.txt"), b"<!DOCTYPE html><html><p>Hi</p></html>"
    )
    text_as_page = extract(Work("w", "c", "source", "", file="x.htm"), b"Hi\n\nthere")
    assert (page_as_text.text, text_as_page.text) == ("Hi", "Hi\n\nthere")


MARKUP = """
    <p> </p> <p_class='quoteb'> <b> </b> <br> <div> </div> <li> <h1> </h1> word A: [1] <sup>1</sup>
    <a_href='#n1'>[1]</a> <a_name='n1'> </a> 1. <blockquote> </blockquote> <table><tr><td> </table> <q> </q>
    &nbsp; <p_class='note'> <i> </i> <span_class='page'>12</span> <a_name='p12'></a> <!--_x_--> “ &#0; <hr>
"""
PIECES = st.sampled_from([" ", "\n", "\x00", *(piece.replace("_", " ") for piece in MARKUP.split())])


@settings(max_examples=300)
@example(["[1]", "<br>", "[1]", "word"])
@example(["word", "<sup>1</sup>", "<br>", "[1]", "word", "<br>", "[2]", "<i>", "word", "</i>"])
@given(st.lists(PIECES, max_size=40))
def test_spans_hold_in_any_mark_up(pieces: list[str]) -> None:
    try:
        document = page("".join(pieces))
    except UnreadableFile:
        return
    _holds(document)


@settings(max_examples=200)
@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_spans_hold_in_any_text(text: str) -> None:
    try:
        document = plain(text)
    except UnreadableFile:
        return
    _holds(document)


@settings(max_examples=200)
@given(st.binary(max_size=400), st.sampled_from(["x.htm", "x.txt"]))
def test_any_bytes_end_well(raw: bytes, name: str) -> None:
    try:
        document = extract(Work("w", "c", "source", "", file=name), raw)
    except UnreadableFile:
        return
    document.text.encode()


def _holds(document: Document) -> None:
    """Blocks in order, two line breaks between them, covering the text; all other spans inside it."""
    text, at = document.text, 0
    for block in document.blocks:
        assert block.span.start == at and block.span.end > at
        at = block.span.end + 2
        words = text[block.span.start : block.span.end]
        assert words == words.strip() and "\n\n" not in words and "  " not in words
        assert text[block.span.end : at] in ("\n\n", "")
    assert at == len(text) + 2
    inside = [*document.quoted, *document.emphasis, *(a.span for a in document.anchors)]
    inside += [link.span for link in document.links]
    assert all(0 <= span.start <= span.end <= len(text) for span in inside)
    assert list(document.anchors) == sorted(document.anchors, key=lambda anchor: anchor.span.start)
    text.encode()


@pytest.mark.shared
def test_pages_whose_text_is_known() -> None:
    natural = SHARED / "gold" / "natural"
    if not natural.exists():
        pytest.skip("the labels are not beside the checkout")
    for path in sorted((natural / "essays").glob("*.html")):
        document = extract(Work(path.stem, "c", "essay", "", file=path.name), path.read_bytes())
        expected = (natural / "text" / f"{path.stem}.txt").read_text("utf-8").split()
        got = document.text.split()
        assert sum(word in expected for word in got) >= 0.999 * sum(not w.startswith("[") for w in got)
        assert len(got) >= 0.99 * len(expected)


@pytest.mark.shared
def test_every_file_of_the_archive_is_read() -> None:
    if not (SHARED / "archive").exists():
        pytest.skip("the archive is not beside the checkout")
    files = sorted(
        path for path in (SHARED / "archive").rglob("*.*") if path.suffix in (".htm", ".html", ".txt")
    )
    for path in files[::20]:
        name = path.relative_to(SHARED / "archive").as_posix()
        _holds(extract(Work(name, "c", "source", "", file=name), path.read_bytes()))


SAID = (
    "Noakes said: “I could not have told it by looking. It fell as sweet as ever it did” (Noakes, Inquiry)."
)


@pytest.mark.parametrize(
    ("text", "title", "kinds"),
    [
        (SAID, "Noakes said: “I could not have told it…", ["para"]),
        (f"{SAID}\n\nAnd that was all.", "Noakes said: “I could not have told it…", ["para", "para"]),
        (f"The ball\n\n{SAID}", "The ball", ["heading", "para"]),
        (
            f"The ball: what fell? Who saw it?\n\n{SAID}",
            "The ball: what fell? Who saw it?",
            ["heading", "para"],
        ),
        ("“The Ball” by E. Lorne (1904)\n\nA text.", "“The Ball” by E. Lorne (1904)", ["heading", "para"]),
    ],
)
def test_a_first_paragraph_is_not_taken_for_a_title(text: str, title: str, kinds: list[str]) -> None:
    document = extract(Work("a", "b", "essay", "", file="b/a.txt"), text.encode())
    assert document.work.title == title
    assert [block.kind for block in document.blocks] == kinds


REMARKS = [
    ("<p>" + "The quay stood. " * 40 + "</p>", ()),
    (
        "<nav>Home About Contact</nav><aside>Read also these</aside><p>" + "The quay stood. " * 9 + "</p>",
        ("81.8 % of the page's 33 words kept; left out: “Home About Contact”, “Read also these”",),
    ),
    ("<script>var a = 1;</script><p>The quay.</p><style>p {}</style><noscript>No.</noscript>", ()),
    ("<p>The \x01quay.</p>", ("1 of its characters cannot be read and is shown as �",)),
    ("<p>The quay stood.</p><p>It <a hre", ("the page ends within a tag: it may be cut short",)),
    (
        "<p>The quay stood.</p><p>It was of \n",
        ("the page ends in the midst of its words: it may be cut short",),
    ),
    ("<p>The quay stood.</p><p>It was of oak.</p>\r", ()),
    ("<p>The quay stood.</p></body></html>It was of oak.", ()),
    ("<p>The quay stood.</body>It was of oak.", ()),
]


@pytest.mark.parametrize(("body", "expected"), REMARKS)
def test_what_was_left_out_is_said(body: str, expected: tuple[str, ...]) -> None:
    work = Work("w", "c", "source", "", url="https://quay.example/a.htm", file="a.htm")
    assert extract(work, f"<html><body>{body}".encode()).remarks == expected


def test_a_piece_of_a_page_may_end_with_a_word() -> None:
    """It never said that it was a whole page."""
    assert (
        extract(Work("w", "c", "source", "", file="a.htm"), b"<p>The quay stood.<p>It was of oak.").remarks
        == ()
    )


@pytest.mark.parametrize(
    ("reason", "frame"),
    [
        ("81.8 % of the page's 33 words kept; left out: “Home; About”, “Read also these”", True),
        ("97.0 % of the page's 1,500 words kept; left out: “Home”, “Up”, “On” and 12 more", True),
        ("60.0 % of the page's 1,500 words kept; left out: “Home”", False),
        ("the file lists chapters that are not in it: 3", False),
        ("81.8 % of the page's 33 words kept; left out: “Home”; 1 of its characters cannot be read", False),
        ("the page is cut; 81.8 % of the page's 33 words kept; left out: “Home”", False),
    ],
)  # fmt: skip
def test_what_frames_a_page_is_told_from_what_was_lost(reason: str, frame: bool) -> None:
    assert is_frame(reason) is frame


def test_the_remark_on_a_frame_is_known_as_one() -> None:
    work = Work("w", "c", "source", "", url="https://quay.example/a.htm", file="a.htm")
    [remark] = extract(work, f"<html><body>{REMARKS[1][0]}".encode()).remarks
    assert is_frame(remark)


def test_a_class_that_says_of_what_a_post_speaks_makes_it_no_frame() -> None:
    post = '<div class="post category-social tag-share">A short post on the quay.</div>'
    other = (
        "<p>Of the mole the board has said more than of the quay, and of the quay more than of itself.</p>"
    )
    raw = f"<html><body>{post}{other}</body></html>".encode()
    assert "A short post" in extract(Work("w", "c", "source", "", file="a.html"), raw).text

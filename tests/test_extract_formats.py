"""PDF, EPUB, DOCX, TEI and scans: files made here, whole and broken."""

import random
import zipfile
from io import BytesIO

import pytest
from pdfs import pdf

from indexer.errors import UnreadableFile
from indexer.extract import extract
from indexer.models import Document, Work

LEFT = [
    "The board met on the quay at six in the morning, since the hall was",
    "under water, and spoke for an hour of the ferry and the price of co-",
    "al, of which there was none.",
    "Nobody asked for a vote, as far as the minutes tell, and they were kept",
    "by a man who was asleep by then and who had lost his glasses in the har-",
]
RIGHT = ["bour before the spring. The coal was counted in the harbour by two men.", "The rest is silence."]


def packed(members: dict[str, str | bytes]) -> bytes:
    """A ZIP of these members."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in members.items():
            pack.writestr(name, data)
    return made.getvalue()


def epub(chapters: dict[str, str | bytes], missing: str = "", said: str = "") -> bytes:
    """A book with these chapters, in their order; `said` is of its metadata."""
    names = [*chapters, *([missing] if missing else [])]
    items = "".join(
        f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="i{n}"/>' for n in range(len(names)))
    return packed({
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container><rootfile full-path="OPS/a.opf"/></container>',
        "OPS/a.opf": '<package xmlns:dc="d"><metadata><dc:title>Low Water</dc:title><dc:creator>Ada Harrow'
        f"</dc:creator>{said}</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>",
        **{f"OPS/{name}": text for name, text in chapters.items()},
    })  # fmt: skip


def docx(body: str, notes: str = "") -> bytes:
    """A word processor's file with this body."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return packed({
        "word/document.xml": f"<w:document {space}><w:body>{body}</w:body></w:document>",
        "word/footnotes.xml": f"<w:footnotes {space}>{notes}</w:footnotes>",
        "word/styles.xml": f'<w:styles {space}><w:style w:styleId="U1"><w:name w:val="heading 1"/></w:style>'
        "</w:styles>",
    })  # fmt: skip


def read(raw: bytes, file: str = "x.bin") -> Document:
    return extract(Work("w", "c", "source", "", file=file), raw)


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.span.start : block.span.end]) for block in document.blocks]


BOOK = [
    ["THE QUAY", *LEFT, "11"],
    ["THE QUAY", *RIGHT, "12"],
    ["THE QUAY", "A last page of the book stood here.", "13"],
]


@pytest.mark.parametrize(
    "raw",
    [pdf(BOOK), "\f".join("\n\n".join(["\n".join(p[:1]), "\n".join(p[1:-1]), p[-1]]) for p in BOOK).encode()],
)
def test_pages_of_lines_become_paragraphs(raw: bytes) -> None:
    document = read(raw)
    texts = [words for _, words in blocks(document)]
    assert texts[0].startswith(
        "The board met on the quay at six in the morning, since the hall was under water"
    )
    assert "price of coal, of which" in texts[0]
    assert "glasses in the harbour before the spring." in texts[1]
    assert "THE QUAY" not in document.text and "12" not in document.text
    assert [(a.kind, a.label) for a in document.anchors] == [("page", "11"), ("page", "12"), ("page", "13")]
    assert document.blocks[-1].locator == "p. 13"


def test_the_first_line_of_a_pdf_may_be_its_title() -> None:
    document = read(pdf([["Minutes of the Quay", *LEFT], RIGHT, ["The end of it."]]))
    assert blocks(document)[0] == ("heading", "Minutes of the Quay")
    assert document.work.title == "Minutes of the Quay"


def test_a_book_in_the_order_of_its_spine() -> None:
    document = read(epub({
        "b.xhtml": '<html><body><h1>First</h1><p>Words<a href="a.xhtml#n">[1]</a> of it.</p></body></html>',
        "a.xhtml": '<html><body><span epub:type="pagebreak" title="7"></span>'
        '<p class="note" id="n">[1] A note.</p></body></html>',
    }))  # fmt: skip
    assert blocks(document) == [("heading", "First"), ("para", "Words[1] of it."), ("note", "[1] A note.")]
    assert [(a.kind, a.label) for a in document.anchors] == [("note", "1"), ("page", "7")]
    assert (document.work.author, document.anchors[0].target) == ("Ada Harrow", document.blocks[2].span.start)


DATES = [
    ("<dc:date>1888</dc:date>", 1888, "1888"),
    ("<dc:date>1888-03-05</dc:date>", 1888, "1888-03-05"),
    # Of a day that a program filled in only the year is meant.
    ("<dc:date>1888-01-01</dc:date>", 1888, "1888"),
    ("<dc:date>1888-03-05T00:00:00+00:00</dc:date>", 1888, "1888"),
    # Such a date may be the file's, and a book of 1888 has none of its own.
    ("<dc:date>2006-03-05</dc:date>", None, None),
    ('<dc:date opf:event="original-publication" xmlns:opf="o">2006</dc:date>', 2006, "2006"),
    ("<dc:date>0101-01-01T00:00:00+00:00</dc:date>", None, None),
    ("<dc:date></dc:date>", None, None),
]


@pytest.mark.parametrize(("said", "year", "date"), DATES)
def test_a_book_is_called_and_dated_as_it_says(said: str, year: int | None, date: str | None) -> None:
    chapter = (
        "<html><head><title>I. The Quay</title></head><body><h1>I. The Quay</h1><p>Words.</p></body></html>"
    )
    work = read(epub({"a.xhtml": chapter}, said=said)).work
    assert (work.title, work.aliases, work.author) == ("Low Water", (), "Ada Harrow")
    assert (work.year, work.date) == (year, date)


def test_a_missing_chapter_is_passed_over_and_named() -> None:
    document = read(epub({"a.xhtml": "<p>Here.</p>"}, "../../gone.xhtml"))
    assert document.text == "Here."
    assert document.work.note is not None and "gone.xhtml" in document.work.note


def test_an_empty_chapter_costs_the_book_nothing() -> None:
    document = read(
        epub({"a.xhtml": "<p>Here.</p>", "b.xhtml": "", "c.xhtml": " \n", "d.xhtml": "<p>There.</p>"})
    )
    assert document.text == "Here.\n\nThere."


def test_a_word_processor_s_file() -> None:
    document = read(docx(
        '<w:p><w:pPr><w:pStyle w:val="U1"/></w:pPr><w:r><w:t>Low Water</w:t></w:r></w:p>'
        '<w:p><w:r><w:t>Nobody </w:t></w:r><w:r><w:rPr><w:i/></w:rPr><w:t>asked</w:t></w:r>'
        '<w:del><w:r><w:delText>no</w:delText></w:r></w:del><w:r><w:footnoteReference w:id="2"/></w:r></w:p>',
        '<w:footnote w:id="2"><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote>',
    ))  # fmt: skip
    assert blocks(document) == [
        ("heading", "Low Water"),
        ("para", "Nobody asked[1]"),
        ("note", "[1] A note."),
    ]
    assert [(a.label, a.target) for a in document.anchors] == [("1", document.blocks[2].span.start)]
    assert [document.text[s.start : s.end] for s in document.emphasis] == ["asked"]


def test_letters_of_a_word_processor_s_file_that_are_struck_hidden_or_raised() -> None:
    def run(look: str, words: str) -> str:
        return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'

    document = read(docx(
        "<w:p>" + run("", "He came ") + run("<w:strike/>", "never once ") + run("<w:vanish/>", "not ")
        + run('<w:strike w:val="false"/>', "10") + run('<w:vertAlign w:val="superscript"/>', "2")
        + run("", " yards") + "</w:p>"
    ))  # fmt: skip
    assert blocks(document) == [("para", "He came 10² yards")]
    assert document.remarks[0] == "what is struck out on the page is left out (2 words)"


TEI = """<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt>
<title>Low Water</title><author>Ada Harrow</author></titleStmt></fileDesc></teiHeader><text><body><div>
<pb n="3"/><head>The Quay</head><p>Nobody asked<note n="a">A note.</note> us.</p>
<sp><speaker>LOMAS.</speaker><p>I was there.</p></sp><lg><l>Row, row,</l><l>home</l></lg>
<pb n="4"/><p>End.</p>
</div></body></text></TEI>"""


def test_what_an_edition_in_tei_raises_stays_raised() -> None:
    made = TEI.replace(
        "Nobody asked", 'Nobody <hi rend="italic">asked</hi> 10<hi rend="superscript">2</hi> times'
    )
    document = read(made.encode())
    assert "Nobody asked 10² times" in document.text
    assert [document.text[s.start : s.end] for s in document.emphasis] == ["asked"]


def test_an_edition_in_tei() -> None:
    document = read(TEI.encode(), "x.xml")
    assert blocks(document) == [
        ("heading", "The Quay"), ("para", "Nobody asked[a] us."), ("speech", "LOMAS. I was there."),
        ("verse", "Row, row,\nhome"), ("para", "End."), ("note", "[a] A note."),
    ]  # fmt: skip
    assert document.blocks[2].speaker == "LOMAS"
    assert [a.label for a in document.anchors if a.kind == "page"] == ["3", "4"]
    assert document.work.author == "Ada Harrow"


ENTITIES = '<!DOCTYPE TEI [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
UNREADABLE = [
    (pdf([[""], [""]]), "needs OCR"),
    (pdf(BOOK, "/Encrypt << /Filter /Standard /V 9 /R 9 /O (x) /U (x) /P 1 >>"), "PDF|encrypted"),
    (b"%PDF-1.4 cut", "PDF"),
    (packed({"a.txt": "words"}), "ZIP"),
    (epub({"a.xhtml": b"<p>x</p>" * 4_500_000}), "more text"),
    (epub({"a.xhtml": b"<b>" * 400_000}), "more mark-up"),
    (epub({}, "gone.xhtml"), "not one of the chapters"),
    (docx("<w:p>"), "broken|damaged"),
    (b"PK\x03\x04" + b"\x00" * 50, "ZIP"),
    (TEI[:300].encode(), "damaged"),
]


@pytest.mark.parametrize(("raw", "reason"), UNREADABLE)
def test_files_without_text_say_why(raw: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        read(raw)


def test_entities_are_not_followed() -> None:
    raw = TEI.replace("<TEI ", ENTITIES + "<TEI ", 1).replace("End.", "End &b; &f;.")
    assert read(raw.encode()).text.count("root") == 0


@pytest.mark.parametrize("seed", range(100))
def test_broken_files_end_in_text_or_a_reason(seed: int) -> None:
    chance = random.Random(seed)
    whole = [
        pdf(BOOK),
        epub({"a.xhtml": "<p>One.</p>"}),
        docx("<w:p><w:r><w:t>Hi</w:t></w:r></w:p>"),
        TEI.encode(),
    ]
    raw = bytearray(whole[seed % 4])
    if chance.random() < 0.3:
        del raw[chance.randrange(len(raw)) :]
    for _ in range(chance.choice([0, 1, 5, 50])):
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8) if raw else 0
    try:
        document = read(bytes(raw), chance.choice(["x.pdf", "x.epub", "x.htm", "x.txt", "x.docx"]))
    except UnreadableFile as reason:
        assert "x." in str(reason)
        return
    document.text.encode()


CORE = (
    '<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:creator>Typist Office</dc:creator></cp:coreProperties>'
)


@pytest.mark.parametrize(
    ("byline", "author", "date"),
    [("By Ada Harrow, 1921", "Ada Harrow", "1921"), ("On the tide", "Typist Office", None)],
)
def test_who_typed_a_file_is_its_author_where_the_text_names_none(
    byline: str, author: str, date: str | None
) -> None:
    paragraphs = ["The Bridge at Low Water", byline, " ".join(LEFT)]
    body = "".join(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" for words in paragraphs)
    with zipfile.ZipFile(BytesIO(docx(body))) as pack:
        members: dict[str, str | bytes] = {name: pack.read(name) for name in pack.namelist()}
    work = read(packed(members | {"docProps/core.xml": CORE}), "x.docx").work
    assert (work.title, work.author, work.date) == ("The Bridge at Low Water", author, date)


def test_a_byline_on_the_first_page_of_a_pdf() -> None:
    work = read(pdf([["The Bridge at Low Water", "By Ada Harrow, 1921", "", *LEFT]])).work
    assert (work.title, work.author, work.date) == ("The Bridge at Low Water", "Ada Harrow", "1921")


PRINTS = [
    ("3/5/21, 8:14 PM Low Water", "https://www.example.org/low-water.html {}/{}"),
    ("05.03.2021, 20:14 Low Water", "file:///home/ada/low%20water.html {}/{}"),
    ("Low Water https://www.example.org/low-water.html", "{} of {} 3/5/21, 8:14 PM"),
]


@pytest.mark.parametrize(("head", "foot"), PRINTS)
@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("count", [1, 2, 4])
def test_what_a_browser_prints_on_each_page_is_no_text(head: str, foot: str, last: bool, count: int) -> None:
    """Some draw both lines behind the text of a page."""
    sides = [LEFT, ["bour before the spring.", "The Rest was silence."]] * 2
    pages = []
    for number, lines in enumerate(sides[:count], 1):
        below = [foot.format(number, count)]
        pages.append([*lines, head, *below] if last else [head, *lines, *below])
    document = read(pdf(pages))
    bare = read(pdf(sides[:count]))
    assert document.text == bare.text
    assert [a.label for a in document.anchors] == [str(n) for n in range(1, count + 1)]


def test_an_address_on_a_line_of_its_own_stays() -> None:
    address = "https://www.example.org/low-water.html"
    for pages in ([[*LEFT, address]], [[*LEFT, address], LEFT]):
        assert address in read(pdf(pages)).text

"""Titles, other forms of them, and authors: invented pages whose headings name more than the work."""

import pytest

from indexer.extract import extract
from indexer.models import Work

FOLDER = "https://www.marxists.org/archive/harrow/"
AUTHOR = '<meta name="author" content="Ada Harrow">'


def facts(body: str, title: str, address: str, head: str = AUTHOR) -> Work:
    """What an invented page says of itself."""
    raw = f"<html><head><title>{title}</title>{head}</head><body>{body}<p>The tide came in.</p></body></html>"
    return extract(Work("w", "c", "source", "", url=FOLDER + address, file="x.htm"), raw.encode()).work


TITLES = [
    # A preface or an editor's introduction at the head of a whole text is no part of its title.
    ("<h1>If the River Rose</h1><h4>* * *</h4><h4>Introduction from Harbour History</h4>",
     "Ada Harrow: If the River Rose (1934)", "1934/08/river.htm", "If the River Rose"),
    ("<h1>November</h1><h4>(A Page of Memories)</h4><h4>Introduction<br>by Ben Lomas</h4><h4>The Quay</h4>",
     "Ada Harrow: November (1926)", "1926/november/index.html", "November"),
    ("<h1>Words to Pilots</h1><h3>PREFACE</h3>", "Words to Pilots", "1907/words.htm", "Words to Pilots"),
    ("<h1>Words to Pilots</h1><h3>Preface</h3>", "Words to Pilots (Preface)", "1907/x.htm",
     "Words to Pilots: Preface"),
    ("<h1>Words to Pilots</h1><h3>Preface</h3>", "Words to Pilots", "1907/preface.htm",
     "Words to Pilots: Preface"),
    ("<h1>The Tide</h1><h3>Part 2</h3>", "Ada Harrow: The Tide", "1907/tide.htm", "The Tide: Part 2"),
    # No colon follows a question.
    ("<h1>Are We Pilots?</h1><h3>Part 2</h3>", "Ada Harrow: Are We Pilots?", "1907/tide.htm",
     "Are We Pilots? Part 2"),
    # Headings of a table of contents, and the list's own.
    ("<h1>The Year of the Tide</h1><h3>Part I: Ebb</h3><h3>Part II: Flood</h3>",
     "The Year of the Tide", "1930/tide/index.htm", "The Year of the Tide"),
    ("<h2>The Year of the Tide</h2><h1>Contents</h1>", "The Year of the Tide", "1930/tide/index.htm",
     "The Year of the Tide"),
    # A chapter's own section below it.
    ("<h3>The Year of the Tide</h3><h1>From Ebb to Flood</h1><h4>1861: THE WATERS</h4>",
     "Ada Harrow: The Year of the Tide (1. From Ebb to Flood)", "1930/tide/ch01.htm", "From Ebb to Flood"),
    ("<h3>The Year of the Tide</h3><h1>VII – The Harbour</h1><h3>*</h3>",
     "Ada Harrow: The Year of the Tide (VII – The Harbour)", "1930/tide/part07.htm", "VII – The Harbour"),
    # The chapter's heading is the larger one, whatever the page's copied title says.
    ("<h4>Harrow’s “Memories”</h4><h1>Abroad Again</h1><h4>End of 1907</h4>",
     "Harrow: Memories - St. Orlow", "works/mem/mem11.htm", "Harrow’s “Memories”: Abroad Again"),
    # Lines of the page's author and date, of its site, of the pages that list an author's works.
    ('<p class="title">Harrow February 1926<br>Questions of the Harbour</p><h1>On the Tide</h1>',
     "Questions of the Harbour by Ada Harrow", "works/q/ch02.htm", "Questions of the Harbour: On the Tide"),
    ('<p class="title">Pilot Writers: Ada Harrow</p><h1>Ada Harrow Archive</h1><h2>1883-1936</h2>',
     "Ada Harrow",
     "index.htm", "Ada Harrow Archive"),
    ('<p class="title">Harrow Internet Archive: Works: By Date</p><h2>1893</h2>',
     "Harrow Works Archive | By Date",
     "works/1893.htm", "Works: By Date"),
    ("<h1>The Pilots’ Congress[See glossary entry]</h1>", "The Pilots' Congress", "1917/x.htm",
     "The Pilots’ Congress"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "title", "address", "expected"), TITLES)
def test_titles_of_pages(body: str, title: str, address: str, expected: str) -> None:
    assert facts(f"<h2>Ada Harrow</h2>{body}", title, address).title == expected


DIVISIONS = [
    # The chapters of a whole book are none of its title, however they are numbered.
    ("Chapter I. The Contract", "Chapter II. The Piers", "The Ledger"),
    ("Part One", "Part Two", "The Ledger"),
    ("Erster Teil", "Zweiter Teil", "The Ledger"),
    ("Глава первая", "Глава вторая", "The Ledger"),
    ("LETTER THE FIRST", "LETTER THE SECOND", "The Ledger"),
    # One chapter alone, or one and what does not go on with it, is what the page has of the whole.
    ("Chapter I. The Contract", "The Piers", "The Ledger: Chapter I. The Contract"),
    ("Chapter 3", "Chapter 7", "The Ledger: Chapter 3"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "expected"), DIVISIONS)
@pytest.mark.parametrize("between", ["", "The bridge was let by contract in the dry summer, they say. " * 9])
def test_the_chapters_of_a_whole_book_are_no_part_of_its_title(
    first: str, second: str, expected: str, between: str
) -> None:
    body = f"<h1>The Ledger</h1><h2>{first}</h2><p>{between}</p><h2>{second}</h2>"
    assert facts(body, "The Ledger", "1907/ledger.htm").title == expected


@pytest.mark.parametrize(
    ("body", "title", "aliases"),
    [
        ("<h1>The Congress</h1><h3>1</h3>", "The Congress: Section One", ("The Congress: Section One",
         "The Congress")),
        ("<h1>The Ferry</h1><h3>* * *</h3>", "The Ferry", ()),
        ("<h1>The Ferry</h1><h3>Part 2</h3>", "The Ferry", ("The Ferry",)),
        ("<h1>To Lomas</h1><h3>(Undated)</h3>", "To Lomas", ()),
        ("<h1>The Ferry</h1><h5>Transcribed for the Harrow Internet Archive.</h5>", "The Ferry", ()),
        ("<h1>The Ferry</h1><h3>A Reply</h3>", "Ferry", ("Ferry", "The Ferry: A Reply")),
    ],
)  # fmt: skip
def test_another_form_of_a_title_says_which_work_it_is(
    body: str, title: str, aliases: tuple[str, ...]
) -> None:
    address = "1918/7th/01.htm" if ">1<" in body else "1918/x.htm"
    assert facts(f"<h2>Ada Harrow</h2>{body}", title, address).aliases == aliases


AUTHORS = [
    (
        "<h1>welcome to the<br>HARROW INTERNET ARCHIVE</h1><h3>PHOTO GALLERY</h3>",
        "The Harrow Gallery",
        "",
        None,
    ),
    ("<h2>HARROW LIBRARY</h2><h1>Low Water</h1>", "Low Water", "", None),
    ("<h4>Ada Harrow</h4><h1>Low Water</h1>", "Low Water", "Pilots’ Party of Orlow", "Ada Harrow"),
    ("<h1>Low Water</h1>", "Low Water", "Pilots’ Party of Orlow", "Pilots’ Party of Orlow"),
    ("<h1>Low Water</h1>", "Low Water", "", None),
    ("<h2>Ben Lomas</h2><h1>Low Water</h1>", "Ben Lomas: Low Water", "", "Ben Lomas"),
    (
        "<h2>The Board of the Quay</h2><h1>Low Water</h1><h2>Ada Harrow<br>1878-1939</h2>",
        "Low Water",
        "",
        None,
    ),
    ("<h4>Ben Lomas</h4><h1>Low Water</h1>", "Low Water", "Ada Harrow, Ben Lomas", "Ada Harrow, Ben Lomas"),
]


@pytest.mark.parametrize(("body", "title", "stated", "expected"), AUTHORS)
def test_authors_are_persons_or_stated(body: str, title: str, stated: str, expected: str | None) -> None:
    head = f'<meta name="author" content="{stated}">' if stated else ""
    work = facts(body, title, "1926/x.htm", head)
    assert (work.author, work.title.split(":")[0]) == (
        expected,
        "PHOTO GALLERY" if "PHOTO" in body else "Low Water",
    )

"""When a text was written, and after what it was printed: pages that say it once, twice or never."""

import pytest

from indexer.extract import extract
from indexer.models import Work

SITE = "https://harbour.example/archive/harrow"
BOX = '<p class="info">{}</p>'

DATES = [
    # A span of years is no year: the heading, the first publication or the address tell, if they are near.
    ("<h1>The Long Book</h1><h3>(1930)</h3>" + BOX.format("Written: 1925–1928, Orlow."),
     "1930/book/index.htm", "1930"),
    (BOX.format("Written: 1925–1928.<br>First published: 1929."), "book/index.htm", "1929"),
    (BOX.format("Written: 1917–1923.<br>First published: 1962."), "1923/x.htm", "1923"),
    (BOX.format("Written: 1924-1936.<br>Source: Harbour Morals, 1971."), "works/morals.htm", None),
    ("<h1>From the Notebooks</h1><h3>(1938–44)</h3>", "1944/notebooks.htm", "1944"),
    ("<h1>From the Notebooks</h1><h3>(1938–44)</h3>" + BOX.format("Source: Papers, 1985."), "works/n.htm",
     None),
    ("<h1>Speeches</h1><h3>(1927/28)</h3>", "1927/x.htm", "1927"),
    # What a title is about.
    ("<h1>The Ferries</h1><h3>The years of low water (1903–05)</h3>", "1920/ferries/ch03.htm", "1920"),
    ("<h1>The Ferries</h1><h3>The Harbour Abroad (1923–7)</h3>", "life/part4.htm", None),
    ("<h1>A Short History<br>from 1905 to this day (1937)</h1><h2>Part I<br>1905 to February 1917</h2>",
     "1937/history/index.htm", "1937"),
    ("<h2>Orlow, 9 April 1952:</h2><h1>The Forgotten Flood</h1><h3>(April 1983)</h3>", "1983/04/flood.htm",
     "1983-04"),
    ("<h1>The Flood of 25 October 1917</h1>", "1930/ferries/ch02.htm", "1930"),
    ("<h1>The Flood of 25 October 1917</h1>", "floods/flood.htm", "1917-10-25"),
    ("<h4>Reminiscences</h4><h1>Orlow</h1><h4>1903</h4>", "works/mem/mem05.htm", None),
    ("<h4>Reminiscences</h4><h1>Orlow</h1><h4>July-August 1903</h4>", "works/mem/mem06.htm", None),
    ("<h1>Orlow</h1><h4>(July 1903)</h4>", "works/mem/mem06.htm", "1903-07"),
    ("<h1>Orlow</h1><h4>1903</h4>", "works/mem/orlow.htm", "1903"),
    ("<h4>1903</h4><h1>Orlow</h1>", "works/mem/mem05.htm", "1903"),
    # What the page says is not known.
    ("<h1>To Lomas</h1><h3>(Undated)</h3>" + BOX.format("From Harbour History, vol. 8, 2003."),
     "194x/xx/l.htm", None),
    ("<h1>To Lomas</h1>" + BOX.format("Written: n.d.<br>Source: Harbour History, 2003."), "letters/l.htm",
     None),
    ("<h1>The Pilot</h1><h3>(1920s)</h3>" + BOX.format("Source: Quay, Winter 1959."), "1920s/pilot.htm",
     None),
    ("<h1>The Pilot</h1>" + BOX.format("Source: Quay, Winter 1959."), "19xx/pilot.htm", None),
    ("<h1>The Pilot</h1>" + BOX.format("Source: Quay, May 1885."), "pilot.htm", "1885-05"),
    # Two that contradict each other: the two that agree, the page's own word, or none.
    ("<h1>The Pilot</h1><h3>(June 1936)</h3>" + BOX.format("Source: Quay, 16 June 1939."), "1939/06/p.htm",
     "1939-06-16"),
    ("<h1>The Pilot</h1><h3>(May 1936)</h3>" + BOX.format("Source: Quay, 16 June 1939."), "1939/06/p.htm",
     "1936-05"),
    ("<h1>Seventh Meeting</h1><h3>MARCH 6-8, 1910</h3><h3>Section Three</h3>", "1918/7th/03.htm", None),
    ("<h1>Seventh Meeting</h1><h3>MARCH 6-8, 1918</h3><h3>Section Three</h3>", "1918/7th/03.htm",
     "1918-03-06"),
    ("<h1>The Water</h1><h3>(May 7, 1927)</h3>", "1932/waters/x01.htm", "1927-05-07"),
    ("<h1>The Water</h1>" + BOX.format("Written: 7 May 1927."), "1932/waters/x01.htm", "1927-05-07"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "address", "expected"), DATES)
def test_when_a_text_was_written(body: str, address: str, expected: str | None) -> None:
    raw = f"<html><body>{body}<p>The tide came in.</p></body></html>".encode()
    url = f"{SITE}/{address}"
    work = extract(Work("w", "c", "source", "", url=url, file="marxists/x.htm"), raw).work
    assert (work.date, work.year) == (expected, int(expected[:4]) if expected else None)


HEADS = [
    # What a page's head says counts where nothing else does, and where it cannot be the page's own date.
    ('<meta name="date" content="1902">', "", "1902"),
    ('<meta name="DC.date" content="1902">', "", "1902"),
    ('<meta name="dcterms.created" content="1902-05-03"><meta name="date" content="2004">', "", "1902-05-03"),
    ('<meta name="date" content="1902">', "<h3>(May 1911)</h3>", "1911-05"),
    ('<meta name="date" content="2004-01-01">', "", None),
    ('<meta name="date" content="in the spring">', "", None),
]  # fmt: skip


@pytest.mark.parametrize(("head", "below", "expected"), HEADS)
def test_the_date_in_the_head_of_a_page(head: str, below: str, expected: str | None) -> None:
    raw = f"<html><head>{head}</head><body><h1>The Water</h1>{below}<p>The tide came in.</p></body></html>"
    work = extract(Work("w", "c", "source", "", file="x.htm"), raw.encode()).work
    assert (work.date, work.year) == (expected, int(expected[:4]) if expected else None)


EDITIONS = [
    ("Written: 1911.<br>Source: <i>Harbour Papers</i>, vol. 3, Quay Press, Orlow 1965, pp. 16–17.", 1911,
     "Harbour Papers, vol. 3, Quay Press, Orlow 1965", 1965),
    ("Source: From Harbour Review, Vol. 8 Nos. 2–5, March 1942; page 9.", 1942,
     "Harbour Review, Vol. 8 Nos. 2–5, March 1942", 1942),
    # The year is not the printing's.
    ("Written: 1975.<br>Source: The Years 1911 and 1912, volume 4.", 1975,
     "The Years 1911 and 1912, volume 4", None),
    ("Written: 1911.<br>Source: Harbour Papers, volume 3, Seite 12.", 1911, "Harbour Papers, volume 3", None),
    ("Written: 1911.<br>Transcribed: by hand, 1999.", 1911, None, None),
    ("Written: 1911.<br>Source: pp. 12–14.", 1911, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("told", "year", "edition", "edition_year"), EDITIONS)
def test_the_year_of_an_edition_is_apart_from_that_of_the_text(
    told: str, year: int, edition: str | None, edition_year: int | None
) -> None:
    raw = f"<html><body><h1>The Flood</h1>{BOX.format(told)}<p>The tide came in.</p></body></html>".encode()
    work = extract(Work("w", "c", "source", "", file="marxists/x.htm"), raw).work
    assert (work.year, work.edition, work.edition_year) == (year, edition, edition_year)


def test_what_the_catalogue_says_of_an_edition_stays() -> None:
    raw = f"<html><body>{BOX.format('Source: Harbour Papers, 1965.')}<p>The tide.</p></body></html>".encode()
    given = Work("w", "c", "source", "T", file="marxists/x.htm", edition="Quay Press, 1971")
    work = extract(given, raw).work
    assert (work.edition, work.edition_year) == ("Quay Press, 1971", 1971)
    work = extract(Work("w", "c", "source", "T", file="marxists/x.htm", edition_year=1980), raw).work
    assert (work.edition, work.edition_year) == ("Harbour Papers, 1965", 1980)

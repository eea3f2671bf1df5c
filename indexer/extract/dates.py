"""When a text was written, as its page says, or else as its address does."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from indexer.extract.words import lists, pattern
from indexer.numbers import months

# Works older than printing and younger than the archive are misread numbers.
_EARLIEST, _LATEST = 1450, 2100
# "(1873–1941)": years so far apart are those of a life or an age, not of a text.
_LIFE = 15
_RANGE = re.compile(r"\b(1[4-9]\d\d|20\d\d)\s*[-–—]\s*(1[4-9]\d\d|20\d\d)\b")


class Date(NamedTuple):
    """A date as precise as it is known; `month` and `day` are 0 where they are not."""

    year: int
    month: int = 0
    day: int = 0

    def iso(self) -> str:
        """The date as 1921, 1921-03 or 1921-03-05."""
        text = f"{self.year:04}"
        if self.month:
            text += f"-{self.month:02}"
        return f"{text}-{self.day:02}" if self.day else text


# "(Written on the 3rd of July 1937)" is about the longest heading that is but a date.
_MOST_DATE_WORDS = 7
# A text is printed within so many years of the last that was spent on it; a later year is an edition's.
_SOON = 5
# Dates further apart than this contradict each other: a text of a December is printed in the next year.
_NEAR = 1
_YEAR = re.compile(r"\b(1[4-9]\d\d|20\d\d)\b")
# "(March 1921)" at a heading's end, or a heading that is but a year.
_DATED = re.compile(r"\([^()]*\d{4}[^()]*\)$|^\W*\d{4}\W*$")
# "1925–1928", "1903–05", "1923–7", "1905 to February 1917"; after a hyphen two digits may be a month.
_SPAN = re.compile(
    r"\b(1[4-9]\d\d|20\d\d)(?:\s*[–—]\s*|\s*-\s*(?!(?:0\d|1[0-2])\b)|\s+(?:to|bis)\s+)(?:[^\W\d]+\s+)?(\d{4}|\d\d?)\b(?![-–—]\d)"
)
# An address says as well that a year is not known: "/194x/", "/1920s/".
_VAGUE_ADDRESS = re.compile(r"/(1[4-9]|20)(xx|\dx|\d0s)(/|$)")
# The name of a chapter's page: a word and its number.
_CHAPTER_PAGE = re.compile(r"/[a-z_-]+\d{1,3}[a-z]?\.[^/.]+$")


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    names = "|".join(sorted(map(re.escape, months()), key=len, reverse=True))
    month, year, day = rf"(?P<month>{names})\b\.?", r"(?P<year>1[4-9]\d\d|20\d\d)\b", r"(?P<day>[0-3]?\d)"
    span = r"(?:\s*[-–—/]\s*[0-3]?\d)?"
    return tuple(
        re.compile(form, re.IGNORECASE)
        for form in (
            rf"\b{day}{span}(?:st|nd|rd|th|\.)?(?:\s+of|\s+de)?\s+{month}(?:\s+de)?,?\s+{year}",
            rf"\b{month}\s+{day}{span}(?:st|nd|rd|th)?,?\s+{year}",
            rf"\b{month}(?:\s*[-–—/&]\s*\w+|\s+(?:and|to)\s+\w+)?(?:\s+of|\s+de)?,?\s+{year}",
            rf"(?<![\w-]){year}-(?P<month>\d\d)(?:-(?P<day>\d\d))?\b",
            rf"(?<![\w-]){year}",
        )
    )


def first_date(text: str) -> Date | None:
    """The most precise date of a text, the first of those that are equally so."""
    text = _RANGE.sub(lambda found: found.group() if _is_short(found) else " ", text)
    for form in _patterns():
        for found in form.finditer(text):
            if date := _date(found.groupdict()):
                return date
    return None


def _is_short(years: re.Match[str]) -> bool:
    return int(years.group(2)) - int(years.group(1)) < _LIFE


def _date(parts: dict[str, str | None]) -> Date | None:
    year, name = int(parts["year"] or 0), (parts.get("month") or "").lower()
    month = int(name) if name.isdigit() else months().get(name, 0)
    day = int(parts.get("day") or 0)
    if not _EARLIEST <= year <= _LATEST or month > 12:
        return None
    return Date(year, month, day if 1 <= day <= 31 and month else 0)


def address_date(url: str) -> Date | None:
    """The year in an address, with the month if the next folder names one (`/1937/08/`)."""
    found = re.search(r"/(1[6-9]\d\d|20[0-2]\d)(?:/(\d\d|[a-z]{3,9}))?(?:/|$)", url)
    if not found:
        return None
    name = found.group(2) or ""
    month = int(name) if name.isdigit() else months().get(name, 0)
    return Date(int(found.group(1)), month if month <= 12 else 0)


def _span(text: str) -> tuple[int, int] | None:
    """The first and the last of years on which a text says that it took, or that it is about."""
    for found in _SPAN.finditer(text):
        first, end = found.groups()
        last = int(first[: -len(end)] + end)
        if last - int(first) > _NEAR:
            return int(first), last
    return None


def _of_a_life(heading: str) -> bool:
    """Whether a heading says when somebody was born or died: "March 28th 1874 - January 16th 1936"."""
    years = sorted(int(year) for year in _YEAR.findall(_RANGE.sub(" ", heading)))
    far = len(years) > 1 and years[-1] - years[0] >= _LIFE
    return far or pattern("dates", "life").match(heading) is not None


def is_life(line: str) -> bool:
    """Whether a line is but the years of a life: "1878–1939"."""
    years = _span(line) if is_date(line) else None
    return years is not None and years[1] - years[0] >= _LIFE


def is_date(text: str) -> bool:
    """Whether a heading says nothing but a date, or between which years: "(1927–1931)"."""
    rest = re.sub(r"\d+(st|nd|rd|th)?|[^\w\s]", " ", text.lower())
    dated = first_date(text) is not None or _RANGE.search(text) is not None
    return dated and all(word in months() for word in rest.split())


def _heading_date(headings: list[str], url: str) -> Date | None:
    """The date that the headings give, the most precise of its year; a year inside a title is its subject.

    A heading that is but a date, or ends with one in parentheses, goes before the others, and these do not
    count where the address contradicts them.
    """
    dated = list(_dated(headings, url))
    sure = [date for text, date in dated if is_date(text) or text.endswith(")")]
    first = (sure or [date for _, date in dated if not _far(date, address_date(url))])[:1]
    return max(date for _, date in dated if date.year == first[0].year) if first else None


def _dated(headings: list[str], url: str) -> Iterator[tuple[str, Date]]:
    """The headings with the dates that may be the work's.

    A dated heading of more words than its date, older than the year of the address, is that of a letter
    or a document that the page prints. A bare year or month below the title of a chapter's page is what
    the chapter is about.
    """
    address = address_date(url)
    chapter = not address and _CHAPTER_PAGE.search(url.lower()) is not None
    for place, text in enumerate(headings):
        date = None if _of_a_life(text) or _span(text) else first_date(text)
        if not date or not (date.month or _DATED.search(text)):
            continue
        older = address and date.year < address.year and len(text.split()) > _MOST_DATE_WORDS
        bare = is_date(text) and not (date.day or text.endswith(")"))
        if not older and not (chapter and place and bare):
            yield text, date


def _far(date: Date | None, other: Date | None) -> bool:
    """Whether two dates contradict each other."""
    return bool(date and other and abs(date.year - other.year) > _NEAR)


def _of_the_whole(headings: list[str], date: Date) -> bool:
    """Whether a date stands above the heading of a chapter: it is that of the whole then."""
    at = next((place for place, text in enumerate(headings) if first_date(text) == date), len(headings))
    return any(pattern("title", "chapter").match(text) for text in headings[at + 1 :])


def _misprinted(heading: Date, source: Date | None, address: Date | None) -> bool:
    """Whether the source and the address agree on another year of the same month: "(June 1936)"."""
    if not source or not address or not heading.month:
        return False
    agreed = source[:2] == address[:2] and source.month == heading.month
    return agreed and _far(heading, source)


def written(labelled: dict[str, str], headings: list[str], url: str) -> Date | None:
    """When the work was written; None where that is not known, or the page says that it is not.

    `labelled` is what the page's information says by lower-case label ("written"). Its word comes
    first, then a heading that is a date or ends with one, then the first publication, then the address.
    A year inside a title is what the work is about. A source names an edition, so it counts only for the
    month of the address's year, or where nothing else is said. Of a span of years no one is the work's:
    it is dated by what else is said, if that is not before nor long after.
    """
    words, address = lists()["dates"], address_date(url)
    told = [labelled[label] for label in words["written"] if label in labelled]
    if any(pattern("dates", "unknown").fullmatch(text) for text in (*told, *headings)):
        return address
    if stated := next((date for text in told if not _span(text) and (date := first_date(text))), None):
        return stated
    source = next((date for label in words["source"] if (date := first_date(labelled.get(label, "")))), None)
    heading = _heading_date(headings, url)
    if heading and _misprinted(heading, source, address):
        heading = source
    elif heading and _far(heading, address) and _of_the_whole(headings, heading):
        return None  # the address has another year for the whole: one of the two is wrong
    said = [heading, *(first_date(labelled[label]) for label in words["published"] if label in labelled)]
    if span := next(filter(None, map(_span, told)), None):
        dates = (date for date in (*said, address) if date)
        return next((date for date in dates if span[0] <= date.year <= span[1] + _SOON), None)
    if address and source and source.year == address.year:
        address = source
    if found := next(filter(None, (*said, address)), None):
        return found
    vague = _VAGUE_ADDRESS.search(url) or any(is_date(text) and _span(text) for text in headings)
    return None if vague else source

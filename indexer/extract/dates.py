"""When a text was written, as its page says, or else as its address does."""

import re
from functools import cache
from typing import NamedTuple

from indexer.extract.words import lists, pattern

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
_YEAR = re.compile(r"\b(1[4-9]\d\d|20\d\d)\b")
# "(March 1921)" at a heading's end, or a heading that is but a year.
_DATED = re.compile(r"\([^()]*\d{4}[^()]*\)$|^\W*\d{4}\W*$")


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    months = "|".join(sorted(map(re.escape, lists()["dates"]["months"]), key=len, reverse=True))
    month, year, day = rf"(?P<month>{months})\b\.?", r"(?P<year>1[4-9]\d\d|20\d\d)\b", r"(?P<day>[0-3]?\d)"
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
    month = int(name) if name.isdigit() else lists()["dates"]["months"].get(name, 0)
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
    month = int(name) if name.isdigit() else lists()["dates"]["months"].get(name, 0)
    return Date(int(found.group(1)), month if month <= 12 else 0)


def _of_a_life(heading: str) -> bool:
    """Whether a heading says when somebody was born or died: "March 28th 1874 - January 16th 1936"."""
    years = sorted(int(year) for year in _YEAR.findall(_RANGE.sub(" ", heading)))
    far = len(years) > 1 and years[-1] - years[0] >= _LIFE
    return far or pattern("dates", "life").match(heading) is not None


def _heading_date(headings: list[str], address: Date | None) -> Date | None:
    """The date that the headings give, the most precise of its year; a year inside a title is its subject.

    A dated heading of more words than its date, older than the year of the address, is that of a letter
    or a document that the page prints.
    """
    dates = [
        date
        for text in headings
        if not _of_a_life(text)
        if (date := first_date(text)) is not None and (date.month or _DATED.search(text))
        if not (address and date.year < address.year and len(text.split()) > _MOST_DATE_WORDS)
    ]
    return max((date for date in dates if date.year == dates[0].year), default=None)


def written(labelled: dict[str, str], headings: list[str], url: str) -> Date | None:
    """When the work was written.

    `labelled` is what the page's information says by lower-case label ("written"). Its word comes
    first, then a heading that is a date or ends with one, then the first publication, then the address.
    A year inside a title is what the work is about. A source names an edition, so it counts only for the
    month of the address's year, or where nothing else is said.
    """
    words = lists()["dates"]
    said = [first_date(labelled[label]) for label in words["written"] if label in labelled]
    address = address_date(url)
    said.append(_heading_date(headings, address))
    said += [first_date(labelled[label]) for label in words["published"] if label in labelled]
    for date in said:
        if date:
            return date
    source = next((date for label in words["source"] if (date := first_date(labelled.get(label, "")))), None)
    if address and source and source.year == address.year:
        return source
    return address or source

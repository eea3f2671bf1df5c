"""Whether the words stand on the page, in the chapter, under the date that the essay cites.

It is no verdict, for editions differ. It is said only where the citation and the text held number the same
kind of place, and only where the comparison is sure: of "pp. 41ff." no page far behind 41 is said to differ.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from indexer.numbers import months, number, spelt

# "41ff." names two pages at least behind the first, and nobody knows how many more.
FOLLOWING = 2
_YEAR = r"(?:1[4-9]|20)\d\d"
# "41", "41a", "41f.", but not the 41 of "41st".
_DIGITS = r"\d{1,4}(?:[a-eg-z](?!\w)|(?=ff?\b)|(?!\w))"
_AND = r",|;|&|\band\b|\bund\b|\bu\.|\bet\b|\bи\b"
# With nothing but stops between, a further number is of the same row, though it may not be read as one.
_GOES_ON = re.compile(rf"\W*(?!{_YEAR}(?!\w))\d")
_FOLLOWING = r"\s*(?P<following>ff?\b\.?)?"

# Before a day: the day that it ends, or that it is in another calendar.
_LAST_OF_SEVERAL = re.compile(r"(?:\d\w*\s*[–(-]|\b(?:to|and|bis))\s*$")


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """A place that the citation names and the one of the same kind where the words stand.

    `kind` is that of data/verdict-places.toml, or "date"; `cited` and `found` are as the two texts name them.
    """

    kind: str
    cited: str
    found: str
    same: bool


@dataclass(frozen=True, slots=True)
class _Named:
    """What a text names of a kind: its words, the numbers from and to, and whether more may follow them."""

    text: str
    ranges: tuple[tuple[int, int], ...]
    more: bool = False


_NONE = _Named("", ())


def cited_places(locator: str | None, found: Sequence[tuple[str, str]]) -> tuple[CitedPlace, ...]:
    """What the place that a citation names and the places of the text held have to say of each other.

    `found` has for each piece of the quotation where it begins and where it ends, as the text held names it
    ("" where it names nothing). Nothing is said of a kind that one side lacks.
    """
    cited = {**_places(locator or "", _anywhere()), **_bare(locator or ""), **_dates(locator or "")}
    held = [[_held(end) for end in piece] for piece in found]
    compared = (
        _compared(kind, named, [[end.get(kind) for end in piece] for piece in held])
        for kind, named in cited.items()
    )
    return tuple(place for place in compared if place)


def _compared(kind: str, cited: _Named, held: Sequence[Sequence[_Named | None]]) -> CitedPlace | None:
    ends = [[end for end in piece if end] for piece in held]
    if not ends or any(len(piece) < len(named) for piece, named in zip(ends, held, strict=True)):
        return None
    spans = [(piece[0].ranges[0][0], piece[-1].ranges[-1][1]) for piece in ends]
    same = any(low <= last and first <= high for low, high in cited.ranges for first, last in spans)
    if not same and cited.more and min(spans)[0] > cited.ranges[-1][1]:
        return None
    every = sorted((end for piece in ends for end in piece), key=lambda end: end.ranges)
    kind = kind.removeprefix("roman ")
    return CitedPlace(kind, cited.text, _told(kind, every[0].text, every[-1].text), same)


def _told(kind: str, first: str, last: str) -> str:
    """From the first place to the last, as one."""
    if first == last:
        return first
    if kind == "page":
        return f"pp. {first.removeprefix('p. ')}–{last.removeprefix('p. ')}"
    return f"{first} – {last}"


def _held(text: str) -> dict[str, _Named]:
    """The places in the name that the text held gives to one: only with them does a heading begin, or go on
    behind a stop, and with the date does it end."""
    dates = {
        kind: named for kind, named in _dates(text).items()
        if re.search(rf"{re.escape(named.text)}[)\].\s]*(?:, p\. \S+)?$", text)
    }  # fmt: skip
    return {**_places(text, _at_beginnings()), **dates}


def _places(text: str, pattern: re.Pattern[str]) -> dict[str, _Named]:
    """The numbered places of a text by kind; a kind that it names twice, with other numbers, is not clear."""
    made: dict[str, _Named] = {}
    unclear = set()
    for match in pattern.finditer(text):
        kind, ranges = _kind(match), _ranges(match["number"] or match["ordinal"] or match["before"])
        more, ranges = _followed(match["following"], ranges)
        goes_on = match["number"] and _GOES_ON.match(text, match.end())
        if not ranges or goes_on or made.get(kind, _NONE).ranges not in ((), ranges):
            unclear.add(kind)
        made[kind] = _Named(match.group().strip(" .,:;—–("), ranges, more)
    return {kind: named for kind, named in made.items() if kind not in unclear}


def _kind(match: re.Match[str]) -> str:
    """The kind of a place: Roman pages are others than the pages with the same number in digits."""
    kind = _kinds()[(match["word"] or match["named"]).casefold()]
    numbered = match["number"] or ""
    return f"roman {kind}" if kind == "page" and not numbered[:1].isdecimal() else kind


def _bare(locator: str) -> dict[str, _Named]:
    """The pages of a place that is but numbers: "(Lorne 1898, 41-3)"."""
    match = re.fullmatch(rf"(?P<number>{_row(_DIGITS)}){_FOLLOWING}", locator.strip(" ."))
    if not match or re.fullmatch(_YEAR, match["number"]):
        return {}
    more, ranges = _followed(match["following"], _ranges(match["number"]))
    return {"page": _Named(match.group(), ranges, more)} if ranges else {}


def _followed(
    mark: str | None, ranges: tuple[tuple[int, int], ...]
) -> tuple[bool, tuple[tuple[int, int], ...]]:
    """Whether more may follow, and the numbers with those that an "f." or "ff." adds for certain."""
    if not mark or not ranges:
        return False, ranges
    low, high = ranges[-1]
    far = "ff" in mark.casefold()
    return far, (*ranges[:-1], (low, high + (FOLLOWING if far else 1)))


def _ranges(text: str) -> tuple[tuple[int, int], ...]:
    """The numbers of "41-3, 50" as ranges, both ends in them; none if one cannot be read."""
    made = []
    for part in re.split(_AND, text):
        ends = [end.strip() for end in re.split(r"[-–—]", part)]
        low, high = number(ends[0]), number(ends[-1])
        if high < low and ends[-1].isdecimal():
            high = int(ends[0][: -len(ends[-1])] + ends[-1]) if ends[0].isdecimal() else 0
        if not low or high < low:
            return ()
        made.append((low, high))
    return tuple(made)


def _dates(text: str) -> dict[str, _Named]:
    """The one day that a text names; none if it names several, or one in two calendars."""
    found = list(_days().finditer(text))
    if len(found) != 1 or _LAST_OF_SEVERAL.search(text[: found[0].start()]):
        return {}
    match = found[0]
    month = months()[(match["m1"] or match["m2"]).casefold()]
    day = int(match["d1"] or match["d2"])
    value = (int(match["y1"] or match["y2"]) * 100 + month) * 100 + day
    return {"date": _Named(match.group(), ((value, value),))}


# The patterns


@cache
def _days() -> re.Pattern[str]:
    month = "|".join(sorted(map(re.escape, months()), key=len, reverse=True))
    th = r"(?:st|nd|rd|th|\.)?"
    return re.compile(
        rf"(?<!\w)(?:(?P<d1>\d{{1,2}}){th}(?:\s+of|\s+de)?\s+(?P<m1>{month})\b\.?,?\s+(?P<y1>{_YEAR})(?!\w)"
        rf"|(?P<m2>{month})\b\.?\s+(?P<d2>\d{{1,2}}){th},?\s+(?P<y2>{_YEAR})(?!\w))",
        re.IGNORECASE,
    )


@cache
def _kinds() -> Mapping[str, str]:
    """The kind of each word for one."""
    tables = tomllib.loads(files("indexer").joinpath("data", "verdict-places.toml").read_text("utf-8"))
    return {word: kind for kind, table in tables.items() for language in table.values() for word in language}


def _row(one: str) -> str:
    """One number or a range, and further ones in digits: neither a year nor the day of a month."""
    month = "|".join(map(re.escape, months()))
    more = rf"(?!{_YEAR}(?!\w)){_range(_DIGITS)}(?!\s+(?:{month})\b)"
    return rf"{_range(one)}(?:\s*(?:{_AND})\s*{more})*"


def _range(one: str) -> str:
    return rf"(?:{one})(?:\s*[-–—]\s*(?:{one}))?"


def _numbered() -> Iterator[str]:
    """The forms of a numbered place: the word before its number, or behind an ordinal."""
    words = "|".join(sorted(map(re.escape, _kinds()), key=len, reverse=True))
    # The L of "S.L.P." is no number.
    numbers = rf"{_DIGITS}|(?<=\s)(?:[ivxlc]+(?!\.\w)|{spelt()})(?!\w)"
    yield (
        rf"(?P<word>{words})(?:(?!\w)|(?=\d))\.?\s*(?:no\.?\s*)?"
        rf"(?P<number>{_row(numbers)}){_FOLLOWING}"
    )
    yield rf"(?P<before>(?P<ordinal>{spelt()}|\d{{1,2}}(?:st|nd|rd|th|\.)))\s+(?P<named>{words})(?!\w)"


@cache
def _anywhere() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(_numbered())})", re.IGNORECASE)


@cache
def _at_beginnings() -> re.Pattern[str]:
    begins = r"(?:(?<![^(\[])|(?<=[.,:;(\[–—]\s))(?:the\s+)?"
    return re.compile(rf"{begins}(?:{'|'.join(_numbered())})", re.IGNORECASE)

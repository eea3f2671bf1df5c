"""Where in a work: pages, volumes, chapters, sessions, dates; and where a title ends and they begin."""

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal

from indexer.citations import habits
from indexer.models import Span

PieceKind = Literal["text", "place", "date", "year", "imprint", "container", "aside"]

# A page, or pages, with nothing that says so.
BARE_PAGE = r"\d{1,4}(?:[-–]\d{1,4})?"
_PAGE_ALONE = re.compile(rf"\s*,?\s*({BARE_PAGE})\s*\.?")
YEAR = r"(?:1[4-9]|20)\d\d"
# Behind the stop of a title: a town of few words, a colon, a name of few words.
_PUBLISHER = re.compile(rf"(?<=[\w)])[.?!]\s+[^\W\d_a-zß-ÿ][^.:“”\"]{{1,60}},\s*(?P<year>{YEAR})\.?$")
_PUBLISHED = re.compile(
    r"(?<=[\w)])(?:[.?!][”’\"]?|[”’\"])\s+[^\W\d_a-zß-ÿ][\w’'-]*(?:,?\s[^\W\d_a-zß-ÿ][\w’'-]*){0,2}:\s"
    r"[^\W\d_a-zß-ÿ][^:]{0,60}$"
)
_NUMBER = r"(?:\d+|[ivxlcdm]+(?![^\W\d_]))[a-z]?"
_RANGE = rf"{_NUMBER}(?:\s*[-–—/]+\s*{_NUMBER})?"
_DAY = r"\d{1,2}(?:st|nd|rd|th|\.)?(?:\s*(?:[-–—/&]|and)\s*\d{1,2}(?:st|nd|rd|th|\.)?)?"
# A capitalised place of publication before the year of it has no more words than this.
LONGEST_PLACE_NAME = 2
# A periodical or a series is named in no more words than this.
LONGEST_CONTAINER = 6

# Words such as "no earlier than" round a date are no longer than this.
LONGEST_QUALIFIER = 16


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a citation between commas, full stops or parentheses."""

    kind: PieceKind
    text: str
    span: Span
    aside: bool = False  # whether it stands in parentheses


@dataclass(frozen=True, slots=True)
class Placed:
    """A title, and what follows it: the place in the work as written, and the year of publication."""

    title: str
    locator: str | None
    year: int | None
    container: str | None  # the periodical or series behind the title


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    month = habits.either("month")
    months = rf"(?:mid-?\s*)?{month}(?:\s*[-–—/]\s*{month})?"
    old_style = rf"(?:\s*\({_DAY}(?:\s+{month})?\))?"
    weekday = rf"(?:{habits.either('weekday')},?\s+)?"
    date = (
        rf"(?:{weekday}{_DAY}{old_style}\s+{months}{old_style}(?:,?\s+{YEAR})?|{weekday}{months}\s+{_DAY}{old_style}(?:,?\s+{YEAR})?|{months},?\s+{YEAR}"
        rf"|\d{{1,2}}[./]\d{{1,2}}[./](?:{YEAR}|\d\d))"
    )
    page = rf"{habits.either('page')}\s*{_RANGE}(?:\s*(?:,|&|and)\s*{_RANGE})*(?:\s*ff?\.?)?"
    division = rf"{habits.either('division')}\s*#?{_RANGE}"
    sitting = rf"(?:{habits.either('ordinal')}\s+|\d+(?:st|nd|rd|th)\s+){habits.either('sitting')}"
    issue = rf"#\s*{_NUMBER}|№\s*{_NUMBER}"
    bare = r"(?![12]\d{3}\s*[-–—])(?:[A-Z]\s+)?\d{1,4}\s*[-–—]\s*\d{1,4}|[A-Z]\s+\d{1,4}"
    place = rf"(?:{page}|{division}|{sitting}|{issue})"
    flags = re.I | re.U
    return {
        "date": re.compile(date, flags),
        "place": re.compile(place, flags),
        "bare": re.compile(bare),
        "one page": re.compile(rf"{habits.either('page')}\s*{_RANGE}(?:\s*ff?\.?)?", flags),
        "joint": re.compile(r"of|in|the|[,;:&]", flags),
        "tail": re.compile(rf"(?<=\s)(?:{page}|{division}(?:,?\s+{page})?)(?=\s*\.?$|\s*\()", flags),
        "after stop": re.compile(rf"(?<=\.\s)(?:{page}|{division})", flags),
        "bare tail": re.compile(rf"(?<=[^\W\d]\s)(?:{bare})$"),
        "numbers": re.compile(rf"{_RANGE}", flags),
        "last page": re.compile(
            rf"(?i:{habits.either('page')})\s*\d[\d\s,–-]*(?:ff?\.?)?\.(?=\s+[^\W\d_a-zß-ÿ])"
        ),
        "imprint": re.compile(habits.either("imprint"), flags),
    }


@lru_cache(maxsize=4096)
def is_place(text: str) -> bool:
    """Whether the words are nothing but a place in a work: "p. 288", "Vol. 2, p. 65", "third session"."""
    text = text.strip(" .,;()")
    found = _patterns()
    named = found["place"].search(text) or found["date"].search(text) or found["bare"].fullmatch(text)
    return bool(named) and (_in_a_row(text) or found["bare"].fullmatch(text) is not None)


@cache
def _of_a_row() -> tuple[re.Pattern[str], ...]:
    """What a row of places is made of; a page alone too, for behind its comma a date may begin."""
    kinds = ("place", "one page", "date", "numbers", "joint")
    return tuple(re.compile(rf"(?:{_patterns()[kind].pattern})\s*", re.I) for kind in kinds)


def _in_a_row(text: str) -> bool:
    """Whether the text is nothing but places and what joins them. From each letter that is reached each kind
    is tried once: one pattern for the whole row would try all ways in which it can be divided."""
    reached, todo = {0}, [0]
    while todo:
        at = todo.pop()
        ends = {match.end() for pattern in _of_a_row() if (match := pattern.match(text, at))}
        if any(text[end:] in ("", ".") for end in ends):
            return True
        todo += ends - reached
        reached |= ends
    return False


@lru_cache(maxsize=4096)
def is_date(text: str) -> bool:
    """Whether the words are a date with at least a month."""
    text = text.strip(" .,;()")
    match = _patterns()["date"].search(text)
    if not match:
        return False
    rest = text[: match.start()] + text[match.end() :]
    return len(rest) <= LONGEST_QUALIFIER and not re.search(r"[^\W\d_a-zß-ÿа-яё]", rest)


def sentences(text: str) -> list[str]:
    """A note cut where it goes on to something else: behind a page's number, behind "[Author's note] -"."""
    ends = [match.end() for match in _patterns()["last page"].finditer(text)]
    ends += [match.end() for match in re.finditer(r"\]\s+[–—-](?=\s)", text)]
    edges = [0, *sorted(ends), len(text)]
    return [text[start:end].strip() for start, end in pairwise(edges) if text[start:end].strip()]


def is_year(text: str) -> bool:
    """Whether it is a year and nothing else."""
    return bool(re.fullmatch(YEAR, text.strip(" .,;()")))


def years_behind(title: str) -> tuple[str, int, int] | None:
    """The title before the span of years with which it ends, and the first and the last of them."""
    title = title.strip(" .,")
    found = re.search(rf"[\s,(]+({YEAR})\s*[-–—/]\s*({YEAR}|\d\d)\)?$", title)
    if not found or not found.start():
        return None
    first, end = found.groups()
    last = int(first[: 4 - len(end)] + end)
    return (title[: found.start()], int(first), last) if int(first) <= last else None


def begins_imprint(text: str) -> bool:
    """Whether it begins with a publisher: "Quay Press, 1956", "Port Ansel: Vale"."""
    head = re.split(r",|\.\s", text, maxsplit=1)[0]
    return bool(_patterns()["imprint"].search(head)) or bool(
        re.match(r"[^\W\d_][\w\s.]{2,25}: [^\W\d_]", text)
    )


def unpublished(text: str) -> str:
    """An entry's text without the town and the publisher with which it ends: "The Walk. Quayside: Hale", "The
    Walk. Hale and Hale, 1956"; the year stays."""
    return _PUBLISHER.sub(r", \g<year>", _PUBLISHED.sub("", text))


def has_place(text: str) -> bool:
    """Whether a page, volume, session or date is named anywhere in it."""
    return any(_patterns()[kind].search(text) for kind in ("place", "date"))


def pages(text: str) -> str | None:
    """The page that the text ends with."""
    found = re.search(rf"{habits.either('page')}\s*{_RANGE}$", text.strip(" .,;"), re.I)
    return found.group() if found else None


def year_in(text: str) -> int | None:
    """The first year that the text names."""
    year = re.search(rf"(?<!\d)(?<![-–—/]){YEAR}(?![-–—/]?\d)", text)
    return int(year.group()) if year else None


def begins_with_year(page: str) -> bool:
    """Whether what could be a bare page is a year, or a span of years."""
    return is_year(re.split(r"[-–]", page)[0])


def quoted_title(text: str) -> tuple[str, str] | None:
    """The title in quotation marks that the text begins with, and the rest; None if there is none."""
    orphan = re.match(r"([^“”\"]{8,}?)[,.]?”(?!\w)", text)
    if orphan and text.count("”") > text.count("“"):
        return orphan.group(1).strip(" ,"), text[orphan.end() :]
    match = re.match(r"[“”\"„«]\s*(.+)[”“\"»]", text) or re.match(r"[‘'](.+)[’'](?!\w)", text)
    if not match:
        return None
    title, rest = match.group(1), text[match.end() :]
    inner = re.match(r"([^“”\"«»]*(?:“[^“”\"]*[”\"][^“”\"]*)*)[”\"“»](?=\s*(?:[,.;:(]|$|in\s))", text[1:])
    if inner and inner.end() + 1 < match.end() and text[0] not in "‘'":
        title, rest = inner.group(1), text[1 + inner.end() :]
    if re.match(r"\s*[a-zà-ÿ]", rest) and not re.match(r"\s*in\s", rest):
        return None
    return title.strip(" ,"), rest


def split_place(text: str) -> Placed:
    """The title that the text (a citation without its author) begins with, and the place behind it."""
    quoted = quoted_title(text)
    if quoted:
        title, rest = quoted
        found = _kinds(_pieces(rest), True)
        # Behind the mark a bare number is the page: “The Title,” 5.
        bare = _PAGE_ALONE.fullmatch(rest)
        locator = _locator(rest, found) or (bare[1] if bare and not begins_with_year(bare[1]) else None)
        return Placed(title.strip(" ,."), locator, year_in(rest), _container(found))
    pieces = _kinds(_pieces(text), False)
    title_end = next((n for n, piece in enumerate(pieces) if piece.kind != "text"), len(pieces))
    title = text[: pieces[title_end - 1].span.end] if title_end else ""
    rest_pieces = pieces[title_end:]
    start = rest_pieces[0].span.start if rest_pieces else len(text)
    return Placed(
        _stripped(title), _locator(text, rest_pieces), year_in(text[start:]), _container(rest_pieces)
    )


def _stripped(title: str) -> str:
    """The title without the marks round it; those that belong to words inside stay."""
    title = title.strip(" ,.;:")
    if title.count("“") != title.count("”") or re.fullmatch(r"[“\"][^“”\"]*[”\"]", title):
        title = title.strip('“”"')
    return title.lstrip("‘") if title.count("’") < title.count("‘") else title


def _container(pieces: list[Piece]) -> str | None:
    return next((piece.text for piece in pieces if piece.kind == "container"), None)


def _pieces(text: str) -> list[Piece]:
    """The text cut at commas, full stops and parentheses that stand outside quotation marks."""
    quoted = _shut(text)
    dates = [match for match in _patterns()["date"].finditer(text) if "(" in match.group()]
    shut = quoted | {at for match in dates for at in range(*match.span())}
    cuts = {0, len(text)}
    for match in re.finditer(r"[,;](?=\s|$)|[.?!]\s+(?=[^\W\d_a-zà-ÿ]|[\d(“\"])|[()]", text):
        if match.start() in shut or _abbreviated(text, match):
            continue
        cuts |= {match.start(), match.end()} if match.group()[0] in "()" else {match.end()}
    for kind in ("tail", "after stop", "bare tail", "date"):
        for match in _patterns()[kind].finditer(text):
            rest = text[match.end() :].lstrip()
            numbered = text[: match.start()].endswith("#")
            if (
                match.start() not in quoted
                and not numbered
                and (not rest or rest[0] in ",.;()#&")
                and _parted(text[: match.start()])
            ):
                cuts.add(match.start())
    found = []
    edges = sorted(cuts)
    for start, end in pairwise(edges):
        piece = text[start:end]
        kept = piece.strip(" ,;:").lstrip("(")
        kept = re.sub(r"^in\s+(?=[^\W\d_a-z])", "", kept) if start or piece[0] == " " else kept
        kept = kept[:-1] if kept.endswith(")") and kept.count(")") > kept.count("(") else kept
        if re.search(r"\w", kept):
            at = start + piece.index(kept)
            found.append(Piece("text", kept, Span(at, at + len(kept)), _depth(text, at) > 0))
    return found


def _depth(text: str, at: int) -> int:
    return text.count("(", 0, at) - text.count(")", 0, at)


def _parted(before: str) -> bool:
    """Whether a date may begin here: not after "of", "in" and the like, which bind it to the title."""
    last = before.split()[-1:] or [""]
    return last[0].casefold() not in habits.words("small")


def _shut(text: str) -> set[int]:
    """Offsets inside pairs of quotation marks."""
    shut = r"“[^“”]*”|\"[^\"]*\"|«[^«»]*»|(?<=[^\s(])\([^()]*\)"
    return {at for match in re.finditer(shut, text) for at in range(*match.span())}


def _abbreviated(text: str, stop: re.Match[str]) -> bool:
    """Whether the full stop only shortens a word: an initial, "vol.", "vs.", a month."""
    if stop.group()[0] != ".":
        return False
    word = re.split(r"[\s(]", text[: stop.start()])[-1]
    if word.isdigit():
        return bool(re.match(habits.either("month"), text[stop.end() :], re.I))
    if _patterns()["imprint"].match(text, stop.end()):
        return False
    short = word.casefold() in habits.words("page") | habits.words("division") | habits.words("month")
    return short or len(word.strip(".")) <= 1 or (word.islower() and len(word) <= 3) or "." in word


def _kinds(pieces: list[Piece], titled: bool) -> list[Piece]:
    """The pieces with their kinds; the first is always text unless a title went before (`titled`)."""
    found: list[Piece] = []
    for n, piece in enumerate(pieces):
        rest = pieces[n + 1 :]
        first = n == 0 and not titled
        found.append(replace(piece, kind=_kind(piece, rest, found, first, titled)))
    return found


def _kind(piece: Piece, rest: list[Piece], before: list[Piece], first: bool, titled: bool) -> PieceKind:
    text = piece.text
    placed = any(other.kind in ("place", "date", "container") for other in before)
    if is_place(text):
        return "date" if is_date(text) else "place"
    if is_date(text):
        return "date"
    if before and before[-1].kind == "place" and _patterns()["numbers"].fullmatch(text.strip(" .")):
        return "place"
    if is_year(text):
        return "text" if first else "year"
    if (
        before
        and before[-1].kind in ("imprint", "year")
        and _patterns()["numbers"].fullmatch(text.strip(" ."))
    ):
        return "place"
    if re.search(r"(?:#|№|\bNo\.?|\bNr\.?)\s*\d+", text) or _volume_of_journal(piece, rest):
        return "container"
    if first:
        return "text"
    if piece.aside and not re.search(r"\d", text) and not (rest and rest[0].aside):
        return "aside"
    if _imprint(piece, rest):
        return "imprint"
    if _contains(text, rest, before, titled):
        return "container"
    if placed or titled:
        return "aside"
    return "text" if before[-1].kind == "text" and not _remark(text) else "aside"


def _volume_of_journal(piece: Piece, rest: list[Piece]) -> bool:
    """ "New Times 44 (1990)": a name and a number before a year in parentheses or an issue's number."""
    named = re.fullmatch(r"[^\W\d_].*\s\d{1,3}", piece.text)
    return bool(named) and bool(rest) and (is_year(rest[0].text) or is_place(rest[0].text))


def _imprint(piece: Piece, rest: list[Piece]) -> bool:
    if _patterns()["imprint"].search(piece.text) or re.match(r"[^\W\d_][\w\s.,]*: [^\W\d_]", piece.text):
        return bool(_patterns()["imprint"].search(piece.text)) or bool(rest and is_year(rest[0].text))
    if re.fullmatch(r"[^\W\d_][\w\s]*:\s*(?:1[4-9]|20)\d\d", piece.text):
        return True
    if re.fullmatch(rf"[^\W\d_a-zß-ÿ][^\W\d_]+(?:\s[^\W\d_]+)?\s{YEAR}", piece.text):
        return not rest or is_place(rest[0].text)
    short = len(piece.text.split()) <= LONGEST_PLACE_NAME and piece.text[0].isupper()
    if short and rest and rest[0].text and _patterns()["imprint"].search(rest[0].text):
        return True
    return short and bool(rest) and is_year(rest[0].text)


def _contains(text: str, rest: list[Piece], before: list[Piece], titled: bool) -> bool:
    """Whether the piece names the periodical or series in which the title before it stands."""
    tokens = text.split()
    if len(tokens) > LONGEST_CONTAINER or not text[0].isupper():
        return False
    following = rest[0].text if rest else ""
    if before and before[-1].kind == "date":
        return bool(rest) or titled
    if _patterns()["numbers"].fullmatch(following) and not is_year(following):
        return True
    numbered = is_place(following) and not re.match(rf"{habits.either('page')}\s*\d", following, re.I)
    return numbered or is_date(following) or (titled and is_place(following))


def _remark(text: str) -> bool:
    """Whether it reads as a sentence about the work rather than more of its title."""
    if re.split(r"[\s'’]", text.casefold())[0] not in habits.words("opening") or not text[0].isupper():
        return False
    tokens = [token for token in text.split() if token[0].isalpha()]
    small = [t for t in tokens if t[0].islower() and t.casefold() not in habits.words("small")]
    return len(tokens) > 2 and len(small) * 2 > len(tokens)


def _locator(text: str, pieces: list[Piece]) -> str | None:
    """The places as written, without imprints, remarks and a bare year of publication."""
    kept: list[Piece] = []
    paged = any(piece.kind in ("place", "container") for piece in pieces)
    for n, piece in enumerate(pieces):
        imprinted = n > 0 and pieces[n - 1].kind == "imprint"
        parenthesised = text[: piece.span.start].rstrip().endswith("(")
        contained = any(other.kind == "container" for other in kept) and not imprinted
        if piece.kind == "year" and kept and kept[-1].kind == "date":
            kept.append(piece)
        elif piece.kind == "year" and not contained and (paged or imprinted or parenthesised):
            continue
        elif piece.kind in ("place", "date", "container", "year"):
            kept.append(piece)
    return _joined(text, kept) if kept else None


def _joined(text: str, kept: list[Piece]) -> str:
    """The kept pieces with the marks that stood between neighbours."""
    parts = [kept[0].text]
    for one, other in pairwise(kept):
        between = text[one.span.end : other.span.start]
        if re.search(r"\w", between):
            parts.append(", ")
        elif "(" in between and is_year(other.text):
            parts.append(" (")
        else:
            parts.append("; " if ")" in between else (re.sub(r"[()]", "", between) or " "))
        parts.append(other.text)
        if "(" in between and is_year(other.text):
            parts.append(")")
    return re.sub(r"\s+", " ", "".join(parts)).strip(" ,;.")

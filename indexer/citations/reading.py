"""What a citation says by itself: its kind, and its parts before anything is resolved."""

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from indexer.citations import addresses, habits, names, places, titles
from indexer.citations.authors import split_author
from indexer.citations.names import Lexicon, naming
from indexer.normalise import one_pair

ReadingKind = Literal[
    "full", "author", "title", "letter", "ibid", "opcit", "idem", "place", "address", "unknown"
]
# A citation in more characters than this is a sentence in parentheses.
LONGEST_CITATION = 400
# A note with more sentences than this tells a story.
MOST_SENTENCES = 6


# Words that Markdown sets in italics or bold.
_EMPHASIS = re.compile(r"(?<![\w*_])(\*{1,3}|_{1,3})(?=[^\s*_])([^*_\n]{1,300}?)(?<=\S)\1(?![\w*_])")
# Names and a year, each with its stop, before a title.
_DATED_ENTRY = re.compile(
    rf"(?P<who>[^()\d]{{3,80}}?)(?<!\s[^\W\d_])\.?\s+(?P<year>{places.YEAR}[a-z]?)\.\s+(?=[“\"‘]?[^\W\d_a-zß-ÿ])"
)
# Names and a page, and nothing between.
_PAGED = re.compile(rf"(?P<who>[^\d,.;:()“”\"]{{2,60}}?)\s(?P<place>{places.BARE_PAGE})")
# What an editor adds in brackets behind the stop of a citation.
_ADDED = re.compile(r"(?<=[.)])\s*\[[^\[\]]{8,}\]\.?$")
# "The Title, MECW, vol. 6": the collected works of somebody by their letters.
_ACRONYM = re.compile(r"[^\W\d_a-zß-ÿа-яё]{2,6},?\s+[^\W\d_]+\.?\s?\d")


@dataclass(frozen=True, slots=True)
class Reading:
    """The parts of a citation as written. `said_by` is who speaks where it names another author."""

    kind: ReadingKind
    said_by: str | None = None
    author: str | None = None
    title: str | None = None
    locator: str | None = None
    via: str | None = None
    url: str | None = None
    year: int | None = None


UNKNOWN = Reading("unknown")


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    def either(*kinds: str) -> str:
        return f"(?i:{habits.either(*kinds)})"

    capital = r"[^\W\d_a-zß-ÿа-я][\w.’'\-]*"
    surname = r"[^\W\d_a-zß-ÿа-я][\w’'\-]+"
    # A word of a name is read in one way only: "The" is both, and a row of such words would be tried in all.
    small = either("small", "particle")
    person = rf"{capital}(?:\s+(?:{small}|(?!{small}\s){capital}))*"
    sent = rf"{either('letter')}\s+{either('from')}\s+(?P<a>{person}?)(?:\s+{either('to')}\s+{person})?"
    return {
        "lead": re.compile(rf"^(?:{either('lead')}\s*:?\s+)+"),
        "source": re.compile(rf"^{either('lead')}\s*:\s*"),
        "via": re.compile(rf"[\s,;(]*{either('via')}\s*:?\s*"),
        "quoting": re.compile(rf"[\s,;(]*{either('quoting')}\s+"),
        "standing": re.compile(
            rf"^(?P<what>[^.;]{{3,120}}?)\s+{either('standing')}\s+(?:{either('possessive', 'article')}\s+)?"
            r"(?=[^\W\d_a-zß-ÿа-я])"
        ),
        "here": re.compile(rf"[\s,;(]*{either('here')}\s*:?\s*$"),
        "ibid": re.compile(rf"(?:^|[\s,.(]){either('ibid')}(?=\W|$)"),
        "opcit": re.compile(rf"(?:^|[\s,.(]){either('opcit')}(?=\W|$)"),
        "remark": re.compile(rf"(?<![\s,.;(–—-])[\s,.;(–—-]+{either('remark')}[^,;.()\d]*\)?\.?$"),
        "idem": re.compile(rf"^{either('idem')}(?:[\s,.:]+|$)"),
        "letter": re.compile(rf"(?P<title>(?i:an?\s+|the\s+)?{sent})(?=[,.;:(]|\s+[a-z(]|$)"),
        "own": re.compile(
            rf"^(?P<title>(?P<a>{person}?)['’]s?\s+{either('letter')}(?:\s+{either('to')}\s+{person})?)(?=[,.;:(]|\s+[a-z(]|$)"
        ),
        "to": re.compile(
            rf"^(?P<title>(?P<a>{person}?)\s+{either('to')}\s+(?:{either('possessive')}\s+\w+|{person}))(?=[,.;:(]|$)"
        ),
        "signed": re.compile(
            rf"^(?P<title>[^,;:()]{{3,120}}?),?\s+(?P<by>{either('by', 'from')})\s+"
            rf"(?P<a>(?:[^\W\d_a-z]\.\s?)*{surname}(?:\s+{surname}){{0,2}}?)"
            r"(?P<rest>[.,]\s.+)$"
        ),
        "by": re.compile(rf"[\s,.]+(?P<by>{either('by', 'from')})\s+(?P<a>{capital}[^,;:()\d]*)$"),
    }


def tidy(text: str) -> str:
    """The citation on one line without the dash, the outer parentheses, the closing marks and the stars of
    Markdown."""
    text = re.sub(r"\s+", " ", _EMPHASIS.sub(r"\2", text)).strip(" –—-~*,;")
    while text.startswith("(") and text.endswith(")") and one_pair(text):
        text = text[1:-1].strip()
    if text.startswith("(") and text.count("(") > text.count(")"):
        text = text[1:].strip()
    if text.endswith(")") and text.count(")") > text.count("("):
        text = text[:-1].strip()
    return text.strip(" ,;")


def read(text: str, lexicon: Lexicon) -> Reading:
    """The parts of one citation; kind "unknown" where nothing of it is understood."""
    text = _ADDED.sub("", tidy(text))
    dated = _DATED_ENTRY.match(text)
    if dated and (names.inverted(dated["who"]) or names.family_first(dated["who"])):
        # "Tucker, Rose. 1978. Title.", as Chicago has it, is read as Harvard's "Tucker, Rose (1978) Title."
        text = f"{dated['who']} ({dated['year']}) {text[dated.end() :]}"
    first, further, rest = text.partition(";")
    if further and (author_and_year(first, lexicon) or _patterns()["lead"].match(rest.lstrip())):
        text = first  # "Tucker, 1978, p. 4; see also Low, 1981"
    parts = places.sentences(text)
    if len(parts) > 1:
        read_parts = [_read_one(part, lexicon) for part in parts[:MOST_SENTENCES]]
        sure = [found for found in read_parts if found.kind in ("full", "letter") and found.locator]
        return sure[0] if sure else read_parts[0]
    return _read_one(text, lexicon)


def _read_one(text: str, lexicon: Lexicon) -> Reading:
    text = tidy(text)
    if not text or len(text) > LONGEST_CITATION:
        return UNKNOWN
    url, text = _take_address(text)
    text = _patterns()["remark"].sub("", _patterns()["source"].sub("", text))
    via_text, text = _take_via(text)
    text = _patterns()["lead"].sub("", text).strip(" ,;")
    found = _read_kind(text, lexicon)
    via = _via(via_text)
    if (
        via
        and found.kind == "title"
        and names.shaped(found.title or "")
        and places.is_date(found.locator or "")
    ):
        found = replace(found, kind="author", author=found.title, title=None)
    if found.kind == "unknown" and (via or url):
        found = replace(found, kind="address" if url and not via else "title")
    return replace(found, via=via, url=url, locator=found.locator or places.pages(via or ""))


def labelled(text: str) -> bool:
    """Whether it says itself that it is a citation: "Source: ...", "quoted in ..."."""
    return bool(_patterns()["source"].match(text.strip()))


def inside(text: str) -> str | None:
    """The work behind the word "in" with which a citation begins: "In Tarn, The Pier, p. 31"."""
    text = tidy(text)
    lead = re.match(rf"{habits.either('inside')}\s+(?=[^\W\d_a-zß-ÿ])", text, re.I)
    return _via(text[lead.end() :]) if lead else None


def _take_address(text: str) -> tuple[str | None, str]:
    match = addresses.ADDRESS.search(text)
    if not match:
        return None, text
    url = addresses.trim(match.group())
    rest = text[: match.start()].rstrip(" (")
    rest = _patterns()["here"].sub("", rest)
    return url, tidy(rest + text[match.start() + len(url) :].lstrip(" )"))


def _take_via(text: str) -> tuple[str, str]:
    """What stands behind "quoted in" or "is in", and the text without it; a work that quotes is cited itself.

    Of "These recollections are in Pell's memoirs" only the memoirs are a work.
    """
    quoting = _patterns()["quoting"].search(text)
    if quoting and quoting.start() > 0:
        return "", text[: quoting.start()]
    match = _patterns()["via"].search(text)
    if match:
        return text[match.end() :], tidy(text[: match.start()])
    standing = _patterns()["standing"].match(text)
    if not standing:
        return "", text
    what = standing.group("what")
    titled = re.search(habits.either("letter", "utterance"), what, re.I)
    return text[standing.end() :], what if titled else ""


def _via(text: str) -> str | None:
    """The second work as written, without the year of publication and the marks round it."""
    text = re.sub(r"\s*\((?:1[4-9]|20)\d\d\)", "", text)
    text = re.sub(r"[\[\]“”\"«»]", "", re.sub(r"^[‘']|[’']$", "", text.strip(" ,.;:")))
    text = _patterns()["here"].sub("", " " + text).strip(" ,.;:()")
    return text if re.search(r"[^\W\d_]{2}", text) and text.casefold() not in habits.words("here") else None


def _read_kind(text: str, lexicon: Lexicon) -> Reading:
    """The first reading that fits, the surest first."""
    for reader in (
        _read_place,
        _read_back,
        _read_dated,
        _read_narrative,
        _read_paged,
        _read_letter,
        _read_by,
        _read_speaker,
        _read_plain,
    ):
        found = reader(text, lexicon)
        if found:
            return found
    return UNKNOWN


def _read_place(text: str, lexicon: Lexicon) -> Reading | None:
    """A place alone: "p. 288"."""
    return Reading("place", locator=text.strip(" .")) if places.is_place(text) else None


def _read_back(text: str, lexicon: Lexicon) -> Reading | None:
    """ "Ibid., p. 3", "Hale, Ibid.", "Hill, op. cit., p. 212", "Idem, Title"."""
    for kind in ("opcit", "ibid"):
        match = _patterns()[kind].search(text)
        if match:
            before, after = text[: match.start()].strip(" ,.("), _first_place(text[match.end() :])
            if before and not (names.shaped(before) or naming(before, lexicon)):
                found = _read_plain(before, lexicon) or UNKNOWN
                return replace(found, locator=", ".join(filter(None, [found.locator, after])) or None)
            return Reading(kind, author=before or None, locator=after or None)
    match = _patterns()["idem"].match(text)
    if match:
        rest = text[match.end() :]
        if not rest.strip(" ."):
            return Reading("ibid")
        number = re.search(r"\d[\d\s,–-]*$", rest.strip(" ."))
        if places.is_place(rest) or (number and not re.search(r"[^\W\d_]{3}", rest)):
            return Reading(
                "ibid", locator=rest.strip(" .") if places.is_place(rest) else number and number.group()
            )
        placed = places.split_place(rest)
        return Reading("idem", title=placed.title or None, locator=placed.locator, year=placed.year)
    return None


def _first_place(text: str) -> str:
    """The place up to where a second citation begins: "p. 212; Reilly, op. cit.", "p. 19. See also"."""
    head = re.split(r";|\.\s+(?=[^\W\d_a-zß-ÿ]\w+)(?![IVXLCDM]+\b)", text, maxsplit=1)[0]
    return head.strip(" ,.()")


def _read_dated(text: str, lexicon: Lexicon) -> Reading | None:
    """ "Tucker 1978: 475", "Tucker, 1978, p. 475", "Tucker, R. C. (1978). Title"."""
    year = r"(?P<year>(?:1[4-9]|20)\d\d)[a-z]?"
    listed = re.match(rf"(?P<who>[^()\d]+?),?\s*\({year}\)(?P<stop>[.:,]?)\s+(?P<rest>\S.+)$", text)
    if listed and _heads_entry(listed["who"], listed["stop"], listed["rest"]):
        placed = places.split_place(places.unpublished(listed["rest"]))
        who = listed["who"]
        return Reading(
            "full", author=who, title=placed.title, locator=placed.locator, year=int(listed["year"])
        )
    short = re.match(rf"(?P<who>[^()\d:]+?),?\s+{year}\s*[:,]\s*(?P<place>[^,:]*\d[\d\s–-]*)\.?$", text)
    if (
        not short
        or not naming(short.group("who"), lexicon)
        or re.search(r"[^\W\d_]{4}", short.group("place"))
    ):
        return None
    return Reading(
        "author", author=short.group("who"), locator=short.group("place"), year=int(short.group("year"))
    )


def _read_narrative(text: str, lexicon: Lexicon) -> Reading | None:
    """ "Tucker (1978: 475)"."""
    found = author_and_year(text, lexicon) if text.endswith(")") else None
    return found if found and found.locator else None


def _read_paged(text: str, lexicon: Lexicon) -> Reading | None:
    """ "Tucker 47", "Tucker 47-49", as the MLA has it; the essay knows the name."""
    found = _PAGED.fullmatch(text)
    if found is None or places.begins_with_year(found["place"]):
        return None
    if not naming(found["who"], lexicon) or not names.own(found["who"], lexicon):
        return None
    return Reading("author", author=found["who"], locator=found["place"])


def _heads_entry(who: str, stop: str, rest: str) -> bool:
    """Whether a name and a year in parentheses stand before a title, as in Harvard lists: "Tucker, R. (1978)
    Title". Between commas a given name in full may be a title, as in "Tucker, Ropes (1978), p. 3".
    """
    placed = places.split_place(places.unpublished(rest))
    title = placed.title
    if not re.search(r"[^\W\d_]{2}", title):
        return False
    if names.inverted(who):
        return bool(stop) or _opens(title)
    if (
        not names.family_first(who)
        or places.begins_imprint(rest)
        or title[0].islower()
        or title[-1].isdigit()
    ):
        return False
    behind = rest.partition(title)[2].lstrip(" .,’”\"'")
    published = not stop or (stop == "." and places.begins_imprint(behind))
    return published and len(titles.content(title)) > 1 and not places.is_date(placed.locator or "")


def author_and_year(text: str, lexicon: Lexicon) -> Reading | None:
    """The parts of a citation that is a name and a year, with or without a page: "see Tucker 1978, p. 4",
    "Tucker (1978a: 4)"."""
    text = _patterns()["lead"].sub("", tidy(text)).strip(" .")
    text = re.sub(r"^([^()]+?)(?:[’'‘]s?)? \((\d{4}[^()]*)\)$", r"\1 \2", text)
    found = re.fullmatch(
        r"(?P<who>[^()\d:,;]+?),?\s+(?P<year>(?:1[4-9]|20)\d\d)[a-z]?(?:\s*[,:]\s*(?P<place>[^\s].*))?",
        text,
    )
    if not found or not naming(found["who"], lexicon):
        return None
    place = found["place"]
    if place and (
        places.is_date(place) or not (places.is_place(place) or re.fullmatch(r"[\d\s,–-]+", place))
    ):
        return None
    return Reading("author", author=found["who"], locator=place, year=int(found["year"]))


def _read_letter(text: str, lexicon: Lexicon) -> Reading | None:
    """ "letter from A to B", "A's letter to B, July 11, 1927", "A to B"."""
    for kind in ("own", "letter", "to"):
        match = _patterns()[kind].search(text)
        if not match or not _correspondents(match, lexicon, kind):
            continue
        before, after = text[: match.start()], text[match.end() :]
        if len(before.split()) > places.LONGEST_CONTAINER or naming(before.strip(" ,"), lexicon):
            continue
        title = re.sub(r"^(?:an?|the)\s+", "", match.group("title"), flags=re.I)
        placed = places.split_place(title + after).locator or _digits(after)
        locator = ", ".join(filter(None, [_digits(before), placed]))
        return Reading("letter", author=names.bare(match.group("a")), title=title, locator=locator or None)
    return None


def _correspondents(match: re.Match[str], lexicon: Lexicon, kind: str) -> bool:
    """Whether the letter is from a person: a known one, or one who writes to another."""
    sender, title = match.group("a"), match.group("title")
    if sender.split()[0].casefold() in habits.words("particle") | habits.words("opening"):
        return False
    words = title.casefold().split()
    sent = any(word in habits.words("to") for word in words)
    if kind == "to":
        addressee = title[len(sender) :].split(maxsplit=1)[-1]
        kin = addressee.split()[0].casefold() in habits.words("possessive")
        return naming(sender, lexicon) and (kin or naming(addressee, lexicon))
    return naming(sender, lexicon) and (sent or kind == "own" or names.known(sender, lexicon))


def _digits(text: str) -> str:
    """The parts between commas that hold a number: the date, the archive's mark."""
    text = re.sub(r"\((?![^)]*\d)[^)]*\)", "", text)
    dated = re.sub(r",\s*(?=(?:1[4-9]|20)\d\d\b)", " ", text)
    kept = [piece.strip(" .()") for piece in re.split(r"[,;()]", dated) if re.search(r"\d", piece)]
    return ", ".join(re.sub(rf"^{habits.either('small')}\s+", "", piece) for piece in kept)


def _read_by(text: str, lexicon: Lexicon) -> Reading | None:
    """ "Title. By A and B", "Title, by A. Name. Imprint, p. 1", "Title, A Name, p. 1"."""
    if text[:1] in '“‘"«':
        return None
    signed = _patterns()["signed"].match(text)
    known = signed and (names.initialled(signed["a"]) or names.known(signed["a"], lexicon))
    if signed and known and _signs(signed, lexicon):
        placed = places.split_place(signed["title"] + signed["rest"])
        return Reading(
            "full", author=signed["a"], title=signed["title"], locator=placed.locator, year=placed.year
        )
    match = _patterns()["by"].search(text)
    if match and match.start() > 0 and _signs(match, lexicon):
        placed = places.split_place(text[: match.start()])
        return Reading(
            "full", author=match.group("a"), title=placed.title, locator=placed.locator, year=placed.year
        )
    pieces = [piece.strip() for piece in text.split(",")]
    at = next((n for n, piece in enumerate(pieces) if places.is_place(piece)), 0) - 1
    author = pieces[at] if at >= 1 else ""
    if at < 1 or len(author.split()) < 2 or not naming(author, lexicon) or names.shaped(pieces[0]):
        return None
    title = ", ".join(pieces[:at])
    locator = ", ".join(pieces[at + 1 :])
    return Reading("full", author=author, title=title, locator=locator or None)


def _signs(match: re.Match[str], lexicon: Lexicon) -> bool:
    """Whether whoever stands behind "by" is an author; behind "from" and "von" only one whom the essay knows,
    or by his full name the archive, for "News from Tidewell" is nobody's.
    """
    name = match["a"]
    if not names.shaped(name):
        return False
    if match["by"].casefold() in habits.words("by") or names.initialled(name) or names.own(name, lexicon):
        return True
    return len(name.split()) > 1 and names.known(name, lexicon)


def _read_speaker(text: str, lexicon: Lexicon) -> Reading | None:
    """ "A (Title)", "A (B, Title, p. 3)", "A (1932)"."""
    match = re.match(r"([^()“”\"]+?)[\s,]*\((.+)$", text)
    if match and _keeps(match.group(1)):
        return Reading("title", title=match.group(1).strip(), locator=tidy(match.group(2)).rstrip(".)"))
    if not match or not naming(match.group(1), lexicon):
        return None
    speaker, inner = match.group(1), tidy(match.group(2))
    if inner.count("(") < inner.count(")"):
        inner = inner.rstrip(") ")
    if places.is_place(inner) or places.is_year(inner):
        year = places.year_in(inner) if places.is_year(inner) else None
        return Reading("author", said_by=speaker, author=speaker, locator=inner, year=year)
    found = _read_kind(_patterns()["lead"].sub("", inner), lexicon)
    if found.kind == "author" and not names.known(found.author or "", lexicon):
        found = replace(found, kind="title", title=found.author, author=None)
    if found.author:
        return replace(found, said_by=speaker)
    if found.kind in ("ibid", "opcit", "place"):
        return replace(found, author=speaker)
    recorded = re.search(habits.either("record"), found.title or "", re.I)
    return replace(
        found, kind="title" if recorded else "full", said_by=speaker, author=None if recorded else speaker
    )


def _read_plain(text: str, lexicon: Lexicon) -> Reading | None:
    """ "A, Title (year), p. 3", "A, p. 3", "A", "Title, p. 3"."""
    if not re.search(r"[^\W\d_]{2}", text):
        return None
    head, _, rest = text.partition(",")
    if _keeps(head):
        return Reading("title", title=head, locator=tidy(rest).rstrip(".") or None)
    author, rest = split_author(text, lexicon)
    if author is None:
        author, rest = _contributor(text, lexicon)
    if author and not rest:
        return _lone(author, None, lexicon)
    if author and _ACRONYM.match(rest) and not names.known(author, lexicon):
        placed = places.split_place(rest)
        return Reading("title", title=author, locator=", ".join(filter(None, [placed.title, placed.locator])))
    if author:
        placed = places.split_place(rest)
        if _goes_on(rest) and not naming(text, lexicon):
            placed = places.split_place(text)
            return Reading("title", title=placed.title, locator=placed.locator, year=placed.year)
        if placed.title and not _only_place(placed, rest):
            return _full(author, placed)
        if not placed.container:
            return _lone(author, placed.locator or rest.strip(" ."), lexicon)
    placed = places.split_place(text)
    if not placed.title or not (text[:1] in '“‘"«' or _can_be_title(placed.title)):
        return Reading("unknown", locator=placed.locator) if placed.locator else None
    return Reading("title", title=placed.title, locator=placed.locator, year=placed.year)


def _can_be_title(text: str) -> bool:
    """Whether a capital, or a word for a record or a letter, tells what can open a title from a remark."""
    if re.search(r"(?<![\w.])[^\W\d_a-zß-ÿа-яё]\w", text) and _opens(text):
        return True
    return bool(re.search(habits.either("record", "letter", "utterance"), text, re.I))


def _opens(text: str) -> bool:
    """Whether words begin as a title may: with a capital, a number or a small word such as "the"."""
    return not text[:1].islower() or text.split(maxsplit=1)[0] in habits.words("small")


def _keeps(author: str) -> bool:
    """Whether what stands where an author would is a library or an archive."""
    return not habits.words("keeper").isdisjoint(names.fold(author).split()[-1:])


def _bare_number(locator: str) -> bool:
    return not re.search(r"[^\W\d_]{2}", locator)


def _contributor(text: str, lexicon: Lexicon) -> tuple[str | None, str]:
    """ "A in Journal (April 1921)": a known name, and a dated periodical."""
    match = re.match(rf"([^,.;:()]+?)\s+{habits.either('inside')}\s+(?=[^\W\d_a-z])", text)
    if not match or not (naming(match.group(1), lexicon) and names.own(match.group(1), lexicon)):
        return None, text
    rest = text[match.end() :]
    return (match.group(1), rest) if places.is_date(places.split_place(rest).locator or "") else (None, text)


def _lone(name: str, locator: str | None, lexicon: Lexicon) -> Reading:
    """A name and no title: a person, or a periodical if it is unknown and dated, or a single unknown word."""
    single = len(name.split()) == 1
    dated = bool(locator) and (places.is_date(locator or "") or places.is_year(locator or ""))
    if dated:
        person = names.own(name, lexicon)
    elif locator:
        paged = (places.pages(locator) or "") == locator.strip(" .") or _bare_number(locator)
        person = (single and paged) or names.known(name, lexicon)
    else:
        person = not single or names.known(name, lexicon) or names.fold(name) in lexicon.subjects
    if person:
        return Reading("author", author=name, locator=locator)
    return Reading("title", title=name, locator=locator)


def _goes_on(rest: str) -> bool:
    """Whether what stands where a title would only goes on in small letters: "Tarn, friend of ..."."""
    first = re.split(r"[\s,.]", rest, maxsplit=1)[0]
    recorded = re.search(habits.either("record"), rest, re.I)
    return (
        first.islower()
        and first not in habits.words("small")
        and not recorded
        and not places.has_place(first + " 1")
    )


def read_title(text: str) -> Reading:
    """The parts of a citation that is known to begin with its title."""
    url, text = _take_address(tidy(text))
    via_text, text = _take_via(text)
    placed = places.split_place(text)
    via = _via(via_text)
    return Reading(
        "title", title=placed.title or None, locator=placed.locator, via=via, url=url, year=placed.year
    )


def _only_place(placed: places.Placed, rest: str) -> bool:
    return (
        places.is_place(rest) or places.is_date(rest) or places.is_year(rest) or places.is_place(placed.title)
    )


def _full(author: str, placed: places.Placed) -> Reading:
    recorded = re.search(habits.either("record"), placed.title, re.I)
    spoken = bool(recorded) and placed.title[0].islower()
    found = Reading("full", author=author, title=placed.title, locator=placed.locator, year=placed.year)
    return replace(found, kind="title", said_by=author, author=None) if spoken else found

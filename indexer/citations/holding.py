"""Which work of the archive a source means: by address, by its wording, through its chapters, as letters.

A name before a title is the author's, or that of somebody who speaks in a record of many voices: the
minutes of an inquiry, a newspaper. Only works without a personal author are such records.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from indexer.citations import habits, names, places, shelf, titles
from indexer.citations.model import Source
from indexer.citations.shelf import Shelf
from indexer.models import Work

# Letters of a word for a division of a work that tell it from others: "ch." and "chapter", "séance".
DIVISION_LETTERS = 2
# The bare number, Arabic or Roman, that a citation gives behind a title and a comma.
_NUMBERED = re.compile(
    r"(?P<title>.+?),\s+(?P<number>\d{1,4}|(?=[ivxlcdm])m{0,3}(?:c[md]|d?c{0,3})(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3}))",
    re.I,
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


@dataclass(frozen=True, slots=True)
class Meant:
    """The works that a source can mean; `spoken` if the author it names only speaks in them."""

    ids: tuple[str, ...] = ()
    spoken: bool = False


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    flags = re.I | re.U
    number = r"(?P<number>\d+|[ivxlcdm]+)(?!\w)"
    return {
        "sitting": re.compile(
            rf"(?P<number>{habits.either('ordinal')})\s+(?P<kind>{habits.either('sitting')})", flags
        ),
        "division": re.compile(rf"(?P<kind>{habits.either('division')})\s*{number}", flags),
        "institution": re.compile(habits.either("institution"), flags),
        "record": re.compile(habits.either("record", "spoken"), flags),
        "letter": re.compile(rf"^(?:an?\s+|the\s+)?{habits.either('letter')}", flags),
    }


def meant(text: str | None, source: Source, works: Shelf) -> Meant:
    """The works that a citation (`text`, tidied, may be None) and what is read of it can mean."""
    text = None if text and _only_names(text, source, works) else text
    found = shelf.at_address(works, source.url)
    if found:
        return _meant(found, source, works)
    if not elided(source.title) and not (text and source.title is None and elided(text)):
        found = _titled(text, source, works)
    if not found and not source.via:
        found = _letters(source, works)
    return _meant(found, source, works)


def numbered(source: Source, works: Shelf) -> Source:
    """The source with the bare number behind its title as the place: "Minutes of the Hearing, III".

    Only where the rest is exactly the title of one work, by the author named: a title that ends so itself
    stays, and so does one of which other volumes are works of their own. A word alone is many works' title.
    """
    split = _NUMBERED.fullmatch(source.title or "")
    if not split or source.url or places.is_year(split["number"]) or entitled(source.title or "", works):
        return source
    if not source.author and len(titles.content(split["title"])) < 2:
        return source
    mine = [i for i in entitled(split["title"], works) if _by(works.works[i], source.author)]
    whole = replace(source, title=split["title"])
    whole = replace(whole, locator=", ".join(filter(None, [split["number"], source.locator])))
    found = _fitting(shelf.one_work(works, mine), whole, works)
    if len(found) != 1 or found[0] not in mine or _volumes(split["title"], found[0], works):
        return source
    return replace(whole, ids=found)


def written(author: str, year: int, works: Shelf) -> tuple[str, ...]:
    """The one source that this person alone wrote in this year, as ids; none if there are several."""
    people = names.people(author)
    if len(people) != 1:
        return ()
    ids = works.dated.get(f"{people[0].family} {year}", ())
    mine = [i for i in ids if personal(works.works[i].author) and _by(works.works[i], author)]
    found = shelf.one_work(works, mine)
    return found if len(found) == 1 and found[0] in mine else ()


def _by(work: Work, author: str | None) -> bool:
    """Whether a work is by the author named; without one, whether it is more than a periodical of one day."""
    if author is not None:
        return names.same_author(work.author, author)
    return personal(work.author) or not re.search(r"-\d\d$", work.date or "")


def entitled(title: str, works: Shelf) -> list[str]:
    """The works that have this title word by word, its numbers too, but for an article before it."""
    return [i for i in works.by_title.get(titles.key(title), ()) if _plain(title) in _plain_titles(i, works)]


def _plain_titles(id: str, works: Shelf) -> list[str]:
    return [_plain(title) for title in (works.works[id].title, *works.works[id].aliases)]


def _plain(title: str) -> str:
    return re.sub(rf"^{habits.either('article')}\s+", "", names.fold(title), flags=re.I)


def _volumes(title: str, whole: str, works: Shelf) -> bool:
    """Whether works that are no parts of this one have its title with a number or a volume behind it."""
    said = titles.content(title)
    ids = set.intersection(*(set(works.by_word.get(word, ())) for word in said)) - {whole}
    further = re.compile(
        rf"{re.escape(_plain(title))}\s+(?:{habits.either('division')}\s*)?(?:\d+|[ivxlcdm]+)", re.I
    )
    return any(
        works.works[i].parent != whole and any(map(further.fullmatch, _plain_titles(i, works)))
        for i in sorted(ids)
    )


def _only_names(text: str, source: Source, works: Shelf) -> bool:
    """Whether a citation is a known name and a place: no title, although books are called after people."""
    if not source.author or not text.startswith(source.author):
        return False
    rest = text.removeprefix(source.author).strip(" ,.")
    known = any(person.family in works.families for person in names.people(source.author))
    paged = places.is_place(rest) and not divisions(rest)
    return (not rest or paged or places.is_year(rest)) and (known or bool(source.title))


def _titled(text: str | None, source: Source, works: Shelf) -> tuple[str, ...]:
    """The works with this wording, then those with author and title, then the one that has all its words."""
    few = len(titles.content(source.title or "")) < titles.FEW_WORDS
    found = _fitting(shelf.worded(works, text), source, works) if text else ()
    if not found and text and source.author and text.startswith(source.author):
        found = shelf.worded(works, text.removeprefix(source.author).lstrip(" ,"))
        found = found if all(speaks_in(works.works[i], source.title or "") for i in found) else ()
        found = _fitting(found, source, works)
    if not found and (source.author or not few):
        found = _fitting(shelf.named(works, source.author, source.title, source.year), source, works)
    if not found and source.title:
        found = _fitting(shelf.named(works, None, source.title, source.year), source, works)
        found = found if all(speaks_in(works.works[i], source.title) for i in found) else ()
    found = found or _fitting(_worded_within(source, works), source, works)
    return found or _of_years(source, works) or _of_year(source, works)


def _of_years(source: Source, works: Shelf) -> tuple[str, ...]:
    """The works of the title before a span of years, written in one of them: "Diary, 1840–1844"."""
    span = places.years_behind(source.title or "")
    if span is None:
        return ()
    title, first, last = span
    found = _titled(None, replace(source, title=title), works)
    return tuple(i for i in found if first <= (works.works[i].year or 0) <= last)


def _of_year(source: Source, works: Shelf) -> tuple[str, ...]:
    """The works with exactly this title that were written in the year behind it: "Letter to Hale, 1842".

    A title of few words may be many people's: without a name the year has to speak for this one.
    """
    year = source.year or places.year_in(source.locator or "")
    if source.author or not source.title or year is None:
        return ()
    found = _fitting(shelf.worded(works, source.title), source, works)
    return tuple(i for i in found if works.works[i].year == year)


def _meant(found: tuple[str, ...], source: Source, works: Shelf) -> Meant:
    spoken = bool(found) and all(_others_speak(works.works[i], source.author) for i in found)
    if len(found) == 1:
        found = (_chapter(found[0], source.locator, works),)
    return Meant(found, spoken)


def elided(title: str | None) -> bool:
    """Whether a title breaks off: what it goes on with is anybody's guess."""
    return bool(title) and bool(re.search(r"(?:…|\.\.\.)[”\"»’]?(?:,|$)", (title or "").rstrip()))


def personal(author: str | None) -> bool:
    """Whether an author's line names people, and no office, party or newspaper."""
    return bool(author) and names.shaped(author or "") and not _patterns()["institution"].search(author or "")


def speaks_in(work: Work, title: str) -> bool:
    """Whether a name before this title can be a speaker's: the work is a record of what many say."""
    if personal(work.author):
        return False
    if work.author:
        return True
    recorded = _patterns()["record"].search(" ".join((work.title, *work.aliases)))
    return bool(recorded) or len(titles.content(title)) >= titles.FEW_WORDS


def _others_speak(work: Work, author: str | None) -> bool:
    return bool(author) and not personal(work.author) and not names.same_author(work.author, author)


def _worded_within(source: Source, works: Shelf) -> tuple[str, ...]:
    """The one record that has all words of the title, two at least, in one wording of its own."""
    said = titles.content(source.title or "")
    if len(said) < 2 or not all(word in works.by_word for word in said):
        return ()
    ids = set.intersection(*(set(works.by_word[word]) for word in said))
    found = shelf.one_work(
        works,
        sorted(i for i in ids if any(set(said) <= set(wording.split()) for wording in works.titles[i])),
    )
    fits = [i for i in found if works.works[i].kind == "source" and not personal(works.works[i].author)]
    return tuple(fits) if len(found) == len(fits) == 1 and _distinctive(source.title or "") else ()


def _distinctive(title: str) -> bool:
    """Whether a title names a record, and says which: "Port Ansel Inquiry", not "court proceedings"."""
    record = _patterns()["record"]
    rest = record.sub(" ", title)
    return bool(record.search(title)) and bool(re.search(r"[^\W\d_a-zß-ÿа-яё][^\W\d_]{2,}", rest))


def _fitting(ids: Iterable[str], source: Source, works: Shelf) -> tuple[str, ...]:
    """Those works that nothing in the citation speaks against; author and a few words are enough."""
    several = len(titles.content(source.title or "")) > 1

    def sure(work: Work) -> bool:
        return several and names.same_author(work.author, source.author)

    return tuple(i for i in ids if sure(works.works[i]) or not _against(works.works[i], source))


def _against(work: Work, source: Source) -> bool:
    """Whether the citation names a periodical or a day that the work has not."""
    known = {word for text in (work.title, work.author, *work.aliases) for word in titles.content(text or "")}
    containers = [piece for piece in re.split(r"[,;()]", source.locator or "") if _is_container(piece)]
    if any(not set(_named_words(piece)) <= known for piece in containers):
        return True
    dated = places.is_date(source.locator or "")
    year = places.year_in(source.locator or "")
    if dated and year and work.year and year != work.year:
        return True
    day = re.search(r"-(\d\d)$", work.date or "")
    days = [int(number) for number in re.findall(r"(?<!\d)\d{1,2}(?!\d)", source.locator or "")]
    return bool(dated and day and days and int(day.group(1)) not in days)


def _is_container(piece: str) -> bool:
    piece = piece.strip(" .")
    return bool(_named_words(piece)) and not places.has_place(piece) and not places.begins_imprint(piece)


def _named_words(piece: str) -> tuple[str, ...]:
    """The capitalised words of a piece of a locator, folded."""
    return titles.content(" ".join(re.findall(r"[^\W\d_a-zß-ÿа-яё][^\W\d_]{3,}", piece)))


def divisions(text: str | None) -> frozenset[tuple[str, str]]:
    """The chapters, sessions and the like that a place or a title names, as (kind, number)."""
    found = set()
    for kind in ("sitting", "division"):
        for match in _patterns()[kind].finditer(text or ""):
            found.add((match["kind"].casefold()[:DIVISION_LETTERS], _number(match["number"].casefold())))
    return frozenset(found)


def _number(word: str) -> str:
    """The number as digits if it is Roman, else as it stands."""
    if not re.fullmatch(r"[ivxlcdm]+", word):
        return word
    values = [_ROMAN[letter] for letter in word]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return str(sum(-one if one < after else one for one, after in pairs))


def _chapter(whole: str, locator: str | None, works: Shelf) -> str:
    """The one chapter of a work whose own title is the place that the citation gives, else the whole."""
    cited = divisions(locator)
    if not cited:
        return whole
    mine = [
        i for i in works.chapters.get(whole, ())
        if any(cited & divisions(title) for title in (works.works[i].title, *works.works[i].aliases))
    ]  # fmt: skip
    return mine[0] if len(mine) == 1 else whole


def others(ids: Sequence[str], essay_id: str, works: Shelf) -> tuple[str, ...]:
    """The works but for the essay itself; sources before other essays, which few mean to cite."""
    found = tuple(i for i in ids if i != essay_id)
    return tuple(i for i in found if works.works[i].kind == "source") or found


def _letters(source: Source, works: Shelf) -> tuple[str, ...]:
    """The one collection of letters of a person who writes, or is written to, in the letter cited."""
    title = source.title or ""
    if not (source.letter or _patterns()["letter"].search(title)):
        return ()
    people = [source.author or "", *re.split(rf"\s+{habits.either('from', 'to')}\s+", title, flags=re.I)]
    people = [names.bare(person) for person in people if names.shaped(names.bare(person))]
    theirs = {i for i in works.letters for one in people if names.same_author(works.works[i].author, one)}
    return tuple(theirs) if len(theirs) == 1 else ()

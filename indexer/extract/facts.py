"""What a document says of itself: title, author, date, language, licence."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise

from indexer.extract.dates import Date, first_date, is_date, is_life, written
from indexer.extract.divisions import numbered
from indexer.extract.front import Front, front, looks_like_names
from indexer.extract.titles import LONGEST, Heading, is_name, titles
from indexer.extract.words import lists, pattern
from indexer.extract.writer import Sheet
from indexer.models import Work

# The head of a page is its first blocks, up to a paragraph of this many words.
_HEAD_BLOCKS, _BODY_WORDS = 14, 30
# Words by which a text without a title is called.
FIRST_WORDS = 8
_LONGEST_AUTHOR = 120
# A page's information box has some ten lines; what has many more is no box.
_MOST_LABELS = 20
# How much of the text suffices to tell its language, and which share its commonest words have at least.
_LANGUAGE_SAMPLE, _LEAST_COMMON = 20_000, 0.05
# The licence stands in the page's information, near its beginning or its end.
_MARGIN = 6_000
_DAY = re.compile(r"([12]\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:1[4-9]|20)\d\d(?!\d)")
# A sentence's stop, where no abbreviation can end.
_LAST_STOP = re.compile(r"(?<=\d)\.$")
_WORDS = re.compile(r"[^\W_]+")
_LABELLED = re.compile(r"\s*([^:\n]{3,40}?)\s*:\s*(.+)")
_AUTHOR_FIELDS = ("author", "dc.creator", "citation_author", "article:author", "dcterms.creator")
_DATE_FIELDS = (
    *("dcterms.created", "dc.date.created", "date", "dc.date", "dcterms.date"),
    *("dcterms.issued", "dc.date.issued"),
)
# Since there are web pages a later date may be that of the page.
_FIRST_PAGES = 1990
# "Jane Roe 1963": the year is the work's.
_WRITTEN = re.compile(r",?\s+\(?(1[4-9]|20)\d\d\)?$")
_NAME_WORD = re.compile(r"[^\W\d_][\w.’'-]*")


@dataclass(frozen=True, slots=True)
class _Head:
    """The beginning of a document: its headings, what is classed as its author, its labelled information,
    and what the lines below its title say."""

    headings: list[Heading]
    author: str
    labelled: dict[str, str]
    front: Front

    def lines(self) -> list[str]:
        return [line.strip() for heading in self.headings for line in heading.text.split("\n")]


def fill(work: Work, sheet: Sheet) -> Work:
    """The work with its gaps filled from what the document says; an empty title is a gap."""
    head, address = _head(sheet), work.url or work.file or ""
    author = work.author or _author(sheet, head, address)
    page_title = sheet.metadata.get("og:title") or sheet.metadata.get("title", "")
    stated = [title] if (title := sheet.metadata.get("stated")) else []
    # A title that the file states is the whole's; its first heading may be a chapter's.
    names = stated or titles(_of_the_whole(head, sheet), page_title, author or "", address)
    names = names or [_first_line(sheet, author or "") or work.id]
    title = work.title or names[0]
    # "Jane Roe 1963": without the name it is a date.
    headings = [" ".join(item.text.split()).removeprefix(author or "").strip() for item in head.headings]
    date = written(head.labelled, headings + head.front.dates, address) or _published(sheet)
    year = work.year or (date.year if date and not work.date else None)
    edition = work.edition or _edition(head.labelled)
    return replace(
        work,
        title=title,
        author=author,
        year=year,
        date=work.date or (date.iso() if date and work.year in (None, date.year) else None),
        language=work.language or _language(sheet),
        licence=work.licence or _licence(sheet.text),
        note=work.note or _missing(sheet),
        edition=edition,
        edition_year=work.edition_year or _edition_year(edition, year),
        aliases=work.aliases or tuple(name for name in names if name != title),
    )


def _of_the_whole(head: _Head, sheet: Sheet) -> list[Heading]:
    """The headings of the head without those of chapters, where the document has several."""
    every = {(draft.tag, sheet.of(draft)) for draft in sheet.blocks if draft.kind == "heading"}
    parts = numbered(every)
    return [heading for heading in head.headings if (heading.tag, heading.text) not in parts]


def _published(sheet: Sheet) -> Date | None:
    """The day that a post's mark-up gives: `article:published_time`, or its first `time` element; else the
    date that a page states in its head, unless it may be the page's own."""
    if found := _DAY.match(sheet.metadata.get("article:published", "")):
        return Date(*map(int, found.groups()))
    stated = next((date for name in _DATE_FIELDS if (date := first_date(sheet.metadata.get(name, "")))), None)
    return stated if stated and stated.year < _FIRST_PAGES else None


def _edition(labelled: dict[str, str]) -> str | None:
    """The printing that a page names as its source, without the pages there."""
    said = next((labelled[label] for label in lists()["dates"]["source"] if label in labelled), "")
    said = pattern("dates", "pages").split(" ".join(said.split()), maxsplit=1)[0]
    named = _LAST_STOP.sub("", said.strip(" ,;:").removeprefix("From "))
    return named if _NAME_WORD.search(named) and len(named) <= LONGEST else None


def _edition_year(edition: str | None, written: int | None) -> int | None:
    """The last year that an edition's name has, unless the work was written later: then it is a period's."""
    years = [int(year) for year in _YEAR.findall(edition or "")]
    return max(years) if years and max(years) >= (written or 0) else None


def _missing(sheet: Sheet) -> str | None:
    """What a reader has to know of a book that lacks chapters."""
    missing = sheet.metadata.get("missing")
    return f"Incomplete: the file lists chapters that are not in it: {missing}." if missing else None


def _head(sheet: Sheet) -> _Head:
    headings: list[Heading] = []
    labelled: dict[str, str] = {}
    author, body = "", False
    for index, draft in enumerate(sheet.blocks):
        text = sheet.of(draft)
        if pattern("page", "info").search(draft.classes):
            labelled |= _labels(text) if len(labelled) < _MOST_LABELS else {}
        elif not body and index < _HEAD_BLOCKS and draft.kind != "note":
            if "author" in draft.classes:
                author = author or " ".join(re.sub(r"^by\s+", "", text, flags=re.IGNORECASE).split())
            elif (draft.kind == "heading" and draft.tag) or "title" in draft.classes:
                headings.append(Heading(draft.tag, text))
            body = draft.kind == "para" and len(text.split()) >= _BODY_WORDS
    below = front(sheet)
    stated = {"written": told} if (told := sheet.metadata.get("written")) else {}
    return _Head(headings, author, stated | below.labelled | labelled, below)


def _labels(text: str) -> dict[str, str]:
    """What an information box says, by label in lower case; without labels, all of it is the source."""
    found: dict[str, str] = {}
    for line in text.split("\n"):
        if match := _LABELLED.match(line):
            found.setdefault(match.group(1).lower(), match.group(2))
    return found or {"source": text}


def _author(sheet: Sheet, head: _Head, address: str) -> str | None:
    """The author that the page states, or else the one whose folder it lies in, or whom its title names.

    Editors copy `meta` elements from page to page: where the page's own title names the author of
    the folder and not the stated one, the folder is right; so it is where a party or a committee is stated
    and the page begins with a person's name. Whose life's years a heading gives is the subject.
    """
    fields = [sheet.metadata.get(name, "") for name in _AUTHOR_FIELDS]
    fields += [head.author, head.front.author, sheet.metadata.get("creator", "")]
    names = [_WRITTEN.sub("", name.strip(' ,:;”"')) for name in fields]
    stated = next(filter(_could_be_author, names), None)
    found = pattern("title", "author_folder").search(address.lower())
    folders = set(found.group(1).split("-")) if found else set()
    subjects = [line for line, below in pairwise(head.lines()) if is_life(below)]
    names = [*filter(looks_like_names, head.lines()), *sheet.metadata.get("archives", "").split("; ")]
    names = [name for name in names if not any(is_name(name, subject) for subject in subjects)]
    local = next((name for name in names if not folders.isdisjoint(_words(name))), None)
    title = _words(sheet.metadata.get("title", ""))
    if stated and local and folders.isdisjoint(_words(stated)):
        named_instead = not folders.isdisjoint(title) and set(_words(stated)).isdisjoint(title)
        for_a_body = pattern("title", "body").search(stated) and local in head.lines()[:1]
        return local if named_instead or for_a_body else stated
    # "Author: Title" in the page's title, where the author has a heading of their own.
    if stated and (other := _subject_of(stated, head, title)):
        return other
    before = " ".join(_words(sheet.metadata.get("title", "").rpartition(":")[0].partition(":")[0]))
    alone = (line for line in head.lines() if before and " ".join(_words(line)).endswith(before))
    return stated or local or next(filter(looks_like_names, alone), None)


def _subject_of(stated: str, head: _Head, title: list[str]) -> str | None:
    """Who has the first heading, above a title that names the stated author: a life of them by another."""
    if len(head.headings) < 2 or not title or set(_words(stated)[-1:]).isdisjoint(title):
        return None
    first, second = head.headings[:2]
    above = second.tag == "h1" and first.tag > "h1" and looks_like_names(first.text.strip())
    others = set(_words(first.text)).isdisjoint([*title, *_words(stated)])
    return first.text.strip() if above and others else None


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.lower())


def _could_be_author(text: str) -> bool:
    if not _NAME_WORD.match(text) or "://" in text or len(text) > _LONGEST_AUTHOR:
        return False
    return pattern("title", "no_author").fullmatch(text) is None


def _first_line(sheet: Sheet, author: str) -> str:
    """What a text without a title is called: its first line that is not the author's name or a date, of a
    paragraph its first words."""
    for draft in sheet.blocks[:_HEAD_BLOCKS]:
        line = sheet.of(draft).split("\n")[0][:LONGEST]
        words = line.split()
        if is_date(line) or (author and _words(line) == _words(author)):
            continue
        if draft.kind == "heading" or len(words) <= FIRST_WORDS:
            return line
        return " ".join(words[:FIRST_WORDS]).rstrip(" ,.;:") + "…"
    return sheet.of(sheet.blocks[0])[:LONGEST] if sheet.blocks else ""


def _language(sheet: Sheet) -> str | None:
    """The language whose commonest words are common in the text, or else the one that the page declares."""
    words = Counter(_WORDS.findall(sheet.text[:_LANGUAGE_SAMPLE].lower()))
    scores = {code: sum(words[word] for word in common) for code, common in lists()["languages"].items()}
    best: str = max(scores, key=lambda code: scores[code])
    if scores[best] >= _LEAST_COMMON * max(1, words.total()):
        return best
    declared = sheet.metadata.get("lang") or sheet.metadata.get("content-language") or ""
    return declared[:2].lower() or None


def _licence(text: str) -> str | None:
    """The licences that the page names at its beginning or end, by their usual names."""
    margins = text if len(text) <= 2 * _MARGIN else f"{text[:_MARGIN]}\n{text[-_MARGIN:]}"
    return (
        "; ".join(name for name in lists()["licences"] if pattern("licences", name).search(margins)) or None
    )

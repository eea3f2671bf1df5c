"""What a document says of itself: title, author, date, language, licence."""

import re
from collections import Counter
from dataclasses import dataclass, replace

from indexer.extract.dates import address_date, written
from indexer.extract.words import lists, pattern
from indexer.extract.writer import Draft, Sheet
from indexer.models import Work

# The head of a page is its first blocks, up to a paragraph of this many words.
_HEAD_BLOCKS, _BODY_WORDS = 14, 30
_LONGEST_TITLE = 200
_LONGEST_AUTHOR = 60
# How much of the text suffices to tell its language, and how many of its commonest words are the least sign.
_LANGUAGE_SAMPLE, _LEAST_COMMON = 20_000, 0.05
# The licence stands in the page's information, near its beginning or its end.
_MARGIN = 6_000
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Head:
    """The beginning of a document: its headings from the top, and its labelled information."""

    headings: list[Draft]
    texts: list[str]
    labelled: dict[str, str]


def fill(work: Work, sheet: Sheet) -> Work:
    """The work with its gaps filled from what the document says; an empty title is a gap."""
    head = _head(sheet)
    author = _author(sheet, head)
    title, others = _titles(sheet, head, work.author or author or "", work)
    date = written(head.labelled, head.texts, work.url or work.file or "")
    aliases = [name for name in (title, *others) if name and name != (work.title or title)]
    return replace(
        work,
        title=work.title or title,
        author=work.author or author,
        year=work.year or (date.year if date and not work.date else None),
        date=work.date or (date.iso() if date and work.year in (None, date.year) else None),
        language=work.language or _language(sheet),
        licence=work.licence or _licence(sheet.text),
        aliases=work.aliases or tuple(dict.fromkeys(aliases)),
    )


def _head(sheet: Sheet) -> _Head:
    headings: list[Draft] = []
    labelled: dict[str, str] = {}
    body = False
    for index, draft in enumerate(sheet.blocks):
        text = sheet.of(draft)
        info = pattern("page", "info").search(draft.classes) is not None
        if info and len(labelled) < 20:
            labelled |= _labels(text)
        elif not body and index < _HEAD_BLOCKS and draft.kind != "note":
            if draft.kind == "heading" or "title" in draft.classes or "author" in draft.classes:
                headings.append(draft)
            body = len(text.split()) >= _BODY_WORDS and draft.kind == "para"
    return _Head(headings, [" ".join(sheet.of(draft).split()) for draft in headings], labelled)


_LABELLED = re.compile(r"\s*([^:\n]{3,40}?)\s*:\s*(.+)")


def _labels(text: str) -> dict[str, str]:
    """What an information box says, by label in lower case; without labels, all of it is the source."""
    found: dict[str, str] = {}
    for line in text.split("\n"):
        if match := _LABELLED.match(line):
            found.setdefault(match.group(1).lower(), match.group(2))
    return found or {"source": text}


def _author(sheet: Sheet, head: _Head) -> str | None:
    facts = sheet.metadata
    for name in ("author", "dc.creator", "citation_author", "article:author", "dcterms.creator"):
        value = facts.get(name, "").strip(' .,:;”"')
        if value and "://" not in value and len(value) <= _LONGEST_AUTHOR and re.search(r"[^\W\d]", value):
            return value
    for draft in sheet.blocks[:_HEAD_BLOCKS]:
        if "author" in draft.classes and len(text := sheet.of(draft)) <= _LONGEST_AUTHOR:
            return " ".join(re.sub(r"^by\s+", "", text, flags=re.IGNORECASE).split())
    # "Author: Title" in the page's title, where the author has a heading of their own.
    before = facts.get("title", "").partition(":")[0].strip()
    named = [text for text in head.texts if before and text.lower().endswith(before.lower())]
    return named[0] if named and len(named[0]) <= _LONGEST_AUTHOR else None


def _titles(sheet: Sheet, head: _Head, author: str, work: Work) -> tuple[str, list[str]]:
    """The work's title, and the other forms under which it may be cited."""
    page = _without_author(
        _without_site(sheet.metadata.get("og:title") or sheet.metadata.get("title", "")), author
    )
    named = [
        (draft.tag, text)
        for draft, text in zip(head.headings, head.texts, strict=True)
        if not _is_name(text, author)
        and not _is_site(text)
        and not _is_date(text)
        and len(text) <= _LONGEST_TITLE
    ]
    main = _main(named, page)
    if not main:
        first = sheet.of(sheet.blocks[0])[:_LONGEST_TITLE].split("\n")[0] if sheet.blocks else ""
        return page or first or work.id, []
    texts = [text for _, text in named]
    after = texts[texts.index(main) + 1 :] if main in texts else texts
    chapters = [text for text in after if _is_chapter(text, work)]
    chapter = next((text for text in chapters if not _shared(text, page)), chapters[0] if chapters else "")
    title = f"{main}: {chapter}" if chapter and chapter != main else main
    joined = f"{main}: {after[0]}" if after and after[0] != chapter else ""
    return title, [page, main, joined, chapter]


def _main(named: list[tuple[str, str]], page: str) -> str:
    """The heading that names the work: the largest, unless only another one has words of the page's title."""
    if not named:
        return page
    ranked = sorted(named, key=lambda item: item[0] if item[0].startswith("h") else "h2")
    largest = ranked[0][1]
    if not page or _shared(largest, page):
        return largest
    return next((text for _, text in ranked if _shared(text, page)), largest)


def _shared(one: str, other: str) -> bool:
    """Whether half of the longer words of the shorter text are in the other."""
    a, b = ({w for w in _WORDS.findall(text.lower()) if len(w) > 3 or w.isdigit()} for text in (one, other))
    return bool(a and b) and 2 * len(a & b) >= min(len(a), len(b))


def _is_chapter(text: str, work: Work) -> bool:
    place = (work.url or work.file or "").rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
    numbered = re.fullmatch(
        r"(ch|chap|chapter|part|pt|sec|app|s|p)?[-_]?\d{1,3}[a-z]?|intro\w*|pref\w*|append\w*|post\w*|concl\w*",
        place,
    )
    return bool(pattern("title", "chapter").match(text)) or (
        numbered is not None and address_date(f"/{text}/") is None
    )


def _without_site(title: str) -> str:
    parts = [part for part in re.split(r"\s+[|»·]\s+|\s+[-–—]\s+(?=[^-–—]*$)", title) if not _is_site(part)]
    return " – ".join(part.strip() for part in parts)


def _is_site(text: str) -> bool:
    return pattern("title", "boilerplate").fullmatch(text.strip(" .:-–—")) is not None


def _without_author(title: str, author: str) -> str:
    """The page's title without "Author:" before it, "by Author" and "(Author, 1921)" after it."""
    before, colon, rest = title.partition(":")
    if colon and rest.strip() and _is_name(before, author):
        title = rest
    title = re.sub(r"\s*\(([^()]{0,40},\s*)?(c\.\s*)?(\w+\s+)?1[4-9]\d\d[^()]{0,12}\)\s*$", "", title)
    if author and (by := re.search(r"\s+by\s+([^,:]+)$", title)) and _is_name(by.group(1), author):
        title = title[: by.start()]
    return title.strip(" :.-–—,")


def _is_name(text: str, author: str) -> bool:
    """Whether a short text is the author's name, in whatever form shares its last word."""
    names, words = _WORDS.findall(author.lower()), _WORDS.findall(text.lower())
    return (
        bool(names and words)
        and len(words) <= 6
        and (names[-1] in words[-2:])
        and len(set(words) - set(names)) <= 3
    )


def _is_date(text: str) -> bool:
    rest = re.sub(r"\d+(st|nd|rd|th)?|[^\w\s]", " ", text.lower())
    return re.search(r"\d{4}", text) is not None and all(
        word in lists()["dates"]["months"] for word in rest.split()
    )


def _language(sheet: Sheet) -> str | None:
    """The language that the page declares, if its commonest words do not speak for another."""
    declared = (sheet.metadata.get("lang") or sheet.metadata.get("content-language") or "")[:2].lower()
    words = Counter(_WORDS.findall(sheet.text[:_LANGUAGE_SAMPLE].lower()))
    scores = {code: sum(words[word] for word in common) for code, common in lists()["languages"].items()}
    best: str = max(scores, key=lambda code: scores[code])
    if scores[best] >= _LEAST_COMMON * max(1, words.total()):
        return best
    return declared or None


def _licence(text: str) -> str | None:
    margins = text if len(text) <= 2 * _MARGIN else f"{text[:_MARGIN]}\n{text[-_MARGIN:]}"
    for name in lists()["licences"]:
        if pattern("licences", name).search(margins):
            return str(name)
    return None

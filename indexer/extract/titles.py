"""The title of a work, from a page's headings and its `title` element, and other forms of it.

The two agree nearly always. Where a page's headings are several, the `title` element tells which of
them is the work's; where it is the site's, the headings do.
"""

import re
from dataclasses import dataclass

from indexer.extract.dates import is_date
from indexer.extract.words import pattern

LONGEST = 200
# A name has few words, and few that the author's other names do not have ("Comrade", "by").
_MOST_NAME_WORDS, _MOST_STRANGE_WORDS = 6, 3
_WORDS = re.compile(r"[^\W_]+")
_BETWEEN_NAMES = re.compile(r"[,;&]|\band\b")
_NOTE_MARK = re.compile(r"\s*\[(?:[\d*]{1,3}|see [^\[\]]{1,40})\]", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{2}")
# The page that lists the chapters of a work.
_LISTING = re.compile(r"/(index|contents)?(\.[a-z]+)?$", re.IGNORECASE)
# "(Author, March 1921)", "(1921)": a page's title ends with it, the work's does not.
_DATED = re.compile(r"\s*\(([^()]{0,40},\s*)?(c\.\s*)?(\w+\s+)?1[4-9]\d\d[^()]{0,12}\)\s*$")
# What a page's title sets between the work and its part: "The Work - Preface", "The Work (Preface)".
_JOINTS = re.compile(r"\s+[-–—|]\s+|:\s+|\s*\((?=[^()]*\)\s*$)")
_NUMBERED = re.compile(
    r"(ch|chap|chapter|part|pt|sec|app|s|p)?[-_]?\d{1,3}[a-z]?|intro\w*|pref\w*|append\w*|post\w*|concl\w*"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading at the top of a document, by its element ("h1") and its words."""

    tag: str
    text: str


def titles(headings: list[Heading], page_title: str, author: str, address: str) -> list[str]:
    """The work's title and after it the other forms under which it may be cited; [] if there is none."""
    page = _without_author(_without_site(page_title), author)
    named = [Heading(item.tag, text) for item in headings if (text := _said(item.text, author))]
    main = _main(named, page)
    if not main or is_name(main, author):
        archive = _archive_of(headings, author)
        return [archive, *filter(None, (main,))] if archive else [main] if main else []
    texts = [item.text for item in named]
    if work := _work_of(main, texts, page):
        names = [_joined(work, main), page or work, work]
    else:
        after = texts[texts.index(main) + 1 :] if main in texts else []
        chapter = _chapter(main, named, page, address)
        title = _joined(main, chapter) if chapter and chapter != main else main
        joined = _joined(main, after[0]) if after and after[0] != chapter else ""
        names = [title, page, main, joined, chapter]
    return [names[0], *(name for name in dict.fromkeys(names[1:]) if name != names[0] and _names_it(name))]


def _joined(title: str, part: str) -> str:
    """A title and its part as one; no colon follows a question or an exclamation."""
    return f"{title} {part}" if title.endswith(("?", "!")) else f"{title}: {part}"


def _names_it(name: str) -> bool:
    """Whether a form of a title is more than ornament, a number, or what parts of any work are called."""
    return _LETTERS.search(name) is not None and not is_generic(name) and not _of_site(name)


def _archive_of(headings: list[Heading], author: str) -> str:
    """The heading of the page that lists an author's works: "Ada Harrow Archive"."""
    last = _words(author)[-1:]
    texts = (" ".join(item.text.split()) for item in headings)
    site = pattern("title", "boilerplate")
    return next((text for text in texts if last and last[0] in _words(text) and site.fullmatch(text)), "")


def _chapter(main: str, named: list[Heading], page: str, address: str) -> str:
    """The heading below the work's that says which part of it the page is; "" where it is the whole.

    A part's heading below the name of a chapter is that of a section, and where there are several they are
    a list of contents.
    """
    texts = [item.text for item in named]
    if main not in texts:
        return ""
    at = texts.index(main)
    parts = [part for part in _JOINTS.split(page) if part.strip()]
    works = (text for text in texts[:at] if _shared(text, parts[0]) and not _shared(text, parts[-1]))
    if len(parts) > 1 and _shared(main, parts[-1]) and any(works):
        return ""
    larger = [item.text for item in named[at + 1 :] if item.tag < named[at].tag]
    chapters = [text for text in texts[at + 1 :] if _is_chapter(text, page, address)] or larger
    if len(chapters) > 1 and _LISTING.search(address):
        return ""
    return next((text for text in chapters if not _shared(text, page)), chapters[0] if chapters else "")


def _work_of(main: str, headings: list[str], page: str) -> str:
    """The work whose part a generic heading names: the heading above it, or else the page's own title."""
    if not is_generic(main):
        return ""
    above = headings[: headings.index(main)] if main in headings else []
    works = [text for text in above if not is_generic(text) and _WORDS.search(text)]
    parts = [part.strip(' ()"“”') for part in _JOINTS.split(page)]
    if not works and any(map(is_generic, parts)):
        works = [part for part in parts if part and not is_generic(part)]
    return works[0] if works else ""


def is_generic(text: str) -> bool:
    """Whether a heading is one that any work may have ("Chapter IV")."""
    return pattern("title", "generic").fullmatch(text.strip(" .:[]()")) is not None


def is_name(text: str, author: str) -> bool:
    """Whether a short text is the author's name, or one of theirs, in whatever form that ends with the same
    word."""
    words = _words(text)
    if not words or len(words) > _MOST_NAME_WORDS:
        return False
    several = [names for part in _BETWEEN_NAMES.split(author) if (names := _words(part))]
    known = set().union(*several)
    ends = any(names[-1] in words[-2:] for names in several)
    return ends and len(set(words) - known) <= _MOST_STRANGE_WORDS


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.lower())


def _said(text: str, author: str) -> str:
    """A heading on one line without the author's name, dates and the site's; "" if nothing is left."""
    lines = [
        pattern("title", "before").sub("", _NOTE_MARK.sub("", line)).strip() for line in text.split("\n")
    ]
    kept = [line for line in lines if not (is_name(line, author) or _is_site(line) or _is_date(line, author))]
    joined = " ".join(kept).strip(" :").rstrip(",;")
    return joined if len(joined) <= LONGEST and _WORDS.search(joined) else ""


def _main(named: list[Heading], page: str) -> str:
    """The heading that names the work: the largest that has words of the page's title.

    "Appendix" or "Chapter 3" names no work where another heading does.
    """
    if not named:
        return page
    ranked = sorted(named, key=lambda item: item.tag if re.fullmatch(r"h\d", item.tag) else "h2")
    sharing = [item.text for item in ranked if _shared(item.text, page)]
    works = [text for text in sharing if not pattern("title", "chapter").match(text)]
    if works or sharing:
        return (works or sharing)[0]
    # Small headings alone are those of sections, below a title that is a picture.
    return page if page and ranked[0].tag > "h3" else ranked[0].text


def _shared(one: str, other: str) -> bool:
    """Whether half of the longer words of the shorter text are in the other."""
    a, b = (
        {word for word in _words(text) if len(word) > len("the") or word.isdigit()} for text in (one, other)
    )
    return bool(a and b) and 2 * len(a & b) >= min(len(a), len(b))


def _is_date(line: str, author: str) -> bool:
    """Whether a line says nothing but when, or that this is not known; the author's name may be with it."""
    names = set(_words(author))
    rest = " ".join(word for word in line.split() if names.isdisjoint(_words(word)))
    return is_date(rest) or pattern("dates", "unknown").fullmatch(rest) is not None


def _is_chapter(text: str, page: str, address: str) -> bool:
    """Whether a heading after the work's is a chapter's, by the page's file name or by its first word.

    "Introduction" is one only where the page's title says so too: else a section that begins the page.
    """
    name = address.rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
    if _NUMBERED.fullmatch(name):
        return True
    word = pattern("title", "chapter").match(text)
    if word is None:
        return False
    return pattern("title", "beginning").match(text) is None or word.group().lower() in page.lower()


def _without_site(title: str) -> str:
    parts = re.split(r"(\s+[|»·]\s+|\s+[-–—]\s+(?=[^-–—]*$))", title)
    while len(parts) > 1 and _is_site(parts[-1]):
        parts = parts[:-2]
    while parts and _is_site(parts[0]):
        parts = parts[2:]
    return "".join(parts).strip()


def _is_site(text: str) -> bool:
    text = text.strip(" .:-–—")
    patterns = (pattern("title", "boilerplate").fullmatch(text), pattern("title", "breadcrumb").match(text))
    return any(found is not None for found in patterns)


def _of_site(text: str) -> bool:
    """Whether a text speaks of a site: of who transcribed a page for it, or where it is kept."""
    return pattern("title", "of_site").search(text) is not None


def _without_author(title: str, author: str) -> str:
    """The page's title without "Author:" before it, and "by Author" and "(Author, 1921)" after it."""
    before, colon, rest = title.partition(":")
    if colon and rest.strip() and is_name(before, author):
        title = rest
    title = _DATED.sub("", title)
    by = re.search(r"\s+by\s+([^,:()]+)(\)?)$", title)
    if by and author and is_name(by.group(1), author):
        title = title[: by.start()] + by.group(2)
    return title.strip(" :.-–—,")

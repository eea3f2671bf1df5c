"""Which work is a chapter of which: read off a table of contents and the addresses that it links to.

An author's index lists works, not chapters, and so does the index of a year or a month. A page is the
table of contents of one work only if

- most of its links lead to pages of its own folder or below it (those in notes and in the box of
  information, which lead to sources and to volunteers, are not counted), and
- the folder lies below a year and is not a month's (`1917/staterev/`), or most of those pages are named
  like chapters (`ch01`, `part2`, `preface`; bare or common names with numbers, where they cannot be days).
  In a month's folder it will do as well that the links say so ("Part I", "Preface").

A page that is not the folder's index has besides to be mostly links.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from urllib.parse import unquote, urljoin, urlsplit

from indexer.models import Document, Work

# One chapter is no table; two may be (a text and its appendix).
LEAST_CHAPTERS = 2
# "Most".
_MOST = 0.5
# An article links to its neighbours now and then; a table of contents that is not an index consists of links.
_LINKED_WORDS = 0.3
_INDEX = re.compile(r"(?<=/)(index|default|home|contents)\.(s?html?|php|aspx?)$", re.IGNORECASE)
_LIKE_INDEX = re.compile(r"\b(index|contents|toc)\b[^/]*$", re.IGNORECASE)
_PAGE = re.compile(r"\.(s?html?|php|txt|md|xml)$", re.IGNORECASE)
_YEAR = re.compile(r"(1[4-9]|20)\d\d|19xx|18xx")
_DATE = re.compile(
    r"(1[4-9]|20)\d\d|1[89]xx|\d\d?|xx|x\d\d?|date"
    r"|((jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)-?){1,2}"
    r"|january|february|march|april|august|september|october|november|december"
)
_CHAPTER = re.compile(
    r"(ch|chap|chapter|pt|part|sec|section|lecture|letter|appendix|app|book|vol)[-_]?(\d{1,3}|[ivxlc]+)?[a-z]?"
    r"|(intro|pref|fore|append|post|concl|after|epilog|notes?)[a-z]*[-_]?\d*"
)
# What a link to a chapter says.
_CHAPTER_WORDS = re.compile(
    r"\W*(chapter|part|section|lecture|letter|foreword|preface|introduct|prologue|epilogue|appendix|conclusion"
    r"|postscript|afterword|notes?|([ivxlc]+|\d{1,3})\b\W)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(|.*\D)[-_]?\d{1,3}[a-z]?")
_ARCHIVED = re.compile(r"^https?://web\.archive\.org/web/\d+[a-z_]*/", re.IGNORECASE)


def key(url: str) -> str:
    """The address in the one form by which two are compared: "" for what is no address.

    Left out are the scheme, "www.", the port, the fragment and an index file's name; a mirror's host and a
    web archive's copy are taken for the original. Paths keep their case, as servers do.
    """
    try:
        parts = urlsplit(_ARCHIVED.sub("", url.strip()))
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    path = _INDEX.sub("", unquote(parts.path)).rstrip("/")
    query = f"?{parts.query}" if parts.query else ""
    return f"{_mirrors().get(host, host)}{path}{query}"


@cache
def _mirrors() -> dict[str, str]:
    lines = resources.files("indexer").joinpath("data", "extract-mirrors.txt").read_text("utf-8").splitlines()
    return {line.split()[0]: line.split()[1] for line in lines if line and not line.startswith("#")}


@dataclass(frozen=True, slots=True)
class _Pages:
    """The pages that a document links to, by key: all of them counted, those in its folder and below it."""

    links: int
    direct: dict[str, str]
    inside: dict[str, str]
    dated: bool
    below_a_year: bool
    named_so: bool


def chapters(document: Document) -> tuple[str, ...]:
    """The addresses of the chapters that a table of contents names, in its order, without fragments.

    () for any other page, and where the document's own address is not known.
    """
    if not document.work.url:
        return ()
    pages = _pages(document, document.work.url)
    if not _is_contents(document, pages):
        return ()
    deep = pages.below_a_year and not pages.dated
    return tuple((pages.inside if deep else pages.direct).values())


def _pages(document: Document, base: str) -> _Pages:
    own, folder = key(base), _folder(base)
    found: dict[str, str] = {}
    for address in _addresses(document, base):
        if _PAGE.search(urlsplit(address).path) and key(address) != own:
            found.setdefault(key(address), address)
    inside = {name: address for name, address in found.items() if name.startswith(f"{folder}/")}
    direct = {name: address for name, address in inside.items() if _folder(address) == folder}
    *above, last = folder.split("/")
    dated = _DATE.fullmatch(last) is not None
    below_a_year = any(_YEAR.fullmatch(part) for part in above[1:])
    return _Pages(len(found), direct, inside, dated, below_a_year, _named_so(direct, dated))


def _addresses(document: Document, base: str) -> Iterator[str]:
    """Where the links outside notes lead to. Links and blocks both come in text order."""
    notes = iter([*(block.span for block in document.blocks if block.kind == "note"), None])
    note = next(notes)
    for link in document.links:
        while note is not None and note.end <= link.span.start:
            note = next(notes)
        if note is None or link.span.start < note.start:
            yield _joined(base, link.url)


def parents(pages: Iterable[tuple[Work, Sequence[str]]]) -> dict[str, str]:
    """By the id of each chapter, the id of the table of contents that names it. A page is a work and the
    chapters that it names.

    Where several do, the one in the deepest folder is taken, and of these the folder's index.
    """
    held = sorted(pages, key=lambda page: page[0].id)
    by_address = {key(work.url): work.id for work, _ in held if work.url}
    found: dict[str, tuple[int, bool, str]] = {}
    for work, named in held:
        url = work.url or ""
        claim = (_folder(url).count("/"), _is_index(url), work.id)
        for address in named:
            chapter = by_address.get(key(address))
            if chapter and chapter != work.id and _stronger(claim, found.get(chapter)):
                found[chapter] = claim
    return _without_circles({chapter: claim[2] for chapter, claim in found.items()})


def lacking(named: Iterable[str], held: Collection[str]) -> tuple[str, ...]:
    """Those of the addresses whose keys are not among these."""
    return tuple(address for address in named if key(address) not in held)


def _stronger(claim: tuple[int, bool, str], other: tuple[int, bool, str] | None) -> bool:
    """Ids break a tie the other way round, so that the order of the documents does not matter."""
    return other is None or claim[:2] > other[:2] or (claim[:2] == other[:2] and claim[2] < other[2])


def _without_circles(found: dict[str, str]) -> dict[str, str]:
    """The chapters that are not, over some steps, their own table of contents."""
    good = {}
    for chapter, parent in sorted(found.items()):
        seen, above = {chapter}, parent
        while above in found and above not in seen:
            seen.add(above)
            above = found[above]
        if above not in seen:
            good[chapter] = parent
    return good


def _is_contents(document: Document, pages: _Pages) -> bool:
    """The rule that the module's first lines state."""
    if pages.dated or not pages.below_a_year:
        chapters, sure = pages.direct, pages.named_so or (pages.dated and _says_so(document, pages))
    else:
        chapters, sure = pages.inside, True
    if not sure or len(chapters) < LEAST_CHAPTERS or len(chapters) < _MOST * pages.links:
        return False
    path = urlsplit(document.work.url or "").path
    return path.endswith("/") or _LIKE_INDEX.search(path) is not None or _is_mostly_links(document)


def _named_so(addresses: Collection[str], dated: bool) -> bool:
    """Whether most of the pages are named like chapters, or have one name with different numbers.

    In a month's folder (`dated`) numbers are days.
    """
    names = [_PAGE.sub("", address.rsplit("/", 1)[-1]).lower() for address in addresses]
    found = [_NUMBERED.fullmatch(name) for name in names if not _YEAR.fullmatch(name)]
    stems = Counter(match.group(1) for match in found if match and (match.group(1) or not dated))
    like = sum(_CHAPTER.fullmatch(name) is not None for name in names)
    common = max(stems.values(), default=0)
    return max(like, common if common > 1 else 0) > _MOST * len(names)


def _says_so(document: Document, pages: _Pages) -> bool:
    """Whether most of the links to pages of the folder say that these are chapters."""
    said: dict[str, bool] = {}
    for link in document.links:
        name = key(_joined(document.work.url or "", link.url))
        if name in pages.direct:
            words = document.text[link.span.start : link.span.end]
            said.setdefault(name, _CHAPTER_WORDS.match(f"{words} ") is not None)
    return sum(said.values()) > _MOST * len(said)


def _is_mostly_links(document: Document) -> bool:
    linked = sum(len(link.span) for link in document.links)
    return linked >= _LINKED_WORDS * len(document.text)


def _is_index(url: str) -> bool:
    path = urlsplit(url).path
    return path.endswith("/") or _INDEX.search(path) is not None


def _folder(url: str) -> str:
    """The key of the folder in which a page lies."""
    parts = urlsplit(url)
    return key(f"{parts.scheme}://{parts.netloc}{parts.path.rsplit('/', 1)[0]}/")


def _joined(base: str, address: str) -> str:
    """An absolute address without its fragment; "" for what is none."""
    try:
        return urljoin(base, address).partition("#")[0]
    except ValueError:
        return ""

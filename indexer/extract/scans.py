"""Pages of lines, as scans and PDF files have them, to a Sheet.

Running heads and page numbers go, words cut at line ends are rejoined, and paragraphs are rebuilt from
what is left: a short line that ends a sentence ends a paragraph.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from statistics import quantiles

from rapidfuzz import fuzz

from indexer.extract import footnotes, front
from indexer.extract.endnotes import NOTE
from indexer.extract.pages import LEAST_PAGES
from indexer.extract.speeches import returning, speaker_of
from indexer.extract.text import is_heading, unwrapped, written
from indexer.extract.writer import Sheet

# Heads alternate between left and right pages and are left out where a chapter begins.
_REPEATED = 0.25
_LEAST_REPEATED = 3
# A chapter's head stands on some pages near each other, in a scan with a letter or two misread. An answer
# at the edge of a page may come back as well ("Yes."), so what ends as a sentence does is no such head.
_NEAR, LIKE, _LEAST_HEAD, _LONGEST_HEAD = 8, 80, 6, 300
# A running head or foot is at most two lines.
_EDGE = 2
# The last line of a paragraph seldom reaches this share of the width.
_FULL, _HEADING = 0.85, 0.7
_NUMBER = re.compile(r"\d{1,4}")
_LONE = re.compile(r"\W*(\d{1,4}|[ivxlc]{1,7})\W*", re.IGNORECASE)
# "11/25/26, 8:14 PM The Quay", "https://www.example.org/quay.html 1/2"; others set the address above.
_WHEN = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\.?,? \d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[ap]\.?m\.?)?"
_WHERE, _OF = r"(?:https?://|file:///|about:)\S*", r"(?:page |seite )?\d+ ?(?:/|of|von|sur|de) ?\d+"
_PRINTED = re.compile(
    rf"{_WHEN}(?: .*)?|(?:{_WHERE} )?{_OF}|{_OF} (?:{_WHERE}|{_WHEN})|(?:.* )?{_WHERE}", re.IGNORECASE
)
_STOP = re.compile(r"[.?!…:][”’\"»)\]]?\d{0,3}$")


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page, blank ones among them, its number as far as it is known, and the notes below."""

    lines: tuple[str, ...]
    label: str
    notes: tuple[str, ...] = ()


def recognises(text: str) -> bool:
    """Whether a plain text is that of a scan: form feeds between its pages."""
    return text.count("\f") >= LEAST_PAGES - 1


def split(text: str) -> list[Page]:
    """The pages of a text with form feeds between them, numbered from 1."""
    return [page(part, str(number)) for number, part in enumerate(text.split("\f"), 1)]


def page(text: str, label: str, notes: str = "") -> Page:
    """The page of that text, and of the notes at its foot where they are known apart."""
    below = (" ".join(line.split()) for line in notes.splitlines())
    return Page(
        tuple(" ".join(line.split()) for line in text.splitlines()), label, tuple(filter(None, below))
    )


def read(pages: list[Page], metadata: dict[str, str], numbered: bool = False) -> Sheet:
    """The text of the pages with their numbers as places; `numbered` ones bear no heads any more."""
    pages = [_stripped(item) for item in _unprinted(pages)]
    pages = pages if numbered else _numbered(pages)
    width = _width(pages)
    paragraphs = _paragraphs(pages, width)
    words = set(re.findall(r"\w+", " ".join(line for lines in paragraphs for line in lines).lower()))
    # Notes are narrow now and then, and never verse.
    widths = [0 if lines[0].startswith(NOTE) else width for lines in paragraphs]
    joined = [unwrapped(lines, wide, words) for lines, wide in zip(paragraphs, widths, strict=True)]
    return written(joined, metadata)


def _unprinted(pages: list[Page]) -> list[Page]:
    """The pages without the lines that a browser prints on each: when, what, from which address, page n of m.

    They have the same form on every page; on one alone, head and foot both have it.
    """
    found = [
        {_key(line) for line in (*item.lines, *item.notes) if _PRINTED.fullmatch(line)} for item in pages
    ]
    on_all = set.intersection(*found) if found else set()
    if not on_all or len(pages) == 1 == len(on_all):
        return pages

    def kept(lines: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(line for line in lines if not (_PRINTED.fullmatch(line) and _key(line) in on_all))

    return [replace(item, lines=kept(item.lines), notes=kept(item.notes)) for item in pages]


def _stripped(item: Page) -> Page:
    """The page without blank lines at its beginning and end."""
    kept = [index for index, line in enumerate(item.lines) if line]
    return replace(item, lines=item.lines[kept[0] : kept[-1] + 1] if kept else ())


def _numbered(pages: list[Page]) -> list[Page]:
    """The pages without running heads and feet, with the numbers that these bore, if most agree."""
    keys = [{_key(line) for line in _edges(item)} for item in pages]
    heads = Counter(key for found in keys for key in found)
    least = max(_LEAST_REPEATED, _REPEATED * len(pages))
    bare: list[Page] = []
    printed: dict[int, int] = {}
    for index, item in enumerate(pages):
        lines, near = list(item.lines), keys[max(0, index - _NEAR) : index + _NEAR + 1]
        for end in (0, -1) * _EDGE:
            while lines and not lines[end]:
                lines.pop(end)
            edge = lines[end] if lines else ""
            if edge and (heads[_key(edge)] >= least or comes_back(edge, near)):
                lines.pop(end)
                if found := _NUMBER.search(edge):
                    printed[index] = int(found.group())
        bare.append(replace(item, lines=tuple(lines)))
    offsets = Counter(number - index for index, number in printed.items()).most_common(1)
    if not offsets or 2 * offsets[0][1] < len(pages):
        return bare
    shift = offsets[0][0]
    return [
        replace(item, label=str(index + shift)) if index + shift > 0 else item
        for index, item in enumerate(bare)
    ]


def comes_back(edge: str, near: Iterable[Collection[str]]) -> bool:
    """Whether a line at a page's edge is, but for what scans misread, at that of other pages near it."""
    if len(edge) < _LEAST_HEAD or (_STOP.search(edge) and not edge.isupper()):
        return False
    key = _key(edge)
    alike = (any(fuzz.ratio(key, _key(other)) >= LIKE for other in found) for found in near)
    return sum(alike) >= _LEAST_REPEATED


def _edges(item: Page) -> list[str]:
    lines = [line for line in item.lines if line]
    return [*lines[:_EDGE], *lines[-_EDGE:]]


def _key(line: str) -> str:
    """What a running head has in common from page to page, on whichever side it has the number."""
    if len(line) > _LONGEST_HEAD:  # a row of signs is tried from each of them
        return line
    return "#" if _LONE.fullmatch(line) else re.sub(r"\W*\d+\W*", " ", line.lower()).strip() or "#"


def _width(pages: list[Page]) -> int:
    lengths = [len(line) for item in pages for line in item.lines if line]
    return int(quantiles(lengths, n=10)[-1]) if len(lengths) > 1 else max(lengths, default=0)


def _paragraphs(pages: list[Page], width: int) -> list[list[str]]:
    """Lines by paragraph. The number of a page stands between form feeds, where the page begins."""
    paragraphs: list[list[str]] = []
    speakers = returning(line for item in pages for line in item.lines)
    foot = _Feet(paragraphs)
    open_ = False
    for item in pages:
        mark, blank = f"\f{item.label}\f", False
        for place, line in enumerate(item.lines):
            if not line:
                blank = True
                continue
            last = paragraphs[-1] if open_ else []
            ends = not last or (blank or _ends(last[-1], line, width)) or speaker_of(line) in speakers
            if last and (mark or blank) and line[:1].islower() and not _STOP.search(last[-1]):
                ends = False
            if ends:
                foot.set()
                paragraphs += [[mark], [line]] if mark else [[line]]
            elif mark:
                _carry(last, mark, line)
            else:
                last.append(line)
            foot.page = item.label
            after = (item.lines[at] for at in range(place + 1, len(item.lines)))
            following = next(filter(None, after), "")
            alone = _is_heading(line, last, following, width) or (item is pages[0] and front.says(line))
            open_ = not (ends and alone)
            mark, blank = "", False
        if mark:
            foot.set()
            paragraphs.append([mark])
            foot.page, open_ = item.label, False
        foot.waiting += [item] if item.notes else []
    foot.set()
    return paragraphs


class _Feet:
    """The notes of pages, which wait until the paragraph has ended that goes on over the page's end."""

    def __init__(self, paragraphs: list[list[str]]) -> None:
        self._paragraphs = paragraphs
        self.waiting: list[Page] = []
        self.page = ""

    def set(self) -> None:
        """Set the notes that wait; those of an earlier page between its number and this one's again."""
        turned = self.page
        for item in self.waiting:
            self._turn(turned, item.label)
            self._paragraphs += [[NOTE + lines[0], *lines[1:]] for lines in footnotes.each(item.notes)]
            turned = item.label
        self._turn(turned, self.page)
        self.waiting = []

    def _turn(self, turned: str, page: str) -> None:
        if turned != page:
            self._paragraphs.append([f"\f{page}\f"])


def _carry(last: list[str], mark: str, line: str) -> None:
    """Go on with a paragraph on a new page; a word that the page's end cuts in two stays whole before it."""
    if last[-1].endswith("-"):
        word, _, rest = line.partition(" ")
        last.append(f"{word} {mark} {rest}".rstrip())
    else:
        last.append(f"{mark} {line}")


def _ends(before: str, line: str, width: int) -> bool:
    return len(before) < _FULL * width and bool(_STOP.search(before)) and not line[:1].islower()


def _is_heading(line: str, last: list[str], following: str, width: int) -> bool:
    """Whether the first line of what would be a paragraph stands alone."""
    before = last[-1] if last else " "
    if len(line) >= _HEADING * width or following[:1].islower() or line.endswith("-"):
        return False
    return is_heading(line, before)

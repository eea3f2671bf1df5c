"""Which lines of a text are its notes, where no mark-up says so: numbered lines that answer marks above them.

Notes are written "1. ...", "1) ...", "1 ...", "[1] ...", "(1) ...", "¹ ..." or "* ...", one below the other
or with blank lines between. What is not sure stays a line of the text: lists are numbered too.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.extract.words import pattern
from indexer.models import Span

# What the first line of a paragraph begins with that is known to be a note; no line of a file holds it.
NOTE = "\v"

# Raised numbers as characters.
RAISED = "[¹²³⁰⁴-⁹]{1,3}"
_SIGN = r"\*{1,4}|[†‡§]{1,3}"
_LABEL = re.compile(
    rf"(?:(?P<raised>{RAISED})|\[(?P<square>\d{{1,3}})\]|(?P<sign>{_SIGN})"
    r"|\((?P<round>\d{1,3})\)|(?P<stop>\d{1,3})\.|(?P<shut>\d{1,3})\)|(?P<bare>\d{1,3})(?=\s))"
    r"\s*(?=[^\W\d_]|[“\"„«‘'(\[])"
)
# Lines that begin so are nothing but notes wherever they stand; numbered lines may be a list.
_SURE = ("raised", "square")
# A mark stands right behind a word, a stop or closing marks; a number without brackets only behind the marks,
# or behind the stop of a word too long to be an abbreviation before a number ("art.2").
_MARK = re.compile(
    rf"(?P<raised>{RAISED})|\[(?P<square>\d{{1,3}})\]"
    r"|(?:(?<=[\w.,;:!?”\"’»])|(?<=[”\"’»] ))\((?P<round>\d{1,3})\)(?!\w)"
    r"|(?:(?<=[^\s(\[][”\"»])|(?<=[^\s(\[][”\"»][.,;])|(?<=[^\W\d_]{4}[.,;]))(?P<bare>\d{1,3})(?=[\s.,;:]|$)"
    rf"|(?<=[\w.,;:!?”\"’»])(?P<sign>{_SIGN})(?![\w*])"
)
# Words between stars as Markdown sets them: the second star is no mark.
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])[^*\n]{1,200}?(?<=[^\s*])\1(?![\w*])")
_LONGEST_HEADING = 80
# A note has no more paragraphs than this that are not its first.
_MOST_PARAGRAPHS = 1


@dataclass(frozen=True, slots=True)
class Begin:
    """A line that may begin a note: its number in the text, how its label is written, and the label."""

    line: int
    style: str
    label: str


@dataclass(frozen=True, slots=True)
class Notes:
    """A list of notes: the lines with which they begin, and that of the heading above, if it is one of notes.

    `sure` says that lines which begin so are nothing but notes wherever they stand.
    """

    begins: tuple[Begin, ...]
    heading: int | None
    sure: bool


def marks(text: str) -> Iterator[tuple[Span, str]]:
    """What can be a note's mark in running text, by how it is written, and the label of its note."""
    emphasised = [match.span() for match in _EMPHASIS.finditer(text)] if "*" in text else []
    at = 0
    for match in _MARK.finditer(text):
        while at < len(emphasised) and emphasised[at][1] <= match.start():
            at += 1
        if at == len(emphasised) or not emphasised[at][0] <= match.start() < emphasised[at][1]:
            yield Span(*match.span()), plain(match[match.lastgroup or 0])


def plain(label: str) -> str:
    """A label with its raised numbers as plain ones."""
    return unicodedata.normalize("NFKC", label)


def is_heading(line: str, *kinds: str) -> bool:
    """Whether a line is the heading of a list of notes, or of sources, as notes may be called too."""
    words = line.strip(" .:[]—-*#=")
    return any(pattern("notes", kind).fullmatch(words) for kind in kinds or ("headings", "sources"))


def parted(lines: Sequence[str]) -> list[str]:
    """The lines of a text with each note a paragraph of its own, and NOTE before its first line."""
    found = list(listed(lines))
    begins = {begin.line for notes in found for begin in notes.begins}
    headings = {notes.heading for notes in found}
    kept: list[str] = []
    for number, line in enumerate(lines):
        apart = number in begins or number in headings
        kept += [""] * apart + [NOTE * (number in begins) + line] + [""] * (number in headings)
    return kept


def listed(lines: Sequence[str], raised: Iterable[tuple[int, str]] = ()) -> Iterator[Notes]:
    """The lists of notes of a text. `raised` are further marks, where more than the letters tells them: the
    number of the line and the label."""
    runs = list(_runs(lines))
    marked = _marked(lines, raised) if runs else {}
    last = 0
    for run in runs:
        above = next((at for at in range(run[0].line - 1, -1, -1) if lines[at]), None)
        heading = above if above is not None and is_heading(lines[above]) else None
        said = heading is not None and is_heading(lines[heading], "headings")
        if said or (_is_placed(lines, run, heading) and _answers(run, marked, last)):
            yield Notes(tuple(run), heading, run[0].style in _SURE)
            last = run[-1].line


def _marked(lines: Sequence[str], raised: Iterable[tuple[int, str]]) -> Mapping[str, list[int]]:
    """The numbers of the lines with a mark of each label."""
    every = [(number, label) for number, line in enumerate(lines) for _, label in marks(line)]
    found: defaultdict[str, list[int]] = defaultdict(list)
    for number, label in sorted([*every, *raised]):
        found[label].append(number)
    return found


def _runs(lines: Sequence[str]) -> Iterator[list[Begin]]:
    """Lines whose labels follow one another, each run as long as it goes."""
    run: list[Begin] = []
    for begin in _begins(lines):
        if run and _follows(run, begin) and _near(lines, run[-1].line, begin.line):
            run.append(begin)
        elif not run or begin.style != "bare" or begin.label == "1":
            if run:
                yield run
            run = [begin]
    if run:
        yield run


def _begins(lines: Sequence[str]) -> Iterator[Begin]:
    for number, line in enumerate(lines):
        found = _LABEL.match(line)
        if found:
            style = found.lastgroup or ""
            yield Begin(number, style, plain(found[style]))


def _follows(run: Sequence[Begin], begin: Begin) -> bool:
    """Whether a label is the next of a run: the next number, or a sign that is not yet in it."""
    if begin.style != run[-1].style:
        return False
    if begin.style == "sign":
        return all(begin.label != other.label for other in run)
    return int(begin.label) == int(run[-1].label) + 1


def _near(lines: Sequence[str], last: int, number: int) -> bool:
    """Whether no more than a note's further paragraph stands between two of its kind, and no heading."""
    between = lines[last:number]
    blocks = sum(1 for before, line in pairwise(between) if line and not before)
    return blocks <= _MOST_PARAGRAPHS and not any(line.startswith(("#", "\f")) for line in between)


def _is_placed(lines: Sequence[str], run: Sequence[Begin], heading: int | None) -> bool:
    """Whether a run stands where notes do: below their heading, or behind a blank line at the end. A number
    that is not the first is a further point of the text."""
    first = run[0].line
    if heading is not None or (first and run[0].style in _SURE):
        return True
    numbered = run[0].style != "sign" and run[0].label != "1"
    return first > 0 and not numbered and not lines[first - 1] and _at_end(lines, run[-1].line)


def _answers(run: Sequence[Begin], marked: Mapping[str, list[int]], last: int) -> bool:
    """Whether most labels of a run have a mark in the text between the `last` list and the run."""
    answered = 0
    for begin in run:
        found = marked.get(begin.label, [])
        at = bisect_left(found, last)
        answered += at < len(found) and found[at] < run[0].line
    return 2 * answered > len(run)


def _at_end(lines: Sequence[str], number: int) -> bool:
    """Whether nothing but blank lines, or a heading, stands behind the paragraph of this line."""
    blank = next((at for at in range(number, len(lines)) if not lines[at]), len(lines))
    following = next((lines[at] for at in range(blank, len(lines)) if lines[at]), "")
    heading = following[:1].isupper() and following[-1] not in ".,;:" and len(following) <= _LONGEST_HEADING
    return not following or following.startswith("#") or heading

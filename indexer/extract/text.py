"""Plain text to a Sheet.

Blank lines separate paragraphs. A single line break means something (the attribution below a
quotation, a line of verse) unless the text is wrapped hard, which the lengths of its lines tell.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from statistics import quantiles

from indexer.extract import endnotes
from indexer.extract.endnotes import NOTE
from indexer.extract.pages import LEAST_PAGES, line_number
from indexer.extract.speeches import returning, speaker_of
from indexer.extract.words import pattern
from indexer.extract.writer import Sheet, Writer
from indexer.models import BlockKind

# Typewriters, e-mail and the scans of libraries wrap at 55 to 100 letters.
_NARROWEST, _WIDEST = 45, 110
# Of the lines inside paragraphs of a wrapped text nearly all are about full: a long word may leave a gap.
_FULL, _FULL_SHARE = 0.75, 0.75
# With fewer lines inside paragraphs there is nothing to measure.
_LEAST_LINES = 6
# Lines that all stop this far before the margin were broken by the author: verse, addresses.
_SHORT = 0.66
# A line of verse is seldom longer; a longer one that ends inside an open quotation was wrapped.
_LONGEST_VERSE = 60
_LONGEST_HEADING = 80
_MOST_HEADING_WORDS = 10
# Lines below the heading of a session: the time of day, the date, the place.
_MOST_BELOW = 2
# A line that ends with a colon leads to what follows, unless it is as short as a heading's catchword.
_MOST_COLON_WORDS = 1
_LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
# Paragraphs that stand as many columns deeper are set off.
_DEEPER = 3
_LISTED = re.compile(r"[-–—>#*†‡§¹²³⁴-⁹]|\(?\w{1,3}[.)]\s|\[\w{1,3}\]")
_BULLET = re.compile(r"[•‣◦▪·]\s+|\*\s+(?=\S)")
_NO_HEADING = re.compile(r"[\"“”„‘’'«»(\[–—•*-]|https?:|www\.|\d+[.)]?\s*$")
_ADDRESS = re.compile(r"https?:|www\.", re.IGNORECASE)
_ENDS = re.compile(r"[.,;?!…\"”»)\]]$")
_SENTENCE_END = re.compile(r"[.?!…:\"”’»)\]]$")
_STOP = re.compile(r"[.?!…][”’\"»)]?$")
# A sentence of six words or more in marks that open after a colon, a comma or a verb: nobody's title.
# Of more than eighty words it need not be known where it ends: a line may be a whole book.
_QUOTES_A_SENTENCE = re.compile(
    r"[^\s“„«\"][:,]? [“„«\"](?:[^\s”“»\"]{1,60} ){5,80}[^\s”“»\"]{1,60}[.?!…,]?[”“»\"]"
)
_HYPHEN = re.compile(r"(?<!\w)(\w+)-\n(?=([^\W\d_]+))")
# How Markdown and letters mark headings and quotations at the beginning of a line.
_SIGNS = re.compile(r"#{1,6}\s+|>\s*")
# A page's number between form feeds: no other character of a decoded line is one.
_PAGE = re.compile(r"\f([^\f]+)\f")


def read(text: str) -> Sheet:
    """The blocks of a plain text; its first line is the title."""
    lines = with_pages([" ".join(line.split()) for line in set_off(_LINE_BREAK.split(text))])
    speakers = returning(lines)
    paragraphs = [part for group in _groups(endnotes.parted(lines)) for part in _parts(group, speakers)]
    width = wrapped_at(paragraphs)
    if not width:
        paragraphs = _softened(paragraphs)
    paragraphs = _rejoined(_titled(_loosened(paragraphs, width), width))
    if width:
        words = set(re.findall(r"\w+", text.lower()))
        paragraphs = [_unwrapped_within(lines, width, words) for lines in paragraphs]
    return written(paragraphs, {})


def set_off(lines: list[str]) -> list[str]:
    """The lines with the sign of a quotation before those of paragraphs that stand deeper than the rest.

    A list, a speaker's turn and what is as short as a heading may stand deeper too and are none; so where
    most paragraphs do, and below the heading of a list of sources.
    """
    bounds = [index for index, line in enumerate(["", *lines, ""]) if not line.strip()]
    groups = [range(a, b - 1) for a, b in pairwise(bounds) if b - a > 1]
    listing = (g.start for g in groups if len(g) == 1 and endnotes.is_heading(lines[g.start].strip()))
    end = next(listing, len(lines))
    margins = [min(_indent(lines[i]) for i in g) for g in groups]
    deeper = [
        group
        for group, margin in zip(groups, margins, strict=True)
        if margin >= min(margins) + _DEEPER and group.start < end and _may_be_said(group, lines)
    ]
    if 2 * len(deeper) >= len(groups):
        return lines
    inside = {i for g in deeper for i in g}
    return [f"> {line.strip()}" if i in inside else line for i, line in enumerate(lines)]


def _indent(line: str) -> int:
    """By how many columns a line is indented."""
    line = line.expandtabs()
    return len(line) - len(line.lstrip())


def _may_be_said(group: range, lines: list[str]) -> bool:
    """Whether lines are a paragraph that runs on, too long for a heading or full to the margin, and neither
    an item of a list nor a speaker's turn."""
    inside = [lines[i].strip() for i in group]
    longest = max(map(len, inside))
    full = longest >= _NARROWEST and all(len(line) >= _FULL * longest for line in inside[:-1])
    if longest <= _LONGEST_HEADING and (len(inside) == 1 or not full):
        return False
    return not (_LISTED.match(inside[0]) or _BULLET.match(inside[0]) or speaker_of(inside[0]))


def with_pages(lines: list[str]) -> list[str]:
    """The lines with page numbers of their own marked as such: three or more that ascend, else none."""
    numbers = [(index, int(found)) for index, line in enumerate(lines) if (found := line_number(line))]
    if len(numbers) >= LEAST_PAGES and all(a < b for (_, a), (_, b) in pairwise(numbers)):
        for index, number in numbers:
            lines[index] = f"\f{number}\f"
    return lines


def _groups(lines: list[str]) -> Iterator[list[str]]:
    """Lines between blank ones; a page's number stands alone."""
    group: list[str] = []
    for line in [*lines, ""]:
        alone = line.startswith("\f")
        if (not line or alone) and group:
            yield group
            group = []
        if alone:
            yield [line]
        elif line:
            group.append(line)


def _parts(group: list[str], speakers: frozenset[str]) -> Iterator[list[str]]:
    """A list with bullets is taken apart, an item each; so is what `speakers` say, a turn each, and the
    heading of a session from its date."""
    part: list[str] = []
    session = _begins_session(group)
    for place, line in enumerate(group):
        if part and (_BULLET.match(line) or speaker_of(line) in speakers or (session and place == 1)):
            yield part
            part = []
        part.append(line)
    yield part


def _begins_session(group: list[str]) -> bool:
    """Whether the first line is the heading of a session: in capitals, or above lines as short as it is."""
    first, *rest = group
    if not rest or not pattern("transcript", "sessions").match(first) or not is_heading(first, ""):
        return False
    longest = max(map(len, group))
    return first.isupper() or (
        len(rest) <= _MOST_BELOW and longest < _NARROWEST and not _STOP.search(rest[-1])
    )


def wrapped_at(paragraphs: list[list[str]]) -> int:
    """The width in characters at which a text is wrapped, 0 if its line breaks are the author's."""
    inner = [len(line) for lines in paragraphs for line in lines[:-1]]
    if len(inner) < _LEAST_LINES:
        return 0
    width = int(quantiles(inner, n=20)[-1])
    full = sum(length >= _FULL * width for length in inner)
    return width if _NARROWEST <= width <= _WIDEST and full >= _FULL_SHARE * len(inner) else 0


def _softened(paragraphs: list[list[str]]) -> list[list[str]]:
    """The paragraphs of a text too short to measure, without the breaks that only a margin explains.

    Such a break stands after a line about as long as the longest, no longer than a wrapped line is, where
    the sentence goes on: with a small letter, or inside an open quotation.
    """
    longest = max((len(line) for lines in paragraphs for line in lines), default=0)
    if not _NARROWEST <= longest <= _WIDEST:
        return paragraphs
    softened: list[list[str]] = []
    for lines in paragraphs:
        softened.append(lines[:1])
        for before, line in pairwise(lines):
            if len(before) >= _FULL * longest and _goes_on(softened[-1][-1], before, line):
                softened[-1][-1] += f" {line}"
            else:
                softened[-1].append(line)
    return softened


def _goes_on(said: str, before: str, line: str) -> bool:
    """Whether a sentence goes on in the next line; `said` is all of it since the last break that is kept."""
    if _SENTENCE_END.search(before) or _ADDRESS.match(line) or said.startswith(("\f", ">", "#")):
        return False
    inside = said.count("“") > said.count("”") or said.count('"') % 2 == 1
    return line[:1].islower() or (inside and len(before) > _LONGEST_VERSE)


def _loosened(paragraphs: list[list[str]], width: int) -> list[list[str]]:
    """In a text without any blank line, whose lines are not wrapped, each line but of notes is one."""
    body = [lines for lines in paragraphs if not (lines[0].startswith(NOTE) or endnotes.is_heading(lines[0]))]
    if width or len(body) != 1:
        return paragraphs
    return [
        part for lines in paragraphs for part in ([[line] for line in lines] if lines in body else [lines])
    ]


def _titled(paragraphs: list[list[str]], width: int) -> list[list[str]]:
    """The first line apart, unless it is the first of a wrapped paragraph."""
    if not paragraphs or len(paragraphs[0]) == 1 or (width and len(paragraphs[0][0]) >= _FULL * width):
        return paragraphs
    first, *rest = paragraphs[0]
    return [[first], rest, *paragraphs[1:]]


def _rejoined(paragraphs: list[list[str]]) -> list[list[str]]:
    """Paragraphs that a page's end cut in two put together, the page's number inside."""
    joined: list[list[str]] = []
    for lines in paragraphs:
        cut = len(joined) > 1 and joined[-1][0].startswith("\f") and lines[0][:1].islower()
        if cut and not _SENTENCE_END.search(joined[-2][-1]):
            (page,) = joined.pop()
            joined[-1][-1] += f" {page} {lines[0]}"
            joined[-1] += lines[1:]
        else:
            joined.append(list(lines))
    return joined


def _unwrapped_within(lines: list[str], width: int, words: set[str]) -> list[str]:
    """As `unwrapped`, of a quotation without the signs before its lines but the first."""
    if not all(line.startswith(">") for line in lines):
        return unwrapped(lines, width, words)
    return [f"> {line}" for line in unwrapped([_SIGNS.sub("", line) for line in lines], width, words)]


def unwrapped(lines: list[str], width: int, words: set[str]) -> list[str]:
    """One line of many. A hyphen at a line's end goes if the joined word is one of the text's own."""
    if is_narrow(lines, width):
        return lines

    def join(match: re.Match[str]) -> str:
        whole = match.group(1) + match.group(2)
        return match.group(1) if whole.lower() in words else match.group(1) + "-"

    return [_HYPHEN.sub(join, "\n".join(lines)).replace("\n", " ")]


def is_narrow(lines: list[str], width: int) -> bool:
    """Whether lines of a text that is wrapped at this width were broken by the author."""
    return max(map(len, lines)) < _SHORT * width


def written(paragraphs: list[list[str]], metadata: dict[str, str]) -> Sheet:
    """The sheet of these paragraphs, lists of lines; the first that is no page's number is the title."""
    writer, before, listing, sources = Writer(), "", False, pattern("notes", "sources")
    first = next((index for index, lines in enumerate(paragraphs) if not lines[0].startswith("\f")), 0)
    for index, lines in enumerate(paragraphs, -first):
        writer.kind = _kind(index, lines, before, listing)
        alone = index == 0 and len(paragraphs) - first == 1
        if alone and writer.kind == "heading":
            writer.kind = "para"  # a text of one paragraph is that paragraph, not a title without a text
        listing = listing or (writer.kind == "heading" and sources.match(lines[0]) is not None)
        writer.tag = "h1" if index == 0 and not is_said(lines[0]) and not alone else ""
        quoted = writer.mark("quoted") if writer.kind == "quote" else None
        for place, line in enumerate(lines):
            if place:
                writer.line()
            line = line.removeprefix(NOTE)
            _write(writer, _SIGNS.sub("", line) if writer.kind in ("heading", "quote") else line)
        if quoted:
            writer.release(quoted)
        writer.close()
        before = lines[-1]
    return writer.sheet(metadata)


def _write(writer: Writer, line: str) -> None:
    for place, part in enumerate(_PAGE.split(line)):
        if place % 2:
            writer.release(writer.mark("page", part))
        else:
            writer.write(part)


def _kind(index: int, lines: list[str], before: str, listing: bool) -> BlockKind:
    """`listing`: in a list of sources, where a title looks like a heading, only capitals make one."""
    if lines[0].startswith(NOTE):
        return "note"
    if all(line.startswith(">") for line in lines):
        return "quote"
    if len(lines) == 1 and lines[0].startswith("#") and _SIGNS.match(lines[0]):
        return "heading"
    title = index == 0 and not is_said(lines[0])
    heading = len(lines) == 1 and (title or is_heading(lines[0], before))
    if heading and not (listing and lines[0].upper() != lines[0]):
        return "heading"
    return "item" if _BULLET.match(lines[0]) else "para"


def is_said(line: str) -> bool:
    """Whether a first line is no title but a paragraph: a long sentence, or one that quotes a sentence."""
    return bool(_STOP.search(line) and len(line) > _WIDEST) or _QUOTES_A_SENTENCE.search(line) is not None


def is_heading(line: str, before: str) -> bool:
    """Whether a line alone between blank ones is a heading: in capitals, or a short phrase without a stop.

    `before` is the line before it: after a quotation such a line is more likely its attribution.
    """
    words = line.split()
    if len(line) > _LONGEST_HEADING or _NO_HEADING.match(line) or not any(c.isalpha() for c in line):
        return False
    if line.upper() == line and len(line) > len("I."):
        return not re.search(r"https?:|\.\s", line)
    if pattern("transcript", "sessions").match(line) and len(words) <= _MOST_HEADING_WORDS:
        return True
    if (
        len(words) > (_MOST_COLON_WORDS if line.endswith(":") else _MOST_HEADING_WORDS)
        or before[-1:] in '”"»'
    ):
        return False
    return line[0].isupper() and not _ENDS.search(line) and "," not in line and "://" not in line

"""Plain text to a Sheet.

Blank lines separate paragraphs. A single line break means something (the attribution below a
quotation, a line of verse) unless the text is wrapped hard, which the lengths of its lines tell.
"""

import re
from collections.abc import Iterator
from statistics import quantiles

from indexer.extract.pages import line_number
from indexer.extract.words import pattern
from indexer.extract.writer import Sheet, Writer
from indexer.models import BlockKind

# Typewriters, e-mail and the scans of libraries wrap at 55 to 100 letters.
_NARROWEST, _WIDEST = 45, 110
# Of the lines inside paragraphs of a wrapped text nearly all are about full: a long word may leave a gap.
_FULL, _FULL_SHARE = 0.75, 0.75
# With fewer lines inside paragraphs there is nothing to measure.
_LEAST_LINES = 6
_LONGEST_HEADING = 80
_MOST_HEADING_WORDS = 10
_BULLET = re.compile(r"[•‣◦▪·]\s+|\*\s+(?=\S)")
_NO_HEADING = re.compile(r"[\"“”„‘’'«»(\[–—•*-]|https?:|www\.|\d+[.)]?\s*$")
_ENDS = re.compile(r"[.,;?!…\"”»)\]]$")
_SENTENCE_END = re.compile(r"[.?!…:\"”’»)\]]$")
_HYPHEN = re.compile(r"(\w+)-\n(?=([^\W\d_]+))")


def read(text: str) -> Sheet:
    """The blocks of a plain text; its first line is the title."""
    lines = [
        " ".join(line.split()) for line in re.split(r"\r\n|[\n\r\v\x85\u2028\u2029]|(?<=\f)|(?=\f)", text)
    ]
    paragraphs = [part for group in _groups(lines) for part in _parts(group)]
    wrapped = is_wrapped(paragraphs)
    paragraphs = _titled(_loosened(paragraphs, wrapped), wrapped)
    if wrapped:
        words = set(re.findall(r"\w+", text.lower()))
        paragraphs = [[_unwrapped(lines, words)] for lines in _rejoined(paragraphs)]
    return _written(paragraphs)


def _groups(lines: list[str]) -> Iterator[list[str]]:
    """Lines between blank ones; a line that is only a page number stands alone."""
    group: list[str] = []
    for line in [*lines, ""]:
        alone = line_number(line) is not None
        if (not line or alone) and group:
            yield group
            group = []
        if alone:
            yield [line]
        elif line:
            group.append(line)


def _parts(group: list[str]) -> Iterator[list[str]]:
    """A list with bullets is taken apart, an item each."""
    part: list[str] = []
    for line in group:
        if part and _BULLET.match(line):
            yield part
            part = []
        part.append(line)
    yield part


def is_wrapped(paragraphs: list[list[str]]) -> bool:
    """Whether the line breaks inside paragraphs are those of a page's width, not the author's."""
    inner = [len(line) for lines in paragraphs for line in lines[:-1]]
    if len(inner) < _LEAST_LINES:
        return False
    width = quantiles(inner, n=20)[-1]
    return _NARROWEST <= width <= _WIDEST and sum(n >= _FULL * width for n in inner) >= _FULL_SHARE * len(
        inner
    )


def _loosened(paragraphs: list[list[str]], wrapped: bool) -> list[list[str]]:
    """In a text without any blank line, whose lines are not wrapped, each line is a paragraph."""
    return [[line] for line in paragraphs[0]] if len(paragraphs) == 1 and not wrapped else paragraphs


def _titled(paragraphs: list[list[str]], wrapped: bool) -> list[list[str]]:
    """The first line apart, unless it is the first of a wrapped paragraph."""
    if not paragraphs or len(paragraphs[0]) == 1:
        return paragraphs
    first, *rest = paragraphs[0]
    if wrapped and len(first) >= _FULL * max(map(len, rest)):
        return paragraphs
    return [[first], rest, *paragraphs[1:]]


def _rejoined(paragraphs: list[list[str]]) -> Iterator[list[str]]:
    """Paragraphs that a page number cut in two put together; the number stays, as a line of its own."""
    held: list[str] = []
    for lines in paragraphs:
        is_number = len(lines) == 1 and line_number(lines[0]) is not None
        goes_on = bool(held) and line_number(held[-1]) is not None and len(held) > 1
        breaks_off = len(held) > 1 and not goes_on and not _SENTENCE_END.search(held[-1])
        if breaks_off if is_number else goes_on and lines[0][:1].islower():
            held += lines
        else:
            yield from _settled(held)
            held = list(lines)
    yield from _settled(held)


def _settled(held: list[str]) -> Iterator[list[str]]:
    """A paragraph after which no continuation came: the number that it held stands alone again."""
    if len(held) > 1 and line_number(held[-1]) is not None:
        yield held[:-1]
        yield held[-1:]
    elif held:
        yield held


def _unwrapped(lines: list[str], words: set[str]) -> str:
    """One line of many. A hyphen at a line's end goes if the joined word is one of the text's own."""

    def join(match: re.Match[str]) -> str:
        joined = match.group(1) + match.group(2)
        return match.group(1) if joined.lower() in words else match.group(1) + "-"

    text = _HYPHEN.sub(join, "\n".join(lines))
    return "\n".join(" ".join(part) for part in _around_numbers(text.split("\n")))


def _around_numbers(lines: list[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for line in lines:
        if line_number(line) is None:
            part.append(line)
            continue
        if part:
            yield part
        yield [line]
        part = []
    if part:
        yield part


def _written(paragraphs: list[list[str]]) -> Sheet:
    writer, before = Writer(), ""
    for index, lines in enumerate(paragraphs):
        lines = [part for line in lines for part in line.split("\n")]
        writer.kind = _kind(index, lines, before)
        writer.tag = "h1" if index == 0 else ""
        for place, line in enumerate(lines):
            if (page := line_number(line)) is not None:
                writer.release(writer.mark("page", page))
                writer.space()
            else:
                after_page = place > 0 and line_number(lines[place - 1]) is not None
                writer.space() if after_page or place == 0 else writer.line()
                writer.write(line)
        writer.close()
        before = lines[-1]
    return writer.sheet({})


def _kind(index: int, lines: list[str], before: str) -> BlockKind:
    if (index == 0 and len(lines) == 1) or (len(lines) == 1 and is_heading(lines[0], before)):
        return "heading"
    return "item" if _BULLET.match(lines[0]) else "para"


def is_heading(line: str, before: str) -> bool:
    """Whether a line alone between blank ones is a heading: in capitals, or a short phrase without a stop.

    `before` is the line before it: after a quotation such a line is more likely its attribution.
    """
    words = line.split()
    if len(line) > _LONGEST_HEADING or _NO_HEADING.match(line) or not any(c.isalpha() for c in line):
        return False
    if pattern("transcript", "sessions").match(line) or (line.upper() == line and len(line) > 3):
        return not re.search(r"https?:|\.\s", line)
    if len(words) > _MOST_HEADING_WORDS or before[-1:] in '”"»':
        return False
    return line[0].isupper() and not _ENDS.search(line) and "," not in line and "://" not in line

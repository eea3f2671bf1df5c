"""Where an essay says whose words a quotation is: behind it, below it, above it, or in a note."""

import re
from dataclasses import dataclass

from indexer.models import Span

from .citing import (
    DASHES,
    LONGEST,
    MOST_WORDS,
    NEAR_BY,
    PLACE,
    PLACED,
    STRONG,
    cites,
    cleaned,
    is_bare,
    is_name,
    is_sentence,
    is_work,
    refers,
    signs,
    surely_cites,
    trim,
    uncommented,
    wraps,
)
from .lexicon import lexicon
from .lines import Page, words
from .marks import DOUBLE, MARKS
from .noting import NOTE_MARK, Notes, note_behind

_CLAUSE = 160  # characters between a quotation and the citation at the end of its sentence
_CLAUSE_WORDS = 14
_BREAK = re.compile(r"[.!?;:“”\"„«»]")
_SENTENCE_END = (".", ",", ";", ":", "")
_STOPS_AND_MARKS = " .,;" + "".join(DOUBLE)


@dataclass(frozen=True, slots=True)
class Tail:
    """What stands behind a closing mark: a citation or none, and whether the essay goes on after it.

    `line` is the last line that the tail takes.
    """

    cite: Span | None
    ends: bool
    line: int


def tail(page: Page, known: Notes, number: int, offset: int, block: bool) -> Tail:
    """What follows a closing mark that ends at `offset` in the line `number`.

    `block` says that the quotation fills its line from the beginning: then a name behind it, or on
    the line below, is its citation; else only parentheses and notes are.
    """
    line = page.lines[number]
    at = _behind(page, offset, line.end)
    note = note_behind(page, known, offset)
    if at >= line.end:
        below = _below(page, number) if block else _parenthesis_below(page, number)
        if below and not note:
            return below
        return Tail(note, True, number)
    if page.text[at] == "(":
        found = _parenthesis(page, number, at)
        if found:
            return found
    if note:
        return Tail(note, False, number)
    half = _half_parenthesis(page, number, at)
    if half:
        return half
    if block and line.end - at <= LONGEST and is_bare(page.text[at : line.end]):
        return Tail(cleaned(page.text, at, line.end), True, number)
    return Tail(None, False, number)


def before(page: Page, number: int, offset: int) -> Span | None:
    """A citation in parentheses that stands right before an opening mark, a colon between them at most.

    The mark may begin a line; then the line above is looked at.
    """
    line = page.lines[number]
    start = max(line.start, offset - LONGEST)
    head = page.text[start:offset].rstrip()
    if not head and number:
        line = page.lines[number - 1]
        start = max(line.start, line.end - LONGEST)
        head = page.text[start : line.end].rstrip()
        if not head.endswith(":"):
            return None
    head = head.rstrip(" :,")
    if not head.endswith(")"):
        return None
    left = head.rfind("(", max(0, len(head) - LONGEST))
    if left < 0 or not cites(head[left + 1 : -1], strong=True):
        return None
    return trim(page.text, start + left + 1, start + len(head) - 1)


def ending(page: Page, number: int, offset: int) -> Span | None:
    """The citation in parentheses that ends the sentence which the quotation at `offset` is part of, or
    that stands right behind its full stop.

    Only a few words of the essay may stand between, and no other quotation: ", he said (p. 4)."
    """
    line = page.lines[number]
    left = page.text.find("(", offset, min(line.end, offset + _CLAUSE))
    between = page.text[offset:left].lstrip(_STOPS_AND_MARKS).rstrip(" .") if left > 0 else ""
    if not between or _BREAK.search(between) or len(words(between)) > _CLAUSE_WORDS:
        return None
    found = _parenthesis(page, number, left)
    cited = page.text[found.cite.start : found.cite.end] if found and found.cite else ""
    if not found or not found.cite or not (PLACED.search(cited) or refers(cited)):
        return None
    stopped = page.text[offset:left].rstrip().endswith(".")
    after = page.text[found.cite.end : found.cite.end + 2].lstrip(")")[:1]
    return found.cite if stopped or after in _SENTENCE_END else None


def above(page: Page, number: int) -> Span | None:
    """The line above, if it is a citation and no sentence: "N. N., A Title, p. 10:"."""
    if not number:
        return None
    line = page.lines[number - 1]
    text = page.text[line.start : line.end]
    if line.silent or not text.endswith(":") or len(text) > LONGEST:
        return None
    bare = text.rstrip(": ")
    if not PLACE.search(bare) or "," not in bare or is_sentence(bare):
        return None
    if any(word.lower() in lexicon().reporting for word in words(bare)):
        return None
    return cleaned(page.text, line.start, line.start + len(bare))


def signature(page: Page, number: int, strong: bool = True) -> Span | None:
    """The line's citation if the line is nothing else: a dash and a name, or a title and a page.

    Without `strong`, parentheses and bare names will do.
    """
    if number >= len(page.lines):
        return None
    end = page.lines[number].end
    text = page.text[page.lines[number].start : end]
    if len(text) > LONGEST or page.lines[number].silent or len(words(text)) > MOST_WORDS:
        return None
    if text[0] in DASHES:
        return cleaned(page.text, page.lines[number].start, end) if signs(text) else None
    if STRONG.search(text) and text[0] != "(" and is_bare(text):
        return cleaned(page.text, page.lines[number].start, end)
    if not strong and (wraps(text) or is_bare(text)):
        return cleaned(page.text, page.lines[number].start, end)
    return None


def _below(page: Page, number: int) -> Tail | None:
    """A citation on the line below, in the same block or, if it is nothing else, in the next."""
    if number + 1 >= len(page.lines):
        return None
    line, here = page.lines[number + 1], page.lines[number]
    if line.silent or line.kind == "heading":
        return None
    text = page.text[line.start : line.end]
    near = not here.last
    if text.startswith("("):
        found = _parenthesis(page, number + 1, line.start)
        return found if found and found.ends else None
    if not near and not (line.first and line.last):
        return None
    if text[0] in DASHES:
        if not signs(text) or len(words(text)) > MOST_WORDS or _dashed(page, number + 2):
            return None
    elif not (is_bare(text) or is_name(text) if near else is_work(text)):
        return None
    last = _balanced(page, number + 1)
    return Tail(cleaned(page.text, line.start, page.lines[last].end), True, last)


def _dashed(page: Page, number: int) -> bool:
    """Whether the line is a further item of a list whose items begin with a dash."""
    if number >= len(page.lines) or page.lines[number].first:
        return False
    return page.text[page.lines[number].start] in DASHES


def _parenthesis_below(page: Page, number: int) -> Tail | None:
    """A citation in parentheses on the next line of the same block."""
    if page.lines[number].last:
        return None
    below = page.lines[number + 1]
    return _parenthesis(page, number + 1, below.start) if page.text[below.start] == "(" else None


def _balanced(page: Page, number: int) -> int:
    """The line that closes the parentheses which the line `number` leaves open, in the same block."""
    text, last = page.text, number
    while text.count("(", page.lines[number].start, page.lines[last].end) > text.count(
        ")", page.lines[number].start, page.lines[last].end
    ):
        if page.lines[last].last or last - number > 3:
            return number
        last += 1
    return last


def _parenthesis(page: Page, number: int, at: int) -> Tail | None:
    """The citation in the parentheses that open at `at`; they may close some lines below."""
    text, depth, last = page.text, 0, number
    limit = min(len(text), at + LONGEST)
    for close in range(at, limit):
        depth += (text[close] == "(") - (text[close] == ")")
        if depth == 0 or (text[close] == "\n" and text[close : close + 2] == "\n\n"):
            break
    else:
        close = limit
    if depth:  # never closed: to the end of the line
        close = min(page.lines[number].end, limit)
    if not cites(text[at + 1 : close], strong=False):
        return None
    while page.lines[last].end < close:
        last += 1
    end = page.lines[last].end
    ends = end - close <= NEAR_BY and not text[close + 1 : end].strip(_STOPS_AND_MARKS)
    return Tail(uncommented(text, at + 1, close), ends, last)


def _half_parenthesis(page: Page, number: int, at: int) -> Tail | None:
    """The citation that begins at `at` and ends with a closing parenthesis which nothing opens."""
    text, line, depth = page.text, page.lines[number], 0
    closed = text.find(")", at, min(line.end, at + LONGEST)) >= 0
    head = text[max(line.start, at - LONGEST) : at] if closed else ""
    if not closed or head.count("(") > head.count(")"):
        return None
    for close in range(at, min(line.end, at + LONGEST)):
        depth += (text[close] == "(") - (text[close] == ")")
        if depth < 0:
            break
    if depth >= 0 or not (surely_cites(text[at:close]) and is_bare(text[at:close])):
        return None
    ends = not text[close + 1 : line.end].strip(_STOPS_AND_MARKS)
    return Tail(trim(text, at, close), ends, number)


def _behind(page: Page, offset: int, end: int) -> int:
    """Where the text goes on behind a mark: further marks, stops, notes and a translation passed over."""
    text, original = page.text, page.document.text
    for _ in range(NEAR_BY):
        if offset >= end:
            return end
        char = text[offset]
        mark = NOTE_MARK.match(original, offset, end)
        if mark:
            offset = mark.end()
        elif char in DOUBLE or char in ".,;’" or char.isspace():
            offset += 1
        elif char in "?!" and text[offset + 1 : offset + 3] == " (":
            offset += 2  # the essay asks
        elif char == "[" and text[offset + 1 : offset + 2] in MARKS:
            close = text.find("]", offset, min(end, offset + LONGEST))
            if close < 0:
                return offset
            offset = close + 1
        else:
            return offset
    return offset

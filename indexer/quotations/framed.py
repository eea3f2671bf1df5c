"""Quotations that marks frame: in a line, over several lines, and with a mark missing."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.models import Span

from .attribution import Tail, signature, tail
from .citing import DASHES, LONGEST, cites, cleaned, is_title, is_work, surely_cites
from .finds import Find
from .lexicon import lexicon
from .lines import Line, Page, words
from .marks import MARKS, Pair
from .noting import Notes, note_behind

REACH = 60  # lines over which an opened quotation may run before it counts as never closed
LEAST = 6  # words of a quotation that lacks a mark
_SAMPLE = 200  # characters that surely hold so many words
_MARGIN = 12  # characters before a mark that may be spaces and other marks
_FRAME = "".join(MARKS) + " "
_DASHED = re.compile(rf"[.!?…]\s+[{re.escape(DASHES)}]")
_CLOSERS = 8  # closing marks of a line that are tried for its end
SAYING = 6  # words of the essay that interrupt a quotation to say whose it is
_ANNOUNCING = 8  # words before a colon among which a verb of saying announces a quotation


@dataclass(frozen=True, slots=True)
class Step:
    """What a step of the search found, and the line and the offset at which it goes on."""

    finds: list[Find]
    number: int
    floor: int


def framed(page: Page, known: Notes, taken: frozenset[int]) -> list[Find]:
    """All stretches in marks outside the lines that are taken, in order; citations in them included."""
    finds: list[Find] = []
    number = floor = 0
    barren = -1  # up to this line, a quotation opened before is known to stay open
    while number < len(page.lines):
        line = page.lines[number]
        if line.silent or number in taken:
            number += 1
            continue
        step = _whole(page, known, number, floor) or _open(page, known, number, floor)
        if step is None and line.marks.unclosed:
            step, reached = _chain(page, known, number, floor, barren)
            barren = max(barren, reached)
            step = step or _wrapped(page, known, number, floor)
        if step is None:
            paired = _paired(page, known, number, floor)
            step = Step(paired, max([number, *(find.last for find in paired)]) + 1, 0)
        finds += step.finds
        number, floor = step.number, step.floor
    return finds


def announced(page: Page, number: int, offset: int | None = None, marked: bool = True) -> bool:
    """Whether a verb of saying and a colon stand right before the line, or before `offset` in it."""
    if offset is None or _begins(page, number, offset):
        if not number or page.lines[number - 1].silent:
            return False
        start, end = page.lines[number - 1].start, page.lines[number - 1].end
    else:
        start, end = page.lines[number].start, offset
    head = page.text[max(start, end - 200) : end].rstrip(" —–-“\"„«‘'")
    return head.endswith(":") and says(words(head)[-2 * _ANNOUNCING :], marked)


def _begins(page: Page, number: int, offset: int) -> bool:
    """Whether nothing but marks and spaces stands in the line before the offset."""
    start = page.lines[number].start
    return offset - start <= _MARGIN and not page.text[start:offset].strip(_FRAME)


def says(found: list[str], marked: bool = True) -> bool:
    """Whether one of the words is a verb of saying; one that may be a noun needs somebody before it.

    What points ahead ("the following") is enough where marks stand.
    """
    known = lexicon()
    for at, word in enumerate(found):
        lower = word.lower()
        if lower in known.reporting or (marked and lower in known.pointing):
            return True
        before = found[at - 1] if at else ""
        noun = marked and at > 1 and found[at - 2].lower() in known.articles  # "the mayor calls"
        if lower in known.ambiguous and (noun or before[:1].isupper() or before.lower() in known.persons):
            return True
    return False


def _whole(page: Page, known: Notes, number: int, floor: int) -> Step | None:
    """A line that is a quotation although its marks do not match: the last mark closes all."""
    line = page.lines[number]
    marks = line.marks
    if floor > line.start or not (marks.unclosed or marks.orphans):
        return None
    begins = line.opens() == line.start and page.text[line.start] in MARKS
    if not begins and not marks.orphans:
        return None
    inner = {pair.close for pair in marks.pairs[-_CLOSERS:]} if begins else set()
    orphans = {close for close in marks.orphans[-_CLOSERS:] if not _of_title(page, line, close)}
    closers = sorted(inner | orphans)[-_CLOSERS:]
    best: tuple[int, Tail] | None = None
    for close in closers:
        end = tail(page, known, number, close + 1, True)
        if end.ends and (end.cite or close == closers[-1]):
            best = (close, end)
            break
    if best is None or (begins and not best[1].cite and (marks.unclosed or not announced(page, number))):
        return None
    if begins:
        return _found(page, line.start + 1, best[0], number, best[1])
    return _never_opened(page, number, best[0], best[1])


def _of_title(page: Page, line: Line, mark: int) -> bool:
    """Whether a mark stands in parentheses that cite: it is a title's there, and closes no quotation."""
    left = page.text.rfind("(", max(line.start, mark - LONGEST), mark)
    right = page.text.find(")", mark, min(line.end, mark + LONGEST))
    if left < 0 or right < 0 or page.text.rfind(")", left, mark) >= 0:
        return False
    return cites(page.text[left + 1 : right], strong=False)


def _never_opened(page: Page, number: int, close: int, end: Tail) -> Step | None:
    """A quotation whose opening mark is missing: from the colon before it, or from its block's beginning."""
    line = page.lines[number]
    colon = page.text.rfind(": ", line.start, close)
    if close not in page.lines[number].marks.orphans:
        return None
    if colon > 0 and line.speaker is None and announced(page, number, colon + 1):
        return _found(page, colon + 2, close, number, end)
    first = number
    while not page.lines[first].first and number - first < REACH and not _breaks(page, first - 1):
        first -= 1
    lead = announced(page, first)
    if not (end.cite or lead) or not _enough(page.text, page.lines[first].start, close):
        return None
    return _found(page, page.lines[first].start, close, first, end, number)


def _breaks(page: Page, number: int) -> bool:
    """Whether the line cannot belong to the quotation that follows it: a lead-in, or another's end."""
    line = page.lines[number]
    lead = page.text[line.end - 1] == ":" and not (
        number + 1 < len(page.lines) and page.lines[number + 1].speaker
    )
    return line.silent or lead or bool(line.marks.pairs and line.marks.pairs[0].open == line.start)


def _open(page: Page, known: Notes, number: int, floor: int) -> Step | None:
    """An opened quotation that a mark before a citation in parentheses closes, whatever else is open."""
    line = page.lines[number]
    start = _unclosed(line, floor)
    if start < 0:
        return None
    noted = _noted(page, known, number, start)
    if noted:
        earlier = _paired(page, known, number, floor, start)
        return _with(earlier, noted)
    for close in [pair.close for pair in _following(line, start)]:
        end = tail(page, known, number, close + 1, start == line.start)
        if end.cite is None or "(" not in page.text[close : end.cite.start]:
            continue
        earlier = _paired(page, known, number, floor, start)
        found = _found(page, start + 1, close, number, end)
        inline = replace(found.finds[0], fills=found.finds[0].fills and start == line.start)
        return Step([*earlier, inline], found.number, found.floor)
    return _cited(page, known, number, start, floor)


def _cited(page: Page, known: Notes, number: int, start: int, floor: int) -> Step | None:
    """A quotation inside a paragraph, never closed, that ends where its citation in parentheses begins."""
    line = page.lines[number]
    left = page.text.find("(", start, min(line.end, start + LONGEST))
    marks = any(pair.open > start for pair in line.marks.pairs) or line.marks.last() > start
    if left < 0 or start == line.start or marks or not line.last or not _enough(page.text, start, left):
        return None
    end = tail(page, known, number, left, False)
    if not end.cite or not end.cite.start > left:
        return None
    return _with(_paired(page, known, number, floor, start), _found(page, start + 1, left, number, end))


def _wrapped(page: Page, known: Notes, number: int, floor: int) -> Step | None:
    """A quotation inside a paragraph over a line break: the next mark of the paragraph closes it."""
    start = _unclosed(page.lines[number], floor)
    if start < 0 or start == page.lines[number].start:
        return None
    following = number
    while not page.lines[following].last and following - number < REACH:
        following += 1
        line = page.lines[following]
        if line.marks.orphans and line.marks.orphans[0] <= min(
            map(_opening, line.marks.pairs), default=line.end
        ):
            close = line.marks.orphans[0]
            end = tail(page, known, following, close + 1, False)
            found = _found(page, start + 1, close, number, end, following)
            return _with(_paired(page, known, number, floor, start), found)
        if line.marks.pairs or line.marks.unclosed:
            break
    return None


def _noted(page: Page, known: Notes, number: int, start: int) -> Step | None:
    """A quotation that ends, its closing mark forgotten, where the mark of its note stands."""
    line = page.lines[number]
    behind = line.end + _MARGIN  # the mark of a note is blanked, and no part of its line
    end = min([pair.open for pair in _following(line, start)[:1]], default=behind)
    at = bisect_left(known.marks, start)
    if at >= len(known.marks) or known.marks[at] >= end or start == line.start:
        return None
    stop = min(known.marks[at], line.end)
    if not _enough(page.text, start, stop):
        return None
    return _found(page, start + 1, stop, number, tail(page, known, number, stop, False))


def _chain(page: Page, known: Notes, number: int, floor: int, barren: int) -> tuple[Step | None, int]:
    """A quotation over several lines, each of which may begin with an opening mark of its own.

    Beside it the line up to which nothing closes it, -1 if something does. Up to the line `barren`
    it is not looked for: that keeps the time in proportion to the length.
    """
    line = page.lines[number]
    start = _unclosed(line, floor)
    if start < 0 or not (start == line.start or _led_to(page, line, start)):
        return None, -1
    earlier = _paired(page, known, number, floor, start)
    cited = _cited_behind(page, known, number, start + 1)
    if cited:
        return _with(earlier, _found(page, start + 1, cited[0], number, cited[1])), -1
    following = number
    ahead = range(number + 1, min(number + 1 + REACH, len(page.lines))) if number > barren else range(0)
    for following in ahead:
        if page.lines[following].silent or page.lines[following].kind == "heading":
            break
        signed = _signed(page, following)
        if signed:
            after = Tail(signed, True, following)
            return _with(earlier, _found(page, start + 1, page.lines[following - 1].end, number, after)), -1
        found = _closes(page, known, following) or _cited_behind(page, known, following)
        if found:
            return _with(earlier, _found(page, start + 1, found[0], number, found[1], following)), -1
        if _leads_elsewhere(page, following):
            break
    return _never_closed(page, known, number, start, earlier), following


def _cited_behind(page: Page, known: Notes, number: int, start: int = -1) -> tuple[int, Tail] | None:
    """Where words end whose closing mark is missing, and what follows: at the mark of a note, a dash and a
    citation, or a citation in parentheses with which their line ends; or the next line of their paragraph
    is such parentheses."""
    line = page.lines[number]
    start = max(start, line.start)
    if line.marks.orphans:
        return None
    note = note_behind(page, known, line.end)
    if note:
        return line.end, Tail(note, True, number)
    left = max(_last_parenthesis(page.text, start, line.end), _last_dash(page.text, start, line.end))
    end = tail(page, known, number, left, page.text[left] in DASHES) if left >= 0 else None
    if end is None and not line.last:
        below = page.lines[number + 1].start
        left, end = line.end, tail(page, known, number + 1, below, False) if page.text[below] == "(" else None
    if not (end and end.cite and end.ends and _enough(page.text, start, left)):
        return None
    cite, stopped = page.text[end.cite.start : end.cite.end], page.text[start:left].rstrip()[-1:] in ".!?…"
    bare = page.text[left] not in DASHES and (stopped or left == line.end)
    return (left, end) if surely_cites(cite) or (bare and is_title(cite)) else None


def _last_dash(text: str, start: int, end: int) -> int:
    """Where the last dash behind the end of a sentence stands, or -1."""
    dash = [match.end() - 1 for match in _DASHED.finditer(text, max(start, end - LONGEST), end)]
    return dash[-1] if dash else -1


def _last_parenthesis(text: str, start: int, end: int) -> int:
    """Where the parenthesis opens with which the line ends, a full stop behind it or not; or -1."""
    last = len(text[start:end].rstrip(" .")) + start - 1
    depth = 0
    for at in range(last, max(start, last - LONGEST), -1):
        depth += (text[at] == ")") - (text[at] == "(")
        if depth == 0:
            return at if at < last else -1
    return -1


def _led_to(page: Page, line: Line, start: int) -> bool:
    """Whether a colon stands before a mark inside a line, or the line begins with the first part of the
    quotation, which a few words interrupt: “A,” he said, “B."""
    if page.text[max(line.start, start - _MARGIN) : start].rstrip().endswith(":"):
        return True
    first = next((pair for pair in line.marks.pairs if pair.open == line.start), None)
    between = page.text[first.close + 1 : start] if first and first.close < start else ""
    return between.rstrip().endswith(",") and len(words(between)) <= SAYING and says(words(between))


def _signed(page: Page, number: int) -> Span | None:
    """The citation that the line is, if it ends a quotation whose closing mark is missing."""
    line = page.lines[number]
    dashed = page.text[line.start] in DASHES
    if line.first and not dashed:
        return None
    text = page.text[line.start : line.end].lstrip(DASHES)
    balanced = not (line.marks.orphans or line.marks.unclosed)
    if balanced and is_work(text) and (line.last or surely_cites(text)):
        return cleaned(page.text, line.start, line.end)
    return signature(page, number) if line.marks.last() < 0 else None


def _closes(page: Page, known: Notes, number: int) -> tuple[int, Tail] | None:
    """Where a quotation that was opened in a line before ends in this one, and what follows."""
    line = page.lines[number]
    marks = line.marks
    begins = line.opens() == line.start and page.text[line.start] in MARKS
    last = marks.last()
    if last < 0:
        return None
    end = tail(page, known, number, last + 1, True)
    if marks.orphans:
        first = tail(page, known, number, marks.orphans[0] + 1, True)
        return (marks.orphans[0], first) if not end.ends else (last if begins else marks.orphans[-1], end)
    if begins and marks.pairs and marks.pairs[0].open == line.start:
        close = marks.pairs[0].close
        end = tail(page, known, number, close + 1, True)
        return (close, end) if end.ends else None
    return (last, end) if end.ends and end.cite else None


def _leads_elsewhere(page: Page, number: int) -> bool:
    """Whether the line announces another quotation, so that the one before it was never closed."""
    line = page.lines[number]
    if line.marks.last() >= 0 or line.opens() >= 0 or number + 1 >= len(page.lines):
        return False
    return page.text[line.end - 1] == ":" and page.lines[number + 1].opens() >= 0


def _never_closed(page: Page, known: Notes, number: int, start: int, earlier: list[Find]) -> Step | None:
    """An opened quotation without any end: its line, less a citation in parentheses at the end."""
    line = page.lines[number]
    if line.marks.last() > start or not (announced(page, number, start) or start == line.start):
        return None
    left = page.text.rfind("(", max(start, line.end - 300), line.end)
    if left > start:
        end = tail(page, known, number, left, False)
        if end.cite and end.ends:
            return _with(earlier, _found(page, start + 1, left, number, end))
    end = tail(page, known, number, line.end, True)
    if (end.cite or announced(page, number, start)) and _enough(page.text, start, line.end):
        return _with(earlier, _found(page, start + 1, line.end, number, end))
    return None


def _paired(page: Page, known: Notes, number: int, floor: int, stop: int | None = None) -> list[Find]:
    """The outermost pairs of a line, double or single, that begin at or behind `floor` and before `stop`."""
    line = page.lines[number]
    finds: list[Find] = []
    for at in range(bisect_left(line.outer, floor, key=_opening), len(line.outer)):
        pair = line.outer[at]
        if stop is not None and pair.open >= stop:
            break
        if pair.open < floor:
            continue
        fills = pair.open == line.start
        end = tail(page, known, number, pair.close + 1, fills)
        last = end.line if end.ends else number
        finds.append(Find(pair.open + 1, pair.close, number, last, "inline", end.cite, fills and end.ends))
        floor = end.cite.end if end.cite and pair.close < end.cite.start <= line.end else pair.close + 1
    return finds


def _opening(pair: Pair) -> int:
    return pair.open


def _following(line: Line, start: int) -> Sequence[Pair]:
    """The next pairs of the line that open behind `start`, some at most."""
    at = bisect_right(line.marks.pairs, start, key=_opening)
    return line.marks.pairs[at : at + _CLOSERS]


def _unclosed(line: Line, floor: int) -> int:
    """Offset of the first mark at `floor` or behind it that nothing closes, or -1."""
    at = bisect_left(line.marks.unclosed, floor)
    return line.marks.unclosed[at] if at < len(line.marks.unclosed) else -1


def _enough(text: str, start: int, end: int) -> bool:
    """Whether a stretch has the words that a quotation without a mark must have."""
    return len(words(text[start : min(end, start + _SAMPLE)])) >= LEAST


def _found(page: Page, start: int, end: int, first: int, after: Tail, last: int = -1) -> Step:
    """The step that finds these words; `last` is the line in which they end, if not the first."""
    fills = after.ends and _begins(page, first, start)
    last = max(last, first)
    find = Find(start, end, first, after.line if after.ends else last, "inline", after.cite, fills)
    if after.ends:
        return Step([find], after.line + 1, 0)
    near = after.cite is not None and end <= after.cite.start <= page.lines[last].end
    return Step([find], last, after.cite.end if after.cite and near else end + 1)


def _with(earlier: list[Find], step: Step) -> Step:
    return Step([*earlier, *step.finds], step.number, step.floor)

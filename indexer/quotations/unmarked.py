"""Quotations without marks: exchanges with speakers, block quotations, and what the mark-up quotes."""

import re
from dataclasses import replace
from itertools import pairwise

from indexer.models import Span

from .attribution import Tail, signature, tail
from .citing import LONGEST, is_bare, is_remark, surely_cites, wraps
from .finds import Find
from .framed import LEAST, SAYING, announced, says
from .lexicon import lexicon
from .lines import Line, Page, line_at, words
from .marks import DOUBLE, MARKS
from .noting import Notes

_TURNS_WITHOUT_DOUBT = 4
_UNLABELLED = 3  # paragraphs of a turn that go on after its first
_PARAGRAPHS = 5  # of an unmarked block quotation whose citation stands below
_SENTENCE_ENDS = '.!?…:”"’»)'
_FIELD = 30  # characters before the colon of a line that gives a date or a place of publishing
_BEHIND_MARKS = " .,;–—-"
_NUMBER = re.compile(r"[\[(]?[\d*]{1,3}[\])]?[.:)]?\s")
# "… and that was all. – E.R. Lorne": a dash and a person's name, behind the end of the block's last sentence.
_SIGNED = re.compile(
    r"(?<=[.!?…”’»\"])\s+[–—―-]\s*"
    r"((?:[^\W\d_a-z]\.\s?)*[^\W\d_a-z][\w’'-]+(?: [^\W\d_a-z][\w’'.-]+){0,3})\s*$"
)
# “… and that was all.” – Harbour Gazette. May 4th, 1921.: a dash behind the closing mark, and a citation.
_SIGNED_BEHIND = re.compile(r"(?<=[”»\"])\s*[–—―-]\s*([^\W\d_a-z][^“”\"«»\n]{3,120})$")
_PLACED = re.compile(r"(?:page|pp?\.|seite|s\.|стр\.|с\.) ?\d[\d –-]*:\s", re.IGNORECASE)
_BULLETS = "•*·-–—0123456789"


def exchanges(page: Page, known: Notes) -> list[Find]:
    """Runs of lines that begin with speakers' names, as one find each."""
    finds: list[Find] = []
    number = 0
    while number < len(page.lines):
        last = _run(page, number)
        find = _exchange(page, known, number, last) if last > number else None
        if find:
            finds.append(find)
        number = max(number, last, find.last if find else number) + 1
    return finds


def blocks(page: Page, known: Notes, taken: frozenset[int]) -> list[Find]:
    """Paragraphs without marks that a signature below or a verb of saying above makes quotations."""
    finds: list[Find] = []
    number = 0
    while number < len(page.lines):
        find = _block(page, number, taken) if _plain(page, number, taken) else None
        if find:
            finds.append(find)
        number = (find.last if find else number) + 1
    return finds


def marked_up(page: Page, known: Notes) -> list[Find]:
    """What the mark-up itself calls quotations; one that fills whole lines is a block."""
    finds: list[Find] = []
    for span in sorted(page.document.quoted, key=lambda span: (span.start, -span.end)):
        start, end = span.start, span.end
        while start < end and page.text[start].isspace():
            start += 1
        while end > start and page.text[end - 1].isspace():
            end -= 1
        apart = not finds or start >= finds[-1].end
        others = _is_note(page, start) or wraps(page.text[start:end]) or _placed(page, start, end)
        if start < end and apart and not others:
            finds += _spoken(page, _quoted(page, known, start, end))
    return finds


def _spoken(page: Page, find: Find) -> list[Find]:
    """The find, or the parts of a block of one line that the essay breaks into: “A,” he asked. “B.”"""
    line = page.lines[find.first]
    pairs = [pair for pair in line.outer if find.start - 1 <= pair.open and pair.close <= find.end]
    between = [page.text[one.close + 1 : other.open] for one, other in pairwise(pairs)]
    if not between or pairs[0].open > find.start or pairs[-1].close < find.end - 1:
        return [find]
    if not all(len(words(said)) <= SAYING and says(words(said)) for said in between):
        return [find]
    return [replace(find, start=pair.open + 1, end=pair.close) for pair in pairs]


def _is_note(page: Page, start: int) -> bool:
    """Whether a note with its number begins there: some set their notes as block quotations."""
    line = page.lines[line_at(page.lines, start)]
    return line.kind == "note" and line.start == start and bool(_NUMBER.match(page.text, start))


def _placed(page: Page, start: int, end: int) -> bool:
    """Whether each line says where its words stand, and has them in marks: "Page 4: “...”"."""
    lines = page.lines[line_at(page.lines, start) : line_at(page.lines, end) + 1]
    return all(_PLACED.match(page.text, line.start, line.end) and line.marks.pairs for line in lines)


def _run(page: Page, number: int) -> int:
    """The last of the lines from `number` on in which somebody speaks, or `number` - 1."""
    last = number - 1
    while last + 1 < len(page.lines) and page.lines[last + 1].speaker and not page.lines[last + 1].silent:
        last += 1
    return last


def _exchange(page: Page, known: Notes, first: int, last: int) -> Find | None:
    lines = page.lines
    if lines[first].marks.unclosed and lines[first].opens() == lines[first].start:
        return None  # marks frame it, and say better where it ends
    names = [line.speaker or "" for line in lines[first : last + 1]]
    last, end, after = _run_end(page, known, last)
    certain = after.cite is not None or bool(lines[last].marks.orphans) or announced(page, first)
    if first and page.text[lines[first - 1].end - 1] == ":":
        certain = True
    if not certain and len(names) < _TURNS_WITHOUT_DOUBT and not all(name.isupper() for name in names):
        return None
    closed = after.cite is not None or bool(lines[last].marks.orphans)
    if len(set(names)) == len(names) > 2 and not closed:
        return None  # a list of names or terms and what is said of them
    return Find(lines[first].start, end, first, after.line, "dialogue", after.cite, True, True)


def _run_end(page: Page, known: Notes, last: int) -> tuple[int, int, Tail]:
    """The last line of an exchange, where its words end, and what follows them."""
    for number in range(last, min(last + 1 + _UNLABELLED, len(page.lines))):
        line = page.lines[number]
        if number > last and (line.silent or line.opens() >= 0):
            break
        if line.marks.orphans:
            end = tail(page, known, number, line.marks.orphans[-1] + 1, True)
            if end.ends:
                return number, line.marks.orphans[-1], end
    end_offset, after = _parted(page, known, last)
    return last, end_offset, after


def _parted(page: Page, known: Notes, number: int) -> tuple[int, Tail]:
    """Where the words of an unmarked line end, and the citation at its end or below it."""
    line = page.lines[number]
    remark = max(_remark(page, line), _printed(page, line))
    if remark > line.start:
        return remark, Tail(None, True, number)
    if page.text[line.end - 1] == ")" or page.text[line.end - 2 : line.end] == ").":
        left = _opening(page.text, line)
        after = tail(page, known, number, left, False)
        if left > line.start and after.cite and after.ends:
            return line.start + len(page.text[line.start : left].rstrip(" –—-")), after
    return line.end, tail(page, known, number, line.end, True)


def _remark(page: Page, line: Line) -> int:
    """Offset of an editor's remark in brackets between a quotation in a note and what cites it, or -1.

    Behind one that stands among the quoted words they go on.
    """
    at = page.text.rfind("[", max(line.start, line.end - LONGEST), line.end)
    lead = page.text[at + 1 : at + 30].lower()
    if at <= 0 or not any(lead.startswith(remark) for remark in lexicon().editorial):
        return -1
    rest = page.text[at : line.end].partition("]")[2].lstrip(_BEHIND_MARKS).rstrip("".join(MARKS))
    return at if not words(rest) or surely_cites(rest) else -1


def _printed(page: Page, line: Line) -> int:
    """Offset behind the closing mark that a remark on the print in parentheses follows, or -1."""
    left = _opening(page.text, line)
    words_end = len(page.text[line.start : left].rstrip()) + line.start
    remarked = page.text[line.end - 1] in ").]" and left > line.start and page.text[words_end - 1] in DOUBLE
    return words_end if remarked and is_remark(page.text[left + 1 : line.end].rstrip(").")) else -1


def _opening(text: str, line: Line) -> int:
    """Offset of the parenthesis that closes last in the line, or its beginning."""
    depth = 0
    for at in range(line.end - 1, max(line.start, line.end - 500) - 1, -1):
        depth += (text[at] == ")") - (text[at] == "(")
        if depth == 0 and text[at] == "(":
            return at
    return line.start


def _plain(page: Page, number: int, taken: frozenset[int]) -> bool:
    """Whether the line could be a block quotation without marks."""
    line = page.lines[number]
    if line.silent or line.kind == "heading" or number in taken or line.opens() >= 0 or line.marks.orphans:
        return False
    return page.text[line.start] not in _BULLETS and len(words(page.text[line.start : line.end])) >= LEAST


def _block(page: Page, number: int, taken: frozenset[int]) -> Find | None:
    lines = page.lines
    lead = announced(page, number, marked=False) and page.text[lines[number].end - 1] != ":"
    last = _signed(page, number, taken, lead)
    if last is not None:
        cite = signature(page, last + 1, strong=not lead)
        return Find(lines[number].start, lines[last].end, number, last + 1, "block", cite, True, True)
    if lead and lines[number].first and not _numbered(page, number):
        left = _opening(page.text, lines[number])
        end, after = (
            (lines[number].end, Tail(None, True, number))
            if left == lines[number].start
            else _parted(page, Notes(), number)
        )
        return Find(lines[number].start, end, number, after.line, "block", after.cite, True, True)
    return None


def _signed(page: Page, number: int, taken: frozenset[int], lead: bool) -> int | None:
    """The last line of an unmarked block whose next line is a signature."""
    lines = page.lines
    for last in range(number, min(number + _PARAGRAPHS, len(lines) - 1)):
        if last in taken or not (_plain(page, last, taken) or not lines[last].first):
            return None
        if _signs_off(page, last, lead):
            return last
        if not lead and lines[last].last:
            return None
    return None


def _signs_off(page: Page, number: int, lead: bool) -> bool:
    """Whether the line below the line `number` is the signature of what ends in that line."""
    line, below = page.lines[number], page.lines[number + 1]
    dashed = page.text[below.start] in "–—―~("
    if not below.last or (below.first and not dashed) or not signature(page, number + 1, strong=not lead):
        return False
    field = (
        ":" in page.text[below.start : below.start + _FIELD]
    )  # "Published: 1929", as heads of pages have it
    return dashed or (page.text[line.end - 1] in _SENTENCE_ENDS and not field)


def _numbered(page: Page, number: int) -> bool:
    return page.text[page.lines[number].start : page.lines[number].start + 3].strip()[:1].isdigit()


def _quoted(page: Page, known: Notes, start: int, end: int) -> Find:
    """The find of a quoted span: outer marks, notes' marks and a citation at its end left out."""
    first, last = line_at(page.lines, start), line_at(page.lines, end - 1)
    lines = page.lines
    fills = start <= lines[first].start and end >= lines[last].end
    after = Tail(None, True, last)
    if fills:
        end, last, after = _quoted_end(page, known, start, first, last)
    else:
        after = Tail(tail(page, known, last, end, False).cite, True, last)
    end, signed = _unsigned(page.text, start, end) if fills else (end, None)
    start, end = unframed(page, start, end)
    cite = after.cite or signed
    return Find(start, end, first, max(after.line, last), "block" if fills else "inline", cite, fills, True)


def _unsigned(text: str, start: int, end: int) -> tuple[int, Span | None]:
    """Where a block ends before a dash and a name behind its last sentence, and where the name stands."""
    signed = _SIGNED.search(text, start, end) or _SIGNED_BEHIND.search(text, start, end)
    if not signed or (signed.re is _SIGNED_BEHIND and not is_bare(signed[1])):
        return end, None
    return signed.start(), Span(*signed.span(1))


def unframed(page: Page, start: int, end: int) -> tuple[int, int]:
    """A marked-up span without the marks that open and close it, and what stands behind the closing one.

    The two need not be a pair: the essay may break in between them ("he says"), or forget one inside.
    """
    bare = page.text[start:end].rstrip(_BEHIND_MARKS)
    close = start + len(bare) - 1
    if any(
        pair.open == start and pair.close > close for pair in page.lines[line_at(page.lines, start)].outer
    ):
        return start + 1, end  # it closes behind what was left out at the end
    if len(bare) < 2 or bare[0] not in MARKS or bare[-1] not in MARKS:
        return start, end
    line, last = page.lines[line_at(page.lines, start)], page.lines[line_at(page.lines, close)]
    first = [pair for marks in (line.marks, line.singles) for pair in marks.pairs if pair.open == start]
    final = [pair for marks in (last.marks, last.singles) for pair in marks.pairs if pair.close == close]
    terms = [pair for pair in (*first, *final) if len(words(page.text[pair.open : pair.close])) < LEAST]
    if first and first == final:
        return start + 1, close
    opens = line.opens() == start or bool(first)
    return (start + 1, close) if opens and not terms else (start, end)


def _quoted_end(page: Page, known: Notes, start: int, first: int, last: int) -> tuple[int, int, Tail]:
    if last > first:
        signed = signature(page, last, strong=False)
        if signed:
            return page.lines[last - 1].end, last, Tail(signed, True, last)
    end, after = _parted(page, known, last)
    return end, last, after

"""Where an essay says whose words a quotation is: behind it, below it, above it, or in a note.

Nothing here knows what a citation means; it only tells a citation from the essay's own words.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from indexer.models import Span

from .lexicon import lexicon
from .lines import Page, words
from .marks import DOUBLE, MARKS, SINGLE

DASHES = "–—-―~−‒"
LONGEST = 500  # characters of a citation; a note may be longer
_BELOW_WORDS = 40  # words of a citation on the line below
_REMARK_WORDS = 4  # words of a remark on the print that does not begin with one of its words
_NAME_WORDS = 8  # words of a line that names a writer, and to whom he wrote
_BARE_WORDS = 30  # words of one that stands behind the mark without dash or parentheses
_NEAR = 6  # characters between a quotation's end and its note's mark
_PARAGRAPHS = 3  # paragraphs beyond its own in which a quotation's note may stand
_PROSE = ("para", "quote", "verse", "speech", "item")
_MARKS_AHEAD = 8  # marks of notes behind a quotation that are tried for its source
_BEHIND = 12  # marks, stops and spaces between a quotation and its citation
_CLAUSE = 160  # characters between a quotation and the citation at the end of its sentence
_CLAUSE_WORDS = 14
_BREAK = re.compile(r"[.!?;:“”\"„«»]")
_SENTENCE_END = (".", ",", ";", ":", "")
_STOPS_AND_MARKS = " .,;" + "".join(DOUBLE)
_STRONG = re.compile(
    r"\b(?:ibid|ibidem|idem|op\. ?cit|loc\. ?cit|pp?\. ?\d|vol\. ?[\divxlc]|(?:1[5-9]|20)\d\d\b|https?:"
    r"|quoted (?:in|by|from)|reprinted in|cited in)", re.IGNORECASE
)  # fmt: skip
_PLACE = re.compile(
    r"\b(?:ibid|ibidem|op\. ?cit|loc\. ?cit|pp?\. ?\d|vol\. ?[\divxlc]"
    r"|(?:rule|art\.|article|clause) ?\d)|§ ?\d",
    re.IGNORECASE,
)
_PLACED = re.compile(_PLACE.pattern + r"|\b(?:idem|ch\. ?[\divxlc])", re.IGNORECASE)
_WORK = re.compile(
    r"(?:[^\W\d_][\w.’'-]*\s){0,3}[^\W\d_][\w.’'-]*(?:, ?[^\W\d_a-z]|, [“\"‘«„]|\s\([^\W_].*\)$)"
)
_LABEL = re.compile(
    r"[\[(]?(?:\d{1,3}\*?|[a-zA-Z*†‡§]{1,3}|[ivxlcIVXLC]{1,6})[\])]?[.:)]?\s+|[*†‡§]+\s*|[¹²³⁴⁵⁶⁷⁸⁹⁰]+\s*"
)
_NOTE_MARK = re.compile(r"[¹²³⁴⁵⁶⁷⁸⁹⁰]+|\[\d{1,3}\]|\[[*†‡]+\]")


@dataclass(frozen=True, slots=True)
class Tail:
    """What stands behind a closing mark: a citation or none, and whether the essay goes on after it.

    `line` is the last line that the tail takes.
    """

    cite: Span | None
    ends: bool
    line: int


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of a page: spans of their texts by label, and by where their blocks begin."""

    labels: Mapping[str, Span] = field(default_factory=dict)
    anchors: Mapping[int, Span] = field(default_factory=dict)  # a mark's offset -> its note's text
    marks: Sequence[int] = ()  # the offsets of these marks in order


def notes(page: Page) -> Notes:
    """All notes to which a mark leads; marks that lead nowhere are left out."""
    blocks = {block.span.start: block.span for block in page.document.blocks}
    labels: dict[str, Span] = {}
    anchors: dict[int, Span] = {}
    original = page.document.text
    for start, span in blocks.items():
        mark = _NOTE_MARK.match(original, start, span.end)
        text = _trim(original, mark.end(), span.end) if mark else None
        if mark and text:
            labels.setdefault(mark[0], text)
    for anchor in page.document.anchors:
        if anchor.kind == "note" and anchor.target in blocks and anchor.span.start < anchor.target:
            span = blocks[anchor.target]
            label = _LABEL.match(original, span.start, span.end)
            text = _trim(original, label.end() if label else span.start, span.end)
            if text:
                anchors[anchor.span.start] = text
    return Notes(labels, anchors, sorted(anchors))


def tail(page: Page, known: Notes, number: int, offset: int, block: bool) -> Tail:
    """What follows a closing mark that ends at `offset` in the line `number`.

    `block` says that the quotation fills its line from the beginning: then a name behind it, or on
    the line below, is its citation; else only parentheses and notes are.
    """
    line = page.lines[number]
    at = _behind(page, offset, line.end)
    note = _note_behind(page, known, offset)
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
    if block and line.end - at <= LONGEST and _is_bare(page.text[at : line.end]):
        return Tail(_cleaned(page.text, at, line.end), True, number)
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
    if left < 0 or not _cites(head[left + 1 : -1], strong=True):
        return None
    return _trim(page.text, start + left + 1, start + len(head) - 1)


def ending(page: Page, number: int, offset: int) -> Span | None:
    """The citation in parentheses that ends the sentence which the quotation at `offset` is part of.

    Only a few words of the essay may stand between, and no other quotation: ", he said (p. 4)."
    """
    line = page.lines[number]
    left = page.text.find("(", offset, min(line.end, offset + _CLAUSE))
    between = page.text[offset:left].lstrip(_STOPS_AND_MARKS) if left > 0 else ""
    if not between or _BREAK.search(between) or len(words(between)) > _CLAUSE_WORDS:
        return None
    found = _parenthesis(page, number, left)
    cited = page.text[found.cite.start : found.cite.end] if found and found.cite else ""
    if not found or not found.cite or not (_PLACED.search(cited) or _refers(cited)):
        return None
    return (
        found.cite
        if page.text[found.cite.end : found.cite.end + 2].lstrip(")")[:1] in _SENTENCE_END
        else None
    )


def _refers(text: str) -> bool:
    """Whether a citation begins with a word that belongs to citations only: "ebd., S. 12"."""
    return any(text.lower().startswith(word) for word in lexicon().citing)


def shared(page: Page, known: Notes, offset: int) -> Span | None:
    """The note to which the next citing mark behind `offset` leads, in the same block or one of the next.

    Where several quotations come from one place, the mark stands behind the last of them. A heading
    ends what a note can speak for.
    """
    near, far = _governed(page, offset)
    first = bisect_left(known.marks, offset)
    for at in known.marks[first : first + _MARKS_AHEAD]:
        if at >= far:
            return None
        note = known.anchors[at]
        text = page.document.text[note.start : min(note.end, note.start + LONGEST)]
        if not _STRONG.search(text) or not _is_source(text) or _compares(text):
            continue
        explains = at >= near and _is_sentence(text.partition(". ")[0])
        return None if explains else note
    return None


def _compares(note: str) -> bool:
    """Whether a note only sends the reader to something like what was quoted."""
    return (words(note[:_BEHIND]) or [""])[0].lower() in lexicon().comparing


def _governed(page: Page, offset: int) -> tuple[int, int]:
    """The ends of the paragraph and of the text whose notes may speak for a quotation at `offset`."""
    blocks = page.document.blocks
    block = bisect_right(blocks, offset, key=lambda block: block.span.start) - 1
    if block < 0:
        return offset, offset
    last = block
    while last + 1 < len(blocks) and last - block < _PARAGRAPHS and blocks[last + 1].kind in _PROSE:
        last += 1
    return blocks[block].span.end, blocks[last].span.end


def above(page: Page, number: int) -> Span | None:
    """The line above, if it is a citation and no sentence: "N. N., A Title, p. 10:"."""
    if not number:
        return None
    line = page.lines[number - 1]
    text = page.text[line.start : line.end]
    if line.silent or not text.endswith(":") or len(text) > LONGEST:
        return None
    bare = text.rstrip(": ")
    if not _PLACE.search(bare) or "," not in bare or _is_sentence(bare):
        return None
    if any(word.lower() in lexicon().reporting for word in words(bare)):
        return None
    return _cleaned(page.text, line.start, line.start + len(bare))


def signature(page: Page, number: int, strong: bool = True) -> Span | None:
    """The line's citation if the line is nothing else: a dash and a name, or a title and a page.

    Without `strong`, parentheses and bare names will do.
    """
    if number >= len(page.lines):
        return None
    end = page.lines[number].end
    text = page.text[page.lines[number].start : end]
    if len(text) > LONGEST or page.lines[number].silent or len(words(text)) > _BELOW_WORDS:
        return None
    if text[0] in DASHES:
        return _cleaned(page.text, page.lines[number].start, end) if _signs(text) else None
    if _STRONG.search(text) and text[0] != "(" and _is_bare(text):
        return _cleaned(page.text, page.lines[number].start, end)
    if not strong and (wraps(text) or _is_bare(text)):
        return _cleaned(page.text, page.lines[number].start, end)
    return None


def is_citation(text: str) -> bool:
    """Whether the words of a pair of parentheses cite something."""
    return _cites(text, strong=False)


def _signs(text: str) -> bool:
    """Whether a line that begins with a dash names somebody."""
    rest = text.lstrip(DASHES + " ")
    return (
        bool(rest)
        and (
            rest[0].isupper()
            or rest[0] in '“"”‘([«„'
            or bool(_STRONG.search(rest))
            or (words(rest)[:1] != [] and words(rest)[0].lower() in lexicon().citing)
        )
        and not rest.endswith(":")
    )


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
        if not _signs(text) or len(words(text)) > _BELOW_WORDS or _dashed(page, number + 2):
            return None
    elif not (_is_bare(text) or _is_name(text) if near else _is_work(text)):
        return None
    last = _balanced(page, number + 1)
    return Tail(_cleaned(page.text, line.start, page.lines[last].end), True, last)


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
    if not _cites(text[at + 1 : close], strong=False):
        return None
    while page.lines[last].end < close:
        last += 1
    end = page.lines[last].end
    ends = end - close <= _BEHIND and not text[close + 1 : end].strip(_STOPS_AND_MARKS)
    return Tail(_uncommented(text, at + 1, close), ends, last)


def _cites(text: str, strong: bool) -> bool:
    first = (words(text) or [""])[0]
    known = lexicon()
    lead = text.strip().lower()
    if not first or _is_remark(text):
        return False
    if _STRONG.search(text) or _PLACE.match(text):
        return not _is_sentence(text) or len(words(text)) <= _BELOW_WORDS
    if strong:
        return any(lead.startswith(word) for word in known.citing) or ("," in text and first[0].isupper())
    if first[0].isupper() or first[0].isdigit():
        return not (_is_sentence(text) and text.rstrip().endswith((".", "!", "?")))
    return any(lead.startswith(word) for word in known.citing)


def _is_bare(text: str) -> bool:
    """Whether a line without dash or parentheses is a citation: names and titles, no sentence."""
    text = _unremarked(text.strip())
    if text[:1] in DASHES and text[:1]:
        return _signs(text)
    found = words(text)
    if (
        not found
        or len(found) > _BARE_WORDS
        or text[-1] in ":!"
        or text[0] in "•*(["
        or text[0] in MARKS - SINGLE
    ):
        return False
    capital = [word for word in found if word[0].isupper()]
    if _STRONG.search(text) and not _is_sentence(text):
        return found[0][0].isupper() or found[0].lower() in lexicon().citing or bool(_PLACE.match(text))
    if _is_sentence(text) or not capital or (text.endswith((".", "?")) and "," not in text):
        return False
    citing = found[0].lower() in lexicon().citing
    return (found[0][0].isupper() or citing) and (len(capital) * 2 >= len(found) or "," in text or citing)


def _is_name(text: str) -> bool:
    """Whether a short line begins with a name and is no sentence: "Pell to his brother"."""
    found = words(_unremarked(text))
    if not 1 <= len(found) <= _NAME_WORDS or text.endswith((":", "!", "?")):
        return False
    return text[0].isupper() and not _is_sentence(text.partition("(")[0])


def _is_work(text: str) -> bool:
    """Whether a paragraph is an author and a title, or a place in one, and nothing else."""
    if not _is_bare(text) or len(text) > LONGEST:
        return False
    return bool(_PLACE.search(text)) or (bool(_WORK.match(text)) and not text.endswith((".", "?", "!")))


def _is_sentence(text: str) -> bool:
    """Whether a verb in lower case makes the words a sentence; what stands in marks is a title."""
    plain = re.sub(r"[“\"„‘«][^”\"“’»]{0,200}[”\"“’»]", " ", text)
    return any(word in lexicon().finite for word in words(plain))


def wraps(text: str) -> bool:
    """Whether the words are a citation in parentheses and nothing else."""
    return text.startswith("(") and text.rstrip(". ").endswith(")") and _cites(text[1:-1], strong=False)


def _behind(page: Page, offset: int, end: int) -> int:
    """Where the text goes on behind a mark: further marks, stops, notes and a translation passed over."""
    text, original = page.text, page.document.text
    for _ in range(_BEHIND):
        if offset >= end:
            return end
        char = text[offset]
        mark = _NOTE_MARK.match(original, offset, end)
        if mark:
            offset = mark.end()
        elif char in DOUBLE or char in ".,;’" or char.isspace():
            offset += 1
        elif char == "[" and text[offset + 1 : offset + 2] in MARKS:
            close = text.find("]", offset, min(end, offset + LONGEST))
            if close < 0:
                return offset
            offset = close + 1
        else:
            return offset
    return offset


def _note_behind(page: Page, known: Notes, offset: int) -> Span | None:
    """The text of the note whose mark stands right at the quotation's end, outside or inside its mark."""
    original = page.document.text
    for at in range(max(0, offset - _NEAR), min(len(original), offset + _NEAR)):
        note = known.anchors.get(at)
        if note is None and at >= offset - 2:
            mark = _NOTE_MARK.match(original, at)
            note = known.labels.get(mark[0]) if mark else None
        if note and not original[offset:at].strip(" .,;:’”\"'“"):
            return note if _is_source(original[note.start : min(note.end, note.start + LONGEST)]) else None
    return None


def _is_source(note: str) -> bool:
    """Whether a note names a source rather than explains something."""
    return bool(_PLACE.search(note)) or (not _is_sentence(note) and is_citation(note))


def _cleaned(text: str, start: int, end: int) -> Span | None:
    """The citation without leading dash, outer parentheses and remarks about the print."""
    while start < end and (text[start] in DASHES or text[start].isspace()):
        start += 1
    span = _uncommented(text, start, end)
    if span is None:
        return None
    inside = text[span.start : span.end]
    bare = inside.rstrip(". ")
    if inside.startswith("(") and bare.endswith(")") and _one_pair(bare):
        return _trim(text, span.start + 1, span.start + len(bare) - 1)
    return span


def _one_pair(text: str) -> bool:
    """Whether the first parenthesis closes with the last."""
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return at == len(text) - 1
    return False


def _uncommented(text: str, start: int, end: int) -> Span | None:
    """The citation without a remark in parentheses at its end ("emphasis added")."""
    return _trim(text, start, start + len(_unremarked(text[start:end])))


def _unremarked(text: str) -> str:
    at = text.rfind("(")
    return text[:at].rstrip() if at > 0 and _is_remark(text[at + 1 :]) else text


def _is_remark(text: str) -> bool:
    """Whether the words are about how others are printed: "emphasis added", "now in italics"."""
    lead, found = text.strip().lower(), [word.lower() for word in words(text)]
    known = lexicon().editorial
    return any(lead.startswith(remark) for remark in known) or (
        len(found) <= _REMARK_WORDS and any(word in known for word in found)
    )


def _trim(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None

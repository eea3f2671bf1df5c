"""The quotations of an essay: which words are another's, and where it says whose.

Found in this order, the surer first: what the mark-up quotes, exchanges with speakers, what
quotation marks frame, and block quotations without marks.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from indexer.models import Document, Quotation, Span
from indexer.normalise import cut
from indexer.spans import beginning_in

from .attribution import above, before, ending
from .finds import Find
from .framed import SAYING, framed
from .judge import is_quotation, translates
from .lines import Page, page, words
from .marks import MARKS
from .noting import Notes, notes, shared
from .unmarked import blocks, exchanges, marked_up, unframed

_SENTENCE = 200  # characters between two quotations of one sentence at most
_STOP = re.compile(r"[.!?;](?:[”’\"']|\s|$)")
_LAST_MARK = re.compile(r"(?<=[^\w\s])\s*\[\d{1,3}\]$")
_AFTER_MARK = (*" .,;:!?)\n", "")
_MARK = 8  # characters of the mark of a note
_FRAME = "".join(MARKS) + " "
_HEADLINE = 3  # words in capitals with which a quoted paragraph begins a text of its own


def quotations(document: Document) -> list[Quotation]:
    """The document's quotations in text order: exact span, form, parts, and where the attribution stands.

    Spans are counted in characters of `document.text`, leave outer marks out and never overlap.
    """
    sheet = page(document)
    known = notes(sheet)
    found = [_named(sheet, known, find) for find in _lent(sheet, _joined(sheet, _chosen(sheet, known)))]
    return [
        _quotation(document, find, f"{document.work.id}-{number:03}")
        for number, find in enumerate(found, start=1)
    ]


def unnoted(document: Document, span: Span) -> str:
    """The text of a span without the marks of the essay's notes, which are none of the quoted words."""
    pieces, at = [], span.start
    for anchor in beginning_in(document.anchors, span):
        mark = anchor.span
        if anchor.kind == "note" and at <= mark.start < mark.end <= span.end:
            before = document.text[at : mark.start]
            spaced = document.text[mark.end : mark.end + 1] in _AFTER_MARK
            pieces.append(before.rstrip(" ") if spaced else before)
            at = mark.end
    return "".join(pieces) + document.text[at : span.end]


def _chosen(sheet: Page, known: Notes) -> list[Find]:
    """The finds that are quotations, in text order, none inside another."""
    given = marked_up(sheet, known)
    taken = _lines_of([find for find in given if find.fills])
    marked = framed(sheet, known, taken)
    spoken = [
        find
        for find in exchanges(sheet, known)
        if not taken & _lines_of([find]) and not _framed(sheet, find, marked)
    ]
    taken |= _lines_of(spoken)
    marked = [find for find in _judged(sheet, marked) if find.first not in taken]
    taken |= _lines_of(marked)
    plain = [find for find in blocks(sheet, known, taken) if not taken & _lines_of([find])]
    kept: list[Find] = []
    for find in sorted([*given, *spoken, *marked, *plain], key=_rank):
        trimmed = _trimmed(sheet, find)
        if trimmed and (not kept or trimmed.start >= kept[-1].end):
            kept.append(trimmed)
    return kept


def _framed(sheet: Page, exchange: Find, marked: Sequence[Find]) -> bool:
    """Whether marks that open before the exchange, or with it, hold more than its first line."""
    line = sheet.lines[exchange.first]
    return any(find.start <= line.start + 1 and find.end > line.end for find in marked)


def _rank(find: Find) -> tuple[int, bool, int]:
    return find.start, not find.sure, -find.end


def _judged(sheet: Page, finds: Sequence[Find]) -> list[Find]:
    kept: list[Find] = []
    earlier: Span | None = None
    for find in finds:
        translation = translates(sheet, find, earlier)
        earlier = Span(find.start, find.end)
        if not translation and (find.sure or is_quotation(sheet, find)):
            kept.append(replace(find, form="block") if find.fills else find)
    return kept


def _lines_of(finds: Sequence[Find]) -> frozenset[int]:
    return frozenset(number for find in finds for number in range(find.first, find.last + 1))


def _trimmed(sheet: Page, find: Find) -> Find | None:
    """The find without white space and notes' marks at its ends; none if no word is left."""
    start, end = find.start, find.end
    while start < end and sheet.text[start].isspace():
        start += 1
    while end > start and sheet.text[end - 1].isspace():
        end -= 1
    mark = _LAST_MARK.search(sheet.text, max(start, end - _MARK), end)
    end = mark.start() if mark else end
    return replace(find, start=start, end=end) if words(sheet.text[start:end]) else None


def _joined(sheet: Page, finds: Sequence[Find]) -> list[Find]:
    """The finds, block quotations that follow each other under one citation made one."""
    joined: list[Find] = []
    for find in finds:
        last = joined[-1] if joined else None
        if last and last.fills and find.fills and last.cite is None and _continues(sheet, last, find):
            start, end = unframed(sheet, last.start, find.end) if find.sure else (last.start, find.end)
            joined[-1] = replace(last, start=start, end=end, last=find.last, cite=find.cite)
        else:
            joined.append(find)
    return joined


def _continues(sheet: Page, last: Find, find: Find) -> bool:
    if find.first != last.last + 1 or "dialogue" in (last.form, find.form):
        return False
    head = words(sheet.text[find.start : find.start + 60])[:_HEADLINE]
    return not (len(head) == _HEADLINE and all(word.isupper() and len(word) > 1 for word in head))


def _lent(sheet: Page, finds: Sequence[Find]) -> list[Find]:
    """The finds; one without a citation has that of the next in its sentence."""
    lent = list(finds)
    for at in range(len(lent) - 2, -1, -1):
        find, after = lent[at], lent[at + 1]
        between = sheet.text[find.end : min(after.start, find.end + _SENTENCE)]
        if find.cite or not after.cite or after.first != find.first or after.cite.start < after.end:
            continue
        near = after.start - find.end < _SENTENCE
        if near and (
            _interrupted(sheet, find, between) or not _STOP.search(sheet.text[find.end - 1] + between)
        ):
            lent[at] = replace(find, cite=after.cite)
    return lent


def _interrupted(sheet: Page, find: Find, between: str) -> bool:
    """Whether a few words that name the speaker stand between two parts: “A,” he went on. “B”."""
    said = between.strip(_FRAME)
    goes_on = sheet.text[find.end - 1] in ",;" and said.endswith((".", ",", ":"))
    return goes_on and len(words(said)) <= SAYING and not _STOP.search(said[:-1]) and "“" not in said


def _named(sheet: Page, known: Notes, find: Find) -> Find:
    """The find with its citation, and as a dialogue if it is one."""
    begins = find.start <= sheet.lines[find.first].start
    cite = find.cite or before(sheet, find.first, find.start if begins else find.start - 1)
    if cite is None:
        cite = above(sheet, find.first) if find.fills else ending(sheet, find.last, find.end)
        cite = cite or shared(sheet, known, find.end, find.fills)
    turns = [line.speaker for line in sheet.lines[find.first : find.last + 1] if line.start < find.end]
    spoken = sum(1 for speaker in turns if speaker)
    if spoken > 1 and find.fills and turns[0]:
        return replace(find, cite=cite, form="dialogue")
    return replace(find, cite=cite)


def _quotation(document: Document, find: Find, name: str) -> Quotation:
    span = Span(find.start, find.end)
    parts = cut(document.text[find.start : find.end], find.start)
    return Quotation(name, document.work.id, span, find.form, parts, find.cite)

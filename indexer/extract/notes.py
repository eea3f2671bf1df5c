"""Ties the marks of notes in the text to the notes.

A link inside the page is a note's mark if it looks like one and leads to a block that looks like a
note; a bracketed or raised number without a link, if a note bears its number. All else stays text, and
what was raised stays so.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate, pairwise

from indexer.extract import endnotes
from indexer.extract.words import pattern
from indexer.extract.writer import Draft, Mark, Sheet
from indexer.models import Anchor, Span

_LABEL = r"(?:\d{1,3}[a-z]?\*?|\*\d{1,3}|[a-z]|[ivxlc]{1,6}|[*†‡§#]{1,4})"
_MARK = re.compile(rf"[\[({{]?\s*(?:(?:foot)?note\s+)?({_LABEL})\s*[\])}}]?[.:]?", re.IGNORECASE)
# A note begins with its own mark, in brackets or before a stop or a space.
_OWN = re.compile(
    rf"[\[({{]\s*({_LABEL})\s*[\])}}]|({_LABEL})(?=[.):\s]|[A-Z“\"])|({endnotes.RAISED})", re.IGNORECASE
)
_BRACKETED = re.compile(rf"\[\s*({_LABEL})\s*\]", re.IGNORECASE)
# Where a raised number may stand that is not the upper half of a fraction.
_BEHIND = re.compile(r"(?<=[\w.,;:!?”\"’»)\]])\d+(?![\w/⁄])")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_PAIRS = {"[": "]", "(": ")", "{": "}"}
# Notes of several paragraphs are rarely longer than this; farther apart, what stands between is text.
_LONGEST_NOTE = 6
_TIED_KINDS = ("para", "item", "quote")


def part(sheet: Sheet) -> None:
    """Makes lines whose numbers answer marks in the text above notes under whatever heading, each a block of
    its own: "Remarks", "References and comments". Where a block is parted the text grows by a line break:
    this comes before anything keeps a place in it."""
    lines = sheet.text.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    raised = (
        (bisect_right(starts, mark.start) - 1, label)
        for mark in sheet.marked("raised") if (label := _label(sheet, mark))
    )  # fmt: skip
    targets = _targets(sheet)
    below = {after.start for draft, after in pairwise(sheet.blocks) if draft.kind == "heading"}
    begun: set[int] = set()
    for notes in endnotes.listed(lines, raised):
        spans = {begin.label: range(starts[begin.line], starts[begin.line + 1]) for begin in notes.begins}
        elsewhere = any(
            label in targets and not any(at in span for at in targets[label]) for label, span in spans.items()
        )
        if not elsewhere and (notes.sure or starts[notes.begins[0].line] in below):
            begun |= {span.start for span in spans.values()}
    sheet.blocks = [part for draft in sheet.blocks for part in _parted(draft, begun)]
    _spread(sheet)


def _spread(sheet: Sheet) -> None:
    """Two line breaks between all blocks; blocks and marks move with what they are of."""
    close = [after.start for draft, after in pairwise(sheet.blocks) if draft.end + 1 == after.start]
    places: list[Draft | Mark] = [*sheet.blocks, *sheet.marks]
    for place in places:
        place.start += bisect_right(close, place.start)
        place.end += bisect_left(close, place.end)
    pieces = [sheet.text[start:end] for start, end in pairwise([0, *close, len(sheet.text)])]
    sheet.text = "\n".join(pieces)


def tie(sheet: Sheet) -> list[Anchor]:
    """The marks of the notes, in text order; blocks that prove to be notes become of that kind."""
    _under_headings(sheet)
    starts = [draft.start for draft in sheet.blocks]
    if not starts:
        return []
    anchors = _linked(sheet, starts)
    _fill(sheet)
    anchors = _corrected(sheet, anchors)
    taken = {anchor.span.start for anchor in anchors}
    anchors += [anchor for anchor in _loose(sheet, starts) if anchor.span.start not in taken]
    _keep_raised(sheet, anchors)
    return sorted(anchors, key=lambda anchor: anchor.span)


def _keep_raised(sheet: Sheet, anchors: list[Anchor]) -> None:
    """Raised numbers behind a word that lead to no note stay raised: “10²” is not “102”, and the mark of a
    note that is lost is no part of its word."""
    tied = {anchor.span.start for anchor in anchors}
    pieces, at = [], 0
    for mark in sorted(sheet.marked("raised"), key=lambda mark: mark.start):
        number = sheet.text[mark.start : mark.end]
        if mark.start < at or mark.start in tied or not number.isdecimal():
            continue
        if _BEHIND.match(sheet.text, mark.start):
            pieces += [sheet.text[at : mark.start], number.translate(_RAISED)]
            at = mark.end
    sheet.text = "".join([*pieces, sheet.text[at:]])


def own_label(text: str) -> str | None:
    """The number or sign that a note begins with."""
    found = _OWN.match(text)
    return endnotes.plain(found.group(1) or found.group(2) or found.group(3)).lower() if found else None


def _under_headings(sheet: Sheet) -> None:
    """Blocks under a heading "Notes" are notes, up to the next heading."""
    headings, inside = pattern("notes", "headings"), False
    for draft in sheet.blocks:
        words = sheet.of(draft).strip(" .:[]—-*")
        if draft.kind == "heading" or len(words) < 30:
            if headings.fullmatch(words):
                inside = True
                continue
            if draft.kind == "heading":
                inside = False
        if inside and draft.kind in _TIED_KINDS:
            draft.kind = "note"


def _targets(sheet: Sheet) -> dict[str, list[int]]:
    """Where the links of marks lead inside the page, by the mark's label: a mark that leads to its note asks
    for no other."""
    named = {mark.value.lower(): mark.start for mark in reversed(sheet.marked("name"))}
    targets: dict[str, list[int]] = {}
    for mark in sheet.marked("reference", "link"):
        label, target = _label(sheet, mark), named.get(mark.value.removeprefix("#").lower())
        if label and target is not None and target > mark.start:
            targets.setdefault(label, []).append(target)
    return targets


def _parted(draft: Draft, begun: set[int]) -> Iterator[Draft]:
    """A block cut where notes begin; what stands before the first of them stays what it is."""
    if draft.kind not in (*_TIED_KINDS, "note"):
        yield draft
        return
    inside = sorted(at for at in begun if draft.start <= at < draft.end)
    edges = [draft.start, *(at for at in inside if at > draft.start), draft.end]
    for start, end in pairwise(edges):
        kind = "note" if start in begun else draft.kind
        yield replace(draft, kind=kind, start=start, end=end if end == draft.end else end - 1)


def _linked(sheet: Sheet, starts: list[int]) -> list[Anchor]:
    """Marks that are links inside the page to a note, or to another page's note, which has no target here."""
    named = {mark.value.lower(): mark.start for mark in reversed(sheet.marked("name"))}
    anchors = []
    for mark in sheet.marked("reference", "link"):
        label = _label(sheet, mark)
        page, _, name = mark.value.rpartition("#")
        target = named.get(name.lower()) if not page else None
        if label is None or not name:
            continue
        span = _span(sheet.text, mark)
        if page and sheet.text[span.start] == "[":
            anchors.append(Anchor("note", span, label))
        elif target is not None and target > mark.start:
            draft = sheet.blocks[bisect_right(starts, target) - 1]
            bracketed = sheet.text[span.start] in _PAIRS
            if draft.start > mark.start and _is_note(sheet, draft, label, bracketed):
                draft.kind = "note"
                anchors.append(Anchor("note", span, label, draft.start))
    return anchors


def _label(sheet: Sheet, mark: Mark) -> str | None:
    found = _MARK.fullmatch(sheet.text[mark.start : mark.end].strip())
    return found.group(1).lower() if found else None


def _is_note(sheet: Sheet, draft: Draft, label: str, bracketed: bool) -> bool:
    """Whether a block is the note of that label: it bears it, or is a note at all and the label a number, or
    a letter in brackets."""
    if draft.kind == "note" and (bracketed or not label.isalpha()):
        return True
    return draft.kind in (*_TIED_KINDS, "note") and own_label(sheet.of(draft)) == label


def _span(text: str, mark: Mark) -> Span:
    """The mark with the brackets that stand around its link."""
    start, end = mark.start, mark.end
    before, after = text[start - 1 : start], text[end : end + 1]
    if before and _PAIRS.get(before) == after:
        return Span(start - 1, end + 1)
    return Span(start, end)


def _fill(sheet: Sheet) -> None:
    """Paragraphs between two notes belong to the first of them."""
    last = None
    for index, draft in enumerate(sheet.blocks):
        if draft.kind == "heading":
            last = None
        elif draft.kind == "note" and own_label(sheet.of(draft)):
            if last is not None and index - last <= _LONGEST_NOTE:
                for between in sheet.blocks[last + 1 : index]:
                    between.kind = "note"
            last = index


def _labelled(sheet: Sheet) -> dict[str, list[int]]:
    """The beginnings of the notes by the label that each begins with."""
    notes: dict[str, list[int]] = {}
    for draft in sheet.blocks:
        if draft.kind == "note" and (label := own_label(sheet.of(draft))):
            notes.setdefault(label, []).append(draft.start)
    return notes


def _corrected(sheet: Sheet, anchors: list[Anchor]) -> list[Anchor]:
    """Anchors whose link leads to a note of another number led to the note of their own, if there is one."""
    notes = _labelled(sheet)
    corrected = []
    for anchor in anchors:
        own = notes.get(anchor.label, [])
        if anchor.target is not None and own and anchor.target not in own:
            later = own[bisect_right(own, anchor.span.start) :]
            anchor = replace(anchor, target=later[0]) if later else anchor
        corrected.append(anchor)
    return corrected


def _loose(sheet: Sheet, starts: list[int]) -> list[Anchor]:
    """Marks without a link: raised, in brackets or as in plain text, with a later note of that label."""
    notes = _labelled(sheet)
    if not notes:
        return []
    marks = [(Span(mark.start, mark.end), _label(sheet, mark)) for mark in sheet.marked("raised")]
    marks += [(Span(*found.span()), found.group(1).lower()) for found in _BRACKETED.finditer(sheet.text)]
    marks += endnotes.marks(sheet.text)
    anchors = {}
    for span, label in marks:
        block = sheet.blocks[bisect_right(starts, span.start) - 1]
        own = notes.get(label or "", [])
        later = bisect_right(own, span.start)
        if label and later < len(own) and span.start != block.start:
            anchors[span] = Anchor("note", span, label, own[later])
    return list(anchors.values())

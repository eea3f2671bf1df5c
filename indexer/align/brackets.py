"""Brackets of a quotation that are the source's own, tied like its other words.

A quoter's brackets hold words of his own, so nothing in them is looked for. But a source has brackets too,
and where their words stand in it at just that place, they are quoted like the rest.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.align.fit import Fit, measured
from indexer.align.query import Query, parts_of, query
from indexer.align.seeds import Seeds
from indexer.models import Part, Quotation, Span
from indexer.normalise import NOTE_MARK, Ints, key, words
from indexer.spans import beginning_in


@dataclass(frozen=True, slots=True)
class _Beside:
    """What stands beside a bracket on one side: the position of its word in the source (-1: tied to none,
    None: there is no word), and whether nothing but a space is between."""

    place: int | None
    joined: bool


def with_own(
    fitted: Fit, wanted: Query, quotation: Quotation, text: str, seeds: Seeds
) -> tuple[Query, Fit]:  # fmt: skip
    """The query and its fit with the words of those brackets that the source has in the same place."""
    parts = parts_of(quotation, text)
    own: list[Part] = []
    for number, part in enumerate(parts):
        shown = text[part.span.start : part.span.end]
        if part.kind != "bracket" or NOTE_MARK.fullmatch(shown):
            continue
        keys = [key(form) for form in words(shown).forms]
        start = _place(keys, *_neighbours(number, parts, fitted.places, wanted), seeds)
        if start is not None:
            own.append(part)
            places = np.arange(start, start + len(keys), dtype=np.int32)
            wider = query(quotation, text, own)
            at = _ended(wanted.spans, part.span.start)
            fitted = measured(np.insert(fitted.places, at, places), wider, seeds)
            wanted = wider
    return wanted, fitted


def _neighbours(number: int, parts: Sequence[Part], places: Ints, wanted: Query) -> tuple[_Beside, _Beside]:
    """What stands before and after a bracket; beyond another mark nothing is joined to it."""
    span = parts[number].span
    before = _ended(wanted.spans, span.start)
    left = int(places[before - 1]) if before else None
    right = int(places[before]) if before < len(places) else None
    low = wanted.spans[before - 1].end if before else span.start
    high = wanted.spans[before].start if before < len(places) else span.end
    return (
        _Beside(left, left is not None and not _marked(parts, Span(low, span.start))),
        _Beside(right, right is not None and not _marked(parts, Span(span.end, high))),
    )


def _ended(spans: Sequence[Span], at: int) -> int:
    """How many words, which lie in order, end at a character or before it."""
    return bisect_right(spans, at, key=lambda span: span.end)


def _marked(parts: Sequence[Part], span: Span) -> bool:
    """Whether a mark of the quoter begins in a stretch."""
    return any(part.kind != "words" for part in beginning_in(parts, span))


def _place(keys: list[str], left: _Beside, right: _Beside, seeds: Seeds) -> int | None:
    """Where a bracket's words stand in the source: next to the words beside them, with nothing over; None
    if they stand there for other words, or for none."""
    tied = [side.joined and side.place is not None and side.place >= 0 for side in (left, right)]
    starts = set()
    if tied[0] and left.place is not None:
        starts.add(left.place + 1)
    if tied[1] and right.place is not None:
        starts.add(right.place - len(keys))
    if not keys or len(starts) != 1:
        return None
    start = starts.pop()
    inside = start >= 0 and start + len(keys) <= len(seeds.words)
    if not inside or seeds.keys(start, start + len(keys)) != keys:
        return None
    works = {seeds.work_at(at) for at in (start, start + len(keys) - 1)}
    beside = [side.place for side, is_tied in ((left, tied[0]), (right, tied[1])) if is_tied]
    return start if works == {seeds.work_at(at) for at in beside if at is not None} else None

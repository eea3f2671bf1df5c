"""The words of a quotation as they are looked for: the quoter's own words left out, gaps kept."""

import re
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.likeness import bits
from indexer.models import Part, Quotation, Span
from indexer.normalise import Ints, cut, key, words

# What may stand before a word: nothing, a bracket or label of the quoter, an ellipsis.
NOTHING, INSERTION, ELLIPSIS = 0, 1, 2
# A note's number that stuck to the word before it.
_STUCK = re.compile(r"([^\W\d_]{2,})\d{1,2}")


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """One entry a word: its key, its bits, its characters in the essay, the mark before it, and the number
    of the segment (a stretch between ellipses) it belongs to."""

    keys: tuple[str, ...]
    bits: NDArray[np.float64]
    spans: tuple[Span, ...]
    marks: tuple[int, ...]
    segments: Ints

    def __len__(self) -> int:
        return len(self.keys)


def parts_of(quotation: Quotation, text: str) -> tuple[Part, ...]:
    """The parts of a quotation of the essay with this text."""
    span = quotation.span
    return quotation.parts or cut(text[span.start : span.end], span.start)


def query(quotation: Quotation, text: str, own: Collection[Part] = ()) -> Query:
    """What to look for in the sources, for a quotation of the essay with this text; `own` are brackets
    whose words are the source's."""
    keys: list[str] = []
    spans: list[Span] = []
    marks: list[int] = []
    mark = NOTHING
    for part in parts_of(quotation, text):
        if part.kind != "words" and part not in own:
            mark = max(mark, ELLIPSIS if part.kind == "ellipsis" else INSERTION)
            continue
        found = words(text[part.span.start : part.span.end])
        for start, end, form in zip(found.starts.tolist(), found.ends.tolist(), found.forms, strict=True):
            stuck = _STUCK.fullmatch(form)
            keys.append(key(stuck[1] if stuck else form))
            spans.append(Span(part.span.start + start, part.span.start + end))
            marks.append(mark if len(keys) > 1 else NOTHING)
            mark = NOTHING
    segments = np.cumsum([mark == ELLIPSIS for mark in marks], dtype=np.int32)
    return Query(tuple(keys), np.array([bits(k) for k in keys]), tuple(spans), tuple(marks), segments)

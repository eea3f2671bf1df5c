"""Finding the reader's words again in a text that may have changed since: a place, or none.

A bookmark keeps the words, their context and, as a hint, their place (the W3C's TextQuoteSelector and
TextPositionSelector). Words that no longer stand are an orphan; they are never put on other words.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Protocol

from indexer.models import Span
from indexer.normalise import key, without_marks, words

CONTEXT = 64
"""Letters kept either side of the words: twice the 32 with which 98.5 % are found again."""
CONTEXT_WORDS = 10
"""Words either side that rank the places where the same words stand: what 64 letters hold."""
LIKE_ENOUGH = 0.5
"""Share of those words that has to agree where the words alone do not tell the place."""
TELLING = 6
"""Words that are their own proof when they stand in one place only: shorter ones are stock phrases."""
MOST_PLACES = 500
"""Places of the same words that are ranked: the nearest ones."""
WEIGHTS = {"before": 20, "after": 20, "near": 2}
"""The weights of the Hypothesis client for prefix, suffix and position; the words themselves agree anyway."""


class Quoted(Protocol):
    """Words that were kept: exactly as they stood, the letters before and after, the place of the first."""

    @property
    def exact(self) -> str: ...
    @property
    def prefix(self) -> str: ...
    @property
    def suffix(self) -> str: ...
    @property
    def start(self) -> int: ...


def anchor(kept: Quoted, text: str) -> Span | None:
    """Where the bookmark's words stand in a text now, or None: an orphan is never put on other words.

    The exact words with their exact context at or near the old place; else the same words, whatever
    became of case, spaces, marks and punctuation, ranked by the words around them and then by nearness
    (the weights are those of the Hypothesis client's match-quote). Words that stand in one place only
    need no context if they are at least TELLING; all others need LIKE_ENOUGH of it.
    """
    return anchors([kept], text)[0]


def anchors(kept: Sequence[Quoted], text: str) -> list[Span | None]:
    """As `anchor`, for several bookmarks of one text, which is folded once and only if need be."""
    found = [_unmoved(one, text) for one in kept]
    if all(found):
        return found
    folded = Folded.of(text)
    return [span or _refound(one, folded) for one, span in zip(kept, found, strict=True)]


def within(text: str, typed: str, before: str = "") -> Span | None:
    """Where words that a reader chose stand in a passage, whatever became of its spaces and marks.

    Of several places, the one after words most like `before`; with none given, the first.
    """
    folded, wanted = Folded.of(text), Folded.of(typed).forms
    places = _places(wanted, folded, 0)
    if not places:
        return None
    ahead = Folded.of(before).forms[-CONTEXT_WORDS:]
    best = max(places, key=lambda at: _alike(ahead, folded.forms[max(0, at - len(ahead)) : at]) or 0.0)
    start, end = folded.spans[best].start, folded.spans[best + len(wanted) - 1].end
    return Span(*_with_marks(text, start, end, typed.strip()))


def _with_marks(text: str, start: int, end: int, typed: str) -> tuple[int, int]:
    """The bounds with the marks before the first and behind the last word that were chosen with them."""
    opening, closing = (re.match(r"[^\w\s]*", part) for part in (typed, typed[::-1]))
    before, after = opening[0] if opening else "", closing[0][::-1] if closing else ""
    start -= len(before) if text[:start].endswith(before) else 0
    end += len(after) if text.startswith(after, end) else 0
    return start, end


def _unmoved(kept: Quoted, text: str) -> Span | None:
    """The exact words in their exact context: at the old place, or else at the nearest other one."""
    whole = kept.prefix + kept.exact + kept.suffix
    old = kept.start - len(kept.prefix)
    if old >= 0 and text.startswith(whole, old):
        return Span(kept.start, kept.start + len(kept.exact))
    if len(whole) < len(kept.exact) + CONTEXT:
        return None
    places = list(_standing(whole, text))
    if not places:
        return None
    start = min(places, key=lambda place: abs(place - old)) + len(kept.prefix)
    return Span(start, start + len(kept.exact))


def _standing(words: str, text: str) -> Iterator[int]:
    """Where the very letters stand in a text: found ten times as fast as a pattern would be."""
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + len(words))


@dataclass(frozen=True, slots=True)
class Folded:
    """The words of a text as they are compared, joined, and where each begins in the joined form."""

    forms: tuple[str, ...]
    spans: tuple[Span, ...]
    joined: str
    offsets: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "Folded":
        found = words(text, without_marks(text))
        forms = tuple(map(key, found.forms))
        offsets, at = [], 1
        for form in forms:
            offsets.append(at)
            at += len(form) + 1
        spans = tuple(Span(int(a), int(b)) for a, b in zip(found.starts, found.ends, strict=True))
        return cls(forms, spans, f" {' '.join(forms)} ", tuple(offsets))


def _refound(kept: Quoted, folded: Folded) -> Span | None:
    exact, before, after = (Folded.of(part).forms for part in (kept.exact, kept.prefix, kept.suffix))
    places = _places(exact, folded, kept.start)
    if not places:
        return None
    before, after = before[-CONTEXT_WORDS:], after[:CONTEXT_WORDS]

    def likeness(place: int) -> tuple[float, float]:
        end = place + len(exact)
        likes = [
            (WEIGHTS["before"], _alike(before, folded.forms[max(0, place - len(before)) : place])),
            (WEIGHTS["after"], _alike(after, folded.forms[end : end + len(after)])),
        ]
        known = [(weight, like) for weight, like in likes if like is not None]
        weights = sum(weight for weight, _ in known)
        context = sum(weight * like for weight, like in known) / weights if weights else 0.0
        away = abs(folded.spans[place].start - kept.start) / (len(folded.joined) or 1)
        return context, (weights or 1) * context + WEIGHTS["near"] * (1 - min(away, 1.0))

    ranked = {place: likeness(place) for place in places}
    best = max(places, key=lambda place: ranked[place][1])
    alone = len(places) == 1 and len(exact) >= TELLING
    if not alone and ranked[best][0] < LIKE_ENOUGH:
        return None
    return Span(folded.spans[best].start, folded.spans[best + len(exact) - 1].end)


def _places(exact: Sequence[str], folded: Folded, start: int) -> list[int]:
    """The numbers of the words at which the same words begin, the nearest to the old place first."""
    if not exact:
        return []
    wanted = f" {' '.join(exact)} "
    found, at = [], folded.joined.find(wanted)
    while at >= 0:
        found.append(bisect_left(folded.offsets, at + 1))
        at = folded.joined.find(wanted, at + 1)
    if len(found) <= MOST_PLACES:
        return found
    old = bisect_right(folded.spans, Span(start, start))
    return sorted(found, key=lambda place: abs(place - old))[:MOST_PLACES]


def _alike(one: Sequence[str], other: Sequence[str]) -> float | None:
    """The share of words that agree, in order; None where no context was kept."""
    if not one:
        return None
    return SequenceMatcher(None, one, other, autojunk=False).ratio()

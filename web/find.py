"""Where words come from: any passage of three words or more, looked for in all sources held."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from indexer.align import find
from indexer.compare import number_at, paragraphs
from indexer.models import Alignment, Block, Document, Piece, Span, Work
from indexer.normalise import cut, words
from indexer.store import where
from web.accounts import stores_nothing
from web.addresses import reading_address
from web.answer import LONGEST_QUERY, answer, wants_json
from web.language import _, _n, number
from web.library import Opened, opened
from web.report import as_query
from web.search.snippets import Bit

pages = Blueprint("find", __name__)

FEWEST_WORDS = 3
"""Fewer words stand everywhere and come from nowhere."""
LONGEST = 10_000
"""Letters of a passage, some four pages: longer texts are made of several, and checked whole."""
MOST = 2 / 3
"""A place that has this share of the typed words has the passage; one with fewer has some of its words."""
SHOWN = 10
"""Places that a page shows: whoever needs more types more words."""
ROOM = 600
"""Letters of a paragraph shown before the first matched word and after the last: some eight lines."""
PHRASES = 12
"""Stretches of missing words that a sentence lists; where there are more, the marks in the text tell them."""


@dataclass(frozen=True, slots=True)
class Looked:
    """Where a passage was looked for: the number of the sources held, and of their words."""

    sources: int
    words: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A place in a work; `address` leads to it in the reader."""

    work: Work
    locator: str | None
    speaker: str | None
    address: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A paragraph that holds matched words, or the part of a long one around them.

    `number` counts the work's paragraphs from 1; `passed_over` of them stand between it and the one before.
    """

    number: int
    bits: tuple[Bit, ...]
    cut_before: bool
    cut_after: bool
    passed_over: int


@dataclass(frozen=True, slots=True)
class Found:
    """A work that has words of the passage: `there` counts them.

    `span` runs from the first matched word to the last. `absent` are the typed words that it has not,
    stretch by stretch; in `typed` they are marked.
    """

    standing: Standing
    span: Span
    there: int
    absent: tuple[str, ...]
    typed: tuple[Bit, ...]
    stretches: tuple[Stretch, ...]


@pages.route("/find", methods=["GET", "POST"])
@stores_nothing
def index() -> Response | Redirect:
    """The places of the passage, or a form to type one. What is short enough gets an address of its own."""
    text = request.values.get("text", "").strip()
    if request.method == "POST" and not wants_json() and len(urlencode({"text": text})) <= LONGEST_QUERY:
        return redirect(url_for("find.index", text=text), 303)
    here = opened()
    typed = word_spans(text)
    problem = _problem(text, len(typed)) if "text" in request.values else None
    sought = bool(typed) and problem is None
    record: dict[str, Any] = {
        "text": text,
        "problem": problem,
        "looked": looked(here),
        "typed": len(typed),
        "places": list(places(here, text, typed)) if sought else [],
    }
    mostly = sum(has_most(place.there, len(typed)) for place in record["places"])
    status = 400 if problem else 200
    shown = {"sought": sought, "mostly": mostly, "most": SHOWN, "phrases": PHRASES}
    return answer("find.html", record, status, words_to_search=as_query(text), unheld=here.unheld, **shown)


def looked(here: Opened) -> Looked:
    """Where the archive looks for words: in all the sources that it holds."""
    sources = [work for work in here.works if work.kind == "source" and work.file]
    return Looked(len(sources), sum(here.words.get(work.id, 0) for work in sources))


def word_spans(text: str) -> list[Span]:
    """Where the words of a typed text stand that are looked for; the typist's insertions are none."""
    found: list[Span] = []
    for part in cut(text[: LONGEST + 1]):
        if part.kind == "words":
            inside = words(text[part.span.start : part.span.end])
            bounds = zip(inside.starts.tolist(), inside.ends.tolist(), strict=True)
            found += [Span(part.span.start + start, part.span.start + end) for start, end in bounds]
    return found


def _problem(text: str, count: int) -> str | None:
    """Why a passage is not looked for, in a sentence; None if it is."""
    if len(text) > LONGEST:
        return _(
            "This has %(letters)s letters; a passage may have %(most)s. "
            "A whole text is checked on the page “Check a text”.",
            letters=number(len(text)),
            most=number(LONGEST),
        )
    if not count:
        return _("There are no words in this. Type or paste a passage of three words or more.")
    if count < FEWEST_WORDS:
        return _n(
            "This has only one word. A passage needs three or more: fewer stand everywhere.",
            "This has only two words. A passage needs three or more: fewer stand everywhere.",
            count,
        )
    return None


def places(here: Opened, text: str, typed: Sequence[Span]) -> Iterator[Found]:
    """The works that have words of the passage, the likest first; chapters of one work each for itself."""
    for alignment in find(text, here.seeds, SHOWN):
        for work_id in dict.fromkeys(piece.work_id for piece in alignment.pieces):
            yield _found(here.store.document(work_id), alignment, text, typed)


def _found(document: Document, alignment: Alignment, text: str, typed: Sequence[Span]) -> Found:
    pieces = [piece for piece in alignment.pieces if piece.work_id == document.work.id]
    spans = sorted(piece.source for piece in pieces)
    is_there = are_there(typed, pieces)
    absent = _absent(typed, is_there)
    return Found(
        standing=standing(document, spans[0].start),
        span=Span(spans[0].start, max(span.end for span in spans)),
        there=sum(is_there),
        absent=tuple(text[span.start : span.end] for span in absent),
        typed=tuple(bits(text, Span(0, len(text)), absent)),
        stretches=tuple(stretches(document, spans)),
    )


def are_there(typed: Sequence[Span], pieces: Sequence[Piece]) -> list[bool]:
    """Of each typed word, whether one of the pieces has it."""
    return [any(p.quote.start < w.end and w.start < p.quote.end for p in pieces) for w in typed]


def has_most(there: int, typed: int) -> bool:
    """Whether a place with so many of the typed words has the passage, and not only some of its words."""
    return there >= MOST * typed


def _absent(typed: Sequence[Span], is_there: Sequence[bool]) -> list[Span]:
    """The stretches of typed words that are not there."""
    found = []
    for there, group in groupby(zip(typed, is_there, strict=True), key=lambda pair: pair[1]):
        run = [span for span, _ in group]
        if not there:
            found.append(Span(run[0].start, run[-1].end))
    return found


def standing(document: Document, offset: int) -> Standing:
    """Where a character of a held work is: its locator, its speaker, its address in the reader."""
    locator, speaker = where(document, offset)
    address = reading_address(document.work.id, number_at(document, offset))
    return Standing(document.work, locator, speaker, address)


def stretches(document: Document, spans: Sequence[Span]) -> Iterator[Stretch]:
    """The paragraphs that hold matched words, in the order of the text."""
    last = 0
    for at, block in enumerate(paragraphs(document), 1):
        inside = [s for s in spans if s.start < block.span.end and block.span.start < s.end]
        if inside:
            shown = _window(document.text, block, inside)
            yield Stretch(
                number=at,
                bits=tuple(bits(document.text, shown, inside)),
                cut_before=shown.start > block.span.start,
                cut_after=shown.end < block.span.end,
                passed_over=at - last - 1 if last else 0,
            )
            last = at


def _window(text: str, block: Block, spans: Sequence[Span]) -> Span:
    """The block, or the part of it that lies within ROOM of the matched words, cut between words."""
    start, end = block.span.start, block.span.end
    if spans[0].start - ROOM > start:
        start = text.find(" ", spans[0].start - ROOM, spans[0].start) + 1 or spans[0].start
    last = max(span.end for span in spans)
    if last + ROOM < end:
        space = text.rfind(" ", last, last + ROOM)
        end = space if space >= 0 else last
    return Span(start, end)


def bits(text: str, shown: Span, marks: Sequence[Span]) -> Iterator[Bit]:
    """The shown part of a text, cut at the marks, which lie in order."""
    at = shown.start
    for mark in marks:
        start, end = max(mark.start, at), min(mark.end, shown.end)
        if start < end:
            if at < start:
                yield Bit(text[at:start])
            yield Bit(text[start:end], mark=True)
            at = end
    if at < shown.end:
        yield Bit(text[at : shown.end])

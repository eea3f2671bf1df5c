"""A reader's own text: each of its quotations beside its source. Nothing of what is pasted is stored."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from flask import Blueprint, Response, request

from indexer.compare import Around, Beside, Side, Window, beside, count_words, paragraphs
from indexer.errors import UnreadableFile
from indexer.models import BlockKind, Checked, Document, Finding, Place, Span
from indexer.store import Store, finding_json
from indexer.verdict import RULES, WARNINGS
from web.accounts import stores_nothing
from web.answer import answer
from web.beside.drawing import DRAWING, marks
from web.beside.sentence import sentence
from web.find import Looked, Standing, looked, standing
from web.library import Opened, opened
from web.report import OUTCOMES, Row, first_words, row
from web.verdicts import in_order

pages = Blueprint("check", __name__)

# The paragraphs that hold the words, and no more: the whole of the reader's own text stands below.
NO_CONTEXT = Window(Around(0, 0), Around(0, 0))


@dataclass(frozen=True, slots=True)
class Source:
    """A work that has words of a quotation: where they stand in it, and its excerpt."""

    standing: Standing
    side: Side


@dataclass(frozen=True, slots=True)
class Perhaps:
    """Where the cited work may have a quotation in other words: offered, not found."""

    standing: Standing
    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A quotation of the text, the sentence of its verdict, and what there is to set beside it."""

    row: Row
    finding: Finding
    sentence: str
    essay: Side
    sources: tuple[Source, ...]
    perhaps: Perhaps | None


@dataclass(frozen=True, slots=True)
class TooLong:
    """A quotation of more words than are judged, and how it begins."""

    span: Span
    words: int
    begins: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of the text; `number` is that of the quotation they belong to, `ends` that they are its last."""

    text: str
    number: int | None = None
    verdict: str = ""
    begins: bool = False
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the text."""

    kind: BlockKind
    stretches: tuple[Stretch, ...]


@pages.route("/check", methods=["GET", "POST"])
@stores_nothing
def index() -> Response:
    """The quotations of the text that was posted, or a form to paste one. Nothing is stored."""
    here = opened()
    if request.method != "POST":
        return answer("check.html", _record(looked(here), None))
    text = request.form.get("text", "").strip()
    (checked,) = here.judge([text])
    if isinstance(checked, UnreadableFile):
        return answer("check.html", _record(looked(here), str(checked)), 400, typed=text)
    judged = list(_judged(here, checked))
    record = _record(looked(here), None) | {
        "text": checked.document.text,
        "words": count_words(checked.document.text),
        "total": checked.quotations,
        "too_long": list(_too_long(checked)),
        "verdicts": in_order(Counter(j.row.verdict for j in judged)),
        "quotations": [_json(here.store, j) for j in judged],
    }
    blocks = list(_blocks(checked))
    return answer("check.html", record, judged=judged, blocks=blocks, **_drawing(judged))


def _record(where: Looked, problem: str | None) -> dict[str, object]:
    return {"problem": problem, "looked": where, "stored": False}


def _too_long(checked: Checked) -> Iterator[TooLong]:
    for span in checked.too_long:
        text = checked.document.text[span.start : span.end]
        yield TooLong(span, len(text.split()), first_words(text))


def _drawing(judged: Sequence[Judged]) -> dict[str, Any]:
    """What the template draws the comparisons with."""
    return {
        "marks": _marks(judged),
        "rules": RULES,
        "warnings_of": WARNINGS,
        "outcomes": OUTCOMES,
        "first_words": first_words,
        **DRAWING,
    }


# The comparisons


def _judged(here: Opened, checked: Checked) -> Iterator[Judged]:
    for number, finding in enumerate(checked.findings, 1):
        documents = _documents(here.store, finding)
        made = beside(finding, checked.document, None, NO_CONTEXT, list(documents.values()))
        yield Judged(
            row=row(here.store, number, finding),
            finding=finding,
            sentence=sentence(finding, made),
            essay=_only_quoted(made.essay, finding.quotation.span),
            sources=tuple(_sources(finding, made, documents)),
            perhaps=_perhaps(here.store, finding.perhaps),
        )


def _documents(store: Store, finding: Finding) -> dict[str, Document]:
    pieces = finding.alignment.pieces if finding.alignment else ()
    return {piece.work_id: store.document(piece.work_id) for piece in pieces}


def _sources(finding: Finding, made: Beside, documents: Mapping[str, Document]) -> Iterator[Source]:
    pieces = finding.alignment.pieces if finding.alignment else ()
    for side in made.sources:
        first = min(piece.source.start for piece in pieces if piece.work_id == side.work_id)
        yield Source(standing(documents[side.work_id], first), side)


def _perhaps(store: Store, place: Place | None) -> Perhaps | None:
    if place is None:
        return None
    document = store.document(place.work_id)
    return Perhaps(standing(document, place.span.start), document.text[place.span.start : place.span.end])


def _only_quoted(side: Side, span: Span) -> Side:
    """The side without what stands around the quotation: a pasted text may be one paragraph of pages."""
    kept = [
        replace(p, runs=tuple(r for r in p.runs if r.span.start < span.end and span.start < r.span.end))
        for p in side.paragraphs
    ]
    return replace(side, paragraphs=tuple(p for p in kept if p.runs))


def _marks(judged: Sequence[Judged]) -> set[str]:
    return marks(side for j in judged for side in (j.essay, *(source.side for source in j.sources)))


def _json(store: Store, judged: Judged) -> dict[str, object]:
    verdict = judged.finding.verdict
    said = {"number": judged.row.number, "rule": RULES[verdict.name], "sentence": judged.sentence}
    shown = [{"at": source.standing, "paragraphs": _words(source.side)} for source in judged.sources]
    known = {"resolved": judged.row.resolved, "reasons": dict(verdict.reasons)}
    return finding_json(store, judged.finding) | said | known | {"beside": shown, "perhaps": judged.perhaps}


def _words(side: Side) -> list[str]:
    return ["".join(run.text for run in paragraph.runs) for paragraph in side.paragraphs]


# The text with its quotations marked


def _blocks(checked: Checked) -> Iterator[Block]:
    """The paragraphs of the text, cut at its quotations."""
    numbered = [(f.quotation.span, n, f.verdict.name) for n, f in enumerate(checked.findings, 1)]
    starts = [span.start for span, _, _ in numbered]
    ends = list(accumulate((span.end for span, _, _ in numbered), max))
    for block in paragraphs(checked.document):
        near = slice(bisect_right(ends, block.span.start), bisect_left(starts, block.span.end))
        inside = [q for q in numbered[near] if block.span.start < q[0].end]
        yield Block(block.kind, tuple(_stretches(checked.document.text, block.span, inside)))


def _stretches(text: str, block: Span, inside: Sequence[tuple[Span, int, str]]) -> Iterator[Stretch]:
    at = block.start
    for span, number, verdict in inside:
        start, end = max(span.start, at), min(span.end, block.end)
        if start < end:
            yield Stretch(text[at:start])
            yield Stretch(text[start:end], number, verdict, start == span.start, end == span.end)
            at = end
    yield Stretch(text[at : block.end])

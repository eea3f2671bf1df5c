"""The comparison: a quotation in its essay beside its source, with the verdict and all that it rests on."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from indexer.compare import (
    FURTHEST,
    Around,
    Beside,
    Gap,
    Paragraph,
    Run,
    Side,
    Window,
    beside,
    count_words,
    number_at,
)
from indexer.errors import NotThere
from indexer.models import Change, Citation, Document, Finding, Place, Span, Work
from indexer.store import Store, finding_json, where
from indexer.verdict import RULES, WARNINGS, from_first_word
from web.addresses import reading_address
from web.answer import answer
from web.library import Opened, opened
from web.outward import original
from web.report import as_given, first_words, is_held
from web.ties import touching

pages = Blueprint("beside", __name__)

FOLD = 40
"""Words left out above which they are folded away in the source: some three lines."""
OPENED = 150
"""Words at either end that an ellipsis opens in the essay, where it hides more than both: half a page."""
SHOWN_WORDS = 4
"""Words of a change that its sentence quotes; longer ones are counted."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another quotation of the same essay."""

    id: str
    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a quotation stands among those of its essay: its `number` of `total`, and those beside it.

    `same` are the ones before and after that have the same verdict.
    """

    number: int
    total: int
    before: Neighbour | None
    after: Neighbour | None
    same_before: Neighbour | None
    same_after: Neighbour | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A further place where the same words stand. `address` leads to it in the reader."""

    work: Work
    locator: str | None
    speaker: str | None
    address: str


@dataclass(frozen=True, slots=True)
class Also:
    """Another quotation of the same passage, and the essay that makes it."""

    essay: Work
    id: str
    words: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One source of the comparison: its work, where the words stand in it, and where to read on.

    `outward` leads to the original page, at the passage.
    """

    work: Work
    side: Side
    locator: str | None
    speaker: str | None
    address: str
    outward: str | None
    follows: str


@dataclass(frozen=True, slots=True)
class Looked:
    """Where a quotation was looked for: the cited work and its chapters or the candidates, each held or
    not, and the number of sources that the archive holds."""

    works: tuple[tuple[Work, bool], ...]
    sources: int


@dataclass(frozen=True, slots=True)
class Perhaps:
    """Where the cited work may have the quotation in other words: its paragraphs, and where to read on."""

    work: Work
    locator: str | None
    text: str
    address: str


@pages.get("/quotation/<quotation_id>")
def show(quotation_id: str) -> Response:
    """A quotation beside its source."""
    here = opened()
    store = here.store
    finding = store.finding(quotation_id)
    essay = store.document(finding.quotation.essay_id)
    further = _documents(store, finding)
    made = beside(finding, essay, None, _window(), further)
    sheets = [_sheet(finding, store.document(side.work_id), side) for side in made.sources]
    looked = None if sheets else _looked(store, finding)
    said = {
        "rule": RULES[finding.verdict.name],
        "sentence": sentence(finding, made),
        "reasons": dict(finding.verdict.reasons),
        "cited": _cited(store, finding.citation),
        "neighbours": _neighbours(store, finding),
        "also": list(_also(here, finding)),
        "looked": looked,
        "perhaps": _perhaps(store, finding.perhaps),
        "original": [s.outward for s in sheets],
    }
    record = finding_json(store, finding) | said | _sides(made)
    return answer(
        "beside.html",
        record,
        finding=finding,
        made=made,
        essay=essay.work,
        essay_number=number_at(essay, finding.quotation.span.start),
        sheets=sheets,
        elsewhere=list(_elsewhere(store, finding)),
        given=as_given(finding),
        warnings_of=WARNINGS,
        copies=_copies(finding, essay.work, sheets),
        around=_window(),
        furthest=FURTHEST,
        marks=_marks(made),
        groups=groups,
        texts=texts,
        shortened=shortened,
        count_words=count_words,
        fold=FOLD,
        first_words=first_words,
        reading_address=reading_address,
    )


def _window() -> Window:
    def asked(name: str) -> int:
        text = request.args.get(name, "")
        return min(int(text), FURTHEST) if text.isascii() and text.isdigit() and len(text) < 6 else 1

    return Window(Around(asked("essay_above"), asked("essay_below")), Around(asked("above"), asked("below")))


def _documents(store: Store, finding: Finding) -> list[Document]:
    """The documents of all works that hold pieces, in the quotation's order."""
    pieces = finding.alignment.pieces if finding.alignment else ()
    return [store.document(work_id) for work_id in dict.fromkeys(piece.work_id for piece in pieces)]


# The source's sheet


def _sheet(finding: Finding, document: Document, side: Side) -> Sheet:
    assert finding.alignment is not None
    spans = [piece.source for piece in finding.alignment.pieces if piece.work_id == document.work.id]
    passage = Span(min(s.start for s in spans), max(s.end for s in spans))
    locator, speaker = where(document, passage.start)
    return Sheet(
        work=document.work,
        side=side,
        locator=locator,
        speaker=speaker,
        address=reading_address(document.work.id, number_at(document, passage.start)),
        outward=original(document, passage),
        follows=_follows(side),
    )


def _follows(side: Side) -> str:
    """What the source says next."""
    said = "".join(run.text for p in side.paragraphs for run in p.runs if run.mark == "follows")
    return from_first_word(said)


def groups(side: Side) -> Iterator[list[Paragraph]]:
    """The paragraphs of a side, those behind an ellipsis gathered: they are folded together."""
    gathered: list[Paragraph] = []
    for paragraph in side.paragraphs:
        if gathered and not (paragraph.gone and gathered[-1].gone and not paragraph.skipped):
            yield gathered
            gathered = []
        gathered.append(paragraph)
    if gathered:
        yield gathered


def _marks(made: Beside) -> set[str]:
    """The kinds of marks that the two sides bear: what the key has to explain."""
    sides = (made.essay, *made.sources)
    return {run.mark for side in sides for paragraph in side.paragraphs for run in paragraph.runs}


def texts(group: Sequence[Paragraph]) -> str:
    """The words of some paragraphs, without the marks of notes."""
    return " ".join(run.text for paragraph in group for run in paragraph.runs if run.mark != "note")


def shortened(text: str) -> str:
    """The words behind an ellipsis; of more than a page of them the first and the last."""
    words = re.sub(r"\n+", "\n", text).split(" ")
    if len(words) <= 2 * OPENED:
        return " ".join(words).strip()
    hidden = f"[… {len(words) - 2 * OPENED:,} words …]"
    return " ".join([*words[:OPENED], hidden, *words[-OPENED:]]).strip()


# The verdict as a sentence


def sentence(finding: Finding, made: Beside) -> str:
    """What the verdict rests on, in plain words: the changes counted, the short ones quoted."""
    if finding.verdict.name == "not-found":
        return (
            "The words are neither in the cited work, which is held whole, nor anywhere else in the archive."
        )
    if finding.verdict.name == "no-source":
        return "The words are nowhere in what the archive holds. That says nothing against them."
    said = [*_unmarked(finding.verdict.changes), *_order(finding, made), *_marked(finding, made)]
    if not said:
        return "Every word stands in the source, in this order, with nothing between."
    whole = "; ".join(said)
    return whole[0].upper() + whole[1:] + "."


def _unmarked(changes: Sequence[Change]) -> Iterator[str]:
    ways: list[tuple[str, str, Callable[[Change], str]]] = [
        ("replaced", "changed without a mark", lambda c: f"“{c.source}” became “{c.quote}”"),
        ("omitted", "left out without a mark", lambda c: f"“{c.source}”"),
        ("inserted", "put in without a mark", lambda c: f"“{c.quote}”"),
    ]
    for kind, what, told in ways:
        found = [c for c in changes if c.kind == kind and not c.marked]
        number = sum(max(1, count_words(c.quote if kind == "inserted" else c.source)) for c in found)
        if found:
            short = len(found) == 1 and number <= SHOWN_WORDS and count_words(found[0].quote) <= SHOWN_WORDS
            yield f"{_number(number, 'word')} {what}" + (f" ({told(found[0])})" if short else "")


def _order(finding: Finding, made: Beside) -> Iterator[str]:
    if any(c.kind == "moved" for c in finding.verdict.changes) or "in another order" in _whys(made):
        yield "pieces stand in another order in the source"
    if len(made.sources) > 1:
        yield f"its pieces come from {len(made.sources)} works or chapters"


def _whys(made: Beside) -> set[str]:
    return {gap.why for gap in made.gaps}


def _marked(finding: Finding, made: Beside) -> Iterator[str]:
    gaps = [gap for gap in made.gaps if gap.why == "between" and gap.words]
    if gaps:
        total = sum(gap.words for gap in gaps)
        passages = _number(len(gaps), "passage", "is", "are")
        yield f"{passages} left out at {'an ellipsis' if len(gaps) == 1 else 'ellipses'} ({total:,} words)"
    ties = {gap.tie for gap in made.gaps}
    runs = [
        run for p in made.essay.paragraphs for run in p.runs if run.mark == "bracket" and run.tie not in ties
    ]
    if runs:
        yield f"{_number(len(runs), 'insertion')} marked by brackets"


def _number(number: int, noun: str, one: str = "is", more: str = "are") -> str:
    return f"one {noun} {one}" if number == 1 else f"{number:,} {noun}s {more}"


# The citation, and where was looked


def _cited(store: Store, citation: Citation | None) -> dict[str, object] | None:
    """The citation's works, resolved: the one that is meant and whether it is held, or the candidates."""
    if citation is None:
        return None
    work = _work(store, citation.work_id)
    return {
        "work": work,
        "held": work is not None and is_held(store, work),
        "candidates": [w for w in (_work(store, c) for c in citation.candidates) if w],
    }


def _work(store: Store, work_id: str | None) -> Work | None:
    try:
        return store.work(work_id) if work_id else None
    except NotThere:
        return None


def _looked(store: Store, finding: Finding) -> Looked:
    citation = finding.citation
    ids = [citation.work_id, *citation.candidates] if citation else []
    named = [work for work in (_work(store, work_id) for work_id in dict.fromkeys(ids)) if work]
    every = [w for work in named for w in (work, *store.children(work.id))]
    return Looked(
        works=tuple((w, w.file is not None) for w in every),
        sources=store.counts()["held"] - len(store.works(kind="essay", held=True)),
    )


def _perhaps(store: Store, place: Place | None) -> Perhaps | None:
    if place is None:
        return None
    document = store.document(place.work_id)
    inside = [
        b.span for b in document.blocks if b.span.start < place.span.end and place.span.start < b.span.end
    ]
    number = number_at(document, place.span.start)
    return Perhaps(
        document.work,
        where(document, place.span.start)[0],
        document.text[inside[0].start : inside[-1].end] if inside else "",
        reading_address(place.work_id, number),
    )


# What stands around it


def _neighbours(store: Store, finding: Finding) -> Neighbours:
    findings = store.findings(finding.quotation.essay_id)
    here = next(n for n, f in enumerate(findings) if f.quotation.id == finding.quotation.id)
    same = [n for n, f in enumerate(findings) if f.verdict.name == finding.verdict.name]
    at = same.index(here)

    def told(numbers: Sequence[int], place: int) -> Neighbour | None:
        if not 0 <= place < len(numbers):
            return None
        other = findings[numbers[place]]
        return Neighbour(other.quotation.id, numbers[place] + 1, first_words(other.text))

    every = range(len(findings))
    return Neighbours(
        here + 1,
        len(findings),
        told(every, here - 1),
        told(every, here + 1),
        told(same, at - 1),
        told(same, at + 1),
    )


def _elsewhere(store: Store, finding: Finding) -> Iterator[Elsewhere]:
    for place in finding.alignment.others if finding.alignment else ():
        yield _further(store, place)


def _further(store: Store, place: Place) -> Elsewhere:
    document = store.document(place.work_id)
    locator, speaker = where(document, place.span.start)
    address = reading_address(place.work_id, number_at(document, place.span.start))
    return Elsewhere(document.work, locator, speaker, address)


def _also(here: Opened, finding: Finding) -> Iterator[Also]:
    """The other quotations whose words overlap these in the source."""
    if finding.alignment is None:
        return
    place = finding.alignment.place
    ids = dict.fromkeys(tie.quotation_id for tie in touching(here.ties.quoted(place.work_id), place.span))
    for quotation_id in ids:
        if quotation_id != finding.quotation.id:
            other = here.store.finding(quotation_id)
            essay = here.store.work(other.quotation.essay_id)
            yield Also(essay, quotation_id, first_words(other.text), other.verdict.name)


# Copies, and the twin


def _copies(finding: Finding, essay: Work, sheets: Sequence[Sheet]) -> dict[str, str]:
    """The quotation and its source as plain text, each with its citation."""
    made = {"the quotation": f"“{finding.text}”\n— quoted in {_told(essay, None)}"}
    if as_given(finding):
        made["the quotation"] += f" (cited there as: {as_given(finding)})"
    for sheet in sheets:
        near = [p for p in sheet.side.paragraphs if p.near]
        words = "\n\n".join("".join(run.text for run in p.runs if run.mark != "note") for p in near)
        name = "the source" if len(sheets) == 1 else f"the source: {sheet.work.title}"
        made[name] = f"{words}\n— {_told(sheet.work, sheet.locator)}"
    return made


def _told(work: Work, locator: str | None) -> str:
    facts = (work.author, work.title, work.date or work.year, locator, work.url)
    return ", ".join(str(fact) for fact in facts if fact)


def _sides(made: Beside) -> dict[str, object]:
    return {
        "sides": {"essay": _side_json(made.essay), "sources": [_side_json(side) for side in made.sources]},
        "gaps": [_gap_json(gap) for gap in made.gaps],
    }


def _side_json(side: Side) -> dict[str, object]:
    return {
        "work": side.work_id,
        "paragraphs": [_paragraph_json(p) for p in side.paragraphs],
        "more_above": side.more_above,
        "more_below": side.more_below,
    }


def _paragraph_json(p: Paragraph) -> dict[str, Any]:
    return {
        "number": p.number,
        "kind": p.block.kind,
        "locator": p.block.locator,
        "speaker": p.block.speaker,
        "near": p.near,
        "skipped": p.skipped,
        "runs": [_run_json(run) for run in p.runs],
    }


def _run_json(run: Run) -> dict[str, Any]:
    said = {"text": run.text, "mark": run.mark, "start": run.span.start, "end": run.span.end, "tie": run.tie}
    return said | ({"label": run.label} if run.label else {})


def _gap_json(gap: Gap) -> dict[str, Any]:
    return {"tie": gap.tie, "why": gap.why, "work": gap.work_id, "words": gap.words, "text": gap.text}

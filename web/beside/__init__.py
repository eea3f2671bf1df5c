"""The comparison: a quotation in its essay beside its source, with the verdict and all that it rests on."""

from dataclasses import dataclass

from flask import Blueprint, Response, request

from indexer.compare import Beside, Side, Window, beside, number_at
from indexer.models import Document, Finding, Span, Work
from indexer.store import Store, finding_json, where
from indexer.verdict import RULES, WARNINGS, Asked, asked, from_first_word
from web.addresses import reading_address
from web.answer import answer
from web.beside.around import also, also_json, elsewhere, neighbours
from web.beside.context import Mores, mores, nearest, window
from web.beside.copies import copies
from web.beside.drawing import DRAWING, fellows, marks
from web.beside.looked import cited, looked, perhaps
from web.beside.placed import placed
from web.beside.sentence import sentence
from web.beside.twin import sides_json
from web.corrected import STATES
from web.judging import SAYS, seen
from web.judging.shown import shown_judgement
from web.library import opened
from web.outward import original
from web.report import as_given, as_query, first_words

pages = Blueprint("beside", __name__)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One source of the comparison: its work, where the words stand in it, and where to read on.

    `outward` leads to the original page, at the passage; `mores` to more of the text.
    """

    work: Work
    side: Side
    locator: str | None
    speaker: str | None
    address: str
    outward: str | None
    follows: str
    mores: Mores


@pages.get("/quotation/<quotation_id>")
def show(quotation_id: str) -> Response:
    """A quotation beside its source."""
    here = opened()
    store = here.store
    machine = store.machine(quotation_id)
    finding = machine if request.args.get("by") == "machine" else store.finding(quotation_id)
    essay = store.document(finding.quotation.essay_id)
    around = window()
    made = beside(finding, essay, None, around, _documents(store, finding))
    sheets = _sheets(store, finding, made, around)
    quoting = also(here, finding)
    said = {
        "rule": RULES[finding.verdict.name],
        "sentence": sentence(finding, made),
        "reasons": dict(finding.verdict.reasons),
        "cited": cited(store, finding.citation),
        "places_cited": placed(store, finding),
        "questions": _questions(store, finding, essay),
        "neighbours": neighbours(store, finding),
        "also": [also_json(each) for each in quoting],
        "looked": None if sheets else looked(here, finding),
        "perhaps": perhaps(store, finding.perhaps),
        "original": [s.outward for s in sheets],
        "judged": shown_judgement(here, finding, machine),
    }
    return answer(
        "beside.html",
        finding_json(store, finding) | said | sides_json(made),
        finding=finding,
        essay_side=nearest(made.essay, "essay_"),
        essay=essay.work,
        essay_number=number_at(essay, finding.quotation.span.start),
        essay_mores=mores(made.essay, essay, around.essay, "e-p", "essay_"),
        sheets=sheets,
        quoting=quoting,
        elsewhere=list(elsewhere(store, finding)),
        given=as_given(finding),
        warnings_of=WARNINGS,
        copies=copies(
            finding, str(said["sentence"]), essay.work, [(s.work, s.side, s.locator) for s in sheets]
        ),
        marks=marks((made.essay, *made.sources)),
        fellows=fellows(made.essay, made.sources),
        first_words=first_words,
        words_to_search=as_query(finding.text),
        says=SAYS,
        states=STATES,
        seen=seen(machine),
        **DRAWING,
    )


def _documents(store: Store, finding: Finding) -> list[Document]:
    """The documents of all works that hold pieces, in the quotation's order."""
    pieces = finding.alignment.pieces if finding.alignment else ()
    return [store.document(work_id) for work_id in dict.fromkeys(piece.work_id for piece in pieces)]


def _questions(store: Store, finding: Finding, essay: Document) -> tuple[Asked, ...]:
    """Where one side asks and the other does not."""
    if finding.alignment is None:
        return ()
    sources = {document.work.id: document for document in _documents(store, finding)}
    return asked(finding.quotation, finding.alignment, essay, sources)


# The sources' sheets


def _sheets(store: Store, finding: Finding, made: Beside, around: Window) -> list[Sheet]:
    return [
        _sheet(finding, store.document(side.work_id), side, around, f"s{number}-p")
        for number, side in enumerate(made.sources, 1)
    ]


def _sheet(finding: Finding, document: Document, side: Side, around: Window, name: str) -> Sheet:
    assert finding.alignment is not None
    spans = [piece.source for piece in finding.alignment.pieces if piece.work_id == document.work.id]
    passage = Span(min(s.start for s in spans), max(s.end for s in spans))
    locator, speaker = where(document, passage.start)
    return Sheet(
        work=document.work,
        side=nearest(side),
        locator=locator,
        speaker=speaker,
        address=reading_address(document.work.id, number_at(document, passage.start)),
        outward=original(document, passage),
        follows=_follows(side),
        mores=mores(side, document, around.source, name),
    )


def _follows(side: Side) -> str:
    """What the source says next."""
    said = "".join(run.text for p in side.paragraphs for run in p.runs if run.mark == "follows")
    return from_first_word(said)

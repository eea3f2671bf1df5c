"""The reader's own judgements of findings, and the corrections that count in the machine's stead.

Only POST writes. A judgement is of the words that the reader saw: if the index was built anew since and the
quotation's number means other words, nothing is kept. Saving one again sets the old one aside, never over it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for

from indexer.models import Finding, Span
from web import lists
from web.accounts import reader_file
from web.addresses import quotation_address
from web.answer import answer, see, sent_text, wants_json
from web.citing import one_line
from web.corrected import STATES, Standing, standings
from web.judging import offering
from web.judging.shown import judgement_of, taken_back
from web.language import N_, _
from web.library import Opened, opened, opened_or_none
from web.reader import judgements, judgements_exchange
from web.reader.exchange import Result
from web.reader.file import Refused
from web.reader.judgements import OPINIONS, Correction, Judgement
from web.refusals import refusal
from web.report import as_given, first_words

pages = Blueprint("judging", __name__)

PER_PAGE = 25
"""Judgements of a page of the list: each is looked for in the text of its essay."""
SAYS = {
    N_("right"): N_("The machine’s finding is right."),
    N_("wrong"): N_("The machine’s finding is wrong."),
    N_("unclear"): N_("Whether the finding is right is unclear."),
}


@pages.errorhandler(Refused)
def refused(error: Refused) -> Response:
    """What cannot be kept, as a page: nothing was changed."""
    quotation_id = (request.view_args or {}).get("quotation_id")
    back = f"{quotation_address(quotation_id)}#judgement" if quotation_id else url_for("judging.index")
    return refusal(400, _("This cannot be kept as it is"), str(error), back=back)


# The list


@pages.get("/judgements")
def index() -> Response:
    """All judgements and corrections, newest first, those whose words stand no longer among them."""
    return _list()


def _list(problem: str = "", results: Sequence[Result] = ()) -> Response:
    aside = request.args.get("deleted") == "yes"
    opinion = request.args.get("opinion", "")
    kept = judgements.listed(reader_file(), deleted=aside)
    wanted = [j for j in kept if not opinion or (j.opinion or "") == opinion]
    part = lists.pages(len(wanted), PER_PAGE)
    here, shown = opened_or_none(), part.cut(wanted)
    standing = standings(here.store, shown) if here else [Standing(j, "stands") for j in shown]
    record = {
        "judgements": [_line(here, each) for each in standing],
        "total": len(kept),
        "page": part.number,
        "pages": part.last,
        "opinion": opinion,
        "deleted": aside,
        "problem": problem,
        "results": results,
    }
    status = 400 if problem else 200
    return answer("judgements.html", record, status, says=SAYS, part=part, undo=taken_back())


def _line(here: Opened | None, standing: Standing) -> dict[str, Any]:
    """A judgement with what became of it, and the verdicts before and after its correction."""
    quotation = standing.quotation_id
    return {
        "judgement": standing.judgement,
        "state": standing.state,
        "trouble": STATES[standing.state],
        "quotation": quotation,
        "verdict": here.store.finding(quotation).verdict.name if here and quotation else None,
        "machine": here.store.machine(quotation).verdict.name if here and quotation else None,
    }


@pages.get("/judgements/export.json")
def export_json() -> Response:
    """All judgements that count as W3C Web Annotations, as a file."""
    response = jsonify(judgements_exchange.export_json(reader_file()))
    response.headers["Content-Disposition"] = 'attachment; filename="judgements.json"'
    return response


@pages.post("/judgements/import")
def bring() -> Response:
    """Takes an export in, and says what became of each judgement in it."""
    text = sent_text()
    if text is None:
        return _list(_("This is not an export of judgements: it is not text (UTF-8)."))
    try:
        return _list(results=judgements_exchange.import_json(reader_file(), text))
    except Refused as error:
        return _list(str(error))


@pages.post("/judgements/<judgement_id>/delete")
def delete(judgement_id: str) -> Response:
    """Sets a judgement aside; the page then offers it back."""
    made = judgements.delete(reader_file(), judgement_id)
    if wants_json():
        return answer("judgement.html", {"judgement": made})
    return _to_list(undo=made.id)


def _to_list(**more: str) -> Response:
    """Back to the place in the list where the form stood."""
    place = {name: request.form.get(name, "") for name in ("opinion", "page", "deleted")}
    return see(lists.address_at(url_for("judging.index"), place | more))


# Judging one quotation


@pages.get("/quotation/<quotation_id>/judgement")
def form(quotation_id: str) -> Response:
    """The form for a judgement, and what can be named as the right work or place."""
    here = opened()
    machine = here.store.machine(quotation_id)
    asked = {name: request.args.get(name, "").strip() for name in ("q", "work", "words")}
    work = here.store.work(asked["work"]) if asked["work"] else None
    passages, problem = offering.passages(here, work, asked["words"]) if work else ([], "")
    record = {
        "finding": machine,
        "judgement": judgement_of(here, machine),
        "q": asked["q"],
        "works": offering.works(here, asked["q"]),
        "work": work,
        "words": asked["words"],
        "passages": passages,
        "likely": [] if work or asked["q"] else offering.likely(here, machine),
        "problem": problem,
    }
    return answer(
        "judgement.html",
        record,
        says=SAYS,
        states=STATES,
        seen=seen(machine),
        given=as_given(machine),
        first_words=first_words,
    )


def seen(finding: Finding) -> str:
    """What a form sends along, so that it is kept of the very words that were shown."""
    return offering.digest(finding.text)


# Keeping


@pages.post("/quotation/<quotation_id>/judgement")
def judge(quotation_id: str) -> Response:
    """Keeps right, wrong or unclear and a note; a correction stays as it is."""
    now, old = _meant(quotation_id)
    typed = request.form.get("opinion", "")
    opinion = next((each for each in OPINIONS if each == typed), None)
    if typed and opinion is None:
        raise Refused(_("A judgement is right, wrong or unclear, or none."))
    return _kept(quotation_id, replace(now, opinion=opinion, note=request.form.get("note", "")), old)


@pages.post("/quotation/<quotation_id>/correction")
def correct(quotation_id: str) -> Response:
    """Keeps the work that the reader names, and the place in it if one was chosen; no work takes it away."""
    now, old = _meant(quotation_id)
    work_id, place = request.form.get("work", ""), request.form.get("place", "")
    return _kept(quotation_id, replace(now, correction=_correction(work_id, place) if work_id else None), old)


def _meant(quotation_id: str) -> tuple[Judgement, Judgement | None]:
    """What was said so far of the quotation that the form is of, in the essay's words of today, and the
    judgement that said it. Raises Refused if the form was made for another quotation."""
    here = opened()
    finding = here.store.machine(quotation_id)
    if request.form.get("seen", seen(finding)) != seen(finding):
        raise Refused(
            _(
                "The archive was indexed anew since this page was shown, and this number means another "
                "quotation now. Go back, load the page again, and find the quotation by its words."
            )
        )
    essay = here.store.document(finding.quotation.essay_id)
    fresh = Judgement(judgements.words(essay, finding.quotation.span), essay.work.title)
    standing = judgement_of(here, finding)
    if standing is None:
        return fresh, None
    old = standing.judgement
    return replace(fresh, opinion=old.opinion, note=old.note, correction=old.correction), old


def _correction(work_id: str, place: str) -> Correction:
    """What the form says is right. Raises NotThere, and Refused where the place has other words now."""
    store = opened().store
    work = store.work(work_id)
    title = one_line(work)
    if not place:
        return Correction(work.id, title)
    document = store.document(work.id)
    numbers, _dash, digest = place.rpartition("-")
    start, _dash, end = numbers.partition("-")
    if not all(n.isascii() and n.isdigit() and len(n) < 12 for n in (start, end)):
        raise Refused(_("A place is named by choosing a passage of the work."))
    span = Span(int(start), int(end))
    if offering.digest(document.text[span.start : span.end]) != digest:
        raise Refused(
            _("The text of this work has changed since the page was shown. Choose the passage again.")
        )
    return Correction(work.id, title, judgements.words(document, span))


def _kept(quotation_id: str, made: Judgement, old: Judgement | None) -> Response:
    """Keeps a judgement in the old one's stead; one that says nothing any more only sets that aside."""
    if old and not (made.opinion or made.note.strip() or made.correction):
        kept, status, done = judgements.delete(reader_file(), old.id), 200, "undo"
    else:
        kept = judgements.add(reader_file(), replace(made, replaces=old.id if old else None))
        status, done = 201, "kept"
    if wants_json():
        return answer("judgement.html", {"judgement": kept}, status)
    return see(f"{quotation_address(quotation_id)}?{done}={kept.id}#judgement")


@pages.post("/judgements/<judgement_id>/undo")
def undo(judgement_id: str) -> Response:
    """Takes a judgement back: the one before it counts again."""
    return _back(judgements.undo(reader_file(), judgement_id))


@pages.post("/judgements/<judgement_id>/restore")
def restore(judgement_id: str) -> Response:
    """Brings a judgement back, in the stead of one of the same quotation that counts now."""
    old = judgements.get(reader_file(), judgement_id)
    now = _counting(old)
    return _back(judgements.restore(reader_file(), judgement_id, now.id if now else None))


def _counting(old: Judgement) -> Judgement | None:
    """The judgement that counts now for the quotation that a judgement is of."""
    here = opened_or_none()
    if here is None:
        return None
    others = judgements.of_essay(reader_file(), old.quotation.work_id)
    this, *rest = standings(here.store, [old, *others])
    same = (s.judgement for s in rest if this.quotation_id and s.quotation_id == this.quotation_id)
    return next(same, None)


def _back(made: Judgement) -> Response:
    """To the list, if the form stood there, or to the quotation that a judgement is of."""
    if wants_json():
        return answer("judgement.html", {"judgement": made})
    if request.form.get("list") == "yes":
        return _to_list()
    here = opened_or_none()
    [standing] = standings(here.store, [made]) if here else [Standing(made, "stands")]
    if standing.quotation_id:
        return see(f"{quotation_address(standing.quotation_id)}#judgement")
    return _to_list()

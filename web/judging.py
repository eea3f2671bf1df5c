"""The reader's own judgements of findings, and the corrections that count in the machine's stead.

Only POST writes. A judgement is of the words that the reader saw: if the index was built anew since and the
quotation's number means other words, nothing is kept. Saving one again sets the old one aside, never over it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for

from indexer.align import find
from indexer.compare import number_at, paragraphs
from indexer.errors import NotThere, QueryError, ReaderError
from indexer.fulltext import Filters
from indexer.models import Document, Finding, Span, Work
from indexer.normalise import key, words
from indexer.store import where
from web.accounts import reader_file
from web.addresses import quotation_address, reading_address
from web.answer import answer, see, wants_json
from web.corrected import STATES, Standing, standings
from web.language import N_, _
from web.library import Opened, opened, opened_or_none
from web.reader import judgements
from web.reader.file import Refused
from web.reader.judgements import OPINIONS, Correction, Judgement
from web.refusals import refusal
from web.report import as_given, first_words

pages = Blueprint("judging", __name__)

MOST_WORKS = 30
"""Works that a search for the right one lists: what one looks through before adding a word."""
MOST_PASSAGES = 20
LIKELY = 5
"""Places with most of the words that are offered unasked."""
SHOWN_LETTERS = 400
"""Letters of a passage by which a list shows it."""
SAYS = {
    N_("right"): N_("The machine’s finding is right."),
    N_("wrong"): N_("The machine’s finding is wrong."),
    N_("unclear"): N_("Whether the finding is right is unclear."),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """A place that can be named as the right one: `value` is what the form sends of it."""

    work: Work
    locator: str | None
    speaker: str | None
    text: str
    value: str
    address: str


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
    aside = request.args.get("deleted") == "yes"
    opinion = request.args.get("opinion", "")
    kept = judgements.listed(reader_file(), deleted=aside)
    wanted = [j for j in kept if not opinion or (j.opinion or "") == opinion]
    here = opened_or_none()
    standing = standings(here.store, wanted) if here else [Standing(j, "stands") for j in wanted]
    lines = [_line(here, each) for each in standing]
    record = {"judgements": lines, "total": len(kept), "opinion": opinion, "deleted": aside}
    undo = request.args.get("undo", "")
    return answer("judgements.html", record, says=SAYS, opinions=OPINIONS, undo=undo)


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
    response = jsonify(judgements.export_json(reader_file()))
    response.headers["Content-Disposition"] = 'attachment; filename="judgements.json"'
    return response


# Judging one quotation


def judgement_of(here: Opened, finding: Finding) -> Standing | None:
    """What the reader says of a quotation: the newest judgement that counts. Raises ReaderError."""
    kept = judgements.of_essay(reader_file(), finding.quotation.essay_id)
    return next((s for s in standings(here.store, kept) if s.quotation_id == finding.quotation.id), None)


@pages.get("/quotation/<quotation_id>/judgement")
def form(quotation_id: str) -> Response:
    """The form for a judgement, and what can be named as the right work or place."""
    here = opened()
    machine = here.store.machine(quotation_id)
    asked = {name: request.args.get(name, "").strip() for name in ("q", "work", "words")}
    work = here.store.work(asked["work"]) if asked["work"] else None
    passages, problem = _passages(here, work, asked["words"]) if work else ([], "")
    record = {
        "finding": machine,
        "judgement": judgement_of(here, machine),
        "q": asked["q"],
        "works": _works(here, asked["q"]),
        "work": work,
        "words": asked["words"],
        "passages": passages,
        "likely": [] if work or asked["q"] else _likely(here, machine),
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


def _works(here: Opened, typed: str) -> list[Work]:
    """The works with all the words typed in author, title, other titles, year or id; the held ones first."""
    wanted = [key(form) for form in words(typed).forms]
    if not wanted:
        return []
    found = [w for w in here.works if all(word in _named(w) for word in wanted)]
    return sorted(found, key=lambda w: (w.file is None, w.kind != "source", w.id))[:MOST_WORKS]


def _named(work: Work) -> set[str]:
    facts = (work.author, work.title, *work.aliases, str(work.year or ""), work.id.replace("-", " "))
    return {key(form) for form in words(" ".join(filter(None, facts))).forms}


def _passages(here: Opened, work: Work, typed: str) -> tuple[list[Offered], str]:
    """The passages of a work with the words typed, or the paragraph of that number; and what was wrong."""
    try:
        document = here.store.document(work.id)
    except NotThere:
        return [], ""
    if typed.isascii() and typed.isdigit() and len(typed) < 7:
        blocks = paragraphs(document)
        spans = [blocks[int(typed) - 1].span] if 0 < int(typed) <= len(blocks) else []
        return [_offered(document, span) for span in spans], "" if spans else _("There is no such paragraph.")
    if not typed:
        return [], ""
    try:
        found = here.fulltext.search(typed, Filters(work=(work.id,)), per_page=MOST_PASSAGES, facets=())
    except QueryError as error:
        return [], str(error)
    spans = [here.store.passage(hit.passage_id).span for hit in found.hits]
    return [_offered(document, span) for span in spans], "" if spans else _("No passage has these words.")


def _likely(here: Opened, finding: Finding) -> list[Offered]:
    """The places of the archive with most of the quotation's words."""
    return [
        _offered(here.store.document(found.place.work_id), found.place.span, whole=True)
        for found in find(finding.text, here.seeds, LIKELY)
    ]


def _offered(document: Document, span: Span, whole: bool = False) -> Offered:
    """A place as it is offered; `whole` takes in all of its paragraphs."""
    inside = [b.span for b in paragraphs(document) if b.span.start < span.end and span.start < b.span.end]
    if whole and inside:
        span = Span(inside[0].start, inside[-1].end)
    locator, speaker = where(document, span.start)
    text = document.text[span.start : span.end]
    shown = text if len(text) <= SHOWN_LETTERS else f"{text[:SHOWN_LETTERS].rsplit(' ', 1)[0]} …"
    address = reading_address(document.work.id, number_at(document, span.start))
    value = f"{span.start}-{span.end}-{_digest(text)}"
    return Offered(document.work, locator, speaker, shown, value, address)


def _digest(text: str) -> str:
    """A few letters by which a form shows of which words it is."""
    return sha256(text.encode()).hexdigest()[:12]


def seen(finding: Finding) -> str:
    """What a form sends along, so that it is kept of the very words that were shown."""
    return _digest(finding.text)


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
    title = ", ".join(str(fact) for fact in (work.author, work.title, work.year) if fact)
    if not place:
        return Correction(work.id, title)
    document = store.document(work.id)
    numbers, _dash, digest = place.rpartition("-")
    start, _dash, end = numbers.partition("-")
    if not all(n.isascii() and n.isdigit() and len(n) < 12 for n in (start, end)):
        raise Refused(_("A place is named by choosing a passage of the work."))
    span = Span(int(start), int(end))
    if _digest(document.text[span.start : span.end]) != digest:
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


@pages.post("/judgements/<judgement_id>/delete")
def delete(judgement_id: str) -> Response:
    """Sets a judgement aside; the page then offers it back."""
    made = judgements.delete(reader_file(), judgement_id)
    if wants_json():
        return answer("judgement.html", {"judgement": made})
    return see(url_for("judging.index", undo=made.id))


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
    """To the quotation that a judgement is of, or to the list."""
    if wants_json():
        return answer("judgement.html", {"judgement": made})
    here = opened_or_none()
    [standing] = standings(here.store, [made]) if here else [Standing(made, "stands")]
    if standing.quotation_id:
        return see(f"{quotation_address(standing.quotation_id)}#judgement")
    return see(url_for("judging.index"))


def shown_judgement(here: Opened, finding: Finding, machine: Finding) -> Mapping[str, Any]:
    """What the comparison shows of judgements: the one that counts, whether it changed the finding, what
    was just taken back, whether the words were found where the reader said, and what cannot be read."""
    try:
        standing, taken_back, trouble = judgement_of(here, finding), _taken_back(), ""
    except ReaderError as error:
        standing, taken_back, trouble = None, None, str(error)
    said = standing.judgement.correction if standing else None
    corrected = finding.quotation.id in here.store.corrected
    return {
        "standing": standing,
        "corrected": corrected,
        "verdict": here.store.finding(machine.quotation.id).verdict.name,
        "machine": machine.verdict.name,
        "at_place": _at_place(standing, finding) if corrected and said and said.passage else None,
        "named": _named_address(here, standing),
        "taken_back": taken_back,
        "trouble": trouble,
    }


def _at_place(standing: Standing | None, finding: Finding) -> bool:
    place = standing.place if standing else None
    found = finding.alignment.place if finding.alignment else None
    said = standing.judgement.correction if standing else None
    if place is None or found is None or said is None or found.work_id != said.work_id:
        return False
    return found.span.start < place.end and place.start < found.span.end


def _named_address(here: Opened, standing: Standing | None) -> str | None:
    """Where to read the place that the reader named."""
    said = standing.judgement.correction if standing else None
    if standing is None or said is None or standing.place is None:
        return None
    return reading_address(said.work_id, number_at(here.store.document(said.work_id), standing.place.start))


def _taken_back() -> Judgement | None:
    """The judgement that was just set aside, to offer it back."""
    asked = request.args.get("undo")
    try:
        found = judgements.get(reader_file(), asked) if asked else None
    except NotThere:
        return None
    return found if found and found.deleted else None

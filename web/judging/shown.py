"""What the comparison shows of a reader's judgements."""

from collections.abc import Mapping
from typing import Any

from flask import request

from indexer.compare import number_at
from indexer.errors import NotThere, ReaderError
from indexer.models import Finding
from web.accounts import reader_file
from web.addresses import reading_address
from web.corrected import Standing, standings
from web.library import Opened
from web.reader import judgements
from web.reader.judgements import Judgement


def judgement_of(here: Opened, finding: Finding) -> Standing | None:
    """What the reader says of a quotation: the newest judgement that counts. Raises ReaderError."""
    kept = judgements.of_essay(reader_file(), finding.quotation.essay_id)
    return next((s for s in standings(here.store, kept) if s.quotation_id == finding.quotation.id), None)


def shown_judgement(here: Opened, finding: Finding, machine: Finding) -> Mapping[str, Any]:
    """What the comparison shows of judgements: the one that counts, whether it changed the finding, what
    was just taken back, whether the words were found where the reader said, and what cannot be read."""
    try:
        standing, undone, trouble = judgement_of(here, finding), taken_back(), ""
    except ReaderError as error:
        standing, undone, trouble = None, None, str(error)
    said = standing.judgement.correction if standing else None
    corrected = finding.quotation.id in here.store.corrected
    return {
        "standing": standing,
        "corrected": corrected,
        "verdict": here.store.finding(machine.quotation.id).verdict.name,
        "machine": machine.verdict.name,
        "at_place": _at_place(standing, finding) if corrected and said and said.passage else None,
        "named": _named_address(here, standing),
        "taken_back": undone,
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


def taken_back() -> Judgement | None:
    """The judgement that was just set aside, to offer it back."""
    asked = request.args.get("undo")
    try:
        found = judgements.get(reader_file(), asked) if asked else None
    except NotThere:
        return None
    return found if found and found.deleted else None

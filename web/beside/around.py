"""What stands around a comparison: its neighbours, where else the words stand, who else quotes them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.compare import Run, Version, number_at, together
from indexer.models import Finding, Place, Work
from indexer.store import Store, where
from web.addresses import reading_address
from web.beside.twin import run_json
from web.library import Opened
from web.report import first_words
from web.ties import touching


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


def neighbours(store: Store, finding: Finding) -> Neighbours:
    """The quotations before and after, of the essay and of the same verdict."""
    findings = store.findings(finding.quotation.essay_id)
    here = next(n for n, f in enumerate(findings) if f.quotation.id == finding.quotation.id)
    # Seen as the machine finds it, a corrected quotation has another verdict than it has among the others.
    same = [n for n, f in enumerate(findings) if n == here or f.verdict.name == finding.verdict.name]
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


def elsewhere(store: Store, finding: Finding) -> Iterator[Elsewhere]:
    """The further places where the words stand equally well."""
    for place in finding.alignment.others if finding.alignment else ():
        yield _further(store, place)


def _further(store: Store, place: Place) -> Elsewhere:
    document = store.document(place.work_id)
    locator, speaker = where(document, place.span.start)
    address = reading_address(place.work_id, number_at(document, place.span.start))
    return Elsewhere(document.work, locator, speaker, address)


@dataclass(frozen=True, slots=True)
class Also:
    """One quotation of a passage that several essays quote, and the source's words as it cuts them."""

    essay: Work
    id: str
    words: str
    verdict: str
    here: bool
    runs: tuple[Run, ...]


def also(here: Opened, finding: Finding) -> list[Also]:
    """All quotations whose words overlap these in the source, this one first; none if it is alone."""
    if finding.alignment is None:
        return []
    place = finding.alignment.place
    ties = touching(here.ties.quoted(place.work_id), place.span)
    ids = dict.fromkeys(tie.quotation_id for tie in ties if tie.quotation_id != finding.quotation.id)
    others = [here.store.finding(quotation_id) for quotation_id in ids]
    pieces = [p for f in (finding, *others) if f.alignment for p in f.alignment.pieces]
    documents = {p.work_id: here.store.document(p.work_id) for p in pieces}
    versions = together([finding, *others], documents[place.work_id], documents) if others else ()
    made = [_version(here, finding, version) for version in versions]
    return made if len(made) > 1 else []


def _version(here: Opened, finding: Finding, version: Version) -> Also:
    quotation = version.finding.quotation
    return Also(
        here.store.work(quotation.essay_id),
        quotation.id,
        first_words(version.finding.text),
        version.finding.verdict.name,
        quotation.id == finding.quotation.id,
        version.runs,
    )


def also_json(found: Also) -> dict[str, object]:
    """As scripts read it."""
    return {
        "essay": found.essay,
        "id": found.id,
        "words": found.words,
        "verdict": found.verdict,
        "here": found.here,
        "runs": [run_json(run) for run in found.runs],
    }

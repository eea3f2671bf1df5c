"""The report of an essay: its quotations with their verdicts, and its list of sources."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request, url_for

from indexer.compare import numbers_at
from indexer.errors import NotThere, ReaderError
from indexer.models import Finding, Work
from indexer.store import Store, entry_json, finding_json
from web.accounts import reader_file
from web.addresses import reading_address
from web.answer import answer, wants_json
from web.corrected import Corrected, standings
from web.language import N_, _
from web.library import opened
from web.reader import judgements
from web.table import csv_file
from web.verdicts import SIGNS, in_order

pages = Blueprint("report", __name__)

FIRST_WORDS = 12
"""Words of a quotation by which a list names it."""
_WORD = re.compile(r"\w+(?:['’]\w+)*")
OUTCOMES = {
    "resolved": N_("one work"),
    "ambiguous": N_("several works could be meant"),
    "not-held": N_("no work of the archive"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A quotation in a report: `number` counts the quotations of its essay.

    `resolved` is the work that its citation names, `held` whether that or a chapter of it is; `source`
    is the work that has the words. `corrected` says that the reader's correction made it so; `judged` is
    what the reader says of the finding: right, wrong, unclear, or "".
    """

    number: int
    id: str
    start: int
    words: str
    cited: str
    outcome: str
    resolved: Work | None
    candidates: tuple[Work, ...]
    held: bool
    source: Work | None
    verdict: str
    warnings: tuple[str, ...]
    corrected: bool
    judged: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """An entry of an essay's list of sources; `cited` counts the quotations whose citation names it."""

    text: str
    author: str | None
    title: str | None
    year: int | None
    url: str | None
    work: Work | None
    held: bool
    cited: int


SORTS: dict[str, tuple[str, Callable[[Row], Any]]] = {
    "place": (N_("place in the essay"), lambda row: row.number),
    "verdict": (N_("verdict"), lambda row: (list(SIGNS).index(row.verdict), row.number)),
    "cited": (N_("citation"), lambda row: (not row.cited, row.cited.casefold(), row.number)),
    "source": (N_("source"), lambda row: (row.source is None, _title(row.source), row.number)),
}
COLUMNS = (
    "number", "id", "start", "words", "cited", "outcome", "resolved_to", "verdict", "warnings", "found_in",
    "found_in_url", "comparison", "by_your_correction", "your_judgement",
)  # fmt: skip
SOURCE_COLUMNS = ("text", "author", "title", "year", "url", "work", "held", "cited")


def _title(work: Work | None) -> str:
    return work.title.casefold() if work else ""


# One essay


@pages.get("/work/<work_id>/quotations")
def show(work_id: str) -> Response:
    """The quotations of an essay as a table, and the sources that it lists."""
    store = opened().store
    essay = _essay(store, work_id)
    findings = store.findings(work_id)
    rows = _rows(store, work_id, findings)
    kept = sorted((r for r in rows if _wanted(r)), key=SORTS[_sort()][1])
    by_id = {f.quotation.id: f for f in findings}
    record = {
        "work": essay,
        # The page is made of the rows; the full records cost a look into every source.
        "quotations": [finding_json(store, by_id[r.id]) for r in kept] if wants_json() else [],
        "corrected": [r.id for r in kept if r.corrected],
        "judged": {r.id: r.judged for r in kept if r.judged},
        "verdicts": in_order(Counter(r.verdict for r in rows)),
        "sources": [entry_json(store, entry) for entry in store.entries(work_id)],
    }
    return answer(
        "quotations.html",
        record,
        rows=kept,
        places=_places(store, work_id, kept),
        listed=sources(store, work_id, findings),
        total=len(rows),
        sorts=SORTS,
        sort=_sort(),
        warned=dict(Counter(name for r in rows for name in r.warnings)),
        outcomes=OUTCOMES,
        chosen={name: request.args.get(name, "") for name in ("verdict", "warning", "outcome")},
    )


def _places(store: Store, work_id: str, rows: Sequence[Row]) -> dict[str, str]:
    """The address of each quotation's place in the essay, by its id."""
    numbers = numbers_at(store.document(work_id), [r.start for r in rows])
    return {r.id: reading_address(work_id, n) for r, n in zip(rows, numbers, strict=True)}


@pages.get("/work/<work_id>/quotations.csv")
def export_csv(work_id: str) -> Response:
    """The table as CSV, kept to the same choices, every cell shown and none run."""
    store = opened().store
    essay = _essay(store, work_id)
    rows = _rows(store, work_id, store.findings(work_id))
    kept = sorted((r for r in rows if _wanted(r)), key=SORTS[_sort()][1])
    return csv_file(f"{essay.id}-quotations", COLUMNS, map(_cells, kept))


@pages.get("/work/<work_id>/sources.csv")
def sources_csv(work_id: str) -> Response:
    """The essay's list of sources as CSV."""
    store = opened().store
    essay = _essay(store, work_id)
    listed = sources(store, work_id, store.findings(work_id))
    return csv_file(f"{essay.id}-sources", SOURCE_COLUMNS, map(_source_cells, listed))


def _essay(store: Store, work_id: str) -> Work:
    work = store.work(work_id)
    if work.kind != "essay":
        raise NotThere(
            _("“%(title)s” is a source: only essays have a report of their quotations.", title=work.title)
        )
    return work


def _sort() -> str:
    asked = request.args.get("sort", "place")
    return asked if asked in SORTS else "place"


def _wanted(found: Row) -> bool:
    verdict, warning, outcome = (request.args.get(name) for name in ("verdict", "warning", "outcome"))
    return (
        (not verdict or found.verdict == verdict)
        and (not warning or warning in found.warnings)
        and (not outcome or found.outcome == outcome)
    )


def _rows(store: Corrected, work_id: str, findings: Sequence[Finding]) -> list[Row]:
    judged = _opinions(store, work_id)
    return [
        row(store, number, finding, judged.get(finding.quotation.id, ""))
        for number, finding in enumerate(findings, 1)
    ]


def _opinions(store: Corrected, work_id: str) -> dict[str, str]:
    """What the reader says of the findings of an essay, by the ids of their quotations; the newest counts.

    Nothing where the records cannot be read, which the pages of judgements say.
    """
    try:
        kept = standings(store, judgements.of_essay(reader_file(), work_id))
    except ReaderError:
        return {}
    said = [(s.quotation_id, s.judgement.opinion) for s in reversed(kept)]
    return {name: opinion or "" for name, opinion in said if name}


def row(store: Corrected, number: int, finding: Finding, judged: str = "") -> Row:
    """The row of a finding."""
    citation = finding.citation
    resolved = work_of(store, citation.work_id) if citation else None
    return Row(
        number=number,
        id=finding.quotation.id,
        start=finding.quotation.span.start,
        words=first_words(finding.text),
        cited=as_given(finding),
        outcome=citation.outcome if citation and as_given(finding) else "",
        resolved=resolved,
        candidates=tuple(filter(None, (work_of(store, w) for w in citation.candidates))) if citation else (),
        held=resolved is not None and store.is_held(resolved),
        source=work_of(store, finding.alignment.place.work_id) if finding.alignment else None,
        verdict=finding.verdict.name,
        warnings=finding.verdict.warnings,
        corrected=finding.quotation.id in store.corrected,
        judged=judged,
    )


def work_of(store: Store, work_id: str | None) -> Work | None:
    """The work of an id; None where there is none."""
    try:
        return store.work(work_id) if work_id else None
    except NotThere:
        return None


def first_words(text: str) -> str:
    """The first words of a text, with an ellipsis if there are more."""
    words = text.split()
    return " ".join(words[:FIRST_WORDS]) + ("…" if len(words) > FIRST_WORDS else "")


def as_query(text: str) -> str:
    """The first words of a text as a search asks for them: no sign or capital of it is an operator."""
    return " ".join(_WORD.findall(text.casefold())[:FIRST_WORDS])


def as_given(finding: Finding) -> str:
    """What the essay says of where the words stand; if it has no citation, whom it names. "" for nothing."""
    citation = finding.citation
    if citation is None:
        return ""
    said = (citation.said_by or citation.author, citation.title, citation.locator)
    return citation.text or ", ".join(part for part in said if part)


def sources(store: Store, essay_id: str, findings: Sequence[Finding]) -> list[SourceLine]:
    """The essay's own list of sources, in its order."""
    named = [work for f in findings if f.citation and (work := work_of(store, f.citation.work_id))]
    cited = Counter(work_id for work in named for work_id in {work.id, work.parent} if work_id)
    by_url = Counter(f.citation.url for f in findings if f.citation and f.citation.url)
    made = []
    for entry in store.entries(essay_id):
        work = work_of(store, entry.work_id)
        times = cited[entry.work_id] if entry.work_id else by_url[entry.url] if entry.url else 0
        held = work is not None and store.is_held(work)
        made.append(
            SourceLine(entry.text, entry.author, entry.title, entry.year, entry.url, work, held, times)
        )
    return made


def _cells(found: Row) -> tuple[object, ...]:
    address = url_for("beside.show", quotation_id=found.id, _external=True)
    source = found.source
    return (
        found.number, found.id, found.start, found.words, found.cited, found.outcome,
        found.resolved.title if found.resolved else "", found.verdict, " ".join(found.warnings),
        source.title if source else "", (source.url or "") if source else "", address,
        "yes" if found.corrected else "", found.judged,
    )  # fmt: skip


def _source_cells(line: SourceLine) -> tuple[object, ...]:
    work, held = line.work.id if line.work else "", "yes" if line.held else "no"
    return (line.text, line.author, line.title, line.year, line.url, work, held, line.cited)

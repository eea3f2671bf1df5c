"""What is tied to what: the quotations in each essay, the quoted places of each work, who cites whom.

Read once a generation, and small: a line a quotation. Pages that show the words themselves ask the
store for the finding.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.models import Finding, Span, VerdictName
from indexer.store import Store


@dataclass(frozen=True, slots=True)
class Tie:
    """A quotation, as a mark on a stretch of a text: of its essay, or of a work that holds its words."""

    span: Span
    quotation_id: str
    essay_id: str
    verdict: VerdictName


class Ties:
    """The quotations and citations of one generation, by the work in which they are shown."""

    def __init__(self, store: Store) -> None:
        findings = store.findings()
        self._of_essay = _by_work((f.quotation.essay_id, _tie(f, f.quotation.span)) for f in findings)
        self._of_source = _by_work(
            (place.work_id, _tie(f, place.span))
            for f in findings
            if f.alignment
            for place in (f.alignment.place, *f.alignment.others)
        )
        self._citing = _citing(store, findings)

    def quotations(self, essay_id: str) -> Sequence[Tie]:
        """The quotations that an essay makes, in the order of its text."""
        return self._of_essay.get(essay_id, ())

    def quoted(self, work_id: str) -> Sequence[Tie]:
        """The places where a work is quoted, in the order of its text."""
        return self._of_source.get(work_id, ())

    def citing(self, work_id: str) -> Sequence[str]:
        """The ids of the essays that cite, list or quote a work."""
        return self._citing.get(work_id, ())


def touching(ties: Sequence[Tie], span: Span) -> list[Tie]:
    """The ties that share at least one character with the span."""
    return [tie for tie in ties if tie.span.start < span.end and span.start < tie.span.end]


def _tie(finding: Finding, span: Span) -> Tie:
    return Tie(span, finding.quotation.id, finding.quotation.essay_id, finding.verdict.name)


def _by_work(ties: Iterable[tuple[str, Tie]]) -> dict[str, tuple[Tie, ...]]:
    found: defaultdict[str, list[Tie]] = defaultdict(list)
    for work_id, tie in ties:
        found[work_id].append(tie)
    return {
        work_id: tuple(sorted(of_work, key=lambda tie: (tie.span, tie.quotation_id)))
        for work_id, of_work in found.items()
    }


def _citing(store: Store, findings: Iterable[Finding]) -> dict[str, tuple[str, ...]]:
    """Essay ids by the id of the work that they cite: by a quotation, a list of sources, the catalogue."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for finding in findings:
        essay = finding.quotation.essay_id
        if finding.citation and finding.citation.work_id:
            found[finding.citation.work_id].add(essay)
        if finding.alignment:
            found[finding.alignment.place.work_id].add(essay)
    for entry in store.entries():
        if entry.work_id:
            found[entry.work_id].add(entry.essay_id)
    for work in store.works():
        found[work.id].update(work.cited_by)
    return {work_id: tuple(sorted(essays)) for work_id, essays in found.items() if essays}

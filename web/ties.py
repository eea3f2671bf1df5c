"""What is tied to what: the quotations in each essay, the quoted places of each work, who cites whom.

Read once a generation, and small: a line a quotation. Pages that show the words themselves ask the
store for the finding.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.models import Finding, Span, VerdictName, Work
from indexer.store import Store
from web.addresses import absolute, bare, host


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
        self._words = _words(findings)
        self._citing = _citing(store, findings)
        self._at = _at(store.works())

    def quotations(self, essay_id: str) -> Sequence[Tie]:
        """The quotations that an essay makes, in the order of its text."""
        return self._of_essay.get(essay_id, ())

    def quoted(self, work_id: str) -> Sequence[Tie]:
        """The places where a work is quoted, in the order of its text."""
        return self._of_source.get(work_id, ())

    def words(self, work_id: str) -> Sequence[Span]:
        """The very words of a work that essays quote: a place less what was left out of it."""
        return self._words.get(work_id, ())

    def citing(self, work_id: str) -> Sequence[str]:
        """The ids of the essays that cite, list or quote a work."""
        return self._citing.get(work_id, ())

    def linked(self, work: Work, link: str) -> str | None:
        """The id of another work of the archive to which a link in the text of `work` leads, if one does."""
        address = absolute(work.url, link)
        found = self._at.get(bare(address)) if address else None
        if found is None and work.file and host(link) is None:
            found = self._at.get((absolute(work.file, link) or "").partition("#")[0])
        return found if found != work.id else None


def touching(ties: Sequence[Tie], span: Span) -> list[Tie]:
    """The ties that share at least one character with the span."""
    return [tie for tie in ties if tie.span.start < span.end and span.start < tie.span.end]


def _tie(finding: Finding, span: Span) -> Tie:
    return Tie(span, finding.quotation.id, finding.quotation.essay_id, finding.verdict.name)


def _at(works: Iterable[Work]) -> dict[str | None, str | None]:
    """Work ids by their addresses and files; None where two held works have one address."""
    found: dict[str | None, str | None] = {}
    held = sorted(works, key=lambda work: work.file is None)
    for work in held:
        for place in {bare(url) for url in (work.url, *work.also) if url} - {None}:
            if place not in found:
                found[place] = work.id
            elif work.file:
                found[place] = None
        if work.file:
            found[work.file] = work.id
    return found


def _by_work(ties: Iterable[tuple[str, Tie]]) -> dict[str, tuple[Tie, ...]]:
    found: defaultdict[str, list[Tie]] = defaultdict(list)
    for work_id, tie in ties:
        found[work_id].append(tie)
    return {
        work_id: tuple(sorted(of_work, key=lambda tie: (tie.span, tie.quotation_id)))
        for work_id, of_work in found.items()
    }


def _words(findings: Iterable[Finding]) -> dict[str, tuple[Span, ...]]:
    """Spans by the id of the work in which they lie; of further, equal places the whole place."""
    found: defaultdict[str, set[Span]] = defaultdict(set)
    for alignment in (f.alignment for f in findings if f.alignment):
        for piece in alignment.pieces:
            found[piece.work_id].add(piece.source)
        for place in alignment.others:
            found[place.work_id].add(place.span)
    return {work_id: tuple(sorted(spans)) for work_id, spans in found.items()}


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

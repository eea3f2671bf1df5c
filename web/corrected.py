"""The records of an index as the reader corrects them: what counts once a right work or place is named.

A judgement keeps words. Here they are found again in the index in force: the quotation that they are, and
the place that they name. What is no longer there is told, never guessed. A corrected quotation is judged
again by the same rules; the machine's own finding stays beside it.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from indexer.errors import NotThere
from indexer.models import Finding, Span
from indexer.store import Store
from web.anchoring import anchor, anchors
from web.language import N_
from web.reader.judgements import Correction, Judgement

Again = Callable[[Finding, str, Span | None], Finding]
State = Literal["stands", "orphan", "unquoted", "gone", "place-orphan", "place-gone"]

STATES: Mapping[State, str] = {
    "stands": "",
    "orphan": N_(
        "The essay no longer has these words. They are kept as they were, and count for nothing else."
    ),
    "unquoted": N_("The essay still has these words, but no quotation of them is found any more."),
    "gone": N_("The archive no longer holds this essay. The words are kept as they were."),
    "place-orphan": N_(
        "The work that you named no longer has the words that you named. Until you name a place "
        "anew, the machine’s own finding counts."
    ),
    "place-gone": N_(
        "The archive no longer has the work that you named. Until you name another, the machine’s "
        "own finding counts."
    ),
}
"""What became of a judgement: a sentence for each state but the good one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A judgement and what became of it: the quotation that it is of now, and the place that it names."""

    judgement: Judgement
    state: State
    quotation_id: str | None = None
    place: Span | None = None


class Corrected(Store):
    """The records of one generation, with the findings that corrections change in the machine's stead."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.kept: Sequence[Judgement] = ()
        self.again: Again | None = None
        self._known: dict[Judgement, tuple[str, Finding] | None] = {}

    def under(self, kept: Sequence[Judgement], again: Again) -> "Corrected":
        """The same records under these corrections, the newest first; what is known is not judged anew."""
        other = copy(self)
        other.__dict__.pop("corrected", None)
        other.kept, other.again = kept, again
        return other

    @cached_property
    def corrected(self) -> Mapping[str, Finding]:
        """The findings that a correction counts for, by the ids of their quotations."""
        found: dict[str, Finding] = {}
        for judgement in self.kept:
            if judgement not in self._known:
                self._known[judgement] = self._judged(judgement)
            if pair := self._known[judgement]:
                found.setdefault(*pair)
        return found

    def _judged(self, judgement: Judgement) -> tuple[str, Finding] | None:
        [standing] = standings(self, [judgement])
        said, quotation = judgement.correction, standing.quotation_id
        if standing.state != "stands" or quotation is None or said is None or self.again is None:
            return None
        return quotation, self.again(self.machine(quotation), said.work_id, standing.place)

    def machine(self, quotation_id: str) -> Finding:
        """The machine's own finding, whatever the reader says of it. Raises NotThere."""
        return super().finding(quotation_id)

    def finding(self, quotation_id: str) -> Finding:
        """One finding by the id of its quotation, as corrected. Raises NotThere."""
        return self.corrected.get(quotation_id) or super().finding(quotation_id)

    def findings(self, essay_id: str | None = None) -> list[Finding]:
        """All findings of an essay, or of all essays, as corrected."""
        return [self.corrected.get(f.quotation.id, f) for f in super().findings(essay_id)]

    def verdicts(self, essay_id: str | None = None) -> dict[str, int]:
        """How many quotations have which verdict, as corrected."""
        counts = super().verdicts(essay_id)
        for quotation_id, finding in self.corrected.items():
            if essay_id in (None, finding.quotation.essay_id):
                counts[self.machine(quotation_id).verdict.name] -= 1
                counts[finding.verdict.name] = counts.get(finding.verdict.name, 0) + 1
        return {name: number for name, number in counts.items() if number}


def standings(store: Store, kept: Sequence[Judgement]) -> list[Standing]:
    """What became of each judgement, in the given order. An essay is read once for all of its own."""
    of_essay: dict[str, list[Judgement]] = {}
    for judgement in kept:
        of_essay.setdefault(judgement.quotation.work_id, []).append(judgement)
    found = {s.judgement.id: s for essay, of in of_essay.items() for s in _of_essay(store, essay, of)}
    return [found[judgement.id] for judgement in kept]


def _of_essay(store: Store, essay_id: str, kept: Sequence[Judgement]) -> list[Standing]:
    try:
        text = store.document(essay_id).text
    except NotThere:
        return [Standing(judgement, "gone") for judgement in kept]
    quoted = {f.quotation.id: f.quotation.span for f in Store.findings(store, essay_id)}
    spans = anchors([judgement.quotation for judgement in kept], text)
    return [_standing(store, j, span, quoted) for j, span in zip(kept, spans, strict=True)]


def _standing(store: Store, judgement: Judgement, span: Span | None, quoted: Mapping[str, Span]) -> Standing:
    if span is None:
        return Standing(judgement, "orphan")
    quotation = _quotation(span, quoted)
    if quotation is None:
        return Standing(judgement, "unquoted")
    state, place = _place(store, judgement.correction)
    return Standing(judgement, state, quotation, place)


def _quotation(span: Span, quoted: Mapping[str, Span]) -> str | None:
    """The quotation that has most of the kept words, and little else; None if no one does."""

    def shared(quotation_id: str) -> int:
        other = quoted[quotation_id]
        return min(other.end, span.end) - max(other.start, span.start)

    best = max(quoted, key=shared, default=None)
    # Half of the longer of the two: a quotation that was joined to another is another quotation.
    if best is None or 2 * shared(best) <= max(len(span), len(quoted[best])):
        return None
    return best


def _place(store: Store, said: Correction | None) -> tuple[State, Span | None]:
    """Where the place that was named stands now."""
    if said is None:
        return "stands", None
    try:
        store.work(said.work_id)
        text = store.document(said.work_id).text if said.passage else ""
    except NotThere:
        return "place-gone", None
    if said.passage is None:
        return "stands", None
    place = anchor(said.passage, text)
    return ("stands", place) if place else ("place-orphan", None)

"""The index in force as the beginning of the next: what holds of it, and what is otherwise now.

An index renewed step by step holds the same records, row for row, as one that is built at once. What is
taken over is what everything it was made from still has: a text its file and its catalogue's words; the
citations of an essay the answers that they got from the works; a finding what it cites, the works in
which it stands, and that nothing new, changed or gone is worth trying for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indexer import citations, store
from indexer.align import Seeds, Swap, may_differ, part, prepare, renewed
from indexer.build.holdings import Holdings, Last
from indexer.build.texts import Texts
from indexer.models import Finding


@dataclass(frozen=True, slots=True)
class Change:
    """What is otherwise than in the last index, as far as findings hang on it. `swap` are the sources that
    are new, changed or gone, with those of their family; None where there is no such."""

    last: Last
    now: Holdings
    swap: Swap | None
    asked: Mapping[str, Sequence[str]]

    def same_work(self, work_id: str) -> bool:
        """Whether a work, and its text if it is held, is as it was."""
        then, now = self.last.holdings, self.now
        same_text = _digest(then.facts.get(work_id)) == _digest(now.facts.get(work_id))
        return same_text and then.works.get(work_id) == now.works.get(work_id)

    def cites_the_same(self, essay_id: str) -> bool:
        """Whether the citations of an essay that is as it was are so too."""
        if essay_id not in self.asked:
            return False
        if self.last.holdings.works == self.now.works:
            return True
        return not citations.otherwise(self.last.holdings.shelf, self.now.shelf, self.asked[essay_id])

    def holds(self, finding: Finding, text: str) -> bool:
        """Whether a finding of an essay with this text holds, given that its citation does."""
        then, essay_id = self.last.holdings, finding.quotation.essay_id
        meant, without = self.now.meant(finding.citation), self.now.doubles[essay_id]
        if meant != then.meant(finding.citation) or without != then.doubles[essay_id]:
            return False
        places = _places(finding)
        if not all(map(self.same_work, places)):
            return False
        if self.swap is None:
            return True
        if self.swap.works & {*places, *meant[0], *without}:
            return False
        return not may_differ(finding.quotation, text, self.swap, finding.alignment, without)


def _digest(facts: store.Facts | None) -> str | None:
    return facts.digest if facts else None


def _places(finding: Finding) -> set[str]:
    """The works in which a quotation stands, or may stand in other words."""
    found = finding.alignment
    places = (found.place, *found.others, finding.perhaps) if found else (finding.perhaps,)
    return {p.work_id for p in places if p} | {p.work_id for p in (found.pieces if found else ())}


def renew(texts: Texts, last: Last | None) -> tuple[Seeds, Change | None]:
    """The words of all sources, and what is otherwise than in the last index; None where there is none."""
    now = Holdings(texts.works, texts.facts)
    sources = _sources(now)
    if last is None:
        return prepare(texts.documents[i] for i in sources), None
    before, seeds = _sources(last.holdings), Seeds.load(last.records.seeds())
    asked = last.records.asked()
    other = {i for i in before.keys() | sources.keys() if before.get(i) != sources.get(i)}
    if not other:
        return seeds, Change(last, now, None, asked)
    families = {every[i][0] for every in (before, sources) for i in other if i in every}
    then, these = ([i for i, (f, _) in every.items() if f in families] for every in (before, sources))
    read = {i: texts.documents[i] for i in _read(sources, before)}
    fresh = renewed(seeds, (texts.works[i] for i in sources), read)
    swap = Swap(seeds, fresh, part(seeds, then), part(fresh, these), frozenset([*then, *these]))
    return fresh, Change(last, now, swap, asked)


def _sources(holdings: Holdings) -> dict[str, tuple[str, str]]:
    """Of each held source the family of chapters that it is of, and the digest of its text."""
    works = (holdings.works[i] for i in sorted(holdings.facts))
    return {w.id: (w.parent or w.id, holdings.facts[w.id].digest) for w in works if w.kind == "source"}


def _read(now: Mapping[str, tuple[str, str]], then: Mapping[str, tuple[str, str]]) -> Iterable[str]:
    """The sources whose words are not those of before."""
    return (i for i, (_, digest) in now.items() if i not in then or then[i][1] != digest)

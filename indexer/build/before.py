"""What the last index found already: only a quotation that can have another place is aligned again.

A place found before holds if the quotation and what it cites are the same, if the works of that place
have not changed, and if no source that is new or changed could hold the words. The last is asked of
an index of those sources alone, which is small.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from indexer import store
from indexer.align import Seeds, align, prepare
from indexer.build.texts import Texts
from indexer.errors import LoccitError
from indexer.models import Alignment, Citation, Document, Quotation, Span

# A quotation of an essay that has not changed, and what it cites: two with the same key have the same place.
Key = tuple[str, Span, str | None, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Sought:
    """A quotation of an essay with this text, the cited works that are held, those not to be looked into."""

    quotation: Quotation
    text: str
    cited: tuple[str, ...]
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """The alignments of the last index, and the sources that are new, changed or gone since."""

    known: Mapping[Key, Alignment | None]
    changed: frozenset[str]
    fresh: Seeds | None

    def place(self, citation: Citation, sought: Sought, seeds: Seeds) -> Alignment | None:
        """Where the quotation stands now: as before if that cannot have changed, else aligned anew."""
        key = _key(sought.quotation, citation)
        if key in self.known and self._holds(self.known[key], sought):
            old = self.known[key]
            return None if old is None else replace(old, quotation_id=sought.quotation.id)
        return align(sought.quotation, sought.text, seeds, sought.cited, sought.without)

    def _holds(self, old: Alignment | None, sought: Sought) -> bool:
        if self.changed & {*_works(old), *sought.cited, *sought.without}:
            return False
        if self.fresh is None:
            return True
        return align(sought.quotation, sought.text, self.fresh, (), sought.without) is None


NOTHING = Before({}, frozenset(), None)


def remembered(index: Path, texts: Texts, program: str) -> Before:
    """What the index in force says that still holds; nothing if another program built it."""
    try:
        records = store.Store(store.current(index))
    except LoccitError:
        return NOTHING
    if records.meta.get("program") != program:
        return NOTHING
    changed = _changed(texts.sources, records.digests("source"))
    edited = _changed(texts.essays, records.digests("essay"))
    fresh = [d for d in texts.sources if d.work.id in changed]
    found = (f for f in records.findings() if f.quotation.essay_id not in edited)
    known = {_key(f.quotation, f.citation): f.alignment for f in found}
    return Before(known, changed, prepare(fresh) if fresh else None)


def _changed(documents: Iterable[Document], then: Mapping[str, str]) -> frozenset[str]:
    """The documents that are new, gone, or not as they were."""
    now = {d.work.id: store.digest(d) for d in documents}
    return frozenset(i for i in now.keys() | then.keys() if now.get(i) != then.get(i))


def _key(quotation: Quotation, citation: Citation | None) -> Key:
    meant = (citation.work_id, citation.candidates) if citation else (None, ())
    return (quotation.essay_id, quotation.span, *meant)


def _works(old: Alignment | None) -> set[str]:
    if old is None:
        return set()
    return {p.work_id for p in old.pieces} | {p.work_id for p in (old.place, *old.others)}

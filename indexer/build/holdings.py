"""What an archive holds, without its texts: what a citation can mean in it, now and in the last index."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from indexer import citations, contents, store
from indexer.errors import LoccitError
from indexer.models import Citation, Work


@dataclass(frozen=True)
class Holdings:
    """What a citation can mean in an archive: the works, and of each work which held texts it stands for."""

    works: Mapping[str, Work]
    facts: Mapping[str, store.Facts]

    @cached_property
    def shelf(self) -> citations.Shelf:
        """The works, to be found by a citation."""
        return citations.shelve(self.works.values())

    @cached_property
    def chapters(self) -> dict[str, tuple[str, ...]]:
        """The held chapters of each work, in the order of their ids."""
        found: dict[str, list[str]] = {}
        for work in sorted(self.works.values(), key=lambda w: w.id):
            if work.parent is not None and work.id in self.facts:
                found.setdefault(work.parent, []).append(work.id)
        return {parent: tuple(ids) for parent, ids in found.items()}

    @cached_property
    def whole(self) -> frozenset[str]:
        """The works that are held, with all the chapters that they name."""
        texts = (w for w in self.works.values() if w.id in self.facts)
        held = {contents.key(url) for w in texts for url in (w.url, *w.also) if url}
        return frozenset(
            i for i, f in self.facts.items()
            if i not in self.chapters or not contents.lacking(f.chapters, held)
        )  # fmt: skip

    @cached_property
    def doubles(self) -> dict[str, tuple[str, ...]]:
        """The sources that are an essay itself, held a second time: there all of it would be verbatim."""
        same: dict[str, list[str]] = {}
        names = {i: (f.wording, contents.key(self.works[i].url or "")) for i, f in sorted(self.facts.items())}
        for work_id, found in names.items():
            for name in filter(None, found) if self.works[work_id].kind == "source" else ():
                same.setdefault(name, []).append(work_id)
        essays = (i for i in names if self.works[i].kind == "essay")
        return {i: tuple(sorted({d for n in names[i] for d in same.get(n, ())})) for i in essays}

    def meant(self, citation: Citation | None) -> tuple[tuple[str, ...], bool]:
        """The held texts that a citation can mean, and whether all that it can mean is held whole."""
        named = () if citation is None else (citation.work_id,) if citation.work_id else citation.candidates
        texts = (i for n in named for i in (n, *self.chapters.get(n, ())) if i in self.facts)
        return tuple(dict.fromkeys(texts)), bool(named) and all(n in self.whole for n in named)


@dataclass(frozen=True, slots=True)
class Last:
    """The index in force, made by this very program; what every text and file was, without the texts."""

    folder: Path
    records: store.Store
    holdings: Holdings
    bases: Mapping[str, str]


def last_index(index: Path, program: str) -> Last | None:
    """The index in force; None if there is none or another program made it."""
    try:
        folder = store.current(index)
    except LoccitError:
        return None
    records = store.Store(folder)
    if records.meta.get("program") != program:
        return None
    holdings = Holdings({w.id: w for w in records.works()}, records.facts())
    return Last(folder, records, holdings, records.bases())

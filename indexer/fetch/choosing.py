"""What there is to fetch: the works that the catalogue names, the addresses that essays themselves give, and
the chapters of tables of contents."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from indexer import catalogue, contents
from indexer.errors import NotThere
from indexer.extract import extract
from indexer.fetch.addresses import mended
from indexer.fetch.outcome import Outcome
from indexer.models import Kind, Work
from indexer.workers import Standing

# A book has some tens of chapters, a report of hearings as well; what names more is an index of a library.
MOST_CHAPTERS = 300


@dataclass(frozen=True, slots=True)
class Cited:
    """That an essay cites a work, or an address of which no work is known."""

    essay: str
    work: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Selection:
    """What the reader asked for: works by their ids, what an essay cites, or with neither all there is.

    `cited` is what the last index read in the essays, which the catalogue need not know.
    """

    works: Sequence[str] = ()
    essay: str | None = None
    recursive: bool = False
    refresh: bool = False
    cited: Sequence[Cited] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be asked for: the addresses, the first that gives a text will do; `held` is the record of
    the file that is held already, and asked for again."""

    collection: str
    kind: Kind
    addresses: tuple[str, ...]
    work: str | None = None
    held: dict[str, Any] = field(default_factory=dict)


def selected(raw: Path, works: Sequence[Work], selection: Selection) -> list[Work]:
    """The works that are meant. Raises NotThere for a work or an essay that there is not."""
    known = {work.id for work in works}
    asked = [*selection.works, *([selection.essay] if selection.essay else [])]
    if (unknown := next((i for i in asked if i not in known), None)) is not None:
        raise NotThere(f"There is no work “{unknown}” in {raw}. loccit list shows all.")
    if not asked:
        return list(works)
    named = {*selection.works, *(c.work for c in selection.cited if c.essay == selection.essay)}
    return [work for work in works if work.id in named or selection.essay in work.cited_by]


def wanted(raw: Path, works: Sequence[Work], selection: Selection) -> Iterator[Wanted | Outcome]:
    """What of all works is to be asked for, or why there is nothing to ask.

    Works that are held, or have no address, are passed over in silence unless they were named.
    """
    chosen = selected(raw, works, selection)
    named, recorded = set(selection.works), _recorded(raw, works)
    taken = {catalogue.bare(work.url): work.id for work in works if work.file and work.url}
    for work in chosen:
        if work.file is not None:
            record = _as_held(raw, work.file, recorded.get(work.file, {}))
            if record.get("fetched") and (selection.refresh or record.get("missing")):
                collection = work.file.partition("/")[0]
                yield Wanted(collection, work.kind, (record["url"],), work.id, record)
            elif work.id in named:
                yield Outcome(work.url or "", "unchanged", work.id, work.file, _held(record))
            continue
        addresses = tuple(url for url in (work.url, *work.also) if url)
        twin = taken.setdefault(catalogue.bare(addresses[0]), work.id) if addresses else None
        if twin == work.id:
            yield Wanted(work.collection, work.kind, addresses, work.id)
        elif work.id in named:
            reason = f"its address is that of {twin}" if twin else _no_address(work)
            yield Outcome(work.url or "", "unchanged" if twin else "failed", work.id, reason=reason)
    yield from _unlisted(works, selection)


def _unlisted(works: Sequence[Work], selection: Selection) -> Iterator[Wanted]:
    """The addresses that essays give of what no work is known; they go into the collection of the essay."""
    if selection.works and not selection.essay:
        return
    essays = {work.id: work for work in works if selection.essay in (None, work.id)}
    known = {catalogue.bare(url) for work in works for url in (work.url, *work.also) if url}
    for cited in selection.cited:
        if cited.url and not cited.work and cited.essay in essays and catalogue.bare(cited.url) not in known:
            known.add(catalogue.bare(cited.url))
            yield Wanted(essays[cited.essay].collection, "source", (cited.url,))


def _no_address(work: Work) -> str:
    return "the catalogue has no address of it" + (
        f"; --essay {work.id} gets what it cites" if work.kind == "essay" else ""
    )


def _as_held(raw: Path, file: str, record: dict[str, Any]) -> dict[str, Any]:
    """What was recorded of a file, and that it is `missing` where somebody deleted it."""
    return record if (raw / file).is_file() else record | {"missing": True}


def _recorded(raw: Path, works: Sequence[Work]) -> dict[str, dict[str, Any]]:
    """What was recorded of the files of works, by file."""
    folders = {work.file.partition("/")[0] for work in works if work.file}
    return {file: line for folder in folders for file, line in catalogue.records(raw, folder).items()}


def _held(record: dict[str, Any]) -> str:
    return "it is held already" + (": --refresh asks again" if record.get("fetched") else "")


def chapters(raw: Path, selection: Selection) -> Iterator[Wanted | Outcome]:
    """The chapters that held tables of contents name and that are not held, of their own folder only."""
    works = [work for collection in catalogue.collections(raw) for work in collection.works]
    held = {contents.key(w.url) for w in works if w.url and w.file}
    works = [w for w in selected(raw, works, selection) if w.file and w.kind == "source" and w.url]
    recorded = _recorded(raw, works)
    with Standing(_chapters) as named:
        for work in works:
            # Where a redirect led, there the links begin; a copy at the Wayback Machine is no such place.
            base = recorded.get(work.file or "", {}).get("final") or work.url or ""
            found = named((replace(work, url=base), raw / (work.file or "")))
            missing = [] if isinstance(found, str) else _missing(found, base, held)
            for url in missing[:MOST_CHAPTERS]:
                held.add(contents.key(url))
                yield Wanted((work.file or "").partition("/")[0], "source", (url,))
            if len(missing) > MOST_CHAPTERS:
                reason = f"it names {len(missing):,} chapters; only {MOST_CHAPTERS} are asked for in one run"
                yield Outcome(work.url or "", "failed", work.id, work.file, reason)


def _missing(named: Iterable[str], base: str, held: Collection[str]) -> list[str]:
    """Those of the chapters of a page at `base` whose keys are not among those held."""
    return [mended(url) for url in contents.lacking(named, held) if _within(base, url)]


def _chapters(task: tuple[Work, Path]) -> Sequence[str]:
    """The addresses of the chapters that a work names; its file may be anything."""
    work, path = task
    return contents.chapters(extract(work, path.read_bytes()))


def _within(base: str, url: str) -> bool:
    """Whether an address lies in the folder of another, at the same host."""
    above, below = urlsplit(base), urlsplit(url)
    folder = above.path.rpartition("/")[0] + "/"
    return above.netloc == below.netloc and below.path.startswith(folder) and below.path != above.path

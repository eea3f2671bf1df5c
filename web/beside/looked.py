"""The citation resolved, and where a quotation was looked for that was not found."""

from dataclasses import dataclass

from indexer.compare import number_at
from indexer.models import Citation, Finding, Place, Work
from indexer.store import Store, where
from web import find
from web.addresses import reading_address
from web.library import Opened
from web.report import work_of


@dataclass(frozen=True, slots=True)
class Looked:
    """Where a quotation was looked for: the cited work and its chapters or the candidates, each held or
    not, and the number of sources that the archive holds."""

    works: tuple[tuple[Work, bool], ...]
    sources: int


@dataclass(frozen=True, slots=True)
class Perhaps:
    """Where the cited work may have the quotation in other words: its paragraphs, and where to read on."""

    work: Work
    locator: str | None
    text: str
    address: str


def cited(store: Store, citation: Citation | None) -> dict[str, object] | None:
    """The citation's works, resolved: the one that is meant and whether it is held, or the candidates."""
    if citation is None:
        return None
    work = work_of(store, citation.work_id)
    return {
        "work": work,
        "held": work is not None and store.is_held(work),
        "candidates": [w for w in (work_of(store, c) for c in citation.candidates) if w],
    }


def looked(here: Opened, finding: Finding) -> Looked:
    """Where the words were looked for."""
    store, citation = here.store, finding.citation
    ids = [citation.work_id, *citation.candidates] if citation else []
    named = [work for work in (work_of(store, work_id) for work_id in dict.fromkeys(ids)) if work]
    every = [w for work in named for w in (work, *store.children(work.id))]
    return Looked(
        works=tuple((w, w.file is not None) for w in every),
        sources=find.looked(here).sources,
    )


def perhaps(store: Store, place: Place | None) -> Perhaps | None:
    """What may be the passage in other words, with its paragraphs."""
    if place is None:
        return None
    document = store.document(place.work_id)
    inside = [
        b.span for b in document.blocks if b.span.start < place.span.end and place.span.start < b.span.end
    ]
    number = number_at(document, place.span.start)
    return Perhaps(
        document.work,
        where(document, place.span.start)[0],
        document.text[inside[0].start : inside[-1].end] if inside else "",
        reading_address(place.work_id, number),
    )

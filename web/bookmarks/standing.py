"""What became of each bookmark's place: where its words stand now, or that they stand no longer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from indexer.compare import number_at
from indexer.errors import NotThere
from indexer.models import Document, Span, Work
from indexer.store import where
from web.addresses import bare
from web.anchoring import anchors
from web.language import N_
from web.library import Opened
from web.reader.bookmarks import Bookmark
from web.ties import touching

State = Literal["stands", "orphan", "gone", "search", "unknown"]

STATES: Mapping[State, str] = {
    "stands": "",
    "orphan": N_(
        "These words stand no longer in the text that the archive holds. They are kept as they were."
    ),
    "gone": N_("The archive does not hold this work. The words are kept as they were."),
    "search": "",
    "unknown": N_("The archive has no index just now, so the place cannot be shown. The words are kept."),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A bookmark and what became of its place: where its words stand now, and in which quotation.

    `number` is that of its first block in the reader; `locator` says where in the original that is, and
    `speaker` who speaks there.
    """

    bookmark: Bookmark
    state: State
    span: Span | None = None
    work: Work | None = None
    quotation_id: str | None = None
    number: int | None = None
    locator: str | None = None
    speaker: str | None = None


def standings(here: Opened | None, kept: Sequence[Bookmark]) -> list[Standing]:
    """What became of each bookmark's place, in the given order; `here` is None where there is no index.

    A text is read once for all of its own, and folded only if one of them does not stand as it stood.
    """
    if here is None:
        return [Standing(b, "search" if b.kind == "search" else "unknown") for b in kept]
    at = by_address(here)
    of_work: dict[str, list[Bookmark]] = {}
    for b in kept:
        work_id = b.work_id if b.work_id in here.known else at.get(bare(b.url) or "", "")
        of_work.setdefault(work_id, []).append(b)
    found = {s.bookmark.id: s for work_id, of in of_work.items() for s in _of_work(here, work_id, of)}
    return [found[b.id] for b in kept]


def of_state(here: Opened | None, kept: Sequence[Bookmark], state: str) -> list[Standing]:
    """The standings of one state; all of them where no state is asked for, or no index can tell."""
    found = standings(here, kept)
    return [s for s in found if s.state == state] if state and here else found


def by_address(here: Opened) -> Mapping[str, str]:
    """The ids of the works of an archive by their addresses."""
    return here.once("by address", lambda opened: work_ids(opened.works))


def work_ids(works: Iterable[Work]) -> dict[str, str]:
    """The ids of works by their addresses, each in its bare form; an address of several works is none's."""
    found: dict[str, set[str]] = {}
    for work in works:
        for url in filter(None, (work.url, *work.also)):
            found.setdefault(bare(url) or "", set()).add(work.id)
    return {url: next(iter(ids)) for url, ids in found.items() if url and len(ids) == 1}


def _of_work(here: Opened, work_id: str, kept: Sequence[Bookmark]) -> list[Standing]:
    try:
        document = here.store.document(work_id)
    except NotThere:
        known = here.known.get(work_id)
        return [Standing(b, "search" if b.kind == "search" else "gone", None, known) for b in kept]
    return [
        _standing(here, document, b, span) for b, span in zip(kept, anchors(kept, document.text), strict=True)
    ]


def _standing(here: Opened, document: Document, b: Bookmark, span: Span | None) -> Standing:
    if span is None:
        return Standing(b, "orphan", None, document.work)
    locator, speaker = where(document, span.start)
    number = number_at(document, span.start)
    quotation_id = _quotation(here, b, document.work.id, span)
    return Standing(b, "stands", span, document.work, quotation_id, number, locator, speaker)


def _quotation(here: Opened, kept: Bookmark, work_id: str, span: Span) -> str | None:
    """The quotation that a bookmark of one means now: numbers change, its words do not."""
    if kept.kind not in ("quotation", "comparison"):
        return None

    def shared(tie_span: Span) -> int:
        return min(tie_span.end, span.end) - max(tie_span.start, span.start)

    ties = touching(here.ties.quotations(work_id), span)
    best = max(ties, key=lambda tie: shared(tie.span), default=None)
    return best.quotation_id if best else None

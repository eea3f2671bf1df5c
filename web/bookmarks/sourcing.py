"""Bookmarks with what is to be cited for them: their source, and the other side of a comparison."""

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.models import Document, Span, Work
from indexer.store import where
from web.addresses import host
from web.bookmarks.bibliography import Source, sentence
from web.bookmarks.standing import Standing
from web.citing import Cited, Form, cited_here
from web.library import Opened
from web.verdicts import LABELS

LONGEST_GAP = 400
"""Letters between two matched stretches of a source that are written out; of more stands an ellipsis."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What a source says where a quotation was found in it; `place` cites it as a note does."""

    words: str
    place: str


@dataclass(frozen=True, slots=True)
class Beside:
    """The other side of a comparison: its verdict as a word, and the passages, one a work that has words."""

    verdict: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A bookmark with what is to be cited for it; nothing of a search. `beside` is a comparison's alone.

    `site` is where the archive is served, so that a search can be followed from a file; "" where it is not.
    """

    standing: Standing
    source: Source | None
    beside: Beside | None = None
    site: str = ""

    @property
    def address(self) -> str:
        """The address of the page of a search."""
        return self.site + self.standing.bookmark.address

    @property
    def citation(self) -> str:
        """The source and the place in it, in one line; of a search, its address."""
        return sentence(self.source, self.standing.locator) if self.source else f"Search: {self.address}"


def sourced(here: Opened | None, standings: Sequence[Standing], site: str = "") -> list[Kept]:
    """Bookmarks with their sources, in the given order; the archive is served at `site`, if anywhere."""
    works = {s.work.id: s.work for s in standings if s.work}
    found = {name: _cited(here, work) for name, work in works.items()} if here else {}
    return [
        Kept(s, found[s.work.id] if s.work else _unknown(s), _beside(here, s) if here else None, site)
        for s in standings
    ]


def _beside(here: Opened, standing: Standing) -> Beside | None:
    """What the comparison of a bookmark shows beside the essay's words, as the index has it now."""
    if standing.bookmark.kind != "comparison" or standing.quotation_id is None:
        return None
    finding = here.store.finding(standing.quotation_id)
    passages = []
    pieces = finding.alignment.pieces if finding.alignment else ()
    for work_id in dict.fromkeys(piece.work_id for piece in pieces):
        document = here.store.document(work_id)
        spans = sorted(piece.source for piece in pieces if piece.work_id == work_id)
        locator, _ = where(document, spans[0].start)
        source = _cited(here, document.work)
        passages.append(Passage(_words(document, spans), sentence(source, locator)))
    return Beside(LABELS[finding.verdict.name], tuple(passages))


def _words(document: Document, spans: Sequence[Span]) -> str:
    """The text from the first matched stretch to the last, on one line."""
    text, at = "", spans[0].start
    for span in spans:
        gap = span.start - at
        text += document.text[at : span.start] if gap <= LONGEST_GAP else " […] "
        text, at = text + document.text[max(at, span.start) : span.end], max(at, span.end)
    return " ".join(text.split())


def _cited(here: Opened, work: Work) -> Source:
    provenance = here.store.provenance(work.file) if work.file else None
    accessed = provenance.added[:10] if provenance and provenance.url else None
    return Source(work.id, cited_here(here, work), accessed)


def _unknown(standing: Standing) -> Source | None:
    """What is known of a source that the archive does not hold: what the bookmark was kept with."""
    b = standing.bookmark
    if b.kind == "search":
        return None
    url = b.url if host(b.url) else None
    form: Form = "page" if url else "document"
    title = b.label or b.work_id or b.url
    return Source(b.work_id or b.url, Cited(form, title, (), None, None, url, None, None))

"""The place that the essay cites, and the one where the words stand in the text held."""

from collections.abc import Iterator

from indexer.models import Document, Finding
from indexer.store import Store, where
from indexer.verdict import CitedPlace, cited_places


def placed(store: Store, finding: Finding) -> tuple[CitedPlace, ...]:
    """What the two have to say of each other, where the words stand in the cited work and nowhere else.

    A citation at second hand may give the place in either work, so nothing is said of it.
    """
    cited, found = finding.citation, finding.alignment
    if not (cited and found and finding.in_cited_work) or cited.via:
        return ()
    works = {piece.work_id for piece in found.pieces}
    if works != {found.place.work_id}:
        return ()
    document = store.document(found.place.work_id)
    ends = [
        (_named(document, piece.source.start), _named(document, piece.source.end - 1))
        for piece in found.pieces
    ]
    return cited_places(cited.locator, ends)


def _named(document: Document, offset: int) -> str:
    """How the text held names a place: by the chapter that the whole work is, and by what stands above it."""
    return ", ".join(_names(document, offset))


def _names(document: Document, offset: int) -> Iterator[str]:
    if document.work.parent:
        yield document.work.title
    if locator := where(document, offset)[0]:
        yield locator

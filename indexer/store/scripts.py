"""The records as scripts read them: what is here is a promise (docs/scripts.md)."""

from dataclasses import astuple
from typing import Any

from indexer.models import Change, Citation, Entry, Finding, Place
from indexer.store.places import where
from indexer.store.reading import Store


def finding_json(store: Store, finding: Finding) -> dict[str, Any]:
    """The record of a quotation that scripts rely on; its fields are a promise (docs/scripts.md)."""
    q, a = finding.quotation, finding.alignment
    return {
        "id": q.id,
        "work": q.essay_id,
        "start": q.span.start,
        "end": q.span.end,
        "text": finding.text,
        "form": q.form,
        "citation": citation_json(finding.citation),
        "verdict": finding.verdict.name,
        "warnings": list(finding.verdict.warnings),
        "in_cited_work": finding.in_cited_work,
        "source": None if a is None else place_json(store, a.place),
        "places": [] if a is None else [place_json(store, p) for p in a.others],
        "pieces": [
            {"quote": astuple(p.quote), "work": p.work_id, "source": astuple(p.source)}
            for p in (a.pieces if a else ())
        ],
        "changes": [change_json(c) for c in finding.verdict.changes],
        "score": None if a is None else round(a.score, 2),
    }


def place_json(store: Store, place: Place) -> dict[str, Any]:
    """A place as scripts read it; `text` runs from the first matched word of the source to the last."""
    document = store.document(place.work_id)
    locator, speaker = where(document, place.span.start)
    return {
        "work": place.work_id,
        "title": document.work.title,
        "url": document.work.url,
        "path": document.work.file,
        "start": place.span.start,
        "end": place.span.end,
        "text": document.text[place.span.start : place.span.end],
        "locator": locator,
        "speaker": speaker,
    }


def citation_json(citation: Citation | None) -> dict[str, Any] | None:
    """A citation as scripts read it; None where the essay says nothing of whose the words are."""
    if citation is None:
        return None
    names = ("text", "said_by", "author", "title", "locator", "via", "url")
    said = {name: getattr(citation, name) for name in names}
    if not any(said.values()) and citation.work_id is None and not citation.candidates:
        return None
    return said | {
        "work": citation.work_id, "outcome": citation.outcome, "candidates": list(citation.candidates)
    }  # fmt: skip


def change_json(change: Change) -> dict[str, Any]:
    """A change as scripts read it."""
    return {
        "kind": change.kind,
        "quote": change.quote,
        "source": change.source,
        "quote_span": astuple(change.quote_span),
        "source_span": astuple(change.source_span),
        "marked": change.marked,
    }


def entry_json(store: Store, entry: Entry) -> dict[str, Any]:
    """An entry of a list of sources as scripts read it."""
    work = store.work(entry.work_id) if entry.work_id else None
    return {
        "work": entry.essay_id,
        "start": entry.span.start,
        "end": entry.span.end,
        "text": entry.text,
        "author": entry.author,
        "title": entry.title,
        "year": entry.year,
        "url": entry.url,
        "held": work is not None and store.is_held(work),
    }

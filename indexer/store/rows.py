"""The nouns to and from the rows of `schema.sql`."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import astuple, fields
from typing import Any

from indexer.models import (
    Alignment,
    Anchor,
    Block,
    Change,
    Citation,
    Document,
    Finding,
    Link,
    Part,
    Passage,
    Piece,
    Place,
    Quotation,
    Span,
    Verdict,
    Work,
)

Row = sqlite3.Row


def dump(value: Any) -> str:
    """The JSON of a value, as short as it can be."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def tuples(records: Iterable[Any]) -> str:
    """Records as JSON lists of their fields in order."""
    return dump([astuple(r) for r in records])


def lists(document: Document) -> Iterator[str]:
    """The lists of a document, each as JSON, in the order of the table's columns."""
    parts = (document.blocks, document.anchors, document.links, document.quoted, document.emphasis)
    return map(tuples, parts)


def work_row(w: Work) -> tuple[Any, ...]:
    """A work as its row has it, without the number of its words."""
    return (
        w.id, w.collection, w.kind, w.title, w.author, w.year, w.date, w.url, dump(w.also), w.file,
        w.parent, dump(w.aliases), dump(w.cited_by), w.language, w.licence, w.note, w.edition_of,
        w.edition, w.edition_year,
    )  # fmt: skip


def to_work(row: Row) -> Work:
    """The work of a row."""
    values = {f.name: row[f.name] for f in fields(Work)}
    for name in ("also", "aliases", "cited_by"):
        values[name] = tuple(json.loads(values[name]))
    return Work(**values)


def to_document(work: Work, row: Row) -> Document:
    """The document of a row."""
    return Document(
        work,
        row["text"],
        tuple(Block(k, Span(*s), loc, speaker) for k, s, loc, speaker in json.loads(row["blocks"])),
        to_anchors(row["anchors"]),
        tuple(Link(Span(*s), url) for s, url in json.loads(row["links"])),
        tuple(Span(*s) for s in json.loads(row["quoted"])),
        tuple(Span(*s) for s in json.loads(row["emphasis"])),
    )


def to_anchors(text: str) -> tuple[Anchor, ...]:
    """The anchors of a document, from their JSON."""
    return tuple(Anchor(k, Span(*s), label, target) for k, s, label, target in json.loads(text))


def to_passage(row: Row) -> Passage:
    """The passage of a row."""
    return Passage(row["id"], row["work_id"], Span(row["start"], row["end"]), row["locator"], row["speaker"])


def finding_row(f: Finding) -> tuple[Any, ...]:
    """A finding as the row of its quotation has it; its places have rows of their own."""
    q, a, v = f.quotation, f.alignment, f.verdict
    return (
        q.id, q.essay_id, q.span.start, q.span.end, f.text, q.form, tuples(q.parts),
        None if q.attribution is None else dump(astuple(q.attribution)),
        None if f.citation is None else dump(astuple(f.citation)),
        None if a is None else a.score, f.in_cited_work,
        "[]" if a is None else tuples(a.pieces),
        v.name, tuples(v.changes), dump(v.warnings), dump(v.reasons),
        None if v.follows is None else dump(astuple(v.follows)),
        None if f.perhaps is None else dump(astuple(f.perhaps)),
    )  # fmt: skip


def to_finding(row: Row, places: list[Place]) -> Finding:
    """The finding of a quotation's row and its places, the first of them the chosen one."""
    attribution = row["attribution"]
    quotation = Quotation(
        row["id"],
        row["essay_id"],
        Span(row["start"], row["end"]),
        row["form"],
        tuple(Part(kind, Span(*s), speaker) for kind, s, speaker in json.loads(row["parts"])),
        None if attribution is None else _span(json.loads(attribution)),
    )
    cited = row["in_cited_work"]
    return Finding(
        quotation,
        row["text"],
        _to_citation(row["citation"]),
        _to_alignment(row, places),
        _to_verdict(row),
        None if cited is None else bool(cited),
        _to_place(row["perhaps"]),
    )


def _to_citation(text: str | None) -> Citation | None:
    if text is None:
        return None
    values = dict(zip((f.name for f in fields(Citation)), json.loads(text), strict=True))
    span, candidates = _span(values["span"]), tuple(values["candidates"])
    return Citation(**values | {"span": span, "candidates": candidates})


def _to_alignment(row: Row, places: list[Place]) -> Alignment | None:
    if not places:
        return None
    pieces = tuple(Piece(Span(*q), work, Span(*s)) for q, work, s in json.loads(row["pieces"]))
    return Alignment(row["id"], places[0], pieces, row["score"], others=tuple(places[1:]))


def _to_verdict(row: Row) -> Verdict:
    changes = (
        Change(kind, quote, source, Span(*qs), Span(*ss), marked)
        for kind, quote, source, qs, ss, marked in json.loads(row["changes"])
    )
    follows = row["follows"]
    return Verdict(
        row["verdict"],
        tuple(changes),
        tuple(json.loads(row["warnings"])),
        tuple((slug, reason) for slug, reason in json.loads(row["reasons"])),
        None if follows is None else _span(json.loads(follows)),
    )


def _to_place(text: str | None) -> Place | None:
    if text is None:
        return None
    work_id, span = json.loads(text)
    return Place(work_id, Span(*span))


def _span(pair: list[int] | None) -> Span | None:
    return None if pair is None else Span(*pair)

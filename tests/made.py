# ruff: noqa: E501
"""A small archive of invented texts whose records are made by hand: every verdict, and what pages meet.

Pages are tested on it without building an index: its findings say exactly what the tests expect.
"""

import re
from dataclasses import replace
from pathlib import Path

from indexer import fulltext
from indexer.align import prepare
from indexer.models import (
    Alignment,
    Anchor,
    Block,
    Change,
    Citation,
    Collection,
    Document,
    Entry,
    Finding,
    Passage,
    Piece,
    Place,
    Quotation,
    Span,
    Verdict,
    Work,
)
from indexer.normalise import cut
from indexer.store import FULLTEXT, Writer, save_seeds

ESSAY = """Who sank the harbour bill?

Haste has been said for a century. Its own chairman put the matter plainly:

“The engineers were heard . . . and the vote was taken on the same day. I regret nothing of it” (Hale, p. 212).

He had said before that “the pilots had been asked” (Hale, p. 214), and elsewhere that “no harbour was ever sunk by a vote” (Marsh, Letters, p. 9).

An old keeper is said to have answered: “Then sink it” (Book of the Quay). And “<script>alert(1)</script> was cried from the benches” stands nowhere.

“The first pier shall be of oak . . . The second pier shall be of stone,” said the plan (Plans).

SOURCES

=Hale, Report of the Harbour Commission, https://example.org/report
Book of the Quay, https://example.org/quay"""

REPORT = """Second session

COUNSEL: Then how was it that the pilots had no hearing at all?

HALE: The engineers were heard at length, though not before the pilots had been asked,[3] and the vote was taken on the same week. I regret nothing of it, but I would not do it again.

COUNSEL: That is all.

The court rose."""  # fmt: skip

CHAPTERS = ("Chapter one. The first pier shall be of oak.", "Chapter two. The second pier shall be of stone.")

WORKS = {
    "essay": Work("essay", "made", "essay", "Who sank the harbour bill?", "A. Marlow", 1961, file="made/essay.txt"),
    "report": Work("report", "made", "source", "Report of the Harbour Commission", "Hale", 1911,
                   url="https://example.org/report", file="made/report.htm"),
    "reprint": Work("reprint", "made", "source", "The Report, reprinted", file="made/reprint.htm"),
    "plans": Work("plans", "made", "source", "Plans", "The Board", file=None),
    "plans-1": Work("plans-1", "made", "source", "Plans, chapter one", parent="plans", file="made/p1.htm"),
    "plans-2": Work("plans-2", "made", "source", "Plans, chapter two", parent="plans", file="made/p2.htm"),
    "letters": Work("letters", "made", "source", "Letters", "Marsh", file="made/letters.htm"),
    "quay": Work("quay", "made", "source", "Book of the Quay", url="https://example.org/quay"),
}  # fmt: skip


def document(work: Work, text: str) -> Document:
    """A document whose blocks are its paragraphs; "NAME:" at their beginning is a speaker."""
    blocks = []
    for found in re.finditer(r"[^\n]+(?:\n[^\n]+)*", text):
        turn = re.match(r"([A-Z]+): ", found[0])
        kind = "speech" if turn else "para"
        blocks.append(Block(kind, Span(*found.span()), None, turn[1].title() if turn else None))  # type: ignore[arg-type]
    notes = tuple(Anchor("note", Span(*m.span()), m[0][1:-1]) for m in re.finditer(r"\[\d\]", text))
    at = text.find("HALE")
    pages = (Anchor("page", Span(at, at), "212"),) if at >= 0 else ()
    return Document(work, text, tuple(blocks), (*pages, *notes))


TEXTS = {
    "essay": ESSAY,
    "report": REPORT,
    "reprint": "Reprinted:\n\nthe pilots had been asked and so it was.",
    "plans-1": CHAPTERS[0],
    "plans-2": CHAPTERS[1],
    "letters": "A letter. Nothing of harbours.",
}
DOCUMENTS = {work_id: document(WORKS[work_id], text) for work_id, text in TEXTS.items()}


def at(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def _piece(words: str, work_id: str = "report") -> Piece:
    return Piece(at(ESSAY, words), work_id, at(TEXTS[work_id], words))


def _finding(
    number: int, text: str, citation: Citation, pieces: tuple[Piece, ...], verdict: Verdict, others: tuple[Place, ...] = ()
) -> Finding:  # fmt: skip
    span = at(ESSAY, text)
    name = f"essay-{number:03}"
    aligned, in_cited = None, None
    if pieces:
        same = [p for p in pieces if p.work_id == pieces[0].work_id]
        place = Place(pieces[0].work_id, Span(same[0].source.start, same[-1].source.end))
        in_cited = citation.work_id in (place.work_id, WORKS[place.work_id].parent)
        aligned = Alignment(name, place, pieces, 99.0, in_cited, others)
    quotation = Quotation(name, "essay", span, "inline", cut(text, span.start))
    said = Citation(
        **{f: getattr(citation, f) for f in citation.__dataclass_fields__} | {"quotation_id": name}
    )
    return Finding(quotation, text, said, aligned, verdict, in_cited)


def _cited(text: str, work_id: str | None, title: str, candidates: tuple[str, ...] = ()) -> Citation:
    outcome = "resolved" if work_id else "ambiguous" if candidates else "not-held"
    page = re.search(r"p\. \d+", text)
    place = page and page[0]
    return Citation(
        "", at(ESSAY, text), text, "Hale", "Hale", title, place, None, None, work_id, outcome, candidates
    )  # type: ignore[arg-type]


_LONG = "The engineers were heard . . . and the vote was taken on the same day. I regret nothing of it"
_HIDDEN = "at length, though not before the pilots had been asked,[3]"
ALTERED = Verdict(
    "altered",
    (
        Change("omitted", ". . .", _HIDDEN, at(ESSAY, ". . ."), at(REPORT, _HIDDEN), True),
        Change("replaced", "day", "week", at(ESSAY, "day"), at(REPORT, "week"), False),
    ),
    ("cut-short", "negation-left-out"),
    (
        ("cut-short", "In the source the sentence goes on, with “but”: “but I would not do it again.”"),
        ("negation-left-out", "“at length, though not before the pilots had been asked,” holds “not”."),
    ),
    at(REPORT, ", but I would not do it again."),
)
FINDINGS = (
    _finding(
        1, _LONG, _cited("Hale, p. 212", "report", "Report"),
        tuple(map(_piece, ["The engineers were heard", "and the vote was taken on the same", "I regret nothing of it"])),
        ALTERED,
    ),
    _finding(
        2, "the pilots had been asked", _cited("Hale, p. 214", "report", "Report"),
        (_piece("the pilots had been asked"),), Verdict("verbatim", warnings=("several-places",)),
        (Place("reprint", at(TEXTS["reprint"], "the pilots had been asked")),),
    ),
    _finding(
        3, "no harbour was ever sunk by a vote", _cited("Marsh, Letters, p. 9", "letters", "Letters"), (), Verdict("not-found")
    ),
    _finding(
        4, "Then sink it", replace(_cited("Book of the Quay", "quay", "Book of the Quay"), url="https://example.org/quay"),
        (), Verdict("no-source"),
    ),
    _finding(5, "<script>alert(1)</script> was cried from the benches", Citation(""), (), Verdict("no-source")),
    _finding(
        6, "The first pier shall be of oak . . . The second pier shall be of stone", _cited("Plans", "plans", "Plans"),
        (_piece("The first pier shall be of oak", "plans-1"), _piece("The second pier shall be of stone", "plans-2")),
        Verdict("spliced"),
    ),
)  # fmt: skip
ENTRIES = (
    Entry("essay", at(ESSAY, "=Hale, Report of the Harbour Commission, https://example.org/report"),
          "=Hale, Report of the Harbour Commission", "Hale", "Report", 1911, "https://example.org/report", "report"),
    Entry("essay", at(ESSAY, "Book of the Quay, https://example.org/quay"),
          "Book of the Quay", None, "Book of the Quay", None, "https://example.org/quay", "quay"),
    Entry("essay", at(ESSAY, "Who sank"), "Tides, a lost paper", None, "Tides", None, "javascript:alert(1)", None),
)  # fmt: skip


def passages(held: Document) -> list[Passage]:
    """A passage a block."""
    work = held.work.id
    return [Passage(f"{work}-{n}", work, block.span) for n, block in enumerate(held.blocks, 1)]


def record(held: Document, passage: Passage) -> fulltext.Record:
    """A passage as the full text takes it."""
    words = held.text[passage.span.start : passage.span.end]
    return fulltext.Record(
        passage.id, passage.work_id, words, held.work.title, held.work.author, held.work.kind
    )


def write(archive: Path, name: str = "g1") -> Path:
    """Writes the records as the index in force of the archive; gives the archive's folder."""
    folder = archive / "index" / name
    writer = Writer(folder)
    writer.collections([Collection("made", "Made for tests")])
    writer.works(WORKS.values(), {w.file: 99 for w in WORKS.values() if w.file})
    for held in DOCUMENTS.values():
        writer.document(held, passages(held))
    writer.entries(ENTRIES)
    writer.findings(FINDINGS)
    writer.close()
    fulltext.write(folder / FULLTEXT, [record(d, p) for d in DOCUMENTS.values() for p in passages(d)])
    (archive / "index" / "current").write_text(name, encoding="utf8")
    return archive


def runs_or_styles(html: str) -> list[str]:
    """What of a page would run or style something, but for modules of this server and blocks of data."""
    allowed = r' type="module" src="/static/[^"]+"></script>| type="application/ld\+json">'
    return re.findall(rf"<script(?!{allowed})|<style|\sstyle=|<[^>]*\son\w+=", html)


def write_whole(archive: Path) -> Path:
    """As `write`, and with what passages are found by and texts are judged with."""
    folder = write(archive) / "index" / "g1"
    sources = [held for held in DOCUMENTS.values() if held.work.kind == "source"]
    save_seeds(folder, prepare(sources).arrays())
    return archive

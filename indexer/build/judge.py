"""Documents to findings: every quotation of an essay with its citation, its place and its verdict."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from indexer import citations, quotations, store, verdict
from indexer.align import EQUAL_BITS, Seeds, align, believed, perhaps, prepare
from indexer.build.before import Change
from indexer.build.holdings import Holdings
from indexer.build.texts import Progress, Stored, Texts
from indexer.models import (
    Alignment,
    Citation,
    Document,
    Entry,
    Finding,
    Place,
    Quotation,
    Span,
)

# Letters before and behind a place that a reader names, over which the quotation may reach: a page.
REACH = 3000


@dataclass(frozen=True, slots=True)
class Sought:
    """A quotation of an essay with this text, the cited works that are held, those not to be looked into."""

    quotation: Quotation
    text: str
    cited: tuple[str, ...]
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """That a reader names the work of a quotation, and perhaps the place in it."""

    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """The archive as quotations are judged in it."""

    holdings: Holdings
    documents: Mapping[str, Document]
    seeds: Seeds


@dataclass(frozen=True, slots=True)
class Judged:
    """The findings of an essay in text order, its list of sources, what its citations asked of the works."""

    findings: tuple[Finding, ...]
    entries: tuple[Entry, ...]
    asked: frozenset[str]


def judge(texts: Texts, seeds: Seeds, change: Change | None, tell: Progress) -> dict[str, Judged]:
    """What was found of the essays, by their ids: of all, or only of those of which the last index says
    something else."""
    held = Held(change.now if change else Holdings(texts.works, texts.facts), texts.documents, seeds)
    essays = [i for i in texts.facts if texts.works[i].kind == "essay"]
    found: dict[str, Judged] = {}
    for done, essay_id in enumerate(essays, 1):
        if change is None or not change.same_work(essay_id):
            essay = held.documents[essay_id]
            found[essay_id] = judge_essay(essay, quotations.quotations(essay), held)
        elif (judged := _judged_again(essay_id, held, change)) is not None:
            found[essay_id] = judged
        tell("quotations", done, len(essays))
    return found


def judge_essay(essay: Document, quoted: Sequence[Quotation], held: Held) -> Judged:
    """What is found of these quotations of an essay, anew."""
    entries, cited, asked = _cited(essay, quoted, held)
    return Judged(tuple(_finding(essay, q, c, held) for q, c in cited), tuple(entries), asked)


def _judged_again(essay_id: str, held: Held, change: Change) -> Judged | None:
    """What is found of an essay that is as it was; None if that is what was found then."""
    essay, records = held.documents[essay_id], change.last.records
    known = {f.quotation.id: f for f in records.findings(essay_id)}
    asked = frozenset(change.asked[essay_id])
    before = Judged(tuple(known.values()), tuple(records.entries(essay_id)), asked)
    entries: Sequence[Entry] = before.entries
    cited = [(f.quotation, f.citation) for f in before.findings if f.citation]
    if not change.cites_the_same(essay_id):
        entries, cited, asked = _cited(essay, quotations.quotations(essay), held)
    findings = []
    for quotation, citation in cited:
        old = known[quotation.id]
        holds = old.citation == citation and change.holds(old, essay.text)
        findings.append(old if holds else _finding(essay, quotation, citation, held))
    now = Judged(tuple(map(_recorded, findings)), tuple(entries), asked)
    return None if now == before else now


def _recorded(finding: Finding) -> Finding:
    """A finding as it is read from an index, where the cited work is told of once."""
    found = finding.alignment
    return replace(finding, alignment=replace(found, in_cited_work=None) if found else None)


def _cited(
    essay: Document, quoted: Sequence[Quotation], held: Held
) -> tuple[Sequence[Entry], list[tuple[Quotation, Citation]], frozenset[str]]:
    """The list of sources of an essay, its quotations with their citations, what was asked of the works."""
    shelf, asked = citations.overheard(held.holdings.shelf)
    entries, cited = citations.cited(essay, quoted, shelf)
    return entries, list(zip(quoted, cited, strict=True)), frozenset(asked)


def _finding(
    essay: Document, quotation: Quotation, citation: Citation, held: Held, named: Named | None = None
) -> Finding:
    """All that is found of a quotation; `named` is where a reader says that it stands."""
    cited, whole = held.holdings.meant(citation)
    doubles = held.holdings.doubles.get(essay.work.id, ())
    # A reader who names a copy of the essay itself is taken at his word.
    without = tuple(i for i in doubles if not named or i not in cited)
    sought = Sought(quotation, essay.text, cited, without)
    found = align(quotation, essay.text, held.seeds, cited, without)
    found = _first_hand(found, sought, held)
    found = _at_named(named.place, found, sought, held) if named and named.place else found
    inside = _in_cited(found, cited, whole)
    if found is not None:
        found = replace(found, in_cited_work=inside)
    works = dict.fromkeys(p.work_id for p in found.pieces) if found else ()
    documents = {work_id: held.documents[work_id] for work_id in works}
    context = verdict.Context(cited_held_whole=whole, documents=documents)
    source = held.documents[found.place.work_id] if found else None
    ruled = verdict.judge(quotation, citation, found, essay, source, context)
    text = quotations.unnoted(essay, quotation.span)
    offered = named.place if named and found is None else None
    if offered is None and found is None and cited:
        offered = perhaps(quotation, essay.text, held.seeds, cited)
    return Finding(quotation, text, citation, found, ruled, inside, offered)


def _first_hand(found: Alignment | None, sought: Sought, held: Held) -> Alignment | None:
    """Of equally good places one that does not quote the words itself, unless the cited work has them."""
    if found is None or found.place.work_id in sought.cited:
        return found
    places = (found.place, *found.others)
    own = next((p for p in places if not verdict.is_quoted(held.documents[p.work_id], p.span)), found.place)
    if own == found.place:
        return found
    again = align(sought.quotation, sought.text, held.seeds, (own.work_id,), sought.without)
    return replace(again, score=found.score) if again and again.place == own else found


def _at_named(place: Place, found: Alignment | None, sought: Sought, held: Held) -> Alignment | None:
    """The quotation at the place that a reader names, or, if its words are not there, where they were found.

    They may begin before that place and go on behind it. If all that stands better beside it, only the place
    itself is looked into. Where they are too few, or too much changed, to be there beyond chance, the word of
    the reader stands for the proof.
    """
    source, length = held.documents[place.work_id], len(sought.quotation.span)
    proved = partial(align, cited=(place.work_id,))
    for look, reach in ((proved, REACH + length), (proved, 0), (believed, length), (believed, 0)):
        span = Span(max(0, place.span.start - reach), min(len(source.text), place.span.end + reach))
        there = look(sought.quotation, sought.text, prepare([_only(source, span)]))
        if there is not None and _meet(there.place.span, place.span):
            return replace(there, others=_as_good(there, found))
    return found


def _only(document: Document, span: Span) -> Document:
    """The document with blanks for all that lies outside the span, so that places stay."""
    text = " " * span.start + document.text[span.start : span.end]
    return Document(
        document.work,
        text,
        tuple(b for b in document.blocks if _meet(b.span, span)),
        tuple(a for a in document.anchors if span.start <= a.span.start and a.span.end <= span.end),
    )


def _as_good(there: Alignment, found: Alignment | None) -> tuple[Place, ...]:
    """The other places that are as good as the one that was named."""
    if found is None or found.score < there.score - EQUAL_BITS:
        return ()
    places = (found.place, *found.others)
    return tuple(p for p in places if p.work_id != there.place.work_id or not _meet(p.span, there.place.span))


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _in_cited(found: Alignment | None, cited: Sequence[str], whole: bool) -> bool | None:
    """Whether the words stand in the cited work; None where that work, or a part of it, is not held."""
    if found is not None and any(piece.work_id in cited for piece in found.pieces):
        return True
    return False if cited and whole else None


def reconsider(records: store.Store, seeds: Seeds) -> Callable[[Finding, str, Span | None], Finding]:
    """What judges a quotation of an index again, with the work, or the place in it, that a reader names.

    Everything else is as in the index: the same path, the same rules. Where the words are nowhere, a place
    that was named is in `perhaps`: it may have them in other words. The judge raises NotThere of a work
    that the archive does not know, and of a place in one that it does not hold.
    """
    held = stored(records, seeds)

    def judged(finding: Finding, work_id: str, span: Span | None = None) -> Finding:
        quotation = finding.quotation
        essay = records.document(quotation.essay_id)
        work = records.work(work_id)
        if span is not None:
            records.document(work_id)
        said = finding.citation or Citation(quotation.id)
        citation = replace(said, work_id=work.id, outcome="resolved", candidates=())
        return _finding(essay, quotation, citation, held, Named(Place(work_id, span) if span else None))

    return judged


def foresee(records: store.Store, edition: Document) -> Iterator[tuple[Finding, Finding]]:
    """The quotations that stand in a work of an index, each as found and as another edition of it has it.

    Only those that stand in this work alone: of others the other places have a say, which only the next index
    hears. One without an alignment has no longer its words in the work.
    """
    held, work_id = stored(records, prepare([edition])), edition.work.id
    facts = {**held.holdings.facts, work_id: store.facts(edition)}
    documents = Stored(records, held.holdings.works, facts, {work_id: edition})
    held = Held(Holdings(held.holdings.works, facts), documents, held.seeds)
    for finding in {f.quotation.id: f for _, f in records.quoting(work_id)}.values():
        found, citation = finding.alignment, finding.citation
        if found is None or citation is None:
            continue
        places, pieces = (found.place, *found.others), found.pieces
        if {p.work_id for p in places} | {p.work_id for p in pieces} == {work_id}:
            essay = records.document(finding.quotation.essay_id)
            yield finding, _finding(essay, finding.quotation, citation, held)


def stored(records: store.Store, seeds: Seeds) -> Held:
    """An archive as an index has it."""
    works, facts = {w.id: w for w in records.works()}, records.facts()
    return Held(Holdings(works, facts), Stored(records, works, facts), seeds)

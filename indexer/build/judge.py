"""Documents to findings: every quotation of an essay with its citation, its place and its verdict."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from indexer import citations, contents, quotations, store, verdict
from indexer.align import EQUAL_BITS, Seeds, align, perhaps, prepare
from indexer.build.before import NOTHING, Before, Sought
from indexer.build.texts import Progress, Texts
from indexer.extract import extract
from indexer.models import (
    Alignment,
    Checked,
    Citation,
    Document,
    Entry,
    Finding,
    Place,
    Quotation,
    Span,
    Work,
)

# Quotations of a reader's own text that are judged; a text that has more is a book, checked by its chapters.
MOST_CHECKED = 500
# Letters before and behind a place that a reader names, over which the quotation may reach: a page.
REACH = 3000


@dataclass(frozen=True, slots=True)
class Shelves:
    """What a citation can mean: the works, and of each work which held texts it stands for."""

    texts: Texts
    shelf: citations.Shelf
    chapters: dict[str, tuple[str, ...]]
    whole: frozenset[str]
    seeds: Seeds
    last: Before
    doubles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def shelves(texts: Texts, seeds: Seeds, last: Before = NOTHING) -> Shelves:
    """The works as citations mean them: a table of contents with its chapters, whole or with gaps."""
    chapters: dict[str, tuple[str, ...]] = {}
    for work in sorted(texts.works.values(), key=lambda w: w.id):
        if work.parent is not None and work.id in texts.documents:
            chapters[work.parent] = (*chapters.get(work.parent, ()), work.id)
    urls = {w.url for w in texts.works.values() if w.url and w.id in texts.documents}
    whole = frozenset(
        i for i in texts.documents if i not in chapters or not contents.missing(texts.documents[i], urls)
    )
    return Shelves(texts, citations.shelve(texts.works.values()), chapters, whole, seeds, last)


def judge(texts: Texts, seeds: Seeds, last: Before, tell: Progress) -> tuple[list[Finding], list[Entry]]:
    """The findings and the lists of sources of all essays; places that `last` knows are not sought again."""
    held = replace(shelves(texts, seeds, last), doubles=_doubles(texts))
    findings: list[Finding] = []
    entries: list[Entry] = []
    for done, essay in enumerate(texts.essays, 1):
        found, listed = judge_essay(essay, held)
        findings += found
        entries += listed
        tell("quotations", done, len(texts.essays))
    return findings, entries


def _doubles(texts: Texts) -> dict[str, tuple[str, ...]]:
    """The sources that are an essay itself, held a second time: there every quotation would be verbatim."""
    same: dict[str, list[str]] = {}
    for source in texts.sources:
        for name in (source.text, contents.key(source.work.url or "")):
            same.setdefault(name, []).append(source.work.id)
    same.pop(contents.key(""), None)
    return {
        essay.work.id: tuple({*same.get(essay.text, ()), *same.get(contents.key(essay.work.url or ""), ())})
        for essay in texts.essays
    }


def judge_essay(essay: Document, held: Shelves) -> tuple[list[Finding], list[Entry]]:
    """The findings of one essay in text order, and its list of sources."""
    entries = citations.entries(essay, held.shelf)
    return _findings(essay, quotations.quotations(essay), entries, held), entries


def _findings(
    essay: Document, quoted: Sequence[Quotation], entries: Sequence[Entry], held: Shelves
) -> list[Finding]:
    cited = citations.citations(essay, quoted, entries, held.shelf)
    return [_finding(essay, q, c, held) for q, c in zip(quoted, cited, strict=True)]


def _finding(
    essay: Document, quotation: Quotation, citation: Citation, held: Shelves, named: Place | None = None
) -> Finding:
    """All that is found of a quotation; `named` is where a reader says that it stands."""
    meant = (citation.work_id,) if citation.work_id else citation.candidates
    cited = tuple(dict.fromkeys(i for work_id in meant for i in _held_of(work_id, held)))
    whole = bool(meant) and all(i in held.whole for i in meant)
    sought = Sought(quotation, essay.text, cited, held.doubles.get(essay.work.id, ()))
    found = _first_hand(held.last.place(citation, sought, held.seeds), sought, held)
    found = _named(named, found, sought, held) if named else found
    inside = _in_cited(found, cited, whole)
    if found is not None:
        found = replace(found, in_cited_work=inside)
    documents = {p.work_id: held.texts.documents[p.work_id] for p in found.pieces} if found else {}
    context = verdict.Context(cited_held_whole=whole, documents=documents)
    source = held.texts.documents[found.place.work_id] if found else None
    ruled = verdict.judge(quotation, citation, found, essay, source, context)
    text = quotations.unnoted(essay, quotation.span)
    offered = perhaps(quotation, essay.text, held.seeds, cited) if found is None and cited else None
    return Finding(quotation, text, citation, found, ruled, inside, offered)


def _first_hand(found: Alignment | None, sought: Sought, held: Shelves) -> Alignment | None:
    """Of equally good places one that does not quote the words itself, unless the cited work has them."""
    if found is None or found.place.work_id in sought.cited:
        return found
    places = (found.place, *found.others)
    own = next(
        (p for p in places if not verdict.is_quoted(held.texts.documents[p.work_id], p.span)), found.place
    )
    if own == found.place:
        return found
    again = align(sought.quotation, sought.text, held.seeds, (own.work_id,), sought.without)
    return replace(again, score=found.score) if again and again.place == own else found


def _named(named: Place, found: Alignment | None, sought: Sought, held: Shelves) -> Alignment | None:
    """The quotation at the place that a reader names, or, if its words are not there, where they were found.

    They may begin before that place and go on behind it. If all that stands better beside it, only the place
    itself is looked into.
    """
    source = held.texts.documents[named.work_id]
    for reach in (REACH + len(sought.quotation.span), 0):
        span = Span(max(0, named.span.start - reach), min(len(source.text), named.span.end + reach))
        there = align(sought.quotation, sought.text, prepare([_only(source, span)]), (named.work_id,))
        if there is not None and _meet(there.place.span, named.span):
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


def _held_of(work_id: str, held: Shelves) -> Iterator[str]:
    if work_id in held.texts.documents:
        yield work_id
    yield from held.chapters.get(work_id, ())


def _in_cited(found: Alignment | None, cited: Sequence[str], whole: bool) -> bool | None:
    """Whether the words stand in the cited work; None where that work, or a part of it, is not held."""
    if found is not None and any(piece.work_id in cited for piece in found.pieces):
        return True
    return False if cited and whole else None


class _Stored(Mapping[str, Document]):
    """The documents of an index, each read when it is asked for."""

    def __init__(self, records: store.Store) -> None:
        self._records = records
        self._ids = dict.fromkeys(w.id for w in records.works(held=True))

    def __getitem__(self, work_id: str) -> Document:
        return self._records.document(work_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, work_id: object) -> bool:
        return work_id in self._ids


def check(records: store.Store, seeds: Seeds) -> Callable[[str], Checked]:
    """What judges the quotations of any text against an index. The works are read once, for all texts;
    nothing of a text is stored. The judge raises UnreadableFile of a text without words."""
    held = _stored(records, seeds)

    def judged(text: str) -> Checked:
        # The mark of its encoding goes before what a pasted page may say of another.
        raw = text.encode("utf-8-sig")
        essay = extract(Work("pasted", "", "essay", "A pasted text", file="pasted.txt"), raw)
        quoted = quotations.quotations(essay)
        entries = citations.entries(essay, held.shelf)
        findings = _findings(essay, quoted[:MOST_CHECKED], entries, held)
        return Checked(essay, tuple(findings), len(quoted))

    return judged


def reconsider(records: store.Store, seeds: Seeds) -> Callable[[Finding, str, Span | None], Finding]:
    """What judges a quotation of an index again, with the work, or the place in it, that a reader names.

    Everything else is as in the index: the same path, the same rules. The judge raises NotThere of a work
    that the archive does not know, and of a place in one that it does not hold.
    """
    held = _stored(records, seeds)

    def judged(finding: Finding, work_id: str, span: Span | None = None) -> Finding:
        quotation = finding.quotation
        essay = records.document(quotation.essay_id)
        work = records.work(work_id)
        if span is not None:
            records.document(work_id)
        said = finding.citation or Citation(quotation.id)
        citation = replace(said, work_id=work.id, outcome="resolved", candidates=())
        twice = tuple(i for i in _doubles_of(essay, records) if i not in _held_of(work_id, held))
        apart = replace(held, doubles={essay.work.id: twice})
        return _finding(essay, quotation, citation, apart, Place(work_id, span) if span else None)

    return judged


def _stored(records: store.Store, seeds: Seeds) -> Shelves:
    works = {w.id: w for w in records.works()}
    return shelves(Texts(works, _Stored(records)), seeds)


def _doubles_of(essay: Document, records: store.Store) -> Iterator[str]:
    """As `_doubles`, for one essay of an index: only texts of as many words are read."""
    words = records.words()
    for work in records.works(kind="source", held=True):
        same_place = bool(work.url) and contents.key(work.url or "") == contents.key(essay.work.url or "")
        as_long = words[work.id] == words.get(essay.work.id)
        if same_place or (as_long and records.document(work.id).text == essay.text):
            yield work.id

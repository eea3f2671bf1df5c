"""What was made of `raw/` to the records of an index, and these to the passages that can be searched."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer import catalogue, fulltext, store
from indexer.align import Seeds
from indexer.build.before import Change
from indexer.build.holdings import Last
from indexer.build.judge import Judged
from indexer.build.texts import Texts
from indexer.models import Collection, Finding, Passage, Span, Work
from indexer.segment import segment
from indexer.spans import last_begun, numbers_in


@dataclass(frozen=True, slots=True)
class Made:
    """All that a new index says otherwise than the last one did, or all that it says if there is none: the
    texts, and of essays the quotations and the lists of sources."""

    collections: Sequence[Collection]
    texts: Texts
    judged: Mapping[str, Judged]
    last: Last | None

    @property
    def changed(self) -> list[str]:
        """The works whose text is new or another."""
        before = self.last.holdings.facts if self.last else {}
        return [i for i, f in self.texts.facts.items() if before.get(i) != f]

    @property
    def gone(self) -> list[str]:
        """The works whose text was held and is no longer."""
        return [i for i in (self.last.holdings.facts if self.last else ()) if i not in self.texts.facts]

    @property
    def no_essays(self) -> list[str]:
        """The works that were essays and are none any more."""
        before = self.last.holdings.works if self.last else {}
        were = {i for i, w in before.items() if w.kind == "essay"}
        return [i for i, w in self.texts.works.items() if i in were and w.kind != "essay"]

    @property
    def renamed(self) -> list[str]:
        """The works of which another thing is known than before, a title or a date."""
        before = self.last.holdings.works if self.last else {}
        return [i for i, w in self.texts.works.items() if before.get(i) != w]


def write_records(folder: Path, raw: Path, made: Made, meta: Mapping[str, str]) -> store.Store:
    """Writes the records of a new generation; `meta` says what they were made from. Gives them to be read."""
    texts, last = made.texts, made.last
    writer = store.Writer(folder, last.folder if last else None)
    writer.meta(meta)
    writer.collections(made.collections)
    writer.works(texts.works.values(), {r.file: r.words for r in texts.reports})
    writer.provenance(catalogue.provenance(raw).values())
    writer.reports(texts.reports, texts.bases)
    if last:
        writer.forget([*made.gone, *made.changed], [*made.gone, *made.no_essays, *made.judged])
    for work_id in made.changed:
        document = texts.documents[work_id]
        writer.document(document, segment(document), texts.facts[work_id])
    for essay_id, judged in made.judged.items():
        writer.findings(judged.findings)
        writer.entries(judged.entries)
        writer.asked(essay_id, judged.asked)
    writer.close()
    return store.Store(folder)


def write_seeds(folder: Path, seeds: Seeds, change: Change | None) -> None:
    """Writes the words of all sources; where they are as they were, the last generation's files serve."""
    if change and not change.swap:
        store.link_seeds(folder, change.last.folder)
    else:
        store.save_seeds(folder, seeds.arrays())


def write_fulltext(folder: Path, made: Made, records: store.Store, engine: str) -> None:
    """Writes the full text of a new generation, beginning with that of the last one if its engine is this."""
    if made.last is None or made.last.records.meta["engine"] != engine:
        fulltext.write(folder / store.FULLTEXT, searchable(made.texts.facts, made.texts, records), engine)
        return
    told = _told_anew(made, records)
    again = searchable((i for i in sorted(told) if i in made.texts.facts), made.texts, records)
    fulltext.renew(folder / store.FULLTEXT, made.last.folder / store.FULLTEXT, told, again)


def _told_anew(made: Made, records: store.Store) -> set[str]:
    """The works of whose passages search knows another thing than before, or which it knows no longer."""
    assert made.last is not None
    then = made.last.records
    essays = [i for i in (*made.judged, *made.gone, *made.no_essays) if i in made.last.holdings.facts]
    before = {tie for i in essays for tie in _ties(then.findings(i), made.last.holdings.works)}
    after = {tie for i in made.judged for tie in _ties(records.findings(i), made.texts.works)}
    cites = records.citing(made.renamed)
    return {*made.gone, *made.changed, *made.renamed, *cites, *(work_id for work_id, _ in before ^ after)}


def searchable(work_ids: Iterable[str], texts: Texts, records: store.Store) -> Iterator[fulltext.Record]:
    """The passages of works as search knows them, with what their quotations cite, and their verdicts."""
    for work_id in work_ids:
        document, work = texts.documents[work_id], texts.works[work_id]
        quoting = (finding for _, finding in records.quoting(work_id))
        known = _ties([*records.findings(work_id), *quoting], texts.works)
        ties = [tie for tied, tie in known if tied == work_id]
        passages = records.passages(work_id)
        for passage, inside in zip(passages, _by_passage(ties, passages), strict=True):
            yield _record(work, passage, store.searched(document, passage.span), inside)


@dataclass(frozen=True, slots=True)
class _Tie:
    """A stretch of a work that is a quotation, or that one quotes, and what is known of that quotation."""

    span: Span
    quoted: bool
    verdict: str
    cites: str | None = None


def _by_passage(ties: Iterable[_Tie], passages: Sequence[Passage]) -> list[list[_Tie]]:
    """The ties that share a character with each passage."""
    found: list[list[_Tie]] = [[] for _ in passages]
    for tie in ties:
        first = max(last_begun(passages, tie.span.start), 0)
        for number in range(first, numbers_in(passages, tie.span).stop):
            if _overlap(tie.span, passages[number].span):
                found[number].append(tie)
    return found


def _record(work: Work, passage: Passage, text: str, inside: Sequence[_Tie]) -> fulltext.Record:
    return fulltext.Record(
        passage.id,
        work.id,
        text,
        title=work.title,
        author=work.author,
        kind=work.kind,
        year=work.year,
        speaker=passage.speaker,
        language=work.language,
        collection=work.collection,
        quoted=any(t.quoted for t in inside),
        cites=tuple(sorted({t.cites for t in inside if t.cites})),
        verdicts=tuple(sorted({t.verdict for t in inside})),
    )


def _ties(findings: Iterable[Finding], works: Mapping[str, Work]) -> Iterator[tuple[str, _Tie]]:
    """Each stretch that quotes or is quoted, with the work in which it stands."""
    for finding in findings:
        quotation, found, name = finding.quotation, finding.alignment, finding.verdict.name
        yield quotation.essay_id, _Tie(quotation.span, False, name, _cited(finding, works))
        for place in (found.place, *found.others) if found else ():
            yield place.work_id, _Tie(place.span, True, name)


def _cited(finding: Finding, works: Mapping[str, Work]) -> str | None:
    """The cited work as a reader would name it: the resolved one, else what the essay says."""
    cited = finding.citation
    if cited is None:
        return None
    work = works.get(cited.work_id or "")
    author, title = (work.author, work.title) if work else (cited.author, cited.title)
    return ": ".join(filter(None, (author, title))) or None


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end

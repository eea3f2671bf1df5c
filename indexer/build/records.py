"""What was made of `raw/` to the records of an index, and to the passages that can be searched."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer import catalogue, fulltext, store
from indexer.build.texts import Texts
from indexer.models import Collection, Entry, Finding, Passage, Span


@dataclass(frozen=True, slots=True)
class Made:
    """All that an index says: the texts, their passages, the quotations and the lists of sources."""

    collections: Sequence[Collection]
    texts: Texts
    passages: dict[str, list[Passage]]
    findings: Sequence[Finding]
    entries: Sequence[Entry]


def write_records(folder: Path, raw: Path, made: Made, meta: Mapping[str, str]) -> None:
    """Writes all records of a new generation; `meta` says what they were made from."""
    texts = made.texts
    writer = store.Writer(folder)
    writer.meta(meta)
    writer.collections(made.collections)
    writer.works(texts.works.values(), {r.file: r.words for r in texts.reports})
    writer.provenance(catalogue.provenance(raw).values())
    writer.reports(texts.reports)
    for work_id, document in texts.documents.items():
        writer.document(document, made.passages[work_id])
    writer.findings(made.findings)
    writer.entries(made.entries)
    writer.close()


def searchable(made: Made) -> Iterator[fulltext.Record]:
    """The passages as search knows them, with what their quotations cite and the verdicts on them."""
    ties = _ties(made)
    for work_id, document in made.texts.documents.items():
        work = document.work
        for passage in made.passages[work_id]:
            inside = [t for t in ties.get(work_id, ()) if _overlap(t.span, passage.span)]
            yield fulltext.Record(
                passage.id,
                work_id,
                store.searched(document, passage.span),
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


@dataclass(frozen=True, slots=True)
class _Tie:
    """A stretch of a work that is a quotation, or that one quotes, and what is known of that quotation."""

    span: Span
    quoted: bool
    verdict: str
    cites: str | None = None


def _ties(made: Made) -> dict[str, list[_Tie]]:
    ties: dict[str, list[_Tie]] = {}
    for finding in made.findings:
        quotation, name = finding.quotation, finding.verdict.name
        tie = _Tie(quotation.span, False, name, _cited(finding, made.texts))
        ties.setdefault(quotation.essay_id, []).append(tie)
        for place in (finding.alignment.place, *finding.alignment.others) if finding.alignment else ():
            ties.setdefault(place.work_id, []).append(_Tie(place.span, True, name))
    return ties


def _cited(finding: Finding, texts: Texts) -> str | None:
    """The cited work as a reader would name it: the resolved one, else what the essay says."""
    cited = finding.citation
    if cited is None:
        return None
    work = texts.works.get(cited.work_id or "")
    author, title = (work.author, work.title) if work else (cited.author, cited.title)
    return ": ".join(filter(None, (author, title))) or None


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end

"""The reports of all essays: their verdicts, the most quoted passages and works, the sources most wanted."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request, url_for

from indexer.compare import number_at
from indexer.models import Citation, Document, Entry, Span, Work
from indexer.normalise import words
from indexer.store import Store, where
from web import lists
from web.addresses import reading_address
from web.answer import answer
from web.library import Opened, opened
from web.report import first_words
from web.start import EssayLine, essay_lines
from web.table import csv_file
from web.ties import Tie
from web.verdicts import SIGNS, in_order

pages = Blueprint("reports", __name__)

SHOWN = 20
"""Lines of a table of the page of all tables: what one looks at before asking for the whole one."""


DRAWN = ("essays", "works")
"""Tables that draw the number of quotations."""


@dataclass(frozen=True, slots=True)
class QuotedWork:
    """A held work, the number of quotations found in it, and of the essays that make them."""

    work: Work
    quotations: int
    essays: int


@dataclass(frozen=True, slots=True)
class QuotedPassage:
    """A stretch of a work of which several quotations have some words: from the first to the last of them.

    `words` are its first ones, `quotations` the ids of those that quote it, `essays` counts who makes them.
    """

    work: Work
    span: Span
    words: str
    locator: str | None
    speaker: str | None
    address: str
    quotations: tuple[str, ...]
    essays: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """A source that essays cite and that is not held: `quotations` cite it, `essays` name it."""

    title: str
    author: str | None
    url: str | None
    work: Work | None
    quotations: int
    essays: int


@dataclass(frozen=True, slots=True)
class Naming:
    """That an essay names a source: in the citation of a quotation (`quotes`), or in its list."""

    essay_id: str
    quotes: bool
    record: Citation | Entry


@pages.get("/reports")
def index() -> Response:
    """The verdicts of every essay, and the first lines of each table."""
    here = opened()
    tables = {name: _rows(here, name) for name in TABLES}
    record: dict[str, Any] = {"verdicts": in_order(here.store.verdicts())}
    record |= {name: rows if name == "essays" else rows[:SHOWN] for name, rows in tables.items()}
    lengths = {name: len(rows) for name, rows in tables.items()}
    most = {name: _most(name, rows) for name, rows in tables.items()}
    return answer("reports.html", record, lengths=lengths, most=most)


@pages.get("/reports/<any(essays, passages, works, wanted):table>")
def show(table: str) -> Response:
    """One of the tables, a page at a time."""
    here = opened()
    rows = _rows(here, table)
    part = lists.pages(len(rows))
    record = {
        "verdicts": in_order(here.store.verdicts()),
        "table": table,
        "rows": part.cut(rows),
        "total": len(rows),
        "page": part.number,
        "pages": part.last,
    }
    return answer("reports_table.html", record, part=part, most=_most(table, rows))


@pages.get("/reports/<any(essays, passages, works, wanted):table>.csv")
def export_csv(table: str) -> Response:
    """One of the tables, whole, as CSV."""
    columns, cells = CELLS[table]
    return csv_file(f"reports-{table}", columns, map(cells, _rows(opened(), table)))


def _rows(here: Opened, table: str) -> Sequence[Any]:
    """The rows of a table. It is made of all quotations, and so once for all who read it; its addresses hold
    where the archive is served under the same path."""
    path, rows = here.once(table, lambda opened: (request.script_root, TABLES[table](opened)))
    return rows if path == request.script_root else TABLES[table](here)


def _most(table: str, rows: Sequence[Any]) -> int:
    """The most quotations of a row, on whatever page it stands: the length of the longest bar."""
    return max((line.quotations for line in rows), default=0) if table in DRAWN else 0


# What is quoted


def quoted_works(here: Opened) -> list[QuotedWork]:
    """The works in which quotations were found, the most quoted first."""
    quoting: defaultdict[str, list[str]] = defaultdict(list)
    for finding in here.store.findings():
        if finding.alignment:
            quoting[finding.alignment.place.work_id].append(finding.quotation.essay_id)
    made = [QuotedWork(here.known[w], len(essays), len(set(essays))) for w, essays in quoting.items()]
    return sorted(made, key=lambda line: (-line.quotations, -line.essays, line.work.id))


def quoted_passages(here: Opened) -> list[QuotedPassage]:
    """The passages that several quotations share, those of most essays first.

    Where the same words stand in several works, they are listed once: where most quotations meet.
    """
    shared = [
        (work.id, ties)
        for work in here.works
        for ties in _clusters(here.ties.quoted(work.id))
        if len({tie.quotation_id for tie in ties}) > 1
    ]
    listed: list[QuotedPassage] = []
    told: set[str] = set()
    for work_id, ties in sorted(shared, key=lambda pair: (*_weight(pair[1]), pair[0], pair[1][0].span)):
        ids = {tie.quotation_id for tie in ties}
        if not ids <= told:
            told |= ids
            listed.append(_passage(here.store.document(work_id), ties))
    return listed


def _clusters(ties: Sequence[Tie]) -> Iterator[list[Tie]]:
    """The ties, in the order of the text, in groups of which each touches the one before."""
    group: list[Tie] = []
    end = 0
    for tie in ties:
        if group and tie.span.start >= end:
            yield group
            group = []
        group.append(tie)
        end = max(end, tie.span.end) if len(group) > 1 else tie.span.end
    if group:
        yield group


def _weight(ties: Sequence[Tie]) -> tuple[int, int]:
    return -len({tie.essay_id for tie in ties}), -len({tie.quotation_id for tie in ties})


def _passage(document: Document, ties: Sequence[Tie]) -> QuotedPassage:
    span = Span(ties[0].span.start, max(tie.span.end for tie in ties))
    locator, speaker = where(document, span.start)
    return QuotedPassage(
        work=document.work,
        span=span,
        words=first_words(document.text[span.start : span.end]),
        locator=locator,
        speaker=speaker,
        address=reading_address(document.work.id, number_at(document, span.start)),
        quotations=tuple(dict.fromkeys(tie.quotation_id for tie in ties)),
        essays=len({tie.essay_id for tie in ties}),
    )


# What is cited and not held


def most_wanted(here: Opened) -> list[Wanted]:
    """The sources that essays cite or list and that are not held, the most cited first."""
    held = {w.id for w in here.works if w.file} | {w.parent for w in here.works if w.file and w.parent}
    namings = [naming for naming in _namings(here.store) if naming.record.work_id not in held]
    wanted = [_wanted(here.known, named) for named in _by_source(namings)]
    return sorted(wanted, key=lambda w: (-w.quotations, -w.essays, w.title.casefold(), w.url or ""))


def _namings(store: Store) -> Iterator[Naming]:
    """Each time that an essay names a source, in a citation or in its list."""
    for finding in store.findings():
        cited = finding.citation
        if cited and cited.outcome != "ambiguous" and (cited.work_id or cited.title):
            yield Naming(finding.quotation.essay_id, True, cited)
    for entry in store.entries():
        if entry.work_id or entry.title or entry.url:
            yield Naming(entry.essay_id, False, entry)


def _by_source(namings: Sequence[Naming]) -> Iterator[list[Naming]]:
    """The namings of each source: of one work of the archive, else of one title, else of one address.

    Two namings of one title are of one source unless they name different authors: an essay gives a book
    now with its author and now without, and at several addresses.
    """
    groups: defaultdict[object, list[Naming]] = defaultdict(list)
    for naming in namings:
        record = naming.record
        title = tuple(words(record.title or "").forms)
        groups[record.work_id or title or record.url].append(naming)
    for key, group in groups.items():
        yield from _by_author(group) if isinstance(key, tuple) else [group]


def _by_author(group: Sequence[Naming]) -> Iterator[list[Naming]]:
    """Namings of one title by their author; those without an author go to the only one, if there is one."""
    authors: list[tuple[set[str], list[Naming]]] = []
    nameless = []
    for naming in group:
        name = _names(naming.record.author)
        known = next((author for author in authors if author[0] & name), None)
        if not name:
            nameless.append(naming)
        elif known:
            known[0].update(name)
            known[1].append(naming)
        else:
            authors.append((name, [naming]))
    if len(authors) == 1:
        authors[0][1].extend(nameless)
    elif nameless:
        authors.append((set(), nameless))
    yield from (named for _, named in authors)


def _names(author: str | None) -> set[str]:
    """The words of a name that tell people apart: not initials."""
    return {word for word in words(author or "").forms if len(word) > 2}


def _wanted(works: Mapping[str, Work], named: Sequence[Naming]) -> Wanted:
    records = [naming.record for naming in named]
    work = works.get(records[0].work_id or "")
    url = next((r.url for r in records if r.url), None)
    return Wanted(
        title=work.title if work else next((r.title for r in records if r.title), url or ""),
        author=work.author if work else next((r.author for r in records if r.author), None),
        url=(work.url if work else None) or url,
        work=work,
        quotations=sum(naming.quotes for naming in named),
        essays=len({naming.essay_id for naming in named}),
    )


# The tables by their names, and as CSV

TABLES: Mapping[str, Callable[[Opened], Sequence[Any]]] = {
    "essays": essay_lines,
    "passages": quoted_passages,
    "works": quoted_works,
    "wanted": most_wanted,
}


def _essay_cells(line: EssayLine) -> tuple[object, ...]:
    work = line.work
    return (
        work.id,
        work.author,
        work.title,
        line.quotations,
        *(line.verdicts.get(name, 0) for name in SIGNS),
    )


def _passage_cells(line: QuotedPassage) -> tuple[object, ...]:
    address = url_for("beside.show", quotation_id=line.quotations[0], _external=True)
    where_it_is = (line.work.id, line.work.title, line.locator, line.speaker, line.words)
    return (*where_it_is, len(line.quotations), line.essays, " ".join(line.quotations), address)


def _work_cells(line: QuotedWork) -> tuple[object, ...]:
    work = line.work
    return (work.id, work.author, work.title, work.year, work.url, line.quotations, line.essays)


def _wanted_cells(line: Wanted) -> tuple[object, ...]:
    work = line.work.id if line.work else ""
    return (line.author, line.title, line.url, work, line.quotations, line.essays)


CELLS: Mapping[str, tuple[tuple[str, ...], Callable[[Any], tuple[object, ...]]]] = {
    "essays": (("work", "author", "title", "quotations", *SIGNS), _essay_cells),
    "passages": (
        ("work", "title", "locator", "speaker", "words", "quotations", "essays", "ids", "comparison"),
        _passage_cells,
    ),
    "works": (("work", "author", "title", "year", "url", "quotations", "essays"), _work_cells),
    "wanted": (("author", "title", "url", "work", "quotations", "essays"), _wanted_cells),
}

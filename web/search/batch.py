"""Many queries or quotations in one go, one a line: a table of what each finds, or of where each stands."""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass

from flask import Blueprint, Response, request

from indexer.errors import QueryError, UnreadableFile
from indexer.models import Place
from web.accounts import stores_nothing
from web.answer import answer
from web.find import FEWEST_WORDS, Standing, standing, word_spans
from web.language import N_, _
from web.library import Opened, opened
from web.table import csv_file

pages = Blueprint("batch", __name__)

# Queries of one list: at some hundredths of a second each, a reader waits a few seconds.
MOST_QUERIES = 200
# Passages in which the queries of one list may look words up: a second or two. 200 names stay far below; of
# long queries of the commonest words it is some dozen.
MOST_LOOKUPS = 15_000_000
# Quotations of one list: each is looked for in all sources, and judged, in about a tenth of a second.
MOST_QUOTATIONS = 100
LISTS = {"queries": N_("Queries"), "quotations": N_("Quotations")}
COLUMNS = ("query", "passages", "works", "read as", "did you mean", "error", "can be searched instead")
TRACED = (
    "quotation",
    "verdict",
    "warnings",
    "changes",
    "title",
    "author",
    "year",
    "locator",
    "speaker",
    "address",
    "remark",
)
QUOTED = "“\"„«‘'"  # marks with which a line shows that it quotes


@dataclass(frozen=True, slots=True)
class Answered:
    """What a query of the list finds, or the `error` that says why it cannot be run, with a `mended` one."""

    query: str
    passages: int | None = None
    works: int | None = None
    read_as: str | None = None
    instead: str | None = None
    error: str | None = None
    mended: str | None = None


@dataclass(frozen=True, slots=True)
class Traced:
    """A quotation of the list: its verdict against all that is held, and where its words stand, if they do.

    `changes` counts what is otherwise there, `others` the further places that have the words equally well.
    Without a verdict `remark` says why there is none.
    """

    quotation: str
    verdict: str | None = None
    warnings: tuple[str, ...] = ()
    changes: int = 0
    standing: Standing | None = None
    others: int = 0
    remark: str = ""


@pages.route("/batch", methods=["GET", "POST"])
@stores_nothing
def index() -> Response:
    """The table of a list, or the field for one; `format=csv` gives the table as a file.

    Lines beyond the most that are taken are left out, and the page says how many.
    """
    kind = "quotations" if request.values.get("of") == "quotations" else "queries"
    most = MOST_QUOTATIONS if kind == "quotations" else MOST_QUERIES
    typed = request.values.get("queries", "")
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    here, taken = opened(), lines[:most]
    stand = [traced(here, line) for line in taken] if kind == "quotations" else []
    found = list(every(here, taken)) if kind == "queries" else []
    if lines and request.values.get("format") == "csv":
        rows = map(_cells, stand) if stand else map(astuple, found)
        return csv_file(kind, TRACED if stand else COLUMNS, rows)
    record = {"of": kind, "answers": found, "traced": stand, "left_out": max(0, len(lines) - most)}
    return answer("batch.html", record, typed=typed, most=most, lists=LISTS)


def every(here: Opened, queries: Sequence[str]) -> Iterator[Answered]:
    """What each query finds; one that cannot be run, or not with so many others, does not stop the others."""
    left = MOST_LOOKUPS
    for query in queries:
        try:
            results = here.fulltext.search(query, per_page=1, facets=("work",), most=left)
        except QueryError as error:
            yield Answered(query, error=str(error), mended=error.mended)
        else:
            left -= results.looked_up
            works = len(results.facets["work"])
            yield Answered(query, results.total, works, results.read_as, results.instead)


def traced(here: Opened, line: str) -> Traced:
    """Where a quotation stands, and what its words are to those there. A line may end in its citation.

    A line that begins with a quotation mark is read as an essay would be; any other is quoted whole.
    """
    if len(word_spans(line)) < FEWEST_WORDS:
        return Traced(line, remark=_("Fewer than three words stand everywhere."))
    try:
        findings = here.judge(line if line[0] in QUOTED else f"“{line}”").findings
    except UnreadableFile:
        findings = ()
    if not findings:
        return Traced(line, remark=_("Too short to be judged as a quotation: search for it as a phrase."))
    finding = max(findings, key=lambda f: f.quotation.span.end - f.quotation.span.start)
    verdict, alignment = finding.verdict, finding.alignment
    return Traced(
        quotation=line,
        verdict=verdict.name,
        warnings=verdict.warnings,
        changes=len(verdict.changes),
        standing=_standing(here, alignment.place) if alignment else None,
        others=len(alignment.others) if alignment else 0,
    )


def _standing(here: Opened, place: Place) -> Standing:
    return standing(here.store.document(place.work_id), place.span.start)


def _cells(found: Traced) -> tuple[object, ...]:
    at = found.standing
    work = (at.work.title, at.work.author, at.work.year) if at else ("", "", "")
    place = (at.locator, at.speaker, at.address) if at else ("", "", "")
    return (
        found.quotation, found.verdict, " ".join(found.warnings), found.changes, *work, *place, found.remark
    )  # fmt: skip

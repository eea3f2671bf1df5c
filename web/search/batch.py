"""Many queries or quotations in one go, one a line: a table of what each finds, or of where each stands."""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from time import monotonic

from flask import Blueprint, Response, request

from indexer.errors import QueryError, UnreadableFile
from indexer.models import Checked, Place
from web.accounts import stores_nothing
from web.answer import answer
from web.find import FEWEST_WORDS, LONGEST, Standing, standing, word_spans
from web.language import N_, _, number
from web.library import Opened, opened
from web.table import csv_file

pages = Blueprint("batch", __name__)

# Queries of one list: at some hundredths of a second each, a reader waits a few seconds.
MOST_QUERIES = 200
# Passages in which the queries of one list may look words up: a second or two. 200 names stay far below; of
# long queries of the commonest words it is some dozen.
MOST_LOOKUPS = 15_000_000
# Quotations of one list: each is looked for in all sources, and judged, in about a hundredth of a second.
MOST_QUOTATIONS = 100
# Seconds after which a page goes out with what is done, and offers the rest of the list to go on with.
SECONDS = 1.5
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
    if taken and request.values.get("format") == "csv":
        return _csv(here, kind, taken)
    found = list(every(here, taken)) if kind == "queries" else []
    stand = list(_in_time(traced(here, taken))) if kind == "quotations" else []
    rest = taken[len(stand) :] if kind == "quotations" else []
    left_out = max(0, len(lines) - most)
    record = {"of": kind, "answers": found, "traced": stand, "rest": rest, "left_out": left_out}
    return answer("batch.html", record, typed=typed, most=most, lists=LISTS)


def _csv(here: Opened, kind: str, lines: Sequence[str]) -> Response:
    """The table as a file, of all lines, however long they take."""
    if kind == "queries":
        return csv_file(kind, COLUMNS, map(astuple, every(here, lines)))
    return csv_file(kind, TRACED, map(_cells, traced(here, lines)))


def _in_time(found: Iterator[Traced]) -> Iterator[Traced]:
    """The first, and what else is there before the time is over."""
    until = monotonic() + SECONDS
    for each in found:
        yield each
        if monotonic() > until:
            return


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


def traced(here: Opened, lines: Sequence[str]) -> Iterator[Traced]:
    """Where each quotation stands, and what its words are to those there. A line may end in its citation.

    A line that begins with a quotation mark is read as an essay would be; any other is quoted whole. They are
    judged as they are taken.
    """
    remarks = {line: remark for line in lines if (remark := _unfit(line))}
    sought = [line for line in lines if line not in remarks]
    judged = here.judge([line if line[0] in QUOTED else f"“{line}”" for line in sought])
    for line in lines:
        yield Traced(line, remark=remarks[line]) if line in remarks else _traced(here, line, next(judged))


def _unfit(line: str) -> str:
    """Why a line cannot be a quotation; "" if it can."""
    if len(line) > LONGEST:
        return _("Longer than %(most)s letters: check it as a text of its own.", most=number(LONGEST))
    if len(word_spans(line)) < FEWEST_WORDS:
        return _("Fewer than three words stand everywhere.")
    return ""


def _traced(here: Opened, line: str, checked: Checked | UnreadableFile) -> Traced:
    findings = () if isinstance(checked, UnreadableFile) else checked.findings
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
    # The file is opened elsewhere, where a path alone leads nowhere.
    address = request.host_url.rstrip("/") + at.address if at else ""
    place = (at.locator, at.speaker, address) if at else ("", "", "")
    return (
        found.quotation, found.verdict, " ".join(found.warnings), found.changes, *work, *place, found.remark
    )  # fmt: skip

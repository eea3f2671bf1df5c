"""Many queries in one go: one a line, a table of what each finds."""

from dataclasses import dataclass

from flask import Blueprint, Response, request

from indexer.errors import QueryError
from web.answer import answer
from web.library import Opened, opened
from web.table import csv_file

pages = Blueprint("batch", __name__)

# Queries of one list: at some hundredths of a second each, a reader waits a few seconds.
MOST_QUERIES = 200
COLUMNS = ("query", "passages", "works", "read as", "did you mean", "error", "can be searched instead")


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


@pages.route("/batch", methods=["GET", "POST"])
def index() -> Response:
    """The table of a list of queries, or the field for them; `format=csv` gives the table as a file.

    Queries beyond the most that are taken are left out, and the page says how many.
    """
    typed = request.values.get("queries", "")
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    here = opened()
    found = [answered(here, line) for line in lines[:MOST_QUERIES]]
    if found and request.values.get("format") == "csv":
        return _csv(found)
    record = {"answers": found, "left_out": max(0, len(lines) - MOST_QUERIES)}
    return answer("batch.html", record, typed=typed, most=MOST_QUERIES)


def answered(here: Opened, query: str) -> Answered:
    """What one query of the list finds; one that cannot be run does not stop the others."""
    try:
        results = here.fulltext.search(query, per_page=1, facets=("work",))
    except QueryError as error:
        return Answered(query, error=str(error), mended=error.mended)
    works = len(results.facets["work"])
    return Answered(query, results.total, works, results.read_as, results.instead)


def _csv(found: list[Answered]) -> Response:
    rows = [(a.query, a.passages, a.works, a.read_as, a.instead, a.error, a.mended) for a in found]
    return csv_file("queries", COLUMNS, rows)

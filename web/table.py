"""Tables as files: CSV that a spreadsheet shows and does not run."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from flask import Response

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First letters that make a spreadsheet run a cell instead of showing it."""


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV (RFC 4180) with a mark that spreadsheets need to read it as UTF-8."""
    return "".join(csv_parts(columns, [rows]))


def csv_parts(columns: Sequence[str], parts: Iterable[Iterable[Sequence[object]]]) -> Iterator[str]:
    """As `as_csv`, the head first and then part by part: a long table need never be held whole."""
    yield "\ufeff" + _lines([columns])
    for rows in parts:
        yield _lines([cell(value) for value in values] for values in rows)


def _lines(rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def cell(value: object) -> object:
    """A value that a spreadsheet shows and does not run: an apostrophe goes before a formula."""
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA):
        return "'" + value
    return value


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Rows as a CSV file that a browser saves as `name`.csv, odd letters of the name replaced by "-"."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in name)
    response = Response(as_csv(columns, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{plain}.csv"'
    return response

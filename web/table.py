"""Tables as files: CSV that a spreadsheet shows and does not run."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First letters that make a spreadsheet run a cell instead of showing it."""


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV (RFC 4180) with a mark that spreadsheets need to read it as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([cell(value) for value in values] for values in rows)
    return "\ufeff" + out.getvalue()


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

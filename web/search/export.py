"""Results as files: CSV, JSON and Markdown, each passage with a citation and an address."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request, url_for

from indexer.errors import QueryError
from indexer.fulltext import Found
from web import lists
from web.language import _
from web.library import Opened, opened
from web.search.asking import Asked, asked, search
from web.search.hits import Hit, hits, text_of
from web.table import as_csv

pages = Blueprint("export", __name__)

# Passages of a file: what one can still read through, and makes within seconds. JSON and Markdown say if
# there are more, CSV's answer has the number in X-Total-Count.
MOST_SAVED = 1000
AT_ONCE = 200
COLUMNS = (
    "number", "title", "author", "year", "kind", "locator", "speaker", "work", "passage", "start", "end",
    "matched", "text", "citation", "address",
)  # fmt: skip
# Parameters that change how a page shows results, not which.
LEFT = ("page", "view", "group", "by", "format")
# What Markdown would read as its own.
_MARKUP = str.maketrans({sign: "\\" + sign for sign in "\\`*_[]<>#|~"})


@pages.record_once
def register(state: Any) -> None:
    """Let the page of results name the addresses of its files."""
    app: Flask = state.app
    app.jinja_env.globals["saved"] = saved


def saved(name: str) -> str:
    """The address of the results of this page's search as a file of the kind `name` (csv, json, md)."""
    kept = {key: value for key, value in request.args.to_dict(flat=False).items() if key not in LEFT}
    return lists.address_at(url_for("export.show", kind=name), kept)


@pages.get("/search.<any(csv, json, md):kind>")
def show(kind: str) -> Response:
    """The passages that the search finds, in its order, as a file. Raises QueryError."""
    here, wanted = opened(), asked()
    if not wanted.query:
        raise QueryError(_("There is nothing to save: no query was given."))
    found, total = _found(here, wanted)
    rows = [_row(here, number, hit) for number, hit in enumerate(hits(here, found, wanted), 1)]
    if kind == "json":
        return jsonify({"query": wanted.query, "total": total, "saved": len(rows), "hits": rows})
    if kind == "csv":
        body, media = as_csv(COLUMNS, [_cells(row) for row in rows]), "text/csv"
    else:
        body, media = _markdown(wanted.query, total, rows), "text/markdown"
    response = Response(body, content_type=f"{media}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="search.{kind}"'
    response.headers["X-Total-Count"] = str(total)
    return response


def _found(here: Opened, wanted: Asked) -> tuple[list[Found], int]:
    """The first passages that match, and how many there are."""
    found: list[Found] = []
    for page in range(1, MOST_SAVED // AT_ONCE + 1):
        results = search(here, wanted, page, AT_ONCE)
        found += results.hits
        if len(found) >= results.total:
            break
    return found, results.total


def _row(here: Opened, number: int, hit: Hit) -> dict[str, Any]:
    """A passage as a record; `start`, `end` and `marks` count characters of the work's text."""
    work, passage, text = hit.work, hit.passage, text_of(here, hit.passage)
    start = passage.span.start
    address = request.host_url.rstrip("/") + hit.address
    return {
        "number": number,
        "title": work.title,
        "author": work.author,
        "year": work.year,
        "kind": work.kind,
        "locator": passage.locator,
        "speaker": passage.speaker,
        "work": work.id,
        "passage": passage.id,
        "start": start,
        "end": passage.span.end,
        "marks": hit.marks,
        "matched": [text[mark.start - start : mark.end - start] for mark in hit.marks],
        "text": text,
        "citation": _citation(hit),
        "address": address,
    }


def _citation(hit: Hit) -> str:
    """The passage as a note would cite it: author, title, year, place in it, who speaks, original page."""
    work, passage = hit.work, hit.passage
    title = f"“{work.title}”" + (f" ({work.year})" if work.year else "")
    speaker = f"{passage.speaker} speaking" if passage.speaker else None
    return ", ".join(filter(None, (work.author, title, passage.locator, speaker, work.url))) + "."


def _cells(row: Mapping[str, Any]) -> list[object]:
    return [" | ".join(row[name]) if name == "matched" else row[name] for name in COLUMNS]


def _markdown(query: str, total: int, rows: Sequence[Mapping[str, Any]]) -> str:
    """The passages as quotations, each with its citation and a link to it."""
    more = (
        f" The first {len(rows):,} of {total:,} passages." if total > len(rows) else f" Passages: {total:,}."
    )
    parts = [f"# {_plain(query)}", f"Found with Loccit.{more}"]
    for row in rows:
        quoted = "\n".join(f"> {_plain(line)}".rstrip() for line in row["text"].split("\n"))
        parts += [quoted, f"{row['number']}\\. {_plain(row['citation'])} [Read it there](<{row['address']}>)"]
    return "\n\n".join(parts) + "\n"


def _plain(text: str) -> str:
    """A text that Markdown shows as it is, on one line."""
    return " ".join(text.split()).translate(_MARKUP)

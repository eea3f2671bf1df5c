"""Results as files: CSV, JSON and Markdown, each passage with a citation and an address.

A file is sent while it is being made, a part at a time: it begins at once, however long it gets, and is never
held whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from threading import Semaphore
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request, stream_with_context, url_for
from werkzeug.exceptions import ServiceUnavailable

from indexer.errors import QueryError
from indexer.fulltext import Found
from web import lists
from web.citing import year_behind
from web.language import _
from web.library import Opened, opened
from web.search.asking import Asked, asked, every
from web.search.hits import Hit, hit, text_of
from web.table import csv_parts

pages = Blueprint("export", __name__)

# Passages of a file: more than one can read through, and what a minute or two makes. JSON and Markdown say if
# there are more, CSV's answer has the number in X-Total-Count.
MOST_SAVED = 100_000
# Long files that are sent at once; each keeps one of the server's threads for as long as its reader takes.
MOST_AT_ONCE = 3
MEDIA = {"csv": "text/csv; charset=utf-8", "json": "application/json", "md": "text/markdown; charset=utf-8"}
COLUMNS = (
    "number", "title", "author", "year", "kind", "locator", "speaker", "work", "passage", "start", "end",
    "matched", "text", "citation", "address",
)  # fmt: skip
# Parameters that change how a page shows results, not which.
LEFT = ("page", "view", "group", "by", "format")
RETRY = 10
"""Seconds after which to ask again where too many files are being sent."""
Row = Mapping[str, Any]
# What Markdown would read as its own.
_MARKUP = str.maketrans({sign: "\\" + sign for sign in "\\`*_[]<>#|~"})


@pages.record_once
def register(state: Any) -> None:
    """Let the page of results name the addresses of its files, and count those that are being sent."""
    app: Flask = state.app
    app.extensions["exports"] = Semaphore(MOST_AT_ONCE)
    app.jinja_env.globals["saved"] = saved


def saved(name: str) -> str:
    """The address of the results of this page's search as a file of the kind `name` (csv, json, md)."""
    kept = {key: value for key, value in request.args.to_dict(flat=False).items() if key not in LEFT}
    return lists.address_at(url_for("export.show", kind=name), kept)


@pages.get("/search.<any(csv, json, md):kind>")
def show(kind: str) -> Response:
    """The passages that the search finds, in its order, as a file. Raises QueryError, ServiceUnavailable."""
    here, wanted = opened(), asked()
    if not wanted.query:
        raise QueryError(_("There is nothing to save: no query was given."))
    total, found = every(here, wanted, MOST_SAVED)
    body = {"csv": _csv, "json": _json, "md": _markdown}[kind](
        wanted.query, total, _rows(here, wanted, found)
    )
    sent = _sent(body)
    next(sent)
    response = Response(stream_with_context(sent), content_type=MEDIA[kind])
    if kind != "json":
        response.headers["Content-Disposition"] = f'attachment; filename="search.{kind}"'
        response.headers["X-Total-Count"] = str(total)
    return response


def _sent(body: Iterator[str]) -> Iterator[str]:
    """The parts of a file; while they are taken, so is one of the places for files. The first is empty, and
    there once a place was free. Raises ServiceUnavailable."""
    places: Semaphore = current_app.extensions["exports"]
    if not places.acquire(blocking=False):
        why = _("Other files of results are being sent just now. Try again in a moment.")
        raise ServiceUnavailable(why, retry_after=RETRY)
    try:
        yield ""
        yield from body
    finally:
        places.release()


def _rows(here: Opened, wanted: Asked, parts: Iterator[Sequence[Found]]) -> Iterator[list[Row]]:
    """The passages as records, part by part, numbered from 1. Each work's text is looked into once a part."""
    done = 0
    for part in parts:
        places = sorted(range(len(part)), key=lambda at: part[at].work_id)
        made = {at: _row(here, done + at + 1, hit(here, part[at], wanted)) for at in places}
        yield [made[at] for at in range(len(part))]
        done += len(part)


def _row(here: Opened, number: int, hit: Hit) -> Row:
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
    year = year_behind(work.title, work.year)
    title = f"“{work.title}”" + (f" ({year})" if year else "")
    speaker = f"{passage.speaker} speaking" if passage.speaker else None
    return ", ".join(filter(None, (work.author, title, passage.locator, speaker, work.url))) + "."


def _csv(query: str, total: int, parts: Iterator[list[Row]]) -> Iterator[str]:
    return csv_parts(COLUMNS, (map(_cells, rows) for rows in parts))


def _cells(row: Row) -> list[object]:
    return [" | ".join(row[name]) if name == "matched" else row[name] for name in COLUMNS]


def _json(query: str, total: int, parts: Iterator[list[Row]]) -> Iterator[str]:
    """One object, as if it were made whole."""
    dumps = current_app.json.dumps
    head = dumps({"query": query, "total": total, "saved": min(total, MOST_SAVED)})
    yield f'{head[:-1]}, "hits": ['
    for rows in parts:
        yield ("" if rows[0]["number"] == 1 else ", ") + dumps(rows)[1:-1]
    yield "]}\n"


def _markdown(query: str, total: int, parts: Iterator[list[Row]]) -> Iterator[str]:
    """The passages as quotations, each with its citation and a link to it."""
    more = (
        f" The first {MOST_SAVED:,} of {total:,} passages."
        if total > MOST_SAVED
        else f" Passages: {total:,}."
    )
    yield f"# {_plain(query)}\n\nFound with Loccit.{more}\n"
    for rows in parts:
        yield "".join(map(_quoted, rows))


def _quoted(row: Row) -> str:
    quoted = "\n".join(f"> {_plain(line)}".rstrip() for line in row["text"].split("\n"))
    return f"\n{quoted}\n\n{row['number']}\\. {_plain(row['citation'])} [Read it there](<{row['address']}>)\n"


def _plain(text: str) -> str:
    """A text that Markdown shows as it is, on one line."""
    return " ".join(text.split()).translate(_MARKUP)

"""Bookmarks out and in: files of all formats, of all of them or of what the list asks for; imports."""

from flask import Blueprint, Response, request

from indexer.errors import NotThere
from web import reader
from web.accounts import reader_file
from web.addresses import bare
from web.answer import answer, sent_text
from web.bookmarks.asking import asked, asked_state
from web.bookmarks.sourcing import sourced
from web.bookmarks.standing import by_address, of_state
from web.bookmarks.written import FORMATS
from web.language import N_, _
from web.library import opened_or_none
from web.reader import Refused

pages = Blueprint("transfer", __name__)
# What became of an item that was brought in.
STATUSES = {"imported": N_("imported"), "duplicate": N_("duplicate"), "failed": N_("failed")}


@pages.get("/bookmarks/export.<name>")
def export(name: str) -> Response:
    """The bookmarks that the query string asks for, as a file of one of FORMATS. Raises NotThere."""
    form = next((form for form in FORMATS.values() if form.suffix == name), None)
    if form is None:
        known = ", ".join(form.suffix for form in FORMATS.values())
        raise NotThere(
            _("Bookmarks are written as %(known)s; not as “%(name)s”.", known=known, name=name[:20])
        )
    here, state = opened_or_none(), asked_state(request.args)
    found = of_state(here, reader.bookmarks.listed(reader_file(), asked(request.args)), state)
    kept = sourced(here, found, request.host_url.rstrip("/"))
    response = Response(form.write(kept), content_type=f"{form.media}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="bookmarks.{form.suffix}"'
    return response


@pages.get("/bookmarks/import")
def bring() -> Response:
    """The form for an import."""
    return answer("bookmarks_import.html", {"results": None, "problem": ""}, counts={})


@pages.post("/bookmarks/import")
def import_json() -> Response:
    """Takes an export in, from a file or as text, and says what became of each item."""
    here, text = opened_or_none(), sent_text()
    known = by_address(here) if here else {}
    if text is None:
        return _not_taken(_("This is not an export of bookmarks: it is not text (UTF-8)."))
    try:
        results = reader.exchange.import_json(reader_file(), text, lambda url: known.get(bare(url) or ""))
    except Refused as error:
        return _not_taken(str(error))
    counts = {name: sum(r.status == name for r in results) for name in STATUSES}
    record = {"results": results, "problem": ""}
    return answer("bookmarks_import.html", record, counts=counts, STATUSES=STATUSES)


def _not_taken(problem: str) -> Response:
    record, typed = {"results": None, "problem": problem}, request.form.get("text", "")
    return answer("bookmarks_import.html", record, 400, counts={}, typed=typed)

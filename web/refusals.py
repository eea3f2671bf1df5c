"""Errors as pages: a clear sentence, the right status, a search box; never a traceback.

As JSON every error has one shape: {"error": {"status", "title", "message", "mended"}}, where `mended`
is a query that can be run in place of one that cannot, or null.
"""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from indexer.errors import IndexUnusable, LoccitError, NotThere, QueryError, ReaderError
from web.answer import answer
from web.language import N_, _
from web.reader import Refused

# Letters of a refused query that the page repeats in its search box, to be mended there.
ECHOED = 300
# Sentences for what werkzeug would say in its own words.
SENTENCES = {
    400: N_("The request cannot be understood as it was sent."),
    404: N_("There is no page at this address. A search may find what it was about."),
    405: N_("This address does not take such a request."),
    413: N_("What was sent is longer than two million bytes; that is more than this page takes."),
    500: N_(
        "Something broke inside Loccit. What you wrote before is kept; the server's log says what it was."
    ),
}

# What werkzeug calls the errors that pages meet.
NAMES = {
    400: N_("Bad Request"),
    403: N_("Forbidden"),
    404: N_("Not Found"),
    405: N_("Method Not Allowed"),
    413: N_("Request Entity Too Large"),
    429: N_("Too Many Requests"),
    500: N_("Internal Server Error"),
}


def install(app: Flask) -> None:
    """Register an answer for every kind of error."""
    app.register_error_handler(LoccitError, loccit_error)
    app.register_error_handler(HTTPException, http_error)


def loccit_error(error: LoccitError) -> Response:
    """The page of an error that Loccit names itself; its own text is the sentence."""
    mended = error.mended if isinstance(error, QueryError) else None
    status, title = _status(error)
    return refusal(status, title, str(error), mended)


def http_error(error: HTTPException) -> Response:
    """The page of an error that a view raised by `abort`, or that nobody caught."""
    status = error.code or 500
    own_words = error.description if type(error).description != error.description else None
    known = SENTENCES.get(status)
    sentence = own_words or (_(known) if known else error.description or error.name)
    response = refusal(status, _(NAMES.get(status, error.name)), sentence)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "Location"):
            response.headers[name] = value
    return response


def refusal(
    status: int, title: str, message: str, mended: str | None = None, back: str | None = None
) -> Response:
    """An error's page, or its JSON; `back` is the address of the page whose form was refused."""
    error = {"status": status, "title": title, "message": message, "mended": mended}
    query = request.args.get("q", "")[:ECHOED]
    return answer("error.html", {"error": error}, status, query=query, back=back, note=_note())


def _note() -> str:
    """The note of a form that was refused: it stands nowhere else, and the page gives it back."""
    try:
        return request.form.get("note", "")
    except HTTPException:  # what was sent is longer than is read
        return ""


def _status(error: LoccitError) -> tuple[int, str]:
    if isinstance(error, NotThere):
        return 404, _("Not there")
    if isinstance(error, QueryError):
        return 400, _("This search cannot be run as typed")
    if isinstance(error, IndexUnusable):
        return 503, _("The archive cannot be read yet")
    if isinstance(error, Refused):
        return 400, _("This cannot be kept as it is")
    if isinstance(error, ReaderError):
        return 503, _("Your records cannot be read or written")
    return 500, _("Something is wrong")

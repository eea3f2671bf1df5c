"""A page or its JSON twin, made of one record.

The rule for JSON twins: the record that a view hands over is what `Accept: application/json` or
`?format=json` gets, and every word that the template shows can be had from it. Dataclasses become
objects of their fields, spans `{"start", "end"}`. What only the drawing of a page needs (chosen
options, addresses of the pager) goes in as `shown` and stays out of the twin.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from shlex import quote

from flask import Flask, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.json.provider import DefaultJSONProvider

from web import addresses, citing, library, lists, verdicts
from web.language import N_

# Eight letters of the digest tell two editions of one file apart well enough for a cache.
DIGEST_LETTERS = 8

# Letters of a query string that a page repeats in its links; longer ones are nobody's typing.
LONGEST_QUERY = 2000

# What stands in the head of every page.
NAVIGATION = (
    ("works.index", N_("Works")),
    ("find.index", N_("Find a passage")),
    ("check.index", N_("Check a text")),
    ("reports.index", N_("Reports")),
    ("bookmarks.index", N_("Bookmarks")),
    ("help.index", N_("Help")),
)


# What works and bookmarks are of.
KINDS = {
    "essay": N_("essay"),
    "source": N_("source"),
    "passage": N_("passage"),
    "paragraph": N_("paragraph"),
    "quotation": N_("quotation"),
    "comparison": N_("comparison"),
    "search": N_("search"),
}


def wants_json() -> bool:
    """Whether this request asks for the JSON twin."""
    asked = request.args.get("format")
    if asked in ("json", "html"):
        return asked == "json"
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]


def answer(template: str, record: Mapping[str, object], status: int = 200, **shown: object) -> Response:
    """The record as JSON, or as the page that the template makes of it and of `shown`."""
    if wants_json():
        response = jsonify(record)
    else:
        response = make_response(render_template(template, **record, **shown))
    response.status_code = status
    response.vary.add("Accept")
    return response


def sent_text() -> str | None:
    """What a form for an import sent, as a file or as text; None of a file that is no text (UTF-8)."""
    sent = request.files.get("file")
    raw = sent.read() if sent and sent.filename else request.form.get("text", "").encode()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def see(address: str) -> Response:
    """To another page after a POST: reloading it sends nothing again."""
    made = redirect(address, 303)
    assert isinstance(made, Response)
    return made


def twin_address() -> str | None:
    """The address of this page's JSON twin; None where there is no page, its address is endless, or it was
    made of what was posted, which stands in no address."""
    posted = request.method == "POST"
    if posted or request.endpoint is None or len(request.query_string) > LONGEST_QUERY:
        return None
    return lists.again(page=request.args.get("page"), format="json")


def install(app: Flask) -> None:
    """Give the templates what every page needs, and JSON its plain form."""
    provider = DefaultJSONProvider(app)
    provider.ensure_ascii = False
    provider.sort_keys = False
    app.json = provider
    digests = {path.name: _digest(path) for path in Path(str(app.static_folder)).iterdir() if path.is_file()}

    def asset(name: str) -> str:
        return url_for("static", filename=name, v=digests[name])

    app.jinja_env.filters.update(host=addresses.host, shell=quote, year_behind=citing.year_behind)
    app.jinja_env.globals.update(
        KINDS=KINDS,
        SIGNS=verdicts.SIGNS,
        LABELS=verdicts.LABELS,
        WARNING_LABELS=verdicts.WARNING_LABELS,
        quotation_address=addresses.quotation_address,
        reading_address=addresses.reading_address,
        parent_of=library.parent_of,
    )

    @app.context_processor
    def everywhere() -> dict[str, object]:
        return {
            "asset": asset,
            "again": lists.again,
            "navigation": NAVIGATION,
            "twin_address": twin_address,
        }


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:DIGEST_LETTERS]

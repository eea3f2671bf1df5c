"""Suggestions while typing, for browsers that have Loccit among their search engines (OpenSearch 1.1)."""

from flask import Blueprint, Response, current_app, render_template, request

from web.library import opened

pages = Blueprint("suggest", __name__)

# Letters to complete at most; a longer text is no longer a word being typed.
LONGEST = 200


@pages.get("/suggest")
def index() -> Response:
    """What was typed, and the archive's words that it may become: the pair that browsers expect."""
    typed = request.args.get("q", "")
    found = opened().fulltext.suggest(typed) if len(typed) <= LONGEST else ()
    body = current_app.json.dumps([typed, list(found)])
    return Response(body, content_type="application/x-suggestions+json")


@pages.get("/opensearch.xml")
def description() -> Response:
    """How a browser searches this archive, and where it gets suggestions."""
    body = render_template("opensearch.xml", host=request.host)
    return Response(body, content_type="application/opensearchdescription+xml; charset=utf-8")

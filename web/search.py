"""Search: passages of the archive with the words that matched."""

from flask import Blueprint, Response, request

from web.answer import answer

pages = Blueprint("search", __name__)


@pages.get("/search")
def index() -> Response:
    """The passages that the query finds."""
    return answer("search.html", {"query": request.args.get("q", "")})

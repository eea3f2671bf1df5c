"""Help: how to search, and the rules by which a quotation is called what it is called."""

from dataclasses import dataclass

from flask import Blueprint, Response

from web.answer import answer

pages = Blueprint("help", __name__)


@dataclass(frozen=True, slots=True)
class Operator:
    """A way of searching: what to type, what it finds."""

    example: str
    finds: str


OPERATORS = (
    Operator("harbour vote", "all of the words, in any of their forms (votes, voted, voting)"),
    Operator('"the vote was taken"', "these words, as they stand, one after the other; no word is too small"),
)


@pages.get("/help")
def index() -> Response:
    """The operators of the search, and the rules of the verdicts."""
    return answer("help.html", {"operators": OPERATORS})

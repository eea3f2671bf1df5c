"""Help: how to search, and the rules by which a quotation is called what it is called."""

from dataclasses import dataclass

from flask import Blueprint, Response

from indexer.fulltext.query import (
    MAX_EDITS,
    MAX_GAP,
    MAX_LENGTH,
    MAX_UNORDERED,
    MIN_FUZZY,
    MIN_PREFIX,
)
from indexer.fulltext.tokens import FIELDS
from indexer.verdict import RULES, WARNINGS
from web.answer import answer
from web.search.batch import MOST_QUERIES, MOST_QUOTATIONS
from web.search.concordance import MOST_LINES
from web.search.export import MOST_SAVED
from web.search.results import OF_EACH

pages = Blueprint("help", __name__)


@dataclass(frozen=True, slots=True)
class Operator:
    """A way of searching: an example that finds something in the sample collection, and what it finds."""

    example: str
    finds: str


OPERATORS = (
    Operator("ball dropped", "all of the words, in any of their forms: drop, drops, dropped"),
    Operator('"the ball was dropped"', "these words as they stand, next to each other; no word is too small"),
    Operator("‘the ball was dropped’", "a phrase, too, in single quotation marks"),
    Operator("barque OR ship", "one of them, or both; | says the same, as & does for AND"),
    Operator("ball NOT wire", "the first without the second; -wire and !wire say the same"),
    Operator("(barque OR ship) reckoning", "parentheses say what belongs together"),
    Operator("chronom*", f"words that begin so; at least {MIN_PREFIX} letters before the star"),
    Operator("Lor?e", "a question mark is exactly one letter"),
    Operator("cronometer~2", f"words that differ in up to {MAX_EDITS} letters, and have {MIN_FUZZY} or more"),
    Operator('"left * Observatory"', "a star that stands alone is any one word of a phrase"),
    Operator('"boy hill"~8', f"up to so many other words between them, {MAX_GAP} at most, in this order"),
    Operator('"hill boy"~8u', f"the same in any order, of {MAX_UNORDERED} words at most"),
    Operator("author:Lorne", "in works of this author"),
    Operator("title:inquiry boy", "in works with this word in the title"),
    Operator("speaker:Voss", "where this person speaks"),
    Operator("year:1897-1904 ball", "in works of these years; 1897- and -1904 leave a side open; 1890s"),
    Operator("kind:essay Observatory", "in essays only; kind:source in sources only"),
    Operator("quoted:yes boy", "in passages that an essay quotes"),
    Operator("verdict:altered", "passages with a quotation of this verdict; alone or with words"),
    Operator("cites:Lorne", "passages that quote from this author or title"),
)


@pages.get("/help")
def index() -> Response:
    """The operators of the search, and the rules of the verdicts and warnings."""
    bounds = {
        "of_each": OF_EACH,
        "most_lines": MOST_LINES,
        "most_saved": MOST_SAVED,
        "most_queries": MOST_QUERIES,
        "most_quotations": MOST_QUOTATIONS,
    }
    record = {"operators": OPERATORS, "fields": FIELDS, "verdicts": RULES, "warnings": WARNINGS}
    return answer("help.html", record, longest=MAX_LENGTH, **bounds)

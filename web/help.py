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
from web.language import _
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


def operators() -> tuple[Operator, ...]:
    """The ways of searching, as the page lists them."""
    return (
        Operator("ball dropped", _("all of the words, in any of their forms: drop, drops, dropped")),
        Operator(
            '"the ball was dropped"', _("these words as they stand, next to each other; no word is too small")
        ),
        Operator("‘the ball was dropped’", _("a phrase, too, in single quotation marks")),
        Operator("barque OR ship", _("one of them, or both; | says the same, as & does for AND")),
        Operator("ball NOT wire", _("the first without the second; -wire and !wire say the same")),
        Operator("(barque OR ship) reckoning", _("parentheses say what belongs together")),
        Operator(
            "chronom*",
            _("words that begin so; at least %(least)s letters before the star", least=MIN_PREFIX),
        ),
        Operator("Lor?e", _("a question mark is exactly one letter")),
        Operator(
            "cronometer~2",
            _(
                "words that differ in up to %(most)s letters, and have %(least)s or more",
                most=MAX_EDITS,
                least=MIN_FUZZY,
            ),
        ),
        Operator('"left * Observatory"', _("a star that stands alone is any one word of a phrase")),
        Operator(
            '"boy hill"~8',
            _("up to so many other words between them, %(most)s at most, in this order", most=MAX_GAP),
        ),
        Operator('"hill boy"~8u', _("the same in any order, of %(most)s words at most", most=MAX_UNORDERED)),
        *_of_fields(),
    )


def _of_fields() -> tuple[Operator, ...]:
    return (
        Operator("author:Lorne", _("in works of this author")),
        Operator("title:inquiry boy", _("in works with this word in the title")),
        Operator("speaker:Voss", _("where this person speaks")),
        Operator(
            "year:1897-1904 ball", _("in works of these years; 1897- and -1904 leave a side open; 1890s")
        ),
        Operator("kind:essay Observatory", _("in essays only; kind:source in sources only")),
        Operator("quoted:yes boy", _("in passages that an essay quotes")),
        Operator("verdict:altered", _("passages with a quotation of this verdict; alone or with words")),
        Operator("cites:Lorne", _("passages that quote from this author or title")),
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
    record = {"operators": operators(), "fields": FIELDS, "verdicts": RULES, "warnings": WARNINGS}
    return answer("help.html", record, longest=MAX_LENGTH, **bounds)

"""What a reader typed, as a tree: parsed once, here, within bounds, before any engine sees it.

    query   = either
    either  = both ("OR" both)*
    both    = one ("AND"? one)*
    one     = ("NOT" | "-") one | "(" either ")" | field ":" (value | "(" either ")") | phrase | word
    phrase  = '"' words '"' ("~" number "u"?)?
    word    = letters, letters "*", letters "?" letters, letters "~" ("1" | "2")?

`read` raises QueryError and nothing else, whatever the string; the error says in a sentence what is wrong
and carries a query that can be run instead.
"""

from indexer.errors import QueryError
from indexer.fulltext.query.limits import (
    MAX_CLAUSES,
    MAX_DEPTH,
    MAX_EDITS,
    MAX_GAP,
    MAX_LENGTH,
    MAX_UNORDERED,
    MIN_FUZZY,
    MIN_PREFIX,
    Fault,
)
from indexer.fulltext.query.parsing import only_words, parse
from indexer.fulltext.query.terms import years
from indexer.fulltext.query.tree import (
    And,
    Field,
    Fuzzy,
    Leaf,
    Node,
    Not,
    Or,
    Pattern,
    Phrase,
    Term,
    Word,
    Years,
    changed,
    exactly,
    leaves,
    replaced,
)
from indexer.fulltext.query.writing import same, written

__all__ = [
    "MAX_CLAUSES", "MAX_DEPTH", "MAX_EDITS", "MAX_GAP", "MAX_LENGTH", "MAX_UNORDERED", "MIN_FUZZY",
    "MIN_PREFIX", "And", "Field", "Fuzzy", "Leaf", "Node", "Not", "Or", "Pattern", "Phrase", "Term", "Word",
    "Years", "changed", "exactly", "leaves", "read", "replaced", "same", "written", "years",
]  # fmt: skip

_REPAIRS = 40  # faults mended one after the other before only the words are offered


def read(query: str) -> Node:
    """The tree of a typed query. Raises QueryError with a sentence and, if there is one, a mended query."""
    try:
        return parse(query)
    except Fault as fault:
        raise QueryError(str(fault), _mended(fault.repaired, query)) from None


def _mended(repaired: str | None, query: str) -> str | None:
    """A query that can be run: all faults repaired one by one, else the bare words, else None."""
    for _ in range(_REPAIRS):
        if repaired is None:
            break
        try:
            parse(repaired)
            return repaired
        except Fault as fault:
            repaired = fault.repaired
    plain = only_words(query)
    try:
        parse(plain)
    except Fault:
        return None
    return plain

"""The signs of a typed query: words, phrases, operators, names of fields, each with where it stands.

Single quotation marks make a phrase, too, where one opens before a word and one closes after: British
texts quote so. The apostrophes of "don't" and "the workers' state" are none.
"""

import re
from dataclasses import dataclass

from indexer.fulltext.words import UNSEEN

FIELDS = (
    "author",
    "title",
    "kind",
    "speaker",
    "collection",
    "work",
    "language",
    "quoted",
    "cites",
    "verdict",
    "year",
)
CLOSED = re.compile(r'"([^"]*)"(?:\s*~(\d*)(u?))?')  # a phrase, how many words may lie between, any order
STRAY = ".,;:!?…'’‘`"  # punctuation about a word that means nothing to a query
DASHES = "-–—"

_QUOTES = {ord(mark): '"' for mark in "“”„‟«»‹›〝〞＂"}
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # letters that no text can hold
_UNPRINTED = dict.fromkeys(map(ord, UNSEEN)) | {0: " "} | _SURROGATES
_TOKEN = re.compile(r'\s+|"[^"]*"(?:\s*~(?:\d+u?|u)(?!\w)|~(?!\w))?|[()"]|[^\s()"]+')
_SINGLE = re.compile(r"[‘‚'](?=[^\W_])((?:(?!\s[‘‚'])[^\"()])*[^\s])[’‘'](?=[\s)]|$)")
_NEGATED = re.compile(r'[-!](?=[^\W_]|["(])')
_FIELD = re.compile(rf"({'|'.join(FIELDS)}):", re.IGNORECASE)
_KINDS = {"(": "open", ")": "close", "AND": "and", "OR": "or", "NOT": "not"}
_KINDS |= {"&": "and", "&&": "and", "|": "or", "||": "or"}


@dataclass(frozen=True, slots=True)
class Token:
    """A sign of a query, its `kind` (chunk, phrase, quote, field, open, close, and, or, not) and place."""

    kind: str
    text: str
    start: int
    end: int


def prepared(query: str) -> str:
    """The query with every double quotation mark straight and without characters that print nothing."""
    return query.translate(_QUOTES).translate(_UNPRINTED).strip()


def tokens(query: str) -> list[Token]:
    """The tokens of a query without spaces; a minus or field name before a word is a token of its own."""
    found: list[Token] = []
    at, fresh = 0, True
    while match := _TOKEN.match(query, at):
        text, kind = match.group(), "chunk"
        named = bool(found) and found[-1].kind == "field"
        if fresh and not named and (negated := _NEGATED.match(query, at)):
            text, kind = negated.group(), "not"
        elif (fresh or named) and (single := _SINGLE.match(query, at)):
            text, kind = single.group(), "phrase"
        elif field := _FIELD.match(text):
            text, kind = field.group(), "field"
        elif text[0] == '"':
            kind = "phrase" if len(text) > 1 else "quote"
        elif text in "()" or not named:
            kind = _KINDS.get(text, kind)
        fresh = text.isspace() or kind in ("open", "not")
        if not text.isspace():
            found.append(Token(kind, text, at, at + len(text)))
        at += len(text)
    return found

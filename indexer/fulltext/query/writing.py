"""A tree as a query again, and whether that says what was typed."""

from indexer.fulltext.query.terms import PART
from indexer.fulltext.query.tree import And, Field, Fuzzy, Leaf, Node, Not, Or, Pattern, Word, Years
from indexer.fulltext.tokens import CLOSED, DASHES, STRAY, prepared, tokens
from indexer.fulltext.words import fold, words


def written(node: Node) -> str:
    """A tree as a query that reads as the same tree."""
    if isinstance(node, And):
        return " AND ".join(_inside(child, And) for child in node.nodes)
    if isinstance(node, Or):
        return " OR ".join(_inside(child, Or) for child in node.nodes)
    if isinstance(node, Not):
        return "NOT " + _inside(node.node, Not)
    return _leaf_written(node)


def _inside(node: Node, outer: type[And] | type[Or] | type[Not]) -> str:
    """A child as it is written inside its parent: in parentheses where it would be read otherwise."""
    loose = isinstance(node, Or) or (isinstance(node, And) and outer is not And)
    return f"({written(node)})" if loose else written(node)


def _leaf_written(leaf: Leaf) -> str:
    if isinstance(leaf, Word):
        return f'"{leaf.text}"' if leaf.exact else leaf.text
    if isinstance(leaf, Fuzzy):
        return f"{leaf.text}~{leaf.edits}"
    if isinstance(leaf, Years):
        ends = ["" if year is None else str(year) for year in (leaf.first, leaf.last)]
        return f"year:{ends[0] if ends[0] == ends[1] else '..'.join(ends)}"
    if isinstance(leaf, Pattern):
        return leaf.text
    parts = ["*" if term is None else term.text for term in leaf.terms]
    if isinstance(leaf, Field):
        return f"{leaf.name}:{parts[0]}" if len(parts) == 1 else f'{leaf.name}:"{" ".join(parts)}"'
    if any(isinstance(term, Word) and not term.exact for term in leaf.terms):
        return "-".join(parts)
    near = f"~{leaf.gap}" if leaf.gap else ""
    return f'"{" ".join(parts)}"{near or "~0" * (not leaf.ordered)}{"u" * (not leaf.ordered)}'


def same(typed: str, node: Node) -> bool:
    """Whether a typed query says what was read, but for case, spaces and what AND goes without saying."""
    return _plain(typed) == _plain(written(node))


def _plain(query: str) -> list[str]:
    """The words and marks of a query that carry meaning, in lower case.

    A space after a field's colon is kept: who writes one may mean more words than the next.
    """
    text = prepared(query)
    pieces: list[str] = []
    named = False
    for token in tokens(text):
        if token.kind == "field":
            pieces.append(token.text.lower() + " " * text[token.end : token.end + 1].isspace())
        elif token.kind != "and":
            pieces.append(_KEYWORDS.get(token.kind) or _plain_chunk(token.text, named))
        if token.kind == "phrase" and text[token.end : token.end + 1].isalnum():
            pieces.append("glued")  # a word that follows a closing mark at once: which mark closes what?
        named = token.kind == "field"
    return [piece for piece in pieces if piece]


_KEYWORDS = {"not": "not", "or": "or"}


def _plain_chunk(text: str, named: bool) -> str:
    if named and len(together := words(text)) > 1 and not any(mark in text for mark in "*?"):
        return f'"{" ".join(together)}"'
    if closed := CLOSED.fullmatch(text):
        return f'"{" ".join(fold(part) for part in PART.findall(closed[1]))}"{text[closed.end(1) + 1 :]}'
    if any(mark in text for mark in "*?~:"):
        return fold(text.strip(STRAY))
    return "-".join(words(text)) or text.strip(STRAY + DASHES)

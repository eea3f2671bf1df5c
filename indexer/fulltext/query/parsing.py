"""The parser: recursive descent over the tokens of a query, within its limits."""

import re
from dataclasses import replace

from indexer.fulltext.query.limits import MAX_CLAUSES, MAX_DEPTH, MAX_LENGTH, Fault
from indexer.fulltext.query.terms import leaf_of
from indexer.fulltext.query.tree import And, Leaf, Node, Not, Or
from indexer.fulltext.tokens import Token, prepared, tokens
from indexer.fulltext.words import WORD


def parse(query: str) -> Node:
    """The tree of a query. Raises Fault, which names the first thing that cannot be read."""
    if len(query) > MAX_LENGTH:
        cut = query[:MAX_LENGTH].rpartition(" ")[0] or query[:MAX_LENGTH]
        raise Fault(f"The query has {len(query):,} letters; {MAX_LENGTH} are allowed.", cut)
    parser = _Parser(prepared(query))
    node = parser.query()
    if node is None:
        raise Fault("Type a word to search for.")
    if not _finds(node):
        raise Fault(
            "NOT takes passages away from others: type a word that they must have, too.", _turned(query)
        )
    return node


class _Parser:
    """Recursive descent over the tokens of one query; every method returns None for a part without words."""

    def __init__(self, query: str) -> None:
        self.text = query
        self.tokens = tokens(query)
        self.at = 0
        self.clauses = 0

    def query(self) -> Node | None:
        for at, token in enumerate(self.tokens):
            if token.kind == "quote":
                closed = self.without(at) if at == len(self.tokens) - 1 else self.text + '"'
                raise Fault("A quotation mark is opened and not closed.", closed)
        node = self.either(0, None)
        if self.peek() is not None:
            raise Fault("A parenthesis is closed that was never opened.", self.without(self.at))
        return node

    def peek(self) -> str | None:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else None

    def either(self, depth: int, field: str | None) -> Node | None:
        parts = [self.both(depth, field)]
        while self.peek() == "or":
            self.operator(first=self.at == 0 or self.tokens[self.at - 1].kind == "open")
            parts.append(self.both(depth, field))
        return _joined(Or, parts)

    def both(self, depth: int, field: str | None) -> Node | None:
        parts: list[Node | None] = []
        while (kind := self.peek()) not in (None, "close", "or"):
            if kind == "and":
                self.operator(first=not parts)
            parts.append(self.one(depth, field))
        return _joined(And, parts)

    def operator(self, first: bool) -> None:
        """Step over AND or OR, which must stand between two parts."""
        token, here = self.tokens[self.at], self.at
        self.at += 1
        if first or self.peek() in (None, "close", "and", "or"):
            side = "before" if first else "after"
            raise Fault(
                f"{token.text} stands between two parts, and {side} it there is none.", self.without(here)
            )

    def one(self, depth: int, field: str | None) -> Node | None:
        negated, here = False, self.at
        while self.peek() == "not":
            negated, here, self.at = not negated, self.at, self.at + 1
        kind = self.peek()
        if kind in (None, "close", "and", "or"):
            raise Fault("NOT wants something after it.", self.without(here))
        if kind == "field":
            field, here, self.at = self.tokens[self.at].text[:-1].lower(), self.at, self.at + 1
            if self.peek() not in ("chunk", "phrase", "open"):
                raise Fault(f"{field}: wants a word after the colon.", self.without(here))
        node = self.group(depth, field) if self.peek() == "open" else self.leaf(field)
        return _negated(node) if negated and node is not None else node

    def group(self, depth: int, field: str | None) -> Node | None:
        if depth == MAX_DEPTH:
            raise Fault(f"More than {MAX_DEPTH} parentheses stand inside each other.", only_words(self.text))
        self.at += 1
        node = self.either(depth + 1, field)
        if self.peek() != "close":
            raise Fault("A parenthesis is opened and not closed.", self.text + ")")
        self.at += 1
        return node

    def leaf(self, field: str | None) -> Leaf | None:
        token = self.tokens[self.at]
        self.at += 1
        try:
            leaf = leaf_of(token, field)
        except Fault as fault:
            whole = token if fault.repaired else self.with_field(token)
            raise Fault(str(fault), self.instead(whole, fault.repaired or "")) from None
        self.clauses += leaf is not None
        if self.clauses > MAX_CLAUSES:
            raise Fault(
                f"More than {MAX_CLAUSES} words: put a sentence in quotation marks.", _as_phrase(self.text)
            )
        return leaf

    def with_field(self, token: Token) -> Token:
        """The last token together with the field name before it, if there is one."""
        before = self.tokens[self.at - 2] if self.at > 1 else token
        return replace(token, start=before.start) if before.kind == "field" else token

    def without(self, index: int) -> str:
        return self.instead(self.tokens[index], "")

    def instead(self, token: Token, text: str) -> str:
        return re.sub(r"\s+", " ", f"{self.text[: token.start]}{text}{self.text[token.end :]}").strip()


def _joined(kind: type[And] | type[Or], parts: list[Node | None]) -> Node | None:
    """The parts under one node; parts of the same kind are taken in, a lone part stands for itself."""
    nodes: list[Node] = []
    for part in parts:
        nodes.extend(part.nodes if isinstance(part, kind) else () if part is None else (part,))
    return kind(tuple(nodes)) if len(nodes) > 1 else nodes[0] if nodes else None


def _negated(node: Node) -> Node:
    return node.node if isinstance(node, Not) else Not(node)


def _finds(node: Node) -> bool:
    """Whether a tree names what must be there, not only what must not."""
    if isinstance(node, And):
        return any(_finds(child) for child in node.nodes)
    if isinstance(node, Or):
        return all(_finds(child) for child in node.nodes)
    return not isinstance(node, Not)


def only_words(query: str) -> str:
    """As many words of a query as may stand in one, without any operator."""
    found = [word for word in WORD.findall(query[:MAX_LENGTH]) if word not in ("AND", "OR", "NOT")]
    return " ".join(found[:MAX_CLAUSES])


def _as_phrase(query: str) -> str:
    return f'"{" ".join(WORD.findall(query))}"'


def _turned(query: str) -> str:
    """A query of NOTs without them."""
    bare = re.sub(r'\bNOT\b|(?<!\w)[-!](?=[\w("])', " ", prepared(query))
    return re.sub(r"\s+", " ", bare).strip()

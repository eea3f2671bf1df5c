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

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from indexer.errors import QueryError
from indexer.fulltext.habits import value_meant
from indexer.fulltext.tokens import CLOSED, DASHES, STRAY, Token, prepared, tokens
from indexer.fulltext.words import WORD, fold, words

MAX_LENGTH = 512  # letters; a long sentence fits three times
MAX_DEPTH = 20  # parentheses inside each other
MAX_CLAUSES = 32  # words, phrases and fields
MAX_GAP = 50  # words that may lie between those of a "phrase"~50
MAX_UNORDERED = 4  # words of a phrase in any order: each order is tried, 24 of them
MIN_PREFIX = 3  # letters before a * or ?; with fewer a wildcard stands for a tenth of all words
MAX_EDITS = 2  # letters that may differ in word~2
MIN_FUZZY = 4  # letters of a word with ~; of shorter ones every other word is a neighbour


@dataclass(frozen=True, slots=True)
class Word:
    """A word in all its inflected forms, or as it stands when `exact`."""

    text: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """A word of which some letters are open: * any letters or none, ? exactly one."""

    text: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """A word and those that differ from it in at most `edits` letters."""

    text: str
    edits: int


Term = Word | Pattern | Fuzzy


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand together; None is any one word.

    With a `gap` up to so many other words may lie between the first and the last; `ordered` says
    whether they must come in the order typed.
    """

    terms: tuple[Term | None, ...]
    gap: int = 0
    ordered: bool = True


@dataclass(frozen=True, slots=True)
class Field:
    """Words that stand together in a fact about the passage: its author, its title."""

    name: str
    terms: tuple[Word | Pattern, ...]


@dataclass(frozen=True, slots=True)
class Years:
    """Passages of works of these years; None leaves a side open."""

    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Not:
    """Every passage that `node` does not match."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """Passages that all `nodes` match."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Passages that at least one of `nodes` matches."""

    nodes: tuple["Node", ...]


Leaf = Word | Pattern | Fuzzy | Phrase | Field | Years
Node = Leaf | Not | And | Or


def read(query: str) -> Node:
    """The tree of a typed query. Raises QueryError with a sentence and, if there is one, a mended query."""
    try:
        return _parse(query)
    except _Fault as fault:
        raise QueryError(str(fault), _mended(fault.repaired, query)) from None


def leaves(node: Node) -> Iterator[Leaf]:
    """The words, phrases and fields of a tree, in the order typed; those under a NOT too."""
    if isinstance(node, Not):
        yield from leaves(node.node)
    elif isinstance(node, And | Or):
        for child in node.nodes:
            yield from leaves(child)
    else:
        yield node


def replaced(node: Node, change: Callable[[Leaf], Node]) -> Node:
    """The same query with other nodes in place of its words, phrases and fields."""
    if isinstance(node, Not):
        return Not(replaced(node.node, change))
    if isinstance(node, And | Or):
        return type(node)(tuple(replaced(child, change) for child in node.nodes))
    return change(node)


def changed(node: Node, change: Callable[[Term], Term]) -> Node:
    """The same query with each of its terms, alone or in a phrase, changed; fields stay."""

    def leaf(found: Leaf) -> Leaf:
        if isinstance(found, Phrase):
            return replace(found, terms=tuple(None if term is None else change(term) for term in found.terms))
        return found if isinstance(found, Field | Years) else change(found)

    return replaced(node, leaf)


def exactly(term: Term) -> Term:
    """The same term, but a word as it stands, without its inflected forms."""
    return Word(term.text, exact=True) if isinstance(term, Word) else term


def written(node: Node) -> str:
    """A tree as a query that reads as the same tree."""
    if isinstance(node, And):
        return " AND ".join(_inside(child, And) for child in node.nodes)
    if isinstance(node, Or):
        return " OR ".join(_inside(child, Or) for child in node.nodes)
    if isinstance(node, Not):
        return "NOT " + _inside(node.node, Not)
    return _leaf_written(node)


def same(typed: str, node: Node) -> bool:
    """Whether a typed query says what was read, but for case, spaces and what AND goes without saying."""
    return _plain(typed) == _plain(written(node))


_REPAIRS = 40  # faults mended one after the other before only the words are offered


class _Fault(Exception):
    """A query that cannot be read, and the same query with this one fault mended, or None."""

    def __init__(self, message: str, repaired: str | None = None) -> None:
        super().__init__(message)
        self.repaired = repaired


# ---------------------------------------------------------------- the parser


def _parse(query: str) -> Node:
    if len(query) > MAX_LENGTH:
        cut = query[:MAX_LENGTH].rpartition(" ")[0] or query[:MAX_LENGTH]
        raise _Fault(f"The query has {len(query):,} letters; {MAX_LENGTH} are allowed.", cut)
    parser = _Parser(prepared(query))
    node = parser.query()
    if node is None:
        raise _Fault("Type a word to search for.")
    if not _finds(node):
        raise _Fault(
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
                raise _Fault("A quotation mark is opened and not closed.", closed)
        node = self.either(0, None)
        if self.peek() is not None:
            raise _Fault("A parenthesis is closed that was never opened.", self.without(self.at))
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
            raise _Fault(
                f"{token.text} stands between two parts, and {side} it there is none.", self.without(here)
            )

    def one(self, depth: int, field: str | None) -> Node | None:
        negated, here = False, self.at
        while self.peek() == "not":
            negated, here, self.at = not negated, self.at, self.at + 1
        kind = self.peek()
        if kind in (None, "close", "and", "or"):
            raise _Fault("NOT wants something after it.", self.without(here))
        if kind == "field":
            field, here, self.at = self.tokens[self.at].text[:-1].lower(), self.at, self.at + 1
            if self.peek() not in ("chunk", "phrase", "open"):
                raise _Fault(f"{field}: wants a word after the colon.", self.without(here))
        node = self.group(depth, field) if self.peek() == "open" else self.leaf(field)
        return _negated(node) if negated and node is not None else node

    def group(self, depth: int, field: str | None) -> Node | None:
        if depth == MAX_DEPTH:
            raise _Fault(
                f"More than {MAX_DEPTH} parentheses stand inside each other.", _only_words(self.text)
            )
        self.at += 1
        node = self.either(depth + 1, field)
        if self.peek() != "close":
            raise _Fault("A parenthesis is opened and not closed.", self.text + ")")
        self.at += 1
        return node

    def leaf(self, field: str | None) -> Leaf | None:
        token = self.tokens[self.at]
        self.at += 1
        try:
            leaf = _leaf(token, field)
        except _Fault as fault:
            whole = token if fault.repaired else self.with_field(token)
            raise _Fault(str(fault), self.instead(whole, fault.repaired or "")) from None
        self.clauses += leaf is not None
        if self.clauses > MAX_CLAUSES:
            raise _Fault(
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


# ---------------------------------------------------------------- words, phrases, fields


_PART = re.compile(rf"(?:{WORD.pattern}|\*|\?(?=[^\W_]))+")
_FUZZY = re.compile(rf"({WORD.pattern})~(\d*)")
_POSSESSIVE = re.compile(r"(?<=[^\W_])['’‘ʼ`]s(?![^\W_])", re.IGNORECASE)  # an inflection like any other
_QUOTED = "\"'‘’‚"
_YEARS = re.compile(r"(\d{1,4})?(?:(?:\.{2,3}|[-–—])(\d{1,4})?)?")
_DECADE = re.compile(r"(\d{2,3}0)['’]?s")


def _leaf(token: Token, field: str | None) -> Leaf | None:
    """What a chunk or a phrase asks for, or None if it holds no word. A fault's repair replaces the token."""
    if field == "year":
        return _years(token.text.strip(_QUOTED))
    if token.kind == "phrase":
        return _quoted(token.text, field)
    if (fuzzy := _FUZZY.fullmatch(token.text.strip(STRAY))) and field is None:
        return _fuzzy(fuzzy.group(1), fuzzy.group(2))
    text = token.text if field is not None else _POSSESSIVE.sub("", token.text)
    terms = tuple(term for term in _terms(text, field is not None, token.text) if term is not None)
    if not terms:
        return None
    if field is not None:
        return _field(field, terms)
    return terms[0] if len(terms) == 1 else Phrase(terms)


def _field(name: str, terms: tuple[Word | Pattern, ...]) -> Field:
    if len(terms) == 1 and isinstance(terms[0], Word):
        terms = (Word(value_meant(name, terms[0].text), exact=True),)
    return Field(name, terms)


def _quoted(text: str, field: str | None) -> Leaf | None:
    match = CLOSED.fullmatch(text)
    inside, digits, unordered = match.groups() if match else (text, None, "")
    terms = _terms(inside, True, text)
    while terms and terms[0] is None:
        terms.pop(0)
    while terms and terms[-1] is None:
        terms.pop()
    if (digits and len(digits) > 3) or int(digits or 0) > MAX_GAP:
        raise _Fault(
            f"At most {MAX_GAP} words may lie between those of a phrase.", f'"{inside}"~{MAX_GAP}{unordered}'
        )
    named = tuple(term for term in terms if term is not None)
    if field is not None or not named:
        return _field(field, named) if field is not None and named else None
    if len(named) == 1 and len(terms) == 1:
        return named[0]
    if unordered and len(named) > MAX_UNORDERED:
        raise _Fault(
            f"At most {MAX_UNORDERED} words may stand in any order; without the u they stand in this one.",
            f'"{inside}"~{digits or 0}',
        )
    return Phrase(named if digits or unordered else tuple(terms), int(digits or 0), ordered=not unordered)


def _terms(text: str, exact: bool, whole: str) -> list[Word | Pattern | None]:
    """The words and patterns of a stretch of text, part of the token `whole`; None is a lone *, any word."""
    found: list[Word | Pattern | None] = []
    for match in _PART.finditer(text):
        part = match.group()
        if set(part) <= {"*", "?"}:
            found.append(None)
        elif "*" in part or "?" in part:
            found.append(_pattern(part, whole))
        else:
            found.append(Word(fold(part), exact))
    return found


def _pattern(part: str, whole: str) -> Pattern:
    pieces = [piece if piece in ("*", "?") else fold(piece) for piece in re.split(r"(\*|\?)", part)]
    pattern = re.sub(r"\*+", "*", "".join(pieces))
    if len(pieces[0]) < MIN_PREFIX:
        raise _Fault(
            f"{part} stands for too many words: before * or ? there must be at least {MIN_PREFIX} letters.",
            re.sub(r"[*?]", "", whole),
        )
    return Pattern(pattern)


def _fuzzy(word: str, digits: str) -> Fuzzy | Word:
    edits = int(digits or 1) if len(digits) < 3 else MAX_EDITS + 1
    if edits > MAX_EDITS:
        raise _Fault(f"At most {MAX_EDITS} letters of a word may differ.", f"{word}~{MAX_EDITS}")
    if len(fold(word)) < MIN_FUZZY:
        raise _Fault(f"{word}~ stands for too many words: it wants at least {MIN_FUZZY} letters.", word)
    return Fuzzy(fold(word), edits) if edits else Word(fold(word), exact=True)


def _years(text: str) -> Years:
    found = years(text)
    if found is None:
        raise _Fault("year: wants a year or two, as in year:1936 or year:1936..1938.")
    return found


def years(text: str) -> Years | None:
    """The years of "1936", "1936-1938", "1936-38", "1936..", "-1938" or "1930s"; None if it says none."""
    text = text.strip(" ;,") if ".." in text else text.strip(STRAY + " ")
    if decade := _DECADE.fullmatch(text):
        return Years(int(decade[1]), int(decade[1]) + 9)
    match = _YEARS.fullmatch(text)
    if match is None or not (match[1] or match[2]):
        return None
    first, last = (int(year) if year else None for year in match.groups())
    if match[0] == match[1]:
        last = first
    elif first is not None and last is not None and len(match[2]) < len(match[1]) == 4:
        last += first - first % 10 ** len(match[2])  # "1936-38": the century goes without saying
    if first is not None and last is not None and first > last:
        return None if len(match[2]) < len(match[1]) else Years(last, first)
    return Years(first, last)


# ---------------------------------------------------------------- mending and writing


def _mended(repaired: str | None, query: str) -> str | None:
    """A query that can be run: all faults repaired one by one, else the bare words, else None."""
    for _ in range(_REPAIRS):
        if repaired is None:
            break
        try:
            _parse(repaired)
            return repaired
        except _Fault as fault:
            repaired = fault.repaired
    plain = _only_words(query)
    try:
        _parse(plain)
    except _Fault:
        return None
    return plain


def _only_words(query: str) -> str:
    """As many words of a query as may stand in one, without any operator."""
    found = [word for word in WORD.findall(query[:MAX_LENGTH]) if word not in ("AND", "OR", "NOT")]
    return " ".join(found[:MAX_CLAUSES])


def _as_phrase(query: str) -> str:
    return f'"{" ".join(WORD.findall(query))}"'


def _turned(query: str) -> str:
    """A query of NOTs without them."""
    bare = re.sub(r'\bNOT\b|(?<!\w)[-!](?=[\w("])', " ", prepared(query))
    return re.sub(r"\s+", " ", bare).strip()


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
        return f'"{" ".join(fold(part) for part in _PART.findall(closed[1]))}"{text[closed.end(1) + 1 :]}'
    if any(mark in text for mark in "*?~:"):
        return fold(text.strip(STRAY))
    return "-".join(words(text)) or text.strip(STRAY + DASHES)

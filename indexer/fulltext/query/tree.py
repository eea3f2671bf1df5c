"""The tree of a query: its nouns, and how one walks over it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace


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

"""Nearness as other search engines have it, offered as this one has it: a phrase in any order."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.errors import QueryError
from indexer.fulltext.query import MAX_GAP, MAX_UNORDERED, read
from indexer.fulltext.records import Hint
from indexer.fulltext.tokens import STRAY, Token, prepared, tokens
from indexer.fulltext.words import words

NEAR = 10  # words that NEAR without a number stands for where readers know it from
_SIGN = re.compile(r"NEAR|(?i:NEAR|W|N|ADJ|WITHIN)/(\d{1,4})")


@dataclass(frozen=True, slots=True)
class _Near:
    """Tokens from `first` up to `end` that ask for nearness: of which words, and how many may lie between."""

    first: int
    end: int
    words: tuple[str, ...]
    gap: int


def nearness(text: str, signs: Sequence[Token]) -> Iterator[Hint]:
    """A hint for each `a NEAR b NEAR/5 c` and `NEAR(a b, 5)` of a typed query, which was searched for as
    words; without a query where what stands beside the sign cannot be near anything."""
    done = 0
    for at, sign in enumerate(signs):
        if at < done or len(signs) == 1 or _gap(sign) is None:
            continue
        near = _called(signs, at) or _between(signs, at)
        query = _offered(text, signs, near) if near else None
        done = near.end if near else at + 1
        told = f"{sign.text} was searched for as a word."
        if query is None:
            yield Hint(f"{told} To find up to {MAX_UNORDERED} words near each other: “one other”~{NEAR}u")
        else:
            yield Hint(f"{told} Words near each other:", (query,))


def asks_nearness(query: str) -> bool:
    """Whether a query has such a sign among other words."""
    signs = tokens(prepared(query))
    return len(signs) > 1 and any(_gap(sign) is not None for sign in signs)


def _offered(text: str, signs: Sequence[Token], near: _Near) -> str | None:
    """The query with a phrase instead; None if that could not be read."""
    phrase = f'"{" ".join(near.words)}"~{min(near.gap, MAX_GAP)}u'
    query = text[: signs[near.first].start] + phrase + text[signs[near.end - 1].end :]
    try:
        read(query)
    except QueryError:
        return None
    return query


def _gap(sign: Token) -> int | None:
    """The words that may lie between, of a token that asks for nearness; None of any other."""
    found = _SIGN.fullmatch(sign.text) if sign.kind == "chunk" else None
    return int(found[1] or NEAR) if found else None


def _word(sign: Token) -> str | None:
    """The words of a token that can be near others; None of an operator, a parenthesis, a name of a field."""
    if sign.kind not in ("chunk", "phrase") or _gap(sign) is not None or not words(sign.text):
        return None
    plain = sign.text.rpartition("~")[0] or sign.text if sign.kind == "phrase" else sign.text
    return plain.strip(f' "{STRAY}')


def _between(signs: Sequence[Token], at: int) -> _Near | None:
    """What stands on either side of the sign `at`, and of those that follow in the same way."""
    if at == 0 or (at > 1 and signs[at - 2].kind in ("field", "not")):
        return None
    found, gaps, end = [_word(signs[at - 1])], [], at
    while end + 1 < len(signs) and (gap := _gap(signs[end])) is not None:
        found.append(_word(signs[end + 1]))
        gaps.append(gap)
        end += 2
    named = tuple(word for word in found if word)
    return _Near(at - 1, end, named, max(gaps)) if gaps and len(named) == len(found) else None


def _called(signs: Sequence[Token], at: int) -> _Near | None:
    """What stands in parentheses right behind the sign `at`, which may end with the words between."""
    kinds = [sign.kind for sign in signs[at + 1 :]]
    if kinds[:1] != ["open"] or signs[at].end != signs[at + 1].start or "close" not in kinds:
        return None
    end = at + 1 + kinds.index("close")
    inside, gap = list(signs[at + 2 : end]), _gap(signs[at]) or 0
    if inside and inside[-1].text.isdecimal():
        gap = int(inside.pop().text[:4])
    named = tuple(word for word in map(_word, inside) if word)
    return _Near(at, end + 1, named, gap) if len(named) == len(inside) > 1 else None

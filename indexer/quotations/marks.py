"""Quotation marks: which open, which close, and which belong together.

A mark's place says more than its shape: typists set the wrong one, and German closes with what
English opens with. So the neighbours decide first, the shape second, and what is open third.
Every scan is one pass from left to right.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .lexicon import lexicon

OPENING = frozenset("“„‟«「『")
CLOSING = frozenset("”»」』")
NEUTRAL = frozenset('"＂″')
DOUBLE = OPENING | CLOSING | NEUTRAL
SINGLE_OPENING = frozenset("‘‚‹‛")
SINGLE_CLOSING = frozenset("’›´")
SINGLE_NEUTRAL = frozenset("'`")
SINGLE = SINGLE_OPENING | SINGLE_CLOSING | SINGLE_NEUTRAL
MARKS = DOUBLE | SINGLE
_FRENCH_CLOSING = "»"  # French sets a space on either side of its marks
_BRACKETS = frozenset("([{")
_DASHES = frozenset("–—-―")
_STOPS = frozenset(",.;:!?)]}…")


@dataclass(frozen=True, slots=True)
class Pair:
    """Offsets of two marks that belong together; `depth` counts the marks still open around them."""

    open: int
    close: int
    depth: int


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one family in one line: pairs, openers never closed, closers never opened."""

    pairs: tuple[Pair, ...] = ()
    unclosed: tuple[int, ...] = ()
    orphans: tuple[int, ...] = ()

    def outer(self) -> list[Pair]:
        """Pairs that stand in no other pair; an opener that is never closed holds none."""
        return [pair for pair in self.pairs if pair.depth == bisect_left(self.unclosed, pair.open)]

    def last(self) -> int:
        """Offset of the last closing mark, -1 where there is none."""
        return max([pair.close for pair in self.pairs] + list(self.orphans), default=-1)


NONE = Marks()


def doubles(text: str, start: int, end: int) -> Marks:
    """The double marks of `text[start:end]`, with offsets in `text`."""
    return _paired(_double_roles(text, start, end))


def singles(text: str, start: int, end: int) -> Marks:
    """The single marks of `text[start:end]` that are no apostrophes, with offsets in `text`.

    A closer without an opener counts only behind the end of a sentence: elsewhere it is an apostrophe.
    """
    roles = [
        (at, role)
        for at in range(start, end)
        if text[at] in SINGLE and (role := _single_role(text, start, end, at))
    ]
    pairs: list[Pair] = []
    stack: list[int] = []
    orphans: list[int] = []
    for number, (at, role) in enumerate(roles):
        if role == "opens":
            stack.append(at)
        elif stack and (role == "closes" or not _closed_later(roles, number)):
            pairs.append(Pair(stack.pop(), at, len(stack)))
        elif not stack and role == "closes" and (text[at - 1] in _STOPS or _ends_here(text, at, end)):
            orphans.append(at)
    pairs.sort(key=lambda pair: pair.open)
    return Marks(tuple(pairs), tuple(stack), tuple(orphans))


def _closed_later(roles: Sequence[tuple[int, str]], number: int) -> bool:
    """Whether the next mark closes, so that this one can be an apostrophe."""
    return number + 1 < len(roles) and roles[number + 1][1] != "opens"


def _single_role(text: str, start: int, end: int, at: int) -> str:
    """Whether the mark "opens", "closes", "may close" (or is a plural's apostrophe), or "": none."""
    if _opens_single(text, start, end, at):
        return "opens"
    if not _closes_single(text, start, end, at):
        return ""
    return "may close" if _plural(text, end, at) else "closes"


def _paired(roles: Iterator[tuple[int, bool]]) -> Marks:
    pairs: list[Pair] = []
    stack: list[int] = []
    orphans: list[int] = []
    for at, opens in roles:
        if opens:
            stack.append(at)
        elif stack:
            pairs.append(Pair(stack.pop(), at, len(stack)))
        else:
            orphans.append(at)
    pairs.sort(key=lambda pair: pair.open)
    return Marks(tuple(pairs), tuple(stack), tuple(orphans))


def _double_roles(text: str, start: int, end: int) -> Iterator[tuple[int, bool]]:
    """(offset, whether it opens) of each double mark; what is open decides only where nothing else does."""
    depth = 0
    for at in range(start, end):
        glyph = text[at]
        if glyph not in DOUBLE:
            continue
        before, after = _neighbours(text, start, end, at)
        if glyph in NEUTRAL and depth == 0 and before.isdigit():
            continue  # inches, or seconds
        opens = _role(glyph, _may_open(text, before, after, at), _may_close(before, after), depth)
        if opens and before == after == " " and (glyph == _FRENCH_CLOSING or _ends_here(text, at, end)):
            opens = glyph in OPENING and depth == 0
        depth = depth + 1 if opens else max(depth - 1, 0)
        yield at, opens


def _role(glyph: str, may_open: bool, may_close: bool, depth: int) -> bool:
    if may_open != may_close:
        return may_open
    if glyph in OPENING:
        return True
    return depth == 0


def _neighbours(text: str, start: int, end: int, at: int) -> tuple[str, str]:
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    return (" " if before.isspace() else before), (" " if after.isspace() else after)


def _may_open(text: str, before: str, after: str, at: int) -> bool:
    if after == " " or (after in _STOPS and after != "…" and not text.startswith(("..", ". ."), at + 1)):
        return False
    return before == " " or before in _BRACKETS or before in _DASHES or before in MARKS


def _may_close(before: str, after: str) -> bool:
    if before == " " or before in _BRACKETS:
        return False
    return after == " " or after in _STOPS or after in _DASHES or after in MARKS or after in "[(¹²³⁴⁵⁶⁷⁸⁹⁰*"


def _ends_here(text: str, at: int, end: int) -> bool:
    rest = text[at + 1 : min(end, at + 4)].lstrip()
    return not rest or rest[0] in "()[]"


def _opens_single(text: str, start: int, end: int, at: int) -> bool:
    before, after = _neighbours(text, start, end, at)
    glyph = text[at]
    if glyph in SINGLE_CLOSING or not (
        before == " " or before in _BRACKETS or before in _DASHES or before in DOUBLE
    ):
        return False
    if not (after.isalnum() or after in "[(…." or after in DOUBLE):
        return False
    if glyph in SINGLE_OPENING and glyph != "‛":
        return True
    word = at + 1
    while word < min(end, at + 9) and text[word].isalnum():
        word += 1
    return text[at + 1 : word].lower() not in lexicon().elisions and not after.isdigit()


def _closes_single(text: str, start: int, end: int, at: int) -> bool:
    before, after = _neighbours(text, start, end, at)
    return (
        before != " "
        and before not in _BRACKETS
        and (
            after == " " or after in _STOPS or after in _DASHES or after in MARKS or after in "[(¹²³⁴⁵⁶⁷⁸⁹⁰*"
        )
    )


def _plural(text: str, end: int, at: int) -> bool:
    """Whether the mark may be the apostrophe of a plural: workers’ councils."""
    return text[at - 1] in "sxzSXZ" and at + 2 < end and text[at + 1] == " " and text[at + 2].isalpha()

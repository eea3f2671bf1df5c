"""The texts above and below the words: what is nearest unasked, more by a paragraph or a page at a time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import request

from indexer.compare import FURTHEST, Around, Paragraph, Run, Side, Window, page_of
from indexer.models import Document, Span
from web.language import N_, _
from web.lists import again, asked_number

NEAREST = 80
"""Words of a paragraph of context that are shown unasked, some six lines: the quotation is to be in sight."""
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class More:
    """A link that shows more: to this page with a wider window, at the first paragraph that is new."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Mores:
    """The links above and below the words of one side."""

    above: tuple[More, ...]
    below: tuple[More, ...]


def window() -> Window:
    """The context that this request asks for, in paragraphs: one on each side unless it says another."""

    def asked(name: str) -> int:
        number = asked_number(name)
        return 1 if number is None else min(number, FURTHEST)

    return Window(Around(asked("essay_above"), asked("essay_below")), Around(asked("above"), asked("below")))


def nearest(side: Side, parameter: str = "") -> Side:
    """The side, its outermost paragraphs of context cut down to what is nearest to the words, unless this
    request asks how much is to be shown."""
    shown = list(side.paragraphs)
    for at, name in ((0, "above"), (-1, "below")):
        if shown and not shown[at].near and f"{parameter}{name}" not in request.args:
            shown[at] = _cut(shown[at], last=name == "above")
    return replace(side, paragraphs=tuple(shown))


def _cut(paragraph: Paragraph, last: bool) -> Paragraph:
    """The last words of a paragraph, or its first ones; whole if it has hardly more."""
    words = [(n, m) for n, run in enumerate(paragraph.runs) for m in _WORD.finditer(run.text)]
    if len(words) < NEAREST * 5 / 4:
        return paragraph
    number, word = words[-NEAREST] if last else words[NEAREST - 1]
    run = paragraph.runs[number]
    if last:
        return replace(paragraph, runs=(_part(run, word.start(), None), *paragraph.runs[number + 1 :]))
    return replace(paragraph, runs=(*paragraph.runs[:number], _part(run, 0, word.end())))


def _part(run: Run, start: int, end: int | None) -> Run:
    text = run.text[start:end]
    kept = Span(run.span.start + start, run.span.start + start + len(text))
    return replace(run, text=f"… {text}" if end is None else f"{text} …", span=kept)


def mores(side: Side, document: Document, around: Around, name: str, parameter: str = "") -> Mores:
    """The links of a side whose paragraphs bear ids of `name` and their number."""
    if not side.paragraphs:
        return Mores((), ())
    first, last = side.paragraphs[0].number, side.paragraphs[-1].number
    above, below = FURTHEST - around.above, FURTHEST - around.below
    return Mores(
        tuple(
            More(label, f"{again(**{f'{parameter}above': around.above + n})}#{name}{max(1, first - n)}")
            for label, n in _steps(ABOVE, min(above, page_of(document, first, below=False)))
        ),
        tuple(
            More(label, f"{again(**{f'{parameter}below': around.below + n})}#{name}{last + 1}")
            for label, n in _steps(BELOW, min(below, page_of(document, last, below=True)))
        ),
    )


ABOVE = (N_("a paragraph above"), N_("a page above"))
BELOW = (N_("a paragraph below"), N_("a page below"))


def _steps(labels: Sequence[str], page: int) -> list[tuple[str, int]]:
    """The links that there is a use for, each with its number of paragraphs; `page` of them make a page."""
    steps = [(_(labels[0]), 1), (_(labels[1]), page)]
    return [step for rank, step in enumerate(steps) if page > rank]

"""More of the texts above and below the words, a paragraph or a page at a time; the links keep the place."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from indexer.compare import FURTHEST, Around, Side, Window, page_of
from indexer.models import Document
from web.language import N_, _
from web.lists import again


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
        text = request.args.get(name, "")
        return min(int(text), FURTHEST) if text.isascii() and text.isdigit() and len(text) < 6 else 1

    return Window(Around(asked("essay_above"), asked("essay_below")), Around(asked("above"), asked("below")))


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

"""What the templates draw comparisons with: paragraphs gathered, long words shortened, ties numbered."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indexer.compare import Paragraph, Run, Side, count_words
from indexer.verdict import negations
from web.citing import quotation_data
from web.language import _n

FOLD = 40
"""Words left out above which they are folded away in the source: some three lines."""
OPENED = 150
"""Words at either end that an ellipsis opens in the essay, where it hides more than both: half a page."""


@dataclass(frozen=True, slots=True)
class Fellows:
    """The ties that both sides bear, and where the first run of each begins: ("e" or "s", tie) to offset."""

    both: frozenset[int]
    first: Mapping[tuple[str, int], int]


def fellows(essay: Side, sources: Sequence[Side]) -> Fellows:
    """Which runs lead to which: a run without a fellow on the other side leads nowhere."""
    first: dict[tuple[str, int], int] = {}
    for letter, sides in (("e", [essay]), ("s", sources)):
        for run in _runs(sides):
            if run.tie is not None:
                first.setdefault((letter, run.tie), run.span.start)
    ties = [{tie for side, tie in first if side == letter} for letter in "es"]
    return Fellows(frozenset(ties[0] & ties[1]), first)


def marks(sides: Iterable[Side]) -> set[str]:
    """The kinds of marks that the sides bear: what the key has to explain."""
    return {run.mark for run in _runs(sides)}


def _runs(sides: Iterable[Side]) -> Iterator[Run]:
    return (run for side in sides for paragraph in side.paragraphs for run in paragraph.runs)


def groups(side: Side) -> Iterator[list[Paragraph]]:
    """The paragraphs of a side, those behind an ellipsis gathered: they are folded together."""
    gathered: list[Paragraph] = []
    for paragraph in side.paragraphs:
        if gathered and not (paragraph.gone and gathered[-1].gone and not paragraph.skipped):
            yield gathered
            gathered = []
        gathered.append(paragraph)
    if gathered:
        yield gathered


def texts(group: Sequence[Paragraph]) -> str:
    """The words of some paragraphs, without the marks of notes."""
    return " ".join(run.text for paragraph in group for run in paragraph.runs if run.mark != "note")


def shortened(text: str) -> str:
    """The words behind an ellipsis; of more than a page of them the first and the last."""
    words = re.sub(r"\n+", "\n", text).split(" ")
    if len(words) <= 2 * OPENED:
        return " ".join(words).strip()
    hidden = _n("[… %(num)s word …]", "[… %(num)s words …]", len(words) - 2 * OPENED)
    return " ".join([*words[:OPENED], hidden, *words[-OPENED:]]).strip()


def padded(text: str) -> tuple[str, str, str]:
    """A text as the space before its words, the words, and the space after: no box is drawn round a space."""
    words = text.strip()
    start = text.index(words)
    return text[:start], words, text[start + len(words) :]


def negated(text: str) -> Iterator[tuple[str, bool]]:
    """The text cut at its words that negate; True for those."""
    at = 0
    for span in negations(text):
        yield text[at : span.start], False
        yield text[span.start : span.end], True
        at = span.end
    yield text[at:], False


def first_negation(text: str) -> str:
    """The first word in a text that negates, which the label of folded words names; "" if none does."""
    found = negations(text)
    return text[found[0].start : found[0].end] if found else ""


DRAWING: Mapping[str, Any] = {
    "groups": groups,
    "texts": texts,
    "shortened": shortened,
    "negated": negated,
    "padded": padded,
    "first_negation": first_negation,
    "count_words": count_words,
    "fold": FOLD,
    "quotation_data": quotation_data,
}
"""The functions that the templates of a comparison call."""

"""The verdict as a sentence: what it rests on, in plain words."""

from collections.abc import Callable, Iterator, Sequence

from indexer.compare import Beside, count_words
from indexer.models import Change, Finding

SHOWN_WORDS = 4
"""Words of a change that its sentence quotes; longer ones are counted."""


def sentence(finding: Finding, made: Beside) -> str:
    """What the verdict rests on, in plain words: the changes counted, the short ones quoted."""
    if finding.verdict.name == "not-found":
        return (
            "The words are neither in the cited work, which is held whole, nor anywhere else in the archive."
        )
    if finding.verdict.name == "no-source":
        return "The words are nowhere in what the archive holds. That says nothing against them."
    said = [*_unmarked(finding.verdict.changes), *_order(finding, made), *_marked(finding, made)]
    if not said:
        return "Every word stands in the source, in this order, with nothing between."
    whole = "; ".join(said)
    return whole[0].upper() + whole[1:] + "."


def _unmarked(changes: Sequence[Change]) -> Iterator[str]:
    ways: list[tuple[str, str, Callable[[Change], str]]] = [
        ("replaced", "changed without a mark", lambda c: f"“{c.source}” became “{c.quote}”"),
        ("omitted", "left out without a mark", lambda c: f"“{c.source}”"),
        ("inserted", "put in without a mark", lambda c: f"“{c.quote}”"),
    ]
    for kind, what, told in ways:
        found = [c for c in changes if c.kind == kind and not c.marked]
        number = sum(max(1, count_words(c.quote if kind == "inserted" else c.source)) for c in found)
        if found:
            short = len(found) == 1 and number <= SHOWN_WORDS and count_words(found[0].quote) <= SHOWN_WORDS
            yield f"{_number(number, 'word')} {what}" + (f" ({told(found[0])})" if short else "")


def _order(finding: Finding, made: Beside) -> Iterator[str]:
    if any(c.kind == "moved" for c in finding.verdict.changes) or "in another order" in _whys(made):
        yield "pieces stand in another order in the source"
    if len(made.sources) > 1:
        yield f"its pieces come from {len(made.sources)} works or chapters"


def _whys(made: Beside) -> set[str]:
    return {gap.why for gap in made.gaps}


def _marked(finding: Finding, made: Beside) -> Iterator[str]:
    gaps = [gap for gap in made.gaps if gap.why == "between" and gap.words]
    if gaps:
        total = sum(gap.words for gap in gaps)
        passages = _number(len(gaps), "passage", "is", "are")
        yield f"{passages} left out at {'an ellipsis' if len(gaps) == 1 else 'ellipses'} ({total:,} words)"
    ties = {gap.tie for gap in made.gaps}
    runs = [
        run for p in made.essay.paragraphs for run in p.runs if run.mark == "bracket" and run.tie not in ties
    ]
    if runs:
        yield f"{_number(len(runs), 'insertion')} marked by brackets"


def _number(number: int, noun: str, one: str = "is", more: str = "are") -> str:
    return f"one {noun} {one}" if number == 1 else f"{number:,} {noun}s {more}"

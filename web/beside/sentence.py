"""The verdict as a sentence: what it rests on, in plain words."""

from collections.abc import Iterator, Sequence

from indexer.compare import Beside, count_words
from indexer.models import Change, Finding
from web.language import _, _n

SHOWN_WORDS = 4
"""Words of a change that its sentence quotes; longer ones are counted."""

FEW_WORDS = 5
"""Of as few words it is not said that they stand nowhere in the archive."""


def sentence(finding: Finding, made: Beside) -> str:
    """What the verdict rests on, in plain words: the changes counted, the short ones quoted."""
    if finding.verdict.name in ("not-found", "no-source") and count_words(finding.text) <= FEW_WORDS:
        return _few(finding)
    if finding.verdict.name == "not-found":
        return _(
            "The words are neither in the cited work, which is held whole, nor anywhere else in the archive."
        )
    if finding.verdict.name == "no-source":
        return _("The words are nowhere in what the archive holds. That says nothing against them.")
    said = [*_unmarked(finding.verdict.changes), *_order(finding, made), *_marked(finding, made)]
    if not said:
        return _("Every word stands in the source, in this order, with nothing between.")
    whole = "; ".join(said)
    return whole[0].upper() + whole[1:] + "."


def _few(finding: Finding) -> str:
    """What can be said of so few words: outside the cited work they may stand by chance."""
    if finding.verdict.name == "not-found":
        return _(
            "The words are not in the cited work, which is held whole. Elsewhere so few may stand by chance: "
            "there they are called found only if they are rare."
        )
    return _(
        "The words were not found. So few may stand anywhere by chance: they are called found only if they "
        "are rare. That says nothing against them."
    )


def _unmarked(changes: Sequence[Change]) -> Iterator[str]:
    for kind in ("replaced", "omitted", "inserted"):
        found = [c for c in changes if c.kind == kind and not c.marked]
        number = sum(max(1, count_words(c.quote if kind == "inserted" else c.source)) for c in found)
        if found:
            short = len(found) == 1 and number <= SHOWN_WORDS and count_words(found[0].quote) <= SHOWN_WORDS
            yield _counted(kind, number) + (f" ({_quoted(found[0])})" if short else "")


def _counted(kind: str, number: int) -> str:
    if kind == "replaced":
        return _n("one word is changed without a mark", "%(num)s words are changed without a mark", number)
    if kind == "omitted":
        return _n("one word is left out without a mark", "%(num)s words are left out without a mark", number)
    return _n("one word is put in without a mark", "%(num)s words are put in without a mark", number)


def _quoted(change: Change) -> str:
    if change.kind == "replaced":
        return _("“%(old)s” became “%(new)s”", old=change.source, new=change.quote)
    return _("“%(words)s”", words=change.quote if change.kind == "inserted" else change.source)


def _order(finding: Finding, made: Beside) -> Iterator[str]:
    if any(c.kind == "moved" for c in finding.verdict.changes) or "in another order" in _whys(made):
        yield _("pieces stand in another order in the source")
    if len(made.sources) > 1:
        yield _n(
            "its pieces come from %(num)s work or chapter",
            "its pieces come from %(num)s works or chapters",
            len(made.sources),
        )


def _whys(made: Beside) -> set[str]:
    return {gap.why for gap in made.gaps}


def _marked(finding: Finding, made: Beside) -> Iterator[str]:
    gaps = [gap for gap in made.gaps if gap.why == "between" and gap.words]
    if gaps:
        total = sum(gap.words for gap in gaps)
        yield _n(
            "one passage is left out at an ellipsis (%(words)s)",
            "%(num)s passages are left out at ellipses (%(words)s)",
            len(gaps),
            words=_n("%(num)s word", "%(num)s words", total),
        )
    ties = {gap.tie for gap in made.gaps}
    runs = [
        run for p in made.essay.paragraphs for run in p.runs if run.mark == "bracket" and run.tie not in ties
    ]
    if runs:
        yield _n(
            "one insertion is marked by brackets", "%(num)s insertions are marked by brackets", len(runs)
        )

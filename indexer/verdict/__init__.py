"""Alignment -> verdict, changes, warnings, by the published rules.

The rules are printed beside every verdict, so their text lives here with the code that applies them.
They take no side: a verdict says what was done to the words, a warning what a reader should know besides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.models import (
    Alignment,
    Citation,
    Document,
    Quotation,
    Span,
    Verdict,
    VerdictName,
    WarningName,
)
from indexer.spans import beginning_in
from indexer.verdict.asked import Asked, asked
from indexer.verdict.changes import Comparison, Step, compare
from indexer.verdict.cited import CitedPlace, cited_places
from indexer.verdict.sides import sides
from indexer.verdict.warn import another_turn, follows, from_first_word, is_quoted, negations, warnings

__all__ = [
    "FAR_WORDS", "RULES", "WARNINGS", "Asked", "CitedPlace", "Context", "asked", "cited_places",
    "from_first_word", "is_quoted", "judge", "negations",
]  # fmt: skip

# Pieces joined by an ellipsis with more words of the source between them than this are called spliced: it
# is about a page of print, beyond which no reader takes them for one passage.
FAR_WORDS = 500

RULES: Mapping[VerdictName, str] = {
    "verbatim": "Every word of the quotation stands in the source, in this order, nothing between. Kinds of "
    "quotation marks, dashes and spaces, hyphens at line ends, the case of a first letter, marks of notes, "
    "emphasis (capitals throughout a word are one), and an ellipsis at either end do not count as changes.",
    "abridged": "Every word stands in the source, in this order, but for what is left out at an ellipsis or "
    "put in or replaced in square brackets.",
    "altered": "A word is left out, put in or replaced without a mark. Another spelling is a change.",
    "spliced": "Pieces joined by an ellipsis stand in another order in the source, or far apart: in another "
    f"section or chapter, in another speaker's turn, or with more than {FAR_WORDS} words between them.",
    "not-found": "The cited work is held whole, and the words are neither there nor anywhere in the archive.",
    "no-source": "The cited work is not held, or not whole, or none is cited, and the words are nowhere in "
    "the archive. Nothing follows from this about the quotation.",
}

WARNINGS: Mapping[WarningName, str] = {
    "cut-short": "The source's sentence goes on where the quotation ends.",
    "begins-mid-sentence": "The source's sentence begins before the quotation does.",
    "negation-left-out": "What is left out or replaced holds a not, a never or a no.",
    "another-speaker": "The words are another speaker's than the essay says, or those of more than one.",
    "not-in-cited-work": "The words were found in another work than the one cited, which is held.",
    "second-hand": "The words were found in a work that quotes them itself.",
    "several-places": "The words stand in several places equally well.",
    "letters-only": "Every change is a letter or two within a word: a slip, a scan, another spelling.",
}


@dataclass(frozen=True, slots=True)
class Context:
    """What a verdict needs to know of the archive.

    `cited_held_whole`: the cited work is held with all its chapters; when the citation is ambiguous, all
    its candidates are; None or False otherwise. `documents` has the works in which pieces stand, by id,
    where there are more than the one of the place.
    """

    cited_held_whole: bool | None = None
    documents: Mapping[str, Document] = field(default_factory=dict)


def judge(
    quotation: Quotation,
    citation: Citation | None,
    alignment: Alignment | None,
    essay: Document,
    source: Document | None,
    context: Context = Context(),
) -> Verdict:
    """The verdict on a quotation. `source` is the document of the alignment's place; without alignment or
    source the words were not found."""
    if alignment is None or source is None or not alignment.pieces:
        return Verdict("not-found" if context.cited_held_whole else "no-source")
    documents = {**context.documents, source.work.id: source}
    both = sides(quotation, essay, documents, alignment.pieces)
    compared = compare(alignment, both)
    found = warnings(quotation, citation, alignment, both, compared)
    return Verdict(
        name=_name(compared, quotation, documents),
        changes=compared.changes,
        warnings=tuple(name for name, _ in found),
        reasons=tuple(found),
        follows=follows(source, alignment, compared),
    )


def _name(compared: Comparison, quotation: Quotation, documents: Mapping[str, Document]) -> VerdictName:
    """The gravest rule that applies."""
    labelled = any(part.kind == "label" for part in quotation.parts)
    if any(change.kind == "moved" and change.marked for change in compared.changes):
        return "spliced"
    if any(step.ellipsis and _far(step, documents, labelled) for step in compared.steps):
        return "spliced"
    if any(not change.marked for change in compared.changes):
        return "altered"
    return "abridged" if compared.changes else "verbatim"


def _far(step: Step, documents: Mapping[str, Document], labelled: bool) -> bool:
    """Whether two pieces stand too far apart to be one passage with an omission."""
    before, after = step.before, step.after
    if step.skipped > FAR_WORDS or before.document != after.document:
        return True
    source = documents[before.document]
    between = beginning_in(source.blocks, Span(before.span.end, after.span.start))
    if any(block.kind == "heading" for block in between):
        return True
    return not labelled and another_turn(source, before.span, after.span)

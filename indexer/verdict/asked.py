"""Questions that a quotation gives as statements, and statements that it gives as questions.

Marks of punctuation are no words, so a verdict does not count them; but “You knew of it.” is no longer what
was asked as “You knew of it?”.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from indexer.models import Alignment, Document, Piece, Quotation, Span
from indexer.verdict.sides import block_of, note_marks, tokens_of

# What may stand between a word and the mark that ends its sentence.
_RUN = re.compile(r"[^\w\s\[(]*(?:\s+[?!])?")
_ELLIPSIS = re.compile(r"…|\.\s?\.")
_STATED = re.compile(r"[.!]")
# As much of the source before the mark is shown, in words.
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """A sentence that ends with a question mark on one side alone: whether that is the source (`in_source`),
    the places of the last word on both sides, and the source's words before it."""

    in_source: bool
    quote: Span
    work_id: str
    source: Span
    said: str


def asked(
    quotation: Quotation, alignment: Alignment, essay: Document, sources: Mapping[str, Document]
) -> tuple[Asked, ...]:
    """Each place where only one side has a question mark behind the same word, in the quotation's order.

    At the quotation's end a question mark of the source is told of only where the quotation itself ends its
    sentence: who breaks off before the mark, or puts a comma, does not say that nothing was asked.
    """
    return tuple(
        found
        for piece in alignment.pieces
        for found in _of_piece(quotation, piece, essay, sources[piece.work_id])
    )


def _of_piece(quotation: Quotation, piece: Piece, essay: Document, source: Document) -> Iterator[Asked]:
    ours, theirs = tokens_of(essay, piece.quote), tokens_of(source, piece.source)
    if len(ours) != len(theirs):
        return
    for number, (our, their) in enumerate(zip(ours, theirs, strict=True)):
        last = number == len(ours) - 1
        quoted = _run(essay, our.span.end, quotation.span.end)
        found = _run(source, their.span.end, block_of(source, their.span).end)
        if ("?" in quoted) == ("?" in found) or our.form != their.form or _ELLIPSIS.search(quoted):
            continue
        if "?" in quoted or not last or _STATED.search(quoted):
            first = theirs[max(0, number - _SHOWN + 1)].span.start
            shown = " ".join(source.text[first : their.span.end].split())
            yield Asked("?" in found, our.span, source.work.id, their.span, shown)


def _run(document: Document, at: int, end: int) -> str:
    """The marks of punctuation behind a word, over marks of notes."""
    for mark in note_marks(document, Span(at, end)):
        if mark.start == at:
            at = mark.end
    found = _RUN.match(document.text, at, end)
    return found[0] if found else ""

"""A finding as excerpts made of runs of (text, mark): both sides tied, and several essays together."""

from indexer.compare.records import Around, Beside, Gap, Mark, Paragraph, Run, Side, Window
from indexer.compare.sides import (
    FURTHEST,
    HOLE,
    beside,
    number_at,
    numbers_at,
    page_of,
    paragraphs,
    speaker_label,
)
from indexer.compare.strokes import count_words
from indexer.compare.together import Version, together

__all__ = [
    "FURTHEST", "HOLE", "Around", "Beside", "Gap", "Mark", "Paragraph", "Run", "Side", "Version", "Window",
    "beside", "count_words", "number_at", "numbers_at", "page_of", "paragraphs", "speaker_label", "together",
]  # fmt: skip

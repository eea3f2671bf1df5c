"""A reader's own text, read where it can do no harm to the server: anybody may paste anything."""

from collections.abc import Iterator, Sequence

from indexer import quotations
from indexer.errors import UnreadableFile
from indexer.extract import extract
from indexer.models import Document, Quotation, Work
from indexer.workers import Limits, apart

# An essay takes a tenth of a second; a book of two million bytes about two, but mark-up alone a minute.
LIMITS = Limits(seconds=10, memory=500_000_000)
# A book has some five thousand paragraphs. The page shows each, and the quotations in it.
MOST_PARAGRAPHS = 10_000


Read = tuple[Document, list[Quotation]]


def read(texts: Sequence[str]) -> Iterator[Read | UnreadableFile]:
    """For each text its document and its quotations, or why it cannot be read: because it has no words, takes
    more than LIMITS, or has more than MOST_PARAGRAPHS. They are read by one process, as they are taken."""
    for _, found in apart(_read, texts, 1, LIMITS, threads=True):
        yield _as_shown(found)


def _as_shown(found: Read | str | None) -> Read | UnreadableFile:
    """What was read, or what the reader is told instead."""
    if found is None:
        return UnreadableFile("There are no words in this. Paste a text that quotes.")
    if isinstance(found, str):
        return UnreadableFile(f"This text cannot be read here: {found}. Paste a part of it.")
    if (count := len(found[0].blocks)) > MOST_PARAGRAPHS:
        return UnreadableFile(
            f"This text has {count:,} paragraphs, more than the {MOST_PARAGRAPHS:,} that can be shown here."
            " Paste a part of it."
        )
    return found


def _read(text: str) -> Read | None:
    # The mark of its encoding goes before what a pasted page may say of another.
    raw = text.encode("utf-8-sig")
    try:
        essay = extract(Work("pasted", "", "essay", "A pasted text", file="pasted.txt"), raw)
    except UnreadableFile:
        return None
    return essay, quotations.quotations(essay)

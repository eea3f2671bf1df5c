"""A reader's own text, read where it can do no harm to the server: anybody may paste anything."""

from indexer import quotations
from indexer.errors import UnreadableFile
from indexer.extract import extract
from indexer.models import Document, Quotation, Work
from indexer.workers import Limits, alone

# An essay takes a tenth of a second; a book of two million bytes about two, but mark-up alone a minute.
LIMITS = Limits(seconds=10, memory=500_000_000)
# A book has some five thousand paragraphs. The page shows each, and the quotations in it.
MOST_PARAGRAPHS = 10_000


def read(text: str) -> tuple[Document, list[Quotation]]:
    """The document of a pasted text and its quotations. Raises UnreadableFile for one without words, and for
    one that takes more than LIMITS to read, or has more than MOST_PARAGRAPHS: a sentence says which."""
    found = alone(_read, text, LIMITS)
    if isinstance(found, str):
        raise UnreadableFile(f"This text cannot be read here: {found}. Paste a part of it.")
    if found is None:
        raise UnreadableFile("There are no words in this. Paste a text that quotes.")
    count = len(found[0].blocks)
    if count > MOST_PARAGRAPHS:
        raise UnreadableFile(
            f"This text has {count:,} paragraphs, more than the {MOST_PARAGRAPHS:,} that can be shown here."
            " Paste a part of it."
        )
    return found


def _read(text: str) -> tuple[Document, list[Quotation]] | None:
    # The mark of its encoding goes before what a pasted page may say of another.
    raw = text.encode("utf-8-sig")
    try:
        essay = extract(Work("pasted", "", "essay", "A pasted text", file="pasted.txt"), raw)
    except UnreadableFile:
        return None
    return essay, quotations.quotations(essay)

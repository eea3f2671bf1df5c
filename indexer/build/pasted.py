"""A reader's own text, read where it can do no harm to the server: anybody may paste anything."""

import re
from collections.abc import Iterator, Sequence

from indexer import quotations
from indexer.errors import UnreadableFile
from indexer.extract import extract, is_html
from indexer.models import Document, Quotation, Work
from indexer.workers import Limits, apart

# An essay takes a tenth of a second; a book of two million bytes about two, but mark-up alone a minute.
LIMITS = Limits(seconds=10, memory=500_000_000)
# A book has some five thousand paragraphs. The page shows each, and the quotations in it.
MOST_PARAGRAPHS = 10_000
# What nobody writes but in Markdown: a line that begins as a quotation or a heading (before a number these
# signs may be a sum's or a list's), a link to the web, a note's mark.
_MARKDOWN = re.compile(
    r"""^\ {0,3}(?:>|\#{1,6})\ (?=[^\W\d]|["“„«‘'*_\[])
    |   \[[^\[\]\n]+\]\(https?://[^\s)]+
    |   \[\^[^\[\]\s]+\]""",
    re.MULTILINE | re.VERBOSE,
)

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


def is_markdown(text: str) -> bool:
    """Whether a text bears a clear sign of Markdown, and is no page of the web."""
    return _MARKDOWN.search(text) is not None and not is_html("", text)


def _read(text: str) -> Read | None:
    name = "pasted.md" if is_markdown(text) else "pasted.txt"
    # The mark of its encoding goes before what a pasted page may say of another.
    raw = text.encode("utf-8-sig")
    try:
        essay = extract(Work("pasted", "", "essay", "A pasted text", file=name), raw)
    except UnreadableFile:
        return None
    return essay, quotations.quotations(essay)

"""A reader's own text, read and judged where it can do no harm to the server: anybody may paste anything."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from indexer import quotations
from indexer.align import Seeds
from indexer.build.judge import Held, judge_essay, stored
from indexer.errors import UnreadableFile
from indexer.extract import extract, is_html
from indexer.models import Checked, Document, Quotation, Work
from indexer.names import Spellings, spelt
from indexer.store import Store
from indexer.workers import Limits, Standing, apart

# An essay takes a tenth of a second; a book of two million bytes about two, but mark-up alone a minute.
LIMITS = Limits(seconds=10, memory=500_000_000)
# To judge the most that is judged takes ten seconds, where nothing else is done. The words of the sources are
# mapped into memory.
JUDGING = Limits(seconds=90, memory=None)
# Quotations of a text that are judged; one that has more is a book, checked by its chapters.
MOST_CHECKED = 500
# Words of a quotation that is judged: ten printed pages. A mark that is never closed quotes the rest of a
# book, which takes half a minute.
LONGEST_CHECKED = 4000
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
Check = Callable[[Sequence[str]], Iterator[Checked | UnreadableFile]]


def check(folder: Path) -> Check:
    """What judges the quotations of any texts against the index in a folder: gives what is found of each, or
    why it cannot be read or judged, in words for the reader, as they are taken. It may be asked from several
    threads. Nothing of a text is stored."""
    judge = Standing(_Judge(folder, MOST_CHECKED), JUDGING, threads=True)

    def judged(texts: Sequence[str]) -> Iterator[Checked | UnreadableFile]:
        for text in read(texts):
            yield text if isinstance(text, UnreadableFile) else _told(judge(text))

    return judged


def _told(found: Checked | str) -> Checked | UnreadableFile:
    """What was found, or what the reader is told instead."""
    return _unread(found) if isinstance(found, str) else found


@dataclass(frozen=True)
class _Judge:
    """Judges in a process of its own, which opens the index once: what it read is there for the next text."""

    folder: Path
    most: int

    @cached_property
    def _records(self) -> Store:
        return Store(self.folder)

    @cached_property
    def _held(self) -> Held:
        return stored(self._records, Seeds.load(self._records.seeds()))

    @cached_property
    def _spellings(self) -> Spellings:
        return Spellings.read(self._records.meta.get("names", ""))

    def __call__(self, text: Read) -> Checked:
        essay, quoted = text
        long = [
            q.span for q in quoted if len(essay.text[q.span.start : q.span.end].split()) > LONGEST_CHECKED
        ]
        judged = [q for q in quoted if q.span not in long][: self.most]
        with spelt(self._spellings):
            findings = judge_essay(essay, judged, self._held).findings
        return Checked(essay, findings, len(quoted), tuple(long))


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
        return _unread(found)
    if (count := len(found[0].blocks)) > MOST_PARAGRAPHS:
        return UnreadableFile(
            f"This text has {count:,} paragraphs, more than the {MOST_PARAGRAPHS:,} that can be shown here."
            " Paste a part of it."
        )
    return found


def _unread(reason: str) -> UnreadableFile:
    return UnreadableFile(f"This text cannot be read here: {reason}. Paste a part of it.")


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

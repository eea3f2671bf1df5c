"""What the application keeps open: the records, the full text and the aligner's words of the index in force.

An index is a folder a generation, and `index/current` names the one in force. When another takes its
place, the next request opens that one; requests under way finish with what they have.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from flask import Flask, current_app, g

from indexer.align import Seeds
from indexer.build import check, reconsider
from indexer.errors import IndexUnusable, ReaderError, UnreadableFile
from indexer.fulltext import FACETS, Fulltext
from indexer.models import Checked, Finding, Span, Work
from indexer.names import Spellings, spelt
from indexer.store import FULLTEXT, current, generation
from web.corrected import Corrected
from web.reader.judgements import Judgement, corrections
from web.ties import Ties

Made = TypeVar("Made")

MOST_VIEWS = 16
"""Readers with corrections whose view of the index is kept ready."""


@dataclass
class Opened:
    """One generation of the index, under the reader's corrections: all that a request may look into."""

    generation: str
    store: Corrected
    fulltext: Fulltext
    kept: tuple[Judgement, ...] = ()
    _made: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, make: Callable[["Opened"], Made]) -> Made:
        """What `make` makes of this, made when it is first asked for: it hangs on nothing else."""
        if name not in self._made:
            self._made[name] = make(self)
        made: Made = self._made[name]
        return made

    def under(self, kept: tuple[Judgement, ...]) -> "Opened":
        """The same generation under other corrections; what does not hang on them stays open."""
        other = copy(self)
        other.__dict__.pop("ties", None)
        other._made = {}
        other.kept = kept
        other.store = self.store.under(kept, lambda *said: self.again(*said))
        return other

    @cached_property
    def spellings(self) -> Spellings:
        """The spellings of names that it was built with."""
        return Spellings.read(self.store.meta.get("names", ""))

    @cached_property
    def ties(self) -> Ties:
        """Which words of which works are quotations or quoted, and who cites what."""
        return Ties(self.store)

    @cached_property
    def works(self) -> Sequence[Work]:
        """All works in the order of their ids."""
        return tuple(self.store.works())

    @cached_property
    def known(self) -> Mapping[str, Work]:
        """All works by their ids. A catalogue may name a parent or an essay that is not among them."""
        return {work.id: work for work in self.works}

    @cached_property
    def unheld(self) -> int:
        """How many works are listed and not held."""
        return sum(not work.file for work in self.works)

    @cached_property
    def books(self) -> frozenset[str]:
        """The ids of the works that have chapters."""
        return frozenset(work.parent for work in self.works if work.parent)

    @cached_property
    def words(self) -> Mapping[str, int]:
        """The number of words of each held work, by id."""
        return self.store.words()

    @cached_property
    def seeds(self) -> Seeds:
        """The words of all sources, in which any passage is found. Raises IndexUnusable."""
        return Seeds.load(self.store.seeds())

    @cached_property
    def judge(self) -> Callable[[Sequence[str]], Iterator[Checked | UnreadableFile]]:
        """What judges the quotations of any texts against all that is held. Raises IndexUnusable."""
        # Read here too: the process that judges could not say what is wrong with them.
        assert self.seeds is not None
        return check(self.store.folder)

    @cached_property
    def again(self) -> Callable[[Finding, str, Span | None], Finding]:
        """What judges a quotation again with the work or place that a reader names. Raises IndexUnusable."""
        return reconsider(self.store, self.seeds)

    def texts(self, passage_ids: Sequence[str]) -> Mapping[str, str]:
        """The texts of some passages, as the full text was made of them."""
        return self.store.texts(passage_ids)


class Library:
    """The index of one archive, reopened when another generation takes its place.

    `reader` names the file of the records of whoever asks; without it nobody's corrections count.
    """

    def __init__(self, archive: Path, reader: Callable[[], Path] | None = None) -> None:
        self.index = archive / "index"
        self.reader = reader
        self._lock = Lock()
        self._opened: Opened | None = None
        self._views: dict[tuple[Judgement, ...], Opened] = {}

    def opened(self) -> Opened:
        """The generation in force, under the corrections of whoever asks. Raises NoIndex and OtherVersion."""
        kept = _corrections(self.reader()) if self.reader else ()
        with self._lock:
            latest = self._latest()
            if not kept:
                return latest
            if kept not in self._views:
                others = list(self._views.items())[1 - MOST_VIEWS :]
                self._views = dict(others) | {kept: latest.under(kept)}
            return self._views[kept]

    def warm(self) -> None:
        """Reads beforehand what the first pages would wait for; where there is no index yet, nothing."""
        try:
            with self._lock:
                here = self._latest()
        except IndexUnusable:
            return
        with spelt(here.spellings):
            here.ties.quotations("")
            here.fulltext.search("kind:essay", per_page=1, facets=(*FACETS, "cites"))
        assert here.known is not None and here.words is not None

    def _latest(self) -> Opened:
        """The generation in force, opened if it was not; to be called under the lock."""
        name = generation(self.index)
        if self._opened is None or self._opened.generation != name:
            folder = current(self.index)
            self._opened = Opened(name, Corrected(folder), Fulltext(folder / FULLTEXT))
            self._views.clear()
        return self._opened


def _corrections(reader: Path) -> tuple[Judgement, ...]:
    """The corrections that count; none where they cannot be read, which the pages of judgements say."""
    try:
        return tuple(corrections(reader))
    except ReaderError:
        return ()


def install(app: Flask, archive: Path, reader: Callable[[], Path]) -> None:
    """Keeps the index of an archive open for an application."""
    app.extensions["library"] = Library(archive, reader)
    app.teardown_appcontext(_close)


def _close(_: BaseException | None) -> None:
    """Ends what `opened` began."""
    if "spelling" in g:
        g.spelling.close()


def opened() -> Opened:
    """The index in force for this request: one generation from its first look to its last, names spelt as in
    it until the request ends."""
    if "opened" not in g:
        library: Library = current_app.extensions["library"]
        g.opened = library.opened()
        g.spelling = ExitStack()
        g.spelling.enter_context(spelt(g.opened.spellings))
    held: Opened = g.opened
    return held


def opened_or_none() -> Opened | None:
    """The index in force; None where there is none that can be read."""
    try:
        return opened()
    except IndexUnusable:
        return None


def parent_of(work: Work) -> Work | None:
    """The work in which a chapter stands; None of a work that is no chapter, or whose book is not listed."""
    return opened().known.get(work.parent) if work.parent else None

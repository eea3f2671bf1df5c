"""The list of works, and a page for each: held or not, who cites it, where it came from."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from indexer.fulltext import years
from indexer.models import Work
from web import lists
from web.answer import answer
from web.citing import cited_here, coins, head_tags
from web.language import N_, _
from web.library import Opened, opened, parent_of
from web.verdicts import in_order

pages = Blueprint("works", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """A work in a list: `words` of its text, how often it is `quoted`, which essays cite it.

    `parent` is the book of a chapter, from which it has author and year where it does not say them.
    """

    work: Work
    held: bool
    words: int
    quoted: int
    cited_by: Sequence[str]
    parent: Work | None = None

    @property
    def author(self) -> str | None:
        """Who wrote it, or the book in which it stands."""
        return self.work.author or (self.parent.author if self.parent else None)

    @property
    def year(self) -> int | None:
        """The year of it, or of the book in which it stands."""
        return self.work.year or (self.parent.year if self.parent else None)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a list can be kept to, and how many works it would keep."""

    value: str
    label: str
    count: int


SORTS: dict[str, tuple[str, Callable[[Line], Any]]] = {
    "author": (N_("author"), lambda line: (line.author is None, _key(line.author), *_by_title(line))),
    "title": (N_("title"), lambda line: _by_title(line)),
    "year": (N_("year"), lambda line: (line.year is None, line.year or 0, *_by_title(line))),
    "quoted": (N_("times quoted"), lambda line: (-line.quoted, *_by_title(line))),
    "words": (N_("length"), lambda line: (-line.words, *_by_title(line))),
}
YES_NO = ("yes", "no")
# Letters of what was typed that a sentence repeats.
ECHOED = 40


def _key(text: str | None) -> str:
    return (text or "").casefold()


def _by_title(line: Line) -> tuple[str, bool, str]:
    """By title; chapters that bear their book's name stand behind it, in its order: IX is behind VIII."""
    title, book = _key(line.work.title), _key(line.parent.title if line.parent else None)
    named = bool(book) and title.startswith(book)
    return (book if named else title, named, _numbered(line.work.id))


def _numbered(text: str) -> str:
    """A text whose numbers, in the order of letters, come in their own: "ch2" before "ch10"."""
    return re.sub(r"\d+", lambda found: found[0].zfill(8), text)


@pages.get("/works")
def index() -> Response:
    """The works, kept to what the query string asks for, sorted, a page at a time."""
    here = opened()
    every = lines(here, here.works)
    kept = sorted(filter(_wanted(request.args), every), key=SORTS[_sort()][1])
    part = lists.pages(len(kept))
    offered = choices(here, every)
    record = {
        "works": part.cut(kept),
        "total": len(kept),
        "page": part.number,
        "pages": part.last,
        "choices": offered,
        "problem": _problem(request.args.get("year", "")),
    }
    chosen = {name: request.args.get(name, "") for name in ("q", "author", "year", *offered)}
    return answer("works.html", record, part=part, chosen=chosen, sorts=SORTS, sort=_sort())


def _sort() -> str:
    asked = request.args.get("sort", "author")
    return asked if asked in SORTS else "author"


def lines(here: Opened, works: Iterable[Work]) -> list[Line]:
    """Each work with what the archive knows of it."""
    words, ties = here.words, here.ties
    return [
        Line(
            work,
            work.file is not None,
            words.get(work.id, 0),
            len(ties.quoted(work.id)),
            ties.citing(work.id),
            here.known.get(work.parent or ""),
        )
        for work in works
    ]


def _wanted(asked: Mapping[str, str]) -> Callable[[Line], bool]:
    """Whether a work is one that a query string asks for; what it does not name keeps all."""
    words = _key(asked.get("q")).split()
    kind, collection, author, held, cited = (
        asked.get(name, "") for name in ("kind", "collection", "author", "held", "cited")
    )
    span = years(asked.get("year", ""))

    def wanted(line: Line) -> bool:
        work = line.work
        return (
            kind in ("", work.kind)
            and collection in ("", work.collection)
            and author in ("", line.author)
            and _yes(held, line.held)
            and _yes(cited, bool(line.cited_by))
            and (span is None or _within(span.first, span.last, line.year))
            and (not words or _named(words, line))
        )

    return wanted


def _named(words: Sequence[str], line: Line) -> bool:
    """Whether all these words stand in what a work is called by."""
    within = _key(f"{line.work.title} {line.author or ''} {' '.join(line.work.aliases)}")
    return all(word in within for word in words)


def _yes(asked: str, fact: bool) -> bool:
    return asked not in YES_NO or (asked == "yes") == fact


def _within(first: int | None, last: int | None, year: int | None) -> bool:
    """Whether a year lies in a span of years, open where it has no end; what is not known lies in none."""
    return year is not None and (first is None or first <= year) and (last is None or year <= last)


def _problem(year: str) -> str:
    """What is said of years that cannot be read; "" if they can, or none are asked for."""
    if not year.strip() or years(year):
        return ""
    return _(
        "“%(value)s” is no year and no range of years, as 1936 or 1936-1938 are: it was left aside.",
        value=year[:ECHOED],
    )


def choices(here: Opened, every: Sequence[Line]) -> dict[str, list[Choice]]:
    """What the list can be kept to, with the number of all works that have it."""
    titles = {collection.name: collection.title for collection in here.store.collections()}
    by_collection = Counter(line.work.collection for line in every)
    by_kind = Counter(line.work.kind for line in every)
    held = sum(line.held for line in every)
    cited = sum(bool(line.cited_by) for line in every)
    return {
        "kind": [
            Choice("essay", _("essays"), by_kind["essay"]),
            Choice("source", _("sources"), by_kind["source"]),
        ],
        "collection": [Choice(name, titles.get(name, name), n) for name, n in sorted(by_collection.items())],
        "held": [Choice("yes", _("held"), held), Choice("no", _("not held"), len(every) - held)],
        "cited": [Choice("yes", _("cited"), cited), Choice("no", _("not cited"), len(every) - cited)],
    }


@pages.get("/work/<work_id>")
def show(work_id: str) -> Response:
    """A work: where to read it, or what is known of it and how to get it."""
    here = opened()
    store = here.store
    work = store.work(work_id)
    record = {
        "work": work,
        "held": work.file is not None,
        "words": here.words.get(work.id, 0),
        "collection": _collection_title(here, work),
        "parent": parent_of(work),
        "chapters": lines(here, sorted(store.children(work.id), key=lambda child: _numbered(child.id))),
        "editions": lines(here, store.editions(work)),
        "provenance": store.provenance(work.file) if work.file else None,
        "files": store.raw_editions(work.file) if work.file else [],
        "remarks": store.remarks(work.file) if work.file else "",
        "verdicts": in_order(store.verdicts(work.id)) if work.kind == "essay" else {},
        "sources": _listed(here, work),
        "cited_by": [
            _citing(here, work, here.known[essay])
            for essay in here.ties.citing(work.id)
            if essay in here.known
        ],
    }
    of = cited_here(here, work)
    return answer("work.html", record, head_tags=head_tags(of), coins=coins(of))


def _collection_title(here: Opened, work: Work) -> str:
    titles = (c.title for c in here.store.collections() if c.name == work.collection)
    return next(titles, work.collection)


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of an essay's list of sources, and the work of the archive that it names, if any."""

    text: str
    url: str | None
    work: Work | None
    held: bool


def _listed(here: Opened, work: Work) -> list[Listed]:
    """The entries of an essay's own list of sources."""
    found = []
    for entry in here.store.entries(work.id) if work.kind == "essay" else ():
        named = here.known.get(entry.work_id or "")
        held = named is not None and here.store.is_held(named)
        found.append(Listed(entry.text, entry.url, named, held))
    return found


@dataclass(frozen=True, slots=True)
class Citing:
    """An essay that cites a work: how its list of sources names it, and the quotations found in it."""

    essay: Work
    entries: Sequence[str]
    quotations: Sequence[dict[str, str]]


def _citing(here: Opened, work: Work, essay: Work) -> Citing:
    entries = [entry.text for entry in here.store.entries(essay.id) if entry.work_id == work.id]
    ties = [tie for tie in here.ties.quoted(work.id) if tie.essay_id == essay.id]
    quotations = [{"id": tie.quotation_id, "verdict": tie.verdict} for tie in ties]
    return Citing(essay, entries, quotations)

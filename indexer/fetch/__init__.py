"""Fetching: from the catalogue's addresses to raw files and their provenance. The only door to the network.

`choosing` says what is wanted, `ways` where it may be, `visiting` asks (by `addresses`, `manners` and
`transport`), `keeping` says under which name and with which facts an answer is kept; `catalogue` writes it.
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from indexer import catalogue
from indexer.fetch import keeping
from indexer.fetch.addresses import target
from indexer.fetch.choosing import Cited, Selection, Wanted, chapters, wanted
from indexer.fetch.keeping import name_of
from indexer.fetch.manners import least_seconds
from indexer.fetch.outcome import GOOD, NotHad, Outcome, Status
from indexer.fetch.transport import Limits
from indexer.fetch.visiting import Answer, Means, Visitor
from indexer.fetch.warc import Warc
from indexer.fetch.wayback import Wayback
from indexer.fetch.ways import ways

__all__ = [
    "GOOD", "Cited", "Limits", "Means", "NotHad", "Outcome", "Selection", "Wayback", "fetch",
    "least_seconds", "name_of", "planned", "target",
]  # fmt: skip

# Told of each address before it is asked: the address, how many are done, how many there are so far.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class _Run:
    """What one run has: where it writes, how it asks, where it may ask besides."""

    raw: Path
    visitor: Visitor
    now: Callable[[], float]
    wayback: Wayback | None
    warc: Warc | None


def fetch(
    raw: Path,
    selection: Selection,
    means: Means | None = None,
    *,
    wayback: Wayback | None = None,
    warc: Path | None = None,
    progress: Progress | None = None,
) -> Iterator[Outcome]:
    """Asks for what is selected and writes what comes; yields what became of each address, as it is known.

    Each text is written whole with its record before the next is asked for, so that a run that was killed
    goes on where it stopped. Raises NotThere, CatalogueError, UsageError before anything is asked, and
    LoccitError when another run is at work: two would ask a host twice as often.
    """
    means, tell = means or Means(), progress or (lambda url, done, total: None)
    works = [work for collection in catalogue.collections(raw) for work in collection.works]
    todo = list(wanted(raw, works, selection))
    with catalogue.alone(raw), Warc(warc) if warc is not None else nullcontext() as written:
        run = _Run(raw, Visitor(means), means.clock.now, wayback, written)
        yield from _all(run, todo, tell, 0)
        if selection.recursive:
            yield from _all(run, list(chapters(raw, selection)), tell, len(todo))


def planned(raw: Path, selection: Selection) -> Iterator[Outcome]:
    """What `fetch` would ask for, as far as that is known beforehand: each address, or why it is not asked.

    The chapters of a table of contents that is not held yet are not known. Raises as `fetch` does.
    """
    works = [work for collection in catalogue.collections(raw) for work in collection.works]
    for item in chain(wanted(raw, works, selection), chapters(raw, selection) if selection.recursive else ()):
        yield item if isinstance(item, Outcome) else _planned(item)


def _planned(item: Wanted) -> Outcome:
    url = item.addresses[0]
    others = [way for address in item.addresses for way in ways(address) if way != url]
    file = f"{item.collection}/{item.held['file']}" if item.held else None
    try:
        target(url)
    except NotHad as failure:
        return Outcome(url, failure.status, item.work, file, failure.reason)
    return Outcome(url, "wanted", item.work, file, f"else {', '.join(others)}" if others else "")


def _all(run: _Run, todo: list[Wanted | Outcome], tell: Progress, before: int) -> Iterator[Outcome]:
    for done, item in enumerate(todo, before):
        if isinstance(item, Outcome):
            yield item
            continue
        tell(item.addresses[0], done, before + len(todo))
        yield _one(run, item)


def _one(run: _Run, item: Wanted) -> Outcome:
    """Asks the addresses in turn until one gives a text; then, if that is allowed, the Wayback Machine."""
    failures: list[tuple[str, NotHad]] = []
    for cited, url in [(address, way) for address in item.addresses for way in ways(address)]:
        try:
            return _kept(run, item, cited, run.visitor.visit(url, _conditions(item.held)))
        except NotHad as failure:
            failures.append((url, failure))
    dead = next((url for url, failure in failures if failure.dead), None)
    if run.wayback is not None and dead is not None and not item.held:
        try:
            return _kept(run, item, dead, run.wayback.visit(run.visitor, dead))
        except NotHad as failure:
            failures.append(("as a copy", failure))
    return _not_had(item, failures)


def _not_had(item: Wanted, failures: list[tuple[str, NotHad]]) -> Outcome:
    """The first failure is the outcome; what every address said is the reason."""
    url, (_, first) = item.addresses[0], failures[0]
    if item.held.get("copy") and first.dead:
        reason = f"{first.reason}, as before; its copy is held"
        return Outcome(url, "unchanged", item.work, f"{item.collection}/{item.held['file']}", reason)
    said = [failure.reason if asked == url else f"{asked}: {failure.reason}" for asked, failure in failures]
    reason = "; ".join([*said, *(["what is held is kept"] if item.held else [])])
    file = f"{item.collection}/{item.held['file']}" if item.held else None
    return Outcome(url, first.status, item.work, file, reason)


def _conditions(held: dict[str, Any]) -> dict[str, str]:
    """The headers that ask only for bytes other than those held; a copy's say nothing of the original."""
    if held.get("copy") or held.get("missing"):
        return {}
    conditions = {"If-None-Match": held.get("etag"), "If-Modified-Since": held.get("last_modified")}
    plain = {name: value for name, value in conditions.items() if isinstance(value, str)}
    return {name: value for name, value in plain.items() if value.isascii() and value.isprintable()}


def _kept(run: _Run, item: Wanted, url: str, answer: Answer) -> Outcome:
    """Writes an answer into `raw/`, unless it says that nothing is new."""
    if answer.reply.status == 304:
        file = f"{item.collection}/{item.held['file']}"
        return Outcome(url, "unchanged", item.work, file, "the server says that it has not changed")
    facts = keeping.facts(item.kind, url, answer, run.now())
    if run.warc is not None:
        run.warc.add(answer)
    first = item.held.get("edition_of") or item.held.get("file")
    name = first or name_of(run.raw / item.collection, target(url))
    try:
        kept = catalogue.keep(run.raw, item.collection, name, answer.reply.body, facts)
    except OSError as error:
        raise NotHad("failed", f"it cannot be written: {error.strerror}") from None
    via = facts.get("final") or facts.get("copy")
    size = len(answer.reply.body)
    reason = keeping.doubt(target(url), facts["media_type"])
    return Outcome(url, _STATUS[kept.status], item.work, kept.file, reason, size, facts["media_type"], via)


_STATUS: dict[str, Status] = {"added": "fetched", "edition": "edition", "unchanged": "unchanged"}

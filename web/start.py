"""The start page: what this archive holds, and where to begin."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, jsonify

from indexer.models import Collection, Work
from web.answer import answer
from web.library import Opened, opened
from web.verdicts import in_order

pages = Blueprint("start", __name__)

# Essays named on the start page; the list of works has them all.
SHOWN_ESSAYS = 12


@dataclass(frozen=True, slots=True)
class Holding:
    """A collection and how much of it is held; `words` counts those of the held works."""

    name: str
    title: str
    description: str | None
    licence: str | None
    essays: int
    essays_listed: int
    sources: int
    sources_listed: int
    words: int

    @property
    def missing(self) -> int:
        """How many works are listed and not held."""
        return self.essays_listed + self.sources_listed - self.essays - self.sources


@dataclass(frozen=True, slots=True)
class EssayLine:
    """An essay with the number of its quotations by verdict."""

    work: Work
    quotations: int
    verdicts: dict[str, int]


@pages.get("/")
def index() -> Response:
    """The collections, the verdicts over all essays, and an essay to begin with."""
    here = opened()
    store, essays = here.store, essay_lines(here)
    record = {
        "counts": store.counts(),
        "collections": holdings(here),
        "verdicts": in_order(store.verdicts()),
        "failed": [report for report in store.reports() if report.status == "failed"],
        "begin": max(essays, key=instructive, default=None),
        "essays": essays[:SHOWN_ESSAYS],
    }
    return answer("start.html", record, more=max(0, len(essays) - SHOWN_ESSAYS))


@pages.get("/healthz")
def health() -> Response:
    """Whether the archive can be read, for whatever watches over the server; 503 with the reason if not."""
    return jsonify({"status": "ok", "generation": opened().generation, "counts": opened().store.counts()})


def holdings(here: Opened) -> list[Holding]:
    """What is held of each collection, in the order of their names."""
    return [
        _holding(collection, [w for w in here.works if w.collection == collection.name], here.words)
        for collection in here.store.collections()
    ]


def _holding(collection: Collection, works: list[Work], words: Mapping[str, int]) -> Holding:
    essays = [work for work in works if work.kind == "essay"]
    sources = [work for work in works if work.kind == "source"]
    return Holding(
        collection.name,
        collection.title,
        collection.description,
        collection.licence,
        sum(work.file is not None for work in essays),
        len(essays),
        sum(work.file is not None for work in sources),
        len(sources),
        sum(words.get(work.id, 0) for work in works),
    )


def essay_lines(here: Opened) -> list[EssayLine]:
    """The held essays, those with the most quotations first."""
    lines = []
    for work in here.works:
        if work.kind == "source" or not work.file:
            continue
        verdicts = in_order(Counter(tie.verdict for tie in here.ties.quotations(work.id)))
        lines.append(EssayLine(work, sum(verdicts.values()), verdicts))
    return sorted(lines, key=lambda line: (-line.quotations, line.work.title))


def instructive(line: EssayLine) -> tuple[int, int]:
    """How much of what Loccit shows an essay has: kinds of verdict first, then quotations with a place."""
    placed = line.quotations - line.verdicts.get("no-source", 0) - line.verdicts.get("not-found", 0)
    return len(line.verdicts), placed

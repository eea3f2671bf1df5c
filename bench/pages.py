"""Server time of each kind of page on an archive, and what of it is spent behind which door.

    python bench/pages.py ARCHIVE [--rounds N]

Each address is asked once to warm up and then N times, in turns, through Flask's test client in this
process: no network, no browser. Printed are the median and the 95th percentile of a kind of page by the
clock, the same in time of the processor (what the page itself takes while other programs are busy), and the
share of its time in the full text, in the database, in finding places, and in the template. A door inside
another one (the full text asks the database for texts) counts for itself alone. What counts between two
machines are the shares and ratios.
"""

import argparse
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import web.answer  # noqa: E402
import web.find  # noqa: E402
from indexer.fulltext import Fulltext  # noqa: E402
from indexer.store import Store, current  # noqa: E402
from web import create_app  # noqa: E402

# What historians type: common and rare words, phrases of stop words, prefixes, nearness, fields.
QUERIES = (
    "revolution", "workers party", '"dictatorship of the proletariat"', '"to be or not to be"', "thermidor",
    "proletar*", '"soviet congress"~8u', "kind:essay trial", "trial OR court NOT war", "lettre", '"of the"',
    "author:trotsky bureaucracy", "revoluton", "the",
)  # fmt: skip
VIEWS = {"search": "", "by work": "&group=work", "in lines": "&view=kwic", "chart": "&view=chart"}
PERCENTILE = 0.95
DOORS = ("full text", "database", "places", "template")


class Doors:
    """Seconds spent behind each door since the last `taken`; time in an inner door is not the outer one's."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._open: list[str] = []
        self._since = 0.0

    @contextmanager
    def behind(self, door: str) -> Iterator[None]:
        """Count the time of the body for `door`."""
        self._count()
        self._open.append(door)
        try:
            yield
        finally:
            self._count()
            self._open.pop()

    def taken(self) -> dict[str, float]:
        """The seconds so far, and a fresh start."""
        seconds = dict(self.seconds)
        self.seconds.clear()
        return seconds

    def watch(self, owner: Any, name: str, door: str) -> None:
        """Count every call of a function or method for `door`."""
        inner: Callable[..., Any] = getattr(owner, name)

        def watched(*words: Any, **named: Any) -> Any:
            with self.behind(door):
                return inner(*words, **named)

        setattr(owner, name, watched)

    def _count(self) -> None:
        now = time.perf_counter()
        if self._open:
            self.seconds[self._open[-1]] += now - self._since
        self._since = now


def watched() -> Doors:
    """The doors of the rooms that pages go through, each counted from now on."""
    doors = Doors()
    for name in ("search", "suggest", "nearest"):
        doors.watch(Fulltext, name, "full text")
    for name, member in vars(Store).items():
        if callable(member) and not name.startswith("_"):
            doors.watch(Store, name, "database")
    doors.watch(web.find, "find", "places")
    doors.watch(web.answer, "render_template", "template")
    return doors


def addresses(archive: Path) -> dict[str, list[str]]:
    """Addresses by kind of page, of works and quotations that this archive has."""
    store = Store(current(archive / "index"))
    essays = [work.id for work in store.works(kind="essay", held=True)][:5]
    quoted = list(store.quoted_counts())[:5]
    findings = [f for f in store.findings() if f.alignment][:8]
    kinds = {name: [f"/search?q={q}{view}" for q in _quoted(QUERIES)] for name, view in VIEWS.items()}
    return kinds | {
        "reader": [f"/read/{work}" for work in essays + quoted],
        "comparison": [f"/quotation/{f.quotation.id}" for f in findings],
        "work": [f"/work/{work}" for work in essays + quoted],
        "report": [f"/work/{essay}/quotations" for essay in essays],
        "find": [f"/find?text={text}" for text in _quoted(tuple(f.text[:300] for f in findings))],
        "start": ["/"],
        "works": ["/works", "/works?kind=source&page=2"],
        "bookmarks": ["/bookmarks"],
        "saved searches": ["/searches"],
        "suggestions": ["/suggest?q=rev", "/suggest?q=the+dict", "/suggest?q=author:tro"],
    }


def _quoted(texts: tuple[str, ...]) -> list[str]:
    return [quote_plus(text) for text in texts]


def main() -> None:
    """Print a line a kind of page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("archive", type=Path)
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    doors, client = watched(), create_app(given.archive).test_client()
    print(
        f"{'ms':16} {'median':>8} {'95th':>8} {'cpu':>8} {'95th':>8}"
        + "".join(f" {door:>9}" for door in DOORS)
    )
    for kind, asked in addresses(given.archive).items():
        for address in asked:
            status = client.get(address).status_code
            assert status == 200, f"{address} answers {status}"
        doors.taken()
        walls, cpus = [], []
        for address in asked * given.rounds:
            wall, cpu = time.perf_counter(), time.process_time()
            client.get(address)
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
        seconds = doors.taken()
        shares = [f"{100 * seconds.get(door, 0) / sum(walls):.0f}%" for door in DOORS]
        figures = [figure for times in (walls, cpus) for figure in middle_and_late(times)]
        print(f"{kind:16}" + "".join(f" {f:8.1f}" for f in figures) + "".join(f" {s:>9}" for s in shares))


def middle_and_late(times: list[float]) -> tuple[float, float]:
    """The median and the 95th percentile of some times in seconds, in milliseconds."""
    ordered = sorted(times)
    late = ordered[min(len(ordered) - 1, int(PERCENTILE * len(ordered)))]
    return 1000 * statistics.median(times), 1000 * late


if __name__ == "__main__":
    main()

"""How the passages found are spread over years and works, as numbers and as bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from indexer.fulltext import Count, Results
from web.library import Opened
from web.search.facets import Value, values

# More bars are thinner than two points on a phone: years are then taken ten or a hundred at a time.
MOST_BARS = 140
STEPS = (1, 10, 100)
# Works that the chart names; the view by works shows all.
MOST_WORKS = 25


@dataclass(frozen=True, slots=True)
class Years:
    """Passages of the years from `first` to `last`; `value` is what keeps the results to them."""

    first: int
    last: int
    passages: int

    @property
    def value(self) -> str:
        """The years as the parameter `year` takes them."""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


def chart(here: Opened, results: Results) -> dict[str, Any]:
    """Passages by year (every year or decade between the first and the last) and by work, most first.

    `undated` are the passages of works without a year, `other_works` how many works are not named.
    """
    counts = results.facets["year"]
    works = results.facets["work"]
    named: Sequence[Value] = values(here, "work", works[:MOST_WORKS])
    return {
        "years": years(counts),
        "undated": results.total - sum(count.passages for count in counts),
        "by_work": named,
        "other_works": len(works) - len(named),
    }


def years(counts: Sequence[Count]) -> list[Years]:
    """Counts by year as bars of equal width without gaps between them."""
    found = {int(count.value): count.passages for count in counts}
    if not found:
        return []
    first, last = min(found), max(found)
    step = next((step for step in STEPS if (last - first) // step < MOST_BARS), STEPS[-1])
    bars = dict.fromkeys(range(first // step * step, last + 1, step), 0)
    for year, passages in found.items():
        bars[year // step * step] += passages
    return [Years(start, start + step - 1, passages) for start, passages in bars.items()]

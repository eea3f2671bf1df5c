"""What a query finds: the passages matched, within the filters, sorted and counted."""

from functools import partial
from pathlib import Path

import numpy as np

from indexer.fulltext.engines import LATE, Answer, Asked, Hit
from indexer.fulltext.engines.whoosh.matching import Matched, allowed, match
from indexer.fulltext.engines.whoosh.reading import Index
from indexer.fulltext.engines.whoosh.runs import Numbers
from indexer.fulltext.expanding import Slots
from indexer.fulltext.facts import Values
from indexer.fulltext.query import Node
from indexer.fulltext.records import Count, Filters, Sort

NO_FILTERS = Filters()


class Engine:
    """The open index."""

    def __init__(self, folder: Path) -> None:
        self._index = Index(folder)
        self.size = self._index.size

    def close(self) -> None:
        """Let the files go."""
        self._index.close()

    def values(self, fact: str) -> Values:
        """All values that passages have of a fact."""
        return self._index.facet(fact).known

    def count(self, node: Node, slots: Slots) -> int:
        """How many passages a query, or a part of one, matches."""
        return int(match(node, self._index, slots).passages.sum())

    def find(self, asked: Asked) -> Answer:
        """What a query finds."""
        matched = match(asked.node, self._index, asked.slots)
        passages = matched.passages
        if asked.filters != NO_FILTERS:
            passages = passages & allowed(asked.filters, self._index)
        numbers = np.flatnonzero(passages).astype(np.int32)
        last = asked.first + asked.wanted
        page = self._order(matched, numbers, asked.sort, last)[asked.first : last]
        return Answer(
            total=len(numbers),
            hits=(self._hit(number, matched) for number in page.tolist()),
            facets={name: self._counts(name, numbers) for name in asked.facets},
        )

    def _order(self, matched: Matched, numbers: Numbers, sort: Sort, wanted: int) -> Numbers:
        """The first `wanted` of the passages found (or more), in the order asked for."""
        if sort == "date":
            facet = self._index.facet("year")
            years = np.array([*(int(year) for year in facet.known.values), LATE])
            return numbers[np.argsort(years[facet.codes[numbers]], kind="stable")]
        if sort == "place" or matched.scores is None:
            return numbers
        worst_first = -matched.scores[numbers]
        if len(numbers) > wanted:  # sort only what can be shown, with all ties, so that pages fit together
            good = worst_first <= np.partition(worst_first, wanted - 1)[wanted - 1]
            numbers, worst_first = numbers[good], worst_first[good]
        return numbers[np.argsort(worst_first, kind="stable")]

    def _hit(self, number: int, matched: Matched) -> Hit:
        score = 0.0 if matched.scores is None else float(matched.scores[number])
        return Hit(*self._index.stored(number), score, partial(self._index.facts, number))

    def _counts(self, name: str, numbers: Numbers) -> tuple[Count, ...]:
        facet = self._index.facet(name)
        if facet.single:
            had = facet.codes[numbers]
            had = had[had >= 0]
        else:
            found = np.zeros(self.size, bool)
            found[numbers] = True
            had = facet.had[found[facet.having]]
        counts = np.bincount(had, minlength=len(facet.known.values))
        order = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
        rows = zip(order.tolist(), counts[order].tolist(), strict=True)
        return tuple(Count(facet.known.values[code], passages) for code, passages in rows)

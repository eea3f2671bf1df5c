"""Which passages a query matches, and how well: the tree evaluated on whole lists at a time.

A set of passages is an array of truths, one a passage, so that AND, OR and NOT are one operation each. A
phrase is found by looking up, for each place of its rarest word, whether the others stand where they must.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from indexer.fulltext.engines.whoosh.reading import Facet, Index, Mask
from indexer.fulltext.engines.whoosh.runs import Numbers
from indexer.fulltext.expanding import Slot, Slots
from indexer.fulltext.facts import meant, name_of, wanted
from indexer.fulltext.query import And, Field, Leaf, Node, Not, Or, Phrase, Years
from indexer.fulltext.records import Filters

SATURATION = 1.2  # k1 of BM25: how soon more occurrences stop to count
SHORTNESS = 0.75  # b of BM25: how much a short passage is preferred
SHORTEST = 25  # words as which a shorter passage counts: a bare heading answers no better than a sentence
FEW = 4096  # places up to which looking each up is faster than a table of all places
TABLE = 0.1  # part of the archive's words beyond which looking each up is slower than a table of all
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Matched:
    """A part of a query and the passages that it matches; `scores` is None where nothing is scored."""

    node: Node
    passages: Mask
    scores: Scores | None = None
    parts: tuple["Matched", ...] = ()


def match(node: Node, index: Index, slots: Slots) -> Matched:
    """The passages that match a query and each part of it, scored by BM25 (Robertson and Zaragoza, 2009)."""
    if isinstance(node, Not):
        inner = match(node.node, index, slots)
        return Matched(node, ~inner.passages, None, (inner,))
    if isinstance(node, And | Or):
        parts = tuple(match(child, index, slots) for child in node.nodes)
        combine = np.logical_and if isinstance(node, And) else np.logical_or
        passages = combine.reduce([part.passages for part in parts])
        scores = np.zeros(index.size, np.float32)
        for part in parts:
            scores += 0 if part.scores is None else part.scores
        return Matched(node, passages, scores * passages, parts)
    if isinstance(node, Field | Years):
        return Matched(node, _of_field(node, index))
    counts = _counts(node, index, slots)
    passages = counts > 0
    return Matched(node, passages, _bm25(counts, passages, index))


def allowed(filters: Filters, index: Index) -> Mask:
    """The passages that the filters let through."""
    passages = np.ones(index.size, bool)
    for name, values in wanted(filters).items():
        passages &= _having(name, values, index)
    if filters.years != (None, None):
        passages &= _of_field(Years(*filters.years), index)
    for name, unwanted in filters.without:
        passages &= ~_having(name, (unwanted,), index)
    return passages


def _having(name: str, values: Sequence[str], index: Index) -> Mask:
    facet = index.facet(name)
    return _chosen(facet, [value in values for value in facet.known.values], index)


def _of_field(node: Field | Years, index: Index) -> Mask:
    facet = index.facet(name_of(node))
    return _chosen(facet, meant(node, facet.known), index)


def _chosen(facet: Facet, chosen: Sequence[bool], index: Index) -> Mask:
    """The passages that have one of the values marked."""
    passages = np.zeros(index.size, bool)
    passages[facet.having[np.array(chosen, bool)[facet.had]]] = True
    return passages


def _bm25(counts: Numbers, passages: Mask, index: Index) -> Scores:
    numbers = np.flatnonzero(passages)
    rarity = np.log1p((index.size - len(numbers) + 0.5) / (len(numbers) + 0.5))
    often, length = counts[numbers], np.maximum(index.lengths[numbers], SHORTEST)
    lengthy = SATURATION * (1 - SHORTNESS + SHORTNESS * length / index.average)
    scores = np.zeros(index.size, np.float32)
    scores[numbers] = rarity * often * (SATURATION + 1) / (often + lengthy)
    return scores


def _counts(leaf: Leaf, index: Index, slots: Slots) -> Numbers:
    """How often a word or phrase stands in each passage."""
    if not isinstance(leaf, Phrase):
        assert not isinstance(leaf, Field | Years)
        return _word_counts(slots[leaf], index)
    terms = tuple(None if term is None else slots[term] for term in leaf.terms)
    return index.counted.get((leaf, terms), partial(_phrase_counts, leaf, terms, index))


def _phrase_counts(phrase: Phrase, terms: Sequence[Slot | None], index: Index) -> Numbers:
    loose = phrase.gap or not phrase.ordered
    starts = _near(terms, phrase, index) if loose else _together(terms, index)
    return np.bincount(_passage_of(starts, index), minlength=index.size).astype(np.int32)


def _word_counts(slot: Slot, index: Index) -> Numbers:
    counts = np.zeros(index.size, np.int32)
    for language, word in _spoken(slot):
        postings = index.postings(word)
        kept = _in_language(postings.passages, language, index)
        counts[postings.passages[kept]] += postings.counts[kept]
    return counts


def _places(slot: Slot, index: Index) -> Numbers:
    """Every place of the words of a slot, in order."""
    lists = [np.empty(0, np.int32)]
    for language, word in _spoken(slot):
        postings = index.postings(word)
        kept = _in_language(postings.passages, language, index)
        lists.append(postings.places[np.repeat(kept, postings.counts)] if language else postings.places)
    return np.sort(np.concatenate(lists)) if len(lists) > 2 else lists[-1]


def _spoken(slot: Slot) -> list[tuple[str | None, str]]:
    """The words of a slot, each with the language to whose passages it is kept, or None."""
    kept = [(language, word) for language, same in slot.spoken for word in same]
    return [*((None, word) for word in slot.anywhere), *kept]


def _in_language(passages: Numbers, language: str | None, index: Index) -> Mask:
    if language is None:
        return np.ones(len(passages), bool)
    return _having("language", (language,), index)[passages]


def _passage_of(places: Numbers, index: Index) -> NDArray[np.int64]:
    return np.searchsorted(index.firsts, places, side="right") - 1


def _together(slots: Sequence[Slot | None], index: Index) -> Numbers:
    """The places where words of all slots stand one after the other; None is any one word."""
    lists = [(offset, _places(slot, index)) for offset, slot in enumerate(slots) if slot is not None]
    lists.sort(key=lambda pair: len(pair[1]))
    starts = lists[0][1] - lists[0][0]
    starts = starts[starts >= 0]
    for offset, places in lists[1:]:
        starts = starts[_among(starts + offset, places, index)]
    if None in slots:  # the free place after a passage could pass for a word
        starts = starts[_passage_of(starts, index) == _passage_of(starts + len(slots) - 1, index)]
    return starts


def _among(wanted: Numbers, places: Numbers, index: Index) -> Mask:
    """Which of the wanted places are in `places`."""
    if len(wanted) <= FEW:
        at = np.searchsorted(places, wanted)
        found: Mask = np.append(places, -1)[np.minimum(at, len(places))] == wanted
        return found
    taken = np.zeros(max(int(wanted[-1]), int(index.firsts[-1])) + 1, bool)
    taken[places] = True
    return taken[wanted]


def _near(slots: Sequence[Slot | None], phrase: Phrase, index: Index) -> Numbers:
    """The first places of matches in which up to `gap` other words lie between.

    The nearest next word is the best one. What has become too wide is let go at once, so that of many common
    words only the first are looked up everywhere. Words of which none can stand for another need not be tried
    in every order: the farthest of the next places of each is the end.
    """
    named = [slot for slot in slots if slot is not None]
    after = {slot: _After(_places(slot, index), index) for slot in named}
    width = phrase.gap + len(named)
    chained = phrase.ordered or _share_words(named)
    found = [np.empty(0, np.int32)]
    for first, *rest in _orders(named, phrase.ordered, chained):
        starts = ends = after[first].places
        for slot in rest:
            ends = after[slot](ends) if chained else np.maximum(ends, after[slot](starts))
            close = ends - starts < width
            starts, ends = starts[close], ends[close]
        found.append(starts[_passage_of(starts, index) == _passage_of(ends, index)])
    joined = np.sort(np.concatenate(found))
    return joined[np.diff(joined, prepend=-1) > 0]


def _orders(slots: list[Slot], ordered: bool, chained: bool) -> Iterable[Sequence[Slot]]:
    if ordered:
        return [slots]
    if chained:
        return permutations(slots)
    return [slots[at:] + slots[:at] for at in range(len(slots))]


def _share_words(slots: Sequence[Slot]) -> bool:
    words = [slot.all_words() for slot in slots]
    return len(frozenset().union(*words)) < sum(map(len, words))


class _After:
    """Looks up the nearest of `places` after each given place; where there is none, the archive's end.

    For more lookups than a tenth of the archive's words a table of all answers is made first.
    """

    def __init__(self, places: Numbers, index: Index) -> None:
        self.places = places
        self._end = int(index.firsts[-1])
        self._bounded = np.append(places, self._end).astype(np.int32)
        self._table: Numbers | None = None

    def __call__(self, given: Numbers) -> Numbers:
        if self._table is None and len(given) <= self._end * TABLE:
            return self._bounded[np.searchsorted(self.places, given, side="right")]
        if self._table is None:
            table = np.full(self._end + 1, self._end, np.int32)
            table[self.places[self.places > 0] - 1] = self.places[self.places > 0]
            self._table = np.minimum.accumulate(table[::-1])[::-1]
        following: Numbers = self._table[given]
        return following

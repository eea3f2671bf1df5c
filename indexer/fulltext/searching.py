"""Searching an index: a typed query in, a page of passages out, with what there is to say about it."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from heapq import nlargest
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.fulltext.expanding import Slots, expand, like, spellings
from indexer.fulltext.hints import hints, nearest
from indexer.fulltext.marking import marks
from indexer.fulltext.matching import Matched, allowed, match
from indexer.fulltext.query import (
    MIN_FUZZY,
    Field,
    Node,
    Not,
    Term,
    Word,
    changed,
    exactly,
    read,
    same,
    written,
)
from indexer.fulltext.reading import Index, Mask
from indexer.fulltext.records import Count, Filters, Found, Results, Sort, TextOf
from indexer.fulltext.words import WORD, fold

FACETS = ("kind", "author", "year", "collection", "speaker", "language", "work", "quoted", "verdict")
NO_FILTERS = Filters()
PER_PAGE = 20
MAX_PER_PAGE = 200  # a page is for reading; more are more pages
SUGGESTIONS = 8
HARDLY = 2  # passages with a word up to which it may be a slip, of the typist's or of a scan
OFTENER = 50  # times that a word must be commoner than one like it to be offered instead
LATE = 10_000  # where passages without a year stand when sorted by year


class Fulltext:
    """The search index in `folder`, kept open; raises NoIndex or OtherVersion. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        self.index = Index(folder)

    def close(self) -> None:
        """Let the files go."""
        self.index.close()

    def search(
        self,
        query: str,
        filters: Filters = NO_FILTERS,
        *,
        page: int = 1,
        per_page: int = PER_PAGE,
        sort: Sort = "relevance",
        text_of: TextOf | None = None,
        forms: bool = True,
        names: bool = True,
        facets: Sequence[str] = FACETS,
    ) -> Results:
        """A page of the passages that match `query` and that the filters let through.

        `text_of` is asked once for the texts of the page's passages, for their marks; without it there are
        none. `forms` says whether words match their inflected forms, `names` whether they match other
        spellings of Russian names. Raises QueryError, and only that,
        for what cannot be run as typed.
        """
        node = read(query)
        read_as = None if same(query, node) else written(node)
        node = node if forms else changed(node, exactly)
        slots = expand(node, self.index.vocabulary, names)
        matched = match(node, self.index, slots)
        passages = matched.passages & allowed(filters, self.index)
        per_page = max(1, min(per_page, MAX_PER_PAGE))
        page = max(1, page)
        numbers = _page(self._order(matched, passages, sort, page * per_page), page, per_page)
        total = int(passages.sum())
        return Results(
            total=total,
            hits=self._found(numbers, matched, slots, text_of),
            page=page,
            per_page=per_page,
            read_as=read_as,
            notes=() if total else tuple(_notes(matched)),
            instead=self._instead(node, slots, total),
            hints=hints(query, node, self.index),
            also=self._also(slots) if names else (),
            facets={name: self._facet(name, passages) for name in facets},
        )

    def suggest(self, typed: str, limit: int = SUGGESTIONS) -> tuple[str, ...]:
        """What is typed, its last word completed to words of the archive, those of most passages first."""
        last = max(WORD.finditer(typed), key=re.Match.end, default=None)
        if last is None or last.end() < len(typed):
            return ()
        vocabulary = self.index.vocabulary
        best = nlargest(limit, vocabulary.begin(fold(last.group())), key=vocabulary.spread)
        return tuple(typed[: last.start()] + word for word in best)

    def nearest(self, facet: str, value: str) -> tuple[str, ...] | None:
        """Values of a facet like one that no passage has; None if passages have it."""
        known = self.index.facet(facet)
        return None if value in known.values else tuple(nearest(known, value))

    def _order(self, matched: Matched, passages: Mask, sort: Sort, wanted: int) -> NDArray[np.int64]:
        """The numbers of the first `wanted` passages found (or more), in the order asked for."""
        numbers = np.flatnonzero(passages)
        if sort == "date":
            facet = self.index.facet("year")
            years = np.array([*(int(year) for year in facet.values), LATE])
            return numbers[np.argsort(years[facet.codes[numbers]], kind="stable")]
        if sort == "place" or matched.scores is None:
            return numbers
        worst_first = -matched.scores[numbers]
        if len(numbers) > wanted:  # sort only what can be shown, with all ties, so that pages fit together
            good = worst_first <= np.partition(worst_first, wanted - 1)[wanted - 1]
            numbers, worst_first = numbers[good], worst_first[good]
        return numbers[np.argsort(worst_first, kind="stable")]

    def _found(
        self, numbers: Sequence[int], matched: Matched, slots: Slots, text_of: TextOf | None
    ) -> tuple[Found, ...]:
        ids = [self.index.stored(number) for number in numbers]
        texts = text_of([passage for passage, _ in ids]) if text_of and ids else {}
        languages = self.index.facet("language")
        found = []
        for number, (passage, work) in zip(numbers, ids, strict=True):
            score = 0.0 if matched.scores is None else float(matched.scores[number])
            language = languages.values[languages.codes[number]]
            spans = marks(matched, number, texts[passage], language, slots) if passage in texts else ()
            found.append(Found(passage, work, score, spans))
        return tuple(found)

    def _facet(self, name: str, passages: Mask) -> tuple[Count, ...]:
        facet = self.index.facet(name)
        counts = np.bincount(facet.had[passages[facet.having]], minlength=len(facet.values))
        order = np.argsort(-counts, kind="stable")[: int((counts > 0).sum())]
        return tuple(Count(facet.values[code], int(counts[code])) for code in order)

    def _instead(self, node: Node, slots: Slots, total: int) -> str | None:
        """The query with a word of the archive for each that it has not, or hardly; None if there is none."""
        if total > HARDLY:
            return None
        mended = changed(node, partial(self._nearest, slots=slots))
        return None if mended == node else written(mended)

    def _also(self, slots: Slots) -> tuple[str, ...]:
        return tuple(word for term in slots for word in spellings(term, self.index.vocabulary))

    def _nearest(self, term: Term, slots: Slots) -> Term:
        vocabulary = self.index.vocabulary
        if not isinstance(term, Word) or len(term.text) < MIN_FUZZY:
            return term
        here = sum(vocabulary.spread(word) for word in slots[term].all_words())
        if here > HARDLY:
            return term
        for edits in (1,) if here else (1, 2):
            near = like(term.text, vocabulary, edits)
            best = max(near, key=vocabulary.spread, default=term.text)
            if vocabulary.spread(best) > OFTENER * here:
                return Word(best, term.exact)
        return term


def _page(numbers: NDArray[np.int64], page: int, per_page: int) -> list[int]:
    return [int(number) for number in numbers[(page - 1) * per_page : page * per_page]]


def _notes(matched: Matched) -> Iterator[str]:
    """Why nothing was found, in plain sentences."""
    empty = [leaf for leaf in _asked(matched) if not leaf.passages.any()]
    for leaf in empty:
        if not isinstance(leaf.node, Field):  # of those hints tell, with what there is
            yield f"No passage has {written(leaf.node)}."
    if not empty and not matched.passages.any():
        yield "Each part is found, but no passage has all that is asked for."
    if matched.passages.any():
        count = int(matched.passages.sum())
        match_ = "passage matches" if count == 1 else "passages match"
        yield f"{count:,} {match_}, but none within the filters."


def _asked(matched: Matched) -> Iterator[Matched]:
    """The words, phrases and fields that a match must or may have; not those that it must not have."""
    if isinstance(matched.node, Not):
        return
    if matched.parts:
        for part in matched.parts:
            yield from _asked(part)
    else:
        yield matched

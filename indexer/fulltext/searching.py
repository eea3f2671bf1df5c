"""Searching an index: a typed query in, a page of passages out, with what there is to say about it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, partial
from heapq import nlargest
from itertools import islice
from pathlib import Path

from indexer.errors import QueryError
from indexer.fulltext.authors import Authors, authors, by_person, of_people
from indexer.fulltext.engines import Asked, Hit, engine
from indexer.fulltext.expanding import Slots, expand, like, lookups, spellings
from indexer.fulltext.hints import beginning, hints, nearest
from indexer.fulltext.marking import Marks
from indexer.fulltext.nearness import asks_nearness
from indexer.fulltext.query import (
    MIN_FUZZY,
    And,
    Field,
    Leaf,
    Node,
    Not,
    Or,
    Term,
    Word,
    changed,
    exactly,
    leaves,
    read,
    same,
    written,
)
from indexer.fulltext.records import Filters, Found, Results, Sort, TextOf
from indexer.fulltext.tokens import FIELDS
from indexer.fulltext.vocabulary import load, vocabulary
from indexer.fulltext.words import WORD, fold, words

FACETS = ("kind", "author", "year", "collection", "speaker", "language", "work", "quoted", "verdict")
NO_FILTERS = Filters()
PER_PAGE = 20
MAX_PER_PAGE = 200  # a page is for reading; more are more pages
AT_ONCE = 200  # passages that `every` reads and marks at a time
SUGGESTIONS = 8
HARDLY = 2  # passages with a word up to which it may be a slip, of the typist's or of a scan
OFTENER = 50  # times that a word must be commoner than one like it to be offered instead


_VALUED = "|".join(name for name in FIELDS if name != "year")
_NAMED = re.compile(rf"\b({_VALUED}):\"?([^\"()]*)$", re.IGNORECASE)  # a field whose value is being typed


class Fulltext:
    """The search index in `folder`, kept open; raises what IndexUnusable stands for. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        held = load(folder)
        self.vocabulary = vocabulary(held)
        self._engine = engine(held.engine).Engine(folder)

    @property
    def size(self) -> int:
        """How many passages the index holds."""
        return self._engine.size

    def passages(self) -> list[str]:
        """The ids of all passages that can be found, in no order; one that is held twice comes twice."""
        node = read("kind:essay OR kind:source")
        slots = expand(node, self.vocabulary, False)
        every = Asked(node, slots, NO_FILTERS, "place", 0, max(self.size, 1), ())
        return [hit.passage_id for hit in self._engine.find(every).hits]

    @cached_property
    def authors(self) -> Authors:
        """Who is who among the authors: people are counted and kept to, however they are spelt."""
        return authors(self._engine.values("author").values)

    def close(self) -> None:
        """Let the files go."""
        self._engine.close()

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
        most: int | None = None,
    ) -> Results:
        """A page of the passages that match `query` and that the filters let through.

        `text_of` is asked once for the texts of the page's passages, for their marks; without it there are
        none. `forms` says whether words match their inflected forms, `names` whether they match other
        spellings of Russian names. A query for which words would be looked up in more than `most` passages
        is not run. Raises QueryError, and only that, for what cannot be run as typed.
        """
        typed, node, slots = self._read(query, forms, names)
        looked_up = sum(lookups(leaf, slots, self.vocabulary) for leaf in leaves(node))
        if most is not None and looked_up > most:
            raise QueryError(
                "Its words are too common to be searched with so many others: do it alone.", query
            )
        per_page = max(1, min(per_page, MAX_PER_PAGE))
        page = max(1, page)
        first = (page - 1) * per_page
        asked = Asked(node, slots, self._within(filters), sort, first, per_page, facets)
        answer = self._engine.find(asked)
        return Results(
            total=answer.total,
            hits=tuple(_found(answer.hits, node, slots, text_of)),
            page=page,
            per_page=per_page,
            read_as=None if same(query, typed) else written(typed),
            notes=() if answer.total else tuple(self._notes(node, slots)),
            # Another word would be offered beside a NEAR that is none: the hint has what was meant.
            instead=None if asks_nearness(query) else self._instead(node, slots, answer.total),
            hints=hints(query, node, self.vocabulary, self._engine),
            also=self._also(slots) if names else (),
            facets=by_person(answer.facets, self.authors) if "author" in facets else answer.facets,
            looked_up=looked_up,
        )

    def every(
        self,
        query: str,
        filters: Filters = NO_FILTERS,
        *,
        most: int,
        sort: Sort = "relevance",
        text_of: TextOf,
        forms: bool = True,
        names: bool = True,
    ) -> tuple[int, Iterator[tuple[Found, ...]]]:
        """How many passages match, and the first `most` of them, AT_ONCE at a time, with their marks.

        They are matched once, and read and marked as they are taken: the first are there at once, and however
        many they are, no more than AT_ONCE are held. Raises QueryError as `search` does.
        """
        _, node, slots = self._read(query, forms, names)
        answer = self._engine.find(Asked(node, slots, self._within(filters), sort, 0, most, ()))
        hits = iter(answer.hits)
        parts = iter(lambda: list(islice(hits, AT_ONCE)), [])
        return answer.total, (tuple(_found(part, node, slots, text_of)) for part in parts)

    def _read(self, query: str, forms: bool, names: bool) -> tuple[Node, Node, Slots]:
        """A query as it was typed, as it is asked, and what its terms stand for. Raises QueryError."""
        typed = read(query)
        node = typed if forms else changed(typed, exactly)
        return typed, node, expand(node, self.vocabulary, names)

    def _within(self, filters: Filters) -> Filters:
        return filters if filters == NO_FILTERS else of_people(filters, self.authors)

    def suggest(self, typed: str, limit: int = SUGGESTIONS) -> tuple[str, ...]:
        """What is typed, its last word completed to words of the archive, those of most passages first.

        After a field (`author:Va`) it is completed to values of that field.
        """
        if named := _NAMED.search(typed):
            values = beginning(self._engine.values(named[1].lower()), named[2])
            return tuple(typed[: named.start(2)].rstrip('"') + _quoted(value) for value in values[:limit])
        last = max(WORD.finditer(typed), key=re.Match.end, default=None)
        if last is None or last.end() < len(typed):
            return ()
        known = self.vocabulary
        best = nlargest(limit, known.begin(fold(last.group())), key=known.spread)
        return tuple(typed[: last.start()] + word for word in best)

    def nearest(self, facet: str, value: str) -> tuple[str, ...] | None:
        """Values of a facet like one that no passage has; None if passages have it."""
        known = self._engine.values(facet)
        there = value in known.values or (facet == "author" and value in self.authors.lines)
        return None if there else tuple(nearest(known, value))

    def _notes(self, node: Node, slots: Slots) -> Iterator[str]:
        """Why nothing was found, in plain sentences."""
        empty = [leaf for leaf in _asked(node) if not self._engine.count(leaf, slots)]
        for leaf in empty:
            if not isinstance(leaf, Field):  # of those hints tell, with what there is
                yield f"No passage has {written(leaf)}."
        count = self._engine.count(node, slots)
        if not empty and not count:
            yield "Each part is found, but no passage has all that is asked for."
        if count:
            match_ = "passage matches" if count == 1 else "passages match"
            yield f"{count:,} {match_}, but none within the filters."

    def _instead(self, node: Node, slots: Slots, total: int) -> str | None:
        """The query with a word of the archive for each that it has not, or hardly; None if there is none."""
        if total > HARDLY:
            return None
        mended = changed(node, partial(self._nearest, slots=slots))
        return None if mended == node else written(mended)

    def _also(self, slots: Slots) -> tuple[str, ...]:
        return tuple(word for term in slots for word in spellings(term, self.vocabulary))

    def _nearest(self, term: Term, slots: Slots) -> Term:
        known = self.vocabulary
        if not isinstance(term, Word) or len(term.text) < MIN_FUZZY:
            return term
        here = sum(known.spread(word) for word in slots[term].all_words())
        if here > HARDLY:
            return term
        for edits in (1,) if here else (1, 2):
            near = like(term.text, known, edits)
            best = max(near, key=known.spread, default=term.text)
            if known.spread(best) > OFTENER * here:
                return Word(best, term.exact)
        return term


def _found(some: Iterable[Hit], node: Node, slots: Slots, text_of: TextOf | None) -> Iterator[Found]:
    """Passages, each with the spans that matched."""
    hits = list(some)
    ids = [hit.passage_id for hit in hits]
    texts = text_of(ids) if text_of and ids else {}
    marks = Marks(node, slots)
    for hit in hits:
        text = texts.get(hit.passage_id)
        spans = () if text is None else marks.of(text, hit.facts)
        yield Found(hit.passage_id, hit.work_id, hit.score, spans)


def _asked(node: Node) -> Iterator[Leaf]:
    """The words, phrases and fields that a match must or may have; not those that it must not have."""
    if isinstance(node, And | Or):
        for child in node.nodes:
            yield from _asked(child)
    elif not isinstance(node, Not):
        yield node


def _quoted(value: str) -> str:
    """A value as it is written after its field: in quotation marks, if it has several words."""
    return value if len(words(value)) == 1 and value.isalnum() else '"' + value.replace('"', "") + '"'

"""tantivy behind the port: its own queries do the matching, its fast fields the counting and sorting.

The index holds the words of each passage as they stand, cut and folded here, each with its position. The
forms, spellings and patterns of a query come as lists of words. A passage also has its facts as whole values,
its number within its work, and its year together with its work, by which it is sorted.

tantivy's segments never change, so a renewal links them, has the passages of the works that go deleted and
adds the new ones; tantivy joins segments when they get many.
"""

import os
import re
import shutil
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise, product
from math import prod
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Occur, Query

from indexer.errors import NoIndex
from indexer.fulltext.engines import FACTS, LATE, Answer, Asked, Hit, facts, natural
from indexer.fulltext.expanding import Slot, Slots
from indexer.fulltext.facts import Values, meant, name_of, values, wanted
from indexer.fulltext.marking import stand_near
from indexer.fulltext.query import And, Field, Node, Not, Or, Phrase, Years, leaves
from indexer.fulltext.records import Count, Filters, Record
from indexer.fulltext.vocabulary import Spread, Words
from indexer.fulltext.words import WORD, fold, language_of

WORDS = "words"
HEAP = 256_000_000  # bytes of passages that are gathered before a segment is written: some 100,000 of them
MOST_VALUES = 65_000  # of a fact that are counted, the commonest; tantivy refuses more
MOST_ALIKE = 16  # phrases that stand for one of words of several forms; beyond, patterns are faster
MOST_PHRASES = 500  # that stand for two words near each other; beyond, passages are tried one by one
SPACE = "\ue000"  # stands for the space that a folded ligature may hold, for spaces part words
_SEGMENT = re.compile(r"[0-9a-f]{32}\.")
_LISTS = ("meta.json", ".managed.json")
Some = frozenset[str]  # words one of which stands at a place


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(WORDS, stored=True, tokenizer_name=WORDS, index_option="position")
    for name in FACTS:
        builder.add_text_field(name, stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("dated", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("place", fast=True)
    builder.add_text_field("passage", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


# ---------------------------------------------------------------- writing


def write(folder: Path, records: Iterable[Record], words: Words) -> int:
    """Write a fresh index of `records` into `folder` and count its words."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with _disk():
        index = tantivy.Index(_schema(), path=str(folder))
    _add(index, (), records)
    searcher = index.searcher()
    words.add(_spread(searcher, index.schema, None))
    return searcher.num_docs


def renew(folder: Path, last: Path, gone: Collection[str], records: Iterable[Record], words: Words) -> int:
    """Write into `folder` what the index `last` holds, without the works `gone` and with `records`."""
    if not tantivy.Index.exists(str(last)):
        raise _none(last)
    with _disk():
        searcher, schema = tantivy.Index.open(str(last)).searcher(), _schema()
    words.take_away(_spread(searcher, schema, _among(schema, "work", gone)))
    folder.mkdir(parents=True, exist_ok=True)
    for path in last.iterdir():
        if _SEGMENT.match(path.name):
            _link(path, folder / path.name)
        elif path.name in _LISTS:
            shutil.copy2(path, folder / path.name)
    with _disk():
        index = tantivy.Index.open(str(folder))
    added = _add(index, gone, records)
    renewed = index.searcher()
    fresh = _among(schema, "work", added)
    for work in sorted(added - set(gone)):
        if _total(searcher.search(Query.term_query(schema, "work", work), 1)):
            raise ValueError(f"The work {work} is held already: it must be among those gone.")
    words.add(_spread(renewed, schema, fresh))
    return renewed.num_docs


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError:  # another file system, or one without links
        shutil.copy2(path, target)


def _opened(folder: Path) -> tantivy.Index:
    try:
        return tantivy.Index.open(str(folder))
    except ValueError as error:
        raise _none(folder) from error


def _none(folder: Path) -> NoIndex:
    return NoIndex(f"There is no search index in {folder}: run `loccit index`.")


def _add(index: tantivy.Index, gone: Iterable[str], records: Iterable[Record]) -> set[str]:
    """Delete the passages of the works `gone`, add new ones; gives back the works of these."""
    cutter = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(WORDS, cutter)
    with _disk():
        writer = index.writer(HEAP, num_threads=1)
        for work in gone:
            writer.delete_documents_by_term("work", work)
    known: set[str] = set()
    places: Counter[str] = Counter()
    for record in records:
        if record.passage_id in known:
            raise ValueError(f"The passage {record.passage_id} is given twice.")
        known.add(record.passage_id)
        with _disk():
            writer.add_document(_document(record, places[record.work_id]))
        places[record.work_id] += 1
    with _disk():
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
    return set(places)


@contextmanager
def _disk() -> Iterator[None]:
    """Raises as OSError what tantivy says of a disk that fails it: it has one type for all its errors."""
    try:
        yield
    except ValueError as error:
        raise OSError(str(error)) from error


def _document(record: Record, place: int) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text(WORDS, _term("\n".join(map(fold, WORD.findall(record.text)))))
    for name, value in facts(record, language_of(record.language)):
        document.add_text(name, value)
    document.add_text("dated", f"{LATE if record.year is None else record.year} {record.work_id}")
    document.add_unsigned("place", place)
    document.add_text("passage", record.passage_id)
    return document


def _term(words: str) -> str:
    return words.replace(" ", SPACE)


def _spread(searcher: tantivy.Searcher, schema: tantivy.Schema, among: Query | None) -> Spread:
    """By language, in how many passages each word stands, of all passages or of some."""
    spread = {}
    for language, _ in searcher.terms_with_prefix("language", "", among):
        spoken = Query.term_query(schema, "language", language)
        kept = spoken if among is None else Query.boolean_query([(Occur.Must, spoken), (Occur.Must, among)])
        found = searcher.terms_with_prefix(WORDS, "", kept)
        spread[language] = {word.replace(SPACE, " "): passages for word, passages in found}
    return spread


# ---------------------------------------------------------------- searching


class Engine:
    """The open index."""

    def __init__(self, folder: Path) -> None:
        index = _opened(folder)
        self._schema = index.schema
        self._searcher = index.searcher()
        self._values: dict[str, Values] = {}
        self.size = self._searcher.num_docs

    def close(self) -> None:
        """Nothing is to be done: tantivy lets its files go when no search refers to them any more."""

    def values(self, fact: str) -> Values:
        """All values that passages have of a fact."""
        if fact not in self._values:
            every = Query.all_query()  # without it, values of deleted passages would be among them
            self._values[fact] = values(v for v, _ in self._searcher.terms_with_prefix(fact, "", every))
        return self._values[fact]

    def count(self, node: Node, slots: Slots) -> int:
        """How many passages a query, or a part of one, matches."""
        return _total(self._searcher.search(self._query(node, slots), 1))

    def find(self, asked: Asked) -> Answer:
        """What a query finds."""
        query = self._within(self._query(asked.node, asked.slots), asked.filters)
        scored = any(not isinstance(leaf, Field | Years) for leaf in leaves(asked.node))
        if asked.sort == "relevance" and scored:
            found = self._searcher.search(query, asked.wanted, offset=asked.first)
            total, hits = _total(found), found.hits
        else:
            total, hits = self._sorted(query, "dated" if asked.sort == "date" else "work", asked)
        return Answer(total, (self._hit(*hit) for hit in hits), self._counts(query, asked.facets))

    def _hit(self, score: float, address: tantivy.DocAddress) -> Hit:
        document = self._searcher.doc(address)
        passage, work = document.get_first("passage"), document.get_first("work")
        return Hit(str(passage), str(work), score, document.get_all)

    def _counts(self, query: Query, names: Sequence[str]) -> Mapping[str, tuple[Count, ...]]:
        buckets = self._buckets(query, names) if names else {}
        return {
            name: tuple(
                Count(value, passages)
                for value, passages in sorted(buckets[name], key=lambda bucket: (-bucket[1], bucket[0]))
            )
            for name in names
        }

    def _buckets(self, query: Query, names: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
        """For each of some facts its values and in how many passages found each stands."""
        terms = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in names}
        counted = self._searcher.aggregate(query, terms)
        return {
            name: [(bucket["key"], bucket["doc_count"]) for bucket in counted[name]["buckets"]]
            for name in names
        }

    def _sorted(
        self, query: Query, field: str, asked: Asked
    ) -> tuple[int, list[tuple[float, tantivy.DocAddress]]]:
        """The number of all passages found, and those asked for by work, or by year and work.

        The works are counted first, so that only the passages of those on the page are fetched.
        """
        works = sorted(self._buckets(query, [field])[field], key=lambda bucket: _order(field, bucket[0]))
        total = sum(passages for _, passages in works)
        skipped, hits = 0, []
        for work, passages in works:
            if skipped + passages > asked.first and skipped < asked.first + asked.wanted:
                inside = _all_of([query, Query.term_query(self._schema, field, work)])
                order = tantivy.Order.Asc
                some = self._searcher.search(inside, passages, order_by_field="place", order=order).hits
                hits += some[max(0, asked.first - skipped) : asked.first + asked.wanted - skipped]
            skipped += passages
        return total, [(0.0, address) for _, address in hits]

    # ------------------------------------------------------------ queries

    def _within(self, query: Query, filters: Filters) -> Query:
        kept = [_among(self._schema, name, some) for name, some in wanted(filters).items()]
        if filters.years != (None, None):
            kept.append(self._of_field(Years(*filters.years)))
        without = [(Occur.MustNot, _among(self._schema, name, [value])) for name, value in filters.without]
        if not kept and not without:
            return query
        return Query.boolean_query([(Occur.Must, query), *((Occur.Must, one) for one in kept), *without])

    def _query(self, node: Node, slots: Slots) -> Query:
        if isinstance(node, Not):
            return self._query(And((node,)), slots)
        if isinstance(node, Or):
            return _any_of([self._query(child, slots) for child in node.nodes])
        if isinstance(node, And):
            parts = [
                (Occur.MustNot, self._query(child.node, slots))
                if isinstance(child, Not)
                else (Occur.Must, self._query(child, slots))
                for child in node.nodes
            ]
            return Query.boolean_query([(Occur.Must, _unscored(Query.all_query())), *parts])
        if isinstance(node, Field | Years):
            return self._of_field(node)
        return self._phrase(node, slots) if isinstance(node, Phrase) else self._word(slots[node])

    def _of_field(self, node: Field | Years) -> Query:
        name = name_of(node)
        known = self.values(name)
        chosen = zip(known.values, meant(node, known), strict=True)
        return _among(self._schema, name, [value for value, is_meant in chosen if is_meant])

    def _spoken(self, query: Query, language: str) -> Query:
        return _all_of([query, _among(self._schema, "language", [language])])

    def _word(self, slot: Slot) -> Query:
        parts = [self._one_of(slot.anywhere)]
        parts += [self._spoken(self._one_of(some), language) for language, some in slot.spoken]
        return _any_of(parts)

    def _one_of(self, words: frozenset[str]) -> Query:
        return _any_of([Query.term_query(self._schema, WORDS, _term(word)) for word in sorted(words)])

    def _phrase(self, phrase: Phrase, slots: Slots) -> Query:
        terms = [(at, slots[term]) for at, term in enumerate(phrase.terms) if term is not None]
        find = self._near if phrase.gap or not phrase.ordered else self._together
        parts = [find([(at, slot.anywhere) for at, slot in terms], phrase)]
        for language in dict.fromkeys(name for _, slot in terms for name, _ in slot.spoken):
            spoken = find([(at, slot.words_in(language)) for at, slot in terms], phrase)
            parts.append(self._spoken(spoken, language))
        return _any_of(parts)

    def _together(self, placed: Sequence[tuple[int, Some]], _: Phrase) -> Query:
        """One of some words at each place."""
        if prod(len(some) for _, some in placed) <= MOST_ALIKE:
            return _any_of(self._each(placed))
        patterns = [(at, "|".join(map(_term, sorted(some)))) for at, some in placed]
        return Query.regex_phrase_query(self._schema, WORDS, list(patterns))

    def _each(self, placed: Sequence[tuple[int, Some]], slop: int = 0) -> list[Query]:
        """A phrase for each choice of words."""
        places = [at for at, _ in placed]
        chosen = product(*(map(_term, sorted(some)) for _, some in placed))
        phrases = (list(zip(places, words, strict=True)) for words in chosen)
        return [Query.phrase_query(self._schema, WORDS, list(phrase), slop) for phrase in phrases]

    def _near(self, placed: Sequence[tuple[int, Some]], phrase: Phrase) -> Query:
        """Some words with up to so many others between.

        Of more than two, tantivy's slop finds too much and too little. They are tried one by one in the
        passages in which each is near enough to the next.
        """
        words = [some for _, some in placed]
        width = phrase.gap if phrase.ordered else phrase.gap + len(words) - 2
        pairs = [self._pair(one, other, width, phrase.ordered) for one, other in pairwise(words)]
        if len(pairs) == 1 and pairs[0] is not None:
            return pairs[0]
        both = _all_of([*map(self._one_of, words), *(pair for pair in pairs if pair is not None)])
        found = self._searcher.search(both, max(self.size, 1)).hits
        documents = (self._searcher.doc(address) for _, address in found)
        fitting = [str(d.get_first("passage")) for d in documents if _stand_near(d, words, phrase)]
        return _all_of([both, _among(self._schema, "passage", fitting)])

    def _pair(self, one: Some, other: Some, gap: int, ordered: bool) -> Query | None:
        """Two words near each other; None if they are so many that it would be too much to ask.

        With a slop tantivy finds two words whose distance differs by no more from the one asked for: so
        all distances up to an odd one are those about their middle.
        """
        orders = [(one, other)] if ordered else [(one, other), (other, one)]
        if len(one) * len(other) * len(orders) > MOST_PHRASES:
            return None
        distances = [(gap // 2 + 1, gap // 2), *([(gap + 1, 0)] if gap % 2 else [])]
        return _any_of(
            [
                phrase
                for first, second in orders
                for distance, slop in distances
                for phrase in self._each([(0, first), (distance, second)], slop)
            ]
        )


def _stand_near(document: tantivy.Document, words: Sequence[Some], phrase: Phrase) -> bool:
    return stand_near(str(document.get_first(WORDS)).split("\n"), words, phrase)


def _order(field: str, value: str) -> tuple[Any, ...]:
    """By what works are sorted, or years and works."""
    if field == "work":
        return natural(value)
    year, work = value.split(" ", 1)
    return int(year), natural(work)


def _total(found: tantivy.SearchResult) -> int:
    return int(found.count)  # type: ignore[attr-defined]  # it is there, only its stub forgot it


def _unscored(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)


def _any_of(queries: Sequence[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _all_of(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def _among(schema: tantivy.Schema, name: str, some: Iterable[str]) -> Query:
    """The passages that have one of some values of a fact, unscored."""
    return _unscored(Query.term_set_query(schema, name, list(some)))

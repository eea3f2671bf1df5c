"""The same passages from both engines, from SQLite's FTS5 and from a plain scan; bounds before any engine."""

import random
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import test_fulltext as plain

from indexer.errors import QueryError
from indexer.fulltext import ENGINES, Fulltext, Record, expanding, marking, write
from indexer.fulltext.query import And, Node, Not, Or, Pattern, Phrase, Word, read, written
from indexer.fulltext.words import PLAIN, UNSEEN, WORD, fold

PREFIXES = ("ant", "bea", "cat", "dog")


def _word(rng: random.Random) -> Word:
    return Word(rng.choice(plain.ALPHABET), exact=True)


def _leaf(rng: random.Random) -> Node:
    kind = rng.randrange(5)
    if kind == 0:
        return Pattern(f"{rng.choice(PREFIXES)}*")
    if kind == 1:
        return Phrase(tuple(_word(rng) for _ in range(rng.randrange(2, 5))))
    if kind == 2:
        apart = [Word(text, exact=True) for text in rng.sample(plain.ALPHABET, rng.randrange(2, 4))]
        return Phrase(tuple(apart), rng.randrange(0, 6), ordered=False)
    return _word(rng)


def _tree(rng: random.Random, depth: int = 0) -> Node:
    if depth == 3 or rng.random() < 0.3:
        return _leaf(rng)
    first, second = _tree(rng, depth + 1), _tree(rng, depth + 1)
    return rng.choice(
        (plain._flat(And, (first, second)), plain._flat(Or, (first, second)), _without(first, second))
    )


def _without(node: Node, other: Node) -> Node:
    return node if isinstance(other, Not) else plain._flat(And, (node, Not(other)))


def fts5(node: Node) -> str:
    """A tree in FTS5's words: it counts what lies between first and last, and NOT stands between two."""
    if isinstance(node, Or):
        return " OR ".join(f"({fts5(child)})" for child in node.nodes)
    if isinstance(node, And):
        having = " AND ".join(f"({fts5(child)})" for child in node.nodes if not isinstance(child, Not))
        without = [child.node for child in node.nodes if isinstance(child, Not)]
        return " NOT ".join([f"({having})", *(f"({fts5(child)})" for child in without)])
    if isinstance(node, Phrase):
        words = [term.text for term in node.terms if isinstance(term, Word)]
        if node.ordered:
            return f'"{" ".join(words)}"'
        return f"NEAR({' '.join(words)}, {node.gap + len(words) - 2})"
    assert isinstance(node, Word | Pattern)
    return node.text


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return plain._archive(random.Random(11))


@pytest.fixture(scope="module")
def base(records: list[Record]) -> Iterator[sqlite3.Connection]:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE passage USING fts5(id UNINDEXED, text)")
    base.executemany("INSERT INTO passage VALUES (?, ?)", [(r.passage_id, r.text) for r in records])
    yield base
    base.close()


@pytest.fixture(scope="module")
def opened(records: list[Record], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Fulltext]:
    folders = {engine: tmp_path_factory.mktemp(engine) for engine in ENGINES}
    for engine, folder in folders.items():
        write(folder, records, engine)
    return {engine: Fulltext(folder) for engine, folder in folders.items()}


def all_of(fulltext: Fulltext, query: str) -> set[str]:
    pages = (fulltext.search(query, page=page, per_page=100, facets=()).hits for page in (1, 2))
    return {hit.passage_id for hits in pages for hit in hits}


def test_both_engines_find_what_fts5_and_a_plain_scan_find(
    records: list[Record], base: sqlite3.Connection, opened: Mapping[str, Fulltext]
) -> None:
    rng = random.Random(12)
    some = 0
    for _ in range(1000):
        tree = _tree(rng)
        query = written(tree)
        assert read(query) == tree
        scanned = {record.passage_id for record in records if plain._scan(tree, record)}
        found = base.execute("SELECT id FROM passage WHERE passage MATCH ?", (f"text : ({fts5(tree)})",))
        assert {row[0] for row in found} == scanned, (query, fts5(tree))
        for engine, fulltext in opened.items():
            assert all_of(fulltext, query) == scanned, (engine, query)
        some += 0 < len(scanned) < len(records)
    assert some > 600


def test_engines_agree_on_all_that_the_language_has(opened: Mapping[str, Fulltext]) -> None:
    """What they say, counts, and order by year and by place; only the scores are an engine's own."""
    rng = random.Random(13)
    for _ in range(300):
        query = written(plain._random_tree(rng))
        for sort in ("date", "place"):
            one, other = (
                fulltext.search(query, sort=sort, per_page=7, page=2)  # type: ignore[arg-type]
                for fulltext in opened.values()
            )
            assert replace(one, hits=()) == replace(other, hits=())
            assert [hit.passage_id for hit in one.hits] == [hit.passage_id for hit in other.hits]


class Untouched:
    """An engine that must not be asked."""

    size = 1

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"{name} was asked of the engine")


BEYOND = [query for query, _, _ in plain.ERRORS]


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_out_of_bounds_reaches_no_engine(
    opened: Mapping[str, Fulltext], engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, [Record("p", "w", " ".join(f"abc{number}" for number in range(2001)))], engine)
    fulltext = Fulltext(tmp_path)
    monkeypatch.setattr(fulltext, "_engine", Untouched())
    monkeypatch.setattr(expanding, "MAX_LOOKUPS", 1)
    for query in (*BEYOND, "abc*", '"abc1 abc*"', "abc1000~2 OR abc2~2 OR abc*", '"abc1 abc2"~3u'):
        with pytest.raises(QueryError):
            fulltext.search(query)


# ---------------------------------------------------------------- marks


def test_the_small_letters_of_a_plain_text_are_its_searched_form() -> None:
    for character in filter(PLAIN.fullmatch, map(chr, range(0x110000))):
        if character.isalnum():
            assert WORD.fullmatch(character), hex(ord(character))
            assert fold(f"a{character}a") == f"a{character.lower()}a", hex(ord(character))
        else:
            assert not WORD.fullmatch(character) and character not in UNSEEN, hex(ord(character))
        assert len(character.lower()) == 1


def test_marks_are_the_same_in_letters_and_in_words(
    records: list[Record], opened: Mapping[str, Fulltext], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = {r.passage_id: r.text.replace(" ", ", ").title() for r in records}
    rng = random.Random(14)
    queries = [written(plain._random_tree(rng)) for _ in range(200)]

    def marked(fulltext: Fulltext) -> list[object]:
        return [
            {
                hit.passage_id: hit.marks
                for hit in fulltext.search(query, per_page=200, text_of=lambda _: held).hits
            }
            for query in queries
        ]

    by_letters = [marked(fulltext) for fulltext in opened.values()]
    assert by_letters[0] == by_letters[1]
    monkeypatch.setattr(marking, "FEW", 0)
    assert marked(opened["whoosh"]) == by_letters[0]

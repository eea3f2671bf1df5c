"""Whatever is typed is answered or refused in words, within bounds counted before an engine is asked."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest
import test_fulltext as plain
from flask import Flask
from flask.testing import FlaskClient
from tortured import Rounds

from indexer.fulltext import Fulltext, Record, expanding, searching, write
from indexer.fulltext.engines.whoosh.reading import Index, Postings
from indexer.fulltext.expanding import MAX_WORDS, Slots
from indexer.fulltext.query import (
    MAX_CLAUSES,
    MAX_DEPTH,
    MAX_LENGTH,
    And,
    Field,
    Fuzzy,
    Node,
    Not,
    Or,
    Pattern,
    Years,
    leaves,
    written,
)
from web import create_app
from web.help import operators

A_ROUND = 50
FEW, ALL = 3, 2000
"""Rounds of so many queries, each asked of the page and of its twin: 100,000 in all."""
SIGNS = "\"\"''()()**??~~::--|&!+^[]{}<>\\/.,;%#$@=_`´“”„«»‘’…—–·\0\t\n\r\x1b\u200b\u202e\ufeff\u0301\u00ad"
ALPHABETS = ("abcdefghij", "äöüßéèçñ", "абвгдеж", "αβγδ", "漢字かな", "אבג", "😀🏴‍☠️", "０１２３", "ﬁﬂ", "İıſ")
WORDS = "ball dropped the of chronometer Lorne not and or NOT AND OR near to".split()  # noqa: SIM905
EXAMPLES = [operator.example for operator in operators()]
FIELDS = "author title speaker kind year quoted cites verdict work collection by a".split()  # noqa: SIM905


@pytest.fixture(scope="module")
def app(sample: Path) -> Flask:
    return create_app(sample)


# ------------------------------------------------------------------------------------ queries


def noise(rng: random.Random) -> str:
    """Letters and signs of any kind."""
    letters = SIGNS + rng.choice(ALPHABETS) + " " * 6
    return "".join(rng.choices(letters, k=rng.choice((1, 3, 10, 40, 200, 600))))


def code_points(rng: random.Random) -> str:
    """Any characters of Unicode, halves of pairs among them."""
    return "".join(chr(rng.randrange(0x110000)) for _ in range(rng.randrange(1, 60)))


def raw_bytes(rng: random.Random) -> str:
    """Bytes that need not be a text at all."""
    return rng.randbytes(rng.randrange(1, 80)).decode("utf-8", "surrogateescape")


def sentence(rng: random.Random, depth: int = 0) -> str:
    """A query by the grammar of the language, and now and then beyond its bounds."""
    if depth > rng.choice((1, 2, 4, 25)) or rng.random() < 0.3:
        return leaf(rng)
    inner = partial(sentence, rng, depth + 1)
    way = rng.randrange(6)
    if way == 0:
        return f"({inner()})"
    if way == 1:
        return f"{rng.choice(('NOT ', '-', '!', 'NOT NOT '))}{inner()}"
    if way == 2:
        return f"{rng.choice(FIELDS)}:{inner()}"
    return rng.choice((" ", " OR ", " AND ", " | ", " & ", " NOT ")).join(
        inner() for _ in range(rng.choice((2, 2, 3, 12)))
    )


def leaf(rng: random.Random) -> str:
    """A word, a pattern or a phrase."""
    word = rng.choice(WORDS) if rng.random() < 0.7 else "".join(rng.choices(rng.choice(ALPHABETS), k=6))
    several = " ".join(rng.choices((*WORDS, "*", "cha*"), k=rng.choice((1, 2, 4, 60))))
    return rng.choice(
        (
            word,
            f"{word[: rng.randrange(6)]}*",
            f"{word}~{rng.choice(('', 1, 2, 3, 99999999999))}",
            f"{word[:2]}?{word[2:]}*",
            f'"{several}"',
            f'"{several}"~{rng.randrange(70)}{rng.choice(("", "u"))}',
            f"{rng.choice(FIELDS)}:{word}",
            f"year:{rng.randrange(3000)}-{rng.choice(('', 5, 1936))}",
        )
    )


def mutated(rng: random.Random) -> str:
    """An example of the help with letters taken out, put in, and parts exchanged."""
    query = rng.choice(EXAMPLES)
    for _ in range(rng.randrange(1, 6)):
        at, to = sorted((rng.randrange(len(query) + 1), rng.randrange(len(query) + 1)))
        query = rng.choice(
            (
                query[:at] + query[to:],
                query[:at] + rng.choice(SIGNS) + query[at:],
                query[:to] + query[at:to] + query[to:],
                query[to:] + query[:to],
                query[:at] + rng.choice(EXAMPLES) + query[to:],
            )
        )
    return query


KINDS: Sequence[Callable[[random.Random], str]] = (noise, code_points, raw_bytes, sentence, mutated, mutated)


def queries(number: int) -> Iterator[bytes]:
    """The queries of a round, as the bytes of an address."""
    rng = random.Random(f"queries {number}")
    for _ in range(A_ROUND):
        query = rng.choice(KINDS)(rng)
        try:
            yield query.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            yield query.encode("utf-8", "surrogatepass")


# ------------------------------------------------------------------------------------ what is read


class Counted:
    """What searches had looked up since `clear`: words that open terms stand for, lists of words read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clear()
        expand, postings = searching.expand, Index.postings

        def counted(node: Node, *arguments: object) -> Slots:
            """Each term's words are counted once for each place of the query at which it stands."""
            assert len(list(leaves(node))) <= MAX_CLAUSES
            slots = expand(node, *arguments)  # type: ignore[arg-type]
            self.opened = max(
                self.opened,
                sum(len(slot.anywhere) for term, slot in slots.items() if isinstance(term, Pattern | Fuzzy)),
            )
            self.asked += sum(len(slots[term].all_words()) or 1 for term in expanding._terms(node))
            return slots

        def read(index: Index, word: str) -> Postings:
            self.lists += 1
            return postings(index, word)

        monkeypatch.setattr(searching, "expand", counted)
        monkeypatch.setattr(Index, "postings", read)

    def clear(self) -> None:
        """Counts from nothing."""
        self.opened = self.asked = self.lists = 0


PASSES = 16
"""A query is asked for once; if it finds nothing, its parts and the whole once more, to say why; and the
halves of a word that stands nowhere are tried as two."""


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    return Counted(monkeypatch)


def test_whatever_is_typed_is_answered_or_refused(app: Flask, counted: Counted, rounds: Rounds) -> None:
    """No error and no endless search, as a page and as JSON; what was read is bounded by what was asked."""
    client, answered = app.test_client(), {200: 0, 400: 0}
    for number in rounds("queries", FEW, ALL):
        for query in queries(number):
            statuses = [asked(client, counted, query, more) for more in ("", "&format=json")]
            assert statuses[0] == statuses[1], query
            answered[statuses[0]] += 1
    assert not sum(answered.values()) or all(answered.values())


def asked(client: FlaskClient, counted: Counted, query: bytes, more: str) -> int:
    counted.clear()
    answer = client.get(f"/search?q={quote_from_bytes(query)}{more}")
    where = (query, answer.status_code)
    assert answer.status_code in (200, 400), where
    assert counted.opened <= MAX_WORDS, where
    assert counted.lists <= PASSES * counted.asked, (where, counted.lists, counted.asked)
    if more:
        record = answer.json
        assert record and ("total" in record or record["error"]), where
    return answer.status_code


@pytest.mark.parametrize(
    "query",
    [
        "a" * (MAX_LENGTH + 1), "(" * (MAX_DEPTH + 1) + "ball" + ")" * (MAX_DEPTH + 1),
        "ball " * (MAX_CLAUSES + 1), "ba*", "b?ll", "bal~2", '"ball wire"~51', '"a ball of lead at noon"~3u',
        "-ball", '"ball', "(ball", "ball OR",
    ],
)  # fmt: skip
def test_what_is_beyond_the_bounds_reads_nothing(app: Flask, counted: Counted, query: str) -> None:
    answer = app.test_client().get("/search", query_string={"q": query})
    assert answer.status_code == 400 and counted.lists == counted.asked == 0
    assert 'class="notice' in answer.text or "instead" in answer.text.lower()


def test_a_list_is_bounded_as_a_whole(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """What of a list would cost too much with the others is named, and can be searched alone."""
    monkeypatch.setattr("web.search.batch.MOST_LOOKUPS", 20)
    lines = ["the of and"] * 30 + ["nosuchword"]
    answers = app.test_client().post("/batch?format=json", data={"queries": "\n".join(lines)}).json["answers"]  # type: ignore[index]
    assert [a["query"] for a in answers] == lines
    refused = [a for a in answers if a["error"]]
    assert refused and not answers[-1]["error"]
    assert all("alone" in a["error"] and a["mended"] == a["query"] for a in refused)


# ------------------------------------------------------------------------------------ what is found


def test_random_queries_find_what_a_scan_of_the_passages_finds(tmp_path: Path, rounds: Rounds) -> None:
    """Fifty queries a round, of every shape; every marked word belongs to the match, and all that do."""
    rng = random.Random("passages")
    records = plain._archive(rng)
    write(tmp_path, records, "whoosh")
    fulltext, held = Fulltext(tmp_path), {record.passage_id: record for record in records}

    def texts(ids: Sequence[str]) -> dict[str, str]:
        return {passage: held[passage].text for passage in ids}

    for number in rounds("scan", 4, 100):
        rng = random.Random(f"scan {number}")
        for _ in range(50):
            tree = plain._random_tree(rng)
            query = written(tree)
            scanned = {record.passage_id for record in records if plain._scan(tree, record)}
            hits = fulltext.search(query, per_page=200, text_of=texts).hits
            assert {hit.passage_id for hit in hits} == scanned, query
            for hit in hits:
                text = held[hit.passage_id].text
                starts = [match.start() for match in re.finditer(r"\w+", text)]
                marked = {n for n, at in enumerate(starts) if any(m.start <= at < m.end for m in hit.marks)}
                assert marked == matched(tree, held[hit.passage_id]), (query, text)


def matched(node: Node, record: Record) -> set[int]:
    """The words of a passage that are why it matches: none of what is under a NOT, or does not match."""
    if isinstance(node, Not) or not plain._scan(node, record):
        return set()
    if isinstance(node, And | Or):
        return set().union(*(matched(child, record) for child in node.nodes))
    return set() if isinstance(node, Field | Years) else plain._marked(node, record.text.split())

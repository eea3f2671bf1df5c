"""Full-text search: the language, what it says back, and the same passages as a plain scan."""

import random
import re
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import permutations
from pathlib import Path

import pytest
import whoosh.index
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.query import Phrase as Phrase_
from whoosh.query import Prefix

from indexer import fulltext as room
from indexer.errors import NoIndex, OtherVersion, QueryError
from indexer.fulltext import ENGINES, Filters, Fulltext, Record, expanding, facts, vocabulary
from indexer.fulltext.engines.whoosh import layout, matching
from indexer.fulltext.nearness import nearness
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
    Phrase,
    Word,
    Years,
    read,
    written,
)
from indexer.fulltext.tokens import prepared, tokens
from indexer.fulltext.words import WORD
from indexer.models import Span
from indexer.names import common_spelling

RECORDS = (
    Record(
        "letter-1",
        "letter",
        "To be or not to be: the committee's question.",
        "A letter",
        "Anna Wren",
        year=1936,
    ),
    Record(
        "letter-2",
        "letter",
        "The dictatorship and the proletariat, he wrote, are workers’ affairs.",
        "A letter",
        "Anna Wren",
        year=1936,
    ),
    Record(
        "trial-1",
        "trial",
        "The dictatorship of the proletariat was what the worker wanted.",
        "The trial",
        "The court",
        year=1937,
        speaker="THE PRESIDENT",
    ),
    Record(
        "trial-2",
        "trial",
        "Class-struggle is struggle; na\u00efve cafe\u0301 talk is not. “No,” said he.",
        "The trial",
        "The court",
        year=1937,
        speaker="WITNESS",
        quoted=True,
    ),
    Record(
        "haus-1", "haus", "Die Häuser der Arbeiter; der Arbeiter fragt.", "Häuser", "Uwe Kern", language="de"
    ),
    Record("dom-1", "dom", "Рабочие ждали. Рабочих было много, ещё больше.", "Дом", language="ru", year=1921),
    Record("essay-1", "essay", "", "Empty", "Nobody", kind="essay", collection="sample"),
    Record(
        "essay-2",
        "essay",
        "We asked what the working class, the workers, would do in committee.",
        "An essay",
        "Anna Wren",
        kind="essay",
        year=1990,
        collection="sample",
        cites=("The court: The trial", "Anna Wren: A letter"),
        verdicts=("verbatim", "altered", "altered"),
    ),
)
TEXTS = {record.passage_id: record.text for record in RECORDS}


def texts(ids: Iterable[str]) -> Mapping[str, str]:
    return {passage: TEXTS[passage] for passage in ids}


ENGINE = [ENGINES[0]]  # the engine that this test writes with


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test that writes an index or reads one is run with every engine, but those that name theirs."""
    named = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if {"found", "tmp_path"} & set(metafunc.fixturenames) and "engine" not in named:
        metafunc.parametrize("engine", ENGINES, indirect=True, scope="module")


@pytest.fixture(autouse=True, scope="module")
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    ENGINE.append(getattr(request, "param", ENGINES[0]))
    yield ENGINE[-1]
    ENGINE.pop()


def write(folder: Path, records: Iterable[Record]) -> int:
    return room.write(folder, records, ENGINE[-1])


OF_WHOOSH = pytest.mark.parametrize("engine", ["whoosh"], indirect=True)
OF_ALL = pytest.mark.parametrize("engine", ENGINES, indirect=True)


@pytest.fixture(scope="module")
def found(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Fulltext:
    folder = tmp_path_factory.mktemp("index")
    assert write(folder, RECORDS) == len(RECORDS)
    return Fulltext(folder)


def ids(fulltext: Fulltext, query: str, **options: object) -> set[str]:
    return {hit.passage_id for hit in fulltext.search(query, **options).hits}  # type: ignore[arg-type]


# ---------------------------------------------------------------- the language

FINDS = [
    ("committee", "letter-1 essay-2"),
    ("COMMITTEES", "letter-1 essay-2"),
    ("worker", "letter-2 trial-1 essay-2"),
    ('"worker"', "trial-1"),
    ('"to be or not to be"', "letter-1"),
    ("“To be, or not to be”", "letter-1"),
    ("„to be or“", "letter-1"),
    ("«not to be»", "letter-1"),
    ('"dictatorship of the proletariat"', "trial-1"),
    ('"dictatorship and the proletariat"', "letter-2"),
    ('"dictatorship * the proletariat"', "letter-2 trial-1"),
    ('"dictatorship of the prole*"', "trial-1"),
    ('"the"', "letter-1 letter-2 trial-1 essay-2"),
    ("committee's", "letter-1 essay-2"),
    ("committee’s", "letter-1 essay-2"),
    ('"committee\'s"', "letter-1"),
    ("“committee’s”", "letter-1"),
    ("workers’", "letter-2 trial-1 essay-2"),
    ("dictatorship AND wrote", "letter-2"),
    ("dictatorship wrote", "letter-2"),
    ("wrote OR committee", "letter-1 letter-2 essay-2"),
    ("dictatorship NOT wrote", "trial-1"),
    ("dictatorship -wrote", "trial-1"),
    ('worker -"dictatorship of"', "letter-2 essay-2"),
    ("(wrote OR wanted) proletariat", "letter-2 trial-1"),
    ("NOT NOT wrote", "letter-2"),
    ("class-struggle", "trial-2"),
    ("struggle-class", ""),
    ("working-class", "essay-2"),
    ("prole*", "letter-2 trial-1"),
    ("pro*iat", "letter-2 trial-1"),
    ("wor?er", "trial-1"),
    ("worke?s", "letter-2 essay-2"),
    ("what?", "trial-1 essay-2"),
    ("wroet~1", "letter-2"),
    ("comittee~", "letter-1 essay-2"),
    ('"dictatorship proletariat"~2', "letter-2 trial-1"),
    ('"dictatorship proletariat"~1', ""),
    ('"proletariat dictatorship"~2', ""),
    ('"proletariat dictatorship"~2u', "letter-2 trial-1"),
    ('"not or"~0u', "letter-1"),
    ("naive", "trial-2"),
    ("naïve", "trial-2"),
    ("café", "trial-2"),
    ('"café"', "trial-2"),
    ('"cafe"', ""),
    ("Haus", "haus-1"),
    ("häusern", "haus-1"),
    ("Arbeitern", "haus-1"),
    ("рабочий", "dom-1"),
    ("еще", "dom-1"),
    ('"рабочих"', "dom-1"),
    ("author:wren", "letter-1 letter-2 essay-2"),
    ("author:anna-wren", "letter-1 letter-2 essay-2"),
    ('author:"anna wren" year:1936', "letter-1 letter-2"),
    ("author: Wren kind:essay", "essay-2"),
    ("author:(kern OR court)", "haus-1 trial-1 trial-2"),
    ("AUTHOR:wre*", "letter-1 letter-2 essay-2"),
    ("title:hauser", "haus-1"),
    ("speaker:witness", "trial-2"),
    ("year:..1936", "letter-1 letter-2 dom-1"),
    ("year:1937..1936 worker", "letter-2 trial-1"),
    ("year:1937-1990 worker", "trial-1 essay-2"),
    ("year:1937..", "trial-1 trial-2 essay-2"),
    ("quoted:yes", "trial-2"),
    ("collection:sample", "essay-1 essay-2"),
    ("work:trial NOT dictatorship", "trial-2"),
    ("language:de", "haus-1"),
    ("cites:wren", "essay-2"),
    ('cites:"the trial" cites:letter', "essay-2"),
    ("verdict:altered verdict:verbatim", "essay-2"),
    ("verdict:spliced", ""),
    ("worker NOT kind:essay", "letter-2 trial-1"),
    ("and", "letter-2"),
    ("– committee —", "letter-1 essay-2"),
    ("committee*", "letter-1 essay-2"),
    ("‘to be or not’", "letter-1"),
    ("'or not to be'", "letter-1"),
    ("‚die Häuser‘", "haus-1"),
    ("'the committee's question' -wrote", "letter-1"),
    ("the workers' question", ""),
    ("'tis struggle", ""),
    ("author:'Anna Wren' kind:essay", "essay-2"),
    ("wrote | wanted", "letter-2 trial-1"),
    ("wrote || wanted", "letter-2 trial-1"),
    ("dictatorship & wrote", "letter-2"),
    ("dictatorship && !wrote", "trial-1"),
    ('"dictatorship proletariat" ~2', "letter-2 trial-1"),
    ('"or not"~u', "letter-1"),
    ('"not or"~u', "letter-1"),
    ('"the worker"~', "trial-1"),
    ("year:1936-37", "letter-1 letter-2 trial-1 trial-2"),
    ("year:1936–7", "letter-1 letter-2 trial-1 trial-2"),
    ("year:1930s", "letter-1 letter-2 trial-1 trial-2"),
    ("year:'1921'", "dom-1"),
    ("language:German", "haus-1"),
    ("language:русский", "dom-1"),
    ("kind:essays committee", "essay-2"),
    ("quoted:true", "trial-2"),
]


@pytest.mark.parametrize(("query", "passages"), FINDS)
def test_a_query_finds(found: Fulltext, query: str, passages: str) -> None:
    assert ids(found, query) == set(passages.split())


MARKS = [
    ("letter-2", "dictatorship worker", ["dictatorship", "workers"]),
    ("trial-1", '"the worker" OR "the dictatorship of"', ["The dictatorship of", "the worker"]),
    ("letter-1", '"to be"', ["To be", "to be"]),
    ("letter-1", '"be not"~3', ["be", "not"]),
    ("trial-1", "dictatorship NOT wrote", ["dictatorship"]),
    ("trial-1", "dictatorship OR (worker AND wrote)", ["dictatorship"]),
    ("trial-2", "café", ["cafe\u0301"]),
    ("trial-2", "strug* author:court", ["struggle", "struggle"]),
    ("trial-2", "class-struggle", ["Class-struggle"]),
    ("haus-1", "arbeiter", ["Arbeiter", "Arbeiter"]),
    ("essay-2", '"the workers" "workers would"', ["the workers, would"]),
    ("trial-1", '"the * of"', ["The dictatorship of"]),
]


@pytest.mark.parametrize(("passage", "query", "marked"), MARKS)
def test_marks_are_what_matched(found: Fulltext, passage: str, query: str, marked: list[str]) -> None:
    hits = found.search(query, text_of=texts).hits
    marks = next(hit.marks for hit in hits if hit.passage_id == passage)
    assert [TEXTS[passage][mark.start : mark.end] for mark in marks] == marked


def test_without_forms_words_are_to_the_letter(found: Fulltext) -> None:
    assert ids(found, "worker", forms=False) == {"trial-1"}


SPELLINGS = [
    ("Varlamov Varlamoff Warlamow", True),
    ("Yershov Ershov Jerschow", True),
    ("Pjerski Pierskii Pyersky Pjerskij", True),
    ("Zubchenko Subtschenko Zoubtchenko", True),
    ("Bokharin Bocharin Bokharine", True),
    ("Netzky Netski Nezky", False),  # a lone z is a German s
    ("below bellow", False),
    ("window widow", False),
]


@pytest.mark.parametrize(("names", "alike"), SPELLINGS)
def test_spellings_of_a_name(names: str, alike: bool) -> None:
    common = {common_spelling(name.lower()) for name in names.split()}
    assert (len(common) == 1 and None not in common) == alike


def test_names_are_found_in_every_spelling(tmp_path: Path) -> None:
    write(
        tmp_path,
        [Record("p", "w", "Varlamoff spoke"), Record("q", "w", "Warlamow, Varlamov."), Record("r", "w", "")],
    )
    fulltext = Fulltext(tmp_path)
    results = fulltext.search(
        "varlamov", text_of=lambda _: {"p": "Varlamoff spoke", "q": "Warlamow, Varlamov."}
    )
    assert {(hit.passage_id, len(hit.marks)) for hit in results.hits} == {("p", 1), ("q", 2)}
    assert results.also == ("varlamoff", "warlamow")
    assert fulltext.search("varlamov", names=False).also == ()
    assert ids(fulltext, "varlamov", names=False) == ids(fulltext, '"Varlamov"') == {"q"}
    assert ids(fulltext, "Varlamow") == {"p", "q"}


# ---------------------------------------------------------------- what it says back

ERRORS = [
    ("", "Type a word", None),
    (" \u00ad ", "Type a word", None),
    ('""', "Type a word", None),
    ("– ?", "Type a word", None),
    ('"to be', "quotation mark", '"to be"'),
    ("“to be", "quotation mark", '"to be"'),
    ("(a OR b", "opened and not closed", "(a OR b)"),
    ("a OR b)", "never opened", "a OR b"),
    ("((a", "opened and not closed", "((a))"),
    ('("a', "quotation mark", '("a")'),
    ("a AND", "after it", "a"),
    ("OR b", "before it", "b"),
    ("a AND OR b", "after it", "a OR b"),
    ("NOT", "NOT wants", None),
    ("NOT a", "takes passages away", "a"),
    ("-a -b", "takes passages away", "a b"),
    ("a OR NOT b", "takes passages away", "a OR b"),
    ("pr*", "at least 3 letters", "pr"),
    ("*ism", "at least 3 letters", "ism"),
    ('"the p*"', "at least 3 letters", '"the p"'),
    ("lenin~3", "At most 2 letters", "lenin~2"),
    ("ab~1", "at least 4 letters", "ab"),
    ('"a b"~51', "At most 50 words", '"a b"~50'),
    ('"a b"~99999999999u', "At most 50 words", '"a b"~50u'),
    ('"a b c d e"~5u', "any order", '"a b c d e"~5'),
    ("year:soon a", "wants a year", "a"),
    ("a year:19365", "wants a year", "a"),
    ("a year:1938-02", "wants a year", "a"),
    ('a b"', "quotation mark", "a b"),
    ("a !b c)", "never opened", "a !b c"),
    ("!a", "takes passages away", "a"),
    ("year:", "wants a word", "year"),
    ("a author:", "wants a word", "a"),
    ("a" * (MAX_LENGTH + 1), "513 letters", "a" * MAX_LENGTH),
    ("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), "parentheses", "a"),
    (" ".join("a" * (MAX_CLAUSES + 1)), "More than 32 words", '"' + " ".join("a" * (MAX_CLAUSES + 1)) + '"'),
]


@pytest.mark.parametrize(("query", "message", "mended"), ERRORS)
def test_a_query_that_cannot_be_read_is_mended(query: str, message: str, mended: str | None) -> None:
    with pytest.raises(QueryError, match=re.escape(message)) as caught:
        read(query)
    assert caught.value.mended == mended
    assert mended is None or read(mended)


READ_AS = [
    ("committee", None),
    ("a b", None),
    ("a AND b", None),
    ("“What is to be done?”", None),
    ("What now?", None),
    ("a -b", None),
    ("a OR b c", "a OR (b AND c)"),
    ("foo:bar", "foo-bar"),
    ("committee's question", "committee AND question"),
    ("don't", None),
    ("author:Wren", None),
    ("author: Wren sailor", "author:wren AND sailor"),
    ("year:1938..1936", "year:1936..1938"),
    ("NOT NOT a", "a"),
    ("a OR -", "a"),
    ("‘to be’", '"to be"'),
    ('"to be "or not" to be"', '"to be" AND or AND not AND "to be"'),
    ('"a b" ~5', '"a b"~5'),
    ('"a b"~u', '"a b"~0u'),
    ("a | b", None),
    ("a && !b", None),
    ("year:1936-1938", None),
    ("year:1936-38", "year:1936..1938"),
    ("year:1930s", "year:1930..1939"),
    ("verdict:not-found", None),
    ("language:German", "language:de"),
]


@pytest.mark.parametrize(("query", "read_as"), READ_AS)
def test_says_how_it_read_what_differs(found: Fulltext, query: str, read_as: str | None) -> None:
    assert found.search(query).read_as == read_as


OPERATORS = 'AND OR NOT ( ) " - ~ ~2 ~1u * ? : author: year: .. “ ” « ’'
OTHERS = 'a "be" not 1936 the wor* w?r \u0301 \0 \ud800 İ ﬁ ½'
PIECES = st.sampled_from(f"{OPERATORS} {OTHERS}".split())


@settings(max_examples=400)
@given(
    st.one_of(
        st.text(max_size=600), st.lists(PIECES, max_size=60).map(" ".join), st.lists(PIECES).map("".join)
    )
)
def test_any_string_is_answered_or_refused_with_a_sentence(found: Fulltext, query: str) -> None:
    try:
        results = found.search(query, text_of=texts)
    except QueryError as error:
        assert str(error)
        if error.mended is not None:
            found.search(error.mended)
    else:
        assert results.total >= len(results.hits)


NAMES = st.sampled_from(("wren", "court", "a", "1936"))
WORDS = st.sampled_from(("to", "be", "not", "worker", "arbeiter", "рабочих", "1936", "and"))
PATTERNS = st.sampled_from(("wor*", "prole*iat", "wor?er")).map(Pattern)
QUOTED = st.one_of(st.builds(Word, WORDS, st.just(True)), PATTERNS)
PHRASES = st.one_of(
    st.builds(Phrase, st.lists(QUOTED, min_size=2, max_size=4).map(tuple)),
    st.builds(Phrase, st.lists(QUOTED, min_size=2, max_size=4).map(tuple), st.integers(1, 9), st.booleans()),
    st.builds(Phrase, st.lists(st.builds(Word, WORDS), min_size=2, max_size=3).map(tuple)),
)
LEAVES = st.one_of(
    st.builds(Word, WORDS, st.booleans()),
    PATTERNS,
    st.builds(Fuzzy, st.just("worker"), st.integers(1, 2)),
    PHRASES,
    st.builds(
        Field,
        st.sampled_from(("author", "title")),
        st.lists(st.builds(Word, NAMES, st.just(True)), min_size=1, max_size=2).map(tuple),
    ),
    st.builds(Years, st.just(1936), st.one_of(st.none(), st.just(1938))),
)


def _flat(kind: type[And] | type[Or], nodes: Sequence[Node]) -> Node:
    inner = [child for node in nodes for child in (node.nodes if isinstance(node, kind) else (node,))]
    return kind(tuple(inner))


TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda nodes: _flat(And, nodes)),
        st.lists(inner, min_size=2, max_size=3).map(lambda nodes: _flat(Or, nodes)),
        st.tuples(LEAVES, inner).map(
            lambda two: _flat(And, (two[0], two[1] if isinstance(two[1], Not) else Not(two[1])))
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=200)
@given(TREES)
def test_what_is_written_reads_as_the_same_tree(tree: Node) -> None:
    assert read(written(tree)) == tree


def test_a_pattern_that_stands_for_too_many_words_is_counted_first(tmp_path: Path) -> None:
    write(tmp_path, [Record("p", "w", " ".join(f"abc{number}" for number in range(2001)))])
    fulltext = Fulltext(tmp_path)
    with pytest.raises(QueryError, match="too many words") as caught:
        fulltext.search('xyz OR "abc* the"')
    assert caught.value.mended == 'xyz OR "abc the"'
    assert fulltext.search("abc1*").total == 1


def test_loose_phrases_of_common_words_are_counted_first(
    found: Fulltext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expanding, "MAX_LOOKUPS", 20)
    assert found.search('"the dictatorship"~1u').total == 2
    with pytest.raises(QueryError, match="too common") as caught:
        found.search('"the dictatorship"~1u AND "the of dictatorship"~3u')
    assert caught.value.mended == '"the of dictatorship"~3'


NOTES = [
    ("committee zebra", ("No passage has zebra.",), None),
    ('"be to"', ('No passage has "be to".',), None),
    ("wrote wanted", ("Each part is found, but no passage has all that is asked for.",), None),
    ("zebra OR unicorn", ("No passage has zebra.", "No passage has unicorn."), None),
    ("dictatorshp wrote", ("No passage has dictatorshp.",), "dictatorship AND wrote"),
    ('"be prolteariat"', ('No passage has "be prolteariat".',), '"be proletariat"'),
]


@pytest.mark.parametrize(("query", "notes", "instead"), NOTES)
def test_when_nothing_is_found_it_says_which_part(
    found: Fulltext, query: str, notes: tuple[str, ...], instead: str | None
) -> None:
    results = found.search(query)
    assert (results.total, results.notes, results.instead) == (0, notes, instead)


HINTS = [
    ("worker", ()),
    ("worker or committee", ("worker OR committee",)),
    ("worker and committee", ("worker AND committee",)),
    ('"worker" or (committee)', ('"worker" OR (committee)',)),
    ("to be or not to be", ()),
    ("or committee", ()),
    ("worker NEAR committee", ('"worker committee"~10u',)),
    ("worker W/5 committee NOT no", ('"worker committee"~5u NOT no',)),
    ("worker near/5 committee", ('"worker committee"~5u',)),
    ("worker near committee", ()),
    ('"worker" NEAR "the committee"', ('"worker the committee"~10u',)),
    ("worker NEAR/5 committee NEAR/7 court", ('"worker committee court"~7u',)),
    ("worker NEAR committee OR court", ('"worker committee"~10u OR court',)),
    ("NEAR(worker, committee court, 5)", ('"worker committee court"~5u',)),
    ("NEAR/3(worker committee)", ('"worker committee"~3u',)),
    ("worker NEAR/1000 committee", ('"worker committee"~50u',)),
    ("work* NEAR committee", ('"work* committee"~10u',)),
    ("by:Wren worker", ("author:Wren worker",)),
    ("auther:Wren", ("author:Wren",)),
    ("nonsense:Wren", ()),
    ("author:Anna Wren", ('author:"anna wren"',)),
    ("author:Anna worker", ()),
    ("title:the trial -worker", ('title:"the trial" -worker',)),
    ("author:smith", ('author:"anna wren"', "author:nobody", 'author:"the court"', 'author:"uwe kern"')),
    ("worker -kind:esay", ("worker AND NOT kind:essay", "worker AND NOT kind:source")),
    ("language:zz", ("language:de", "language:en", "language:ru")),
    ("verdict:wrong", ("verdict:altered", "verdict:verbatim")),
]


@pytest.mark.parametrize(("query", "queries"), HINTS)
def test_offers_what_may_have_been_meant(found: Fulltext, query: str, queries: tuple[str, ...]) -> None:
    hints = found.search(query).hints
    assert [sorted(hint.queries) for hint in hints] == ([sorted(queries)] if queries else [])
    for hint in hints:
        assert hint.sentence and all(written(read(query)) for query in hint.queries)


@pytest.mark.parametrize(
    "query",
    [
        "(worker OR court) NEAR committee", "worker NEAR (committee)", "worker NEAR NOT committee",
        "NEAR worker", "worker NEAR", "kind:essay NEAR committee", "-worker NEAR committee",
        "NEAR(worker)", "NEAR(worker",
        "a NEAR b NEAR c NEAR d NEAR e", "worker NEAR NEAR committee", "worker NEAR kind:essay", "NEAR()",
    ],
)  # fmt: skip
def test_nearness_of_what_cannot_be_near_is_told_without_a_query(found: Fulltext, query: str) -> None:
    """The offer was the query with a quotation mark put in wherever it fell."""
    try:
        near = [
            hint for hint in found.search(query).hints if "NEAR was searched for as a word" in hint.sentence
        ]
    except QueryError as error:
        assert error.mended is not None
    else:
        assert near and not any(hint.queries for hint in near)


SIGNS = [
    "NEAR",
    "near/5",
    "W/99",
    "NEAR(",
    "(",
    ")",
    "worker",
    '"the court"',
    "'a b'",
    "-",
    "kind:",
    "5",
    ",",
    "~3",
]


@given(st.lists(st.sampled_from(SIGNS), max_size=8), st.sampled_from([" ", ""]))
def test_each_offer_of_nearness_can_be_read(signs: list[str], between: str) -> None:
    text = prepared(between.join(signs))
    for hint in nearness(text, tokens(text)):
        assert all(written(read(query)) for query in hint.queries)


def test_two_spellings_of_a_value_are_offered_once(tmp_path: Path) -> None:
    write(tmp_path, [Record(name, name, "words", author=name) for name in ("V.I. Troczky", "V. I. Troczky")])
    [hint] = Fulltext(tmp_path).search("author:trocky").hints
    assert hint.queries == ('author:"v i troczky"',)


def test_of_many_values_the_nearest_are_offered(tmp_path: Path) -> None:
    names = ["Ada Troczky", "B. Marrow", "Carl Varlamov", "D. Peel", "E. Finch", "F. Lark", "G. Wren"]
    names += ["H. Rook", "Ivo Varlamoff and Sons"]
    write(tmp_path, [Record(name, name, "words", author=name) for name in names])
    fulltext = Fulltext(tmp_path)
    assert fulltext.nearest("author", "D. Peel") is None
    assert fulltext.nearest("author", "Warlamow") == ("Carl Varlamov", "Ivo Varlamoff and Sons")
    assert fulltext.nearest("author", "Marow") == ("B. Marrow",)
    assert fulltext.nearest("author", "xq") == ()


def test_words_printed_as_one_and_as_two(tmp_path: Path) -> None:
    texts_ = [
        "a counterstroke",
        "a counter-stroke",
        "a counter stroke",
        "the rapist",
        "therapist",
        "3,000",
        "3000",
    ]
    write(tmp_path, [Record(f"p{number}", "w", text) for number, text in enumerate(texts_)])
    fulltext = Fulltext(tmp_path)
    assert fulltext.search("therapist").hints == ()
    (hint,) = fulltext.search("counterstroke").hints
    assert hint.queries == ("counterstroke OR counter-stroke",)
    assert fulltext.search(hint.queries[0]).total == 3
    assert fulltext.search('"counterstroke"').hints == ()


def test_a_word_that_hardly_stands_may_be_a_slip(tmp_path: Path) -> None:
    write(tmp_path, [Record(f"p{n}", "w", "harbour" if n else "harbuor quay") for n in range(102)])
    fulltext = Fulltext(tmp_path)
    assert (fulltext.search("harbuor").total, fulltext.search("harbuor").instead) == (1, "harbour")
    assert fulltext.search("quay").instead is None


def test_umlauts_are_found_in_two_letters(tmp_path: Path) -> None:
    write(tmp_path, [Record("p", "w", "Müller"), Record("q", "w", "Mueller"), Record("r", "w", "the poet")])
    fulltext = Fulltext(tmp_path)
    assert ids(fulltext, "Mueller") == ids(fulltext, "MÜLLER") == {"p", "q"}
    assert fulltext.search("müller").also == ("mueller",)
    assert ids(fulltext, "müller", names=False) == {"p"}
    assert fulltext.search("poet").also == ()


def test_notes_tell_what_the_filters_hide(found: Fulltext) -> None:
    results = found.search("wrote", Filters(kind=("essay",)))
    assert (results.total, results.notes) == (0, ("1 passage matches, but none within the filters.",))


SUGGESTIONS = [
    ("dicta", ("dictatorship",)),
    ("the Wor", ("the workers", "the worker", "the working")),
    ("zebra", ()),
    ("committee ", ()),
    ("author:wr", ('author:"Anna Wren"',)),
    ('worker AUTHOR:"the c', ('worker AUTHOR:"The court"',)),
    ("kind:e", ("kind:essay",)),
    ("title:h", ("title:Häuser",)),
    ("author:zz", ()),
    ("author:", ()),
    ("year:19", ()),
    ("", ()),
]


NAMES = st.lists(st.sampled_from(["an", "Ann", "anna", "wren", "wr", "court"]), min_size=1, max_size=4)


@given(
    st.lists(NAMES.map(" ".join), max_size=8),
    st.lists(st.sampled_from(["an", "an*", "w*", "wren"]), min_size=1, max_size=3),
)
def test_a_field_means_the_values_with_its_words_side_by_side(had: list[str], asked: list[str]) -> None:
    def fits(wanted: str, word: str) -> bool:
        return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted

    known = facts.values(had)
    terms = tuple(Pattern(text) if text.endswith("*") else Word(text) for text in asked)
    names = [value.lower().split() for value in known.values]
    assert facts.meant(Field("author", terms), known) == [
        any(all(map(fits, asked, name[at:])) for at in range(len(name) - len(asked) + 1)) for name in names
    ]


def test_a_field_looks_at_each_word_once_and_at_no_value_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty-two titles were compared with each word of every title: seconds in a large archive."""
    known = facts.values(f"The harbour of {number}" for number in range(1000))
    looked: list[object] = []
    monkeypatch.setattr(facts, "_stands", lambda terms, name: looked.append(name))
    facts.meant(Field("title", (Word("harbour"), Word("of"), Word("7"))), known)
    assert len(looked) == 1


@pytest.mark.parametrize(("typed", "completed"), SUGGESTIONS)
def test_suggests_words_of_the_archive(found: Fulltext, typed: str, completed: tuple[str, ...]) -> None:
    assert found.suggest(typed) == completed


# ---------------------------------------------------------------- results

FILTERED = [
    (Filters(kind=("essay",)), "essay-2"),
    (Filters(author=("Anna Wren",)), "letter-2 essay-2"),
    (Filters(author=("The court", "Anna Wren"), kind=("source",)), "letter-2 trial-1"),
    (Filters(work=("trial",)), "trial-1"),
    (Filters(collection=("sample",)), "essay-2"),
    (Filters(speaker=("THE PRESIDENT",)), "trial-1"),
    (Filters(years=(None, 1937)), "letter-2 trial-1"),
    (Filters(years=(1937, None)), "trial-1 essay-2"),
    (Filters(without=(("author", "The court"), ("kind", "essay"))), "letter-2"),
    (Filters(quoted=True), ""),
    (Filters(verdict=("altered",)), "essay-2"),
    (Filters(cites=("The court: The trial",), without=(("verdict", "verbatim"),)), ""),
    (Filters(quoted=False, language=("en",)), "letter-2 trial-1 essay-2"),
    (Filters(author=("nobody",)), ""),
]


@pytest.mark.parametrize(("filters", "passages"), FILTERED)
def test_filters(found: Fulltext, filters: Filters, passages: str) -> None:
    assert {hit.passage_id for hit in found.search("worker", filters).hits} == set(passages.split())


def test_facets_count_over_all_that_was_found(found: Fulltext) -> None:
    facets = found.search("worker OR committee", per_page=1).facets
    counts = {name: [(count.value, count.passages) for count in facets[name]] for name in facets}
    assert counts["kind"] == [("source", 3), ("essay", 1)]
    assert counts["author"] == [("Anna Wren", 3), ("The court", 1)]
    assert counts["year"] == [("1936", 2), ("1937", 1), ("1990", 1)]
    assert counts["verdict"] == [("altered", 1), ("verbatim", 1)]
    assert counts["speaker"] == [("THE PRESIDENT", 1)]


def test_an_author_is_one_however_spelt(tmp_path: Path) -> None:
    lines = ("A. Wren", "Anna Wren", "Wren 1936", "Uwe Wren & A. Wren", "Kern", "U. Kern", "Olga Kern")
    write(tmp_path, [Record(line, line, "An owl.", author=line) for line in lines])
    fulltext = Fulltext(tmp_path)
    counts = {count.value: count.passages for count in fulltext.search("owl").facets["author"]}
    one = {"A. Wren", "Anna Wren", "Wren 1936"}
    assert counts == {"Anna Wren": 3, "Uwe Wren & A. Wren": 1, "Kern": 1, "U. Kern": 1, "Olga Kern": 1}
    assert ids(fulltext, "owl", filters=Filters(author=("Anna Wren",))) == one
    assert ids(fulltext, "owl", filters=Filters(author=("A. Wren",))) == one
    assert ids(fulltext, "owl", filters=Filters(without=(("author", "Wren 1936"),))) == set(lines) - one
    assert fulltext.nearest("author", "Anna Wren") is None and fulltext.nearest("author", "Olga Wren")


def test_a_name_in_cyrillic_letters_finds_it_in_latin_ones(tmp_path: Path) -> None:
    write(tmp_path, [Record("r", "w", "Radek and Trotsky"), Record("on", "w", "go on")])
    fulltext = Fulltext(tmp_path)
    assert ids(fulltext, "Радек") == ids(fulltext, "Троцкий") == {"r"}
    assert fulltext.search("Радек").also == ("radek",)
    assert ids(fulltext, "Радек", names=False) == ids(fulltext, "Троцкий", names=False) == set()
    assert ids(fulltext, "он") == set()


def test_sorts_by_date_and_place(found: Fulltext) -> None:
    query = "worker OR arbeiter OR рабочий"
    by_date = [hit.passage_id for hit in found.search(query, sort="date").hits]
    by_place = [hit.passage_id for hit in found.search(query, sort="place").hits]
    assert by_date == ["dom-1", "letter-2", "trial-1", "essay-2", "haus-1"]
    assert by_place == ["dom-1", "essay-2", "haus-1", "letter-2", "trial-1"]


@pytest.mark.parametrize("sort", ["relevance", "date", "place"])
def test_pages_join_without_gap_or_repeat(found: Fulltext, sort: str) -> None:
    query = "the OR to OR is"
    whole = [hit.passage_id for hit in found.search(query, sort=sort).hits]  # type: ignore[arg-type]
    pages = [found.search(query, sort=sort, page=page, per_page=2).hits for page in range(1, 5)]  # type: ignore[arg-type]
    assert [hit.passage_id for hits in pages for hit in hits] == whole
    assert len(whole) == 5


@OF_WHOOSH
def test_a_bare_heading_is_no_better_than_a_sentence_that_says_it(tmp_path: Path) -> None:
    sentence = "Owl " + "word " * 20 + "owl."
    write(tmp_path, [Record("heading", "w", "The owl"), Record("sentence", "w", sentence)])
    assert [hit.passage_id for hit in Fulltext(tmp_path).search("owl").hits] == ["sentence", "heading"]


def test_the_rarer_word_and_the_shorter_passage_come_first(tmp_path: Path) -> None:
    write(
        tmp_path,
        [
            Record("long", "w", "owl word " + "other " * 50),
            Record("short", "w", "owl word"),
            Record("common", "w", "word word"),
        ],
    )
    hits = Fulltext(tmp_path).search("owl OR word").hits
    assert [hit.passage_id for hit in hits] == ["short", "long", "common"]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


# ---------------------------------------------------------------- the traps of the engine


def test_no_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoIndex, match="loccit index"):
        Fulltext(tmp_path / "none")


@OF_WHOOSH
def test_an_index_that_is_just_being_written_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, RECORDS)
    failures = [EOFError(), FileNotFoundError(), KeyError("half a table of contents")]

    def open_dir(*arguments: object, **options: object) -> object:
        if failures:
            raise failures.pop()
        return whoosh.index.open_dir(*arguments, **options)

    monkeypatch.setattr(layout, "PAUSE", 0)
    monkeypatch.setattr(layout, "open_dir", open_dir)
    assert Fulltext(tmp_path).search("committee").total == 2


@OF_WHOOSH
def test_an_index_cut_short_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, RECORDS)
    monkeypatch.setattr(layout, "PAUSE", 0)
    for path in tmp_path.glob("*.toc"):
        path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(NoIndex):
        Fulltext(tmp_path)


def test_an_index_of_another_version_is_named(tmp_path: Path) -> None:
    write(tmp_path, RECORDS)
    path = tmp_path / vocabulary.WORDS_FILE
    path.write_text(path.read_text().replace(f'"layout": {vocabulary.LAYOUT}', '"layout": 0'))
    with pytest.raises(OtherVersion, match="loccit index"):
        Fulltext(tmp_path)
    path.unlink()
    with pytest.raises(NoIndex, match="loccit index"):
        Fulltext(tmp_path)


def test_a_passage_of_more_words_than_two_bytes_count(tmp_path: Path) -> None:
    write(tmp_path, [Record("long", "w", "word " * 70_000 + "the last"), Record("short", "w", "the word")])
    fulltext = Fulltext(tmp_path)
    assert ids(fulltext, '"word the last"') == {"long"}
    assert ids(fulltext, '"the word"') == {"short"}


@OF_WHOOSH
def test_whoosh_itself_reads_the_index(tmp_path: Path) -> None:
    write(tmp_path, RECORDS)
    with whoosh.index.open_dir(str(tmp_path), layout.INDEX_NAME).searcher() as searcher:
        whole = Phrase_("words", ["dictatorship", "of", "the", "proletariat"])
        assert [hit["passage"] for hit in searcher.search(whole)] == ["trial-1"]
        assert {hit["passage"] for hit in searcher.search(Prefix("words", "prole"))} == {
            "letter-2",
            "trial-1",
        }


def test_a_passage_given_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="given twice"):
        write(tmp_path, [RECORDS[0], RECORDS[0]])


def test_a_folder_written_again_holds_what_was_written_last(tmp_path: Path) -> None:
    write(tmp_path, RECORDS)
    write(tmp_path, [Record("new", "w", "a new word")])
    fulltext = Fulltext(tmp_path)
    assert (fulltext.size, ids(fulltext, "word"), ids(fulltext, "committee")) == (1, {"new"}, set())


def test_marks_at_the_end_of_a_very_long_passage(tmp_path: Path) -> None:
    text = "many words " * 4_000 + "the end"
    write(tmp_path, [Record("long", "w", text)])
    (hit,) = Fulltext(tmp_path).search('"the end"', text_of=lambda _: {"long": text}).hits
    assert hit.marks == (Span(len(text) - 7, len(text)),)


@OF_ALL
@settings(max_examples=25)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_whatever_the_text_its_words_are_found_and_marked(texts_: list[str]) -> None:
    held = {f"p{number}": text for number, text in enumerate(texts_)}
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), [Record(passage, "w", text, title=text) for passage, text in held.items()])
        fulltext = Fulltext(Path(folder))
        for passage, text in held.items():
            for printed in WORD.findall(text):
                hits = fulltext.search(f'"{printed}"', text_of=lambda _: held).hits
                marks = next(hit.marks for hit in hits if hit.passage_id == passage)
                assert printed in {text[mark.start : mark.end] for mark in marks}
        fulltext.close()


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    assert write(tmp_path, []) == 0
    results = Fulltext(tmp_path).search('word OR "a phrase" OR wor* OR author:x OR wrod~1 OR "a b"~3u')
    assert (results.total, results.hits) == (0, ())


def test_sixteen_threads_share_one_index(found: Fulltext) -> None:
    queries = [query for query, _ in FINDS]
    alone = [found.search(query, text_of=texts) for query in queries]
    failures: list[str] = []

    def run(seed: int) -> None:
        for number in random.Random(seed).sample(range(len(queries)), len(queries)):
            if found.search(queries[number], text_of=texts) != alone[number]:
                failures.append(queries[number])

    def guarded(seed: int) -> None:
        try:
            run(seed)
        except Exception as error:
            failures.append(repr(error))

    threads = [threading.Thread(target=guarded, args=(seed,)) for seed in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


# ---------------------------------------------------------------- a plain scan as the oracle

ALPHABET = ("ant", "ants", "bears", "beats", "cat", "cats", "doge", "dogs", "the", "of")
YEARS = (1936, 1937, 1938, None)


def _archive(rng: random.Random) -> list[Record]:
    """Passages of few different words, so that every phrase stands somewhere and nowhere."""
    return [
        Record(
            f"p{number}",
            f"w{number % 7}",
            " ".join(rng.choices(ALPHABET, weights=range(len(ALPHABET), 0, -1), k=rng.randrange(12))),
            author=rng.choice(("Ann", "Ben", None)),
            year=rng.choice(YEARS),
        )
        for number in range(120)
    ]


def _random_term(rng: random.Random) -> Word | Pattern:
    if rng.random() < 0.15:
        return Pattern(rng.choice(("ant*", "bea?s", "cat*", "dog*")))
    return Word(rng.choice(ALPHABET), exact=True)


def _random_leaf(rng: random.Random) -> Node:
    kind = rng.randrange(8)
    if kind == 0:
        return Field("author", (Word(rng.choice(("ann", "ben")), exact=True),))
    if kind == 1:
        return Years(1936, rng.choice((1936, 1937, None)))
    if kind in (2, 3):
        return Phrase(tuple(_random_term(rng) for _ in range(rng.randrange(2, 4))))
    if kind == 4:
        return Phrase((_random_term(rng), None, _random_term(rng)))
    if kind == 5:
        terms = tuple(_random_term(rng) for _ in range(rng.randrange(2, 4)))
        return Phrase(terms, rng.randrange(1, 4), ordered=rng.random() < 0.5)
    return Word(rng.choice(ALPHABET)) if kind == 6 else _random_term(rng)


def _random_tree(rng: random.Random, depth: int = 0) -> Node:
    if depth == 3 or rng.random() < 0.3:
        return _random_leaf(rng)
    first, second = _random_tree(rng, depth + 1), _random_tree(rng, depth + 1)
    kind = rng.randrange(3)
    if kind == 0:
        return _flat(Or, (first, second))
    return _flat(And, (first, Not(second) if kind == 1 and not isinstance(second, Not) else second))


def _is(term: Word | Pattern | Fuzzy | None, word: str) -> bool:
    if term is None:
        return True
    if isinstance(term, Pattern):
        return bool(re.fullmatch(term.text.replace("*", ".*").replace("?", "."), word))
    assert isinstance(term, Word)
    return word == term.text if term.exact else word.removesuffix("s") == term.text.removesuffix("s")


def _stands(phrase: Phrase, words: Sequence[str]) -> bool:
    size = len(phrase.terms)
    orders = [phrase.terms] if phrase.ordered else list(permutations(phrase.terms))
    windows = (
        chosen
        for start in range(len(words))
        for chosen in _choices(start, size, size + phrase.gap, len(words))
    )
    return any(
        all(_is(term, words[at]) for term, at in zip(order, chosen, strict=True))
        for chosen in windows
        for order in orders
    )


def _choices(start: int, size: int, width: int, end: int) -> list[tuple[int, ...]]:
    """All ways to choose `size` places from `start` on that lie within `width` words."""
    ways: list[tuple[int, ...]] = [(start,)]
    for _ in range(size - 1):
        ways = [(*way, at) for way in ways for at in range(way[-1] + 1, min(start + width, end))]
    return ways


def _scan(node: Node, record: Record) -> bool:
    words = record.text.split()
    if isinstance(node, Not):
        return not _scan(node.node, record)
    if isinstance(node, And):
        return all(_scan(child, record) for child in node.nodes)
    if isinstance(node, Or):
        return any(_scan(child, record) for child in node.nodes)
    if isinstance(node, Field):
        return node.terms[0].text == (record.author or "").lower()
    if isinstance(node, Years):
        return record.year is not None and node.first <= record.year <= (node.last or 9999)  # type: ignore[operator]
    if isinstance(node, Phrase):
        return _stands(node, words)
    return any(_is(node, word) for word in words)


@pytest.mark.parametrize("few", [matching.FEW, 0])
def test_finds_what_a_plain_scan_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(matching, "FEW", few)
    monkeypatch.setattr(matching, "TABLE", few and matching.TABLE)
    rng = random.Random(5)
    records = _archive(rng)
    write(tmp_path, records)
    fulltext = Fulltext(tmp_path)
    some = 0
    for _ in range(600):
        tree = _random_tree(rng)
        query = written(tree)
        assert read(query) == tree
        expected = {record.passage_id for record in records if _scan(tree, record)}
        pages = (
            fulltext.search(query, per_page=200, facets=()),
            fulltext.search(query, per_page=200, page=2, facets=()),
        )
        assert {hit.passage_id for page in pages for hit in page.hits} == expected, query
        some += 0 < len(expected) < len(records)
    assert some > 350


def _marked(leaf: Node, words: Sequence[str]) -> set[int]:
    """The numbers of the words that a leaf matches, by trying every choice of places."""
    if not isinstance(leaf, Phrase):
        return {at for at, word in enumerate(words) if _is(leaf, word)}  # type: ignore[arg-type]
    marked: set[int] = set()
    for order in [leaf.terms] if leaf.ordered else permutations(leaf.terms):
        for start in range(len(words)):
            for chosen in _choices(start, len(order), len(order) + leaf.gap, len(words)):
                if all(_is(term, words[at]) for term, at in zip(order, chosen, strict=True)):
                    marked.update(chosen)
                    break  # the nearest words from here on are enough
    return marked


def test_marks_are_those_of_a_plain_scan(tmp_path: Path) -> None:
    rng = random.Random(6)
    records = _archive(rng)
    write(tmp_path, records)
    fulltext = Fulltext(tmp_path)
    held = {record.passage_id: record.text for record in records}
    checked = 0
    for _ in range(300):
        leaf = _random_leaf(rng)
        if isinstance(leaf, Field | Years):
            continue
        for hit in fulltext.search(written(leaf), text_of=lambda ids: {i: held[i] for i in ids}).hits:
            text = held[hit.passage_id]
            starts = [match.start() for match in re.finditer(r"\w+", text)]
            covered = {
                at for at, place in enumerate(starts) if any(m.start <= place < m.end for m in hit.marks)
            }
            assert covered == _marked(leaf, text.split()), (written(leaf), text)
            checked += 1
    assert checked > 1000

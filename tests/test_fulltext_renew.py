"""An index renewed again and again finds what one written afresh finds; the last one stays as it was."""

import random
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from itertools import product
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import NoIndex
from indexer.fulltext import ENGINES, Fulltext, Record, Results, renew, write
from indexer.fulltext.searching import FACETS
from indexer.fulltext.vocabulary import load

TEXTS = (
    "the ball was dropped",
    "The balls, the ball's drop",
    "Varlamov spoke of chronometers",
    "Varlamoff und die Häuser der Arbeiter",
    "Warlamow asked; Arbeiter answered",
    "a chronometer, a house, the Arbeitern",
    "",
)
QUERIES = (
    '"the ball"',
    "ball",
    "Arbeiter OR house",
    "varlamov",
    "chrono* NOT language:de",
    '"the ball"~2u OR "spoke * chronometers"',
    "author:ann year:1900..1910",
    "verdict:altered OR quoted:yes",
    "dropt",
    "the NOT work:w2",
)
WORKS = ("w1", "w2", "w10", "w9-3", "w9-20", "x")
RECORDS = st.builds(
    Record,
    st.just(""),
    st.just(""),
    st.sampled_from(TEXTS),
    author=st.sampled_from(("Ann Lee", "Ben", None)),
    year=st.sampled_from((1905, 1911, None)),
    language=st.sampled_from(("en", "de", None)),
    quoted=st.booleans(),
    verdicts=st.sampled_from(((), ("altered",), ("verbatim", "altered"))),
)
CHANGES = st.dictionaries(st.sampled_from(WORKS), st.lists(RECORDS, max_size=3), max_size=3)


def named(work: str, passages: Iterable[Record]) -> list[Record]:
    return [
        replace(record, passage_id=f"{work}.{at}", work_id=work)
        for at, record in enumerate(passages, start=1)
    ]


def said(folder: Path, texts: Mapping[str, str]) -> list[object]:
    """All that an index answers: to each query in each order, to half-typed words; and its vocabulary."""
    fulltext = Fulltext(folder)
    facets = (*FACETS, "title", "cites")
    answers: list[object] = []
    for query, sort in product(QUERIES, ("relevance", "date", "place")):
        results = fulltext.search(query, text_of=lambda _: texts, sort=sort, facets=facets)  # type: ignore[arg-type]
        answers.append(comparable(results, load(folder).engine, sort))
    answers += [fulltext.suggest(typed) for typed in ("the b", "ch", "va")]
    vocabulary = fulltext.vocabulary
    answers += [vocabulary.words, vocabulary.passages, vocabulary.spoken, vocabulary.stems, vocabulary.names]
    fulltext.close()
    return answers


def comparable(results: Results, engine: str, sort: str) -> Results:
    """tantivy scores with the passages that are gone until it joins its segments: the order may differ."""
    if engine == "whoosh" or sort != "relevance":
        return results
    hits = sorted((replace(hit, score=0.0) for hit in results.hits), key=lambda hit: hit.passage_id)
    return replace(results, hits=tuple(hits))


def digests(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=25)
@given(st.dictionaries(st.sampled_from(WORKS), st.lists(RECORDS, max_size=6)), st.lists(CHANGES, max_size=5))
def test_renewing_gives_what_writing_afresh_gives(
    engine: str, first: dict[str, list[Record]], renewals: list[dict[str, list[Record]]]
) -> None:
    held = {work: named(work, passages) for work, passages in first.items()}
    with tempfile.TemporaryDirectory() as made, patch("os.fsync"):
        last = Path(made) / "0"
        write(last, [record for passages in held.values() for record in passages], engine)
        for number, change in enumerate(renewals, start=1):
            fresh = {work: named(work, passages) for work, passages in change.items()}
            held |= fresh
            folder, whole = Path(made) / f"{number}", Path(made) / f"{number}-whole"
            before = digests(last)
            records = [record for passages in held.values() for record in passages]
            count = renew(folder, last, fresh.keys(), [r for passages in fresh.values() for r in passages])
            assert count == write(whole, records, engine) == len(records)
            texts = {record.passage_id: record.text for record in records}
            assert said(folder, texts) == said(whole, texts)
            assert digests(last) == before
            last = folder


def plain(work: str, passages: int, seed: int) -> list[Record]:
    rng = random.Random(seed)
    return [Record(f"{work}.{n}", work, " ".join(rng.choices(TEXTS, k=3))) for n in range(passages)]


def segments(folder: Path) -> int:
    return len(list(folder.glob("*.trm")))


def test_small_renewals_leave_large_segments_alone(tmp_path: Path) -> None:
    held = {f"w{n}": plain(f"w{n}", 10, n) for n in range(40)}
    write(tmp_path / "0", [record for passages in held.values() for record in passages])
    (large,) = (path.name for path in (tmp_path / "0").glob("*.pst"))
    most = 0
    for number in range(1, 31):
        work = f"w{number % 17}"
        held[work] = plain(work, 1, 100 + number)
        renew(tmp_path / f"{number}", tmp_path / f"{number - 1}", [work], held[work])
        assert (tmp_path / f"{number}" / large).stat().st_ino == (tmp_path / "0" / large).stat().st_ino
        most = max(most, segments(tmp_path / f"{number}"))
    assert 2 < most <= 6
    write(tmp_path / "whole", [record for passages in held.values() for record in passages])
    assert said(tmp_path / "30", {}) == said(tmp_path / "whole", {})


def test_a_segment_of_which_most_is_gone_is_written_anew(tmp_path: Path) -> None:
    held = {f"w{n}": plain(f"w{n}", 10, n) for n in range(10)}
    write(tmp_path / "0", [record for passages in held.values() for record in passages])
    assert renew(tmp_path / "1", tmp_path / "0", ["w1", "w2", "w3"], []) == 70
    assert renew(tmp_path / "2", tmp_path / "1", ["w4", "w5", "w6"], []) == 40
    (one,), (two,) = (list((tmp_path / name).glob("*.pst")) for name in ("1", "2"))
    assert two.name != one.name and two.stat().st_size < one.stat().st_size
    assert renew(tmp_path / "3", tmp_path / "2", held, []) == 0
    assert Fulltext(tmp_path / "3").search("ball").total == 0
    assert renew(tmp_path / "4", tmp_path / "3", [], held["w1"]) == 10


def test_a_very_long_passage_comes_into_an_index_of_short_ones(tmp_path: Path) -> None:
    write(tmp_path / "0", plain("w1", 10, 1))
    renew(tmp_path / "1", tmp_path / "0", [], [Record("long", "w2", "word " * 70_000 + "the ball")])
    renew(tmp_path / "2", tmp_path / "1", [], [Record("short", "w3", "word the ball")])
    found = Fulltext(tmp_path / "2").search('"word the ball"').hits
    assert {hit.passage_id for hit in found} == {"long", "short"}
    assert Fulltext(tmp_path / "2").search("work:w1").total == 10


@pytest.mark.parametrize("engine", ENGINES)
def test_a_work_that_is_held_must_go_before_it_comes(engine: str, tmp_path: Path) -> None:
    write(tmp_path / "0", plain("w1", 2, 1), engine)
    with pytest.raises(ValueError, match="w1 is held already"):
        renew(tmp_path / "1", tmp_path / "0", [], [Record("new", "w1", "new")])
    with pytest.raises(ValueError, match="given twice"):
        renew(tmp_path / "2", tmp_path / "0", ["w1"], [Record("a", "w1", "new"), Record("a", "w1", "new")])
    with pytest.raises(NoIndex):
        renew(tmp_path / "3", tmp_path / "none", [], [])


def test_a_disk_that_fails_while_the_last_index_is_opened_is_called_that(tmp_path: Path) -> None:
    """It was said that there is no index, and to run the command that said so."""
    pytest.importorskip("tantivy")
    write(tmp_path / "one", plain("w", 2, 1), "tantivy")
    failing = patch("tantivy.Index.open", side_effect=ValueError("Permission denied"))
    with failing, pytest.raises(OSError, match="Permission denied"):
        renew(tmp_path / "two", tmp_path / "one", {"w"}, plain("v", 2, 2))

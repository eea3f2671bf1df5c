"""Search beside SQLite's FTS5, with both engines: building, and each kind of query, on the same passages.

    python bench/search.py [--sources DIR] [--passages N] [--plain N]

Passages are cut from the pages of a folder by the project's own extraction. Every figure is a median of
several runs, in time of the processor; what counts is the ratio within a run. `--plain N` also builds the
first N passages with a straightforward Whoosh writer (two fields, exact and stemmed), and with ours.

What made it fast, as measured on 63,000 passages:

- Whoosh: whole lists as arrays instead of postings one by one; one field of words, whose forms are looked up
  in the list of all words, so that phrases of stop words need no field of their own.
- Both: marks looked for in the letters of a passage; only loose phrases cut it into words. Ten passages with
  a rare word: 0.54 to 0.09 ms.
- Whoosh: scores and counts of the passages found, not of all. With the marks, a rare word: 1.9 to 0.5 ms.
- Whoosh: nearness joins the places found instead of marking them among all places of the archive.
- Both: a form that counts in every language in which it stands is asked for without the language.
- tantivy: two words near each other are two phrases with a slop about the middle distance, not one for each
  distance: 3.2 to 1.4 ms with snippets. Whether boolean queries are nested or flat made no difference.
- tantivy: the words of works that go come from its own dictionary, filtered, in 0.03 s: no lists are kept.
"""

import argparse
import resource
import shutil
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from whoosh.analysis import SimpleAnalyzer, StemmingAnalyzer
from whoosh.fields import ID, TEXT, Schema
from whoosh.index import create_in

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from indexer.errors import LoccitError  # noqa: E402
from indexer.extract import extract  # noqa: E402
from indexer.fulltext import ENGINES, Fulltext, Record, renew, write  # noqa: E402
from indexer.models import Work  # noqa: E402
from indexer.segment import segment  # noqa: E402

RUNS = 15
THREADS = 16
SOURCES = ROOT.parent / "shared" / "archive" / "sources"

# Kind, our query, the FTS5 query, and whether words are matched in all their forms (FTS5: the Porter table).
QUERIES = (
    ("rare word", '"thermidor"', "thermidor", False),
    ("word, its forms", "workers", "workers", True),
    ("commonest word", '"the"', "the", False),
    ("two words", "workers party", "workers party", True),
    ("either of two", "workers OR peasants", "workers OR peasants", True),
    ("one without other", "workers NOT party", "workers NOT party", True),
    ("phrase", '"dictatorship of the proletariat"', '"dictatorship of the proletariat"', False),
    ("stop words", '"to be or not to be"', '"to be or not to be"', False),
    ("two stop words", '"of the"', '"of the"', False),
    ("prefix", "proletar*", "proletar*", False),
    ("wide prefix", "con*", "con*", False),
    ("phrase, open end", '"dictatorship of the prol*"', '"dictatorship of the prol" *', False),
    ("near, any order", '"soviet congress"~8u', "NEAR(soviet congress, 8)", False),
)


def page_records(path: Path, root: Path) -> list[Record]:
    """The passages of one page; none if it cannot be read."""
    name = str(path.relative_to(root))
    work = Work(id=name, collection="bench", kind="source", title=name, file=name)
    try:
        document = extract(work, path.read_bytes())
    except LoccitError:
        return []
    work = document.work
    return [
        Record(p.id, name, document.text[p.span.start : p.span.end], work.title, work.author, year=work.year)
        for p in segment(document)
    ]


def records(root: Path, wanted: int) -> list[Record]:
    """Passages of the pages under `root`; for more than they give, they are repeated under other ids."""
    paths = [path for path in sorted(root.rglob("*")) if path.suffix in (".htm", ".html", ".txt")]
    with Pool(2) as pool:
        lists = pool.starmap(page_records, [(path, root) for path in paths], chunksize=16)
    made = [record for records_ in lists for record in records_]
    print(f"{len(paths):,} pages give {len(made):,} passages")
    return made if wanted == 0 else list(_repeated(made, wanted))


def _repeated(made: Sequence[Record], wanted: int) -> Iterator[Record]:
    for number in range(wanted):
        turn, at = divmod(number, len(made))
        record = made[at]
        yield Record(
            f"{record.passage_id}+{turn}",
            f"{record.work_id}+{turn}",
            record.text,
            record.title,
            record.author,
        )


def timed(job: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds of a job."""
    wall, cpu = time.perf_counter(), time.process_time()
    job()
    return time.perf_counter() - wall, time.process_time() - cpu


def median(job: Callable[[], object]) -> float:
    """The median of some runs after one that does not count, in milliseconds of the processor."""
    job()
    return 1000 * statistics.median(timed(job)[1] for _ in range(RUNS))


def build_fts5(path: Path, made: Iterable[Record]) -> None:
    """Two FTS5 tables over the same texts: words as they stand, and stemmed."""
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE passage (id INTEGER PRIMARY KEY, name TEXT, author TEXT, text TEXT)")
    rows = ((n, r.passage_id, r.author, r.text) for n, r in enumerate(made))
    base.executemany("INSERT INTO passage VALUES (?, ?, ?, ?)", rows)
    for table, tokenizer in (("exact", "unicode61 remove_diacritics 0"), ("stemmed", "porter unicode61")):
        base.execute(
            f"CREATE VIRTUAL TABLE {table}"
            f" USING fts5(text, content=passage, content_rowid=id, tokenize='{tokenizer}')"
        )
        base.execute(f"INSERT INTO {table} (rowid, text) SELECT id, text FROM passage")
    base.commit()
    base.close()


def build_plain(folder: Path, made: Iterable[Record]) -> None:
    """Whoosh as its manual shows it: a document each, an exact and a stemmed field."""
    schema = Schema(
        id=ID(stored=True), exact=TEXT(SimpleAnalyzer()), stemmed=TEXT(StemmingAnalyzer()), author=ID
    )
    writer = create_in(str(folder), schema).writer()
    for record in made:
        writer.add_document(
            id=record.passage_id, exact=record.text, stemmed=record.text, author=record.author or "unknown"
        )
    writer.commit()


def ask_fts5(base: sqlite3.Connection, table: str, query: str) -> int:
    """What our search page does: the number found, counts by author, the ten best with their marks."""
    counts = base.execute(
        f"SELECT author, count(*) FROM passage WHERE id IN (SELECT rowid FROM {table} WHERE {table} MATCH ?)"
        " GROUP BY author",
        (query,),
    ).fetchall()
    base.execute(
        f"SELECT rowid, highlight({table}, 0, '[', ']') FROM {table}"
        f" WHERE {table} MATCH ? ORDER BY rank LIMIT 10",
        (query,),
    ).fetchall()
    return sum(count for _, count in counts)


def compare_builds(folder: Path, made: Sequence[Record], plain: int) -> None:
    """Print what building costs, ours and FTS5's, and on the first `plain` passages Whoosh's own way."""
    words = sum(len(record.text.split()) for record in made)
    print(f"{len(made):,} passages, {words:,} words")
    theirs = timed(lambda: build_fts5(folder / "fts5.sqlite3", made))[1]
    print(f"build: FTS5 {theirs:.1f} s of processor, {megabytes(folder / 'fts5.sqlite3')}")
    for engine in ENGINES:
        wall, cpu = timed(partial(write, folder / engine, made, engine))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"build: {engine} {cpu:.1f} s of processor ({wall:.1f} in all), {cpu / theirs:.2f} times FTS5,"
            f" {megabytes(folder / engine)}, peak memory {peak:.0f} MB"
        )
        one = [record for record in made if record.work_id == made[len(made) // 2].work_id]
        cpu = timed(partial(renew, folder / "renewed", folder / engine, {one[0].work_id}, one))[1]
        print(f"renewing one work of {len(one)} passages: {cpu:.2f} s of processor")
        shutil.rmtree(folder / "renewed")
    if plain:
        (folder / "plain").mkdir()
        few = timed(partial(write, folder / "few", made[:plain]))[1]
        straight = timed(partial(build_plain, folder / "plain", made[:plain]))[1]
        print(
            f"first {plain:,}: ours {few:.1f}, Whoosh's own writer {straight:.1f}: {straight / few:.1f} times"
        )


def megabytes(path: Path) -> str:
    """How large a file or a folder of files is."""
    files = path.iterdir() if path.is_dir() else [path]
    return f"{sum(file.stat().st_size for file in files) / 1e6:.0f} MB"


def compare_queries(folder: Path, made: Sequence[Record]) -> None:
    """Print each kind of query: total, facets by author, the ten best with marks; and its first time."""
    texts = {record.passage_id: record.text for record in made}
    base = sqlite3.connect(folder / "fts5.sqlite3")

    def text_of(ids: Sequence[str]) -> Mapping[str, str]:
        return {passage: texts[passage] for passage in ids}

    def ask(fulltext: Fulltext, query: str) -> int:
        return fulltext.search(query, per_page=10, text_of=text_of, facets=("author",)).total

    opened = {engine: Fulltext(folder / engine) for engine in ENGINES}
    heads = "".join(f" {engine:>8} {'/FTS5':>6} {'first':>6}" for engine in ENGINES)
    print(f"{'ms':20} {'FTS5':>8}{heads}   found: FTS5, ours")
    for kind, query, other, forms in QUERIES:
        theirs = median(partial(ask_fts5, base, table := "stemmed" if forms else "exact", other))
        row, found = "", {ask_fts5(base, table, other)}
        for engine, fulltext in opened.items():
            cold = 1000 * timed(partial(ask, fresh(folder / engine), query))[0]
            mine = median(partial(ask, fulltext, query))
            row += f" {mine:8.2f} {mine / theirs:6.2f} {cold:6.0f}"
            found.add(ask(fulltext, query))
        print(f"{kind:20} {theirs:8.2f}{row}   {' '.join(f'{number:,}' for number in sorted(found))}")
    for engine, fulltext in opened.items():
        together(engine, partial(ask, fulltext))


def fresh(folder: Path) -> Fulltext:
    """The index newly opened, its list of words read: what the first query of a server meets."""
    fulltext = Fulltext(folder)
    fulltext.suggest("a")
    return fulltext


def together(engine: str, ask: Callable[[str], int]) -> None:
    """Print how long all queries take in sixteen threads at once, and how many fail."""
    failed: list[Exception] = []

    def run() -> None:
        try:
            for _, query, _, _ in QUERIES:
                ask(query)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    wall = timed(lambda: [[t.start() for t in threads], [t.join() for t in threads]])[0]
    each = 1000 * wall / THREADS / len(QUERIES)
    print(f"{engine}, {THREADS} threads at once: {each:.1f} ms a query, {len(failed)} failed")


def main() -> None:
    """Run everything in a temporary folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sources", type=Path, default=SOURCES, help="a folder of pages")
    parser.add_argument(
        "--passages", type=int, default=0, help="how many passages to make of them (0: as cut)"
    )
    parser.add_argument(
        "--plain", type=int, default=5000, help="how many to build Whoosh's own way (0: none)"
    )
    options = parser.parse_args()
    if not options.sources.is_dir():
        sys.exit(f"There is no folder {options.sources}: name one with --sources.")
    folder = Path(tempfile.mkdtemp())
    try:
        made = records(options.sources, options.passages)
        compare_builds(folder, made, options.plain)
        compare_queries(folder, made)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()

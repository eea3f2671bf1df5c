"""Queries and lists crafted to cost much, on a real server, while another client asks a plain query.

    python bench/bombs.py ARCHIVE [--only WORD]

Each bomb is made of the archive's own commonest words. It has to be answered, or refused in words, within
two seconds, and the plain query meanwhile in 300 ms; what takes longer is printed again at the end. A file is
sent while it is being made: it has to begin within the two seconds, and may go on. Two texts of the greatest
length that may be pasted, made of the archive's own sources, have fifteen seconds. A machine that has other
things to do gives larger figures. So those of a plain query alone are printed first, and with each bomb what
the server took of the processor for it, without the plain queries beside it (their median and the longest).
"""

import argparse
import http.client
import itertools
import random
import re
import statistics
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from serving import Served, served  # noqa: E402

from indexer.fulltext import Fulltext  # noqa: E402
from indexer.fulltext.expanding import MAX_WORDS  # noqa: E402
from indexer.store import FULLTEXT, Store, current  # noqa: E402

BOUND = 2.0
MEANWHILE = 0.3
PASTED = 15.0  # seconds for a text of the greatest length
PLAIN = "/search?" + urlencode({"q": "harvest"})
PAUSE = 0.05  # between two plain queries


@dataclass(frozen=True, slots=True)
class Bomb:
    """A request; one with a body is a POST."""

    name: str
    address: str
    body: str | None = None
    bound: float = BOUND

    @property
    def is_file(self) -> bool:
        """Whether the answer is a file, which is sent while it is being made."""
        return self.address.startswith("/search.")


@dataclass(frozen=True, slots=True)
class Words:
    """Of an archive: its words, commonest first, and the beginnings of three letters, most words first."""

    common: Sequence[str]
    beginnings: Sequence[str]
    widest: str


def words_of(archive: Path) -> Words:
    """What bombs are made of."""
    known = Fulltext(current(archive / "index") / FULLTEXT).vocabulary
    common = sorted(known.words, key=known.spread, reverse=True)
    counts: dict[str, int] = {}
    for word in known.words:
        if len(word) >= 3 and word[:3].isalpha():
            counts[word[:3]] = counts.get(word[:3], 0) + 1
    beginnings = sorted(counts, key=lambda beginning: counts[beginning], reverse=True)
    return Words(common, beginnings, next(b for b in beginnings if counts[b] <= MAX_WORDS))


def queries(of: Words) -> Iterator[tuple[str, str]]:
    """Each query with its name."""
    c, b = of.common, of.beginnings
    yield "commonest word", c[0]
    yield "32 commonest, any", " OR ".join(c[:32])
    yield "32 commonest, all", " ".join(c[:32])
    yield "one without 31", f"{c[0]} " + " ".join(f"-{word}" for word in c[1:32])
    yield "NOT 100 times", "NOT " * 100 + f"{c[0]} {c[1]}"
    yield "NOT in 19 parentheses", c[0] + "".join(f" NOT ({word}" for word in c[1:20]) + ")" * 19
    yield "OR in 20 parentheses", "".join(f"({word} OR " for word in c[:20]) + c[20] + ")" * 20
    yield "21 parentheses", "(" * 21 + c[0] + ")" * 21
    yield "phrase of commonest", f'"{" ".join(c[:80])}"'
    yield "phrase of one, 120 times", '"' + " ".join([c[0]] * 120) + '"'
    yield "32 phrases of commonest", " OR ".join(f'"{x} {y}"' for x, y in itertools.pairwise(c[:33]))
    yield "phrase with 100 free places", f'"{c[0]}' + " *" * 100 + f' {c[1]}"'
    yield "widest beginning", f"{of.widest}*"
    yield "32 widest beginnings", " OR ".join(f"{beginning}*" for beginning in b[:32])
    yield "beginnings within bounds", " OR ".join(f"{x}*" for x in _within(of))
    yield "phrase of wide beginnings", f'"{b[0]}* {b[1]}*"'
    yield "near wide beginnings", f'"{b[0]}* {b[1]}*"~50u'
    yield "many stars", f"{b[0]}*a*e*i*o*n*t*s*"
    yield "stars that fit nothing", f"{b[0]}" + "*e*" * 100
    yield "many question marks", " OR ".join(f"{x}{'?' * n}a" for n, x in enumerate(b[:30], 1))
    yield "32 words of two slips", " OR ".join(f"{word}~2" for word in _long(of, 4, 32))
    yield "32 long words of two slips", " OR ".join(f"{word}~2" for word in _long(of, 12, 32))
    yield "short words of two slips", " OR ".join(f"{word}~2" for word in _long(of, 4, 4))
    yield "near, two commonest", f'"{c[0]} {c[1]}"~50'
    yield "near, four in any order", f'"{" ".join(c[:4])}"~50u'
    yield "near, eight in order", f'"{" ".join(c[:8])}"~50'
    yield "near, one word 40 times", '"' + " ".join([c[0]] * 40) + '"~50'
    yield "near, 30 pairs", " OR ".join(f'"{x} {y}"~9u' for x, y in zip(c[40:70], c[70:100], strict=True))
    yield "field of beginnings", " OR ".join(f"author:{x}*" for x in b[:32])
    yield "32 titles", " OR ".join(f'title:"{x}"' for x in c[:32])
    yield "every passage", "kind:essay OR kind:source"
    yield "years, 32 times", " OR ".join(f"year:{year}-" for year in range(1, 33))
    yield "511 letters", "a" * 511
    yield "255 signs", "⁊ " * 255
    yield "5,000 letters", "word " * 1000


def _within(of: Words) -> Iterator[str]:
    """Beginnings that together stand for nearly as many words as are allowed: 20 of some 90 each."""
    return itertools.islice(of.beginnings, 60, 80)


def _long(of: Words, letters: int, number: int) -> list[str]:
    return list(itertools.islice((w for w in of.common if len(w) >= letters and w.isalpha()), number))


def bombs(of: Words) -> Iterator[Bomb]:
    """All of them."""
    asked = dict(queries(of))
    for name, query in asked.items():
        yield Bomb(name, f"/search?{urlencode({'q': query})}")
    heavy = {name: asked[name] for name in ("commonest word", "32 commonest, any", "near, two commonest")}
    for name, query in heavy.items():
        for view in ({"view": "kwic", "by": "left"}, {"view": "chart"}, {"group": "work"}):
            shown = " ".join(view.values())
            yield Bomb(f"{shown}: {name}", f"/search?{urlencode({'q': query} | view)}")
        yield Bomb(f"CSV: {name}", f"/search.csv?{urlencode({'q': query})}")
    every = asked["every passage"]
    yield Bomb(
        "lines of phrases", f"/search?{urlencode({'q': asked['32 phrases of commonest'], 'view': 'kwic'})}"
    )
    yield Bomb("JSON: every passage", f"/search.json?{urlencode({'q': every})}")
    yield Bomb("Markdown: every passage", f"/search.md?{urlencode({'q': every})}")
    yield Bomb("last page by year", f"/search?{urlencode({'q': every, 'sort': 'date', 'page': 10**9})}")
    facets = [(name, str(n)) for name in ("author", "work", "year", "speaker", "cites") for n in range(40)]
    kept = [*facets, *(("without", f"work:{n}") for n in range(40)), ("q", asked["32 commonest, any"])]
    yield Bomb("200 values kept, 40 left out", f"/search?{urlencode(kept)}")
    yield Bomb("values of a facet", f"/search/values?{urlencode({'q': every, 'facet': 'work'})}")
    yield Bomb("matches in a long text", f"/suggest?{urlencode({'q': of.widest})}")
    for name in ("commonest word", "32 commonest, any", "32 phrases of commonest", "near, 30 pairs",
                 "32 long words of two slips", "beginnings within bounds"):  # fmt: skip
        listed = "\n".join([asked[name]] * 200)
        yield Bomb(f"list of 200: {name}", "/batch?format=csv", urlencode({"queries": listed}))
    quoted = "\n".join(" ".join(of.common[n : n + 30]) for n in range(100))
    yield Bomb("list of 100 quotations", "/batch", urlencode({"of": "quotations", "queries": quoted}))
    for name, text in (
        ("1,000 commonest words", " ".join(of.common[:1000])),
        ("one word", f"{of.common[0]} " * 9000),
    ):
        yield Bomb(f"find {name}", "/find", urlencode({"text": text}))


def pasted(records: Store) -> Iterator[Bomb]:
    """Texts of nearly two million bytes to be checked: sources in one line, whose quotation marks fit as they
    may, and paragraphs of sources, 500 of which quote another."""
    rng = random.Random(1)
    works = [work.id for work in records.works(kind="source", held=True)]
    rng.shuffle(works)
    texts = (records.document(work).text for work in works)
    line = " ".join(" ".join(text.split()) for text in _as_far_as(texts, 1_800_000))
    yield Bomb("check one line", "/check", urlencode({"text": _cut(line, 1_800_000)}), PASTED)
    long = (p for work in works for p in records.document(work).text.split("\n\n") if len(p) > 200)
    said = [re.sub('[“”"]', "", p) for p in _as_far_as(long, 1_500_000)]
    quoting = set(rng.sample(range(len(said)), min(500, len(said))))
    prose = (
        f"{p} “{' '.join(said[n - 1].split()[:40])}.”" if n in quoting else p for n, p in enumerate(said)
    )
    yield Bomb(
        "check 500 quotations", "/check", urlencode({"text": _cut("\n\n".join(prose), 1_700_000)}), PASTED
    )


def _as_far_as(texts: Iterator[str], size: int) -> Iterator[str]:
    """Texts until they have so many bytes together."""
    left = size
    for text in texts:
        yield text
        left -= len(text.encode())
        if left < 0:
            return


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode("utf8", "ignore")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: the status, the bytes, and the seconds until the first of them was there, until
    all were, and that the server took of the processor."""

    status: int
    length: int
    begun: float
    whole: float
    processor: float


def ask(server: Served, bomb: Bomb) -> Answer:
    """Sends a request and reads the whole answer."""
    before, start = server.processor, time.perf_counter()
    connection = http.client.HTTPConnection(server.host, server.port, timeout=600)
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if bomb.body else {}
        connection.request("POST" if bomb.body else "GET", bomb.address, bomb.body, headers)
        response = connection.getresponse()
        length = len(response.read(1))
        begun = time.perf_counter() - start
        while some := response.read(1 << 16):
            length += len(some)
    finally:
        connection.close()
    return Answer(response.status, length, begun, time.perf_counter() - start, server.processor - before)


class Meanwhile(threading.Thread):
    """Asks a plain query over and over, and keeps how long each answer took."""

    def __init__(self, server: Served) -> None:
        super().__init__(daemon=True)
        self.server = server
        self.seconds: list[float] = []
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.is_set():
            answer = ask(self.server, Bomb("plain", PLAIN))
            assert answer.status == 200, answer.status
            self.seconds.append(answer.whole)
            self.done.wait(PAUSE)

    def end(self) -> list[float]:
        """How long each plain query took."""
        self.done.set()
        self.join()
        return self.seconds


def thrown(server: Served, bomb: Bomb) -> tuple[Answer, Sequence[float]]:
    """What came of a bomb, and how long the plain queries beside it took."""
    other = Meanwhile(server)
    other.start()
    answer = ask(server, bomb)
    return answer, other.end()


HEADS = f"{'':32} {'answer':>6} {'kB':>7} {'begun s':>8} {'whole s':>8} {'processor':>9} {'beside, ms':>13}"


def show(bomb: Bomb, server: Served, each: float) -> str | None:
    """Throw a bomb and print what came of it; gives that back if it is over. `each` is what a plain query
    takes of the processor."""
    answer, beside = thrown(server, bomb)
    longest, took = max(beside), max(0.0, answer.processor - each * len(beside))
    row = f"{bomb.name:32} {answer.status:6} {answer.length / 1000:7.0f}"
    row += f" {answer.begun:8.2f} {answer.whole:8.2f} {took:9.2f}"
    row += f" {1000 * statistics.median(beside):6.0f} {1000 * longest:6.0f}"
    print(row, flush=True)
    waited = answer.begun if bomb.is_file else answer.whole
    return row if answer.status >= 500 or waited > bomb.bound or longest > MEANWHILE else None


def main() -> None:
    """Print a line a bomb, and what is over."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("archive", type=Path)
    parser.add_argument("--only", default="", help="bombs with this in their name")
    given = parser.parse_args()
    every = itertools.chain(bombs(words_of(given.archive)), pasted(Store(current(given.archive / "index"))))
    wanted = [bomb for bomb in every if given.only in bomb.name]
    with served(given.archive) as server:
        first, *plain = [ask(server, Bomb("plain", PLAIN)) for _ in range(31)]
        each = statistics.mean(answer.processor for answer in plain)
        alone = 1000 * statistics.median(answer.whole for answer in plain)
        print(f"a plain query alone: {alone:.0f} ms, {1000 * each:.0f} of the processor;", end=" ")
        print(f"the first {first.whole:.2f} s")
        print(HEADS)
        over = [row for row in (show(bomb, server, each) for bomb in wanted) if row]
    print(f"over {BOUND} s, or a plain query over {1000 * MEANWHILE:.0f} ms: {len(over)}", *over, sep="\n")


if __name__ == "__main__":
    main()

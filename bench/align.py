#!/usr/bin/env python3
"""Find quotations in sources of growing size: Loccit beside rapidfuzz's partial ratio and difflib.

    python bench/align.py ../shared/archive/sources [--words 300000 1000000 3000000 6000000] [--quotations 24]

SOURCES is a folder of saved pages. Quotations are cut from them (seeded): verbatim, with an omission, with
words replaced. All three search the same folded texts, work by work, and answer with the best place; times
are of the process, in milliseconds a quotation; right is the share whose work holds the quoted words.
Ratios count: the machine may be busy. For difflib and rapidfuzz fewer quotations are tried on large archives.

Measured in November 2026 on two busy cores, milliseconds a quotation (18 quotations; the others fewer from a
million words on), all right in all three:

    words       loccit   rapidfuzz   difflib   seeds
    300,000        1.8          58        23    8 MB
    1,000,000      1.7         166        83   23 MB
    3,000,000      1.5         380       248   67 MB
    6,000,000      2.0         390       300  127 MB

Building took 30 million words a minute and core; the whole process, with the texts of the others, 1.15 GB.
"""

import argparse
import random
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from rapidfuzz import fuzz

from indexer.align import align, prepare
from indexer.errors import UnreadableFile
from indexer.extract import extract
from indexer.models import Document, Quotation, Span, Work
from indexer.normalise import cut, fold

# Other tools get as many quotations as they search in about this many words altogether.
MOST_SEARCHED = 12_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A quotation and the works that hold its words."""

    text: str
    works: frozenset[str]


def documents(folder: Path, most: int) -> list[Document]:
    """The texts of pages, in a shuffled order, up to about `most` words."""
    paths = sorted(folder.rglob("*.htm*"))
    random.Random(1).shuffle(paths)
    found, total = [], 0
    for path in paths:
        name = str(path.relative_to(folder))
        try:
            document = extract(Work(name, "bench", "source", name, file=name), path.read_bytes())
        except UnreadableFile:
            continue
        total += len(document.text.split())
        found.append(document)
        if total >= most:
            break
    return found


def upto(found: Sequence[Document], most: int) -> list[Document]:
    kept, total = [], 0
    for document in found:
        if total >= most:
            break
        kept.append(document)
        total += len(document.text.split())
    return kept


def asked(found: Sequence[Document], count: int) -> list[Asked]:
    """Quotations of 18 to 60 words, a third whole, a third with an omission, a third with words replaced."""
    rng = random.Random(2)
    out: list[Asked] = []
    while len(out) < count:
        document = rng.choice(found)
        paragraph = rng.choice(document.text.split("\n\n")).split()
        if len(paragraph) < 24:
            continue
        size = min(len(paragraph), rng.randint(18, 60))
        start = rng.randrange(len(paragraph) - size + 1)
        words = paragraph[start : start + size]
        if len(out) % 3 == 1:
            words = [*words[:7], "…", *words[12:]]
        elif len(out) % 3 == 2:
            words = ["herring" if i % 10 == 5 else word for i, word in enumerate(words)]
        holding = " ".join(paragraph[start : start + size])
        out.append(Asked(" ".join(words), frozenset(d.work.id for d in found if holding in d.text)))
    return out


def timed(find: Callable[[str], str | None], questions: Sequence[Asked]) -> tuple[float, float]:
    """Milliseconds of the process a quotation, and the share of right works."""
    began = time.process_time()
    right = sum(find(question.text) in question.works for question in questions)
    spent = time.process_time() - began
    return 1000 * spent / len(questions), right / len(questions)


def with_loccit(found: Sequence[Document]) -> tuple[Callable[[str], str | None], str]:
    began = time.process_time()
    seeds = prepare(found)
    spent = time.process_time() - began
    size = sum(array.nbytes for array in seeds.arrays().values())

    def find(text: str) -> str | None:
        place = align(Quotation("q", "e", Span(0, len(text)), "inline", cut(text)), text, seeds)
        return place.place.work_id if place else None

    rate = len(seeds.words) / spent * 60 / 1e6
    return find, f"{rate:.0f} million words a minute to build, {size / 2**20:.0f} MB"


def with_rapidfuzz(found: Sequence[Document]) -> Callable[[str], str | None]:
    texts = [(d.work.id, fold(d.text).text) for d in found]

    def find(text: str) -> str | None:
        folded = fold(text).text
        best, at = 0.0, None
        for work, whole in texts:
            score = fuzz.partial_ratio(folded, whole, score_cutoff=best)
            if score > best:
                best, at = score, work
        return at

    return find


def with_difflib(found: Sequence[Document]) -> Callable[[str], str | None]:
    matchers = [
        (d.work.id, SequenceMatcher(None, [], fold(d.text).text.split(), autojunk=False)) for d in found
    ]

    def find(text: str) -> str | None:
        words = fold(text).text.split()
        best, at = 0, None
        for work, matcher in matchers:
            matcher.set_seq1(words)
            size = matcher.find_longest_match().size
            if size > best:
                best, at = size, work
        return at

    return find


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sources", type=Path)
    parser.add_argument("--words", type=int, nargs="+", default=[300_000, 1_000_000, 3_000_000, 6_000_000])
    parser.add_argument("--quotations", type=int, default=24)
    given = parser.parse_args()
    everything = documents(given.sources, max(given.words))
    for size in given.words:
        found = upto(everything, size)
        questions = asked(found, given.quotations)
        fewer = questions[: max(3, min(len(questions), MOST_SEARCHED // size))]
        ours, note = with_loccit(found)
        rows = [("loccit", timed(ours, questions))]
        rows += [
            ("rapidfuzz", timed(with_rapidfuzz(found), fewer)),
            ("difflib", timed(with_difflib(found), fewer)),
        ]
        base = rows[0][1][0]
        print(f"{size:>9,} words, {len(found)} works: {note}")
        for name, (spent, right) in rows:
            print(
                f"    {name:10} {spent:9.2f} ms a quotation   {spent / base:7.1f} times   right {right:.2f}"
            )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"most memory of the process, texts of the others included: {peak:.0f} MB")


if __name__ == "__main__":
    main()

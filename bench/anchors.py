"""How many bookmarks are found again after an edit, and whether any lands on other words.

    python bench/anchors.py ARCHIVE [--works 250] [--each 20] [--seed 7] [--edit NAME]

Passages of three to 25 words, and whole paragraphs, are kept from sources of an indexed archive; each text
is then edited in one of the ways of tests/edits.py, and the bookmarks are looked for in it. Prints a line an
edit: how many are right, missed though their words stand where they were, found elsewhere though they stand,
found on the same words elsewhere, orphans, on other words (must be 0), and the seconds spent. Last comes the
share that is right of those whose words still stand; it must be 99.5 %.
"""

import argparse
import random
import re
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from edits import EDITS, edited, outcome  # noqa: E402

from indexer.models import Document, Span  # noqa: E402
from indexer.store import Store, current  # noqa: E402
from web.anchoring import anchors  # noqa: E402
from web.reader.bookmarks import Draft, draft  # noqa: E402

FLOOR = 0.995
LENGTHS = (3, 5, 8, 15, 25)
STANDING = ("right", "missed", "elsewhere, though it stands")


def drafts(document: Document, each: int, chance: random.Random) -> list[Draft]:
    """Bookmarks of passages of the document, at random, one in five of a whole paragraph."""
    words = [found.span() for found in re.finditer(r"\S+", document.text)]
    long = [block.span for block in document.blocks if len(block.span) > 80]
    made = []
    for n in range(each):
        if n % 5 == 0 and long:
            made.append(draft(document, chance.choice(long)))
            continue
        length = chance.choice(LENGTHS)
        first = chance.randrange(len(words) - length)
        made.append(draft(document, Span(words[first][0], words[first + length - 1][1])))
    return made


def kept_of(
    archive: Path, works: int, each: int, chance: random.Random
) -> list[tuple[Document, list[Draft]]]:
    """Some documents of the archive, each with its bookmarks."""
    store = Store(current(archive / "index"))
    held = store.works(kind="source", held=True)
    chosen = chance.sample(held, k=min(works, len(held)))
    documents = [d for d in (store.document(work.id) for work in chosen) if len(d.text.split()) > 100]
    return [(document, drafts(document, each, chance)) for document in documents]


def tried(kept: list[tuple[Document, list[Draft]]], name: str) -> tuple[Counter[str], float]:
    """What became of all bookmarks after one edit, and the seconds that finding them took."""
    counted, spent = Counter[str](), 0.0
    for document, of_it in kept:
        spans = [Span(b.start, b.start + len(b.exact)) for b in of_it]
        made = edited(document.text, spans, EDITS[name], random.Random(f"{name} {document.work.id}"))
        begun = time.perf_counter()
        found = anchors(of_it, made.text)
        spent += time.perf_counter() - begun
        counted.update(
            outcome(b.exact, places, span, made.text)
            for b, places, span in zip(of_it, made.places, found, strict=True)
        )
    return counted, spent


def main() -> None:
    """Reads the archive, edits, counts, prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    for name, default in (("works", 250), ("each", 20), ("seed", 7)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--edit", choices=list(EDITS), help="only this one")
    asked = parser.parse_args()
    kept = kept_of(asked.archive, asked.works, asked.each, random.Random(asked.seed))
    print(f"{sum(len(of_it) for _, of_it in kept)} bookmarks of {len(kept)} works, {len(EDITS)} edits")
    total = Counter[str]()
    for name in [asked.edit] if asked.edit else EDITS:
        counted, spent = tried(kept, name)
        total += counted
        print(f"{name:30} {dict(counted)} {spent:.2f} s", flush=True)
    share = total["right"] / sum(total[state] for state in STANDING)
    print(f"{dict(total)}\n{share:.4%} right of those whose words still stand")
    if total["OTHER WORDS"] or share < FLOOR:
        sys.exit(1)


if __name__ == "__main__":
    main()

"""How many bookmarks are found again after an edit, and whether any lands on other words.

    python bench/anchors.py ARCHIVE [--works 25] [--each 8] [--seed 7]

Passages of three to 25 words are kept from sources of an indexed archive; each text is then edited in
one way, and the bookmarks are looked for in it. Prints a line an edit: how many are right (the same
words with the same context), on the same words elsewhere, on other words (must be 0), orphans though
the words still stand, orphans whose words are gone, and the seconds spent.
"""

import argparse
import random
import re
import string
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from indexer.models import Document, Span
from indexer.store import Store, current
from web.anchoring import Folded, anchors
from web.reader import bookmarks

# Letters in a thousand that a bad scan gets wrong.
NOISE = 0.002


def with_typos(text: str) -> str:
    """The text with some letters replaced by others."""
    letters = list(text)
    for at, letter in enumerate(letters):
        if letter.isalpha() and random.random() < NOISE:
            letters[at] = random.choice(string.ascii_lowercase)
    return "".join(letters)


EDITS: dict[str, Callable[[str], str]] = {
    "none": lambda text: text,
    "a long heading before": lambda text: "A new heading here.\n\n" * 30 + text,
    "paragraphs joined": lambda text: text.replace("\n\n", " "),
    "paragraphs split": lambda text: re.sub(r"\. ", ".\n\n", text),
    "wrapped": lambda text: re.sub(r"((?:\S+ ){9}\S+) ", r"\1\n", text),
    "other quotation marks": lambda text: text.translate(str.maketrans("“”‘’", "\"\"''")),
    "notes added": lambda text: re.sub(r"(\w{6,})\. ", r"\1.[7] ", text),
    "capitals": str.upper,
    "typos": with_typos,
    "the first third cut": lambda text: text[len(text) // 3 :],
    "the text twice": lambda text: f"{text}\n\n{text}",
}


def drafts(document: Document, each: int) -> list[bookmarks.Draft]:
    """Bookmarks of passages of the document, at random."""
    words = [found.span() for found in re.finditer(r"\S+", document.text)]
    made = []
    for _ in range(each):
        length = random.choice([3, 5, 8, 15, 25])
        first = random.randrange(len(words) - length)
        made.append(bookmarks.draft(document, Span(words[first][0], words[first + length - 1][1])))
    return made


def outcome(kept: bookmarks.Draft, text: str, folded: str, found: Span | None) -> str:
    """What became of a bookmark in the edited text."""
    exact = Folded.of(kept.exact).forms
    if found is None:
        return "orphan, words stand" if f" {' '.join(exact)} " in folded else "orphan, words gone"
    if Folded.of(text[found.start : found.end]).forms != exact:
        return "OTHER WORDS"
    before = Folded.of(kept.prefix).forms[-3:]
    now = Folded.of(text[max(0, found.start - 2 * len(kept.prefix)) : found.start]).forms
    return "right" if not before or now[-len(before) :] == before else "same words, other context"


def main() -> None:
    """Reads the archive, edits, counts, prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    for name, default in (("works", 25), ("each", 8), ("seed", 7)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    random.seed(asked.seed)
    store = Store(current(asked.archive / "index"))
    works = random.sample(store.works(kind="source", held=True), k=asked.works)
    documents = [d for d in (store.document(work.id) for work in works) if len(d.text.split()) > 100]
    kept = [(document, drafts(document, asked.each)) for document in documents]
    for name, edit in EDITS.items():
        counted: Counter[str] = Counter()
        spent = 0.0
        for document, of_it in kept:
            text = edit(document.text)
            begun = time.perf_counter()
            found = anchors(of_it, text)
            spent += time.perf_counter() - begun
            folded = Folded.of(text).joined
            counted.update(outcome(b, text, folded, span) for b, span in zip(of_it, found, strict=True))
        print(f"{name:24} {dict(counted)} {spent:.2f} s")


if __name__ == "__main__":
    main()

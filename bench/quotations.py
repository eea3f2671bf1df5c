"""The time to find quotations in pages of nothing but quotation marks, at 1, 2, 4 and 8 times a size.

    python bench/quotations.py [MEGABYTES]

Prints one line a shape of page: seconds at the smallest size, and how many times as long the
larger ones take. In proportion to the length means 2, 4, 8; a square would mean 4, 16, 64.
MEGABYTES is the largest size, 5 unless told.
"""

import random
import sys
import time
from collections.abc import Callable

from indexer.models import Document, Work
from indexer.quotations import quotations

WORK = Work("bench", "bench", "essay", "Bench")
TIMES = (1, 2, 4, 8)
MEGABYTE = 1_000_000


def _drawn(letters: str) -> Callable[[int], str]:
    return lambda size: "".join(random.Random(size).choices(letters, k=size))


SHAPES: dict[str, Callable[[int], str]] = {
    "opening": lambda size: "“" * size,
    "closing": lambda size: "”" * size,
    "straight": lambda size: '"' * size,
    "single": lambda size: "‘a’ " * (size // 4),
    "opening, a line each": lambda size: "“\n\n" * (size // 3),
    "opened, a word, a line each": lambda size: "“word\n\n" * (size // 7),
    "closed, a word, a line each": lambda size: "word”\n\n" * (size // 7),
    "pairs, a line each": lambda size: "“word”\n\n" * (size // 8),
    "with parentheses": lambda size: "“a” (b\n\n" * (size // 9),
    "with brackets": lambda size: "“a” [“b\n" * (size // 8),
    "speakers": lambda size: "NAME: “a\n\n" * (size // 10),
    "one line of pairs": lambda size: "“a b c d e f g” (X, p. 1) " * (size // 25),
    "one line, no citations": lambda size: "said “a b c d e f g” so " * (size // 23),
    "one line, marks missing": lambda size: "“a b c d e f g “h” (X, p. 1) " * (size // 29),
    "one line, inner marks missing": lambda size: "so “a b c d e f g “h” (X, p. 1) " * (size // 32),
    "one line, closers missing": lambda size: "he said: “a b c d e f g (X, p. 1) " * (size // 34),
    "one line, openers missing": lambda size: "he said: a b c d e f g” (X, p. 1) " * (size // 34),
    "one block, openers missing": lambda size: "a b c d e f g”\n" * (size // 15),
    "one block, closers missing": lambda size: "“a b c d e f g\n" * (size // 15),
    "one line of parentheses": lambda size: "“a b” ((((" * (size // 10),
    "marks and spaces": _drawn("“”\"'‘’„ \n"),
    "all kinds": _drawn("“”\"'‘’„«»()[]:—–…. \nabcABC12"),
}


def seconds(text: str) -> float:
    """Processor seconds to find the quotations of the text."""
    document = Document(WORK, text)
    start = time.process_time()
    quotations(document)
    return time.process_time() - start


def main() -> None:
    """Print the ratios of every shape."""
    largest = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    smallest = int(largest * MEGABYTE / TIMES[-1])
    print(f"{'shape':30} {'size':>9} {'seconds':>8}   ratios at {TIMES[1:]}")
    for name, make in SHAPES.items():
        took = [seconds(make(smallest * times)) for times in TIMES]
        ratios = "  ".join(f"{one / max(took[0], 1e-6):5.2f}" for one in took[1:])
        print(f"{name:30} {smallest:9} {took[0]:8.2f}   {ratios}", flush=True)


if __name__ == "__main__":
    main()

"""The strip along a document: where in its length it is quoted, matched, bookmarked; as numbers for drawing.

The strip is a picture of what the page also says in words and links, and repeats nothing that is not there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.models import Span
from web.read.sheets import Sheet

# The strip's length, and how many equal stretches of the document it tells apart.
LONG = 1000
STRETCHES = 100
# A lane's height, and that of the lowest bar: one place has to be seen.
HIGH = 20
LOWEST = 6


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of the document with `count` places, the first of them in block `number`."""

    x: float
    height: float
    count: int
    number: int


@dataclass(frozen=True, slots=True)
class Lane:
    """Bars of one kind (quoted, quotation, hit, kept), and the number of all places."""

    kind: str
    bars: tuple[Bar, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Strip:
    """Lanes under each other, and where the part that is shown lies: x and width, None if it is the whole."""

    lanes: tuple[Lane, ...]
    here: tuple[float, float] | None


def strip(whole: Sheet, part: int, places: Mapping[str, Sequence[Span]]) -> Strip | None:
    """The strip of a document with these places by their kind; None where there are none."""
    length = len(whole.document.text)
    lanes = tuple(_lane(whole, kind, spans, length) for kind, spans in places.items() if spans)
    return Strip(lanes, _here(whole, part, length)) if lanes and length else None


def _lane(whole: Sheet, kind: str, spans: Sequence[Span], length: int) -> Lane:
    counts: dict[int, list[int]] = {}
    for span in sorted(spans):
        stretch = min(span.start * STRETCHES // (length or 1), STRETCHES - 1)
        counts.setdefault(stretch, []).append(span.start)
    most = max(map(len, counts.values()))
    bars = (
        Bar(
            stretch * LONG / STRETCHES,
            LOWEST + (HIGH - LOWEST) * (len(starts) - 1) / (most - 1) if most > 1 else HIGH,
            len(starts),
            whole.number_at(starts[0]),
        )
        for stretch, starts in counts.items()
    )
    return Lane(kind, tuple(bars), len(spans))


def _here(whole: Sheet, part: int, length: int) -> tuple[float, float] | None:
    if whole.parts == 1 or not length:
        return None
    own = [
        b.span for b, of in zip(whole.blocks, whole.part_of, strict=True) if of == part and b.kind != "note"
    ]
    if not own:
        return None
    start, end = own[0].start, own[-1].end
    return start * LONG / length, (end - start) * LONG / length

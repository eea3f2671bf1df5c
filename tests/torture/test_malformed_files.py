"""Malformed files of every kind: each ends as an outcome with a reason, within little time and memory."""

from collections import Counter

from malformed import MAKERS, malformed
from tortured import Rounds

from indexer.errors import UnreadableFile
from indexer.extract import extract
from indexer.models import Document, Work
from indexer.workers import Limits, apart

# What one of them may take: the seconds are many, since the machine may be busy.
LIMITS = Limits(seconds=60, memory=300_000_000)


def _read(number: int) -> tuple[str, str, str]:
    """What became of a malformed file: "failed" with the reason, or "read" with the remarks; its name."""
    ending, raw = malformed(number)
    file = f"{number}-{ending}"
    try:
        document = extract(Work("w", "c", "source", "", file=file), raw)
    except UnreadableFile as error:
        return "failed", str(error), file
    _holds(document)
    return "read", "; ".join(document.remarks), file


def _holds(document: Document) -> None:
    document.text.encode()
    assert "\0" not in document.text and "root:" not in document.text
    ends = [0, *(block.span.end for block in document.blocks)]
    assert all(
        end <= block.span.start < block.span.end for end, block in zip(ends, document.blocks, strict=False)
    )


def test_each_ends_with_a_reason_within_little_time_and_memory(rounds: Rounds) -> None:
    """A round is one file of each kind of harm."""
    figures: Counter[str] = Counter()
    for number in rounds("malformed-files", 3, 40, figures):
        files = range(number * len(MAKERS), (number + 1) * len(MAKERS))
        outcomes = dict(apart(_read, files, 2, LIMITS))
        lost = {file: why for file, why in outcomes.items() if isinstance(why, str)}
        assert not lost, lost
        for status, reason, file in outcomes.values():
            figures[status] += 1
            if status == "failed":
                assert file in reason and len(reason) > len(file) + 10
                assert reason.endswith((".", "pdf")) or "OCR" in reason, reason
    count = figures.total()
    assert figures["failed"] > count / 4 and figures["read"] > count / 6, figures

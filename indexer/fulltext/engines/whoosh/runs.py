"""Which works a segment of an index holds, in order, and which words each brought: to take them away again.

A run is a stretch of passages of one work in one language. Its words are kept beside the segment as numbers
of the segment's words, packed, a block a run: a renewal reads those of the works that go and no others.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Run:
    """`passages` passages of a work in one language, one after the other in a segment, from `first` on.

    The numbers of its words stand in the bytes `start` to `end` of the segment's file of words.
    """

    work: str
    language: str
    first: int
    passages: int
    start: int = 0
    end: int = 0


def cut(works: Sequence[str], languages: Sequence[str]) -> list[Run]:
    """The runs of passages of which the works and languages are given, in order."""
    runs: list[Run] = []
    first = 0
    for at in range(1, len(works) + 1):
        if at == len(works) or (works[at], languages[at]) != (works[first], languages[first]):
            runs.append(Run(works[first], languages[first], first, at - first))
            first = at
    return runs


def write_runs(stem: Path, runs: Iterable[Run], words: Sequence[str], spread: Iterable[Numbers]) -> None:
    """Keep the runs of a segment: `spread` has for each run the pairs of a word's number and its passages."""
    kept = []
    with _words_file(stem).open("wb") as file:
        for run, pairs in zip(runs, spread, strict=True):
            start = file.tell()
            steps = np.diff(pairs[:, 0], prepend=0)  # small numbers pack well
            file.write(zlib.compress(np.stack((steps, pairs[:, 1])).astype("<i4").tobytes(), 1))
            kept.append((run.work, run.language, run.first, run.passages, start, file.tell()))
        start = file.tell()
        file.write(zlib.compress("\n".join(words).encode(), 1))
    _runs_file(stem).write_text(json.dumps({"words": start, "runs": kept}), encoding="utf-8")


def read_runs(stem: Path) -> list[Run]:
    """The runs of a segment, in order."""
    return [Run(*run) for run in json.loads(_runs_file(stem).read_text(encoding="utf-8"))["runs"]]


def spreads(stem: Path, runs: Sequence[Run]) -> Iterator[dict[str, dict[str, int]]]:
    """For each of some runs of a segment, in how many of its passages each of its words stands."""
    if not runs:
        return
    with _words_file(stem).open("rb") as file:
        file.seek(json.loads(_runs_file(stem).read_text(encoding="utf-8"))["words"])
        words = zlib.decompress(file.read()).decode().split("\n")
        for run in runs:
            file.seek(run.start)
            packed = np.frombuffer(zlib.decompress(file.read(run.end - run.start)), "<i4").reshape(2, -1)
            numbers, passages = np.cumsum(packed[0]).tolist(), packed[1].tolist()
            yield {run.language: {words[n]: count for n, count in zip(numbers, passages, strict=True)}}


def _runs_file(stem: Path) -> Path:
    return stem.with_name(f"{stem.name}.runs.json")


def _words_file(stem: Path) -> Path:
    return stem.with_name(f"{stem.name}.runs.words")

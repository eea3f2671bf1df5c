"""Writing an index, fresh or renewed, with the engine that is asked for, and the words beside it."""

import os
from collections.abc import Collection, Iterable
from pathlib import Path

from indexer.fulltext.engines import engine
from indexer.fulltext.records import Record
from indexer.fulltext.vocabulary import Words, load, save
from indexer.settings import ENGINE


def write(folder: Path, records: Iterable[Record], name: str = ENGINE) -> int:
    """Write a fresh index of `records` into `folder`, which is made; gives back how many passages it holds.

    `name` is that of an engine. Raises NoEngine, and ValueError for a passage that is given twice.
    """
    words = Words(name)
    passages = engine(name).write(folder, records, words)
    _finish(folder, words)
    return passages


def renew(folder: Path, last: Path, gone: Collection[str], records: Iterable[Record]) -> int:
    """Write into `folder` what the index `last` holds, without the works `gone` and with `records`.

    Gives back how many passages it holds. Searching it gives what a fresh index of these passages gives; it
    costs in proportion to what goes and comes. `last` stays as it is; its engine is kept. Raises NoIndex,
    OtherVersion or NoEngine for `last`, and ValueError for a record of a work that it holds and that is not
    `gone`.
    """
    words = load(last)
    passages = engine(words.engine).renew(folder, last, gone, records, words)
    _finish(folder, words)
    return passages


def _finish(folder: Path, words: Words) -> None:
    """Write the file of words and have the disk keep all files: engines need not ask it to, and a power cut
    would leave them empty."""
    save(words, folder)
    for path in (*sorted(folder.iterdir()), folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

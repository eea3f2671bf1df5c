"""Which quotations have another verdict than in the generation before.

A quotation is the same if the same essay has the same words, as often counted from its beginning; what an
essay no longer quotes, or quotes anew, has changed no verdict. What changed in earlier generations is taken
over, so that it outlasts them.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from indexer import store
from indexer.errors import LoccitError
from indexer.models import Revised

# Changes that are kept, the last ones; a program that judges otherwise may change thousands at once.
MOST_KEPT = 5_000


def keep(index: Path, folder: Path) -> tuple[Revised, ...]:
    """Writes into a new generation, not yet in force, what has another verdict in it, and gives that back.

    Nothing where there is no generation before it that this program can read.
    """
    try:
        before = store.Store(store.current(index))
    except LoccitError:
        return ()
    found = tuple(revised(before, store.Store(folder)))
    store.save_revised(folder, (*found, *before.revised())[:MOST_KEPT])
    return found


def revised(before: store.Store, after: store.Store) -> Iterator[Revised]:
    """The quotations that both have, with another verdict, in the order of essays and of the text."""
    when = datetime.now(UTC).isoformat(timespec="seconds")
    by_rules = before.meta.get("program") != after.meta.get("program")
    were = {key: row.verdict for key, row in _numbered(before)}
    for key, row in _numbered(after):
        was = were.get(key, row.verdict)
        if was != row.verdict:
            yield Revised(row.id, row.essay_id, row.text, was, row.verdict, row.source, when, by_rules)


def _numbered(records: store.Store) -> Iterator[tuple[tuple[str, str, int], store.Judged]]:
    """The quotations by essay, words, and how many before it in the essay have the same words."""
    seen: Counter[tuple[str, str]] = Counter()
    for row in records.judged():
        same = (row.essay_id, " ".join(row.text.split()))
        yield (*same, seen[same]), row
        seen[same] += 1

#!/usr/bin/env python3
"""What `loccit index` costs after each kind of change, beside a full build; on an archive and on half of it.

    python bench/index.py ESSAYS SOURCES [--shares 0.5 1.0]

ESSAYS and SOURCES are folders of saved pages, SOURCES one that holds folders named as hosts. Each run is a
process of its own, as it is for a user; CPU seconds count its workers too. Ratios count: the machine may be
busy. What doubles from half the archive to the whole is in proportion to the archive; what stays is not.
"""

import argparse
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer import catalogue

LOCCIT = [sys.executable, "-c", "from loccit import main; main()"]
SENTENCE = "One more sentence was put here to see what the change of a single page costs."


def index(archive: Path, *options: str) -> tuple[float, float]:
    """CPU seconds and seconds of the clock of one run."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [*LOCCIT, "--archive", str(archive), "index", *options], capture_output=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if b"words" not in done.stdout:
        sys.exit(done.stderr.decode())
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return cpu, time.perf_counter() - start


def made(folder: Path, essays: Path, sources: Path, share: float) -> Path:
    """An archive of all essays and a share of the sources, evenly taken."""
    pages = sorted(p for p in sources.rglob("*") if p.is_file())
    for number, page in enumerate(pages):
        if int((number + 1) * share) > int(number * share):
            target = folder / "taken" / page.relative_to(sources)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(page, target)
    catalogue.add(folder / "raw", sorted((folder / "taken").iterdir()), "source")
    catalogue.add(folder / "raw", sorted(p for p in essays.iterdir() if p.is_file()), "essay")
    shutil.rmtree(folder / "taken")
    return folder


def median(raw: Path, kind: str) -> tuple[str, Path]:
    """The held work of middle size, and its file."""
    held = [w for c in catalogue.collections(raw) for w in c.works if w.kind == kind and w.file]
    held.sort(key=lambda w: ((raw / (w.file or "")).stat().st_size, w.id))
    work = held[len(held) // 2]
    return work.id, raw / (work.file or "")


def lengthened(path: Path) -> None:
    """Puts a sentence at the end of a page or a text."""
    text = path.read_bytes()
    head, tag, rest = text.rpartition(b"</body>") if b"</body>" in text else (text, b"", b"")
    path.write_bytes(head + f"\n\n<p>{SENTENCE}</p>\n\n".encode() + tag + rest)


def changes(archive: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """The kinds of change, by name."""
    raw = archive / "raw"
    work, source = median(raw, "source")
    new = archive / "a-new-source.txt"
    new.write_text(f"A new source\n\n{source.read_text(encoding='utf8', errors='replace')}", encoding="utf8")
    yield "nothing", lambda: None
    yield "a source changed", lambda: lengthened(source)
    yield "an essay changed", lambda: lengthened(median(raw, "essay")[1])
    yield "a source added", lambda: catalogue.add(raw, [new], "source")
    yield "a source removed", lambda: catalogue.remove(raw, work)
    yield "nothing again", lambda: None


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("essays", type=Path)
    asked.add_argument("sources", type=Path)
    asked.add_argument("--shares", type=float, nargs="+", default=[0.5, 1.0])
    given = asked.parse_args()
    print(f"{'archive':>8}  {'change':18} {'CPU s':>8} {'of full':>8} {'clock s':>8} {'of full':>8}")
    for share in given.shares:
        with TemporaryDirectory() as folder:
            archive = made(Path(folder), given.essays, given.sources, share)
            full = index(archive)
            print(
                f"{share:8.0%}  {'full build':18} {full[0]:8.1f} {1:8.1%} {full[1]:8.1f} {1:8.1%}", flush=True
            )
            for name, change in changes(archive):
                change()
                cpu, clock = index(archive)
                row = f"{cpu:8.1f} {cpu / full[0]:8.1%} {clock:8.1f} {clock / full[1]:8.1%}"
                print(f"{share:8.0%}  {name:18} {row}", flush=True)


if __name__ == "__main__":
    main()

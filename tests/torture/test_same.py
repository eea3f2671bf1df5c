"""The same in, the same out: wherever, in whichever order and by however many processes an index is built."""

import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from invented import invented
from tortured import ROOT, Rounds, everything

from indexer import store

# Python's own defaults follow these; the second makes ASCII of all text whose encoding is not said.
PLACES = (
    {"LC_ALL": "C.UTF-8", "TZ": "UTC"},
    {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "TZ": "Pacific/Kiritimati"},
    {"LC_ALL": "C", "LANG": "de_DE.ISO-8859-1", "TZ": "America/St_Johns"},
)
CATALOGUE = 'title = "Quay"\n[[work]]\nid = "{0}"\nkind = "{1}"\ntitle = "The book {0}"\nfile = "{0}.txt"\n'


def quay(raw: Path) -> None:
    """Invented books, and essays that quote them well and badly."""
    rng = random.Random("quay")
    for number in range(8):
        document = invented(f"book-{number}", 7)
        lines, text = document.text.split("\n\n"), document.text
        if number > 4:
            quoted = [rng.choice(text.split("\n\n")).split(". ")[0] for _ in range(12)]
            # One in three is changed by a word.
            changed = [q.replace(" and ", " or ", 1) if n % 3 == 0 else q for n, q in enumerate(quoted)]
            lines = [f"He wrote: “{q}” (The book book-{n % 5})." for n, q in enumerate(changed)]
        folder = raw / f"quay {number}"
        folder.mkdir(parents=True)
        kind = "essay" if number > 4 else "source"
        (folder / "catalogue.toml").write_text(CATALOGUE.format(f"book-{number}", kind), encoding="utf8")
        (folder / f"book-{number}.txt").write_text("\n\n".join(lines), encoding="utf8")


@pytest.fixture(scope="module", params=["sample", "quay"])
def raw(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp(request.param) / "raw"
    if request.param == "sample":
        shutil.copytree(ROOT / "raw/sample", made / "sample")
    else:
        quay(made)
    return made


def built(raw: Path, archive: Path, number: int) -> dict[str, Any]:
    """All that an index says of a copy of `raw` that is made and built in the way of this number."""
    rng = random.Random(number)
    files = sorted(path for path in raw.rglob("*") if path.is_file())
    rng.shuffle(files)
    for path in files:
        copy = archive / "raw" / path.relative_to(raw)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
        os.utime(copy, (rng.randrange(10**9), rng.randrange(10**9)))
    place = PLACES[number % len(PLACES)] | {"PYTHONHASHSEED": str(rng.randrange(2**32))}
    command = [
        sys.executable,
        "-m",
        "loccit",
        "--archive",
        str(archive),
        "index",
        "--jobs",
        str(number % 4 + 1),
    ]
    done = subprocess.run(
        command, env=os.environ | place, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    generation = store.current(archive / "index")
    return everything(generation) | {"the file": (generation / store.RECORDS).read_bytes()}


def test_two_builds_agree_in_every_record(raw: Path, tmp_path: Path, rounds: Rounds) -> None:
    """Byte for byte the whole file of records, the words of the sources, and what can be searched."""
    figures: Counter[str] = Counter()
    first = built(raw, tmp_path / "the first", 0)
    assert len(first["quotation"]) > 20 and first["passages found"]
    for number in rounds(f"same-{raw.parent.name.rstrip('0123456789')}", 1, 30, figures):
        other = built(raw, tmp_path / f"another {number}", number + 1)
        assert [name for name in first if first[name] != other[name]] == []
        figures["builds"] += 1
        shutil.rmtree(tmp_path / f"another {number}")

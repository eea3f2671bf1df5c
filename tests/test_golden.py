"""Pages of different make, invented after real ones that were compared with what a browser shows.

Beside each page in `golden/` stands what is read of it, in a `.txt`: facts, then a line a block with its
kind, place and speaker. `python tests/test_golden.py` writes those anew: read the difference first.
"""

from pathlib import Path

import pytest

from indexer.extract import extract
from indexer.models import Document, Work

FOLDER = Path(__file__).parent / "golden"
PAGES = sorted(path for path in FOLDER.glob("*") if path.suffix != ".txt")


def as_read(path: Path) -> str:
    """What is read of a page, for people."""
    document = extract(Work("w", "golden", "source", "", file=path.name), path.read_bytes())
    return "\n".join([*_facts(document), "", *_blocks(document)]) + "\n"


def _facts(document: Document) -> list[str]:
    work = document.work
    facts = {
        "title": work.title, "author": work.author, "date": work.date or work.year, "language": work.language,
        "licence": work.licence, "pages": " ".join(a.label for a in document.anchors if a.kind == "page"),
        "notes": " ".join(f"{a.label}→{a.target}" for a in document.anchors if a.kind == "note"),
        "links": len(document.links), "quoted": len(document.quoted), "remarks": "; ".join(document.remarks),
    }  # fmt: skip
    return [f"{name}: {value}" for name, value in facts.items() if value]


def _blocks(document: Document) -> list[str]:
    lines = []
    for block in document.blocks:
        words = document.text[block.span.start : block.span.end].replace("\n", " / ")
        about = " · ".join(filter(None, (block.kind, block.locator, block.speaker)))
        lines.append(f"{about} | {words}")
    return lines


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_is_read_as_it_was(path: Path) -> None:
    assert as_read(path) == path.with_suffix(".txt").read_text(encoding="utf8")


if __name__ == "__main__":
    for page in PAGES:
        page.with_suffix(".txt").write_text(as_read(page), encoding="utf8")

"""Each form of file from end to end: added, indexed, and quoted by an essay whose words are clean."""

import re
from pathlib import Path

import pytest
from pdfs import drawn
from test_columns import STORY, by_rows, column, lines
from test_columns import head as printed_head
from test_extract_formats import TEI, docx, epub
from test_heads import LINES, WIDTH, book

from indexer import catalogue, store
from indexer.build import build
from indexer.models import Finding

SAID = "The letter was drawn up at noon by three men who did not trust each other"
SENTENCES = re.findall(r"[^.]+\. ", STORY)


def essay(quoted: str) -> str:
    return f"On a letter\n\nAs the record of the harbour has it: “{quoted}” (Harrow, Low Water).\n"


def found(folder: Path, file: str, raw: bytes, quoted: str) -> tuple[Finding, store.Store]:
    """What the index says of the essay's only quotation."""
    (folder / "in").mkdir()
    (folder / "in" / file).write_bytes(raw)
    (folder / "essay.txt").write_text(essay(quoted), encoding="utf8")
    catalogue.add(folder / "raw", [folder / "in" / file], "source")
    catalogue.add(folder / "raw", [folder / "essay.txt"], "essay")
    reports = build(folder / "raw", folder / "index").reports
    assert [r.status for r in reports] == ["indexed", "indexed"], reports
    records = store.Store(store.current(folder / "index"))
    (finding,) = records.findings()
    return finding, records


def paragraphs(tag: str) -> str:
    return "".join(f"<{tag}>{''.join(SENTENCES[at : at + 3])}</{tag}>" for at in range(0, len(SENTENCES), 3))


def pages_of_columns() -> bytes:
    told = lines(STORY * 6, 40)
    pages = [told[at : at + 60] for at in range(0, len(told), 60)]
    return drawn([
        printed_head(41 + n) + by_rows(column(page[:30], 40), column(page[30:], 310))
        for n, page in enumerate(pages)
    ])  # fmt: skip


FORMS = {
    "low-water.epub": epub({
        "one.xhtml": "<html><body><h1>The Timber</h1><p>Of this more was never heard.</p></body></html>",
        "two.xhtml": f"<html><body><h1>The Ferry</h1>{paragraphs('p')}</body></html>",
    }),
    "low-water.docx": docx(
        '<w:p><w:pPr><w:pStyle w:val="U1"/></w:pPr><w:r><w:t>Low Water</w:t></w:r></w:p>'
        + "".join(f"<w:p><w:r><w:t>{s}</w:t></w:r></w:p>" for s in SENTENCES)
    ),
    "low-water.xml": TEI.replace("<p>End.</p>", paragraphs("p")).encode(),
    "low-water.pdf": pages_of_columns(),
    "low-water.txt": book().encode(),
}  # fmt: skip
PLACES = {
    "low-water.epub": "The Ferry",
    "low-water.xml": "p. 4",
    "low-water.pdf": "p. 41",
    "low-water.txt": "p. 124",
}


@pytest.mark.parametrize("file", FORMS)
def test_a_quotation_is_found_word_for_word(file: str, tmp_path: Path) -> None:
    finding, records = found(tmp_path, file, FORMS[file], SAID)
    assert finding.verdict.name == "verbatim"
    assert finding.alignment is not None
    shown = store.finding_json(records, finding)["source"]
    assert shown["text"].replace("\n", " ") == SAID
    if file in PLACES:
        assert PLACES[file] in shown["locator"]


def test_words_over_the_end_of_a_scanned_page_are_found_without_its_head(tmp_path: Path) -> None:
    told = lines(STORY * 9, WIDTH)
    over = f"{told[2 * LINES - 1]} {told[2 * LINES]}"
    quoted = re.sub(r"(\w)- ", r"\1", over).split(" ", 1)[1].rsplit(" ", 1)[0]
    finding, _ = found(tmp_path, "low-water.txt", book().encode(), quoted)
    assert finding.verdict.name == "verbatim"


def test_misread_letters_are_changes_that_are_said_to_be_letters_only(tmp_path: Path) -> None:
    misread = book(misread=0.3).replace("The letter", "Tlie letter").replace("three men", "thrce mcn")
    finding, _ = found(tmp_path, "low-water.txt", misread.encode(), SAID)
    assert finding.verdict.name == "altered"
    assert "letters-only" in finding.verdict.warnings
    assert [change.kind for change in finding.verdict.changes] == ["replaced"] * len(finding.verdict.changes)

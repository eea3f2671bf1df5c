"""Malformed files of every kind: each ends as an outcome with a reason, none stops the rest, none needs much.

LOCCIT_MALFORMED=500 asks for more of them than the suite has time for.
"""

import os
import socket
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from malformed import MAKERS, malformed
from test_extract_formats import epub, packed

from indexer import catalogue
from indexer.build import build
from indexer.errors import UnreadableFile
from indexer.extract import extract
from indexer.models import Document, Work
from indexer.workers import Limits, apart

COUNT = int(os.environ.get("LOCCIT_MALFORMED", 3 * len(MAKERS)))
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


@pytest.mark.timeout(3600)
def test_each_ends_with_a_reason_within_little_time_and_memory() -> None:
    outcomes = dict(apart(_read, range(COUNT), 2, LIMITS))
    lost = {number: why for number, why in outcomes.items() if isinstance(why, str)}
    assert not lost, lost
    for status, reason, file in outcomes.values():
        if status == "failed":
            assert file in reason and len(reason) > len(file) + 10
            assert reason.endswith((".", "pdf")) or "OCR" in reason, reason
    counted = Counter(status for status, _, _ in outcomes.values())
    assert counted["failed"] > COUNT / 3 and counted["read"] > COUNT / 5, counted


def test_none_stops_the_rest(tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    for number in range(len(MAKERS)):
        ending, raw = malformed(number)
        (given / f"{number:03}{Path(ending).suffix}").write_bytes(raw)
    (given / "whole.txt").write_text("The one whole text among them.")
    catalogue.add(tmp_path / "raw", [given], "source")
    reports = {Path(r.file).stem: r for r in build(tmp_path / "raw", tmp_path / "index").reports}
    assert len(reports) == len(MAKERS) + 1
    assert reports["whole"].status == "indexed"
    assert all(r.reason for r in reports.values() if r.status == "failed")


TEI = (
    '<?xml version="1.0"?>{}<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body>'
    "<p>Words {}.</p></body></text></TEI>"
)
PAGE = "<html><head>{}</head><body><p>Words {}.</p></body></html>"
XINCLUDE = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{}" parse="text"/>'
WORD = '<w:d xmlns:w="w"><w:body><w:p><w:r><w:t>Words &e;.</w:t></w:r></w:p></w:body></w:d>'
CANARY = "the canary sings"
NAMED: dict[str, Callable[[str], bytes]] = {
    "general": lambda at: TEI.format(f'<!DOCTYPE TEI [<!ENTITY e SYSTEM "{at}">]>', "&e;").encode(),
    "parameter": lambda at: TEI.format(f'<!DOCTYPE TEI [<!ENTITY % e SYSTEM "{at}"> %e;]>', "&s;").encode(),
    "doctype": lambda at: TEI.format(f'<!DOCTYPE TEI SYSTEM "{at}">', "&s;").encode(),
    "xinclude": lambda at: TEI.format("", XINCLUDE.format(at)).encode(),
    "stylesheet": lambda at: TEI.format(f'<?xml-stylesheet type="text/xsl" href="{at}"?>', "").encode(),
    "docx": lambda at: packed({"word/document.xml": f'<!DOCTYPE d [<!ENTITY e SYSTEM "{at}">]>{WORD}'}),
    "epub": lambda at: epub(
        {"a.xhtml": f'<!DOCTYPE h [<!ENTITY e SYSTEM "{at}">]>' + PAGE.format("", "&e;")}
    ),
    "chapter": lambda at: epub({at: PAGE.format("", "")}, at),
    "page": lambda at: PAGE.format(
        f'<link rel="stylesheet" href="{at}">', f'<iframe src="{at}"></iframe>'
    ).encode(),
}


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """A file that notices when it is read, if only its words can tell."""
    path = tmp_path / "canary.txt"
    path.write_text(f'<!ENTITY s "{CANARY}">')
    os.utime(path, (0, path.stat().st_mtime))
    return path


@pytest.mark.parametrize("how", NAMED)
@pytest.mark.parametrize("scheme", ["file://", ""])
def test_no_file_that_a_text_names_is_read(how: str, scheme: str, canary: Path) -> None:
    assert CANARY not in _outcome(NAMED[how](f"{scheme}{canary}"))
    assert canary.stat().st_atime == 0
    assert CANARY in canary.read_text()


@pytest.mark.parametrize("how", NAMED)
def test_no_host_that_a_text_names_is_asked(how: str, socket_enabled: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        _outcome(NAMED[how](f"http://127.0.0.1:{listener.getsockname()[1]}/canary"))
        with pytest.raises(TimeoutError):
            listener.accept()


def _outcome(raw: bytes) -> str:
    try:
        return extract(Work("w", "c", "source", "", file="a.xml"), raw).text
    except UnreadableFile as error:
        return str(error)

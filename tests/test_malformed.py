"""Malformed files: none stops the rest, none leads elsewhere. That each ends well is in tests/torture."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from malformed import MAKERS, malformed
from test_extract_formats import epub, packed

from indexer import catalogue
from indexer.build import build
from indexer.errors import UnreadableFile
from indexer.extract import extract
from indexer.models import Work


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

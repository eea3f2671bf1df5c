"""Containers: each text inside is a work with its origin; what lies, swells or leads out is refused."""

import gzip
import io
import json
import os
import random
import signal
import stat
import string
import struct
import tempfile
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_extract_formats import docx, epub, packed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from indexer import catalogue, unpack
from indexer.build import build
from indexer.catalogue import Added
from indexer.models import Work
from indexer.unpack import limits, warcs, zips
from indexer.workers import Limits

PAGE = b"<html><head><title>The quay</title></head><body><p>Nobody asked on the quay.</p></body></html>"
HOST = "www.example.org"


def warc(
    *answers: tuple[str, int, str, bytes], headers: tuple[tuple[str, str], ...] = (), packed: bool = True
) -> bytes:
    """A WARC file of these answers: address, status, media type, bytes."""
    made = io.BytesIO()
    writer = WARCWriter(made, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("made.warc", {"software": "tests"}))
    for url, status, media, body in answers:
        came = StatusAndHeaders(f"{status} X", [("Content-Type", media), *headers], protocol="HTTP/1.1")
        dated = {"WARC-Date": "2011-02-03T04:05:06Z"}
        writer.write_record(writer.create_warc_record(
            url, "response", io.BytesIO(body), http_headers=came, warc_headers_dict=dated))  # fmt: skip
    return made.getvalue()


def given(tmp_path: Path, raw: bytes, name: str) -> list[Added]:
    (tmp_path / "given").mkdir(exist_ok=True)
    (tmp_path / "given" / name).write_bytes(raw)
    return unpack.add(tmp_path / "raw", [tmp_path / "given" / name], "source")


def works(tmp_path: Path) -> dict[str, Work]:
    return {w.id: w for c in catalogue.collections(tmp_path / "raw") for w in c.works}


def lines(tmp_path: Path) -> list[dict[str, Any]]:
    text = (tmp_path / "raw/added/provenance.jsonl").read_text(encoding="utf8")
    return [json.loads(line) for line in text.splitlines()]


def test_a_zip_is_a_folder_of_works(tmp_path: Path) -> None:
    raw = packed(
        {"1.txt": "A letter of the quay.", "more/2.htm": PAGE, "b.epub": epub({"a.xhtml": "<p>Book.</p>"})}
    )
    results = given(tmp_path, raw, "letters.zip")
    assert [(r.status, r.file) for r in results] == [
        ("added", f"added/letters/{name}") for name in ("1.txt", "b.epub", "more/2.htm")
    ]  # fmt: skip
    assert results[0].path.endswith("given/letters.zip: 1.txt")
    origin = lines(tmp_path)[0]["container"]
    assert origin["name"] == "letters.zip" and origin["member"] == "1.txt" and len(origin["sha256"]) == 64
    assert [r.status for r in build(tmp_path / "raw", tmp_path / "index").reports] == ["indexed"] * 3
    assert {r.status for r in given(tmp_path, raw, "letters.zip")} == {"unchanged"}


def test_a_mirror_in_a_zip_keeps_its_addresses(tmp_path: Path) -> None:
    given(tmp_path, packed({f"mirror/{HOST}/a/1.htm": PAGE, "mirror\\2.txt": "Words."}), "mirror.zip")
    assert {w.file: w.url for w in works(tmp_path).values()} == {
        f"added/{HOST}/a/1.htm": f"https://{HOST}/a/1.htm", "added/mirror/2.txt": None,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["crawl.warc.gz", "crawl.warc", "no-ending"])
def test_a_page_of_a_warc_keeps_its_address_and_moment(tmp_path: Path, name: str) -> None:
    raw = warc(
        (f"http://{HOST}/a/", 200, "text/html; charset=utf-8", PAGE),
        (f"http://{HOST}/a?p=1", 200, "text/html", PAGE + b"<p>More.</p>"),
        (f"http://{HOST}/a", 200, "text/html", PAGE + b"<p>Of it.</p>"),
        (f"http://{HOST}/gone", 404, "text/html", b"Not here."),
        (f"http://{HOST}/x.png", 200, "image/png", b"\x89PNG"),
        (f"http://{HOST}/y.png", 200, "image/png", b"\x89PNG"),
        packed=name.endswith("gz"),
    )
    results = given(tmp_path, raw, name)
    held = {w.url: w.file for w in works(tmp_path).values()}
    assert held[f"http://{HOST}/a/"] == f"added/{HOST}/a/index.html"
    assert set(held) == {f"http://{HOST}/a/", f"http://{HOST}/a?p=1", f"http://{HOST}/a"}
    assert [r.reason for r in results if r.status == "skipped"] == [
        "3 answers in it are no texts: 2 image/png, 1 with status 404"
    ]
    first = next(line for line in lines(tmp_path) if line["url"].endswith("/a/"))
    assert (first["fetched"], first["media_type"]) == ("2011-02-03T04:05:06Z", "text/html")
    assert [r.status for r in build(tmp_path / "raw", tmp_path / "index").reports] == ["indexed"] * 3


@pytest.mark.parametrize("seed", range(50))
def test_a_packed_warc_is_known_whatever_its_first_record_says(seed: int) -> None:
    """The tables of the packing stand before its first byte; 64 bytes did not always show it."""
    words = "".join(random.Random(seed).choices(string.printable, k=400))
    assert warcs.recognises(gzip.compress(f"WARC/1.0\r\n{words}".encode())[: unpack._HEAD])


def test_a_second_capture_is_another_edition(tmp_path: Path) -> None:
    url = f"http://{HOST}/a.htm"
    raw = warc(
        (url, 200, "text/html", PAGE),
        (url, 200, "text/html", PAGE),
        (url, 200, "text/html", PAGE + b"<p>New.</p>"),
    )
    assert [r.status for r in given(tmp_path, raw, "a.warc.gz")] == ["added", "unchanged", "edition"]
    (work,) = works(tmp_path).values()
    assert (tmp_path / "raw" / (work.file or "")).read_bytes().endswith(b"<p>New.</p>")


def test_answers_are_unpacked_and_unchunked(tmp_path: Path) -> None:
    body = gzip.compress(PAGE)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    coded = (("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))
    given(tmp_path, warc((f"http://{HOST}/a.htm", 200, "text/html", chunked), headers=coded), "a.warc.gz")
    assert (tmp_path / f"raw/added/{HOST}/a.htm").read_bytes() == PAGE


def test_containers_are_found_in_folders_and_in_a_zip(tmp_path: Path) -> None:
    inner = warc((f"http://{HOST}/a.htm", 200, "text/html", PAGE))
    folder = tmp_path / "given/deep"
    folder.mkdir(parents=True)
    (folder / "x.wacz").write_bytes(packed({"archive/data.warc.gz": inner}))
    (folder / "y.txt.gz").write_bytes(gzip.compress(b"A packed text."))
    (folder / "z.txt").write_text("A plain text.")
    unpack.add(tmp_path / "raw", [tmp_path / "given"], "source")
    assert {w.file for w in works(tmp_path).values()} == {
        f"added/{HOST}/a.htm", "added/y.txt", "added/deep/z.txt",
    }  # fmt: skip


@pytest.mark.parametrize(
    "raw", [epub({"a.xhtml": "<p>Words.</p>"}), docx("<w:p><w:r><w:t>Hi</w:t></w:r></w:p>")]
)
def test_a_document_that_is_a_zip_is_no_container(tmp_path: Path, raw: bytes) -> None:
    assert [(r.status, r.file) for r in given(tmp_path, raw, "a.zip")] == [("added", "added/a.zip")]


def _entry(change: Callable[[zipfile.ZipInfo], None], data: bytes = b"words") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as pack:
        info = zipfile.ZipInfo("a.txt")
        info.compress_type = zipfile.ZIP_DEFLATED
        change(info)
        pack.writestr(info, data)
    return made.getvalue()


def _named(name: str) -> bytes:
    def change(info: zipfile.ZipInfo) -> None:
        info.filename = name

    return _entry(change)


def _link(info: zipfile.ZipInfo) -> None:
    info.external_attr = (stat.S_IFLNK | 0o777) << 16


def _declared(size: int, data: bytes) -> bytes:
    """An archive whose member says to be of another size, in both places where it says so."""
    raw = bytearray(_entry(lambda info: None, data))
    central = raw.index(b"PK\x01\x02")
    raw[22:26] = raw[central + 24 : central + 28] = struct.pack("<I", size)
    return bytes(raw)


def _patched(raw: bytes, at: int, value: int) -> bytes:
    """A flag or method of the first member changed in both places: local header, central directory."""
    changed, central = bytearray(raw), raw.index(b"PK\x01\x02")
    changed[at] = changed[central + at + 2] = value
    return bytes(changed)


def _overlapping() -> bytes:
    """Fifteen names for the same packed bytes."""
    whole = _entry(lambda info: None, bytes(range(256)) * 40)
    central, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    listed = whole[central:end] * 15
    return (
        whole[:central]
        + listed
        + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 15, 15, len(listed), central, 0)
    )


SUM = zlib.crc32(b"words of a text").to_bytes(4, "little")
PACKED_ZEROS = (f"http://{HOST}/a", 200, "text/html", gzip.compress(b"\0" * 30_000_000))
WORDS = packed({"a.txt": "words of a text"})
ZEROS = b"\0" * 30_000_000
HOSTILE: list[tuple[str, bytes, str, str]] = [
    ("slip", _named("../../../evil.txt"), "x.zip", "leads out"),
    ("slip inside", _named("a/../../evil.txt"), "x.zip", "leads out"),
    ("absolute", _named("/etc/evil.txt"), "x.zip", "leads out"),
    ("backslashes", _named("..\\..\\evil.txt"), "x.zip", "leads out"),
    ("drive", _named("C:\\evil.txt"), "x.zip", "leads out"),
    ("link", _entry(_link, b"/etc/passwd"), "x.zip", "is a link"),
    ("long name", _named("a" * 3000), "x.zip", "cannot be named"),
    ("bomb", packed({"a.txt": ZEROS}), "x.zip", "swells"),
    ("many bombs", packed({f"{n}.txt": ZEROS[: 2 << 20] for n in range(40)}), "x.zip", "swells"),
    ("bomb in a zip", packed({"a.zip": packed({"b.txt": ZEROS})}), "x.zip", "container within"),
    ("declared large", _declared(2_000_000_000, b"words"), "x.zip", "more than 100 MB"),
    ("declared small", _declared(2000, ZEROS[:9000]), "x.zip", "not as large as"),
    ("overlapping", _overlapping(), "x.zip", "overlap"),
    ("encrypted", _patched(WORDS, 6, 1), "x.zip", "encrypted"),
    ("strange method", _patched(WORDS, 8, 99), "x.zip", "not read here"),
    ("cut", WORDS[:-30], "x.zip", "damaged or cut"),
    ("wrong sum", WORDS.replace(SUM, b"abcd"), "x.zip", "damaged"),
    ("empty", packed({}), "x.zip", "no file in it"),
    ("gzip bomb", gzip.compress(ZEROS), "x.txt.gz", "swells"),
    ("gzip cut", gzip.compress(b"words" * 99)[:-9], "x.txt.gz", "damaged or cut"),
    ("gzip thrice", gzip.compress(gzip.compress(gzip.compress(b"words"))), "x.gz", "container within"),
    ("answer bomb", warc(PACKED_ZEROS, headers=(("Content-Encoding", "gzip"),)), "x.warc.gz", "swells"),
    ("warc cut", warc((f"http://{HOST}/a", 200, "text/html", PAGE * 50))[:-40], "x.gz", "damaged or cut"),
    ("no address", warc(("file:///etc/passwd", 200, "text/html", PAGE)), "x.gz", "only http and https"),
    ("no answers", warc(), "x.warc.gz", "no file in it"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "name", "reason"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE]
)
def test_hostile_containers_are_refused_with_a_reason(
    tmp_path: Path, raw: bytes, name: str, reason: str
) -> None:
    tracemalloc.start()
    results = given(tmp_path, raw, name)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    failed = [r.reason for r in build(tmp_path / "raw", tmp_path / "index").reports if r.status == "failed"]
    said = [r.reason for r in results if r.status == "skipped"] + failed
    assert any(reason in why for why in said), said
    assert most < 150_000_000
    inside = {p.relative_to(tmp_path).parts[0] for p in tmp_path.rglob("*")}
    assert inside <= {"given", "raw", "index"}
    assert not list((tmp_path / "raw").rglob("*evil*"))


def test_one_refused_member_keeps_none_from_being_added(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as pack:
        for name in ("a.txt", "../evil.txt", "b.txt"):
            pack.writestr(name, f"The words of {name}.")
    results = given(tmp_path, made.getvalue(), "x.zip")
    assert sorted(r.status for r in results) == ["added", "added", "skipped"]


def test_a_warc_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    answers = [(f"http://{HOST}/{n}.htm", 200, "text/html", PAGE + bytes([n])) for n in range(65, 70)]
    results = given(tmp_path, warc(*answers)[:-100], "x.warc.gz")
    assert [r.status for r in results].count("added") == 4


def test_no_more_members_than_a_crawl_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_MEMBERS", 3)
    results = given(tmp_path, packed({f"{n}.txt": f"Words {n}." for n in range(9)}), "x.zip")
    assert any("more than 3 files" in r.reason for r in results)


def _then(worse: Callable[[], object], after: int) -> Callable[..., Iterator[limits.Member]]:
    """The members of a ZIP, of which one does something worse than the limits foresee."""
    members = zips.members

    def given_out(*of: Any) -> Iterator[limits.Member]:
        for number, member in enumerate(members(*of)):
            if number == after:
                worse()
            yield member

    return given_out


WORSE: dict[str, tuple[Callable[[], object], str]] = {
    "hangs": (lambda: time.sleep(3600), "longer than"),
    "hungers": (lambda: [bytearray(50_000_000) for _ in range(99)], "MB of memory"),
    "dies": (lambda: os.kill(os.getpid(), signal.SIGKILL), "signal 9"),
}


@pytest.mark.parametrize("how", WORSE)
def test_what_ends_the_unpacking_costs_only_what_comes_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """A container was opened in the command's own process, which one that hangs or hungers took along."""
    worse, reason = WORSE[how]
    monkeypatch.setattr(unpack, "LIMITS", Limits(3, 200_000_000))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with monkeypatch.context() as while_ill:
        while_ill.setattr(zips, "members", _then(worse, 2))
        results = given(tmp_path, packed({f"{n}.txt": f"The words of {n}." for n in range(5)}), "x.zip")
    assert [r.status for r in results] == ["added", "added", "skipped"]
    assert reason in results[-1].reason and "what came before was added" in results[-1].reason
    assert not list(tmp_path.glob("loccit-*"))
    assert [r.status for r in given(tmp_path, packed({"a.txt": "Other words."}), "y.zip")] == ["added"]


def test_what_lies_in_a_hidden_folder_of_a_zip_is_named(tmp_path: Path) -> None:
    """It was written, and then passed over as hidden folders are: in silence, or with no word of the zip."""
    added = given(tmp_path, packed({".notes/a.txt": "Text"}), "papers.zip")
    assert [(a.status, a.reason) for a in added] == [("skipped", "it lies in a hidden folder")]
    added = given(tmp_path, packed({".notes/a.txt": "Text", "b.txt": "Words"}), "more.zip")
    assert sorted(a.status for a in added) == ["added", "skipped"]

"""Dead addresses at the Wayback Machine, and answers in a WARC."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from loopback import (
    REFRESH,
    TEXT,
    Site,
    listed,
    one,
    packed,
    run,
)
from warcio.archiveiterator import ArchiveIterator

from indexer import catalogue
from indexer.errors import UsageError
from indexer.fetch import (
    Wayback,
)


def machine(site: Site) -> Wayback:
    return Wayback(site.url("/lookup"), site.url("/web"))


def found(**changes: Any) -> bytes:
    closest = {
        "available": True,
        "status": "200",
        "timestamp": "20150102030405",
        "url": "http://evil.example/",
    }
    return json.dumps({"archived_snapshots": {"closest": closest | changes}}).encode()


def test_a_dead_address_is_looked_up_when_that_is_allowed(raw: Path, site: Site) -> None:
    url = site.url("/dead.html")
    lookup = f"/lookup?url=http%3A%2F%2F127.0.0.1%3A{site.port}%2Fdead.html"
    site.pages |= {lookup: found(), f"/web/20150102030405id_/{url}": b"<p>as it was"}
    listed(raw, {"page": url})
    assert [o.status for o in run(raw, site)] == ["gone"]
    assert lookup not in site.paths()
    (outcome,) = run(raw, site, wayback=machine(site))
    assert outcome.status == "fetched" and (outcome.via or "").endswith(f"/web/20150102030405id_/{url}")
    record = catalogue.record(raw, outcome.file or "") or {}
    assert record["url"] == url and record["copy"] == outcome.via and "final" not in record
    assert (raw / (outcome.file or "")).read_bytes() == b"<p>as it was"


@pytest.mark.parametrize(
    "answer",
    [
        b'{"archived_snapshots": {}}', b"no json", b"[]", b'{"archived_snapshots": []}', b"[" * 100_000,
        found(available=False), found(status="404"), found(timestamp="../../x"), found(timestamp=None),
    ],
)  # fmt: skip
def test_an_address_without_a_copy_is_gone(raw: Path, site: Site, answer: bytes) -> None:
    url = site.url("/dead.html")
    site.pages[f"/lookup?url=http%3A%2F%2F127.0.0.1%3A{site.port}%2Fdead.html"] = answer
    listed(raw, {"page": url})
    (outcome,) = run(raw, site, wayback=machine(site))
    assert (outcome.status, "no copy of it" in outcome.reason) == ("gone", True)


def test_a_copy_is_refreshed_from_the_living_address_only(raw: Path, site: Site) -> None:
    url = site.url("/dead.html")
    site.pages |= {
        f"/lookup?url=http%3A%2F%2F127.0.0.1%3A{site.port}%2Fdead.html": found(),
        f"/web/20150102030405id_/{url}": (200, {"ETag": '"copy"'}, b"<p>as it was"),
    }
    listed(raw, {"page": url})
    run(raw, site, wayback=machine(site))
    (dead,) = run(raw, site, REFRESH, wayback=machine(site))
    assert (dead.status, dead.reason) == (
        "unchanged",
        "the server says 404 Not Found, as before; its copy is held",
    )
    site.pages["/dead.html"] = b"<p>alive again"
    assert [o.status for o in run(raw, site, REFRESH)] == ["edition"]
    assert "If-None-Match" not in site.asked[-1].headers
    assert [o.status for o in run(raw, site, REFRESH)] == ["unchanged"]


def test_a_living_address_is_not_looked_up(raw: Path, site: Site) -> None:
    for page in ((403, {}, b""), (200, {"Content-Type": "image/png"}, b"x"), b"<p>words"):
        one(raw, site, page, wayback=machine(site))
    assert {path for path in site.paths() if "lookup" in path} == set()


@pytest.mark.parametrize("name", ["answers.warc", "answers.warc.gz"])
def test_answers_are_recorded_in_a_warc(raw: Path, site: Site, tmp_path: Path, name: str) -> None:
    site.pages |= {"/a": packed(gzip.compress(TEXT)), "/b": (200, {"X": "y"}, b"<p>b"), "/c": (404, {}, b"")}
    listed(raw, {n: site.url(f"/{n}") for n in "abc"})
    run(raw, site, warc=tmp_path / name)
    site.pages["/c"] = b"<p>c"
    run(raw, site, warc=tmp_path / name)
    with (tmp_path / name).open("rb") as stream:
        seen = [
            (r.rec_type, r.rec_headers["WARC-Target-URI"], r.content_stream().read())
            for r in ArchiveIterator(stream)
        ]
    responses = {url: body for kind, url, body in seen if kind == "response"}
    assert responses == {site.url("/a"): TEXT, site.url("/b"): b"<p>b", site.url("/c"): b"<p>c"}
    assert [kind for kind, *_ in seen].count("request") == 3 and seen[0][0] == "warcinfo"


def test_a_warc_that_cannot_be_written_is_wrong_use(raw: Path, site: Site, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        one(raw, site, b"<p>words", warc=tmp_path / "no" / "such.warc")

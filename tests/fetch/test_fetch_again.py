"""Asking again: refreshing what is held, and going on after a kill."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path

import pytest
from loopback import (
    QUICK,
    REFRESH,
    ROOT,
    Handler,
    Site,
    listed,
    one,
    run,
)

from indexer import catalogue
from indexer.doctor import examine
from indexer.errors import LoccitError
from indexer.fetch import (
    Selection,
    fetch,
)


def test_what_has_not_changed_is_asked_for_by_its_headers(raw: Path, site: Site) -> None:
    def page(handler: Handler) -> None:
        if handler.headers["If-None-Match"] == '"1"' and handler.headers["If-Modified-Since"] == formatdate(
            0
        ):
            return handler.answer(304, {"Content-Length": ""}, b"")
        return handler.answer(200, {"ETag": '"1"', "Last-Modified": formatdate(0)}, b"<p>words")

    one(raw, site, page)
    before = {p: p.read_bytes() for p in raw.rglob("*") if p.is_file()}
    assert [(o.status, o.work) for o in run(raw, site, REFRESH)] == [("unchanged", "page")]
    assert {p: p.read_bytes() for p in raw.rglob("*") if p.is_file()} == before


def test_other_headers_with_the_same_bytes_change_nothing(raw: Path, site: Site) -> None:
    one(raw, site, [(200, {"ETag": f'"{n}"'}, b"<p>words") for n in range(3)])
    assert [o.status for o in run(raw, site, REFRESH)] == ["unchanged"]


def test_other_bytes_are_another_edition_and_none_is_lost(raw: Path, site: Site) -> None:
    bodies = [b"<p>first words", b"<p>second words", b"<p>second words", b"<p>first words", b"<p>third words"]
    one(raw, site, [(200, {}, body) for body in bodies])
    statuses, current = [], []
    for _ in bodies[1:]:
        statuses += [o.status for o in run(raw, site, REFRESH)]
        current.append((raw / (catalogue.find(raw, "page").file or "")).read_bytes())
    assert statuses == ["edition", "unchanged", "edition", "edition"]
    assert current == bodies[1:]
    kept = [p.read_bytes() for p in raw.rglob("page*.html")]
    assert sorted(kept) == sorted(set(bodies))
    assert [w.id for c in catalogue.collections(raw) for w in c.works] == ["page"]
    works = [w for c in catalogue.collections(raw) for w in c.works]
    assert catalogue.unlisted(raw, works) == []
    assert all(
        check.ok for check in examine(raw, raw.parent / "index") if check.name in ("raw files", "digests")
    )
    catalogue.remove(raw, "page")
    assert not list((raw / "papers").rglob("*.html")) and len(list((raw / ".removed").rglob("*.html"))) == 3


def test_an_edited_work_follows_its_editions(raw: Path, site: Site) -> None:
    """A chapter without an entry gets one when it is edited; that must not tie it to its first edition."""
    one(raw, site, [b"<p>first words", b"<p>second words", b"<p>third words"])
    (raw / "papers/catalogue.toml").unlink()
    (work,) = [w for c in catalogue.collections(raw) for w in c.works]
    run(raw, site, REFRESH)
    catalogue.edit(raw, work.id, {"title": "A page"})
    run(raw, site, REFRESH)
    edited = catalogue.find(raw, work.id)
    assert (raw / (edited.file or "")).read_bytes() == b"<p>third words" and edited.title == "A page"


def test_what_is_gone_since_is_kept(raw: Path, site: Site) -> None:
    one(raw, site, [b"<p>words", (404, {}, b"")])
    (outcome,) = run(raw, site, REFRESH)
    assert (outcome.status, "what is held is kept" in outcome.reason) == ("gone", True)
    assert (raw / (outcome.file or "")).read_bytes() == b"<p>words"


def test_a_file_that_was_deleted_is_fetched_again(raw: Path, site: Site) -> None:
    """By name and not only if it changed, or the server would say that it has not."""
    site.pages["/page.html"] = lambda h: h.answer(
        304 if "If-None-Match" in h.headers else 200, {"ETag": "1"}, b"w"
    )
    listed(raw, {"page": site.url("/page.html")})
    (outcome,) = run(raw, site)
    (raw / (outcome.file or "")).unlink()
    assert [replace(o, reason="") for o in run(raw, site)] == [outcome]
    assert (raw / (outcome.file or "")).read_bytes() == b"w" and run(raw, site) == []


def test_files_that_were_added_are_not_asked_for(raw: Path, site: Site, tmp_path: Path) -> None:
    (tmp_path / "www.example.org").mkdir()
    (tmp_path / "www.example.org/a.html").write_text("<p>words")
    catalogue.add(raw, [tmp_path / "www.example.org"], "source")
    assert run(raw, site, REFRESH) == [] and site.asked == []


# --- resuming ------------------------------------------------------------------------------------


def test_a_run_that_was_broken_off_goes_on(raw: Path, site: Site) -> None:
    site.pages |= {f"/{n}": f"<p>{n}".encode() for n in range(4)}
    listed(raw, {f"w{n}": site.url(f"/{n}") for n in range(4)})
    begun = fetch(raw, Selection(), site.clock.means(limits=QUICK))
    assert [next(begun).work, next(begun).work] == ["w0", "w1"]
    begun.close()
    assert [o.work for o in run(raw, site)] == ["w2", "w3"]
    assert site.paths() == ["/0", "/1", "/2", "/3"]


def test_two_runs_do_not_ask_at_once(raw: Path, site: Site, tmp_path: Path) -> None:
    """Nor is anything else changed in `raw/` meanwhile: each command says so and ends."""
    site.pages |= {"/1": b"<p>1", "/2": b"<p>2"}
    listed(raw, {"one": site.url("/1"), "two": site.url("/2")})
    begun = fetch(raw, Selection(), site.clock.means(limits=QUICK))
    next(begun)
    (tmp_path / "a.txt").write_text("words")
    for other in (
        lambda: run(raw, site),
        lambda: catalogue.add(raw, [tmp_path / "a.txt"], "source"),
        lambda: catalogue.edit(raw, "two", {"year": 1911}),
        lambda: catalogue.remove(raw, "two"),
    ):
        with pytest.raises(LoccitError, match="Another loccit"):
            other()
    assert [o.work for o in begun] == ["two"]
    assert run(raw, site) == [] and site.paths() == ["/1", "/2"]


def test_a_file_without_its_record_is_recorded(
    raw: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the two writes, the file is there and nobody knows of it."""
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        killed = lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)  # noqa: E731
        patched.setattr("indexer.catalogue.adding.append", killed)
        one(raw, site, b"<p>words")
    file = next(raw.rglob("page.html"))
    assert catalogue.find(raw, "page").file is None
    stamp = file.stat().st_mtime_ns
    (outcome,) = run(raw, site)
    assert outcome.status == "fetched" and file.stat().st_mtime_ns == stamp
    assert catalogue.find(raw, "page").file == outcome.file


def test_a_file_that_somebody_put_there_is_not_written_over(raw: Path, site: Site) -> None:
    path = raw / f"papers/127.0.0.1+{site.port}/page.html"
    path.parent.mkdir(parents=True)
    path.write_text("my own notes")
    outcome = one(raw, site, b"<p>words")
    assert path.read_text() == "my own notes" and (raw / (outcome.file or "")).read_bytes() == b"<p>words"
    assert catalogue.find(raw, "page").file == outcome.file


def test_a_killed_run_leaves_whole_files_only(raw: Path, site: Site) -> None:
    """The real command, killed with SIGKILL while the second page is half there."""
    begun = threading.Event()

    def half(handler: Handler) -> None:
        handler.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n<p>half")
        begun.set()
        handler.site.done.wait(20)

    site.pages |= {"/1": b"<p>one", "/2": [half, b"<p>two"]}
    listed(raw, {"one": site.url("/1"), "two": site.url("/2")})
    command = [
        sys.executable,
        "-m",
        "loccit",
        "--archive",
        str(raw.parent),
        "fetch",
        "--allow-private",
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        assert begun.wait(20)
        os.kill(process.pid, signal.SIGKILL)
    assert catalogue.find(raw, "one").file and not catalogue.find(raw, "two").file
    assert [(o.work, o.status) for o in run(raw, site)] == [("two", "fetched")]
    assert site.paths() == ["/1", "/2", "/2"]


# The command without its pauses, for a kill is to come between any two of its steps, soon.
HURRIED = "from indexer.fetch import manners; manners.PAUSE = 0.0; import loccit; loccit.main()"
PAGES = 24


@pytest.mark.parametrize("seed", [1, 2])
def test_a_run_that_is_killed_at_any_moment_goes_on(raw: Path, site: Site, seed: int) -> None:
    """Killed at random moments: no file is half there, and what is recorded is not asked for again."""
    chance = random.Random(seed)
    body = {
        f"/{n}": f"<p>Words of page {n}. ".encode() + b"x" * chance.randrange(90_000) for n in range(PAGES)
    }
    asked = threading.Semaphore(0)

    def page(handler: Handler) -> None:
        asked.release()
        handler.answer(200, {"Content-Type": "text/html"}, body[handler.path])

    site.pages |= dict.fromkeys(body, page)
    listed(raw, {f"w{path[1:]}": site.url(path) for path in body})
    for _ in range(5):
        before = len(site.paths())
        held = {w.url for w in catalogue.collections(raw)[0].works if w.file}
        with subprocess.Popen(
            [sys.executable, "-c", HURRIED, "--archive", str(raw.parent), "fetch", "--allow-private"],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            for _ in range(chance.randint(1, 4)):
                assert asked.acquire(timeout=30)
            time.sleep(chance.random() / 50)
            process.kill()
        _whole(raw, body)
        assert not held & {site.url(path) for path in site.paths()[before:]}
    assert {o.status for o in run(raw, site)} == {"fetched"}
    assert len(_whole(raw, body)) == PAGES
    assert all(c.ok for c in examine(raw, raw.parent / "index") if c.name in ("raw files", "digests"))


def _whole(raw: Path, body: dict[str, bytes]) -> list[Path]:
    """The files that are there, none hidden: each as it was sent."""
    files = [p for p in raw.rglob("*") if p.parent.name.startswith("127") and not p.name.startswith(".")]
    assert [p.name for p in files if p.read_bytes() != body[f"/{p.name}"]] == []
    return files

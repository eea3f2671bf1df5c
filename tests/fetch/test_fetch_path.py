"""From a catalogue over a site of invented texts to verdicts."""

import re
from pathlib import Path

from loopback import Site, contents_page, run

from indexer import catalogue, store
from indexer.build import build
from indexer.fetch import (
    Selection,
)
from indexer.models import Finding

ESSAY = """Who moored the ferry?

By I. N. Quirer

The keeper told the inquiry: “I moored her at the north stair before the bell had rung, and nobody called me back” (Ferry Inquiry, Second session).

The rule was old. “A ferry shall be moored by two hands, and by daylight if there be any” (The Book of the Stair, chapter 2).

A later writer thought that “the lamps were out along the whole of the east quay” (The Lamps of the East Quay).

The pilot’s memoirs say: “We came in by the sound of the bell, and found no lamp to steer by” (Pilot’s Memoirs).

SOURCES

Ferry Inquiry, Second session, {0}/inquiry/session2.html
The Book of the Stair, {0}/stair/index.html
The Lamps of the East Quay, {0}/2011/05/lamps
Pilot’s Memoirs, {0}/scans/memoirs_djvu.txt
"""  # noqa: E501

SESSION = """<html><head><title>Ferry Inquiry: Second session</title></head><body><h1>Second session</h1>
<p>COUNSEL: Where was she moored?</p>
<p>KEEPER: I moored her at the north stair before the bell had rung, and nobody called me back. I would have
come.</p>
<p>COUNSEL: That is all for today.</p></body></html>"""

POST = """<html><head><title>The Lamps of the East Quay</title></head><body><article>
<h1>The Lamps of the East Quay</h1><p>It is said that the lamps were lit. But the lamps were out
along the length of the east quay, as the keeper's own log has it.</p></article></body></html>"""

SCAN = """PILOT'S MEMOIRS

The night was thick. We came in by the
sound of the bell, and found no lamp
to steer by. I said so at the time.
"""

CHAPTERS = {
    "ch01": "A stair shall have a rail on the side of the water.",
    "ch02": "A ferry shall be moored by two hands, and by daylight if there be any. No bell is waited for.",
    "ch03": "The bell shall be rung by the keeper and by nobody else.",
}


def test_from_a_catalogue_to_verdicts(raw: Path, site: Site, tmp_path: Path) -> None:
    """A site of invented texts is fetched with a book's chapters; indexed, an essay has its verdicts."""
    site.pages |= {"/inquiry/session2.html": SESSION.encode(), "/2011/05/lamps": POST.encode()}
    site.pages |= {
        f"/stair/{name}.html": f"<h1>{name}</h1><p>{text}".encode() for name, text in CHAPTERS.items()
    }
    site.pages["/scans/memoirs_djvu.txt"] = (200, {"Content-Type": "text/plain"}, SCAN.encode())
    site.pages["/stair/index.html"] = contents_page("ch01.html", "ch02.html", "ch03.html")
    (tmp_path / "ferry.txt").write_text(ESSAY.format(site.url("")), encoding="utf8")
    catalogue.add(raw, [tmp_path / "ferry.txt"], "essay", "ferry")
    sources = {
        "inquiry": ("Ferry Inquiry: Second session", "/inquiry/session2.html"),
        "stair": ("The Book of the Stair", "/stair/index.html"),
        "lamps": ("The Lamps of the East Quay", "/2011/05/lamps"),
        "memoirs": ("Pilot’s Memoirs", "/scans/memoirs_djvu.txt"),
    }
    tables = [
        f'[[work]]\nid = "{i}"\nkind = "source"\ntitle = "{title}"\nurl = "{site.url(path)}"\n'
        'cited_by = ["ferry"]\n'
        for i, (title, path) in sources.items()
    ]
    (raw / "ferry/catalogue.toml").write_text("\n".join(tables), encoding="utf8")
    outcomes = run(raw, site, Selection(essay="ferry", recursive=True))
    assert [o.status for o in outcomes] == ["fetched"] * 7
    built = build(raw, tmp_path / "index", jobs=1)
    assert {r.status for r in built.reports} == {"indexed"}, built.reports
    found = store.Store(built.folder).findings("ferry")
    assert [verdict_of(f) for f in found] == [
        ("verbatim", "inquiry"), ("verbatim", "ferry-stair-ch02"), ("altered", "lamps"),
        ("verbatim", "memoirs"),
    ]  # fmt: skip


def verdict_of(finding: Finding) -> tuple[str, str | None]:
    """The verdict and the work where the words stand, a port in the work's id left out."""
    place = finding.alignment.place.work_id if finding.alignment else None
    return finding.verdict.name, re.sub(r"^127-0-0-1-\d+", "ferry", place or "") or None

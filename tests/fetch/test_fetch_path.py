"""From a catalogue over a site of invented texts to the pages: `fetch`, `index`, `quotes`, and the web."""

import html
import json
from pathlib import Path
from typing import Any

import ferry
import pytest
from click.testing import CliRunner
from loopback import Site, listed

from indexer import catalogue, store
from loccit import main
from web import create_app


def loccit(archive: Path, *words: str) -> Any:
    return CliRunner().invoke(main, ["--archive", str(archive), *words])


@pytest.fixture
def archive(tmp_path: Path, site: Site, hasty: None) -> Path:
    """The essay, and a catalogue of what it cites at the site; nothing is fetched yet."""
    site.pages |= ferry.pages()
    (tmp_path / "ferry.txt").write_text(ferry.ESSAY.format(site.url("")), encoding="utf8")
    catalogue.add(tmp_path / "raw", [tmp_path / "ferry.txt"], "essay", "ferry")
    tables = [
        f'[[work]]\nid = "{i}"\nkind = "source"\ntitle = "{title}"\nurl = "{site.url(path)}"\n'
        'cited_by = ["ferry"]\n'
        for i, title, path in ferry.WORKS
    ]
    (tmp_path / "raw/ferry/catalogue.toml").write_text("\n".join(tables), encoding="utf8")
    return tmp_path


def test_from_a_catalogue_to_the_pages(archive: Path, site: Site) -> None:
    """Hearings, a report as PDF, a book with its chapters, a scan and a blog post, and every quotation."""
    fetched = loccit(archive, "fetch", "--essay", "ferry", "--recursive", "--allow-private")
    assert (fetched.exit_code, "11 fetched, 1 gone. Next: loccit index" in fetched.output) == (1, True)
    indexed = loccit(archive, "index", "--jobs", "1")
    assert (indexed.exit_code, "11 quotations" in indexed.output) == (0, True), indexed.output
    rows = [json.loads(line) for line in loccit(archive, "quotes", "ferry", "--json").stdout.splitlines()]
    assert [_told(row, site) for row in rows] == [told[1:] for told in ferry.EXPECTED]
    assert all(row["text"].startswith(told[0]) for row, told in zip(rows, ferry.EXPECTED, strict=True))
    pages = create_app(archive).test_client()
    for row in rows:
        page = pages.get(f"/quotation/{row['id']}")
        assert page.status_code == 200
        # The words of the source that the essay changed or left out stand on the page.
        assert all(change["source"].split()[0] in page.text for change in row["changes"])
        assert row["source"] is None or row["source"]["title"] in html.unescape(page.text)


def _told(row: dict[str, Any], site: Site) -> tuple[Any, ...]:
    """A row of `quotes` as the table has it."""
    source = row["source"] or {}
    path = source["url"].removeprefix(site.url("")) if source else None
    place = (path, source.get("locator"), source.get("speaker"))
    return (row["verdict"], row["warnings"], row["in_cited_work"], *place)


# --- what only the essays know -------------------------------------------------------------------


@pytest.fixture
def unlisted(archive: Path) -> Path:
    """The same archive without a catalogue, its essay indexed: only its list of sources has the addresses."""
    (archive / "raw/ferry/catalogue.toml").unlink()
    assert loccit(archive, "index", "--jobs", "1").exit_code == 0
    return archive


def test_what_only_an_essay_lists_is_fetched_and_then_found(unlisted: Path, site: Site) -> None:
    """It was not: the page of the report sent its readers to a command that found nothing to fetch."""
    planned = loccit(unlisted, "fetch", "--essay", "ferry", "--dry-run", "--json")
    rows = [json.loads(line) for line in planned.stdout.splitlines()]
    told = {(row["url"], row["status"], row["work"]) for row in rows}
    assert told == {(site.url(path), "wanted", None) for path in LISTED} and site.asked == []
    fetched = loccit(unlisted, "fetch", "--recursive", "--allow-private")
    assert (fetched.exit_code, "11 fetched, 1 gone. Next: loccit index" in fetched.output) == (1, True)
    again = loccit(unlisted, "fetch", "--allow-private")
    assert (again.exit_code, "1 gone." in again.output) == (1, True), "what came is not asked for again"
    assert "11 quotations" in loccit(unlisted, "index", "--jobs", "1").output
    entries = [json.loads(line) for line in loccit(unlisted, "sources", "--json").stdout.splitlines()]
    assert [e["url"].removeprefix(site.url("")) for e in entries if not e["held"]] == ["/lost/log.html"]
    rows = [json.loads(line) for line in loccit(unlisted, "quotes", "--json").stdout.splitlines()]
    assert [row["verdict"] for row in rows] == [told[1] for told in ferry.EXPECTED]


ALSO = 'also = ["{}"]\n'
LISTED = [path for _, _, path in ferry.WORKS]


def test_addresses_of_essays_go_where_they_are_asked_for(unlisted: Path, site: Site) -> None:
    """Of one essay only its own, into its collection; none when works are named; each once, and none that the
    catalogue knows, also under its other addresses."""
    (unlisted / "other.txt").write_text(
        f"Another essay\n\nHe said: “no watch was kept on the quay that night” (The Log).\n\nSOURCES\n\n"
        f"The Log, {site.url('/lost/log.html')}\nThe Diary of the Pilot, {site.url('/diary.html')}\n"
    )
    catalogue.add(unlisted / "raw", [unlisted / "other.txt"], "essay", "others")
    listed(unlisted / "raw", {"log": site.url("/log")}, more=ALSO.format(site.url("/lost/log.html#top")))
    loccit(unlisted, "index", "--jobs", "1")

    def asked(*words: str) -> list[tuple[str, str | None]]:
        found = loccit(unlisted, "fetch", "--dry-run", "--json", *words).stdout.splitlines()
        return [(json.loads(row)["url"].removeprefix(site.url("")), json.loads(row)["work"]) for row in found]

    assert asked("--essay", "other") == [("/log", "log"), ("/diary.html", None)]
    assert asked("log") == [("/log", "log")]
    assert sorted(path for path, _ in asked()) == sorted(
        {*LISTED, "/log", "/diary.html"} - {"/lost/log.html"}
    )
    site.pages["/diary.html"] = b"<html><title>The Diary of the Pilot</title><p>No watch was kept.</p></html>"
    assert "1 fetched" in loccit(unlisted, "fetch", "--essay", "other", "--allow-private").output
    kept = catalogue.collections(unlisted / "raw")
    assert [c.name for c in kept for w in c.works if w.url == site.url("/diary.html")] == ["others"]


def test_before_an_index_what_essays_cite_is_not_known(tmp_path: Path) -> None:
    listed(tmp_path / "raw", {})
    told = loccit(tmp_path, "fetch")
    assert told.exit_code == 0 and "nothing to fetch" in told.output and "loccit index" in told.output
    listed(tmp_path / "raw", {"a": "https://a.example/"})
    assert "loccit index" not in loccit(tmp_path, "fetch", "--dry-run").output


def test_a_new_edition_of_a_page_changes_verdicts(archive: Path, site: Site) -> None:
    """Both editions are kept; what the new one says otherwise is named, and shown on the page of the work."""
    for command in (("fetch", "--recursive", "--allow-private"), ("index", "--jobs", "1")):
        loccit(archive, *command)
    site.pages["/2011/05/lamps/"] = site.pages["/2011/05/lamps/"].replace(b"the length of", b"the whole of")
    second = site.pages["/inquiry/session3.html"].replace(b"two lanterns", b"two lights")
    site.pages["/inquiry/session3.html"] = second
    refreshed = loccit(archive, "fetch", "--refresh", "--allow-private")
    assert "2 edition, " in refreshed.output and "ferry-003 was verbatim, is altered" in refreshed.output
    indexed = loccit(archive, "index", "--jobs", "1")
    assert [line.split(": “")[0] for line in indexed.output.splitlines() if ": was " in line] == [
        "  ferry-003: was verbatim, is altered", "  ferry-010: was altered, is verbatim",
    ]  # fmt: skip
    assert "Editions kept" in create_app(archive).test_client().get("/work/lamps").text
    assert len(list((archive / "raw").rglob("session3*.html"))) == 2


# Pages that do not say how they are encoded; only the server's header does.
UNSAID = {
    "windows-1250": "Převozník řekl, že loď uvázal u severních schodů dřív, než zazvonil zvon.",
    "iso-8859-2": "A révész azt mondta, hogy a hajót az északi lépcsőnél kötötte ki, mielőtt a harang szólt.",
    "koi8-r": "Паромщик показал, что лодка стояла у северной лестницы, когда прозвонил колокол.",
    "cp866": "Паромщик показал, что лодка стояла у северной лестницы, когда прозвонил колокол.",
    "utf-8": "Der Fährmann sagte, die Fähre läge an der nördlichen Treppe, bevor die Glocke läutete.",
    "x-unheard-of": "The ferry lay at the north stair before the bell had rung.",
}


@pytest.mark.parametrize("charset, words", UNSAID.items())
def test_the_charset_that_the_server_tells_is_believed(
    tmp_path: Path, site: Site, hasty: None, charset: str, words: str
) -> None:
    body = f"<html><body><p>{words}</p></body></html>"
    coded = body.encode("ascii" if charset.startswith("x-") else charset)
    site.pages["/page.html"] = (200, {"Content-Type": f"text/html; charset={charset}"}, coded)
    listed(tmp_path / "raw", {"page": site.url("/page.html")})
    loccit(tmp_path, "fetch", "--allow-private")
    loccit(tmp_path, "index", "--jobs", "1")
    assert store.Store(store.current(tmp_path / "index")).document("page").text == words


def test_the_report_is_read_without_its_running_heads_and_hyphens(archive: Path) -> None:
    loccit(archive, "fetch", "trial", "--allow-private")
    loccit(archive, "index", "--jobs", "1")
    text = store.Store(store.current(archive / "index")).document("trial").text
    assert "in the middle of the bench" in text and "had followed these words." in " ".join(text.split())
    assert "REPORT OF" not in text and "43" not in text

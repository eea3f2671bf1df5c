"""What is new: the page and the feeds, which an XML parser and the rules of Atom accept."""

import re
from pathlib import Path
from xml.etree import ElementTree

import made
import pytest
from flask.testing import FlaskClient

from indexer.models import Provenance, Revised
from indexer.store import Writer, save_revised
from web import create_app
from web.news import moment

ATOM = "{http://www.w3.org/2005/Atom}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def revised(quotation_id: str, text: str, essay: str = "essay", by_rules: bool = False) -> Revised:
    when = "2026-03-01T10:00:00+00:00"
    return Revised(quotation_id, essay, text, "verbatim", "altered", "report", when, by_rules)


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The archive made for tests, with files that came on some days, and verdicts that changed."""
    came = [
        Provenance("made/report.htm", "aa", 9, "2026-02-03T08:00:00+00:00"),
        Provenance("made/letters.htm", "bb", 9, "2026-02-05"),
        Provenance("made/essay.txt", "cc", 9, "2026-01-01"),
        Provenance("made/gone.txt", "dd", 9, "2026-09-09"),
    ]
    close = Writer.close

    def with_provenance(writer: Writer) -> None:
        writer.provenance(came)
        close(writer)

    monkeypatch.setattr(Writer, "close", with_provenance)
    folder = made.write(tmp_path)
    first, second = made.FINDINGS[0], made.FINDINGS[1]
    save_revised(
        folder / "index" / "g1",
        [
            revised(first.quotation.id, first.text, by_rules=True),
            revised(second.quotation.id, "words that the essay has no longer \x0b & <b>"),
            revised("gone-001", "of an essay that is gone", "gone"),
        ],
    )
    return folder


@pytest.fixture
def client(archive: Path) -> FlaskClient:
    return create_app(archive).test_client()


def test_the_page_says_what_came_and_what_changed(client: FlaskClient) -> None:
    twin = client.get("/news?format=json").json
    assert [d["work"]["id"] for d in twin["documents"]] == ["letters", "report", "essay"]
    assert [(c["id"], c["address"]) for c in twin["verdicts"]] == [
        ("essay-001", "/quotation/essay-001"),
        ("essay-002", None),
    ]
    page = client.get("/news").text
    assert 'href="/news/verdicts.atom"' in page and "by another version of Loccit" in page


@pytest.mark.parametrize(("feed", "entries"), [("documents", 3), ("verdicts", 2)])
def test_a_feed_is_atom(client: FlaskClient, feed: str, entries: int) -> None:
    """Each entry has an id of its own, a title, a moment and an address; so has the feed."""
    answer = client.get(f"/news/{feed}.atom")
    assert answer.mimetype == "application/atom+xml"
    root = ElementTree.fromstring(answer.data)
    found = root.findall(f"{ATOM}entry")
    assert len(found) == entries
    ids = [str(entry.findtext(f"{ATOM}id")) for entry in found]
    assert len(set(ids)) == entries and all(":" in name for name in ids)
    for part in (root, *found):
        assert part.findtext(f"{ATOM}title") and MOMENT.fullmatch(str(part.findtext(f"{ATOM}updated")))
    moments = [str(entry.findtext(f"{ATOM}updated")) for entry in found]
    assert moments == sorted(moments, reverse=True) and root.findtext(f"{ATOM}updated") == moments[0]
    links = {link.get("rel"): str(link.get("href")) for link in root.findall(f"{ATOM}link")}
    assert links["self"] == f"http://localhost/news/{feed}.atom"
    for entry in found:
        (link,) = entry.findall(f"{ATOM}link")
        assert client.get(str(link.get("href"))).status_code == 200


def test_a_feed_that_is_as_it_was_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/news/verdicts.atom")
    again = client.get("/news/verdicts.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data


def test_every_page_names_the_feeds(client: FlaskClient) -> None:
    page = client.get("/works").text
    assert page.count('type="application/atom+xml"') == 2


def test_an_archive_without_news_says_so(tmp_path: Path) -> None:
    client = create_app(made.write(tmp_path)).test_client()
    assert "No verdict has changed" in client.get("/news").text
    root = ElementTree.fromstring(client.get("/news/documents.atom").data)
    assert root.findall(f"{ATOM}entry") == [] and root.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-02-03", "2026-02-03T00:00:00Z"),
        ("2026-02-03T23:30:00-02:00", "2026-02-04T01:30:00Z"),
        ("2026-02-03T08:00:00.123Z", "2026-02-03T08:00:00Z"),
        ("", "1970-01-01T00:00:00Z"),
        ("once", "1970-01-01T00:00:00Z"),
    ],
)
def test_moments_are_written_as_feeds_want_them(written: str, read: str) -> None:
    assert moment(written) == read

"""What is new: documents that came, quotations whose verdict changed; a page, and Atom feeds (RFC 4287)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, render_template, request, url_for

from indexer.errors import NotThere
from indexer.models import Finding, Provenance, Revised, Work
from web.addresses import quotation_address
from web.answer import answer
from web.library import Opened, opened
from web.report import first_words
from web.verdicts import LABELS

pages = Blueprint("news", __name__)

MOST = 50
"""Entries of a list or a feed, the newest: readers of feeds ask every few hours."""
FEEDS = {"documents": "New documents", "verdicts": "Changed verdicts"}
# XML 1.0 has no way to write these; a text that holds one is still to be read.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Document:
    """A held work and when its file came (a day or a moment, ISO 8601)."""

    work: Work
    came: Provenance


@dataclass(frozen=True, slots=True)
class Change:
    """A quotation that has another verdict than before; `address` is its comparison, None if it is gone.

    `rules` says that the program changed too, so that its rules may be the cause.
    """

    essay: Work
    words: str
    was: str
    now: str
    when: str
    rules: bool
    address: str | None
    id: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed."""

    id: str
    title: str
    link: str
    updated: str
    author: str | None
    summary: str


@pages.get("/news")
def index() -> Response:
    """The documents that came last, and the verdicts that changed last."""
    here = opened()
    return answer("news.html", {"documents": documents(here), "verdicts": list(changes(here))})


@pages.get("/news/<any(documents, verdicts):feed>.atom")
def atom(feed: str) -> Response:
    """One of the two lists as a feed; 304 if it is as the reader of feeds has it."""
    here = opened()
    entries = list(_of_documents(here) if feed == "documents" else _of_verdicts(here))
    updated = max((entry.updated for entry in entries), default=moment(""))
    body = render_template("feed.xml", feed=feed, title=FEEDS[feed], entries=entries, updated=updated)
    response = Response(_UNWRITABLE.sub("\ufffd", body), content_type="application/atom+xml; charset=utf-8")
    response.add_etag()
    response.make_conditional(request)
    return response


def documents(here: Opened) -> list[Document]:
    """The held works whose files came last, the newest first."""
    return [Document(work, came) for work, came in here.store.newest(MOST)]


def changes(here: Opened) -> Iterator[Change]:
    """The quotations that changed their verdict last, the newest first, of essays that are still held."""
    for found in here.store.revised()[:MOST]:
        essay = here.known.get(found.essay_id)
        if essay is not None:
            stands = _stands(here, found)
            yield Change(
                essay=essay,
                words=first_words(found.text),
                was=found.was,
                now=found.now,
                when=found.when,
                rules=found.by_rules,
                address=quotation_address(found.quotation_id) if stands else None,
                id=found.quotation_id,
            )


def _stands(here: Opened, found: Revised) -> Finding | None:
    """The finding of a quotation that changed, if its number still means the same words."""
    try:
        now = here.store.finding(found.quotation_id)
    except NotThere:
        return None
    return now if now.text == found.text else None


def _of_documents(here: Opened) -> Iterator[Entry]:
    for new in documents(here):
        work = new.work
        yield Entry(
            id=f"urn:loccit:document:{new.came.sha256}:{work.id}",
            title=work.title,
            link=url_for("works.show", work_id=work.id, _external=True),
            updated=moment(new.came.added),
            author=work.author,
            summary=", ".join(filter(None, (work.kind, work.date or str(work.year or ""), work.url))),
        )


def _of_verdicts(here: Opened) -> Iterator[Entry]:
    for change in changes(here):
        essay = url_for("report.show", work_id=change.essay.id)
        was, now = LABELS[change.was], LABELS[change.now]
        yield Entry(
            id=f"urn:loccit:verdict:{change.id}:{change.when}",
            title=f"{was} → {now}: {change.words}",
            link=request.host_url.rstrip("/") + (change.address or essay),
            updated=moment(change.when),
            author=change.essay.author,
            summary=f"{change.essay.title}: the verdict was {was}, and is {now}.",
        )


def moment(written: str) -> str:
    """A day or moment as feeds write it (RFC 3339, in UTC); what is no day is the beginning of time."""
    try:
        when = datetime.fromisoformat(written)
    except ValueError:
        when = datetime.fromtimestamp(0, UTC)
    return when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""An edition of a work that is kept and not in force: it is read when asked for, for no index has it."""

from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, current_app, redirect, url_for
from werkzeug.wrappers import Response as Redirect

from indexer.build import read_edition
from indexer.errors import NotThere, UnreadableFile
from indexer.models import Document, Provenance, Work
from web.answer import answer
from web.language import _
from web.library import opened

pages = Blueprint("editions", __name__)

SHORTEST_DIGEST = 16
"""Letters of a file's digest that name it in an address."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of an edition; `same`: the text in force has one with just these words."""

    kind: str
    text: str
    same: bool


@pages.get("/work/<work_id>/edition/<digest>")
def show(work_id: str, digest: str) -> Response | Redirect:
    """The text of a kept edition, beside what the one in force still has. Raises NotThere."""
    store = opened().store
    work = store.work(work_id)
    kept = store.raw_editions(work.file) if work.file else []
    edition = next((e for e in kept if e.sha256.startswith(digest)), None)
    if edition is None or len(digest) < SHORTEST_DIGEST:
        raise NotThere(_("No edition of “%(title)s” that is kept has this digest.", title=work.title))
    if edition.file == work.file:
        return redirect(url_for("read.show", work_id=work.id))
    try:
        return answer("edition.html", _record(work, edition, store.document(work.id)))
    except UnreadableFile as error:
        raise NotThere(str(error)) from None


def _record(work: Work, edition: Provenance, now: Document) -> dict[str, object]:
    archive: Path = current_app.config["ARCHIVE"]
    document = read_edition(archive / "raw", work, edition)
    known = {_words(text) for _, text in _texts(now)}
    paragraphs = [Paragraph(kind, text, _words(text) in known) for kind, text in _texts(document)]
    return {
        "work": work,
        "edition": edition,
        "words": len(document.text.split()),
        "others": sum(not paragraph.same for paragraph in paragraphs),
        "paragraphs": paragraphs,
    }


def _texts(document: Document) -> list[tuple[str, str]]:
    """The paragraphs, each with its kind."""
    return [(b.kind, document.text[b.span.start : b.span.end]) for b in document.blocks]


def _words(text: str) -> str:
    return " ".join(text.split())

"""Bookmarks: passages, quotations and comparisons that the reader keeps, with a note and tags.

Only POST writes. What was typed is never lost: a form that cannot be kept comes back as it was sent,
with a sentence that says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from flask import Blueprint, Response, current_app, redirect, request, url_for

from indexer.compare import number_at
from indexer.errors import IndexUnusable, NotThere
from indexer.models import Span, Work
from indexer.store import Store, where
from web import anchoring, lists, reader
from web.addresses import reading_address
from web.answer import answer, wants_json
from web.library import Opened, opened
from web.reader import Refused
from web.reader.bookmarks import Bookmark, Draft, Kind
from web.refusals import refusal
from web.ties import touching

pages = Blueprint("bookmarks", __name__)

State = Literal["stands", "orphan", "gone", "unknown"]

STATES: dict[State, str] = {
    "stands": "",
    "orphan": "These words stand no longer in the text that the archive holds. They are kept as they were.",
    "gone": "The archive no longer holds this work. The words are kept as they were.",
    "unknown": "The archive has no index just now, so the place cannot be shown. The words are kept.",
}
DONE = {"kept": "Kept.", "changed": "Changed.", "restored": "It is back."}


@dataclass(frozen=True, slots=True)
class Standing:
    """A bookmark and what became of its place: where its words stand now, and in which quotation.

    `address` is that of the place in the reader.
    """

    bookmark: Bookmark
    state: State
    span: Span | None = None
    work: Work | None = None
    quotation_id: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """What the form for a bookmark shows: the words, and what the reader typed so far."""

    draft: Draft
    note: str
    tags: str
    place: Mapping[str, object]
    problem: str = ""


def reader_file() -> Path:
    """The file of the reader's records in this archive."""
    archive: Path = current_app.config["ARCHIVE"]
    return archive / reader.FILE


@pages.errorhandler(Refused)
def refused(error: Refused) -> Response:
    """Words that cannot be kept, as a page: nothing was changed."""
    return refusal(400, "This cannot be kept as it is", str(error))


# The list


@pages.get("/bookmarks")
def index() -> Response:
    """The bookmarks, kept to what the query string asks for, newest first, a page at a time."""
    path = reader_file()
    chosen = {name: request.args.get(name, "").strip() for name in ("q", "tag", "work")}
    deleted = request.args.get("deleted") == "yes"
    found = reader.bookmarks.listed(
        path, chosen["tag"] or None, chosen["work"] or None, chosen["q"], deleted=deleted
    )
    part = lists.pages(len(found))
    record = {
        "bookmarks": standings(part.cut(found)),
        "total": len(found),
        "page": part.number,
        "pages": part.last,
        "tags": reader.bookmarks.tags(path),
    }
    return answer(
        "bookmarks.html",
        record,
        part=part,
        chosen=chosen,
        deleted=deleted,
        states=STATES,
        works=_works(reader.bookmarks.listed(path, deleted=deleted)),
        waiting=0 if deleted else len(reader.bookmarks.listed(path, deleted=True)),
        undo=_undo(path),
    )


def _works(kept: Sequence[Bookmark]) -> dict[str, str]:
    """The works that have bookmarks: what they are called, by their ids."""
    named = {b.work_id: b.label or b.work_id for b in kept}
    return dict(sorted(named.items(), key=lambda pair: pair[1].casefold()))


def _undo(path: Path) -> Bookmark | None:
    """The bookmark that was just deleted, to offer it back; None where there is none such."""
    asked = request.args.get("undo")
    try:
        found = reader.bookmarks.get(path, asked) if asked else None
    except NotThere:
        return None
    return found if found and found.deleted else None


def standings(kept: Sequence[Bookmark]) -> list[Standing]:
    """What became of each bookmark's place, in the given order. A text is read once for all of its own."""
    here = _opened()
    if here is None:
        return [Standing(b, "unknown") for b in kept]
    of_work: dict[str, list[Bookmark]] = {}
    for b in kept:
        of_work.setdefault(b.work_id, []).append(b)
    found = {s.bookmark.id: s for work_id, of in of_work.items() for s in _of_work(here, work_id, of)}
    return [found[b.id] for b in kept]


def _opened() -> Opened | None:
    try:
        return opened()
    except IndexUnusable:
        return None


def _of_work(here: Opened, work_id: str, kept: Sequence[Bookmark]) -> list[Standing]:
    try:
        document = here.store.document(work_id)
    except NotThere:
        return [Standing(b, "gone") for b in kept]
    made = []
    for b, span in zip(kept, anchoring.anchors(kept, document.text), strict=True):
        if span is None:
            made.append(Standing(b, "orphan", None, document.work))
            continue
        address = reading_address(work_id, number_at(document, span.start))
        made.append(Standing(b, "stands", span, document.work, _quotation(here, b, span), address))
    return made


def _quotation(here: Opened, kept: Bookmark, span: Span) -> str | None:
    """The quotation that a bookmark of one means now: numbers change, its words do not."""
    if kept.kind == "passage":
        return None

    def shared(tie_span: Span) -> int:
        return min(tie_span.end, span.end) - max(tie_span.start, span.start)

    ties = touching(here.ties.quotations(kept.work_id), span)
    best = max(ties, key=lambda tie: shared(tie.span), default=None)
    return best.quotation_id if best else None


# One bookmark


@pages.get("/bookmarks/new")
def new() -> Response:
    """The form for a bookmark of a quotation, a comparison or a passage."""
    place = _place(request.args)
    return _form(Form(_drafted(place), "", "", place))


@pages.post("/bookmarks")
def add() -> Response:
    """Keeps a bookmark and goes to its page."""
    place = _place(request.form)
    note, typed = request.form.get("note", ""), request.form.get("tags", "")
    kept = _drafted(place)
    try:
        made = reader.bookmarks.add(reader_file(), _with(kept, note, typed))
    except Refused as error:
        return _form(Form(kept, note, typed, place, str(error)), 400)
    return _kept(made, 201, "kept")


@pages.get("/bookmarks/<bookmark_id>")
def show(bookmark_id: str) -> Response:
    """A bookmark: its words, where they stand now, and the form for its note and tags."""
    made = reader.bookmarks.get(reader_file(), bookmark_id)
    return _page(made, made.note, ", ".join(made.tags))


@pages.post("/bookmarks/<bookmark_id>")
def edit(bookmark_id: str) -> Response:
    """Changes note and tags."""
    note, typed = request.form.get("note", ""), request.form.get("tags", "")
    try:
        made = reader.bookmarks.edit(reader_file(), bookmark_id, note, split_tags(typed))
    except Refused as error:
        return _page(reader.bookmarks.get(reader_file(), bookmark_id), note, typed, str(error))
    return _kept(made, 200, "changed")


@pages.post("/bookmarks/<bookmark_id>/delete")
def delete(bookmark_id: str) -> Response:
    """Sets a bookmark aside; the list then offers it back."""
    made = reader.bookmarks.delete(reader_file(), bookmark_id)
    if wants_json():
        return answer("bookmark.html", {"bookmark": made})
    return _see(url_for("bookmarks.index", undo=made.id))


@pages.post("/bookmarks/<bookmark_id>/restore")
def restore(bookmark_id: str) -> Response:
    """Brings a deleted bookmark back."""
    return _kept(reader.bookmarks.restore(reader_file(), bookmark_id), 200, "restored")


def split_tags(typed: str) -> tuple[str, ...]:
    """The tags that were typed, parted by commas."""
    return tuple(name.strip().lstrip("#") for name in typed.split(",") if name.strip().lstrip("#"))


def _with(kept: Draft, note: str, typed: str) -> Draft:
    return Draft(**(asdict(kept) | {"note": note, "tags": split_tags(typed)}))


def _place(sent: Mapping[str, str]) -> dict[str, object]:
    """What is to be kept, as it was sent: a quotation, or a place in a work. Raises Refused."""
    kind = sent.get("kind", "passage")
    if kind not in get_args(Kind):
        raise Refused("A bookmark is of a passage, a quotation or a comparison.")
    if kind != "passage":
        return {"kind": kind, "quotation_id": sent.get("quotation_id", "")}
    numbers = [sent.get(name, "") for name in ("start", "end")]
    if not all(n.isascii() and n.isdigit() and len(n) < 12 for n in numbers):
        raise Refused("A passage is kept by its work and the numbers of its first and last letter.")
    start, end = map(int, numbers)
    return {"kind": kind, "work_id": sent.get("work_id", ""), "start": start, "end": end}


def _drafted(place: Mapping[str, Any]) -> Draft:
    """The draft of what is at a place. Raises NotThere, Refused."""
    store = opened().store
    if place["kind"] == "passage":
        return _draft(store, place["work_id"], Span(place["start"], place["end"]), "passage")
    finding = store.finding(place["quotation_id"])
    quotation = finding.quotation
    return _draft(store, quotation.essay_id, quotation.span, place["kind"], quotation.id)


def _draft(store: Store, work_id: str, span: Span, kind: Kind, quotation_id: str | None = None) -> Draft:
    document = store.document(work_id)
    locator, _ = where(document, span.start)
    return reader.bookmarks.draft(
        document, span, kind=kind, quotation_id=quotation_id, label=label(document.work, locator)
    )


def label(work: Work, locator: str | None = None) -> str:
    """A work in one line, for people: author, title, year, place."""
    facts = (work.author, work.title, work.year, locator)
    return ", ".join(str(fact) for fact in facts if fact)


def _form(form: Form, status: int = 200) -> Response:
    record = {"draft": form.draft, "note": form.note, "tags": form.tags, "problem": form.problem}
    return answer("bookmarks_new.html", record, status, place=form.place)


def _page(made: Bookmark, note: str, typed: str, problem: str = "") -> Response:
    [standing] = standings([made])
    record = {"bookmark": made, "standing": standing, "note": note, "tags": typed, "problem": problem}
    done = DONE.get(request.args.get("done", ""), "")
    return answer("bookmark.html", record, 400 if problem else 200, states=STATES, done=done)


def _kept(made: Bookmark, status: int, done: str) -> Response:
    if wants_json():
        return answer("bookmark.html", {"bookmark": made}, status)
    return _see(url_for("bookmarks.show", bookmark_id=made.id, done=done))


def _see(address: str) -> Response:
    """To another page after a POST: reloading it sends nothing again."""
    made = redirect(address, 303)
    assert isinstance(made, Response)
    return made


# Out and in


@pages.get("/bookmarks/export.json")
def export_json() -> Response:
    """All bookmarks as W3C Web Annotations, as a file."""
    return _file(reader.exchange.export_json(reader_file()), "application/json", "bookmarks.json")


@pages.get("/bookmarks/export.md")
def export_markdown() -> Response:
    """All bookmarks as Markdown, as a file."""
    return _file(reader.exchange.export_markdown(reader_file()), "text/markdown", "bookmarks.md")


def _file(text: str, media_type: str, name: str) -> Response:
    response = Response(text, content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@pages.get("/bookmarks/import")
def bring() -> Response:
    """The form for an import."""
    return answer("bookmarks_import.html", {"results": None, "problem": ""}, counts={})


@pages.post("/bookmarks/import")
def import_json() -> Response:
    """Takes an export in, from a file or as text, and says what became of each item."""
    sent = request.files.get("file")
    raw = sent.read() if sent and sent.filename else request.form.get("text", "").encode()
    try:
        results = reader.exchange.import_json(reader_file(), raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _not_taken("This is not an export of bookmarks: it is not text (UTF-8).")
    except Refused as error:
        return _not_taken(str(error))
    counts = {name: sum(r.status == name for r in results) for name in ("imported", "duplicate", "failed")}
    return answer("bookmarks_import.html", {"results": results, "problem": ""}, counts=counts)


def _not_taken(problem: str) -> Response:
    return answer("bookmarks_import.html", {"results": None, "problem": problem}, 400, counts={})

"""What a reader asks to be kept, from what a link or a form sent to the draft of a bookmark."""

from collections.abc import Mapping
from typing import get_args
from urllib.parse import parse_qs, urlsplit

from indexer.models import Document, Span, Work
from indexer.store import where
from web import anchoring
from web.addresses import inside
from web.citing import one_line
from web.language import _
from web.library import opened
from web.reader import Refused
from web.reader.bookmarks import Draft, Kind, draft


def place(sent: Mapping[str, str]) -> dict[str, str]:
    """What is to be kept, as it was sent: a search, a quotation, or a place in a work. Raises Refused."""
    kind = sent.get("kind", "passage")
    if kind not in get_args(Kind):
        raise Refused(_("A bookmark is of a passage, a quotation or a comparison, a paragraph or a search."))
    if kind == "search":
        return {"kind": kind, "address": sent.get("address", "")}
    if kind in ("quotation", "comparison"):
        return {"kind": kind, "quotation_id": sent.get("quotation_id", "")}
    numbers = [sent.get(name, "") for name in ("start", "end")]
    if not all(n.isascii() and n.isdigit() and len(n) < 12 for n in numbers):
        raise Refused(_("A passage is kept by its work and the numbers of its first and last letter."))
    names = ("work_id", "start", "end", "words", "before")
    return {"kind": "passage"} | {name: sent.get(name, "") for name in names}


def drafted(place: Mapping[str, str]) -> tuple[Draft, str | None]:
    """The draft of what is at a place, and the words that may be cut down. Raises NotThere, Refused."""
    if place["kind"] == "search":
        return _search(place["address"]), None
    store = opened().store
    if place["kind"] == "passage":
        document = store.document(place["work_id"])
        span = _narrowed(
            document, Span(int(place["start"]), int(place["end"])), place["words"], place["before"]
        )
        made = _draft(document, span, _kind_of(document, span))
        return made, made.exact
    finding = store.finding(place["quotation_id"])
    quotation = finding.quotation
    document = store.document(quotation.essay_id)
    kind: Kind = "comparison" if place["kind"] == "comparison" else "quotation"
    return _draft(document, quotation.span, kind, quotation.id), None


def _narrowed(document: Document, span: Span, typed: str, before: str) -> Span:
    """The words that were typed or selected, where they stand in a passage. Raises Refused."""
    if not typed.strip():
        return span
    found = anchoring.within(document.text[span.start : span.end], typed, before)
    if found is None:
        raise Refused(
            _(
                "These words do not stand so in this passage, one after the other. Take away from its "
                "beginning and its end, and leave what is between."
            )
        )
    return Span(span.start + found.start, span.start + found.end)


def _kind_of(document: Document, span: Span) -> Kind:
    """A block that is kept whole is a paragraph; all else is a passage."""
    return "paragraph" if any(block.span == span for block in document.blocks) else "passage"


def _draft(document: Document, span: Span, kind: Kind, quotation_id: str | None = None) -> Draft:
    locator, _ = where(document, span.start)
    named = label(document.work, locator)
    return draft(document, span, kind=kind, quotation_id=quotation_id, label=named)


def _search(address: str) -> Draft:
    """A search by the address of its page here; what was typed is what it is called. Raises Refused."""
    typed = parse_qs(urlsplit(address).query) if inside(address) else {}
    query = next((typed[name][0] for name in ("q", "text") if name in typed), "")
    if not query:
        raise Refused(_("A search is kept by the address of its page, with what was typed."))
    return Draft("", query, kind="search", label="Search", address=address)


def label(work: Work, locator: str | None = None) -> str:
    """A work in one line, for people: author, title, year, place."""
    return one_line(work, locator)


def split_tags(typed: str) -> tuple[str, ...]:
    """The tags that were typed, parted by commas."""
    return tuple(name.strip().lstrip("#") for name in typed.split(",") if name.strip().lstrip("#"))

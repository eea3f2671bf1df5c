"""The reader: the text of a work, with its quotations and the marks of where it is quoted."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request, url_for

from indexer.fulltext import Filters, Found
from indexer.models import Document, Entry, Link, Span, Work
from web.addresses import absolute, host
from web.answer import answer
from web.asking import exact, names
from web.library import Opened, opened
from web.sheet import Heading, Mark, Paragraph, Sheet, Shown, draw, sheet
from web.ties import Tie
from web.verdicts import in_order
from web.works import held_whole

pages = Blueprint("read", __name__)

# Passages asked for at once for the marks of a query, and how often: more than any book has.
AT_ONCE = 200
MOST_PAGES = 50
# Paragraphs from the top among which the title is looked for: before it stand author and place at most.
TITLE_WITHIN = 4
# Matches with a link of their own beside the text; links before and after them lead to the others.
LISTED = 30


@dataclass(frozen=True, slots=True)
class Match:
    """A place in the text that the query matched: its number from 1, and the block that holds it."""

    number: int
    span: Span
    block: int


@dataclass(frozen=True, slots=True)
class Named:
    """A work that an entry of the list of sources names, and whether its text is here."""

    work: Work
    held: bool


@pages.get("/read/<work_id>")
def show(work_id: str) -> Response:
    """A part of a work's text: the one asked for by `part`, or that which holds block `at`, or the first."""
    here = opened()
    whole = sheet(here.store.document(work_id))
    query = request.args.get("q", "").strip()
    matches = _matches(here, whole, query)
    part = _asked_part(whole, matches)
    quotations, quoted = here.ties.quotations(work_id), here.ties.quoted(work_id)
    shown = draw(whole, part, list(_marks(here, whole.document, matches)), quoted)
    record = {
        "work": whole.document.work,
        "words": here.words.get(work_id, 0),
        "part": part,
        "parts": whole.parts,
        "contents": whole.headings(),
        "blocks": [_block_json(whole, paragraph) for paragraph in (*shown.paragraphs, *shown.notes)],
        "quotations": quotations,
        "verdicts": in_order(Counter(tie.verdict for tie in quotations)),
        "quoted": quoted,
        "query": query,
        "matches": matches,
    }
    return answer(
        "read.html", record, shown=shown, **_around(here, whole, part, shown, quoted), listed=_listed(matches)
    )


def _listed(matches: Sequence[Match]) -> dict[str, Any]:
    """The matches with links of their own: those from the block asked for by `at`, in whole lists.

    `previous` and `next` are those beside the match that is shown: the one numbered `hit`, or the first of
    the block `at`.
    """
    block, hit = (request.args.get(name, "") for name in ("at", "hit"))
    before = sum(match.block < int(block) for match in matches) if _is_number(block) else 0
    start = min(before, max(0, len(matches) - 1)) // LISTED * LISTED
    end = start + LISTED
    current = min(int(hit), len(matches)) if _is_number(hit) else before + 1 if block else 0
    return {
        "matches": matches[start:end],
        "earlier": matches[start - LISTED] if start else None,
        "later": matches[end] if end < len(matches) else None,
        "current": current,
        "previous": matches[current - 2] if 2 <= current <= len(matches) + 1 else None,
        "next": matches[current] if current < len(matches) else None,
    }


def _asked_part(whole: Sheet, matches: Sequence[Match]) -> int:
    """The part to show; what is no number, or beyond the last, is the nearest that there is."""
    part, block = (request.args.get(name, "") for name in ("part", "at"))
    if _is_number(part):
        return min(max(1, int(part)), whole.parts)
    if _is_number(block):
        return whole.part_at(int(block))
    return whole.part_at(matches[0].block) if matches else 1


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _matches(here: Opened, whole: Sheet, query: str) -> list[Match]:
    """Every place of the text that the query matches. Raises QueryError."""
    if not query:
        return []
    filters, found = Filters(work=(whole.document.work.id,)), list[Found]()
    for page in range(1, MOST_PAGES + 1):
        results = here.fulltext.search(
            query,
            filters,
            page=page,
            per_page=AT_ONCE,
            sort="place",
            text_of=here.texts,
            forms=not exact(),
            names=names(),
            facets=(),
        )
        found += results.hits
        if len(found) >= results.total:
            break
    starts = {passage.id: passage.span.start for passage in here.store.passages(whole.document.work.id)}
    spans = sorted(
        Span(starts[hit.passage_id] + mark.start, starts[hit.passage_id] + mark.end)
        for hit in found
        for mark in hit.marks
    )
    return [Match(number, span, whole.number_at(span.start)) for number, span in enumerate(spans, 1)]


def _marks(here: Opened, document: Document, matches: Sequence[Match]) -> Iterator[Mark]:
    """All marks that the archive lays over a document's text."""
    work_id = document.work.id
    yield from (Mark(match.span, "hit", match.number) for match in matches)
    yield from (Mark(tie.span, "quotation", tie) for tie in here.ties.quotations(work_id))
    yield from (Mark(span, "quoted") for span in here.ties.words(work_id))
    for link in document.links:
        address = _leading_to(here, document.work, link)
        if address:
            yield Mark(link.span, "link", address)


def _leading_to(here: Opened, work: Work, link: Link) -> str | None:
    """Where a link of the text leads: to a work of the archive, out into the web, or nowhere."""
    linked = here.ties.linked(work, link.url)
    if linked:
        held = here.store.work(linked).file is not None
        return url_for("read.show" if held else "works.show", work_id=linked)
    address = absolute(work.url, link.url)
    if address is None or host(address) is None:
        return None
    inside = work.url is not None and address.partition("#")[0] == work.url.partition("#")[0]
    return None if inside else address


def _around(here: Opened, whole: Sheet, part: int, shown: Shown, quoted: Sequence[Tie]) -> dict[str, Any]:
    """What the page shows beside the text: titles of quoting essays, listed works, the parts' beginnings."""
    store, work = here.store, whole.document.work
    entries = store.entries(work.id) if work.kind == "essay" else []
    headings = whole.headings()
    return {
        "titles": {tie.essay_id: here.known[tie.essay_id].title for tie in quoted},
        "named": _named(here, whole, entries),
        "parent": here.known.get(work.parent or ""),
        "beginnings": [_beginning(whole, number, headings) for number in range(1, whole.parts + 1)],
        "title_number": _title_number(whole, shown),
        "numbers": {paragraph.number for paragraph in (*shown.paragraphs, *shown.notes)},
        "first_quoted": whole.number_at(quoted[0].span.start) if quoted else None,
        "exact": exact(),
        "names": names(),
    }


def _named(here: Opened, whole: Sheet, entries: Sequence[Entry]) -> dict[int, list[Named]]:
    """The works that an essay's list of sources names, by the number of the block that names them."""
    found: dict[int, list[Named]] = {}
    for entry in entries:
        work = here.known.get(entry.work_id or "")
        if work:
            found.setdefault(whole.number_at(entry.span.start), []).append(
                Named(work, held_whole(here, work))
            )
    return found


def _beginning(whole: Sheet, part: int, headings: Sequence[Heading]) -> Heading:
    """How a part is called: by its first heading, or by its number."""
    first = whole.part_of.index(part) + 1
    named = next((heading.text for heading in headings if heading.part == part), f"part {part}")
    return Heading(first, named, part)


def _title_number(whole: Sheet, shown: Shown) -> int | None:
    """The number of the heading that only repeats the title, so that the page need not say it twice."""
    title = _letters(whole.document.work.title)
    for paragraph in shown.paragraphs[:TITLE_WITHIN]:
        block = paragraph.block
        words = whole.document.text[block.span.start : block.span.end]
        if block.kind == "heading" and paragraph.number <= TITLE_WITHIN and _letters(words) == title:
            return paragraph.number
    return None


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _block_json(whole: Sheet, paragraph: Paragraph) -> dict[str, Any]:
    block = paragraph.block
    return {
        "number": paragraph.number,
        "kind": block.kind,
        "start": block.span.start,
        "end": block.span.end,
        "text": whole.document.text[block.span.start : block.span.end],
        "locator": block.locator,
        "speaker": block.speaker,
        "pages": [page for stretch in paragraph.stretches for page in stretch.pages],
        "notes": [
            {"label": stretch.reference.label, "block": stretch.reference.number}
            for stretch in paragraph.stretches
            if stretch.reference
        ],
    }

"""The reader: the text of a work, with its quotations, the marks of where it is quoted, and bookmarks.

`matches` are the places of a query in it, `turns` keeps a transcript to one speaker, `permalink` makes the
lasting address of a paragraph, `strip` is the picture of where in its length what stands.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from indexer.errors import ReaderError
from indexer.models import Document, Entry, Link, Work
from web import anchoring, lists, reader
from web.accounts import reader_file
from web.addresses import absolute, host
from web.answer import answer
from web.citing import cited_here, coins, head_tags
from web.language import _
from web.library import Opened, opened, parent_of
from web.lists import asked_number
from web.read.matches import Match, listed, matches
from web.read.paragraphs import Kept, Mark, Paragraph, Shown, draw
from web.read.permalink import Meant, meant, permalink
from web.read.sheets import Heading, Sheet, sheet
from web.read.strip import Strip, strip
from web.read.turns import kept_to, speakers
from web.reader.bookmarks import Asked
from web.search.asking import exact, names
from web.ties import Tie
from web.verdicts import in_order

pages = Blueprint("read", __name__)

# Paragraphs from the top among which the title is looked for: before it stand author and place at most.
TITLE_WITHIN = 4
# Letters of a heading that make it a piece of the title ("Second session"), and no chance.
TELLING = 4


@dataclass(frozen=True, slots=True)
class Over:
    """What the archive and its reader lay over a text. `problem` says why bookmarks are missing."""

    query: str
    matches: Sequence[Match]
    quotations: Sequence[Tie]
    quoted: Sequence[Tie]
    kept: Sequence[Kept]
    problem: str | None


@dataclass(frozen=True, slots=True)
class Named:
    """A work that an entry of the list of sources names, and whether its text is here."""

    work: Work
    held: bool


@dataclass(frozen=True, slots=True)
class Quoted:
    """A place that an essay quotes: the number of the block in which it begins, and its words."""

    tie: Tie
    number: int
    words: str


@pages.get("/read/<work_id>")
def show(work_id: str) -> Response | Redirect:
    """A part of a work's text: the one asked for by `part`, or that which holds block `at`, or the first."""
    here = opened()
    whole = sheet(here.store.document(work_id))
    aimed = _meant(whole)
    if aimed and aimed.found not in (None, aimed.number):
        return redirect(f"{lists.again(at=aimed.found)}#p{aimed.found}", 302)
    over = _over(here, whole)
    part = _asked_part(whole, over.matches)
    shown = draw(whole, part, list(_marks(here, whole.document, over)), over.quoted, over.kept)
    work, every = whole.document.work, speakers(whole)
    links = {paragraph.number: permalink(whole, paragraph.number) for paragraph in _in_order(shown)}
    record = {
        "work": work,
        "parent": parent_of(work),
        "words": here.words.get(work_id, 0),
        "part": part,
        "parts": whole.parts,
        "contents": _contents(whole),
        "blocks": [_block_json(whole, paragraph, links) for paragraph in _in_order(shown)],
        "quotations": over.quotations,
        "verdicts": in_order(Counter(tie.verdict for tie in over.quotations)),
        "quoted": over.quoted,
        "kept": over.kept,
        "speakers": every,
        "query": over.query,
        "matches": over.matches,
        "provenance": here.store.provenance(work.file) if work.file else None,
    }
    speaker = request.args.get("speaker")
    drawn = _drawn(whole, part, shown, over, speaker if speaker in {each.name for each in every} else None)
    return answer(
        "read.html", record, aimed=aimed, permalinks=links, **drawn, **_around(here, whole, shown, over)
    )


def _meant(whole: Sheet) -> Meant | None:
    """What a paragraph's lasting address means, if this is one."""
    number, words = asked_number("at"), request.args.get("words", "").strip()
    return meant(whole, number, words) if number is not None and words else None


def _over(here: Opened, whole: Sheet) -> Over:
    work_id, query = whole.document.work.id, request.args.get("q", "").strip()
    kept, problem = _kept(whole.document)
    return Over(
        query,
        matches(here, whole, query),
        here.ties.quotations(work_id),
        here.ties.quoted(work_id),
        kept,
        problem,
    )


def _kept(document: Document) -> tuple[list[Kept], str | None]:
    """The bookmarks whose words stand in the text; a text can be read where bookmarks cannot."""
    try:
        own = reader.bookmarks.listed(reader_file(), Asked(work=document.work.id))
    except ReaderError as error:
        return [], str(error)
    spans = anchoring.anchors(own, document.text)
    placed = (Kept(span, b.id, b.note, b.tags, b.colour) for b, span in zip(own, spans, strict=True) if span)
    return sorted(placed, key=lambda kept: kept.span), None


def _asked_part(whole: Sheet, found: Sequence[Match]) -> int:
    """The part to show; what is no number, or beyond the last, is the nearest that there is."""
    part, block = asked_number("part"), asked_number("at")
    if part is not None:
        return min(max(1, part), whole.parts)
    if block is not None:
        return whole.part_at(block)
    return whole.part_at(found[0].block) if found else 1


def _marks(here: Opened, document: Document, over: Over) -> Iterator[Mark]:
    """All marks that lie over a document's text."""
    yield from (Mark(match.span, "hit", match.number) for match in over.matches)
    yield from (Mark(tie.span, "quotation", tie) for tie in over.quotations)
    yield from (Mark(span, "quoted") for span in here.ties.words(document.work.id))
    yield from (Mark(kept.span, "kept", kept) for kept in over.kept)
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


def _in_order(shown: Shown) -> list[Paragraph]:
    """All paragraphs of a part: its text, then its notes under their heading."""
    return [*shown.paragraphs, *([shown.over_notes] if shown.over_notes else []), *shown.notes]


def _drawn(whole: Sheet, part: int, shown: Shown, over: Over, speaker: str | None) -> dict[str, Any]:
    """What only the drawing of a part needs: its groups, notes that pop up, strip, matches."""
    asked = {match.block for match in over.matches} | {asked_number("at") or 0}
    title = _title_number(whole, shown)
    text = [paragraph for paragraph in shown.paragraphs if paragraph.number != title]
    return {
        "shown": shown,
        "title_number": title,
        "again_numbers": _saying_again(whole),
        "groups": kept_to(text, speaker, asked),
        "speaker": speaker,
        "numbers": {paragraph.number for paragraph in _in_order(shown)},
        "popping": _popping(whole, shown),
        "strip": _strip(whole, part, over),
        "listed": listed(whole, part, over.matches),
        "places": [_place(whole, tie) for tie in over.quoted],
        "problem": over.problem,
    }


def _popping(whole: Sheet, shown: Shown) -> dict[int, list[Paragraph]]:
    """The paragraphs of each note of this part, by the number to which its marks point."""
    found: dict[int, list[Paragraph]] = {}
    for paragraph in shown.notes:
        found.setdefault(whole.notes[paragraph.number - 1] or paragraph.number, []).append(paragraph)
    return found


def _place(whole: Sheet, tie: Tie) -> Quoted:
    return Quoted(tie, whole.number_at(tie.span.start), whole.document.text[tie.span.start : tie.span.end])


def _strip(whole: Sheet, part: int, over: Over) -> Strip | None:
    places = {
        "quotation": [tie.span for tie in over.quotations],
        "quoted": [tie.span for tie in over.quoted],
        "hit": [match.span for match in over.matches],
        "kept": [kept.span for kept in over.kept],
    }
    return strip(whole, part, places)


def _around(here: Opened, whole: Sheet, shown: Shown, over: Over) -> dict[str, Any]:
    """What the page shows beside the text: titles of quoting essays, listed works, the parts' beginnings."""
    store, work = here.store, whole.document.work
    entries = store.entries(work.id) if work.kind == "essay" else []
    headings, of = _contents(whole), cited_here(here, work)
    return {
        "titles": {tie.essay_id: here.known[tie.essay_id].title for tie in over.quoted},
        "named": _named(here, whole, entries),
        "beginnings": [_beginning(whole, number, headings) for number in range(1, whole.parts + 1)],
        "exact": exact(),
        "names": names(),
        "head_tags": head_tags(of),
        "coins": coins(of),
    }


def _named(here: Opened, whole: Sheet, entries: Sequence[Entry]) -> dict[int, list[Named]]:
    """The works that an essay's list of sources names, by the number of the block that names them."""
    found: dict[int, list[Named]] = {}
    for entry in entries:
        work = here.known.get(entry.work_id or "")
        if work:
            number = whole.number_at(entry.span.start)
            found.setdefault(number, []).append(Named(work, here.store.is_held(work)))
    return found


def _contents(whole: Sheet) -> list[Heading]:
    """The table of contents: headings with words that say more than the work's own."""
    again = _saying_again(whole)
    return [h for h in whole.headings() if h.number not in again and _letters(h.text)]


def _saying_again(whole: Sheet) -> set[int]:
    """The numbers of the headings at the top that only say again author, title and year."""
    work = whole.document.work
    said = {_letters(text) for text in (work.author or "", str(work.year or ""), work.date or "")}
    title, again = _letters(work.title), set[int]()
    for heading in whole.headings():
        words = _letters(heading.text)
        of_title = len(words) >= TELLING and (title.startswith(words) or title.endswith(words))
        if heading.number <= TITLE_WITHIN and (of_title or words == title or words in said):
            again.add(heading.number)
    return again


def _beginning(whole: Sheet, part: int, headings: Sequence[Heading]) -> Heading:
    """How a part is called: by its first heading, or by its number."""
    first = whole.part_of.index(part) + 1
    named = next((heading.text for heading in headings if heading.part == part), None)
    named = named or _("part %(number)s", number=part)
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


def _block_json(whole: Sheet, paragraph: Paragraph, links: Mapping[int, str]) -> dict[str, Any]:
    block = paragraph.block
    return {
        "number": paragraph.number,
        "address": links[paragraph.number],
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

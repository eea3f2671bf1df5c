"""What a reader can name as the right work or place: looked for by words, or likely."""

from dataclasses import dataclass
from hashlib import sha256

from indexer.align import find
from indexer.compare import number_at, paragraphs
from indexer.errors import NotThere, QueryError
from indexer.fulltext import Filters
from indexer.models import Document, Finding, Span, Work
from indexer.normalise import key, words
from indexer.store import where
from web.addresses import reading_address
from web.language import _
from web.library import Opened

MOST_WORKS = 30
"""Works that a search for the right one lists: what one looks through before adding a word."""
MOST_PASSAGES = 20
LIKELY = 5
"""Places with most of the words that are offered unasked."""
SHOWN_LETTERS = 400
"""Letters of a passage by which a list shows it."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A place that can be named as the right one: `value` is what the form sends of it."""

    work: Work
    locator: str | None
    speaker: str | None
    text: str
    value: str
    address: str


def works(here: Opened, typed: str) -> list[Work]:
    """The works with all the words typed in author, title, other titles, year or id; the held ones first."""
    wanted = [key(form) for form in words(typed).forms]
    if not wanted:
        return []
    named = here.once("named", _all_named)
    found = [w for w in here.works if all(word in named[w.id] for word in wanted)]
    return sorted(found, key=lambda w: (w.file is None, w.kind != "source", w.id))[:MOST_WORKS]


def _all_named(here: Opened) -> dict[str, set[str]]:
    return {work.id: _named(work) for work in here.works}


def _named(work: Work) -> set[str]:
    facts = (work.author, work.title, *work.aliases, str(work.year or ""), work.id.replace("-", " "))
    return {key(form) for form in words(" ".join(filter(None, facts))).forms}


def passages(here: Opened, work: Work, typed: str) -> tuple[list[Offered], str]:
    """The passages of a work with the words typed, or the paragraph of that number; and what was wrong."""
    try:
        document = here.store.document(work.id)
    except NotThere:
        return [], ""
    if typed.isascii() and typed.isdigit() and len(typed) < 7:
        blocks = paragraphs(document)
        spans = [blocks[int(typed) - 1].span] if 0 < int(typed) <= len(blocks) else []
        return [_offered(document, span) for span in spans], "" if spans else _("There is no such paragraph.")
    if not typed:
        return [], ""
    try:
        found = here.fulltext.search(typed, Filters(work=(work.id,)), per_page=MOST_PASSAGES, facets=())
    except QueryError as error:
        return [], str(error)
    spans = [here.store.passage(hit.passage_id).span for hit in found.hits]
    return [_offered(document, span) for span in spans], "" if spans else _("No passage has these words.")


def likely(here: Opened, finding: Finding) -> list[Offered]:
    """The places of the archive with most of the quotation's words."""
    return [
        _offered(here.store.document(found.place.work_id), found.place.span, whole=True)
        for found in find(finding.text, here.seeds, LIKELY)
    ]


def _offered(document: Document, span: Span, whole: bool = False) -> Offered:
    """A place as it is offered; `whole` takes in all of its paragraphs."""
    inside = [b.span for b in paragraphs(document) if b.span.start < span.end and span.start < b.span.end]
    if whole and inside:
        span = Span(inside[0].start, inside[-1].end)
    locator, speaker = where(document, span.start)
    text = document.text[span.start : span.end]
    shown = text if len(text) <= SHOWN_LETTERS else f"{text[:SHOWN_LETTERS].rsplit(' ', 1)[0]} …"
    address = reading_address(document.work.id, number_at(document, span.start))
    value = f"{span.start}-{span.end}-{digest(text)}"
    return Offered(document.work, locator, speaker, shown, value, address)


def digest(text: str) -> str:
    """A few letters by which a form shows of which words it is."""
    return sha256(text.encode()).hexdigest()[:12]

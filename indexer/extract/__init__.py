"""From a raw file to a Document: the text as it is shown, and what the file's format says of it.

A format is a module here (`html`, `text`, `markdown`, `scans`, `pdf`, `epub`, `docx`, `tei`), a site is one
(`marxists`, `web`). Whatever the bytes are, the outcome is a Document or UnreadableFile.
"""

import re
from dataclasses import replace
from urllib.parse import urljoin

from indexer.errors import UnreadableFile
from indexer.extract import (
    charset,
    docx,
    epub,
    facts,
    front,
    heads,
    html,
    markdown,
    marxists,
    notes,
    pages,
    pdf,
    remarks,
    scans,
    speeches,
    tei,
    text,
    verse,
    web,
)
from indexer.extract.packed import Pack
from indexer.extract.writer import Mark, Sheet
from indexer.models import Anchor, Block, Document, Link, Span, Work

# Where a page begins, tags included; a text that shows mark-up further down is still a text.
_HEAD = 3000
# Some programs write a few bytes before a PDF's own.
_MARGIN = 1024
_ZIP = b"PK\x03\x04"
# What gzip and WARC files begin with.
_CONTAINERS = (b"\x1f\x8b", b"WARC/")
_PAGE_NAME = re.compile(r"\.(s?html?|xhtml|php|aspx?)$", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][a-z0-9]*[\s>/]|<!(--|doctype)", re.IGNORECASE)
_HTML = re.compile(
    r"<!doctype\s+html|<\?xml|<(html|head|body|title|meta|p|div|h[1-6]|br|table)[\s>/]", re.IGNORECASE
)
_WORD = re.compile(r"\w")


def extract(work: Work, raw: bytes, told: str | None = None) -> Document:
    """The document of a raw file, its work's gaps filled from what it says of itself.

    `told` is the encoding that a server told with them. Raises UnreadableFile when no text can be had from
    the bytes, with a sentence for people.
    """
    name = work.file or work.url or work.id
    sheet = _sheet(work, raw, name, told)
    if not _WORD.search(sheet.text):
        raise UnreadableFile(f"{name} has no text: not one word is left when its mark-up is taken away.")
    return replace(_document(work, sheet), remarks=tuple(remarks.remarks(sheet, raw)))


def _sheet(work: Work, raw: bytes, name: str, told: str | None) -> Sheet:
    """What the bytes hold, by their own signs: a name's ending may lie."""
    if raw[:_MARGIN].lstrip().startswith(pdf.MAGIC):
        return pdf.read(raw, name)
    if raw.startswith(_ZIP):
        return _packed_sheet(work, raw, name)
    if raw.startswith(_CONTAINERS):
        raise _container(work, name)
    if tei.recognises(raw):
        return tei.read(raw, name)
    decoded = charset.decode(raw, name, told)
    if is_html(work.file or "", decoded):
        return _html_sheet(work, decoded)
    return _text_sheet(work.file or "", decoded)


def _text_sheet(file: str, decoded: str) -> Sheet:
    decoded, facts = front.matter(decoded)
    sheet = _pages(decoded)
    if sheet is None and file.lower().endswith(markdown.ENDINGS):
        sheet = markdown.read(decoded, titled="stated" in facts)
    sheet = sheet or text.read(decoded)
    sheet.metadata |= facts
    return sheet


def _pages(decoded: str) -> Sheet | None:
    """A text that shows the pages of a book, by form feeds or running heads; None of any other."""
    if scans.recognises(decoded):
        return scans.read(scans.split(decoded), {})
    found = heads.pages(decoded)
    return scans.read(found, {}, numbered=True) if found else None


def _packed_sheet(work: Work, raw: bytes, name: str) -> Sheet:
    pack = Pack(raw, name)
    if epub.CONTAINER in pack:
        return epub.read(pack)
    if docx.BODY in pack:
        return docx.read(pack)
    raise _container(work, name)


def _container(work: Work, name: str) -> UnreadableFile:
    return UnreadableFile(
        f"{name} holds files (a ZIP, WARC or gzip file) and is no text: loccit add --kind {work.kind} with it"
        " makes each text inside a work."
    )


def is_html(file: str, decoded: str) -> bool:
    """By the content, for a name's ending may lie. Only Markdown may begin with mark-up and be text."""
    if file.lower().endswith(markdown.ENDINGS):
        return False
    signs = _TAG if _PAGE_NAME.search(file) else _HTML
    return signs.search(decoded[:_HEAD]) is not None


def _html_sheet(work: Work, decoded: str) -> Sheet:
    soup = html.parse(decoded)
    address = work.url or work.file or ""
    rules = marxists.RULES if marxists.recognises(address, soup) else web.RULES
    sheet = html.read(soup, rules)
    if cut := remarks.cut(decoded):
        sheet.metadata["cut"] = cut
    return sheet


def _document(work: Work, sheet: Sheet) -> Document:
    notes.part(sheet)
    anchors = pages.pages(sheet)
    pages.locate(sheet, anchors)
    anchors = sorted([*anchors, *notes.tie(sheet)], key=lambda anchor: (anchor.span, anchor.kind))
    speeches.name_speakers(sheet)
    verse.mark(sheet)
    filled = facts.fill(work, sheet)
    return Document(
        work=filled,
        text=sheet.text,
        blocks=tuple(
            Block(draft.kind, Span(draft.start, draft.end), draft.locator, draft.speaker)
            for draft in sheet.blocks
        ),
        anchors=tuple(anchors),
        links=_links(sheet, filled, anchors),
        quoted=_spans(sheet.marked("quoted")),
        emphasis=_spans(sheet.marked("emphasis")),
    )


def _spans(marks: list[Mark]) -> tuple[Span, ...]:
    return tuple(sorted({Span(mark.start, mark.end) for mark in marks if mark.end > mark.start}))


def _links(sheet: Sheet, work: Work, anchors: list[Anchor]) -> tuple[Link, ...]:
    """The links that lead out of the page, absolute where the page's own address is known."""
    links = []
    for mark in sheet.marked("link"):
        if mark.end > mark.start and not mark.value.lower().startswith(("javascript:", "mailto:", "data:")):
            links.append(Link(Span(mark.start, mark.end), _absolute(work.url, mark.value)))
    return tuple(links)


def _absolute(base: str | None, address: str) -> str:
    try:
        return urljoin(base, address) if base else address
    except ValueError:
        return address

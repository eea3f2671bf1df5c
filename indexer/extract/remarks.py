"""What a reader should know of how a file was read: words left out, characters lost, a file cut short."""

import re
from collections.abc import Iterator, Mapping

from indexer.extract import pdf
from indexer.extract.writer import Sheet, Withheld

# A page keeps at least this share of its words without a remark; the rest is a line of navigation.
_KEPT = 0.98
# So many words left out of a page are its frame, as links and dates around a text are; of more one is told.
FRAME = 50
# Pieces left out that a remark quotes, and the letters of each.
_PIECES, _LETTERS = 3, 60
# Behind its last mark a PDF may have some bytes more.
_TAIL = 2048
_WITHHELD: Mapping[Withheld, str] = {
    "comments": "what readers wrote below the text is left out",
    "struck": "what is struck out on the page is left out",
}
_WORD = re.compile(r"\w+")
_ONLY_LEFT = re.compile(r"([\d.]+) % of the page's ([\d,]+) words kept; left out: “.*”(?: and \d+ more)?")
_OPENED = re.compile(r"<(?:html|body)[\s>]", re.IGNORECASE)
_CLOSED = re.compile(r"</(?:html|body)[\s>]", re.IGNORECASE)
_BROKEN_TAG = re.compile(r"<[/!]?[a-zA-Z][^<>]*$")


def remarks(sheet: Sheet, raw: bytes) -> Iterator[str]:
    """Clauses for people; none where all went as it should."""
    if missing := sheet.metadata.get("missing"):
        yield f"the file lists chapters that are not in it: {missing}"
    if cut := sheet.metadata.get("cut"):
        yield cut
    for reason, told in _WITHHELD.items():
        if count := sheet.withheld[reason]:
            yield f"{told} ({count:,} word{'' if count == 1 else 's'})"
    kept, left = len(_WORD.findall(sheet.text)), len(_WORD.findall(" ".join(sheet.left)))
    if kept < _KEPT * (kept + left):
        share = f"{100 * kept / (kept + left):.1f} %"
        yield f"{share} of the page's {kept + left:,} words kept; left out: {_quoted(sheet.left)}"
    if lost := sheet.text.count("\N{REPLACEMENT CHARACTER}"):
        yield f"{lost:,} of its characters cannot be read and {'is' if lost == 1 else 'are'} shown as �"
    if raw.startswith(pdf.MAGIC) and b"%%EOF" not in raw[-_TAIL:]:
        yield "the PDF file is cut short: what stood behind is missing"


def is_frame(reason: str) -> bool:
    """Whether all that was remarked of a file is that it left out the few words of its frame."""
    only = _ONLY_LEFT.fullmatch(reason)
    return only is not None and int(only[2].replace(",", "")) * (100 - float(only[1])) <= 100 * FRAME


def cut(page: str) -> str | None:
    """The remark that a page was cut off in its transfer, by how it ends; None of one that ends well.

    Many pages never close what they open, and end behind a tag all the same: those are whole.
    """
    if _BROKEN_TAG.search(page[-_TAIL:].rstrip()):
        return "the page ends within a tag: it may be cut short"
    if not page.rstrip().endswith(">") and _OPENED.search(page) and not _CLOSED.search(page):
        return "the page ends in the midst of its words: it may be cut short"
    return None


def _quoted(left: list[str]) -> str:
    pieces = [" ".join(piece.split()) for piece in left]
    longest = sorted((piece for piece in pieces if piece), key=len, reverse=True)
    shown = [f"“{p[:_LETTERS].rstrip()}…”" if len(p) > _LETTERS else f"“{p}”" for p in longest[:_PIECES]]
    return ", ".join(shown) + (f" and {len(longest) - _PIECES} more" if len(longest) > _PIECES else "")

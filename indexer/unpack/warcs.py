"""The pages of a WARC file (ISO 28500): what servers answered, each with its address and moment."""

import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from indexer.fetch import NotHad, target
from indexer.unpack.limits import TOO_LARGE, Budget, Member, Refused

_SIGN = b"WARC/"
_PAGES = ("response", "resource")
_BROKEN = (ArchiveLoadFailed, OSError, EOFError, ValueError, zlib.error)
# Parts of media types that are never a text to be quoted; the rest is told apart by its bytes.
_NO_TEXT = ("image/", "audio/", "video/", "font/", "model/", "text/css", "javascript", "application/json")
_COMMON = 5


def recognises(head: bytes) -> bool:
    """Whether a file begins as a WARC does, packed or not."""
    if head.startswith(_SIGN):
        return True
    if not head.startswith(b"\x1f\x8b"):
        return False
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, len(_SIGN)).startswith(_SIGN)
    except zlib.error:
        return False


def members(opened: BinaryIO, name: str, budget: Budget) -> Iterator[Member]:
    """The pages of the file in its order, then one word on all answers that are none.

    Raises Refused where it cannot be read on.
    """
    passed: Counter[str] = Counter()
    try:
        for record in ArchiveIterator(opened):
            if record.rec_type in (*_PAGES, "revisit"):
                budget.member()
                if reason := _no_page(record):
                    passed[reason] += 1
                else:
                    yield _page(record, budget)
    except _BROKEN:
        raise Refused("it is damaged or cut short; the pages before that were added") from None
    if passed:
        most = ", ".join(f"{times} {reason}" for reason, times in passed.most_common(_COMMON))
        yield Member("", reason=f"{passed.total()} answers in it are no texts: {most}")


def _no_page(record: Any) -> str:
    """Why a record gives no text, by its headers; "" if it can."""
    if record.rec_type == "revisit":
        return "said to be unchanged"
    status = record.http_headers.get_statuscode() if record.http_headers else "200"
    if status != "200":
        return f"with status {status}"
    media = _media(record)
    return media if any(part in media for part in _NO_TEXT) else ""


def _media(record: Any) -> str:
    headers = record.http_headers or record.rec_headers
    said = headers.get_header("Content-Type") or ""
    return str(said).partition(";")[0].strip().lower()


def _page(record: Any, budget: Budget) -> Member:
    url = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    try:
        to = target(url)
    except NotHad as why:
        return Member(url[:200] or "a record without an address", reason=why.reason)
    facts: dict[str, Any] = {"url": to.url, "media_type": _media(record) or None}
    if moment := record.rec_headers.get_header("WARC-Date"):
        facts["fetched"] = str(moment)
    try:
        content = budget.read(record.content_stream())
        budget.read(record.raw_stream)
    except _BROKEN:
        return Member(to.url, reason="it is damaged: its bytes cannot be unpacked")
    if getattr(record.raw_stream, "limit", 0) > 0:
        return Member(to.url, reason="it is damaged or cut short: it has fewer bytes than it says")
    member = Member(to.url, content=content, facts=facts)
    return member.refused(TOO_LARGE) if content is None else member

"""A gzip file: one text, packed."""

import gzip
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from indexer.unpack.limits import TOO_LARGE, Budget, Member, Refused


def recognises(head: bytes) -> bool:
    """Whether a file begins as gzip does."""
    return head.startswith(b"\x1f\x8b")


def members(opened: BinaryIO, name: str, budget: Budget) -> Iterator[Member]:
    """The one file inside, named without ".gz". Raises Refused where it is damaged."""
    budget.member()
    inside = name[:-3] if name.lower().endswith(".gz") else name
    try:
        content = budget.read(gzip.GzipFile(fileobj=opened))
    except (OSError, EOFError, zlib.error):
        raise Refused("it is a gzip file that is damaged or cut short: fetch it again") from None
    member = Member(inside, inside, content)
    yield member.refused(TOO_LARGE) if content is None else member

"""What may come out of a container, however it lies: how many members, how large, and under which names."""

import io
import re
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Self

# The largest text that `loccit fetch` takes by itself; a scanned book with its pictures stays below it.
MOST_BYTES = 100_000_000
# A crawl of a large site; more than that is unpacked and added folder by folder.
MOST_ALTOGETHER = 4_000_000_000
MOST_MEMBERS = 50_000
# Text packs to a tenth, a page of tables to a fiftieth; a megabyte of either proves nothing yet.
MOST_SWOLLEN = 200
_FREE = 1_000_000
_PIECE = 1 << 16


class Refused(Exception):
    """Why a container, or the rest of it, is not unpacked: a clause for people."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a container: its name there, the path that it gets, what is known of it, its bytes.

    One with an address among its `facts` has no path: the address names it, as it does what is fetched.
    `content` is None where it cannot be had, for the `reason`; without a name it speaks of several members.
    """

    name: str
    path: str = ""
    content: bytes | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    reason: str = ""

    def refused(self, reason: str) -> Self:
        """The same without its bytes."""
        return replace(self, content=None, reason=reason)

    def stream(self) -> BinaryIO:
        """Its bytes to read from."""
        return io.BytesIO(self.content or b"")


class Budget:
    """What is left of the limits for a container of `size` bytes, with all that it holds."""

    def __init__(self, size: int) -> None:
        self._members = self._bytes = 0
        self._most = min(MOST_ALTOGETHER, _FREE + MOST_SWOLLEN * size)

    def member(self) -> None:
        """Counts one more member. Raises Refused."""
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise Refused(
                f"more than {MOST_MEMBERS} files are in it: unpack it and add them folder by folder"
            )

    def read(self, stream: Any) -> bytes | None:
        """All bytes of a member; None if it is too large. Raises Refused when all together are too many."""
        pieces, size = [], 0
        while piece := stream.read(_PIECE):
            size += len(piece)
            self._bytes += len(piece)
            if self._bytes > self._most:
                raise Refused(
                    f"it swells to more than {self._most // 1_000_000} MB when it is unpacked, as no texts do"
                    " (a bomb?): what came before that was added"
                )
            if size > MOST_BYTES:
                return None
            pieces.append(piece)
        return b"".join(pieces)


TOO_LARGE = f"it has more than {MOST_BYTES // 1_000_000} MB: add it by itself if it is a text"


def leads_out(name: str) -> bool:
    """Whether a member's name would lead out of the folder that it is unpacked to, on any system."""
    parts = PurePosixPath(name).parts
    return name.startswith("/") or ".." in parts or re.match(r"[a-zA-Z]:", name) is not None

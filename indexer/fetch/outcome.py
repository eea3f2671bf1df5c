"""What becomes of an address that is asked for."""

from dataclasses import dataclass
from typing import Literal

Status = Literal[
    "fetched", "edition", "unchanged", "refused-by-robots", "gone", "too-large", "not-a-text",
    "refused-address", "failed", "wanted",
]  # fmt: skip
# After these nothing is amiss; after any other outcome the text is not held, or not as it is now.
GOOD = frozenset({"fetched", "edition", "unchanged", "wanted"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one address: its work (None where the catalogue has none: a chapter, an address
    that only an essay gives), the file in `raw/`, and why not.

    `via` is the address that gave the bytes where that is another: the end of redirects, an archive's copy.
    """

    url: str
    status: Status
    work: str | None = None
    file: str | None = None
    reason: str = ""
    size: int = 0
    media_type: str | None = None
    via: str | None = None


class NotHad(Exception):
    """An address that did not give a text: the outcome and a reason in words for people.

    `passing` may be over in a moment, and `wait` are the seconds that the server asked for; `dead` is an
    address behind which nothing is any more, as far as one can see.
    """

    def __init__(
        self,
        status: Status,
        reason: str,
        *,
        passing: bool = False,
        wait: float | None = None,
        dead: bool = False,
    ) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason
        self.passing, self.wait, self.dead = passing, wait, dead

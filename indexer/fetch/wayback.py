"""A dead address as the Wayback Machine last saw it, for readers who allow to ask there.

Its availability API (archive.org/help/wayback_api.php) names the copy nearest to now; `id_` behind the
copy's time asks for the bytes as they came, without the Wayback Machine's own bar and links.
"""

import json
import re
from dataclasses import dataclass, replace
from urllib.parse import quote

from indexer.fetch.outcome import NotHad
from indexer.fetch.visiting import Answer, Visitor


@dataclass(frozen=True, slots=True)
class Wayback:
    """Where copies are looked up and where they are had."""

    lookup: str = "https://archive.org/wayback/available"
    copies: str = "https://web.archive.org/web"

    def visit(self, visitor: Visitor, url: str) -> Answer:
        """The answer with the copy's bytes. Raises NotHad when there is none."""
        asked = visitor.visit(f"{self.lookup}?url={quote(url, safe='')}")
        moment = _moment(asked.reply.body)
        if moment is None:
            raise NotHad("gone", "the Wayback Machine has no copy of it")
        copy = visitor.visit(f"{self.copies}/{moment}id_/{url.partition('#')[0]}")
        return replace(copy, copied=True)


def _moment(body: bytes) -> str | None:
    """The time of the nearest copy that was a page, fourteen digits."""
    try:
        closest = json.loads(body)["archived_snapshots"]["closest"]
        good = closest["available"] is True and str(closest["status"]) == "200"
        moment = str(closest["timestamp"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return moment if good and re.fullmatch(r"\d{14}", moment) else None

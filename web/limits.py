"""How often one may ask: a bucket of tokens an address, filled at a steady rate (a token bucket)."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address, ip_network
from threading import Lock
from typing import NoReturn

from flask import Flask, current_app, request
from werkzeug.exceptions import TooManyRequests

from web.language import _, _n

MOST_KEPT = 10_000
"""Addresses remembered, some 2 MB; who asked longest ago is forgotten first."""
OWN_NETWORK = 64
"""Bits of an IPv6 address that name the network of one line: whoever has it has all of its addresses."""
COSTS = {
    "search.index": 4, "export.show": 20, "batch.index": 40, "find.index": 8, "check.index": 40,
    "facets.index": 4, "editions.show": 20, "judging.form": 8, "static": 0,
}  # fmt: skip
"""Tokens that a request costs, about what it takes of the server; any other page costs one."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """`burst` tokens at first and at most, and `rate` new ones a second."""

    rate: float
    burst: float

    def keeper(self, clock: Callable[[], float] = time.monotonic) -> "Keeper":
        """What counts the tokens of many such buckets."""
        return Keeper(self, clock)


READER = Bucket(rate=4, burst=200)
"""Four pages a second for as long as one likes, a few dozen at once: no person is stopped."""


class Keeper:
    """The buckets of all who asked lately. Safe to use from several threads."""

    def __init__(self, bucket: Bucket, clock: Callable[[], float]) -> None:
        self._bucket = bucket
        self._clock = clock
        self._lock = Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, tokens: float = 1) -> float:
        """Takes tokens of the bucket named `key`; the seconds to wait if it has not so many, else 0."""
        with self._lock:
            now = self._clock()
            left, then = self._left.get(key, (self._bucket.burst, now))
            left = min(self._bucket.burst, left + (now - then) * self._bucket.rate)
            wait = max(0.0, (tokens - left) / self._bucket.rate)
            self._left[key] = (left if wait else left - tokens, now)
            self._left.move_to_end(key)
            while len(self._left) > MOST_KEPT:
                self._left.popitem(last=False)
        return wait


def install(app: Flask) -> None:
    """Have every request of a public server pay."""
    app.extensions["limits"] = READER.keeper()
    app.before_request(pay)


def pay() -> None:
    """Refuse with 429 who asks more than a reader would."""
    keeper: Keeper = current_app.extensions["limits"]
    wait = keeper.take(asker(), COSTS.get(request.endpoint or "", 1))
    if wait:
        refuse(wait, _("So many pages are asked for from your address that others would have to wait."))


def asker() -> str:
    """Who asks, as buckets tell people apart: an address, of IPv6 the network of 2^64 that one person has."""
    given = str(request.remote_addr)
    try:
        address = ip_address(given)
    except ValueError:
        return given
    if isinstance(address, IPv4Address):
        return given
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address, OWN_NETWORK), strict=False))


def refuse(wait: float, why: str) -> NoReturn:
    """Answers 429, and says when to ask again."""
    seconds = math.ceil(wait)
    when = _n("Try again in one second.", "Try again in %(num)s seconds.", seconds)
    raise TooManyRequests(f"{why} {when}", retry_after=seconds)

"""How a guest behaves: who it says it is, how often it asks, when it tries again, where it may go."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version

from protego import Protego

from indexer.fetch.outcome import NotHad

# The name by which a robots.txt addresses this program.
NAME = "loccit"
# Seconds between two requests to one host.
PAUSE = 1.0
# Seconds that a host's Retry-After or Crawl-delay is waited for; whoever wants more is asked another day.
LONGEST_WAIT = 120.0
# Seconds before the second try; each further one waits twice as long.
FIRST_WAIT = 2.0
TRIES = 4
# What may be over in a moment: too many requests, a fault, a gateway or a server that is busy.
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
# RFC 9309: at least this much of a robots.txt is to be read; more is not.
ROBOTS_SIZE = 512_000


@dataclass(frozen=True, slots=True)
class Clock:
    """What time it is and how one waits; tests give another."""

    now: Callable[[], float] = time.time
    steady: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def user_agent(contact: str | None) -> str:
    """The header by which a server's keeper knows who asks, and whom to write to."""
    try:
        number = version("loccit")
    except PackageNotFoundError:
        number = "0"
    # A line break in a header would begin another header.
    whom = "".join(c for c in contact or "" if c.isprintable() and c.isascii() and c not in "()")
    return f"{NAME}/{number} (gets the pages that an essay cites, one a second{f'; {whom}' if whom else ''})"


class Pace:
    """When a host may be asked next."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._next: dict[str, float] = {}

    def wait(self, host: str) -> None:
        """Returns when the host may be asked. Raises NotHad when that is not soon."""
        seconds = self._next.get(host, 0.0) - self._clock.steady()
        if seconds > LONGEST_WAIT:
            raise NotHad("failed", f"{host} asks to be left alone for {seconds:,.0f} seconds: run this later")
        if seconds > 0:
            self._clock.sleep(seconds)

    def asked(self, host: str, pause: float) -> None:
        """Notes that the host was just asked, or wants to be left alone for so many seconds."""
        self._next[host] = max(self._next.get(host, 0.0), self._clock.steady() + pause)


def retry_after(value: str | None, now: float) -> float | None:
    """The seconds that a Retry-After header asks for, given as a number or as a date; None for neither."""
    if value is None:
        return None
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None


def wait_before(attempt: int, failure: NotHad) -> float:
    """Seconds to wait after the attempt of this number (from 1). Raises NotHad when it was the last."""
    if not failure.passing or attempt >= TRIES:
        raise failure
    return max(failure.wait or 0.0, FIRST_WAIT * 2.0 ** (attempt - 1))


def least_seconds(hosts: Iterable[str]) -> float:
    """The shortest time in which hosts can be asked, in this order, each for its robots.txt first."""
    time, free = 0.0, dict[str, float]()
    for host in hosts:
        for _ in range(1 if host in free else 2):
            time = max(time, free.get(host, 0.0))
            free[host] = time + PAUSE
    return time


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host's robots.txt says to this program."""

    rules: Protego | None = None
    failure: NotHad | None = None

    def check(self, url: str) -> None:
        """Raises NotHad where the address is not to be fetched, or the rules could not be had."""
        if self.failure is not None:
            raise self.failure
        if self.rules is not None and not self.rules.can_fetch(url, NAME):
            raise NotHad("refused-by-robots", "the host's robots.txt forbids it")

    @property
    def pause(self) -> float:
        """Seconds between two requests that it asks for, never less than ours."""
        asked: float | None = self.rules.crawl_delay(NAME) if self.rules is not None else None
        return min(max(PAUSE, asked or 0.0), LONGEST_WAIT)


def read_robots(body: bytes) -> Robots:
    """The rules of a robots.txt; what cannot be read forbids nothing."""
    text = body[:ROBOTS_SIZE].decode("utf-8-sig", errors="replace")
    return Robots(Protego.parse(text))


def passing(status: int, phrase: str, headers: Mapping[str, str], now: float) -> NotHad:
    """What an answer that may soon be another one means."""
    wait = retry_after((headers.get("Retry-After") or "").strip() or None, now)
    return NotHad("failed", f"the server says {status} {phrase}".strip(), passing=True, wait=wait)

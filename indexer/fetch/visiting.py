"""From an address to its answer: hop by hop, politely, and again where that may help."""

import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from urllib.parse import urljoin

from indexer.fetch import addresses, manners, transport
from indexer.fetch.addresses import Resolver, Target
from indexer.fetch.manners import Clock, Pace, Robots
from indexer.fetch.outcome import NotHad
from indexer.fetch.transport import Cannot, Limits, Reply, Request

# Redirects that are followed; browsers follow 20, RFC 9309 asks for five at a robots.txt.
REDIRECTS = 8
_REDIRECTING = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410, 451})
_WANTED = "text/html,application/xhtml+xml,text/plain,application/pdf,application/epub+zip,*/*;q=0.5"


@cache
def _tls() -> ssl.SSLContext:
    return transport.context()


@dataclass(frozen=True, slots=True)
class Means:
    """What a run works with; the tests give other clocks and resolvers, the reader other limits."""

    limits: Limits = field(default_factory=Limits)
    contact: str | None = None
    allow_private: bool = False
    resolver: Resolver = addresses.resolve
    clock: Clock = field(default_factory=Clock)
    tls: Callable[[], ssl.SSLContext] = _tls


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to an address: `url` is where the last redirect led, `headers` what was sent to it.

    `copied` says that a web archive gave its copy.
    """

    url: str
    reply: Reply
    headers: Mapping[str, str]
    copied: bool = False


@dataclass(frozen=True, slots=True)
class _Errand:
    """How an address is asked: its limits, headers of its own, and whether robots.txt has a say."""

    limits: Limits
    extra: Mapping[str, str] = field(default_factory=dict)
    obeying: bool = True


class Visitor:
    """Asks addresses one after the other, and remembers when each host was asked and what it forbids."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._pace = Pace(means.clock)
        self._robots: dict[str, Robots] = {}
        self._headers = {
            "User-Agent": manners.user_agent(means.contact),
            "Accept": _WANTED,
            "Accept-Language": "*",
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }

    def visit(self, url: str, extra: Mapping[str, str] | None = None) -> Answer:
        """The answer of an address, 200 or 304. Raises NotHad for every other end, with its reason."""
        answer = self._follow(url, _Errand(self._means.limits, extra or {}))
        status, phrase = answer.reply.status, answer.reply.phrase
        if status == 200 or (status == 304 and extra):
            return answer
        said = f"the server says {status} {phrase}".strip()
        if status in _GONE:
            raise NotHad("gone", said, dead=True)
        raise NotHad("failed", said)

    def _follow(self, url: str, errand: "_Errand") -> Answer:
        seen: list[str] = []
        while True:
            to = addresses.target(url)
            if errand.obeying:
                self._rules(to).check(to.url)
            headers = self._headers | {"Host": to.authority} | dict(errand.extra)
            reply = self._patiently(to, headers, errand.limits)
            if reply.status not in _REDIRECTING:
                return Answer(to.url, reply, headers)
            seen.append(to.url)
            url = _next(to.url, reply, seen)

    def _patiently(self, to: Target, headers: Mapping[str, str], limits: Limits) -> Reply:
        """The answer of one address; what may pass is tried again, each time later."""
        attempt = 1
        while True:
            try:
                reply = self._once(to, headers, limits)
                if reply.status not in manners.PASSING:
                    return reply
                raise manners.passing(reply.status, reply.phrase, reply.headers, self._means.clock.now())
            except NotHad as failure:
                # What a host asks for counts for all its addresses, also when this one is given up.
                self._pace.asked(to.host, failure.wait or 0.0)
                self._pace.asked(to.host, manners.wait_before(attempt, failure))
            attempt += 1

    def _once(self, to: Target, headers: Mapping[str, str], limits: Limits) -> Reply:
        """The answer of the first of the host's addresses that can be reached."""
        means = self._means
        found = addresses.examined(to, means.resolver, means.allow_private)
        for n, ip in enumerate(found, 1):
            self._pace.wait(to.host)
            try:
                return transport.ask(Request(to, ip, headers), limits, means.tls)
            except Cannot:
                if n == len(found):
                    raise
            finally:
                self._pace.asked(to.host, self._pause(to))
        raise AssertionError("examined() gives one address at least")

    def _pause(self, to: Target) -> float:
        known = self._robots.get(_origin(to))
        return manners.PAUSE if known is None else known.pause

    def _rules(self, to: Target) -> Robots:
        """What the robots.txt of a host says, asked once a run.

        As RFC 9309 has it: where there is none (4xx) all is allowed; while it cannot be had nothing is.
        """
        origin = _origin(to)
        if origin not in self._robots:
            self._robots[origin] = self._asked_for_rules(origin)
        return self._robots[origin]

    def _asked_for_rules(self, origin: str) -> Robots:
        limits = replace(self._means.limits, size=manners.ROBOTS_SIZE, cut=True)
        plain = {"Accept-Encoding": "identity"}  # the beginning of what is packed cannot always be unpacked
        try:
            reply = self._follow(f"{origin}/robots.txt", _Errand(limits, plain, obeying=False)).reply
        except NotHad as failure:
            if failure.dead or failure.status == "refused-address":
                return Robots(failure=failure)
            return _shut(failure.reason)
        if reply.status == 200:
            return manners.read_robots(reply.body)
        return Robots() if reply.status < 500 else _shut(f"{reply.status} {reply.phrase}".strip())


def _shut(reason: str) -> Robots:
    return Robots(
        failure=NotHad("failed", f"the host's robots.txt cannot be had ({reason}), so nothing is asked")
    )


def _origin(to: Target) -> str:
    return f"{to.scheme}://{to.authority}"


def _next(base: str, reply: Reply, seen: list[str]) -> str:
    """Where a redirect leads. Raises NotHad when it leads nowhere, in a circle or too far."""
    location = reply.header("Location")
    if location is None:
        raise NotHad("failed", f"the server says {reply.status} but not where to")
    with suppress(UnicodeError):
        # Headers are read as Latin-1; addresses in them are mostly UTF-8.
        location = location.encode("latin-1").decode("utf8")
    try:
        url = urljoin(base, addresses.mended(location))
        plain = addresses.target(url).url
    except ValueError:
        raise NotHad("failed", "it redirects to what is no address") from None
    if plain in seen:
        raise NotHad("failed", "it redirects in a circle")
    if len(seen) > REDIRECTS:
        raise NotHad("failed", f"it redirects more than {REDIRECTS} times")
    return url

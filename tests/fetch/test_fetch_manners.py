"""robots.txt is obeyed and no host is asked more than once a second."""

import gzip
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loopback import Handler, Page, Site, hang_up, listed, one, run

from indexer.fetch import (
    manners,
)


def endless_rules(handler: Handler) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /page\n")
    while True:
        handler.raw(b"# and so on\n" * 1000)


@pytest.mark.parametrize(
    "robots, status",
    [
        (b"User-agent: *\nDisallow: /", "refused-by-robots"),
        (b"User-agent: *\nDisallow: /page", "refused-by-robots"),
        (b"User-agent: *\nDisallow: /*.html$", "refused-by-robots"),
        (b"\xef\xbb\xbfUser-agent: Loccit\nDisallow: /", "refused-by-robots"),
        (b"User-agent: loccit\nAllow: /\n\nUser-agent: *\nDisallow: /", "fetched"),
        (b"User-agent: other\nDisallow: /", "fetched"),
        (b"", "fetched"),
        (b"<html>not found, politely", "fetched"),
        (b"\xff\xfe\0\0 no rules \0", "fetched"),
        ((404, {}, b""), "fetched"),
        ((401, {}, b""), "fetched"),
        ((500, {}, b""), "failed"),
        ((302, {"Location": "/robots.txt"}, b""), "failed"),
        ((302, {"Location": "/elsewhere.txt"}, b""), "refused-by-robots"),
        (hang_up, "failed"),
        ((200, {"Content-Encoding": "gzip"}, gzip.compress(b"# x\n" * 900_000)), "failed"),
        (b"User-agent: *\nDisallow: /page\n" + b"# x\n" * 900_000, "refused-by-robots"),
        (b"# x\n" * 900_000 + b"User-agent: *\nDisallow: /page\n", "fetched"),
        (endless_rules, "refused-by-robots"),
    ],
)  # fmt: skip
def test_robots_are_obeyed(raw: Path, site: Site, robots: Page, status: str) -> None:
    site.pages |= {"/robots.txt": robots, "/elsewhere.txt": b"User-agent: *\nDisallow: /"}
    assert one(raw, site, b"<p>words").status == status
    assert ("/page.html" in site.paths()) == (status == "fetched")


@settings(max_examples=100)
@given(
    st.lists(
        st.sampled_from(
            [b"User-agent: ", b"Disallow: ", b"Crawl-delay: ", b"*", b"\n", b"\xff", b"$", b"9e99"]
        )
    )
)
def test_any_robots_can_be_read(pieces: list[bytes]) -> None:
    robots = manners.read_robots(b"".join(pieces))
    assert robots.rules is not None and manners.PAUSE <= robots.pause <= manners.LONGEST_WAIT
    assert robots.rules.can_fetch("http://a.example/*", manners.NAME) in (True, False)


def test_robots_of_the_host_that_a_redirect_leads_to_are_obeyed(raw: Path, site: Site) -> None:
    site.pages["/robots.txt"] = lambda h: h.answer(
        200, {}, b"User-agent: *\nDisallow: /" if h.headers["Host"].startswith("other") else b""
    )
    outcome = one(raw, site, (302, {"Location": site.url("/x", "other.example")}, b""))
    assert outcome.status == "refused-by-robots" and site.paths() == ["/page.html"]


def test_robots_are_asked_for_once_a_host(raw: Path, site: Site) -> None:
    site.pages |= {"/a": b"<p>a", "/b": b"<p>b"}
    listed(raw, {"a": site.url("/a"), "b": site.url("/b")})
    run(raw, site)
    assert [a.path for a in site.asked] == ["/robots.txt", "/a", "/b"]


@pytest.mark.parametrize("robots, pause", [(b"", 1.0), (b"User-agent: *\nCrawl-delay: 7", 7.0)])
def test_a_host_is_asked_once_a_second(raw: Path, site: Site, robots: bytes, pause: float) -> None:
    """In a recorded run with redirects, retries and a robots.txt; another host need not be waited for."""
    site.pages |= {
        "/robots.txt": robots,
        "/a": [(503, {}, b""), b"<p>a"],
        "/b": (302, {"Location": "/a"}, b""),
    }
    hosts = ("one.example", "two.example")
    listed(raw, {f"{n}{host[:3]}": site.url(f"/{n}", host) for n in "abab" for host in hosts})
    run(raw, site)
    for host in hosts:
        times = [a.time for a in site.asked if a.host.startswith(host)]
        gaps = [later - sooner for sooner, later in pairwise(times[1:])]
        assert len(gaps) >= 2 and min(gaps) >= pause and times[1] - times[0] >= 1
    first = [next(a.time for a in site.asked if a.host.startswith(host)) for host in hosts]
    assert len(site.asked) >= 8 and first[1] - first[0] < 3 * pause + 4

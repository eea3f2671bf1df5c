"""A server on this machine that does as its pages say, and what runs against it.

The clock is a made one, so that waiting takes no time.
"""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from indexer.fetch import (
    Limits,
    Means,
    Outcome,
    Selection,
    fetch,
    manners,
)

ROOT = Path(__file__).resolve().parents[2]
Play = Callable[["Handler"], None]
# What a page of the site is: its body, a whole answer, or what the server does.
Page = bytes | tuple[int, dict[str, str], bytes] | Play


@dataclass
class Clock:
    """A clock that stands still but for sleeping."""

    time: float = 1_800_000_000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def means(self, **more: Any) -> Means:
        clock = manners.Clock(lambda: self.time, lambda: self.time, self.sleep)
        known: dict[str, Any] = {
            "clock": clock,
            "allow_private": True,
            "resolver": lambda host, port: ["127.0.0.1"],
        }
        return Means(**known | more)


class Handler(BaseHTTPRequestHandler):
    """Answers as the site's pages say; writes down what it was asked, and when."""

    protocol_version = "HTTP/1.1"
    site: "Site"

    def do_GET(self) -> None:
        asked = Asked(self.headers["Host"], self.path, dict(self.headers.items()), self.site.clock.time)
        self.site.asked.append(asked)
        page = self.site.pages.get(self.path, (404, {}, b"nothing here"))
        if isinstance(page, list):
            page = page.pop(0) if len(page) > 1 else page[0]
        if callable(page):
            page(self)
        else:
            status, headers, body = (
                page if isinstance(page, tuple) else (200, {"Content-Type": "text/html"}, page)
            )
            self.answer(status, headers, body)
        self.close_connection = True

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def raw(self, content: bytes) -> None:
        self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, *_: Any) -> None:
        pass


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it."""

    host: str
    path: str
    headers: dict[str, str]
    time: float


class Server(ThreadingHTTPServer):
    """Clients that hang up are what is tested here."""

    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: Any) -> None:
        pass


@dataclass
class Site:
    """Pages at a port of this machine, and all that was asked of them."""

    port: int
    clock: Clock
    pages: dict[str, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]


QUICK = Limits(size=100_000, seconds=5, silence=2)


def listed(raw: Path, works: dict[str, str], collection: str = "papers", more: str = "") -> None:
    """Writes a catalogue of sources with these addresses by their ids."""
    folder = raw / collection
    folder.mkdir(parents=True, exist_ok=True)
    tables = [
        f'[[work]]\nid = "{name}"\nkind = "source"\ntitle = "{name}"\nurl = "{url}"\n'
        for name, url in works.items()
    ]
    (folder / "catalogue.toml").write_text("\n".join(tables) + more, encoding="utf8")


def run(raw: Path, site: Site, selection: Selection | None = None, **more: Any) -> list[Outcome]:
    known = {k: more.pop(k) for k in ("wayback", "warc", "progress") if k in more}
    means = site.clock.means(**{"limits": QUICK} | more)
    return list(fetch(raw, selection or Selection(), means, **known))


def one(raw: Path, site: Site, page: Any, path: str = "/page.html", **more: Any) -> Outcome:
    """What becomes of one page."""
    site.pages[path] = page
    listed(raw, {"page": site.url(path)})
    return run(raw, site, **more)[0]


REFRESH = Selection(refresh=True)


def hang_up(handler: Handler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def packed(body: bytes, coding: str = "gzip", **headers: str) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "text/html", "Content-Encoding": coding, **headers}, body


TEXT = b"<p>" + b"words of a text " * 200


def contents_page(*links: str) -> bytes:
    items = "".join(f'<li><a href="{link}">Chapter: {link}</a></li>' for link in links)
    return (
        f"<html><head><title>The Book of the Quay</title></head><body><ul>{items}</ul></body></html>".encode()
    )

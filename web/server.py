"""The server: waitress with this application, at home on loopback or behind a proxy on the open web."""

import ctypes
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

from flask import Flask
from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from werkzeug.middleware.proxy_fix import ProxyFix

from indexer.errors import LoccitError, UsageError
from web import LONGEST_BODY, create_app

LOOPBACK = ("localhost", "127.0.0.1", "::1")
THREADS = 8
"""Requests answered at once: more than cores, for some wait for the disk."""
MOST_CONNECTIONS = 500
ARENAS = 2
"""Stores from which the C library hands out memory. One for each thread, as it likes to have, keep what long
pages have let go: two took 207 MB where those took 290, and as long for an answer."""
M_ARENA_MAX = -8
"""The number of that setting in glibc's malloc.h."""
LONGEST_HEAD = 65_536
"""Bytes of a request before its body."""
PATIENCE = 30
"""Seconds that a connection may say nothing."""
LONGEST_ARRIVING = 60
"""Seconds that a request may take to arrive: who sends a byte a second holds no place for long."""


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that is ended when a request takes too long to arrive."""

    begun: float | None = None

    def received(self, data: bytes) -> Any:
        """Takes some more bytes of a request."""
        now = time.monotonic()
        self.begun = now if self.request is None or self.begun is None else self.begun
        if now - self.begun > LONGEST_ARRIVING:
            self.will_close = True
            return False
        return super().received(data)


@dataclass(frozen=True, slots=True)
class Serving:
    """Where and for whom: `names` are the hosts under which it is reached, `prefix` the path before its own.

    With `behind_proxy` the X-Forwarded headers are believed, so that only a proxy may reach it.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    public: bool = False
    names: tuple[str, ...] = ()
    prefix: str = ""
    behind_proxy: bool = False


def serve(archive: Path, wanted: Serving, tell: Callable[[str], object]) -> None:
    """Answers requests until it is interrupted; `tell` gets the address. Raises LoccitError, UsageError."""
    if wanted.public and not wanted.names:
        raise UsageError("With --public, say under which --name it is reached: other names are refused.")
    if wanted.behind_proxy and wanted.host not in LOOPBACK:
        raise UsageError("With --behind-proxy it must listen on this machine only: the proxy is on the web.")
    share_memory()
    # Bound to this machine, it answers to its own names only: no page elsewhere can pass for it.
    own = ("localhost", "127.0.0.1", "[::1]") if wanted.host in LOOPBACK else ()
    names = (*wanted.names, *own)
    app = create_app(archive, names if wanted.names or own else (), wanted.public)
    if wanted.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1, x_prefix=1)  # type: ignore[method-assign]
    server, port = listening(app, wanted)
    Thread(target=warm, args=(app,), name="warm", daemon=True).start()
    tell(f"Loccit is at http://{wanted.host}:{port}{wanted.prefix}/ (Ctrl-C ends it)")
    server.run()


def share_memory() -> bool:
    """Has all threads that are yet to begin take memory from the same few stores; False where there is no
    such setting, for it is glibc's."""
    try:
        return bool(ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS))
    except (AttributeError, OSError, TypeError):
        return False


def warm(app: Flask) -> None:
    """Makes ready what whoever comes first would wait for: half a second, beside the first requests."""
    app.extensions["library"].warm()
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)


def look(wanted: Serving) -> None:
    """Listens for a moment where the server is to. Raises LoccitError where it cannot."""
    server, _ = listening(Flask(__name__), wanted)
    server.task_dispatcher.shutdown()
    server.close()


def listening(app: Flask, wanted: Serving) -> tuple[Any, int]:
    """A server that listens and has yet to be run, and its port. Raises LoccitError."""
    # That others wait a moment is no news for whoever started it.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    sockets: dict[int, Any] = {}
    try:
        server = create_server(
            app,
            map=sockets,
            host=wanted.host,
            port=wanted.port,
            url_prefix=wanted.prefix,
            threads=THREADS,
            asyncore_use_poll=True,  # select() fails for ever once a file has a number over 1,023
            connection_limit=MOST_CONNECTIONS,
            channel_timeout=PATIENCE,
            cleanup_interval=PATIENCE // 3,
            max_request_body_size=2
            * LONGEST_BODY,  # what is a little too long, the application refuses in words
            max_request_header_size=LONGEST_HEAD,
            # ProxyFix reads these headers, or nobody does.
            clear_untrusted_proxy_headers=not wanted.behind_proxy,
            ident=None,
        )
    except OSError as error:
        raise LoccitError(
            f"Cannot listen on {wanted.host}:{wanted.port}: {error.strerror}. Try --port."
        ) from None
    own = [one for one in sockets.values() if isinstance(one, TcpWSGIServer)]
    for one in own:
        one.channel_class = Channel
    return server, own[0].effective_port

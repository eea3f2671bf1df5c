"""What all tests of fetching have: a site, a place to write to, and no connection but to loopback."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from loopback import Clock, Handler, Server, Site

from indexer.fetch import manners


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anywhere but this machine is a failure of the test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        assert address[0] in ("127.0.0.1", "127.0.0.2", "::1"), f"a connection to {address}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def site() -> Iterator[Site]:
    server = Server(("127.0.0.1", 0), type("Here", (Handler,), {}))
    made = Site(server.server_address[1], Clock())
    server.RequestHandlerClass.site = made  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    made.done.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return tmp_path / "raw"


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manners, "PAUSE", 0.0)
    monkeypatch.setattr(manners, "FIRST_WAIT", 0.0)

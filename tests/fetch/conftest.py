"""What all tests of fetching have: a site and a place to write to."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback import Clock, Handler, Server, Site

from indexer.fetch import manners


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

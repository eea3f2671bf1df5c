"""The real server under those who are slow, who are many, and who ask for long."""

import http.client
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest
from tortured import ROOT

from web import create_app, server
from web.server import MOST_CONNECTIONS, Serving

sys.path.insert(0, str(ROOT / "bench"))

from load import growth, load, settled

Start = Callable[[], int]


@pytest.fixture
def start(sample: Path) -> Iterator[Start]:
    """Starts the server of `loccit serve` in a thread; gives its port."""
    with ExitStack() as ends:

        def begin() -> int:
            running, port = server.listening(create_app(sample, ("127.0.0.1",)), Serving(port=0))
            thread = threading.Thread(target=running.run, daemon=True)
            thread.start()
            ends.callback(thread.join, 5)
            ends.callback(running.close)
            return port

        yield begin


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def answered(port: int) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", "/works")
        response = connection.getresponse()
        assert b"</html>" in response.read()
        return response.status


def test_who_sends_a_byte_at_a_time_keeps_nobody_waiting_and_is_ended(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "LONGEST_ARRIVING", 1)
    port, ended = start(), 0
    heads = (
        b"GET /works HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ",
        b"POST /find HTTP/1.1\r\nContent-Length: 9999\r\n\r\n",
    )
    slow = [connected(port) for _ in range(40)]
    for number, one in enumerate(slow):
        one.sendall(heads[number % 2])
    for _ in range(30):
        assert answered(port) == 200
        for one in slow:
            with suppress(OSError):
                one.sendall(b"a")
        time.sleep(0.1)
    for one in slow:
        one.settimeout(5)
        with suppress(ConnectionResetError):
            assert one.recv(1000) == b""
        ended += 1
        one.close()
    assert ended == 40


def test_who_takes_a_page_a_byte_at_a_time_keeps_nobody_waiting(start: Start) -> None:
    port = start()
    slow = [connected(port) for _ in range(40)]
    for one in slow:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        one.sendall(b"GET /static/style.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    for _ in range(10):
        assert [one.recv(1) for one in slow] and answered(port) == 200
    for one in slow:
        one.close()


def test_two_hundred_who_say_nothing_keep_nobody_waiting(start: Start) -> None:
    port = start()
    idle = [connected(port) for _ in range(200)]
    assert [answered(port) for _ in range(20)] == [200] * 20
    for one in idle:
        one.close()


def test_of_more_connections_than_are_kept_the_silent_ones_make_room(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "PATIENCE", 3)
    port = start()
    idle = [connected(port) for _ in range(MOST_CONNECTIONS + 20)]
    assert answered(port) == 200
    for one in idle:
        one.close()


HERE = b"Host: 127.0.0.1\r\n"
REFUSED = {
    "no letters": b"\0" * 5000 + b"\r\n\r\n",
    "no end": b"A" * 70_000 + b"\r\n\r\n",
    "a way up": b"GET /../../etc/passwd HTTP/1.1\r\n" + HERE + b"Connection: close\r\n\r\n",
    "less than nothing": b"POST /find HTTP/1.1\r\n" + HERE + b"Content-Length: -1\r\n\r\n",
    "too much": b"POST /find HTTP/1.1\r\n" + HERE + b"Content-Length: 99999999999\r\n\r\n",
    "two lengths": b"POST /find HTTP/1.1\r\n" + HERE + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
    "no pieces": b"POST /find HTTP/1.1\r\n" + HERE + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "another name": b"GET / HTTP/1.1\r\nHost: e.example\r\nConnection: close\r\n\r\n",
    "a name forwarded": b"GET / HTTP/1.1\r\nHost: e.example\r\nX-Forwarded-Host: 127.0.0.1\r\n"
    b"Connection: close\r\n\r\n",
}


@pytest.mark.parametrize("sent", REFUSED.values(), ids=REFUSED)
def test_what_is_no_request_for_this_server_is_refused(start: Start, sent: bytes) -> None:
    """Nor does it keep anybody waiting."""
    port = start()
    with connected(port) as one:
        one.sendall(sent)
        answer = one.recv(65_536)
    assert re.match(rb"HTTP/1.[01] [45]\d\d ", answer), answer
    assert answered(port) == 200


@pytest.mark.parametrize("public", [False, True], ids=["at home", "public"])
def test_many_readers_at_once_are_all_answered(
    sample: Path, request: pytest.FixtureRequest, public: bool
) -> None:
    """In the long form for minutes, and then memory, files and threads must not grow."""
    long = request.config.getoption("--torture")
    minutes = min(10.0, request.config.getoption("--minutes") / 2) if long else 0.05
    measured = load(sample, 16, 60 * minutes, 0.3 if long else 0.05, public)
    assert not measured.failed
    assert all(measured.seconds[kind] for kind in ("search", "read", "compare", "bookmarks"))
    if long:
        after = settled(measured)
        assert 60 * growth(measured) < 2e6
        (_, _, files, threads), last = after[:5].mean(0), after[-5:].mean(0)
        assert last[2] < files + 5 and last[3] < threads + 1

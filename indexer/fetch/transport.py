"""One request to one IP address, and its answer: whole, within the limits, or not at all.

The connection goes to the IP address that is given, while the Host header and TLS go by the name. Nothing
is taken from the environment: no proxies, no passwords of a .netrc, no cookies.
"""

import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from io import BytesIO
from typing import Any

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from indexer.fetch.addresses import Target
from indexer.fetch.outcome import NotHad

# Bytes read at a time: little enough to stop soon, enough to be quick.
CHUNK = 1 << 16
# Seconds that a connection may take to come about; a host that is down takes all of them, at every try.
CONNECTING = 10.0
# Letters of what a server says behind its status.
LONGEST_PHRASE = 80
# Digits of a length that a server states; a thousand terabytes are told apart from nothing larger.
_DIGITS = 15
# A body beyond this is hardly a text: most scanned books have less, and it has to fit into memory.
LARGEST = 100_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost: bytes on the wire and unpacked, seconds in all and of silence.

    With `cut` an answer that has more bytes is read as far as it may be, and not refused.
    """

    size: int = LARGEST
    seconds: float = 300.0
    silence: float = 30.0
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: `body` is what was meant, `wire` the same as it came, packed if it was packed."""

    status: int
    phrase: str
    headers: Mapping[str, str]
    body: bytes
    wire: bytes
    ip: str

    def header(self, name: str) -> str | None:
        """The value of a header, None where it is missing or empty."""
        return self.headers.get(name, "").strip() or None


class Cannot(NotHad):
    """No connection came about: another IP address of the same host may do."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of whom: the target, one IP address of its host, and the headers."""

    target: Target
    ip: str
    headers: Mapping[str, str]


def context() -> ssl.SSLContext:
    """TLS as usual: certificates are checked against the system's authorities and those of certifi."""
    made = ssl.create_default_context()
    made.load_verify_locations(certifi.where())
    return made


def ask(request: Request, limits: Limits, tls: Callable[[], ssl.SSLContext]) -> Reply:
    """Sends a GET and reads the whole answer. Raises NotHad, with the reason."""
    connection = _connection(request, limits, tls)
    cut = threading.Event()
    try:
        with _watched(connection, limits.seconds, cut) as held:
            _connect(connection, request)
            held.append(connection.sock)
            connection.timeout = limits.silence
            connection.request(
                "GET", request.target.path, headers=dict(request.headers),
                preload_content=False, decode_content=False,
            )  # fmt: skip
            response = connection.getresponse()
            reply = _read(response, request.ip, limits)
        if cut.is_set():
            raise _too_slow(limits)
        return reply
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        if cut.is_set():
            raise _too_slow(limits) from None
        raise _broken(error, limits) from None
    finally:
        connection.close()


def _too_slow(limits: Limits) -> NotHad:
    return NotHad("failed", f"the answer took longer than {limits.seconds:g} seconds")


def _connection(request: Request, limits: Limits, tls: Callable[[], ssl.SSLContext]) -> HTTPConnection:
    to = request.target
    if to.scheme == "http":
        return HTTPConnection(request.ip, to.port, timeout=min(limits.silence, CONNECTING))
    return HTTPSConnection(
        request.ip,
        to.port,
        timeout=min(limits.silence, CONNECTING),
        ssl_context=tls(),
        server_hostname=to.host,
    )


def _connect(connection: HTTPConnection, request: Request) -> None:
    try:
        connection.connect()
    except ssl.SSLError as error:
        why = getattr(error, "verify_message", "") or error.reason or "TLS failed"
        raise Cannot("failed", f"no safe connection with {request.target.host}: {why}", dead=True) from None
    except (HTTPError, OSError) as error:
        why = "in time" if isinstance(error, TimeoutError) else f"({_cause(error)})"
        reason = f"{request.target.authority} cannot be reached {why}"
        raise Cannot("failed", reason, passing=True, dead=True) from None


def _cause(error: BaseException) -> str:
    """The system's words for what happened, out of an error that wraps them."""
    inner = error.__cause__ or error.__context__
    said = getattr(error, "strerror", None) or (getattr(inner, "strerror", None) if inner else None)
    return str(said or type(error).__name__)


@contextmanager
def _watched(connection: HTTPConnection, seconds: float, cut: threading.Event) -> Iterator[list[Any]]:
    """Cuts the connection when the time is up, whatever it is doing: a byte now and then is an answer, too.

    The socket is put into the list that is yielded, for the connection forgets it before the body is read.
    """
    held: list[Any] = []

    def stop() -> None:
        cut.set()
        sock = held[0] if held else connection.sock
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield held
    finally:
        timer.cancel()


def _broken(error: Exception, limits: Limits) -> NotHad:
    if isinstance(error, TimeoutError) or "timed out" in str(error).lower():
        return NotHad("failed", f"the server was silent for {limits.silence:g} seconds", passing=True)
    if isinstance(error, HTTPException) and not isinstance(error, IncompleteRead | RemoteDisconnected):
        return NotHad("failed", "the answer is not HTTP, or not as it should be")
    return NotHad("failed", f"the answer broke off ({_cause(error)})", passing=True)


def _read(response: BaseHTTPResponse, ip: str, limits: Limits) -> Reply:
    """The answer with its body, of which only a 200 has one that matters."""
    phrase = (response.reason or "")[:LONGEST_PHRASE]
    if response.status != 200:
        return Reply(response.status, phrase, response.headers, b"", b"", ip)
    declared = response.headers.get("Content-Length", "")[:_DIGITS]
    if declared.isdigit() and int(declared) > limits.size and not limits.cut:
        raise NotHad("too-large", f"{int(declared):,} bytes; --max-size allows {limits.size:,}")
    unpack = _unpacker(response.headers.get("Content-Encoding", ""), limits.size)
    wire, body = BytesIO(), BytesIO()
    for chunk in response.stream(CHUNK, decode_content=False):
        wire.write(chunk)
        if wire.tell() > limits.size and limits.cut:
            break
        if wire.tell() > limits.size:
            raise NotHad("too-large", f"more than {limits.size:,} bytes, which --max-size allows")
        if unpack is not None:
            body.write(unpack.more(chunk))
    packed = wire.getvalue()
    if unpack is None:
        return Reply(response.status, phrase, response.headers, packed, packed, ip)
    unpack.end()
    return Reply(response.status, phrase, response.headers, body.getvalue(), packed, ip)


def _unpacker(coding: str, limit: int) -> "_Unpacker | None":
    name = coding.strip().lower()
    if name in ("", "identity"):
        return None
    if name in ("gzip", "x-gzip", "deflate"):
        return _Unpacker(limit)
    raise NotHad("failed", f"the answer is packed as “{coding[:40]}”, which was not asked for")


class _Unpacker:
    """Unpacks gzip and deflate piece by piece, never more than the limit: a kilobyte may hold a gigabyte."""

    def __init__(self, limit: int) -> None:
        self._left = limit
        # 32 + 15: a gzip or a zlib header, whichever comes.
        self._inflate = zlib.decompressobj(47)
        self._begun = False

    def more(self, chunk: bytes) -> bytes:
        """The unpacked bytes of a piece. Raises NotHad when it is broken or there are too many."""
        parts = []
        while chunk:
            if self._inflate.eof:
                # A gzip file may have several members; zeros behind it are padding.
                if not chunk.strip(b"\0"):
                    break
                self._inflate = zlib.decompressobj(47)
            part = self._part(chunk)
            self._left -= len(part)
            if self._left < 0 or self._inflate.unconsumed_tail:
                raise NotHad("too-large", "unpacked it has more bytes than --max-size allows")
            parts.append(part)
            chunk = self._inflate.unused_data
        return b"".join(parts)

    def _part(self, chunk: bytes) -> bytes:
        try:
            part = self._inflate.decompress(chunk, self._left + 1)
        except zlib.error:
            if self._begun:
                raise NotHad("failed", "the answer is not packed as it says", passing=True) from None
            self._inflate = zlib.decompressobj(-15)  # deflate as some servers take it, without a header
            self._begun = True
            return self._part(chunk)
        self._begun = True
        return part

    def end(self) -> None:
        """Raises NotHad when the packed bytes broke off."""
        if self._begun and not self._inflate.eof:
            raise NotHad("failed", "the answer broke off before its end", passing=True)

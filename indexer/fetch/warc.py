"""What was fetched, as records of a WARC file (ISO 28500), for archives that keep these."""

import io
from pathlib import Path
from types import TracebackType
from typing import Self

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from indexer.errors import UsageError
from indexer.fetch.addresses import target
from indexer.fetch.visiting import Answer

# The body is recorded without the chunks in which it came.
_DROPPED = frozenset({"transfer-encoding"})


class Warc:
    """Appends a request and a response record for every answer; a name ending in .gz is packed."""

    def __init__(self, path: Path) -> None:
        try:
            self._out = path.open("ab")
        except OSError as error:
            raise UsageError(f"{path} cannot be written: {error.strerror}.") from None
        self._writer = WARCWriter(self._out, gzip=path.name.endswith(".gz"))
        if self._out.tell() == 0:
            about = {"software": "loccit", "format": "WARC File Format 1.0"}
            self._writer.write_record(self._writer.create_warcinfo_record(path.name, about))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._out.close()

    def add(self, answer: Answer) -> None:
        """Records an answer and what was asked for it."""
        reply, to = answer.reply, target(answer.url)
        came = [(name, value) for name, value in reply.headers.items() if name.lower() not in _DROPPED]
        status = StatusAndHeaders(f"{reply.status} {reply.phrase}", came, protocol="HTTP/1.1")
        line = f"GET {to.path} HTTP/1.1"
        asked = StatusAndHeaders(line, list(answer.headers.items()), is_http_request=True)
        response = self._writer.create_warc_record(
            answer.url, "response", payload=io.BytesIO(reply.wire), http_headers=status,
            warc_headers_dict={"WARC-IP-Address": reply.ip},
        )  # fmt: skip
        request = self._writer.create_warc_record(answer.url, "request", http_headers=asked)
        self._writer.write_request_response_pair(request, response)
        self._out.flush()

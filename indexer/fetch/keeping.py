"""What of an answer is kept, under which name, and what is recorded with it."""

import hashlib
import mimetypes
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from indexer import catalogue
from indexer.fetch.addresses import PORTS, Target, target
from indexer.fetch.outcome import NotHad
from indexer.fetch.transport import Reply
from indexer.fetch.visiting import Answer

# File systems allow 255 bytes; an edition's digest and “.partial” come behind.
LONGEST_NAME = 150
LONGEST_PATH = 900
# Letters of a digest that tell apart what would have one name.
_DIGEST = 8
# What other systems forbid in a file's name; an escaped address has no other such letter.
_AWKWARD = str.maketrans({"?": "@", ":": "%3A", "*": "%2A"})
_NOT_TEXT = frozenset({"image", "audio", "video", "font", "model"})
# A zero byte in the first bytes is no text, but in these: PDF, ZIP (EPUB, DOCX), gzip (WARC), old Word files.
_CONTAINERS = (b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")
_MARKED = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_LOOKED_AT = 8192


def name_of(folder: Path, to: Target) -> str:
    """The path inside a collection's folder for the bytes of an address: its host and path.

    The address of a folder is its `index.html`. No name leads out of the folder, is hidden, or is taken by
    the file of another address.
    """
    host = to.host.replace(":", "_") + ("" if to.port in PORTS.values() else f"+{to.port}")
    if host in (catalogue.CATALOGUE, catalogue.PROVENANCE):
        host += "_"
    path, mark, query = to.path.partition("?")
    *above, last = path.split("/")[1:]
    parts = [*(part for part in above if part), (last or "index.html") + mark + query]
    inside = [_fit(part) for part in parts]
    if sum(map(len, inside)) + len(inside) > LONGEST_PATH:
        inside = [_digest(to.path) + "-" + inside[-1][-LONGEST_NAME // 2 :]]
    return _free(folder, host, inside, to)


def _fit(part: str) -> str:
    """A part of a path as a file's name; one that is cut has a digest of the whole in it."""
    name = part.replace("/", "%2F").translate(_AWKWARD)
    if name.startswith("."):
        name = "%2E" + name[1:]
    if len(name) <= LONGEST_NAME:
        return name
    ending = re.search(r"\.[a-zA-Z0-9]{1,5}$", name)
    tail = ending.group() if ending else ""
    return f"{name[: LONGEST_NAME - 2 * _DIGEST]}~{_digest(part)}{tail}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST]


def _free(folder: Path, host: str, inside: list[str], to: Target) -> str:
    """The path, changed where a file stands in the way of a folder, a folder or another's file in its own."""
    parts = [host]
    for part in inside[:-1]:
        parts.append(f"{part}.d" if (folder / "/".join([*parts, part])).is_file() else part)
    name = "/".join([*parts, inside[-1]])
    if (folder / name).is_dir():
        name += ".page"
    known = catalogue.record(folder.parent, f"{folder.name}/{name}")
    if known is None or catalogue.bare(known.get("url") or "") == catalogue.bare(to.url):
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{stem}~{_digest(to.url)}.{ending}" if dot and "/" not in ending else f"{name}~{_digest(to.url)}"


def media_type(reply: Reply) -> str | None:
    """What the server calls the bytes, without its parameters. Raises NotHad for what cannot be a text."""
    said = (reply.header("Content-Type") or "").lower()
    media = said.partition(";")[0].strip() or None
    if media is not None and media.split("/")[0] in _NOT_TEXT:
        raise NotHad("not-a-text", f"it is {media[:60]}")
    if not reply.body:
        raise NotHad("failed", "the answer is empty")
    head = reply.body[:_LOOKED_AT]
    if b"\0" in head and not head.startswith((*_CONTAINERS, *_MARKED)) and "charset=utf-16" not in said:
        raise NotHad("not-a-text", f"its bytes are no text{f', but called {media[:60]}' if media else ''}")
    return media


def doubt(to: Target, media: str | None) -> str:
    """What is odd about a page that came where its address promises a book: a notice, a form to log in."""
    promised = mimetypes.guess_type(to.path.partition("?")[0])[0]
    if media == "text/html" and promised in ("application/pdf", "application/epub+zip"):
        return f"a web page came where the address promises {promised}"
    return ""


def facts(kind: str, url: str, answer: Answer, now: float) -> dict[str, Any]:
    """What is recorded with the bytes: address, time, type and the headers by which to ask again.

    `final` is where redirects led, `copy` the address of a web archive's copy, where that is another address.
    """
    reply = answer.reply
    moment = datetime.fromtimestamp(now, UTC)
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", reply.header("Content-Type") or "", re.I)
    known = {
        "kind": kind,
        "added": moment.date().isoformat(),
        "media_type": media_type(reply),
        "url": url.partition("#")[0],
        "fetched": moment.isoformat(timespec="seconds"),
        "charset": charset.group(1) if charset else None,
        "etag": reply.header("ETag"),
        "last_modified": reply.header("Last-Modified"),
        "copy" if answer.copied else "final": answer.url if _other(answer.url, url) else None,
    }
    always = ("kind", "added", "media_type", "url")
    return {name: value for name, value in known.items() if value is not None or name in always}


def _other(url: str, asked: str) -> bool:
    return catalogue.bare(url) != catalogue.bare(target(asked).url)

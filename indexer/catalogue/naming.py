"""Names of works and addresses of files, read off paths."""

import os
import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

# Letters of a digest that tell editions apart.
_SHORT = 8
# Top-level domains that a folder's name may end in to be taken for a host; besides, any two letters.
_DOMAINS = frozenset({"org", "com", "net", "edu", "gov", "info", "int", "mil", "example", "test"})


_ENDINGS = frozenset(
    ["txt", "text", "md", "htm", "html", "xhtml", "shtml", "php", "asp", "aspx", "pdf", "epub", "xml", "docx"]
)


def slug(text: str) -> str:
    """Letters and digits of a path, its ending dropped, joined by hyphens; fit for an address."""
    path = PurePosixPath(text)
    stem = path.with_suffix("") if path.suffix.lower().lstrip(".") in _ENDINGS else path
    return re.sub(r"[^\w]+", "-", str(stem).lower()).strip("-_") or "work"


def legible(name: str) -> str:
    """A name with a sign of replacement for each byte of it that is no text, as file systems allow them."""
    return os.fsencode(name).decode("utf8", "replace")


def edition(name: str, digest: str) -> str:
    """The name under which other bytes of a file, of this digest, are kept beside it."""
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}.{digest[:_SHORT]}{path.suffix}"))


def is_address(url: str) -> bool:
    """Whether this is an http or https address with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in parts.netloc and not re.search(r"\s", url)


def bare(url: str) -> str:
    """An address for comparing: without its fragment, http taken for https."""
    return re.sub(r"^http://", "https://", url.split("#")[0])


def is_host(name: str) -> bool:
    """Whether a folder's name is that of a host, as a mirror has it."""
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", name.lower()):
        return False
    last = name.lower().rsplit(".", 1)[1]
    return name.startswith("www.") or last in _DOMAINS or (len(last) == 2 and last.isalpha())


def mirrored(file: str) -> str | None:
    """The address of a file below a folder named as a host, read off its path."""
    parts = PurePosixPath(file).parts
    at = next((n for n, part in enumerate(parts[:-1]) if is_host(part)), None)
    return None if at is None else "https://" + "/".join(parts[at:])

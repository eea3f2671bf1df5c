"""The addresses of places that several pages lead to."""

from urllib.parse import unquote, urljoin, urlsplit

from flask import url_for

# Names of pages that servers also give at the address of their folder.
INDEX_NAMES = ("index.htm", "index.html")


def quotation_address(quotation_id: str) -> str:
    """The address of a quotation's comparison."""
    return url_for("beside.show", quotation_id=quotation_id)


def reading_address(
    work_id: str, number: int, query: str | None = None, exact: bool = False, names: bool = True
) -> str:
    """The address of a block of a work in the reader, by its number from 1; `query` marks its words there."""
    return url_for(
        "read.show",
        work_id=work_id,
        at=number,
        q=query or None,
        exact="1" if query and exact else None,
        names=None if names or not query else "0",
        _anchor=f"p{number}",
    )


def absolute(base: str | None, link: str) -> str | None:
    """The address that a link on the page `base` leads to; None of what is no address at all."""
    try:
        address = urljoin(base or "", link)
        urlsplit(address)
    except ValueError:
        return None
    return address


def host(url: str) -> str | None:
    """The host of an address of the web, None of any other address: so a page that was saved is filed."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.hostname if parts.scheme in ("http", "https") else None


def bare(url: str) -> str | None:
    """An address of the web without what does not change the page: scheme, "www.", fragment, the name of an
    index page, a slash at its end. None of any other address."""
    name = host(url)
    if name is None:
        return None
    parts = urlsplit(url)
    directory, _, page = unquote(parts.path).rpartition("/")
    path = f"{directory}/{'' if page in INDEX_NAMES else page}".rstrip("/")
    return f"{name.removeprefix('www.')}{path}{'?' if parts.query else ''}{parts.query}"


def inside(address: str) -> str | None:
    """An address if it is a path of this server, else None: where a page may lead back to.

    Browsers read a backslash as a slash, and drop control characters.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    odd = "\\" in address or any(ord(letter) < 33 for letter in address)
    return address if address.startswith("/") and not parts.netloc and not odd else None

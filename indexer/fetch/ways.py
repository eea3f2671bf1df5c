"""Where the text of a work is, when the address that is cited is a page about it.

The Internet Archive shows a scanned book at `/details/ID` (a page about it) or `/stream/ID/NAME_djvu.txt`
(its plain text in the site's frame); the plain text itself is at `/download/ID/NAME_djvu.txt`.
"""

import re
from urllib.parse import urlsplit, urlunsplit

_LIBRARY = frozenset({"archive.org", "www.archive.org"})
_ABOUT = re.compile(r"/details/(?P<item>[\w.-]+)(?:/(?:page|mode)/.*)?/?")
_FRAMED = re.compile(r"/stream/(?P<item>[\w.-]+)/(?P<name>[^/]+)_djvu\.txt")


def ways(url: str) -> tuple[str, ...]:
    """The addresses to ask in turn for what an address is cited for; the last is the address itself."""
    try:
        parts = urlsplit(url)
    except ValueError:  # an essay may give anything; who asks for it says what is wrong
        return (url,)
    if parts.hostname not in _LIBRARY:
        return (url,)
    found = _ABOUT.fullmatch(parts.path) or _FRAMED.fullmatch(parts.path)
    if found is None:
        return (url,)
    item = found["item"]
    name = found.groupdict().get("name") or item
    return urlunsplit((parts.scheme, parts.netloc, f"/download/{item}/{name}_djvu.txt", "", "")), url

"""What every answer carries, and which requests are refused unseen.

Pages load only what this server gives, run no inline script or style, and cannot be framed. What
changes state comes by POST, and only from a page of this server.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from werkzeug.sansio.utils import host_is_trusted

from web.language import _

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
READING = ("GET", "HEAD", "OPTIONS")
# A file named with its digest never changes under that name.
FOR_A_YEAR = "public, max-age=31536000, immutable"


def install(app: Flask, hosts: Sequence[str]) -> None:
    """Check every request, and put the headers on every answer. No `hosts` means any."""

    def refuse_other_hosts() -> None:
        """Refuse with 400 what is addressed to another name: some site's name may have been bent to here."""
        if hosts and not host_is_trusted(request.host, hosts):
            abort(400, _("This server does not answer to that name."))

    app.before_request(refuse_other_hosts)
    app.before_request(refuse_cross_site)
    app.after_request(with_headers)


def refuse_cross_site() -> None:
    """Refuse with 403 a request that would change something and comes from another site's page.

    Browsers say where a request comes from by Sec-Fetch-Site or Origin; a request with neither is no
    browser's, and carries nobody's rights.
    """
    if request.method in READING:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site not in ("same-origin", "none"):
        abort(403, _("This came from another site's page, and was refused. Nothing was changed."))
    if origin is not None and _place(origin) != request.host:
        abort(403, _("This came from another site's page, and was refused. Nothing was changed."))


def _place(origin: str) -> str | None:
    """The host and port of an origin; None of what is no address."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def with_headers(response: Response) -> Response:
    """The answer with the headers of a page that keeps to itself."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
        response.headers["Cache-Control"] = FOR_A_YEAR
    elif request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-cache")
    return response

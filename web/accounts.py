"""Who asks: the one reader of an archive at home, or on a public server an account or a stranger.

There a stranger reads and keeps nothing; who has an account keeps records in a file of its
own. Whether a request may write is decided here, before any view: a view that stores nothing, though it is
asked by POST, says so with `stores_nothing`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from flask import Blueprint, Flask, Response, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from web import reader
from web.addresses import inside
from web.answer import answer
from web.guard import READING
from web.language import _
from web.limits import Bucket, asker, refuse
from web.reader import Refused

pages = Blueprint("accounts", __name__)

COOKIE = "session"
STRANGER = ".nobody"
"""No account has such a name, so that no file of records does."""
LONGEST_NAME = 40
ATTEMPTS = Bucket(rate=1 / 60, burst=10)
"""Passwords that may be tried of one name, and from one address: ten at once, then one a minute."""

View = TypeVar("View", bound=Callable[..., object])


def install(app: Flask, public: bool) -> None:
    """Ask every request who it is from; refuse strangers' writes on a public server."""
    app.config["PUBLIC"] = public
    app.extensions["attempts"] = ATTEMPTS.keeper()
    app.before_request(refuse_strangers)

    @app.context_processor
    def everywhere() -> dict[str, object]:
        return {"public": public, "who_asks": account, "may_keep": may_keep, "signing_in": signing_in}


def stores_nothing(view: View) -> View:
    """Marks a view that is asked by POST and keeps nothing on the server: strangers may ask it too."""
    view.stores_nothing = True  # type: ignore[attr-defined]
    return view


def refuse_strangers() -> None:
    """Refuse with 403 what a stranger would change on a public server."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method in READING or getattr(view, "stores_nothing", False) or not view:
        return
    if not may_keep():
        abort(403, _("On this server only who has an account can keep something. Sign in, then try again."))


def may_keep() -> bool:
    """Whether whoever asks has records of their own: the one reader at home, or an account."""
    return not current_app.config["PUBLIC"] or account() is not None


def signing_in() -> str:
    """The address of the form to sign in, which leads back here, or from a posted page to the start."""
    here = request.script_root + (request.full_path if request.query_string else request.path)
    return url_for("accounts.index", back=here if request.method == "GET" else None)


def account() -> str | None:
    """The account that this request comes from; None of a stranger, and of the one reader at home."""
    if not current_app.config["PUBLIC"]:
        return None
    if "account" not in g:
        token = request.cookies.get(COOKIE)
        g.account = reader.accounts.signed_in(accounts_file(), token) if token else None
    name: str | None = g.account
    return name


def accounts_file() -> Path:
    """The file that says who has an account: the archive's own records."""
    archive: Path = current_app.config["ARCHIVE"]
    return archive / reader.FILE


def reader_file() -> Path:
    """The file of the records of whoever asks. A stranger's does not exist, and is never made."""
    if not current_app.config["PUBLIC"]:
        return accounts_file()
    return reader.accounts.records_of(accounts_file(), account() or STRANGER)


@pages.get("/account")
def index() -> Response:
    """Who is signed in, or a form to do so."""
    _only_public()
    return _form()


@pages.post("/account/sign-in")
@stores_nothing
def sign_in() -> Response | Redirect:
    """Signs in, and leads back to where the form was asked for."""
    _only_public()
    name, password = request.form.get("name", "").strip()[:LONGEST_NAME], request.form.get("password", "")
    attempts = current_app.extensions["attempts"]
    for key in (f"name {name}", f"address {asker()}"):
        if (wait := attempts.take(key)) > 0:
            refuse(wait, _("Too many passwords were tried."))
    try:
        token = reader.accounts.sign_in(accounts_file(), name, password)
    except Refused as error:
        return _form(name, str(error), 403)
    response = redirect(inside(request.form.get("back", "")) or url_for("start.index"), 303)
    age = int(reader.accounts.SIGNED_IN.total_seconds())
    path = url_for("start.index")
    response.set_cookie(
        COOKIE, token, age, path=path, secure=request.is_secure, httponly=True, samesite="Lax"
    )
    return response


@pages.post("/account/sign-out")
@stores_nothing
def sign_out() -> Redirect:
    """Ends the session, here and on the server."""
    _only_public()
    if token := request.cookies.get(COOKIE):
        reader.accounts.sign_out(accounts_file(), token)
    response = redirect(url_for("start.index"), 303)
    response.delete_cookie(COOKIE, path=url_for("start.index"), httponly=True, samesite="Lax")
    return response


def _only_public() -> None:
    if not current_app.config["PUBLIC"]:
        abort(404, _("This archive is served to one reader, and has no accounts."))


def _form(name: str = "", problem: str = "", status: int = 200) -> Response:
    record = {"account": account(), "problem": problem}
    return answer("account.html", record, status, name=name, back=request.values.get("back", ""))

"""The accounts of a public server: names with hashed passwords, and who is signed in.

Passwords are hashed with Argon2id (RFC 9106, by argon2-cffi). Of a session only a digest of its token is
kept: whoever reads the file can sign in as nobody.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from indexer.errors import NotThere
from web.language import _
from web.reader.file import Refused, now, reading, writing

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
"""A name is a file's name too, and so is plain."""
SHORTEST = 12
"""Letters of a password; with the limit on attempts no list of common words gets that far."""
LONGEST = 256
"""Letters of a password: hashing takes time with its length."""
SIGNED_IN = timedelta(days=30)
"""How long one stays signed in."""
FOLDER = "readers"
"""The folder beside the file of accounts that has a file of records for each."""
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may keep records on this server, since when (ISO 8601 in UTC)."""

    name: str
    created: str


def create(path: Path, name: str, password: str) -> Account:
    """A new account. Raises Refused if the name is taken or either cannot be used."""
    if not NAME.fullmatch(name):
        raise Refused(_("A name has 1 to 40 letters a to z, digits, - and _, and begins with no dash."))
    made = Account(name, now())
    hashed = _hashed(password)
    (path.parent / FOLDER).mkdir(mode=0o700, exist_ok=True)
    with writing(path) as db:
        if db.execute("select 1 from account where name = ?", (name,)).fetchone():
            raise Refused(f"There is an account “{name}” already.")
        db.execute("insert into account values (?, ?, ?)", (name, hashed, made.created))
    return made


def records_of(path: Path, name: str) -> Path:
    """The file of the records of an account; of a name that no account can have one that nobody makes."""
    return path.parent / FOLDER / f"{name}{path.suffix}"


def accounts(path: Path) -> list[Account]:
    """All accounts, by name."""
    with reading(path) as db:
        return [Account(*row) for row in db.execute("select name, created from account order by name")]


def set_password(path: Path, name: str, password: str) -> None:
    """Another password; who is signed in with the old one no longer is. Raises NotThere, Refused."""
    hashed = _hashed(password)
    with writing(path) as db:
        if not db.execute("update account set hash = ? where name = ?", (hashed, name)).rowcount:
            raise _unknown(name)
        db.execute("delete from session where account = ?", (name,))


def remove(path: Path, name: str) -> None:
    """Ends an account and all its sessions; the file of its records stays. Raises NotThere."""
    with writing(path) as db:
        db.execute("delete from session where account = ?", (name,))
        if not db.execute("delete from account where name = ?", (name,)).rowcount:
            raise _unknown(name)


def sign_in(path: Path, name: str, password: str) -> str:
    """The token of a new session. Raises Refused, which never says whether there is such a name."""
    with reading(path) as db:
        row = db.execute("select hash from account where name = ?", (name,)).fetchone()
    # A hash is checked for an unknown name too: how long an answer takes tells no names.
    if not _fits(row[0] if row else _nobody(), password[:LONGEST]) or not row:
        raise Refused(_("This name and this password do not belong together."))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    until = (datetime.now(UTC) + SIGNED_IN).isoformat(timespec="seconds")
    with writing(path) as db:
        db.execute("delete from session where until < ?", (_moment(),))
        db.execute("insert into session values (?, ?, ?)", (_digest(token), name, until))
        if _hasher().check_needs_rehash(row[0]):
            db.execute("update account set hash = ? where name = ?", (_hashed(password), name))
    return token


def signed_in(path: Path, token: str) -> str | None:
    """The name of the account that a token belongs to; None if it belongs to none, or no longer."""
    with reading(path) as db:
        asked = "select account from session where token = ? and until >= ?"
        row = db.execute(asked, (_digest(token), _moment())).fetchone()
    return str(row[0]) if row else None


def sign_out(path: Path, token: str) -> None:
    """Ends the session of a token, if there is one."""
    with writing(path) as db:
        db.execute("delete from session where token = ?", (_digest(token),))


def _hasher() -> PasswordHasher:
    return PasswordHasher()  # RFC 9106's choice for servers of little memory, as the library keeps it


def _hashed(password: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(_("A password has %(least)s to %(most)s letters.", least=SHORTEST, most=LONGEST))
    if len(set(password)) < SHORTEST // 3:
        raise Refused(_("This password repeats a few letters: take one that is harder to guess."))
    return _hasher().hash(password)


@cache
def _nobody() -> str:
    """A hash that no password fits, as costly to check as any other."""
    return _hasher().hash(secrets.token_urlsafe(TOKEN_BYTES))


def _fits(hashed: str, password: str) -> bool:
    try:
        return _hasher().verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _moment() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _unknown(name: str) -> NotThere:
    return NotThere(_("There is no account “%(name)s”.", name=name))

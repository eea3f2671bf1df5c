"""A server for strangers: they read and write nothing; each account has records of its own."""

import re
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import made
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from routes import digests, parameters, routes
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import TestResponse

from indexer.errors import NotThere
from web import create_app, limits, reader
from web.addresses import inside
from web.limits import MOST_KEPT, Bucket, Keeper
from web.reader import Refused
from web.reader.accounts import accounts, create, remove, set_password, sign_in, sign_out, signed_in

HOST = "archive.example.org"
PASSWORD = "a ball of lead at noon"
BOOKMARK = {"kind": "passage", "work_id": "report", "start": "16", "end": "40"}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = made.write_whole(tmp_path / "archive")
    for name in ("marlow", "strake"):
        create(folder / reader.FILE, name, PASSWORD)
    return folder


@pytest.fixture
def app(archive: Path) -> Flask:
    return create_app(archive, (HOST,), public=True)


def client(app: Flask, name: str | None = None) -> FlaskClient:
    """A browser, signed in or not."""
    browser = app.test_client()
    if name:
        sent = {"name": name, "password": PASSWORD}
        answer = browser.post("/account/sign-in", data=sent, base_url=f"https://{HOST}")
        assert answer.status_code == 303, answer.text
    return browser


def post(browser: FlaskClient, address: str, **more: object) -> int:
    return browser.post(address, base_url=f"https://{HOST}", **more).status_code  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------ strangers


def test_a_stranger_writes_nothing(app: Flask, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every route that takes a POST either refuses a stranger, or stores nothing of what it is sent."""
    before = digests(archive)
    stranger, refused = client(app), 0
    sent = dict.fromkeys(parameters(), "1") | BOOKMARK
    for route in routes(app):
        if route.writes:
            status = post(stranger, route.address, data=sent)
            refused += status == 403
            assert status in (200, 303, 400, 403), (route.address, status)
    assert refused >= 5
    assert digests(archive) == before


def test_no_page_offers_a_stranger_what_would_be_refused(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Instead it says where to sign in; who has signed in is offered it."""
    monkeypatch.setattr(limits, "READER", Bucket(rate=1, burst=100_000))
    app = create_app(archive, (HOST,), public=True)
    stranger, marlow, told = client(app), client(app, "marlow"), 0
    for route in routes(app):
        for query in ({}, {"q": "pilots"}, BOOKMARK, {"work": "report", "q": "report"}):
            if "GET" not in route.methods or route.address.startswith("/static"):
                continue
            answers = [
                browser.get(route.address, query_string=query, base_url=f"https://{HOST}")
                for browser in (stranger, marlow)
            ]
            seen, offered = (set(refusable(app, answer)) for answer in answers)
            assert not seen, (route.address, query, seen)
            told += bool(offered)
            assert not offered or "Sign in to keep" in answers[0].text, (route.address, offered)
    assert told >= 6


@pytest.mark.parametrize("address", ["/bookmarks", "/judgements"])
def test_a_stranger_without_records_is_told_to_sign_in(app: Flask, address: str) -> None:
    seen, own = (client(app, name).get(address, base_url=f"https://{HOST}").text for name in (None, "marlow"))
    assert "Sign in to keep" in seen and "Sign in to keep" not in own
    assert "othing yet" not in seen and "choose <b>" not in seen


def refusable(app: Flask, answer: TestResponse) -> Iterator[str]:
    """The addresses of a page's forms that a stranger may not send."""
    html = answer.text if answer.mimetype == "text/html" else ""
    for form in BeautifulSoup(html, "lxml").find_all("form", method="post"):
        address = str(form.get("action", "/bookmarks/import"))
        endpoint, _ = app.url_map.bind(HOST).match(urlsplit(address).path, method="POST")
        if not getattr(app.view_functions[endpoint], "stores_nothing", False):
            yield address


def test_a_stranger_reads_everything(app: Flask) -> None:
    stranger = client(app)
    for address in (
        "/",
        "/work/report",
        "/read/report",
        "/quotation/essay-001",
        "/search?q=pilots",
        "/bookmarks",
    ):
        assert stranger.get(address, base_url=f"https://{HOST}").status_code == 200
    assert post(stranger, "/find", data={"text": "the pilots had been asked"}) in (200, 303)
    assert post(stranger, "/check", data={"text": "He said “the pilots had been asked” (Hale)."}) == 200


def test_at_home_there_are_no_accounts(archive: Path) -> None:
    browser = create_app(archive).test_client()
    assert browser.get("/account").status_code == 404
    assert browser.post("/account/sign-in", data={"name": "marlow", "password": PASSWORD}).status_code == 404
    assert "Sign in" not in browser.get("/").text


# ------------------------------------------------------------------------------------ accounts


def test_each_account_s_records_are_its_own(app: Flask, archive: Path) -> None:
    marlow, strake, stranger = client(app, "marlow"), client(app, "strake"), client(app)
    assert post(marlow, "/bookmarks", data=BOOKMARK | {"note": "mine alone"}) in (200, 201, 303)
    seen = {b: b.get("/bookmarks", base_url=f"https://{HOST}").text for b in (marlow, strake, stranger)}
    assert ["mine alone" in seen[b] for b in (marlow, strake, stranger)] == [True, False, False]
    assert [p.name for p in sorted((archive / "readers").glob("*.sqlite3"))] == ["marlow.sqlite3"]
    assert reader.bookmarks.listed(archive / reader.FILE) == []


def test_the_cookie_is_no_script_s_and_no_other_site_s(app: Flask) -> None:
    browser = app.test_client()
    sent = {"name": "marlow", "password": PASSWORD, "back": "/works"}
    answer = browser.post("/account/sign-in", data=sent, base_url=f"https://{HOST}")
    cookie = answer.headers["Set-Cookie"]
    assert answer.location == "/works"
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}


def test_no_password_and_no_token_is_kept(app: Flask, archive: Path) -> None:
    browser = client(app, "marlow")
    token = browser.get_cookie("session", domain=HOST, path="/")
    assert token
    kept = b"".join(p.read_bytes() for p in archive.glob("reader.sqlite3*"))
    assert PASSWORD.encode() not in kept and token.value.encode() not in kept and b"$argon2id$" in kept


def test_a_wrong_name_is_answered_like_a_wrong_password(app: Flask) -> None:
    answers = {
        app.test_client()
        .post("/account/sign-in", data={"name": name, "password": "x" * 20}, base_url=f"https://{HOST}")
        .text.replace(name, "")
        for name in ("marlow", "nobody")
    }
    assert len(answers) == 1 and "do not belong together" in answers.pop()


def test_passwords_cannot_be_tried_forever(app: Flask) -> None:
    browser = app.test_client()
    tries = [
        browser.post(
            "/account/sign-in", data={"name": "marlow", "password": f"guess {n}"}, base_url=f"https://{HOST}"
        )
        for n in range(11)
    ]
    assert [answer.status_code for answer in tries] == [403] * 10 + [429]
    assert 0 < int(tries[-1].headers["Retry-After"]) <= 60


@pytest.mark.parametrize("name", ["", "a b", "../x", "A", "-a", "ä", "a" * 41, "a/b", ".nobody", "a\n"])
def test_a_name_is_plain(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused):
        create(tmp_path / "r.sqlite3", name, PASSWORD)
    assert not (tmp_path / "r.sqlite3").exists()


@pytest.mark.parametrize("password", ["", "short", "a" * 12, "abababababab", "x" * 257])
def test_a_password_is_not_short_and_not_endless(tmp_path: Path, password: str) -> None:
    with pytest.raises(Refused):
        create(tmp_path / "r.sqlite3", "marlow", password)


def test_sessions_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "r.sqlite3"
    create(path, "marlow", PASSWORD)
    with pytest.raises(Refused, match="already"):
        create(path, "marlow", PASSWORD)

    def fresh() -> str:
        token = sign_in(path, "marlow", PASSWORD)
        assert signed_in(path, token) == "marlow"
        return token

    token = fresh()
    sign_out(path, token)
    assert signed_in(path, token) is None
    token = fresh()
    set_password(path, "marlow", "a clock that still wanted a minute")
    assert signed_in(path, token) is None
    with pytest.raises(Refused):
        sign_in(path, "marlow", PASSWORD)
    set_password(path, "marlow", PASSWORD)
    token = fresh()
    remove(path, "marlow")
    assert signed_in(path, token) is None and accounts(path) == []
    create(path, "marlow", PASSWORD)
    monkeypatch.setattr("web.reader.accounts.SIGNED_IN", timedelta(seconds=-2))
    assert signed_in(path, sign_in(path, "marlow", PASSWORD)) is None
    for act in (lambda: remove(path, "x"), lambda: set_password(path, "x", PASSWORD)):
        with pytest.raises(NotThere):
            act()


@given(st.text(max_size=60))
def test_a_token_that_was_never_given_opens_nothing(token: str) -> None:
    assert signed_in(Path("/nowhere/r.sqlite3"), token) is None


# ------------------------------------------------------------------------------------ limits


def test_a_stranger_who_asks_too_often_waits(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "READER", Bucket(rate=0.5, burst=3))
    browser = create_app(archive, (HOST,), public=True).test_client()
    answers = [browser.get("/works", base_url=f"https://{HOST}") for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "2" and "Try again in 2 seconds" in answers[-1].text
    other = {"REMOTE_ADDR": "198.51.100.7"}
    assert browser.get("/works", base_url=f"https://{HOST}", environ_overrides=other).status_code == 200
    # What a page is made of is free, and so is a page that was asked for in vain.
    assert browser.get("/static/style.css", base_url=f"https://{HOST}").status_code == 200


@pytest.mark.parametrize(
    ("address", "asker"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::5", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::5", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("a socket", "a socket"),
    ],
)
def test_who_has_a_network_of_addresses_is_one_asker(app: Flask, address: str, asker: str) -> None:
    with app.test_request_context(environ_overrides={"REMOTE_ADDR": address}):
        assert limits.asker() == asker


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 5)), max_size=60))
def test_no_more_is_taken_than_was_filled_in(steps: list[tuple[float, float]]) -> None:
    """Whatever the order of asking: what was granted never exceeds the burst and what came in since."""
    now = 0.0
    keeper, granted = Keeper(Bucket(rate=2, burst=10), lambda: now), 0.0
    for pause, tokens in steps:
        now += pause
        wait = keeper.take("a", tokens)
        granted += 0 if wait else tokens
        assert granted <= 10 + 2 * now + 1e-6
        assert 0 <= wait <= 5


def test_addresses_are_forgotten_before_memory_ends() -> None:
    keeper = Keeper(Bucket(1, 1), lambda: 0.0)
    for number in range(MOST_KEPT + 100):
        keeper.take(str(number))
    assert len(keeper._left) == MOST_KEPT


# ------------------------------------------------------------------------------------ behind a proxy


def links(html: str) -> Iterator[str]:
    for found in re.findall(r'\s(?:href|src|action)="([^"]*)"', html):
        if not re.match(r"#|https?://example\.org|\?", found):
            yield found


def test_behind_a_proxy_under_a_path_every_link_stays_there(app: Flask) -> None:
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1, x_prefix=1)  # type: ignore[method-assign]
    headers = {
        "X-Forwarded-For": "198.51.100.7",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": HOST,
        "X-Forwarded-Prefix": "/loccit",
    }
    for route in routes(app):
        if "GET" not in route.methods or route.address.startswith("/static"):
            continue
        answer = app.test_client().get(route.address, query_string={"q": "pilots"}, headers=headers)
        if answer.mimetype == "text/html":
            outside = [link for link in links(answer.text) if not link.startswith("/loccit/")]
            assert not outside, (route.address, outside)
        if answer.location:
            assert answer.location.startswith("/loccit/")
    page = app.test_client().get("/search?q=pilots", headers=headers).text
    assert "/loccit/account?back=/loccit/search?q%3Dpilots" in page
    sent = {"name": "marlow", "password": PASSWORD, "back": "/loccit/works"}
    answer = app.test_client().post("/account/sign-in", data=sent, headers=headers)
    assert answer.location == "/loccit/works"
    assert "Secure" in answer.headers["Set-Cookie"] and "Path=/loccit/" in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/works?q=a#p3", True), ("/", True), ("", False), ("works", False), ("//e.example", False),
        ("/\\e.example", False), ("/\t/e.example", False), ("https://e.example", False), ("/ a", False),
        ("http://[", False),
    ],
)  # fmt: skip
def test_a_page_leads_back_only_inside(address: str, kept: bool) -> None:
    assert inside(address) == (address if kept else None)


def test_the_records_of_the_release_before_are_opened(tmp_path: Path) -> None:
    """A file of version 1 has no accounts; it gets them when the first is made."""
    path = tmp_path / "reader.sqlite3"
    sql = (Path(reader.__file__).parent / "reader.sql").read_text(encoding="utf8")
    with sqlite3.connect(path) as db:
        db.executescript(re.split(r"(?m)^-- version \d+$", sql)[1])
        db.execute("pragma user_version = 1")
    assert accounts(path) == []
    create(path, "marlow", PASSWORD)
    assert [a.name for a in accounts(path)] == ["marlow"]

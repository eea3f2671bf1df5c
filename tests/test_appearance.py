"""What a reader chose of the look of pages: kept in a cookie, drawn by the server."""

import re
from pathlib import Path

import made
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from web import create_app
from web.appearance import ASPECTS, COOKIE, KEYS


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(made.write(tmp_path_factory.mktemp("an archive")))


def root(client: FlaskClient, address: str = "/read/report") -> str:
    """The tag with which a page begins."""
    found = re.search(r"<html[^>]*>", client.get(address).get_data(as_text=True))
    assert found
    return found[0]


def test_without_a_choice_the_system_decides(client: FlaskClient) -> None:
    html = client.get("/").get_data(as_text=True)
    assert root(client) == '<html lang="en">'
    assert '<meta name="color-scheme" content="light dark">' in html


@pytest.mark.parametrize(
    ("sent", "drawn", "scheme"),
    [
        ({"theme": "sepia"}, ' data-theme="sepia"', "light"),
        ({"theme": "dark"}, ' data-theme="dark"', "dark"),
        ({"theme": "light", "size": "huge"}, ' data-theme="light" data-size="huge"', "light"),
        ({"width": "full", "face": "sans"}, ' data-width="full" data-face="sans"', "light dark"),
        ({"theme": "usual"}, "", "light dark"),
        ({"theme": '"><script>', "size": "", "nothing": "x"}, "", "light dark"),
    ],
)
def test_a_choice_is_drawn_into_every_page(
    client: FlaskClient, sent: dict[str, str], drawn: str, scheme: str
) -> None:
    assert client.post("/appearance", data=sent | {"back": "/works?page=2"}).status_code == 303
    for address in ("/", "/works", "/read/report", "/appearance", "/nowhere"):
        assert root(client, address) == f'<html lang="en"{drawn}>'
    assert f'<meta name="color-scheme" content="{scheme}">' in client.get("/").get_data(as_text=True)


def test_a_choice_keeps_the_others_until_all_is_forgotten(client: FlaskClient) -> None:
    client.post("/appearance", data={"theme": "dark"})
    client.post("/appearance", data={"size": "large"})
    assert root(client) == '<html lang="en" data-theme="dark" data-size="large">'
    client.post("/appearance", data={"forget": "yes", "theme": "sepia"})
    assert root(client) == '<html lang="en">'


def test_the_cookie_is_this_sites_alone(client: FlaskClient) -> None:
    kept = client.post("/appearance", data={"theme": "sepia"}).headers["Set-Cookie"]
    assert "SameSite=Lax" in kept and "HttpOnly" in kept and "Path=/" in kept
    assert "Cookie" in client.get("/").headers["Vary"]


def test_another_site_cannot_choose(client: FlaskClient) -> None:
    refused = client.post("/appearance", data={"theme": "dark"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403 and "Set-Cookie" not in refused.headers


@pytest.mark.parametrize(
    ("back", "leads"),
    [
        ("/read/report?q=pilots#p3", "/read/report?q=pilots#p3"),
        ("", "/appearance"),
        ("https://example.org/", "/appearance"),
        ("//example.org/", "/appearance"),
        ("/\\example.org/", "/appearance"),
        ("javascript:alert(1)", "/appearance"),
    ],
)
def test_choosing_leads_back_and_never_elsewhere(client: FlaskClient, back: str, leads: str) -> None:
    assert client.post("/appearance", data={"back": back}).headers["Location"] == leads


@given(cookie=st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=';,"\\')))
@settings(max_examples=60)
def test_whatever_stands_in_the_cookie_is_a_choice_or_none(app: Flask, cookie: str) -> None:
    client = app.test_client()
    client.set_cookie(COOKIE, cookie)
    for name, value in re.findall(r'data-(\w+)="([^"]*)"', root(client, "/help")):
        assert value in ASPECTS[name].values


def test_keys_that_are_switched_off_are_not_loaded(client: FlaskClient) -> None:
    assert "keys.js" in client.get("/").get_data(as_text=True)
    client.post("/appearance", data={"keys": "off"})
    html = client.get("/").get_data(as_text=True)
    assert "keys.js" not in html and "keys-help" not in html


def test_every_key_is_told_and_bound() -> None:
    module = (Path(made.__file__).parents[1] / "web/static/keys.js").read_text(encoding="utf8")
    walked = set(re.findall(r"\b(\w): \[\"", module)) | set(re.findall(r'event\.key === "(\w)"', module))
    on_pages = {"/", "?"}
    assert {key.key for key in KEYS} == walked | on_pages

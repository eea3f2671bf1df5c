"""What an attacker tries, each tried on every route of the map: nothing gets out, nothing gets in."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlencode

import made
import pytest
import scripted
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from routes import PARTS, Route, chosen, digests, parameters, routes
from werkzeug.test import TestResponse

from indexer.build import build
from indexer.models import Block, Document
from web import LONGEST_BODY, create_app
from web.table import FORMULA

SECRET = "no page may ever show these words"
HEADERS = {
    "Content-Security-Policy": r"default-src 'none'.*frame-ancestors 'none'",
    "X-Content-Type-Options": r"nosniff",
    "Referrer-Policy": r"same-origin|no-referrer",
    "Cross-Origin-Opener-Policy": r"same-origin",
    "Cross-Origin-Resource-Policy": r"same-origin",
}
FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Origin": "http://localhost:1"},
    {"Origin": "http://localhost.elsewhere.example"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
)
SCRIPTS = (
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "{{7*7}}{% include 'base.html' %}",
    "</textarea><script>alert(1)</script>",
    "<iframe src=//elsewhere.example>",
    "<base href=//elsewhere.example/>",
    "<style>@import '//elsewhere.example'</style>",
    "<meta http-equiv=refresh content=0;url=//elsewhere.example>",
    "<math><mi xlink:href=javascript:alert(1)>x</mi></math>",
    "\u2028<script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
)
FORMULAS = ("=1+1", "@SUM(A1)", "-2+3+cmd|' /C calc'!A0", " =1", "\t=1", "＝1")
CLIMBS = (
    "..",
    "...",
    "....//",
    "..\\",
    "%2e%2e",
    "..%2f",
    "..%5c",
    "%252e%252e",
    "..;",
    ".%00.",
    "／",
    "..%c0%af",
)
TARGETS = ("secret.txt", "reader.sqlite3", "index/current", "raw/catalogue.toml", "etc/passwd")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made_here = made.write_whole(tmp_path_factory.mktemp("attacked"))
    (made_here / "secret.txt").write_text(SECRET, encoding="utf8")
    (made_here.parent / "secret.txt").write_text(SECRET, encoding="utf8")
    return made_here


@pytest.fixture(scope="module")
def app(archive: Path) -> Flask:
    return create_app(archive, ("localhost",))


def test_every_answer_has_the_headers(app: Flask, client: FlaskClient) -> None:
    for route in routes(app):
        for method in sorted(route.methods):
            headers = client.open(route.address, method=method).headers
            for name, value in HEADERS.items():
                assert re.search(value, headers.get(name, "")), (method, route.address, name)
            assert "unsafe" not in headers["Content-Security-Policy"]
            assert "Server" not in headers or "Werkzeug" not in headers["Server"]


def test_reading_writes_nothing(app: Flask, client: FlaskClient, archive: Path) -> None:
    before = digests(archive)
    for route in routes(app):
        for method in ("GET", "HEAD", "OPTIONS"):
            assert client.open(route.address, method=method).status_code < 500, (method, route.address)
    assert digests(archive) == before


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_no_other_site_s_page_changes_anything(
    app: Flask, client: FlaskClient, archive: Path, headers: dict[str, str]
) -> None:
    before = digests(archive)
    for route in routes(app):
        for method in route.methods - {"GET"}:
            answer = client.open(route.address, method=method, headers=headers, data={"note": "x"})
            assert answer.status_code == 403, (method, route.address)
    assert digests(archive) == before


def climbs() -> Iterator[str]:
    for step in CLIMBS:
        for depth in (1, 2, 5, 12):
            for target in TARGETS:
                yield "/".join([step] * depth) + "/" + target
    yield from (
        "/etc/passwd",
        "file:///etc/passwd",
        "\0",
        "a\0b",
        "C:\\secret.txt",
        "//secret.txt",
        "~/secret.txt",
    )
    yield from (str(Path(__file__).resolve()), "." * 5000, "CON", "nul.txt")


def test_no_path_leads_out(app: Flask, client: FlaskClient) -> None:
    """Some three hundred paths in the place of every variable part of every address."""
    tried = list(climbs())
    assert len(tried) > 240
    for route in routes(app):
        for name in (n for n in route.rule.arguments if not chosen(route.rule, n)):
            pattern = route.rule.rule
            before, after = re.split(rf"<[^<>]*\b{name}>", pattern, maxsplit=1)
            if "<" in before + after:
                continue
            for climb in tried:
                answer = client.get(before + quote(climb, safe="%/") + after)
                assert answer.status_code in (301, 308, 400, 404, 405), (pattern, climb)
                assert SECRET not in answer.text


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_parameter_becomes_part_of_a_page(app: Flask, client: FlaskClient, script: str) -> None:
    names = parameters()
    assert len(names) > 20
    query = urlencode(dict.fromkeys(names, script))
    for route in routes(app):
        if "GET" in route.methods and not route.address.startswith("/static"):
            answer = client.get(f"{route.address}?{query}")
            assert answer.status_code < 500, route.address
            if answer.mimetype == "text/html":
                keeps_to_itself(answer.text, route.address)
    for name in names:
        answer = client.get("/search", query_string={"q": "pilots", name: script})
        assert answer.status_code < 500
        keeps_to_itself(answer.text, name)


@pytest.mark.parametrize(
    "text", ["a\r\nX-Put-In: 1", "a\nSet-Cookie: x=1", "a\r\n\r\n<html>", "\u560d\u560aX-Put-In: 1"]
)
def test_no_parameter_becomes_a_header(app: Flask, client: FlaskClient, text: str) -> None:
    for route in routes(app):
        for method in sorted(route.methods):
            sent = dict.fromkeys(parameters(), text)
            answer = client.open(route.address, method=method, query_string=sent, data=sent)
            assert "X-Put-In" not in answer.headers and "x=1" not in str(answer.headers.getlist("Set-Cookie"))


@pytest.mark.parametrize(
    "address",
    [
        "//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "\\\\elsewhere.example",
        "/\t/elsewhere.example", "javascript:alert(1)", "/%09/elsewhere.example", "http:elsewhere.example",
        "///elsewhere.example",
    ],
)  # fmt: skip
def test_no_page_sends_the_reader_elsewhere(app: Flask, client: FlaskClient, address: str) -> None:
    for route in routes(app):
        for method in sorted(route.methods):
            sent = dict.fromkeys(parameters(), address)
            to = client.open(route.address, method=method, query_string=sent, data=sent).location or "/"
            assert re.match(r"/(?![/\\\t])|http://localhost/", to), (route.address, to)


def test_what_is_too_long_is_refused(app: Flask, client: FlaskClient) -> None:
    for route in routes(app):
        for method in route.methods - {"GET"}:
            answer = client.open(route.address, method=method, data=b"a" * (LONGEST_BODY + 1))
            assert answer.status_code in (404, 413), (route.address, answer.status_code)
    assert client.get("/search?q=" + "a" * 100_000).status_code == 400


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "localhost.elsewhere.example", "127.0.0.2", "", "localhost@elsewhere"]
)
def test_other_names_are_refused(app: Flask, client: FlaskClient, host: str) -> None:
    for route in routes(app):
        assert client.get(route.address, headers={"Host": host}).status_code == 400


def test_other_methods_are_refused(app: Flask, client: FlaskClient, archive: Path) -> None:
    before = digests(archive)
    for route in routes(app):
        for method in {"PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND"} - route.methods:
            assert client.open(route.address, method=method).status_code in (400, 405)
        told = client.post(
            route.address, headers={"X-HTTP-Method-Override": "DELETE"}, data={"_method": "DELETE"}
        )
        assert told.status_code != 500
    assert digests(archive) == before or set(digests(archive)) - set(before) <= {"reader.sqlite3"}


# ------------------------------------------------------------------------------------ what was ingested


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_text_that_carries_scripts_is_a_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    app = _of_nothing_but(script, tmp_path, monkeypatch)
    client = app.test_client()
    for route in routes(app):
        if "GET" in route.methods and not route.address.startswith("/static"):
            answer = client.get(
                route.address, query_string={"q": "pilots"} if "search" in route.address else None
            )
            assert answer.status_code in (200, 400, 404), route.address
            if answer.mimetype == "text/html":
                keeps_to_itself(answer.text, route.address)


def _of_nothing_but(words: str, archive: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Every fact about every work is such words, and every entry of a list of sources; so are speakers."""
    facts = dict.fromkeys(("title", "author", "url", "licence", "note", "language", "date", "edition"), words)
    works = {name: replace(work, **facts) for name, work in made.WORKS.items()}
    monkeypatch.setattr(made, "WORKS", works)
    monkeypatch.setattr(
        made, "DOCUMENTS", {name: _spoilt(held, words) for name, held in made.DOCUMENTS.items()}
    )
    listed = [replace(entry, text=words, title=words, author=words) for entry in made.ENTRIES]
    monkeypatch.setattr(made, "ENTRIES", listed)
    return create_app(made.write_whole(archive))


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_any_table_is_a_formula(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, formula: str
) -> None:
    """On every route that gives a table, asked for it in each way; what the reader kept is a formula, too."""
    app = _of_nothing_but(formula, tmp_path, monkeypatch)
    client = app.test_client()
    kept = {"kind": "passage", "work_id": "report", "start": "16", "end": "40", "note": formula}
    assert client.post("/bookmarks", data=kept | {"tags": formula, "folder": formula}).status_code < 400
    told = {"opinion": "wrong", "note": formula}
    assert client.post("/quotation/essay-001/judgement", data=told).status_code < 400
    found = {route.rule.rule: _tables(client, route, formula) for route in routes(app)}
    tables = {rule for rule, cells in found.items() if cells}
    assert tables == {rule for rule in found if "csv" in rule or rule == "/bookmarks/export.<name>"} | {
        "/batch"
    }
    assert [r for r in tables if not any(formula.strip() in cell for cell in found[r])] == []


def _tables(client: FlaskClient, route: Route, query: str) -> list[str]:
    """The cells of all tables that a route gives, each of which begins as words or a number do."""
    free = [name for name in route.rule.arguments if name not in PARTS]
    cells = []
    for value in [one for name in free for one in chosen(route.rule, name) or ("csv",)] or [""]:
        parts = {"work_id": "essay"} | dict.fromkeys(free, value)
        address = next(r.address for r in routes(client.application, **parts) if r.rule == route.rule)
        for method in sorted(route.methods & {"GET", "POST"}):
            sent = {"queries": f"pilots\n{query}", "format": "csv"}
            sent |= {"q": "pilots"} if address.startswith("/search") else {}
            with client.open(address, method=method, query_string=sent) as answer:
                cells += _cells(answer) if answer.mimetype == "text/csv" else []
    assert not [c for c in cells if c.lstrip(" ").startswith(FORMULA) and not re.fullmatch(r"-?\d+", c)], (
        address
    )
    return cells


def _cells(answer: TestResponse) -> list[str]:
    """The cells of a table below its head; there are some."""
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"), newline="")))
    assert len(rows) > 1
    return [cell for row in rows[1:] for cell in row]


def _spoilt(held: Document, script: str) -> Document:
    blocks = tuple(Block(b.kind, b.span, script, script) for b in held.blocks)
    return replace(held, work=made.WORKS[held.work.id], blocks=blocks)


def test_a_page_that_carries_scripts_in_every_way_becomes_a_text(tmp_path: Path) -> None:
    """Through the real reader of pages, the index and every page; each way in a work of its own."""
    folder = tmp_path / "raw" / "harbour"
    folder.mkdir(parents=True)
    lines = ['title = "Harbour"']
    for number, bad in enumerate(scripted.BAD):
        kind = "essay" if number % 2 else "source"
        (folder / f"{number}.htm").write_text(scripted.page(bad), encoding="utf8")
        lines += ["[[work]]", f'id = "w{number}"', f'kind = "{kind}"', f'file = "{number}.htm"', 'title = ""']
    (folder / "catalogue.toml").write_text("\n".join(lines), encoding="utf8")
    build(tmp_path / "raw", tmp_path / "index", jobs=1)
    app = create_app(tmp_path)
    shown = 0
    for number in range(len(scripted.BAD)):
        for route in routes(app, work_id=f"w{number}"):
            if "GET" in route.methods and (
                route.rule.arguments == {"work_id"} or route.rule.rule == "/search"
            ):
                answer = app.test_client().get(route.address, query_string={"q": "pilots OR pier"})
                assert answer.status_code in (200, 400, 404), (route.address, scripted.BAD[number])
                if answer.mimetype == "text/html":
                    keeps_to_itself(answer.text, f"{route.address} of {scripted.BAD[number]}")
                    shown += "heard at length" in answer.text
    assert shown >= 2 * len(scripted.BAD)


def keeps_to_itself(html: str, where: str) -> None:
    """Raises AssertionError if a page runs or loads anything but the server's own files."""
    page = BeautifulSoup(html, "lxml")
    for tag in page.find_all(True):
        for name, value in tag.attrs.items():
            assert not name.startswith("on") and name != "style", (where, tag)
            if name in ("href", "src", "action", "formaction", "data", "poster", "xlink:href"):
                plain = re.sub(r"[\s\0-\x20]", "", str(value)).lower()
                assert not plain.startswith(("javascript:", "data:", "vbscript:")), (where, tag)
    for tag in page.find_all(["script", "link", "img", "iframe", "base", "object", "embed", "style", "meta"]):
        if tag.name == "script" and tag.get("type") == "application/ld+json":
            continue
        assert tag.name in ("script", "link", "meta"), (where, tag)
        assert not tag.get("http-equiv"), (where, tag)
        if tag.name == "script":
            assert str(tag.get("src")).startswith("/static/") and not tag.string, (where, tag)

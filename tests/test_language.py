"""Every sentence of the pages is in the catalogue, and a page in another language has no English left.

The pages are those of an archive that speaks in capitals, in a language made of the catalogue with an
accent on every letter. So a plain small letter is English that no translator would have been asked for.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import made
import pytest
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from bs4.element import NavigableString
from flask import Flask
from flask.testing import FlaskClient
from routes import routes
from werkzeug.test import TestResponse
from words import POT, catalogue

from web import appearance, create_app, language
from web.limits import Bucket

ODD = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "àḃćďéḟǵĥíĵḱĺḿńóṕɋŕśťúṽẃẋýźÀḂĆĎÉḞǴĤÍĴḰĹḾŃÓṔɊŔŚŤÚṼẂẊÝŹ",
)
KEPT = re.compile(r"%\(\w+\)s|%%|<[^>]*>|&\w+;")
"""What of a sentence is no language: placeholders, tags, entities."""
WORD = re.compile(r"[A-Za-z]*[a-z][A-Za-z]*")
"""A plain word: neither of the archive, which has no small letters, nor translated."""


def pseudo(text: str) -> str:
    """The sentence as of a language of its own: every letter accented, and a third longer."""
    parts, last = [], 0
    for found in KEPT.finditer(text):
        parts += [text[last : found.start()].translate(ODD), found[0]]
        last = found.end()
    return "".join([*parts, text[last:].translate(ODD)]) + "ō" * (len(text) // 3)


SHOWN = (
    "title", "aria-label", "placeholder", "alt", "data-label", "data-keep", "data-copy", "data-copied",
    "data-suggestions",
)  # fmt: skip
"""Attributes that a reader sees or hears, by style sheets and scripts too."""
PLAIN = {
    r"Loccit": "a name",
    r"Markdown|BibTeX|W3C Web Annotations": "names of formats",
    r"https?://\S+": "addresses",
    r"[a-z]+/[\w.+-]+, utf-8": "a kind of file, as servers name it",
    r"Made for tests": "the collection's title: of the archive",
    r"p\. 212": "where a page begins, as the index names it",
    r"^report$": "the id of a work whose bookmark says no more of it",
    r"(yellow|json|kind)(, [a-z.]+)+|“(target|nothing|pink|0{8}-[0-]+)”": "values of addresses and forms",
}
"""What stays as it is, and why."""
OF_THE_INDEX = (
    r"There are no words in this\. Paste a text that quotes\.",
    r"There is no (work|quotation|text)\b.*",
    r"A (quotation mark|parenthesis) is opened and not closed\.",
    r"\d+ passages match, but none within the filters\.|^No passage has \S+\.$",
    r"^: (In the source the sentence|The words stand as well|Left out or replaced).*",
)
"""Sentences of the index, which are English for every reader: why something cannot be searched, and the
reasons of a verdict's warnings (docs/translating.md)."""


def capitals(value: Any, name: str = "") -> Any:
    """What the archive says, in capitals: of the same length, so that all places in it stay."""
    if name == "reasons":
        return tuple((warning, reason.upper()) for warning, reason in value)
    if isinstance(value, str):
        said = ("text", "title", "author", "said_by", "locator", "speaker", "quote", "source", "label")
        return value.upper() if name in said else value
    if isinstance(value, tuple):
        return tuple(capitals(each, name) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: capitals(getattr(value, f.name), f.name) for f in fields(value)})
    return value


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(made, "WORKS", {name: capitals(work) for name, work in made.WORKS.items()})
        patch.setattr(made, "DOCUMENTS", {name: capitals(held) for name, held in made.DOCUMENTS.items()})
        patch.setattr(made, "ENTRIES", capitals(made.ENTRIES))
        patch.setattr(made, "FINDINGS", capitals(made.FINDINGS))
        return made.write_whole(tmp_path_factory.mktemp("in capitals"))


@pytest.fixture(scope="module")
def locale(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a catalogue of German, as if it were the made language."""
    folder = tmp_path_factory.mktemp("locale")
    with POT.open("rb") as file:
        known = read_po(file, locale="de")
    for message in known:
        if message.id:
            many = isinstance(message.id, tuple)
            message.string = tuple(map(pseudo, message.id)) if many else pseudo(str(message.id))
    path = folder / "de" / "LC_MESSAGES" / "loccit.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, known)
    return folder


def served(archive: Path, locale: Path, public: bool = False) -> Flask:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language, "LOCALE", locale)
        app = create_app(archive, public=public)
    if public:
        app.extensions["limits"] = Bucket(rate=1e6, burst=1e9).keeper()
    return app


@pytest.fixture(scope="module")
def app(archive: Path, locale: Path) -> Flask:
    return served(archive, locale)


def test_the_catalogue_is_in_step_with_the_code() -> None:
    assert POT.read_text(encoding="utf8") == catalogue(), "run make words"


def test_the_commands_of_the_page_on_translating_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "web/locale").mkdir(parents=True)
    (tmp_path / "web/locale/loccit.pot").write_text(POT.read_text(encoding="utf8"), encoding="utf8")
    page = (POT.parents[2] / "docs/translating.md").read_text(encoding="utf8")
    commands = re.findall(r"^ *\.venv/bin/(pybabel .*)$", page, re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        CommandLineInterface().run(shlex.split(command))
    monkeypatch.setattr(language, "LOCALE", tmp_path / "web/locale")
    assert set(create_app(tmp_path).extensions["languages"]) == {"en", "de"}


# No English left

SEARCHES = [
    f"/search?q={query}{view}"
    for query in ("PILOTS", "HARBUOR", "XQZ", '"THE PILOTS"', "THE", "PILOTS OR (")
    for view in (
        "",
        "&view=kwic",
        "&view=chart",
        "&group=work",
        "&kind=essay&year=1900-1961&sort=date",
        "&without=kind:essay&exact=1",
        "&author=HALF&year=ABC&names=0",
    )
]
PAGES = [
    *SEARCHES,
    *(f"/read/{work}{more}" for work in ("essay", "report", "plans-1") for more in ("", "?q=THE", "?q=XQZ")),
    "/read/report?speaker=HALE",
    *(f"/work/{work}" for work in made.WORKS),
    *(f"/quotation/essay-00{n}" for n in range(1, 7)),
    *(f"/quotation/essay-00{n}/judgement" for n in range(1, 7)),
    "/quotation/essay-001/judgement?q=HALE", "/quotation/essay-001/judgement?q=XQZ",
    "/quotation/essay-001/judgement?work=report&words=PILOTS",
    "/quotation/essay-001/judgement?work=report&words=999",
    "/quotation/essay-001/judgement?work=quay",
    "/quotation/essay-001?above=3&below=3",
    "/works?q=XQZ", "/works?author=HALE&sort=year", "/works?held=no",
    "/search/values?q=THE&facet=work", "/search/values?q=THE&facet=nothing",
    "/find?text=THE+PILOTS+HAD+BEEN+ASKED", "/find?text=ONE", "/find?text=", "/find?text=XQZA+XQZB+XQZC",
    "/find?text=THE+PILOTS+HAD+BEEN+ASKED+OF+OTHER+THINGS",
    "/batch?queries=PILOTS%0A%22XX%0AHARBUOR&of=queries",
    "/batch?queries=THE+PILOTS+HAD+BEEN+ASKED%0AA%0AX+Y+Z+W&of=quotations",
    "/bookmarks?deleted=yes", "/bookmarks?q=XQZ", "/bookmarks?undone=1&left=2", "/bookmarks?erased=2",
    "/bookmarks?state=orphan", "/bookmarks/new?kind=other",
    "/bookmarks/new?kind=search&address=/search%3Fq%3DX",
    "/bookmarks/new?work_id=report&start=0&end=30",
    "/searches?deleted=yes", "/searches?done=kept", "/judgements?deleted=yes", "/judgements?opinion=right",
    "/work/report/quotations", "/work/essay/quotations?verdict=altered", "/nowhere",
]  # fmt: skip


def keep(client: FlaskClient) -> Iterator[TestResponse]:
    """What a reader keeps, so that the pages have something to show; and the answers."""
    kinds = {"kind": "comparison", "quotation_id": "essay-001"}
    for sent in (
        kinds | {"note": "A NOTE", "tags": "ONE, TWO", "folder": "F/G", "colour": "red"},
        {"kind": "search", "address": "/search?q=PILOTS"},
        {"work_id": "report", "start": "0", "end": "30"},
        kinds | {"colour": "pink"},
    ):
        yield client.post("/bookmarks", data=sent, follow_redirects=True)
    kept = client.get("/bookmarks?format=json").get_json()["bookmarks"]
    ids = [each["bookmark"]["id"] for each in kept]
    for act in ("tag", "folder", "delete", "restore", "colour", "erase", "XX"):
        sent = {"id": ids[:1], "do": act, "tags": "THREE", "to": "H", "paint": "blue"}
        yield client.post("/bookmarks/many", data=sent, follow_redirects=True)
    yield client.get(f"/bookmarks/{ids[1]}")
    yield client.post(f"/bookmarks/{ids[1]}/delete", follow_redirects=True)
    yield client.get(f"/bookmarks/{ids[1]}")
    for name, search in (("A", "q=PILOTS&kind=source&without=kind:essay&exact=1&names=0"), ("B", "q=(")):
        yield client.post("/searches", data={"name": name, "search": search}, follow_redirects=True)
    for number, opinion in enumerate(("right", "wrong", "unclear", ""), 1):
        sent = {"opinion": opinion, "note": "A NOTE" if opinion else ""}
        yield client.post(f"/quotation/essay-00{number}/judgement", data=sent, follow_redirects=True)
    sent = {"work": "letters"}
    yield client.post("/quotation/essay-003/correction", data=sent, follow_redirects=True)
    yield client.post("/quotation/essay-001/judgement", data={"seen": "OTHER"})


def pasted(client: FlaskClient) -> Iterator[TestResponse]:
    yield client.post("/check", data={"text": made.ESSAY.upper()})
    yield client.post("/check", data={"text": "NO QUOTATION IN THIS."})
    yield client.post("/check", data={"text": " "})
    item = {"target": {"selector": [{"type": "TextQuoteSelector", "exact": "X"}]}, "loccit:work": "report"}
    for text in ("{}", "{", '{"items": [{"uri": 1}, 5]}', {"items": [item, item]}):
        sent = text if isinstance(text, str) else str(text).replace("'", '"')
        yield client.post("/bookmarks/import", data={"text": sent})


def left(html: str) -> Iterator[str]:
    """The texts of a page that a reader sees or hears and that have a plain word."""
    page = BeautifulSoup(html, "html.parser")
    for machine_s in page.select("script, code, kbd, textarea, time, .Z3988"):
        machine_s.decompose()
    for element in page.find_all(True):
        yield from (str(element[name]) for name in SHOWN if element.get(name))
    for text in page.find_all(string=True):
        if type(text) is NavigableString:
            yield str(text)


def english(html: str) -> set[str]:
    known = "|".join([*PLAIN, *OF_THE_INDEX])
    found = (" ".join(text.split()) for text in left(html))
    return {text for text in found if WORD.search(re.sub(known, "", text))}


def test_no_english_is_left_on_any_page(app: Flask, client: FlaskClient) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de"
    addresses = [route.address for route in routes(app) if "GET" in route.methods]
    answers = [*keep(client), *pasted(client), *map(client.get, [*addresses, *PAGES])]
    faults = {
        f"{answer.request.full_path}: {text}"
        for answer in answers
        if answer.mimetype == "text/html"
        for text in english(answer.get_data(as_text=True))
    }
    assert not faults, "\n".join(sorted(faults))
    assert sum(answer.mimetype == "text/html" for answer in answers) > 150


def test_a_stranger_on_a_public_server_is_told_in_his_language(archive: Path, locale: Path) -> None:
    client = served(archive, locale, public=True).test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de"
    answers = [
        *map(client.get, ["/account", "/bookmarks/import", *PAGES]),
        client.post("/bookmarks", data={}),
        client.post("/account/sign-in", data={"name": "A", "password": "B"}),
        client.post("/bookmarks", headers={"Origin": "https://elsewhere.example"}),
        *(client.post("/account/sign-in", data={"name": "A", "password": "B"}) for _ in range(10)),
    ]
    assert answers[-1].status_code == 429
    faults = {t for a in answers if a.mimetype == "text/html" for t in english(a.get_data(as_text=True))}
    assert not faults, "\n".join(sorted(faults))


# Which language


@pytest.mark.parametrize(
    ("accepted", "chosen", "spoken"),
    [
        ("de", "", "de"),
        ("de-AT, en;q=0.5", "", "de"),
        ("en, de;q=0.5", "", "en"),
        ("fr", "", "en"),
        ("", "", "en"),
        ("de", "en", "en"),
        ("en", "de", "de"),
        ("en", "tlh", "en"),
    ],
)
def test_the_reader_s_choice_then_the_browser_s_then_english(
    client: FlaskClient, accepted: str, chosen: str, spoken: str
) -> None:
    if chosen:
        client.set_cookie(appearance.COOKIE, f"system.usual.usual.serif.on.{chosen}")
    answer = client.get("/", headers={"Accept-Language": accepted})
    html = answer.get_data(as_text=True)
    assert f'<html lang="{spoken}"' in html
    assert ("Ťĥé ṕĺàćé ćíťéď" in html) == (spoken == "de")
    assert {"Accept-Language", "Cookie"} <= set(answer.vary)


def test_a_language_is_offered_where_there_is_another_and_kept(client: FlaskClient, sample: Path) -> None:
    html = client.get("/appearance").get_data(as_text=True)
    assert 'name="language" value="de"' in html and "íń Éńǵĺíśĥ" in html
    client.post("/appearance", data={"language": "de"})
    assert '<html lang="de"' in client.get("/").get_data(as_text=True)
    alone = create_app(sample).test_client().get("/appearance")
    assert 'name="language"' not in alone.get_data(as_text=True)
    assert "Accept-Language" not in alone.vary


def test_what_programs_read_is_english(client: FlaskClient) -> None:
    for address in ("/help", "/quotation/essay-001", "/nowhere", "/find?text=ONE", "/works"):
        asked = {"Accept": "application/json"}
        plain = client.get(address, headers=asked | {"Accept-Language": "en"}).get_data()
        assert client.get(address, headers=asked | {"Accept-Language": "de"}).get_data() == plain
    for address in ("/work/essay/quotations.csv", "/search.csv?q=PILOTS"):
        plain = client.get(address).get_data()
        assert client.get(address, headers={"Accept-Language": "de"}).get_data() == plain


# Sentences with values in them


@pytest.mark.parametrize(
    "source", ["{{ _('by %(name)s', name=name) }}", "{% trans %}by {{ name }}{% endtrans %}"]
)
def test_values_are_escaped_once(app: Flask, source: str) -> None:
    with app.test_request_context():
        template = app.jinja_env.from_string(source)
        assert template.render(name="<b> & 'c'").endswith("&lt;b&gt; &amp; &#39;c&#39;")


def test_a_translation_that_lost_a_placeholder_s_name_does_not_break_the_page(app: Flask) -> None:
    class Broken(language.gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return "von %(nmae)s"

        def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
            return "%(num) Stück"

    with app.test_request_context(), pytest.MonkeyPatch.context() as patch:
        patch.setitem(app.extensions, "languages", {"en": Broken()})
        language.speak("en")
        assert language._("by %(name)s", name="Hale") == "by Hale"
        assert language._n("%(num)s word", "%(num)s words", 1200) == "1\u202f200 words"

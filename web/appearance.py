"""How the pages look and whether keys do anything: what a reader chose, kept in a cookie of this browser.

The choice is drawn into every page by the server, as attributes of its root, so that nothing flickers and
no script is needed. Without a choice the system decides between light and dark.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from web import language
from web.accounts import stores_nothing
from web.addresses import inside
from web.answer import answer, wants_json
from web.language import N_

pages = Blueprint("appearance", __name__)

COOKIE = "appearance"
A_YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Aspect:
    """Something that can be chosen: what it is called, and its values with what each is called.

    The first value is the one without a choice.
    """

    label: str
    values: Mapping[str, str]

    @property
    def usual(self) -> str:
        """The value of a reader who chose nothing."""
        return next(iter(self.values))


ASPECTS = {
    "theme": Aspect(
        N_("Colours"),
        {
            "system": N_("as the system has it"),
            "light": N_("light"),
            "dark": N_("dark"),
            "sepia": N_("sepia"),
        },
    ),
    "size": Aspect(
        N_("Size of letters"),
        {"usual": N_("usual"), "small": N_("small"), "large": N_("large"), "huge": N_("very large")},
    ),
    "width": Aspect(
        N_("Width of texts"),
        {
            "usual": N_("usual"),
            "narrow": N_("narrow"),
            "wide": N_("wide"),
            "full": N_("as wide as the window"),
        },
    ),
    "face": Aspect(N_("Letters of texts"), {"serif": N_("with serifs"), "sans": N_("without serifs")}),
    "keys": Aspect(N_("Keys that are single letters"), {"on": N_("on"), "off": N_("off")}),
}
# What a language calls itself: each catalogue translates it ("auf Deutsch").
IN_LANGUAGE = N_("in English")
# The whole of a cookie's words: a value of each aspect, parted so.
PARTING = "."


@dataclass(frozen=True, slots=True)
class Key:
    """A key of one letter, and what it does."""

    key: str
    does: str


# What web/static/keys.js does; pages say by `aria-keyshortcuts` and `data-stop` where there is what to do.
KEYS = (
    Key("/", N_("to the words to search for")),
    Key("j", N_("to the next match or quotation; after the last one on to the next page")),
    Key("k", N_("to the one before")),
    Key("n", N_("to the next section")),
    Key("p", N_("to the section before")),
    Key("b", N_("bookmark the paragraph or the comparison that is shown")),
    Key("?", N_("these keys")),
)


@pages.get("/appearance")
def index() -> Response:
    """The choices, as a form, and a few lines to see them by."""
    return answer("appearance.html", {"chosen": chosen(), "offered": _offered(), "keys": KEYS})


@pages.post("/appearance")
@stores_nothing
def choose() -> Redirect:
    """Keep what was chosen, or forget all of it, and show again the page from which it was."""
    sent = request.form
    response = redirect(inside(sent.get("back", "")) or url_for("appearance.index"), 303)
    if "forget" in sent:
        response.delete_cookie(COOKIE, samesite="Lax", httponly=True)
    else:
        kept = _known(chosen() | {name: sent[name] for name in aspects() if name in sent})
        response.set_cookie(
            COOKIE,
            PARTING.join(kept.values()),
            A_YEAR,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure,
        )
    return response


def aspects() -> dict[str, Aspect]:
    """All that can be chosen here: the language too, where there is more than one."""
    languages = language.offered()
    if len(languages) == 1:
        return ASPECTS
    named = {name: words.gettext(IN_LANGUAGE) for name, words in languages.items()}
    return ASPECTS | {"language": Aspect(N_("Language"), {"browser": N_("as the browser asks")} | named)}


def chosen() -> dict[str, str]:
    """The value of each aspect for this request; what its cookie says of no sense is as if unsaid."""
    values = request.cookies.get(COOKIE, "").split(PARTING)
    return _known(dict(zip(aspects(), values, strict=False)))


def _known(values: Mapping[str, str]) -> dict[str, str]:
    """A value for each aspect: the one given, if there is such a one."""
    return {
        name: values[name] if values.get(name) in aspect.values else aspect.usual
        for name, aspect in aspects().items()
    }


def _offered() -> dict[str, Any]:
    return {name: {"label": aspect.label, "values": aspect.values} for name, aspect in aspects().items()}


def install(app: Flask) -> None:
    """Give all pages the reader's choice, and say to caches that they differ by it."""

    @app.context_processor
    def everywhere() -> dict[str, object]:
        look = chosen()
        attributes = {name: look[name] for name in ASPECTS if look[name] != ASPECTS[name].usual}
        return {"look": look, "look_attributes": attributes, "aspects": aspects(), "keys_of_pages": KEYS}

    def varied(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.vary.add("Cookie")
            if len(language.offered()) > 1:
                response.vary.add("Accept-Language")
        return response

    app.before_request(speak)
    app.after_request(varied)


def speak() -> None:
    """Have the page in the language that the reader chose. What programs read is in English."""
    language.speak(language.ENGLISH if wants_json() else chosen().get("language"))

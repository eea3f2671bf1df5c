"""In which language pages speak: sentences are written in English, and looked up in a catalogue (gettext).

`_` and `_n` give a sentence, and one of the two that a number asks for, in the language of this request;
`N_` marks one that is only written down here, to be looked up when it is shown. In templates `_` and `_n`
give plain text, which is escaped like any other; what holds mark-up stands in a `trans` block.

English needs no catalogue. Another language is offered if its own is there:
web/locale/<language>/LC_MESSAGES/loccit.mo.
"""

import gettext
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from flask import Flask, current_app, g, has_request_context, request
from markupsafe import Markup

DOMAIN = "loccit"
LOCALE = Path(__file__).parent / "locale"
ENGLISH = "en"

Languages = Mapping[str, gettext.NullTranslations]
UNTRANSLATED = gettext.NullTranslations()
Text = TypeVar("Text", str, Markup)


def install(app: Flask) -> None:
    """Load the catalogues, once, and give the templates their words."""
    app.extensions["languages"] = {ENGLISH: UNTRANSLATED} | _catalogues(LOCALE)
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.policies["ext.i18n.trimmed"] = True
    env.newstyle_gettext = True  # type: ignore[attr-defined]
    env.globals.update(_=_, _n=_n, gettext=_trans, ngettext=_trans_n)
    env.filters["number"] = number

    @app.context_processor
    def everywhere() -> dict[str, object]:
        return {"language": spoken()}


def _catalogues(folder: Path) -> dict[str, gettext.NullTranslations]:
    found: dict[str, gettext.NullTranslations] = {}
    for path in sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")):
        with path.open("rb") as file:
            found[path.parts[-3].replace("_", "-")] = gettext.GNUTranslations(file)
    return found


def offered() -> Languages:
    """The languages that pages can be had in: English, and those with a catalogue."""
    languages: Languages = current_app.extensions["languages"]
    return languages


def speak(asked: str | None) -> None:
    """Have this request answered in the language `asked`; if that is none, in the one that its browser likes
    best, or in English."""
    g.language = asked if asked in offered() else _liked()


def _liked() -> str:
    """The first language of the browser's list that is offered; "de-AT" is content with "de"."""
    names = {name.casefold(): name for name in offered()}
    tags = [tag.casefold() for tag in request.accept_languages.values()] if len(names) > 1 else []
    wanted = (name for tag in tags for name in (tag, tag.partition("-")[0]))
    return next((names[name] for name in wanted if name in names), ENGLISH)


def spoken() -> str:
    """The language of this request's page."""
    language: str = g.get("language", ENGLISH) if has_request_context() else ENGLISH
    return language


def number(value: int) -> str:
    """A number with a thin space between thousands, as a page shows it."""
    return f"{value:,}".replace(",", "\u202f")


def N_(text: str) -> str:
    """The sentence as it is: it stands in the catalogue, and is looked up by `_` where it is shown."""
    return text


def _(text: str, **values: object) -> str:
    """The sentence in the language of this request, its placeholders `%(name)s` filled."""
    return _filled(_translations().gettext(text), text, _plain(values))


def _n(one: str, more: str, count: int, **values: object) -> str:
    """As `_`, the sentence for one or that for more; `%(num)s` is how many."""
    translated = _translations().ngettext(one, more, count)
    return _filled(translated, one if count == 1 else more, _plain({"num": number(count), **values}))


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    """The values as text: what a macro drew is mark-up, and would be escaped twice."""
    return {name: v.unescape() if isinstance(v, Markup) else v for name, v in values.items()}


def _trans(text: str, **values: object) -> Markup:
    """What a `trans` block calls: the mark-up is the catalogue's, the values are escaped."""
    return _filled(Markup(_translations().gettext(text)), Markup(text), values)


def _trans_n(one: str, more: str, count: int, **values: object) -> Markup:
    translated = Markup(_translations().ngettext(one, more, count))
    return _filled(translated, Markup(one if count == 1 else more), {"num": number(count), **values})


def _translations() -> gettext.NullTranslations:
    return offered()[spoken()] if has_request_context() else UNTRANSLATED


def _filled(translated: Text, english: Text, values: Mapping[str, object]) -> Text:
    """The translation with its placeholders filled; one that names others than the English is passed over."""
    try:
        return translated % values
    except (KeyError, TypeError, ValueError):
        return english % values

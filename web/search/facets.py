"""What passages are told apart by: the names of values, those that nobody has, and the page of all values."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import quote_plus, urlencode

from flask import Blueprint, Response, request, url_for

from indexer.errors import NotThere
from indexer.fulltext import Count, years
from web import lists
from web.answer import answer
from web.language import N_, _
from web.library import Opened, opened
from web.search.asking import FACETS, Asked, asked, search
from web.verdicts import LABELS

pages = Blueprint("facets", __name__)

LANGUAGES = {"en": N_("English"), "de": N_("German"), "fr": N_("French"), "ru": N_("Russian")}
KINDS_OF_WORKS = {"essay": N_("essays"), "source": N_("sources")}
QUOTED = {"yes": N_("quoted by an essay"), "no": N_("not quoted")}
# How people call a facet.
NAMES = {
    "kind": N_("kind"),
    "author": N_("author"),
    "work": N_("work"),
    "year": N_("year"),
    "speaker": N_("speaker"),
    "quoted": N_("quoted or not"),
    "verdict": N_("verdict"),
    "cites": N_("quotes from"),
    "collection": N_("collection"),
    "language": N_("language"),
}
ORDERS = {"passages": N_("most passages first"), "name": N_("A to Z")}
# Facets of which one value is enough: years are a range, and what is quoted is not also not quoted.
ONE = ("year", "quoted")
# Values of a facet on one page.
PER_PAGE = 100
# Parameters of the page of values, and of the views of results, which the other does not want.
LISTING = ("facet", "order", "page", "format")
SHOWING = ("view", "group", "by", "page", "format")


@pages.record_once
def register(state: Any) -> None:
    """Let the pages of results name the addresses of a search kept to other values."""
    state.app.jinja_env.globals.update(
        kept_to=kept_to,
        left_out=left_out,
        of_facet=of_facet,
        facet_name=facet_name,
        facet_told=facet_told,
    )


def facet_name(facet: str) -> str:
    """What people call a facet."""
    return _(NAMES[facet])


def facet_told(facet: str, value: str, out: bool) -> str:
    """That results are kept to a value of a facet, or, if `out`, are without it."""
    if out:
        return _("without %(facet)s: %(value)s", facet=facet_name(facet), value=value)
    return f"{facet_name(facet)}: {value}"


@dataclass(frozen=True, slots=True)
class Value:
    """A value to which the results can be kept, how it is called, and how many passages have it."""

    value: str
    label: str
    passages: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value asked for that no passage has (`parameter` is a facet or `without`), and values like it."""

    parameter: str
    facet: str
    value: str
    nearest: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that the results are kept to or that is left out, and this search's address without that."""

    facet: str
    label: str
    out: bool
    undone: str


def values(here: Opened, facet: str, counts: Sequence[Count]) -> list[Value]:
    """The values of a facet with the names that people know them by."""
    return [Value(count.value, label(here, facet, count.value), count.passages) for count in counts]


def label(here: Opened, facet: str, value: str) -> str:
    """What people call the value of a facet; the value itself where nothing is known of it."""
    if facet == "work":
        return here.known[value].title if value in here.known else value
    if facet == "kind":
        return _(KINDS_OF_WORKS[value]) if value in KINDS_OF_WORKS else value
    if facet == "collection":
        return next((c.title for c in here.store.collections() if c.name == value), value)
    names: dict[str, dict[str, str]] = {"language": LANGUAGES, "quoted": QUOTED, "verdict": dict(LABELS)}
    named = names.get(facet, {}).get(value)
    return _(named) if named else value


def unknown(here: Opened, wanted: Asked) -> list[Unknown]:
    """The values that were asked for and that no passage of the archive has."""
    kept = [(name, name, value) for name, chosen in wanted.chosen.items() for value in chosen]
    return list(_unknown(here, [*kept, *(("without", name, value) for name, value in wanted.without)]))


def _unknown(here: Opened, asked_for: Sequence[tuple[str, str, str]]) -> Iterator[Unknown]:
    for parameter, facet, value in asked_for:
        near = () if facet == "year" else here.fulltext.nearest(facet, value)
        if near is not None and not (facet == "year" and years(value)):
            named = [Value(other, label(here, facet, other), 0) for other in near]
            yield Unknown(parameter, facet, value, named)


def choices(here: Opened, wanted: Asked) -> list[Choice]:
    """What the results are kept to and without, each with the address that takes it back."""
    kept = [
        Choice(name, label(here, name, value), False, lists.again(**{name: _less(name, value)}))
        for name, chosen in wanted.chosen.items()
        for value in chosen
    ]
    out = [
        Choice(name, label(here, name, value), True, lists.again(without=_less("without", f"{name}:{value}")))
        for name, value in wanted.without
    ]
    return kept + out


def kept_to(facet: str) -> Callable[[str], str]:
    """What gives the address of this search's results kept to one more value of a facet."""
    return _with_one_more(facet, [] if facet in ONE else request.args.getlist(facet))


def left_out(facet: str) -> Callable[[str], str]:
    """What gives the address of this search's results without one more value of a facet."""
    return _with_one_more("without", request.args.getlist("without"), f"{facet}:")


def _with_one_more(parameter: str, others: list[str], before: str = "") -> Callable[[str], str]:
    """A page names dozens of values: what is the same in all their addresses is made once."""
    start = _results(**{parameter: None})
    kept = urlencode([(parameter, other) for other in others] + [(parameter, before)])
    address = f"{start}{'&' if '?' in start else '?'}{kept}"
    return lambda value: address + quote_plus(value)


def of_facet(facet: str) -> str:
    """The address of the page of all values of a facet in this search."""
    kept = {name: found for name, found in request.args.to_dict(flat=False).items() if name not in SHOWING}
    return lists.address_at(url_for("facets.index"), kept | {"facet": facet})


def _results(**changes: object) -> str:
    kept = {name: found for name, found in request.args.to_dict(flat=False).items() if name not in LISTING}
    return lists.address_at(url_for("search.index"), {**kept, **changes})


def _less(parameter: str, value: str) -> list[str]:
    return [other for other in request.args.getlist(parameter) if other != value]


# ---------------------------------------------------------------- all values of a facet


@pages.get("/search/values")
def index() -> Response:
    """All values of one facet among the passages found, to keep to or to leave out. Raises NotThere."""
    here, wanted, facet = opened(), asked(), request.args.get("facet", "")
    if facet not in FACETS or not wanted.query:
        raise NotThere(
            _(
                "There is no list of “%(facet)s”: a search and one of %(known)s are wanted.",
                facet=facet,
                known=", ".join(FACETS),
            )
        )
    others = {name: chosen for name, chosen in wanted.chosen.items() if name != facet}
    found = search(here, replace(wanted, chosen=others), 1, 1, (facet,))
    listed = values(here, facet, found.facets[facet])
    order: Literal["passages", "name"] = "name" if request.args.get("order") == "name" else "passages"
    if order == "name":
        listed.sort(key=lambda value: value.label.casefold())
    part = lists.pages(len(listed), PER_PAGE)
    record = {
        "query": wanted.query,
        "facet": facet,
        "order": order,
        "total": len(listed),
        "page": part.number,
        "pages": part.last,
        "values": part.cut(listed),
    }
    return answer("facet.html", record, part=part, orders=ORDERS, back=_results())

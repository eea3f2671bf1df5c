"""What a request to search asks for: the query, what it is kept to, what is left out, in which order.

The parameters are those of the page of results; every view of the results and every file made of them
reads the same ones, so that a list, a chart and a table of one search are of the same passages.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import request
from werkzeug.datastructures import MultiDict

from indexer.fulltext import Filters, Found, Results, Sort, years
from web.language import N_
from web.library import Opened

# What passages are told apart by, in the order in which the page offers it.
FACETS = ("kind", "author", "work", "year", "speaker", "quoted", "verdict", "cites", "collection", "language")
SORTS: dict[Sort, str] = {"relevance": N_("best match"), "date": N_("year"), "place": N_("work and place")}
# How the results of one search can be shown.
VIEWS = {"list": N_("passages"), "work": N_("by work"), "kwic": N_("in lines"), "chart": N_("chart")}
# Values of a facet that a request may keep to, and of all that it may leave out: more than anybody clicks.
MOST_KEPT = 40
MOST_LEFT_OUT = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it was asked for. `chosen` keeps to one of these values a facet; `without` are left out.

    `exact` is for words without their inflected forms, `names` for other spellings of names too.
    """

    query: str
    chosen: Mapping[str, tuple[str, ...]]
    without: tuple[tuple[str, str], ...]
    sort: Sort
    exact: bool
    names: bool

    @property
    def filters(self) -> Filters:
        """What the passages are kept to."""
        return Filters(
            kind=self._any("kind"),
            author=self._any("author"),
            collection=self._any("collection"),
            work=self._any("work"),
            speaker=self._any("speaker"),
            language=self._any("language"),
            cites=self._any("cites"),
            verdict=self._any("verdict"),
            quoted={"yes": True, "no": False}.get(" ".join(self._any("quoted"))),
            years=_years(self._any("year")),
            without=self.without,
        )

    def _any(self, name: str) -> tuple[str, ...]:
        return self.chosen.get(name, ())


def asked(sent: MultiDict[str, str] | None = None) -> Asked:
    """The search that these parameters ask for, or those of this request."""
    sent = request.args if sent is None else sent
    return Asked(
        query=sent.get("q", "").strip(),
        chosen={name: values for name in FACETS if (values := _values(sent, name))},
        without=tuple(_left_out(sent))[:MOST_LEFT_OUT],
        sort=next((sort for sort in SORTS if sort == sent.get("sort")), "relevance"),
        exact=exact(sent),
        names=names(sent),
    )


def exact(sent: MultiDict[str, str] | None = None) -> bool:
    """Whether words are to be matched to the letter, without their inflected forms."""
    return (request.args if sent is None else sent).get("exact") == "1"


def names(sent: MultiDict[str, str] | None = None) -> bool:
    """Whether other spellings of names are to be found too."""
    return (request.args if sent is None else sent).get("names") != "0"


def view_of(sent: MultiDict[str, str] | None = None) -> str:
    """The view of the results that is asked for: a name of VIEWS."""
    sent = request.args if sent is None else sent
    view = "work" if sent.get("group") == "work" else sent.get("view", "")
    return view if view in VIEWS else "list"


def search(
    here: Opened,
    wanted: Asked,
    page: int,
    per_page: int,
    facets: Sequence[str] = (),
    work: str | None = None,
    marked: bool = True,
) -> Results:
    """A page of what was asked for, in one `work` if one is named; what matched is marked, but for
    `marked=False`. Raises QueryError."""
    filters = wanted.filters
    return here.fulltext.search(
        wanted.query,
        replace(filters, work=(work,)) if work else filters,
        page=page,
        per_page=per_page,
        sort=wanted.sort,
        text_of=here.texts if marked else None,
        forms=not wanted.exact,
        names=wanted.names,
        facets=facets,
    )


def every(
    here: Opened, wanted: Asked, most: int, texts: dict[str, str] | None = None
) -> tuple[int, Iterator[Sequence[Found]]]:
    """How many passages were asked for, and the first `most` of them with what matched in each: some at a
    time, as they are taken. The texts in which it was looked for are put into `texts`. Raises QueryError."""

    def text_of(passages: Sequence[str]) -> Mapping[str, str]:
        read = here.texts(passages)
        if texts is not None:
            texts.update(read)
        return read

    return here.fulltext.every(
        wanted.query,
        wanted.filters,
        most=most,
        sort=wanted.sort,
        text_of=text_of,
        forms=not wanted.exact,
        names=wanted.names,
    )


def _values(sent: MultiDict[str, str], name: str) -> tuple[str, ...]:
    """The values of a facet to keep to."""
    return tuple(value for value in dict.fromkeys(sent.getlist(name)) if value)[:MOST_KEPT]


def _left_out(sent: MultiDict[str, str]) -> list[tuple[str, str]]:
    """The pairs of facet and value to leave out: `without=kind:essay`, any number of them."""
    pairs = (text.partition(":") for text in dict.fromkeys(sent.getlist("without")))
    return [(name, value) for name, _, value in pairs if name in FACETS and value]


def _years(asked_for: Sequence[str]) -> tuple[int | None, int | None]:
    """The first year or range of years among the values ("1921-1936", "1921-"); none asks for nothing."""
    found = next(filter(None, map(years, asked_for)), None)
    return (found.first, found.last) if found else (None, None)

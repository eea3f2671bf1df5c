"""What a request to search asks for: the query, what it is kept to, what is left out, in which order.

The parameters are those of the page of results; every view of the results and every file made of them
reads the same ones, so that a list, a chart and a table of one search are of the same passages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import request

from indexer.fulltext import Filters, Results, Sort
from web.library import Opened

# What passages are told apart by, in the order in which the page offers it.
FACETS = ("kind", "author", "work", "year", "speaker", "quoted", "verdict", "collection", "language")
SORTS: dict[Sort, str] = {"relevance": "best match", "date": "year", "place": "work and place"}
# Values that a request may leave out: more than anybody clicks away, few enough to look up at once.
MOST_LEFT_OUT = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it was asked for. `chosen` keeps to one value a facet; `without` are values left out.

    `exact` is for words without their inflected forms, `names` for other spellings of names too.
    """

    query: str
    chosen: Mapping[str, str]
    without: tuple[tuple[str, str], ...]
    sort: Sort
    exact: bool
    names: bool

    @property
    def filters(self) -> Filters:
        """What the passages are kept to."""
        return Filters(
            kind=self._one("kind"),
            author=self._one("author"),
            collection=self._one("collection"),
            work=self._one("work"),
            speaker=self._one("speaker"),
            language=self._one("language"),
            verdict=self._one("verdict"),
            quoted={"yes": True, "no": False}.get(self.chosen.get("quoted", "")),
            years=_years(self.chosen.get("year", "")),
            without=self.without,
        )

    def _one(self, name: str) -> tuple[str, ...]:
        return (self.chosen[name],) if name in self.chosen else ()


def asked() -> Asked:
    """The search that this request asks for; parameters that make no sense ask for nothing."""
    return Asked(
        query=request.args.get("q", "").strip(),
        chosen={name: value for name in FACETS if (value := request.args.get(name, ""))},
        without=tuple(_left_out())[:MOST_LEFT_OUT],
        sort=next((sort for sort in SORTS if sort == request.args.get("sort")), "relevance"),
        exact=exact(),
        names=names(),
    )


def exact() -> bool:
    """Whether words are to be matched to the letter, without their inflected forms."""
    return request.args.get("exact") == "1"


def names() -> bool:
    """Whether other spellings of names are to be found too."""
    return request.args.get("names") != "0"


def search(
    here: Opened,
    wanted: Asked,
    page: int,
    per_page: int,
    facets: Sequence[str] = (),
    work: str | None = None,
    marked: bool = True,
) -> Results:
    """A page of what was asked for, in one `work` if one is named. Raises QueryError."""
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


def _left_out() -> list[tuple[str, str]]:
    """The pairs of facet and value to leave out: `without=kind:essay`, any number of them."""
    pairs = (text.partition(":") for text in dict.fromkeys(request.args.getlist("without")))
    return [(name, value) for name, _, value in pairs if name in FACETS and value]


def _years(wanted: str) -> tuple[int | None, int | None]:
    """A year, or a range of years ("1921-1936", "1921-", "-1936"); what is no year asks for nothing."""
    first, dash, last = wanted.replace("–", "-").partition("-")
    if not dash:
        last = first
    return _year(first), _year(last)


def _year(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None

"""Which work a reading means: a function a kind, whose answer counts only if one candidate remains."""

import re
from dataclasses import replace

from indexer.citations import habits, holding, model, names, places, titles
from indexer.citations.model import Source
from indexer.citations.passing import Pass, known_as, merged
from indexer.citations.reading import Reading

_PAGED = re.compile(rf"(?P<title>[^\W\d].*?)[,”\"’]*\s(?P<page>{places.BARE_PAGE})")


def _full(found: Reading, state: Pass) -> Source | None:
    """A citation with a title, with or without author: the known work that it is, or a new one."""
    given = Source(found.author, found.title, found.locator, found.via, found.url, found.year)
    if not found.title:
        return given if found.via or found.author or found.url else None
    if paged := _paged(found, state):
        return paged
    known = known_as(state, found.author, found.title)
    if known is None:
        return given
    title = _full_title(found.title, known, state)
    author = _fuller(found.author, known.author)
    here = replace(known, title=title, author=author, via=found.via or known.via if found.via else None,
                   year=found.year or known.year)  # fmt: skip
    here = _at_place(state, here, found.locator)
    return replace(here, locator=found.locator or known.locator)


def _paged(found: Reading, state: Pass) -> Source | None:
    """The known work of a short title with a bare page behind it: "Ledger 47", "Ledger, 47"."""
    split = _PAGED.fullmatch(found.title or "")
    whole = any(source.title == found.title and not source.noted for source in state.listed)
    if split is None or found.locator or whole or places.begins_with_year(split["page"]):
        return None
    known = known_as(state, found.author, split["title"], found.title)
    return replace(known, locator=split["page"], ids=()) if known else None


def _full_title(given: str, known: Source, state: Pass) -> str:
    """The longer of the two forms of a title, or the title below the heading by which it was named."""
    if known.headed:
        below = (s.title for s in state.listed if s.listed == known.listed and not s.headed)
        return next(filter(None, below), given)
    return max(known.title or "", given, key=lambda wording: len(titles.content(wording)))


def _at_place(state: Pass, source: Source, locator: str | None) -> Source:
    """Of several entries for one work the one with this page."""
    numbers = set(re.findall(r"\d+", locator or ""))
    for other in state.listed:
        same = other.title and source.title and titles.same(other.title, source.title)
        if same and numbers and numbers & set(re.findall(r"\d+", other.locator or "")):
            return replace(source, url=other.url, listed=other.listed)
    return source


def _fuller(given: str | None, known: str | None) -> str | None:
    """The author as given, or as known where that names the same people more fully."""
    if not given or not known:
        return given or known
    return known if names.all_authors(given, known) and len(known) > len(given) else given


def _author(found: Reading, state: Pass) -> Source | None:
    """A name alone or with a page: the one work by it that the essay lists or has cited."""
    author = found.author or ""
    served = [source for source in state.listed if source.serves and names.same_author(source.serves, author)]
    mine = [
        source
        for source in (*state.listed, *state.cited)
        if names.same_author(source.author, author)
        and (not source.letter or titles.collects_letters(source.title or "", source.author))
        and not (found.year and source.year and source.year != found.year)
    ]
    exact = [source for source in mine if names.all_authors(source.author or "", author)]
    dated_so = [source for source in exact or mine if found.year and source.year == found.year]
    groups = model.distinct(served or dated_so or exact or mine)
    given = Source(author, None, found.locator, found.via, found.url)
    if len(groups) > 1:
        return replace(given, among=tuple(merged(group) for group in groups))
    if not groups or not (groups[0][0].title or groups[0][0].url):
        return given
    known = merged(groups[0])
    dated = bool(found.locator) and (
        places.is_date(found.locator or "") or places.is_year(found.locator or "")
    )
    if dated and known.locator != found.locator and not dated_so:
        return given
    by = known.author if served else _fuller(author, known.author)
    here = _at_place(state, replace(known, author=by, via=found.via), found.locator)
    if found.via and titles.same(here.title or "", found.via):
        here = replace(here, title=None)  # the list has no more of it than whence the essay has it
    return replace(here, locator=found.locator or known.locator)


def _letter(found: Reading, state: Pass) -> Source | None:
    """A letter: the listed one with this title, or the one collection of letters by one of the two."""
    given = Source(found.author, found.title, found.locator, found.via, found.url, letter=True)
    title = found.title or ""
    same = [s for s in state.listed if s.title and titles.same(s.title, title)]
    said = set(titles.content(title))
    sent = tuple(word for word in titles.content(title) if word in habits.words("letter"))
    written = [s for s in state.listed if s.letter and titles.shared(sent, titles.content(s.title or ""))]
    theirs = [s for s in written if s.author and said & set(titles.content(s.author))]
    groups = model.distinct(same or theirs)
    if len(groups) != 1:
        return given
    known = groups[0][0]
    return replace(given, url=known.url, listed=known.listed, via=found.via or given.via)


def _ibid(found: Reading, state: Pass) -> Source | None:
    """The work cited last, at the place given; by the author given, if the last is by him or quotes him."""
    last = _last(found, state.last)
    if last is None:
        return None
    if found.author and last.author and not names.same_author(found.author, last.author) and not last.via:
        return _opcit(found, state)
    title = (
        None if found.author and last.via and not names.same_author(found.author, last.author) else last.title
    )
    return replace(last, author=found.author or last.author, title=title, locator=_place(found.locator))


def _last(found: Reading, last: Source | None) -> Source | None:
    """The work cited last without its speaker; its works are open again if another chapter is named."""
    if last is None:
        return None
    last = replace(last, author=None) if last.spoken else last
    return replace(last, ids=()) if holding.divisions(found.locator) else last


def in_title(name: str, source: Source) -> bool:
    """Whether what stands where a name would is the work's title: "Harbour Times, ibid."."""
    said = titles.content(name)
    return (
        bool(source.title)
        and not names.same_author(name, source.author)
        and set(said) <= set(titles.content(source.title or ""))
    )


def _place(text: str | None) -> str | None:
    return text.strip(" .,") or None if text else None


def _opcit(found: Reading, state: Pass) -> Source | None:
    """The one work by the author that was cited before; without an author the work cited last."""
    if not found.author:
        last = _last(found, state.last)
        return replace(last, locator=_place(found.locator)) if last else None
    mine = [
        source for source in state.cited if names.same_author(source.author, found.author) and source.title
    ]
    groups = model.distinct(mine)
    if len(groups) > 1 and titles.shared(titles.content(found.author), titles.content(mine[-1].author or "")):
        groups = []
    if len(groups) != 1:
        return (
            _author(replace(found, locator=_place(found.locator)), state) if not groups and not mine else None
        )
    return replace(merged(groups[0]), locator=_place(found.locator))


def _idem(found: Reading, state: Pass) -> Source | None:
    """Another work by the author cited last."""
    if state.last is None or state.last.author is None:
        return None
    return _full(replace(found, author=state.last.author), state)


def _page(found: Reading, state: Pass) -> Source | None:
    """A place alone: of the work cited last, a session of the one of whose sessions was cited last.

    In the running text it is of the work that the running text cited last: a review gives the pages of
    its book there, and cites others in notes.
    """
    near = state.last if state.noting else state.beside or state.last
    last, cited = _last(found, near), holding.divisions(found.locator)
    named = model.distinct(state.named)
    if len(named) == 1 and not (last and model.like(last, None, named[0][0].title or "")):
        return replace(named[0][0], locator=found.locator, ids=())
    if last and not cited:
        return None if last.letter else replace(last, locator=found.locator)
    kinds = {kind for kind, _ in cited}
    for source in (*filter(None, [last]), *reversed(state.cited)):
        if kinds & {kind for kind, _ in holding.divisions(source.locator)}:
            return replace(source, locator=found.locator, ids=())
    return Source(locator=found.locator)


def _address(found: Reading, state: Pass) -> Source | None:
    return Source(url=found.url)


def _unknown(found: Reading, state: Pass) -> Source | None:
    """The one work that the running text surely names, where a place is all that is understood: "(edition of
    the quay, p. 4)"."""
    named = model.distinct(state.named)
    return replace(named[0][0], locator=found.locator, ids=()) if found.locator and len(named) == 1 else None


RESOLVERS = {
    "full": _full,
    "title": _full,
    "author": _author,
    "letter": _letter,
    "ibid": _ibid,
    "opcit": _opcit,
    "idem": _idem,
    "place": _page,
    "address": _address,
    "unknown": _unknown,
}

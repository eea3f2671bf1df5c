"""One pass over an essay's citations from left to right: each reading becomes one work, several or none.

The shape is eyecite's (clean, find, resolve): citations are typed, each type has one function that
answers which work is meant, and an answer counts only if one candidate remains. After a citation
that is not understood "ibid." is not understood either.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from indexer.citations import collected, habits, holding, model, names, places, reading, running, titles
from indexer.citations.model import Source
from indexer.citations.names import Lexicon
from indexer.citations.reading import Reading
from indexer.citations.shelf import Shelf
from indexer.models import Citation, Document, Quotation

# Quotations that begin with as many like words are taken for one and the same.
SAME_WORDS = 6
# Two forms of a word of a title begin with as many like letters.
STEM = 3

_PARENTHESIS = re.compile(r"\(((?:[^()\n]|\([^()\n]*\)){3,300})\)")


@dataclass(slots=True)
class Pass:
    """What is known at one place of the essay: its list of sources, what it cited so far, what it cited last.

    `cited` and `stems` hold each naming of a work once; `stems` by how its title's words begin.
    """

    lexicon: Lexicon
    listed: list[Source]
    cited: dict[Source, None] = field(default_factory=dict)
    stems: defaultdict[tuple[str, ...], dict[Source, None]] = field(default_factory=lambda: defaultdict(dict))
    last: Source | None = None
    quoted: Source | None = None  # whence the quotation before this one is
    openings: dict[str, Source] = field(default_factory=dict)
    wordings: list[tuple[str, Source]] = field(default_factory=list)  # the longest first
    named: list[Source] = field(default_factory=list)  # by the running text before the quotation at hand


def begin(document: Document, listed: list[Source], works: Shelf) -> Pass:
    """The state before the first citation: nothing is cited, the list of sources is known."""
    listed = [_unspoken(source, works) for source in listed]
    state = Pass(lexicon_of(document, listed, works), listed)
    for source in listed:
        _index(source, state)
    state.wordings = _wordings(listed, works)
    return state


def _wordings(listed: Sequence[Source], works: Shelf) -> list[tuple[str, Source]]:
    """The titles of the listed works by which running text names them, in the wordings of the archive too."""
    found: dict[str, Source] = {}
    for source in listed:
        held = [works.works[i] for i in holding.meant(None, source, works).ids[:1]]
        known = [title for work in held for title in (work.title, *work.aliases)]
        for title in filter(None, (source.title, *known)):
            if len(titles.content(title)) > 1:
                found.setdefault(names.fold(title), source)
    return sorted(found.items(), key=lambda item: -len(item[0]))


def _unspoken(source: Source, works: Shelf) -> Source:
    """The source of a list or note without the name of one who only speaks in it."""
    held = holding.meant(None, source, works) if source.author else holding.Meant()
    if any(titles.key(source.author or "") in works.titles[i] for i in held.ids):
        return replace(source, author=None, title=source.author)  # a title that is written like a name
    return replace(source, author=None) if source.noted and held.spoken else source


def _cite(source: Source, state: Pass) -> None:
    """Keep a naming of a work for the short forms that follow."""
    source = replace(source, author=None) if source.spoken else source
    if source.title and source not in state.cited:
        state.cited[source] = None
        _index(source, state)


def _index(source: Source, state: Pass) -> None:
    stems = [word[:STEM] for word in titles.content(source.title or "")]
    if stems:
        lone = [("alone", stems[0])] if len(stems) == 1 else []
        for key in (
            ("first", stems[0]),
            ("begin", stems[0], *(stem[0] for stem in stems[1:2])),
            ("end", stems[-1]),
            *lone,
        ):
            state.stems[key][source] = None


def _like(title: str, state: Pass) -> list[Source]:
    """The namings of works whose title can be a form of this one: they begin alike or end alike."""
    stems = [word[:STEM] for word in titles.content(title)]
    if not stems:
        return []
    keys = (
        [("first", stems[0])]
        if len(stems) == 1
        else [("begin", stems[0], *(stem[0] for stem in stems[1:2])), ("alone", stems[0])]
    )
    found = {source: None for key in (*keys, ("end", stems[-1])) for source in state.stems.get(key, ())}
    return list(found)


def resolve(document: Document, quotations: Sequence[Quotation], state: Pass, works: Shelf) -> list[Citation]:
    """The citation of each quotation, in order."""
    asides = _asides(document, quotations)
    found: list[Citation] = []
    at = 0
    for n, quotation in enumerate(quotations):
        while at < len(asides) and asides[at][0] < quotation.span.start:
            _pass_by(asides[at][1], state)
            at += 1
        found.append(_citation(document, quotations, n, state, works))
    return found


def _asides(document: Document, quotations: Sequence[Quotation]) -> list[tuple[int, str]]:
    """The parentheses of the running text that belong to no quotation, with their offsets."""
    taken = sorted((span.start, span.end) for q in quotations for span in (q.span, q.attribution) if span)
    found, k = [], 0
    for match in _PARENTHESIS.finditer(document.text):
        while k < len(taken) and taken[k][1] <= match.start():
            k += 1
        if k == len(taken) or taken[k][0] >= match.end():
            found.append((match.start(), match.group(1)))
    return found


def _pass_by(text: str, state: Pass) -> None:
    """Take note of a citation that stands alone, so that "ibid." does not reach past it."""
    found = reading.read(text, state.lexicon)
    cites = places.has_place(text) and found.kind in ("full", "author", "title", "ibid", "opcit")
    known = found.author is not None and names.known(found.author, state.lexicon) and found.kind == "full"
    if not (cites or known or found.via or found.kind == "ibid" or reading.labelled(text)):
        return
    state.last = RESOLVERS[found.kind](found, state)
    if state.last:
        _cite(state.last, state)


def _citation(
    document: Document, quotations: Sequence[Quotation], n: int, state: Pass, works: Shelf
) -> Citation:
    quotation = quotations[n]
    around = running.before(document, quotations, n)
    voice = running.speaker(around, state.lexicon)
    state.named = running.named(around.near, state.wordings)
    opening = " ".join(
        names.fold(document.text[quotation.span.start : quotation.span.end]).split()[:SAME_WORDS]
    )
    mentioned = running.mentions(around.near, state.lexicon)
    written = [
        source for source in mentioned if source.author and len(titles.content(source.title or "")) > 1
    ]
    state.named = state.named or written
    span = quotation.attribution
    if span is None:
        source, said_by = _uncited(around, mentioned, voice, state), voice
        text = None
    else:
        for source in mentioned:
            if source.author:
                _cite(source, state)
        text = document.text[span.start : span.end]
        source, said_by = _cited(text, around, voice, opening, state)
    if source and text:
        source = collected.opened(document, quotation.span, source, works)
    source = _held(text, source, works, state) if source else None
    _remember(source, opening, span is not None, state)
    if source and span and text and source.title and not source.url and not (source.listed or source.author):
        told = running.described(around, state.listed)
        source = replace(source, url=told.url) if told else source
    ids = holding.others(source.ids, quotation.essay_id, works) if source else ()
    return _outcome(Citation(quotation.id, span, text, said_by), source, ids)


def _remember(source: Source | None, opening: str, cited: bool, state: Pass) -> None:
    state.quoted = source if source and source.title else None
    if source and source.title:
        _cite(source, state)
        state.openings.setdefault(opening, source)
    if cited or (source and source.title):
        state.last = source if source and (source.title or source.via or source.author) else None


def _cited(
    text: str, around: running.Before, voice: str | None, opening: str, state: Pass
) -> tuple[Source | None, str | None]:
    """The source that a citation names, and who speaks by it."""
    found = reading.read(text, state.lexicon)
    if found.kind == "ibid" and found.author and state.last and _in_title(found.author, state.last):
        found = replace(found, author=None)
    source = RESOLVERS[found.kind](found, state)
    said_by = found.said_by or found.author or voice
    if source is None:
        return None, said_by
    earlier = state.openings.get(opening)
    if not source.title and not source.via and earlier and names.same_author(earlier.author, source.author):
        source = replace(earlier, author=source.author, locator=source.locator)
    if voice and not names.same_author(voice, found.author) and reading.inside(text):
        return Source(voice, None, found.locator, reading.inside(text)), voice
    if found.via and not found.title and not source.author and voice:
        source = replace(source, author=voice)
    return source, said_by


def _uncited(
    around: running.Before, mentioned: Sequence[Source], voice: str | None, state: Pass
) -> Source | None:
    """The source of a quotation that has no citation of its own, where running text names one."""
    fitting = [
        s for s in mentioned if s.author is None or voice is None or names.same_author(s.author, voice)
    ]
    if len(model.distinct(fitting)) == 1:
        named = fitting[-1]
        known = _known(state, named.author, named.title or "")
        return (
            replace(known, author=named.author or known.author, locator=named.locator or known.locator)
            if known
            else named
        )
    told = running.described(around, state.listed)
    if told:
        return told
    headlined = model.distinct(state.named) if running.headlined(around) else []
    if len(headlined) == 1:
        return replace(headlined[0][0], ids=())
    if state.quoted and not mentioned and running.continuing(around, state.quoted.title):
        by = voice if voice and names.known(voice, state.lexicon) else state.quoted.author
        return replace(state.quoted, author=by if state.quoted.author else None, locator=None)
    place = running.sitting(around.near)
    return Source(locator=place) if place else None


def _known(state: Pass, author: str | None, title: str) -> Source | None:
    """The one work known so far with this author and this title or short form of it, in its fullest form."""
    found = [source for source in _like(title, state) if model.like(source, author, title)]
    whole = [source for source in found if titles.same(source.title or "", title)]
    groups = model.distinct(found)
    if len(groups) > 1 and whole:
        groups = [g for g in groups if any(source in g for source in whole)]
    if len(groups) != 1:
        return None
    return _merged(groups[0])


def _merged(group: Sequence[Source]) -> Source:
    """One source out of its namings: the fullest title, and what the list says of author and address."""
    full = model.fullest(group)
    listed = [source for source in group if source.listed is not None]
    one = listed[0] if listed else group[0]
    author = one.author or next((source.author for source in group if source.author), None)
    locators = {source.locator for source in listed}
    place = one.locator if len(locators) == 1 else None
    return replace(one, title=full.title, author=author, locator=place, ids=())


def _at_place(state: Pass, source: Source, locator: str | None) -> Source:
    """Of several entries for one work the one with this page."""
    numbers = set(re.findall(r"\d+", locator or ""))
    for other in state.listed:
        same = other.title and source.title and titles.same(other.title, source.title)
        if same and numbers and numbers & set(re.findall(r"\d+", other.locator or "")):
            return replace(source, url=other.url, listed=other.listed)
    return source


def _full(found: Reading, state: Pass) -> Source | None:
    """A citation with a title, with or without author: the known work that it is, or a new one."""
    given = Source(found.author, found.title, found.locator, found.via, found.url, found.year)
    if not found.title:
        return given if found.via or found.author or found.url else None
    known = _known(state, found.author, found.title)
    if known is None:
        return given
    title = max(known.title or "", found.title, key=lambda wording: len(titles.content(wording)))
    author = _fuller(found.author, known.author)
    here = replace(known, title=title, author=author, via=found.via or known.via if found.via else None,
                   year=found.year or known.year)  # fmt: skip
    here = _at_place(state, here, found.locator)
    return replace(here, locator=found.locator or known.locator)


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
    ]
    exact = [source for source in mine if names.all_authors(source.author or "", author)]
    dated_so = [source for source in mine if found.year and source.year == found.year]
    groups = model.distinct(served or dated_so or exact or mine)
    given = Source(author, None, found.locator, found.via, found.url)
    if len(groups) > 1:
        return replace(given, among=tuple(_merged(group) for group in groups))
    if not groups or not (groups[0][0].title or groups[0][0].url):
        return given
    known = _merged(groups[0])
    dated = bool(found.locator) and (
        places.is_date(found.locator or "") or places.is_year(found.locator or "")
    )
    if dated and known.locator != found.locator:
        return given
    by = known.author if served else _fuller(author, known.author)
    here = _at_place(state, replace(known, author=by, via=found.via), found.locator)
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
    last = _last(found, state)
    if last is None:
        return None
    if found.author and last.author and not names.same_author(found.author, last.author) and not last.via:
        return _opcit(found, state)
    title = (
        None if found.author and last.via and not names.same_author(found.author, last.author) else last.title
    )
    return replace(last, author=found.author or last.author, title=title, locator=_place(found.locator))


def _last(found: Reading, state: Pass) -> Source | None:
    """The work cited last without its speaker; its works are open again if another chapter is named."""
    if state.last is None:
        return None
    last = replace(state.last, author=None) if state.last.spoken else state.last
    return replace(last, ids=()) if holding.divisions(found.locator) else last


def _in_title(name: str, source: Source) -> bool:
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
        last = _last(found, state)
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
    return replace(_merged(groups[0]), locator=_place(found.locator))


def _idem(found: Reading, state: Pass) -> Source | None:
    """Another work by the author cited last."""
    if state.last is None or state.last.author is None:
        return None
    return _full(replace(found, author=state.last.author), state)


def _page(found: Reading, state: Pass) -> Source | None:
    """A place alone: of the work cited last, a session of the one of whose sessions was cited last."""
    last, cited = _last(found, state), holding.divisions(found.locator)
    named = model.distinct(state.named)
    if len(named) == 1 and not (last and model.like(last, None, named[0][0].title or "")):
        return replace(named[0][0], locator=found.locator, ids=())
    if last and not cited:
        return None if last.letter else replace(last, locator=found.locator)
    kinds = {kind for kind, _ in cited}
    for source in (*filter(None, [last]), *reversed(state.cited)):
        if kinds & {kind for kind, _ in holding.divisions(source.locator)}:
            return replace(source, locator=found.locator, ids=())
    return None


def _address(found: Reading, state: Pass) -> Source | None:
    return Source(url=found.url)


def _unknown(found: Reading, state: Pass) -> Source | None:
    return None


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


def _outcome(said: Citation, source: Source | None, ids: tuple[str, ...]) -> Citation:
    """The citation with what it names, and the work of the shelf, or those between which it stays open."""
    if source is None:
        return said
    sure = len(ids) == 1 and not source.among
    author = source.author if said.text is not None or source.title else None
    return replace(
        said, author=author, title=source.title, locator=source.locator, via=source.via, url=source.url,
        said_by=said.said_by or author,
        work_id=ids[0] if sure else None,
        outcome="resolved" if sure else "ambiguous" if ids else "not-held",
        candidates=() if sure else ids,
    )  # fmt: skip


def _held(text: str | None, source: Source, works: Shelf, state: Pass) -> Source:
    """The source with the works of the shelf that it means, itself or through the work that quotes it."""
    if source.ids:
        return source
    if source.among and not source.title:
        ids = [i for other in source.among for i in holding.meant(None, other, works).ids]
        return replace(source, ids=tuple(dict.fromkeys(ids)))
    found = holding.meant(reading.tidy(text) if text else None, source, works)
    if not found.ids and source.via:
        one = reading.read(source.via, state.lexicon)
        through = Source(one.author, one.title, one.locator, year=one.year)
        found = holding.meant(reading.tidy(source.via), through, works)
    return replace(source, ids=found.ids, spoken=found.spoken)


def lexicon_of(document: Document, listed: Sequence[Source], works: Shelf) -> Lexicon:
    """The names that the archive, the list of sources and the running text know, and words that are none."""
    said = running.wording(document.text)
    people = (*said.speakers, *(name for source in listed for name in (source.author, source.serves) if name))
    families = {person.family for name in people for person in names.people(name) if person.family}
    titled = frozenset(names.fold(source.title) for source in listed if source.title)
    small = said.small - habits.words("particle")
    return Lexicon(
        frozenset(families - said.small),
        works.families,
        said.subjects - said.small,
        small,
        said.articled,
        titled,
    )

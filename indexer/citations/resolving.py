"""One pass over an essay's citations from left to right: each reading becomes one work, several or none.

The shape is eyecite's (clean, find, resolve): citations are typed, each type has one function (`meaning`)
that answers which work is meant, and an answer counts only if one candidate remains. After a citation
that is not understood "ibid." is not understood either.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from indexer.citations import (
    behind,
    collected,
    habits,
    holding,
    italics,
    lending,
    model,
    names,
    narrative,
    places,
    reading,
    running,
    sources,
    titled,
    titles,
)
from indexer.citations.meaning import RESOLVERS, in_title
from indexer.citations.model import Source
from indexer.citations.names import Lexicon
from indexer.citations.passing import Pass, cite, known_as
from indexer.citations.shelf import Shelf
from indexer.models import Citation, Document, Quotation, Span

# Quotations that begin with as many like words are taken for one and the same.
SAME_WORDS = 6
_PARENTHESIS = re.compile(r"\(((?:[^()\n]|\([^()\n]*\)){3,300})\)")


def begin(document: Document, listed: list[Source], works: Shelf) -> Pass:
    """The state before the first citation: nothing is cited, the list of sources is known."""
    listed = [_unspoken(source, works) for source in listed]
    state = Pass(lexicon_of(document, listed, works), listed)
    for source in listed:
        state.known.add(source)
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


def resolve(document: Document, quotations: Sequence[Quotation], state: Pass, works: Shelf) -> list[Citation]:
    """The citation of each quotation, in order."""
    asides = _asides(document, quotations)
    notes = [entry for entry in sources.listed(document) if entry.note]
    found: list[Citation] = []
    at = passed = 0
    for n, quotation in enumerate(quotations):
        while at < len(asides) and asides[at][0] < quotation.span.start:
            _pass_by(asides[at][1], state)
            at += 1
        passed = _pass_notes(notes, passed, quotation, state)
        found.append(_citation(document, quotations, n, state, works))
    return found


def _pass_notes(notes: Sequence[sources.Listed], at: int, quotation: Quotation, state: Pass) -> int:
    """Take note of what the notes cite before the quotation's own, for "ibid." means the note before it.

    Gives the number of the note up to which they are passed.
    """
    cited = quotation.attribution
    own = bisect_right(notes, cited.start, key=lambda note: note.span.start) - 1 if cited else -1
    if not cited or own < at or notes[own].span.end < cited.end:
        return at
    for note in notes[at:own]:
        found = reading.read(note.text, state.lexicon)
        if sources.cites(note.text, found):
            state.last = RESOLVERS[found.kind](found, state)
            if state.last:
                cite(state.last, state)
    return own


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
        cite(state.last, state)
        state.beside = state.last


def _citation(
    document: Document, quotations: Sequence[Quotation], n: int, state: Pass, works: Shelf
) -> Citation:
    quotation = quotations[n]
    around = running.before(document, quotations, n)
    titled_so = titled.named(document, quotation, around.begin, works)
    around = running.nameless(around, [found.title for found in titled_so])
    voice = _voice(document, around, state)
    opening = " ".join(
        names.fold(document.text[quotation.span.start : quotation.span.end]).split()[:SAME_WORDS]
    )
    mentioned = _mentioned(document, quotation, around, state) or titled.sources(titled_so, voice, works)
    state.named = state.named or [source for source in mentioned if source.ids]
    span, named = _where(document, quotations, n, around, voice, state, works)
    state.noting = span is not None and _in_note(document, span)
    source, said_by = None, voice
    if span:
        for source in mentioned:
            if source.author:
                cite(source, state)
        own = document.text[span.start : span.end]
        source, said_by = _cited(own, named, around, voice, opening, state)
        if state.noting and lending.stranger(document, quotations, n, span, source, voice, state.lexicon):
            span, said_by = None, voice
    if span is None:
        source = _uncited(around, mentioned, voice, state)
    text = document.text[span.start : span.end] if span else None
    if source and text:
        source = collected.opened(document, quotation.span, source, works)
    source = _held(named or text, source, works, state) if source else None
    _remember(source, opening, span is not None, state)
    if source and text:
        source = _told(source, around, voice, state)
    ids = holding.others(source.ids, quotation.essay_id, works) if source else ()
    found = _outcome(Citation(quotation.id, span, text, said_by), source, ids)
    state.voice = found.said_by
    return found


def _where(
    document: Document, quotations: Sequence[Quotation], n: int,
    around: running.Before, voice: str | None, state: Pass, works: Shelf,
) -> tuple[Span | None, str | None]:  # fmt: skip
    """Where the citation of a quotation stands, and as what it is to be read where the sentence has the name:
    "Tarn (1908) says “...” (p. 4)"."""
    quotation = quotations[n]
    after = quotations[n + 1] if n + 1 < len(quotations) else None
    span = quotation.attribution or behind.cited(document, quotation, after, state, works)
    wrote = _wrote(state, works)
    passing = narrative.cited(document, quotation, around.begin, voice, state.lexicon, wrote)
    if passing and (span is None or _within(span, passing)):
        return passing, None
    if passing:
        return span, document.text[passing.start : passing.end]
    return span, narrative.said(document.text[span.start : span.end], voice, wrote) if span else None


def _told(source: Source, around: running.Before, voice: str | None, state: Pass) -> Source:
    """A cited source with what running text and list tell: a speech is the speaker's, what a newspaper
    printed may be a statement that the list has, and what somebody quotes a diary that it has."""
    if source.title and source.author:
        return source
    if voice and running.uttered(source.title or ""):
        return replace(source, author=voice)
    told = None if source.url or source.listed else running.described(around, state.listed)
    if told and source.title:
        return replace(source, url=told.url)
    if told and source.via and names.same_author(told.author, source.author):
        return replace(source, title=told.title, url=told.url)
    return source


def _voice(document: Document, around: running.Before, state: Pass) -> str | None:
    """Who speaks by the running text: somebody whom it names, the essay's writer, or who spoke last."""
    named = running.speaker(around, state.lexicon)
    if named or running.own(around):
        return named or document.work.author
    return state.voice if running.carried(around, state.lexicon) else None


def _mentioned(document: Document, quotation: Quotation, around: running.Before, state: Pass) -> list[Source]:
    """The works that the running text before a quotation names; those that it surely names are kept."""
    italic = italics.named(document, quotation, around.begin, state.lexicon)
    mentioned = italic or running.mentions(around.near, state.lexicon)
    surely = italic or [s for s in mentioned if s.author and len(titles.content(s.title or "")) > 1]
    state.named = running.named(around.near, state.wordings) or surely
    return mentioned


def _remember(source: Source | None, opening: str, cited: bool, state: Pass) -> None:
    state.quoted = source if source and source.title else None
    if source and source.title:
        cite(source, state)
        state.openings.setdefault(opening, source)
    if cited or (source and source.title):
        state.last = source if source and (source.title or source.via or source.author) else None
        state.beside = state.beside if state.noting else state.last


def _in_note(document: Document, span: Span) -> bool:
    """Whether a citation stands in a note."""
    at = bisect_right(document.blocks, span.start, key=lambda block: block.span.start) - 1
    return at >= 0 and document.blocks[at].kind == "note"


def _wrote(state: Pass, works: Shelf) -> narrative.Wrote:
    def wrote(who: str, year: int) -> bool:
        listed = (source for source in state.listed if source.year == year)
        return any(names.same_author(s.author, who) for s in listed) or bool(
            holding.written(who, year, works)
        )

    return wrote


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _cited(
    text: str, named: str | None, around: running.Before, voice: str | None, opening: str, state: Pass
) -> tuple[Source | None, str | None]:
    """The source that a citation names, and who speaks by it. A place alone may be that of what the sentence
    has `named`: "Tarn (1908) says “...” (p. 4)"."""
    found = reading.read(named or text, state.lexicon)
    if named and found.kind == "author" and not narrative.dated(text) and places.is_place(text):
        found = replace(found, locator=text.strip())
    if found.kind == "ibid" and found.author and state.last and in_title(found.author, state.last):
        found = replace(found, author=None)
    source = RESOLVERS[found.kind](found, state)
    led = running.introduced(around, state.lexicon)
    led = None if names.same_author(led, found.author) else led
    said_by = found.said_by or led or found.author or voice
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
        known = known_as(state, named.author, named.title or "")
        if known is None:
            return named
        # A note's page is that of its own quotation.
        place = named.locator or (None if known.noted else known.locator)
        return replace(known, author=named.author or known.author, locator=place, ids=named.ids or known.ids)
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
    source = holding.numbered(source, works)
    if source.ids:
        return source
    found = holding.meant(reading.tidy(text) if text else None, source, works)
    if not found.ids and source.title and not source.author and not source.via:
        found = holding.meant(source.title, source, works)  # as if it were cited without a page
    if not found.ids and source.via:
        one = reading.read(source.via, state.lexicon)
        through = Source(one.author, one.title, one.locator, year=one.year)
        found = holding.meant(reading.tidy(source.via), through, works)
    held = replace(source, ids=found.ids, spoken=found.spoken)
    return _by_year(text, held, works, state) if text else held


def _by_year(text: str, source: Source, works: Shelf, state: Pass) -> Source:
    """The source, or the work of the year where the citation is a name and a year.

    A list of sources that has the author decides, and a title of the archive that only looks so stays.
    """
    found = reading.author_and_year(text, state.lexicon)
    if found is None or found.year is None or (source.ids and not source.author):
        return source
    listed = [one for one in state.listed if names.same_author(one.author, found.author)]
    if listed and not source.author and any(one.year == found.year for one in listed):
        return _held(None, RESOLVERS["author"](found, state) or source, works, state)
    ids = () if listed else holding.written(found.author or "", found.year, works)
    if not ids or ids == source.ids:
        return source
    return Source(found.author, None, found.locator, year=found.year, ids=ids)


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

"""What an essay has cited so far, by which its short forms are understood."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from indexer.citations import model, titles
from indexer.citations.model import Source
from indexer.citations.names import Lexicon

# Two forms of a word of a title begin with as many like letters.
STEM = 3


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
    beside: Source | None = None  # cited last in the running text, whatever notes cite in between
    noting: bool = False  # whether the citation at hand stands in a note
    quoted: Source | None = None  # whence the quotation before this one is
    voice: str | None = None  # who speaks in it
    openings: dict[str, Source] = field(default_factory=dict)
    wordings: list[tuple[str, Source]] = field(default_factory=list)  # the longest first
    named: list[Source] = field(default_factory=list)  # by the running text before the quotation at hand


def cite(source: Source, state: Pass) -> None:
    """Keep a naming of a work for the short forms that follow."""
    source = replace(source, author=None) if source.spoken else source
    if source.title and source not in state.cited:
        state.cited[source] = None
        index(source, state)


def index(source: Source, state: Pass) -> None:
    """Keep a naming of a work by how the words of its title begin."""
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


def known_as(state: Pass, author: str | None, title: str) -> Source | None:
    """The one work known so far with this author and this title or short form of it, in its fullest form."""
    found = [source for source in _like(title, state) if model.like(source, author, title)]
    whole = [source for source in found if titles.same(source.title or "", title)]
    groups = model.distinct(found)
    if len(groups) > 1 and whole:
        groups = [g for g in groups if any(source in g for source in whole)]
    if len(groups) != 1:
        return None
    return merged(groups[0])


def merged(group: Sequence[Source]) -> Source:
    """One source out of its namings: the fullest title, and what the list says of author and address."""
    full = model.fullest(group)
    listed = [source for source in group if source.listed is not None]
    one = listed[0] if listed else group[0]
    author = one.author or next((source.author for source in group if source.author), None)
    locators = {source.locator for source in listed}
    place = one.locator if len(locators) == 1 else None
    return replace(one, title=full.title, author=author, locator=place, ids=())

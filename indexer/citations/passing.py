"""What an essay has cited so far, by which its short forms are understood."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from indexer.citations import model, titles
from indexer.citations.model import Source
from indexer.citations.names import Lexicon

# Two forms of a word of a title begin with as many like letters.
STEM = 3


class Namings:
    """Namings of works, each once, by how the words of their titles begin."""

    def __init__(self) -> None:
        self._by: defaultdict[tuple[str, ...], dict[Source, None]] = defaultdict(dict)

    def add(self, source: Source) -> None:
        """Keep one, if it has a title."""
        if stems := _stems(source.title):
            lone = [("alone", stems[0])] if len(stems) == 1 else []
            for key in (("first", stems[0]), _begin(stems), ("end", stems[-1]), *lone):
                self._by[key][source] = None

    def like(self, title: str | None) -> list[Source]:
        """Those whose title can be a form of this one: they begin alike or end alike."""
        if not (stems := _stems(title)):
            return []
        keys = [("first", stems[0])] if len(stems) == 1 else [_begin(stems), ("alone", stems[0])]
        return list(dict.fromkeys(s for key in (*keys, ("end", stems[-1])) for s in self._by.get(key, ())))


def _stems(title: str | None) -> list[str]:
    return [word[:STEM] for word in titles.content(title or "")]


def _begin(stems: Sequence[str]) -> tuple[str, ...]:
    return "begin", stems[0], *(stem[0] for stem in stems[1:2])


@dataclass(slots=True)
class Pass:
    """What is known at one place of the essay: its list of sources, what it cited so far, what it cited last.

    `cited` and `known` hold each naming of a work once, `known` those of the list too.
    """

    lexicon: Lexicon
    listed: list[Source]
    cited: dict[Source, None] = field(default_factory=dict)
    known: Namings = field(default_factory=Namings)
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
        state.known.add(source)


def known_as(state: Pass, author: str | None, title: str, but: str | None = None) -> Source | None:
    """The one work known so far with this author and this title or short form of it, in its fullest form.

    What is known by the wording `but` does not count.
    """
    found = [s for s in state.known.like(title) if s.title != but and model.like(s, author, title)]
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

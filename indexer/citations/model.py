"""What an essay itself says of a work: the record that citations, entries and mentions all become."""

from collections.abc import Iterable
from dataclasses import dataclass

from indexer.citations import names, titles


@dataclass(frozen=True, slots=True)
class Source:
    """A work as the essay names it in a citation, in its list of sources or in running text.

    `listed` is the number of the list's entry, None elsewhere. `serves` is the person whose words
    the list says that it holds ("The N. quote is from ..."). `letter` marks writing from one to another,
    `noted` a work that only a note names.
    `spoken` says that the author only speaks in a record of many voices; `ids` are the works of the
    archive that it was found to mean.
    `headed` says that the title is only the heading which the list gives to the entry.
    `among` are the works between which a name alone leaves it open.
    """

    author: str | None = None
    title: str | None = None
    locator: str | None = None
    via: str | None = None
    url: str | None = None
    year: int | None = None
    listed: int | None = None
    serves: str | None = None
    letter: bool = False
    noted: bool = False
    among: tuple["Source", ...] = ()
    spoken: bool = False
    headed: bool = False
    ids: tuple[str, ...] = ()


def like(source: Source, author: str | None, title: str) -> bool:
    """Whether the source can be the work with this author and this title or short form of it."""
    if not source.title:
        return False
    if title.rstrip().endswith(("…", "...")):
        return names.fold(source.title).startswith(names.fold(title))
    if author and source.author:
        return names.same_author(source.author, author) and titles.short_of(source.title, title)
    return titles.same(source.title, title) or (
        titles.short_of(source.title, title) and min(map(len, map(titles.content, (source.title, title)))) > 1
    )


def distinct(sources: Iterable[Source]) -> list[list[Source]]:
    """The sources gathered by work: those of one group have one title, in its long and short forms."""
    groups: list[list[Source]] = []
    for source in sources:
        group = next((g for g in groups if _one(g[0], source)), None)
        if group is None:
            groups.append([source])
        else:
            group.append(source)
    return groups


def _one(one: Source, other: Source) -> bool:
    if not one.title or not other.title:
        return one.title == other.title and one.url == other.url
    return titles.short_of(one.title, other.title)


def fullest(group: Iterable[Source]) -> Source:
    """The source of the group with the longest title."""
    return max(group, key=lambda source: len(source.title or ""))

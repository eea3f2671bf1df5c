"""Which authors' lines surely name one person: "J.P. Tarn", "Tarn", "Josiah Tarn".

Those of one family name whose given names and initials are not at odds. A line that fits two people who are
at odds with each other ("Vale" beside "M. N. Vale" and "Evelyn Vale") stays by itself, as do lines of several
people and of bodies.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.fulltext.records import Count, Filters
from indexer.names import common_spelling, given_name, latin, no_person, without_titles

_YEARS = re.compile(r"[\s,]*\(?\b\d{4}(?:\s*[-–—]\s*(?:\d{4})?)?\)?\s*$")  # behind a name
_SEVERAL = re.compile(r"[,;&+/]|\b(?:and|und|et|и)\b", re.IGNORECASE)
_INITIALS = re.compile(r"[^\W\d_]\.|[A-Z]{2,3}(?=\s)")
_LETTERS = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")


@dataclass(frozen=True, slots=True)
class _Person:
    line: str
    family: str
    given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Authors:
    """The authors of an index: the `lines` by the name of the person, and of each line the `name`."""

    lines: Mapping[str, tuple[str, ...]]
    name: Mapping[str, str]

    def of(self, author: str) -> tuple[str, ...]:
        """The lines that name the person whom a name or a line means; only itself, if it is neither."""
        return self.lines.get(author) or self.lines.get(self.name.get(author, ""), (author,))


def authors(lines: Iterable[str]) -> Authors:
    """Who is who among the authors' lines of an index."""
    found = same_authors(lines)
    return Authors(found, {line: name for name, own in found.items() for line in own})


def of_people(filters: Filters, known: Authors) -> Filters:
    """The filters with all lines of each author in place of one."""
    kept = (line for author in filters.author for line in known.of(author))
    without = (
        (facet, line)
        for facet, value in filters.without
        for line in (known.of(value) if facet == "author" else (value,))
    )
    return replace(filters, author=tuple(kept), without=tuple(without))


def by_person(facets: Mapping[str, tuple[Count, ...]], known: Authors) -> Mapping[str, tuple[Count, ...]]:
    """The counts of facets, those of authors' lines as counts of people, most first."""
    people: Counter[str] = Counter()
    for count in facets["author"]:
        people[known.name[count.value]] += count.passages
    return {**facets, "author": tuple(Count(name, passages) for name, passages in people.most_common())}


def same_authors(lines: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """By its fullest form, without a year behind it, the lines of each person; of others the line itself."""
    found: dict[str, list[str]] = {}
    families: dict[str, list[_Person]] = {}
    for line in sorted(lines):
        person = _person(line)
        if person is None:
            found[line] = [line]
        else:
            families.setdefault(person.family, []).append(person)
    for family in families.values():
        for people in _told_apart(family):
            best = max(people, key=_fullness)
            name = _YEARS.sub("", best.line) or best.line
            found.setdefault(name, []).extend(person.line for person in people)
    return {name: tuple(lines) for name, lines in found.items()}


def _told_apart(family: Sequence[_Person]) -> Iterator[list[_Person]]:
    """The people of a family name, each with all lines that can be of this one alone."""
    fitting = {one: [other for other in family if _agree(one, other)] for one in family}
    sure = [one for one in family if all(_agree(a, b) for a in fitting[one] for b in fitting[one])]
    yield from ([one] for one in family if one not in sure)
    while sure:
        people = [one for one in fitting[sure[0]] if one in sure]
        sure = [one for one in sure if one not in people]
        yield people


def _agree(one: _Person, other: _Person) -> bool:
    """Whether given names are not at odds: each is the other's, or its first letter."""
    return all(
        a == b or (min(len(a), len(b)) == 1 and a[0] == b[0])
        for a, b in zip(one.given, other.given, strict=False)
    )


def _fullness(person: _Person) -> tuple[int, int, int, bool]:
    names = sum(len(name) > 1 for name in person.given)
    return names, len(person.given), len(person.line), not person.line.isascii()


def _person(line: str) -> _Person | None:
    """The one person whom a line names; None where it names several, or a body."""
    name = without_titles(_YEARS.sub("", line))
    if not name or _SEVERAL.search(name) or any(no_person(word.casefold()) for word in name.split()):
        return None
    apart = _INITIALS.sub(lambda found: " ".join(found[0]) + " ", name)
    *given, family = _LETTERS.findall(apart) or [""]
    if len(latin(family.casefold())) < 2:
        return None
    family = latin(family.casefold())
    return _Person(line, common_spelling(family) or family, tuple(given_name(g.casefold()) for g in given))

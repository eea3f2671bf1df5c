"""The works that can be cited, in the form in which one is found by address or by author and title."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

from rapidfuzz import fuzz

from indexer.citations import addresses, habits, names, places, titles
from indexer.models import Work

# Of the words of a cited title this many of the rarest bring up the works to compare it with.
RAREST_WORDS = 3
# A word in more titles than this brings up nothing.
COMMON_WORD = 400
# A misspelt title means the likest of the shelf's if no other is as like by as much, of 100.
MARGIN = 4

# Letters of a title, with what is beside it, that a citation gives whole; a note may be pages long.
LONGEST_WORDING = 400

_CLOSING = re.compile(r"\s*\([^()]*\)\s*$")


@cache
def _signed() -> re.Pattern[str]:
    return re.compile(rf"[\s,.]+{habits.either('from')}\s+([^,;:()\d]+)$", re.I)


@dataclass(frozen=True, slots=True)
class Shelf:
    """All works, held or not, indexed once. Values are ids, in the order of the works."""

    works: Mapping[str, Work]
    by_address: Mapping[str, tuple[str, ...]]
    by_path: Mapping[str, tuple[str, ...]]
    by_title: Mapping[str, tuple[str, ...]]
    by_word: Mapping[str, tuple[str, ...]]
    titles: Mapping[str, tuple[str, ...]]
    families: Mapping[str, bool]
    chapters: Mapping[str, tuple[str, ...]]
    collected: Mapping[str, tuple[str, ...]]
    dated: Mapping[str, tuple[str, ...]]  # the sources by one person, by family name and year

    @property
    def letters(self) -> tuple[str, ...]:
        """The collections of letters."""
        return self.collected.get("letters", ())


class _Overheard(Mapping[str, Any]):
    """A table of a shelf that notes down what it is asked for, found or not."""

    def __init__(self, name: str, table: Mapping[str, Any], asked: set[str]) -> None:
        self._name, self._table, self._asked = name, table, asked

    def __getitem__(self, key: str) -> Any:
        self._asked.add(f"{self._name}:{key}")
        return self._table[key]

    def __iter__(self) -> Iterator[str]:
        raise TypeError(
            "A shelf is asked for one thing at a time, so that it is known what an answer hangs on."
        )

    def __len__(self) -> int:
        return len(self._table)


def overheard(shelf: Shelf) -> tuple[Shelf, set[str]]:
    """The same shelf, and the set in which it notes down what it is asked for from now on.

    What is found by a shelf can be another only if one of these questions has another answer: `otherwise`
    says which have (a verifying trace, as in Mokhov et al., Build systems à la carte, 2018).
    """
    asked: set[str] = set()
    tables = {f.name: _Overheard(f.name, getattr(shelf, f.name), asked) for f in fields(Shelf)}
    return replace(shelf, **tables), asked


def otherwise(one: Shelf, other: Shelf, asked: Collection[str]) -> bool:
    """Whether one of these questions has another answer from the other shelf."""
    for name, key in (question.split(":", 1) for question in asked):
        if getattr(one, name).get(key) != getattr(other, name).get(key):
            return True
    return False


def shelve(works: Iterable[Work]) -> Shelf:
    """The shelf of these works, in whatever order they come; made once, asked for every citation."""
    listed = {work.id: work for work in sorted(works, key=lambda w: w.id)}
    tables: tuple[defaultdict[str, list[str]], ...] = tuple(defaultdict(list) for _ in range(4))
    by_address, by_path, by_title, by_word = tables
    wordings = {work.id: _wordings(work) for work in listed.values()}
    families: set[str] = set()
    for work in listed.values():
        at = {addresses.canonical(url) for url in (work.url, *work.also) if url}
        for address in at:
            by_address[address].append(work.id)
        for path in {addresses.mirrored(address) or "" for address in at}:
            by_path[path].append(work.id)
        for wording in wordings[work.id]:
            by_title[wording].append(work.id)
        for word in {word for wording in wordings[work.id] for word in wording.split()}:
            by_word[word].append(work.id)
        families |= {person.family for person in names.people(work.author or "") if len(person.family) > 1}
    by_path.pop("", None)
    shut = [{key: tuple(ids) for key, ids in table.items()} for table in tables]
    chapters = defaultdict(list)
    for work in listed.values():
        chapters[work.parent or ""].append(work.id)
    dated = defaultdict(list)
    for work in listed.values():
        by = names.people(work.author or "")
        if work.kind == "source" and work.year and len(by) == 1:
            dated[f"{by[0].family} {work.year}"].append(work.id)
    collected = tuple(work.id for work in listed.values() if titles.collects_letters(work.title, work.author))
    return Shelf(
        listed, shut[0], shut[1], shut[2], shut[3], wordings, dict.fromkeys(families, True),
        {whole: tuple(ids) for whole, ids in chapters.items() if whole}, {"letters": collected},
        {key: tuple(ids) for key, ids in dated.items()},
    )  # fmt: skip


def _wordings(work: Work) -> tuple[str, ...]:
    """The keys of all wordings of a work's titles."""
    found = (key for title in (work.title, *work.aliases) for key in _variants(title, work.author))
    return tuple(key for key in dict.fromkeys(found) if key)


def _variants(title: str, author: str | None) -> list[str]:
    """The keys of a title: whole, without a closing parenthesis, without the author before a colon."""
    found: list[str] = []
    for wording in (title, _CLOSING.sub("", title)):
        found.append(titles.key(wording))
        signed = _signed().search(wording)
        if signed and names.same_author(signed.group(1), author):
            found.append(titles.key(wording[: signed.start()]))
        head, colon, rest = wording.partition(":")
        if colon and len(rest.split()) and _names_author(head, author):
            found.append(titles.key(rest))
    return list(dict.fromkeys(found))


def _names_author(head: str, author: str | None) -> bool:
    if len(head.split()) > names.LONGEST_NAME:
        return False
    return names.shaped(head.rstrip()) or bool(
        set(names.fold(head).split()) & set(names.fold(author or "").split())
    )


def at_address(shelf: Shelf, url: str | None) -> tuple[str, ...]:
    """The works at this address, or at the same path of a mirror if there is one alone."""
    if not url:
        return ()
    address = addresses.canonical(url)
    if address in shelf.by_address:
        return one_work(shelf, shelf.by_address[address])
    mirrored = shelf.by_path.get(addresses.mirrored(address) or "", ())
    return mirrored if len(mirrored) == 1 else ()


def named(shelf: Shelf, author: str | None, title: str | None, year: int | None = None) -> tuple[str, ...]:
    """The works that author and title can mean: none, one, or those between which it stays open."""
    if not title:
        return ()
    found: tuple[str, ...] = ()
    for key in _variants(title, author):
        found = found or _by_author(shelf, shelf.by_title.get(key, ()), author)
    if not found:
        found = _by_likeness(shelf, author, title)
    if len(found) > 1 and year:
        found = tuple(i for i in found if shelf.works[i].year == year) or found
    return one_work(shelf, found)


def worded(shelf: Shelf, text: str) -> tuple[str, ...]:
    """The works that a citation's whole wording names: "Author, Author: Title (1932)", place and all.

    Each comma may end the author's line, so titles with commas and colons in them are found whole.
    """
    ends = [match.start() for match in re.finditer(r",\s", text)]
    heads = [*((text[:at], at + 1) for at in ends), (None, 0)]
    for tail in [len(text), *(at for at in reversed(ends) if places.is_place(text[at + 1 :].split(",")[0]))]:
        for author, start in heads:
            found = _worded(shelf, author, text[start:tail]) if 0 < tail - start <= LONGEST_WORDING else ()
            if found:
                return one_work(shelf, found)
    return ()


def _worded(shelf: Shelf, author: str | None, title: str) -> tuple[str, ...]:
    """The works with exactly this title; without an author a single word must be the whole of theirs."""
    for key in _variants(title, author):
        found = shelf.by_title.get(key, ())
        if author is not None:
            found = _by_author(shelf, found, author)
        elif " " not in key:
            whole = names.fold(title)
            found = tuple(
                i for i in found if whole in map(names.fold, (shelf.works[i].title, *shelf.works[i].aliases))
            )
        if found:
            return found
    return ()


def _by_author(shelf: Shelf, ids: Iterable[str], author: str | None) -> tuple[str, ...]:
    """Those works that can be by this author: all of them if the citation names none."""
    listed = tuple(dict.fromkeys(ids))
    return listed if author is None else tuple(i for i in listed if _can_be_by(shelf, shelf.works[i], author))


def _can_be_by(shelf: Shelf, work: Work, author: str) -> bool:
    if names.same_author(work.author, author):
        return True
    told = {word for wording in shelf.titles[work.id] for word in wording.split()}
    return any(word in told for person in author.split(",") for word in names.fold(person).split()[-1:])


def _by_likeness(shelf: Shelf, author: str | None, title: str) -> tuple[str, ...]:
    """Works by the author whose title is the given one but for slips, the nearest if it stands alone."""
    words = titles.content(title)
    if author is None or len(words) < titles.FEW_WORDS - 1:
        return ()
    rare = sorted((w for w in words if w in shelf.by_word), key=lambda word: len(shelf.by_word[word]))
    ids = {
        i
        for word in rare[:RAREST_WORDS]
        if len(shelf.by_word[word]) < COMMON_WORD
        for i in shelf.by_word[word]
    }
    key = " ".join(words)
    near = sorted(
        (-fuzz.ratio(key, wording), i)
        for i in _by_author(shelf, ids, author)
        for wording in shelf.titles[i]
        if titles.same(key, wording)
    )
    return tuple(sorted({i for distance, i in near if distance < near[0][0] + MARGIN}))


def one_work(shelf: Shelf, ids: Iterable[str]) -> tuple[str, ...]:
    """The ids, or the table of contents alone when they are it and its chapters, or all chapters of one."""
    listed = tuple(dict.fromkeys(ids))
    if len(listed) < 2:
        return listed
    whole = tuple(i for i in listed if shelf.works[i].parent not in listed)
    parents = {shelf.works[i].parent for i in whole}
    parent = next(iter(parents))
    if len(whole) > 1 and len(parents) == 1 and parent in shelf.works:
        return (parent,) if parent else whole
    return whole

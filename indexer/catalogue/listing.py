"""What a `catalogue.toml` says of its works; a mistake in it is named with its line."""

import tomllib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from indexer.catalogue.naming import is_address
from indexer.catalogue.records import read
from indexer.errors import CatalogueError
from indexer.models import Work

CATALOGUE = "catalogue.toml"


TEXT = frozenset(
    {
        *("id", "kind", "title", "author", "date", "url", "file"),
        *("parent", "edition_of", "edition", "language", "licence", "note"),
    }
)


LISTS = frozenset({"also", "aliases", "cited_by"})


NUMBERS = frozenset({"year", "edition_year"})
# What a catalogue says of the collection itself.
_HEAD = ("title", "description", "licence")
# No work was written later; a larger number is a slip of the keyboard.
LATEST_YEAR = 2999


def listed(folder: Path) -> tuple[dict[str, Any], list[Work]]:
    """What the catalogue of a folder says of the collection, and its works. Raises CatalogueError."""
    path = folder / CATALOGUE
    if not path.exists():
        return {}, []
    text = read(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path}: {error}. Mend the line and run the command again.") from None
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip() == "[[work]]"]
    tables = data.pop("work", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise CatalogueError(f"{path}: works are listed as [[work]], with two brackets.")
    if wrong := next((n for n in _HEAD if not isinstance(data.get(n, ""), str)), None):
        raise CatalogueError(f"{path}: “{wrong}” must be text in quotation marks.")
    places = (
        [f"{path}: line {line}" for line in lines] if len(lines) == len(tables) else [str(path)] * len(tables)
    )
    works = [_work(folder, table, place) for table, place in zip(tables, places, strict=True)]
    _refuse_twins(works, places)
    return data, works


def _refuse_twins(works: Sequence[Work], places: Sequence[str]) -> None:
    seen: set[str] = set()
    for work, place in zip(works, places, strict=True):
        if work.id in seen:
            raise CatalogueError(
                f"{place}: there are two works with the id “{work.id}”. Give one another id."
            )
        seen.add(work.id)


def _work(folder: Path, table: dict[str, Any], place: str) -> Work:
    known = checked(table, place)
    if (file := known.get("file")) is not None:
        inside = PurePosixPath(file)
        if inside.is_absolute() or ".." in inside.parts:
            raise CatalogueError(
                f"{place}: file “{file}” leads out of its collection. Give a path inside it."
            )
        known["file"] = f"{folder.name}/{file}"
    return Work(collection=folder.name, **{"title": ""} | known)


def checked(table: dict[str, Any], place: str) -> dict[str, Any]:
    """The fields of a work, lists as tuples. Raises CatalogueError for what is missing or mistyped.

    Only a work whose text is not held needs a title: else its text gives one.
    """
    for name in ("id", "kind") if table.get("file") else ("id", "kind", "title"):
        if not table.get(name):
            raise CatalogueError(f"{place}: a work needs “{name}”.")
    known: dict[str, Any] = {}
    for name, value in table.items():
        if name not in TEXT | NUMBERS | LISTS:
            raise CatalogueError(f"{place}: “{name}” is not a field of a work. Known are: {_known()}.")
        if name in LISTS:
            right = isinstance(value, list) and all(isinstance(v, str) for v in value)
        else:
            right = isinstance(value, str if name in TEXT else int) and not isinstance(value, bool)
        if not right:
            wanted = "text in quotation marks" if name in TEXT else "a whole number"
            raise CatalogueError(
                f"{place}: “{name}” must be {'a list of texts' if name in LISTS else wanted}."
            )
        known[name] = tuple(value) if name in LISTS else value
    if wrong := next((n for n in sorted(NUMBERS) if not 0 < known.get(n, 1) <= LATEST_YEAR), None):
        raise CatalogueError(f"{place}: “{wrong}” is a number from 1 to {LATEST_YEAR}, not {known[wrong]}.")
    if known["kind"] not in ("essay", "source"):
        raise CatalogueError(f"{place}: kind is “essay” or “source”, not “{known['kind']}”.")
    for url in (known.get("url"), *known.get("also", ())):
        if url is not None and not is_address(url):
            raise CatalogueError(f"{place}: “{url}” is not an address (http://… or https://…).")
    return known


def _known() -> str:
    return ", ".join(sorted(TEXT | LISTS | NUMBERS))

"""`raw/names.toml`: the names of this archive that are spelt in several ways."""

import tomllib
from pathlib import Path

from indexer.catalogue.records import read
from indexer.errors import CatalogueError

NAMES = "names.toml"
_SHAPE = f'{NAMES} has one list, of lists of names that are one: same = [["Tarn", "Tarne"]]'


def spellings(raw: Path) -> list[list[str]]:
    """Groups of names that are one, each in one word; [] without the file. Raises CatalogueError."""
    path = raw / NAMES
    if not path.is_file():
        return []
    try:
        table = tomllib.loads(read(path))
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path}: {error}. Mend or delete it.") from None
    groups = table.get("same", [])
    if set(table) - {"same"} or not isinstance(groups, list):
        raise CatalogueError(f"{path}: {_SHAPE}.")
    for group in groups:
        if not isinstance(group, list) or len(group) < 2 or not all(map(_is_word, group)):
            raise CatalogueError(
                f"{path}: {group!r} is no group of two names or more, each one word. {_SHAPE}."
            )
    return groups


def _is_word(name: object) -> bool:
    return isinstance(name, str) and name.isalpha()

"""The habits of citing: words and spellings that depend on a language, read from a data file."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(files("indexer").joinpath("data/citations.toml").read_text(encoding="utf8"))


@cache
def words(habit: str) -> frozenset[str]:
    """The words of a habit in all languages, lower case, without the closing full stop."""
    return frozenset(word for language in _tables()[habit].values() for word in language)


@cache
def either(*habits: str) -> str:
    """A pattern for any word of these habits, the longest first; spaces and full stops may vary."""
    listed = sorted({word for habit in habits for word in words(habit)}, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(map(_pattern, listed)) + ")"


def _pattern(word: str) -> str:
    escaped = re.escape(word).replace(r"\.", r"\.?").replace(r"\ ", r"\s*")
    spaced = re.sub(r"(?<=\w)\\s\*", r"\\s+", escaped).replace("'", "['’]")
    return rf"(?<!\w){spaced}(?:\.|(?![^\W\d_]))" if word[-1].isalnum() else rf"(?<!\w){spaced}"

"""The word lists of the extraction, read once from `indexer/data/extract.toml`."""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def lists() -> dict[str, Any]:
    """All lists, by section."""
    text = resources.files("indexer").joinpath("data", "extract.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def pattern(section: str, key: str) -> re.Pattern[str]:
    """A list or a pattern of the data file as one compiled pattern, blind to case.

    A list becomes alternatives that have to match a whole text, so use `fullmatch`.
    """
    value = lists()[section][key]
    source = value if isinstance(value, str) else "|".join(f"(?:{item})" for item in value)
    return re.compile(source, re.IGNORECASE)


@cache
def elements(key: str) -> frozenset[str]:
    """A set of names of HTML elements."""
    return frozenset(lists()["elements"][key])

"""What readers are used to from elsewhere: other names of fields, other words for their values."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

from rapidfuzz import process

from indexer.fulltext.tokens import FIELDS

LIKE = 75  # likeness, of 100, from which a name is taken for a slip of another


def field_meant(name: str) -> str | None:
    """The field that a reader means by a name that is none: by another word for it, or a slip."""
    fields: Mapping[str, str] = _tables()["fields"]
    near = process.extractOne(name.casefold(), FIELDS, score_cutoff=LIKE)
    return fields.get(name.casefold()) or (near[0] if near else None)


def value_meant(field: str, word: str) -> str:
    """The value of a field that another word for it means; the word itself if it is no such word."""
    values: Mapping[str, str] = _tables()["values"].get(field, {})
    return values.get(word, word)


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Any]:
    return tomllib.loads((resources.files("indexer") / "data" / "search.toml").read_text(encoding="utf-8"))

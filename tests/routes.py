"""Every route of the application, read from its map, with an address on the archive made for tests."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from web.guard import READING

ROOT = Path(__file__).resolve().parents[1]
# What stands in the place of a variable part of an address: of one that is chosen from a list the first of
# the list, of any other an id that nobody has.
PARTS = {"work_id": "report", "quotation_id": "essay-001", "filename": "style.css"}
NOBODY = "00000000-0000-0000-0000-000000000000"
_READ = re.compile(r"""\b(?:args|form|values|sent)(?:\.get|\.getlist)?[(\[]\s*["'](\w+)["']""")


@dataclass(frozen=True, slots=True)
class Route:
    """An address of a rule, filled in, and the methods that it takes besides OPTIONS and HEAD."""

    rule: Rule
    address: str
    methods: frozenset[str]

    @property
    def writes(self) -> bool:
        return bool(self.methods - set(READING))


def routes(app: Flask, **parts: str) -> Iterator[Route]:
    """All routes; `parts` take the place of usual ones."""
    for rule in app.url_map.iter_rules():
        filled = {name: parts.get(name) or _usual(rule, name) for name in rule.arguments}
        with app.test_request_context():
            adapter = app.url_map.bind("localhost")
            address = adapter.build(rule.endpoint, filled, method=next(iter(rule.methods or {"GET"})))
        yield Route(rule, address, frozenset(rule.methods or ()) - {"HEAD", "OPTIONS"})


def chosen(rule: Rule, name: str) -> tuple[str, ...]:
    """The values of a variable part that is chosen from a list; none of one that is free."""
    return tuple(sorted(getattr(rule._converters[name], "items", ())))


def _usual(rule: Rule, name: str) -> str:
    return PARTS.get(name) or next(iter(chosen(rule, name)), NOBODY)


def parameters() -> list[str]:
    """The names of all parameters that any page reads, found in the code."""
    found = set()
    for path in ROOT.glob("web/**/*.py"):
        found.update(_READ.findall(path.read_text(encoding="utf8")))
    return sorted(found)


def digests(folder: Path) -> dict[str, str]:
    """What every file below a folder holds: to say that nothing was written."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}

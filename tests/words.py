"""Gathers the sentences of all pages into web/locale/loccit.pot, the catalogue that translations begin with.

The same code gives the same bytes: files in the order of their names, no lines, no dates.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import write_po

from indexer.verdict import RULES, WARNINGS

ROOT = Path(__file__).resolve().parents[1]
POT = ROOT / "web" / "locale" / "loccit.pot"
KEYWORDS = {"_": None, "N_": None, "_n": (1, 2), "gettext": None, "ngettext": (1, 2)}
TEMPLATES = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
DATED = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By")
"""Lines of the head that another day, or another version of Babel, would write otherwise."""


def catalogue() -> str:
    """The catalogue of the code as it is now."""
    catalog = Catalog(project="Loccit", version="0", charset="utf-8")
    catalog.header_comment = "# The sentences of Loccit's pages, gathered by `make words`."
    for message, place in sentences():
        catalog.add(message, locations=[(place, 0)], context=None)
    out = BytesIO()
    write_po(out, catalog, width=110, include_lineno=False)
    lines = out.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(tuple(f'"{name}' for name in DATED)))


def sentences() -> Iterator[tuple[str | tuple[str, ...], str]]:
    """Every sentence with its file; one that follows a number as (for one, for more)."""
    for path in sorted([*ROOT.glob("web/**/*.py"), *ROOT.glob("web/templates/*.*")]):
        template = path.suffix != ".py"
        method, options = ("jinja2", TEMPLATES) if template else ("python", {})
        found = extract_from_file(method, path, KEYWORDS, options=options)
        yield from ((message, path.relative_to(ROOT).as_posix()) for _, message, _, _ in found)
    for rule in [*RULES.values(), *WARNINGS.values()]:
        yield rule, "indexer/verdict/__init__.py"


if __name__ == "__main__":
    POT.parent.mkdir(exist_ok=True)
    POT.write_text(catalogue(), encoding="utf8")

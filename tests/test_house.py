"""The rules of the house, held with `ast`: who may import whom, one door a library, sizes of functions."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# What every repository has, and the pinned versions.
UNDRAWN = {".gitignore", "LICENSE", "requirements.lock", "requirements-dev.lock"}
# Lines of a function beyond which it no longer fits in one look (docs/design.md).
LONGEST_FUNCTION = 50

# A room's level: it may import rooms of a lower level, and itself, but none on its own level.
STAGES = ["extract", "segment", "contents", "quotations", "citations", "align", "verdict", "compare"]
LEVELS = {
    "errors": 0,
    "models": 0,
    "spans": 1,
    "normalise": 1,
    "names": 1,
    "numbers": 1,
    "settings": 1,
    "workers": 1,
    "likeness": 2,
}
LEVELS |= dict.fromkeys(STAGES, 3)
LEVELS |= {"catalogue": 3, "fetch": 4, "store": 4, "fulltext": 4, "build": 5, "unpack": 5, "doctor": 6}
FOR_WEB = {"models", "errors", "normalise", "names", "store", "fulltext"} | {
    "align",
    "verdict",
    "compare",
    "build",
}
FROM_BUILD = {"check", "reconsider", "read_edition"}
PURE = {
    "spans",
    "normalise",
    "names",
    "numbers",
    "likeness",
    "segment",
    "contents",
    "quotations",
    "citations",
    "align",
    "verdict",
    "compare",
}
# Each library has one door.
DOORS = {
    "whoosh": {"indexer.fulltext.engines.whoosh", "indexer.fulltext.words"},
    "tantivy": {"indexer.fulltext.engines.tantivy"},
    "sqlite3": {"indexer.store", "web.reader"},
    "argon2": {"web.reader"},
    "bs4": {"indexer.extract"},
    "lxml": {"indexer.extract"},
    "flask": {"web"},
    "waitress": {"web.server"},
    "click": {"loccit"},
    "tomlkit": {"indexer.catalogue", "indexer.settings"},
    "pypdf": {"indexer.extract"},
    "markdown_it": {"indexer.extract.markdown", "web.bookmarks.notes"},
    "nh3": {"web.bookmarks.notes"},
    "zipfile": {"indexer.extract", "indexer.unpack"},
    "protego": {"indexer.fetch"},
    "warcio": {"indexer.fetch", "indexer.unpack"},
    "urllib3": {"indexer.fetch"},
    "socket": {"indexer.fetch"},
    "urllib.request": {"indexer.fetch"},
    "http.client": {"indexer.fetch"},
}
FORBIDDEN_IN_PURE = {"os", "time", "datetime", "random", "sqlite3", "logging", "subprocess", "threading"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in [*ROOT.glob("indexer/**/*.py"), *ROOT.glob("web/**/*.py"), *ROOT.glob("loccit/*.py")]:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        yield name, ast.parse(path.read_text(encoding="utf8"))


MODULES = dict(modules())


def imports(name: str, tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What the module `name` imports: full names of modules, each with its node."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = (ROOT / name.replace(".", "/")).is_dir()
            parts = name.split(".")[: None if node.level <= package else package - node.level]
            module = ".".join([*(parts if node.level else []), *([node.module] if node.module else [])])
            # `from indexer import store` means the room, `from indexer.models import Work` a name in it.
            if module in ("indexer", "web"):
                yield from ((f"{module}.{alias.name}", node) for alias in node.names)
            else:
                yield module, node


def room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


@pytest.mark.parametrize("name", [n for n in MODULES if n.startswith("indexer.")])
def test_rooms_import_only_rooms_below(name: str) -> None:
    assert room(name) in LEVELS, f"{name}: give the new room its level in this test and in docs/design.md"
    for target, _ in imports(name, MODULES[name]):
        assert not re.match(r"web\b|flask\b|loccit\b", target), f"{name} imports {target}"
        if target.startswith("indexer.") and room(target) != room(name):
            assert LEVELS[room(target)] < LEVELS[room(name)], f"{name} imports {target}"


@pytest.mark.parametrize("name", [n for n in MODULES if n.startswith("web")])
def test_the_pages_import_only_what_they_may(name: str) -> None:
    for target, node in imports(name, MODULES[name]):
        assert not target.startswith("loccit"), f"{name} imports {target}"
        if target.startswith("indexer."):
            assert room(target) in FOR_WEB, f"{name} imports {target}"
        if target.startswith("indexer.build") and isinstance(node, ast.ImportFrom):
            named = {alias.name for alias in node.names}
            assert named <= {"build", *FROM_BUILD}, f"{name}: of build only {FROM_BUILD}"


@pytest.mark.parametrize("library", sorted(DOORS))
def test_one_door_a_library(library: str) -> None:
    for name, tree in MODULES.items():
        for target, _ in imports(name, tree):
            if target == library or target.startswith(library + "."):
                assert any(name == door or name.startswith(door + ".") for door in DOORS[library]), (
                    f"{name} imports {target}; its door is {DOORS[library]}"
                )


@pytest.mark.parametrize("name", [n for n in MODULES if room(n) in PURE and n.startswith("indexer")])
def test_stages_do_no_io(name: str) -> None:
    for target, _ in imports(name, MODULES[name]):
        assert target.split(".")[0] not in FORBIDDEN_IN_PURE, f"{name} imports {target}"
    calls = {
        n.func.id for n in ast.walk(MODULES[name]) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    }
    assert not calls & {"open", "print", "input", "exec", "eval"}


@pytest.mark.parametrize("name", sorted(MODULES))
def test_functions_fit_in_one_look(name: str) -> None:
    for node in ast.walk(MODULES[name]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= LONGEST_FUNCTION, f"{name}.{node.name} has {lines} lines"


@pytest.mark.parametrize("name", [n for n in MODULES if not n.startswith("loccit")])
def test_no_import_inside_a_function(name: str) -> None:
    for node in ast.walk(MODULES[name]):
        if isinstance(node, ast.FunctionDef) and node.name != "create_app":
            assert not list(imports(name, node)), f"{name}.{node.name} imports inside"


def test_the_command_starts_without_what_is_heavy() -> None:
    """What only some verbs need they import themselves, so that `--help` and `list` answer at once."""
    loaded = "import sys, loccit; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "loccit.asking" in done.stdout.split()
    heavy = {
        "web",
        "flask",
        "bs4",
        "lxml",
        "whoosh",
        "edlib",
        "urllib3",
        "pypdf",
        "warcio",
        "charset_normalizer",
    }
    assert not heavy & set(done.stdout.split())


@pytest.mark.parametrize("name", sorted(MODULES))
def test_public_names_have_docstrings(name: str) -> None:
    tree = MODULES[name]
    assert ast.get_docstring(tree), f"{name} does not say what it is"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{name}.{node.name} has no docstring"


def test_no_room_for_odds_and_ends() -> None:
    names = {part for name in MODULES for part in name.split(".")}
    assert not names & {"utils", "util", "helpers", "common", "misc", "tools"}


def test_the_top_of_the_repository_is_as_the_design_draws_it() -> None:
    """An archive that was made in the checkout to try something was once committed with a change."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("no checkout of git")
    drawn = (ROOT / "docs" / "design.md").read_text("utf-8")
    top = {"".join(line.partition("/")[:2]) for line in listed.stdout.splitlines()}
    assert [name for name in sorted(top) if name not in drawn and name not in UNDRAWN] == []


def test_nothing_runs_on_import() -> None:
    """A module's body holds definitions and constants; calls that do something would be bare expressions."""
    for name, tree in MODULES.items():
        for node in tree.body:
            bare = isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
            assert not bare, f"{name}: line {node.lineno} does something when it is imported"


def test_every_module_is_known_to_python() -> None:
    assert sys.version_info >= (3, 11)
    assert len(MODULES) > 20

"""Which generation of an index is in force, and whether this program can read it."""

from pathlib import Path

from indexer.errors import NoIndex, OtherVersion
from indexer.store import layout
from indexer.store.layout import CURRENT, RECORDS
from indexer.store.reading import Store


def generation(index: Path) -> str:
    """The name of the generation in force. Raises NoIndex when nothing was indexed yet."""
    try:
        return generations(index)[0]
    except IndexError:
        raise NoIndex(f"Nothing is indexed in {index.parent} yet. Run: loccit index") from None


def generations(index: Path) -> list[str]:
    """The names in `index/current`: the generation in force, and the one before it if there is one."""
    try:
        return (index / CURRENT).read_text(encoding="utf8", errors="replace").split()
    except FileNotFoundError:
        return []


def current(index: Path) -> Path:
    """The folder of the generation in force. Raises NoIndex or OtherVersion, both naming the command."""
    return whole(index, generation(index))


def whole(index: Path, name: str) -> Path:
    """The folder of a generation that this program can read. Raises NoIndex or OtherVersion."""
    folder = index / name
    if not (folder / RECORDS).is_file():
        raise NoIndex(f"The index in {index} is not complete. Run: loccit index --rebuild")
    found = Store(folder).meta.get("layout")
    if found != layout.LAYOUT:
        raise OtherVersion(
            f"The index in {index} has layout {found}, this version of Loccit reads layout {layout.LAYOUT}. "
            "Run: loccit index --rebuild"
        )
    return folder

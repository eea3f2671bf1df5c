"""What the owner of an archive has chosen, kept in `settings.toml` in its folder."""

from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from indexer.errors import LoccitError

FILE = "settings.toml"
ENGINE = "whoosh"  # of the full text, where none was chosen


def engine(root: Path) -> str:
    """The full-text engine of an archive. Raises LoccitError for a file that cannot be read."""
    chosen = _read(root).get("engine", ENGINE)
    if not isinstance(chosen, str):
        raise LoccitError(
            f'{root / FILE}: engine wants a name in quotation marks, as in engine = "{ENGINE}".'
        )
    return str(chosen)


def keep_engine(root: Path, name: str) -> None:
    """Keep the choice of a full-text engine; the rest of the file stays as it is."""
    content = _read(root)
    content["engine"] = name
    new = (root / FILE).with_suffix(".partial")
    new.write_text(tomlkit.dumps(content), encoding="utf8")
    new.replace(root / FILE)


def _read(root: Path) -> tomlkit.TOMLDocument:
    path = root / FILE
    try:
        return tomlkit.parse(path.read_text(encoding="utf8")) if path.exists() else tomlkit.document()
    except (OSError, ValueError, TOMLKitError) as error:
        raise LoccitError(f"{path} cannot be read: {error}. Mend the line, or delete the file.") from None

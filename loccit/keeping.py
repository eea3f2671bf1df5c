"""What a reader keeps, taken out and back in: bookmarks."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from indexer.errors import IndexUnusable, LoccitError
from indexer.names import spelt
from loccit.archive import Archive
from loccit.printing import as_json


@click.group()
def bookmarks() -> None:
    """Take bookmarks out and back in; copy all that you keep, and put a copy back."""


@bookmarks.command("export")
@click.option(
    "--format",
    "format_",
    default="json",
    show_default=True,
    type=click.Choice(["json", "markdown", "csv", "html", "bibtex", "ris", "csl"]),
)
@click.option("--tag", default="", help="Only those with this tag.")
@click.option("--folder", default="", help="Only those in this folder, or below it.")
@click.option("--work", default="", metavar="ID", help="Only those of this work.")
@click.option("--words", default="", help="Only those that hold all these words.")
@click.pass_obj
def export(archive: Archive, format_: str, tag: str, folder: str, work: str, words: str) -> None:
    """Print bookmarks: as JSON (W3C Web Annotations), which `import` reads; as Markdown, CSV or HTML; or
    their sources as BibTeX, RIS or CSL-JSON.

    \b
    Example: loccit bookmarks export > bookmarks.json
    Example: loccit bookmarks export --format bibtex --folder Trials > trials.bib
    """
    from web import reader
    from web.bookmarks.sourcing import sourced
    from web.bookmarks.standing import standings
    from web.bookmarks.written import FORMATS
    from web.reader.bookmarks import Asked

    asked = Asked(words, tag=tag, folder=folder, work=work)
    here = _opened(archive)
    kept = sourced(here, standings(here, reader.bookmarks.listed(archive.reader, asked)))
    sys.stdout.buffer.write(FORMATS[format_].write(kept).encode())


def _opened(archive: Archive) -> Any:
    """What the pages keep open; None where there is no index to look into."""
    from web.library import Library

    try:
        here = Library(archive.root).opened()
    except IndexUnusable:
        return None
    click.get_current_context().with_resource(spelt(here.spellings))
    return here


@bookmarks.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(archive: Archive, file: Path) -> None:
    """Copy all that you keep to FILE, as it is at one moment; the server may go on meanwhile.

    \b
    Example: loccit bookmarks backup kept.sqlite3
    """
    from web import reader

    reader.backup(archive.reader, file)
    click.echo(f"{file}: bookmarks copied: {reader.bookmarks.count(file)}")


@bookmarks.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def restore(archive: Archive, file: Path) -> None:
    """Put FILE, which `backup` made, in the place of what you keep now; that is copied beside it first.

    \b
    Example: loccit bookmarks restore kept.sqlite3
    """
    from web import reader

    before = reader.restore(archive.reader, file)
    click.echo(f"Bookmarks now: {reader.bookmarks.count(archive.reader)}")
    if before:
        click.echo(f"What was kept before is in {before}")


@bookmarks.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "json_", is_flag=True, help="One JSON object a bookmark.")
@click.pass_obj
def import_(archive: Archive, file: Path, json_: bool) -> None:
    """Take bookmarks in from a file that `export` made, or Hypothes.is; what is there already is kept.

    \b
    Example: loccit bookmarks import bookmarks.json
    """
    from web import reader
    from web.addresses import bare
    from web.bookmarks.standing import by_address

    try:
        text = file.read_text(encoding="utf8")
    except UnicodeDecodeError:
        raise LoccitError(f"{file} is not a text in UTF-8; `loccit bookmarks export` writes one.") from None
    here = _opened(archive)
    known = by_address(here) if here else {}
    results = reader.exchange.import_json(archive.reader, text, lambda url: known.get(bare(url) or ""))
    for result in results:
        if json_:
            as_json(asdict(result))
        else:
            click.echo(f"{result.number:5} {result.status:9}  {result.reason or result.words}".rstrip())
    if any(r.status == "failed" for r in results):
        raise click.exceptions.Exit(1)

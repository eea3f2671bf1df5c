"""The command `loccit`: add, index, search, compare and serve an archive of essays and their sources."""

from pathlib import Path

import click

from loccit.archive import Archive
from loccit.asking import find, quotes, search, sources
from loccit.fetching import fetch
from loccit.indexing import doctor, index
from loccit.keeping import bookmarks
from loccit.printing import Plainly
from loccit.serving import accounts, demo, serve
from loccit.works import add, edit, list_, remove

COMMANDS = (
    add, list_, edit, remove, fetch, index, doctor, quotes, sources, search, find,
    serve, demo, accounts, bookmarks,
)  # fmt: skip


@click.group(
    cls=Plainly,
    commands=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--archive", envvar="LOCCIT_ARCHIVE", type=click.Path(file_okay=False, path_type=Path), default=Path("."),
    help="The folder of the archive. Default: LOCCIT_ARCHIVE, else the current folder.",
)  # fmt: skip
@click.version_option(package_name="loccit")
@click.pass_context
def main(ctx: click.Context, archive: Path) -> None:
    """Find every quotation of an essay in the full text of its source, and show the two side by side.

    \b
    A first look:      loccit demo
    An archive of own: loccit --archive mine add --kind essay essays/
                       loccit --archive mine add --kind source sources/
                       loccit --archive mine index
                       loccit --archive mine serve
    """
    ctx.obj = Archive(archive)

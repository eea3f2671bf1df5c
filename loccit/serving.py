"""Serving the pages, and to whom: serve, demo, accounts."""

import shutil
import signal
import sys
import tempfile
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any

import click

from indexer import store
from loccit.archive import Archive
from loccit.indexing import index


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option(
    "--public", is_flag=True, help="For strangers: they read, accounts keep records. Say the --name too."
)
@click.option("--name", "names", multiple=True, help="A host under which it is reached; others are refused.")
@click.option("--prefix", default="", help="The path under which a proxy has it, such as /loccit.")
@click.option("--behind-proxy", is_flag=True, help="Believe a proxy on this machine who asks, and how.")
@click.pass_obj
def serve(archive: Archive, /, **given: Any) -> None:
    """Serve the archive's pages: to one reader on this machine, or with --public to everybody.

    \b
    Examples: loccit serve --port 8080
              loccit serve --public --name archive.example.org --behind-proxy
    """
    from web.server import Serving
    from web.server import serve as serve_all

    store.current(archive.index)
    serve_all(archive.root, Serving(**given), click.echo)


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.pass_context
def demo(ctx: click.Context, port: int) -> None:
    """Serve the invented sample archive from a temporary folder. Nothing is left behind.

    \b
    Example: loccit demo
    """
    from web.server import Serving, look

    serving = Serving(port=port)
    look(serving)  # or all would be indexed before it is said that nothing can be served
    # Ended by a signal it still takes its folder with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with tempfile.TemporaryDirectory(prefix="loccit-demo-") as folder:
        ctx.obj = Archive(Path(folder))
        shutil.copytree(shipped_raw(), ctx.obj.raw)
        ctx.invoke(index, rebuild=False, jobs=1, engine=None, json_=False)
        ctx.invoke(serve, **asdict(serving))


def shipped_raw() -> Path:
    """The collections that come with Loccit: beside this package in a checkout, else in the package."""
    checkout = Path(__file__).parents[1] / "raw"
    return checkout if (checkout / "sample").is_dir() else Path(str(resources.files("indexer"))) / "_raw"


@click.group()
def accounts() -> None:
    """Who may keep records on a server that runs with --public.

    \b
    Example: loccit accounts add marlow
    """


PASSWORD = click.password_option(
    help="Asked for if not given; LOCCIT_PASSWORD is read too.", envvar="LOCCIT_PASSWORD"
)


@accounts.command("add")
@click.argument("name")
@PASSWORD
@click.pass_obj
def add_account(archive: Archive, name: str, password: str) -> None:
    """Make an account, with a file of records of its own.

    \b
    Example: loccit accounts add marlow
    """
    from web import reader

    reader.accounts.create(archive.reader, name, password)
    click.echo(f"{name} can sign in.")


@accounts.command("list")
@click.pass_obj
def list_accounts(archive: Archive) -> None:
    """Name the accounts."""
    from web import reader

    for account in reader.accounts.accounts(archive.reader):
        click.echo(f"{account.name}  since {account.created[:10]}")


@accounts.command("password")
@click.argument("name")
@PASSWORD
@click.pass_obj
def change_password(archive: Archive, name: str, password: str) -> None:
    """Give an account another password; who is signed in with the old one no longer is."""
    from web import reader

    reader.accounts.set_password(archive.reader, name, password)
    click.echo(f"{name} has another password.")


@accounts.command("remove")
@click.argument("name")
@click.pass_obj
def remove_account(archive: Archive, name: str) -> None:
    """End an account. Its records stay in the folder readers/."""
    from web import reader

    reader.accounts.remove(archive.reader, name)
    click.echo(f"{name} can no longer sign in. Kept: {reader.accounts.records_of(archive.reader, name)}")

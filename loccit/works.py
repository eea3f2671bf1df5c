"""What the archive holds: add, list, edit, remove."""

from collections.abc import Container, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import click

from indexer import catalogue
from indexer.errors import LoccitError, UsageError
from indexer.models import Work
from loccit.archive import Archive
from loccit.printing import NAMED_FILES, as_json, stages


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(["essay", "source"]), help="What the files are.")
@click.option(
    "--collection", default=catalogue.DEFAULT, show_default=True, help="The folder of raw/ they go to."
)
@click.option("--edition-of", metavar="WORK", help="The file is another edition of this work.")
@click.option("--json", "json_", is_flag=True, help="One JSON object a file.")
@click.pass_obj
def add(
    archive: Archive, paths: tuple[Path, ...], kind: Any, collection: str, edition_of: str | None, json_: bool
) -> None:
    """Copy files and whole folders into the archive; of a ZIP or a WARC file, all texts inside.

    A folder keeps its layout; below a folder named as a host (www.example.org) the path gives each
    page's address. Title, author and date are read from the text; `loccit edit` corrects them. A file
    that has changed since it was added is another edition of its work: both are kept, the last is indexed.

    \b
    Examples: loccit add --kind essay my-essay.txt
              loccit add --kind source mirror/www.example.org
              loccit add --kind source crawl.warc.gz letters.zip
    """
    from indexer import unpack

    if edition_of is not None:
        results = [unpack.add_edition(archive.raw, path, edition_of) for path in paths]
    elif kind is None:
        raise UsageError("Say what the files are: --kind essay or --kind source.")
    else:
        with stages() as tell:
            results = unpack.add(archive.raw, paths, kind, collection, tell)
    for result in results:
        if json_:
            as_json(asdict(result))
        elif len(results) <= NAMED_FILES or result.reason:
            click.echo(f"{result.status:9}  {result.path}" + (f": {result.reason}" if result.reason else ""))
    counted = {s: n for s in ("added", "edition", "unchanged", "skipped") if (n := _count(results, s))}
    new = any(r.status in ("added", "edition") for r in results)
    told = ", ".join(f"{n} {name}" for name, n in counted.items())
    click.echo(f"{told}. {'Next: loccit index' if new else 'Nothing is new.'}", err=json_)


def _count(results: Sequence[catalogue.Added], status: str) -> int:
    return sum(r.status == status for r in results)


@click.command("list")
@click.option("--kind", type=click.Choice(["essay", "source"]), help="Only these.")
@click.option("--collection", help="Only works of this collection.")
@click.option("--held/--not-held", default=None, help="Only works whose text is, or is not, held.")
@click.option("--json", "json_", is_flag=True, help="One JSON object a work.")
@click.pass_obj
def list_(archive: Archive, kind: str | None, collection: str | None, held: bool | None, json_: bool) -> None:
    """List the works of the archive, held and only catalogued.

    \b
    Examples: loccit list --kind essay
              loccit list --not-held
    """
    if not archive.raw.is_dir():
        raise UsageError(
            f"There is no archive in {archive.root}. Begin one: loccit add --kind essay|source PATH"
        )
    works = _works(archive)
    if collection not in (known := sorted({w.collection for w in works})) and collection is not None:
        raise UsageError(f"There is no collection “{collection}” here. There are: {', '.join(known)}.")
    shown = [
        w for w in works
        if kind in (None, w.kind) and collection in (None, w.collection) and held in (None, bool(w.file))
    ]  # fmt: skip
    for work in shown:
        if json_:
            as_json(asdict(work))
        else:
            named = ", ".join(str(x) for x in (work.author, work.title or work.file, work.year) if x)
            click.echo(f"{work.kind:6}  {'held    ' if work.file else 'not held'}  {work.id}  {named}")
    if not shown:
        click.echo("No such works.", err=True)


def _works(archive: Archive) -> list[Work]:
    """The works by id: as the catalogue has them, with what their texts say where they are indexed."""
    listed = [w for c in catalogue.collections(archive.raw) for w in c.works]
    try:
        records = archive.records()
        then = {w.id: w for w in records.works()}
        unread = {r.file for r in records.reports() if r.status == "failed"}
    except LoccitError:
        then, unread = {}, set()
    return sorted((_now(w, then.get(w.id, w), unread) for w in listed), key=lambda w: (w.kind, w.id))


def _now(work: Work, then: Work, unread: Container[str]) -> Work:
    """A work as the catalogue has it now, its gaps filled as its text did when it was indexed."""
    said = {f.name: value for f in fields(Work) if (value := getattr(work, f.name))}
    return replace(then, **said | {"file": None if work.file in unread else work.file})


@click.command()
@click.argument("work")
@click.option(
    "--kind", type=click.Choice(["essay", "source"]), help="What it is, if it was added as the other."
)
@click.option("--title")
@click.option("--author")
@click.option("--year", type=int, help="The year in which it was written.")
@click.option("--date", help="The day, as the work gives it.")
@click.option(
    "--alias", "aliases", multiple=True, help="Another title under which it is cited; may be repeated."
)
@click.option("--parent", help="The id of the table of contents whose chapter it is.")
@click.option("--edition-of", help="The id of the work of which it is another edition or translation.")
@click.option("--edition", help="The printing that the text follows: “Collected Papers, vol. 2”.")
@click.option("--edition-year", type=int, help="The year of that printing.")
@click.option("--url", help="The address of the original.")
@click.option("--language", help="Two letters: en, de, fr, ru.")
@click.option("--licence")
@click.pass_obj
def edit(archive: Archive, /, work: str, **given: Any) -> None:
    """Correct what is known of a work. Counts from the next `loccit index` on.

    Empty words ("") take back what was set before: then the text says it again.

    \b
    Example: loccit edit my-essay --author "A. Writer" --alias "The Essay"
    """
    changes = {name: value for name, value in given.items() if value not in (None, ())}
    for name, said in (("edition_of", "another edition"), ("parent", "a chapter")):
        if (other := changes.get(name)) and catalogue.find(archive.raw, other).id == work:
            raise UsageError(f"{work} cannot be {said} of itself.")
    if not changes:
        raise UsageError("Say what to change, for example --title or --author.")
    changes = {name: () if value == ("",) else value for name, value in changes.items()}
    catalogue.edit(archive.raw, work, changes)
    done = (
        ("set", sorted(name for name, value in changes.items() if value)),
        ("taken back", sorted(name for name, value in changes.items() if not value)),
    )
    told = "; ".join(f"{', '.join(names)} {what}" for what, names in done if names)
    click.echo(f"{work}: {told}. Next: loccit index")


@click.command()
@click.argument("work")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def remove(archive: Archive, work: str, yes: bool) -> None:
    """Take a work out of the archive. Its file is kept in raw/.removed.

    \b
    Example: loccit remove my-essay
    """
    found = catalogue.find(archive.raw, work)
    if not yes:
        click.confirm(f"Take out {found.kind} “{found.title or found.id}”?", abort=True)
    kept = catalogue.remove(archive.raw, work)
    told = f" Its file is kept as {kept}." if kept else ""
    click.echo(f"{work} is taken out.{told} Next: loccit index")

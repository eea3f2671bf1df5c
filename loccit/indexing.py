"""Bringing the index in step with the texts, and examining both: index, doctor."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

import click

from indexer import settings
from indexer.errors import ReaderError, UsageError
from indexer.models import FileReport, Revised
from loccit.archive import Archive
from loccit.printing import NAMED_FILES, as_json, first_words, how_many, stages

# Quotations with another verdict that are named one by one; of more, only how many there are of what.
NAMED_QUOTATIONS = 50


@click.command()
@click.option("--rebuild", is_flag=True, help="Build all anew, whatever has changed in raw/.")
@click.option("--back", "back_", is_flag=True, help="Put the index before this one in force again.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes that read files."
)
@click.option(
    "--engine", type=click.Choice(["whoosh", "tantivy"]),
    help="The full-text engine, from now on: whoosh comes with Loccit, tantivy (loccit[fast]) is faster.",
)  # fmt: skip
@click.option("--json", "json_", is_flag=True, help="The outcome of every file, one JSON object a line.")
@click.pass_obj
def index(archive: Archive, rebuild: bool, back_: bool, jobs: int, engine: str | None, json_: bool) -> None:
    """Bring the index in step with raw/ and find every quotation in its source.

    What has not changed in raw/ is not read again; a run on unchanged raw/ does nothing and says so.
    Every file ends with an outcome; exit code 1 says that some could not be read, and names them.
    --back undoes the last change of the index, and a second --back that; the next run begins from there.

    \b
    Examples: loccit index
              loccit index --back
    """
    from indexer.build import back, build

    if back_:
        if rebuild or engine:
            raise UsageError("Say --back without --rebuild and --engine.")
        click.echo(f"The index {back(archive.index).name} is in force again. Undo this: loccit index --back")
        return

    if not any(archive.raw.glob("*")):
        raise UsageError(f"There is nothing in {archive.raw}. Add texts first: loccit add --kind essay PATH")
    with stages() as told:
        built = build(
            archive.raw, archive.index, rebuild=rebuild, jobs=jobs,
            engine=engine or settings.engine(archive.root), progress=told,
        )  # fmt: skip
    if engine:
        settings.keep_engine(archive.root, engine)
    if json_:
        for report in built.reports:
            as_json(asdict(report))
    _tell_outcome(archive, built.changed, built.reports, err=json_)
    _tell_revised(built.revised)
    if any(r.status == "failed" for r in built.reports):
        raise click.exceptions.Exit(1)


def _tell_outcome(archive: Archive, changed: bool, reports: Sequence[FileReport], err: bool) -> None:
    for report in reports:
        if report.status != "indexed":
            click.echo(f"{report.status:9}  {report.file}: {report.reason}", err=True)
    _tell_remarks([report for report in reports if report.status == "indexed" and report.reason])
    n = archive.records().counts()
    click.echo("Indexed." if changed else "Nothing in raw/ has changed; the index is as it was.", err=err)
    held = f"{n['held']:,} of {n['works']:,} listed works are held"
    counted = ", ".join(how_many(n[f"{noun}s"], noun) for noun in ("word", "passage", "quotation"))
    click.echo(f"{held}: {counted}. Read on: loccit serve", err=err)


def _tell_remarks(reports: Sequence[FileReport]) -> None:
    """How files were read that are in the index: all while they are few, else those that lost something."""
    from indexer.extract.remarks import FRAME, is_frame

    many = len(reports) > NAMED_FILES
    named = [report for report in reports if not (many and is_frame(report.reason))]
    for report in named[:NAMED_FILES]:
        click.echo(f"indexed    {report.file}: {report.reason}", err=True)
    if many:
        more = f"; the first {NAMED_FILES} are named above" if len(named) > NAMED_FILES else ""
        frames = how_many(len(reports) - len(named), "file")
        click.echo(
            f"{frames} without what frames the text, such as links and dates"
            f" ({FRAME} words or fewer of each); {how_many(len(named), 'file')} with other remarks{more}."
            " All of them: loccit index --json",
            err=True,
        )


def _tell_revised(revised: Sequence[Revised]) -> None:
    """Which quotations have another verdict than before; where they are many, how many of what."""
    if not revised:
        return
    cause = ", by the rules of this version or by what was added" if revised[0].by_rules else ""
    click.echo(f"{how_many(len(revised), 'quotation')} changed the verdict{cause}:", err=True)
    if len(revised) > NAMED_QUOTATIONS:
        for (was, now), n in Counter((r.was, r.now) for r in revised).most_common():
            click.echo(f"  {n:,}: was {was}, is {now}", err=True)
        return
    for r in revised:
        click.echo(f"  {r.quotation_id}: was {r.was}, is {r.now}: “{first_words(r.text)}”", err=True)


@click.command()
@click.pass_obj
def doctor(archive: Archive) -> None:
    """Examine the archive: raw files against their digests, the index against raw/, the bookmarks.

    \b
    Example: loccit doctor
    """
    from indexer.doctor import Check, examine
    from web import reader

    checks = examine(archive.raw, archive.index)
    try:
        checks.append(Check("bookmarks", True, f"{len(reader.bookmarks.listed(archive.reader))} kept"))
    except ReaderError as error:
        checks.append(Check("bookmarks", False, str(error)))
    for check in checks:
        click.echo(f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.text}")
    if not all(check.ok for check in checks):
        raise click.exceptions.Exit(1)

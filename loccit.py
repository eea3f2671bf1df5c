"""The command `loccit`: add, index, search, compare and serve an archive of essays and their sources."""

import json
import os
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import urlsplit

import click

from indexer import catalogue, names, settings, store
from indexer.errors import LoccitError, QueryError, ReaderError, UsageError
from indexer.models import FileReport, Finding, Passage, Revised, Span, VerdictName, Work
from indexer.normalise import words

if TYPE_CHECKING:
    from indexer.fetch import Outcome

# Files of one command that are named one by one; of more, only what went otherwise is named.
NAMED_FILES = 20
# Quotations with another verdict that are named one by one; of more, only how many there are of what.
NAMED_QUOTATIONS = 50
# Letters of a quotation that its line in a list shows.
FIRST_WORDS = 60
# Letters of a bar that shows how far something is.
BAR = 30
# Words of a passage below which it could stand anywhere.
FEWEST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Archive:
    """A folder with `raw/`, `index/` and the reader's records."""

    root: Path

    @property
    def raw(self) -> Path:
        return self.root / "raw"

    @property
    def index(self) -> Path:
        return self.root / "index"

    @property
    def reader(self) -> Path:
        return self.root / "reader.sqlite3"

    def records(self) -> store.Store:
        """The records of the index in force; from then on names are spelt as it knows them."""
        found = store.Store(store.current(self.index))
        names.recall(found.meta.get("names", ""))
        return found


class Plainly(click.Group):
    """Errors of Loccit as one sentence: exit code 2 for wrong use, 1 for what failed."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UsageError as error:
            raise click.UsageError(str(error)) from None
        except QueryError as error:
            instead = f"\nThis can be searched: {error.mended}" if error.mended else ""
            raise click.ClickException(f"{error}{instead}") from None
        except LoccitError as error:
            raise click.ClickException(str(error)) from None
        except BrokenPipeError:
            # The reader of our output (head, less) has gone; nothing is wrong.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(0) from None
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(f"{where}{error.strerror or error}.") from None


@click.group(cls=Plainly, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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


def as_json(value: Any) -> None:
    """Prints one JSON object on one line."""
    click.echo(json.dumps(value, ensure_ascii=False))


# --- what is held --------------------------------------------------------------------------------


@main.command()
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
    from indexer.unpack import add as unpack

    if edition_of is not None:
        results = [catalogue.add_edition(archive.raw, path, edition_of) for path in paths]
    elif kind is None:
        raise UsageError("Say what the files are: --kind essay or --kind source.")
    else:
        results = unpack(archive.raw, paths, kind, collection)
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


@main.command()
@click.argument("works", nargs=-1, metavar="[WORK]...")
@click.option("--essay", help="Only what this essay cites, as the catalogue knows it.")
@click.option("--recursive", is_flag=True, help="Tables of contents with the chapters in their folder.")
@click.option("--refresh", is_flag=True, help="Ask again for what was fetched; other bytes are kept beside.")
@click.option("--wayback", is_flag=True, help="Look dead addresses up at the Wayback Machine.")
@click.option("--contact", help="A mail or web address that is shown to the servers.")
@click.option("--max-size", type=click.IntRange(1), default=100, show_default=True, help="Megabytes a text.")
@click.option("--timeout", type=click.IntRange(1), default=300, show_default=True, help="Seconds a text.")
@click.option(
    "--warc", type=click.Path(dir_okay=False, path_type=Path), help="Record the answers in this file."
)
@click.option("--allow-private", is_flag=True, help="Ask hosts of your own network and machine as well.")
@click.option("--dry-run", is_flag=True, help="Ask nothing; show what would be asked, of which hosts.")
@click.option("--json", "json_", is_flag=True, help="One JSON object an address (docs/fetch.md).")
@click.pass_obj
def fetch(archive: Archive, works: tuple[str, ...], essay: str | None, json_: bool, **given: Any) -> None:
    """Get what the catalogue names and raw/ lacks: one page a second of a host, where its robots.txt allows.

    Every address ends with an outcome; exit code 1 says that some gave no text, and names them. A run that
    was broken off goes on where it stopped.

    \b
    Examples: loccit fetch --dry-run
              loccit fetch --essay my-essay --recursive --wayback
    """
    from indexer import fetch as fetching

    selection = fetching.Selection(works, essay, given["recursive"], given["refresh"])
    limits = fetching.Limits(size=given["max_size"] * 1_000_000, seconds=given["timeout"])
    means = fetching.Means(limits, contact=given["contact"], allow_private=given["allow_private"])
    copies = fetching.Wayback() if given["wayback"] else None
    done: list[fetching.Outcome] = []
    with _asking() as asked:
        outcomes = (
            fetching.planned(archive.raw, selection)
            if given["dry_run"]
            else fetching.fetch(
                archive.raw, selection, means, wayback=copies, warc=given["warc"], progress=asked
            )
        )
        for outcome in outcomes:
            done.append(outcome)
            _tell_fetched(outcome, _foreseen(archive, outcome), json_)
    click.echo(_fetched(Counter(o.status for o in done)), err=True)
    if given["dry_run"]:
        click.echo(_hosts([o.url for o in done if o.status == "wanted"]), err=True)
    if any(o.status not in fetching.GOOD for o in done):
        raise click.exceptions.Exit(1)


def _tell_fetched(outcome: "Outcome", foreseen: list[dict[str, str | None]], json_: bool) -> None:
    if json_:
        as_json(asdict(outcome) | {"verdicts": foreseen})
        return
    changed = (f"{v['quotation']} was {v['was']}, {_now(v['now'])}" for v in foreseen)
    line = ": ".join([outcome.url or outcome.work or "", *filter(None, [outcome.reason, "; ".join(changed)])])
    # What a server says may hold what a terminal would obey.
    plain = "".join(c if c.isprintable() else "�" for c in line)
    click.echo(f"{_anew()}{outcome.status:17}  {plain}")


def _fetched(counted: Mapping[str, int]) -> str:
    """How many addresses ended how, and what to do next."""
    if not counted:
        return "There is nothing to fetch."
    said = ", ".join(f"{n} {name}" for name, n in sorted(counted.items()))
    return f"{said}.{' Next: loccit index' if counted.keys() & {'fetched', 'edition'} else ''}"


def _hosts(urls: Sequence[str]) -> str:
    """Of which hosts how many addresses would be asked, and how long that takes at least."""
    from indexer.fetch import least_seconds

    hosts = [urlsplit(url).netloc for url in urls]
    lines = [f"{n:5}  {host}" for host, n in Counter(hosts).most_common()]
    least = f"{least_seconds(hosts):,.0f} seconds at least, at one request a second and host"
    return "\n".join([*lines, f"{_number(len(lines), 'host')}: {least}."])


def _now(verdict: str | None) -> str:
    return f"is {verdict}" if verdict else "has its words there no more"


def _foreseen(archive: Archive, outcome: "Outcome") -> list[dict[str, str | None]]:
    """The quotations of the index whose verdict a new edition changes: what it was and what it is, None
    where the words are not in it."""
    if outcome.status != "edition" or outcome.work is None:
        return []
    from indexer.build import foresee, read_one

    edition = read_one(archive.raw, catalogue.find(archive.raw, outcome.work))
    try:
        pairs = list(foresee(archive.records(), edition)) if edition else []
    except LoccitError:
        return []  # nothing is indexed yet
    judged = ((f, now.verdict.name if now.alignment else None) for f, now in pairs)
    return [
        {"quotation": f.quotation.id, "was": f.verdict.name, "now": now}
        for f, now in judged
        if now != f.verdict.name
    ]


def _anew() -> str:
    """What takes a line that is being asked off the terminal; nothing elsewhere."""
    return "\r\x1b[K" if sys.stderr.isatty() and sys.stdout.isatty() else ""


@contextmanager
def _asking() -> Iterator[Callable[[str, int, int], None]]:
    """On a terminal a bar and the address that is being asked, in a line that the next one replaces."""
    terminal = sys.stderr.isatty()

    def told(url: str, done: int, total: int) -> None:
        if terminal:
            shown = f"{_bar(done, total)} {done + 1:,} of {total:,}  {url}"
            # A line that is wider than the terminal could not be taken off again.
            click.echo(f"\r\x1b[K{shown[: shutil.get_terminal_size().columns - 1]}", nl=False, err=True)

    yield told
    if terminal:
        click.echo("\r\x1b[K", nl=False, err=True)


def _bar(done: int, total: int) -> str:
    width = BAR * done // max(total, 1)
    return f"[{'#' * width}{' ' * (BAR - width)}]"


@main.command("list")
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
        known = {w.id: w for w in archive.records().works()}
    except LoccitError:
        known = {}
    return sorted((known.get(w.id, w) for w in listed), key=lambda w: (w.kind, w.id))


@main.command()
@click.argument("work")
@click.option("--title")
@click.option("--author")
@click.option("--year", type=int, help="The year in which it was written.")
@click.option("--date", help="The day, as the work gives it.")
@click.option(
    "--alias", "aliases", multiple=True, help="Another title under which it is cited; may be repeated."
)
@click.option("--parent", help="The id of the table of contents whose chapter it is.")
@click.option("--edition-of", help="The id of the work of which it is another edition or translation.")
@click.option("--url", help="The address of the original.")
@click.option("--language", help="Two letters: en, de, fr, ru.")
@click.option("--licence")
@click.pass_obj
def edit(archive: Archive, work: str, **given: Any) -> None:
    """Correct what is known of a work. Counts from the next `loccit index` on.

    \b
    Example: loccit edit my-essay --author "A. Writer" --alias "The Essay"
    """
    changes = {name: value for name, value in given.items() if value not in (None, ())}
    if (first := changes.get("edition_of")) is not None and catalogue.find(archive.raw, first).id == work:
        raise UsageError(f"{work} cannot be another edition of itself.")
    if not changes:
        raise UsageError("Say what to change, for example --title or --author.")
    catalogue.edit(archive.raw, work, changes)
    click.echo(f"{work}: {', '.join(sorted(changes))} set. Next: loccit index")


@main.command()
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
    catalogue.remove(archive.raw, work)
    kept = f" Its file is kept as {archive.raw / catalogue.REMOVED / found.file}." if found.file else ""
    click.echo(f"{work} is taken out.{kept} Next: loccit index")


# --- building ------------------------------------------------------------------------------------


@main.command()
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
    with _progress() as told:
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
    counted = ", ".join(_number(n[f"{noun}s"], noun) for noun in ("word", "passage", "quotation"))
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
        frames = _number(len(reports) - len(named), "file")
        click.echo(
            f"{frames} without what frames the text, such as links and dates"
            f" ({FRAME} words or fewer of each); {_number(len(named), 'file')} with other remarks{more}."
            " All of them: loccit index --json",
            err=True,
        )


def _tell_revised(revised: Sequence[Revised]) -> None:
    """Which quotations have another verdict than before; where they are many, how many of what."""
    if not revised:
        return
    cause = ", by the rules of this version or by what was added" if revised[0].by_rules else ""
    click.echo(f"{_number(len(revised), 'quotation')} changed the verdict{cause}:", err=True)
    if len(revised) > NAMED_QUOTATIONS:
        for (was, now), n in Counter((r.was, r.now) for r in revised).most_common():
            click.echo(f"  {n:,}: was {was}, is {now}", err=True)
        return
    for r in revised:
        click.echo(f"  {r.quotation_id}: was {r.was}, is {r.now}: “{_first_words(r.text)}”", err=True)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on a terminal, a line a stage elsewhere; both on the error stream."""
    terminal, last = sys.stderr.isatty(), [""]

    def told(stage: str, done: int, total: int) -> None:
        if terminal:
            line = f"\r{stage:12} {_bar(done, total)} {done:,} of {total:,} "
            click.echo(("\n" if last[0] not in ("", stage) else "") + line, nl=False, err=True)
        elif last[0] != stage:
            click.echo(f"{stage} ({total:,})", err=True)
        last[0] = stage

    yield told
    if terminal and last[0]:
        click.echo(err=True)


# --- asking --------------------------------------------------------------------------------------


@main.command()
@click.argument("works", nargs=-1, metavar="[WORK]...")
@click.option("--verdict", type=click.Choice(get_args(VerdictName)), help="Only quotations of this verdict.")
@click.option("--json", "json_", is_flag=True, help="One JSON object a quotation (docs/scripts.md).")
@click.pass_obj
def quotes(archive: Archive, works: tuple[str, ...], verdict: str | None, json_: bool) -> None:
    """Show the quotations of essays: words, citation, what it resolves to, verdict.

    \b
    Examples: loccit quotes my-essay
              loccit quotes --json > quotations.jsonl
    """
    records = archive.records()
    for essay in _essays(records, works):
        numbered = list(enumerate(records.findings(essay.id), 1))
        found = [(n, f) for n, f in numbered if verdict in (None, f.verdict.name)]
        if json_:
            for _, finding in found:
                as_json(store.finding_json(records, finding))
        else:
            _table_of(records, essay, found)


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _essays(records: store.Store, ids: Sequence[str]) -> list[Work]:
    return [records.work(i) for i in ids] if ids else records.works(kind="essay", held=True)


def _table_of(records: store.Store, essay: Work, found: Sequence[tuple[int, Finding]]) -> None:
    click.secho(f"\n{essay.title} ({essay.id}): {_number(len(found), 'quotation')}", bold=True)
    for number, finding in found:
        click.echo(f"{number:4}  {finding.verdict.name:10} “{_first_words(finding.text)}”")
        click.echo(f"      {_stands(records, finding)}")
        click.echo(f"      {_cited(records, finding)}")


def _first_words(text: str) -> str:
    whole = " ".join(text.split())
    return whole if len(whole) <= FIRST_WORDS else whole[:FIRST_WORDS].rsplit(" ", 1)[0] + "…"


def _stands(records: store.Store, finding: Finding) -> str:
    """Where the words of a quotation stand: the work's title, the place in it, who speaks there."""
    if finding.alignment is None:
        return "not found in what is held"
    place = store.place_json(records, finding.alignment.place)
    others = len(finding.alignment.others)
    also = f" · and in {_number(others, 'other place')}" if others else ""
    return f"stands in {', '.join(filter(None, (place['title'], place['locator'], place['speaker'])))}{also}"


def _cited(records: store.Store, finding: Finding) -> str:
    c = finding.citation
    if c is None or not (c.text or c.author or c.title or c.said_by):
        return "no citation"
    given = (
        f"({c.text})" if c.text else f"said by {c.said_by or c.author}" if c.said_by or c.author else c.title
    )
    meant = records.work(c.work_id).title if c.work_id else ", ".join(x for x in (c.author, c.title) if x)
    return f"cited as {given} → {meant or 'unknown'} · {c.outcome}"


@main.command()
@click.argument("works", nargs=-1, metavar="[WORK]...")
@click.option("--json", "json_", is_flag=True, help="One JSON object an entry (docs/scripts.md).")
@click.pass_obj
def sources(archive: Archive, works: tuple[str, ...], json_: bool) -> None:
    """Show the entries of the essays' own lists of sources, held and not held.

    \b
    Example: loccit sources my-essay
    """
    records = archive.records()
    for essay in _essays(records, works):
        entries = [store.entry_json(records, e) for e in records.entries(essay.id)]
        if not json_:
            click.secho(f"\n{essay.title} ({essay.id}): {_number(len(entries), 'source')}", bold=True)
        for entry in entries:
            if json_:
                as_json(entry)
            else:
                named = ", ".join(str(entry[x]) for x in ("author", "title", "year") if entry[x])
                click.echo(f"  {'held    ' if entry['held'] else 'not held'}  {named or entry['text']}")
                if entry["url"]:
                    click.echo(f"            {entry['url']}")


@main.command()
@click.argument("query")
@click.option("--kind", type=click.Choice(["essay", "source"]), help="Only these.")
@click.option("--author", help="Only works of this author.")
@click.option("--exact", is_flag=True, help="Words to the letter, without their other forms.")
@click.option("--as-spelt", is_flag=True, help="Names only as they are spelt here.")
@click.option("--sort", type=click.Choice(["relevance", "date", "place"]), default="relevance")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--json", "json_", is_flag=True, help="One JSON object a passage.")
@click.pass_obj
def search(
    archive: Archive, query: str, kind: str | None, author: str | None, limit: int, json_: bool, **how: Any
) -> None:
    """Search words and "exact phrases" in essays and sources. The pages' help shows the language.

    \b
    Examples: loccit search harbour
              loccit search '"in these words" -never' --kind source
    """
    from indexer.fulltext import Filters, Fulltext

    records = archive.records()
    known = sorted({w.author for w in records.works() if w.author and author and _named(author, w.author)})
    if author and not known:
        raise UsageError(f"No work here has an author “{author}”. loccit list shows all.")
    filters = Filters(kind=(kind,) if kind else (), author=tuple(known))
    engine = Fulltext(records.folder / store.FULLTEXT)
    ask = partial(
        engine.search, query, filters, per_page=limit, text_of=records.texts, facets=(),
        forms=not how["exact"], names=not how["as_spelt"], sort=how["sort"],
    )  # fmt: skip
    results = ask()
    pages = range(2, -(-min(limit, results.total) // results.per_page) + 1)
    hits = [*results.hits, *(hit for page in pages for hit in ask(page=page).hits)]
    for hit in hits[:limit]:
        passage = records.passage(hit.passage_id)
        _show_hit(
            records,
            passage,
            [(passage.span.start + m.start, passage.span.start + m.end) for m in hit.marks],
            json_,
        )
    click.echo("\n".join([*_said(results), f"{_number(results.total, 'passage')} found"]), err=True)


def _said(results: Any) -> Iterator[str]:
    """What a search says besides its passages: how it was read, what else was searched or may be meant."""
    if results.read_as:
        yield f"Read as: {results.read_as}"
    if results.also:
        yield f"Also searched: {', '.join(results.also)} (--as-spelt searches only what is typed)"
    yield from results.notes
    if results.instead:
        yield f"Did you mean: {results.instead}"
    for hint in results.hints:
        yield " ".join([hint.sentence, " · ".join(hint.queries)]).strip()


def _named(given: str, author: str) -> bool:
    return given.casefold() in author.casefold()


def _show_hit(records: store.Store, passage: Passage, marks: Sequence[tuple[int, int]], json_: bool) -> None:
    """A passage on one JSON line, or with its marked words for a person."""
    at = passage.span
    text = records.document(passage.work_id).text[at.start : at.end]
    if json_:
        spans = {"start": at.start, "end": at.end, "text": text, "marks": [list(m) for m in marks]}
        as_json({"work": passage.work_id, "passage": passage.id} | spans)
        return
    work = records.work(passage.work_id)
    named = ", ".join(
        str(x) for x in (work.title, work.author, work.year, passage.locator, passage.speaker) if x
    )
    click.secho(f"{named} ({passage.id})", bold=True)
    shown, last = "", 0
    for start, end in marks:
        shown += text[last : start - at.start] + click.style(
            text[start - at.start : end - at.start], reverse=True
        )
        last = end - at.start
    click.echo("  " + " ".join((shown + text[last:]).split()))


@main.command()
@click.argument("text")
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True)
@click.option("--json", "json_", is_flag=True, help="One JSON object a place.")
@click.pass_obj
def find(archive: Archive, text: str, limit: int, json_: bool) -> None:
    """Find where a passage of three words or more stands, in the sources held.

    \b
    Example: loccit find "the words of a passage that somebody quotes"
    """
    from indexer.align import Seeds
    from indexer.align import find as find_places
    from web.find import are_there, word_spans

    if len(words(text)) < FEWEST_WORDS:
        raise UsageError("That is too little to look for: give a passage of three words or more.")
    records = archive.records()
    found = find_places(text, Seeds.load(records.seeds()), limit)
    typed = word_spans(text)
    for alignment in found:
        place = alignment.place
        passage = records.passage_at(place.work_id, place.span.start)
        last = records.passage_at(place.work_id, place.span.end - 1)
        if passage is not None and last is not None:
            whole = replace(passage, span=Span(passage.span.start, last.span.end))
            inside = [p.source for p in alignment.pieces if p.work_id == place.work_id]
            _show_hit(records, whole, [(s.start, s.end) for s in inside], json_)
            if not json_:
                click.echo(f"  {_tally(sum(are_there(typed, alignment.pieces)), len(typed))}")
    if not found:
        click.echo("Not found in what is held.", err=True)


def _tally(there: int, typed: int) -> str:
    """How many of the typed words stand in a place; where they are few, that it has only some of them."""
    from web.find import has_most

    only = "" if has_most(there, typed) else "Only some of these words stand here: "
    return f"{only}{there:,} of {_number(typed, 'word')}"


# --- serving, keeping ----------------------------------------------------------------------------


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option(
    "--public", is_flag=True, help="For strangers: they read, accounts keep records. Say the --name too."
)
@click.option("--name", "names", multiple=True, help="A host under which it is reached; others are refused.")
@click.option("--prefix", default="", help="The path under which a proxy has it, such as /loccit.")
@click.option("--behind-proxy", is_flag=True, help="Believe a proxy on this machine who asks, and how.")
@click.pass_obj
def serve(archive: Archive, **given: Any) -> None:
    """Serve the archive's pages: to one reader on this machine, or with --public to everybody.

    \b
    Examples: loccit serve --port 8080
              loccit serve --public --name archive.example.org --behind-proxy
    """
    from web.server import Serving
    from web.server import serve as serve_all

    store.current(archive.index)
    serve_all(archive.root, Serving(**given), click.echo)


@main.group()
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


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.pass_context
def demo(ctx: click.Context, port: int) -> None:
    """Serve the invented sample archive from a temporary folder. Nothing is left behind.

    \b
    Example: loccit demo
    """
    # Ended by a signal it still takes its folder with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with tempfile.TemporaryDirectory(prefix="loccit-demo-") as folder:
        ctx.obj = Archive(Path(folder))
        shutil.copytree(shipped_raw(), ctx.obj.raw)
        ctx.invoke(index, rebuild=False, jobs=1, engine=None, json_=False)
        ctx.invoke(serve, host="127.0.0.1", port=port, public=False, names=(), prefix="", behind_proxy=False)


def shipped_raw() -> Path:
    """The collections that come with Loccit: beside this file in a checkout, else in the package."""
    checkout = Path(__file__).parent / "raw"
    return checkout if (checkout / "sample").is_dir() else Path(str(resources.files("indexer"))) / "_raw"


@main.group()
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
    from web.bookmarks.standing import standings
    from web.bookmarks.written import FORMATS, sourced
    from web.reader.bookmarks import Asked

    asked = Asked(words, tag=tag, folder=folder, work=work)
    here = _opened(archive)
    kept = sourced(here, standings(here, reader.bookmarks.listed(archive.reader, asked)))
    sys.stdout.buffer.write(FORMATS[format_].write(kept).encode())


def _opened(archive: Archive) -> Any:
    """What the pages keep open; None where there is no index to look into."""
    from indexer.errors import IndexUnusable
    from web.library import Library

    try:
        return Library(archive.root).opened()
    except IndexUnusable:
        return None


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
    from web.bookmarks.standing import bare, work_ids

    try:
        text = file.read_text(encoding="utf8")
    except UnicodeDecodeError:
        raise LoccitError(f"{file} is not a text in UTF-8; `loccit bookmarks export` writes one.") from None
    here = _opened(archive)
    known = work_ids(here.works) if here else {}
    results = reader.exchange.import_json(archive.reader, text, lambda url: known.get(bare(url)))
    for result in results:
        if json_:
            as_json(asdict(result))
        else:
            click.echo(f"{result.number:5} {result.status:9}  {result.reason or result.words}".rstrip())
    if any(r.status == "failed" for r in results):
        raise click.exceptions.Exit(1)


@main.command()
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


if __name__ == "__main__":
    main()

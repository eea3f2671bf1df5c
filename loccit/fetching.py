"""Getting what the catalogue and the essays name: fetch."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from indexer import catalogue
from indexer.errors import IndexUnusable, LoccitError
from loccit.archive import Archive
from loccit.printing import addresses, anew, as_json, how_many

if TYPE_CHECKING:
    from indexer.fetch import Cited, Outcome


@click.command()
@click.argument("works", nargs=-1, metavar="[WORK]...")
@click.option("--essay", help="Only what this essay cites.")
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
def fetch(archive: Archive, /, works: tuple[str, ...], essay: str | None, json_: bool, **given: Any) -> None:
    """Get what the catalogue names and raw/ lacks, and what the indexed essays give an address of: one page
    a second of a host, where its robots.txt allows.

    Every address ends with an outcome; exit code 1 says that some gave no text, and names them. A run that
    was broken off goes on where it stopped.

    \b
    Examples: loccit fetch --dry-run
              loccit fetch --essay my-essay --recursive --wayback
    """
    from indexer import fetch as fetching

    cited = _cited(archive, essay)
    selection = fetching.Selection(works, essay, given["recursive"], given["refresh"], cited or ())
    limits = fetching.Limits(size=given["max_size"] * 1_000_000, seconds=given["timeout"])
    means = fetching.Means(limits, contact=given["contact"], allow_private=given["allow_private"])
    copies = fetching.Wayback() if given["wayback"] else None
    done: list[fetching.Outcome] = []
    with addresses() as asked:
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
    if not done and cited is None:
        click.echo("What the essays themselves cite is known once they are indexed: loccit index", err=True)
    if given["dry_run"]:
        click.echo(_hosts([o.url for o in done if o.status == "wanted"]), err=True)
    if any(o.status not in fetching.GOOD for o in done):
        raise click.exceptions.Exit(1)


def _cited(archive: Archive, essay: str | None) -> "list[Cited] | None":
    """What an essay, or every essay, cites by the last index; None where there is none."""
    from indexer.fetch import Cited

    try:
        records = archive.records()
        quoted = [(f.quotation.essay_id, f.citation) for f in records.findings(essay)]
        listed = [Cited(e.essay_id, e.work_id, e.url) for e in records.entries(essay)]
    except IndexUnusable:
        return None
    # An ambiguous citation has its candidates: which of them, no address says.
    quoted_from = [Cited(i, c.work_id, c.url) for i, c in quoted if c and c.outcome != "ambiguous"]
    return list(dict.fromkeys([*listed, *quoted_from]))


def _tell_fetched(outcome: "Outcome", foreseen: list[dict[str, str | None]], json_: bool) -> None:
    if json_:
        as_json(asdict(outcome) | {"verdicts": foreseen})
        return
    changed = (f"{v['quotation']} was {v['was']}, {_now(v['now'])}" for v in foreseen)
    line = ": ".join([outcome.url or outcome.work or "", *filter(None, [outcome.reason, "; ".join(changed)])])
    # What a server says may hold what a terminal would obey.
    plain = "".join(c if c.isprintable() else "�" for c in line)
    click.echo(f"{anew()}{outcome.status:17}  {plain}")


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
    return "\n".join([*lines, f"{how_many(len(lines), 'host')}: {least}."])


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

"""Asking the index: quotes, sources, search, find."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, get_args

import click

from indexer import store
from indexer.errors import UsageError
from indexer.models import Finding, Passage, Span, VerdictName, Work
from loccit.archive import Archive
from loccit.printing import as_json, first_words, how_many

# Words of a passage below which it could stand anywhere.
FEWEST_WORDS = 3


@click.command()
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


def _essays(records: store.Store, ids: Sequence[str]) -> list[Work]:
    return [records.work(i) for i in ids] if ids else records.works(kind="essay", held=True)


def _table_of(records: store.Store, essay: Work, found: Sequence[tuple[int, Finding]]) -> None:
    click.secho(f"\n{essay.title} ({essay.id}): {how_many(len(found), 'quotation')}", bold=True)
    for number, finding in found:
        warned = f"  ! {', '.join(finding.verdict.warnings)}" if finding.verdict.warnings else ""
        click.echo(f"{number:4}  {finding.verdict.name:10} “{first_words(finding.text)}”{warned}")
        click.echo(f"      {_stands(records, finding)}")
        click.echo(f"      {_cited(records, finding)}")


def _stands(records: store.Store, finding: Finding) -> str:
    """Where the words of a quotation stand: the work's title, the place in it, who speaks there."""
    if finding.alignment is None:
        return "not found in what is held"
    place = store.place_json(records, finding.alignment.place)
    others = len(finding.alignment.others)
    also = f" · and in {how_many(others, 'other place')}" if others else ""
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


@click.command()
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
            click.secho(f"\n{essay.title} ({essay.id}): {how_many(len(entries), 'source')}", bold=True)
        for entry in entries:
            if json_:
                as_json(entry)
            else:
                named = ", ".join(str(entry[x]) for x in ("author", "title", "year") if entry[x])
                click.echo(f"  {'held    ' if entry['held'] else 'not held'}  {named or entry['text']}")
                if entry["url"]:
                    click.echo(f"            {entry['url']}")


@click.command()
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
    archive: Archive, /, query: str, kind: str | None, author: str | None, limit: int, json_: bool, **how: Any
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
    click.echo("\n".join([*_said(results), f"{how_many(results.total, 'passage')} found"]), err=True)


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


@click.command()
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

    typed = word_spans(text)
    if len(typed) < FEWEST_WORDS:
        raise UsageError("That is too little to look for: give a passage of three words or more.")
    records = archive.records()
    found = find_places(text, Seeds.load(records.seeds()), limit)
    for alignment in found:
        place = alignment.place
        passage = records.passage_at(place.work_id, place.span.start)
        last = records.passage_at(place.work_id, place.span.end - 1)
        if passage is not None and last is not None:
            whole = replace(passage, span=Span(passage.span.start, last.span.end))
            # Pieces stand in the order of what was typed, marks in that of the text.
            inside = sorted(p.source for p in alignment.pieces if p.work_id == place.work_id)
            _show_hit(records, whole, [(s.start, s.end) for s in inside], json_)
            if not json_:
                click.echo(f"  {_tally(sum(are_there(typed, alignment.pieces)), len(typed))}")
    if not found:
        click.echo("Not found in what is held.", err=True)


def _tally(there: int, typed: int) -> str:
    """How many of the typed words stand in a place; where they are few, that it has only some of them."""
    from web.find import has_most

    only = "" if has_most(there, typed) else "Only some of these words stand here: "
    return f"{only}{there:,} of {how_many(typed, 'word')}"

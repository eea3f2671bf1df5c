"""Bookmarks written as files: for reading (Markdown, HTML), for tables (CSV), for bibliographies (BibTeX,
RIS, CSL-JSON), and as they are (JSON, which `reader.exchange` writes and reads)."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from markupsafe import Markup, escape

from web.addresses import host
from web.bookmarks.bibliography import Source, bibtex, csl, ris, sentence
from web.bookmarks.notes import note_html
from web.bookmarks.sourcing import Beside, Kept
from web.citing import Cited
from web.reader.exchange import annotations
from web.table import as_csv

COLUMNS = (
    "id", "kind", "words", "note", "tags", "colour", "folder", "state", "author", "title", "within", "date",
    "written", "place", "speaker", "address", "accessed", "citation", "work", "created", "modified",
    "source_words", "source_place", "verdict",
)  # fmt: skip
# What Markdown would read as its own, in words that are to be shown as they are.
_MARKUP = str.maketrans({sign: "\\" + sign for sign in "\\`*_[]#|~"} | {"<": "&lt;", "&": "&amp;"})


# For reading


def markdown(kept: Sequence[Kept]) -> str:
    """A heading a work, the words as a quotation with their place, the note and the tags below."""
    parts = ["# Bookmarks\n"]
    for title, group in groupby(_by_source(kept), key=_heading):
        parts.append(f"## {_plain(title)}\n")
        parts += [_entry(each) for each in group]
    return "\n".join(parts)


def _by_source(kept: Sequence[Kept]) -> list[Kept]:
    def place(each: Kept) -> tuple[str, int, str]:
        s = each.standing
        return _heading(each).casefold(), s.span.start if s.span else s.bookmark.start, s.bookmark.id

    return sorted(kept, key=place)


def _heading(each: Kept) -> str:
    return sentence(each.source) if each.source else "Searches"


def _entry(each: Kept) -> str:
    s, b = each.standing, each.standing.bookmark
    quoted = "\n".join(f"> {_plain(line)}".rstrip() for line in b.exact.split("\n"))
    if b.kind == "search":
        quoted = f"[{_plain(b.exact)}](<{each.address}>)"
    facts = [
        s.locator or "", " ".join("#" + name.replace(" ", "-") for name in b.tags), b.colour, b.folder,
        b.created[:10], "" if s.state in ("stands", "search") else f"({s.state})",
    ]  # fmt: skip
    said = _plain(" · ".join(fact for fact in facts if fact))
    beside = _beside_lines(each.beside) if each.beside else []
    return "\n\n".join([quoted, *beside, *([_harmless(b.note)] if b.note else []), said]) + "\n"


def _beside_lines(beside: Beside) -> list[str]:
    """The verdict, and for each work its place and its words as a quotation."""
    lines = [f"{beside.verdict}{'; the source:' if beside.passages else '.'}"]
    for passage in beside.passages:
        lines += [f"> {_plain(passage.words)}", _plain(passage.place)]
    return lines


def _harmless(note: str) -> str:
    """A note as the Markdown that it is; no HTML of it works."""
    return note.replace("<", "&lt;")


def _plain(text: str) -> str:
    return " ".join(text.split()).translate(_MARKUP)


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bookmarks</title><style>
body {{ max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1.05rem/1.6 Georgia, serif }}
blockquote {{ margin: 1rem 0 .4rem; padding-left: 1rem; border-left: 3px solid #857f72 }}
blockquote {{ white-space: pre-line }}
.facts {{ color: #5c5850; font: .9rem/1.5 sans-serif }} h2 {{ font-size: 1.1rem; margin-top: 2.5rem }}
</style></head><body><h1>Bookmarks</h1>
{body}</body></html>
"""


def html(kept: Sequence[Kept]) -> str:
    """One page that needs nothing else: a heading a work, the words, the note, the facts."""
    parts: list[Markup] = []
    for title, group in groupby(_by_source(kept), key=_heading):
        parts.append(Markup("<h2>{}</h2>").format(title))
        parts += [_html_entry(each) for each in group]
    return _PAGE.format(body=Markup("\n").join(parts))


def _html_entry(each: Kept) -> Markup:
    s, b = each.standing, each.standing.bookmark
    gone = "" if s.state in ("stands", "search") else f"({s.state})"
    facts = (s.locator, ", ".join(b.tags), b.colour, b.folder, b.created[:10], gone)
    url = each.source.cited.url if each.source else each.address
    link = (
        Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(url, url) if url and host(url) else ""
    )
    said = escape(" · ").join([*(escape(fact) for fact in facts if fact), *([link] if link else [])])
    quoted = Markup("<blockquote>{}</blockquote>").format(b.exact)
    note = Markup('<div class="note">{}</div>').format(note_html(b.note)) if b.note else Markup("")
    beside = _html_beside(each.beside) if each.beside else Markup("")
    return Markup('<article>{}\n{}{}<p class="facts">{}</p></article>').format(quoted, beside, note, said)


def _html_beside(beside: Beside) -> Markup:
    said = f"{beside.verdict}{'; the source:' if beside.passages else '.'}"
    passage = Markup('<blockquote>{}</blockquote>\n<p class="facts">{}</p>\n')
    passages = Markup("").join(passage.format(p.words, p.place) for p in beside.passages)
    return Markup('<p class="facts">{}</p>\n{}').format(said, passages)


# For tables


def csv(kept: Sequence[Kept]) -> str:
    """A row a bookmark; no cell of it is a formula."""
    return as_csv(COLUMNS, [_cells(each) for each in kept])


def _cells(each: Kept) -> list[object]:
    s, b = each.standing, each.standing.bookmark
    source = each.source or Source("", Cited("document", "", (), None, None, None, None, None))
    of = source.cited
    return [
        b.id, b.kind, b.exact, b.note, ", ".join(b.tags), b.colour, b.folder, s.state,
        ", ".join(of.authors), of.title, of.within, source.issued, source.written, s.locator, s.speaker,
        each.address if b.address else of.url, source.accessed, each.citation, b.work_id, b.created,
        b.modified, *_beside_cells(each.beside),
    ]  # fmt: skip


def _beside_cells(beside: Beside | None) -> tuple[str, str, str]:
    if beside is None:
        return "", "", ""
    passages = beside.passages
    return " / ".join(p.words for p in passages), " / ".join(p.place for p in passages), beside.verdict


# For bibliographies


def sources(kept: Iterable[Kept]) -> list[Source]:
    """The works of bookmarks, each once, in the order of their ids, with the words and notes on each."""
    notes: dict[str, list[str]] = {}
    found: dict[str, Source] = {}
    for each in kept:
        if each.source:
            found[each.source.id] = each.source
            notes.setdefault(each.source.id, []).append(_note(each))
    return [replace(source, notes=tuple(notes[name])) for name, source in sorted(found.items())]


def _note(each: Kept) -> str:
    s, b = each.standing, each.standing.bookmark
    place = f"{s.locator}: " if s.locator else ""
    said = f" {b.note}" if b.note else ""
    tagged = "".join(f" #{name.replace(' ', '-')}" for name in b.tags)
    passages = (
        " ".join(f"“{p.words}” ({p.place.removesuffix('.')})" for p in each.beside.passages)
        if each.beside
        else ""
    )
    beside = f" {each.beside.verdict}{': ' if passages else '.'}{passages}" if each.beside else ""
    return f"{place}“{b.exact}”{beside}{said}{tagged}"


def csl_json(kept: Sequence[Kept]) -> str:
    """The sources of bookmarks as CSL-JSON."""
    return json.dumps([csl(source) for source in sources(kept)], ensure_ascii=False, indent=1) + "\n"


# All of them


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: what people call it, how its name ends, its media type, and what writes it."""

    label: str
    suffix: str
    media: str
    write: Callable[[Sequence[Kept]], str]


FORMATS: Mapping[str, Format] = {
    "json": Format("JSON (W3C Web Annotations)", "json", "application/json",
                   lambda kept: annotations(each.standing.bookmark for each in kept)),
    "markdown": Format("Markdown", "md", "text/markdown", markdown),
    "csv": Format("CSV", "csv", "text/csv", csv),
    "html": Format("HTML", "html", "text/html", html),
    "bibtex": Format("BibTeX", "bib", "application/x-bibtex", lambda kept: bibtex(sources(kept))),
    "ris": Format("RIS", "ris", "application/x-research-info-systems", lambda kept: ris(sources(kept))),
    "csl": Format("CSL-JSON", "csl.json", "application/vnd.citationstyles.csl+json", csl_json),
}  # fmt: skip

"""Markdown to a Sheet: CommonMark with tables and footnotes, drawn as HTML and read as a page is.

No word is lost for it: what is no element of HTML is words in angle brackets, indented lines are no
program, and the number of a list's item stands before it. A line's end is read as in plain text: it means
something, unless the text is wrapped hard.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import groupby, zip_longest
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from indexer.extract import html, text, web
from indexer.extract.speeches import returning, speaker_of
from indexer.extract.words import lists, pattern
from indexer.extract.writer import Sheet
from indexer.numbers import months

ENDINGS = (".md", ".markdown")
# Quotations and lists within each other: the parser drops what is deeper; such a file is read as plain text.
_DEEPEST = 60
# A line with fewer letters was not broken by a margin.
_SHORTEST_FULL = 45
# So many letters of what was read tell how long a line is and whether it ends a sentence.
_LINE_END = 2 * _SHORTEST_FULL
# What stands above a line of "---" is a heading only if it is no longer.
_LONGEST_HEADING = 100
# Blocks that may stand above a title: the author, a date, the series.
_MOST_ABOVE = 4
_NOTE = re.compile(r"\[\^([^\]\s]{1,60})\]:[ \t]*(.*)")
_NOTE_MARK = re.compile(r"\[\^([^\]\s]{1,60})\]")
# "^[Ibid., p. 3]", a note where its mark would stand.
_NOTE_INSIDE = re.compile(r"\^\[((?:[^\[\]\n]|\[[^\[\]\n]{0,300}\]){1,2000})\]")
_INDENT = re.compile(r"^(?: {1,4}|\t)")
# "[1]: Ibid." is a note; "[1]: https://…" is an address for the links that name it.
_DEFINITION = re.compile(r" {0,3}\[([^\]\n]{1,200})\]:[ \t]*(.*)")
_ADDRESS = re.compile(r"<?(?:[a-z][a-z0-9+.-]*://|mailto:|www\.|#|\.{0,2}/)\S", re.IGNORECASE)
_LABEL = re.compile(r"\[([^\[\]\n]{1,200})\]")
_SECOND_LABEL = re.compile(rf"(?<=\]){_LABEL.pattern}")
_ELEMENT = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)[\s/>]")
_BULLET = re.compile(r"[•‣◦▪·][ \t]+")
_STOP = re.compile(r"[.?!…:]\W*$")
_RULES = replace(web.RULES, skip=lambda tag: False, comments=lambda tag: False, indents=False)


def read(raw: str, titled: bool) -> Sheet:
    """The blocks of a Markdown text. `titled`: its title is known; else a heading or the first line is it."""
    lines, notes = _without_notes(raw)
    lines = _prepared(lines)
    numbers = _numbers("\n".join(lines), notes)
    width = text.wrapped_at([list(group) for some, group in groupby(map(str.strip, lines), bool) if some])
    drawn = [_drawn("\n".join(lines), width, numbers)]
    for label, said in notes.items():
        note = _drawn(rf"\[{numbers[label]}\] {said}", width, numbers)
        drawn.append(note and f'<div class="footnote" id="note-{numbers[label]}">{note}</div>')
    if None in drawn:
        return text.read(raw)
    sheet = html.read(html.parse("".join(map(str, drawn))), _RULES)
    _entitle(sheet, titled)
    _head(sheet)
    return sheet


def _without_notes(raw: str) -> tuple[list[str], dict[str, str]]:
    """The lines without the notes, and the notes in Markdown by the label of each."""
    inside: list[str] = []

    def named(match: re.Match[str]) -> str:
        inside.append(match[1])
        return f"[^^{len(inside)}]"

    lines: list[str] = []
    notes: dict[str, list[str]] = {}
    into = lines
    for line in _NOTE_INSIDE.sub(named, raw).splitlines():
        if (found := _NOTE.match(line)) and found[1] not in notes:
            into = notes[found[1]] = [found[2]]
        elif into is not lines and (not line.strip() or into[-1].strip() or _INDENT.match(line)):
            into.append(_INDENT.sub("", line, count=1))
        else:
            into = lines
            into.append(line)
    whole = {label: "\n".join(said) for label, said in notes.items()}
    return lines, whole | {f"^{number}": said for number, said in enumerate(inside, 1)}


def _numbers(body: str, notes: Mapping[str, str]) -> dict[str, str]:
    """What is shown for the label of each note: its own where all are numbers, else numbers in the order of
    their marks."""
    if all(label.isdecimal() for label in notes):
        return {label: label for label in notes}
    marked = [label for label in _NOTE_MARK.findall(body) if label in notes]
    return {label: str(number) for number, label in enumerate(dict.fromkeys([*marked, *notes]), 1)}


def _prepared(lines: list[str]) -> list[str]:
    """The lines with what only plain text has as Markdown has it, and without mark-up by mistake: "1921." at
    a line's beginning is no list, "[1]: Ibid." no address."""
    lines = _paged(lines)
    speakers, links = returning(map(str.strip, lines)), _links("\n".join(lines))
    made: list[str] = []
    for line in lines:
        if speaker_of(line.strip()) in speakers:
            made.append("")
        if (found := _DEFINITION.match(line)) and not (
            found[1].casefold() in links and _ADDRESS.match(found[2])
        ):
            line = line.replace("[", r"\[", 1)
        if found := _BULLET.match(line):
            line = f"* {line[found.end() :]}"
        made.append(_no_item().sub(r"\1\\\2", line, count=1))
    return made


def _links(body: str) -> set[str]:
    """The labels that links have. A number alone in brackets is a note's mark, no link."""
    labels = Counter(label.casefold() for label in _LABEL.findall(body))
    alone = {label for label, times in labels.items() if times > 1 and not label.isdecimal()}
    return alone | {label.casefold() for label in _SECOND_LABEL.findall(body)}


@cache
def _no_item() -> re.Pattern[str]:
    """A year or a day at the beginning of a line, whose stop would make it a list's number."""
    names = "|".join(months())
    return re.compile(rf"^([\s>]*(?:\d{{4,9}}|\d{{1,2}}(?=\.\s+(?:{names})\b)))([.)])(?=\s|$)", re.IGNORECASE)


def _paged(lines: list[str]) -> list[str]:
    """The lines with page numbers of their own as elements: between paragraphs, or inside one that a page's
    end cut in two."""
    made: list[str] = []
    cut = ""
    for line, paged in zip(lines, text.with_pages([line.strip() for line in lines]), strict=True):
        if paged.startswith("\f"):
            while made and not made[-1].strip():
                made.pop()
            element = f'<span class="pagenum">{paged.strip()}</span>'
            whole = not made or _STOP.search(made[-1]) or made[-1].startswith(("#", ">", "|"))
            cut = "" if whole else f"{made[-1]} {element}"
            made += ["", element, ""]
        elif cut and line.strip():
            made[-4:] = [f"{cut} {line}"] if line[:1].islower() else [*made[-4:], line]
            cut = ""
        elif not cut:
            made.append(line)
    return made


@cache
def _parser() -> MarkdownIt:
    """Elements are read as parts of lines, so that what stands among them is still Markdown."""
    made = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
    made.disable(["code", "html_block"])
    made.inline.ruler.before("link", "note_mark", _note_mark)
    return made


def _note_mark(state: StateInline, silent: bool) -> bool:
    """The parser's rule for "[^1]": a link to the note of that label, if there is one."""
    found = _NOTE_MARK.match(state.src, state.pos)
    number = state.env["numbers"].get(found[1]) if found else None
    if found is None or number is None:
        return False
    if not silent:
        state.push("html_inline", "", 0).content = f'<a href="#note-{number}">[{number}]</a>'
    state.pos = found.end()
    return True


def _drawn(source: str, width: int, numbers: Mapping[str, str]) -> str | None:
    """Markdown as HTML; None where it nests deeper than the parser follows."""
    env: dict[str, Any] = {"numbers": numbers}
    tokens = _parser().parse(source, env)
    if any(token.level >= _DEEPEST - 1 for token in tokens):
        return None
    _without_long_headings(tokens)
    for token in tokens:
        if token.type == "fence":
            # One word right behind the sign names a language of programs.
            said = f"{token.info}\n{token.content}" if " " in token.info.rstrip() else token.content
            lines = escapeHtml(said).strip("\n").replace("\n", "<br>\n")
            token.type, token.content = "html_block", f"<p>{lines}</p>"
        elif token.type == "inline":
            _settle(token.children or [], not width or text.is_narrow(token.content.split("\n"), width))
    return str(_parser().renderer.render(list(_numbered(tokens)), _parser().options, env))


def _without_long_headings(tokens: list[Token]) -> None:
    """What stands above a line of "---" is a paragraph still where it is long or of several lines."""
    for opened, inside, closed in zip(tokens, tokens[1:], tokens[2:], strict=False):
        long = "\n" in inside.content or len(inside.content) > _LONGEST_HEADING
        if opened.type == "heading_open" and opened.markup in ("-", "=") and long:
            opened.tag = closed.tag = "p"


def _settle(children: list[Token], breaks: bool) -> None:
    """Make an inline's line ends lines where they mean something, and words what is no element of HTML."""
    line = ""
    for place, token in enumerate(children):
        if token.type == "image":
            token.type, token.children = "text", None
        elif token.type == "html_inline" and not _is_element(token.content):
            token.type = "text"
        elif token.type == "softbreak" and breaks:
            after = "".join(item.content for item in children[place + 1 : place + 4])
            if not (len(line) >= _SHORTEST_FULL and after[:1].islower() and not _STOP.search(line)):
                token.type, token.tag = "hardbreak", "br"
        line = "" if token.type == "hardbreak" else (line + token.content)[-_LINE_END:]


def _is_element(tag: str) -> bool:
    found = _ELEMENT.match(tag)
    known = found is not None and found[1].lower() in lists()["markdown"]["elements"]
    return known or tag.startswith("<!--")


def _numbered(tokens: list[Token]) -> Iterator[Token]:
    """The tokens with the numbers of lists as words of their items."""
    for token, following in zip_longest(tokens, tokens[2:]):
        yield token
        if token.type == "list_item_open" and token.info:
            number = Token("text", "", 0, content=f"{token.info}{token.markup} ")
            if following is not None and following.type == "inline":
                following.children = [number, *(following.children or [])]
            else:
                yield replace(number, type="html_block")


def _entitle(sheet: Sheet, titled: bool) -> None:
    """Tell the title by a tag: the first heading of the first level, else the first line if it may be one.

    Other paragraphs and headings have none, for what is below a title is read as in plain text.
    """
    tags = [draft.tag for draft in sheet.blocks]
    for draft in sheet.blocks:
        draft.tag = "" if draft.kind == "heading" or draft.tag == "p" else draft.tag
    if titled:
        return
    first = sheet.blocks[0] if sheet.blocks else None
    if "h1" in tags[:_MOST_ABOVE]:
        sheet.blocks[tags.index("h1")].tag = "h1"
    elif first is not None and (first.kind == "heading" or _parted(sheet)):
        sheet.blocks[0].kind, sheet.blocks[0].tag = "heading", "h1"


def _parted(sheet: Sheet) -> bool:
    """Whether the first line is a title, which is then a block of its own."""
    first = sheet.blocks[0]
    lines = sheet.of(first).split("\n")
    if len(sheet.blocks) == 1:
        at = first.start
        sheet.blocks = []
        for line in lines:
            sheet.blocks.append(replace(first, start=at, end=at + len(line)))
            at += len(line) + 1
    elif len(lines) > 1:
        end = first.start + len(lines[0])
        sheet.blocks[:1] = [replace(first, end=end), replace(first, start=end + 1)]
    return first.kind == "para" and len(sheet.blocks) > 1 and not text.is_said(lines[0])


def _head(sheet: Sheet) -> None:
    """Make headings of lines alone that plain text would have for such."""
    stressed = {mark.start for mark in sheet.marked("emphasis", "bold")}
    sources, listing, before = pattern("notes", "sources"), False, ""
    for draft in sheet.blocks:
        line = sheet.of(draft)
        alone = draft.kind == "para" and not draft.tag and "\n" not in line and draft.start not in stressed
        if alone and text.is_heading(line, before) and (not listing or line.isupper()):
            draft.kind = "heading"
        listing = listing or (draft.kind == "heading" and sources.match(line) is not None)
        before = line

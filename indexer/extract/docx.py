"""DOCX to a Sheet: paragraphs, headings, quotations and notes of a word processor's file."""

import re

from lxml import etree  # type: ignore[import-untyped]

from indexer.extract.packed import Pack, attribute, local
from indexer.extract.writer import Mark, Sheet, Writer

BODY = "word/document.xml"
_NOTES = (("footnote", "word/footnotes.xml"), ("endnote", "word/endnotes.xml"))
_STYLES, _FACTS = "word/styles.xml", "docProps/core.xml"
# What is deleted, what another program would show instead, and codes of fields are no text.
_UNSEEN = frozenset(("del", "moveFrom", "Fallback", "instrText", "delText", "pPr", "rPr"))
_LEVEL = re.compile(r"heading (\d)")


def read(pack: Pack) -> Sheet:
    """The text of a document, its notes at the end. Raises UnreadableFile where its body cannot be had."""
    styles = _styles(pack)
    writer = Writer()
    page = _Page(writer, styles)
    page.walk(pack.tree(BODY))
    for kind, member in _NOTES:
        if member in pack:
            page.write_notes(kind, pack.tree(member))
    return writer.sheet(_facts(pack))


def _styles(pack: Pack) -> dict[str, str]:
    """The English names of styles by their ids, which are in the language of the writer's program."""
    if _STYLES not in pack:
        return {}
    found = {}
    for style in pack.tree(_STYLES).iter("{*}style"):
        names = [attribute(item, "val").lower() for item in style.iterchildren("{*}name")]
        found[attribute(style, "styleId")] = names[0] if names else ""
    return found


def _facts(pack: Pack) -> dict[str, str]:
    facts: dict[str, str] = {}
    if _FACTS in pack:
        for item in pack.tree(_FACTS).iter("{*}title", "{*}creator", "{*}language"):
            key = {"title": "title", "creator": "creator"}.get(local(item), "lang")
            facts[key] = " ".join((item.text or "").split())
    return facts


def _property(run: etree._Element, name: str) -> str:
    """What a run says of its letters under a name: the value, "true" where none is given; empty where it says
    nothing or no."""
    found = run.find(f"{{*}}rPr/{{*}}{name}")
    value = attribute(found, "val") or "true" if found is not None else ""
    return "" if value in ("0", "false", "off") else value


class _Page:
    """Walks a tree of paragraphs and runs; counts the notes in the order of their marks."""

    def __init__(self, writer: Writer, styles: dict[str, str]) -> None:
        self.writer = writer
        self.styles = styles
        self.numbers: dict[tuple[str, str], int] = {}

    def walk(self, element: etree._Element) -> None:
        """Write an element and what is inside; no tree is deeper than the parser allows."""
        name = local(element)
        if not name or name in _UNSEEN:
            return
        if name == "p":
            self._paragraph(element)
        elif name == "r":
            self._run(element)
        elif name == "t":
            self.writer.write(element.text or "")
        elif name in ("footnoteReference", "endnoteReference"):
            self._note_mark(name.removesuffix("Reference"), attribute(element, "id"))
        elif not self._space(name, element):
            self._inside(element)

    def _inside(self, element: etree._Element) -> None:
        for child in element:
            self.walk(child)

    def _space(self, name: str, element: etree._Element) -> bool:
        if name in ("br", "cr"):
            if attribute(element, "type") in ("page", "column"):
                self.writer.space()
            else:
                self.writer.line()
        elif name in ("tab", "ptab"):
            self.writer.space()
        elif name in ("noBreakHyphen", "sym"):
            self.writer.write("-" if name == "noBreakHyphen" else "")
        else:
            return False
        return True

    def _paragraph(self, element: etree._Element) -> None:
        writer = self.writer
        style = self._style(element)
        writer.close()
        before = writer.kind, writer.tag
        if writer.kind != "note":
            level = _LEVEL.match(style)
            if level or style in ("title", "subtitle"):
                writer.kind, writer.tag = "heading", f"h{min(6, int(level.group(1)))}" if level else "h1"
            elif "quote" in style:
                writer.kind = "quote"
            elif element.find("{*}pPr/{*}numPr") is not None:
                writer.kind = "item"
        quoted = writer.mark("quoted") if writer.kind == "quote" else None
        self._inside(element)
        if quoted:
            writer.release(quoted)
        writer.close()
        writer.kind, writer.tag = before

    def _style(self, element: etree._Element) -> str:
        found = element.find("{*}pPr/{*}pStyle")
        name = attribute(found, "val") if found is not None else ""
        return self.styles.get(name, name.lower())

    def _run(self, element: etree._Element) -> None:
        if any(_property(element, name) for name in ("strike", "dstrike", "vanish")):
            said = " ".join(words.text or "" for words in element.iter("{*}t"))
            if _property(element, "vanish"):
                self.writer.leave_out(said)
            else:
                self.writer.withhold("struck", said)
            return
        marks: list[Mark] = []
        if _property(element, "i"):
            marks.append(self.writer.mark("emphasis"))
        if _property(element, "vertAlign") == "superscript":
            marks.append(self.writer.mark("raised"))
        self._inside(element)
        for mark in marks:
            self.writer.release(mark)

    def _note_mark(self, kind: str, number: str) -> None:
        label = self.numbers.setdefault((kind, number), len(self.numbers) + 1)
        mark = self.writer.mark("reference", f"#{kind}-{number}")
        self.writer.write(f"[{label}]")
        self.writer.release(mark)

    def write_notes(self, kind: str, root: etree._Element) -> None:
        """The notes that the text has marks of, each with its number before it."""
        for note in root.iter(f"{{*}}{kind}"):
            key = kind, attribute(note, "id")
            if key not in self.numbers:
                continue
            self.writer.kind = "note"
            self.writer.close()
            name = self.writer.mark("name", f"{kind}-{key[1]}")
            first = True
            for paragraph in note.iterchildren("{*}p"):
                if first:
                    self.writer.write(f"[{self.numbers[key]}] ")
                    self._inside(paragraph)
                    self.writer.close()
                else:
                    self.walk(paragraph)
                first = False
            self.writer.release(name)
            self.writer.kind = "para"

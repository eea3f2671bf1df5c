"""TEI XML to a Sheet: divisions, paragraphs, verse, speeches, notes and page breaks of an edition."""

from lxml import etree  # type: ignore[import-untyped]

from indexer.extract.packed import attribute, local, xml
from indexer.extract.writer import Sheet, Writer
from indexer.models import BlockKind

# Running heads, pictures, and of two readings the editor's: the text is shown as it was printed.
_UNSEEN = frozenset(("teiHeader", "fw", "figDesc", "corr", "reg", "expan", "del", "facsimile", "sourceDoc"))
_BLOCKS: dict[str, BlockKind] = {"head": "heading", "p": "para", "ab": "para", "item": "item", "lg": "verse",
                                 "stage": "para", "bibl": "entry", "byline": "para", "dateline": "para",
                                 "signed": "para", "salute": "para", "titlePart": "heading"}  # fmt: skip
_ITALIC = frozenset(("hi", "emph", "foreign", "title"))


def recognises(raw: bytes) -> bool:
    """Whether the bytes are of an XML file whose root is TEI's."""
    head = raw[:4096].replace(b"\x00", b"")
    return b"<TEI" in head and (b"tei-c.org" in head or b"<?xml" in head)


def read(raw: bytes, name: str) -> Sheet:
    """The text of an edition, its notes at the end. Raises UnreadableFile if the XML is not well formed."""
    root = xml(raw, name)
    page = _Page(Writer())
    page.walk(root)
    page.write_notes()
    return page.writer.sheet(_facts(root))


def _facts(root: etree._Element) -> dict[str, str]:
    facts: dict[str, str] = {}
    for statement in root.iter("{*}titleStmt"):
        for item in statement.iter("{*}title", "{*}author"):
            words = " ".join("".join(map(str, item.itertext())).split())
            facts.setdefault(local(item), words)
    if lang := attribute(root, "lang"):
        facts["lang"] = lang
    return facts


class _Page:
    """Walks the tree; notes are kept for the end, where they do not cut the sentence that they stand in."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.notes: list[tuple[str, etree._Element]] = []
        self.labelled = False

    def walk(self, element: etree._Element) -> None:
        """Write an element and what is inside; no tree is deeper than the parser allows."""
        name = local(element)
        if not name or name in _UNSEEN:
            return
        if name == "pb":
            self._page_break(attribute(element, "n"))
        elif name == "note":
            self._note_mark(element)
        elif name == "sp":
            self._speech(element)
        elif name == "l":
            self.writer.line()
            self._inside(element)
        elif name == "lb":
            if attribute(element, "break") != "no":
                self.writer.space()
        elif name in ("q", "quote", "cit"):
            self._quotation(element)
        elif name in _ITALIC:
            raised = attribute(element, "rend").startswith("sup")
            mark = self.writer.mark("raised" if raised else "emphasis")
            self._inside(element)
            self.writer.release(mark)
        elif name in _BLOCKS:
            self._block(element, _BLOCKS[name])
        else:
            self._inside(element)

    def _inside(self, element: etree._Element) -> None:
        self.writer.write(element.text or "")
        for child in element:
            self.walk(child)
            self.writer.write(child.tail or "")

    def _page_break(self, label: str) -> None:
        if label:
            self.writer.release(self.writer.mark("page", label))

    def _block(self, element: etree._Element, kind: BlockKind) -> None:
        writer = self.writer
        if not self.labelled:
            writer.close()
        self.labelled = False
        before = writer.kind, writer.tag
        if writer.kind in ("para", "entry", "item") or kind == "heading":
            writer.kind = kind
        writer.tag = "h2" if kind == "heading" else ""
        self._inside(element)
        writer.close()
        writer.kind, writer.tag = before

    def _speech(self, element: etree._Element) -> None:
        """A turn: the speaker's name stands before its first words, as it is printed."""
        writer = self.writer
        writer.close()
        before = writer.kind, writer.speaker
        named = element.find("{*}speaker")
        said = " ".join("".join(map(str, named.itertext())).split()) if named is not None else ""
        writer.kind, writer.speaker = "speech", said.strip(" .:") or None
        if said:
            writer.write(said if said[-1] in ".:" else f"{said}:")
            writer.space()
            self.labelled = True
        for child in element:
            if local(child) != "speaker":
                self.walk(child)
        writer.close()
        self.labelled = False
        writer.kind, writer.speaker = before

    def _quotation(self, element: etree._Element) -> None:
        """One of paragraphs or verse is a block, one inside a sentence is not."""
        writer, before = self.writer, self.writer.kind
        block = any(local(item) in ("p", "l", "lg") for item in element.iter())
        if block:
            writer.close()
            writer.kind = "quote"
        quoted = writer.mark("quoted")
        self._inside(element)
        writer.release(quoted)
        if block:
            writer.close()
            writer.kind = before

    def _note_mark(self, element: etree._Element) -> None:
        label = attribute(element, "n") or str(len(self.notes) + 1)
        self.notes.append((label, element))
        mark = self.writer.mark("reference", f"#note-{len(self.notes)}")
        self.writer.write(f"[{label}]")
        self.writer.release(mark)

    def write_notes(self) -> None:
        """The notes in their order, each with its label before it; a note inside a note comes after it."""
        for number, (label, element) in enumerate(self.notes, 1):
            self.writer.close()
            self.writer.kind, self.writer.tag, self.labelled = "note", "", True
            name = self.writer.mark("name", f"note-{number}")
            self.writer.write(f"[{label}] ")
            self._inside(element)
            self.writer.release(name)

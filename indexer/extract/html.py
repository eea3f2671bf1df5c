"""HTML to a Sheet: one walk over the tree, without recursion, guided by the rules of a site.

What is common to all sites is here: which elements make paragraphs, which are never text, how a page
is made safe to parse. What a site does with classes is in its adapter, which gives `Rules`.
"""

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass

from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning
from bs4.element import CData, NavigableString, PageElement, Tag

from indexer.extract.pages import number
from indexer.extract.words import elements, lists, pattern
from indexer.extract.writer import Mark, MarkKind, Sheet, Withheld, Writer
from indexer.models import BlockKind

# Older parsers give up below 256 open elements, and no page that a hand has made needs so many.
DEEPEST = 200
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_KINDS: dict[str, BlockKind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("li", "dt", "dd"), "item"),
    "blockquote": "quote",
}
_MARKS: dict[str, MarkKind] = {
    "i": "emphasis",
    "em": "emphasis",
    "cite": "emphasis",
    "b": "bold",
    "strong": "bold",
    "sup": "raised",
    "q": "quoted",
}
_UNSEEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_ARCHIVE = re.compile(r"(.{3,40}?)(?:[’']s?)?(?: (?:Internet|Works))* Archive")
# An element that is never shown and that every parser knows to be empty.
_NOTHING = "basefont"
# Elements that may hold a whole page.
_WIDE = frozenset(("blockquote", "div", "td"))
# A block quotation that holds more than this share of the page only indents it.
_MOST_QUOTED = 0.5
_MOST_INDENTED = 20
# What holds more than this share of the page's text is no frame around it, whatever its class says.
MOST_SKIPPED = 0.6


@dataclass(frozen=True, slots=True)
class Rules:
    """What an adapter knows of its site: what is no text, what the classes of an element mean, what others
    than the author wrote below the text, and whether a quotation's element may only indent."""

    skip: Callable[[Tag], bool]
    kind: Callable[[Tag], BlockKind | None]
    comments: Callable[[Tag], bool] = lambda tag: False
    indents: bool = True


@dataclass(frozen=True, slots=True)
class _Leave:
    """What to undo at the end of an element."""

    kind: BlockKind
    tag: str
    classes: str
    breaks: bool
    marks: tuple[Mark, ...]
    after: str


def parse(text: str) -> BeautifulSoup:
    """The tree of a page, however it is made: no deeper than DEEPEST, open comments mended."""
    with warnings.catch_warnings():
        # XML that is no TEI is read as a page would be; the reader of the command need not hear of it.
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(_shallow(_closed_comments(text)), "lxml")


def _closed_comments(text: str) -> str:
    """The page without the beginnings of comments that never end, which would swallow the rest of it."""
    end = text.rfind("-->") + 1
    return text[:end] + text[end:].replace("<!--", "")


def _shallow(text: str) -> str:
    """The page with the tags of elements nested too deep made empty ones."""
    if text.count("<") < DEEPEST:
        return text
    depth, flat = 0, elements("flat")

    def flatten(match: re.Match[str]) -> str:
        nonlocal depth
        closing, name = match.groups()
        if name.lower() in flat:
            return match.group()
        too_deep = depth > DEEPEST if closing else depth >= DEEPEST
        depth = max(0, depth + (-1 if closing else 1))
        return f"<{closing}{_NOTHING}" if too_deep else match.group()

    return _TAG.sub(flatten, text)


def read(soup: BeautifulSoup, rules: Rules) -> Sheet:
    """The text of a page with all that its mark-up says of it."""
    writer = Writer()
    write(soup, rules, writer)
    return writer.sheet(_metadata(soup))


def write(soup: BeautifulSoup, rules: Rules, writer: Writer) -> None:
    """Give a page's text to a writer, which may hold other pages already."""
    walk = _Walk(writer, rules, len(soup.get_text()))
    todo: list[PageElement | _Leave] = [soup]
    while todo:
        item = todo.pop()
        if isinstance(item, _Leave):
            walk.leave(item)
        elif isinstance(item, Tag):
            if walk.wanted(item):
                todo.append(walk.enter(item))
                todo.extend(reversed(item.contents))
        elif type(item) is NavigableString or isinstance(item, CData):
            walk.write(item)


class _Walk:
    """Tells the writer what each element means, and takes it back at the element's end."""

    def __init__(self, writer: Writer, rules: Rules, size: int) -> None:
        self.writer = writer
        self.rules = rules
        self.size = size
        self.indents = 0

    def wanted(self, tag: Tag) -> bool:
        """Whether the element holds text; a line break and a page number are written here."""
        if tag.name == "br":
            self.writer.line()
            return False
        if (page := _page_number(tag)) is not None:
            self.writer.release(self.writer.mark("page", page))
            self.writer.space()
            return False
        if reason := self._reason(tag):
            if tag.name in elements("breaks"):
                self.writer.close()
            self.writer.withhold(reason, tag.get_text(" "))
            return False
        if tag.name in elements("never_text") or self._is_frame(tag):
            if tag.name in elements("breaks"):
                self.writer.close()
            if tag.name not in elements("unseen"):
                self.writer.leave_out(tag.get_text(" "))
            return False
        return True

    def _reason(self, tag: Tag) -> Withheld | None:
        """Why an element is not the author's text, if it is not."""
        if self.rules.comments(tag):
            return "comments"
        return "struck" if tag.name in elements("struck") else None

    def _is_frame(self, tag: Tag) -> bool:
        """Whether an element belongs to the frame around the text, or is not shown. What holds most of the
        page is neither, whatever is said of it: a page that is hidden whole is shown by its scripts."""
        return (self.rules.skip(tag) or _is_hidden(tag)) and len(tag.get_text()) < MOST_SKIPPED * self.size

    def write(self, text: NavigableString) -> None:
        """Write running text; the lines of verse as they stand."""
        verse = self.writer.kind == "verse" and text.find_parent("pre") is not None
        for place, line in enumerate(text.split("\n") if verse else [text]):
            if place:
                self.writer.line()
            self.writer.write(line)

    def enter(self, tag: Tag) -> _Leave:
        writer = self.writer
        breaks = tag.name in elements("breaks")
        if breaks:
            writer.close()
        elif tag.name in ("td", "th"):
            writer.space()
        kind = self._kind(tag) if breaks or tag.name in ("td", "th") else None
        marks = self._marks(tag, breaks and kind == "quote")
        leave = _Leave(writer.kind, writer.tag, writer.classes, breaks, marks, _closing(tag))
        if breaks or tag.name in ("td", "th"):
            self._set_kind(tag, kind)
        if tag.name == "q":
            writer.write("“")
        return leave

    def leave(self, leave: _Leave) -> None:
        if leave.after:
            self.writer.write(leave.after)
        for mark in leave.marks:
            self.writer.release(mark)
        if leave.breaks:
            self.writer.close()
        self.writer.kind, self.writer.tag, self.writer.classes = leave.kind, leave.tag, leave.classes

    def _set_kind(self, tag: Tag, kind: BlockKind | None) -> None:
        """The kind of the blocks inside: a note's stay notes, a quotation's stay quotations."""
        writer = self.writer
        writer.tag, writer.classes = tag.name, " ".join(classes(tag)) or writer.classes
        if writer.kind == "note" or kind is None:
            return
        if writer.kind in ("quote", "verse", "item", "heading") and kind in ("para", "item", "heading"):
            return
        writer.kind = kind

    def _kind(self, tag: Tag) -> BlockKind | None:
        kind = self.rules.kind(tag) or _KINDS.get(tag.name)
        # What stands inside a quotation was weighed with it.
        if kind != "quote" or self.writer.kind == "quote" or not self.rules.indents:
            return kind
        indented = tag.name in _WIDE and self._is_layout(tag)
        return None if indented or _is_list_of_links(tag) else kind

    def _is_layout(self, tag: Tag) -> bool:
        """Whether an element only indents the page. A page is indented some times at most."""
        if self.indents >= _MOST_INDENTED:
            return False
        layout = len(tag.get_text()) > _MOST_QUOTED * self.size or tag.find(["h1", "h2"]) is not None
        self.indents += layout
        return layout

    def _marks(self, tag: Tag, quotes: bool) -> tuple[Mark, ...]:
        mark = self.writer.mark
        made = []
        if name := _name(tag):
            made.append(mark("name", name))
        if tag.name == "a" and (href := str(tag.get("href") or "").strip()):
            made.append(mark("reference" if href.startswith("#") else "link", href))
        elif (kind := _MARKS.get(tag.name)) is not None:
            made.append(mark(kind))
        elif quotes:
            made.append(mark("quoted"))
        return tuple(made)


def _is_hidden(tag: Tag) -> bool:
    """Whether the element itself says that it is not shown. What can be unfolded is."""
    folded = tag.get("hidden", "until-found") == "until-found"
    return not folded or _UNSEEN.search(str(tag.get("style", ""))) is not None


def _is_list_of_links(tag: Tag) -> bool:
    """Whether most of an element's text is links, as in a table of contents that is set like a quotation."""
    linked = sum(len(link.get_text()) for link in tag.find_all("a", href=True))
    return 2 * linked > len(tag.get_text())


def _page_number(tag: Tag) -> str | None:
    """The number of the page that begins here, if the element only shows it."""
    if tag.get("class") and has_class(tag, "page", "number"):
        return number(tag.get_text())
    return None


def _closing(tag: Tag) -> str:
    return "”" if tag.name == "q" else ""


def _name(tag: Tag) -> str:
    """By what name links reach the element. An `id` and a `name` that differ are rare: the `id` is taken."""
    name = tag.get("id") or (tag.get("name") if tag.name == "a" else "")
    return str(name or "")


def classes(tag: Tag) -> list[str]:
    """The classes of an element in lower case."""
    value: str | list[str] = tag.get("class") or []
    return [item.lower() for item in (value.split() if isinstance(value, str) else value)]


def has_class(tag: Tag, section: str, key: str) -> bool:
    """Whether any class of the element matches a pattern of the data file from its beginning."""
    found = pattern(section, key)
    return any(found.match(item) for item in classes(tag))


def _metadata(soup: BeautifulSoup) -> dict[str, str]:
    """The page's `title`, `lang` and named `meta` elements; names in lower case, without stray quotes.

    `archives` are the names in links such as "Jane Roe Internet Archive", by which pages lead back.
    """
    facts: dict[str, str] = {}
    if soup.title is not None:
        facts["title"] = " ".join(soup.title.get_text(" ").split())
    if soup.html is not None:
        facts["lang"] = str(soup.html.get("lang") or soup.html.get("xml:lang") or "")
    for meta in soup.find_all("meta"):
        name = str(meta.get("name") or meta.get("property") or meta.get("http-equiv") or "")
        content = " ".join(str(meta.get("content") or "").split())
        key = re.sub(r"[^a-z:.-].*", "", name.lower())
        if key and content:
            facts.setdefault(key, content)
    if (author := soup.select_one(", ".join(lists()["web"]["author"]))) is not None:
        facts.setdefault("author", " ".join(author.get_text(" ").split()))
    if (time := soup.find("time", datetime=True)) is not None:
        facts.setdefault("article:published", str(time["datetime"]))
    links = (" ".join(link.get_text(" ").split()) for link in soup.find_all("a"))
    facts["archives"] = "; ".join(found.group(1) for link in links if (found := _ARCHIVE.fullmatch(link)))
    return facts

"""EPUB to a Sheet: the chapters in the order of the spine, as one text whose links lead within it."""

import posixpath
import re
from typing import Any
from urllib.parse import unquote, urldefrag

from bs4 import BeautifulSoup
from bs4.element import Tag

from indexer.errors import UnreadableFile
from indexer.extract import charset, html, web
from indexer.extract.packed import Pack, attribute, local
from indexer.extract.words import pattern
from indexer.extract.writer import Sheet, Writer

CONTAINER = "META-INF/container.xml"
_PAGES = ("application/xhtml+xml", "text/html", "application/xml", "text/x-oeb1-document")
_FACTS = {"title": "stated", "creator": "author", "language": "lang"}
# Since there are such files a later date may be the file's own, and no year of the book.
_FIRST_FILES = 1990
# A year, where a program filled in a day or an hour; or what a hand wrote.
_YEAR = re.compile(r"(\d{4})(?=-01-01|-\d\d-\d\dT|-\d\d-\d\d |$)|(\d{4}(?:-\d\d){1,2})$")


def read(pack: Pack) -> Sheet:
    """The text of a book. Chapters that its list names and that are missing are named in the metadata's
    `missing`. Raises UnreadableFile where no chapter can be had."""
    root = pack.tree(CONTAINER)
    home = next((attribute(item, "full-path") for item in root.iter() if local(item) == "rootfile"), "")
    package = pack.tree(home)
    facts = _facts(package)
    paths = _spine(package, posixpath.dirname(home))
    held = [path for path in paths if path in pack]
    missing = [path for path in paths if path not in pack]
    if not held:
        raise UnreadableFile(f"{pack.name} has no text: not one of the chapters that it lists is in it.")
    writer = Writer()
    for path in held:
        content = pack.read(path)
        if not content.strip():
            continue
        soup = html.parse(charset.decode(content, f"{path} in {pack.name}"))
        _tie(soup, path)
        html.write(soup, web.RULES, writer)
        writer.close()
    return writer.sheet(facts | ({"missing": ", ".join(missing)} if missing else {}))


def _facts(package: Any) -> dict[str, str]:
    """What the book says of itself: its title, its author, its language, and when it was written."""
    facts: dict[str, str] = {}
    for item in package.iter():
        said = " ".join(item.text.split()) if local(item) in (*_FACTS, "date") and item.text else ""
        if local(item) == "date":
            found = _YEAR.match(said)
            sure = attribute(item, "event") in ("original-publication", "creation")
            if found and (sure or int(said[:4]) < _FIRST_FILES):
                facts.setdefault("written", found[1] or found[2])
        elif said and not pattern("title", "untitled").fullmatch(said):
            facts.setdefault(_FACTS[local(item)], said)
    return facts


def _spine(package: Any, folder: str) -> list[str]:
    """The paths of the chapters inside the book, in reading order, each once."""
    elements = list(package.iter())
    items = {attribute(item, "id"): item for item in elements if local(item) == "item"}
    order = [attribute(item, "idref") for item in elements if local(item) == "itemref"]
    chapters = [items[name] for name in order if name in items]
    pages = [item for item in chapters if attribute(item, "media-type").lower() in _PAGES]
    return list(dict.fromkeys(_inside(attribute(item, "href"), folder) for item in pages))


def _inside(href: str, folder: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(urldefrag(href).url)))


def _tie(soup: BeautifulSoup, path: str) -> None:
    """Give every name of a chapter its chapter's, as links into it have; make page breaks page numbers."""
    for tag in soup.find_all(True):
        if "pagebreak" in (str(tag.get("epub:type")), str(tag.get("role")).removeprefix("doc-")):
            tag["class"] = "pagenum"
            tag.string = str(tag.get("title") or tag.get("aria-label") or tag.get_text())
        for key in ("id", "name"):
            if tag.get(key) and tag.name != "meta":
                tag[key] = f"{path}/{tag[key]}"
        if tag.name == "a" and tag.get("href"):
            _lead(tag, path)


def _lead(tag: Tag, path: str) -> None:
    """Make a link into the book one inside the text."""
    href = str(tag["href"])
    page, _, name = href.partition("#")
    if "://" in href or page.startswith(("mailto:", "javascript:", "data:")):
        return
    target = _inside(page, posixpath.dirname(path)) if page else path
    if name:
        tag["href"] = f"#{target}/{name}"
    else:
        del tag["href"]

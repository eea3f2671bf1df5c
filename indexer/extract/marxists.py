"""Pages of the site marxists.org and its mirrors, of any of its generations of mark-up."""

from bs4 import BeautifulSoup
from bs4.element import Tag

from indexer.extract.html import Rules, has_class
from indexer.extract.navigation import leads_on
from indexer.models import BlockKind

_BLOCKS = frozenset(
    ("p", "div", "td", "blockquote", "table", "ul", "ol", "li", "h3", "h4", "h5", "h6", "section", "dl")
)


def recognises(url: str, soup: BeautifulSoup) -> bool:
    """Whether the page is of this site: by its address, or by marks that all its pages share."""
    if "marxists" in url:
        return True
    if soup.find("p", class_=["toplink", "linkback", "information", "infobot"]) is not None:
        return True
    sheets = (str(link.get("href", "")) for link in soup.find_all("link", rel="stylesheet"))
    return any("css/works" in sheet or sheet.endswith("css/doc.css") for sheet in sheets)


def _kind(tag: Tag) -> BlockKind | None:
    if tag.name not in _BLOCKS or not tag.get("class"):
        return "para" if tag.name == "p" else None
    if has_class(tag, "page", "note") or has_class(tag, "page", "info"):
        return "note"
    if has_class(tag, "page", "quote"):
        return "quote"
    if has_class(tag, "page", "verse"):
        return "verse"
    return "para" if tag.name == "p" else None


RULES = Rules(skip=leads_on, kind=_kind)

"""A reader's note, in Markdown, as HTML that can do nothing: no script, no picture, no style."""

from functools import cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

DEEPEST = 20
"""Quotations and lists within each other; the parser drops what is deeper."""
LONGEST_SHOWN = 3_000
"""Letters of a note that a list shows: a page and a half; the bookmark's own page shows it whole."""

TAGS = {
    "p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


@cache
def _markdown() -> MarkdownIt:
    """CommonMark with tables and strokes, without HTML and pictures: pages load nothing from elsewhere."""
    made = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST}).enable(["table", "strikethrough"])
    return made.disable(["image", "html_inline", "html_block"])


def note_html(note: str) -> Markup:
    """A note as HTML. Its headings are strong lines, for the page has headings of its own; what is nested
    deeper than DEEPEST is shown as it was typed."""
    tokens = _markdown().parse(note)
    if any(token.level >= DEEPEST - 1 for token in tokens):
        return Markup("<p>{}</p>").format(note)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "p"
            token.attrSet("class", "head")
    made = nh3.clean(
        _markdown().renderer.render(tokens, _markdown().options, {}),
        tags=TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}, "p": {"class"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(made)


def beginning(note: str) -> str:
    """As much of a note as a list shows, up to the end of a line or word."""
    if len(note) <= LONGEST_SHOWN:
        return note
    cut = note[:LONGEST_SHOWN]
    return cut[: max(cut.rfind("\n"), cut.rfind(" "), LONGEST_SHOWN // 2)] + " …"

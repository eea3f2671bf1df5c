"""Notes in Markdown: what a reader writes is shown, and nothing of it acts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.bookmarks.notes import DEEPEST, LONGEST_SHOWN, TAGS, beginning, note_html


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("a *b* **c** ~~d~~ `e`", "<p>a <em>b</em> <strong>c</strong> <s>d</s> <code>e</code></p>"),
        ("# Head\n\nbody", '<p class="head">Head</p>\n<p>body</p>'),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>'),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("<b>x</b> & y", "<p>&lt;b&gt;x&lt;/b&gt; &amp; y</p>"),
        ("[a](/work/report)", '<p><a href="/work/report" rel="noopener noreferrer nofollow">a</a></p>'),
        ("<https://example.org/>",
         '<p><a href="https://example.org/" rel="noopener noreferrer nofollow">https://example.org/</a></p>'),
        ("![a picture](https://example.org/x.png)",
         '<p>!<a href="https://example.org/x.png" rel="noopener noreferrer nofollow">a picture</a></p>'),
    ],
)  # fmt: skip
def test_markdown_is_shown(note: str, shown: str) -> None:
    assert note_html(note).strip() == shown


@pytest.mark.parametrize(
    "note",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:x)",
        '[x](https://example.org "onmouseover=alert(1)")',
        "<a href='javascript:alert(1)'>x</a>",
        "[a]: javascript:alert(1)\n\n[a]",
        "<style>*{display:none}</style>",
        "<svg/onload=alert(1)>",
        '<p class="notice">x</p>',
    ],
)
def test_nothing_of_a_note_acts(note: str) -> None:
    made = note_html(note)
    assert set(re.findall(r"<(\w+)", made)) <= TAGS
    for attributes in re.findall(r"<\w+([^>]*)>", made):
        assert re.fullmatch(r'( (href|title|rel)="[^"]*")*', attributes), attributes
    assert all(re.match(r"https?://|mailto:|/", href) for href in re.findall(r'href="([^"]*)"', made))


@pytest.mark.parametrize(
    "deep", ["> " * 500 + "words", "- " * 500 + "words", "[" * 5000 + "words", "*" * 5000 + "words"]
)
def test_what_is_nested_without_end_still_shows_its_words(deep: str) -> None:
    made = note_html(deep)
    assert "words" in made and made.count("<blockquote") <= DEEPEST and made.count("<ul") <= DEEPEST


@given(st.text(st.sampled_from("ab \n*_`[]()<>#>-|!&\"'~:/\\1.")))
def test_whatever_is_typed_only_known_tags_come_out(note: str) -> None:
    assert set(re.findall(r"<(\w+)", note_html(note))) <= TAGS


def test_a_list_shows_the_beginning_of_a_long_note() -> None:
    assert beginning("short") == "short"
    cut = beginning("word " * 5000)
    assert cut.endswith("word …") and len(cut) <= LONGEST_SHOWN + 2
    assert len(beginning("x" * 9000)) <= LONGEST_SHOWN + 2

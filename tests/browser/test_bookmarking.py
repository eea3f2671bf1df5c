"""Bookmarking in chromium: selected words with JavaScript, a paragraph cut down without; many at once."""

from pathlib import Path

import pytest
from looking import Opener
from playwright.sync_api import Page

from web import reader

pytestmark = pytest.mark.browser
WIDE = {"width": 1280, "height": 900}

# Selects the third to the seventh word of the first long stretch of text, but for `cut` letters at both ends,
# as a mouse does; gives the words.
SELECT = """(cut) => {
  const text = document.querySelector("article.text, #source .text");
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const found = node.data.match(/^(\\s*\\S+\\s+\\S+\\s+)((?:\\S+\\s+){4}\\S+)\\s/);
    if (!found || node.data.length < 80) continue;
    const start = found[1].length;
    getSelection().setBaseAndExtent(node, start + cut, node, start + found[2].length - cut);
    return found[2].split(/\\s+/);
  }
}"""


def opened(open_page: Opener, address: str, place: str, javascript: bool = True) -> Page:
    page = open_page(address, viewport=WIDE, java_script_enabled=javascript)
    page.goto(place)
    return page


def newest(archive: Path) -> reader.bookmarks.Bookmark:
    return reader.bookmarks.listed(archive / reader.FILE)[0]


def test_selected_words_of_the_reader_are_bookmarked_whole(
    open_page: Opener, address: str, archive: Path
) -> None:
    page = opened(open_page, address, "/read/inquiry-session-1")
    words = page.evaluate(SELECT, 1)
    link = page.get_by_role("link", name="Bookmark the selected words")
    link.wait_for()
    link.click()
    assert page.get_by_label("The words.").input_value().split() == words
    page.get_by_role("button", name="Bookmark it").click()
    page.get_by_text("Kept.").wait_for()
    made = newest(archive)
    assert made.kind == "passage" and made.exact.split() == words and made.work_id == "inquiry-session-1"


def test_selected_words_of_the_comparison_are_of_the_source(
    open_page: Opener, address: str, archive: Path
) -> None:
    page = opened(open_page, address, "/work/the-minute-that-drowned-the-corisande/quotations")
    page.goto(str(page.locator("a[href^='/quotation/']").first.get_attribute("href")))
    source = page.locator("#source").get_attribute("data-work")
    words = page.evaluate(SELECT, 1)
    page.get_by_role("link", name="Bookmark the selected words").click()
    page.get_by_role("button", name="Bookmark it").click()
    page.get_by_text("Kept.").wait_for()
    made = newest(archive)
    assert made.work_id == source and made.exact.split() == words


def test_the_key_b_keeps_what_is_selected(open_page: Opener, address: str, archive: Path) -> None:
    page = opened(open_page, address, "/read/inquiry-session-1")
    words = page.evaluate(SELECT, 0)
    page.get_by_role("link", name="Bookmark the selected words").wait_for()
    page.keyboard.press("b")
    page.wait_for_url("**/bookmarks/new?**")
    assert page.get_by_label("The words.").input_value().split() == words


def test_the_offer_goes_with_the_selection(open_page: Opener, address: str) -> None:
    page = opened(open_page, address, "/read/inquiry-session-1")
    page.evaluate(SELECT, 0)
    page.locator(".keep-selection").wait_for()
    page.evaluate("getSelection().removeAllRanges()")
    page.locator(".keep-selection").wait_for(state="detached")


def test_without_javascript_a_paragraph_is_cut_down_by_keyboard(
    open_page: Opener, address: str, archive: Path
) -> None:
    page = opened(open_page, address, "/read/inquiry-session-1", javascript=False)
    href = page.locator("a.keep").nth(2).get_attribute("href")
    page.goto(str(href))
    field = page.get_by_label("The words.")
    words = field.input_value().split()
    field.focus()
    field.fill(" ".join(words[1:-1]))
    page.get_by_label("Folder").fill("Browser/Test")
    page.keyboard.press("Tab")
    page.get_by_role("radio", name="green").check()
    page.get_by_role("button", name="Bookmark it").press("Enter")
    made = newest(archive)
    assert (made.exact.split(), made.folder, made.colour) == (words[1:-1], "Browser/Test", "green")


def test_many_are_deleted_and_brought_back_without_javascript(
    open_page: Opener, address: str, archive: Path
) -> None:
    page = opened(open_page, address, "/bookmarks", javascript=False)
    before = reader.bookmarks.count(archive / reader.FILE)
    assert before >= 2
    page.get_by_role("checkbox", name="of this list").check()
    page.get_by_role("button", name="Delete them").click()
    assert reader.bookmarks.count(archive / reader.FILE) == 0
    page.get_by_role("button", name="Undo").click()
    assert f"As before again: {before}" in page.get_by_role("status").first.inner_text()
    assert reader.bookmarks.count(archive / reader.FILE) == before

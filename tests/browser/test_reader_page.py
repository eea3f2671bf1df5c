"""The reader in the browser: its looks, its notes, its keys, with scripts and without."""

import json
from pathlib import Path

import pytest
from looking import WIDTHS, Opener, look
from playwright.sync_api import Page, expect

from indexer import store
from web.appearance import ASPECTS, COOKIE, PARTING

pytestmark = pytest.mark.browser

SIZES = ["small", "huge"]
# A transcript, a book with notes, a chapter, a text in German.
SESSION, NOTED, CHAPTER = (
    "inquiry-session-2",
    "lorne-on-the-rating-of-chronometers",
    "cray-the-stolen-minute-2",
)
GERMAN = "behrendt-die-falsche-minute"


def reader_pages(archive: Path) -> dict[str, str]:
    """The reader's pages by name, each with something of its own."""
    essay = store.Store(store.current(archive / "index")).works(kind="essay", held=True)[0].id
    return {
        "essay": f"/read/{essay}",
        "transcript": f"/read/{SESSION}?speaker=Voss",
        "matches": f"/read/{SESSION}?q=ball",
        "notes": f"/read/{NOTED}",
        "chapter": f"/read/{CHAPTER}",
        "german": f"/read/{GERMAN}",
        "moved": f"/read/{GERMAN}?at=3&words=seven+zebras+yodelled",
        "appearance": "/appearance",
    }


# Pages around the reader; test_flow looks at them in light and dark.
OTHERS = {"work": f"/work/{CHAPTER}", "contents": "/work/inquiry", "works": "/works?sort=year", "start": "/"}


def choose(page: Page, address: str, **choice: str) -> None:
    """Give the browser the cookie of a choice."""
    values = {name: aspect.usual for name, aspect in ASPECTS.items()} | choice
    page.context.add_cookies([{"name": COOKIE, "value": PARTING.join(values.values()), "url": address}])


def press(page: Page, *keys: str) -> None:
    """Press keys once the page listens to them, which its button for them shows."""
    expect(page.locator("#show-keys")).to_be_visible()
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.parametrize("theme", ["light", "dark", "sepia"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_reader_is_accessible(
    open_page: Opener, address: str, archive: Path, theme: str, width: str
) -> None:
    page = open_page(address, viewport={"width": WIDTHS[width], "height": 900})
    choose(page, address, theme=theme)
    others = OTHERS if theme == "sepia" else {}
    for name, path in (reader_pages(archive) | others).items():
        page.goto(path)
        look(page, f"reading-{name}-{width}-{theme}")


@pytest.mark.parametrize("size", SIZES)
def test_letters_of_any_size_fit_a_phone(open_page: Opener, address: str, archive: Path, size: str) -> None:
    page = open_page(address, viewport={"width": 320, "height": 900})
    choose(page, address, size=size, width="full", face="sans")
    for name, path in (reader_pages(archive) | OTHERS).items():
        page.goto(path)
        look(page, f"reading-{name}-{size}")


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_a_look_is_chosen_beside_the_text(open_page: Opener, address: str, javascript: bool) -> None:
    page = open_page(address, java_script_enabled=javascript, color_scheme="dark")
    page.goto(f"/read/{NOTED}?q=chronometer")
    page.get_by_text("Letters and colours").click()
    page.get_by_label("sepia").check()
    page.get_by_label("very large").check()
    page.get_by_role("button", name="Use these").click()
    expect(page).to_have_url(f"{address}/read/{NOTED}?q=chronometer")
    expect(page.locator("html")).to_have_attribute("data-theme", "sepia")
    expect(page.locator("body")).to_have_css("background-color", "rgb(244, 236, 216)")
    expect(page.locator("html")).to_have_css("font-size", "22.4px")


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_a_note_opens_at_its_mark(open_page: Opener, address: str, javascript: bool) -> None:
    page = open_page(address, java_script_enabled=javascript)
    page.goto(f"/read/{NOTED}")
    mark = page.locator("button.note-mark").first
    note = page.locator(f"#{mark.get_attribute('popovertarget')}")
    expect(note).to_be_hidden()
    mark.press("Enter")
    expect(note).to_be_visible()
    look(page, f"reading-note-{javascript}") if javascript else None
    note.get_by_role("link", name="among the notes").click()
    expect(page.locator(".para.note:target")).to_be_in_viewport()
    page.locator(".para.note:target a.back").first.click()
    expect(mark).to_be_in_viewport()


def test_what_lies_between_turns_opens_without_scripts(open_page: Opener, address: str) -> None:
    page = open_page(address, java_script_enabled=False)
    page.goto(f"/read/{SESSION}")
    page.get_by_role("navigation", name="Speakers").get_by_role("link").first.click()
    fold = page.locator("details.between").first
    expect(fold.locator(".para").first).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.locator(".para").first).to_be_visible()


def test_the_keys_walk_through_matches(open_page: Opener, address: str) -> None:
    page = open_page(address)
    page.goto(f"/read/{SESSION}?q=ball")
    hits = page.locator("mark.hit[id]")
    for number in (0, 1, 2):
        press(page, "j")
        expect(hits.nth(number)).to_be_focused()
        expect(hits.nth(number)).to_be_in_viewport()
    page.keyboard.press("k")
    expect(hits.nth(1)).to_be_focused()


def test_search_compare_bookmark_by_keyboard_alone(open_page: Opener, address: str) -> None:
    page = open_page(address)
    page.goto("/")
    press(page, "/")
    page.keyboard.type("minute")
    page.keyboard.press("Enter")
    expect(page.locator("ol.hits")).to_be_visible()
    press(page, "j", "j")
    expect(page.locator("ol.hits a[data-stop]").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("mark.hit").first).to_be_visible()
    press(page, "/")
    expect(page.get_by_label("Words in this text")).to_be_focused()
    page.goto("/read/the-minute-that-drowned-the-corisande")
    press(page, "j", "j")
    expect(page.locator("a.quotation[data-stop]").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="In the essay")).to_be_visible()
    first = page.url
    press(page, "j")
    expect(page).not_to_have_url(first)
    press(page, "k")
    expect(page).to_have_url(first)
    press(page, "b")
    expect(page.get_by_role("button", name="Bookmark it")).to_be_visible()
    page.goto(f"/read/{SESSION}#p5")
    press(page, "b")
    expect(page.get_by_role("heading", name="Bookmark a paragraph")).to_be_visible()
    page.get_by_role("button", name="Bookmark it").press("Enter")
    page.goto(f"/read/{SESSION}")
    expect(page.locator("mark.own-words").first).to_be_visible()
    expect(page.locator("p.own a")).to_have_text("your bookmark")
    page.goto("/bookmarks")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Markdown").first.press("Enter")
    assert "Inquiry" in saved.value.path().read_text(encoding="utf8")


def test_the_keys_are_told_and_can_be_switched_off(open_page: Opener, address: str) -> None:
    page = open_page(address)
    page.goto("/help")
    press(page, "?")
    told = page.locator("#keys-help")
    expect(told).to_be_visible()
    expect(told).to_contain_text("to the next match or quotation")
    page.keyboard.press("Escape")
    expect(told).to_be_hidden()
    page.locator("input[name=q]").fill("a")
    page.locator("input[name=q]").press("?")
    expect(told).to_be_hidden()
    expect(page.locator("input[name=q]")).to_have_value("a?")
    choose(page, address, keys="off")
    page.goto("/help")
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.locator("input[name=q]")).not_to_be_focused()


def test_a_block_of_data_is_not_run_and_no_rule_of_the_pages_is_broken(
    open_page: Opener, address: str
) -> None:
    page = open_page(address)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/quotation/the-minute-that-drowned-the-corisande-002")
    data = page.locator("script[type='application/ld+json']").text_content()
    assert data and json.loads(data)["@type"] == "Quotation"
    page.goto(f"/read/{NOTED}")
    assert said == []

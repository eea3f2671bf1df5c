"""Suggestions while typing by the keyboard alone, and the list of past searches that only the browser has."""

import pytest
from looking import Opener, look
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
BOX = "Search essays and sources"


def test_suggestions_by_keyboard(open_page: Opener, address: str) -> None:
    page = open_page(address)
    page.goto("/help")
    box = page.get_by_role("combobox", name=BOX)
    box.press_sequentially("the chronom")
    expect(page.get_by_role("option").first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    first = page.get_by_role("option").first.text_content() or ""
    assert first.startswith("the chronom")
    box.press("ArrowDown")
    expect(box).to_have_value(first)
    active = box.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    look(page, "suggestions")
    box.press("Escape")
    expect(box).to_have_value("the chronom")
    expect(page.get_by_role("listbox")).to_be_hidden()
    box.press_sequentially("e")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.locator("mark.hit").first).to_be_visible()


def test_a_suggestion_is_clicked(open_page: Opener, address: str) -> None:
    page = open_page(address)
    page.goto("/help")
    page.get_by_label(BOX).press_sequentially("chronom")
    page.get_by_role("option").first.click()
    expect(page.locator("mark.hit").first).to_be_visible()


def test_under_a_path_of_a_larger_site_scripts_ask_there(open_page: Opener, under_a_path: str) -> None:
    page = open_page(under_a_path)
    page.goto(f"{under_a_path}/help")
    page.get_by_label(BOX).press_sequentially("chronom")
    expect(page.get_by_role("option").first).to_be_visible()
    page.goto(f"{under_a_path}/search?q=ball")
    page.goto(f"{under_a_path}/searches")
    page.locator("#history ol li").first.get_by_role("link").click()
    expect(page).to_have_url(f"{under_a_path}/search?q=ball")
    page.goto(f"{under_a_path}/read/inquiry-session-1")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.para p'))")
    page.get_by_role("link", name="Bookmark the selected words").click()
    assert page.url.startswith(f"{under_a_path}/bookmarks/new?")


def test_past_searches_stay_in_the_browser_and_can_be_forgotten(open_page: Opener, address: str) -> None:
    page = open_page(address)
    page.goto("/search?q=chronometer&kind=source")
    page.goto("/search?q=ball")
    page.goto("/search?q=ball&page=2")
    page.goto("/searches")
    past = page.locator("#history ol li")
    expect(past).to_have_count(2)
    expect(past.nth(0)).to_contain_text("ball")
    expect(past.nth(1)).to_contain_text("sources")
    look(page, "past-searches")
    past.nth(1).get_by_role("link").click()
    expect(page).to_have_url(f"{address}/search?q=chronometer&kind=source")
    page.goto("/searches")
    page.get_by_role("button", name="Forget them all").click()
    expect(past).to_have_count(0)
    page.get_by_label("Remember what I search for").uncheck()
    page.goto("/search?q=ball")
    page.goto("/searches")
    expect(past).to_have_count(0)
    expect(page.get_by_label("Remember what I search for")).not_to_be_checked()


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_a_search_is_saved_edited_and_deleted(open_page: Opener, address: str, javascript: bool) -> None:
    page = open_page(address, java_script_enabled=javascript)
    page.goto("/search?q=ball&kind=source")
    page.locator("summary", has_text="Save this search").click()
    page.get_by_label("Name", exact=True).fill("The ball")
    page.get_by_role("button", name="Save it").click()
    expect(page.get_by_role("heading", name="The ball")).to_be_visible()
    look(page, "saved-searches") if javascript else None
    page.locator("summary", has_text="Edit").click()
    page.get_by_label("Query", exact=True).fill("ball OR wire")
    page.get_by_role("button", name="Keep it so").click()
    expect(page.get_by_text("ball OR wire").first).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="The ball")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="The ball")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="The ball")).to_have_count(0)

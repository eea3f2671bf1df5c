"""What the tests do with a page in the browser: keep a picture, hold it to WCAG and the window."""

from pathlib import Path
from typing import Protocol

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Shown windows are kept here, to be looked at.
SHOTS = Path(__file__).parent / "shots"
WIDTHS = {"narrow": 320, "wide": 1280}
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


class Opener(Protocol):
    """The fixture `open_page`: a new page, in a context of its own, at the site `address`."""

    def __call__(self, address: str, **context: object) -> Page: ...


def look(page: Page, name: str) -> None:
    """Keep what is shown, and fail if it breaks a rule of WCAG or is wider than the window."""
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
    found = Axe().run(page, options=WCAG).response["violations"]
    assert not found, (name, [(v["id"], [n["html"] for n in v["nodes"]][:3]) for v in found])
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{name} is {overflow} pixels wider than the window"

"""A browser and a served archive for the tests beside this: Debian's chromium, the sample.

Where there is no chromium the tests are skipped, saying so; with LOCCIT_BROWSER=required it fails them.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from looking import Opener
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from waitress import create_server

from web import create_app

CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("LOCCIT_BROWSER") == "required":
            pytest.fail("chromium is not installed, and LOCCIT_BROWSER=required")
        pytest.skip("chromium is not installed: apt-get install chromium")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Opener]:
    """Opens pages and closes them after the test, which fails if one of them asked another host for anything.

    Contexts are closed, not pages: chromium may forget to close a page that is just going to another, and to
    wait for that takes forever (https://issues.chromium.org/issues/536385539).
    """
    opened: list[BrowserContext] = []
    asked: list[tuple[str, str]] = []

    def open_page(address: str, **options: object) -> Page:
        context = browser.new_context(base_url=address, **options)  # type: ignore[arg-type]
        context.on("request", lambda request: asked.append((request.url, address)))
        opened.append(context)
        return context.new_page()

    yield open_page
    for context in opened:
        context.close()
    strange = [url for url, address in asked if not url.startswith(address)]
    assert not strange, strange


@pytest.fixture(scope="module")
def archive(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample archive that may be written to."""
    return Path(shutil.copytree(sample, tmp_path_factory.mktemp("served") / "archive"))


@pytest.fixture(scope="module")
def address(archive: Path) -> Iterator[str]:
    with served(archive) as address:
        yield address


@pytest.fixture(scope="module")
def under_a_path(archive: Path) -> Iterator[str]:
    """The address of the archive where it is a part of a larger site."""
    with served(archive, "/loccit") as address:
        yield address


@contextmanager
def served(archive: Path, prefix: str = "") -> Iterator[str]:
    server = create_server(create_app(archive), host="127.0.0.1", port=0, url_prefix=prefix)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}{prefix}"
    server.close()

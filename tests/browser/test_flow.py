"""A reader searches, opens a quotation, compares it and bookmarks it; and no page breaks a rule of WCAG."""

from pathlib import Path
from urllib.parse import urlencode

import pytest
from looking import WIDTHS, Opener, look
from playwright.sync_api import expect

from indexer import store, verdict

pytestmark = pytest.mark.browser

# What is not answered by a page that is there.
STATUS = {"query-error": 400, "not-there": 404, "find-too-little": 400}


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_search_compare_bookmark(open_page: Opener, address: str, archive: Path, javascript: bool) -> None:
    records = store.Store(store.current(archive / "index"))
    quoted = next(f for f in records.findings() if f.verdict.name == "abridged" and f.alignment)
    assert quoted.alignment is not None
    place = quoted.alignment.place
    first = " ".join(records.document(place.work_id).text[place.span.start :].split()[:4])
    page = open_page(address, java_script_enabled=javascript)

    page.goto("/")
    page.locator("form.search input[name=q]").first.fill(f'"{first}"')
    page.get_by_role("button", name="Search").first.click()
    expect(page.locator("mark.hit").first).to_contain_text(first.split()[0])

    link = page.locator("a[href*='/quotation/']").first
    finding = records.finding(str(link.get_attribute("href")).rpartition("/")[2])
    link.click()
    expect(page.locator(".verdict strong")).to_have_text(f"{finding.verdict.name.capitalize()}.")
    expect(page.get_by_text(verdict.RULES[finding.verdict.name])).to_be_visible()
    expect(page.locator("section.sheet")).to_have_count(2)

    page.locator("summary", has_text="Bookmark").click()
    page.get_by_label("Note").last.fill("<script>alert('x')</script> seen")
    page.get_by_label("Tags").fill("affair, minutes")
    page.get_by_role("button", name="Bookmark it").click()
    page.goto("/bookmarks")
    expect(page.get_by_text("<script>alert('x')</script> seen").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_are_accessible(
    open_page: Opener, address: str, archive: Path, scheme: str, width: str
) -> None:
    page = open_page(address, color_scheme=scheme, viewport={"width": WIDTHS[width], "height": 900})
    for name, path in pages(archive).items():
        answer = page.goto(path)
        assert answer is not None and answer.status == STATUS.get(name, 200), path
        look(page, f"{name}-{width}-{scheme}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_a_checked_text_is_accessible(
    open_page: Opener, address: str, archive: Path, scheme: str, width: str
) -> None:
    records = store.Store(store.current(archive / "index"))
    essay = records.works(kind="essay", held=True)[0].id
    page = open_page(address, color_scheme=scheme, viewport={"width": WIDTHS[width], "height": 900})
    page.goto("/check")
    page.get_by_label("Your text").fill(records.document(essay).text)
    page.get_by_role("button", name="Check it", exact=True).click()
    expect(page.locator("section.checked").first).to_be_visible()
    expect(page.get_by_role("link", name="Check another text")).to_be_visible()
    look(page, f"checked-{width}-{scheme}")


def pages(archive: Path) -> dict[str, str]:
    """One page of each kind by its name."""
    records = store.Store(store.current(archive / "index"))
    essay = records.works(kind="essay", held=True)[0].id
    kinds = {f.verdict.name: f.quotation.id for f in records.findings()}
    source = next(iter(records.quoted_counts()))
    found = next(f for f in records.findings() if f.verdict.name == "altered").text
    fixed = {
        "start": "/", "works": "/works", "work": f"/work/{source}", "search": "/search?q=the+ball",
        "search-works": "/search?q=the+ball&group=work",
        "search-lines": "/search?q=ball&view=kwic", "search-chart": "/search?q=ball&view=chart",
        "search-narrowed": "/search?q=the&kind=source&without=author:Lorne&without=year:1900",
        "queries": "/batch?queries=ball%0A%22open%0Achronometr",
        "quotations": f"/batch?{urlencode({'of': 'quotations', 'queries': found})}",
        "values": "/search/values?q=the&facet=author", "searches": "/searches",
        "search-unknown": "/search?q=ball+or+wire&author=nobody&without=kind:x",
        "query-error": '/search?q="open', "read-essay": f"/read/{essay}", "read-source": f"/read/{source}",
        "report": f"/work/{essay}/quotations", "reports": "/reports", "bookmarks": "/bookmarks",
        "help": "/help", "not-there": "/nowhere", "check": "/check",
        "find": f"/find?{urlencode({'text': found})}", "find-nothing": "/find?text=seven+zebras+yodelled",
        "find-too-little": "/find?text=seven",
    }  # fmt: skip
    return fixed | {f"compare-{name}": f"/quotation/{number}" for name, number in kinds.items()}

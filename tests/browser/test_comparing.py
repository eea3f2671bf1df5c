"""What the comparison does in a browser: ties that answer, context in place, copies, print, judgements."""

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from looking import Opener, look
from playwright.sync_api import Page, expect

from indexer import store
from indexer.extract import extract
from indexer.models import Finding, Span, Work
from web.outward import original

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def findings(archive: Path) -> list[Finding]:
    return store.Store(store.current(archive / "index")).findings()


def one(findings: list[Finding], verdict: str) -> str:
    """The longest quotation of a verdict."""
    return max((f for f in findings if f.verdict.name == verdict), key=lambda f: len(f.text)).quotation.id


def colour(page: Page, selector: str) -> str:
    told = page.locator(selector).evaluate("one => getComputedStyle(one).backgroundColor")
    assert isinstance(told, str)
    return told


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_pointing_at_words_shows_their_fellows(
    open_page: Opener, address: str, findings: list[Finding], javascript: bool
) -> None:
    page = open_page(address, java_script_enabled=javascript)
    page.goto(f"/quotation/{one(findings, 'abridged')}")
    before = colour(page, "#s1")
    page.locator("#e1 a").hover()
    assert colour(page, "#s1") != before
    page.mouse.move(0, 0)
    assert colour(page, "#s1") == before
    page.locator("#e1 a").focus()
    assert colour(page, "#s1") != before
    page.keyboard.press("Enter")
    assert page.url.endswith("#s1")


@pytest.mark.parametrize(("kind", "marked"), [("omitted", True), ("omitted", False), ("replaced", False)])
def test_changes_that_are_links_are_told_from_the_words_around_them(
    open_page: Opener, address: str, findings: list[Finding], kind: str, marked: bool
) -> None:
    """By a line of their own: some had only a colour, and axe holds that links in a text need more."""
    with_it = [f for f in findings if any(c.kind == kind and c.marked == marked for c in f.verdict.changes)]
    page = open_page(address)
    page.goto(f"/quotation/{max(with_it, key=lambda f: len(f.verdict.changes)).quotation.id}")
    look(page, f"changes-{kind}-{marked}")


def test_tied_words_are_one_stop_and_arrows_move_among_them(
    open_page: Opener, address: str, findings: list[Finding]
) -> None:
    page = open_page(address)
    page.goto(f"/quotation/{one(findings, 'abridged')}")
    assert page.locator("#essay a.tie[tabindex='0']").count() == 1
    page.locator("#essay a.tie").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#essay a.tie").nth(1)).to_be_focused()


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_more_context_keeps_the_place(
    open_page: Opener, address: str, findings: list[Finding], javascript: bool
) -> None:
    page = open_page(address, java_script_enabled=javascript)
    page.goto(f"/quotation/{one(findings, 'abridged')}")
    shown = page.locator("#source .said").count()
    kept = page.locator("#s1")
    top = kept.bounding_box()
    link = page.locator("#source a.more").first
    target = str(link.get_attribute("href")).partition("#")[2]
    link.click()
    expect(page.locator("#source .said")).to_have_count(shown + 1)
    if javascript:
        now = kept.bounding_box()
        assert top and now and abs(top["y"] - now["y"]) < 2
        assert "above=2" in page.url
    else:
        assert page.url.endswith(f"#{target}") and page.locator(f"#{target}").count() == 1


def test_a_copy_is_made_with_its_citation(open_page: Opener, address: str, findings: list[Finding]) -> None:
    page = open_page(address, permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"/quotation/{one(findings, 'verbatim')}")
    page.locator("summary", has_text="Copy with citation").click()
    page.get_by_role("button", name="Copy", exact=True).first.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("textarea[data-copy]").first.input_value() and "— quoted in" in copied


def test_print_shows_both_texts_with_what_was_folded(
    open_page: Opener, address: str, findings: list[Finding]
) -> None:
    page = open_page(address)
    page.goto(f"/quotation/{one(findings, 'abridged')}")
    page.emulate_media(media="print")
    for wanted in (".verdict", "#essay .said", "#source .said", ".hidden"):
        expect(page.locator(wanted).first).to_be_visible()
    for unwanted in ("header.site", "footer.site", ".actions", ".judging details", "a.more"):
        expect(page.locator(unwanted).first).to_be_hidden()


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_a_reader_judges_corrects_and_takes_it_back(
    open_page: Opener, address: str, findings: list[Finding], archive: Path, javascript: bool
) -> None:
    records = store.Store(store.current(archive / "index"))
    quoted = next(f for f in findings if f.verdict.name == "verbatim" and f.in_cited_work)
    assert quoted.alignment
    wrong = next(w for w in records.works(kind="source", held=True) if w.id != quoted.alignment.place.work_id)
    page = open_page(address, java_script_enabled=javascript)
    page.goto(f"/quotation/{quoted.quotation.id}")
    page.locator("summary", has_text="I judge otherwise").click()
    page.get_by_label("unclear").check()
    page.locator(".judging textarea").fill("not sure")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Whether the finding is right is unclear.")).to_be_visible()

    page.get_by_role("link", name="Name the right work").click()
    page.get_by_label("Author, title or year").fill(wrong.title)
    page.get_by_role("button", name="Find works").click()
    page.locator("button", has_text=f"This is the work: {wrong.title}").first.click()
    expect(page.get_by_text("By your correction", exact=True)).to_be_visible()
    expect(page.get_by_text("not in the cited work").first).to_be_visible()
    if javascript:
        look(page, "corrected")

    page.locator(".judging .notice button").click()
    expect(page.locator(".correction")).to_have_count(0)
    expect(page.get_by_text("Whether the finding is right is unclear.")).to_be_visible()
    page.goto("/judgements")
    if javascript:
        look(page, "judgements")
    page.get_by_role("button", name="Take it away").click()
    expect(page.get_by_text("Taken away.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_form_of_a_correction_is_accessible(
    open_page: Opener, address: str, findings: list[Finding], scheme: str, width: int
) -> None:
    page = open_page(address, color_scheme=scheme, viewport={"width": width, "height": 900})
    for query in ("", "?q=the", "?work=nothing"):
        page.goto(f"/quotation/{one(findings, 'altered')}/judgement{query}")
        look(page, f"correcting-{len(query)}-{width}-{scheme}")


# The link out


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Another host: a folder whose pages it serves, and its address."""
    folder = tmp_path_factory.mktemp("elsewhere")
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


ODD = """<p>{filler}</p>
<p>It was said,&nbsp;more than once&mdash;and by whom?&mdash;that &ldquo;the pier, (so-called) is a
50&thinsp;% loss &amp; no more&rdquo;: caf&eacute;-talk, na&iuml;ve #hash, a+b=c, 100%&#8209;sure.</p>
<p>{filler}</p>
<p>The <i>second</i> pass&shy;age runs over<br>a broken line<sup>[2]</sup> and <b>on</b>, past a note.</p>
<p>{filler}</p><p>The pier, again.</p><p>{filler}</p>"""


TOP_OF = """word => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(word);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + 1);
    return range.getBoundingClientRect().top;
  }
}"""
"""Where a word first stands in the window."""


@pytest.mark.parametrize(
    "passage",
    [
        "said,\xa0more than once—and by whom?",
        "the pier, (so-called)",
        "(so-called) is a\n50\u2009% loss & no more”: café-talk",
        "café-talk, naïve #hash, a+b=c, 100%‑sure",
        "a+b=c",
        "runs over\na broken line[2] and on, past",
        "second pass\xadage",
        "past a note.",
    ],
)
def test_the_link_out_opens_the_page_at_the_very_words(
    open_page: Opener, elsewhere: tuple[Path, str], passage: str
) -> None:
    """Words with the signs of a fragment, of addresses, of print: chromium finds them and goes there."""
    folder, host = elsewhere
    filler = "<br>".join(["Nothing is said of it here."] * 60)
    raw = f"<!doctype html><meta charset=utf-8><title>Odd</title>{ODD.format(filler=filler)}"
    (folder / "odd.html").write_text(raw, "utf8")
    work = Work("odd", "c", "source", "Odd", url=f"{host}/odd.html", file="odd.html")
    document = extract(work, raw.encode())
    start, end = (found(document.text, words) for words in (passage.split()[0], passage.split()[-1]))
    link = original(document, Span(start[0], end[1] if end[1] > start[0] else len(document.text)))
    assert link and ":~:text=" in link
    page = open_page(host, viewport={"width": 600, "height": 400})
    page.goto(link)
    page.wait_for_function("scrollY > 0", timeout=5000)
    top = page.evaluate(TOP_OF, passage.split()[0])
    assert 0 <= top <= 400


def found(text: str, words: str) -> tuple[int, int]:
    at = text.index(words)
    return at, at + len(words)

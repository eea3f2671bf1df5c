"""The command: its report, its options, its exit codes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from loopback import ROOT, Site, contents_page, listed

from indexer import catalogue
from indexer.build import build
from indexer.fetch import (
    Outcome,
    Selection,
    addresses,
    choosing,
    manners,
    planned,
    transport,
)
from indexer.fetch.visiting import REDIRECTS
from loccit import main


def command(raw: Path, *words: str) -> Any:
    return CliRunner().invoke(main, ["--archive", str(raw.parent), "fetch", *words])


def test_the_command_reports_every_address(raw: Path, site: Site, hasty: None) -> None:
    site.pages |= {"/a": b"<p>a", "/b": (200, {"Content-Type": "image/gif"}, b"GIF")}
    listed(raw, {"a": site.url("/a"), "b": site.url("/b"), "c": site.url("/c")})
    result = command(raw, "--allow-private")
    assert result.exit_code == 1
    assert re.findall(r"^(\S+) +http\S+/(\w)", result.output, re.M) == [
        ("fetched", "a"), ("not-a-text", "b"), ("gone", "c"),
    ]  # fmt: skip
    assert "1 fetched, 1 gone, 1 not-a-text. Next: loccit index" in result.output
    again = command(raw, "--json", "--allow-private", "a")
    assert again.exit_code == 0
    assert json.loads(again.stdout)["status"] == "unchanged"
    assert set(json.loads(again.stdout)) == set(Outcome.__dataclass_fields__) | {"verdicts"}


def test_what_a_server_says_does_not_reach_the_terminal_as_it_is(raw: Path, site: Site, hasty: None) -> None:
    site.pages["/a"] = lambda h: h.raw(b"HTTP/1.1 418 \x1b[2J" + b"x" * 5000 + b"\r\n\r\n")
    listed(raw, {"a": site.url("/a")})
    result = command(raw, "--allow-private")
    assert "418 �[2Jx" in result.output and "\x1b" not in result.output and len(result.output) < 300


EDITIONS = [
    ("He said {0}. Then {1}.", []),
    ("Then, {1}.", [("essay-001", "verbatim", None)]),
    (
        "He said the lamps along the west quay were out and no keeper had been seen there since the noon"
        " tide. Then {1}.",
        [("essay-001", "verbatim", "altered")],
    ),
    ("{1}. {0}.", []),
    ("Nothing of it all is left here.", [("essay-001", "verbatim", None), ("essay-002", "verbatim", None)]),
]


@pytest.mark.parametrize("edition, changed", EDITIONS)
def test_a_new_edition_names_the_quotations_whose_verdict_it_changes(
    raw: Path, site: Site, hasty: None, edition: str, changed: list[tuple[str, str, str | None]]
) -> None:
    words = [
        "the lamps along the east quay were out and no keeper had been seen there since the noon tide",
        "nobody had rung the bell before the tide",
    ]
    texts = [f"<p>{template.format(*words)} It ends here.".encode() for template in (EDITIONS[0][0], edition)]
    site.pages["/a"] = [texts[0], texts[1] + b"<p>Second edition."]
    listed(raw, {"a": site.url("/a")})
    (raw.parent / "essay.txt").write_text(
        f"An essay\n\nHe wrote: “{words[0]}” and “{words[1]}” in one letter.\n"
    )
    catalogue.add(raw, [raw.parent / "essay.txt"], "essay")
    command(raw, "--allow-private")
    build(raw, raw.parent / "index", jobs=1)
    row = json.loads(command(raw, "--allow-private", "--refresh", "--json").stdout)
    told = [(v["quotation"], v["was"], v["now"]) for v in row["verdicts"]]
    assert (row["status"], told) == ("edition", changed)
    # What was foreseen is what the index then finds: no words at all are a verdict without a place.
    found = build(raw, raw.parent / "index", jobs=1).revised
    assert [(r.quotation_id, r.was, r.now if r.source else None) for r in found] == told


def test_the_command_refuses_this_machine(raw: Path, site: Site) -> None:
    listed(raw, {"a": site.url("/a")})
    result = command(raw)
    assert result.exit_code == 1 and "refused-address" in result.output and site.asked == []


@pytest.mark.parametrize(
    "words, code, said",
    [
        (("--no-such",), 2, "No such option"),
        (("nobody",), 1, "no work “nobody”"),
        (("--essay", "nobody"), 1, "no work “nobody”"),
        (("--max-size", "0"), 2, "--max-size"),
        ((), 0, "There is nothing to fetch."),
    ],
)
def test_exit_codes(raw: Path, words: tuple[str, ...], code: int, said: str) -> None:
    listed(raw, {})
    result = command(raw, *words)
    assert (result.exit_code, said in result.output) == (code, True), result.output


def test_the_page_on_fetching_names_every_outcome_and_option() -> None:
    text = (ROOT / "docs/fetch.md").read_text(encoding="utf8")
    for name in ("verdicts", *Outcome.__dataclass_fields__):
        assert f"`{name}`" in text, name
    for status in transport.NotHad.__init__.__globals__["Status"].__args__:
        assert f"`{status}`" in text, status
    for option in main.commands["fetch"].params:
        assert all(name in text for name in option.opts if name.startswith("--")), option.opts
    for number in (manners.TRIES, REDIRECTS, choosing.MOST_CHAPTERS, f"{manners.LONGEST_WAIT:g}"):
        assert re.search(rf"\b{number}\b", text), number


# --- what would be asked -------------------------------------------------------------------------


def test_a_dry_run_asks_nothing_and_says_of_whom_it_would(raw: Path, site: Site) -> None:
    listed(raw, {"a": site.url("/a"), "b": site.url("/b"), "c": "http://c.example/x", "bad": "http://1.1/x"})
    result = command(raw, "--dry-run")
    assert result.exit_code == 1 and site.asked == []
    assert re.findall(r"^(\S+) +http\S+/(\w)", result.output, re.M) == [
        ("wanted", "a"), ("wanted", "b"), ("wanted", "x"), ("refused-address", "x"),
    ]  # fmt: skip
    assert f"    2  127.0.0.1:{site.port}\n    1  c.example\n2 hosts: 3 seconds at least" in result.output
    rows = [json.loads(line) for line in command(raw, "--dry-run", "--json", "b").stdout.splitlines()]
    assert [(row["work"], row["status"]) for row in rows] == [("b", "wanted")]
    assert [p for p in raw.rglob("*") if p.is_file()] == [raw / "papers/catalogue.toml"]


def test_a_dry_run_knows_what_is_held(raw: Path, site: Site, hasty: None) -> None:
    site.pages |= {"/book/index.html": contents_page("ch01.html", "ch02.html"), "/book/ch01.html": b"<p>1"}
    listed(raw, {"book": site.url("/book/index.html")})
    assert "1 wanted" in command(raw, "--dry-run", "--recursive").output
    command(raw, "--allow-private")
    assert "There is nothing to fetch" in command(raw, "--dry-run").output
    assert "2 wanted" in command(raw, "--dry-run", "--recursive").output
    assert "1 wanted" in command(raw, "--dry-run", "--refresh").output


@pytest.mark.parametrize(
    "hosts, seconds", [("", 0), ("a", 1), ("aa", 2), ("aaa", 3), ("ab", 2), ("aabb", 4), ("abab", 3)]
)
def test_the_least_time_of_a_polite_run(hosts: str, seconds: float) -> None:
    assert manners.least_seconds(hosts) == seconds


def test_every_address_of_the_shipped_catalogue_can_be_asked() -> None:
    """Sane addresses, none of a private host, no work without one; nothing here asks them."""
    outcomes = list(planned(ROOT / "raw", Selection()))
    further = [url for o in outcomes for url in o.reason.removeprefix("else ").split(", ")]
    assert {o.status for o in outcomes} == {"wanted"} and len(outcomes) > 70
    for url in filter(None, [*(o.url for o in outcomes), *further]):
        to = addresses.target(url)
        assert re.fullmatch(r"([a-z0-9-]+\.)+[a-z]{2,}", to.host) and to.port in (80, 443), url

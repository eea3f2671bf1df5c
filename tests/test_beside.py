"""The comparison page: the two texts, what differs, by which rule, and where was looked."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import made
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from indexer.align import align, prepare
from indexer.compare import Paragraph, Run, beside
from indexer.models import Block, Change, Document, Finding, Quotation, Span, Verdict, Work
from indexer.normalise import cut
from indexer.verdict import RULES, judge
from web import create_app
from web.beside.context import NEAREST, _cut
from web.beside.drawing import negated, shortened
from web.beside.sentence import sentence
from web.table import as_csv


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return create_app(made.write(tmp_path_factory.mktemp("archive"))).test_client()


class Words(HTMLParser):
    """The text of the elements of one class, without what is only for screen readers."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted, self.inside, self.silent, self.found = wanted, 0, 0, []  # type: ignore[var-annotated]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        if self.inside:
            self.inside += 1
            self.silent += bool(self.silent or "visually-hidden" in classes or dict(attrs).get("aria-hidden"))
        elif self.wanted in classes:
            self.inside = 1
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside -= bool(self.inside)
        self.silent -= bool(self.silent)

    def handle_data(self, data: str) -> None:
        if self.inside and not self.silent:
            self.found[-1] += data


def words(page: str, wanted: str) -> list[str]:
    parser = Words(wanted)
    parser.feed(page)
    return parser.found


def test_the_page_shows_both_texts_letter_for_letter(client: FlaskClient) -> None:
    shown = words(client.get("/quotation/essay-002?above=9&below=9&essay_above=9&essay_below=9").text, "said")
    essay, source = made.ESSAY.split("\n\n"), made.REPORT.split("\n\n")
    shown = [text.removeprefix("p. 212") for text in shown]
    assert shown == essay + source


@pytest.mark.parametrize(
    "expected",
    [
        "One word is changed without a mark (“week” became “day”); one passage is left out at an ellipsis",
        '<ins class="changed t5" id="e5"><span class="visually-hidden spoken"> [changed] </span>'
        '<a class="tie" href="#s5">day</a></ins>',
        '<del class="changed t5" id="s5"><span class="visually-hidden spoken"> [changed] </span>'
        '<a class="tie" href="#e5">week</a></del>',
        '<mark class="t1" id="e1"><a class="tie" href="#s1">The engineers were heard</a></mark>',
        "<summary>. . . 10 words left out, with “not”</summary>",
        'though <b class="negation">not</b> before',
        "the sentence goes on, with “but”",
        '<span class="next-inline">, but I would not do it again.</span>',
        "<b>What comes next</b> “but I would not do it again.”",
        "quotation 1 of 6",
        'href="/quotation/essay-002" rel="next"',
        'href="/read/essay?at=3#p3"',
        'href="/read/report?at=3#p3"',
        "speaker: <b>Hale</b>",
        "p. 212",
        'href="https://example.org/report#:~:text=',
        "Who else quotes this passage",
        'action="/bookmarks"',
        'name="quotation_id" value="essay-001"',
        'href="?format=json"',
        "Hale, p. 212",
    ],
)
def test_the_comparison_of_an_altered_quotation_shows(client: FlaskClient, expected: str) -> None:
    page = client.get("/quotation/essay-001").text.replace("/quotation/essay-001?format", "?format")
    assert expected in page


def test_the_rule_of_the_verdict_stands_beside_it(client: FlaskClient) -> None:
    for finding in made.FINDINGS:
        page = client.get(f"/quotation/{finding.quotation.id}")
        assert page.status_code == 200 and RULES[finding.verdict.name].split("'")[0] in page.text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("essay-003", ["Not found in what is held", "held, and searched", "all 5 sources"]),
        ("essay-004", ["says nothing against them", "Book of the Quay</cite></a>: not held"]),
        ("essay-005", ["says nothing against them", "<dd>none</dd>"]),
    ],
)
def test_not_found_says_where_was_looked(client: FlaskClient, name: str, expected: list[str]) -> None:
    page = client.get(f"/quotation/{name}").text
    for sentence_ in expected:
        assert sentence_ in page
    by_machine, form = page.split('id="judgement"')
    assert "The machine’s finding is" in form
    assert not re.search(r"\bfalse\b|\bwrong\b|\bfake\b", re.sub("<[^>]*>", "", by_machine), re.IGNORECASE)


def test_words_of_the_essay_are_never_mark_up(client: FlaskClient) -> None:
    page = client.get("/quotation/essay-005").text
    assert not made.runs_or_styles(page) and "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_page_cited_stands_beside_the_page_found(client: FlaskClient) -> None:
    """Neutrally where they differ, for editions do; quietly where they are the same; else not at all."""

    def said(name: str) -> str:
        page = client.get(f"/quotation/{name}").text
        return " ".join(page[page.index("The citation</h2>") :].split())

    assert "the cited work, on the page cited" in said("essay-001")
    assert "Cited: p. 214. The words stand on p. 212 of the text held." in said("essay-002")
    assert not re.search("at the place|on the page|Cited:", said("essay-006"))
    twin = client.get("/quotation/essay-002?format=json").get_json()
    assert twin["places_cited"] == [{"kind": "page", "cited": "p. 214", "found": "p. 212", "same": False}]


def test_of_few_words_it_is_not_said_that_they_stand_nowhere(client: FlaskClient) -> None:
    """They may: outside the cited work a few common words are not taken for found."""
    pages = {n: " ".join(client.get(f"/quotation/essay-{n:03}").text.split()) for n in range(1, 7)}
    few = [n for n, page in pages.items() if "So few may stand anywhere by chance" in page]
    assert [("Then sink it" in pages[n], "nowhere in what" in pages[n]) for n in few] == [(True, False)]


def test_chapters_stand_under_each_other(client: FlaskClient) -> None:
    page = client.get("/quotation/essay-006").text
    assert "In the source, 1 of 2" in page and "In the source, 2 of 2" in page
    assert "what follows stands in another work" in page
    assert "Its pieces come from 2 works or chapters." in page


def test_several_places_are_named(client: FlaskClient) -> None:
    page = client.get("/quotation/essay-002").text
    assert "The same words also stand in" in page and 'href="/read/reprint?at=2#p2"' in page


def test_every_tie_leads_to_its_fellow(client: FlaskClient) -> None:
    for finding in made.FINDINGS:
        page = client.get(f"/quotation/{finding.quotation.id}").text
        ids = re.findall(r' id="([^"]*)"', page)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'class="tie" href="#([^"]*)"', page)) <= set(ids)


def test_who_else_quotes_it_is_shown_word_for_word(client: FlaskClient) -> None:
    page = client.get("/quotation/essay-001").text
    this, other = words(page, "version")
    assert this == (
        "The engineers were heard at length, though not before the pilots had been asked,[3] and the vote "
        "was taken on the same week day. I regret nothing of it"
    )
    assert other == this.replace(" day", "")
    assert "<mark>the pilots had been asked</mark>" in page
    twin = client.get("/quotation/essay-001?format=json").json["also"]
    assert [(each["id"], each["here"]) for each in twin] == [("essay-001", True), ("essay-002", False)]
    assert client.get("/quotation/essay-006?format=json").json["also"] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was not so, and never.", ["not", "never"]),
        ("nothing, noted, knots", ["nothing"]),
        ("They didn’t.", ["didn’t"]),
        ("", []),
    ],
)
def test_negations_are_pointed_out(text: str, expected: list[str]) -> None:
    cut = list(negated(text))
    assert [words for words, negates in cut if negates] == expected
    assert "".join(words for words, _ in cut) == text


def test_more_context_comes_by_link(client: FlaskClient) -> None:
    page = client.get("/quotation/essay-001").text
    assert "The court rose." not in page and "?below=2#s1-p5" in page and "?above=2#s1-p1" in page
    more = client.get("/quotation/essay-001?below=2").text
    assert "The court rose." in more and "below=3" not in more.replace("essay_below", "")


def paragraph(*texts: str, near: bool = False) -> Paragraph:
    runs, at = [], 0
    for text in texts:
        runs.append(Run(Span(at, at + len(text)), text, "plain"))
        at += len(text)
    return Paragraph(1, Block("para", Span(0, at)), tuple(runs), near)


@given(st.lists(st.text("ab \n", max_size=400).map(lambda t: f"{t} "), min_size=1, max_size=5), st.booleans())
def test_of_a_long_context_the_nearest_words_are_shown(texts: list[str], last: bool) -> None:
    """Cut at a word, at the far end alone; runs keep their place in the text."""
    whole = "".join(texts)
    cut = _cut(paragraph(*texts), last)
    shown = "".join(run.text for run in cut.runs)
    if len(whole.split()) < NEAREST * 5 / 4:
        assert shown == whole
        return
    kept = shown.removeprefix("… ") if last else shown.removesuffix(" …")
    assert kept != shown and (whole.endswith(kept) if last else whole.startswith(kept))
    assert kept.split() == (whole.split()[-NEAREST:] if last else whole.split()[:NEAREST])
    for run in cut.runs:
        assert whole[run.span.start : run.span.end] == run.text.removeprefix("… ").removesuffix(" …")


def test_context_that_is_asked_for_is_whole(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.beside.context.NEAREST", 4)
    counsel = "Then how was it that the pilots had no hearing at all?"
    first = client.get("/quotation/essay-001").text
    assert counsel not in first and "… no hearing at all?" in first
    assert counsel in client.get("/quotation/essay-001?above=1").text


@pytest.mark.parametrize(
    "query", ["above=-1", "above=x", "below=99999999999", "above=１", "essay_above=" + "9" * 999]
)
def test_odd_wishes_for_context_are_no_error(client: FlaskClient, query: str) -> None:
    assert client.get(f"/quotation/essay-001?{query}").status_code == 200


def test_the_twin_has_the_record_and_the_two_sides(client: FlaskClient) -> None:
    twin = client.get("/quotation/essay-001?format=json").json
    assert (twin["id"], twin["verdict"], twin["source"]["work"]) == ("essay-001", "altered", "report")
    assert twin["gaps"][0]["words"] == 10 and twin["rule"] == RULES["altered"]
    for side, text in [(twin["sides"]["essay"], made.ESSAY), (twin["sides"]["sources"][0], made.REPORT)]:
        for paragraph in side["paragraphs"]:
            for run in paragraph["runs"]:
                assert text[run["start"] : run["end"]] == run["text"]


def test_a_quotation_that_is_not_there(client: FlaskClient) -> None:
    answer = client.get("/quotation/nothing-001")
    assert answer.status_code == 404 and "no quotation" in answer.text


# The sentence


def found(verdict: Verdict) -> str:
    finding: Finding = replace(made.FINDINGS[1], verdict=verdict)
    return sentence(finding, beside(finding, made.DOCUMENTS["essay"], made.DOCUMENTS["report"]))


def change(kind: str, quote: str, source: str, marked: bool = False) -> Change:
    return Change(kind, quote, source, Span(9, 9), Span(9, 9), marked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ((), "Every word stands in the source, in this order, with nothing between."),
        ((change("replaced", "day", "week"),), "One word is changed without a mark (“week” became “day”)."),
        ((change("omitted", "", "not"),), "One word is left out without a mark (“not”)."),
        ((change("inserted", "very", ""),), "One word is put in without a mark (“very”)."),
        (
            (change("omitted", "", "one two"), change("omitted", "", "three")),
            "3 words are left out without a mark.",
        ),
        (
            (change("omitted", "", "a b c d e f g"), change("replaced", "x", "y")),
            "One word is changed without a mark (“y” became “x”); 7 words are left out without a mark.",
        ),
        ((change("moved", "x", "x", True),), "Pieces stand in another order in the source."),
    ],
)
def test_the_sentence_of_a_verdict(changes: tuple[Change, ...], expected: str) -> None:
    assert found(Verdict("altered", changes)) == expected


def test_brackets_of_the_source_are_no_insertions_of_the_essay() -> None:
    """From the words to the page: pieces, marks, sentence and what follows."""
    text = "The makers did not ask for the cause [“la cause première”] of that strike [News, 8th March]."
    quoted = text.replace("makers", "owners")
    source = Document(Work("s", "c", "source", "S"), f"{text}\n\nThe banks paid.")
    essay = Document(Work("e", "c", "essay", "E"), quoted)
    quotation = Quotation("e-001", "e", Span(0, len(quoted)), "inline", cut(quoted))
    alignment = align(quotation, quoted, prepare([source]), ("s",))
    ruled = judge(quotation, None, alignment, essay, source)
    made_of = beside(Finding(quotation, quoted, None, alignment, ruled), essay, source)
    told = sentence(Finding(quotation, quoted, None, alignment, ruled), made_of)
    assert told == "One word is changed without a mark (“makers” became “owners”)."
    marks = {
        run.mark for side in (made_of.essay, *made_of.sources) for p in side.paragraphs for run in p.runs
    }
    assert "bracket" not in marks and "follows" not in marks and ruled.warnings == ()


# What an ellipsis opens


def test_a_long_omission_shows_its_ends() -> None:
    text = " ".join(map(str, range(1000)))
    assert shortened(text).startswith("0 1 2 ") and shortened(text).endswith(" 998 999")
    assert "[… 700 words …]" in shortened(text)
    assert shortened(" short ") == "short"


# Reports


def test_the_report_lists_every_quotation_with_its_links(client: FlaskClient) -> None:
    page = client.get("/work/essay/quotations").text
    for finding in made.FINDINGS:
        assert f'href="/quotation/{finding.quotation.id}"' in page
    assert 'href="/read/essay?at=3#p3"' in page and "<svg" in page and "javascript:alert(1)</code>" in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [1, 2, 3, 4, 5, 6]),
        ("verdict=no-source", [4, 5]),
        ("warning=cut-short", [1]),
        ("outcome=resolved&verdict=verbatim", [2]),
        ("sort=verdict", [2, 1, 6, 3, 4, 5]),
        ("sort=cited", [4, 1, 2, 3, 6, 5]),
        ("sort=nonsense", [1, 2, 3, 4, 5, 6]),
        ("verdict=nonsense", []),
    ],
)
def test_the_report_is_filtered_and_sorted(client: FlaskClient, query: str, expected: list[int]) -> None:
    page = client.get(f"/work/essay/quotations?{query}").text
    assert [int(n) for n in re.findall(r'class="n" data-label="no.">(\d+)', page)] == expected
    table = client.get(f"/work/essay/quotations.csv?{query}").text
    assert [int(line.split(",")[0]) for line in table.splitlines()[1:]] == expected


def test_the_report_s_sources_say_what_is_held_and_how_often_cited(client: FlaskClient) -> None:
    page = client.get("/work/essay/quotations").text
    assert "1 of 3 held" in page
    listed = client.get("/work/essay/quotations?format=json").json["sources"]
    assert [entry["held"] for entry in listed] == [False, True, False]


def test_a_source_has_no_report(client: FlaskClient) -> None:
    for page in ("/work/report/quotations", "/work/report/quotations.csv", "/work/none/quotations"):
        assert client.get(page).status_code == 404


def test_the_reports_of_all_essays(client: FlaskClient) -> None:
    page = client.get("/reports").text
    assert "Who sank the harbour bill?" in page and "Most quoted" in page
    twin = client.get("/reports?format=json").json
    assert {line["work"]["id"]: line["quotations"] for line in twin["works"]} == {"report": 2, "plans-1": 1}
    assert [(w["title"], w["quotations"], w["essays"]) for w in twin["wanted"]] == [
        ("Book of the Quay", 1, 1),
        ("Tides", 0, 1),
    ]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\r=1", "＝1", "-2+3+cmd|' /C calc'!A0"]
)
def test_no_cell_is_a_formula(cell: str) -> None:
    line = as_csv(["a"], [[cell]]).removeprefix("\ufeff").split("\r\n", 1)[1]
    assert line.lstrip('"').startswith("'")


def test_other_cells_stay_as_they_are() -> None:
    assert as_csv(["n", "w"], [[1, "a, “b”"], [-2, ""]]) == '\ufeffn,w\r\n1,"a, “b”"\r\n-2,\r\n'


def test_an_address_that_is_cited_stands_where_the_words_were_looked_for(client: FlaskClient) -> None:
    """It stood far below, under the facts of the citation, where nobody looks who wants to look further."""
    page = client.get("/quotation/essay-004").text
    looked = page[page.index("Where was looked") : page.index("The citation</h2>")]
    assert 'The essay gives an address: <a href="https://example.org/quay"' in looked
    assert "gives an address" not in client.get("/quotation/essay-005").text


@pytest.mark.parametrize("address", ["/works", "/work/essay/quotations"])
def test_what_chooses_of_a_list_is_folded_until_something_is_chosen(
    client: FlaskClient, address: str
) -> None:
    """On a phone the form pushed the first line of the list out of sight."""
    for query, is_open in (("", False), ("?page=2", False), ("?sort=title", True)):
        assert ('<details class="choosing" open>' in client.get(address + query).text) == is_open

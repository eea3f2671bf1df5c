"""What the two sides of a comparison hold, by tables, and the laws that hold for every one."""

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from indexer.compare import (
    HOLE,
    Around,
    Beside,
    Run,
    Side,
    Window,
    beside,
    count_words,
    page_of,
    paragraphs,
    together,
)
from indexer.models import (
    Alignment,
    Anchor,
    Block,
    Change,
    Document,
    Finding,
    Part,
    Piece,
    Place,
    Quotation,
    Span,
    Verdict,
    Work,
)

SOURCE = (
    "COUNSEL: Then how was it?\n\n"
    "HALE: The engineers were heard at length, though not before the pilots had been asked,[3] and the vote "
    "was taken on the same week. I regret nothing of it, but I would not do it again.\n\n"
    "COUNSEL: That is all.\n\n"
    "The court rose."
)
ESSAY = (
    "Haste has been said for a century.\n\n"
    "“The engineers were heard . . . and the vote was taken on the very same day. I regret [nothing] of it” "
    "(Hale, p. 212).\n\n"
    "After this there can be little doubt."
)


def document(work_id: str, text: str, anchors: tuple[Anchor, ...] = ()) -> Document:
    """A document whose blocks are its paragraphs."""
    blocks = tuple(Block("para", Span(*m.span())) for m in re.finditer(r"[^\n]+(?:\n[^\n]+)*", text))
    return Document(Work(work_id, "c", "source", work_id), text, blocks, anchors)


def at(text: str, words: str, after: str = "") -> Span:
    start = text.index(words, text.index(after))
    return Span(start, start + len(words))


def change(kind: str, quote: str, source: str, marked: bool, after: str = "") -> Change:
    """A change whose empty side stands where the words `after` end in the essay or the source."""
    quoted = at(ESSAY, quote) if quote else Span(*[at(ESSAY, after).end] * 2)
    there = at(SOURCE, source) if source else Span(*[at(SOURCE, after).end] * 2)
    return Change(kind, quote, source, quoted, there, marked)  # type: ignore[arg-type]


def piece(words: str, work_id: str = "report", essay: str = ESSAY, source: str = SOURCE) -> Piece:
    return Piece(at(essay, words), work_id, at(source, words))


PIECES = tuple(
    map(piece, ["The engineers were heard", "and the vote was taken on the", "same", "I regret", "of it"])
)
CHANGES = (
    change("omitted", ". . .", "at length, though not before the pilots had been asked,[3]", True),
    change("inserted", "very", "", False, after="taken on the"),
    change("replaced", "day", "week", False),
    change("replaced", "[nothing]", "nothing", True),
)


def finding(
    pieces: tuple[Piece, ...] = PIECES,
    changes: tuple[Change, ...] = CHANGES,
    span: Span | None = None,
    parts: tuple[Part, ...] | None = None,
    follows: Span | None = None,
    essay: str = ESSAY,
) -> Finding:
    if span is None:
        span = Span(at(essay, "“").end, at(essay, "”").start)
    if parts is None:
        parts = (Part("ellipsis", at(essay, ". . .")),) if ". . ." in essay else ()
    alignment = None
    if pieces:
        place = Place(pieces[0].work_id, Span(pieces[0].source.start, pieces[-1].source.end))
        alignment = Alignment("e-001", place, pieces, 99.0)
    quotation = Quotation("e-001", "e", span, "inline", parts)
    text = essay[span.start : span.end]
    return Finding(quotation, text, None, alignment, Verdict("altered", changes, follows=follows))


def runs(side: Side) -> list[Run]:
    return [run for paragraph in side.paragraphs for run in paragraph.runs]


def words(side: Side, mark: str) -> list[str]:
    return [run.text for run in runs(side) if run.mark == mark]


NOTE = Anchor("note", at(SOURCE, "[3]"), "3")
PAGE = Anchor("page", Span(*[at(SOURCE, "and the vote").start] * 2), "212")


@pytest.fixture
def made() -> Beside:
    follows = at(SOURCE, ", but I would not do it again.")
    return beside(finding(follows=follows), document("e", ESSAY), document("report", SOURCE, (NOTE, PAGE)))


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        (
            "same",
            ["The engineers were heard", "and the vote was taken on the", "same", "I regret", "of it"],
        ),
        ("ellipsis", [". . ."]),
        ("put-in", ["very"]),
        ("changed", ["day"]),
        ("bracket", ["[nothing]"]),
        ("left-out", []),
    ],
)
def test_the_marks_of_the_essay(made: Beside, mark: str, expected: list[str]) -> None:
    assert words(made.essay, mark) == expected


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        (
            "same",
            ["The engineers were heard", "and the vote was taken on the", "same", "I regret", "of it"],
        ),
        ("left-out", ["at length, though not before the pilots had been asked,", "nothing"]),
        ("note", ["[3]"]),
        ("page", [""]),
        ("put-in", [""]),
        ("changed", ["week"]),
        ("follows", [", but I would not do it again."]),
    ],
)
def test_the_marks_of_the_source(made: Beside, mark: str, expected: list[str]) -> None:
    assert words(made.sources[0], mark) == expected


def test_what_belongs_together_has_one_number_on_both_sides(made: Beside) -> None:
    left = {run.tie: run for run in runs(made.essay) if run.tie}
    right = {run.tie: run for run in runs(made.sources[0]) if run.tie}
    assert left.keys() == right.keys() and len(left) == len(PIECES) + len(CHANGES)
    for tie, run in left.items():
        if run.mark == "same":
            assert right[tie].text == run.text
        if run.change:
            assert right[tie].change == run.change or run.gap


def test_an_ellipsis_carries_the_words_it_hides_and_their_number_without_note_marks(made: Beside) -> None:
    [gap] = made.gaps
    assert gap.why == "between" and gap.text == "at length, though not before the pilots had been asked,[3]"
    assert gap.words == 10
    assert [run.gap for run in runs(made.essay) if run.mark == "ellipsis"] == [gap]
    assert {run.gap for run in runs(made.sources[0]) if run.tie == gap.tie} == {gap}


def test_an_ellipsis_without_a_change_is_measured_between_its_pieces() -> None:
    made = beside(finding(changes=()), document("e", ESSAY), document("report", SOURCE))
    [gap] = made.gaps
    assert gap.text.strip() == "at length, though not before the pilots had been asked,[3]"
    assert words(made.sources[0], "left-out") == [gap.text]


def test_the_words_dropped_without_a_mark_leave_an_empty_run_where_they_are_missing() -> None:
    essay, source = "“one two four”", "one two three four"
    pieces = (piece("one two", "s", essay, source), piece("four", "s", essay, source))
    dropped = Change("omitted", "", "three", Span(8, 8), at(source, "three"), False)
    made = beside(
        finding(pieces, (dropped,), parts=(), essay=essay), document("e", essay), document("s", source)
    )
    assert [(r.text, r.tie) for r in runs(made.essay) if r.mark == "dropped"] == [("", 3)]
    assert [(r.text, r.tie) for r in runs(made.sources[0]) if r.mark == "dropped"] == [("three", 3)]


def test_brackets_that_the_source_has_too_are_not_painted_as_the_essays() -> None:
    """Not even the closing one, which stands behind the last tied word."""
    essay, source = "“one [two] three [four]”", "He wrote: one [two] three [four]. Five."
    whole = Piece(at(essay, "one [two] three [four"), "s", at(source, "one [two] three [four"))
    brackets = tuple(Part("bracket", at(essay, text)) for text in ("[two]", "[four]"))
    found = finding((whole,), (), parts=brackets, essay=essay)
    made = beside(found, document("e", essay), document("s", source))
    assert words(made.essay, "bracket") == [] and words(made.essay, "same") == ["one [two] three [four"]
    put_in = Change("inserted", "[four]", "", at(essay, "[four]"), Span(27, 27), True)
    shorter = Piece(at(essay, "one [two] three"), "s", at(source, "one [two] three"))
    found = finding((shorter,), (put_in,), parts=brackets, essay=essay)
    assert words(beside(found, document("e", essay), document("s", source)).essay, "bracket") == ["[four]"]
    nowhere = beside(finding((), (), parts=brackets, essay=essay), document("e", essay), None)
    assert words(nowhere.essay, "bracket") == ["[two]", "[four]"]


def test_near_paragraphs_hold_the_words_and_far_ones_are_context(made: Beside) -> None:
    assert [p.near for p in made.essay.paragraphs] == [False, True, False]
    assert [p.number for p in made.sources[0].paragraphs] == [1, 2, 3]
    assert (made.sources[0].more_above, made.sources[0].more_below) == (False, True)


def test_more_context_on_each_side_on_request() -> None:
    window = Window(essay=Around(0, 1), source=Around(0, 2))
    made = beside(finding(), document("e", ESSAY), document("report", SOURCE), window)
    assert [p.number for p in made.essay.paragraphs] == [2, 3]
    assert [p.number for p in made.sources[0].paragraphs] == [2, 3, 4]
    assert made.essay.more_above and not made.sources[0].more_below


def test_what_was_not_found_has_the_essay_alone() -> None:
    made = beside(finding((), ()), document("e", ESSAY), None)
    assert made.sources == ()
    assert [gap.why for gap in made.gaps] == ["unknown"]
    assert "".join(words(made.essay, "quoted")).startswith("The engineers were heard ")


def test_a_quotation_over_several_paragraphs_ties_each() -> None:
    essay = "He said:\n\n“One two three.\n\nFour five six.”"
    source = "Zero.\n\nOne two three.\n\nFour five six.\n\nSeven."
    pieces = (piece("One two three.", "s", essay, source), piece("Four five six.", "s", essay, source))
    made = beside(finding(pieces, (), essay=essay), document("e", essay), document("s", source))
    assert [p.near for p in made.essay.paragraphs] == [False, True, True]
    assert words(made.sources[0], "same") == ["One two three.", "Four five six."]


def test_pieces_of_two_chapters_have_a_side_each() -> None:
    essay = "“one two three . . . four five six”"
    pieces = (
        piece("one two three", "ch1", essay, "A. one two three."),
        piece("four five six", "ch2", essay, "B. four five six."),
    )
    documents = document("ch1", "A. one two three."), document("ch2", "B. four five six.")
    made = beside(finding(pieces, (), essay=essay), document("e", essay), documents[0], further=documents[1:])
    assert [side.work_id for side in made.sources] == ["ch1", "ch2"]
    assert [words(side, "same") for side in made.sources] == [["one two three"], ["four five six"]]
    assert [gap.why for gap in made.gaps] == ["in another work"]


def test_a_change_counts_in_the_work_of_its_neighbours() -> None:
    essay = "“one two three . . . four five nine”"
    texts = {"ch1": "A. one two three. Long enough to hold.", "ch2": "B. four five six."}
    pieces = (
        piece("one two three", "ch1", essay, texts["ch1"]),
        piece("four five", "ch2", essay, texts["ch2"]),
    )
    wrong = Change("replaced", "nine", "six", at(essay, "nine"), at(texts["ch2"], "six"), False)
    documents = [document(name, text) for name, text in texts.items()]
    made = beside(
        finding(pieces, (wrong,), essay=essay), document("e", essay), documents[0], further=documents[1:]
    )
    assert [words(side, "changed") for side in made.sources] == [[], ["six"]]


def test_pieces_in_another_order_hide_nothing() -> None:
    essay, source = "“four five . . . one two”", "one two three four five"
    pieces = (piece("four five", "s", essay, source), piece("one two", "s", essay, source))
    made = beside(finding(pieces, (), essay=essay), document("e", essay), document("s", source))
    assert [(gap.why, gap.text) for gap in made.gaps] == [("in another order", "")]
    assert words(made.sources[0], "left-out") == []


def test_a_long_way_between_pieces_is_counted_not_shown() -> None:
    filling = "\n\n".join(f"Paragraph {n} " + "word " * 98 + "end." for n in range(20))
    source = f"one two three.\n\n{filling}\n\nfour five six."
    essay = "“one two three . . . four five six”"
    pieces = (piece("one two three", "s", essay, source), piece("four five six", "s", essay, source))
    made = beside(finding(pieces, (), essay=essay), document("e", essay), document("s", source))
    shown = made.sources[0].paragraphs
    assert [p.number for p in shown] == [1, 2, 21, 22]
    assert [p.skipped for p in shown] == [0, 0, 18 * 101, 0]
    assert [p.gone for p in shown] == [False, True, True, False]
    assert made.gaps[0].words == 20 * 101 > HOLE


@pytest.mark.parametrize(
    ("text", "number"),
    [("", 0), ("don't", 1), ("so-called", 2), ("one, two — three", 3), ("p. 212", 2), (". . .", 0)],
)
def test_words_are_counted_as_a_reader_counts(text: str, number: int) -> None:
    assert count_words(text) == number


def test_text_between_blocks_is_never_lost() -> None:
    text = "Loose words.\n\nA block.\n\nMore."
    loose = Document(Work("w", "c", "source", "W"), text, (Block("para", at(text, "A block.")),))
    assert [text[b.span.start : b.span.end] for b in paragraphs(loose)] == [
        "Loose words.",
        "A block.",
        "More.",
    ]


@pytest.mark.parametrize(
    ("text", "speaker", "expected"),
    [
        ("HALE: I did.", "Hale", ["HALE:"]),
        ("THE PRESIDENT (rising): I did sit.", "The President", ["THE PRESIDENT (rising):"]),
        ("I did: so.", "Hale", []),
        ("HALE: I did.", None, []),
    ],
)
def test_a_speaker_s_name_is_told_from_the_speech(
    text: str, speaker: str | None, expected: list[str]
) -> None:
    spoken = Document(
        Work("report", "c", "source", "R"), text, (Block("speech", Span(0, len(text)), None, speaker),)
    )
    essay = "“did”"
    found = finding((piece("did", "report", essay, text),), (), parts=(), essay=essay)
    assert words(beside(found, document("e", essay), spoken).sources[0], "label") == expected


def test_an_empty_document_has_an_empty_side() -> None:
    assert beside(finding((), ()), document("e", ""), None).essay.paragraphs == ()


# Laws: whatever the pieces and changes are


@st.composite
def findings(draw: st.DrawFn) -> tuple[Finding, Document, Document]:
    """A made-up finding: spans anywhere in two texts, in any order, overlapping or not."""
    line = st.text(st.sampled_from("ab .…[]\n"), min_size=1, max_size=30)
    texts = ["\n\n".join(draw(st.lists(line, min_size=1, max_size=5))) for _ in range(2)]

    def span(text: str) -> st.SearchStrategy[Span]:
        ends = st.integers(0, len(text))
        return st.tuples(ends, ends).map(lambda pair: Span(min(pair), max(pair)))

    essay, source = texts
    pieces = draw(st.lists(st.builds(Piece, span(essay), st.just("report"), span(source)), max_size=4))
    changes = draw(
        st.lists(
            st.builds(
                Change,
                st.sampled_from(["omitted", "inserted", "replaced", "moved"]),
                st.just("x"),
                st.just("y"),
                span(essay),
                span(source),
                st.booleans(),
            ),
            max_size=4,
        )
    )
    kinds = st.sampled_from(["words", "ellipsis", "bracket", "label"])
    parts = draw(st.lists(st.builds(Part, kinds, span(essay)), max_size=3))
    found = finding(
        tuple(pieces), tuple(changes), draw(span(essay)), tuple(parts), draw(st.none() | span(source)), essay
    )
    notes = draw(st.lists(st.builds(Anchor, st.just("note"), span(source), st.just("1"))))
    pages = draw(st.lists(st.integers(0, len(source)).map(lambda n: Anchor("page", Span(n, n), "1"))))
    return found, document("e", essay), document("report", source, (*notes, *pages))


@settings(max_examples=150)
@given(findings(), st.integers(0, 3))
def test_joined_runs_are_the_text(given_: tuple[Finding, Document, Document], around: int) -> None:
    found, essay, source = given_
    made = beside(found, essay, source, around)
    for side, text in [(made.essay, essay.text), *((side, source.text) for side in made.sources)]:
        for paragraph in side.paragraphs:
            span = paragraph.block.span
            assert "".join(run.text for run in paragraph.runs) == text[span.start : span.end]
            ends = [span.start, *(run.span.end for run in paragraph.runs)]
            assert [run.span.start for run in paragraph.runs] == ends[:-1] and ends[-1] == span.end
            for run in paragraph.runs:
                assert text[run.span.start : run.span.end] == run.text


def covered(side: Side, marks: set[str]) -> set[int]:
    return {place for run in runs(side) if run.mark in marks for place in range(run.span.start, run.span.end)}


@settings(max_examples=150)
@given(findings())
def test_same_words_are_marked_where_the_pieces_are_and_nowhere_else(
    given_: tuple[Finding, Document, Document],
) -> None:
    found, essay, source = given_
    made = beside(found, essay, source, 9)
    pieces = found.alignment.pieces if found.alignment else ()
    sides = [(made.essay, [p.quote for p in pieces], [c.quote_span for c in found.verdict.changes])]
    sides += [
        (s, [p.source for p in pieces], [c.source_span for c in found.verdict.changes]) for s in made.sources
    ]
    for side, spans, changed in sides:
        shown = {n for p in side.paragraphs for n in range(p.block.span.start, p.block.span.end)}
        inside = {n for span in spans for n in range(span.start, span.end)} & shown
        altered = {n for span in changed for n in range(span.start, span.end)}
        marked = covered(side, {"same"})
        assert marked <= inside
        assert inside - marked <= altered | covered(side, {"note", "ellipsis"})
        assert covered(side, {"put-in", "changed", "dropped", "moved"}) <= altered


# Several essays, one passage


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(findings())
def test_every_version_has_the_same_words(given_: tuple[Finding, Document, Document]) -> None:
    found, _, source = given_
    assume(found.alignment is not None)
    assert found.alignment is not None
    first = replace(found.alignment, pieces=found.alignment.pieces[:1])
    only = replace(found, alignment=first, verdict=replace(found.verdict, changes=()))
    documents = {source.work.id: source}
    versions = together([found, only], source, documents)
    joined = {"".join(run.text for run in version.runs) for version in versions}
    assert len(joined) <= 1 and all(text in source.text for text in joined)
    for version in versions:
        assert version.finding.alignment is not None
        same = {n for r in version.runs if r.mark == "same" for n in range(r.span.start, r.span.end)}
        pieces = [p.source for p in version.finding.alignment.pieces if p.work_id == source.work.id]
        assert same <= {n for s in pieces for n in range(s.start, s.end)}


def test_two_essays_cut_one_passage() -> None:
    source = document("report", SOURCE)
    short = finding(pieces=(piece("of it"),), changes=())
    long, other = together([finding(), short], source, {"report": source})
    assert [(r.text, r.mark) for r in other.runs if r.mark == "same"] == [("of it", "same")]
    assert other.runs[0].text.startswith("The engineers") and other.runs[0].mark == "context"
    assert "left-out" in {r.mark for r in long.runs} and long.runs[0].text == "The engineers were heard"


def test_what_stands_elsewhere_has_no_version() -> None:
    assert together([finding()], document("another", "Nothing."), {}) == ()


# More of a text


def test_a_page_is_as_many_paragraphs_as_make_one() -> None:
    text = "\n\n".join(["Title", *(" ".join(["word"] * 100) for _ in range(9)), "End"])
    held = document("w", text)
    assert page_of(held, 1, below=True) == 4 and page_of(held, 9, below=True) == 2
    assert page_of(held, 1, below=False) == 0 and page_of(held, 3, below=False) == 2

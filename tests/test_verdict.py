"""The published rules: each with the words that it is about, and what is warned of besides."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.align import align, prepare
from indexer.models import Anchor, Block, Citation, Document, Quotation, Span, Verdict, Work
from indexer.normalise import cut, words
from indexer.verdict import FAR_WORDS, RULES, WARNINGS, Context, from_first_word, is_quoted, judge

SOURCE = (
    "The pilots of Torvik were never heard by the harbour council. Their petition lay for a winter in the "
    "ledger of the tariff office, and no clerk would admit to having read it, but the keeper had seen it "
    "twice.\n\n"
    "When the ice broke on the 3rd of May 1911, the widow Hallin brought it to the court herself; she asked "
    "for nothing but the date. “We knew it all along,” said the surveyor [an honest man] to the naïve "
    "clerk.\n\n"
    "The labour was done by hand. It was not paid for, and nobody had promised that it would be. It is now "
    "a museum of re-used timber."
)  # fmt: skip


def blocks_of(text: str, **kinds: str) -> tuple[Block, ...]:
    out, at = [], 0
    for paragraph in text.split("\n\n"):
        kind = next((k for k, start in kinds.items() if paragraph.startswith(start)), "para")
        out.append(Block(kind, Span(at, at + len(paragraph))))  # type: ignore[arg-type]
        at += len(paragraph) + 2
    return tuple(out)


def judged(quoted: str, text: str = SOURCE, said: str | None = None, **kinds: str) -> Verdict:
    return judge_in(quoted, [Document(Work("s", "c", "source", "S"), text, blocks_of(text, **kinds))], said)


def judge_in(quoted: str, sources: list[Document], said: str | None = None, cited: str = "s") -> Verdict:
    quotation = Quotation("q", "essay", Span(0, len(quoted)), "inline", cut(quoted))
    alignment = align(quotation, quoted, prepare(sources), (cited,))
    by_id = {d.work.id: d for d in sources}
    source = by_id[alignment.place.work_id] if alignment else None
    essay = Document(Work("essay", "c", "essay", "Essay"), quoted)
    context = Context(cited in by_id, by_id)
    return judge(quotation, Citation("q", said_by=said), alignment, essay, source, context)


def changes(verdict: Verdict) -> list[tuple[str, str, str, bool]]:
    return [(c.kind, c.quote, c.source, c.marked) for c in verdict.changes]


VERBATIM = [
    "The pilots of Torvik were never heard by the harbour council.",
    "the pilots of Torvik were never heard by the harbour council",
    "[T]heir petition lay for a winter in the ledger",
    "(T)heir petition lay for a winter in the ledger",
    "…lay for a winter in the led\u00adger of the oﬃce …".replace("oﬃce", "tariff oﬃce"),
    "“their petition lay – for a winter – in the ledger”",
    "‘We knew it all along’, said the surveyor [an honest man] to the naïve clerk",
    "Their petition lay for … a winter in the ledger of the tariff office",
    "the widow Hallin brought it to the court her-\nself",
    "read it, but the keeper had seen it twice. When the ice broke on the 3rd of May 1911",
    "Their petition lay[12] for a winter in the ledger",
    "The pilots [of] Torvik were never heard by the harbour council",
    "[an honest man] to the naïve clerk. The labour was done by hand",
    "nothing but the date. “We knew it all along,” said the surveyor [an honest man]",
    "[an honest man] to the naïve clerk",
    "she asked for nothing but … the surveyor [an honest man]".replace(
        "…", "the date. “We knew it all along,” said"
    ),
    "Their petition lay for a Winter in the LEDGER of the tariff office",
    "Their petition LAY FOR a winter in the ledger of the tariff office",
]


@pytest.mark.parametrize("quoted", VERBATIM)
def test_verbatim(quoted: str) -> None:
    verdict = judged(quoted)
    assert (verdict.name, verdict.changes) == ("verbatim", ())


@pytest.mark.parametrize(
    ("quoted", "expected"),
    [
        ("Their petition lay … in the ledger of the tariff office", [("omitted", "", "for a winter", True)]),
        ("The pilots of Torvik were … heard by the harbour council", [("omitted", "", "never", True)]),
        ("The pilots [of the port] were never heard by the harbour council",
         [("replaced", "[of the port]", "of Torvik", True)]),
        ("The pilots of Torvik [sic] were never heard by the harbour", [("inserted", "[sic]", "", True)]),
        ("The pilots of Torvik were never heard [emphasis added] by the harbour … Their petition lay for",
         [("inserted", "[emphasis added]", "", True), ("omitted", "", "council", True)]),
        ("Their petition [lies] for a winter in the ledger of the tariff office",
         [("replaced", "[lies]", "lay", True)]),
        ("[those] pilots of Torvik were never heard by the harbour", [("inserted", "[those]", "", True)]),
        ("for a winter in the ledger [the] tariff office", [("replaced", "[the]", "of the", True)]),
        ("Their petition[s] lay for a winter in the ledger of the tariff office",
         [("replaced", "petition[s]", "petition", True)]),
    ],
)  # fmt: skip
def test_abridged(quoted: str, expected: list[tuple[str, str, str, bool]]) -> None:
    verdict = judged(quoted)
    assert (verdict.name, changes(verdict)) == ("abridged", expected)


@pytest.mark.parametrize(
    ("quoted", "expected"),
    [
        ("The pilots of Torvik were heard by the harbour council", [("omitted", "", "never", False)]),
        ("The pilots of Torvik were never once heard by the harbour", [("inserted", "once", "", False)]),
        ("nobody had promised that it would be. It is not a museum", [("replaced", "not", "now", False)]),
        ("When the ice broke on the 3rd of May 1912, the widow", [("replaced", "1912", "1911", False)]),
        ("the labor was done by hand. It was not paid for", [("replaced", "labor", "labour", False)]),
        ("the surveyor [an honest man] to the naive clerk", [("replaced", "naive", "naïve", False)]),
        ("the surveyor to the naïve clerk. The labour was done", [("omitted", "", "an honest man", False)]),
        ("It is now a museum of reused timber", [("replaced", "reused", "re-used", False)]),
        ("Their petition lay for a Winter in THE ledger of the tariff office",
         [("replaced", "THE", "the", False)]),
        ("Their petition lay for a winter in the lEDGER of the tariff office",
         [("replaced", "lEDGER", "ledger", False)]),
        ("Their petition lay for winters in the ledger … no clerk would admit to reading it, but",
         [("omitted", "", "a", False), ("replaced", "winters", "winter", False),
          ("omitted", "", "of the tariff office, and", True), ("replaced", "reading", "having read", False)]),
        ("Nevertheless the pilots of Torvik were never heard by the harbour council",
         [("inserted", "Nevertheless", "", False)]),
        ("The pilots of Torvik were never heard by the harbour council and mayor",
         [("replaced", "and mayor", "Their petition", False)]),
    ],
)  # fmt: skip
def test_altered(quoted: str, expected: list[tuple[str, str, str, bool]]) -> None:
    verdict = judged(quoted)
    assert (verdict.name, changes(verdict)) == ("altered", expected)


def test_capitals_that_open_a_paragraph_are_no_change() -> None:
    assert judged("THE PILOTS of Torvik were never heard by the harbour council").name == "verbatim"
    opening = SOURCE.replace("When the ice", "WHEN THE ice")
    assert judged("When the ice broke on the 3rd of May 1911", opening).name == "verbatim"


CAPITALS = [
    ("they told us soldiers that the bridge was safe", "they told US soldiers that the bridge was safe", 0),
    ("they told us soldiers that the bridge was safe", "they TOLD US SOLDIERS that the bridge was safe", 1),
    ("they told us NATO soldiers the bridge was safe", "they told US NATO soldiers the bridge was safe", 0),
    ("they told us soldiers, and NATO told the rest", "they told US soldiers, and NATO told the rest", 0),
    ("I am told that who pays for it is not known", "I AM told that who pays for it is not known", 0),
    ("the first steps of the engineers were timid", "the FIRST STEPS of the engineers were timid", 1),
    ("the first step of all the engineers was timid", "the FIRST STEPS of all the engineers was timid", 0),
    ("a plan of the engineers was a timid one", "A PLAN of the engineers was a timid one", 1),
    ("we say that it is for the engineers to say", "we say that IT IS for the engineers to say", 1),
    ("he gave one paper to each of the engineers", "he gave one PAPERS to each of the engineers", 0),
]  # fmt: skip


@pytest.mark.parametrize(("small", "capital", "one"), CAPITALS)
def test_capitals_throughout_a_word_are_emphasis_but_not_where_they_may_be_initials(
    small: str, capital: str, one: int
) -> None:
    """Plain text shows emphasis so, and works open with it; "US" alone may be another word than "us"."""
    for quoted, stands in ((small, capital), (capital, small)):
        text = f"In that year the council wrote: {stands}. Nobody answered for a winter."
        assert (judged(quoted, text).name == "verbatim") == one, quoted


def test_a_quotation_may_begin_within_a_word_in_capitals() -> None:
    source = Document(Work("s", "c", "source", "S"), "They told us soldiers that the bridge was safe enough.")
    essay = Document(Work("essay", "c", "essay", "E"), "Said d’US soldiers that the bridge was safe enough.")
    span = Span(essay.text.index("US"), len(essay.text))
    quotation = Quotation("q", "essay", span, "inline", cut(essay.text[span.start :], span.start))
    alignment = align(quotation, essay.text, prepare([source]), ("s",))
    assert judge(quotation, None, alignment, essay, source).name == "altered"


@settings(max_examples=60)
@given(st.data())
def test_one_word_in_capitals_is_no_change_unless_it_is_short(data: st.DataObject) -> None:
    raw = SOURCE.split("\n\n")[0].split()
    size = data.draw(st.integers(10, 20))
    start = data.draw(st.integers(1, len(raw) - size))
    at = data.draw(st.integers(start + 1, start + size - 1))
    quoted = " ".join([*raw[start:at], raw[at].upper(), *raw[at + 1 : start + size]])
    letters = sum(letter.isalpha() for letter in raw[at])
    assert (judged(quoted).name == "verbatim") is (letters > 3 or letters == 1)


SOLDIERS = "soldiers were paid for the bridge with timber of the quarry. Nobody answered."


@pytest.mark.parametrize(
    ("quoted", "stands", "one"),
    [
        ("US", "The council wrote that us", False),
        ("OUR", "The council wrote that our", False),
        ("OUR", "The council wrote. Our", True),
        ("our", "OUR", True),
    ],
)
def test_a_short_word_in_capitals_that_opens_a_paragraph(quoted: str, stands: str, one: bool) -> None:
    verdict = judged(f"{quoted} {SOLDIERS.partition('.')[0]}", f"{stands} {SOLDIERS}")
    assert (verdict.name == "verbatim") is one


LETTER = (
    "The makers met in Paris and would not ask for the cause of the strike [“la cause première”], for the "
    "main thing was that “the crews were for an end of the tariff” [Latest News, 8th March].\n\nThe banks "
    "paid."
)


def test_brackets_of_the_source_are_the_same_words() -> None:
    """The essay was said to put them in, and to cut a sentence short before them."""
    quoted = LETTER.split("\n")[0]
    verdict = judged(quoted, LETTER)
    assert verdict == Verdict("verbatim")
    other = judged(quoted.replace("makers", "owners"), LETTER)
    assert [c[:3] for c in changes(other)] == [("replaced", "owners", "makers")]
    assert "cut-short" not in other.warnings and other.follows is None


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("[“la cause première”]", "[the first cause]",
         [("replaced", "[the first cause]", "la cause première", True)]),
        ("[“la cause première”]", "[“la cause premiere”]",
         [("replaced", "premiere", "première", True)]),
        ("[Latest News, 8th March]", "[Latest News, 9th March]",
         [("inserted", "[Latest News, 9th March]", "", True)]),
        ("[Latest News, 8th March]", "[sic]", [("inserted", "[sic]", "", True)]),
    ],
)  # fmt: skip
def test_brackets_that_are_not_quite_the_sources_are_the_essays(
    was: str, now: str, expected: list[tuple[str, str, str, bool]]
) -> None:
    verdict = judged(LETTER.split("\n")[0].replace(was, now), LETTER)
    assert (verdict.name, changes(verdict)) == ("abridged", expected)


def test_spliced_by_order_by_distance_and_by_section() -> None:
    back = judged(
        "she asked for nothing but the date … The pilots of Torvik were never heard by the harbour council"
    )
    assert back.name == "spliced"
    assert [c.kind for c in back.changes] == ["moved"] and back.changes[0].marked
    filler = "\n\n" + " ".join(f"word{n}" for n in range(FAR_WORDS)) + "\n\n"
    quoted = "The pilots of Torvik were never heard by the harbour council … The labour was done by hand"
    far = judged(quoted, SOURCE.replace("\n\nWhen", filler + "When"))
    assert far.name == "spliced"
    assert [c.kind for c in far.changes] == ["omitted"]
    assert judged(quoted).name == "abridged"
    section = judged(
        quoted, SOURCE.replace("\n\nThe labour", "\n\nSECTION TWO\n\nThe labour"), heading="SECTION"
    )
    assert section.name == "spliced"


def test_words_moved_without_a_mark_are_altered() -> None:
    verdict = judged(
        "When the ice broke on the 3rd of May 1911, the widow Hallin brought it to the court herself. "
        "The pilots of Torvik were never heard by the harbour council."
    )
    assert verdict.name == "altered"
    assert [(c.kind, c.marked) for c in verdict.changes] == [("moved", False)]


def test_what_is_not_found_is_no_source_unless_the_cited_work_is_held_whole() -> None:
    quotation = Quotation("q", "essay", Span(0, 5), "inline", cut("words"))
    essay = Document(Work("essay", "c", "essay", "Essay"), "words")
    for held, name in ((True, "not-found"), (False, "no-source"), (None, "no-source")):
        verdict = judge(quotation, None, None, essay, None, Context(cited_held_whole=held))
        assert verdict == Verdict(name)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("quoted", "warning", "words_named"),
    [
        (
            "no clerk would admit to having read it …",
            "cut-short",
            "The quotation ends with an ellipsis; in the "
            "source the sentence goes on, with “but”: “but the keeper had seen it twice.”",
        ),
        ("no clerk … to having read it", "cut-short", "In the source the sentence goes on, with “but”: “but"),
        ("no clerk would admit to having read it", "cut-short", "but the keeper had seen it twice"),
        ("no clerk would admit to having read it", "begins-mid-sentence", "Their petition lay"),
        ("The pilots of Torvik were heard by the harbour council", "negation-left-out", "never"),
        ("The pilots of Torvik were … heard by the harbour council", "negation-left-out", "never"),
        ("It was [gladly] paid for, and nobody had promised that", "negation-left-out", "not"),
        ("It was [gladly] paid for, and [everybody] had promised that", "negation-left-out", "nobody"),
        ("[Everybody] had promised that it would be", "negation-left-out", "nobody"),
        ("The pilots of Torvik were [always]", "negation-left-out", "never"),
        (
            "The pilots of Torvik were heard by the harbour council",
            "negation-left-out",
            "“never” in “The pilots of Torvik were never heard by the harbour council. Their petition lay …”",
        ),
        (
            "Their petition lay for a winter in the ledger … but the keeper had seen it twice",
            "negation-left-out",
            "“no” in “… in the ledger of the tariff office, and no clerk would admit to having",
        ),
        ("the labor was done by hand. It was not paid for", "letters-only", "labour"),
        ("It is now a museum of reused timber", "letters-only", "re-used"),
        ("nobody had promised that it would be. It is not a museum", "letters-only", "now"),
    ],
)
def test_warnings_name_the_words(quoted: str, warning: str, words_named: str) -> None:
    verdict = judged(quoted)
    assert warning in verdict.warnings
    assert words_named in dict(verdict.reasons)[warning]


def test_of_several_negations_the_one_that_is_left_out_is_named() -> None:
    source = "The boat was not once and never seen by the keepers of the light, as all of them remember."
    quoted = "The boat was [not rarely] seen by the keepers of the light, as all of them remember"
    reason = dict(judged(quoted, source).reasons)["negation-left-out"]
    assert reason.startswith("Left out or replaced: “never” in “The boat was not once and never seen by")


@pytest.mark.parametrize(
    ("quoted", "warning"),
    [
        ("The pilots of Torvik were never heard by the harbour council", "cut-short"),
        ("The pilots of Torvik were never heard by the harbour council", "begins-mid-sentence"),
        ("she asked for nothing but the date", "cut-short"),
        ("When the ice broke on the 3rd of May 1912, the widow Hallin", "letters-only"),
        ("The pilots of Torvik were never once heard by the harbour council", "letters-only"),
        ("It was never paid for, and nobody had promised that it would be", "negation-left-out"),
        ("no clerk would admit to having read it", "second-hand"),
        ("nobody had promised that it would be [paid for]", "negation-left-out"),
        ("[He said:] nobody had promised that it would be", "negation-left-out"),
        ("[He] asked for nothing but the date", "negation-left-out"),
        ("The pilots of Torvik were [sic]", "negation-left-out"),
    ],
)
def test_warnings_that_do_not_apply(quoted: str, warning: str) -> None:
    assert warning not in judged(quoted).warnings


RATES = (
    "It was a rise of −5 per cent, or +5 per cent, and £4.15 of it was lost to 3% of them on the 3rd day. "
)
RATES += "The men were heard by seven of them."


@pytest.mark.parametrize(
    ("quoted", "change"),
    [
        ("a rise of -5 per cent, or +5 per cent, and £4.15 of it was lost", None),
        ("a rise of 5 per cent, or +5 per cent, and £4.15 of it was lost", ("5", "−5")),
        ("a rise of −5 per cent, or −5 per cent, and £4.15 of it was lost", ("−5", "+5")),
        ("+5 per cent, and £415 of it was lost to 3% of them", ("415", "4.15")),
        ("+5 per cent, and £4.15 of it was lost to 3% of them on the 2nd day", ("2nd", "3rd")),
        ("The men were heard by seventy of them", ("seventy", "seven")),
        ("+5 per cent, and $4.15 of it was lost to 3% of them", ("$", "£")),
    ],
)
def test_signs_and_points_of_numbers_count_and_are_no_slips(
    quoted: str, change: tuple[str, str] | None
) -> None:
    verdict = judged(quoted, RATES)
    assert [(c.quote, c.source) for c in verdict.changes] == ([change] if change else [])
    assert "letters-only" not in verdict.warnings


def test_what_follows_is_the_rest_of_the_sentence() -> None:
    follows = judged("no clerk would admit to having read it").follows
    assert follows is not None
    assert SOURCE[follows.start : follows.end] == ", but the keeper had seen it twice."
    assert judged("she asked for nothing but the date").follows is None


def test_a_title_or_an_initial_before_a_name_ends_no_sentence() -> None:
    text = "The keeper had agreed with Mr. Whitlow and V. Hale that the boat was lost at noon. So did I. Why?"
    found = dict(judged("and V. Hale that the boat was lost", text).reasons)
    assert "the sentence begins “The keeper had agreed with Mr. Whitlow …”" in found["begins-mid-sentence"]
    assert found["cut-short"] == "In the source the sentence goes on: “at noon.”"
    follows = judged("The keeper had agreed with", text).follows
    assert follows and text[follows.start : follows.end].endswith("lost at noon.")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (", but I put it there", "but I put it there"),
        (". (these three groups)", "these three groups)"),
        ('.", Savinkov said\nso', "Savinkov said so"),
        ("”] – 3rd of May", "3rd of May"),
        (".”", ""),
    ],
)
def test_what_follows_is_shown_from_its_first_word(text: str, shown: str) -> None:
    assert from_first_word(text) == shown


def test_long_sentences_are_shown_in_whole_words() -> None:
    text = f"{' '.join(['lighters'] * 60)} met in the bay of Torvik {' '.join(['steamers'] * 60)}."
    reasons = dict(judged("met in the bay of Torvik", text).reasons)
    for name, word in (("begins-mid-sentence", "lighters"), ("cut-short", "steamers")):
        shown = reasons[name].split("“")[1].split("”")[0]
        assert set(shown.split()) == {"…", word}


@pytest.mark.parametrize("mark", [",", '."', "”),", ".”, (", " —", "]; “"])
def test_no_warning_begins_with_a_stray_mark(mark: str) -> None:
    text = f"He said that he put the papers on the table{mark} and then he went to the harbour"
    for quoted in ("put the papers on the table", "then he went to the harbour"):
        for _, reason in judged(quoted, text).reasons:
            assert "“he" in reason.casefold() or "“and" in reason


def test_a_mark_of_a_note_does_not_lengthen_a_sentence() -> None:
    text = "The bridge fell in the second year[4]. Nobody was on it but the band, which played [5] on."
    source = Document(Work("s", "c", "source", "S"), text, blocks_of(text))
    verdict = judge_in("The bridge fell in the second year", [source])
    assert verdict.name == "verbatim" and "cut-short" not in verdict.warnings
    assert "begins-mid-sentence" not in judge_in("Nobody was on it but the band", [source]).warnings
    assert judge_in("Nobody was on it but the band, which played on", [source]).name == "verbatim"


def test_notes_between_two_words_are_not_left_out_words() -> None:
    text = "The bridge fell in the second\n\nNOTE 4. It was oak.\n\nyear with the band upon it."
    source = Document(Work("s", "c", "source", "S"), text, blocks_of(text, note="NOTE"))
    assert judge_in("The bridge fell in the second year with the band upon it", [source]).name == "verbatim"


def test_marks_of_the_essays_own_notes_do_not_count() -> None:
    quoted = "The pilots1 of Torvik were never heard by the harbour council"
    essay = Document(
        Work("essay", "c", "essay", "E"), quoted, anchors=(Anchor("note", Span(10, 11), "1"),)
    )  # fmt: skip
    source = Document(Work("s", "c", "source", "S"), SOURCE, blocks_of(SOURCE))
    quotation = Quotation("q", "essay", Span(0, len(quoted)), "inline", cut(quoted))
    alignment = align(quotation, quoted, prepare([source]), ("s",))
    assert judge(quotation, None, alignment, essay, source).name == "verbatim"


SPEECHES = (
    "COUNSEL: Who opened the sluice on that night?\n\n"
    "HALE: It was opened by order of the court.\n\nCOUNSEL: Good."
)


def transcript() -> Document:
    starts = [SPEECHES.index(w) for w in ("COUNSEL", "HALE", "COUNSEL: Good")]
    ends = [*[s - 2 for s in starts[1:]], len(SPEECHES)]
    names = ("Counsel", "Mr Hale", "Counsel")
    speeches = zip(starts, ends, names, strict=True)
    blocks = tuple(Block("speech", Span(a, b), None, name) for a, b, name in speeches)
    return Document(Work("s", "c", "source", "S"), SPEECHES, blocks)


def test_a_dialogue_against_a_transcript() -> None:
    quoted = "COUNSEL: Who opened the sluice on that night?\nHALE: It was opened by order of the court."
    verdict = judge_in(quoted, [transcript()])
    assert (verdict.name, verdict.changes) == ("verbatim", ())
    assert "another-speaker" not in verdict.warnings
    swapped = judge_in(quoted.replace("HALE", "MARSH"), [transcript()])
    assert swapped.name == "verbatim"
    assert "Hale" in dict(swapped.reasons)["another-speaker"]


@pytest.mark.parametrize(
    ("said", "warned"), [("Hale", False), ("Captain Hale", False), ("Counsel", True), (None, False)]
)
def test_another_speaker(said: str | None, warned: bool) -> None:
    verdict = judge_in("It was opened by order of the court", [transcript()], said)
    assert ("another-speaker" in verdict.warnings) is warned


@pytest.mark.parametrize(
    ("said", "speaker", "warned"),
    [
        ("Pyatakov", "PIATAKOV", False),
        ("Пятаков", "Comrade Piatakoff", False),
        ("Yezhov", "Ezhov", False),
        ("Pyatakov", "Radek", True),
    ],
)
def test_a_speaker_is_one_person_in_every_spelling_of_the_name(said: str, speaker: str, warned: bool) -> None:
    held = transcript()
    blocks = tuple(replace(block, speaker=speaker) for block in held.blocks)
    verdict = judge_in("It was opened by order of the court", [replace(held, blocks=blocks)], said)
    assert ("another-speaker" in verdict.warnings) is warned


def test_pieces_of_two_speakers_are_spliced_and_named() -> None:
    verdict = judge_in("Who opened the sluice on that night … by order of the court", [transcript()])
    assert verdict.name == "spliced"
    assert "Hale" in dict(verdict.reasons)["another-speaker"]


def test_second_hand_elsewhere_and_several_places() -> None:
    words_said = "we shall not pay for the timber of that bridge"
    quoting = Document(
        Work("a", "c", "source", "A history"), f"Marsh wrote: “{words_said}, nor the nails”. So be it."
    )
    own = Document(Work("b", "c", "source", "B"), f"It is true that {words_said} this year.")
    cited = Document(Work("s", "c", "source", "S"), SOURCE)
    verdict = judge_in(words_said, [quoting, cited])
    assert verdict.warnings[-2:] == ("not-in-cited-work", "second-hand")
    assert "A history" in dict(verdict.reasons)["second-hand"]
    twice = judge_in(words_said, [quoting, own], cited="b")
    assert "several-places" in twice.warnings and "second-hand" not in twice.warnings
    marked = Document(Work("a", "c", "source", "A"), words_said, quoted=(Span(0, len(words_said)),))
    assert "second-hand" in judge_in(words_said, [marked, cited]).warnings


@pytest.mark.parametrize(
    ("quoted", "told"),
    [
        (
            "It was our own work. We shall not pay for the timber of that bridge",
            "before",
        ),
        (
            "We shall not pay for the timber of that bridge, nor the nails. It was our own work",
            "after",
        ),
        ("We shall not pay for the timber of that bridge", ""),
        ("We shall not pay for all the timber of that bridge", ""),
    ],
)
def test_a_second_hand_source_that_quotes_less_says_nothing_of_the_rest(quoted: str, told: str) -> None:
    text = "Marsh wrote: “We shall not pay for the timber of that bridge, nor the nails.” So be it."
    history = Document(Work("a", "c", "source", "A history"), text)
    reason = dict(judge_in(quoted, [history], cited="b").reasons)["second-hand"]
    assert (f"words {told} that are not in this source" in reason) if told else ("not in this" not in reason)


@pytest.mark.parametrize(
    ("quoted", "warned"),
    [
        ("Their petition lay for a winter … No clerk would admit to having read it", True),
        ("Their petition lay for a winter … no clerk would admit to having read it", False),
        ("Their petition lay for a winter … [N]o clerk would admit to having read it", False),
        ("The pilots of Torvik were never heard … Their petition lay for a winter", False),
    ],
)
def test_a_piece_behind_an_ellipsis_that_poses_as_a_sentence(quoted: str, warned: bool) -> None:
    verdict = judged(quoted)
    assert ("begins-mid-sentence" in verdict.warnings) is warned
    assert not warned or "Behind the ellipsis" in dict(verdict.reasons)["begins-mid-sentence"]


def test_is_quoted_tells_by_quotation_marks_and_by_the_mark_up() -> None:
    text = "He said: “We knew it all along,” and left.\n\nThe labour was done by hand."
    work = Work("s", "c", "source", "S")
    plain = Document(work, text, blocks_of(text))
    said, own = (Span(text.index(w), text.index(w) + len(w)) for w in ("We knew it", "The labour"))
    assert (is_quoted(plain, said), is_quoted(plain, own)) == (True, False)
    assert is_quoted(Document(work, text, blocks_of(text, quote="The labour")), own)
    assert is_quoted(Document(work, text, blocks_of(text), quoted=(Span(own.start, len(text)),)), own)


@pytest.mark.parametrize(("via", "warned"), [("A history", True), (None, False)])
def test_quoted_through_the_cited_work_is_second_hand(via: str | None, warned: bool) -> None:
    """A novel's dialogue is not; what the essay itself calls quoted there is."""
    said = "we shall not pay for the timber of that bridge"
    history = Document(
        Work("a", "c", "source", "A history"), f"Marsh wrote: “{said}, nor the nails”. So be it."
    )
    essay = Document(Work("essay", "c", "essay", "E"), said)
    quotation = Quotation("q", "essay", Span(0, len(said)), "inline", cut(said))
    citation = Citation("q", text="Marsh, quoted in A history", via=via, work_id="a", outcome="resolved")
    alignment = align(quotation, said, prepare([history]), ("a",))
    warnings = judge(quotation, citation, alignment, essay, history).warnings
    assert ("second-hand" in warnings) is warned


def test_every_verdict_and_warning_has_its_rule_in_a_sentence() -> None:
    for text in [*RULES.values(), *WARNINGS.values()]:
        assert text[0].isupper() and text.endswith(".")
    assert set(RULES) == {"verbatim", "abridged", "altered", "spliced", "not-found", "no-source"}
    assert len(WARNINGS) == 8


@settings(max_examples=60)
@given(st.data())
def test_any_word_changed_is_seen(data: st.DataObject) -> None:
    """Whatever word is left out, put in or replaced: never verbatim, and the change says which."""
    text = SOURCE.replace("[an honest man] ", "")
    tokens = words(text)
    start = data.draw(st.integers(0, len(tokens) - 14))
    size = data.draw(st.integers(12, min(40, len(tokens) - start)))
    chosen = list(range(start, start + size))
    raw = [text[int(tokens.starts[i]) : int(tokens.ends[i])] for i in chosen]
    at = data.draw(st.integers(1, size - 2))
    how = data.draw(st.sampled_from(["out", "in", "other"]))
    kept = {
        "out": raw[:at] + raw[at + 1 :],
        "in": [*raw[:at], "not", *raw[at:]],
        "other": [*raw[:at], "herring", *raw[at + 1 :]],
    }
    verdict = judged(" ".join(kept[how]), text)
    assert verdict.name == "altered"
    told = " ".join(c.quote + " " + c.source for c in verdict.changes).casefold()
    assert {"out": raw[at].casefold(), "in": "not", "other": "herring"}[how] in told


PUT_IN = ["not", "[sic]", "…", "[...]", "[the", "party]", "(my emphasis)", "[12]", "\nHALE: ", "3rd",
          "LEDGER", "l’etat", "[T]he"]  # fmt: skip
PIECES = st.one_of(
    st.tuples(st.just("cut"), st.integers(0, 90), st.integers(1, 25)),
    st.tuples(st.just("put"), st.sampled_from(PUT_IN), st.just(0)),
)


@settings(max_examples=150)
@given(st.lists(PIECES, min_size=1, max_size=7))
def test_whatever_is_called_verbatim_stands_there_word_for_word(
    pieces: list[tuple[str, object, int]],
) -> None:
    """Anything may be put together: nothing breaks, every word is accounted for, no verbatim is false."""
    raw = SOURCE.split()
    quoted = " ".join(
        " ".join(raw[int(str(what)) : int(str(what)) + size]) if how == "cut" else str(what)
        for how, what, size in pieces
    )
    verdict = judged(quoted)
    forms = " ".join(words(SOURCE).forms)
    if verdict.name == "verbatim":
        own = [quoted[p.span.start : p.span.end] for p in cut(quoted) if p.kind == "words"]
        kept = [quoted[p.span.start : p.span.end] for p in cut(quoted) if p.kind in ("words", "bracket")]
        said = [" ".join(words("".join(text)).forms) for text in (own, [t for t in kept if t != "[12]"])]
        assert any(f" {text} " in f" {forms} " for text in said)
    for change in verdict.changes:
        ours = quoted[change.quote_span.start : change.quote_span.end]
        assert change.kind == "omitted" or words(ours).forms == words(change.quote).forms
        assert " ".join(words(change.source).forms) in forms
        assert change.quote or change.source
    assert {name for name, _ in verdict.reasons} == set(verdict.warnings)


class Walked(tuple[Any, ...]):
    """A tuple that counts how often somebody goes through all of it."""

    times = 0

    def __iter__(self) -> Iterator[Any]:
        Walked.times += 1
        return super().__iter__()


def test_a_quotation_does_not_walk_through_its_whole_source_for_each_of_its_words() -> None:
    """A book has ten thousand paragraphs; each word of a quotation once asked all of them."""
    text = SOURCE.replace("council", "council[1]").replace("The ice", "Ice")
    blocks, marks = blocks_of(text), [m.span() for m in re.finditer(r"\[1\]", text)]
    source = Document(
        Work("s", "c", "source", "S"),
        text,
        Walked(blocks),
        Walked(Anchor("note", Span(*mark), "1") for mark in marks),
    )
    quoted = (
        "The pilots of Torvik were never heard … the widow Hallin brought it to the court himself; she asked"
    )
    quotation = Quotation("q", "essay", Span(0, len(quoted)), "inline", cut(quoted))
    alignment = align(quotation, quoted, prepare([source]), ("s",))
    assert alignment is not None
    essay = Document(Work("essay", "c", "essay", "Essay"), quoted)
    Walked.times = 0
    verdict = judge(quotation, Citation("q"), alignment, essay, source, Context(True, {"s": source}))
    assert changes(verdict)
    assert Walked.times == 0

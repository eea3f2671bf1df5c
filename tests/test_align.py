"""Where quotations stand: the laws, and each way in which a quotation may depart from its source."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import fields, replace
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import SYLLABLES, cutting, invented

from indexer.align import Seeds, align, believed, examining, find, noisy, perhaps, prepare, unsound
from indexer.align.seeds import in_order, read
from indexer.models import Alignment, Anchor, Block, Document, Quotation, Span, Work
from indexer.normalise import cut, words

WORKS = [invented(f"book-{n}", 3, 12) for n in range(6)]
BY_ID = {d.work.id: d for d in WORKS}
SEEDS = prepare(WORKS)


def document(work_id: str, text: str, parent: str | None = None, notes: tuple[Anchor, ...] = ()) -> Document:
    blocks, at = [], 0
    for paragraph in text.split("\n\n"):
        kind = "note" if paragraph.startswith("NOTE") else "para"
        blocks.append(Block(kind, Span(at, at + len(paragraph))))  # type: ignore[arg-type]
        at += len(paragraph) + 2
    return Document(Work(work_id, "c", "source", work_id, parent=parent), text, tuple(blocks), notes)


def aligned(text: str, seeds: Seeds, cited: tuple[str, ...] = ()) -> Alignment | None:
    return align(Quotation("q", "essay", Span(0, len(text)), "inline", cut(text)), text, seeds, cited)


def at_place(alignment: Alignment | None, *documents: Document) -> str:
    """The words of the source from the first matched one to the last."""
    assert alignment is not None
    texts = {d.work.id: d.text for d in documents}
    span = alignment.place.span
    return texts[alignment.place.work_id][span.start : span.end]


SPEECH = (
    "The pilots of Torvik were never heard by the harbour council. Their petition lay for a winter in the "
    "ledger of the tariff office, and no clerk would admit to having read it.\n\n"
    "When the ice broke, the widow Hallin brought it to the court herself; she asked for nothing but the "
    "date."
)
OTHER = (
    "A bridge was promised to the quarry men in exchange for their votes. It was built of timber and fell in "
    "the second year, with the whole brass band upon it."
)


@pytest.mark.parametrize(
    ("quoted", "stands"),
    [
        ("Their petition lay for a winter in the ledger", "Their petition lay for a winter in the ledger"),
        ("“their petition lay for a winter . . . no clerk would admit to having read it”",
         "Their petition lay for a winter in the ledger of the tariff office, and no clerk would admit to "
         "having read it"),
        ("The pilots [of this port] were never heard by the harbour council",
         "The pilots of Torvik were never heard by the harbour council"),
        ("[T]heir petition lay for a winter in the 1edger of the tariff office",
         "Their petition lay for a winter in the ledger of the tariff office"),
        ("no clerk would admit to having read it. When the ice broke, the widow",
         "no clerk would admit to having read it.\n\nWhen the ice broke, the widow"),
        ("the widow Hallin brought them to the court", "the widow Hallin brought it to the court"),
        ("…she asked for nothing but the date…", "she asked for nothing but the date"),
        ("with the whole … band upon it", "with the whole brass band upon it"),
        ("It was built of timber, and fell in the 2nd year",
         "It was built of timber and fell in the second year"),
    ],
)  # fmt: skip
def test_places_are_exact_to_the_letter(quoted: str, stands: str) -> None:
    documents = [document("speech", SPEECH), document("other", OTHER)]
    assert at_place(aligned(quoted, prepare(documents)), *documents) == stands


@pytest.mark.parametrize(
    "quoted",
    [
        "as a matter of fact",
        "the whole of the",
        "it was built",
        "I have never in my life set foot upon that ship",
        "in the first place",
        "",
        "…",
        "Torvik",
    ],
)
def test_what_stands_nowhere_or_means_nothing_has_no_place(quoted: str) -> None:
    assert aligned(quoted, prepare([document("speech", SPEECH), document("other", OTHER)])) is None


def test_short_phrases_are_found_in_the_cited_work_alone() -> None:
    seeds = prepare([document("speech", SPEECH), document("other", OTHER)])
    assert aligned("the tariff office", seeds, ("speech",)) is not None
    assert aligned("the tariff office", seeds, ("other",)) is None


COMMON = [
    document("speech", "They did it in the name of peace, they said, and in the name of Torvik."),
    document("song", "We sing in the name of peace and in the name of Torvik, for bread and for the boats."),
    document("letter", "Who comes in the name of peace and in the name of Torvik is welcome here."),
]


@pytest.mark.parametrize(
    ("quoted", "works", "cited", "found"),
    [
        ("in the name of peace", 2, (), True),
        ("in the name of peace", 3, (), False),
        ("in the name of peace", 3, ("letter",), True),
        ("in the name of Torvik", 3, (), True),
    ],
)
def test_a_common_phrase_of_many_works_is_the_words_of_none(
    quoted: str, works: int, cited: tuple[str, ...], found: bool
) -> None:
    assert bool(aligned(quoted, prepare(COMMON[:works]), cited)) == found


PHRASES = prepare(
    [document("phrases", "They spoke of the alliance between the pilots and the fishermen again.")]
)


@pytest.mark.parametrize(
    ("quoted", "cited", "found"),
    [
        ("the alliance between the pilots and the fishermen", False, True),
        ("the alliances between the pilots and the fishermen", False, True),
        ("the reconciliation between the pilots and the fishermen", False, False),
        ("the reconciliation between the pilots and the fishermen", True, True),
    ],
)
def test_a_phrase_that_lacks_a_word_is_found_in_the_cited_work_alone(
    quoted: str, cited: bool, found: bool
) -> None:
    assert bool(aligned(quoted, PHRASES, ("phrases",) if cited else ())) == found


SCATTERED = prepare(
    [
        document(
            "scattered",
            "The clerk praised the late surveyor, so that the bridge was built. "
            + SPEECH
            + "\n\nIn the end they had their drowned garrison on the other side of the water.",
        )
    ]
)


@pytest.mark.parametrize(
    ("quoted", "found"),
    [
        ("praised the late surveyor, so that the bridge was built on the other side of the water", True),
        ("praised the late surveyor, so that the famous tide sank nobody on the other side of the water",
         False),
        ("praised the late surveyor, so that the famous tide … on the other side of the water", True),
    ],
)  # fmt: skip
def test_words_strewn_over_a_source_stand_there_only_if_most_stand_together(quoted: str, found: bool) -> None:
    """Two scraps of a made sentence, pages apart, were once a place."""
    assert bool(aligned(quoted, SCATTERED)) == found


def test_pieces_are_equal_words_in_the_order_of_the_quotation() -> None:
    quoted = "the widow Hallin brought it to court … Their petition lay for a long winter in the ledger"
    found = aligned(quoted, prepare([document("speech", SPEECH)]))
    assert found is not None
    pairs = [
        (quoted[p.quote.start : p.quote.end], SPEECH[p.source.start : p.source.end]) for p in found.pieces
    ]
    assert all(words(a).forms == words(b).forms for a, b in pairs)
    assert [a for a, _ in pairs] == [
        "the widow Hallin brought it to", "court", "Their petition lay for a", "winter in the ledger",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("quoted", "tied"),
    [
        ("the cause of the strike [“la cause première”], for the main thing",
         ["the cause of the strike [“la cause première”], for the main thing"]),
        ("were for an end of the tariff” [Latest News, 8th March]",
         ["were for an end of the tariff” [Latest News, 8th March"]),
        ("[“la cause première”], for the main thing was that",
         ["la cause première”], for the main thing was that"]),
        ("would not ask for the cause [of] the strike", ["would not ask for the cause of the strike"]),
        ("the cause of the strike [“la cause”], for the main thing",
         ["the cause of the strike", "for the main thing"]),
        ("the cause of the strike [12] [“la cause première”], for the main thing",
         ["the cause of the strike", "la cause première”], for the main thing"]),
        ("the cause of the strike … [News, 8th March]. The banks paid it in full",
         ["the cause of the strike", "News, 8th March]. The banks paid it in full"]),
        ("an end of the tariff” [The] banks paid it in full",
         ["an end of the tariff", "banks paid it in full"]),
    ],
)  # fmt: skip
def test_brackets_that_the_source_has_are_tied_like_other_words(quoted: str, tied: list[str]) -> None:
    text = (
        "The makers would not ask for the cause of the strike [“la cause première”], for the main thing was "
        "that “the crews were for an end of the tariff” [Latest News, 8th March]. The banks paid it in full."
    )
    alignment = aligned(quoted, prepare([document("s", text)]), ("s",))
    assert alignment is not None
    assert [text[p.source.start : p.source.end] for p in alignment.pieces] == tied
    assert text[alignment.place.span.start :].startswith(tied[0])


def test_of_equal_places_that_which_has_the_brackets_too_comes_first() -> None:
    quoted = "The makers would not ask for the cause [“la cause première”]"
    without = document("a", "The makers would not ask for the cause. So be it.")
    both = [document(name, f"{quoted}, for the main thing was another.") for name in ("b", "c")]
    alignment = aligned(quoted, prepare([without, *both]))
    assert alignment is not None and alignment.place.work_id == "b"
    assert [place.work_id for place in alignment.others] == ["c"]
    assert at_place(alignment, *both) == quoted[:-2]


def test_marks_of_notes_never_disturb_a_match_nor_are_notes_inside_one() -> None:
    text = "The pilots[3] of Torvik were never\n\nNOTE 3. Their names are lost.\n\nheard by the harbour4 men."
    marks = (
        Anchor("note", Span(10, 13), "[3]"),
        Anchor("note", Span(text.index("4 m"), text.index("4 m") + 1), "4"),
    )
    source = document("speech", text, notes=marks)
    found = aligned("The pilots of Torvik were never heard by the harbour men", prepare([source]))
    assert found is not None
    assert [text[p.source.start : p.source.end] for p in found.pieces] == [
        "The pilots[3] of Torvik were never", "heard by the harbour4 men",
    ]  # fmt: skip
    assert aligned("Their names are lost, it says in a note", prepare([source])) is None


def test_a_quotation_may_run_over_the_end_of_a_chapter() -> None:
    first = document("book-ch9", SPEECH, "book")
    second = document("book-ch10", OTHER, "book")
    quoted = "nothing but the date. A bridge was promised to the quarry men in exchange for their votes."
    found = aligned(quoted, prepare([second, first]), ("book-ch9", "book-ch10"))
    assert found is not None
    assert [p.work_id for p in found.pieces] == ["book-ch9", "book-ch10"]
    assert found.in_cited_work is True


def test_the_cited_work_comes_first_and_equal_places_are_kept() -> None:
    documents = [document(f"copy-{n}", SPEECH) for n in (3, 1, 2)]
    quoted = "Their petition lay for a winter in the ledger"
    free = aligned(quoted, prepare(documents))
    assert free is not None and free.in_cited_work is None
    assert (free.place.work_id, [p.work_id for p in free.others]) == ("copy-1", ["copy-2", "copy-3"])
    bound = aligned(quoted, prepare(documents), ("copy-3", "not-held"))
    assert bound is not None and bound.in_cited_work is True
    assert (bound.place.work_id, [p.work_id for p in bound.others]) == ("copy-3", ["copy-1", "copy-2"])
    elsewhere = aligned(quoted, prepare([*documents, document("other", OTHER)]), ("other",))
    assert elsewhere is not None and elsewhere.in_cited_work is False
    unheld = aligned(quoted, prepare(documents), ("not-held",))
    assert unheld is not None and unheld.in_cited_work is None


def test_words_altered_in_the_cited_work_come_before_the_same_words_elsewhere() -> None:
    misquoting = document("later", "She wrote: " + SPEECH.replace("for a winter", "for two winters"))
    seeds = prepare([document("speech", SPEECH), misquoting])
    quoted = "Their petition lay for two winters in the ledger of the tariff office, and no clerk would admit"
    cited = aligned(quoted, seeds, ("speech",))
    assert cited is not None and cited.place.work_id == "speech" and cited.in_cited_work is True
    assert [place.work_id for place in cited.others] == ["later"]
    free = aligned(quoted, seeds)
    assert free is not None and (free.place.work_id, free.others) == ("later", ())


def test_scraps_of_another_translation_are_no_place() -> None:
    quoted = (
        "The pilots from Torvik did not get a hearing of the harbour commission. For one whole winter their "
        "request was left lying in a ledger at the customs, and not one clerk would own to have read of it."
    )
    assert aligned(quoted, prepare([document("speech", SPEECH)]), ("speech",)) is None


TRANSLATED = (
    "When the ice had broken, the widow Hallin herself carried their petition before the court: the date "
    "was all that she asked. A whole winter it had lain in a ledger at the tariff bureau, unheard by the "
    "harbour council."
)


def test_another_translation_is_offered_in_the_cited_work_alone_and_never_as_found() -> None:
    source = document("speech", " ".join(d.text for d in WORKS[:2]) + "\n\n" + SPEECH)
    seeds = prepare([source, document("other", OTHER), WORKS[3]])
    quotation = Quotation("q", "essay", Span(0, len(TRANSLATED)), "block", cut(TRANSLATED))
    assert align(quotation, TRANSLATED, seeds, ("speech",)) is None
    place = perhaps(quotation, TRANSLATED, seeds, ("speech",))
    assert place is not None and place.work_id == "speech"
    assert "the widow Hallin brought it to the court" in source.text[place.span.start : place.span.end]
    assert perhaps(quotation, TRANSLATED, seeds, ("other", WORKS[3].work.id)) is None
    assert perhaps(quotation, TRANSLATED, seeds, ()) is None


def test_a_badly_misprinted_quotation_is_found_by_the_words_left_whole() -> None:
    quoted = (
        "Thcir petitlon lay fcr a winler in tbe ledqer cf tne tariff otfice, aud no clcrk wonld admit tc lt"
    )
    source = document("speech", SPEECH)
    assert "petition lay for a winter" in at_place(
        aligned(quoted, prepare([source, *WORKS]), ("speech",)), source
    )
    rare = "Whcn tbe ice broke ou the Vistbergen, tne Hallin wibow brougnt lt to the Torkanska conrt bcrself"
    held = document(
        "rare",
        "When the ice broke on the Vistbergen, the Hallin widow brought it to the Torkanska court herself.",
    )
    assert "Vistbergen" in at_place(aligned(rare, prepare([held, *WORKS])), held)


def test_a_quotation_as_long_as_a_book_is_found_without_comparing_all_with_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A mark that was never closed quoted the rest of a book, and a megabyte of it took minutes."""
    book, rng = invented("book", 5, 150), random.Random(5)
    said = book.text.split()
    for at in range(3, len(said), 7):
        said[at] = rng.choice(said)
    text, looked = " ".join(said), list[int]()
    chain = import_module("indexer.align.chain")  # the package's `chain` is the function
    steps, letters = chain._steps, noisy.by_letters

    def counted_steps(shared: Any, first: int, r: int, *rest: Any) -> Any:
        looked.append(r - first)
        return steps(shared, first, r, *rest)

    def counted_letters(keys: list[str], found: list[str]) -> Span | None:
        looked.append(len(keys) * len(found))
        return letters(keys, found)

    monkeypatch.setattr(chain, "_steps", counted_steps)
    monkeypatch.setattr(noisy, "by_letters", counted_letters)
    quotation = Quotation("q", "essay", Span(0, len(text)), "block", cut(text))
    found = align(quotation, text, prepare([book, invented("other", 6)]))
    assert len(said) > 4 * noisy.LONGEST and found and found.place.work_id == "book"
    assert len(found.place.span) > 0.99 * len(book.text)
    works = 2
    assert 0 < sum(looked) <= works * (len(said) // chain.WORDS_A_RUN + chain.MOST_RUNS) * chain.RUNS_BACK


@pytest.mark.parametrize(
    ("quoted", "tied"),
    [
        (
            "Free passage is still only the thin end of the wedge for the council",
            ["Free passage", "is still only the thin end of the wedge for the council"],
        ),
        (
            "is still only the thin end of the wedge for the council, says the keeper",
            ["is still only the thin end of the wedge for the council", "says the keeper"],
        ),
        # Not all of the words stand there together: nothing is tied by scraps of them.
        (
            "Free passage for pilots is still only the thin end of the wedge for the council",
            ["is still only the thin end of the wedge for the council"],
        ),
    ],
)
def test_an_omission_without_a_mark_leaves_the_words_before_and_after_it_tied(
    quoted: str, tied: list[str]
) -> None:
    """Two words stood before fifteen that were left out, with a "not" among them: they were taken for two
    changed ones, and the "not" was told nowhere."""
    text = (
        "Nobody asked them. Free passage, even if it is not as bound up at first with the pilots as the gale "
        "had been, is still only the thin end of the wedge for the council and its friends on the quay, and "
        "so it will remain, says the keeper."
    )
    found = aligned(quoted, prepare([document("w", text), *WORKS]))
    assert found is not None
    assert [quoted[p.quote.start : p.quote.end] for p in found.pieces] == tied
    assert all(
        words(text[p.source.start : p.source.end]).forms == words(quoted[p.quote.start : p.quote.end]).forms
        for p in found.pieces
    )


def test_an_omission_is_cut_at_punctuation() -> None:
    source = document(
        "s", "For a whole winter – the “hungry” one – the petition lay in the ledger of the office"
    )
    found = aligned("For a whole winter the petition lay in the ledger of the office", prepare([source]))
    assert found is not None
    assert [source.text[p.source.start : p.source.end] for p in found.pieces] == [
        "For a whole winter", "the petition lay in the ledger of the office",
    ]  # fmt: skip


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_a_true_excerpt_is_found_word_for_word(seed: int) -> None:
    rng = random.Random(seed)
    source = rng.choice(WORKS)
    quoted, _ = cutting(source, rng, 8, 50)
    found = aligned(" ".join(quoted), SEEDS, (source.work.id,) if seed % 2 else ())
    assert len(found.pieces) == 1 if found else False
    assert words(at_place(found, *WORKS)).forms == words(" ".join(quoted)).forms


@settings(max_examples=25)
@given(st.integers(0, 10**6))
def test_neither_order_nor_strangers_change_the_answer(seed: int) -> None:
    rng = random.Random(seed)
    quoted, _ = cutting(rng.choice(WORKS), rng, 6, 40)
    for at in rng.sample(range(len(quoted)), len(quoted) // 6):
        quoted[at] = rng.choice(["herring", "…", "[sic]", "x"])
    text = " ".join(quoted)
    stranger = document("stranger", "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich. " * 30)
    mixed = [*WORKS, stranger]
    rng.shuffle(mixed)
    assert aligned(text, prepare(mixed)) == aligned(text, SEEDS)


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_without_its_source_nothing_is_found(seed: int) -> None:
    rng = random.Random(seed)
    quoted = ["".join(rng.choices(SYLLABLES, k=rng.randint(1, 3))) for _ in range(30)]
    source = document("lost", " ".join(["so it was", *quoted, "as they say"]))
    assert aligned(" ".join(quoted), prepare([*WORKS, source])) is not None
    assert aligned(" ".join(quoted), prepare(WORKS)) is None


def test_likeness_falls_as_damage_grows() -> None:
    rng = random.Random(11)
    for _ in range(10):
        quoted, _ = cutting(rng.choice(WORKS), rng, 40, 40)
        scores = []
        order = rng.sample(range(40), 40)
        for damaged in (0, 2, 5, 8, 30):
            text = " ".join("zzz" if i in order[:damaged] else w for i, w in enumerate(quoted))
            found = aligned(text, SEEDS)
            scores.append(found.score if found else 0.0)
        assert scores == sorted(scores, reverse=True)
        assert scores[0] > scores[3] > scores[4] == 0.0


def test_seeds_are_the_same_when_saved_and_loaded() -> None:
    loaded = Seeds.load({name: array.copy() for name, array in SEEDS.arrays().items()})
    assert all(np.array_equal(a, loaded.arrays()[name]) for name, a in SEEDS.arrays().items())
    quoted = " ".join(cutting(WORKS[0], random.Random(1), 20, 20)[0])
    assert aligned(quoted, loaded) == aligned(quoted, SEEDS) is not None


SOURCES = {name: invented(name, 5, 4) for name in ("dunes", "ebb-1", "ebb-2", "ebb-10")}
HURT = {
    "gone": lambda array: array[:-1],
    "more": lambda array: np.concatenate([array, array[-1:]]),
    "another": lambda array: np.concatenate(
        [array[:-1], array[:1] if array[0] != array[-1] else array[-1:] + 1]
    ),
    "turned": lambda array: array[::-1],
    "beyond": lambda array: array + 10_000,
}


def hurts() -> Iterator[tuple[str, str]]:
    """Each array of the seeds with each way to hurt it that makes it another."""
    kept = prepare(SOURCES.values())
    for name, how in itertools.product([field.name for field in fields(Seeds)], HURT):
        array = getattr(kept, name)
        moved = how == "beyond" and array.dtype.kind in "US"
        if len(array) > 1 and not moved and not np.array_equal(array, array[::-1]):
            yield name, how


@pytest.mark.parametrize(("name", "how"), list(hurts()))
def test_seeds_that_are_not_those_of_the_sources_are_told(
    name: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever array it is and however it is hurt; no entry of it leads outside the others."""
    monkeypatch.setattr(examining, "STRETCH", 100)
    kept = prepare(SOURCES.values())
    array = getattr(kept, name)
    hurt = HURT[how](array)
    works = [document.work for document in SOURCES.values()]
    assert unsound(kept, works, SOURCES.__getitem__) == []
    assert unsound(replace(kept, **{name: hurt}), works, SOURCES.__getitem__)


def test_seeds_are_examined_a_document_at_a_time() -> None:
    """The doctor made all seeds again: its memory grew with the archive."""
    asked: list[str] = []
    works = [document.work for document in SOURCES.values()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(examining, "read", lambda document, met: asked.append("read") or read(document, met))
        unsound(prepare(SOURCES.values()), works, lambda name: asked.append(name) or SOURCES[name])
    assert asked == ["dunes", "read", "ebb-1", "read", "ebb-10", "read", "ebb-2", "read"]


def test_an_empty_archive_has_nothing() -> None:
    empty = prepare([])
    assert aligned("any words at all that are quoted", empty) is None
    assert find("any words at all", empty) == []
    assert aligned("some words of it", prepare([document("empty", "")])) is None


@pytest.mark.parametrize(
    ("sought", "works"),
    [
        ("for a winter", ["speech"]),
        ("was built of timber, and fell", ["other"]),
        ("she asked nothing but the date of the widow", ["speech"]),
        ("of the", []),
        ("no such words stand here", []),
        ("", []),
    ],
)
def test_find(sought: str, works: list[str]) -> None:
    seeds = prepare([document("speech", SPEECH), document("other", OTHER)])
    assert [found.place.work_id for found in find(sought, seeds)] == works


def test_find_gives_the_likest_first_and_no_more_than_asked() -> None:
    changed = SPEECH.replace("winter", "summer")
    seeds = prepare([document("a", changed), document("b", SPEECH), document("c", SPEECH)])
    found = find("Their petition lay for a winter in the ledger of the tariff office", seeds)
    assert [f.place.work_id for f in found] == ["b", "c", "a"]
    assert len(find("petition lay for a winter", seeds, limit=1)) == 1


def test_works_keep_their_own_spans_whatever_their_neighbours() -> None:
    alone = aligned("It was built of timber", prepare([document("other", OTHER)]), ("other",))
    among = aligned("It was built of timber", prepare([document("other", OTHER), *WORKS]), ("other",))
    assert alone is not None and among is not None
    assert replace(alone, score=0.0) == replace(among, score=0.0)


# --- a place that a reader names -----------------------------------------------------------------

ANSWER = "You will add nothing. The officer will take him down."


@pytest.mark.parametrize(
    ("quoted", "place", "stands"),
    [
        ("You will say nothing.", ANSWER, "You will add nothing"),
        ("You shall add nothing!", ANSWER, "You will add nothing"),
        ("You . . . will take him up.", ANSWER, "You will add nothing. The officer will take him"),
        ("The officer shall take them down", ANSWER, "The officer will take him down"),
        ("nothing", ANSWER, "nothing"),
        ("The bench was silent", ANSWER, None),
        ("The quarry will be shut down", ANSWER, None),
        ("You", "", None),
        ("…", ANSWER, None),
    ],
)
def test_a_place_that_is_named_needs_no_proof_against_chance(
    quoted: str, place: str, stands: str | None
) -> None:
    """A short quotation with one word changed was not found where its reader had read it."""
    source = document("answer", place)
    seeds = prepare([source])
    found = believed(Quotation("q", "essay", Span(0, len(quoted)), "inline", cut(quoted)), quoted, seeds)
    assert (at_place(found, source) if found else None) == stands
    if stands and stands != "nothing":
        assert aligned(quoted, prepare([source, *WORKS]), ("answer",)) is None


def test_a_work_may_be_called_by_raised_figures() -> None:
    """They are digits to Python and no number; their work ended the whole index."""
    works = [Work(name, "c", "source", "", parent="p") for name in ("1²3", "²", "10", "9")]
    ordered = [work.id for work in in_order(works)]
    assert sorted(ordered) == sorted(work.id for work in works)
    assert ordered.index("9") < ordered.index("10")

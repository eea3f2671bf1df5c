"""Documents cut into passages."""

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.models import Anchor, Block, BlockKind, Document, Span, Work
from indexer.segment import LONGEST, SHORTEST, segment

SENTENCE = "The ferry left the quay at six in the morning, as it did on every other day. "
LONG = SENTENCE * 3


def document(
    *parts: tuple[BlockKind, str] | tuple[BlockKind, str, str | None], pages: tuple[int, ...] = ()
) -> Document:
    """A document of these blocks: kind, words, and a speaker where one is given."""
    blocks, text = [], ""
    for kind, words, *speaker in parts:
        start = len(text) + (2 if text else 0)
        text = f"{text}\n\n{words.strip()}" if text else words.strip()
        blocks.append(Block(kind, Span(start, len(text)), None, speaker[0] if speaker else None))
    anchors = tuple(Anchor("page", Span(at, at), str(n)) for n, at in enumerate(pages, 11))
    return Document(Work("w", "c", "source", "t"), text, tuple(blocks), anchors)


def cut(*parts: tuple[BlockKind, str] | tuple[BlockKind, str, str | None]) -> list[str]:
    """The words of the passages of such a document."""
    made = document(*parts)
    return [made.text[p.span.start : p.span.end] for p in segment(made)]


def test_a_paragraph_is_a_passage() -> None:
    assert cut(("para", LONG), ("para", LONG)) == [LONG.strip(), LONG.strip()]


def test_headings_go_with_what_follows() -> None:
    assert cut(("heading", "Book"), ("heading", "Chapter"), ("para", LONG), ("heading", "End")) == [
        f"Book\n\nChapter\n\n{LONG.strip()}",
        "End",
    ]


def test_short_paragraphs_are_joined() -> None:
    assert cut(("para", "Dear friend,"), ("para", LONG), ("para", "Yours,"), ("para", "A.")) == [
        f"Dear friend,\n\n{LONG.strip()}",
        "Yours,\n\nA.",
    ]


def test_two_speakers_are_never_one_passage() -> None:
    made = document(("speech", "A: Yes?", "A"), ("speech", "B: No.", "B"), ("speech", "So I went.", "B"))
    assert [(p.speaker, made.text[p.span.start : p.span.end]) for p in segment(made)] == [
        ("A", "A: Yes?"),
        ("B", "B: No.\n\nSo I went."),
    ]


def test_a_heading_before_a_speech_has_the_speaker() -> None:
    assert segment(document(("heading", "Session"), ("speech", "A: Yes.", "A")))[0].speaker == "A"


def test_notes_stay_apart_from_the_text() -> None:
    assert cut(("para", "Short."), ("note", "1. Ibid."), ("note", "2. Ibid."), ("para", "More.")) == [
        "Short.",
        "1. Ibid.\n\n2. Ibid.",
        "More.",
    ]


def test_long_paragraphs_are_cut_at_sentence_ends() -> None:
    pieces = cut(("para", SENTENCE * 40))
    assert len(pieces) == 3
    assert all(piece.endswith("day.") and len(piece.split()) <= LONGEST for piece in pieces)
    assert " ".join(pieces) == (SENTENCE * 40).strip()


def test_a_sentence_without_end_is_cut_between_words() -> None:
    pieces = cut(("para", "word " * (3 * LONGEST)))
    assert all(len(piece.split()) <= LONGEST for piece in pieces)
    assert " ".join(pieces) == ("word " * (3 * LONGEST)).strip()


def test_ids_count_from_one_and_pages_are_locators() -> None:
    made = document(("para", LONG), ("para", SENTENCE * 40), pages=(0, len(LONG) + 1700))
    passages = segment(made)
    assert [p.id for p in passages] == [f"w.{n}" for n in range(1, len(passages) + 1)]
    assert [p.locator for p in passages] == ["p. 11", "p. 11", "p. 11", "p. 12"]


def test_a_passage_is_on_the_page_of_its_words_not_of_its_heading() -> None:
    made = document(("heading", "Second session"), ("speech", f"A: {LONG}", "A"), pages=(0, 14))
    assert [p.locator for p in segment(made)] == ["p. 12"]


def test_nothing_gives_nothing() -> None:
    assert segment(Document(Work("w", "c", "source", "t"), "")) == []


KINDS = st.sampled_from(["para", "heading", "quote", "speech", "note", "item"])
WORDS = st.integers(1, 700).map(
    lambda n: " ".join(("Word. " if i % 9 == 8 else "word") for i in range(n)).strip()
)
PARTS = st.lists(st.tuples(KINDS, WORDS, st.sampled_from([None, "A", "B"])), min_size=1, max_size=12)


@settings(max_examples=150)
@given(PARTS)
def test_passages_cover_all_blocks_in_order(parts: list[tuple[BlockKind, str, str | None]]) -> None:
    made = document(*parts)
    passages = segment(made)
    at = 0
    for passage in passages:
        assert at <= passage.span.start < passage.span.end
        assert not made.text[at : passage.span.start].strip()
        assert len(made.text[passage.span.start : passage.span.end].split()) <= LONGEST
        at = passage.span.end
    assert at == len(made.text)
    inside = [block for block in made.blocks if block.kind != "heading"]
    for passage in passages:
        speakers = {
            b.speaker for b in inside if b.span.start < passage.span.end and b.span.end > passage.span.start
        }
        assert len(speakers) <= 1 and speakers <= {passage.speaker}


@settings(max_examples=50)
@given(st.lists(st.integers(1, 30), min_size=1, max_size=40))
def test_only_the_last_passage_before_a_break_is_short(sizes: list[int]) -> None:
    passages = cut(*(("para", "word " * size) for size in sizes))
    assert all(len(words.split()) >= SHORTEST for words in passages[:-1])


def test_a_page_may_be_called_anything() -> None:
    """The label was taken for a pattern's replacement: a book numbered "A\\1" ended the whole index."""
    block = Block("para", Span(0, 9), "First day, p. 1")
    page = Anchor("page", Span(0, 0), "A\\1")
    [passage] = segment(Document(Work("w", "c", "source", "t"), "Some text", (block,), (page,)))
    assert passage.locator == "First day, p. A\\1"

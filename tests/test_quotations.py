"""Quotations: invented pages of odd shapes, laws, and how well it does on real labels.

The pages in `quotations_pages` tell of an invented affair, a bridge that fell at Harrowgate. In them
⟦ ⟧ hold a quotation and ⟨ ⟩ its attribution; a quotation that begins with ∅ has none, one that
begins with → has that of the next.
"""

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from gold import GOLD, SHARED, scored
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.extract import extract
from indexer.models import Anchor, Block, Document, Quotation, Span, Work
from indexer.quotations import quotations, unnoted
from indexer.quotations.marks import doubles, singles

WORK = Work("bridge", "test", "essay", "The Bridge at Harrowgate")
SIGNS = re.compile("[⟦⟧⟨⟩]|(?<=⟦)[∅→]")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A page without its signs, and (words, attribution) of each of its quotations."""

    document: Document
    wanted: list[tuple[str, str | None]]


def labelled(page: str) -> Labelled:
    """The page that the signs describe."""
    cites = re.findall(r"⟨(.*?)⟩", page, re.DOTALL)
    wanted: list[tuple[str, str | None]] = []
    for found in re.finditer(r"⟦(.*?)⟧", page, re.DOTALL):
        quoted = SIGNS.sub("", found[0])
        if found[1].startswith("∅"):
            wanted.append((quoted, None))
        else:
            wanted.append((quoted, SIGNS.sub("", cites[0] if found[1].startswith("→") else cites.pop(0))))
    return Labelled(document(SIGNS.sub("", page)), wanted)


def document(
    text: str, *, kinds: str = "", anchors: tuple[Anchor, ...] = (), quoted: tuple[Span, ...] = ()
) -> Document:
    """A document of the text's paragraphs; `kinds` has a letter for each: para, heading, note, quote."""
    names = {"p": "para", "h": "heading", "n": "note", "q": "quote"}
    spans = [Span(m.start(), m.end()) for m in re.finditer(r"[^\n]+(?:\n[^\n]+)*", text)]
    blocks = tuple(
        Block(names[kinds[number : number + 1] or "p"], span)  # type: ignore[arg-type]
        for number, span in enumerate(spans)
    )
    return Document(WORK, text, blocks, anchors, (), quoted)


def shown(document: Document) -> list[tuple[str, str | None]]:
    """(words, attribution) of each quotation found."""
    return [
        (words(document, found.span) or "", words(document, found.attribution))
        for found in quotations(document)
    ]


def words(document: Document, span: Span | None) -> str | None:
    """The text of a span."""
    return None if span is None else document.text[span.start : span.end]


FOLDER = Path(__file__).parent / "quotations_pages"
PAGES = {path.stem: path.read_text("utf-8").removesuffix("\n") for path in sorted(FOLDER.glob("*.txt"))}


def test_there_are_pages_of_many_shapes() -> None:
    assert len(PAGES) >= 40


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_invented_page(page: str) -> None:
    case = labelled(page)
    assert shown(case.document) == case.wanted


EACH_CITED = [
    ("The bridge was sold early, and the “old council” knew of it.", " (", "Pell, Bridges, p. 4", ")"),
    ("Nobody in Harrowgate asked for a bridge, and nobody had paid for one…", "\n(", "Ibid.", ")"),
    ("The stone was carried by night, for fear of the council.", " (", "Council Minutes (R.C.)", ")"),
    ("The paint was white, and the rain washed it off.", "\n–", "Ada Quill, “The Painters of 1911”", ""),
    ("The next paint was red, and the mayor saw it.", " –", "Ada Quill, The Painters Come Again, p. 134", ""),
    ("The last paint was never bought, for nobody paid.", "\n", "Ada Pell (Why I Left the Committee)", ""),
    ("Nobody has seen a painter on the bridge since then.", "\n(", "Quill, Rails", ")"),
]  # fmt: skip


@pytest.mark.parametrize("lost", range(len(EACH_CITED)))
def test_a_lost_closing_mark_costs_no_quotation_that_has_its_own_citation(lost: int) -> None:
    blocks = [
        f"“{said}{'' if n == lost else '”'}{before}{cite}{behind}"
        for n, (said, before, cite, behind) in enumerate(EACH_CITED)
    ]
    assert shown(document("\n\n".join(blocks))) == [(said, cite) for said, _, cite, _ in EACH_CITED]


def test_notes_under_superscript_marks() -> None:
    text = (
        "The treasurer wrote: “We have no money for paint this year.“³ Elsewhere he speaks.\n\n"
        "The bridge was painted in green.²\n\n² A colour of that time.\n\n³ Council Papers, Nr. 27, p. 4"
    )
    assert shown(document(text)) == [
        ("We have no money for paint this year.", "Council Papers, Nr. 27, p. 4")
    ]


def test_notes_by_anchors_are_shared_by_a_paragraph() -> None:
    text = (
        "He wrote that ‘the iron was bad from the beginning’. He also thought "
        "‘the stone was worse than the iron’. [7] So it was.\n\n"
        "7. E. Pell, The Line to the North, London 1934, p. 60."
    )
    mark = text.index("[7]")
    anchor = Anchor("note", Span(mark, mark + 3), "7", text.index("7. E."))
    note = "E. Pell, The Line to the North, London 1934, p. 60."
    assert shown(document(text, kinds="pn", anchors=(anchor,))) == [
        ("the iron was bad from the beginning", note),
        ("the stone was worse than the iron", note),
    ]


def test_marks_of_notes_are_none_of_the_words() -> None:
    text = "He said: “The council [4] knew, the mayor[5] too.” So it was."
    marks = [(m.start(), m.end()) for m in re.finditer(r"\[\d\]", text)]
    case = document(text, anchors=tuple(Anchor("note", Span(*mark), text[slice(*mark)]) for mark in marks))
    found = quotations(case)[0]
    assert words(case, found.span) == "The council [4] knew, the mayor[5] too."
    assert unnoted(case, found.span) == "The council knew, the mayor too."


def test_a_note_that_explains_is_no_attribution() -> None:
    text = "He said: ‘The old man will not see another winter.’ [2]\n\n2. Tarn was a smith in the upper town."
    mark = text.index("[2]")
    anchor = Anchor("note", Span(mark, mark + 3), "2", text.index("2. Tarn"))
    assert shown(document(text, kinds="pn", anchors=(anchor,))) == [
        ("The old man will not see another winter.", None)
    ]


@pytest.mark.parametrize(
    ("rest", "cite"),
    [
        (", he said of that year (p. 4).", "p. 4"),
        (", which he had seen in the town. (p. 4) So it was.", "p. 4"),
        (". The town knew it. It was a long year. (p. 4)", None),
    ],
)
def test_a_citation_at_the_end_of_the_sentence(rest: str, cite: str | None) -> None:
    text = f"He calls ‘the third pier a thing of sand and of hope’{rest}"
    assert shown(document(text)) == [("the third pier a thing of sand and of hope", cite)]


def test_a_note_that_says_in_a_sentence_where_the_words_stand() -> None:
    text = "He said: ‘The old man will not see another year.’ [2]\n\n2. It is in Pell’s The Line, no. 34."
    mark = text.index("[2]")
    anchor = Anchor("note", Span(mark, mark + 3), "2", text.index("2. It is"))
    assert shown(document(text, kinds="pn", anchors=(anchor,)))[0][1] == "It is in Pell’s The Line, no. 34."


def test_marked_up_blocks_without_marks() -> None:
    text = (
        "He goes on.\n\nThe third pier stands on gravel and on hope.\n\nThe fourth stands on hope alone.\n\n"
        "– E. Pell, The Line to the North\n\nThat is all."
    )
    start, end = text.index("The third"), text.index("\n\nThat is all")
    case = document(text, kinds="pqqqp", quoted=(Span(start, end),))
    assert shown(case) == [
        (
            "The third pier stands on gravel and on hope.\n\nThe fourth stands on hope alone.",
            "E. Pell, The Line to the North",
        )
    ]


def test_marked_up_words_in_a_line_lose_their_marks() -> None:
    text = "He called it “a bridge for goats and for widows” and went home."
    start = text.index("“")
    case = document(text, quoted=(Span(start, text.index("”") + 1),))
    assert shown(case) == [("a bridge for goats and for widows", None)]


def test_marked_up_words_in_a_line_have_the_citation_behind_them() -> None:
    text = "He called it “a bridge for goats” (Pell, The Line, p. 4). Another held, he said (ibid., p. 5)."
    first, second = text.index("“a bridge"), text.index("Another held")
    case = document(
        text, quoted=(Span(first, text.index("” (") + 1), Span(second, second + len("Another held")))
    )
    assert shown(case) == [("a bridge for goats", "Pell, The Line, p. 4"), ("Another held", "ibid., p. 5")]


NOTED = """Pell has seen ‘the iron bend like the wick of a candle’ in that year.

He has more of it:

He writes that ‘the stone was worse than the iron, and dearer’. [7]

7. {note}"""


@pytest.mark.parametrize(
    ("note", "governs"),
    [
        ("E. Pell, The Line to the North, London 1934, p. 60.", True),
        ("Cf. E. Pell, The Line to the North, London 1934, p. 60.", False),
        ("Pell was in the town by then. See The Line to the North, p. 60.", False),
    ],
)
def test_a_note_speaks_for_the_paragraphs_before_it(note: str, governs: bool) -> None:
    text = NOTED.format(note=note)
    mark = text.index("[7]")
    anchor = Anchor("note", Span(mark, mark + 3), "7", text.index("7. "))
    cited = shown(document(text, kinds="pppn", anchors=(anchor,)))
    assert cited[0] == ("the iron bend like the wick of a candle", note if governs else None)


def test_a_heading_ends_what_a_note_speaks_for() -> None:
    text = NOTED.format(note="E. Pell, The Line to the North, London 1934, p. 60.")
    mark = text.index("[7]")
    anchor = Anchor("note", Span(mark, mark + 3), "7", text.index("7. "))
    cited = shown(document(text, kinds="phpn", anchors=(anchor,)))
    assert [cite is None for _, cite in cited] == [True, False]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("He was right (“the iron went as we said it would”).", ["the iron went as we said it would"]),
        ("He wrote much (“The Iron of the North”).", []),
        ("In the article “E. Pell, on the Second Bridge,” Tarn wrote much.", []),
        ("It is known as “the pride of the northern line”.", []),
        (
            "He saw in Pell’s bridge as “the old dream of the northern line come true again”.",
            ["the old dream of the northern line come true again"],
        ),
    ],
)
def test_what_is_named_and_what_is_said(text: str, quoted: list[str]) -> None:
    assert [words for words, _ in shown(document(text))] == quoted


def test_a_forgotten_closing_mark_before_a_note_at_the_end_of_a_paragraph() -> None:
    singles = "He said that ‘the iron was bad, and the stone was no better’ to all who asked him. "
    text = (
        singles * 3
        + "\n\nHe ends: ‘The bridge will stand for as long as I do. [7]\n\n7. Pell was old by then."
    )
    mark = text.index("[7]")
    anchor = Anchor("note", Span(mark, mark + 3), "7", text.index("7. Pell"))
    cited = shown(document(text, kinds="ppn", anchors=(anchor,)))
    assert cited[-1] == ("The bridge will stand for as long as I do.", None)


def test_a_quotation_of_several_paragraphs_whose_first_is_interrupted() -> None:
    text = (
        'He had worked there.\n\n"I would like," he said, "to take you to the yard, and to its sheds.\n\n'
        '"What do you see? Iron, and men who carry it.\n\n"It is the iron that carries them."\n\nThat is all.'
    )
    assert [words for words, _ in shown(document(text))] == [
        'to take you to the yard, and to its sheds.\n\n"What do you see? Iron, and men who carry it.\n\n'
        '"It is the iron that carries them.'
    ]


def marked_up_block(block: str) -> list[str]:
    text = f"He goes on.\n\n{block}\n\nThat is all."
    start = text.index(block)
    kinds = "p" + "q" * (block.count("\n\n") + 1) + "p"
    return [
        words for words, _ in shown(document(text, kinds=kinds, quoted=(Span(start, start + len(block)),)))
    ]


def test_marked_up_lines_that_say_where_their_words_stand() -> None:
    block = "Page 4: “The third pier stands on gravel.”\n\nPage 9: “The fourth stands on hope alone.”"
    assert marked_up_block(block) == ["The third pier stands on gravel.", "The fourth stands on hope alone."]


@pytest.mark.parametrize(
    ("block", "quoted"),
    [
        ("“The third pier stands on gravel. [Our emphasis.]”", "The third pier stands on gravel."),
        (
            "“The third pier stands on gravel. [Our emphasis.] The fourth stands on hope.”",
            "The third pier stands on gravel. [Our emphasis.] The fourth stands on hope.",
        ),
        ("“The third stands on gravel.” [Our emphasis.] Pell, The Line, p. 4", "The third stands on gravel."),
        ("“The third stands on gravel.” (Italics ours.)", "The third stands on gravel."),
        ("“The third stands on gravel.” (The italics are ours)", "The third stands on gravel."),
        (
            "The third stands (the italics are ours) on gravel.",
            "The third stands (the italics are ours) on gravel.",
        ),
        ("“The third stands on gravel.” – Harbour Gazette. May 4th, 1921.", "The third stands on gravel."),
        ("“The third stands on “gravel” – And so it was.”", "The third stands on “gravel” – And so it was."),
    ],
)
def test_a_remark_on_the_print_ends_a_block_only_where_nothing_follows(block: str, quoted: str) -> None:
    assert marked_up_block(block) == [quoted]


OWN_MARK = "He said ‘the stone was worse than the iron of that year’. [6] Later:"
CITED = "He said ‘the stone was worse than the iron of that year’ to them (p. 9). Later:"
PLAIN = "He said ‘the stone was worse than the iron of that year’. Later:"
QUOTES = "He calls ‘the third pier a thing of sand and of hope’. [7]"
TELLS = "Tarn has praised the third pier and the fourth. [7]"
ONE, MANY = "E. Pell, The Line, p. 60.", "E. Pell, The Line, pp. 60, 62, 71."


@pytest.mark.parametrize(
    ("first", "between", "last", "note", "governs"),
    [
        (PLAIN, 0, QUOTES, ONE, True),
        (PLAIN, 1, QUOTES, ONE, True),
        (PLAIN, 2, QUOTES, ONE, False),  # one page, three paragraphs on
        (PLAIN, 2, QUOTES, MANY, True),
        (PLAIN, 0, TELLS, ONE, False),  # the mark stands behind the essay's own words
        (PLAIN, 0, TELLS, MANY, False),
        (OWN_MARK, 0, QUOTES, ONE, False),  # it has a note of its own, which only explains
        (CITED, 0, QUOTES, MANY, False),
    ],
)
def test_how_far_a_note_speaks(first: str, between: int, last: str, note: str, governs: bool) -> None:
    plain = ["It was a long winter in the town."] * between
    text = "\n\n".join([first, *plain, last, "6. Pell was in the town by then.", f"7. {note}"])
    anchors = [
        Anchor(
            "note", Span(text.index(mark), text.index(mark) + 3), mark[1], text.index(f"\n{mark[1]}. ") + 1
        )
        for mark in ("[6]", "[7]")
        if mark in text
    ]
    cited = shown(document(text, kinds="p" * (between + 2) + "nn", anchors=tuple(anchors)))
    assert cited[0][0] == "the stone was worse than the iron of that year"
    assert (cited[0][1] == note) == governs


@pytest.mark.parametrize(
    ("block", "parts"),
    [
        (
            "“Has the pier fallen so soon?” he asked. “The stone was bad.” (Pell, The Line, p. 4)",
            ["Has the pier fallen so soon?", "The stone was bad."],
        ),
        (
            "“It fell,” he said, “but it stood for a year,” he added. “It was the stone.”",
            ["It fell,", "but it stood for a year,", "It was the stone."],
        ),
        (
            "“It fell” and, so far as the town ever knew of it, “it was the stone.”",
            ["“It fell” and, so far as the town ever knew of it, “it was the stone.”"],
        ),
    ],
)
def test_a_marked_up_block_into_which_the_essay_breaks(block: str, parts: list[str]) -> None:
    assert marked_up_block(block) == parts


@pytest.mark.parametrize(("pages", "governs"), [("60–62", False), ("60, 62", True)])
def test_a_note_behind_a_block_speaks_for_the_text_before_it_if_it_names_several_places(
    pages: str, governs: bool
) -> None:
    note, said = f"E. Pell, The Line, pp. {pages}.", "It was the iron."
    text = f"He says ‘the stone was worse than the iron of old’. Here is Pell:\n\n{said} [7]\n\n7. {note}"
    mark = text.index(" [7]")
    anchor = Anchor("note", Span(mark + 1, mark + 4), "7", text.index("7. E."))
    quoted = (Span(text.index(said), mark),)
    cited = shown(document(text, kinds="pqn", anchors=(anchor,), quoted=quoted))
    assert [cite for _, cite in cited] == [note if governs else None, note]


@pytest.mark.parametrize(
    ("behind", "cite"),
    [
        ("? (Pell, The Line, p. 4)", "Pell, The Line, p. 4"),
        (" (Note the stone of which our mayor speaks!)", None),
        (" (written in May 1877)", None),
        (" (1602 f .)", "1602 f ."),
        (" (Harbour Gazette, May 1877)", "Harbour Gazette, May 1877"),
        (" (letter of 3 May 1877)", "letter of 3 May 1877"),
    ],
)
def test_what_stands_in_parentheses_behind_the_words(behind: str, cite: str | None) -> None:
    text = f"He says that “the stone was worse than the iron”{behind}"
    assert shown(document(text)) == [("the stone was worse than the iron", cite)]


def test_a_sentence_that_says_what_follows_is_no_citation() -> None:
    text = "“The bridge will fall in a year.” So he wrote, etc.” He explained: “Iron bends, stone does not.”"
    assert "He explained" not in " ".join(cite or "" for _, cite in shown(document(text)))


def test_attributions_that_the_mark_up_calls_quotations_are_none() -> None:
    text = "He adds:\n\nThe third pier stands on gravel and on hope.\n\n(Pell, The Line, 1934)\n\nSo it was."
    first, second = text.index("The third"), text.index("(Pell")
    spans = (Span(first, second - 2), Span(second, text.index("\n\nSo")))
    case = document(text, kinds="pqqp", quoted=spans)
    assert shown(case) == [("The third pier stands on gravel and on hope.", "Pell, The Line, 1934")]


def test_forms() -> None:
    forms = {
        "block": "It is known.\n\n“The pier was founded on gravel alone.” (Pell, p. 3)\n\nSo it was.",
        "inline": "Pell says: “The pier was founded on gravel alone.” (Pell, p. 3) So it was.",
        "dialogue": "The hearing:\n\nCOUNSEL: Was it gravel?\n\nPELL: It was gravel.\n\nSo it was.",
    }
    for form, text in forms.items():
        assert [found.form for found in quotations(document(text))] == [form]


def test_an_exchange_has_speakers_in_its_parts() -> None:
    text = "The hearing:\n\nCOUNSEL: Was it gravel?\n\nPELL: It was gravel.\n\nSo it was."
    found = quotations(document(text))[0]
    assert [part.speaker for part in found.parts if part.kind == "words"] == ["COUNSEL", "PELL"]


def test_ids_count_in_text_order() -> None:
    text = "“We have no more money for it.” (Pell, p. 1)\n\nThen:\n\n“We have found some now.” (Pell, p. 2)"
    assert [found.id for found in quotations(document(text))] == ["bridge-001", "bridge-002"]


HTML = {
    "blockquote": (
        "<p>He wrote:</p><blockquote><p>The pier stood on gravel alone.</p><p>Nobody asked.</p></blockquote>",
        [("The pier stood on gravel alone.\n\nNobody asked.", None)],
    ),
    "blockquote and cite": (
        "<blockquote><p>The pier stood on gravel alone.</p><cite>Pell, The Line, p. 3</cite></blockquote>",
        [("The pier stood on gravel alone.", "Pell, The Line, p. 3")],
    ),
    "two blockquotes": (
        "<blockquote><p>The iron was bad. (Tarn, p. 3)</p></blockquote>"
        "<blockquote><p>The stone was worse. (Tarn, p. 5)</p></blockquote>",
        [("The iron was bad.", "Tarn, p. 3"), ("The stone was worse.", "Tarn, p. 5")],
    ),
    "q": ("<p>He said <q>the pier stands on gravel</q> and left.</p>", [("the pier stands on gravel", None)]),
    "class": (
        '<p>He wrote:</p><p class="quoteb">The pier stood on gravel, and it was known. [3]</p>',
        [("The pier stood on gravel, and it was known.", None)],
    ),
    "emphasis": (
        "<p>He said <em>“the pier stands on gravel”</em>.</p>",
        [("the pier stands on gravel", None)],
    ),
    "note": (
        '<p>He said: “The pier stands on gravel.”<sup><a href="#n1" name="f1">1</a></sup> He left.</p>'
        '<p>They stayed.</p><hr><p><a name="n1" href="#f1">1.</a> Pell, The Line, p. 3.</p>',
        [("The pier stands on gravel.", "Pell, The Line, p. 3.")],
    ),
    "line break": (
        "<p>“The pier stood on gravel alone.”<br>– Pell, The Line to the North</p>",
        [("The pier stood on gravel alone.", "Pell, The Line to the North")],
    ),
}


@pytest.mark.parametrize(("body", "wanted"), HTML.values(), ids=HTML.keys())
def test_mark_up(body: str, wanted: list[tuple[str, str | None]]) -> None:
    rest = "<p>" + "The rest of it is known, and nobody has ever denied it since. " * 5 + "</p>"
    page = f"<html><body><h1>The Bridge</h1>{rest}{body}{rest}</body></html>"
    assert shown(extract(WORK, page.encode())) == wanted


PAIRED = [
    ("“a” and “b”", ["a", "b"]),
    ("“a “b” c”", ["a “b” c"]),
    ("He said ”a b” to", ["a b"]),
    ("end.“ A „b“ c", ["b"]),
    ("« a b » and »c d«", ["a b", "c d"]),
    ("« a ». b « c ».", ["a", "c"]),
    ('"a", "b"; ("c")', ["a", "b", "c"]),
    ("(“a”)—“b”", ["a", "b"]),
    ("“… a . . .” b", ["… a . . ."]),
    ("never “closed", []),
    ("never opened”", []),
    ("“outer never closed “b” c", ["b"]),
]


@pytest.mark.parametrize(("text", "wanted"), PAIRED)
def test_double_marks_pair(text: str, wanted: list[str]) -> None:
    found = doubles(text, 0, len(text)).outer()
    assert [text[pair.open + 1 : pair.close].strip() for pair in found] == wanted


SINGLE = [
    ("‘a’ and ‘b’", ["a", "b"]),
    ("the dockers’ wives don’t ’twas", []),
    ("‘the dockers’ wives’ said", ["the dockers’ wives"]),
    ("'tis 'a' and rock 'n' roll", ["a"]),
    ("‘He’s gone’, she’d said, ‘for good.’", ["He’s gone", "for good."]),
    ("in the ’30s and '40s", []),
    ("‘never closed and ‘a’ b", ["a"]),
]


@pytest.mark.parametrize(("text", "wanted"), SINGLE)
def test_single_marks_pair_and_apostrophes_do_not(text: str, wanted: list[str]) -> None:
    found = singles(text, 0, len(text)).outer()
    assert [text[pair.open + 1 : pair.close] for pair in found] == wanted


MESS = st.text(alphabet="“”„\"'‘’«»()[]:–.,…\n aAbB1¹", max_size=300)


@settings(max_examples=300)
@given(MESS)
def test_law_spans_never_overlap_and_lie_inside(text: str) -> None:
    found = quotations(document(text))
    ends = 0
    for one in found:
        assert ends <= one.span.start < one.span.end <= len(text)
        assert not text[one.span.start].isspace() and not text[one.span.end - 1].isspace()
        assert covers(one)
        assert one.attribution is None or 0 <= one.attribution.start < one.attribution.end <= len(text)
        ends = one.span.end


def covers(found: Quotation) -> bool:
    """Whether the parts cover the quotation whole, in order."""
    edges = [(part.span.start, part.span.end) for part in found.parts]
    joined = all(left[1] == right[0] for left, right in itertools.pairwise(edges))
    return joined and edges[0][0] == found.span.start and edges[-1][1] == found.span.end


TOKENS = """the a bridge pier it’s workers’ don’t Harrowgate Pell who in of but said wrote is not called
“Iron” ‘stone’ Pell’s 1931 (north) co-operation, rust; paint"""
WORDS = st.sampled_from(re.split(r"\s", TOKENS))
SENTENCE = st.lists(WORDS, min_size=6, max_size=25).map(lambda found: " ".join(found).rstrip(",;")).map(
    lambda sentence: sentence[0].upper() + sentence[1:] + "."
)  # fmt: skip
PLAIN = st.lists(
    st.sampled_from(
        [
            "The river rose in the night.",
            "Nobody was at the bridge then.",
            "It had rained for a week.",
            "The trains ran late.",
        ]
    ),
    max_size=4,
).map(" ".join)
PAIR = st.sampled_from(["“”", '""', "„“", "«»", "””", "»«"])
CITE = st.sampled_from(
    [
        "Pell, The Line to the North, p. 12",
        "Ibid.",
        "Marrable, Diaries",
        "Report, 4 May 1931",
        "quoted in Pell",
    ]
)


STYLES = ["{} ({}) ", "\n\n{} ({})\n\n", "\n\n{}\n({})\n\n", "\n\n{}\n–{}\n\n", "\n\n{}\n{}\n\n"]


@settings(max_examples=300)
@given(PLAIN, SENTENCE, PLAIN, PAIR, CITE, st.sampled_from(STYLES))
def test_law_marks_and_an_attribution_make_a_quotation(
    before: str, sentence: str, after: str, pair: str, cite: str, style: str
) -> None:
    if pair in ('""', "””", "„“", "»«"):  # marks of these kinds inside would make it another sentence
        sentence = sentence.replace("“", "").replace("”", "")
    text = f"{before} {style.format(pair[0] + sentence + pair[1], cite)}{after}".strip()
    assert shown(document(text)) == [(sentence, cite)]


def without_marks(text: str) -> str:
    return re.sub("[“”„‟\"«»‹›‘’‚'`´]", "", text)


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_law_an_essay_without_marks_raises_nothing(page: str) -> None:
    quotations(document(without_marks(SIGNS.sub("", page))))


shared = pytest.mark.shared
here = pytest.mark.skipif(not (GOLD).is_dir(), reason="the real archive is not beside the checkout")

# All targets are reached: F1 0.97, exact bounds 0.97, citation string 0.96 of 111 labels.
F1_FLOOR, EXACT_FLOOR, CITE_FLOOR = 0.97, 0.97, 0.96
NATURAL_FLOOR = 0.95  # of 199 labels on three pages
"""Shares below which a change has broken something."""


def read(path: Path) -> Document:
    return extract(Work(path.stem, "test", "essay", path.stem, file=path.name), path.read_bytes())


def fold(text: str | None) -> str:
    return " ".join(re.findall(r"[^\W_]+", (text or "").lower()))


@shared
@here
def test_floors_on_the_labels(tmp_path: Path) -> None:
    found = tmp_path / "found.jsonl"
    found.write_text("\n".join(json.dumps(record) for record in records()), encoding="utf-8")
    figures = scored("score_quotes.py", GOLD / "labels", found)
    assert figures["labels"] == 111
    assert figures["f1"] >= F1_FLOOR
    assert figures["exact"] >= EXACT_FLOOR
    assert figures["cite"] >= CITE_FLOOR


def records() -> Iterator[dict[str, object]]:
    for path in sorted((SHARED / "archive" / "essays").glob("*.txt")):
        essay = read(path)
        for found in quotations(essay):
            cite = words(essay, found.attribution)
            citation = {"text": cite} if cite else None
            text = unnoted(essay, found.span)
            yield {"work": path.stem, "start": found.span.start, "text": text, "citation": citation}


@shared
@here
def test_floor_on_natural_pages() -> None:
    labels = found = 0
    for path in sorted((GOLD / "natural" / "essays").glob("*.html")):
        essay = read(path)
        got = [fold(unnoted(essay, one.span)) for one in quotations(essay)]
        for line in (GOLD / "natural" / "labels" / f"{path.stem}.jsonl").read_text("utf-8").splitlines():
            label = json.loads(line)
            if not label.get("minor"):
                labels += 1
                found += any(alike(fold(label["text"]), one) for one in got)
    assert labels == 199
    assert found / labels >= NATURAL_FLOOR


def alike(want: str, got: str) -> bool:
    """Whether the words are those of the label, or all but some of them, as the labels' script has it."""
    small, large = sorted((want, got), key=len)
    return bool(small) and small in large and len(small) > 0.85 * len(large)


RESTYLED = {
    "straight": str.maketrans("“”‘’", "\"\"''"),
    "German": str.maketrans("“”", "„“"),
    "French": str.maketrans({"“": "« ", "”": " »"}),
    "German books": str.maketrans("“”", "»«"),
    "Finnish": str.maketrans("“", "”"),
}


@shared
@here
@pytest.mark.parametrize("marks", RESTYLED.values(), ids=RESTYLED.keys())
def test_floor_on_the_labels_with_other_marks(marks: dict[int, str]) -> None:
    """The rules were made on curly marks; the same essays with other marks show that they are general."""
    right = found = wanted = 0
    for path in sorted((GOLD / "labels").glob("*.jsonl")):
        source = SHARED / "archive" / "essays" / f"{path.stem}.txt"
        if not source.exists():
            continue
        labels = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        minor = [fold(label["text"]) for label in labels if label.get("minor")]
        whole = [fold(label["text"]) for label in labels if not label.get("minor")]
        essay = extract(WORK, source.read_text("utf-8").translate(marks).encode())
        got = [fold(unnoted(essay, one.span)) for one in quotations(essay)]
        got = [one for one in got if one in whole or not any(one in other for other in minor)]
        right += sum(one in got for one in whole)
        found, wanted = found + len(got), wanted + len(whole)
    assert wanted == 111
    assert 2 * right / (found + wanted) >= F1_FLOOR


@shared
@here
def test_law_a_real_essay_without_marks_raises_nothing() -> None:
    for path in sorted((SHARED / "archive" / "essays").glob("*.txt")):
        essay = read(path)
        quotations(document(without_marks(essay.text)))


@pytest.mark.parametrize(
    ("ending", "kept", "signed"),
    [
        (" – E.R. Lorne", "", "E.R. Lorne"),
        (" — Edith Lorne", "", "Edith Lorne"),
        (" – and nobody came", " – and nobody came", None),
        (
            " – Then he left the hill at once and for ever",
            " – Then he left the hill at once and for ever",
            None,
        ),
    ],
)
def test_a_block_that_is_signed_in_its_last_line(ending: str, kept: str, signed: str | None) -> None:
    said = "The ball fell late that day, and nobody on the hill had seen it fall."
    text = said + ending
    block = Block("quote", Span(0, len(text)))
    document = Document(Work("e", "c", "essay", "Essay"), text, (block,), quoted=(Span(0, len(text)),))
    (found,) = quotations(document)
    assert text[found.span.start : found.span.end] == said + kept
    assert (found.attribution and text[found.attribution.start : found.attribution.end]) == signed

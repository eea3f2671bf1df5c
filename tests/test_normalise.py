"""Folding and the way back; cutting quotations apart; words as verdicts and finding compare them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.models import Span
from indexer.normalise import cut, fold, form, is_comment, key, unfold, words

LETTERS = st.text(
    st.one_of(
        st.sampled_from(list("abcxyzABCéÉßøñü .,;:-–—‘’“”\"'\n\u00a0\u00adﬁ…½[]()0129İǅ")), st.characters()
    ),
    max_size=60,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("“Well”—said ‘he’", "\"well\"-said 'he'"),
        ("of\u00adfice oﬃce", "office office"),
        ("a hyphen-\nated word", "a hyphenated word"),
        ("the Anglo-\nSaxon", "the anglo- saxon"),
        ("Café NAÏVE", "cafe naive"),
        ("wait…  \n what", "wait... what"),
        ("yes -- no", "yes - no"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text).text == folded


@settings(max_examples=300)
@given(LETTERS)
def test_folding_what_unfold_gives_gives_the_folded_words_again(text: str) -> None:
    folded = fold(text)
    assert fold(folded.text).text == folded.text
    for word in _words_of(folded.text):
        back = unfold(folded, word)
        again = fold(text[back.start : back.end]).text
        assert folded.text[word.start : word.end] in again
        assert 0 <= back.start <= back.end <= len(text)


def _words_of(text: str) -> list[Span]:
    found = words(text)
    return [Span(a, b) for a, b in zip(found.starts.tolist(), found.ends.tolist(), strict=True)]


def test_unfold_takes_accents_and_hyphens_along() -> None:
    text = "the cafe\u0301s of-\nfice"
    folded = fold(text)
    at = folded.text.index("cafe")
    assert unfold(folded, Span(at, at + 4)) == Span(4, 9)
    at = folded.text.index("office")
    back = unfold(folded, Span(at, at + 6))
    assert text[back.start : back.end] == "of-\nfice"


@settings(max_examples=200)
@given(LETTERS)
def test_words_lie_in_order_and_their_forms_are_those_of_their_letters(text: str) -> None:
    found = words(text)
    at = 0
    for start, end, of in zip(found.starts.tolist(), found.ends.tolist(), found.forms, strict=True):
        assert at <= start < end <= len(text)
        assert of == form(text[start:end])
        at = end


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("[T]he (I)n work[ed]", ["the", "in", "worked"]),
        ("[T]\u00adhe [T]\u200bhe (T)\u00adhe", ["the", "the", "the"]),
        ("don’t DON'T", ["don't", "don't"]),
        ("3.5 and 1,000 of £5", ["3.5", "and", "1,000", "of", "£", "5"]),
        ("from −5 or -5 to +3", ["from", "-5", "or", "-5", "to", "+3"]),
        ("in 1917-18, D-5, – 3 of them", ["in", "1917", "18", "d", "5", "3", "of", "them"]),
        ("in 1921. Then", ["in", "1921", "then"]),
        ("co-operate co-\noperate", ["co", "operate", "cooperate"]),
        ("oﬃce of\u00adfice", ["office", "office"]),
        ("naïve naive", ["naïve", "naive"]),
        ("word¹ next", ["word", "next"]),
        ("don\x92t", ["don't"]),
        ("word[sic] next", ["word", "sic", "next"]),
        ("the I.N. group", ["the", "i", "n", "group"]),
        ("workers’ party", ["workers", "party"]),
    ],
)
def test_words(text: str, forms: list[str]) -> None:
    assert list(words(text).forms) == forms


def test_words_leave_masked_marks_out() -> None:
    found = words("said[15] so1 and", [Span(4, 8), Span(11, 12)])
    assert found.forms == ("said", "so", "and")
    assert found.ends.tolist() == [4, 11, 16]


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("realise", "realize", True),
        ("organisation", "organization", True),
        ("colour", "color", True),
        ("theatre", "theater", True),
        ("travelled", "traveled", True),
        ("programme", "program", True),
        ("don't", "dont", True),
        ("1,000", "1000", True),
        ("naïve", "naive", True),
        ("now", "not", False),
        ("four", "for", False),
        ("3.5", "35", False),
    ],
)
def test_keys_fold_spelling(one: str, other: str, equal: bool) -> None:
    assert (key(one) == key(other)) is equal


def parts(text: str) -> list[tuple[str, str]]:
    return [(part.kind, text[part.span.start : part.span.end]) for part in cut(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a … b", [("words", "a "), ("ellipsis", "…"), ("words", " b")]),
        ("…a b…", [("ellipsis", "…"), ("words", "a b"), ("ellipsis", "…")]),
        ("a . . . . b", [("words", "a "), ("ellipsis", ". . . ."), ("words", " b")]),
        ("a.... [T]he", [("words", "a"), ("ellipsis", "...."), ("words", " [T]he")]),
        ("a [...] b (…) c", [("words", "a "), ("ellipsis", "[...]"), ("words", " b "), ("ellipsis", "(…)"),
                             ("words", " c")]),
        ("the [party] is", [("words", "the "), ("bracket", "[party]"), ("words", " is")]),
        ("so [sic] (emphasis added).", [("words", "so "), ("bracket", "[sic]"), ("words", " "),
                                        ("bracket", "(emphasis added)"), ("words", ".")]),
        ("word[sic] so", [("words", "word"), ("bracket", "[sic]"), ("words", " so")]),
        ("(I)n (the end) it", [("words", "(I)n (the end) it")]),
        ("(former “[leaders]”)", [("words", "(former “"), ("bracket", "[leaders]"), ("words", "”)")]),
        ("an open [bracket", [("words", "an open [bracket")]),
        ("a * * * b", [("words", "a "), ("ellipsis", "* * *"), ("words", " b")]),
        ("a** *b *** c", [("words", "a** *b *** c")]),
        ("a\n* * *\nb", [("words", "a\n"), ("ellipsis", "* * *"), ("words", "\nb")]),
        ("COUNSEL: Who?\nHALE: I.", [("label", "COUNSEL:"), ("words", " Who?\n"), ("label", "HALE:"),
                                     ("words", " I.")]),
        ("Note: this is so", [("words", "Note: this is so")]),
        ("", []),
    ],
)  # fmt: skip
def test_cut(text: str, expected: list[tuple[str, str]]) -> None:
    assert parts(text) == expected


def test_cut_names_the_speakers() -> None:
    text = "COUNSEL: Who was it?\nMr Hale: It was … not I.\n"
    speakers = [(part.kind, part.speaker) for part in cut(text)]
    assert ("words", "COUNSEL") in speakers and ("ellipsis", "Mr Hale") in speakers
    assert text[cut(text, 7)[0].span.start - 7 :][:7] == "COUNSEL"


@settings(max_examples=200)
@given(LETTERS, st.integers(0, 50))
def test_parts_cover_the_quotation_whole_and_in_order(text: str, offset: int) -> None:
    at = offset
    for part in cut(text, offset):
        assert part.span.start == at < part.span.end
        at = part.span.end
    assert at == offset + len(text)


@pytest.mark.parametrize(
    "remark", ["sic", "Sic!", "emphasis added", "my emphasis", "italics mine", "Emphasis in the original"]
)
def test_remarks_of_the_quoter(remark: str) -> None:
    assert is_comment(remark)


@pytest.mark.parametrize("words_of_text", ["the party", "in the end", "stress", "emphasis"])
def test_other_words_in_brackets_are_no_remarks(words_of_text: str) -> None:
    assert not is_comment(words_of_text)

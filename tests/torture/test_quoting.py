"""Quotations that lie by a word are never verbatim, invented ones are not found, true ones are in place."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import test_damage as damage
from invented import cutting, invented
from tortured import Rounds

from indexer.align import Seeds, align, prepare
from indexer.models import Alignment, Block, Citation, Document, Place, Quotation, Span, Verdict, Work
from indexer.normalise import cut, words
from indexer.verdict import Context, judge

NEGATIONS = ("not", "never", "no", "n't")
TYPOGRAPHY: dict[str, Callable[[str], str]] = {
    "plain": lambda word: word,
    "capitals": str.upper,
    "a capital": str.capitalize,
    "a soft hyphen": lambda word: f"{word[0]}\u00ad{word[1:]}",
    "an unseen space": lambda word: f"{word[0]}\u200b{word[1:]}",
    "a hyphen at a line's end": lambda word: f"{word[:2]}-\n{word[2:]}",
    "underscores": lambda word: f"_{word}_",
    "stars": lambda word: f"*{word}*",
    "quotation marks": lambda word: f"‘{word}’",
    "dashes": lambda word: f"—{word}—",
    "round brackets": lambda word: f"({word})",
    "a wide apostrophe": lambda word: word.replace("'", "＇"),
    "a hard space": lambda word: f"\u00a0{word}\u00a0",
    "a note's mark": lambda word: f"{word}[3]",
    "wide letters": lambda word: "".join(chr(ord(c) + 0xFEE0) if c.isascii() else c for c in word),
    "brackets": lambda word: f"[{word}]",
}
MARKED = {"brackets"}
"""The quoter says so: by the rules an insertion in square brackets abridges."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A quotation and the words of its source; `hidden` says that an ellipsis stands for the negation."""

    quoted: str
    source: str
    marked: bool = False
    hidden: bool = False


Judged = tuple[Alignment | None, Verdict]


def judged(quoted: str, by_id: dict[str, Document], seeds: Seeds, cited: str) -> Judged:
    quotation = Quotation("q", "essay", Span(0, len(quoted)), "inline", cut(quoted))
    essay = Document(Work("essay", "made", "essay", "An essay"), quoted)
    alignment = align(quotation, quoted, seeds, (cited,))
    source = by_id[alignment.place.work_id] if alignment else None
    return alignment, judge(quotation, Citation("q"), alignment, essay, source, Context(True, by_id))


def plain_words(rng: random.Random) -> list[str]:
    """Consecutive words of an invented text, without a negation."""
    found, _ = cutting(invented("pairs", rng.randrange(10**9), 1), rng, 20, 40)
    return [word for word in found if word not in ("not", "never", "had")]


def pair(rng: random.Random, number: int) -> Pair:
    """One of the ways in which a negation can be put in, left out or exchanged."""
    negation, ways = NEGATIONS[number % 4], (inserted, lost, exchanged, inserted_by_ellipsis, hidden)
    return ways[number // 4 % len(ways)](rng, negation, plain_words(rng))


def negated(negation: str, before: str) -> tuple[str, str]:
    """A word, and the same word or words with a negation."""
    return ("would", "wouldn't") if negation == "n't" else (before, f"{before} {negation}")


def inserted(rng: random.Random, negation: str, plain: list[str]) -> Pair:
    """In the quotation alone, at its beginning, its end or between, in some typography."""
    at = rng.choice((0, 1, len(plain) // 2, len(plain) - 1, len(plain)))
    how = rng.choice(list(TYPOGRAPHY))
    if negation == "n't":
        spelt = TYPOGRAPHY[how]("wouldn't")
        return Pair(_joined(plain, at, spelt), _joined(plain, at, "would"), how in MARKED)
    return Pair(_joined(plain, at, TYPOGRAPHY[how](negation)), " ".join(plain), how in MARKED)


def lost(rng: random.Random, negation: str, plain: list[str]) -> Pair:
    """In the source alone, between words that the quotation has."""
    at = rng.randrange(1, len(plain))
    how = rng.choice([name for name in TYPOGRAPHY if name not in ("brackets", "a note's mark")])
    if negation == "n't":
        return Pair(_joined(plain, at, "would"), _joined(plain, at, TYPOGRAPHY[how]("wouldn't")))
    return Pair(" ".join(plain), _joined(plain, at, TYPOGRAPHY[how](negation)))


def exchanged(rng: random.Random, negation: str, plain: list[str]) -> Pair:
    """In the place of another word, in the quotation or in the source."""
    at = rng.randrange(len(plain))
    word = "wouldn't" if negation == "n't" else negation
    changed, whole = " ".join([*plain[:at], word, *plain[at + 1 :]]), " ".join(plain)
    return Pair(changed, whole) if rng.random() < 0.5 or at in (0, len(plain) - 1) else Pair(whole, changed)


def inserted_by_ellipsis(rng: random.Random, negation: str, plain: list[str]) -> Pair:
    """In the quotation alone, right beside words that are left out."""
    word = "wouldn't" if negation == "n't" else negation
    half = len(plain) // 2
    beside = (f"{word} …", f"… {word}", f"{word} . . .", f"[…] {word}")
    return Pair(" ".join([*plain[: half - 2], rng.choice(beside), *plain[half + 2 :]]), " ".join(plain))


def hidden(rng: random.Random, negation: str, plain: list[str]) -> Pair:
    """In the source alone, where the quotation has an ellipsis."""
    word = "wouldn't" if negation == "n't" else negation
    half, dots = len(plain) // 2, rng.choice(("…", ". . .", "[…]", "..."))
    more = rng.randrange(3)
    source = " ".join([*plain[:half], word, *plain[half:]])
    return Pair(" ".join([*plain[:half], dots, *plain[half + more :]]), source, hidden=True)


def _joined(plain: Sequence[str], at: int, word: str) -> str:
    return " ".join([*plain[:at], word, *plain[at:]])


def made_source(rng: random.Random, words_: str) -> Document:
    """A work that has these words in the middle of a paragraph of others."""
    others = [invented("others", rng.randrange(10**9), 1).text for _ in range(3)]
    paragraphs = [others[0], f"{others[1]} So it was said: {words_}, as they said. {others[2]}", others[2]]
    blocks, at = [], 0
    for paragraph in paragraphs:
        blocks.append(Block("para", Span(at, at + len(paragraph))))
        at += len(paragraph) + 2
    return Document(Work("s", "made", "source", "S"), "\n\n".join(paragraphs), tuple(blocks))


def test_a_quotation_that_differs_by_a_negation_is_never_verbatim(rounds: Rounds) -> None:
    found: Counter[str] = Counter()
    for number in rounds("negations", 200, 4000):
        rng = random.Random(f"negation {number}")
        made = pair(rng, number)
        source = made_source(rng, made.source)
        _, verdict = judged(made.quoted, {"s": source}, prepare([source]), "s")
        assert verdict.name != "verbatim", made
        if made.hidden:
            assert verdict.name == "abridged" and "negation-left-out" in verdict.warnings, (made, verdict)
        elif not made.marked:
            assert verdict.name != "abridged", (made, verdict)
        found[verdict.name] += 1
    assert not found or found["altered"] > sum(found.values()) / 2


# ------------------------------------------------------------------------------------ invented ones


class Chain:
    """A Markov chain: after so many words one that follows them somewhere in the texts."""

    def __init__(self, documents: Sequence[Document], order: int) -> None:
        self.order, self.following = order, defaultdict(list)
        self.texts = [" ".join(words(document.text).forms) for document in documents]
        for document in documents:
            said = document.text.split()
            for at in range(len(said) - order):
                self.following[tuple(said[at : at + order])].append(said[at + order])
        self.states = sorted(self.following)

    def quotation(self, rng: random.Random, most: int) -> str:
        """Some words of the chain of which no run of more than `most` stands in a text."""
        while True:
            said = list(rng.choice(self.states))
            for _ in range(rng.randrange(10, 40)):
                said.append(rng.choice(self.following.get(tuple(said[-self.order :])) or said))
            forms = words(" ".join(said)).forms
            runs = (" ".join(forms[at : at + most + 1]) for at in range(len(forms) - most))
            if len(forms) > most and not any(run in text for run in runs for text in self.texts):
                return " ".join(said)


def test_what_nobody_wrote_is_not_found(rounds: Rounds) -> None:
    """Sentences of the archive's own words, a word after another as it follows there; twenty a round."""
    documents, seeds = damage.library()
    chain = Chain(list(documents.values()), 1)
    for number in rounds("invented", 5, 100):
        rng = random.Random(f"invented {number}")
        for _ in range(20):
            quoted = chain.quotation(rng, 5)
            alignment, verdict = judged(quoted, documents, seeds, rng.choice(sorted(documents)))
            assert alignment is None and verdict.name == "not-found", (quoted, alignment)


def test_words_that_stand_far_apart_are_no_quotation() -> None:
    documents, seeds = damage.library()
    quoted = "Ostorsty never kept the rusty harbour never flooded the verdict as everybody knew."
    alignment, _ = judged(quoted, documents, seeds, "book-0")
    assert alignment is None


@pytest.mark.shared
def test_what_nobody_wrote_is_not_found_in_the_real_archive(tmp_path: Path, rounds: Rounds) -> None:
    pages = damage.SHARED / "archive/sources/www.marxists.org/archive"
    names = ("radek", "thalheimer", "olgin")
    files = sorted(path for name in names for path in (pages / name).rglob("*.htm*"))
    documents = [damage._document(path, pages) for path in files[:60]]
    by_id, seeds, chain = {d.work.id: d for d in documents}, prepare(documents), Chain(documents, 1)
    assert len(documents) > 20
    for number in rounds("invented-real", 2, 100):
        rng = random.Random(f"invented real {number}")
        for _ in range(20):
            quoted = chain.quotation(rng, 5)
            alignment, verdict = judged(quoted, by_id, seeds, documents[0].work.id)
            assert alignment is None and verdict.name == "not-found", (quoted, alignment)


# ------------------------------------------------------------------------------------ true ones


TO_THE_LETTER = (
    "verbatim",
    "typography",
    "ellipsis",
    "ellipses",
    "bracket",
    "hidden",
    "negation",
    "elsewhere",
)
"""Kinds of damage that leave the first and the last word as they were."""


# Of a thousand, one: the invented works are made of few words, and say the same now and then.
BY_CHANCE = {"absent": 0.001, "spliced": 0.001}


def test_true_excerpts_are_where_they_are_and_are_called_what_they_are(rounds: Rounds) -> None:
    """One of each kind of damage a round; the floors are those of the shorter measurement, less BY_CHANCE."""
    documents, _ = damage.library()
    figures: Counter[str] = Counter()
    for number in rounds("damage", 8, 3600, figures):
        for kind in damage.KINDS:
            rng, name = random.Random(f"{kind.__name__} {number} torture"), kind.__name__
            made = kind(documents[f"book-{number % damage.WORKS}"], rng)
            alignment, verdict = damage.found(made.printed, [made.work] if made.work and number % 2 else [])
            assert verdict.name != "verbatim" or made.verdict == "verbatim", made
            place = alignment.place if alignment else None
            figures[name] += 1
            figures[f"{name} in place"] += damage._agreement(place, made) >= 0.97
            figures[f"{name} judged right"] += verdict.name == made.verdict
            if name in TO_THE_LETTER and place and made.span and place.work_id == made.work:
                text = documents[made.work].text
                assert bounds(place.span, text) == bounds(made.span, text) or same(place, made, text), made
    for name, (_, exact, right) in damage.FLOORS.items():
        chance, every = BY_CHANCE.get(name, 0.0), exact == right == 1.0
        # Of some few rounds a share says nothing.
        if figures[name] >= (100 if every else 1000):
            assert figures[f"{name} in place"] >= (exact - chance) * figures[name], name
            assert figures[f"{name} judged right"] >= (right - chance) * figures[name], name


def bounds(span: Span, text: str) -> tuple[int, int]:
    """Where the first word of a span begins and its last one ends: signs at either end are nobody's."""
    found = words(text[span.start : span.end])
    return span.start + int(found.starts[0]), span.start + int(found.ends[-1])


def same(place: Place, made: damage.Damaged, text: str) -> bool:
    """Whether the words of the true place stand there, too."""
    one, other = (words(text[s.start : s.end]).forms for s in (place.span, made.span) if s)
    return one == other

"""Works of invented sentences, all made of the same words, and cuttings of them."""

import random

from indexer.models import Block, Document, Span, Work

NOUNS = """harbour keeper council lamp ledger engine bridge tariff widow captain letter winter orchard court
    clerk mill quarry river debt rumour pilot storm vote charter barge lantern tribunal ferry granary
    bell surveyor tide road market garrison inspector voyage miller verdict archive cellar parish sluice
    signal telegram mutiny ration strike""".split()  # noqa: SIM905
ADJECTIVES = """old narrow public bitter secret northern wooden honest foreign early late quiet famous broken
    costly royal common sudden private distant drowned patient crooked solemn rusty""".split()  # noqa: SIM905
VERBS = """kept sold burned praised crossed refused opened mended counted feared carried followed betrayed
    measured painted guarded emptied copied flooded blamed""".split()  # noqa: SIM905
SYLLABLES = """tor vik lan bur mes ka ro dal hin os tre mar quel fen sty""".split()  # noqa: SIM905
LINKS = ["and", "but", "because", "although", "while", "so that", "before", "after", "unless", "where"]
ENDINGS = ["in the spring", "at the last", "without a word", "by order of the council", "for seven years",
           "as everybody knew", "to the end of the year", "on the other side of the water"]  # fmt: skip


def invented(work_id: str, seed: int, paragraphs: int = 40) -> Document:
    """A work of invented sentences, made of the same words as every other."""
    rng = random.Random(f"{work_id} {seed}")
    texts = [" ".join(sentence(rng) for _ in range(rng.randint(4, 7))) for _ in range(paragraphs)]
    work = Work(work_id, "made", "source", f"The book {work_id}")
    blocks, at = [], 0
    for text in texts:
        blocks.append(Block("para", Span(at, at + len(text))))
        at += len(text) + 2
    return Document(work, "\n\n".join(texts), tuple(blocks))


def sentence(rng: random.Random) -> str:
    text = f"{clause(rng)}, {rng.choice(LINKS)} {clause(rng)} {rng.choice(ENDINGS)}."
    return text[0].upper() + text[1:]


def clause(rng: random.Random) -> str:
    noun, other, third = rng.sample(NOUNS, 3)
    no = rng.choice(["", "", "", "never ", "had not "])
    name = "".join(rng.choices(SYLLABLES, k=3)).capitalize()
    of = f" of {rng.choice([name, f'the {third}'])}" if rng.random() < 0.7 else ""
    one = f"the {rng.choice(ADJECTIVES)} {noun}{of}"
    return f"{one} {no}{rng.choice(VERBS)} the {rng.choice(ADJECTIVES)} {other}"


def spans(text: str) -> list[Span]:
    out, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        out.append(Span(at, at + len(word)))
        at += len(word)
    return out


def cutting(
    document: Document, rng: random.Random, least: int = 18, most: int = 60
) -> tuple[list[str], Span]:
    """Consecutive words of one paragraph and where they stand."""
    block = rng.choice(document.blocks).span
    places = spans(document.text[block.start : block.end])
    count = min(rng.randint(least, most), len(places))
    at = rng.randrange(len(places) - count + 1)
    chosen = [Span(block.start + p.start, block.start + p.end) for p in places[at : at + count]]
    return [document.text[p.start : p.end] for p in chosen], Span(chosen[0].start, chosen[-1].end)

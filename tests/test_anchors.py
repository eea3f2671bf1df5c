"""Bookmarks of the sample's texts after forty kinds of edit: found again, never on other words.

The whole measurement, on a real archive, is bench/anchors.py.
"""

import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from edits import EDITS, MOST_MARKED, edited, outcome

from indexer.models import Document, Span
from indexer.store import Store, current
from web.anchoring import anchors
from web.reader.bookmarks import Draft, draft

# Of those whose words still stand, the share that is found there: reached, and never to be lowered.
FLOOR = 0.995
EACH = 40
STANDING = ("right", "missed", "elsewhere, though it stands")


def drafts(document: Document, chance: random.Random) -> list[Draft]:
    words = [found.span() for found in re.finditer(r"\S+", document.text)]
    made = []
    for _ in range(EACH):
        length = chance.choice((3, 5, 8, 15, 25))
        first = chance.randrange(len(words) - length)
        made.append(draft(document, Span(words[first][0], words[first + length - 1][1])))
    return made


@pytest.fixture(scope="module")
def kept(sample: Path) -> list[tuple[Document, list[Draft]]]:
    store, chance = Store(current(sample / "index")), random.Random(11)
    documents = [store.document(work.id) for work in store.works(held=True)]
    long = sorted((d for d in documents if len(d.text.split()) > 300), key=lambda d: d.work.id)
    return [(document, drafts(document, chance)) for document in long[:12]]


def counted(kept: list[tuple[Document, list[Draft]]], name: str, find: Callable[..., object]) -> Counter[str]:
    found = Counter[str]()
    for document, of_it in kept:
        spans = [Span(b.start, b.start + len(b.exact)) for b in of_it]
        made = edited(document.text, spans, EDITS[name], random.Random(f"{name} {document.work.id}"))
        for b, places, span in zip(of_it, made.places, find(of_it, made.text), strict=True):  # type: ignore[call-overload]
            found[outcome(b.exact, places, span, made.text)] += 1
    return found


@pytest.mark.parametrize("name", list(EDITS))
def test_after_every_edit_nothing_is_put_on_other_words(
    kept: list[tuple[Document, list[Draft]]], name: str
) -> None:
    found = counted(kept, name, anchors)
    assert found["OTHER WORDS"] == 0 and found.total() == EACH * len(kept)
    assert found["right"] / sum(found[state] for state in STANDING) >= 0.95, found


def test_where_the_words_still_stand_nearly_all_are_found(kept: list[tuple[Document, list[Draft]]]) -> None:
    total = sum((counted(kept, name, anchors) for name in EDITS), Counter[str]())
    assert total["right"] / sum(total[state] for state in STANDING) >= FLOOR, total
    assert total["orphan"] > 500, "edits that take words away leave orphans"


def test_the_measurement_tells_a_bad_way_of_finding(kept: list[tuple[Document, list[Draft]]]) -> None:
    def by_place(of_it: list[Draft], text: str) -> list[Span]:
        return [Span(b.start, b.start + len(b.exact)) for b in of_it]

    def never(of_it: list[Draft], text: str) -> list[None]:
        return [None for _ in of_it]

    assert counted(kept, "a long heading before", by_place)["OTHER WORDS"] > 100
    assert set(counted(kept, "none", never)) == {"missed"}


TEXT = "One two three. Four five six. One two three."


@pytest.mark.parametrize(
    ("places", "found", "text", "expected"),
    [
        ([Span(0, 13)], Span(0, 13), TEXT, "right"),
        ([Span(0, 13)], Span(0, 12), TEXT, "OTHER WORDS"),
        ([Span(0, 13)], Span(30, 43), TEXT, "elsewhere, though it stands"),
        ([Span(0, 13)], None, TEXT, "missed"),
        ([Span(15, 28)], None, TEXT, "orphan"),
        ([], None, TEXT, "orphan"),
        ([], Span(30, 43), TEXT, "same words elsewhere"),
        ([Span(0, 13), Span(30, 43)], Span(30, 43), TEXT, "right"),
    ],
)
def test_what_became_of_a_bookmark_is_told_by_where_its_words_went(
    places: list[Span], found: Span | None, text: str, expected: str
) -> None:
    assert outcome("One two three", places, found, text) == expected


def test_places_are_followed_through_an_edit() -> None:
    spans = [Span(4, 13), Span(15, 28), Span(4, 7)]
    made = edited(TEXT, spans, lambda text, _: "Ahead. " + text.replace("Four", "4"), random.Random(1))
    assert [[made.text[p.start : p.end] for p in places] for places in made.places] == [
        ["two three"], ["4 five six."[:-1]], ["two"],
    ]  # fmt: skip
    gone = edited(TEXT, spans, lambda text, _: text[:10], random.Random(1))
    assert gone.places[1] == () and len(spans) < MOST_MARKED


def test_no_edit_does_nothing_to_a_text_that_has_what_it_changes() -> None:
    text = (
        "“The learned harbour’s corn was modern,” – said Marlow — and he realised it,[1] twice, in a café… "
        "It fits; flows. Then another understanding came,[2] and nothing, nobody. It finished. More.\n\n"
    ) * 8
    same = [n for n, edit in EDITS.items() if edited(text, [], edit, random.Random(2)).text == text]
    assert same == ["none"]

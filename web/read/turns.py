"""Who speaks in a transcript, and the text kept to one of them: what lies between their turns is folded."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from web.read.paragraphs import Paragraph
from web.read.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Speaker:
    """Someone who speaks: how many turns, and the number of the block in which the first one begins."""

    name: str
    turns: int
    first: int


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring paragraphs: shown, or `folded` between the turns of a speaker; others are its `speakers`.

    `opened` says that what is folded holds a place that the reader asked for.
    """

    paragraphs: tuple[Paragraph, ...]
    folded: bool = False
    speakers: tuple[str, ...] = ()
    opened: bool = False


def speakers(whole: Sheet) -> list[Speaker]:
    """Those who speak, by the number of their turns; none where it is not several.

    A turn is all that one says until another does.
    """
    names = [block.speaker for block in whole.blocks]
    found: dict[str, Speaker] = {}
    for number, (before, name) in enumerate(pairwise([None, *names]), 1):
        if name and name != before:
            known = found.get(name, Speaker(name, 0, number))
            found[name] = Speaker(name, known.turns + 1, known.first)
    return sorted(found.values(), key=lambda speaker: -speaker.turns) if len(found) > 1 else []


def kept_to(paragraphs: Iterable[Paragraph], speaker: str | None, asked: Collection[int]) -> list[Group]:
    """The paragraphs with those of others folded; headings stay. `asked` are numbers that are not hidden."""
    if speaker is None:
        return [Group(tuple(paragraphs))]

    def is_folded(paragraph: Paragraph) -> bool:
        return paragraph.block.kind != "heading" and paragraph.block.speaker != speaker

    return [_group(tuple(some), folded, asked) for folded, some in groupby(paragraphs, is_folded)]


def _group(some: Sequence[Paragraph], folded: bool, asked: Collection[int]) -> Group:
    names = dict.fromkeys(p.block.speaker for p in some if p.block.speaker) if folded else {}
    return Group(tuple(some), folded, tuple(names), folded and any(p.number in asked for p in some))

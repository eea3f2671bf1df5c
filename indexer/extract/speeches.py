"""Finds who speaks in a transcript.

Only a document in which several speakers take several turns is one; else a name with a colon is a
paragraph like any other. A label is sure by its look (bold, capitals, italics that come back); one in
ordinary letters is a speaker's where several such answer each other again and again.
"""

import re
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from indexer.extract.words import pattern
from indexer.extract.writer import Draft, Sheet
from indexer.models import BlockKind

_ASIDE = r"(?:\s*[(\[][^()\[\]]{1,60}[)\]])?"
# A label in capitals, "THE PRESIDENT:", "COUNSEL (to the witness):".
_CAPITALS = re.compile(rf"((?:[^\W\d_a-z][\w.'’-]*\s+){{0,5}}[^\W\d_][\w.'’-]*){_ASIDE}\s*(?::|\.\s?[—–-])")
# One in ordinary letters, in the marks of a quotation too: "Mr. Harrow:", “The clerk of the court (rising):”.
_NAME = r"[^\W\d_a-z][\w.'’-]*"
_PLAIN = re.compile(
    rf"[“”\"„«]?\s*({_NAME}(?:\s+(?:(?:von|van|de|der|du|la|le)\s+)?{_NAME}|\s+(?:of|from|for)\s+(?:the\s+)?[\w’'-]+)"
    rf"{{0,4}}){_ASIDE}\s*:(?=\s)"
)
# Question and answer of a hearing: "Q. — Where?", "A: There."
_QA = re.compile(r"[“”\"„«]?\s*([QA])(?:\.\s?[—–-]+|\s?:|\.(?=\s))\s*(?=\w|[“\"])")
# What may stand behind the name of somebody who is known to speak here: "HALE (continuing) –", "Dunne;".
_KNOWN = re.compile(
    r"[“”\"„«]?\s*([^:;()\[\]]{2,45}?)(?:\s*[:;](?=\s)|\s*[(\[][^()\[\]\d]{1,60}[)\]]\s*[:—–-])"
)
_AFTER = re.compile(rf"{_ASIDE}\s*(?::|\.\s?[—–-])")
_OTHER_VOICE = re.compile(r"[(\[]|[^\W\d_][^.:!?\n]{0,40}:\s")
_LONGEST_LABEL = 45
_NAME_AND_COLON = re.compile(r"(?:[^\W\d_a-z][\w.'’-]*\s?){1,4}:")
_LEAST_TURNS = 4
# Names in italics or ordinary letters are common in articles; those of speakers come back.
_LEAST_RETURNS = 3
_LEAST_SPEAKERS = 2
# In a transcript a speaker goes on for some paragraphs at most; with fewer turns it is an article.
_TRANSCRIPT = 0.3
_SPEECH_KINDS = ("para", "quote")


def name_speakers(sheet: Sheet) -> None:
    """Make the turns of a transcript speeches, each with its speaker as the text names them."""
    known = _transcribed(_labels(sheet))
    if not known:
        return
    _part_turns(sheet, known)
    labels = _labels(sheet)
    labels |= _of_known(sheet, sorted({*known, *labels.values()}), labels)
    kinds = {index: sheet.blocks[index].kind for index in sorted(labels)}
    for index, speaker in labels.items():
        draft = sheet.blocks[index]
        draft.kind = "speech"
        draft.speaker = speaker if _is_one_turn(sheet.of(draft), speaker, known) else None
    _carry_over(sheet, kinds)


def returning(lines: Iterable[str]) -> frozenset[str]:
    """The speakers with whose labels lines begin again and again; none unless there are several of them."""
    turns = Counter(name for line in lines if (name := speaker_of(line)))
    names = frozenset(name for name, times in turns.items() if times >= _LEAST_RETURNS)
    return names if len(names) >= _LEAST_SPEAKERS else frozenset()


def speaker_of(line: str) -> str | None:
    """The speaker whose label in capitals a line begins with."""
    found = _CAPITALS.match(line[: 2 * _LONGEST_LABEL])
    name = _tidy(found.group(1)) if found else ""
    return name if name.isupper() and 2 < len(name) <= _LONGEST_LABEL and _may_speak(name) else None


def _transcribed(labels: dict[int, str]) -> frozenset[str]:
    """The speakers of a transcript; none where the labels make none."""
    turns = Counter(labels.values())
    few = sum(turns.values()) < _LEAST_TURNS or len(turns) < _LEAST_SPEAKERS
    return frozenset() if few or turns.most_common(1)[0][1] < 2 else frozenset(turns)


def _part_turns(sheet: Sheet, known: Collection[str]) -> None:
    """Take paragraphs apart in which speakers answer each other line by line."""
    folded = _folded(known)
    sheet.blocks[:] = [part for draft in sheet.blocks for part in _parts(sheet, draft, folded)]


def _parts(sheet: Sheet, draft: Draft, known: Mapping[str, str]) -> Iterator[Draft]:
    begin, at = draft.start, draft.start
    for line in sheet.of(draft).split("\n") if draft.kind in _SPEECH_KINDS else ():
        if at > begin and _known(line, known):
            yield replace(draft, start=begin, end=at - 1)
            begin = at
        at += len(line) + 1
    yield replace(draft, start=begin) if begin > draft.start else draft


def _is_one_turn(text: str, speaker: str, speakers: Container[str]) -> bool:
    """Whether no later line of a block is another speaker's."""
    for line in text.split("\n")[1:]:
        found = _CAPITALS.match(line[: 2 * _LONGEST_LABEL])
        name = _tidy(found.group(1)) if found else ""
        if name != speaker and (name in speakers or (name.isupper() and len(name) > len("I."))):
            return False
    return True


def _labels(sheet: Sheet) -> dict[int, str]:
    """The index of each block that begins with a speaker's label, and the speaker."""
    bold = {mark.start: mark.end for mark in sheet.marked("bold") if mark.end > mark.start}
    bold = _italic_labels(sheet) | bold
    found = {}
    for index, draft in enumerate(sheet.blocks):
        if draft.kind in _SPEECH_KINDS:
            name = _label(sheet, draft, bold.get(draft.start))
            if name and _may_speak(name):
                found[index] = name
    answering = _answering(sheet, found)
    return found | answering if _transcribed(found) else answering


def _may_speak(name: str) -> bool:
    return pattern("transcript", "not_speakers").fullmatch(name) is None


def _italic_labels(sheet: Sheet) -> dict[int, int]:
    """Names in italics before a colon, where several return again and again: else they are of an article."""
    starts = {draft.start for draft in sheet.blocks if draft.kind in _SPEECH_KINDS}
    found = {
        mark.start: mark.end for mark in sheet.marked("emphasis")
        if mark.start in starts and _NAME_AND_COLON.match(sheet.text, mark.start, mark.end + 1)
    }  # fmt: skip
    turns = Counter(_tidy(sheet.text[start:end]) for start, end in found.items())
    names = {name for name, times in turns.items() if times >= _LEAST_RETURNS}
    return found if len(names) >= _LEAST_SPEAKERS else {}


def _answering(sheet: Sheet, sure: dict[int, str]) -> dict[int, str]:
    """Labels, in ordinary letters too, of speakers who answer each other again and again, and of those
    who answer one of them."""
    found = dict(sure)
    for index, draft in enumerate(sheet.blocks):
        name = _plain(sheet.of(draft)) if draft.kind in _SPEECH_KINDS and index not in sure else None
        if name:
            found[index] = name
    answers = {
        index for index, name in found.items()
        if any(found.get(beside, name) != name for beside in (index - 1, index + 1))
    }  # fmt: skip
    turns = Counter(found[index] for index in answers)
    names = {name for name, times in turns.items() if times >= _LEAST_RETURNS}
    if len(names) < _LEAST_SPEAKERS:
        return {}
    return {
        index: name for index, name in found.items()
        if name in names or (index in answers and found.get(index - 1) in names)
    }  # fmt: skip


def _plain(text: str) -> str | None:
    found = _QA.match(text) or _PLAIN.match(text[: 2 * _LONGEST_LABEL])
    name = _tidy(found.group(1)) if found else ""
    if not name or len(name) > _LONGEST_LABEL or not _may_speak(name):
        return None
    return None if pattern("transcript", "no_names").fullmatch(name) else name


def _of_known(sheet: Sheet, known: Collection[str], labels: dict[int, str]) -> dict[int, str]:
    """Blocks without a sure label that begin with the name of one who speaks here, or as a voice."""
    folded = _folded(known)
    return {
        index: name for index, draft in enumerate(sheet.blocks)
        if index not in labels and draft.kind in _SPEECH_KINDS and (name := _known(sheet.of(draft), folded))
    }  # fmt: skip


def _folded(known: Collection[str]) -> dict[str, str]:
    """The speakers by their names without case, of two that are one then the first."""
    return {name.casefold(): name for name in sorted(known, reverse=True)}


def _known(text: str, known: Mapping[str, str]) -> str | None:
    found = _KNOWN.match(text[: 2 * _LONGEST_LABEL])
    name = _tidy(found.group(1)) if found else ""
    same = known.get(name.casefold())
    return same or (name if pattern("transcript", "voices").fullmatch(name) else None)


def _label(sheet: Sheet, draft: Draft, bold_end: int | None) -> str | None:
    if bold_end is not None and bold_end - draft.start <= _LONGEST_LABEL:
        name = sheet.text[draft.start : bold_end].rstrip()
        if name.endswith(":") or _AFTER.match(sheet.text, bold_end, draft.end):
            return _tidy(name)
    return speaker_of(sheet.text[draft.start : draft.end])


def _tidy(name: str) -> str:
    return " ".join(re.sub(r"\s*[(\[].*", "", name).strip(" :.—–-").split())


def _carry_over(sheet: Sheet, kinds: dict[int, BlockKind]) -> None:
    """Paragraphs between two turns under one heading go on with the first, if turns are the rule.

    So do the items of a list, and of a turn set as a quotation those set so too. Not so what stands in
    brackets, in italics, or under a label that is no speaker's. `kinds`: what the turns were before.
    """
    paragraphs = sum(draft.kind in (*_SPEECH_KINDS, "speech") for draft in sheet.blocks)
    if len(kinds) < _TRANSCRIPT * paragraphs:
        return
    italic = {mark.start: mark.end for mark in sheet.marked("emphasis")}
    for turn, following in pairwise(kinds):
        for draft in sheet.blocks[turn + 1 : following]:
            if draft.kind not in ("para", "item", kinds[turn]) or italic.get(draft.start, 0) >= draft.end:
                break
            if _OTHER_VOICE.match(sheet.of(draft)):
                break
            draft.kind = "item" if draft.kind == "item" else "speech"
            draft.speaker = sheet.blocks[turn].speaker

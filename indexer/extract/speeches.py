"""Finds who speaks in a transcript.

Only a document in which several speakers take several turns is one; else a name with a colon is a
paragraph like any other.
"""

import re
from collections import Counter
from collections.abc import Container
from itertools import pairwise

from indexer.extract.words import pattern
from indexer.extract.writer import Draft, Sheet

# A label in capitals, "THE PRESIDENT:", "COUNSEL (to the witness):".
_CAPITALS = re.compile(
    r"((?:[^\W\d_a-z][\w.'’-]*\s+){0,5}[^\W\d_][\w.'’-]*)(?:\s*[(\[][^()\[\]]{1,60}[)\]])?\s*(?::|\.\s?[—–-])"
)
_AFTER = re.compile(r"(?:\s*[(\[][^()\[\]]{1,60}[)\]])?\s*(?::|\.\s?[—–-])")
_OTHER_VOICE = re.compile(r"[(\[]|[^\W\d_][^.:!?\n]{0,40}:\s")
_LONGEST_LABEL = 45
_NAME_AND_COLON = re.compile(r"(?:[^\W\d_a-z][\w.'’-]*\s?){1,4}:")
_LEAST_TURNS = 4
# Names in italics are common in articles; those of speakers come back.
_LEAST_RETURNS = 3
_LEAST_SPEAKERS = 2
# In a transcript a speaker goes on for some paragraphs at most; with fewer turns it is an article.
_TRANSCRIPT = 0.3
_SPEECH_KINDS = ("para", "quote")


def name_speakers(sheet: Sheet) -> None:
    """Make the turns of a transcript speeches, each with its speaker as the text names them."""
    labels = _labels(sheet)
    turns = Counter(labels.values())
    if sum(turns.values()) < _LEAST_TURNS or len(turns) < _LEAST_SPEAKERS or turns.most_common(1)[0][1] < 2:
        return
    for index, speaker in labels.items():
        draft = sheet.blocks[index]
        draft.kind = "speech"
        draft.speaker = speaker if _is_one_turn(sheet.of(draft), speaker, turns) else None
    _carry_over(sheet, labels)


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
    others = pattern("transcript", "not_speakers")
    found = {}
    for index, draft in enumerate(sheet.blocks):
        if draft.kind in _SPEECH_KINDS:
            name = _label(sheet, draft, bold.get(draft.start))
            if name and not others.fullmatch(name):
                found[index] = name
    return found


def _italic_labels(sheet: Sheet) -> dict[int, int]:
    """Names in italics before a colon, where several return again and again: else they are of an article."""
    starts = {draft.start for draft in sheet.blocks if draft.kind in _SPEECH_KINDS}
    found = {
        mark.start: mark.end for mark in sheet.marked("emphasis")
        if mark.start in starts and _NAME_AND_COLON.match(sheet.text, mark.start, mark.end + 1)
    }  # fmt: skip
    turns = Counter(_tidy(sheet.text[start:end]) for start, end in found.items())
    returning = {name for name, times in turns.items() if times >= _LEAST_RETURNS}
    return found if len(returning) >= _LEAST_SPEAKERS else {}


def _label(sheet: Sheet, draft: Draft, bold_end: int | None) -> str | None:
    if bold_end is not None and bold_end - draft.start <= _LONGEST_LABEL:
        name = sheet.text[draft.start : bold_end].rstrip()
        if name.endswith(":") or _AFTER.match(sheet.text, bold_end, draft.end):
            return _tidy(name)
    found = _CAPITALS.match(sheet.text, draft.start, min(draft.end, draft.start + 2 * _LONGEST_LABEL))
    if found and found.group(1).isupper() and 2 < len(found.group(1)) <= _LONGEST_LABEL:
        return _tidy(found.group(1))
    return None


def _tidy(name: str) -> str:
    return " ".join(re.sub(r"\s*[(\[].*", "", name).strip(" :.—–-").split())


def _carry_over(sheet: Sheet, labels: dict[int, str]) -> None:
    """Paragraphs between two turns under one heading go on with the first, if turns are the rule.

    Not so what stands in brackets, in italics, or under a label that is no speaker's ("Question:").
    """
    paragraphs = sum(draft.kind in (*_SPEECH_KINDS, "speech") for draft in sheet.blocks)
    if len(labels) < _TRANSCRIPT * paragraphs:
        return
    italic = {mark.start: mark.end for mark in sheet.marked("emphasis")}
    turns = sorted(labels)
    for turn, following in pairwise(turns):
        for draft in sheet.blocks[turn + 1 : following]:
            words = sheet.of(draft)
            if draft.kind != "para" or italic.get(draft.start, 0) >= draft.end or _OTHER_VOICE.match(words):
                break
            draft.kind, draft.speaker = "speech", sheet.blocks[turn].speaker

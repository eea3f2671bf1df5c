"""Thirty-odd ways in which a text is edited after a reader kept words of it, and what is true afterwards.

Signs of Unicode's private use stand before and after each kept passage while the text is edited, so that it
is known where it went: no rule of anchoring tells what is right about anchoring.
"""

import random
import re
import string
import textwrap
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from indexer.models import Span
from web.anchoring import Folded

MOST_MARKED = 400
"""Passages of one text that can be marked at once."""
_FIRST, _LAST = 0xE000, 0xE000 + MOST_MARKED
_MARKS = re.compile(f"[{chr(_FIRST)}-{chr(_LAST + MOST_MARKED)}]")

Edit = Callable[[str, random.Random], str]


@dataclass(frozen=True, slots=True)
class Edited:
    """A text after an edit, and where each marked passage stands in it: none, one or several places."""

    text: str
    places: tuple[tuple[Span, ...], ...]


def edited(text: str, spans: Sequence[Span], edit: Edit, chance: random.Random) -> Edited:
    """The text edited, with the places of the passages `spans`."""
    signs = sorted(
        [(span.start, 1, chr(_FIRST + n)) for n, span in enumerate(spans)]
        + [(span.end, 0, chr(_LAST + n)) for n, span in enumerate(spans)],
        reverse=True,
    )
    for at, _, sign in signs:
        text = text[:at] + sign + text[at:]
    made = edit(text, chance)
    plain, at = [], 0
    found: dict[str, list[int]] = {}
    length = 0
    for mark in _MARKS.finditer(made):
        plain.append(made[at : mark.start()])
        length += mark.start() - at
        found.setdefault(mark[0], []).append(length)
        at = mark.end()
    plain.append(made[at:])
    places = []
    for n in range(len(spans)):
        starts, ends = found.get(chr(_FIRST + n), []), found.get(chr(_LAST + n), [])
        pairs = zip(starts, ends, strict=True) if len(starts) == len(ends) else ()
        places.append(tuple(Span(start, end) for start, end in pairs if start < end))
    return Edited("".join(plain), tuple(places))


def outcome(exact: str, places: Sequence[Span], found: Span | None, text: str) -> str:
    """What became of a bookmark of the words `exact`: its words may stand where it was, or stand there no
    more (changed or gone); it may be found there, elsewhere on the same words, on other words, or not."""
    wanted = Folded.of(exact).forms
    standing = [place for place in places if Folded.of(text[place.start : place.end]).forms == wanted]
    if found is None:
        return "missed" if standing else "orphan"
    if Folded.of(text[found.start : found.end]).forms != wanted:
        return "OTHER WORDS"
    if any(found.start < place.end and place.start < found.end for place in standing):
        return "right"
    return "elsewhere, though it stands" if standing else "same words elsewhere"


def _paragraphs(text: str) -> list[str]:
    return re.split(r"\n\n+", text)


def _each(share: float, change: Callable[[str, random.Random], str]) -> Edit:
    """An edit of some paragraphs, each with the given chance."""

    def edit(text: str, chance: random.Random) -> str:
        return "\n\n".join(change(p, chance) if chance.random() < share else p for p in _paragraphs(text))

    return edit


def _letters(share: float, change: Callable[[str, random.Random], str]) -> Edit:
    """An edit of some letters, each with the given chance."""

    def edit(text: str, chance: random.Random) -> str:
        return "".join(change(c, chance) if c.isalpha() and chance.random() < share else c for c in text)

    return edit


def _shuffled(text: str, chance: random.Random) -> str:
    parts = _paragraphs(text)
    chance.shuffle(parts)
    return "\n\n".join(parts)


def _inside(words: str) -> Callable[[str, random.Random], str]:
    """Words put in at some space of a paragraph."""

    def change(paragraph: str, chance: random.Random) -> str:
        spaces = [m.start() for m in re.finditer(" ", paragraph)]
        at = chance.choice(spaces) if spaces else len(paragraph)
        return f"{paragraph[:at]} {words}{paragraph[at:]}"

    return change


def _sub(pattern: str, by: str | Callable[[re.Match[str]], str]) -> Edit:
    return lambda text, _: re.sub(pattern, by, text)


def _table(**pairs: str) -> Edit:
    return lambda text, _: text.translate(str.maketrans(pairs))


def _accents_dropped(text: str, _: random.Random) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _twice(share: float) -> Edit:
    return _each(share, lambda p, _: f"{p}\n\n{p}")


def _beginnings_ahead(text: str, _: random.Random) -> str:
    ahead = [" ".join(_MARKS.sub("", p).split()[:12]) for p in _paragraphs(text)]
    return "\n".join(ahead) + "\n\n" + text


EDITS: Mapping[str, Edit] = {
    "none": lambda text, _: text,
    "a long heading before": lambda text, _: "A new heading here.\n\n" * 30 + text,
    "paragraphs joined": lambda text, _: text.replace("\n\n", " "),
    "paragraphs split": _sub(r"\. ", ".\n\n"),
    "wrapped lines": lambda text, _: "\n\n".join(textwrap.fill(p, 66) for p in _paragraphs(text)),
    "other quotation marks": lambda text, _: text.translate(str.maketrans("“”‘’", "\"\"''")),
    "guillemets": lambda text, _: text.translate(str.maketrans("“”", "«»")),
    "notes added at ends": _sub(r"(\w{6,})\. ", r"\1.[7] "),
    "notes added inside": _sub(r"(\w{6,}), ", r"\1[12], "),
    "notes taken out": _sub(r"\[\d+\]", ""),
    "notes as sup numbers": _sub(r"\[(\d)\]", lambda m: "¹²³⁴⁵⁶⁷⁸⁹"[int(m[1]) - 1] if m[1] != "0" else ""),
    "a note's text in parentheses": _each(0.5, _inside("(see the note at the end of the volume)")),
    "capitals": lambda text, _: text.upper(),
    "small letters": lambda text, _: text.lower(),
    "typos": _letters(0.002, lambda c, chance: chance.choice(string.ascii_lowercase)),
    "letters lost": _letters(0.002, lambda c, chance: ""),
    "a bad scan": _sub(r"rn(?=\w)", "m"),
    "the first third cut": lambda text, _: text[len(text) // 3 :],
    "the last third cut": lambda text, _: text[: -len(text) // 3],
    "the text twice": lambda text, _: f"{text}\n\n{text}",
    "paragraphs twice": _twice(0.3),
    "beginnings ahead": _beginnings_ahead,
    "running heads between": _each(0.3, lambda p, _: f"{p}\n\nTHE HARBOUR REPORT 117"),
    "running heads inside": _each(0.3, _inside("\n118 THE HARBOUR REPORT\n")),
    "page numbers between": _each(0.3, lambda p, _: f"{p}\n\n[p. 118]"),
    "hyphens at line ends": _sub(r"\b(\w{4})(\w{5,})\b", "\\1-\n\\2"),
    "soft hyphens": _sub(r"\b(\w{4})(\w{5,})\b", "\\1\u00ad\\2"),
    "paragraphs reordered": _shuffled,
    "halves swapped": lambda text, _: text[len(text) // 2 :] + "\n\n" + text[: len(text) // 2],
    "paragraphs deleted": _each(0.2, lambda p, _: ""),
    "sentences put in": _each(0.5, _inside("So it was reported at the time, and nobody objected.")),
    "sentences cut": _each(0.5, lambda p, _: re.sub(r"\. [A-Z][^.]*\.", ".", p, count=1)),
    "American spelling": _sub(r"(?<=\w)our\b|(?<=\w)is(?=e|ed|ing)", lambda m: {"our": "or"}.get(m[0], "iz")),
    "ligatures": lambda text, _: text.replace("fi", "ﬁ").replace("fl", "ﬂ"),
    "dashes and dots": lambda text, _: text.replace("—", " -- ").replace("–", "-").replace("…", ". . ."),
    "hard and double spaces": _sub(r"(?<=[,.;]) ", "\u00a0 "),
    "commas dropped": _sub(r"(?<=\w),", ""),
    "emphasis in underscores": _sub(r"\b([A-Z]\w{4,})\b", r"_\1_"),
    "accents dropped": _accents_dropped,
    "an editor's sic": _each(0.3, _inside("[sic]")),
}  # fmt: skip

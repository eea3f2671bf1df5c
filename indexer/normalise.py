"""A text as it is compared (`fold`, `words`), with the way back to how it is shown.

`cut` takes a quotation apart: the source's words, the ellipses, the quoter's own insertions in
brackets, and the labels that name a speaker. `words` is the word-level view on which alignment and
verdicts rest; its `form` folds what the verdicts do not count as a change, `key` folds spelling
too and serves finding only.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from indexer.models import Part, PartKind, Span

Ints = NDArray[np.int32]

# Zero-width marks that editors and converters leave behind; nobody sees them.
INVISIBLE = "\u200b\u2060\ufeff"
SINGLE_QUOTES = "‘’‚‛‹›′ʼʻ`´＇"
DOUBLE_QUOTES = "“”„‟«»″〝〞＂"
DASHES = "‐‑‒–—―−﹘﹣－⸺⸻"
SUPERSCRIPTS = "⁰¹²³⁴-⁹"
# Words of which the forms are kept, more than a large archive has: a server is asked for others without end.
KEPT_WORDS = 1 << 18
# The longest bracket that is still read as a quoter's insertion, in characters; beyond it an
# opening bracket has lost its closing one.
LONGEST_BRACKET = 400

_TYPE = str.maketrans(
    {**dict.fromkeys(SINGLE_QUOTES, "'"), **dict.fromkeys(DOUBLE_QUOTES, '"'), **dict.fromkeys(DASHES, "-")}
    | {"⁄": "/", "\u00ad": "", "\x91": "'", "\x92": "'", "\x93": '"', "\x94": '"', "\x96": "-", "\x97": "-"}
    | dict.fromkeys(INVISIBLE, "")
)
_LETTER = rf"[^\W_{SUPERSCRIPTS}]"
# A hyphen that only the end of a line put there: a letter before it, a small letter on the next line.
_LINE_END = r"(?<=[^\W\d_])[-‐]\u00ad?[^\S\n]*\n[^\S\n]*(?=[a-zß-ÿ])"
_JOINT = rf"['’ʼ‘´`\x92]|(?<=\d)[.,](?=\d)|[\u00ad{INVISIBLE}\u0300-\u036f]+|{_LINE_END}"
# A sign is part of its number: −5 is not 5. A hyphen or dash within or behind a word is none.
_SIGN = r"(?<![^\s(\[“\"‘'])[-−+](?=\d)"
_BRACKETED = r"\[(?!sic\b)[^\W\d_]+\]"
_BEGUN = rf"(?:{_BRACKETED}|\([^\W\d_]\))[\u00ad{INVISIBLE}]*(?={_LETTER})"
WORD = re.compile(
    rf"(?:{_BEGUN}|{_SIGN})?{_LETTER}+(?:(?:{_JOINT}){_LETTER}+|(?<!\]){_BRACKETED}(?:{_LETTER}+)?)*"
    rf"[\u0300-\u036f]*|[£$€%&]|(?<=\d)[{SUPERSCRIPTS}]+"
)
_DOTS = r"(?:…[\s.]*)+(?<!\s)|\.(?:[^\S\n]?\.){2,}|\.\."
# On a line of their own, or parted by spaces within one, as courts print them.
_STARS = r"(?m:^[^\S\n]*\*(?:[^\S\n]*\*){2,}[^\S\n]*$)|(?<!\S)\*(?:[^\S\n]\*){2,}(?!\S)"
ELLIPSIS = re.compile(rf"[\[(<]\s*(?:{_DOTS})\s*[\])>]|{_DOTS}|{_STARS}")
BRACKET = re.compile(rf"\[[^\[\]]{{1,{LONGEST_BRACKET}}}\]")
ROUND_BRACKET = re.compile(rf"\([^()]{{3,{LONGEST_BRACKET}}}\)")
NOTE_MARK = re.compile(r"\[(?:\d{1,3}|[*†‡§]+|[a-z])\]|[*†‡]+(?=\W|$)")
# A name before a colon at the start of a line; in capitals it needs no company.
LABEL = re.compile(r"(?m)^[^\S\n]*([^\W\d_][^\n:“”\"]{0,40}?)[^\S\n]*(?::|\.[^\S\n]?[—–])(?=\s)")
# A label in small letters counts only beside another one: "Note:" begins many a paragraph.
FEWEST_LABELS = 2
LONGEST_LABEL = 5  # words


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """A comparing form and the way back: `origins` and `ends` are, for each of its characters, the
    bounds in the text of the character that it stands for."""

    text: str
    origins: Ints
    ends: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of a text in order: their bounds (characters) and their comparing forms."""

    starts: Ints
    ends: Ints
    forms: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.forms)


@lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    plain = unicodedata.normalize("NFKD", letter.translate(_TYPE)).casefold()
    plain = unicodedata.normalize("NFKD", plain).translate(_TYPE)
    return "".join(" " if c.isspace() else c for c in plain if not unicodedata.combining(c))


def _pairs(text: str) -> Iterator[tuple[str, int]]:
    """Folded characters with the offset of the one they come from; line-end hyphens are left out."""
    hidden = {i for m in re.finditer(_LINE_END, text) for i in range(*m.span())}
    for at, letter in enumerate(text):
        if at not in hidden:
            for plain in _fold_letter(letter):
                yield plain, at


def fold(text: str) -> Folded:
    """The comparing form: no case, accents, ligatures, soft or line-end hyphens; one kind of quotation
    mark, dash and space. Spaces and dashes in a row are one."""
    kept: list[tuple[str, int]] = []
    for plain, at in _pairs(text):
        if not (kept and plain in " -" and kept[-1][0] == plain):
            kept.append((plain, at))
    origins = np.fromiter((at for _, at in kept), np.int32, len(kept))
    ends = origins + 1
    for i, (_, at) in enumerate(kept):
        while ends[i] < len(text) and unicodedata.combining(text[ends[i]]) and at < ends[i]:
            ends[i] += 1
    return Folded("".join(plain for plain, _ in kept), origins, ends)


def unfold(folded: Folded, span: Span) -> Span:
    """The characters of the text that the folded `span` stands for; an empty span gives an empty one."""
    if not len(folded.origins):
        return Span(0, 0)
    if len(span) <= 0:
        at = int(folded.origins[span.start]) if span.start < len(folded.origins) else int(folded.ends[-1])
        return Span(at, at)
    return Span(int(folded.origins[span.start]), int(folded.ends[span.end - 1]))


@lru_cache(maxsize=KEPT_WORDS)
def form(raw: str) -> str:
    """A word as verdicts compare it: no case, ligatures, soft or line-end hyphens, nor the brackets of
    `[T]he`; accents and spelling stay, for another spelling is a change."""
    raw = re.sub(_LINE_END, "", raw).translate(_TYPE)
    return unicodedata.normalize("NFKC", re.sub(r"[\[\]()]", "", raw)).casefold()


@cache
def _spellings() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = (line.split("\t") for line in _lines("normalise-spelling.txt"))
    return tuple((re.compile(pattern), becomes) for pattern, becomes in rows)


@lru_cache(maxsize=KEPT_WORDS)
def key(form: str) -> str:
    """A word as finding compares it: as `form`, without accents and apostrophes, in one spelling."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", form) if not unicodedata.combining(c))
    plain = re.sub(r"(?<=[^\W\d_])'(?=[^\W\d_])|(?<=\d),(?=\d{3})", "", plain)
    for pattern, becomes in _spellings():
        plain = pattern.sub(becomes, plain)
    return plain


def words(text: str, masked: Sequence[Span] = (), start: int = 0) -> Words:
    """The words of a text from the character `start` on. Letters inside `masked` spans (marks of notes)
    belong to none, and a word that a mark touches ends before it."""
    if masked:
        text = _blanked(text, masked)
    found = [(m.start(), m.end()) for m in WORD.finditer(text, start)]
    bounds = np.array(found, np.int32).reshape(-1, 2)
    return Words(bounds[:, 0].copy(), bounds[:, 1].copy(), tuple(form(text[a:b]) for a, b in found))


def _blanked(text: str, masked: Sequence[Span]) -> str:
    pieces, at = [], 0
    for span in sorted(masked):
        if span.end > at:
            start = max(span.start, at)
            pieces += [text[at:start], " " * (span.end - start)]
            at = span.end
    return "".join([*pieces, text[at:]])


@cache
def _lines(name: str) -> tuple[str, ...]:
    text = (files("indexer") / "data" / name).read_text(encoding="utf8")
    return tuple(line for line in text.splitlines() if line.strip() and not line.startswith("#"))


@cache
def _comments() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{line})" for line in _lines("normalise-comments.txt")), re.IGNORECASE)


def is_comment(inside: str) -> bool:
    """Whether the inside of brackets is a remark about the quotation ("sic", "emphasis added")."""
    return bool(_comments().fullmatch(inside.translate(_TYPE).strip(" .,;")))


def cut(text: str, offset: int = 0) -> tuple[Part, ...]:
    """The parts of a quotation, which cover it whole, in order; spans are moved by `offset`."""
    marks = sorted([*_ellipses(text), *_labels(text), *_brackets(text)])
    parts: list[Part] = []
    at, speaker = 0, None
    for start, end, kind in [*marks, (len(text), len(text), "words")]:
        if start < at:
            continue
        if start > at:
            parts.append(Part("words", Span(at + offset, start + offset), speaker))
        if end > start:
            speaker = _speaker(text[start:end]) if kind == "label" else speaker
            parts.append(Part(kind, Span(start + offset, end + offset), speaker))
        at = end
    return tuple(parts)


def _ellipses(text: str) -> Iterator[tuple[int, int, PartKind]]:
    for m in ELLIPSIS.finditer(text):
        yield m.start(), m.end(), "ellipsis"


def _brackets(text: str) -> Iterator[tuple[int, int, PartKind]]:
    inside_words = {at for m in WORD.finditer(text) if "[" in m[0] or "(" in m[0] for at in range(*m.span())}
    remarks = (m for m in ROUND_BRACKET.finditer(text) if is_comment(m[0][1:-1]))
    for m in [*BRACKET.finditer(text), *remarks]:
        if m.start() not in inside_words and not ELLIPSIS.fullmatch(m[0]):
            yield m.start(), m.end(), "bracket"


def _labels(text: str) -> Iterator[tuple[int, int, PartKind]]:
    found = [m for m in LABEL.finditer(text) if _names_somebody(m[1])]
    if len(found) < FEWEST_LABELS:
        found = [m for m in found if m[1].isupper() and len(m[1]) > 1]
    for m in found:
        yield m.start(), m.end(), "label"


def _names_somebody(label: str) -> bool:
    names = [
        w for w in re.findall(r"[^\W_]+", label) if w.casefold() not in ("the", "of", "de", "von", "van")
    ]
    return 0 < len(names) <= LONGEST_LABEL and all(name[0].isupper() for name in names)


def _speaker(label: str) -> str:
    return label.strip().rstrip(":—–").rstrip(". ").strip()


def without_marks(text: str) -> list[Span]:
    """The spans of what looks like marks of notes ("[15]", "*"), for texts whose anchors are not known."""
    return [Span(*m.span()) for m in NOTE_MARK.finditer(text)]


def one_pair(text: str) -> bool:
    """Whether the parenthesis with which a text begins closes with its last character."""
    depth = 0
    for at, mark in enumerate(text):
        depth += (mark == "(") - (mark == ")")
        if depth == 0:
            return at == len(text) - 1
    return False

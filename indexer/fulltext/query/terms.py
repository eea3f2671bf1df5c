"""The words, phrases and fields of a query, each read from one token."""

import re

from indexer.fulltext.habits import value_meant
from indexer.fulltext.query.limits import MAX_EDITS, MAX_GAP, MAX_UNORDERED, MIN_FUZZY, MIN_PREFIX, Fault
from indexer.fulltext.query.tree import Field, Fuzzy, Leaf, Pattern, Phrase, Word, Years
from indexer.fulltext.tokens import CLOSED, STRAY, Token
from indexer.fulltext.words import WORD, fold

PART = re.compile(rf"(?:{WORD.pattern}|\*|\?(?=[^\W_]))+")
_FUZZY = re.compile(rf"({WORD.pattern})~(\d*)")
_POSSESSIVE = re.compile(r"(?<=[^\W_])['’‘ʼ`]s(?![^\W_])", re.IGNORECASE)  # an inflection like any other
_QUOTED = "\"'‘’‚"
_YEARS = re.compile(r"(\d{1,4})?(?:(?:\.{2,3}|[-–—])(\d{1,4})?)?")
_DECADE = re.compile(r"(\d{2,3}0)['’]?s")


def leaf_of(token: Token, field: str | None) -> Leaf | None:
    """What a chunk or a phrase asks for, or None if it holds no word. A fault's repair replaces the token."""
    if field == "year":
        return _years(token.text.strip(_QUOTED))
    if token.kind == "phrase":
        return _quoted(token.text, field)
    if (fuzzy := _FUZZY.fullmatch(token.text.strip(STRAY))) and field is None:
        return _fuzzy(fuzzy.group(1), fuzzy.group(2))
    text = token.text if field is not None else _POSSESSIVE.sub("", token.text)
    terms = tuple(term for term in _terms(text, field is not None, token.text) if term is not None)
    if not terms:
        return None
    if field is not None:
        return _field(field, terms)
    return terms[0] if len(terms) == 1 else Phrase(terms)


def _field(name: str, terms: tuple[Word | Pattern, ...]) -> Field:
    if len(terms) == 1 and isinstance(terms[0], Word):
        terms = (Word(value_meant(name, terms[0].text), exact=True),)
    return Field(name, terms)


def _quoted(text: str, field: str | None) -> Leaf | None:
    match = CLOSED.fullmatch(text)
    inside, digits, unordered = match.groups() if match else (text, None, "")
    terms = _terms(inside, True, text)
    while terms and terms[0] is None:
        terms.pop(0)
    while terms and terms[-1] is None:
        terms.pop()
    if (digits and len(digits) > 3) or int(digits or 0) > MAX_GAP:
        raise Fault(
            f"At most {MAX_GAP} words may lie between those of a phrase.", f'"{inside}"~{MAX_GAP}{unordered}'
        )
    named = tuple(term for term in terms if term is not None)
    if field is not None or not named:
        return _field(field, named) if field is not None and named else None
    if len(named) == 1 and len(terms) == 1:
        return named[0]
    if unordered and len(named) > MAX_UNORDERED:
        raise Fault(
            f"At most {MAX_UNORDERED} words may stand in any order; without the u they stand in this one.",
            f'"{inside}"~{digits or 0}',
        )
    return Phrase(named if digits or unordered else tuple(terms), int(digits or 0), ordered=not unordered)


def _terms(text: str, exact: bool, whole: str) -> list[Word | Pattern | None]:
    """The words and patterns of a stretch of text, part of the token `whole`; None is a lone *, any word."""
    found: list[Word | Pattern | None] = []
    for match in PART.finditer(text):
        part = match.group()
        if set(part) <= {"*", "?"}:
            found.append(None)
        elif "*" in part or "?" in part:
            found.append(_pattern(part, whole))
        else:
            found.append(Word(fold(part), exact))
    return found


def _pattern(part: str, whole: str) -> Pattern:
    pieces = [piece if piece in ("*", "?") else fold(piece) for piece in re.split(r"(\*|\?)", part)]
    pattern = re.sub(r"\*+", "*", "".join(pieces))
    if len(pieces[0]) < MIN_PREFIX:
        raise Fault(
            f"{part} stands for too many words: before * or ? there must be at least {MIN_PREFIX} letters.",
            re.sub(r"[*?]", "", whole),
        )
    return Pattern(pattern)


def _fuzzy(word: str, digits: str) -> Fuzzy | Word:
    edits = int(digits or 1) if len(digits) < 3 else MAX_EDITS + 1
    if edits > MAX_EDITS:
        raise Fault(f"At most {MAX_EDITS} letters of a word may differ.", f"{word}~{MAX_EDITS}")
    if len(fold(word)) < MIN_FUZZY:
        raise Fault(f"{word}~ stands for too many words: it wants at least {MIN_FUZZY} letters.", word)
    return Fuzzy(fold(word), edits) if edits else Word(fold(word), exact=True)


def _years(text: str) -> Years:
    found = years(text)
    if found is None:
        raise Fault("year: wants a year or two, as in year:1936 or year:1936..1938.")
    return found


def years(text: str) -> Years | None:
    """The years of "1936", "1936-1938", "1936-38", "1936..", "-1938" or "1930s"; None if it says none."""
    text = text.strip(" ;,") if ".." in text else text.strip(STRAY + " ")
    if decade := _DECADE.fullmatch(text):
        return Years(int(decade[1]), int(decade[1]) + 9)
    match = _YEARS.fullmatch(text)
    if match is None or not (match[1] or match[2]):
        return None
    first, last = (int(year) if year else None for year in match.groups())
    if match[0] == match[1]:
        last = first
    elif first is not None and last is not None and len(match[2]) < len(match[1]) == 4:
        last += first - first % 10 ** len(match[2])  # "1936-38": the century goes without saying
    if first is not None and last is not None and first > last:
        return None if len(match[2]) < len(match[1]) else Years(last, first)
    return Years(first, last)

"""The author's line with which a citation begins, and where it ends."""

import re
from functools import cache

from indexer.citations import habits, names, places
from indexer.citations.names import Lexicon, naming

_INITIALS = r"(?:[^\W\d_]\.\s*)+"
_GIVEN = rf"[^\W\d_a-z][\w’'\-]+(?:\s+(?:[^\W\d_a-z]\.|[^\W\d_a-z][\w’']*(?:ich|vna)))*|{_INITIALS}"
_INVERTED = re.compile(
    rf"([^\W\d_a-z][\w’'\-]+),\s+({_GIVEN})(?P<end>[.,:]\s+|\s+(?=[“\"]|[^\W\d_a-z]))(?=\S)"
)


@cache
def _author_end() -> re.Pattern[str]:
    """Where an author's line may end: comma, stop, possessive, or where a page or a quoted title begins."""
    page = rf"{habits.either('page')}\s*\d|\d+\s?[-–]\s?\d+"
    return re.compile(
        rf",\s*(?=\S)|[.:]\s+(?=\S)|\s+[–—]\s+|(?<=\w)['’]s\s+(?=[“\"]|[^\W\d_a-z])|\s+(?=[“\"])"
        rf"|(?<=[^\W\d_])\s+(?={page})"
    )


@cache
def _office() -> re.Pattern[str]:
    """An author who is an office: "The Harbour Board, Report"."""
    article, office = (f"(?i:{habits.either(kind)})" for kind in ("article", "office"))
    return re.compile(rf"^((?:{article}\s+)?{office}),\s+(?=\S)")


@cache
def _edited() -> re.Pattern[str]:
    """What stands between a name and a title and is no part of them: "ed.", "in" before a periodical."""
    article = rf"(?:{habits.either('article')}\s+)?"
    return re.compile(rf"^\(?{habits.either('editor')}\)?[\s,:]*|^(?i:in)\s+{article}(?=[^\W\d_a-zß-ÿ])")


def split_author(text: str, lexicon: Lexicon) -> tuple[str | None, str]:
    """The author's line that the text begins with, and the rest; (None, text) if it begins with a title."""
    inverted = _inverted(text, lexicon)
    if inverted:
        return inverted
    office = _office().match(text)
    if office:
        return office.group(1), text[office.end() :]
    if naming(text, lexicon):
        return text.strip(" .,"), ""
    best: tuple[str | None, str] = (None, text)
    start = 0
    for match in _author_end().finditer(text):
        head, rest = text[start : match.start()].strip(), text[match.end() :].lstrip(" ,")
        if match.group()[0] == "." and re.search(r"(?:^|[\s.])[^\W\d_]{1,2}$", head):
            continue
        if match.group()[0] == "." and (head.split() or [""])[-1].casefold() in habits.words("role"):
            continue
        lone = match.group()[0] == "." and len(head.split()) < 2 and not names.known(head, lexicon)
        if not best[0] and names.after_role(head) and match.group()[0] == ",":
            return names.after_role(head), rest
        if lone or not naming(head, lexicon):
            break
        best = (text[: match.start()].strip(), _edited().sub("", rest))
        start = match.end()
        if not names.initialled(re.split(r"[,:]", rest, maxsplit=1)[0]):
            break
    return best


# "Family I. O. Title", as Russian lists write it.
_TRAILING = re.compile(
    r"([^\W\d_a-zß-ÿа-яё][\w’'\-]+\s+(?:[^\W\d_a-zß-ÿа-яё]\.\s*){2,3})(?=[^\W\d_a-zß-ÿа-яё]\w)"
)


def _inverted(text: str, lexicon: Lexicon) -> tuple[str, str] | None:
    """ "Family, Given. Title", and with a comma if a long title follows."""
    trailing = _TRAILING.match(text)
    if trailing:
        return trailing.group(1).strip(), text[trailing.end() :]
    match = _INVERTED.match(text)
    if not match or not (names.shaped(match.group(1)) and names.shaped(match.group(2))):
        return None
    placing = habits.words("page") | habits.words("division")
    if match.group(2).split()[0].casefold().strip(".") in placing and match.group("end").strip() != ",":
        return None  # "Vane, S. 3", but not "Vane, S., Ropes"
    rest, given = text[match.end() :], match.group(2)
    if names.known(given, lexicon) or places.is_place(rest.split(",")[0]):
        return None
    if _given_is_title(given, rest, match.group("end")):
        return None
    return f"{match.group(1)}, {given.strip()}", rest


def _given_is_title(given: str, rest: str, end: str) -> bool:
    """Whether what stands where a given name would is the title: an imprint or little else follows."""
    if re.fullmatch(_INITIALS, given.strip()):
        return False
    if places.begins_imprint(rest) or re.search(r"\d", re.split(r"[,.]", rest)[0]):
        return end.strip() == "," or places.begins_imprint(rest)
    if end.strip() == ".":
        return False
    patronymic = len(given.split()) > 1
    return not patronymic and (
        end.strip() != "," or len(rest.split(",")[0].split()) <= places.LONGEST_PLACE_NAME
    )

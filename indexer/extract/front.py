"""What stands between a text's title and its first paragraph: author, date, labelled information.

So plain texts, Markdown, and the files of word processors say what web pages say in their heads.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from indexer.extract.dates import first_date, is_date
from indexer.extract.titles import is_generic
from indexer.extract.words import lists, pattern
from indexer.extract.writer import Sheet

# A longer line is no byline but the text's first.
_MOST_WORDS, _MOST_LETTERS = 15, 150
# So many lines are looked at, and a subtitle may be among them.
_MOST_LINES, _MOST_STRANGE = 6, 1
_MOST_PLACE_WORDS, _MOST_BODY_WORDS = 2, 10
_BY = re.compile(r"(?:written\s+)?(?:by|von|par|por|di|автор:?)\s+(?=\S)", re.IGNORECASE)
_LABELLED = re.compile(
    r"([^\W\d][^:\d]{2,30}?)(?:\s*:\s+|\s+(?=(?:in|on)?\s*\(?[\w ]{0,12}\d))(?:in\s+|on\s+)?(.+)"
)
_NAME_WORD = re.compile(r"[^\W\d_][\w.’'-]*")
_INITIALS = re.compile(r"[^\W\d_]{1,2}\.\s?(?:-?[^\W\d_]\.\s?)*[^\W\d_]{2}")
_NO_INITIALS = re.compile(r"(?:U\.\s?(?:S|K|N)|E\.\s?U|S\.\s?S)\.|(?:st|dr|no|vol|ch|pt)\.", re.IGNORECASE)
_ABBREVIATED = re.compile(r"\s(?:[^\W\d_]|[JS]r)\.$")
_WORD = re.compile(r"[^\W\d_]+")
# The lines before a Markdown text: "author: Ada Harrow", of a list "- Ada Harrow".
_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n((?:[^\n]*\n){1,60}?)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)")
_FIELD = re.compile(r"([A-Za-z][\w-]{0,30}):[ \t]*(.*)")
_ITEM = re.compile(r"[ \t]*-[ \t]+(.+)")
_FACTS = {"title": "stated", "author": "author", "authors": "author", "date": "written", "lang": "lang",
          "language": "lang"}  # fmt: skip
# "Ada Harrow, May 1921", "Ada Harrow (1921)", and before a date a place: "Orlow, 3 May 1921".
_NAME_AND_DATE = re.compile(r"(.+?)(?:,\s*|\s+(?=\()|\s+in\s+|\s+[|–—-]\s+)(\(?[^,()]*\b\d{4}\b[^()]*\)?)\.?")


@dataclass(slots=True)
class Front:
    """Who wrote the text, by a line that says so; lines that are dates; what is labelled, by label."""

    author: str = ""
    dates: list[str] = field(default_factory=list)
    labelled: dict[str, str] = field(default_factory=dict)


def front(sheet: Sheet) -> Front:
    """What the lines below the title say; the second that says nothing of the kind ends them.

    A name without "by" counts only in a text without mark-up, in the place of the title, next below it or
    below its date, and where it can be nothing else.
    """
    found, strange = Front(), 0
    if len(sheet.blocks) < 2 or _is_body(title := sheet.of(sheet.blocks[0])):
        return found
    if not sheet.blocks[1].tag:
        _named(title, sheet.text, found)  # some texts have the author above the title
    for place, (line, plain) in enumerate(_lines(sheet)):
        if _says(line, found):
            continue
        if not (plain and place == len(found.dates) and _named(line, sheet.text, found)):
            strange += 1
        if strange > _MOST_STRANGE:
            break
    return found


def says(line: str) -> bool:
    """Whether a line is a byline, a date or labelled information, and so no part of a paragraph."""
    return not _is_body(line) and _says(line, Front())


def _says(line: str, found: Front) -> bool:
    return _labelled(line, found) or _dated(line, found) or _by(line, found)


def _lines(sheet: Sheet) -> Iterator[tuple[str, bool]]:
    """The short lines below the title, and of each whether it is without mark-up."""
    lines = ((line, draft) for draft in sheet.blocks[1:] for line in sheet.of(draft).split("\n"))
    for line, draft in islice(lines, _MOST_LINES):
        if _is_body(line) or draft.kind not in ("para", "heading"):
            return
        yield re.sub(r"[*_]{1,3}", "", line).strip(), not draft.tag


def _is_body(text: str) -> bool:
    return len(text) > _MOST_LETTERS or len(text.split()) > _MOST_WORDS


def _labelled(line: str, found: Front) -> bool:
    match = _LABELLED.fullmatch(line)
    if match is None:
        return False
    label, value = match.group(1).lower().strip(), match.group(2)
    if label in lists()["front"]["author"]:
        found.author = found.author or (value if looks_like_names(value) else "")
        return True
    words = lists()["dates"]
    known = label in (*words["written"], *words["published"], *words["source"])
    if known and (":" in line or first_date(value)):
        found.labelled.setdefault(label, value)
        return True
    return pattern("front", "credit").match(line) is not None


def _dated(line: str, found: Front) -> bool:
    """A line that is but a date, or a place and a date."""
    place, comma, rest = line.partition(",")
    date = first_date(rest) if comma and is_date(rest) else None
    if date and date.month and place[:1].isupper() and len(place.split()) <= _MOST_PLACE_WORDS:
        line = rest
    if not is_date(line):
        return False
    found.dates.append(line.strip())
    return True


def _by(line: str, found: Front) -> bool:
    """ "By Ada Harrow", with a date or without; a line about who translated is one of the kind."""
    if pattern("front", "credit").match(line):
        return True
    by = _BY.match(line)
    return by is not None and (_author(line[by.end() :], found) or _body(line[by.end() :], found))


def _author(words: str, found: Front) -> bool:
    name, date = _split(words)
    if not looks_like_names(name) or pattern("front", "nobody").search(name):
        return False
    found.author = found.author or (name.title() if name.isupper() else name)
    found.dates += [date] if date else []
    return True


def _body(words: str, found: Front) -> bool:
    """A body of people that is named with capitals: "the Orlow Harbour Board, 1921"."""
    name, date = _split(words)
    article, _, rest = name.partition(" ")
    body, named = pattern("front", "bodies").search(rest), rest.split()
    if article.lower() != "the" or body is None or not 2 <= len(named) <= _MOST_BODY_WORDS:
        return False
    if not all(word[0].isupper() or word in lists()["front"]["joints"] for word in named):
        return False
    found.author = found.author or (rest.title() if rest.isupper() else rest)
    found.dates += [date] if date else []
    return True


def _split(words: str) -> tuple[str, str]:
    """A name and the date behind it, "" if there is none; who translated is left out."""
    if credit := pattern("front", "credit").search(words):
        words = words[: credit.start()].rstrip(" ,;(")
    match = _NAME_AND_DATE.fullmatch(words)
    name, date = match.groups() if match and is_date(match.group(2)) else (words, "")
    return name if _ABBREVIATED.search(name) else name.rstrip(".,"), date


def _named(line: str, text: str, found: Front) -> bool:
    """A name alone, or a name and a date, that is no heading and no subject.

    A name begins with an initial or with one that people are given: "New York, 1921" does not. A heading has
    words that the text has in small letters too, and who is spoken of is named again.
    """
    name, _ = _split(line)
    words = [word for word in _WORD.findall(name) if word[0].isupper() and len(word) > 1]
    if found.author or not words or not name[-1].isalpha() or is_generic(name) or _BY.match(line):
        return False
    if pattern("front", "publisher").search(name) or not _are_particles(name):
        return False
    given = name.split()[0].casefold() in lists()["front"]["given"]
    if not (given or _INITIALS.match(name)) or _NO_INITIALS.match(name):
        return False
    every = Counter(_WORD.findall(text))
    if every[words[-1]] > 1 or any(every[word.lower()] for word in words):
        return False
    return _author(line, found)


def _are_particles(name: str) -> bool:
    """Whether the words of a name in small letters are such as names have: "von", "de la"."""
    return all(word in lists()["front"]["particles"] for word in name.split() if word.islower())


def matter(text: str) -> tuple[str, dict[str, str]]:
    """A Markdown text without the lines between "---" that say its title, author and date before it begins,
    and what they say as a page's metadata would; the text as it is where it begins otherwise."""
    found = _MATTER.match(text)
    facts: dict[str, str] = {}
    key = ""
    for line in found.group(1).splitlines() if found else ():
        if field := _FIELD.fullmatch(line):
            key, value = field.group(1).lower(), field.group(2)
        elif item := _ITEM.fullmatch(line):
            value = item.group(1)
        elif line.strip() and not line.startswith("#"):
            return text, {}
        else:
            continue
        said = ", ".join(part.strip(" \"'") for part in value.strip("[] ").split(","))
        if said:
            facts[key] = f"{facts[key]}, {said}" if key in facts else said
    if found is None or not facts.keys() & _FACTS.keys():
        return text, {}
    return text[found.end() :], {_FACTS[key]: value for key, value in facts.items() if key in _FACTS}


def looks_like_names(line: str) -> bool:
    """Names of two to five words with capitals, but for one such as "von", joined by commas or "and"."""
    names = [name.split() for name in re.split(r",\s*|\s+(?:&|and)\s+", line)]
    if len(line) > _MOST_LETTERS or pattern("title", "no_name").fullmatch(line):
        return False
    return all(
        2 <= len(words) <= 5
        and sum(word[0].isupper() for word in words) >= max(2, len(words) - 1)
        and all(map(_NAME_WORD.fullmatch, words))
        for words in names
    )

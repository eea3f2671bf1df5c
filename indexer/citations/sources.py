"""The essay's own lists of sources: where they are, their entries, and what each entry names."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from indexer.citations import addresses, habits, holding, names, places, reading, titles
from indexer.citations.model import Source
from indexer.citations.names import Lexicon
from indexer.citations.passing import Namings
from indexer.citations.reading import Reading
from indexer.citations.shelf import Shelf
from indexer.models import Document, Entry, Span

# A paragraph of more words than this, without address or place, is prose and no entry.
LONGEST_ENTRY = 45
# A heading of a list has no more words than this.
LONGEST_HEADING = 6
# Characters of the longest entry, long addresses included; a longer line is none, and costs no search.
LONGEST_LISTED = 6000
# Words from which on a note can be a sentence, of which more than half are no capitals and no small words.
SHORTEST_SENTENCE = 5

# A star before a word is a bullet unless another closes it, as around a title in Markdown.
_BULLET = re.compile(
    r"^\s*(?:[-–—•·]\s*(?=\S)|[*†‡]+(?:\s+|(?![^*\n]*\*)(?=\S))|[\[(]?\d{1,3}[.)\]]\s+|[¹²³⁰-⁹]+\s*)"
)
# A note may have its number without a stop: "1 Author, Title".
_NUMBER = re.compile(r"\d{1,3}\s+(?=[^\W\d_])")

# The number of a note, which is raised.
_RAISED = re.compile(r"[¹²³⁰-⁹]+\s")

# The name and the year with which an entry begins.
_DATED_HEAD = re.compile(r"([^()\d]{3,120}?),?\s*\(?(?:1[4-9]|20)\d\d[a-z]?\)?(?=[.,:;\s])")
# The year of publication with which an entry on one line ends.
_DATED_END = re.compile(r"[\s(–-](?:1[4-9]|20)\d\d\)?\.?$")


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry as it stands: its span, and its lines without addresses of no account.

    `told` is one that stands alone at the essay's foot, outside of any list: "Source: ...".
    """

    span: Span
    text: str
    note: bool = False
    told: bool = False


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {
        "continued": re.compile(rf"(?i:{habits.either('continued')})|[a-zß-ÿа-я]"),
        "here": re.compile(rf"(?<![\s,;(–-])[\s,;(–-]*(?:{habits.either('here')}[\s:]*)+$", re.I),
        "serves": re.compile(
            rf"^(?:the\s+)?(?P<who>[^,.:;]{{2,40}}?)\s+(?:{habits.either('serves')})\s*", re.I
        ),
        "spoken": re.compile(
            rf"(?i:{habits.either('utterance')}\s+{habits.either('of', 'by', 'from')})\s+(?P<who>[^,;:()]+?)"
            rf"\s+(?i:{habits.either('inside')})\s+(?=[“\"]|[^\W\d_a-zß-ÿ])"
        ),
        "published": re.compile(rf"\s+{habits.either('published')}\s+", re.I),
    }


def listed(document: Document) -> list[Listed]:
    """The entries of all lists of sources of a document, and its notes that name a work, in text order."""
    found: list[Listed] = []
    inside, noted, foot = False, False, 0
    for span, kind in _blocks(document):
        text = document.text[span.start : span.end]
        first, _, rest = text.partition("\n")
        # Pages call notes what stands below "References"; an entry among them has no number.
        entry = inside and not noted and not (_BULLET.match(text) or _NUMBER.match(text))
        note = (kind == "note" and not entry) or bool(_RAISED.match(text))
        if _is_heading(first):
            inside, noted = True, _is_heading(first, "notes")
            if rest.strip():
                found += _entries_of(Span(span.start + len(first) + 1, span.end), rest, noted)
        elif _is_prose(text) and kind != "entry":
            inside, foot = inside and text.startswith("["), foot if note else span.end
        elif kind == "heading" and not _entry_like(text):
            inside = False
        elif note:
            found.append(_trimmed(Listed(span, text, True)))
        elif not inside and _says_source(first):
            start = span.start + first.index(":") + 1
            found.append(_trimmed(Listed(Span(start, span.end), document.text[start : span.end], told=True)))
        elif inside or kind == "entry":
            _join(found, _entries_of(span, text, noted), document.text)
    return [
        entry
        for entry in found
        if len(entry.text) <= LONGEST_LISTED
        and re.search(r"[^\W\d_]{2}", entry.text)
        and (not entry.told or entry.span.start >= foot)
    ]


def _blocks(document: Document) -> Iterator[tuple[Span, str]]:
    if document.blocks:
        yield from ((block.span, block.kind) for block in document.blocks)
        return
    for match in re.finditer(r"\S(?:.|\n(?!\s*\n))*", document.text):
        yield Span(match.start(), match.end()), "para"


def _is_heading(line: str, habit: str = "lists") -> bool:
    if len(line) > LONGEST_LISTED:
        return False
    words = re.sub(r"[^\w&\s]", "", line).casefold().split()
    return 0 < len(words) <= LONGEST_HEADING and " ".join(words) in habits.words(habit)


def _says_source(line: str) -> bool:
    """Whether a line names a source behind the word alone: "Source: Author, Title"."""
    label, colon, rest = line.partition(":")
    return bool(colon and rest.strip()) and label.strip().casefold() in habits.words("source")


def _entry_like(text: str) -> bool:
    if len(text) > LONGEST_LISTED:
        return False
    return bool(addresses.ADDRESS.search(text)) or text.rstrip().endswith(":") or places.has_place(text)


def _is_prose(text: str) -> bool:
    return len(text.split()) > LONGEST_ENTRY and not addresses.ADDRESS.search(text) and "\n" not in text


def _entries_of(span: Span, text: str, noted: bool) -> list[Listed]:
    """The entries of one block: a line each where bullets or addresses part them, else one."""
    if text.startswith("[") and text.rstrip().endswith("]"):
        return []
    found: list[Span] = []
    last = ""
    at = span.start
    for line in text.split("\n"):
        here = Span(at, at + len(line))
        at += len(line) + 1
        if line.startswith("[") or len(line) > LONGEST_LISTED:
            continue
        if found and not _starts(last, line):
            found[-1] = Span(found[-1].start, here.end)
        elif line.strip():
            found.append(here)
        last = line.rstrip() or last
    return [_trimmed(Listed(s, text[s.start - span.start : s.end - span.start], noted)) for s in found]


def _starts(last: str, line: str) -> bool:
    """Whether a line begins an entry of its own after the last line of the one before."""
    if _BULLET.match(line) or line.startswith("*"):
        return True
    if _continues(line) or last.endswith((":", ",")):
        return False
    if addresses.ADDRESS.search(last):
        return True
    if _DATED_END.search(last) and line[:1].isupper():
        return True
    if _heads_dated(last) and _heads_dated(line):
        return True
    complete = places.has_place(last) and last.endswith((")", "."))
    return complete and names.shaped(line.split(",")[0])


def _heads_dated(line: str) -> bool:
    """Whether a line begins with names, the family first, and a year: "Tucker, R. C. (1978)"."""
    head = _DATED_HEAD.match(line)
    return head is not None and (names.inverted(head[1]) or names.family_first(head[1]))


def _continues(line: str) -> bool:
    return bool(_patterns()["continued"].match(line.strip())) or bool(addresses.ADDRESS.match(line.strip()))


def _trimmed(entry: Listed) -> Listed:
    bullet = _BULLET.match(entry.text) or (_NUMBER.match(entry.text) if entry.note else None)
    start = bullet.end() if bullet else 0
    text = entry.text[start:].rstrip()
    start += len(text) - len(text.lstrip())
    span = Span(entry.span.start + start, entry.span.start + start + len(text.lstrip()))
    return replace(entry, span=span, text=text.lstrip())


def _join(found: list[Listed], new: Sequence[Listed], text: str) -> None:
    """Puts a block's entries to those found: the first goes on with one that waits for it."""
    if found and new and not (found[-1].note or found[-1].told):
        last, first = found[-1], new[0]
        waits = last.text.rstrip().endswith(":")
        if waits or _continues(first.text):
            whole = Span(last.span.start, first.span.end)
            found[-1], new = Listed(whole, text[whole.start : whole.end]), new[1:]
    found += new


def sources_of(entries: Iterable[Listed], lexicon: Lexicon) -> list[tuple[Listed, list[Source]]]:
    """What each entry names, its main work first, then the works through which it is quoted."""
    found: list[tuple[Listed, list[Source]]] = []
    last: Source | None = None
    for entry in entries:
        named = _named(entry, lexicon, last)
        if not named:
            continue
        last = named[0]
        found.append((entry, [replace(source, listed=len(found), noted=entry.note) for source in named]))
    return found


def _named(entry: Listed, lexicon: Lexicon, last: Source | None) -> list[Source]:
    """The works that one entry names."""
    url = next((addresses.trim(m.group()) for m in addresses.ADDRESS.finditer(entry.text)), None)
    heading, body = _heading_and_body(entry.text)
    who, body = _served(body)
    parts = _parted(body)
    read = [reading.read(body, lexicon)] if entry.note else [_read(part, lexicon) for part in parts]
    if entry.note and not _titled(read[0], url):
        return []
    if not url and read[0].author is None and _tells(body):
        return []
    main = [_source(one, heading, who, url, last) for one in read]
    main = [source for source in main if source.title or source.author or source.url]
    main = main[::-1] + ([replace(main[0], title=heading, headed=True)] if main and heading and url else [])
    if entry.text.rstrip().endswith(":") and read[0].via:
        main = _via(read[0], url, lexicon) or main  # it heads what is printed there
    return main + _containers(parts, url) + [via for one in read for via in _via(one, url, lexicon)]


def _titled(read: Reading, url: str | None) -> bool:
    """Whether what is read of a note names a work, and says more of it than its title."""
    return bool(read.title) and bool(read.kind in ("full", "letter") or read.locator or url)


def cites(note: str, read: Reading) -> bool:
    """Whether a note, of which this is read, is a citation and tells no story."""
    if len(note) > reading.LONGEST_CITATION:
        return False
    return read.kind in ("ibid", "opcit") or (_titled(read, None) and not _tells(note))


def _tells(body: str) -> bool:
    """Whether it begins with a sentence rather than a reference: mostly words in small letters."""
    sentence = re.match(r"([^.!?“”\"]{20,}?[^\W\d_]{3})[.!?](?:\s|$)", body)
    if not sentence or places.has_place(sentence.group()) or places.year_in(sentence.group()):
        return False
    spoken = [word for word in sentence.group(1).split() if word.casefold() not in habits.words("small")]
    small = [word for word in spoken if word[0].islower()]
    return len(spoken) >= SHORTEST_SENTENCE and len(small) * 2 > len(spoken)


def _containers(parts: list[str], url: str | None) -> list[Source]:
    """The newspaper in which a quoted headline stands can be cited in its stead."""
    placed = [places.split_place(part) for part in parts if part[:1] in '“"']
    return [Source(None, one.container, one.locator, None, url, one.year) for one in placed if one.container]


def _heading_and_body(text: str) -> tuple[str, str]:
    """The line with a colon that says what the entry is about, and the work named below it."""
    bare = re.sub(r"\s+", " ", _patterns()["here"].sub("", addresses.ADDRESS.sub("\n", text).strip()))
    lines = [_bare(line) for line in addresses.ADDRESS.sub("\n", text).split("\n")]
    lines = [
        line
        for n, line in enumerate(lines)
        if re.search(r"[^\W\d_]{2}", line) and not (n and _only_here(line))
    ]
    first = text.split("\n", 1)[0].rstrip()
    if first.endswith(":") and len(lines) > 1 and _bare(first) == first.rstrip(" :"):
        return first.rstrip(":"), " ".join(lines[1:])
    return "", " ".join(lines) or bare


def _bare(line: str) -> str:
    return _patterns()["here"].sub("", line.strip()).strip(" :;")


def _only_here(line: str) -> bool:
    """Whether a further line of an entry only says where it can be read."""
    goes_on = _patterns()["continued"].match(line)
    return bool(goes_on) and not places.has_place(line) and not re.search(habits.either("via"), line, re.I)


def _served(body: str) -> tuple[str | None, str]:
    match = _patterns()["serves"].match(body)
    if match and names.shaped(match.group("who")):
        return match.group("who"), body[match.end() :]
    return None, body


def _parted(body: str) -> list[str]:
    """Two works in one entry: "Tarn, 2000 & Orlova, Minutes of ..."."""
    for match in re.finditer(r"\s+&\s+", body):
        head = body[: match.start()]
        if re.search(r"\d{4}\)?$", head) and not places.is_date(body[match.end() :].split(",")[0]):
            return [head, body[match.end() :]]
    return [body]


def _read(body: str, lexicon: Lexicon) -> Reading:
    head = body.partition(". ")[0]
    body = places.unpublished(body) if names.family_first(head) else body
    body, _, container = _split_published(body)
    spoken = _patterns()["spoken"].match(body)
    if spoken and names.shaped(spoken["who"]):
        return replace(reading.read_title(body[spoken.end() :]), author=spoken["who"])
    possessive = re.match(rf"([^,.;:()]+?)['’]s?\s+{habits.either('utterance')}", body, re.I)
    reported = re.match(rf"([^,.;:()]+?)\s+{habits.either('utterance')}(?!\w)", body, re.I)
    utterance = possessive or reported
    if (
        utterance
        and names.shaped(utterance.group(1))
        and len(utterance.group(1).split()) < names.LONGEST_NAME
    ):
        found = reading.read_title(body)
        known = bool(possessive) or names.naming(utterance.group(1), lexicon)
        author = utterance.group(1) if known and not utterance.group(1).isupper() else None
        return replace(found, author=author, locator=container or found.locator)
    found = reading.read(body, lexicon)
    if found.kind == "author" and (not found.via or places.is_date(found.locator or "")):
        found = replace(found, kind="title", title=found.author, author=None)
    return replace(found, locator=container or found.locator)


def _split_published(body: str) -> tuple[str, str, str]:
    match = _patterns()["published"].search(body)
    if not match or not re.search(r"\d", body[match.end() :]):
        return body, "", ""
    via = re.search(habits.either("via"), body[match.end() :], re.I)
    end = match.end() + via.start() if via else len(body)
    return body[: match.start()] + " " + body[end:], match.group(), body[match.end() : end].strip(" ,;.")


def _source(one: Reading, heading: str, who: str | None, url: str | None, last: Source | None) -> Source:
    """The source that an entry's reading names, helped out by its heading and the entry before."""
    if one.kind == "ibid" and last:
        return replace(last, locator=one.locator, url=url or last.url)
    title, author = one.title, one.author
    about = re.match(r"(.+?)['’]s?\s+\S", heading)
    if title is None or (heading and not author and re.search(habits.either("letter"), heading, re.I)):
        title = heading or title
    if author is None:
        owner = about.group(1) if about else heading if names.shaped(heading) else ""
        owner = re.sub(rf"\s+{habits.either('utterance')}$", "", owner, flags=re.I)
        author = names.bare(who) if who else owner or None
    letter = one.kind == "letter" or bool(re.search(habits.either("letter"), heading or title or "", re.I))
    year = one.year or places.year_in(" ".join(filter(None, [one.locator])))
    locator = None if places.is_year(one.locator or "") else one.locator
    return Source(author, title, locator, one.via, url, year, None, who or None, letter)


def _via(one: Reading, url: str | None, lexicon: Lexicon) -> list[Source]:
    """The work through which an entry's is quoted is a source too, at the same address."""
    if not one.via:
        return []
    second = reading.read(one.via, lexicon)
    if not second.title or (not second.author and len(titles.content(second.title)) < 2):
        return []
    return [Source(second.author, second.title, second.locator, None, url, second.year)]


def own(found: Sequence[tuple[Listed, list[Source]]]) -> list[tuple[Listed, list[Source]]]:
    """Those of the list of sources; where there is no list, what stands alone as a source, and the notes that
    name a work for the first time."""
    if any(not (listed.note or listed.told) for listed, _ in found):
        return [pair for pair in found if not (pair[0].note or pair[0].told)]
    kept: list[tuple[Listed, list[Source]]] = []
    known = Namings()
    for listed, named in found:
        main = named[0]
        if not any(_repeats(main, before) for before in known.like(main.title)):
            kept.append((listed, named))
            known.add(main)
    return kept


def _repeats(source: Source, before: Source) -> bool:
    """Whether a note only names again, in full or in short, what a note before it named."""
    if source.url and source.url != before.url:
        return False
    if not source.title or not before.title or not titles.short_of(source.title, before.title):
        return False
    if source.author and before.author:
        return names.same_author(source.author, before.author) and _within(source.title, before.title)
    paged = not source.locator or places.pages(source.locator) == source.locator
    return source.author is None and paged and _within(source.title, before.title)


def _within(title: str, before: str) -> bool:
    """Whether the first title says no more than the second."""
    return len(titles.content(title)) <= len(titles.content(before))


def resolved(entry: Entry, source: Source, works: Shelf) -> str | None:
    """The one work of the shelf that an entry means as a citation would, but not the work that quotes it."""
    text = None if source.via else reading.tidy(addresses.ADDRESS.sub(" ", entry.text))
    ids = holding.others(holding.meant(text, source, works).ids, entry.essay_id, works)
    return ids[0] if len(ids) == 1 else None

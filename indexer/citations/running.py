"""What the running text says: who speaks, which works it names, which listed source it describes."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from indexer.citations import addresses, habits, names, places, titles
from indexer.citations.model import Source
from indexer.citations.names import Lexicon
from indexer.models import Document, Quotation, Span

# How far back, in characters, the text before a quotation is read for its speaker and its source.
REACH = 900
# The share of a listed source's words that a description of it must have.
DESCRIBED = 0.75
# Words between the end of a quotation and "he wrote", which may follow it.
BEHIND = 80
# Sentences before it in which a pronoun finds its noun.
ANTECEDENT = 3
# A word in capitals of no more letters stands for an office or a country.
LONGEST_ACRONYM = 4
# A name's word has no more letters: an endless line without a space is searched but once.
LONGEST_WORD = 40
# Letters of the shortest title that running text is believed to name.
SHORTEST_TITLE = 4
# Words from an article to the end of its noun: "the old fisher".
NOUN = 3
# Words between a verb of saying and the colon before a quotation: "said in exile:".
SAYING = 3
# Words between two quotations of one sentence that leave both to one speaker.
GOING_ON = 8

# What a title becomes where its words could be taken for a name's.
_WORK = "that work"

_FRAME = " .,;:“”\"„«»‘’'…–—-"
# The full stop of an initial ends no sentence.
_SENTENCE = re.compile(r"(?<=[.!?:])(?<!\b[^\W\d_a-zß-ÿа-яё]\.)[”\"’)]?\s+(?=[^\W\d_a-zß-ÿ]|[“\"(])|\n+")


@dataclass(frozen=True, slots=True)
class Before:
    """The running text before a quotation: since the last one (`near`), and with what came before (`far`).

    `begin` is where `near` begins; `since` is all that stands between the two quotations, None where there
    is none so near.
    """

    near: str
    far: str
    behind: str
    begin: int
    since: str | None
    stopped: bool  # whether the quotation ends a sentence


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    capital = rf"[^\W\d_a-zß-ÿа-я¹²³⁰-⁹][\w.’'\-]{{0,{LONGEST_WORD}}}"
    name = rf"(?<![^\W_]){capital}(?:\s+(?:{habits.either('particle')}\s+)?{capital}){{0,4}}"
    speech = f"(?i:{habits.either('speech')})"
    between = rf"(?:\s+(?:[a-z]+ly|{habits.either('between')})){{0,3}}"
    small = f"(?i:{habits.either('small')})"
    word = r"(?:[^\W\d_a-zß-ÿ][\w’'\-.]*|\d[\w–-]*|[“\"][^“”\"]{1,40}[”\"])"
    title = rf"(?:{small}\s+)?{word}(?:[:,]?\s+(?:{small}\s+){{0,3}}{word}){{0,14}}"
    work = f"(?i:{habits.either('work')})"
    # "Tarn (1908: 3) argues": style guides set the year, or the title, behind the name.
    aside = r"(?:\s\([^()\n]{1,80}\))?"
    return {
        "says": re.compile(rf"(?P<name>{name}){aside},?{between}\s+{speech}"),
        "said": re.compile(rf"{speech}\s+(?P<name>{name})"),
        "relative": re.compile(
            rf"(?P<name>{name}),\s+{habits.either('relative')}\s[^.;:]*?\s{speech}\s*[:,]?$"
        ),
        "subject": re.compile(rf"\s+(?!{habits.either('reflexive', 'relative')}){habits.either('being')}"),
        "pronoun": re.compile(rf"(?i:{habits.either('pronoun')}){between}\s+{speech}"),
        "self": re.compile(rf"{habits.either('self')}{between}\s+{speech}"),
        "according": re.compile(rf"(?i:{habits.either('according')})\s+(?P<name>{name})"),
        "owner": re.compile(
            rf"(?P<name>{name})['’‘]s?\s+(?:[a-z]+\s+){{0,2}}"
            rf"(?i:{habits.either('utterance', 'work', 'wording')})"
        ),
        "colon": re.compile(rf"(?P<name>{name})\s*:\s*$"),
        "name": re.compile(name),
        "speech end": re.compile(rf"{speech}\s*[:,]?$"),
        "work": re.compile(rf"{work},?\s+(?:\(|[“\"])?(?P<title>{title})"),
        "named as": re.compile(
            rf"(?P<name>{name})\s+published\s+(?:in\s+\d{{4}}\s+)?as\s+(?P<title>{title})"
        ),
        "wrote in": re.compile(rf"(?P<name>{name}){between}\s+{speech}\s+in\s+(?P<title>{title})"),
        "uttered": re.compile(
            rf"(?i:(?:{habits.either('article')}\s+)?{habits.either('own words')}\s+"
            rf"(?!{habits.either('of', 'by', 'from')}))"
        ),
        "sitting": re.compile(rf"(?i:{habits.either('ordinal')}\s+{habits.either('sitting')})"),
    }


def before(document: Document, quotations: Sequence[Quotation], n: int) -> Before:
    """The running text round the n-th quotation, without the quotations and citations before it."""
    text, here = document.text, quotations[n].span
    floor = max(0, here.start - REACH)
    last = _end(quotations[n - 1], here.start) if n else 0
    near = text[max(last, floor) : here.start]
    cuts = [
        _whole(quotation, here.start)
        for quotation in quotations[max(0, n - 6) : n]
        if quotation.span.end > floor
    ]
    kept, at = [], floor
    for cut in cuts:
        kept.append(text[at : max(at, cut.start)])
        at = max(at, cut.end)
    kept.append(text[at : here.start])
    paragraph = text.find("\n", here.end)
    end = min(here.end + BEHIND, paragraph if paragraph >= 0 else len(text))
    since = text[quotations[n - 1].span.end : here.start] if n and last > floor else None
    begin = max(last, floor)
    return Before(
        _opened(near), _opened(" ".join(kept)), text[here.end : end], begin, since, text[here.end - 1] == "."
    )


def _opened(text: str) -> str:
    return text.rstrip(" \n“”\"„«‘'([–—-")


def _end(quotation: Quotation, limit: int) -> int:
    """Where a quotation and the citation behind it end; a note at the end of the text does not count."""
    cited = quotation.attribution
    return (
        cited.end
        if cited and quotation.span.end <= cited.start and cited.end <= limit
        else quotation.span.end
    )


def _whole(quotation: Quotation, limit: int) -> Span:
    cited = quotation.attribution
    ahead = cited is not None and cited.end <= quotation.span.start
    return Span(cited.start if cited and ahead else quotation.span.start, _end(quotation, limit))


def nameless(around: Before, wordings: Sequence[str]) -> Before:
    """The running text without these titles, whose words name nobody who speaks."""
    for title in wordings:
        near, far, behind = (part.replace(title, _WORK) for part in (around.near, around.far, around.behind))
        around = replace(around, near=near, far=far, behind=behind)
    return around


def speaker(around: Before, lexicon: Lexicon) -> str | None:
    """Who says the quotation by the sentence before it or the words behind it; None if nobody is named."""
    sentences = [part for part in _SENTENCE.split(around.near.strip()) if part and part.strip(' .,)”"')]
    if not sentences:
        return _behind(around, (), lexicon)
    last = sentences[-1] + (
        ":" if around.near.rstrip().endswith(":") and not sentences[-1].endswith(":") else ""
    )
    for kind in ("says", "according", "relative", "said", "colon"):
        found = _names(kind, last, lexicon)
        if found:
            return found[-1]
    if _patterns()["pronoun"].search(last):
        return _antecedent(sentences[:-1], lexicon) or _antecedent(sentences[-1:], lexicon)
    owners = _names("owner", last, lexicon)
    if not owners and _patterns()["speech end"].search(last):
        return _antecedent([last], lexicon)
    return owners[-1] if owners else _behind(around, sentences, lexicon)


def introduced(around: Before, lexicon: Lexicon) -> str | None:
    """Who says the quotation by a sentence that ends with his name, a verb of saying and a colon: "Tarn said
    later:". He speaks whoever wrote the book from which the essay has his words."""
    last = _SENTENCE.split(around.near.strip())[-1]
    for kind in ("relative", "says"):
        for match in _patterns()[kind].finditer(last if last.endswith(":") else ""):
            rest, found = last[match.end() :].strip(" :,"), _names(kind, last, lexicon)
            if found and len(rest.split()) <= SAYING and not re.search(r"[,;(]", rest):
                return found[-1]
    return None


def own(around: Before) -> bool:
    """Whether the essay's writer says that the words before a quotation lead to his own: "as I wrote"."""
    return bool(_patterns()["self"].search(_SENTENCE.split(around.near.strip())[-1]))


def carried(around: Before, lexicon: Lexicon) -> bool:
    """Whether whoever was quoted last is quoted again: nobody is named in between, and "he" speaks in the
    next sentence, or the sentence goes on in a few words."""
    if around.since is None or _someone(around.near, lexicon):
        return False
    sentences = [part for part in _SENTENCE.split(around.near.strip(_FRAME)) if part]
    lead, pronoun = sentences[-1:] or [""], _patterns()["pronoun"]
    spoken = [*pronoun.finditer(lead[0])][-1:] or [*filter(None, [pronoun.match(_head(around))])]
    if spoken:
        ahead = spoken[0].string is lead[0]
        thing = spoken[0].group().split()[0].casefold() in habits.words("neuter")
        told = ahead and _tells_of_him(lead[0][: spoken[0].start()])
        return not (thing or told or any(map(_own_subject, sentences[:-1] if ahead else sentences)))
    between = around.since.strip(_FRAME)
    if "\n" in around.since or "(" in between or re.search(habits.either("speech"), between, re.I):
        return False
    return (not between or between[0].islower()) and len(between.split()) <= GOING_ON


def _tells_of_him(head: str) -> bool:
    """Whether the words before "he said" have a subject of their own: "the mate knew", "some say"."""
    first = head.split(maxsplit=1)[:1]
    return bool(first) and (
        first[0].casefold() in habits.words("article") | habits.words("demonstrative")
        or bool(re.search(habits.either("speech"), head, re.I))
    )


def _own_subject(sentence: str) -> bool:
    """Whether a sentence may speak of another than the one before it: it does not begin with "he"."""
    first = re.match(r"\W*(\w+)", sentence)
    pronouns = habits.words("pronoun") - habits.words("neuter")
    return first is None or (first[1][0].isupper() and first[1].casefold() not in pronouns)


def _someone(text: str, lexicon: Lexicon) -> bool:
    """Whether somebody may be named: capitals that are no acronym, and whose last word is never small."""
    found = (_clean(match.group()) for match in _patterns()["name"].finditer(text))
    return any(
        not _acronym(name)
        and names.naming(name, lexicon)
        and names.fold(name).split()[-1] not in lexicon.small
        for name in found
        if name
    )


def _head(around: Before) -> str:
    """The essay's own words behind a quotation, up to the end of their clause."""
    return re.split(r"[.;:“(]", around.behind.lstrip('”“"’»«›, '), maxsplit=1)[0]


def _behind(around: Before, sentences: Sequence[str], lexicon: Lexicon) -> str | None:
    head = _head(around)
    if _patterns()["pronoun"].match(head):
        return _antecedent(sentences, lexicon)
    led = re.match(rf"{habits.either('led')}\s+", head, re.I)
    head = head[led.end() :] if led else head
    for kind in ("said",) if around.stopped and not led else ("says", "said"):
        found = _patterns()[kind].match(head)
        if found and names.naming(_clean(found.group("name")), lexicon):
            return _clean(found.group("name"))
    return None


def _names(kind: str, sentence: str, lexicon: Lexicon) -> list[str]:
    found = []
    for match in _patterns()[kind].finditer(sentence):
        name = _clean(match.group("name"))
        if not _object(kind, match, sentence) and name and not _acronym(name) and names.naming(name, lexicon):
            found.append(name)
    return found


def _object(kind: str, match: re.Match[str], sentence: str) -> bool:
    """Whether the name is only spoken of: behind "about" or "to", or as what a verb names, asks, mentions."""
    before = sentence[: match.start()].split()
    last = before[-1].casefold() if before else ""
    if kind == "says":
        return last in habits.words("small")
    if kind == "said":
        if _patterns()["subject"].match(sentence, match.end()):
            return True  # "they claimed Tarn was ill"
        naming = re.match(rf"{habits.either('naming')}\s", match.group(), re.I)
        return bool(naming) and bool(last) and last[-1].isalnum() and last not in habits.words("lead")
    spoken_of = any(re.search(habits.either("naming"), word, re.I) for word in before)
    return kind == "colon" and (
        spoken_of or last in habits.words("addressing") | habits.words("inside") or _done_to(before)
    )


def _done_to(before: Sequence[str]) -> bool:
    """Whether a verb stands before a name: a small word that is no office, and no noun behind an article."""
    if not before or not before[-1].isalpha() or not before[-1].islower():
        return False
    said = habits.words("role") | habits.words("office") | habits.words("small")
    noun = {word.casefold() for word in before[-NOUN:-1]} & {"a", "an", *habits.words("article")}
    return before[-1] not in said and not noun


def _acronym(name: str) -> bool:
    letters = name.strip(".").removesuffix("s")
    return letters.isupper() and len(letters) <= LONGEST_ACRONYM


def _clean(name: str) -> str:
    """The name without the capitalised words of role, nation or sentence before it."""
    tokens = names.bare(name).split()
    opening = habits.words("opening") - habits.words("particle")
    while len(tokens) > 1 and tokens[0].casefold().strip(".,") in opening:
        tokens.pop(0)
    stopped = len(tokens[-1]) > SHORTEST_TITLE if tokens else False
    return names.bare(" ".join(tokens).rstrip(".") if stopped else " ".join(tokens))


def _person(match: re.Match[str], sentence: str) -> str:
    """The name; of capitals that begin behind "a" ("his Diary of a Mill Manager Pell") only the last word."""
    before = sentence[: match.start()].split()
    name = _clean(match.group())
    return name.split()[-1] if before and name and before[-1] in ("a", "an") else name


def _antecedent(sentences: Sequence[str], lexicon: Lexicon) -> str | None:
    """Whom "he" means: who begins the nearest of the last sentences, else the person named last in it."""
    for sentence in reversed(sentences[-ANTECEDENT:]):
        people = [
            (match.start(), _person(match, sentence))
            for match in _patterns()["name"].finditer(sentence)
            if not re.search(r"['’‘]s?$", match.group())
        ]
        people = [(at, name) for at, name in people if not _acronym(name) and names.naming(name, lexicon)]
        known = [name for at, name in people if names.own(name, lexicon) or (at == 0 and " " in name)]
        if known:
            return (
                known[0] if sentence.lstrip('“"').startswith(known[0]) or len(sentences) == 1 else known[-1]
            )
    return None


@dataclass(frozen=True, slots=True)
class Wording:
    """How a text writes its words: which, and which pairs, with small letters; its speakers and subjects."""

    small: frozenset[str]
    speakers: frozenset[str]
    subjects: frozenset[str]
    articled: frozenset[str]


@lru_cache(maxsize=4)
def wording(text: str) -> Wording:
    """One scan of the text, kept for the few essays at hand: lists and citations ask for it by turns."""
    plain = addresses.ADDRESS.sub(" ", text)
    small = set(re.findall(r"(?<![\w’'\-])[a-zß-ÿа-яё]{2,}", plain))
    pairs = {
        match.group(1).casefold() for match in re.finditer(r"(?<!\w)(?=(\w+\s+[a-zß-ÿа-яё]{2,}))", plain)
    }
    subjects = re.findall(rf"(?<!\w)([^\W\d_a-zß-ÿ][\w\-]+)\s+{habits.either('being')}", plain)
    return Wording(
        frozenset(map(names.fold, small | pairs)),
        frozenset(name for name in speakers(plain) if names.shaped(name)),
        frozenset(map(names.fold, subjects)),
        frozenset(
            map(
                names.fold,
                re.findall(
                    rf"{habits.either('article')}\s+([^\W\d_a-zß-ÿ][\w\-]+(?:\s[^\W\d_a-zß-ÿ][\w\-]+)?)",
                    plain,
                ),
            )
        ),
    )


def speakers(text: str) -> Iterable[str]:
    """All whom the text names as speaking, to know them as names elsewhere."""
    for kind in ("says", "according", "owner", "colon"):
        for match in _patterns()[kind].finditer(text):
            name = _clean(match.group("name"))
            before = text[max(0, match.start() - LONGEST_WORD) : match.start()].split()[-1:]
            placed = before and before[0].casefold() in habits.words("inside")  # "who lived in Tidewell said"
            if not _acronym(name) and not placed:
                yield name


def mentions(text: str, lexicon: Lexicon) -> list[Source]:
    """The works that a stretch of running text names, in its order, with their authors."""
    return [source for line in text.split("\n") for source in _mentions(line, lexicon)]


def _mentions(text: str, lexicon: Lexicon) -> list[Source]:
    found: list[tuple[int, Source]] = []
    for kind in ("named as", "wrote in"):
        for match in _patterns()[kind].finditer(text):
            author = _clean(match.group("name"))
            if names.naming(author, lexicon):
                found.append((match.start("title"), _mention(author, match, text, lexicon)))
    for match in _patterns()["work"].finditer(text):
        if all(at != match.start("title") for at, _ in found):
            found.append(
                (
                    match.start("title"),
                    _mention(owner(text[: match.start()], lexicon), match, text, lexicon),
                )
            )
    return [source for _, source in sorted(found, key=lambda pair: pair[0]) if source.title]


def named(text: str, wordings: Iterable[tuple[str, Source]]) -> list[Source]:
    """Those sources whose folded wordings, the longest first, the last paragraph of the text names."""
    rest = f" {names.fold(text.strip().rsplit(chr(10), 1)[-1])} "
    found = []
    for wording, source in wordings:
        if f" {wording} " in rest:
            rest = rest.replace(f" {wording} ", " | ")
            found.append(source)
    return found


def headlined(around: Before) -> bool:
    """Whether the sentence before the quotation says that it is a headline."""
    last = _SENTENCE.split(around.near.strip())[-1]
    return bool(re.search(habits.either("headline"), last, re.I))


def owner(head: str, lexicon: Lexicon) -> str | None:
    """Whose the work is that a sentence is about to name: its possessor's, or the first person's of the
    sentence, if it is known."""
    sentence = _SENTENCE.split(head)[-1]
    owners = _names("owner", sentence + " work", lexicon)
    for match in _patterns()["name"].finditer(sentence):
        name = _clean(match.group())
        if names.naming(name, lexicon) and names.known(name, lexicon):
            return owners[-1] if owners else name
    return None


def _mention(author: str | None, match: re.Match[str], text: str, lexicon: Lexicon) -> Source:
    placed = places.split_place(match.group("title") + _dated(text[match.end() :]))
    title = re.split(r"(?<=\w\w)\.\s", placed.title, maxsplit=1)[0].strip('“”"() ')
    enclosed = text[match.start("title") - 1] in '(“"'
    if not enclosed and _is_about(title):
        return Source()
    person = not enclosed and names.known(title, lexicon) and names.naming(title, lexicon)
    head, comma, tail = title.partition(", ")
    if comma and names.known(tail, lexicon) and names.naming(tail, lexicon):
        title = head
    if re.search(r"[⁰¹²³⁴-⁹]", title):
        return Source()
    if (
        person
        or places.is_year(title)
        or names.fold(title) in {names.fold(author or ""), ""}
        or len(title) < SHORTEST_TITLE
    ):
        return Source()
    return Source(author, title, placed.locator)


def _is_about(title: str) -> bool:
    """Whether what stands where a title would only says of whom or what a work is: "his life of Tarn"."""
    first = title.split(maxsplit=1)[0] if title else ""
    return first.islower() and first in habits.words("small") - habits.words("article")


def _dated(rest: str) -> str:
    head = re.match(r",?[^.:;\n]{0,24}", rest)
    return head.group() if head and places.has_place(head.group()) else ""


def uttered(title: str) -> bool:
    """Whether a title only says that somebody spoke or wrote, and not who: "Speech to the Harbour Board"."""
    return bool(_patterns()["uttered"].match(title))


def sentence_before(text: str, floor: int, start: int) -> int:
    """Where the sentence begins that leads to what stands at `start`."""
    head = text[floor:start].rstrip(" \n“”\"„«‘'([–—-:")
    ends = [match.end() for match in _SENTENCE.finditer(head)]
    return floor + (ends[-1] if ends else 0)


def sitting(text: str) -> str | None:
    """The session, day or plea that the text names last: "first session"."""
    found = _patterns()["sitting"].findall(text)
    return found[-1] if found else None


def described(around: Before, listed: Iterable[Source]) -> Source | None:
    """The listed letter, diary, report or the like that the running text describes, if one alone fits best.

    It fits when most of the words of its title stand before the quotation, or when its author and its
    kind do ("Hale sent a telegram ... The telegram says:").
    """
    far, near = tuple(names.fold(around.far).split()), tuple(names.fold(around.near).split())
    last = tuple(names.fold(_SENTENCE.split(around.near.strip())[-1]).split()) if near else ()
    scored = []
    for source in listed:
        kinds = (
            re.findall(habits.either("utterance"), names.fold(source.title or "")) if not source.noted else []
        )
        words = titles.content(source.title or "")
        if not kinds or len(words) < 2:
            continue
        common = titles.shared(words, far)
        told = common / len(words) >= DESCRIBED and common >= titles.FEW_WORDS
        author = tuple(names.fold(source.author or "").split()[-1:])
        if told or (author and titles.shared((kinds[0],), last) and titles.shared(author, near)):
            scored.append((titles.shared(words, last), common / len(words), source))
    scored.sort(key=lambda row: row[:2], reverse=True)
    if not scored or scored[0][0] == 0 or (len(scored) > 1 and scored[0][:2] == scored[1][:2]):
        return None
    return scored[0][2]


def continuing(around: Before, title: str | None) -> bool:
    """Whether the text before the quotation says that the last one goes on, or speaks of "this telegram"."""
    last = _SENTENCE.split(around.near.strip())[-1]
    if re.search(habits.either("continuing"), last, re.I):
        return True
    kinds = re.findall(habits.either("utterance"), names.fold(title or ""))
    this = rf"{habits.either('demonstrative')}\s+{re.escape(kinds[0])}(?!\w)" if kinds else r"(?!)"
    return bool(re.search(this, around.near, re.I))

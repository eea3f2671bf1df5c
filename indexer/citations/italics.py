"""Works whose titles stand in italics in the sentence before a quotation: Tarn, in his *Ropes of Tar*, says:

Italics stress words too. They name a work where a title stands in them, and where the text says that
something stands in it: behind "in", behind "his", behind a name's possessive.
"""

import re
from bisect import bisect_left
from functools import cache
from itertools import islice

from indexer.citations import habits, running, titles
from indexer.citations.model import Source
from indexer.citations.names import Lexicon
from indexer.models import Document, Quotation, Span

# Words such as "famous pamphlet" between "his" and the title.
BETWEEN = 3
# A title has no more words.
LONGEST_TITLE = 20


@cache
def lead() -> re.Pattern[str]:
    """What stands right before a title: "in", or whose work it is, and a few small words."""
    within, whose = habits.either("inside"), habits.either("possessive")
    return re.compile(
        rf"(?:(?P<within>(?i:{within}))|(?P<whose>(?i:{whose}))|['’‘]s?)"
        rf"(?P<small>(?:\s+[^\W\d_A-Z][\w’'-]*,?){{0,{BETWEEN}}})[\s“\"(]*$"
    )


def named(document: Document, quotation: Quotation, floor: int, lexicon: Lexicon) -> list[Source]:
    """The works named so between `floor` and the quotation, in the last sentence alone; with their authors
    where the sentence says whose they are."""
    begin = running.sentence_before(document.text, floor, quotation.span.start)
    at = bisect_left(document.emphasis, begin, key=lambda span: span.start)
    found = []
    for span in islice(document.emphasis, at, None):
        if span.end > quotation.span.start:
            break
        source = _source(document.text, Span(begin, span.start), span, lexicon)
        if source:
            found.append(source)
    return found


def _source(text: str, before: Span, span: Span, lexicon: Lexicon) -> Source | None:
    title = text[span.start : span.end].strip(" ,.;:“”\"'‘’()")
    if not is_title(title):
        return None
    head = text[before.start : before.end]
    led = lead().search(head)
    small = [word.strip(",").casefold() for word in led.group("small").split()] if led else []
    if not led or not habits.words("addressing").isdisjoint(small):
        return None
    within = led.group("within") and habits.words("possessive").isdisjoint(small)
    return Source(None if within else running.owner(head, lexicon), title)


def is_title(words: str) -> bool:
    """Whether words in italics are a title, and no single word that is stressed."""
    return words[:1].isupper() and 1 < len(words.split()) <= LONGEST_TITLE and len(titles.content(words)) > 1

"""What a reader should know beside a verdict: warnings, each with a sentence that names the words."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from indexer.models import Alignment, Change, Citation, Document, Piece, Quotation, Span, WarningName
from indexer.names import sound
from indexer.normalise import WORD, fold, is_comment, words
from indexer.numbers import counts
from indexer.spans import holding
from indexer.verdict.changes import Comparison
from indexer.verdict.sides import Sides, block_of, note_marks, shown

# The longest stretch of the source that a reason quotes, in characters.
LONGEST_SHOWN = 240
# A word that turns the sentence is named if it comes as soon, in words.
SOON = 12
# Words of the source that a reason shows on either side of a negation.
AROUND = 8
# A change of at most this many letters within a word may be a slip.
LETTERS = 2
_CLOSING = "\"'”’»)\\]"
_END = re.compile(rf"[{_CLOSING}\s]*[.!?…][.!?…\s]*[{_CLOSING}]*(?=\s|$)")
_BEGIN = re.compile(r"(?:^|[.!?…:][\"'”’»)\]]*\s*|^\W*\d+\W*)[\s\"'“‘„«(\[—–-]*$")

_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]+")
_STOP = re.compile(r"[.!?…]")
# Behind an initial or a title before a name no sentence ends.
_ABBREVIATED = re.compile(
    r"(?:^|[^\w.])(?:(?!I$)[^\W\d_a-zß-ÿа-яё]|Mrs?|Ms|Dr|St|Prof|Gen|Col|Capt|Lt|Rev|Mme|Mlle|Hr|Fr)$"
)
_LONGEST_ABBREVIATED = 6
_CLOSE = re.compile('[”»"]')

Reason = tuple[WarningName, str]


def warnings(
    quotation: Quotation, citation: Citation | None, alignment: Alignment, both: Sides, compared: Comparison
) -> list[Reason]:
    """The warnings that apply, in a fixed order, each with its reason."""
    source = both.sources[alignment.place.work_id]
    inside = [token for token in compared.tied if token.document == source.work.id]
    found: list[Reason] = []
    if inside:
        found += _bounds(source, alignment, compared, both)
    works = dict.fromkeys(piece.work_id for piece in alignment.pieces)
    found += _negations(compared, both, [both.sources[work_id] for work_id in works])
    found += _speakers(quotation, citation, alignment, both)
    found += _whereabouts(alignment, source, citation, _begun_later(source, alignment, compared, both))
    found += _slips(compared.changes)
    return found


def follows(source: Document, alignment: Alignment, compared: Comparison) -> Span | None:
    """The rest of the source's sentence after the last tied word; None if the sentence ends there."""
    inside = [token.span for token in compared.tied if token.document == source.work.id]
    if not inside:
        return None
    last = inside[-1].end
    block = block_of(source, inside[-1])
    text = _without_marks(source, Span(last, block.end))
    if _ends(text, 0) is not None or not WORD.search(text):
        return None
    at = 0
    while at < len(text):
        stop = _STOP.search(text, at)
        if stop is None:
            return Span(last, block.end)
        end = _ends(text, stop.start())
        if end is not None:
            return Span(last, last + end)
        at = stop.end()
    return Span(last, block.end)


def _without_marks(document: Document, span: Span) -> str:
    """The text of a stretch with spaces for the marks of notes, so that places in it stay."""
    text = document.text[span.start : span.end]
    for mark in note_marks(document, span):
        start, end = mark.start - span.start, min(mark.end - span.start, len(text))
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _ends(text: str, at: int) -> int | None:
    """Where the sentence's end at this place is over; None if the sentence does not end here."""
    m = _END.match(text, at)
    if m is None or _abbreviated(text, at):
        return None
    rest = text[m.end() :].lstrip(" \n\"'“‘([")
    return None if rest[:1].islower() else m.end()


def _abbreviated(text: str, at: int) -> bool:
    """Whether the stop at this place is that of an abbreviation."""
    return text[at] == "." and bool(_ABBREVIATED.search(text[max(0, at - _LONGEST_ABBREVIATED) : at]))


def _bounds(source: Document, alignment: Alignment, compared: Comparison, both: Sides) -> Iterator[Reason]:
    rest = follows(source, alignment, compared)
    if rest is not None:
        yield "cut-short", _goes_on(shown(source, rest), _ends_in_ellipsis(both))
    first = next(t.span for t in compared.tied if t.document == source.work.id)
    begun = [f"In the source the sentence begins “{began} …”." for began in _begun(source, first)]
    begun += [
        f"Behind the ellipsis, in the source the sentence begins “{began} …”."
        for piece in _posing(alignment, both)
        for began in _begun(both.sources[piece.work_id], piece.source)
    ]
    if begun:
        yield "begins-mid-sentence", " ".join(begun)


def _begun(source: Document, at: Span) -> Iterator[str]:
    """How the sentence begins before a stretch of the source; nothing if it begins with it."""
    before = _without_marks(source, Span(block_of(source, at).start, at.start))
    if WORD.search(before) and not _BEGIN.search(before):
        stops = re.finditer(r"[.!?…][\"'”’»)\]]*\s", before)
        start = max((m.end() for m in stops if not _abbreviated(before, m.start())), default=0)
        yield _short(from_first_word(before[start:]), True)


def _posing(alignment: Alignment, both: Sides) -> Iterator[Piece]:
    """The pieces behind an ellipsis that begin large in the quotation and small in the source: they pose
    as sentences."""
    ellipses = [mark.span.end for mark in both.marks if mark.kind == "ellipsis"]
    for before, piece in pairwise(alignment.pieces):
        joined = any(before.quote.end < end <= piece.quote.start for end in ellipses)
        ours = both.essay.text[piece.quote.start : piece.quote.start + 1]
        theirs = both.sources[piece.work_id].text[piece.source.start : piece.source.start + 1]
        if joined and ours.isupper() and theirs.islower():
            yield piece


def _ends_in_ellipsis(both: Sides) -> bool:
    """Whether the quotation itself says, behind its last word, that it breaks off."""
    marks = zip(both.marks, both.places, strict=True)
    return any(mark.kind == "ellipsis" and at == len(both.tokens) for mark, at in marks)


def _goes_on(rest: str, admitted: bool) -> str:
    first = words(rest).forms[:SOON]
    turn = next((w for w in first if w in _list("turns") or _negates(w)), None)
    named = f", with “{turn}”" if turn else ""
    said = "The quotation ends with an ellipsis; in" if admitted else "In"
    return f"{said} the source the sentence goes on{named}: “{_short(from_first_word(rest))}”"


def from_first_word(text: str) -> str:
    """The text on one line from its first word on, for showing: the comma, stop, closing mark or bracket
    before it belongs to what was quoted. Empty if there is no word."""
    first = WORD.search(text)
    return " ".join(text[first.start() :].split()) if first else ""


def _short(text: str, from_end: bool = False) -> str:
    text = " ".join(text.split())
    if len(text) <= LONGEST_SHOWN:
        return text
    if from_end:
        return f"… {text[-LONGEST_SHOWN:].split(' ', 1)[-1]}"
    return f"{text[:LONGEST_SHOWN].rsplit(' ', 1)[0]} …"


def _negations(compared: Comparison, both: Sides, sources: Sequence[Document]) -> Iterator[Reason]:
    told = []
    for change in compared.changes:
        if change.kind in ("omitted", "replaced"):
            lost = [w for w in words(change.source).forms if _negates(w)]
            kept = Counter(w for w in words(change.quote).forms if _negates(w))
            if len(lost) > kept.total():
                # The first that the quotation has not, for it may have others of them.
                number = next(i for i, w in enumerate(lost) if lost[: i + 1].count(w) > kept[w])
                told.append(f"“{lost[number]}” in “{_around(change, number, sources)}”")
    told += [f"“{lost}” in “{said}”" for lost, said in _at_the_ends(compared, both)]
    if told:
        yield "negation-left-out", "Left out or replaced: " + "; ".join(told) + "."


def _at_the_ends(compared: Comparison, both: Sides) -> Iterator[tuple[str, str]]:
    """Negations in whose place a bracket stands before the first word of a quotation or behind its last
    one, each with the words of the source: “[Everyone] told me” of “Nobody told me”."""
    for mark, at in zip(both.marks, both.places, strict=True):
        if mark.kind != "bracket" or at not in (0, len(both.tokens)):
            continue
        bracket = both.essay.text[mark.span.start : mark.span.end].strip("[]() ")
        said = words(bracket).forms
        if not said or is_comment(bracket):
            continue
        beside, here = compared.tied[-1 if at else 0], both.tokens[-1 if at else 0]
        document = both.sources[beside.document]
        replaced = _beside(document, beside.span, len(said), behind=at > 0)
        lost = next((w for w in words(document.text[replaced.start : replaced.end]).forms if _negates(w)), "")
        if lost and not any(map(_negates, said)) and here.form == beside.form:
            both_of = Span(min(replaced.start, beside.span.start), max(replaced.end, beside.span.end))
            yield lost, shown(document, both_of)


def _beside(document: Document, at: Span, count: int, behind: bool) -> Span:
    """As many words of the same sentence, before or behind a word of the source."""
    block = block_of(document, at)
    if behind:
        text = document.text[at.end : block.end]
        stop = _STOP.search(text)
        ends = words(text[: stop.start() if stop else len(text)]).ends[:count]
        return Span(at.end, at.end + int(ends[-1]) if len(ends) else at.end)
    text = document.text[block.start : at.start]
    start = max((m.end() for m in _STOP.finditer(text)), default=0)
    starts = words(text[start:]).starts[-count:]
    return Span(block.start + start + int(starts[0]) if len(starts) else at.start, at.start)


def _around(change: Change, number: int, sources: Iterable[Document]) -> str:
    """The words around a negation among those of a change, as its paragraph has them: the words of the
    change alone may be no more than the negation, or so many that it is lost among them."""
    at = change.source_span
    for document in sources:
        inside = negations(document.text[at.start : at.end])
        if shown(document, at) == " ".join(change.source.split()) and number < len(inside):
            block, there = block_of(document, at), at.start + inside[number].start
            start, end = _window(document.text[block.start : block.end], there - block.start)
            before = "… " if start else ""
            after = " …" if end < len(block) and words(document.text[block.start + end : block.end]) else ""
            return f"{before}{shown(document, Span(block.start + start, block.start + end))}{after}"
    return _short(change.source)


def _window(text: str, at: int) -> tuple[int, int]:
    """From some words before the one at this place to as many after it."""
    found = words(text)
    here = int(found.starts.searchsorted(at, side="right")) - 1
    first, last = max(here - AROUND, 0), min(here + AROUND, len(found) - 1)
    return (int(found.starts[first]) if first else 0), int(found.ends[last])


def negations(text: str) -> tuple[Span, ...]:
    """The words of a text that negate: not, never, no."""
    found = words(text)
    return tuple(
        Span(int(start), int(end))
        for start, end, form in zip(found.starts, found.ends, found.forms, strict=True)
        if _negates(form)
    )


def _negates(form: str) -> bool:
    return form in _list("negations") or form.endswith("n't")


def _speakers(
    quotation: Quotation, citation: Citation | None, alignment: Alignment, both: Sides
) -> Iterator[Reason]:
    labels = {p.speaker for p in quotation.parts if p.speaker}
    heard: list[str] = []
    for piece in alignment.pieces:
        actual = speaker_at(both.sources[piece.work_id], piece.source)
        claimed = next(
            (p.speaker for p in quotation.parts if p.speaker and _holds(p.span, piece.quote)), None
        )
        claimed = claimed or (citation.said_by if citation and not labels else None)
        if actual and claimed and not _one_person(actual, claimed):
            yield (
                "another-speaker",
                f"The essay gives the words to {claimed}; in the source {actual} says them.",
            )
            return
        if actual and not any(_one_person(actual, other) for other in heard):
            heard.append(actual)
    if len(heard) > 1 and not labels:
        yield "another-speaker", f"In the source the words are those of {' and '.join(heard)}."


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def speaker_at(document: Document, span: Span) -> str | None:
    """Who speaks in the block of a document where a stretch begins, if the document tells."""
    block = holding(document.blocks, span.start)
    return block.speaker if block else None


def another_turn(document: Document, before: Span, after: Span) -> bool:
    """Whether two stretches of a document are said by different speakers."""
    one, other = speaker_at(document, before), speaker_at(document, after)
    return bool(one and other and not _one_person(one, other))


def _one_person(one: str, other: str) -> bool:
    """Whether two names may be one person's: they share a word that is not a title, however it is spelt."""
    forms = [set(words(fold(name).text).forms) - _list("titles") for name in (one, other)]
    names = [{sound(form) for form in of_one} for of_one in forms]
    return not names[0] or not names[1] or bool(names[0] & names[1])


def _begun_later(source: Document, alignment: Alignment, compared: Comparison, both: Sides) -> str:
    """What is said where a source that quotes the words itself begins its quotation later, or ends it
    earlier, than the essay: it says nothing of the essay's other words. Empty elsewhere."""
    held, place = _quoted_there(source, alignment.place.span), alignment.place.span
    if held is None:
        return ""
    added = [change.quote_span for change in compared.changes if change.kind == "inserted"]
    before = both.tokens[0].span.start in [span.start for span in added]
    after = both.tokens[-1].span.end in [span.end for span in added]
    begun = before and not words(source.text[held.start : place.start])
    ended = after and not words(source.text[place.end : held.end])
    told = {(True, True): "before and after", (True, False): "before", (False, True): "after"}
    where = told.get((begun, ended))
    return (
        f" The essay's words {where} that are not in this source, and may be in what it quotes."
        if where
        else ""
    )


def _whereabouts(
    alignment: Alignment, source: Document, citation: Citation | None, more: str
) -> Iterator[Reason]:
    title = source.work.title
    # A novel's dialogue stands in quotation marks too: in the cited work they mean something only if the
    # essay itself says that the words are another's, quoted there.
    own = alignment.in_cited_work and not (citation and citation.via)
    if alignment.in_cited_work is False:
        yield "not-in-cited-work", f"The cited work does not have the words; they stand in “{title}”."
    if not own and is_quoted(source, alignment.place.span):
        yield "second-hand", f"“{title}” gives the words as a quotation of its own.{more}"
    if alignment.others:
        many = len(alignment.others)
        yield "several-places", f"The words stand as well in {many} other place{'s' if many > 1 else ''}."


def is_quoted(document: Document, span: Span) -> bool:
    """Whether a stretch lies inside a quotation of its document: by the mark-up or by quotation marks."""
    return _quoted_there(document, span) is not None


def _quoted_there(document: Document, span: Span) -> Span | None:
    """The quotation of a document inside which a stretch lies."""
    quoted = next((quoted for quoted in document.quoted if _holds(quoted, span)), None)
    if quoted:
        return quoted
    block = holding(document.blocks, span.start)
    if block is not None and block.kind == "quote":
        return block.span
    paragraph = block_of(document, span)
    before = document.text[paragraph.start : span.start]
    opened = sum(before.count(mark) for mark in "“„«") - sum(before.count(mark) for mark in "”»")
    if opened <= 0 and before.count('"') % 2 == 0:
        return None
    start = paragraph.start + max(before.rfind(mark) for mark in '“„«"')
    close = _CLOSE.search(document.text, span.end, paragraph.end)
    return Span(start, close.start() if close else paragraph.end)


def _slips(changes: Sequence[Change]) -> Iterator[Reason]:
    unmarked = [change for change in changes if not change.marked]
    if unmarked and all(_is_slip(change) for change in unmarked):
        told = "; ".join(f"“{c.quote}” for “{c.source}”" for c in unmarked)
        yield "letters-only", f"Only letters within words differ: {told}."


def _is_slip(change: Change) -> bool:
    """Whether a change is of a letter or two within a word, its spacing or capitals; never one of numbers or
    of the signs beside them."""
    if change.kind != "replaced":
        return False
    ours, theirs = words(change.quote).forms, words(change.source).forms
    one, other = "".join(ours), "".join(theirs)
    if one == other:
        return True
    if len(ours) != len(theirs):
        return False
    return all(_slight(a, b) for a, b in zip(ours, theirs, strict=True))


def _slight(a: str, b: str) -> bool:
    rests = {_LETTERS.sub("", w) for w in (a, b) if _DIGIT.search(w) or not _LETTERS.search(w)}
    if len(rests) > 1 or (a != b and counts(a) and counts(b)):
        return False
    return Levenshtein.distance(a, b) <= LETTERS


@cache
def _list(name: str) -> frozenset[str]:
    text = (files("indexer") / "data" / f"verdict-{name}.txt").read_text(encoding="utf8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))

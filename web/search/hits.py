"""A passage that was found, as pages and files show it; near-equal ones folded together."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from indexer.compare import number_at
from indexer.fulltext import Found
from indexer.models import Passage, Span, Work
from web.addresses import reading_address
from web.library import Opened
from web.search.asking import Asked
from web.search.snippets import Snippet, snippet
from web.ties import Tie, touching

# Passages with this share of their runs of words in common say the same: a reprint, an essay given twice.
# Two translations of one sentence stay well below, a scan with a wrong letter in every tenth word above.
LIKE = 0.6
# Words of such a run: three in a row are seldom the same by chance.
RUN = 3
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. `marks` are spans of its work's text; `block` is where the reader shows it.

    `inside` are the quotations that hold something of what matched, `quoted` those that quote from the
    passage. `like` are further passages found that say nearly the same.
    """

    passage: Passage
    work: Work
    score: float
    marks: Sequence[Span]
    snippet: Snippet
    block: int
    address: str
    inside: Sequence[Tie]
    quoted: Sequence[Tie]
    like: Sequence["Hit"] = field(default=())


def hits(here: Opened, found: Sequence[Found], wanted: Asked) -> list[Hit]:
    """What there is to show of passages found, in their order. Each work's text is looked into once."""
    by_work = sorted(range(len(found)), key=lambda at: found[at].work_id)
    shown = {at: hit(here, found[at], wanted) for at in by_work}
    return [shown[at] for at in range(len(found))]


def hit(here: Opened, found: Found, wanted: Asked) -> Hit:
    """What there is to show of a passage that was found."""
    passage, document = here.store.passage(found.passage_id), here.store.document(found.work_id)
    start = passage.span.start
    marks = [Span(start + mark.start, start + mark.end) for mark in found.marks]
    first = marks[0].start if marks else start
    block = number_at(document, first)
    return Hit(
        passage=passage,
        work=document.work,
        score=round(found.score, 3),
        marks=marks,
        snippet=snippet(document.text[start : passage.span.end], found.marks),
        block=block,
        address=reading_address(found.work_id, block, wanted.query, wanted.exact, wanted.names),
        inside=_inside(here, passage, marks),
        quoted=touching(here.ties.quoted(found.work_id), passage.span),
    )


def _inside(here: Opened, passage: Passage, marks: Sequence[Span]) -> Sequence[Tie]:
    """The quotations of an essay that what matched lies in, or the passage, if nothing is marked."""
    ties = here.ties.quotations(passage.work_id)
    spans: Iterable[Span] = marks or [passage.span]
    return list(dict.fromkeys(tie for span in spans for tie in touching(ties, span)))


def folded(here: Opened, found: Sequence[Hit]) -> list[Hit]:
    """The hits, each that says nearly the same as an earlier one moved into the `like` of that one."""
    leaders: list[tuple[frozenset[str], list[Hit]]] = []
    for each in found:
        runs = _runs(text_of(here, each.passage))
        same = next((group for first, group in leaders if _likeness(first, runs) >= LIKE), None)
        if same is None:
            leaders.append((runs, [each]))
        else:
            same.append(each)
    return [replace(first, like=rest) if rest else first for _, (first, *rest) in leaders]


def text_of(here: Opened, passage: Passage) -> str:
    """The words of a passage as they are shown."""
    return here.store.document(passage.work_id).text[passage.span.start : passage.span.end]


def _runs(text: str) -> frozenset[str]:
    words = _WORD.findall(text.casefold())
    if len(words) < RUN:
        return frozenset([" ".join(words)])
    return frozenset(" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the runs of both that both have (Broder 1997, resemblance), from 0 to 1."""
    if min(len(one), len(other)) < LIKE * max(len(one), len(other)):
        return 0.0  # they cannot be alike, and most pairs end here
    common = len(one & other)
    return common / (len(one) + len(other) - common)

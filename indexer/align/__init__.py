"""Quotation and sources -> where its words stand, tied piece by piece, or None.

The steps: words folded (`query`, `seeds`), shared triples joined to runs and runs to chains (`chain`),
every word tied (`fit`), and what is left accepted by information, never by likeness alone: the bits of
the tied words against those of chance in an archive of a fixed size, so that no verdict hangs on what
else the archive holds (but for a phrase of common words: what many works have is no place). The cited
work comes first, then all others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import log2

import numpy as np
from numpy.typing import NDArray

from indexer.align import noisy
from indexer.align.brackets import with_own
from indexer.align.chain import (
    LEAST_CHAINED,
    WORTH_FITTING,
    Runs,
    chain,
    chained_bits,
    groups,
    outside,
    runs,
    tried,
)
from indexer.align.examining import unsound
from indexer.align.fit import Fit, by_words, fit, measured, pieces
from indexer.align.otherwise import perhaps
from indexer.align.query import Query, query
from indexer.align.seeds import SEED, Seeds, part, prepare, renewed
from indexer.align.swap import Swap, may_differ
from indexer.likeness import RARE_BITS
from indexer.models import Alignment, Piece, Place, Quotation, Span
from indexer.normalise import cut

__all__ = [
    "EQUAL_BITS",
    "Seeds",
    "Swap",
    "align",
    "believed",
    "find",
    "may_differ",
    "part",
    "perhaps",
    "prepare",
    "renewed",
    "unsound",
]

# Where chance has looked, in words: the whole archive, taken as eight million, or one cited work, taken
# as sixteen thousand. Fixed, so that adding a source changes nothing.
ARCHIVE_BITS = log2(2**23)
WORK_BITS = log2(2**14)
# Accepted: this many bits beyond chance, with this share of the quotation's bits, or a smaller one if the
# words stand in long runs: another translation shares as much, but in scraps of four or five words;
ENOUGH_BITS, ENOUGH_BITS_CITED, ENOUGH_SHARE = 32.0, 26.0, 0.7
LEAST_SHARE, LEAST_RUN = 0.55, 7.0
# or one run of this many words, however small a share it is, if not the least;
LONG_RUN, LONG_RUN_SHARE = 20, 0.3
# or every word, in order, with these bits beyond chance; and outside the cited work with more bits and this
# many words at least, for phrases are anybody's.
WHOLE_BITS, WHOLE_BITS_ELSEWHERE = 3.0, 8.0
FEWEST_ELSEWHERE = 4
# Common words with fewer bits that stand in so many works are the words of none: "in the name of peace".
COMMON_BITS, COMMON_WORKS = 19.0, 3
# A phrase of no more words is made of words that go together: outside the cited work, the bits of those that
# the source lacks count against those that it has.
LONGEST_PHRASE = 14
# Of words strewn over more of the source than they are themselves, without an ellipsis between them, only
# those count that stand together with so many, misprints let pass.
STRETCH_OF_STREWN = 5
# The cited work is left for another place only if it has less than this share of the other's bits.
CITED_SHARE = 0.8
# Places within this many bits of the best are equally good.
EQUAL_BITS = 0.5
MOST_OTHERS = 40
# As many places of one phrase are looked at.
MOST_PLACES = 80


# What `find` shows: at least this share of the bits of what was typed.
FIND_SHARE = 0.5
# A place that a reader names has at least this share of the quotation's bits; with less it has other words.
NAMED_SHARE = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """A fit of what was looked for in one group of works; `cited` says that it lies in the cited work;
    `score` is in bits beyond chance, `share` the part of the quotation's bits that is tied, `whole` that
    nothing is left or changed."""

    fit: Fit
    wanted: Query
    work: int
    cited: bool
    score: float
    share: float
    whole: bool


def align(
    quotation: Quotation, text: str, seeds: Seeds, cited: Sequence[str] = (), without: Sequence[str] = ()
) -> Alignment | None:
    """Where the quotation of an essay with this text stands, or None if nowhere beyond chance.

    `cited` are the ids of the cited work and its chapters, `without` those of works that are not looked
    into: the essay's own text, held as a source too. `in_cited_work` is None when no cited work is held.
    `others` are the equally good places, in the order of the works' ids.
    """
    wanted = query(quotation, text)
    held, apart = seeds.numbers_of(cited), seeds.numbers_of(without)
    shared = outside(apart, runs(wanted, seeds.numbers(wanted.keys), seeds), seeds)
    candidates: list[_Candidate] = []
    for method in (_whole, _chained, _misprinted):
        found = (c for c in method(shared, wanted, seeds, held) if c.work not in apart)
        candidates += [c for c in found if _acceptable(c, wanted)]
        # Words that stand elsewhere may still stand, altered, in the cited work: that comes first.
        if any(c.cited for c in candidates) or (candidates and (not held or method is _chained)):
            break
    if not candidates:
        return None
    candidates = [_with_brackets(c, quotation, text, seeds) for c in candidates]
    best = _chosen(candidates)
    equal = _equal(best, candidates)
    if _anybodys(best, equal):
        return None
    others = tuple(_place(c, seeds) for c in equal)
    return _alignment(quotation.id, best, seeds, best.cited if held else None, others)


def find(text: str, seeds: Seeds, limit: int = 10) -> list[Alignment]:
    """The places that hold words of any passage of three words or more, the likest first; spans of
    the pieces count characters of `text`."""
    sought = Quotation("", "", Span(0, len(text)), "inline", cut(text))
    wanted = query(sought, text)
    shared = runs(wanted, seeds.numbers(wanted.keys), seeds)
    shared_whole = shared.of(_once_a_work(shared, len(wanted), seeds)[:limit])
    found = sorted(_whole(shared_whole, wanted, seeds, []), key=_rank)
    if len(found) < limit:
        works = {c.work for c in found}
        like = [c for c in _chained(shared, wanted, seeds, []) if c.work not in works]
        found += sorted((c for c in like if c.share >= FIND_SHARE), key=_rank)
    return [_alignment("", c, seeds, None, ()) for c in found[:limit]]


def believed(quotation: Quotation, text: str, seeds: Seeds) -> Alignment | None:
    """Where the quotation of an essay with this text stands in the few paragraphs of a work that a reader
    names, of which alone the seeds are; None if they have other words.

    Who names a place has read it: it need not be proved against chance.
    """
    wanted = query(quotation, text)
    shared = runs(wanted, seeds.numbers(wanted.keys), seeds)
    methods = (_whole, _chained, _misprinted, _worded)
    candidates = [c for method in methods for c in method(shared, wanted, seeds, [0])]
    like = [c for c in candidates if c.share >= NAMED_SHARE and not _strewn(c.fit, wanted)]
    if not like:
        return None
    best = _with_brackets(min(like, key=_rank), quotation, text, seeds)
    return _alignment(quotation.id, best, seeds, True, ())


def _once_a_work(shared: Runs, length: int, seeds: Seeds) -> NDArray[np.intp]:
    """The first run of this length in each work."""
    whole = np.flatnonzero(shared.length == length)
    whole = whole[np.argsort(shared.source[whole])]
    works = np.searchsorted(seeds.first, shared.source[whole], side="right")
    return whole[np.unique(works, return_index=True)[1]]


def _whole(shared: Runs, wanted: Query, seeds: Seeds, cited: Sequence[int]) -> Iterator[_Candidate]:
    """One candidate for each place where all the words stand in one piece."""
    if len(wanted) < SEED:
        yield from _few(wanted, seeds, cited)
        return
    whole = shared.source[shared.length == len(wanted)]
    works = np.searchsorted(seeds.first, whole, side="right") - 1
    order = np.lexsort((whole, ~np.isin(works, cited)))[:MOST_PLACES]
    for start in whole[order].tolist():
        yield _candidate(_run(start, wanted, seeds), wanted, seeds, cited)


def _few(wanted: Query, seeds: Seeds, cited: Sequence[int]) -> Iterator[_Candidate]:
    """Where one or two words stand in the cited work; elsewhere they would mean nothing."""
    numbers = seeds.numbers(wanted.keys)
    for work in cited if len(wanted) else ():
        start, end = int(seeds.first[work]), int(seeds.first[work + 1])
        found = np.flatnonzero(seeds.words[start : end - len(wanted) + 1] == numbers[0]) + start
        for at in found.tolist()[:MOST_PLACES]:
            if np.array_equal(seeds.words[at : at + len(wanted)], numbers):
                yield _candidate(_run(at, wanted, seeds), wanted, seeds, cited)


def _chained(shared: Runs, wanted: Query, seeds: Seeds, cited: Sequence[int]) -> Iterator[_Candidate]:
    """The best fit in each group of works that is cited or shares most with the quotation."""
    order, worth, of_run = groups(shared, wanted, seeds)
    cited_groups = [int(seeds.group[work]) for work in cited]
    wanted_groups = dict.fromkeys([*cited_groups, *tried(order, worth, wanted)])
    chains = {g: chain(shared.of(of_run == g), wanted) for g in wanted_groups if np.any(of_run == g)}
    bits = {g: chained_bits(chained, wanted) for g, chained in chains.items()}
    least = max(WORTH_FITTING * max(bits.values(), default=0.0), LEAST_CHAINED * float(wanted.bits.sum()))
    for group, chained in chains.items():
        if bits[group] >= least or group in cited_groups:
            yield _candidate(fit(chained, wanted, seeds, _bounds(group, seeds)), wanted, seeds, cited)


def _run(start: int, wanted: Query, seeds: Seeds) -> Fit:
    return measured(np.arange(start, start + len(wanted), dtype=np.int32), wanted, seeds)


def _bounds(group: int, seeds: Seeds) -> Span:
    """The positions of a group's words."""
    first, last = np.searchsorted(seeds.group, [group, group + 1])
    return Span(int(seeds.first[first]), int(seeds.first[last]))


def _misprinted(_: Runs, wanted: Query, seeds: Seeds, cited: Sequence[int]) -> Iterator[_Candidate]:
    """Fits by letters: in each cited work, and where rare words that are left whole point to."""
    for work in cited:
        whole = Span(int(seeds.first[work]), int(seeds.first[work + 1]))
        fitted = noisy.in_window(wanted, seeds, whole, _bounds(int(seeds.group[work]), seeds))
        if fitted:
            yield _candidate(fitted, wanted, seeds, cited)
    for fitted in noisy.fits(wanted, seeds):
        yield _candidate(fitted, wanted, seeds, cited)


def _worded(_: Runs, wanted: Query, seeds: Seeds, cited: Sequence[int]) -> Iterator[_Candidate]:
    """The fit of all words with all words of the first work, where these are few: no three need stand
    together."""
    fitted = by_words(wanted, seeds, _bounds(0, seeds)) if len(seeds.words) else None
    if fitted:
        yield _candidate(fitted, wanted, seeds, cited)


def _candidate(fitted: Fit, wanted: Query, seeds: Seeds, cited: Sequence[int]) -> _Candidate:
    tied = np.flatnonzero(fitted.places >= 0)
    works = np.searchsorted(seeds.first, fitted.places[tied], side="right") - 1
    weight = np.bincount(works, wanted.bits[tied]) if len(tied) else np.zeros(1)
    work = int(np.argmax(weight))
    is_cited = work in cited
    steps = np.diff(fitted.places)
    joined = (steps == 1) | (np.diff(wanted.segments) > 0)
    return _Candidate(
        fit=fitted,
        wanted=wanted,
        work=work,
        cited=is_cited,
        score=fitted.bits - (WORK_BITS if is_cited else ARCHIVE_BITS),
        share=float((fitted.likeness * wanted.bits).sum() / max(wanted.bits.sum(), 1.0)),
        whole=bool(np.all(fitted.likeness == 1.0) and np.all(joined) and np.all(steps > 0)),
    )


def _with_brackets(candidate: _Candidate, quotation: Quotation, text: str, seeds: Seeds) -> _Candidate:
    """The candidate with the words of those brackets that its source has too."""
    wanted, fitted = with_own(candidate.fit, candidate.wanted, quotation, text, seeds)
    return replace(candidate, fit=fitted, wanted=wanted)


def _acceptable(candidate: _Candidate, wanted: Query) -> bool:
    if candidate.whole and candidate.cited and candidate.score >= WHOLE_BITS:
        return True
    if candidate.whole and len(wanted) >= FEWEST_ELSEWHERE and candidate.score >= WHOLE_BITS_ELSEWHERE:
        return True
    if _strewn(candidate.fit, wanted) and _share_together(candidate.fit, wanted) < ENOUGH_SHARE:
        return False
    lengths = [len(run) for run in _runs(candidate.fit, 1.0)]
    if candidate.share >= LONG_RUN_SHARE and max(lengths, default=0) >= LONG_RUN:
        return True
    least = LEAST_SHARE if lengths and sum(lengths) >= LEAST_RUN * len(lengths) else ENOUGH_SHARE
    if candidate.cited:
        return candidate.score >= ENOUGH_BITS_CITED and candidate.share >= least
    return candidate.score - _lacking(candidate, wanted) >= ENOUGH_BITS and candidate.share >= least


def _lacking(candidate: _Candidate, wanted: Query) -> float:
    """The bits of the words of a short phrase that the source does not have."""
    if len(wanted) > LONGEST_PHRASE:
        return 0.0
    return float(wanted.bits[candidate.fit.likeness == 0.0].sum())


def _anybodys(best: _Candidate, equal: Sequence[_Candidate]) -> bool:
    """Whether the words are a phrase of common words that stands in many works, none of them cited."""
    if best.cited or best.score >= COMMON_BITS or np.any(best.wanted.bits >= RARE_BITS):
        return False
    return len({best.work, *(other.work for other in equal)}) >= COMMON_WORKS


def _strewn(fitted: Fit, wanted: Query) -> bool:
    """Whether the source has more other words between the tied ones than were looked for, ellipses apart."""
    tied = np.flatnonzero(fitted.places >= 0)
    passed = np.diff(fitted.places[tied]) - 1
    unmarked = (np.diff(wanted.segments[tied]) == 0) & (passed > 0)
    return int(passed[unmarked].sum()) > len(wanted)


def _share_together(fitted: Fit, wanted: Query) -> float:
    """The share of the quotation's bits that stand together with enough others."""
    long = [run for run in _runs(fitted, 0.0) if len(run) >= STRETCH_OF_STREWN]
    together = np.concatenate([np.zeros(0, np.intp), *long])
    return float(wanted.bits[together].sum() / max(wanted.bits.sum(), 1.0))


def _runs(fitted: Fit, likeness: float) -> list[NDArray[np.intp]]:
    """The stretches of words that stand in one piece, each word at least so like."""
    equal = np.flatnonzero((fitted.places >= 0) & (fitted.likeness >= likeness))
    if not len(equal):
        return []
    apart = (np.diff(equal) != 1) | (np.diff(fitted.places[equal]) != 1)
    return np.split(equal, np.flatnonzero(apart) + 1)


def _rank(candidate: _Candidate) -> tuple[float, int, int]:
    return (-round(candidate.fit.bits, 3), candidate.work, candidate.fit.first)


def _chosen(candidates: list[_Candidate]) -> _Candidate:
    """The best of the cited work, unless another place has far more of the quotation; else the best."""
    best = min(candidates, key=_rank)
    cited = min((c for c in candidates if c.cited), key=_rank, default=None)
    return cited if cited and cited.fit.bits >= CITED_SHARE * best.fit.bits else best


def _equal(best: _Candidate, candidates: list[_Candidate]) -> list[_Candidate]:
    """The other candidates as good as the chosen one, or better, in the order of the works' ids."""
    equal = [c for c in candidates if c is not best and c.fit.bits >= best.fit.bits - EQUAL_BITS]
    places = {
        (c.work, c.fit.first): c
        for c in reversed(equal)
        if (c.work, c.fit.first) != (best.work, best.fit.first)
    }
    return [places[place] for place in sorted(places)][:MOST_OTHERS]


def _place(candidate: _Candidate, seeds: Seeds) -> Place:
    """From the first tied word of the work that holds most of them to the last."""
    tied = candidate.fit.places[candidate.fit.places >= 0]
    inside = tied[(tied >= seeds.first[candidate.work]) & (tied < seeds.first[candidate.work + 1])]
    start = int(seeds.starts[inside].min())
    end = int((seeds.starts[inside] + seeds.lengths[inside]).max())
    return Place(str(seeds.works[candidate.work]), Span(start, end))


def _alignment(
    quotation_id: str,
    best: _Candidate,
    seeds: Seeds,
    in_cited: bool | None,
    others: tuple[Place, ...],
) -> Alignment:
    tied: tuple[Piece, ...] = pieces(best.fit, best.wanted, seeds)
    return Alignment(quotation_id, _place(best, seeds), tied, round(best.score, 1), in_cited, others)

"""The nouns of Loccit: frozen records that know nothing of files, databases or pages.

Offsets are counted in characters of `Document.text`, half open, everywhere: there is one system of
coordinates. Absence is a value (None or an empty tuple), never an exception.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["essay", "source"]
BlockKind = Literal["heading", "para", "quote", "verse", "speech", "note", "item", "entry"]
Form = Literal["inline", "block", "dialogue"]
PartKind = Literal["words", "ellipsis", "bracket", "label"]
Outcome = Literal["resolved", "ambiguous", "not-held"]
ChangeKind = Literal["omitted", "inserted", "replaced", "moved"]
VerdictName = Literal["verbatim", "abridged", "altered", "spliced", "not-found", "no-source"]
WarningName = Literal[
    "cut-short", "begins-mid-sentence", "negation-left-out", "another-speaker",
    "not-in-cited-work", "second-hand", "several-places", "letters-only",
]  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters `start` up to, not including, `end` of a text."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Work:
    """A text that can be cited: an essay, a source, a chapter, or a source that is not held.

    `id` is a readable slug, durable, and the page's address. `file` is the raw file's path inside
    `raw/`, None when the work is not held. `parent` is the id of the table of contents whose
    chapter it is. `also` are further addresses of the same text, `aliases` other titles under which
    it is cited. `cited_by` names the essays
    that the catalogue says cite it. `note` is printed on its page ("invented for the sample").
    `edition_of` is the id of the work of which it is another edition or translation. `year` and `date` say
    when it was written; `edition` names the printing that the text follows, as the page does, and
    `edition_year` the year of that.
    """

    id: str
    collection: str
    kind: Kind
    title: str
    author: str | None = None
    year: int | None = None
    date: str | None = None
    url: str | None = None
    also: tuple[str, ...] = ()
    file: str | None = None
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    cited_by: tuple[str, ...] = ()
    language: str | None = None
    licence: str | None = None
    note: str | None = None
    edition_of: str | None = None
    edition: str | None = None
    edition_year: int | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder of `raw/`: what its catalogue says of itself and the works that it lists."""

    name: str
    title: str
    description: str | None = None
    licence: str | None = None
    works: tuple[Work, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a document, or what stands in its place. Blocks lie in order and never overlap.

    `locator` says where in the printed or spoken original it begins ("p. 212", "Second session").
    """

    kind: BlockKind
    span: Span
    locator: str | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place inside the text that is not the author's words: a note's mark or a page's beginning.

    A `note` covers the mark as it is shown ("[15]"), its `label` is the note's name, and `target`
    the start of the note's block, if it was found. A `page` is empty (start == end) where the page
    `label` begins.
    """

    kind: Literal["note", "page"]
    span: Span
    label: str
    target: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Words of the text that were a link, and the absolute or relative address that they led to."""

    span: Span
    url: str


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a work as it is shown; it never changes after `extract`.

    `quoted` are the spans that the mark-up itself calls quotations (`blockquote`, `q`, a class
    `quote`), whether or not they carry quotation marks. `emphasis` are the italic spans. `remarks` say
    how it was read, where not all went as it should; they are kept with the file's report.
    """

    work: Work
    text: str
    blocks: tuple[Block, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    links: tuple[Link, ...] = ()
    quoted: tuple[Span, ...] = ()
    emphasis: tuple[Span, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """What search finds: a paragraph, or some short ones together, never more than a few hundred words."""

    id: str
    work_id: str
    span: Span
    locator: str | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a quotation: the parts of one cover it whole, in order.

    `words` are meant to be the source's, an `ellipsis` stands for words left out, a `bracket` is
    the quoter's insertion or replacement, a `label` names a speaker; `speaker` is who says these
    words, where labels tell.
    """

    kind: PartKind
    span: Span
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of an essay that reproduce another text; outer marks are left out of `span`.

    `attribution` is where the essay says whose they are: the citation in parentheses, the line
    below, the note; None if only running text names a speaker or nobody does.
    """

    id: str
    essay_id: str
    span: Span
    form: Form
    parts: tuple[Part, ...] = ()
    attribution: Span | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """What the essay says of where the words stand, and the work of the archive that it names.

    `text` and `span` are None where running text alone names author or work. `work_id` is set only
    when `outcome` is resolved; `candidates` are the works between which it stays open otherwise.
    A resolved work need not be held: the catalogue also lists works whose text is not here.
    """

    quotation_id: str
    span: Span | None = None
    text: str | None = None
    said_by: str | None = None
    author: str | None = None
    title: str | None = None
    locator: str | None = None
    via: str | None = None
    url: str | None = None
    work_id: str | None = None
    outcome: Outcome = "not-held"
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of an essay's own list of sources; `work_id` is the work of the archive it names."""

    essay_id: str
    span: Span
    text: str
    author: str | None = None
    title: str | None = None
    year: int | None = None
    url: str | None = None
    work_id: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of the quotation (span in the essay) that stand, word for word, in a work (span there)."""

    quote: Span
    work_id: str
    source: Span


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quotation stands: from the first matched word of the work to the last."""

    work_id: str
    span: Span


@dataclass(frozen=True, slots=True)
class Alignment:
    """A quotation tied to one work, piece by piece in the quotation's order.

    `score` is the information in the matched words in bits, less that of chance in an archive of a
    fixed large size. `others` are further places that are equally good.
    """

    quotation_id: str
    place: Place
    pieces: tuple[Piece, ...]
    score: float
    in_cited_work: bool | None = None
    others: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A difference between quotation and source. Spans may be empty but say where.

    `quote` and `source` are its words; `marked` says that the essay shows it by an ellipsis or
    brackets.
    """

    kind: ChangeKind
    quote: str
    source: str
    quote_span: Span
    source_span: Span
    marked: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The name of the verdict, what the two texts differ in, and what a reader should know besides.

    `reasons` maps each warning to a plain sentence with the words at issue. `follows` is the rest
    of the source's sentence when the quotation cuts it short.
    """

    name: VerdictName
    changes: tuple[Change, ...] = ()
    warnings: tuple[WarningName, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    follows: Span | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """All that is known of one quotation: the record that pages and scripts show.

    `in_cited_work` is None where the cited work is not held, False where it is held and the words
    are not in it. `perhaps` is where the cited work may have the quotation in other words, another
    translation: offered apart from the verdict, never as found.
    """

    quotation: Quotation
    text: str
    citation: Citation | None
    alignment: Alignment | None
    verdict: Verdict
    in_cited_work: bool | None = None
    perhaps: Place | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A text that is in no archive, and what was found of its quotations, in the order of the text.

    `quotations` is how many it has; of a very long text only the first are judged, and none of those that are
    `too_long`: they are no quotations, but what stands behind a mark that was never closed.
    """

    document: Document
    findings: tuple[Finding, ...]
    quotations: int
    too_long: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a raw file came from: its path inside `raw/`, address, day, digest, media type and encoding.

    `edition_of` is the path of the file of which it is a later edition: other bytes from the same place.
    """

    file: str
    sha256: str
    size: int
    added: str
    media_type: str | None = None
    url: str | None = None
    edition_of: str | None = None
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class Revised:
    """A quotation whose verdict is another than in the index before: `was` and `now`, `source` the work in
    which it stands now, if in any. `by_rules`: the program is another too, so its rules may be the cause.
    """

    quotation_id: str
    essay_id: str
    text: str
    was: VerdictName
    now: VerdictName
    source: str | None
    when: str
    by_rules: bool = False


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one raw file: `indexed`, with remarks if there are any, or why not, for people."""

    file: str
    status: Literal["indexed", "failed", "unlisted"]
    reason: str = ""
    words: int = 0

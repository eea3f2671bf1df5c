"""The quotation and its source as plain text, each with its citation: for a note, a letter, an article."""

from collections.abc import Sequence

from indexer.compare import Side
from indexer.models import Finding, Work
from web.citing import one_line
from web.language import _
from web.report import as_given
from web.verdicts import LABELS


def copies(
    finding: Finding, sentence: str, essay: Work, sources: Sequence[tuple[Work, Side, str | None]]
) -> dict[str, str]:
    """What can be copied, by name. `sources` are the works with their sides and locators."""
    given = as_given(finding)
    said = {"essay": _told(essay, None), "citation": given}
    quoted = (
        _("quoted in %(essay)s (cited there as: %(citation)s)", **said)
        if given
        else _("quoted in %(essay)s", **said)
    )
    made = {_("Of the quotation"): f"“{finding.text}”\n— {quoted}"}
    for work, side, locator in sources:
        near = [p for p in side.paragraphs if p.near]
        words = "\n\n".join("".join(run.text for run in p.runs if run.mark != "note") for p in near)
        name = _("Of the source") if len(sources) == 1 else _("Of the source: %(title)s", title=work.title)
        made[name] = f"{words}\n— {_told(work, locator)}"
    ruled = f"{_(LABELS[finding.verdict.name])}: {sentence}"
    warned = [reason for _, reason in finding.verdict.reasons]
    return made | {_("Of both, with the verdict"): "\n\n".join([*made.values(), "\n".join([ruled, *warned])])}


def _told(work: Work, locator: str | None) -> str:
    return one_line(work, locator, work.url, to_the_day=True)

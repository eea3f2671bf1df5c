"""The two sides for the JSON twin."""

from typing import Any

from indexer.compare import Beside, Gap, Paragraph, Run, Side


def sides_json(made: Beside) -> dict[str, object]:
    """The paragraphs of both sides with their runs, and what each ellipsis stands for."""
    return {
        "sides": {"essay": _side_json(made.essay), "sources": [_side_json(side) for side in made.sources]},
        "gaps": [_gap_json(gap) for gap in made.gaps],
    }


def _side_json(side: Side) -> dict[str, object]:
    return {
        "work": side.work_id,
        "paragraphs": [_paragraph_json(p) for p in side.paragraphs],
        "more_above": side.more_above,
        "more_below": side.more_below,
    }


def _paragraph_json(p: Paragraph) -> dict[str, Any]:
    return {
        "number": p.number,
        "kind": p.block.kind,
        "locator": p.block.locator,
        "speaker": p.block.speaker,
        "near": p.near,
        "skipped": p.skipped,
        "runs": [run_json(run) for run in p.runs],
    }


def run_json(run: Run) -> dict[str, Any]:
    """A run with its place and mark."""
    said = {"text": run.text, "mark": run.mark, "start": run.span.start, "end": run.span.end, "tie": run.tie}
    return said | ({"label": run.label} if run.label else {})


def _gap_json(gap: Gap) -> dict[str, Any]:
    return {"tie": gap.tie, "why": gap.why, "work": gap.work_id, "words": gap.words, "text": gap.text}

"""From raw file to page: every quotation of the sample against its hand-made label (docs/sample.md)."""

import json
import re
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest

from indexer import store
from indexer.models import Finding
from indexer.quotations import unnoted
from web import create_app

LABELS = [
    json.loads(line)
    for line in (Path(__file__).parent / "sample_expected.jsonl").read_text(encoding="utf8").splitlines()
]
SCORED = [label for label in LABELS if not label.get("minor")]


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def name(label: dict[str, Any]) -> str:
    return f"{label['work'].split('-')[0]}: {' '.join(words(label['text'])[:6])}"


@pytest.fixture(scope="module")
def records(sample: Path) -> store.Store:
    return store.Store(store.current(sample / "index"))


@pytest.fixture(scope="module")
def findings(records: store.Store) -> list[Finding]:
    return records.findings()


def found(findings: list[Finding], label: dict[str, Any]) -> Finding | None:
    """The finding with the label's words; the n-th of several with the same words in one essay."""
    same = [
        f for f in findings if f.quotation.essay_id == label["work"] and words(f.text) == words(label["text"])
    ]
    twins = [x for x in SCORED if (x["work"], x["text"]) == (label["work"], label["text"])]
    at = twins.index(label)
    return same[at] if at < len(same) else None


@pytest.mark.parametrize("label", SCORED, ids=name)
def test_quotation_is_judged_as_its_label_says(
    label: dict[str, Any], findings: list[Finding], records: store.Store
) -> None:
    finding = found(findings, label)
    assert finding is not None, "not found in the essay"
    assert finding.verdict.name == label["verdict"]
    given = set(finding.verdict.warnings)
    assert given >= set(label["warnings"])
    assert given <= set(label["warnings"]) | set(label.get("may", [])), "a warning too many"
    source = finding.alignment.place.work_id if finding.alignment else None
    places = {label["source"], *label.get("places", [])} if label["source"] else {None}
    assert source in places
    assert finding.quotation.form == label["form"]


@pytest.mark.parametrize("label", SCORED, ids=name)
def test_no_quotation_is_called_verbatim_that_is_not(label: dict[str, Any], findings: list[Finding]) -> None:
    finding = found(findings, label)
    assert finding is None or finding.verdict.name != "verbatim" or label["verdict"] == "verbatim"


def test_citations_are_resolved_as_the_labels_say(findings: list[Finding]) -> None:
    """All citations have the right string and the right outcome, and none means a wrong work."""
    right = strings = wrong = 0
    for label in SCORED:
        finding = found(findings, label)
        cited = finding.citation if finding else None
        strings += words(cited.text or "" if cited else "") == words(label["citation"] or "")
        right += (cited.outcome if cited else "not-held") in label["outcome"]
        wrong += bool(cited and cited.work_id and cited.work_id not in (label["cited"] or ()))
    assert strings == right == len(SCORED)
    assert wrong == 0


def test_nothing_is_found_that_nobody_labelled(findings: list[Finding]) -> None:
    labelled = {(label["work"], " ".join(words(label["text"]))) for label in LABELS}
    extra = [f.text for f in findings if (f.quotation.essay_id, " ".join(words(f.text))) not in labelled]
    assert not extra


def test_every_finding_has_its_page_and_its_twin(sample: Path, findings: list[Finding]) -> None:
    pages = create_app(sample).test_client()
    for finding in findings:
        address = f"/quotation/{finding.quotation.id}"
        html = pages.get(address)
        assert html.status_code == 200, address
        assert "Traceback" not in html.text
        twin = pages.get(address, headers={"Accept": "application/json"})
        assert twin.status_code == 200 and twin.is_json


def test_the_offsets_of_the_records_are_those_of_the_texts(
    records: store.Store, findings: list[Finding]
) -> None:
    for finding in findings:
        row = store.finding_json(records, finding)
        essay = records.document(row["work"])
        assert unnoted(essay, finding.quotation.span) == row["text"]
        assert [row["start"], row["end"]] == list(astuple(finding.quotation.span))
        for piece in row["pieces"]:
            source = records.document(piece["work"]).text
            assert words(essay.text[slice(*piece["quote"])]) and words(source[slice(*piece["source"])])
        if row["source"]:
            text = records.document(row["source"]["work"]).text
            assert text[row["source"]["start"] : row["source"]["end"]] == row["source"]["text"]

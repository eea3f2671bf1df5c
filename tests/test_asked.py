"""Where only one side asks: told of beside the verdict, which counts words."""

from pathlib import Path

import pytest

from indexer import catalogue
from indexer.align import align, prepare
from indexer.build import build
from indexer.models import Anchor, Block, Document, Quotation, Span, Work
from indexer.normalise import cut
from indexer.verdict import asked
from web import create_app

SOURCE = (
    "VOSS: You knew of the letter that came in the night?[3] The mate had told you of it himself, at the "
    "lock. Why was nobody asked? I never saw it; it was gone before I came (or was it?) to the quay."
)


def questions(quoted: str) -> list[tuple[bool, str]]:
    at = SOURCE.index("[3]")
    blocks, anchors = (Block("para", Span(0, len(SOURCE))),), (Anchor("note", Span(at, at + 3), "3"),)
    source = Document(Work("s", "c", "source", "S"), SOURCE, blocks, anchors)
    quotation = Quotation("q", "essay", Span(0, len(quoted)), "inline", cut(quoted))
    alignment = align(quotation, quoted, prepare([source]), ("s",))
    assert alignment is not None
    essay = Document(Work("essay", "c", "essay", "Essay"), quoted)
    return [(a.in_source, a.said.split()[-1]) for a in asked(quotation, alignment, essay, {"s": source})]


@pytest.mark.parametrize(
    ("quoted", "found"),
    [
        ("You knew of the letter that came in the night?", []),
        ("You knew of the letter that came in the night.", [(True, "night")]),
        ("You knew of the letter that came in the night!”", [(True, "night")]),
        ("You knew of the letter that came in the night", []),
        ("You knew of the letter that came in the night,", []),
        ("You knew of the letter that came in the night …", []),
        ("in the night. The mate had told you of it himself", [(True, "night")]),
        ("in the night, the mate had told you of it himself", [(True, "night")]),
        ("in the night … The mate had told you of it himself, at the lock", []),
        ("The mate had told you of it himself, at the lock?", [(False, "lock")]),
        ("You knew of the letter that came in the night ? The mate had told you", []),
        ("it was gone before I came (or was it?) to the quay", []),
        ("told you of it himself? at the lock. Why was nobody asked.", [(False, "himself"), (True, "asked")]),
    ],
)
def test_where_only_one_side_asks(quoted: str, found: list[tuple[bool, str]]) -> None:
    assert questions(quoted) == found


def test_the_comparison_says_who_asks(tmp_path: Path) -> None:
    """And says it to programs too."""
    essay = "The letter\n\nThe counsel told him: "
    essay += "“You knew of the letter that came in the night.” (Voss, The Night Letter)"
    for kind, name, text in (
        ("essay", "essay", essay),
        ("source", "source", f"The Night Letter\n\n{SOURCE}"),
    ):
        path = tmp_path / f"{name}.txt"
        path.write_text(text, encoding="utf8")
        catalogue.add(tmp_path / "raw", [path], kind)
    build(tmp_path / "raw", tmp_path / "index", jobs=1)
    client = create_app(tmp_path).test_client()
    page = client.get("/quotation/essay-001").text
    said = "In the source this is a question, in the quotation it is not: “You knew of the letter that came"
    assert f"{said} in the night?”" in " ".join(page.split())
    (twin,) = client.get("/quotation/essay-001?format=json").get_json()["questions"]
    assert twin["in_source"] and twin["said"].startswith("You knew") and twin["work_id"] == "source"

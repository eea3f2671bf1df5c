"""The two collections that come with the project, and the labels of the sample's quotations."""

import html
import json
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import pytest

from indexer.models import Outcome, VerdictName, WarningName

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "raw" / "sample"
MOSCOW = ROOT / "raw" / "moscow-trials"
ESSAYS = ROOT.parent / "shared" / "archive" / "essays"
FIELDS = {
    "id", "kind", "title", "author", "year", "date", "url", "file", "parent", "edition_of",
    "aliases", "cited_by", "also", "language", "licence", "note", "edition", "edition_year",
}  # fmt: skip
# How a quotation may look, how it may be cited, and what the citation may name.
SHAPES = [
    "blockquote", "q-element", "class-quote", "italic", "curly", "straight", "single-curly",
    "single-straight", "guillemets", "single-guillemets", "low-high", "no-marks", "never-closed",
    "never-opened", "wrong-closing-mark", "one-mark-closes-two", "nested", "dialogue",
    "multi-paragraph", "interrupted", "headline", "translation-in-brackets", "foreign", "letter",
    "ellipsis", "bracket", "attribution-below", "attribution-above", "dash", "tilde", "bare-line",
    "footnoted", "ibid", "op-cit", "loc-cit", "idem", "page-alone", "short-form", "quoted-in",
    "not-held", "contents-address", "ambiguous", "misspelt-name", "title-in-running-text",
    "note-mark-in-source",
]  # fmt: skip
# A speaker's name between two speeches has at most this many words; a splice leaps over more than so many.
SPEAKER, FAR = 2, 60


def catalogue(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "catalogue.toml").read_text(encoding="utf-8"))


def works(folder: Path) -> list[dict[str, Any]]:
    return list(catalogue(folder)["work"])


def labels() -> list[dict[str, Any]]:
    lines = (ROOT / "tests" / "sample_expected.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def words(text: str) -> str:
    """The words alone, so that marks, dashes and page numbers do not count."""
    text = re.sub(r"\[p\. \d+\]", " ", text).replace("[T]he", "The")
    return " " + " ".join(re.findall(r"\w+", re.sub("['’]", "", text).lower())) + " "


def raw_words(file: str) -> str:
    """The words of a raw file, its mark-up and note marks taken out by hand: no other room is asked."""
    raw = (SAMPLE / file).read_bytes()
    text = raw.decode("windows-1252" if file == "inquiry/session2.html" else "utf-8")
    if file.endswith(".html"):
        text = re.sub(r"<sup>.*?</sup>", "", text)
        text = html.unescape(re.sub(r"<[^>]+>", "", text))
    return words(text)


@pytest.fixture(scope="module")
def held() -> dict[str, str]:
    return {work["id"]: raw_words(work["file"]) for work in works(SAMPLE) if "file" in work}


@pytest.fixture(scope="module")
def sources() -> set[str]:
    return {work["id"] for work in works(SAMPLE) if work["kind"] == "source" and "file" in work}


@pytest.mark.parametrize("folder", [SAMPLE, MOSCOW], ids=lambda path: path.name)
def test_catalogue_has_the_fields_of_a_work_and_no_others(folder: Path) -> None:
    listed = works(folder)
    ids = {work["id"] for work in listed}
    assert set(catalogue(folder)) == {"title", "description", "licence", "work"}
    assert len(ids) == len(listed)
    for work in listed:
        assert set(work) <= FIELDS, work["id"]
        assert work["kind"] in ("essay", "source")
        assert work["title"].strip()
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", work["id"])
        assert work.get("parent") in ids | {None}
        assert set(work.get("cited_by", ())) <= {w["id"] for w in listed if w["kind"] == "essay"}


def test_moscow_trials_lists_facts_and_no_files() -> None:
    essays = [work for work in works(MOSCOW) if work["kind"] == "essay"]
    listed = [work for work in works(MOSCOW) if work["kind"] == "source"]
    addresses = Counter(url for work in listed for url in [work["url"], *work.get("also", ())])
    assert len(essays) == 10
    assert all("url" not in essay for essay in essays)
    assert not any("file" in work for work in works(MOSCOW))
    assert [path.name for path in MOSCOW.iterdir()] == ["catalogue.toml"]
    assert len(listed) >= 70
    assert set(addresses.values()) == {1}
    assert all(re.match(r"https?://[^/\s]+/\S*$", url) for url in addresses)
    assert all(work["cited_by"] for work in listed)
    assert any(len(work["cited_by"]) > 1 for work in listed)


@pytest.mark.shared
def test_moscow_trials_lists_every_address_of_the_lists_of_sources() -> None:
    known = {url for work in works(MOSCOW) for url in [work.get("url"), *work.get("also", ())]}
    cited = {work["id"] for work in works(MOSCOW)}
    for essay in sorted(ESSAYS.glob("*.txt")):
        assert essay.stem in cited
        for url in re.findall(r"https?://\S+", essay.read_text(encoding="utf-8")):
            assert url.rstrip(")") in known, (essay.stem, url)


def test_every_file_of_the_sample_is_listed_and_every_listed_file_is_there() -> None:
    listed = [work["file"] for work in works(SAMPLE) if "file" in work]
    found = {path.relative_to(SAMPLE).as_posix() for path in SAMPLE.rglob("*") if path.is_file()}
    assert Counter(listed) == Counter(found - {"catalogue.toml", "provenance.jsonl"})


def test_every_document_of_the_sample_says_that_it_is_invented(held: dict[str, str]) -> None:
    assert all("invented for the sample collection of loccit" in text for text in held.values())
    assert all("Invented for the sample" in work["note"] for work in works(SAMPLE))
    assert all(work["licence"] == "CC0-1.0" for work in works(SAMPLE))


def test_the_sample_names_no_address_of_the_world() -> None:
    texts = [path.read_bytes().decode("latin-1") for path in SAMPLE.rglob("*") if path.is_file()]
    hosts = {host for text in texts for host in re.findall(r"https?://([^/\s\"<]+)", text)}
    assert hosts and all(host.endswith(".example.org") for host in hosts)


def test_the_sample_is_as_large_as_it_should_be(held: dict[str, str]) -> None:
    sizes = {work["id"]: len(held[work["id"]].split()) for work in works(SAMPLE) if "file" in work}
    essays = [work["id"] for work in works(SAMPLE) if work["kind"] == "essay"]
    contents = {work["parent"] for work in works(SAMPLE) if "parent" in work}
    assert len(essays) >= 3 and len(sizes) - len(essays) - len(contents) >= 8
    assert all(1200 <= sizes[essay] <= 2500 for essay in essays)
    assert all(600 <= size <= 2500 for id, size in sizes.items() if id not in {*essays, *contents})


def test_one_page_declares_another_charset_than_it_has() -> None:
    raw = (SAMPLE / "inquiry" / "session2.html").read_bytes()
    assert b"charset=iso-8859-1" in raw
    assert "o’clock" in raw.decode("windows-1252") and "–" in raw.decode("windows-1252")
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")


@pytest.mark.parametrize("verdict", get_args(VerdictName))
def test_every_verdict_occurs_twice(verdict: str) -> None:
    assert sum(label["verdict"] == verdict for label in labels()) >= 2


@pytest.mark.parametrize("warning", get_args(WarningName))
def test_every_warning_occurs_twice(warning: str) -> None:
    assert sum(warning in label["warnings"] for label in labels()) >= 2


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_occurs(shape: str) -> None:
    assert any(shape in label["shape"] for label in labels())


def test_labels_stand_in_their_essays_in_order(held: dict[str, str]) -> None:
    at: Counter[str] = Counter()
    for label in labels():
        found = held[label["work"]].find(words(label["text"]), max(at[label["work"]] - 1, 0))
        assert found >= 0, label["text"]
        at[label["work"]] = found + len(words(label["text"]))


def test_labels_name_works_of_the_catalogue(sources: set[str]) -> None:
    listed = {work["id"] for work in works(SAMPLE)}
    for label in labels():
        assert label["work"] in listed
        assert {label["source"], *label.get("places", ())} <= sources | {None}
        assert set(label["cited"]) <= listed
        assert set(label["outcome"]) <= set(get_args(Outcome)) and bool(label["outcome"]) != bool(
            label.get("minor")
        )
        assert not set(label["warnings"]) & set(label.get("may", ()))


def pieces(text: str) -> list[str]:
    """The stretches of a quotation between ellipses and speeches, without the speakers' names."""
    cut = re.split(r"…|\. \. \. \.|\n\n(?=[A-Z. ]+: )", text)
    return [re.sub(r"^\s*[A-Z. ]{3,}: ", "", piece) for piece in cut]


def gaps(parts: list[str], text: str) -> list[int] | None:
    """How many words of the text lie between the parts; None if they do not stand there in this order.

    A short first part stands in many places: the last from which the others follow is taken.
    """
    for start in reversed(
        [match.start() for match in re.finditer(f"(?={re.escape(words(parts[0]))})", text)]
    ):
        at, between = start, []
        for part in parts:
            found = text.find(words(part), at)
            between.append(len(text[at:found].split()) if found >= 0 else -1)
            at = found + len(words(part)) - 1
        if -1 not in between:
            return between[1:]
    return None


def scored() -> list[dict[str, Any]]:
    return [label for label in labels() if not label.get("minor")]


@pytest.mark.parametrize("label", scored(), ids=lambda label: str(label["text"])[:40])
def test_verdicts_of_the_labels_hold_word_for_word(
    label: dict[str, Any], held: dict[str, str], sources: set[str]
) -> None:
    parts = [part for part in pieces(label["text"]) if words(part).strip()]
    verdict, source = label["verdict"], held.get(label["source"] or "", "")
    if verdict in ("not-found", "no-source"):
        assert source == "" and not any(words(part) in held[id] for part in parts for id in sources)
        return
    between = gaps(parts, source)
    if verdict == "verbatim":
        spoken = SPEAKER if label["form"] == "dialogue" else 0
        assert between is not None and all(gap <= spoken for gap in between)
    elif verdict == "abridged":
        assert between and 0 < max(between) < FAR
    elif verdict == "spliced":
        assert all(words(part) in source for part in parts)
        assert between is None or max(between, default=0) > FAR
    else:
        assert source and not all(words(part) in source for part in parts)


def test_several_places_are_several(held: dict[str, str]) -> None:
    for label in labels():
        if "several-places" in label["warnings"]:
            others = Counter([label["source"], *label["places"]])
            assert all(held[id].count(words(label["text"])) == times for id, times in others.items())


def test_the_page_about_the_sample_names_every_verdict_warning_document_and_field() -> None:
    page = (ROOT / "docs" / "sample.md").read_text(encoding="utf-8")
    missing = [name for name in [*get_args(VerdictName), *get_args(WarningName)] if f"| {name} |" not in page]
    files = [work["file"] for work in works(SAMPLE) if "file" in work and work["kind"] == "source"]
    missing += [file for file in files if file not in page and file.split("/")[-1][:2] != "ch"]
    missing += [field for label in labels() for field in label if f"`{field}`" not in page]
    assert not missing

"""A new index beside the old one, put in force by one rename; every file ends with an outcome."""

import fcntl
import importlib
from pathlib import Path

import pytest

from indexer import catalogue, store
from indexer.build import build, generations
from indexer.errors import CatalogueError, LoccitError, NoIndex, OtherVersion
from web import create_app

ESSAY = """The pier

An essay by A. Marlow, 1931

“We were told on Monday that the pier would be shut before the spring tides” (Hale, A letter from the pier).
"""
LETTER = """A letter from the pier

By J. Hale, 4 March 1911

We were told on Monday that the pier would be shut before the spring tides, and nobody asked the pilots.

I write this in haste, for the boat goes at noon and the wind is rising from the north.
"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of one essay and the letter that it quotes, not indexed."""
    for kind, name, text in (("essay", "pier", ESSAY), ("source", "letter", LETTER)):
        path = tmp_path / f"{name}.txt"
        path.write_text(text, encoding="utf8")
        catalogue.add(tmp_path / "raw", [path], kind)
    catalogue.edit(tmp_path / "raw", "letter", {"title": "A letter from the pier", "author": "J. Hale"})
    return tmp_path


def made(archive: Path, **how: bool) -> tuple[bool, Path]:
    built = build(archive / "raw", archive / "index", jobs=1, **how)
    return built.changed, built.folder


def contents(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(p.relative_to(folder)): (p.stat().st_mtime_ns, p.read_bytes())
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != "lock"
    }


def test_from_raw_to_a_verdict(archive: Path) -> None:
    made(archive)
    records = store.Store(store.current(archive / "index"))
    (finding,) = records.findings("pier")
    assert finding.text.startswith("We were told on Monday")
    assert finding.verdict.name == "verbatim"
    assert "cut-short" in finding.verdict.warnings
    assert finding.in_cited_work is True
    assert finding.citation is not None and finding.citation.work_id == "letter"
    source = store.finding_json(records, finding)["source"]
    assert source["text"] == finding.text
    assert source["path"] == "added/letter.txt"


def test_a_second_run_on_unchanged_raw_writes_nothing(archive: Path) -> None:
    assert made(archive)[0]
    before = contents(archive / "index")
    assert not made(archive)[0]
    assert contents(archive / "index") == before


def test_what_a_broken_run_left_goes_with_the_next_one_that_has_nothing_to_do(archive: Path) -> None:
    made(archive)
    (archive / "index/000009-leftover/seeds").mkdir(parents=True)
    assert not made(archive)[0]
    assert [p.name for p in (archive / "index").iterdir() if p.is_dir()] == store.generations(
        archive / "index"
    )


@pytest.mark.parametrize("what", ["bytes", "catalogue", "added", "removed", "stray"])
def test_any_change_in_raw_is_seen(archive: Path, what: str) -> None:
    made(archive)
    raw = archive / "raw"
    if what == "bytes":
        (raw / "added/letter.txt").write_text(LETTER.replace("Monday", "Tuesday"), encoding="utf8")
    elif what == "catalogue":
        catalogue.edit(raw, "letter", {"year": 1912})
    elif what == "removed":
        catalogue.remove(raw, "letter")
    else:
        path = archive / "new.txt"
        path.write_text("New", encoding="utf8")
        if what == "added":
            catalogue.add(raw, [path], "source")
        else:
            path.rename(raw / "added" / "stray.txt")
    assert made(archive)[0]
    assert not made(archive)[0]


def test_without_its_source_a_quotation_has_none(archive: Path) -> None:
    catalogue.remove(archive / "raw", "letter")
    made(archive)
    (finding,) = store.Store(store.current(archive / "index")).findings()
    assert (finding.verdict.name, finding.alignment, finding.in_cited_work) == ("no-source", None, None)


def test_in_a_held_source_that_lacks_the_words_it_is_not_found(archive: Path) -> None:
    text = "A letter from the pier\n\nQuite other words were written here, and none about any order.\n"
    (archive / "raw/added/letter.txt").write_text(text, encoding="utf8")
    made(archive)
    (finding,) = store.Store(store.current(archive / "index")).findings()
    assert (finding.verdict.name, finding.alignment, finding.in_cited_work) == ("not-found", None, False)


def test_every_file_ends_with_an_outcome(archive: Path) -> None:
    raw = archive / "raw"
    (raw / "added/empty.txt").touch()
    (raw / "added/stray.txt").write_text("nobody listed me")
    binary = archive / "picture.txt"
    binary.write_bytes(bytes(range(256)) * 40)
    empty = archive / "empty.html"
    empty.touch()
    catalogue.add(raw, [binary, empty], "source")
    reports = {r.file: r for r in build(raw, archive / "index", jobs=1).reports}
    assert {f: r.status for f, r in reports.items()} == {
        "added/pier.txt": "indexed",
        "added/letter.txt": "indexed",
        "added/picture.txt": "failed",
        "added/empty.html": "failed",
        "added/empty.txt": "unlisted",
        "added/stray.txt": "unlisted",
    }
    assert all(r.reason for r in reports.values() if r.status != "indexed")


def test_a_folder_where_a_file_is_named_is_an_outcome(archive: Path) -> None:
    (archive / "raw/papers/folder").mkdir(parents=True)
    table = '[[work]]\nid = "x"\nkind = "source"\ntitle = "X"\nfile = "folder"\n'
    (archive / "raw/papers/catalogue.toml").write_text(table)
    reports = build(archive / "raw", archive / "index", jobs=1).reports
    assert [(r.file, r.reason) for r in reports if r.status == "failed"] == [
        ("papers/folder", "cannot be read: Is a directory")
    ]


def test_a_file_that_has_gone_is_named(archive: Path) -> None:
    (archive / "raw/added/letter.txt").unlink()
    reports = build(archive / "raw", archive / "index", jobs=1).reports
    assert [(r.file, r.status) for r in reports if r.status == "failed"] == [("added/letter.txt", "failed")]


def test_the_old_index_stays_in_force_when_a_build_fails(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(archive)
    before = store.generation(archive / "index")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "save_seeds", full)
    with pytest.raises(LoccitError, match="No space left"):
        made(archive, rebuild=True)
    assert store.generation(archive / "index") == before
    monkeypatch.undo()
    assert made(archive, rebuild=True)[0]


def test_the_generation_in_force_and_the_one_before_are_kept(archive: Path) -> None:
    folders = [made(archive, rebuild=True)[1] for _ in range(3)]
    assert [f.exists() for f in folders] == [False, True, True]
    assert store.current(archive / "index") == folders[-1]


def test_readers_of_the_old_generation_go_on(archive: Path) -> None:
    made(archive)
    old = store.Store(store.current(archive / "index"))
    made(archive, rebuild=True)
    assert len(old.findings()) == 1


def test_two_builds_at_once_are_refused(archive: Path) -> None:
    (archive / "index").mkdir()
    with (archive / "index" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(LoccitError, match="Another loccit index is at work"):
            made(archive)
    assert made(archive)[0]


def test_a_wrong_catalogue_leaves_the_index_as_it_is(archive: Path) -> None:
    made(archive)
    before = contents(archive / "index")
    (archive / "raw/added/catalogue.toml").write_text("[[work]\n")
    with pytest.raises(CatalogueError):
        made(archive)
    assert contents(archive / "index") == before


def test_no_index_is_in_force_before_the_first(archive: Path) -> None:
    with pytest.raises(NoIndex):
        store.current(archive / "index")


def test_an_index_of_another_version_is_built_anew(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(archive)
    monkeypatch.setattr(store.layout, "LAYOUT", "next")
    with pytest.raises(OtherVersion):
        store.current(archive / "index")
    assert made(archive)[0]


def test_numbers_of_generations_rise(tmp_path: Path) -> None:
    (tmp_path / "000009-abc").mkdir()
    (tmp_path / "current").write_text("000009-abc\n")
    assert generations.fresh(tmp_path, "fedcba9876").name == "000010-fedcba98"


def test_two_builds_of_the_same_raw_agree_in_every_record(archive: Path) -> None:
    folders = [made(archive, rebuild=True)[1] for _ in range(2)]
    one, other = (store.Store(f) for f in folders)
    assert one.works() == other.works()
    assert [one.document(w.id) for w in one.works(held=True)] == [
        other.document(w.id) for w in other.works(held=True)
    ]
    assert one.findings() == other.findings()
    assert (folders[0] / store.RECORDS).read_bytes() == (folders[1] / store.RECORDS).read_bytes()


# --- only what can change is aligned again --------------------------------------------------------

SECOND = """The quay

An essay by B. Pole, 1932

Others say: “The boat goes at noon and the wind is rising from the north” (Hale, A letter from the pier).
"""
STRANGER = "A sermon\n\nLet us consider the lilies of the field, and how little they care for harbours.\n"
COPY = "A copy\n\nWe were told on Monday that the pier would be shut before the spring tides, he wrote.\n"


def aligned(monkeypatch: pytest.MonkeyPatch, archive: Path, *new: tuple[str, str, str]) -> list[str]:
    """The quotations that are aligned against all sources when files are added to a built archive."""
    made(archive)
    for kind, name, text in new:
        path = archive / f"{name}.txt"
        path.write_text(text, encoding="utf8")
        catalogue.add(archive / "raw", [path], kind)  # type: ignore[arg-type]
    sought: list[str] = []
    judging = importlib.import_module("indexer.build.judge")
    whole = judging.align

    def counted(quotation, text, seeds, cited, without):  # type: ignore[no-untyped-def]
        sought.append(quotation.id)
        return whole(quotation, text, seeds, cited, without)

    monkeypatch.setattr(judging, "align", counted)
    made(archive)
    return sought


def same_as_rebuilt(archive: Path) -> bool:
    there = store.Store(store.current(archive / "index")).findings()
    return there == store.Store(made(archive, rebuild=True)[1]).findings()


def test_a_new_essay_is_aligned_alone(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert aligned(monkeypatch, archive, ("essay", "quay", SECOND)) == ["quay-001"]
    assert same_as_rebuilt(archive)


def test_a_new_source_without_the_words_aligns_nothing(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert aligned(monkeypatch, archive, ("source", "sermon", STRANGER)) == []
    assert same_as_rebuilt(archive)


def test_a_new_source_with_the_words_is_found(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert aligned(monkeypatch, archive, ("source", "copy", COPY)) == ["pier-001"]
    assert same_as_rebuilt(archive)


@pytest.mark.parametrize("change", ["changed", "removed"])
def test_a_source_that_changes_or_goes_is_seen(archive: Path, change: str) -> None:
    made(archive)
    if change == "removed":
        catalogue.remove(archive / "raw", "letter")
    else:
        (archive / "raw/added/letter.txt").write_text(LETTER.replace("Monday", "Friday"), encoding="utf8")
    made(archive)
    (finding,) = store.Store(store.current(archive / "index")).findings()
    assert finding.verdict.name == {"changed": "altered", "removed": "no-source"}[change]
    assert same_as_rebuilt(archive)


def test_an_essay_that_is_held_as_a_source_too_is_not_its_own_source(archive: Path) -> None:
    copy = archive / "copy-of-the-essay.txt"
    copy.write_text(ESSAY, encoding="utf8")
    catalogue.add(archive / "raw", [copy], "source")
    made(archive)
    (finding,) = store.Store(store.current(archive / "index")).findings()
    assert finding.alignment is not None
    assert (finding.alignment.place.work_id, finding.alignment.others) == ("letter", ())
    catalogue.remove(archive / "raw", "letter")
    made(archive)
    (finding,) = store.Store(store.current(archive / "index")).findings()
    assert finding.verdict.name == "no-source"


OTHER_WORDS = """A letter

The harbour commissioners announced upon Monday morning that shipping would be forbidden the pier until April.

Fishermen protested loudly before the magistrate, and presented a petition bearing ninety signatures.

A schooner laden with timber anchored beyond the lighthouse and waited for the pilot until darkness fell.
"""
TRANSLATED = (
    "The pier\n\n“The fishermen, protesting, brought the magistrate their petition with its ninety "
    "signatures aloud” (Hale, A letter).\n"
)


def test_likeness_without_equal_words_is_offered_apart_and_never_as_found(archive: Path) -> None:
    (archive / "raw/added/letter.txt").write_text(OTHER_WORDS, encoding="utf8")
    (archive / "raw/added/pier.txt").write_text(TRANSLATED, encoding="utf8")
    catalogue.edit(archive / "raw", "letter", {"title": "A letter"})
    made(archive)
    records = store.Store(store.current(archive / "index"))
    (finding,) = records.findings()
    assert (finding.verdict.name, finding.alignment, finding.in_cited_work) == ("not-found", None, False)
    assert finding.perhaps is not None
    text = records.document("letter").text
    assert "petition" in text[finding.perhaps.span.start : finding.perhaps.span.end]
    assert store.finding_json(records, finding)["source"] is None
    page = create_app(archive).test_client().get(f"/quotation/{finding.quotation.id}").text
    assert "Perhaps, in other words" in page and "Not found in what is held" in page
    catalogue.remove(archive / "raw", "letter")
    made(archive)
    (finding,) = store.Store(store.current(archive / "index")).findings()
    assert finding.perhaps is None


def test_of_equal_places_the_one_that_does_not_quote_comes_first(archive: Path) -> None:
    """A newspaper that prints a sentence of the letter in marks stood before the letter itself."""
    news = archive / "a-newspaper.txt"
    said = "We were told on Monday that the pier would be shut before the spring tides"
    news.write_text(f"A newspaper\n\nHale writes: “{said}.”\n", encoding="utf8")
    catalogue.add(archive / "raw", [news], "source")
    uncited = ESSAY.replace(" (Hale, A letter from the pier)", "")
    (archive / "raw/added/pier.txt").write_text(uncited, encoding="utf8")
    made(archive)
    (finding,) = store.Store(store.current(archive / "index")).findings()
    assert finding.alignment is not None
    assert finding.alignment.place.work_id == "letter"
    assert [p.work_id for p in finding.alignment.others] == ["a-newspaper"]
    assert "second-hand" not in finding.verdict.warnings
    assert same_as_rebuilt(archive)

"""An index renewed step by step holds what one built at once holds, row for row; what that saves."""

import importlib
import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from invented import invented, sentence

from indexer import catalogue, doctor, store
from indexer.align import Seeds, part, prepare, renewed
from indexer.build import back, build, files
from indexer.errors import NoIndex, OtherVersion
from indexer.fulltext import Fulltext
from indexer.models import Document, Work

RNG = random.Random("the harbour")
SENTENCES = [sentence(RNG) for _ in range(24)]
TITLES = [
    "Report of the Harbour Commission",
    "Letters from the Quay",
    "A history of the pilots",
    "The tide tables",
]
AUTHORS = ["J. Hale", "M. Orlova", "The Harbour Board"]
SOURCES = ("hale", "letters", "pilots", "tides")
ESSAYS = ("pier", "quay")
# Random histories of an archive that one run tries; LOCCIT_HISTORIES asks for more.
EXAMPLES = int(os.environ.get("LOCCIT_HISTORIES", "6"))
TABLES = ("meta", "collection", "work", "provenance", "report", "document", "passage", "quotation", "place",
          "entry", "asked")  # fmt: skip


def rows(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """All records of a generation, in an order of their own."""
    with sqlite3.connect(folder / store.RECORDS) as db:
        found = {t: sorted(db.execute(f"select * from {t}").fetchall(), key=repr) for t in TABLES}
        known = {name for (name,) in db.execute("select name from sqlite_master where type = 'table'")}
    assert known - {"sqlite_stat1", "sqlite_stat4"} == set(TABLES)
    return found


def searched(folder: Path) -> list[tuple[object, ...]]:
    """What search finds for each of these words, with all its facets."""
    index, texts = Fulltext(folder / store.FULLTEXT), store.Store(folder).texts
    found = [
        index.search(word, per_page=100, text_of=texts) for word in ("the", "harbour", '"of the"', "council")
    ]
    return [(f.total, sorted((h.passage_id, h.marks) for h in f.hits), dict(f.facets)) for f in found]


def same_seeds(one: Seeds, other: Seeds) -> bool:
    return all(np.array_equal(getattr(one, f.name), getattr(other, f.name)) for f in fields(Seeds))


# --- the words of the sources ---------------------------------------------------------------------


def source(number: int, edition: int, parent: int) -> Document:
    work = Work(f"w-{number}", "c", "source", "", parent=f"p-{parent}" if parent else None)
    text = invented(f"text {number} {edition}", 1, paragraphs=edition).text
    return Document(work, text)


ARCHIVES = st.dictionaries(st.integers(1, 12), st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=8)


@settings(max_examples=60)
@given(ARCHIVES, ARCHIVES)
def test_the_words_of_sources_are_renewed_as_if_all_were_read(
    then: dict[int, tuple[int, int]], now: dict[int, tuple[int, int]]
) -> None:
    before, after = ([source(n, *how) for n, how in sources.items()] for sources in (then, now))
    changed = {d.work.id: d for d, (n, (edition, _)) in zip(after, now.items(), strict=True)
               if n not in then or then[n][0] != edition}  # fmt: skip
    assert same_seeds(renewed(prepare(before), [d.work for d in after], changed), prepare(after))


def test_a_part_of_the_words_is_what_it_would_be_alone_but_for_the_numbers_of_words() -> None:
    sources = [source(n, 2, n % 2) for n in range(1, 6)]
    some, alone = part(prepare(sources), ["w-2", "w-4"]), prepare([sources[1], sources[3]])
    for name in ("works", "first", "group", "starts", "lengths", "jumps", "hashes", "places"):
        assert np.array_equal(getattr(some, name), getattr(alone, name)), name
    assert some.keys(0, len(some.words)) == alone.keys(0, len(alone.words))


# --- whole archives -------------------------------------------------------------------------------


class Raw:
    """A small archive that changes at random."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root, self.raw, self.rng = root, root / "raw", random.Random(seed)

    def held(self, kind: str) -> list[str]:
        works = (w for c in catalogue.collections(self.raw) for w in c.works)
        return sorted(w.id for w in works if w.kind == kind and w.file)

    def file(self, work_id: str) -> Path:
        return self.raw / (catalogue.find(self.raw, work_id).file or "")

    def source(self) -> str:
        some = self.rng.sample(SENTENCES, self.rng.randint(2, 9))
        return f"{self.rng.choice(TITLES)}\n\n" + "\n\n".join(some) + "\n"

    def essay(self) -> str:
        """Quotations whole, changed, misprinted, of two pieces; cited by author, title, both, or not."""
        out = [f"On the {self.rng.choice(['pier', 'bill', 'tide'])}"]
        for _ in range(self.rng.randint(1, 5)):
            words = self.rng.choice(SENTENCES).rstrip(".").split()
            at = self.rng.randrange(len(words) // 2)
            words = words[at : at + self.rng.randint(4, 30)]
            how = self.rng.choice(["whole", "whole", "changed", "misprinted", "pieces"])
            if how == "changed":
                words[len(words) // 2] = "never"
            elif how == "misprinted":
                words = [w[:-1] + "x" if n % 3 == 0 else w for n, w in enumerate(words)]
            elif how == "pieces":
                words = [*words, ". . .", *self.rng.choice(SENTENCES).split()[:8]]
            author, title = self.rng.choice(AUTHORS), self.rng.choice(TITLES)
            cites = ["", f" ({author}, {title}, p. 3)", f" ({title})", " (Ibid.)", " (Hale, p. 9)"]
            cited = self.rng.choice(cites)
            out.append(f"Somebody wrote: “{' '.join(words)}”{cited}.")
        if self.rng.random() < 0.4:
            listed = "\n\n".join(f"{a}, {t}, 1911" for a, t in zip(AUTHORS, TITLES, strict=False))
            out.append(f"SOURCES\n\n{listed}")
        return "\n\n".join(out) + "\n"

    def add(self, kind: str, name: str, text: str) -> None:
        path = self.root / name
        path.write_text(text, encoding="utf8")
        catalogue.add(self.raw, [path], kind)  # type: ignore[arg-type]

    def table(self) -> None:
        """A table of contents and some of its chapters, as a mirror lays them."""
        folder = self.root / "mirror/www.harbour.example/archive/1911/commission"
        folder.mkdir(parents=True, exist_ok=True)
        names = [f"ch0{n}.htm" for n in (1, 2, 3)]
        links = "".join(f'<p><a href="{name}">Chapter {name[3]}</a></p>' for name in names)
        pages = {
            "index.htm": f"<html><title>{TITLES[0]}</title><body><h1>{TITLES[0]}</h1>{links}</body></html>"
        }
        for name in self.rng.sample(names, 2):
            paragraphs = "".join(f"<p>{s}</p>" for s in self.rng.sample(SENTENCES, 4))
            pages[name] = f"<html><title>Chapter {name[3]}</title><body>{paragraphs}</body></html>"
        for name, page in pages.items():
            (folder / name).write_text(page, encoding="utf8")
        catalogue.add(self.raw, [self.root / "mirror/www.harbour.example"], "source")
        shutil.rmtree(self.root / "mirror")

    def step(self) -> str:
        """One change at random; gives its name."""
        rng = self.rng
        essays, sources = self.held("essay"), self.held("source")
        does = {
            "a new source": lambda: self.add("source", f"new-{rng.randint(0, 9)}.txt", self.source()),
            "a new essay": lambda: self.add("essay", f"essay-{rng.randint(0, 4)}.txt", self.essay()),
            "a table of contents": self.table,
            "an essay held as a source": lambda: self.add(
                "source", "copy.txt", self.file(rng.choice(essays)).read_text(encoding="utf8")
            ),
            "an uncatalogued file": lambda: (self.raw / "added/stray.txt").write_text(self.source()),
            "nothing": lambda: None,
        }  # fmt: skip
        if essays:
            does["another essay text"] = lambda: self.file(rng.choice(essays)).write_text(self.essay())
        else:
            del does["an essay held as a source"]
        if sources:
            one = rng.choice(sources)
            does |= {
                "another source text": lambda: self.file(one).write_text(self.source()),
                "an unreadable source": lambda: self.file(one).write_bytes(b"\x00\x01" * 400),
                "a lost file": lambda: self.file(one).unlink(missing_ok=True),
                "a source taken out": lambda: catalogue.remove(self.raw, one),
                "a title": lambda: catalogue.edit(self.raw, one, {"title": rng.choice(TITLES)}),
                "an author": lambda: catalogue.edit(self.raw, one, {"author": rng.choice(AUTHORS)}),
                "an alias": lambda: catalogue.edit(self.raw, one, {"aliases": (rng.choice(TITLES),)}),
                "a parent": lambda: catalogue.edit(self.raw, one, {"parent": rng.choice(sources)}),
            }
        if len(essays) > 1:
            does["an essay taken out"] = lambda: catalogue.remove(self.raw, rng.choice(essays))
            does["an essay made a source"] = lambda: catalogue.edit(self.raw, essays[0], {"kind": "source"})
        if len(sources) > 1:
            does["a source made an essay"] = lambda: catalogue.edit(self.raw, sources[0], {"kind": "essay"})
        name = rng.choice(sorted(does))
        does[name]()
        return name


@settings(max_examples=EXAMPLES, phases=[Phase.explicit, Phase.generate])
@given(st.integers(0, 2**32))
def test_an_index_renewed_step_by_step_is_one_built_at_once(seed: int) -> None:
    with TemporaryDirectory() as root:
        archive, done = Raw(Path(root), seed), []
        for kind, names in (("essay", ESSAYS), ("source", SOURCES)):
            for name in names:
                archive.add(kind, f"{name}.txt", archive.essay() if kind == "essay" else archive.source())
        index, other = archive.root / "index", archive.root / "other"
        build(archive.raw, index, jobs=1)
        for _ in range(5):
            done.append(archive.step())
            folder = build(archive.raw, index, jobs=1).folder
        at_once = build(archive.raw, other, jobs=1).folder
        one, two = rows(folder), rows(at_once)
        for table in TABLES:
            assert one[table] == two[table], (table, done)
        assert same_seeds(*(Seeds.load(store.Store(f).seeds()) for f in (folder, at_once))), done
        assert searched(folder) == searched(at_once), done


@pytest.mark.parametrize(("work", "kind"), [("quay", "source"), ("hale-txt", "essay")])
def test_an_essay_may_become_a_source_and_a_source_an_essay(tmp_path: Path, work: str, kind: str) -> None:
    """The quotations of a work that was no essay any more once stayed in the index."""
    archive = Raw(tmp_path, 7)
    for name in ("pier", "quay"):
        archive.add("essay", f"{name}.txt", archive.essay())
    for name in SOURCES:
        archive.add("source", f"{name}.txt", archive.source())
    build(archive.raw, tmp_path / "index", jobs=1)
    [held] = [w for c in catalogue.collections(archive.raw) for w in c.works if w.id.startswith(work[:4])]
    catalogue.edit(archive.raw, held.id, {"kind": kind})
    folder = build(archive.raw, tmp_path / "index", jobs=1).folder
    at_once = build(archive.raw, tmp_path / "other", jobs=1).folder
    assert rows(folder) == rows(at_once)
    assert searched(folder) == searched(at_once)


# --- raw files that are not read again ------------------------------------------------------------


def aged(path: Path) -> None:
    """Dates a file back, so that its time of change is beyond doubt: what a clock that runs on would do."""
    os.utime(path, (1_000_000_000, 1_000_000_000))


def test_a_file_is_read_again_only_if_it_may_be_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "DOUBT", 0)
    path = tmp_path / "a.txt"
    path.write_text("one")
    aged(path)
    known = files.look(tmp_path, ["a.txt", "none.txt"], {})
    assert list(known) == ["a.txt"] and known["a.txt"].state is not None
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("it was read again"))
    assert files.look(tmp_path, ["a.txt"], known) == known
    monkeypatch.undo()
    path.write_text("two")
    aged(path)  # the same size and the same date, as a copy with its old date has
    assert files.look(tmp_path, ["a.txt"], known)["a.txt"].digest != known["a.txt"].digest


def test_a_file_that_changed_just_now_is_in_doubt(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")
    seen = files.look(tmp_path, ["a.txt"], {})
    assert seen["a.txt"].state is None
    files.keep(tmp_path, seen)
    assert files.known(tmp_path) == {}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', '{"a": ["x", null]}'])
def test_what_was_seen_is_read_again_where_that_is_not_written_down(tmp_path: Path, text: str) -> None:
    (tmp_path / files.NAME).write_text(text)
    assert files.known(tmp_path) == {}
    assert files.known(tmp_path / "nowhere") == {}


# --- what a renewal does not do -------------------------------------------------------------------


@pytest.fixture
def archive(tmp_path: Path) -> Raw:
    """An archive of two essays and four sources, indexed."""
    made = Raw(tmp_path, 7)
    for kind, names in (("essay", ESSAYS), ("source", SOURCES)):
        for name in names:
            made.add(kind, f"{name}.txt", made.essay() if kind == "essay" else made.source())
    build(made.raw, made.root / "index", jobs=1)
    return made


@pytest.mark.parametrize(
    ("work_id", "read", "linked"),
    [("tides", ["tides"], False), ("pier", ["pier"], True), (None, [], True)],
    ids=["a source", "an essay", "a file that is in no catalogue"],
)
def test_only_what_has_changed_is_read(
    archive: Raw, monkeypatch: pytest.MonkeyPatch, work_id: str | None, read: list[str], linked: bool
) -> None:
    texts = importlib.import_module("indexer.build.texts")
    done: list[str] = []
    apart = texts.apart

    def counted(function: Any, tasks: Any, jobs: int) -> Any:
        done.extend(work.id for _, work, _ in tasks)
        return apart(function, tasks, jobs)

    monkeypatch.setattr(texts, "apart", counted)
    if work_id is None:
        stray = archive.raw / "added/stray.txt"
        stray.write_text("nobody listed me")
    else:
        archive.file(work_id).write_text(archive.essay() if work_id == "pier" else archive.source())
    built = build(archive.raw, archive.root / "index", jobs=1)
    before = archive.root / "index" / store.generations(archive.root / "index")[1]
    assert (built.changed, done) == (True, read)
    same = (built.folder / "seeds/words.npy").samefile(before / "seeds/words.npy")
    assert same == linked


def test_what_may_have_been_the_fault_of_the_machine_is_tried_again(
    archive: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = importlib.import_module("indexer.build.texts")
    extract = texts.extract

    def broken(work: Work, *how: object) -> Document:
        if work.id == "hale":
            raise OSError(5, "Input/output error")
        return extract(work, *how)  # type: ignore[no-any-return]

    monkeypatch.setattr(texts, "extract", broken)
    archive.file("hale").write_text(archive.source())
    reports = build(archive.raw, archive.root / "index", jobs=1).reports
    assert [(r.file, r.reason) for r in reports if r.status == "failed"] == [
        ("added/hale.txt", "cannot be read: Input/output error")
    ]
    monkeypatch.undo()
    archive.file("tides").write_text(archive.source())
    folder = build(archive.raw, archive.root / "index", jobs=1).folder
    assert rows(folder) == rows(build(archive.raw, archive.root / "other", jobs=1).folder)


def test_back_puts_the_index_before_in_force_again(archive: Raw) -> None:
    index = archive.root / "index"
    first = store.current(index)
    with pytest.raises(NoIndex, match="no generation before"):
        back(index)
    archive.file("tides").write_text(archive.source())
    second = build(archive.raw, index, jobs=1).folder
    assert back(index) == first == store.current(index)
    assert store.generations(index) == [first.name, second.name]
    assert back(index) == second == store.current(index)
    assert not build(archive.raw, index, jobs=1).changed
    back(index)
    third = build(archive.raw, index, jobs=1).folder  # raw/ is what the second was made of
    assert store.generations(index) == [third.name, first.name]
    assert rows(third) == rows(build(archive.raw, archive.root / "other", jobs=1).folder)


def test_who_went_back_is_told_how_to_return(archive: Raw) -> None:
    """The doctor said that raw/ had changed and told to run what undoes the going back."""
    index = archive.root / "index"

    def told() -> tuple[bool, str]:
        return next((c.ok, c.text) for c in doctor.examine(archive.raw, index) if c.name == "index")

    archive.file("tides").write_text(archive.source())
    build(archive.raw, index, jobs=1)
    assert told() == (True, "in step with raw/")
    back(index)
    ok, text = told()
    assert ok and "you went back" in text and text.endswith("loccit index --back")
    back(index)
    assert told() == (True, "in step with raw/")
    back(index)
    archive.file("tides").write_text(archive.source() + "\nAnd more.")
    assert told() == (False, "raw/ has changed. Run: loccit index")


def test_back_keeps_what_is_in_force_if_this_program_cannot_read_the_other(archive: Raw) -> None:
    index = archive.root / "index"
    archive.file("tides").write_text(archive.source())
    folder = build(archive.raw, index, jobs=1).folder
    with sqlite3.connect(index / store.generations(index)[1] / store.RECORDS) as db:
        db.execute("update meta set value = 'old' where key = 'layout'")
    with pytest.raises(OtherVersion):
        back(index)
    assert store.current(index) == folder


def test_what_a_broken_build_left_goes_with_the_next(archive: Raw) -> None:
    index = archive.root / "index"
    (index / "000009-broken").mkdir()
    archive.file("tides").write_text(archive.source())
    built = build(archive.raw, index, jobs=1)
    assert sorted(p.name for p in index.iterdir() if p.is_dir()) == sorted(store.generations(index))
    assert store.generations(index)[0] == built.folder.name


# --- what the doctor sees -------------------------------------------------------------------------


def ill(archive: Raw) -> dict[str, str]:
    """The checks of an archive that fail."""
    return {c.name: c.text for c in doctor.examine(archive.raw, archive.root / "index") if not c.ok}


def hurt_text(folder: Path) -> None:
    with sqlite3.connect(folder / store.RECORDS) as db:
        db.execute("update document set text = replace(text, ' the ', ' tha ') where work_id = 'hale'")


def hurt_passages(folder: Path) -> None:
    with sqlite3.connect(folder / store.RECORDS) as db:
        db.execute("delete from passage where id = 'hale.2'")


def hurt_words(folder: Path) -> None:
    words = np.load(folder / "seeds/words.npy")
    (folder / "seeds/words.npy").unlink()
    np.save(folder / "seeds/words.npy", words[::-1])


def lose_words(folder: Path) -> None:
    (folder / "seeds/starts.npy").unlink()


def lose_full_text(folder: Path) -> None:
    shutil.rmtree(folder / store.FULLTEXT)


@pytest.mark.parametrize(
    ("hurt", "named"),
    [
        (hurt_text, {"records", "words"}),
        (hurt_passages, {"full text"}),
        (hurt_words, {"words"}),
        (lose_words, {"words"}),
        (lose_full_text, {"full text"}),
    ],
)
def test_the_doctor_names_what_is_broken(archive: Raw, hurt: Callable[[Path], None], named: set[str]) -> None:
    assert ill(archive) == {}
    hurt(store.current(archive.root / "index"))
    found = ill(archive)
    assert set(found) == named
    assert all("loccit index" in text for text in found.values()), found


def test_the_doctor_looks_for_the_index_before(archive: Raw) -> None:
    index = archive.root / "index"
    archive.file("tides").write_text(archive.source())
    build(archive.raw, index, jobs=1)
    assert set(ill(archive)) == {"digests"}  # the file was written over, which add and fetch never do
    shutil.rmtree(index / store.generations(index)[1])
    assert set(ill(archive)) == {"digests", "the index before"}

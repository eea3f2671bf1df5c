"""What raw/ holds, and how it changes: nothing that was added is ever lost or changed in silence."""

import json
import os
from pathlib import Path

import pytest

from indexer import catalogue
from indexer.errors import CatalogueError, LoccitError, NotThere, UsageError
from indexer.models import Kind, Work

GOOD = '[[work]]\nid = "letter"\nkind = "source"\ntitle = "A letter"\n'


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return tmp_path / "raw"


def write(raw: Path, text: str, collection: str = "papers") -> Path:
    folder = raw / collection
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "catalogue.toml").write_text(text, encoding="utf8")
    return folder


def files(tmp_path: Path, **contents: str) -> Path:
    folder = tmp_path / "given"
    for name, text in contents.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf8")
    return folder


def works(raw: Path) -> dict[str, Work]:
    return {w.id: w for c in catalogue.collections(raw) for w in c.works}


@pytest.mark.parametrize(
    "name, slug",
    [
        ("essay.txt", "essay"),
        ("www.example.org/archive/a/1980/bloc-app.html", "www-example-org-archive-a-1980-bloc-app"),
        ("A Letter, 1911.txt", "a-letter-1911"),
        ("v1.2/notes", "v1-2-notes"),
        ("письмо.txt", "письмо"),
        ("….txt", "work"),
    ],
)
def test_slug(name: str, slug: str) -> None:
    assert catalogue.slug(name) == slug


@pytest.mark.parametrize(
    "file, url",
    [
        ("www.example.org/a/b.htm", "https://www.example.org/a/b.htm"),
        ("mirror/example.org/b.htm", "https://example.org/b.htm"),
        ("letters/1.txt", None),
        ("notes.txt", None),
        ("v1.2/notes.txt", None),
        ("my.papers/notes.txt", None),
    ],
)
def test_an_address_is_read_off_a_mirrors_path(file: str, url: str | None) -> None:
    assert catalogue.mirrored(file) == url


@pytest.mark.parametrize(
    "text, line, words",
    [
        ('[[work]\nid = "a"', 1, "Expected"),
        ('title = "x"\n[[work]]\nid = "b"\n', 2, "needs “kind”"),
        (GOOD + '[[work]]\nid = "b"\nkind = "source"\n', 5, "needs “title”"),
        (GOOD.replace("source", "book"), 1, "not “book”"),
        (GOOD + 'year = "1911"', 1, "“year” must be a whole number"),
        (GOOD + "author = 7", 1, "“author” must be text"),
        (GOOD + 'aliases = "Letter"', 1, "“aliases” must be a list"),
        (GOOD + 'autor = "x"', 1, "“autor” is not a field"),
        (GOOD + "year = true", 1, "“year” must be a whole number"),
        (GOOD + "edition_year = 99999999999999999999", 1, "“edition_year” is a number from 1"),
        (GOOD + 'url = "not an address"', 1, "is not an address"),
        (GOOD + 'url = "ftp://example.org/x"', 1, "is not an address"),
        (GOOD + 'file = "../../secret.txt"', 1, "leads out of its collection"),
        (GOOD + 'file = "/etc/passwd"', 1, "leads out of its collection"),
        (GOOD + GOOD, 5, "two works with the id “letter”"),
    ],
)
def test_a_wrong_catalogue_names_the_line_and_what_is_wrong(
    raw: Path, text: str, line: int, words: str
) -> None:
    folder = write(raw, text)
    with pytest.raises(CatalogueError) as caught:
        catalogue.collections(raw)
    assert words in str(caught.value)
    assert str(folder / "catalogue.toml") in str(caught.value)
    assert f"line {line}" in str(caught.value)


def test_an_added_folder_keeps_its_layout_and_says_where_it_came_from(tmp_path: Path, raw: Path) -> None:
    given = files(tmp_path, www_example_org__a__one_htm="<p>One", plain_txt="Plain")
    (given / "www.example.org/a").mkdir(parents=True, exist_ok=True)
    (given / "www.example.org/a/one.htm").write_text("<p>One")
    results = catalogue.add(raw, [given], "source")
    assert {r.status for r in results} == {"added"}
    one = works(raw)["www-example-org-a-one"]
    assert one.file == "added/www.example.org/a/one.htm"
    assert one.url == "https://www.example.org/a/one.htm"
    assert (raw / one.file).read_text() == "<p>One"
    assert catalogue.provenance(raw)[one.file].sha256


def test_a_file_below_a_host_keeps_its_address_when_added_alone(tmp_path: Path, raw: Path) -> None:
    page = tmp_path / "www.example.org" / "a" / "one.htm"
    page.parent.mkdir(parents=True)
    page.write_text("<p>One")
    catalogue.add(raw, [page], "source")
    assert works(raw)["www-example-org-a-one"].url == "https://www.example.org/a/one.htm"


def test_the_same_file_twice_is_one_and_a_changed_one_is_another_edition(tmp_path: Path, raw: Path) -> None:
    """Both are kept, the last that came is the work's; also the first again, when it comes again."""
    path = files(tmp_path, letter_txt="First") / "letter.txt"
    statuses, current = [], []
    for text in ("First", "First", "Second", "Second", "First", "Third"):
        path.write_text(text)
        statuses.append(catalogue.add(raw, [path], "source")[0].status)
        current.append((raw / (works(raw)["letter"].file or "")).read_text())
    assert statuses == ["added", "unchanged", "edition", "unchanged", "edition", "edition"]
    assert current == ["First", "First", "Second", "Second", "First", "Third"]
    assert sorted(p.read_text() for p in (raw / "added").glob("*.txt")) == ["First", "Second", "Third"]
    assert list(works(raw)) == ["letter"] and catalogue.unlisted(raw, works(raw).values()) == []


def test_the_same_bytes_under_another_name_are_one(tmp_path: Path, raw: Path) -> None:
    """A folder and then a file out of it; a copy."""
    given = files(tmp_path, letters__one_txt="Text", copy_txt="Text")
    first, copy = catalogue.add(raw, [given / "letters/one.txt"], "source")[0], given / "copy.txt"
    again = catalogue.add(raw, [given], "source")
    assert first.file == "added/one.txt"
    assert [(r.status, r.file) for r in again] == [("unchanged", "added/one.txt")] * 2
    assert "as one.txt" in again[0].reason and len(works(raw)) == 1
    assert catalogue.add(raw, [copy], "essay")[0].status == "added" and len(works(raw)) == 2


def test_the_same_bytes_at_two_addresses_are_one_work_with_both(tmp_path: Path, raw: Path) -> None:
    given = files(tmp_path, copy_txt="no")
    names = ["www.example.org/a.htm", "www.example.com/b.htm"]
    for name in names:
        (given / name).parent.mkdir(parents=True)
        (given / name).write_text("<p>The same")
    results = catalogue.add(raw, [given / name for name in names], "source")
    assert [r.status for r in results] == ["added", "added"] and "two addresses" in results[1].reason
    work = works(raw)["www-example-org-a"]
    assert (work.url, work.also) == ("https://www.example.org/a.htm", ("https://www.example.com/b.htm",))
    assert len(works(raw)) == 1 and catalogue.unlisted(raw, works(raw).values()) == []
    listing = GOOD.replace("letter", "b") + 'url = "http://www.example.com/b.htm"\n'
    write(raw, listing)
    assert works(raw)["www-example-org-a"].collection == "papers", "what the catalogue lists is held"
    (raw / "papers/catalogue.toml").unlink()
    (given / names[1]).write_text("<p>Another since")
    assert catalogue.add(raw, [given / names[1]], "source")[0].status == "edition"
    assert set(works(raw)) == {"www-example-org-a", "www-example-com-b"}
    assert works(raw)["www-example-org-a"].also == ()


def test_removing_takes_the_second_address_too(tmp_path: Path, raw: Path) -> None:
    for name in ("www.example.org/a.htm", "www.example.com/b.htm"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("<p>The same")
    catalogue.add(raw, [tmp_path / "www.example.org", tmp_path / "www.example.com"], "source")
    catalogue.remove(raw, "www-example-org-a")
    assert works(raw) == {} and not list((raw / "added").rglob("*.htm"))


def test_another_file_of_the_same_name_is_a_work_of_its_own(tmp_path: Path, raw: Path) -> None:
    given = files(tmp_path, one__index_txt="One book", two__index_txt="Another book")
    catalogue.add(raw, [given / "one/index.txt"], "source")
    (added,) = catalogue.add(raw, [given / "two/index.txt"], "source")
    assert (added.status, "--edition-of" in added.reason) == ("added", True)
    assert len(works(raw)) == 2
    (given / "two/index.txt").write_text("Another book, mended")
    assert catalogue.add(raw, [given], "source")[1].status == "edition"
    assert len(works(raw)) == 2 and len(list((raw / "added").glob("index*.txt"))) == 3


def test_a_file_of_any_name_is_another_edition_when_that_is_said(tmp_path: Path, raw: Path) -> None:
    given = files(tmp_path, letter_txt="First", second_txt="Second", c_png="no")
    catalogue.add(raw, [given / "letter.txt"], "source")
    added = catalogue.add_edition(raw, given / "second.txt", "letter")
    assert (added.status, works(raw)["letter"].file) == ("edition", added.file)
    assert (raw / (added.file or "")).read_text() == "Second"
    assert catalogue.add_edition(raw, given / "second.txt", "letter").status == "unchanged"
    assert catalogue.add_edition(raw, given / "c.png", "letter").status == "skipped"
    write(raw, GOOD.replace("letter", "lost"))
    for path, work, words in [("x.txt", "letter", "no file"), ("letter.txt", "lost", "not held yet")]:
        with pytest.raises(UsageError, match=words):
            catalogue.add_edition(raw, given / path, work)


def test_the_kind_of_a_work_that_another_collection_lists_is_changed_there(tmp_path: Path, raw: Path) -> None:
    """Its file is found by what the list says that it is: changed here, it would be two works."""
    write(raw, GOOD.replace('"source"', '"essay"'))
    catalogue.add(raw, [files(tmp_path, letter_txt="First") / "letter.txt"], "essay")
    assert works(raw)["letter"].file == "added/letter.txt"
    before = works(raw)
    with pytest.raises(UsageError, match=r"papers/catalogue.toml.*change its kind there"):
        catalogue.edit(raw, "letter", {"kind": "source"})
    assert works(raw) == before
    assert catalogue.edit(raw, "letter", {"title": "Another"}).title == "Another"


def test_a_name_that_is_no_text_is_refused_legibly(tmp_path: Path, raw: Path) -> None:
    """As Latin-1 left them on disk; `add` and `index` once ended with a traceback."""
    given = tmp_path / os.fsdecode(b"caf\xe9s")
    given.mkdir()
    (given / os.fsdecode(b"caf\xe9.txt")).write_text("Some words.")
    (given / "cafe.txt").write_text("Other words.")
    results = catalogue.add(raw, [given], "source")
    assert [r.file for r in results if r.status == "added"] == ["added/cafe.txt"]
    [refused] = [r for r in results if r.status == "skipped"]
    assert refused.path.endswith("caf\ufffds/caf\ufffd.txt") and "no text in UTF-8" in refused.reason
    given.rename(raw / given.name)
    with pytest.raises(CatalogueError, match=r"caf\ufffds .* Rename it"):
        catalogue.collections(raw)


def test_what_is_not_a_text_is_named_and_passed_over(tmp_path: Path, raw: Path) -> None:
    given = files(tmp_path, a_txt="Text", b_png="no", c_css="no")
    (given / ".hidden").write_text("x")
    statuses = {Path(r.path).name: (r.status, r.reason) for r in catalogue.add(raw, [given], "essay")}
    assert statuses["a.txt"][0] == "added"
    assert statuses["b.png"] == ("skipped", "image/png is not a text")
    assert statuses[".hidden"][0] == "skipped"


@pytest.mark.parametrize(
    "path, words",
    [("nowhere.txt", "no file or folder"), ("https://example.org/a.htm", "looks like an address")],
)
def test_a_path_that_is_not_there(raw: Path, path: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        catalogue.add(raw, [Path(path)], "essay")


def test_an_empty_folder_and_a_bad_collection_are_refused(tmp_path: Path, raw: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no files"):
        catalogue.add(raw, [tmp_path / "empty"], "essay")
    with pytest.raises(UsageError, match="cannot name a collection"):
        catalogue.add(raw, [tmp_path], "essay", "../x")


def test_a_catalogued_work_is_held_when_its_address_is_added(tmp_path: Path, raw: Path) -> None:
    text = GOOD + 'author = "Hale"\nurl = "http://www.example.org/a/one.htm"\ncited_by = ["x"]\n'
    write(raw, text)
    assert works(raw)["letter"].file is None
    given = tmp_path / "given"
    (given / "www.example.org/a").mkdir(parents=True)
    (given / "www.example.org/a/one.htm").write_text("<p>One")
    catalogue.add(raw, [given], "source")
    held = works(raw)
    assert list(held) == ["www-example-org-a-one"]
    one = held["www-example-org-a-one"]
    assert (one.author, one.title, one.collection, one.cited_by) == ("Hale", "A letter", "papers", ("x",))


def test_a_parent_that_is_held_is_still_the_parent(tmp_path: Path, raw: Path) -> None:
    table = GOOD + 'url = "https://www.example.org/a/index.htm"\n'
    write(raw, table + '[[work]]\nid = "chapter"\nkind = "source"\ntitle = "One"\nparent = "letter"\n')
    page = tmp_path / "www.example.org/a/index.htm"
    page.parent.mkdir(parents=True)
    page.write_text("<p>Contents")
    catalogue.add(raw, [page], "source")
    held = works(raw)
    assert held["chapter"].parent == "www-example-org-a-index"
    assert held["www-example-org-a-index"].title == "A letter"


def test_a_catalogued_essay_is_held_when_a_file_of_its_name_is_added(tmp_path: Path, raw: Path) -> None:
    write(raw, GOOD.replace("source", "essay"))
    catalogue.add(raw, [files(tmp_path, letter_txt="Text") / "letter.txt"], "essay")
    assert [(w.id, w.file) for w in works(raw).values()] == [("letter", "added/letter.txt")]


def test_two_files_with_one_slug_get_ids_of_their_own(tmp_path: Path, raw: Path) -> None:
    catalogue.add(raw, [files(tmp_path, a_htm="x", a_html="y")], "source")
    assert len(works(raw)) == 2


@pytest.mark.parametrize("kind", ["essay", "source"])
def test_a_work_keeps_its_id_whatever_comes_and_goes(tmp_path: Path, raw: Path, kind: Kind) -> None:
    given = files(tmp_path, letter_txt="First", letter_md="Second", letter_htm="Third")
    catalogue.add(raw, [given / "letter.txt", given / "letter.md"], kind)
    named = {w.file: i for i, w in works(raw).items()}
    assert named == {"added/letter.txt": "letter", "added/letter.md": "letter-added"}
    catalogue.add(raw, [given / "letter.htm"], kind, "above")
    assert {w.file: i for i, w in works(raw).items()} == named | {"above/letter.htm": "letter-above"}
    catalogue.remove(raw, "letter")
    with pytest.raises(NotThere):
        catalogue.remove(raw, "letter")
    assert set(works(raw)) == {"letter-added", "letter-above"}
    (given / "letter.md").write_text("Second, mended")
    assert catalogue.add(raw, [given / "letter.md"], kind)[0].status == "edition"
    catalogue.add(raw, [given / "letter.txt"], kind)
    assert set(works(raw)) == {"letter", "letter-added", "letter-above"}
    catalogue.remove(raw, "letter-added")
    assert set(works(raw)) == {"letter", "letter-above"}


def test_of_an_id_in_two_catalogues_each_work_keeps_its_own(tmp_path: Path, raw: Path) -> None:
    for collection in ("a", "b"):
        folder = write(
            raw, f'[[work]]\nid = "letter"\nkind = "source"\nfile = "{collection}.txt"\n', collection
        )
        (folder / f"{collection}.txt").write_text(collection)
    assert catalogue.edit(raw, "letter-b", {"year": 1911}).file == "b/b.txt"
    assert set(works(raw)) == {"letter", "letter-b"}
    catalogue.remove(raw, "letter")
    assert {i: w.year for i, w in works(raw).items()} == {"letter-b": 1911}


def test_edit_keeps_comments_and_other_works(tmp_path: Path, raw: Path) -> None:
    folder = write(raw, "# by hand\n" + GOOD)
    assert catalogue.edit(raw, "letter", {"year": 1911, "aliases": ("The Letter",)}).year == 1911
    text = (folder / "catalogue.toml").read_text()
    assert text.startswith("# by hand\n")
    assert works(raw)["letter"].aliases == ("The Letter",)


def test_edit_of_an_added_file_writes_its_catalogue(tmp_path: Path, raw: Path) -> None:
    catalogue.add(raw, [files(tmp_path, letter_txt="Text") / "letter.txt"], "source")
    assert catalogue.edit(raw, "letter", {"author": "Hale"}).file == "added/letter.txt"
    assert catalogue.edit(raw, "letter", {"author": "Pole"}).author == "Pole"
    assert len(works(raw)) == 1


@pytest.mark.parametrize(
    "work, changes, error",
    [
        ("nobody", {"title": "x"}, NotThere),
        ("letter", {"file": "x"}, UsageError),
        ("letter", {"url": "no address"}, UsageError),
        ("letter", {"kind": "book"}, UsageError),
    ],
)
def test_edits_that_cannot_be(
    raw: Path, work: str, changes: dict[str, str], error: type[LoccitError]
) -> None:
    folder = write(raw, GOOD)
    with pytest.raises(error):
        catalogue.edit(raw, work, changes)
    assert (folder / "catalogue.toml").read_text() == GOOD


def test_a_removed_work_leaves_its_file_behind(tmp_path: Path, raw: Path) -> None:
    catalogue.add(raw, [files(tmp_path, a_txt="Text", b_txt="Other")], "source")
    catalogue.remove(raw, "a")
    assert list(works(raw)) == ["b"]
    assert (raw / ".removed/added/a.txt").read_text() == "Text"
    assert list(catalogue.provenance(raw)) == ["added/b.txt"]


def test_a_file_put_there_by_hand_is_unlisted(tmp_path: Path, raw: Path) -> None:
    catalogue.add(raw, [files(tmp_path, a_txt="Text")], "source")
    (raw / "added" / "stray.txt").write_text("?")
    assert catalogue.unlisted(raw, works(raw).values()) == ["added/stray.txt"]


def test_a_record_cut_off_by_a_crash_costs_only_itself(tmp_path: Path, raw: Path) -> None:
    catalogue.add(raw, [files(tmp_path, a_txt="Text", b_txt="Other")], "source")
    path = raw / "added" / "provenance.jsonl"
    path.write_text(path.read_text()[:-20])
    assert list(works(raw)) == ["a"]
    catalogue.add(raw, [files(tmp_path, b_txt="Other")], "source")
    assert list(works(raw)) == ["a", "b"]
    assert [json.loads(line)["file"] for line in path.read_text().splitlines()] == ["a.txt", "b.txt"]


def test_a_broken_record_in_the_middle_is_named(tmp_path: Path, raw: Path) -> None:
    catalogue.add(raw, [files(tmp_path, a_txt="Text")], "source")
    path = raw / "added" / "provenance.jsonl"
    path.write_text("{broken\n" + path.read_text())
    with pytest.raises(CatalogueError, match="line 1"):
        catalogue.collections(raw)


def test_what_was_taken_out_before_is_not_written_over(tmp_path: Path, raw: Path) -> None:
    for text in ("First", "Second", "Second"):
        catalogue.add(raw, [files(tmp_path, a_txt=text)], "source")
        kept = catalogue.remove(raw, "a")
        assert kept is not None and kept.read_text() == text
    assert sorted(p.read_text() for p in (raw / ".removed/added").iterdir()) == ["First", "Second"]


def test_a_file_put_there_by_hand_is_not_written_over(tmp_path: Path, raw: Path) -> None:
    catalogue.add(raw, [files(tmp_path, b_txt="Other")], "source")
    (raw / "added/a.txt").write_text("Mine")
    [added] = catalogue.add(raw, [files(tmp_path, a_txt="Text") / "a.txt"], "source")
    assert (raw / "added/a.txt").read_text() == "Mine"
    assert added.status == "added" and (raw / str(added.file)).read_text() == "Text"


def test_a_catalogue_of_which_all_was_taken_out_can_be_written_to(tmp_path: Path, raw: Path) -> None:
    """`work = []` was left, and the next edit wrote a table into these brackets: no command could read it."""
    catalogue.add(raw, [files(tmp_path, a_txt="Text", b_txt="Other")], "source")
    catalogue.edit(raw, "a", {"title": "A"})
    catalogue.remove(raw, "a")
    assert catalogue.edit(raw, "b", {"title": "B"}).title == "B"
    assert [w.title for w in works(raw).values()] == ["B"]


@pytest.mark.parametrize("listed", ["work = []", 'work = [{id = "c", kind = "source", title = "C"}]'])
def test_works_listed_in_brackets_are_written_out(tmp_path: Path, raw: Path, listed: str) -> None:
    catalogue.add(raw, [files(tmp_path, a_txt="Text")], "source")
    write(raw, f"# Mine\n{listed}\n", "added")
    before = set(works(raw))
    catalogue.edit(raw, "a", {"title": "A"})
    assert set(works(raw)) == before and works(raw)["a"].title == "A"
    assert "# Mine" in (raw / "added/catalogue.toml").read_text()


@pytest.mark.parametrize("sign", ["\u2028", "\x85", "\u2029"])
def test_a_record_may_hold_what_ends_a_line_elsewhere(tmp_path: Path, raw: Path, sign: str) -> None:
    """A server's header, or a file's name, made a line of the records two: no command could read them."""
    given = tmp_path / "given"
    given.mkdir()
    (given / f"a{sign}b.txt").write_text("Text")
    catalogue.add(raw, [given], "source")
    assert [w.file for w in works(raw).values()] == [f"added/a{sign}b.txt"]
    catalogue.keep(
        raw, "added", "c.txt", b"Other", {"kind": "source", "added": "2020-01-01", "etag": f"x{sign}y"}
    )
    assert len(works(raw)) == 2


@pytest.mark.parametrize("line", ["3", "{}", '{"file": "a.txt"}', "[]"])
def test_a_line_that_is_no_record_is_named(tmp_path: Path, raw: Path, line: str) -> None:
    catalogue.add(raw, [files(tmp_path, a_txt="Text")], "source")
    with (raw / "added/provenance.jsonl").open("a") as records:
        records.write(f"{line}\n")
    with pytest.raises(CatalogueError, match="line 2 is not a record"):
        catalogue.collections(raw)


def test_a_catalogue_in_another_encoding_is_named_with_its_line(raw: Path) -> None:
    folder = write(raw, GOOD)
    (folder / "catalogue.toml").write_bytes(f"{GOOD}author = 'Andr\xe9'".encode("latin-1"))
    with pytest.raises(CatalogueError, match="line 5 is not in UTF-8"):
        catalogue.collections(raw)


def test_folders_that_are_not_looked_into_are_named(tmp_path: Path, raw: Path) -> None:
    given = files(tmp_path, a_txt="Text")
    for name in (".git", "pier"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "b.txt").write_text("Words")
    (tmp_path / ".git").rename(given / ".git")
    (given / "link").symlink_to(tmp_path / "pier")
    os.mkfifo(given / "pipe.txt")
    told = {Path(r.path).name: (r.status, r.reason) for r in catalogue.add(raw, [given], "source")}
    assert told == {
        ".git": ("skipped", "a hidden folder"),
        "a.txt": ("added", ""),
        "link": ("skipped", "a link to a folder: add that folder"),
        "pipe.txt": ("skipped", "it is a pipe or a device, not a file"),
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read any folder")
def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path, raw: Path) -> None:
    given = files(tmp_path, a_txt="Text", shut__b_txt="Words")
    (given / "shut").chmod(0)
    told = {Path(r.path).name: r.reason for r in catalogue.add(raw, [given], "source")}
    (given / "shut").chmod(0o700)
    assert told == {"a.txt": "", "shut": "the folder cannot be read"}


@pytest.mark.parametrize(
    ("text", "words"), [("work = [3]", "two brackets"), ("title = 3", "“title” must be text")]
)
def test_what_is_wrong_outside_of_works(raw: Path, text: str, words: str) -> None:
    write(raw, text)
    with pytest.raises(CatalogueError, match=words):
        catalogue.collections(raw)


def test_a_stray_file_whose_name_is_no_text_is_named_legibly(tmp_path: Path, raw: Path) -> None:
    catalogue.add(raw, [files(tmp_path, a_txt="Text")], "source")
    (raw / "added" / os.fsdecode(b"caf\xe9.txt")).write_text("Words")
    assert catalogue.unlisted(raw, works(raw).values()) == ["added/caf\ufffd.txt"]


def test_where_a_file_came_from_is_told_legibly(tmp_path: Path, raw: Path) -> None:
    given = tmp_path / os.fsdecode(b"caf\xe9s")
    given.mkdir()
    for name in ("a.txt", "b.png"):
        (given / name).write_text("Words")
    told = catalogue.add(raw, [given / "a.txt", given / "b.png"], "source")
    assert [Path(r.path).parent.name for r in told] == ["caf\ufffds"] * 2

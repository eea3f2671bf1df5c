"""The command: what it prints, its exit codes, and that bad input ends in a sentence, never a traceback."""

import json
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pdfs import pdf

from indexer import catalogue, store
from indexer.models import Finding
from loccit import main

ROOT = Path(__file__).resolve().parents[1]
DONE, FAILED, WRONG_USE = 0, 1, 2


def run(archive: Path, *words: str, **how: str) -> Result:
    result = CliRunner().invoke(main, ["--archive", str(archive), *words], **how)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def lines(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == DONE, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """An archive with one essay and one source, added but not indexed."""
    archive = tmp_path / "an archive"
    for kind, name, text in (
        (
            "essay",
            "pier",
            "The pier\n\nHe said: “The boat goes at noon and the wind is rising” (Hale, Letter).\n",
        ),
        (
            "source",
            "letter",
            "Letter\n\nI write in haste. The boat goes at noon and the wind is rising, I fear.\n",
        ),
    ):
        path = tmp_path / f"{name}.txt"
        path.write_text(text, encoding="utf8")
        assert run(archive, "add", "--kind", kind, str(path)).exit_code == DONE
    return archive


def test_add_index_quotes(small: Path) -> None:
    result = run(small, "index")
    assert result.exit_code == DONE
    assert "Indexed." in result.output and "2 of 2 listed works are held" in result.output
    assert "nothing" in run(small, "index").output.lower()
    (row,) = lines(run(small, "quotes", "--json"))
    assert row["text"] == "The boat goes at noon and the wind is rising"
    assert row["verdict"] == "verbatim"
    table = run(small, "quotes", "pier").output
    assert "1  verbatim" in table and "“The boat goes at noon" in table
    assert "stands in Letter\n" in table and "cited as (Hale, Letter)" in table


def test_index_tells_each_stage_where_there_is_no_terminal(small: Path) -> None:
    result = run(small, "index")
    for stage in ("texts", "quotations", "full text"):
        assert re.search(rf"^{stage} \(", result.stderr, re.M)
    assert "\r" not in result.output


def test_of_many_remarks_those_that_only_leave_out_links_are_counted_apart(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for n in range(25):
        text = f"The quay {n} stood. " * 9
        page = f"<html><body><nav>Home About Contact Index Site</nav><p>{text}</p></body></html>"
        (pages / f"{n}.html").write_text(page)
    (pages / "lost.html").write_text("<html><body><p>The \x01quay stood empty.</p></body></html>")
    archive = tmp_path / "archive"
    run(archive, "add", "--kind", "source", str(pages))
    told = run(archive, "index").output
    assert "25 files without what frames the text" in told and "1 file with other remarks" in told
    assert re.search(r"^indexed    \S+lost\.html: 1 of its characters", told, re.M)
    assert "All of them: loccit index --json" in told and "0.html" not in told
    rows = lines(run(archive, "index", "--json"))
    assert sum(bool(row["reason"]) for row in rows) == 26


def test_index_as_json_names_every_file(small: Path) -> None:
    got = lines(run(small, "index", "--json"))
    assert [(r["file"], r["status"]) for r in got] == [
        ("added/letter.txt", "indexed"),
        ("added/pier.txt", "indexed"),
    ]


def test_a_file_that_cannot_be_read_is_named_and_the_rest_indexed(small: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    catalogue.add(small / "raw", [tmp_path / "empty.txt"], "source")  # as `fetch` keeps whatever came
    result = run(small, "index")
    assert result.exit_code == FAILED
    assert "failed     added/empty.txt: " in result.stderr
    assert run(small, "quotes", "--json").exit_code == DONE


def test_what_cannot_be_read_is_said_when_it_is_added_and_passed_over(small: Path, tmp_path: Path) -> None:
    """It was said to be added, and from then on every index ended with exit code 1."""
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "scan.pdf").write_bytes(pdf([[]]))
    (tmp_path / "new" / "empty.htm").write_text("<html><body><p></p></body></html>")
    (tmp_path / "new" / "good.txt").write_text("Words that can be read.")
    result = run(small, "add", "--kind", "source", str(tmp_path / "new"))
    assert result.exit_code == DONE
    assert "scan.pdf: has no text: needs OCR, for example: ocrmypdf scan.pdf with-text.pdf" in result.output
    assert "empty.htm: has no text: not one word is left" in result.output
    assert result.output.endswith("1 added, 2 skipped. Next: loccit index\n")
    assert run(small, "index").exit_code == DONE
    assert not list((small / "raw").rglob("scan*"))


def test_of_many_files_it_is_told_how_far_they_are_read(small: Path, tmp_path: Path) -> None:
    (tmp_path / "many").mkdir()
    for n in range(101):
        (tmp_path / "many" / f"{n}.txt").write_text(f"Words of letter {n}.")
    result = run(small, "add", "--kind", "source", str(tmp_path / "many"))
    assert result.stdout == "101 added. Next: loccit index\n" and result.stderr == "texts (101)\n"
    again = run(small, "add", "--kind", "source", str(tmp_path / "many"))
    assert "101 unchanged" in again.stdout and again.stderr == ""  # they are not read again


def test_an_edition_that_cannot_be_read_leaves_the_last_in_force(small: Path, tmp_path: Path) -> None:
    run(small, "index")
    (tmp_path / "again.txt").write_text("— … —")
    result = run(small, "add", "--edition-of", "letter", str(tmp_path / "again.txt"))
    assert "again.txt: has no text:" in result.output and "1 skipped. Nothing is new." in result.output
    assert "Nothing in raw/ has changed" in run(small, "index").output


def test_edit_says_what_was_set_and_what_was_taken_back(small: Path) -> None:
    said = run(
        small, "edit", "letter", "--title", "His letter", "--author", "J. Hale", "--alias", "It"
    ).output
    assert said == "letter: aliases, author, title set. Next: loccit index\n"
    said = run(small, "edit", "letter", "--title", "", "--author", "A. Hale", "--alias", "").output
    assert said == "letter: author set; aliases, title taken back. Next: loccit index\n"
    run(small, "index")
    (letter,) = lines(run(small, "list", "--kind", "source", "--json"))
    assert (letter["title"], letter["author"], letter["aliases"]) == ("Letter", "A. Hale", [])


def test_what_was_added_as_the_wrong_kind_can_be_the_other(small: Path, tmp_path: Path) -> None:
    """It had to be taken out and added again, which lost what was said of it."""
    run(small, "edit", "pier", "--author", "J. Hale", "--alias", "The Pier")
    assert run(small, "edit", "pier", "--kind", "source").output == "pier: kind set. Next: loccit index\n"
    run(small, "edit", "letter", "--kind", "essay")
    for again in ((), ("--rebuild",)):
        run(small, "index", *again)
        held = {work["id"]: work for work in lines(run(small, "list", "--json"))}
        assert {name: work["kind"] for name, work in held.items()} == {"pier": "source", "letter": "essay"}
        assert (held["pier"]["author"], held["pier"]["aliases"]) == ("J. Hale", ["The Pier"])
        assert {line["work"] for line in lines(run(small, "quotes", "--json"))} <= {"letter"}
    assert run(small, "doctor").exit_code == DONE
    # A new edition of its file is still one of the same work.
    (tmp_path / "letter.txt").write_text("He wrote another letter, and meant it.")
    said = run(small, "add", "--kind", "essay", str(tmp_path / "letter.txt")).stdout
    assert said.startswith("edition ") and len(lines(run(small, "list", "--json"))) == 2


def test_doctor_says_what_to_do_about_a_file_that_was_changed_in_place(small: Path) -> None:
    run(small, "index")
    (small / "raw" / "added" / "letter.txt").write_text("A letter that somebody mended in place.")
    said = run(small, "doctor")
    assert said.exit_code == FAILED
    told = re.search(
        r"digests: added/letter.txt: changed since .*: loccit (add .*), and then delete", said.stdout
    )
    assert told
    *words, file = shlex.split(told[1])
    assert run(small, *words, file).output.startswith("edition ")
    Path(file).unlink()
    run(small, "index")
    assert run(small, "doctor").exit_code == DONE
    [work] = [w for w in store.Store(store.current(small / "index")).works() if w.id == "letter"]
    assert "mended in place" in (small / "raw" / (work.file or "")).read_text()


def test_a_year_and_a_date_that_contradict_each_other_are_refused(small: Path) -> None:
    def edit(**given: str) -> tuple[int, str]:
        done = run(small, "edit", "letter", *(word for n, v in given.items() for word in (f"--{n}", v)))
        return done.exit_code, done.output

    for before, given in [
        ({}, {"year": "1902", "date": "1850-01-01"}),
        ({"date": "May 1850"}, {"year": "1902"}),
        ({"year": "1902", "date": ""}, {"date": "1850"}),
    ]:
        assert edit(**before)[0] == (DONE if before else WRONG_USE)
        code, said = edit(**given)
        assert (code, "1902" in said, "contradict each other" in said) == (WRONG_USE, True, True)
    for given in (
        {"year": "1850", "date": "1850-01-01"},
        {"year": "1851", "date": "1850–1852"},
        {"date": "in the spring"},
    ):
        assert edit(**given)[0] == DONE


def test_list_edit_remove(small: Path) -> None:
    run(small, "index")
    assert {w["id"]: w["kind"] for w in lines(run(small, "list", "--json"))} == {
        "pier": "essay",
        "letter": "source",
    }
    assert run(small, "edit", "letter", "--author", "J. Hale", "--year", "1911").exit_code == DONE
    run(small, "index")
    (letter,) = lines(run(small, "list", "--kind", "source", "--json"))
    assert (letter["author"], letter["year"], letter["title"]) == ("J. Hale", 1911, "Letter")
    assert run(small, "remove", "letter", input="n\n").exit_code == FAILED
    assert run(small, "remove", "letter", "--yes").exit_code == DONE
    assert [w["id"] for w in lines(run(small, "list", "--json"))] == ["pier"]
    assert (small / "raw/.removed/added/letter.txt").exists()


def test_search_and_find_as_json(small: Path) -> None:
    run(small, "index")
    wanted = ["work", "passage", "start", "end", "text", "marks"]
    for words in (["search", "haste"], ["find", "boat goes at noon"]):
        (row, *_) = lines(run(small, *words, "--json"))
        assert sorted(row) == sorted(wanted)
        assert row["marks"]
    (row,) = lines(run(small, "search", '"goes at noon"', "--kind", "source", "--json"))
    (start, end) = row["marks"][0]  # type: ignore[index]
    text = store.Store(store.current(small / "index")).document("letter").text
    assert text[start:end].startswith("goes")


@pytest.mark.parametrize(
    "words, code, said",
    [
        (["index"], WRONG_USE, "nothing in"),
        (["quotes"], FAILED, "Run: loccit index"),
        (["search", "x"], FAILED, "Run: loccit index"),
        (["find", "x y z"], FAILED, "Run: loccit index"),
        (["serve"], FAILED, "Run: loccit index"),
        (["add", "nowhere.txt", "--kind", "essay"], WRONG_USE, "no file or folder nowhere.txt"),
        (["add", "x.txt"], WRONG_USE, "--kind"),
        (["edit", "x"], WRONG_USE, "Say what to change"),
        (["edit", "x", "--title", "y"], FAILED, "no work “x”"),
        (["remove", "x", "--yes"], FAILED, "no work “x”"),
        (["bookmarks", "import", "nowhere.json"], WRONG_USE, "nowhere.json"),
        (["nonsense"], WRONG_USE, "nonsense"),
        (["quotes", "--verdict", "bogus"], WRONG_USE, "'verbatim'"),
        (["find", "two words"], WRONG_USE, "three words or more"),
        (["find", ""], WRONG_USE, "three words or more"),
        (["list"], WRONG_USE, "no archive"),
    ],
)
def test_wrong_use_ends_in_a_sentence(tmp_path: Path, words: list[str], code: int, said: str) -> None:
    result = run(tmp_path, *words)
    assert result.exit_code == code
    assert said in result.output


@pytest.mark.parametrize(
    "words, said",
    [
        (['"boat goes'], 'This can be searched: "boat goes"'),
        (["‘boat goes’"], 'Read as: "boat goes"'),
        (["boats"], "2 passages found"),
        (["boats", "--exact"], 'No passage has "boats".'),
        (["haste or noon"], "haste OR noon"),
        (["bota"], "Did you mean: boat"),
        (["kind:esay"], "No passage has kind:esay. kind:essay · kind:source"),
    ],
)
def test_search_says_what_the_pages_say(small: Path, words: list[str], said: str) -> None:
    run(small, "index")
    assert said in run(small, "search", *words).output


def test_a_limit_beyond_a_page_is_kept_to(small: Path, tmp_path: Path) -> None:
    """Of 250 passages asked for, the 200 of the engine's largest page came, and nothing said so."""
    long = tmp_path / "long.txt"
    paragraphs = [f"Tide table number {number}, {'page ' * 200}" for number in range(260)]
    long.write_text("Tides\n\n" + "\n\n".join(paragraphs), encoding="utf8")
    run(small, "add", "--kind", "source", str(long))
    run(small, "index")
    for order in ("relevance", "place"):
        found = lines(run(small, "search", "tide", "--limit", "250", "--sort", order, "--json"))
        assert len({row["passage"] for row in found}) == 250


@pytest.mark.parametrize("query", ["", " ", '"open', "(open", "x" * 100_000, "a AND", "*", ")"])
def test_queries_that_cannot_be_run_end_in_a_sentence(small: Path, query: str) -> None:
    run(small, "index")
    result = run(small, "search", query)
    assert result.exit_code in (DONE, FAILED)
    assert result.output.strip()
    assert len(result.output) < 2000


def test_what_is_not_there_is_named(small: Path) -> None:
    result = run(small, "list", "--collection", "nope")
    assert result.exit_code == WRONG_USE and "There are: added." in result.output
    result = run(small, "edit", "letter", "--year", "99999")
    assert result.exit_code == WRONG_USE and "1 to 2999" in result.output


def test_the_help_says_that_a_public_server_wants_a_name(tmp_path: Path) -> None:
    told = " ".join(run(tmp_path, "serve", "--help").output.split())
    assert "Say the --name too." in told
    assert run(tmp_path, "serve", "--public").exit_code != DONE


def test_a_quotation_keeps_its_number_in_a_filtered_list(sample: Path) -> None:
    whole = run(sample, "quotes").output.splitlines()
    kept = [
        line
        for line in run(sample, "quotes", "--verdict", "spliced").output.splitlines()
        if "spliced" in line
    ]
    assert kept and all(line in whole for line in kept)


def test_a_list_of_quotations_says_where_the_words_stand_and_what_is_cited(sample: Path) -> None:
    table = run(sample, "quotes", "in-defence-of-doctor-tarrow").output
    assert re.search(r"^ +stands in Report of the Inquiry.*p\. 12, DR\. TARROW$", table, re.M)
    assert re.search(r"^ +cited as \(Tarrow, Ibid\., p\. 13\) → .* · resolved$", table, re.M)
    assert "not found in what is held" in table
    rows = [
        json.loads(line)
        for line in run(sample, "quotes", "in-defence-of-doctor-tarrow", "--json").output.splitlines()
    ]
    lines = re.findall(r"^ +\d+  \S+ +“.*”(?:  ! (.+))?$", table, re.M)
    assert lines == [", ".join(row["warnings"]) for row in rows] and any(lines), "each with its warnings"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("The boat goes at noon and the wind is rising", "\n  10 of 10 words\n"),
        (
            "The boat goes at noon and under seven zebras now",
            "Only some of these words stand here: 6 of 10 words",
        ),
    ],
)
def test_a_place_says_how_many_of_the_words_it_has(small: Path, typed: str, expected: str) -> None:
    run(small, "index")
    result = run(small, "find", typed)
    assert expected in result.output


def test_adding_the_same_again_says_that_nothing_is_new(small: Path, tmp_path: Path) -> None:
    result = run(small, "add", "--kind", "essay", str(tmp_path / "pier.txt"))
    assert "1 unchanged. Nothing is new." in result.output


def test_an_unknown_essay_is_named(small: Path) -> None:
    run(small, "index")
    result = run(small, "quotes", "nobody")
    assert result.exit_code == FAILED and "“nobody”" in result.output


def test_a_wrong_catalogue_names_its_line(small: Path) -> None:
    (small / "raw/added/catalogue.toml").write_text('[[work]]\nid = "x"\nkind = "poem"\ntitle = "X"\n')
    result = run(small, "index")
    assert result.exit_code == FAILED
    assert "catalogue.toml: line 1: kind is “essay” or “source”" in result.output


def test_doctor(small: Path) -> None:
    run(small, "index")
    assert run(small, "doctor").exit_code == DONE
    (small / "raw/added/letter.txt").write_text("other words")
    result = run(small, "doctor")
    assert result.exit_code == FAILED
    assert "FAIL  digests: added/letter.txt" in result.output
    assert "FAIL  index: raw/ has changed" in result.output


def test_bookmarks_go_out_and_in(small: Path, tmp_path: Path) -> None:
    run(small, "index")
    empty = run(small, "bookmarks", "export")
    assert empty.exit_code == DONE and json.loads(empty.output) is not None
    assert not (small / "reader.sqlite3").exists()
    (tmp_path / "out.json").write_text(empty.output)
    assert run(small, "bookmarks", "import", str(tmp_path / "out.json")).exit_code == DONE
    for content in (b"{not json", b"\xff\xfe\x00", b"[1, 2]"):
        (tmp_path / "bad.json").write_bytes(content)
        bad = run(small, "bookmarks", "import", str(tmp_path / "bad.json"))
        assert bad.exit_code == FAILED and bad.output.strip()


@pytest.fixture
def marked(small: Path) -> Path:
    """An archive with a bookmark of a page that it does not hold, as Hypothes.is exports one."""
    row = {
        "uri": "https://example.org/p", "text": "note", "tags": ["t"], "document": {"title": ["A page"]},
        "target": [{"selector": [{"type": "TextQuoteSelector", "exact": "some words"}]}],
    }  # fmt: skip
    (small / "rows.json").write_text(json.dumps({"rows": [row, row | {"target": []}]}))
    told = run(small, "bookmarks", "import", str(small / "rows.json"))
    assert told.exit_code == FAILED and "1 imported" in told.output and "2 failed" in told.output
    return small


@pytest.mark.parametrize(
    ("format_", "begins"),
    [
        ("json", '{\n "@context"'),
        ("markdown", "# Bookmarks"),
        ("csv", "\ufeffid,kind,words"),
        ("html", "<!doctype html>"),
        ("bibtex", "@online{https:--example.org-p"),
        ("ris", "TY  - ELEC"),
        ("csl", "[\n {"),
    ],
)
def test_bookmarks_are_printed_in_every_format_without_an_index(
    marked: Path, format_: str, begins: str
) -> None:
    printed = run(marked, "bookmarks", "export", "--format", format_)
    assert printed.exit_code == DONE and printed.output.startswith(begins), printed.output[:200]
    assert "some words" in printed.output
    other = run(marked, "bookmarks", "export", "--format", format_, "--tag", "none")
    assert "some words" not in other.output


def test_what_is_kept_is_copied_and_put_back(marked: Path, tmp_path: Path) -> None:
    copy = str(tmp_path / "copy.sqlite3")
    assert "bookmarks copied: 1" in run(marked, "bookmarks", "backup", copy).output
    again = run(marked, "bookmarks", "backup", copy)
    assert again.exit_code == FAILED and "there already" in again.output
    (marked / "reader.sqlite3").unlink()
    assert run(marked, "bookmarks", "restore", copy).output == "Bookmarks now: 1\n"
    told = run(marked, "bookmarks", "restore", copy).output
    assert "What was kept before is in" in told
    wrong = run(marked, "bookmarks", "restore", str(marked / "rows.json"))
    assert wrong.exit_code == FAILED and "Nothing was changed" in wrong.output


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_has_help_with_an_example(command: str) -> None:
    text = CliRunner().invoke(main, [command, "--help"]).output
    assert "Example" in text or command == "bookmarks"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("backup", "kept.sqlite3"), "loccit bookmarks backup"),
        (("export",), "loccit bookmarks export"),
        (("password", "marlow"), "loccit accounts password"),
        (("nonsense",), "No such command"),
    ],
)
def test_a_verb_that_only_a_group_has_is_told_with_its_group(
    tmp_path: Path, typed: tuple[str, ...], said: str
) -> None:
    result = CliRunner().invoke(main, ["--archive", str(tmp_path), *typed], prog_name="loccit")
    assert (result.exit_code, said in result.output) == (WRONG_USE, True), result.output


def test_demo_looks_at_its_port_before_it_indexes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All was indexed before it said that the port is another's."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(main, ["demo", "--port", str(port)])
    assert result.exit_code == FAILED
    assert result.output.startswith(f"Error: Cannot listen on 127.0.0.1:{port}: ")
    assert "Indexed" not in result.output and list(tmp_path.iterdir()) == []


def test_the_sample_can_be_listed_by_script(sample: Path) -> None:
    rows = lines(run(sample, "quotes", "--json"))
    findings: list[Finding] = store.Store(store.current(sample / "index")).findings()
    assert [r["id"] for r in rows] == [f.quotation.id for f in findings]
    assert len(lines(run(sample, "sources", "--json"))) >= 8


def test_demo_serves_the_sample_from_anywhere(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from loccit import main; main()", "demo", "--port", "0"]
    env = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1", "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = next(m[0] for line in process.stdout if (m := re.search(r"http://[\d.:]+/", line)))
            with urllib.request.urlopen(address, timeout=30) as page:
                assert b"Loccit" in page.read()
        finally:
            process.terminate()
            process.wait(20)


def test_list_tells_what_is_held_now_not_what_was_indexed(small: Path, tmp_path: Path) -> None:
    """What was fetched or edited since was told as it had been when the index was made."""
    raw = small / "raw/added/catalogue.toml"
    url = "https://www.example.org/log.txt"
    raw.write_text(f'[[work]]\nid = "log"\nkind = "source"\ntitle = "The log"\nurl = "{url}"\n')
    assert run(small, "index").exit_code == DONE
    assert "log" in run(small, "list", "--not-held").output
    page = tmp_path / "www.example.org/log.txt"
    page.parent.mkdir()
    page.write_text("The log\n\nAt noon the boat went out.\n")
    assert run(small, "add", "--kind", "source", str(page)).exit_code == DONE
    assert run(small, "edit", "letter", "--title", "His letter").exit_code == DONE
    told = run(small, "list", "--held").output
    assert (
        "The log" in told
        and "His letter" in told
        and "No such works" in run(small, "list", "--not-held").output
    )


def test_a_work_is_no_part_of_itself_nor_of_what_there_is_not(small: Path) -> None:
    assert "cannot be a chapter of itself" in run(small, "edit", "letter", "--parent", "letter").output
    assert "no work “nowhere”" in run(small, "edit", "letter", "--parent", "nowhere").output


def test_words_that_are_found_in_another_order_are_marked_once(small: Path) -> None:
    assert run(small, "index").exit_code == DONE
    typed = "The boat goes at noon and the wind is rising ... I write in haste"
    [row] = lines(run(small, "find", "--json", typed))
    assert row["marks"] == sorted(row["marks"])  # type: ignore[call-overload]

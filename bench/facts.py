"""Works of a folder whose title, author or year look wrong, by kind: to be looked at against their pages.

    .venv/bin/python bench/facts.py ../shared/archive/sources --show year

A year is compared with that in the page's own address, which is no proof: a page may print what is older.
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from indexer.errors import UnreadableFile
from indexer.extract import extract
from indexer.models import Work

IN_ADDRESS = re.compile(r"/(1[6-9]\d\d|20[0-2]\d)(?=[/.-])")
ORNAMENT = re.compile(r"(?!.*[^\W\d_]{2})")
SITE = re.compile(r"untitled|internet archive|\.org\b|\.com\b", re.IGNORECASE)
BY = re.compile(r"\bby [A-Z][\w.]+( [A-Z][\w.]+)+$")
LONGEST_TITLE = 110
PERSONS = re.compile(r"(?:(?:[^\W\da-z_][\w.’'-]*|von|van|de|der|la|del|and|&|et|y),? ?){2,8}")


def oddities(work: Work) -> Iterator[str]:
    """The kinds in which a work is odd."""
    years = [int(year) for year in IN_ADDRESS.findall(work.file or "")]
    if work.year and years and min(abs(work.year - year) for year in years) > 1:
        yield "year"
    if not work.year:
        yield "no year"
    if len(work.title) > LONGEST_TITLE:
        yield "long title"
    if ORNAMENT.match(work.title):
        yield "title of no words"
    if SITE.search(work.title):
        yield "title of a site"
    if work.title.casefold() == (work.author or "").casefold():
        yield "title is the author"
    if BY.search(work.title):
        yield "title ends with by"
    if not work.author:
        yield "no author"
    elif SITE.search(work.author) or not PERSONS.fullmatch(work.author):
        yield "author"
    if any(ORNAMENT.match(alias) or SITE.search(alias) for alias in work.aliases):
        yield "other title"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", nargs="*", default=[], help="kinds of which every work is listed")
    args = parser.parse_args()
    found: dict[str, list[Work]] = defaultdict(list)
    for path in sorted(path for path in args.folder.rglob("*") if path.is_file()):
        name = path.relative_to(args.folder).as_posix()
        given = Work(name, "bench", "source", "", url=f"https://{name}", file=name)
        try:
            work = extract(given, path.read_bytes()).work
        except UnreadableFile as error:
            print(f"unreadable  {error}")
            continue
        for kind in oddities(work):
            found[kind].append(work)
    for kind, works in sorted(found.items()):
        print(f"{len(works):6}  {kind}")
        for work in works if kind in args.show else ():
            print(f"        {work.file}  {work.title} | {work.author} | {work.date} | {work.aliases}")


if __name__ == "__main__":
    main()

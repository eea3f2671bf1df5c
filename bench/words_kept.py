"""How many of the words on a page its Document keeps.

    python bench/words_kept.py FOLDER [--below 98] [--all]

The words of a page are read here in another way than in the extraction: comments, scripts and styles
are cut out, tags stripped, entities resolved. Printed are the words kept in all; each page that keeps
less than `--below` per cent, with what was left out; and the pieces left out most often, which should
be navigation and nothing else. Pages that cannot be read are named with the reason. A page below the mark
whose own remark, as `loccit index` gives it, does not speak of words left out is marked "silent".
"""

import argparse
import difflib
import html
import re
from collections import Counter
from pathlib import Path

from indexer.errors import UnreadableFile
from indexer.extract import charset, extract
from indexer.models import Work

NOT_TEXT = re.compile(
    r"<!--.*?-->|<(script|style|head|title|noscript)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)
INLINE = re.compile(
    r"</?(a|b|i|u|em|strong|span|font|sup|sub|small|big|tt|code|abbr|acronym|cite|dfn|s|strike|nobr|q)\b[^<>]*>",
    re.IGNORECASE,
)
TAG = re.compile(r"</?[a-zA-Z!?][^<>]*>")
WORD = re.compile(r"\w+")
MOST_COMMON = 40
# Longer pieces are cut in the report.
SHOWN = 160


def words_of_page(raw: bytes, name: str) -> list[str]:
    """The words between the tags of a page, in order."""
    text = NOT_TEXT.sub(" ", charset.decode(raw, name))
    return WORD.findall(html.unescape(TAG.sub(" ", INLINE.sub("", text))))


def left_out(page: list[str], kept: list[str]) -> list[str]:
    """The stretches of the page's words that are not among the kept ones, in order."""
    matcher = difflib.SequenceMatcher(None, page, kept, autojunk=False)
    return [
        " ".join(page[a:b]) for code, a, b, _, _ in matcher.get_opcodes() if code in ("delete", "replace")
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--below", type=float, default=98, help="name pages that keep less than this per cent"
    )
    parser.add_argument(
        "--all", action="store_true", help="count left-out pieces of all pages, not only of those"
    )
    args = parser.parse_args()
    total, kept_total, low, pieces = 0, 0, 0, Counter()
    files = sorted(path for path in args.folder.rglob("*") if path.is_file())
    for path in files:
        name = path.relative_to(args.folder).as_posix()
        try:
            page = words_of_page(path.read_bytes(), name)
            document = extract(Work(name, "bench", "source", "", file=name), path.read_bytes())
            kept = WORD.findall(document.text)
        except UnreadableFile as error:
            print(f"unreadable  {error}")
            continue
        there = sum((Counter(page) & Counter(kept)).values())
        total, kept_total = total + len(page), kept_total + there
        share = 100 * there / max(1, len(page))
        if share < args.below or args.all:
            out = left_out(page, kept)
            pieces.update(out)
        if share < args.below:
            low += 1
            silent = "" if any("words kept" in remark for remark in document.remarks) else "  silent"
            print(f"{share:5.1f} %  {name}  ({len(page) - there} of {len(page)} words){silent}")
            print("".join(f"         - {piece[:SHOWN]}\n" for piece in out), end="")
    print(f"\n{len(files)} files, {total} words, {kept_total} kept: {100 * kept_total / max(1, total):.3f} %")
    print(f"{low} files keep less than {args.below:g} %. Left out most often:")
    for piece, times in pieces.most_common(MOST_COMMON):
        print(f"{times:6}  {piece[:SHOWN]}")


if __name__ == "__main__":
    main()

# ruff: noqa: E501
"""Files that are not what they should be, made from invented whole ones: every kind of harm, by number.

    python tests/malformed.py FOLDER [COUNT]

writes the first COUNT of them (500) to a folder, to be added and indexed by hand.
"""

import codecs
import random
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

from test_extract_formats import BOOK, TEI, docx, epub, packed, pdf

Maker = Callable[[random.Random], tuple[str, bytes | str]]

PAGE = "<html><head><title>Low water</title></head><body><p>Nobody asked on the quay.</p>{}</body></html>"
CHAPTER = "<html><body><h1>One</h1><p>Nobody asked on the quay.</p></body></html>"
CONTAINER = '<container><rootfile full-path="a.opf"/></container>'
PARAGRAPH = "<w:p><w:r><w:t>Nobody asked on the quay.</w:t></w:r></w:p>"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
FOREIGN = '<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY n SYSTEM "http://127.0.0.1:9/x">'


def whole(rng: random.Random) -> tuple[str, bytes]:
    """A file without harm."""
    return rng.choice([
        ("a.pdf", pdf(BOOK)), ("a.epub", epub({"a.xhtml": CHAPTER, "b.xhtml": CHAPTER})),
        ("a.docx", docx(PARAGRAPH * 3)), ("a.xml", TEI.encode()), ("a.htm", PAGE.format("").encode()),
        ("a.zip", packed({"a.txt": "Nobody asked."})),
    ])  # fmt: skip


def cut(rng: random.Random) -> tuple[str, bytes]:
    """A file that breaks off."""
    name, raw = whole(rng)
    return name, raw[: rng.randrange(1, len(raw))]


def flipped(rng: random.Random) -> tuple[str, bytes]:
    """A file with wrong bits."""
    name, raw = whole(rng)
    changed = bytearray(raw)
    for _ in range(rng.choice([1, 3, 20, 100])):
        changed[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    return name, bytes(changed)


def spliced(rng: random.Random) -> tuple[str, bytes]:
    """The head of one file before the tail of another."""
    (name, one), (_, other) = whole(rng), whole(rng)
    return name, one[: rng.randrange(len(one))] + other[rng.randrange(len(other)) :]


def repeated(rng: random.Random) -> tuple[str, bytes]:
    """A file with a piece of it many times over."""
    name, raw = whole(rng)
    at = rng.randrange(len(raw))
    return name, raw[:at] + raw[at : at + rng.randrange(1, 60)] * rng.randrange(2, 5000) + raw[at:]


def lying(rng: random.Random) -> tuple[str, bytes]:
    """A file under another's ending."""
    signs = [
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"\x7fELF",
        b"\xd0\xcf\x11\xe0\xa1\xb1",
        b"{\\rtf1 a}",
    ]
    raw = rng.choice([whole(rng)[1], rng.choice(signs) + rng.randbytes(300), rng.randbytes(3000)])
    return rng.choice(["a.txt", "a.htm", "a.pdf", "a.epub", "a.docx", "a.md", "a.xml", "a"]), raw


def empty(rng: random.Random) -> tuple[str, bytes]:
    """A file without a word."""
    marks = [b"", b" \n\t\r\n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, b"\0" * 500, b"<html><body></body></html>",
             b"<!-- Words --><script>words()</script>", b"...\n***\n---", b"\xff" * 50]  # fmt: skip
    return rng.choice(["a.txt", "a.htm", "a.md"]), rng.choice(marks)


def strange(rng: random.Random) -> tuple[str, bytes]:
    """A text with what no text has in it."""
    text = "Nobody asked on the quay, and nobody said why. " * 20
    made = [
        text.encode().replace(b" ", b"\0", rng.randrange(1, 9)), text.encode().replace(b"a", b"\xed\xa0\x80"),
        text.encode("utf-16-le") + b"\x00\xd8x\x00", text.encode("utf-16")[:-1], text.encode("utf-32"),
        PAGE.format("&#xD800;&#0;&#x110000;&#99999999999;").encode(), text.encode().replace(b"o", b"\x1b[31m"),
        b"\xef\xbb\xbf\xff\xfe" + text.encode(), text.encode().replace(b"e", b"\x81\x40"),
    ]  # fmt: skip
    return rng.choice(["a.txt", "a.htm", "a.md"]), rng.choice(made)


def declared(rng: random.Random) -> tuple[str, str]:
    """A page that names an encoding that is none, or not its own."""
    names = ["utf-7", "utf-16", "utf-32", "idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "rot13",
             "hex", "zlib", "base64", "x" * 500, "../../etc/passwd", "mbcs", "oem", "cp65001", ""]  # fmt: skip
    return "a.htm", PAGE.format("Caf\u00e9").replace(
        "<title>", f'<meta charset="{rng.choice(names)}"><title>'
    )


def deep(rng: random.Random) -> tuple[str, str]:
    """Mark-up within mark-up without end."""
    tag, times = (
        rng.choice(["div", "b", "blockquote", "table", "ul", "font", "q", "x"]),
        rng.choice([300, 3000, 100_000]),
    )
    opened = f"<{tag}>" * times
    return "a.htm", PAGE.format(opened + rng.choice(["", "Words", f"Words{f'</{tag}>' * times}"]))


def tangled(rng: random.Random) -> tuple[str, str]:
    """Mark-up that never ends or is nothing else."""
    made = ["<!--" * 9000, "<a href='" + "x" * 300_000, "<p " + "a=b " * 50_000 + ">", "<" * 100_000, "&" * 100_000,
            "&#x" + "9" * 100_000, "<![CDATA[" * 5000, "</p>" * 50_000, "<table><tr><td>" * 5000, "<p>\n" * 40_000,
            "<script>" * 3000, "<title>" * 3000, "<a name=a>" * 5000, "<sup>1</sup>" * 20_000]  # fmt: skip
    return "a.htm", PAGE.format(rng.choice(made))


def long(rng: random.Random) -> tuple[str, str]:
    """A text of a few characters, again and again: what makes patterns run for ever."""
    pieces = [" ", "\n", "(", "[", "“", '"', "- ", "* ", "> ", "1. ", "=", "#", "\f", "A: ", "a-\n", "...", "\t", "I. ", "_", "`", "|",
              "[1] ", "p. 1\n", "\u00ad", "\u200b", "e\u0301", "\ufdfa", "'s ", "http://a.b/ "]  # fmt: skip
    piece, other = rng.choice(pieces), rng.choice(pieces)
    return rng.choice(["a.txt", "a.md"]), f"Words {(piece + other) * rng.choice([2000, 20_000])} words"


def entities(rng: random.Random) -> tuple[str, bytes | str]:
    """XML whose entities swell or lead elsewhere."""
    said = rng.choice([f'<!ENTITY l0 "ha">{LAUGHS}', FOREIGN, f'<!ENTITY l0 "{"ha" * 50_000}">'])
    used = rng.choice(["&l9;", "&f;&n;", "&l0;" * 3000, '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" '
                       'href="file:///etc/passwd" parse="text"/>'])  # fmt: skip
    tei = TEI.replace("<TEI ", f"<!DOCTYPE TEI [{said}]><TEI ", 1).replace("End.", f"End {used}.")
    word = f"<!DOCTYPE w [{said}]>"
    kinds = [("a.xml", tei), ("a.docx", docx(PARAGRAPH).replace(b"PK\x05\x06", b"PK\x05\x06")),
             ("a.epub", epub({"a.xhtml": word + CHAPTER.replace("asked", used)}))]  # fmt: skip
    return rng.choice(kinds)


def lacking(rng: random.Random) -> tuple[str, bytes]:
    """A book without a part of itself, or with one that leads elsewhere."""
    package = '<package><manifest><item id="i" href="{}" media-type="text/html"/></manifest><spine>{}</spine></package>'
    parts = [
        {"META-INF/container.xml": CONTAINER}, {"META-INF/container.xml": "<container/>", "a.opf": "<package/>"},
        {"META-INF/container.xml": "<container"}, {"META-INF/container.xml": CONTAINER, "a.opf": "<package/>"},
        *({"META-INF/container.xml": CONTAINER, "a.opf": package.format(href, '<itemref idref="i"/>' * times)}
          for href in ("../../../etc/passwd", "/etc/passwd", "http://127.0.0.1:9/", "a.xhtml", "%2e%2e/x")
          for times in (1, 2000)),
        {"META-INF/container.xml": CONTAINER.replace("a.opf", "META-INF/container.xml")},
        {"word/document.xml": ""}, {"word/document.xml": "<a/>"}, {"word/document.xml": "words"}, {"word/x.xml": "<a/>"},
    ]  # fmt: skip
    return rng.choice([("a.epub", packed(rng.choice(parts))), ("a.epub", epub({}, "gone.xhtml"))])


def swelling(rng: random.Random) -> tuple[str, bytes]:
    """A small file that is a large one when it is unpacked."""
    zeros, tags = b"<p>a</p>" * 5_000_000, b"<b>" * 500_000
    return rng.choice([
        ("a.epub", epub({"a.xhtml": zeros})), ("a.epub", epub({"a.xhtml": tags})),
        ("a.docx", docx(PARAGRAPH * 40_000)), ("a.zip", packed({"a.txt": zeros})), ("a.pdf", _stream(b"(a) Tj " * 9_000_000)),
        ("a.pdf", _stream(b"q " * 2_000_000 + b"BT (a) Tj ET")),
    ])  # fmt: skip


def _stream(content: bytes) -> bytes:
    data = zlib.compress(content)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << >> >>"
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(data), data)
    pages = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    return _objects([b"<< /Type /Catalog /Pages 2 0 R >>", pages, page, stream])


def _objects(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, whose list of them is left to the reader to mend."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, data) for n, data in enumerate(objects, 1))
    return b"%PDF-1.5\n" + body + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n0\n%%%%EOF" % (
        len(objects) + 1, trailer)  # fmt: skip


def knotted(rng: random.Random) -> tuple[str, bytes]:
    """A PDF whose parts refer to each other without end, lie or are missing."""
    catalog, good = b"<< /Type /Catalog /Pages 2 0 R >>", pdf(BOOK)
    return "a.pdf", rng.choice([
        _objects([catalog, b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>"]),
        _objects([catalog, b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", b"<< /Type /Pages /Kids [2 0 R] /Parent 2 0 R >>"]),
        _objects([b"1 0 R"]), _objects([catalog, b"2 0 R"]), _objects([catalog]), _objects([]),
        _objects([catalog, b"[" * 20_000]), _objects([catalog, b"<<" * 5000]),
        _objects([catalog, b"<< /Type /Pages /Count 999999999 /Kids [] >>"]),
        good.replace(b"/Length", b"/Length 99999999 /L"), good.replace(b"/Length", b"/Length -1 /L"),
        good.replace(b"endstream", b""), good.replace(b"xref", b"yref"), good.replace(b"/Kids", b"/Sids"),
        good.replace(b"%%EOF", b"/Prev 9 %%EOF"), pdf([[""], [""]]), pdf([]), b"%PDF-1.4", b"%PDF-9.9\n%%EOF",
        pdf(BOOK, "/Encrypt << /Filter /Standard /V 1 /R 2 /O (x) /U (x) /P 1 >>"),
        pdf(BOOK, "/Encrypt << /Filter /Standard /V 5 /R 6 /O (x) /U (x) /P 1 >>"), pdf(BOOK, "/Prev 1"),
        good.replace(b"Tj", b"Do"), good.replace(b"/Contents", b"/Contents 1 0 R /C"),
    ])  # fmt: skip


MAKERS: list[Maker] = [
    cut, flipped, spliced, repeated, lying, empty, strange, declared, deep, tangled, long, entities, lacking, swelling, knotted,
]  # fmt: skip


def malformed(number: int) -> tuple[str, bytes]:
    """The ending of a file's name and its bytes; the makers take turns."""
    rng = random.Random(number)
    name, raw = MAKERS[number % len(MAKERS)](rng)
    return name, raw if isinstance(raw, bytes) else raw.encode()


def main() -> None:
    """Writes them to a folder."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(int(sys.argv[2]) if len(sys.argv) > 2 else 500):
        name, raw = malformed(number)
        maker = MAKERS[number % len(MAKERS)].__name__
        (folder / f"{number:03}-{maker}{Path(name).suffix}").write_bytes(raw)


if __name__ == "__main__":
    main()

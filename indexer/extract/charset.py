"""Bytes to text, in an order that survives wrong declarations.

A byte order mark is believed. So are bytes that happen to be valid UTF-8 and not ASCII, whatever the
page declares, for by chance that is next to impossible. Then an encoding of eight bits that the page
declares, or else the server that sent it, with the Windows code page in the place of its ISO twin, as
browsers do. Undeclared text of another script is left to detection; all else is Western.
"""

import codecs
import re

from charset_normalizer import from_bytes

from indexer.errors import UnreadableFile

# The mark of UTF-32 begins with that of UTF-16, so it is looked for first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
# A declaration stands at the top; browsers look at a kilobyte, old pages put long keywords before it.
_HEAD = 8192
# Of the letters of a Western text few lie above ASCII ; of Cyrillic or Greek most.
_FOREIGN = 0.25
# Enough text to tell an encoding by; detection costs time in proportion.
_SAMPLE = 20_000
# A real page in UTF-16 has a zero in nearly every other byte, Western text at least; a stray NUL is no sign.
_UTF16_ZEROS = 0.3
_WESTERN = {"iso8859-1", "ascii", "cp1252", "latin-1", "utf-8"}
_NO_PAGE = ("utf-16", "utf-32", "utf-7", "punycode", "idna", "unicode-escape", "raw-unicode-escape")
_CANDIDATES = [
    "cp1251",
    "koi8_r",
    "cp1250",
    "iso8859_5",
    "iso8859_7",
    "cp1253",
    "shift_jis",
    "big5",
    "gb18030",
    "euc_jp",
]
_BINARY = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"%PDF-", "a PDF file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b"))
# More control bytes than this share, and than this number, is no text, however it is read.
_MOST_CONTROLS, _STRAY_CONTROLS = 0.05, 16
_UNSAYABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f\ud800-\udfff]")


def decode(raw: bytes, name: str, told: str | None = None) -> str:
    """The text of a file, with nothing in it that cannot be stored or shown.

    `name` is for the error's text, `told` the encoding that a server told, for a page that names none.
    Raises UnreadableFile for an empty file and for a binary.
    """
    _refuse_binary(raw, name)
    text = _decoded(raw, told).removeprefix("\ufeff")
    return _UNSAYABLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\x00", " "))


def _refuse_binary(raw: bytes, name: str) -> None:
    if not raw.strip():
        raise UnreadableFile(f"{name} is empty: there is no text in it.")
    for magic, what in _BINARY:
        if raw.startswith(magic):
            raise UnreadableFile(f"{name} is {what}, whatever its name says: there is no text in it to read.")
    if _wide(raw) or raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return
    sample = raw[: 1 << 20]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > max(_STRAY_CONTROLS, _MOST_CONTROLS * len(sample)):
        raise UnreadableFile(f"{name} is a binary file: there is no text in it to read.")


def _decoded(raw: bytes, told: str | None) -> str:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace")
    if wide := _wide(raw):
        return raw.decode(wide, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _eight_bit(raw, told)


def _wide(raw: bytes) -> str | None:
    """The UTF-16 that a text without a byte order mark is in, by its zero bytes."""
    sample = raw[:_HEAD]
    half = max(1, len(sample) // 2)
    odd, even = sample[1::2].count(0) / half, sample[0::2].count(0) / half
    if odd > _UTF16_ZEROS and even < odd / 4:
        return "utf-16-le"
    if even > _UTF16_ZEROS and odd < even / 4:
        return "utf-16-be"
    return None


def _eight_bit(raw: bytes, told: str | None) -> str:
    found = _DECLARED.search(raw[:_HEAD])
    declared = _known(found.group(1).decode("ascii") if found else told or "")
    if declared and declared not in _WESTERN:
        try:
            return raw.decode(declared)
        except UnicodeDecodeError:
            pass
    if _foreign(raw):
        best = from_bytes(raw[:_SAMPLE], cp_isolation=_CANDIDATES).best()
        if best is not None:
            return raw.decode(best.encoding, "replace")
    return _western(raw)


def _known(encoding: str) -> str | None:
    """An encoding by Python's name; None for an unknown or a wide one, or one of escapes."""
    try:
        name = codecs.lookup(encoding).name
        "a".encode(name)
    except (LookupError, UnicodeError, ValueError):
        return None
    # A page of wide characters would have been known by its zeros: such a declaration is wrong.
    return None if name.startswith(_NO_PAGE) else name


def _foreign(raw: bytes) -> bool:
    sample = raw[:_SAMPLE]
    high = sum(byte > 0xBF for byte in sample)
    letters = sum(bytes([byte]).isalpha() for byte in re.sub(rb"<[^>]*>", b"", sample))
    return high > _FOREIGN * (high + letters)


_PIECES = re.compile(
    rb"([\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})"
    rb"|(\x81[\x40-\xfc])|([\x80-\xff])"
)


def _western(raw: bytes) -> str:
    """The Windows code page, with pieces of UTF-8 and of Shift-JIS punctuation where they slipped in.

    0x81 is no character of the Windows code page but begins the punctuation of Shift-JIS, which some
    editors wrote into English pages. A sequence of UTF-8 counts as such only where the page has more
    of them than other high bytes; two accented capitals in a row are then still what they seem.
    """
    found = [match.lastindex for match in _PIECES.finditer(raw)]
    mixed = found.count(1) > found.count(3)
    pieces, at = [], 0
    for match in _PIECES.finditer(raw):
        pieces.append(raw[at : match.start()].decode("ascii"))
        pieces.append(_piece(match.group(), match.lastindex, mixed))
        at = match.end()
    pieces.append(raw[at:].decode("ascii"))
    return "".join(pieces)


def _piece(data: bytes, what: int | None, mixed: bool) -> str:
    try:
        if what == 1 and mixed:
            return data.decode("utf-8")
        if what == 2:
            return data.decode("shift_jis")
    except UnicodeDecodeError:
        pass
    return data.decode("cp1252", "replace")

"""PDF to a Sheet: the lines of its pages, as far as the file has text."""

import logging
from collections import Counter
from collections.abc import Container, Sequence
from io import BytesIO
from math import hypot
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, WrongPasswordError

from indexer.errors import UnreadableFile
from indexer.extract import scans
from indexer.extract.columns import Piece, parts
from indexer.extract.footnotes import foot, without_number
from indexer.extract.writer import Sheet

MAGIC = b"%PDF-"
# The longest books have some thousand pages; a page has some thousand drawing operations, a map more.
_MOST_PAGES, _MOST_STEPS, _MOST_BYTES = 5_000, 3_000_000, 4_000_000
# A page that sets each letter by itself has some thousand pieces of text; their cost grows faster.
_MOST_PIECES = 20_000
_SHOWING = (b"Tj", b"TJ", b"'", b'"')
# More pages than this without a letter are enough to tell that a file is a row of pictures.
_LEAST_LETTERS = 10
# A rule across a page is a line or a thin box, in points.
_LEAST_RULE, _THICKEST_RULE = 20, 2
_FACTS = {"/Title": "title", "/Author": "creator"}


class _TooMuchError(Exception):
    """A page asks for more steps than a book has."""


def read(raw: bytes, name: str) -> Sheet:
    """The text of a PDF. Raises UnreadableFile if it is encrypted, damaged, too large or has no text."""
    # What the library has to say of mended files is of no use to a reader.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        pages, facts = _read(raw, name)
    except (FileNotDecryptedError, WrongPasswordError, DependencyError):
        raise UnreadableFile(f"{name} is encrypted: save a copy without its password and add that.") from None
    except _TooMuchError:
        raise UnreadableFile(f"{name} has pages larger than any book's: it was not read.") from None
    except (UnreadableFile, MemoryError):
        raise
    except Exception as error:  # The library meets a broken file with any error there is.
        raise UnreadableFile(
            f"{name} is a damaged PDF file ({type(error).__name__}): add it again."
        ) from None
    if sum(char.isalnum() for item in pages for line in item.lines for char in line) < _LEAST_LETTERS:
        raise UnreadableFile(f"{name} has no text: needs OCR, for example: ocrmypdf {name} with-text.pdf")
    return scans.read(pages, facts)


def _read(raw: bytes, name: str) -> tuple[list[scans.Page], dict[str, str]]:
    reader = PdfReader(BytesIO(raw), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise WrongPasswordError
    if len(reader.pages) > _MOST_PAGES:
        raise UnreadableFile(f"{name} has more than {_MOST_PAGES} pages: add its parts one by one.")
    labels = _labels(reader)
    steps, sizes = _Steps(), Counter[float]()
    pages = []
    for index, item in enumerate(reader.pages):
        content = item.get_contents()
        if content is not None and len(content.get_data()) > _MOST_BYTES:
            raise _TooMuchError
        label = labels[index] if index < len(labels) else str(index + 1)
        body, notes = _text(item, steps, sizes)
        pages.append(scans.page(_shown(body), label, _shown(notes)))
    return pages, _facts(reader)


def _text(item: PageObject, steps: "_Steps", sizes: Counter[float]) -> tuple[str, str]:
    """The lines of a page in the order of reading, one column after the other, however they were drawn; and
    those of the notes at its foot. `sizes` counts the letters of each size, on the pages before as well."""
    seen = _Pieces(steps)
    text = item.extract_text(visitor_operand_before=seen.before, visitor_operand_after=seen.place)
    for piece in seen.found:
        sizes[round(piece.size, 1)] += piece.letters
    size = max(sizes, key=lambda size: sizes[size], default=0.0)
    found = parts(seen.found, float(item.mediabox.left), float(item.mediabox.right))
    columns = found or [0] * len(seen.found)

    def drawn(wanted: Container[int]) -> str:
        return item.extract_text(visitor_operand_before=_Only(steps, wanted))

    bodies, notes = [], []
    for part in sorted(set(columns)):
        whole = {number for number, column in enumerate(columns) if column == part}
        low = foot(seen.found, whole, seen.rules, size)
        above, below = (drawn(whole - low.pieces), drawn(low.pieces)) if low else ("", "")
        below, number = without_number(below)
        sure = low is not None and low.proved(above, below)
        bodies.append(f"{above}\n{number}" if sure else text if found is None else drawn(whole))
        notes += [below] if sure else []
    return "\n".join(bodies) if bodies else text, "\n".join(notes)


class _Steps:
    """Counts the operations of a file, those of forms that a page repeats too."""

    def __init__(self) -> None:
        self.left = _MOST_STEPS

    def count(self, *_: Any) -> None:
        """Take note of one more; raises _TooMuchError when they are too many."""
        self.left -= 1
        if self.left < 0:
            raise _TooMuchError


class _Pieces:
    """The pieces of text of a page in the order of drawing, and the heights of the rules drawn across."""

    def __init__(self, steps: _Steps) -> None:
        self.found: list[Piece] = []
        self.rules: set[float] = set()
        self._steps = steps
        self._size = 0.0
        self._sizes: list[float] = []
        self._pen: list[float] = []

    def before(self, operator: bytes, operands: list[Any], cm: list[float], _: list[float]) -> None:
        """Follow the size of type and the pen."""
        self._steps.count()
        numbers = [float(item) for item in operands if isinstance(item, (int, float))]
        if operator == b"Tf" and numbers:
            self._size = numbers[-1]
        elif operator == b"q":
            self._sizes.append(self._size)
        elif operator == b"Q" and self._sizes:
            self._size = self._sizes.pop()
        elif operator == b"re" and len(numbers) == 4:
            self._rule(numbers[:2], [numbers[0] + numbers[2], numbers[1] + numbers[3]], cm)
        elif operator == b"l" and len(numbers) == 2 and self._pen:
            self._rule(self._pen, numbers, cm)
        if operator in (b"m", b"l") and len(numbers) == 2:
            self._pen = numbers

    def _rule(self, start: list[float], end: list[float], cm: list[float]) -> None:
        (x, y), (right, top) = (_placed(point, cm) for point in (start, end))
        if abs(right - x) >= _LEAST_RULE and abs(top - y) <= _THICKEST_RULE:
            self.rules.add(max(y, top))

    def place(self, operator: bytes, operands: list[Any], cm: list[float], tm: list[float]) -> None:
        """Take note of one; raises _TooMuchError when they are too many."""
        if operator in _SHOWING:
            x, y = _placed(tm[4:6], cm)
            size = self._size * hypot(tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3])
            self.found.append(Piece(x, y, _letters(operands), size))
            if len(self.found) > _MOST_PIECES:
                raise _TooMuchError


class _Only:
    """Lets some pieces of a page be drawn, by their numbers, and empties the others."""

    def __init__(self, steps: _Steps, wanted: Container[int]) -> None:
        self._steps, self._wanted, self._number = steps, wanted, -1

    def __call__(self, operator: bytes, operands: list[Any], *_: Any) -> None:
        self._steps.count()
        if operator not in _SHOWING:
            return
        self._number += 1
        if self._number not in self._wanted:
            shown = (item for item in operands[-1:] if isinstance(item, (str, bytes, list)))
            operands[-1:] = [type(item)() for item in shown]


def _placed(point: Sequence[float], cm: list[float]) -> tuple[float, float]:
    """Where a point lies on the page."""
    x, y = point
    return x * cm[0] + y * cm[2] + cm[4], x * cm[1] + y * cm[3] + cm[5]


def _letters(operands: list[Any]) -> int:
    """The number of bytes that an operation shows."""
    shown = operands[-1] if operands else ""
    items = shown if isinstance(shown, list) else [shown]
    return sum(len(item) for item in items if isinstance(item, (str, bytes)))


def _labels(reader: PdfReader) -> list[str]:
    """The numbers of the pages as the file gives them; [] where its list is broken."""
    try:
        return [" ".join(label.split()) for label in reader.page_labels]
    except Exception:  # As above; numbers from 1 serve as well.
        return []


def _facts(reader: PdfReader) -> dict[str, str]:
    """Title and author as the file states them, but for what programs put there by themselves."""
    facts: dict[str, str] = {}
    stated: dict[str, Any] = dict(reader.metadata or {})
    for key, fact in _FACTS.items():
        value = " ".join(str(stated.get(key) or "").replace("\x00", "").split())
        if " " in value and not value.lower().startswith("microsoft ") and "." not in value[-5:-2]:
            facts[fact] = value
    return facts


def _shown(text: str) -> str:
    """The text with nothing in it that cannot be stored or shown, ligatures as the letters they are."""
    text = text.translate({0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0: " "})
    return text.encode("utf-8", "replace").decode("utf-8").replace("\f", "\n").replace("\xad\n", "-\n")

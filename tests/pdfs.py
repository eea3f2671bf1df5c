"""PDF files made of lines, and of pieces of lines put anywhere on a page, for tests."""

Piece = tuple[float, float, str]


def pdf(pages: list[list[str]], trailer: str = "") -> bytes:
    """A PDF with these lines on its pages, from raw objects."""
    streams = []
    for lines in pages:
        shown = " T* ".join(f"({_escaped(line)}) Tj" for line in lines)
        streams.append(f"BT /F1 10 Tf 12 TL 50 780 Td {shown} ET")
    return _file(streams, trailer)


def drawn(pages: list[list[Piece]], size: float = 9) -> bytes:
    """A PDF that draws these pieces in their order, each at its distances from the left and from below."""
    return _file([
        f"BT /F1 {size} Tf "
        + " ".join(f"1 0 0 1 {x} {y} Tm ({_escaped(text)}) Tj" for x, y, text in pieces)
        + " ET"
        for pieces in pages
    ])  # fmt: skip


def typeset(pages: list[str]) -> bytes:
    """A PDF of pages made by `typed` and `ruled`."""
    return _file(pages)


def typed(x: float, y: float, text: str, size: float) -> str:
    """A line of text in type of that size."""
    return f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({_escaped(text)}) Tj ET "


def ruled(y: float, box: bool = False) -> str:
    """A rule across a part of the page, drawn as a line or as a thin box."""
    return f"50 {y} 120 0.5 re f " if box else f"50 {y} m 170 {y} l S "


def _escaped(text: str) -> str:
    return text.replace("(", "\\(").replace(")", "\\)")


def _file(streams: list[str], trailer: str = "") -> bytes:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    ]
    kids = []
    for text in streams:
        stream = text.encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (
        len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))  # fmt: skip
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF"
        % (count, table, count, trailer.encode(), len(data))
    )

"""Works as bibliographies write them: CSL-JSON, BibTeX (as biblatex reads it), RIS, and a note's one line.

https://docs.citationstyles.org/en/stable/specification.html, https://ctan.org/pkg/biblatex (chapter 2),
https://en.wikipedia.org/wiki/RIS_(file_format)
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from web.citing import Cited, Form

CSL_TYPES: Mapping[Form, str] = {
    "chapter": "chapter",
    "newspaper": "article-newspaper",
    "book": "book",
    "page": "webpage",
    "document": "document",
}
BIBTEX_TYPES: Mapping[Form, tuple[str, str]] = {
    "chapter": ("incollection", "booktitle"),
    "newspaper": ("article", "journaltitle"),
    "book": ("book", ""),
    "page": ("online", ""),
    "document": ("misc", ""),
}
"""The type of an entry, and the field that names what it stands in."""
RIS_TYPES: Mapping[Form, str] = {
    "chapter": "CHAP",
    "newspaper": "NEWS",
    "book": "BOOK",
    "page": "ELEC",
    "document": "GEN",
}
_INSTITUTION = re.compile(r"^The |\b(?:of|the|and|for|Committee|Commission|Party|Court|Bureau|Board)\b")
"""What no person's name holds: such an author is named whole, never turned round."""


@dataclass(frozen=True, slots=True)
class Source:
    """A work in a bibliography: `accessed` is the day on which its file was got from the web (ISO 8601),
    `notes` are the reader's, one a bookmark."""

    id: str
    cited: Cited
    accessed: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def issued(self) -> str | None:
        """When what is held appeared: the edition, where it is another than the text's own date."""
        return self.cited.edition or self.cited.date

    @property
    def written(self) -> str | None:
        """The text's own date, where its edition has another."""
        return self.cited.date if self.cited.edition else None


def family_first(name: str) -> tuple[str, str]:
    """A name as (family, given); given is "" of one that is not a person's, or of one word."""
    name = " ".join(name.split())
    family, _, given = name.partition(", ")
    if family and given:
        return family, given
    given, _, family = name.rpartition(" ")
    return (name, "") if not given or _INSTITUTION.search(name) else (family, given)


def sentence(source: Source, locator: str | None = None) -> str:
    """A work and a place in it as a note cites them."""
    of = source.cited
    title = of.title if of.form == "book" else f"“{of.title}”"
    within = f"in {of.within}" if of.within else None
    dated = f"{source.issued} (written {source.written})" if source.written else source.issued
    seen = f"{of.url} (accessed {source.accessed})" if of.url and source.accessed else of.url
    said = (", ".join(of.authors), title, within, dated, locator, seen)
    return ", ".join(part for part in said if part) + "."


# CSL-JSON


def csl(source: Source) -> dict[str, Any]:
    """A work as an item of CSL-JSON, without empty fields."""
    of = source.cited
    item = {
        "id": source.id,
        "type": CSL_TYPES[of.form],
        "title": of.title,
        "author": [_csl_name(name) for name in of.authors],
        "container-title": of.within,
        "container-author": [_csl_name(name) for name in of.editors],
        "issued": _csl_date(source.issued),
        "original-date": _csl_date(source.written),
        "URL": of.url,
        "accessed": _csl_date(source.accessed),
        "language": of.language,
        "note": "\n\n".join(source.notes),
    }
    return {name: value for name, value in item.items() if value}


def _csl_name(name: str) -> dict[str, str]:
    family, given = family_first(name)
    return {"family": family, "given": given} if given else {"literal": family}


def _csl_date(date: str | None) -> dict[str, Any] | None:
    if not date:
        return None
    parts = _parts(date)
    return {"date-parts": [parts]} if parts else {"literal": date}


def _parts(date: str) -> list[int]:
    """Year, month and day, as far as an ISO date has them; none of what is no such date."""
    found = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", date)
    return [int(part) for part in found.groups() if part] if found else []


# BibTeX

_TEX = {sign: "\\" + sign for sign in "&%$#_{}"} | {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def bibtex(sources: Sequence[Source]) -> str:
    """Works as entries of BibTeX, with the fields of biblatex, in UTF-8."""
    return "\n".join(_bibtex_entry(source) for source in sources)


def _bibtex_entry(source: Source) -> str:
    of = source.cited
    kind, inside = BIBTEX_TYPES[of.form]
    fields = {
        "author": " and ".join(_bibtex_name(name) for name in of.authors),
        "title": _tex(of.title),
        inside: _tex(of.within or ""),
        "bookauthor": " and ".join(_bibtex_name(name) for name in of.editors),
        "date": source.issued or "",
        "year": str(_parts(source.issued)[0]) if source.issued and _parts(source.issued) else "",
        "origdate": source.written or "",
        "url": (of.url or "").translate(_BARE),
        "urldate": source.accessed or "",
        "langid": of.language or "",
        "annotation": _tex("\n\n".join(source.notes)),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if name and value]
    return "\n".join([f"@{kind}{{{_bibtex_key(source.id)},", *lines, "}", ""])


_BARE = {ord(sign): f"%{ord(sign):02X}" for sign in "{}\\ "}
"""What would end an address's braces, or part it."""


def _bibtex_key(work_id: str) -> str:
    return re.sub(r"[^A-Za-z0-9:._-]", "-", work_id)


def _bibtex_name(name: str) -> str:
    family, given = family_first(name)
    return f"{_tex(family)}, {_tex(given)}" if given else f"{{{_tex(family)}}}"


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in text)


# RIS


def ris(sources: Sequence[Source]) -> str:
    """Works as records of RIS: a tag a line, each record ended by ER."""
    return "".join(f"{tag}  - {value}\r\n" for source in sources for tag, value in _ris_lines(source))


def _ris_lines(source: Source) -> Iterator[tuple[str, str]]:
    of = source.cited
    yield "TY", RIS_TYPES[of.form]
    yield "ID", source.id
    yield from (("AU", _ris_name(name)) for name in of.authors)
    yield from (("A2", _ris_name(name)) for name in of.editors)
    parts = _parts(source.issued or "")
    fields = {
        "TI": of.title,
        "T2": of.within,
        "PY": str(parts[0]) if parts else source.issued,
        "DA": _ris_date(source.issued),
        "OP": source.written,
        "UR": of.url,
        "Y2": _ris_date(source.accessed),
        "LA": of.language,
    }
    yield from ((tag, " ".join(value.split())) for tag, value in fields.items() if value)
    yield from (("N1", " ".join(note.split())) for note in source.notes)
    yield "ER", ""


def _ris_name(name: str) -> str:
    family, given = family_first(name)
    return f"{family}, {given}" if given else family


def _ris_date(date: str | None) -> str | None:
    """YYYY/MM/DD/ with what is not known left empty, as RIS writes dates."""
    parts = _parts(date or "")
    return "/".join([*(f"{part:02}" for part in parts), *[""] * (4 - len(parts))]) if len(parts) > 1 else None

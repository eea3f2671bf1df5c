"""Taking judgements out and in as W3C Web Annotations: what goes out comes in again as it was."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, cast

from web.language import _, number
from web.reader import file, judgements
from web.reader.bookmarks import LONGEST_EXACT
from web.reader.exchange import MOST_IMPORTED, Result, moment, own_id, part, selected, text_at
from web.reader.file import Refused
from web.reader.judgements import Correction, Judgement, Opinion, Words, bring_back, checked, insert, rows

# Out


def export_json(path: Path) -> dict[str, Any]:
    """All judgements that count as a page of W3C Web Annotations, oldest first."""
    kept = sorted(judgements.listed(path), key=lambda j: (j.created, j.id))
    return {
        "@context": ["http://www.w3.org/ns/anno.jsonld", {"loccit": "urn:loccit:"}],
        "id": "urn:loccit:judgements",
        "type": "AnnotationPage",
        "items": [_annotation(j) for j in kept],
    }


def _annotation(j: Judgement) -> dict[str, Any]:
    opinion = {"type": "TextualBody", "purpose": "assessing", "value": j.opinion}
    note = {"type": "TextualBody", "purpose": "commenting", "format": "text/plain", "value": j.note}
    return {
        "id": f"urn:uuid:{j.id}",
        "type": "Annotation",
        "motivation": "assessing",
        "created": j.created,
        "body": [body for body in (opinion, note) if body["value"]],
        "target": _target(j.quotation),
        "loccit:work": j.quotation.work_id,
        "loccit:label": j.label,
        "loccit:correction": _correction(j.correction),
    }


def _target(kept: Words) -> dict[str, Any]:
    end = kept.start + len(kept.exact)
    quote = {name: value for name, value in asdict(kept).items() if name in ("exact", "prefix", "suffix")}
    place = {"type": "TextPositionSelector", "start": kept.start, "end": end}
    return {
        "source": f"urn:loccit:work:{kept.work_id}",
        "selector": [{"type": "TextQuoteSelector"} | quote, place],
    }


def _correction(said: Correction | None) -> dict[str, Any] | None:
    if said is None:
        return None
    target = _target(said.passage) if said.passage else {"source": f"urn:loccit:work:{said.work_id}"}
    return target | {"loccit:work": said.work_id, "loccit:label": said.label}


# In

# The purposes of the bodies that say the opinion and the note.
_PURPOSES = ("assessing", "commenting")


def import_json(path: Path, text: str) -> list[Result]:
    """Takes in what `export_json` gave: a result for every item, in its order.

    Nothing is kept twice or written over, and of a quotation that is judged here already the own judgement
    stays. Raises Refused if the text is no such export at all; then nothing was changed.
    """
    items = _items(text)
    if not items:
        return []
    with file.writing(path) as db:
        return [_taken(db, rank, item) for rank, item in enumerate(items, 1)]


def _items(text: str) -> list[Any]:
    try:
        items = json.loads(text)["items"]
    except json.JSONDecodeError as error:
        said = _("This is not an export of judgements: it is not JSON (line %(line)s).", line=error.lineno)
        raise Refused(said) from None
    except (ValueError, TypeError, KeyError, RecursionError):
        items = None
    if not isinstance(items, list):
        raise Refused(_("This is not an export of judgements: it has no list “items”."))
    if len(items) > MOST_IMPORTED:
        said = _("These are %(number)s judgements; one import takes %(most)s. Cut it in parts.",
                 number=number(len(items)), most=number(MOST_IMPORTED))  # fmt: skip
        raise Refused(said)
    return items


def _taken(db: sqlite3.Connection, rank: int, item: Any) -> Result:
    try:
        made = _judgement(item)
    except Refused as error:
        return Result(rank, "failed", str(error))
    first = " ".join(made.quotation.exact.split()[:8])
    held = rows(db, "where id = ?", made.id)
    if held and _said(held[0]) != _said(made):
        reason = _("It is here already, with other words: yours was kept.")
        return Result(rank, "duplicate", reason, first, made.id)
    if held and held[0].deleted is None:
        return Result(rank, "duplicate", _("It is here already."), first, made.id)
    if own := _own(db, made.quotation):
        reason = _("You have judged this quotation: your own judgement was kept.")
        return Result(rank, "duplicate", reason, first, own.id)
    if held:
        bring_back(db, made.id)
    else:
        insert(db, made)
    return Result(rank, "imported", "", first, made.id)


def _said(j: Judgement) -> Judgement:
    """What a judgement says, whatever became of it here."""
    return replace(j, replaces=None, deleted=None)


def _own(db: sqlite3.Connection, of: Words) -> Judgement | None:
    """The judgement of these words, where they stand, that counts here."""
    counting = rows(db, "where work_id = ? and exact = ? and deleted is null", of.work_id, of.exact)
    same = (j for j in counting if (j.quotation.prefix, j.quotation.suffix) == (of.prefix, of.suffix))
    return next(same, None)


def _judgement(item: Any) -> Judgement:
    """The judgement that an annotation says. Raises Refused with what is missing or wrong in it."""
    if not isinstance(item, Mapping) or item.get("motivation") != "assessing":
        raise Refused(_("It is no judgement."))
    bodies = [b for b in part({"body": [], **item}, "body", list) if isinstance(b, dict)]
    said = {name: text_at(b, "value") for b in bodies if (name := b.get("purpose")) in _PURPOSES}
    correction = item.get("loccit:correction")
    made = Judgement(
        quotation=_words(item, part(item, "target", dict)),
        label=text_at(item, "loccit:label"),
        opinion=cast(Opinion | None, said.get("assessing") or None),
        note=said.get("commenting", ""),
        correction=None if correction is None else _named(correction),
        id=own_id(item.get("id")),
        created=moment(item.get("created"), file.now()),
    )
    return checked(made)


def _words(item: Any, target: Mapping[str, Any]) -> Words:
    exact, prefix, suffix, start = selected(target)
    if len(exact) > LONGEST_EXACT or "\0" in exact:
        raise Refused(_("The words that it is about are none that can be kept."))
    return Words(part(item, "loccit:work", str), exact, prefix, suffix, start)


def _named(said: Any) -> Correction:
    """The work, and the place in it if one is named, that an annotation says to be right."""
    work_id = part(said, "loccit:work", str)
    passage = _words(said, said) if "selector" in said else None
    return Correction(work_id, text_at(said, "loccit:label") or work_id, passage)

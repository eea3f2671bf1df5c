"""What is known of a document without reading it."""

import hashlib
from dataclasses import dataclass

from indexer import contents
from indexer.models import Document
from indexer.store.rows import lists


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a document without reading it: a digest of it whole and one of its text alone, and the
    addresses of the chapters that it names."""

    digest: str
    wording: str
    chapters: tuple[str, ...] = ()


def facts(document: Document) -> Facts:
    """The facts of a document. Two with the same digest are the same but for their work."""
    wording = hashlib.sha256(document.text.encode())
    whole = wording.copy()
    for part in lists(document):
        whole.update(part.encode())
    return Facts(whole.hexdigest(), wording.hexdigest(), contents.chapters(document))

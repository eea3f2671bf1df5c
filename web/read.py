"""The reader: the text of a work, with its quotations or the marks of where it is quoted."""

from flask import Blueprint, Response

from web.answer import answer
from web.library import opened

pages = Blueprint("read", __name__)


@pages.get("/read/<work_id>")
def show(work_id: str) -> Response:
    """The text of a work."""
    document = opened().store.document(work_id)
    return answer("read.html", {"work": document.work, "text": document.text})

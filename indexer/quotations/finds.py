"""What the searches for quotations hand on: a stretch of lines that may be one."""

from dataclasses import dataclass

from indexer.models import Form, Span


@dataclass(frozen=True, slots=True)
class Find:
    """Words that may be a quotation, marks left out, and what is known of them.

    `first` and `last` are the lines that it takes, its citation's included; `fills` says that it
    fills them; `sure` that the mark-up or the form leave no doubt.
    """

    start: int
    end: int
    first: int
    last: int
    form: Form
    cite: Span | None = None
    fills: bool = False
    sure: bool = False

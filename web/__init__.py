"""The pages: a Flask application over one archive.

One file a kind of page, each with a blueprint called `pages`; its templates bear the same name. A view
gathers a record (plain values and the frozen nouns of `indexer.models`) and hands it to
`answer.answer(template, record)`, which makes the page or its JSON twin of it. Views raise the named
errors of `indexer.errors`; `refusals.py` turns them into pages with the right status.

Addresses that pages link to by endpoint: `start.index` /, `works.index` /works, `works.show`
/work/<work_id>, `search.index` /search, `read.show` /read/<work_id> (`at=<n>` and the fragment `p<n>` lead
to block n, counted from 1), `help.index` /help, `beside.show` /quotation/<quotation_id>, `reports.index`
/reports, `report.show` /work/<work_id>/quotations, `bookmarks.index` /bookmarks, `find.index` /find,
`check.index` /check, `appearance.index` /appearance.
"""

from collections.abc import Sequence
from pathlib import Path

from flask import Flask

from web import (
    accounts,
    answer,
    appearance,
    beside,
    bookmarks,
    check,
    editions,
    find,
    guard,
    help,
    judging,
    language,
    library,
    limits,
    news,
    read,
    refusals,
    report,
    start,
    works,
)
from web.bookmarks import many, one, transfer
from web.report import archive as reports
from web.search import batch, export, facets, results, searches, suggest

ROOMS = (
    start,
    works,
    editions,
    results,
    searches,
    export,
    facets,
    batch,
    suggest,
    read,
    beside,
    report,
    reports,
    find,
    check,
    bookmarks,
    many,
    one,
    transfer,
    judging,
    news,
    help,
    appearance,
    accounts,
)

# A pasted essay of a hundred thousand words is some 700 kB; nothing that a reader sends is longer.
LONGEST_BODY = 2_000_000


def create_app(archive: Path, hosts: Sequence[str] = (), public: bool = False) -> Flask:
    """The application over the archive in the folder `archive` (raw/, index/, reader.sqlite3).

    `hosts` are the names under which it answers (none: any). `public` is for strangers: they read, who has
    an account keeps records, and nobody asks too often. The index need not exist yet: pages then say what
    to run.
    """
    app = Flask(__name__)
    app.config.update(
        ARCHIVE=Path(archive),
        MAX_CONTENT_LENGTH=LONGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LONGEST_BODY,
    )
    library.install(app, Path(archive), accounts.reader_file)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    language.install(app)
    answer.install(app)
    appearance.install(app)
    guard.install(app, hosts)
    if public:
        limits.install(app)
    accounts.install(app, public)
    refusals.install(app)
    for room in ROOMS:
        app.register_blueprint(room.pages)
    return app

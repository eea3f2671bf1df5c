"""A site of invented texts: hearings, a trial's report, a book, a scan, a blog; and an essay on them."""
# ruff: noqa: E501

from pdfs import pdf

ESSAY = """Who moored the ferry?

By I. N. Quirer

Hale, the keeper, told the inquiry: “I moored her at the north stair before the bell had rung, and nobody called me back” (Ferry Inquiry, Second session).

Hale said of the bell: “I never heard it in my life” (Ferry Inquiry, Second session).

Pole, the pilot, said: “I saw two lanterns on the stair” (Ferry Inquiry, Third session).

The prosecutor told the court that “the rope was cut by a hand that knew the quay and had done so before” (Report of the Trial of the Ferrymen, p. 43).

The first of the accused confessed it: “I took the knife from the locker . . . and I gave it back to nobody” (Report of the Trial of the Ferrymen, p. 44).

He added that “all the crew had known of it since the autumn” (Report of the Trial of the Ferrymen).

The rule was old. “A ferry shall be moored by two hands, and by daylight if there be any” (The Book of the Stair, chapter 2).

The same book is said to threaten that “whoever leaves a boat to the tide shall pay for it with his own” (The Book of the Stair).

The pilot’s memoirs say: “We came in by the sound of the bell, and found no lamp to steer by” (Pilot’s Memoirs).

A later writer thought that “the lamps were out along the whole of the east quay” (The Lamps of the East Quay).

The log of the harbour has “a rope parted, cause unknown, no man on watch” (Log of the Harbour).

SOURCES

Ferry Inquiry, {0}/inquiry/index.html
Report of the Trial of the Ferrymen, {0}/trial/report.pdf
The Book of the Stair, {0}/stair/index.html
Pilot’s Memoirs, {0}/scans/memoirs_djvu.txt
The Lamps of the East Quay, {0}/2011/05/lamps/
Log of the Harbour, {0}/lost/log.html
"""

# What is to be found, in the order of the essay: the first words of the quotation, its verdict and warnings,
# whether it stands in the cited work, and the path, place and speaker of its source.
EXPECTED = [
    ("I moored her", "verbatim", ["cut-short"], True, "/inquiry/session2.html", "Ferry Inquiry: Second session", "HALE"),
    ("I never heard", "verbatim", ["another-speaker"], True, "/inquiry/session2.html", "Ferry Inquiry: Second session", "COUNSEL"),
    ("I saw two", "verbatim", [], True, "/inquiry/session3.html", "Ferry Inquiry: Third session", "POLE"),
    ("the rope was", "verbatim", ["begins-mid-sentence"], True, "/trial/report.pdf", "p. 43", None),
    ("I took the", "abridged", [], True, "/trial/report.pdf", "p. 44", None),
    ("all the crew", "altered", ["cut-short", "begins-mid-sentence"], True, "/trial/report.pdf", "p. 44", None),
    ("A ferry shall", "verbatim", [], True, "/stair/ch02.html", None, None),
    ("whoever leaves a", "not-found", [], False, None, None, None),
    ("We came in", "verbatim", [], True, "/scans/memoirs_djvu.txt", "p. 2", None),
    ("the lamps were", "altered", ["cut-short", "begins-mid-sentence"], True, "/2011/05/lamps/", None, None),
    ("a rope parted", "no-source", [], None, None, None, None),
]  # fmt: skip


def _page(title: str, *paragraphs: str) -> bytes:
    text = "\n".join(f"<p>{p}</p>" for p in paragraphs)
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1>\n{text}\n</body></html>".encode()


def _contents(title: str, *links: tuple[str, str]) -> bytes:
    items = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in links)
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1><ul>{items}</ul></body></html>".encode()


_SESSIONS = {
    "session1": (
        "Ferry Inquiry: First session",
        "THE PRESIDENT: We are to learn how the ferry was lost in the night of the spring tide.",
        "COUNSEL: I call the harbour master.",
        "HARBOUR MASTER: The watch was mine until six, and the boat was fast when I left.",
        "COUNSEL: Who took the watch from you?",
        "HARBOUR MASTER: Nobody that I saw.",
    ),
    "session2": (
        "Ferry Inquiry: Second session",
        "COUNSEL: Where was she moored?",
        "HALE: I moored her at the north stair before the bell had rung, and nobody called me back, but I would "
        "have come if they had.",
        "COUNSEL: You speak of the bell. I never heard it in my life. Did you?",
        "HALE: Every night of it, until the rope was stolen.",
        "COUNSEL: That is all for today.",
    ),
    "session3": (
        "Ferry Inquiry: Third session",
        "COUNSEL: What did you see when you came in?",
        "POLE: I saw two lanterns on the stair.",
        "COUNSEL: Two, you are certain?",
        "POLE: Two, and a man who put one of them out.",
        "THE PRESIDENT: The inquiry is closed.",
    ),
}

_BOOK = {
    "ch01": (
        "Of the rail",
        "A stair shall have a rail on the side of the water, and it shall be painted white.",
    ),
    "ch02": (
        "Of the mooring",
        "A ferry shall be moored by two hands, and by daylight if there be any. No bell is waited for.",
    ),
    "ch03": ("Of the bell", "The bell shall be rung by the keeper and by nobody else."),
}

# Words are cut at line ends, and a sentence runs over the end of a page.
_TRIAL = [
    """The clerk read the charge against the three men of the ferry, which was that they had let
her go with the tide for the sake of the insurance, and asked each of them whether he would
plead. All three of them pleaded guilty and sat down again, but for the youngest, who stood.""",
    """The prosecutor rose to speak at noon, and he spoke until the lamps were lit in the gallery.
Nobody left the court, since it was raining and a stove stood in the middle. He began with the price of
ferries and came by way of the price of rope to the night of the spring tide.""",
    """He told the court that there had been no storm that night. He said that the water had been
still as a plate from dusk to dawn, and that the rope was cut by a hand that knew the quay
and had done so before. The owner of that hand, he said, was sitting in the mid-
dle of the bench. The president asked the accused whether he had followed these""",
    """words. The accused said that he had. He said: I took the knife from the locker under the
wheel, where it had always been, and I gave it back to nobody. He did not know what had be-
come of it. Most of the crew had known of it since the autumn, he believed, and none of them
had said a word to the owners, who were in any case not to be found in the winter.""",
    """The second of the accused had nothing to add. The third asked for a glass of water, and was
given one, and said that the first had told it well. The president thanked them.""",
    """The court withdrew for a quarter of an hour and came back with its verdict. All of the three
were found guilty and were sent to paint the rail of the stair until the summer. The gallery
was cleared by the watch. There was no appeal, and the ferry was not found.""",
]
_HEAD = "REPORT OF THE TRIAL OF THE FERRYMEN"
# Left and right pages have heads of their own; the first page of the report is the 41st of the book.
_FIRST = 41


def _trial() -> bytes:
    heads = [f"{n}   {_HEAD}" if n % 2 else f"{_HEAD}   {n}" for n in range(_FIRST, _FIRST + len(_TRIAL))]
    return pdf([[head, *text.split("\n")] for head, text in zip(heads, _TRIAL, strict=True)])


_SCAN = "\f".join(
    f"{head}\n\n{text}\n"
    for head, text in [
        (
            "1   PILOT'S MEMOIRS",
            "I was born within sound of the bell and shall, if nobody hin-\n"
            "ders it, be buried within sound of it. My father was a pilot,\n"
            "and his father, and neither of them could swim.",
        ),
        (
            "PILOT'S MEMOIRS   2",
            "The night was thick. We came in by the sound of the bell, and\n"
            "found no lamp to steer by. I said so at the time, and it was\n"
            "written down by a clerk who did not look up.",
        ),
        (
            "3   PILOT'S MEMOIRS",
            "The rest is known. I have been asked about it ev-\n"
            "ery week since, by people who were not there, and have told\n"
            "them all the same thing.",
        ),
    ]
)

_POST = """<!DOCTYPE html><html><head><title>The Lamps of the East Quay | Quay Notes</title>
<meta property="og:type" content="article"></head><body class="single single-post">
<nav><ul><li><a href="/">Home</a></li><li><a href="/about">About</a></li></ul></nav>
<article class="post hentry"><h1 class="entry-title">The Lamps of the East Quay</h1>
<div class="entry-content"><p>It is said that the lamps were lit.</p>
<p>But the lamps were out along the length of the east quay, as the keeper&#8217;s own log has it.</p></div></article>
<div id="comments"><p>Nonsense, they were lit.</p></div></body></html>"""


def pages() -> dict[str, object]:
    """The site: what stands at each path."""
    plain, book = {"Content-Type": "text/plain"}, {"Content-Type": "application/pdf"}
    made: dict[str, object] = {
        "/inquiry/index.html": _contents(
            "Ferry Inquiry", *((f"{name}.html", text[0].split(": ")[1]) for name, text in _SESSIONS.items())
        ),
        "/trial/report.pdf": (200, book, _trial()),
        "/stair/index.html": _contents(
            "The Book of the Stair",
            *((f"{name}.html", f"Chapter: {text[0]}") for name, text in _BOOK.items()),
        ),
        "/scans/memoirs_djvu.txt": (200, plain, _SCAN.encode()),
        "/2011/05/lamps/": _POST.encode(),
    }
    made |= {f"/inquiry/{name}.html": _page(*text) for name, text in _SESSIONS.items()}
    return made | {f"/stair/{name}.html": _page(*text) for name, text in _BOOK.items()}


# The works of the essay's list of sources as a catalogue has them: id, title, path.
WORKS = [
    ("inquiry", "Ferry Inquiry", "/inquiry/index.html"),
    ("trial", "Report of the Trial of the Ferrymen", "/trial/report.pdf"),
    ("stair", "The Book of the Stair", "/stair/index.html"),
    ("memoirs", "Pilot’s Memoirs", "/scans/memoirs_djvu.txt"),
    ("lamps", "The Lamps of the East Quay", "/2011/05/lamps/"),
    ("log", "Log of the Harbour", "/lost/log.html"),
]

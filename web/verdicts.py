"""How the pages name the verdicts and warnings: a sign, a word, and the tone of its colour.

The signs are told apart by shape; colour only repeats them.
"""

SIGNS = {
    "verbatim": "=",
    "abridged": "…",
    "altered": "≠",
    "spliced": "⇄",
    "not-found": "∅",
    "no-source": "?",
}

LABELS = {
    "verbatim": "Verbatim",
    "abridged": "Abridged",
    "altered": "Altered",
    "spliced": "Spliced",
    "not-found": "Not found",
    "no-source": "No source held",
}

WARNING_LABELS = {
    "cut-short": "cut short",
    "begins-mid-sentence": "begins mid-sentence",
    "negation-left-out": "negation left out",
    "another-speaker": "another speaker",
    "not-in-cited-work": "not in the cited work",
    "second-hand": "second hand",
    "several-places": "several places",
    "letters-only": "letters only",
}

"""How the pages name the verdicts and warnings: a sign, a word, and the tone of its colour.

The signs are told apart by shape; colour only repeats them.
"""

from collections.abc import Mapping

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


def in_order(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts by verdict in the fixed order of the verdicts, without those that do not occur."""
    return {name: counts[name] for name in SIGNS if counts.get(name)}

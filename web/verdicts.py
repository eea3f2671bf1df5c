"""How the pages name the verdicts and warnings: a sign, a word, and the tone of its colour.

The signs are told apart by shape; colour only repeats them.
"""

from collections.abc import Mapping

from web.language import N_

SIGNS = {
    "verbatim": "=",
    "abridged": "…",
    "altered": "≠",
    "spliced": "⇄",
    "not-found": "∅",
    "no-source": "?",
}

LABELS = {
    "verbatim": N_("Verbatim"),
    "abridged": N_("Abridged"),
    "altered": N_("Altered"),
    "spliced": N_("Spliced"),
    "not-found": N_("Not found"),
    "no-source": N_("No source held"),
}

WARNING_LABELS = {
    "cut-short": N_("cut short"),
    "begins-mid-sentence": N_("begins mid-sentence"),
    "negation-left-out": N_("negation left out"),
    "another-speaker": N_("another speaker"),
    "not-in-cited-work": N_("not in the cited work"),
    "second-hand": N_("second hand"),
    "several-places": N_("several places"),
    "letters-only": N_("letters only"),
}


def in_order(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts by verdict in the fixed order of the verdicts, without those that do not occur."""
    return {name: counts[name] for name in SIGNS if counts.get(name)}

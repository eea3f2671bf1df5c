"""German words whose umlauts are written in two letters."""


def umlauts(word: str) -> tuple[str, str]:
    """A word with each umlaut in two letters, and with each such pair as an umlaut ("mueller", "müller")."""
    paired = united = word
    for umlaut, pair in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        paired, united = paired.replace(umlaut, pair), united.replace(pair, umlaut)
    return paired, united

"""What a word is to search: one definition for the index, for queries and for marks.

A word is a run of letters and digits. Apostrophes and hyphens part words, so that "l'homme" is found by
"homme" and "Lorne’s" by "Lorne", whichever apostrophe was printed. Soft hyphens, zero-width characters
and combining accents belong to the word they stand in.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from whoosh.lang import stemmer_for_language

UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"  # soft hyphen, zero-width spaces and joiners
WORD = re.compile(rf"[^\W_]+(?:[\u0300-\u036f{UNSEEN}][^\W_]*)*")
# Texts of which the searched form is the small letters, one for each: ASCII, most letters of western Europe,
# Russian ones, and the punctuation between them.
PLAIN = re.compile(
    "[\x00-\x7f\xa0-\xa9\xab\xac\xae-\xb1\xb4\xb6-\xb8\xbb\xbf-\xde\xe0-\xff\u0400-\u045f"
    "\u2010-\u2027\u2030-\u203a]*"
)
STEMMED = ("en", "de", "fr", "ru")
DEFAULT_LANGUAGE = "en"  # most pages that name no language are English
_DROP_UNSEEN = {ord(character): None for character in UNSEEN}
_RUSSIAN = re.compile("[\u0400-\u04ff]")


@lru_cache(maxsize=100_000)  # about 20 MB full
def fold(printed: str) -> str:
    """The searched form of a printed word: composed, without case, ligatures and unseen characters."""
    plain = unicodedata.normalize("NFKC", printed.translate(_DROP_UNSEEN)).casefold()
    return unicodedata.normalize("NFC", plain)


def words(text: str) -> list[str]:
    """The searched forms of the words of `text`, in order."""
    return [fold(printed) for printed in WORD.findall(text)]


def unaccented(word: str) -> str:
    """`word` with the accents of Latin letters left off, and Russian ё written е."""
    if word.isascii():
        return word
    letters = unicodedata.normalize("NFD", word)
    if _RUSSIAN.search(word):
        return word.replace("ё", "е")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def language_of(language: str | None) -> str:
    """The two letters under which the words of a passage are inflected ("en" for "en-GB" or None)."""
    return (language or DEFAULT_LANGUAGE).strip().lower()[:2]


@lru_cache(maxsize=100_000)  # about 20 MB full; a stem costs 10 to 40 microseconds
def stem(word: str, language: str) -> str:
    """What the inflected forms of `word` have in common (Porter's Snowball stemmers).

    A word in Cyrillic letters is Russian wherever it stands. Of a language without a stemmer only
    the accents are left off.
    """
    if _RUSSIAN.search(word):
        language = "ru"
    plain = unaccented(word)
    if language not in STEMMED or len(plain) < 3 or not plain.isalpha():
        return plain
    return unaccented(_stemmer(language)(word if language in ("de", "fr") else plain))


@lru_cache(maxsize=len(STEMMED))
def _stemmer(language: str) -> Callable[[str], str]:
    stemmer: Callable[[str], str] = stemmer_for_language(language)  # type: ignore[no-untyped-call]
    return stemmer

"""Names of people: which words are one, whose they are, and whether two spellings are one person."""

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from indexer.citations import habits
from indexer.names import Spellings, in_force, sound

# A name in no more words than this: beyond it, it is a title or a sentence.
LONGEST_NAME = 6
# Letters of a family name from which one letter may differ; shorter ones are others ("Hale", "Hall").
FUZZY_LETTERS = 6
# Letters of a given name from which one may differ.
FUZZY_GIVEN = 4

_POSSESSIVE = re.compile(r"(?<=\w)['’]s?(?!\w)")
_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ`´](?=\w)")
_WORD = re.compile(r"[^\W_]+")
_TOKEN = r"[^\W\d_][\w’'\-.]*"
_INITIAL = re.compile(r"(?:[^\W\d_]\.-?){1,4}|[^\W\d_]|(?:[^\W\d_]{1,2}\.)")


@dataclass(frozen=True, slots=True)
class Person:
    """A person as named: folded given names or initials, and the family name by its sound."""

    family: str
    given: tuple[str, ...] = ()


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Letters and digits in lower case without accents, a space between words, possessives cut off."""
    plain = _APOSTROPHE.sub("", _POSSESSIVE.sub("", text).replace("&", " and "))
    plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return " ".join(_WORD.findall(plain.casefold()))


def bare(name: str) -> str:
    """The name without the role, rank or joining word before it and the possessive behind it."""
    tokens = _POSSESSIVE.sub("", name.strip(' ,;:–—-“”"‘’()[]')).split()
    while len(tokens) > 1 and tokens[0].casefold().strip(".,") in habits.words("role"):
        tokens.pop(0)
    return " ".join(tokens).strip(" ,;")


def people(author: str) -> tuple[Person, ...]:
    """The people of an author's line: "M. Orlova, A. E. Tarn", "Pole, Josiah", "Hale & Marsh"."""
    return _people(author, in_force())


@lru_cache(maxsize=16384)
def _people(author: str, _: Spellings) -> tuple[Person, ...]:
    """The same, as long as names are spelt so."""
    joint = rf"\s*(?:{habits.either('joint')}|[;+/])\s*"
    found: list[Person] = []
    for part in re.split(joint, author, flags=re.I):
        found += _listed([bare(piece) for piece in part.split(",") if piece.strip()])
    return tuple(found)


def _listed(pieces: list[str]) -> list[Person]:
    """People between commas, where "Family, Given" is one person and "A. One, B. Two" are two."""
    if len(pieces) == 2 and len(pieces[0].split()) == 1 and not _initialled(pieces[1]):
        return [_person(pieces[0], pieces[1])]
    if len(pieces) == 2 and all(_INITIAL.fullmatch(token) for token in pieces[1].split()):
        return [_person(pieces[0], pieces[1])]
    return [_in_order(piece.split()) for piece in pieces]


def _in_order(tokens: list[str]) -> Person:
    """A person as "Given Family", or as "Family I. O." where only initials stand behind."""
    if len(tokens) > 1 and all(_INITIAL.fullmatch(token) and "." in token for token in tokens[1:]):
        return _person(tokens[0], " ".join(tokens[1:]))
    return _person(" ".join(tokens[-1:]), " ".join(tokens[:-1]))


def _initialled(piece: str) -> bool:
    return len(piece.split()) > 1 and bool(_INITIAL.fullmatch(piece.split()[0]))


def _person(family: str, given: str) -> Person:
    particles = habits.words("particle")
    folded = tuple(word for word in fold(given.replace(".", " ")).split() if word not in particles)
    return Person(sound("".join(fold(family).split())), folded)


def same_person(one: Person, other: Person) -> bool:
    """Whether two namings can be of one person: family names alike, given names not at odds."""
    if not one.family or not other.family:
        return False
    if not _alike(one, other):
        return False
    return all(_agree(a, b) for a, b in zip(one.given[:1], other.given[:1], strict=False))


def _alike(one: Person, other: Person) -> bool:
    a, b = one.family, other.family
    if a == b:
        return True
    given = bool(one.given) and one.given[:1] == other.given[:1]
    return (
        (len(min(a, b, key=len)) >= FUZZY_LETTERS or given)
        and a[0] == b[0]
        and Levenshtein.distance(a, b) <= 1
    )


def _agree(a: str, b: str) -> bool:
    if a.startswith(b) or b.startswith(a) or sound(a).startswith(sound(b)) or sound(b).startswith(sound(a)):
        return True  # an initial may sound otherwise than the name: "J." and "Josiah"
    return min(len(a), len(b)) >= FUZZY_GIVEN and Levenshtein.distance(a, b) <= 1


def same_author(one: str | None, other: str | None) -> bool:
    """Whether two author's lines share a person."""
    if not one or not other:
        return False
    return any(same_person(a, b) for a in people(one) for b in people(other))


def all_authors(one: str, other: str) -> bool:
    """Whether every person of the first line is in the second, and the other way about."""
    a, b = people(one), people(other)
    return len(a) == len(b) and all(any(same_person(x, y) for y in b) for x in a)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What an essay knows of names.

    `families` are those whom it names as authors or speakers, by sound, `shelved` those of the
    archive's authors, `subjects` the words that it makes the subject of a sentence. `small` are the
    words, and pairs of words, whose last it also writes in small letters, so that they are no names;
    `articled` those that it writes behind "the"; `titles` the folded titles of its list of sources.
    """

    families: frozenset[str] = frozenset()
    shelved: Container[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    small: frozenset[str] = frozenset()
    articled: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()


def known(text: str, lexicon: Lexicon) -> bool:
    """Whether one of the people named has a family name that the essay or the archive knows."""
    return any(
        person.family in lexicon.families or person.family in lexicon.shelved for person in people(text)
    )


def own(text: str, lexicon: Lexicon) -> bool:
    """Whether the essay itself knows one of the people named."""
    return any(person.family in lexicon.families for person in people(text))


def after_role(text: str) -> str | None:
    """The name behind a role in more words: "Norwegian Minister of Harbours Josiah Tarn"."""
    tokens = text.split()
    roles = [n for n, token in enumerate(tokens) if token.casefold() in habits.words("role")]
    if not roles or len(tokens) - roles[-1] < 3 or not all(_plain(token) for token in tokens):
        return None
    if tokens[roles[-1]].casefold().strip(".") in habits.words("style"):
        return " ".join(tokens[-3:]) if len(tokens) == roles[-1] + 3 and roles[-1] else None
    name = " ".join(tokens[-2:])
    return name if shaped(name) else None


def _plain(token: str) -> bool:
    return _capital(token) or token.casefold() in habits.words("small")


def naming(text: str, lexicon: Lexicon) -> bool:
    """Whether the words are a name in this essay: shaped as one, and known or never in small letters."""
    if not shaped(text) or re.search(r"[\d,;:]", text.rstrip(",;: ")):
        return False
    words = fold(text).split()
    if not words or " ".join(words) in lexicon.titles or words[-1].endswith(tuple(habits.words("group"))):
        return False
    strange = " ".join(words[-2:]) in lexicon.small or " ".join(words) in lexicon.articled
    return known(text, lexicon) or not strange


def shaped(text: str) -> bool:
    """Whether the words look like one or several people's names: capitals, initials, particles."""
    tokens = text.rstrip(",.;: ").replace(",", " ").replace("/", " & ").split()
    if not 0 < len(tokens) <= LONGEST_NAME or not any(_capital(token) for token in tokens):
        return False
    first = tokens[0].casefold().strip(".,’'")
    if first in habits.words("opening") and not _INITIAL.fullmatch(tokens[0]):
        return False
    joining = habits.words("particle") | habits.words("joint")
    return all(_capital(token) or token.casefold() in joining for token in tokens) and _capital(tokens[-1])


def _capital(token: str) -> bool:
    return (
        token[0].isupper() and bool(re.fullmatch(_TOKEN, token)) and not _POSSESSIVE.search(token[-2:] + " ")
    )


def inverted(text: str) -> bool:
    """Whether it is a list of names with the family first and initials behind: "Tucker, R. C., & Low, B."."""
    return bool(
        re.fullmatch(r"(?:(?:[&,]\s*|and\s+)*[^\W\d_a-z][\w’'-]+,\s*(?:[^\W\d_a-z]\.[\s-]*)+)+", text.strip())
    )


def family_first(text: str) -> bool:
    """Whether it is a name with the family first and a given name in full behind: "Tucker, Rose M.".

    Others may follow, either way round: "Tucker, Rose, and Anna Low".
    """
    first, *others = re.split(rf",?\s+{habits.either('joint')}\s+|;\s+", text.strip())
    family, comma, given = first.partition(", ")
    return (
        bool(comma)
        and len(family.split()) == 1
        and len(given.split()) <= 3
        and shaped(family)
        and shaped(given)
        and all(map(shaped, others))
    )


def initialled(text: str) -> bool:
    """Whether it is a name that begins with an initial: "A. E. Tarn"."""
    tokens = text.split()
    return len(tokens) > 1 and shaped(text) and bool(re.fullmatch(r"(?:[^\W\d_]{1,2}\.-?){1,4}", tokens[0]))

"""The words of an archive: in how many passages each stands, the forms that share a stem, spellings of names.

They are kept as one file, `words.json`. A renewal adds and takes away the words of the works that changed:
reading and writing the file costs as much as the archive has words (which grow far slower than its texts),
the rest as much as changed.
"""

import json
from bisect import bisect_left, insort
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from indexer.errors import NoIndex, OtherVersion
from indexer.fulltext.words import stem
from indexer.names import common_spelling

WORDS_FILE = "words.json"
LAYOUT = 4  # of the whole index; to be raised when a reader of the one before would misread it
Spread = Mapping[str, Mapping[str, int]]
"""By language, in how many passages each word stands."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All words in order, in how many passages each stands, altogether and by language; by language the words
    that share a stem, and by their common spelling the names that are one.
    """

    words: list[str]
    passages: list[int]
    spoken: Spread
    stems: Mapping[str, Mapping[str, list[str]]]
    names: Mapping[str, list[str]]

    def begin(self, prefix: str) -> list[str]:
        """The words that begin with `prefix`."""
        first = bisect_left(self.words, prefix)
        last = bisect_left(self.words, prefix + "\U0010ffff", lo=first)
        return self.words[first:last]

    def spread(self, word: str) -> int:
        """In how many passages `word` stands."""
        at = bisect_left(self.words, word)
        return self.passages[at] if at < len(self.words) and self.words[at] == word else 0


@dataclass(slots=True)
class Words:
    """What the file of words holds, to be changed: the engine of the index, and as in Vocabulary the rest."""

    engine: str
    spread: dict[str, dict[str, int]] = field(default_factory=dict)
    stems: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)

    def add(self, spread: Spread) -> None:
        """Count the words of some more passages."""
        for language, passages in _of_words(spread):
            known = self.spread.setdefault(language, {})
            fresh = [word for word in passages if word not in known]
            for word in fresh:
                _file(self.stems.setdefault(language, {}), stem(word, language), word)
                if (common := common_spelling(word)) is not None and not self._elsewhere(word):
                    _file(self.names, common, word)
                known[word] = 0
            for word, number in passages.items():
                known[word] += number

    def take_away(self, spread: Spread) -> None:
        """Count the words of some passages no longer; a word without passages is gone."""
        for language, passages in _of_words(spread):
            known = self.spread[language]
            for word, number in passages.items():
                known[word] -= number
                if known[word]:
                    continue
                del known[word]
                _unfile(self.stems[language], stem(word, language), word)
                if (common := common_spelling(word)) is not None and not self._elsewhere(word):
                    _unfile(self.names, common, word)
            if not known:
                del self.spread[language], self.stems[language]

    def _elsewhere(self, word: str) -> bool:
        return any(word in known for known in self.spread.values())


def save(words: Words, folder: Path) -> None:
    """Write the file of words of an index."""
    content = {"layout": LAYOUT, **asdict(words)}
    (folder / WORDS_FILE).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def load(folder: Path) -> Words:
    """The words of an index. Raises NoIndex or OtherVersion."""
    path = folder / WORDS_FILE
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NoIndex(f"The search index has no readable {path}: run `loccit index`.") from error
    if content.get("layout") != LAYOUT:
        raise OtherVersion("The search index was built by another version: run `loccit index`.")
    return Words(content["engine"], content["spread"], content["stems"], content["names"])


def vocabulary(words: Words) -> Vocabulary:
    """The same words, to be looked up."""
    passages: dict[str, int] = {}
    for known in words.spread.values():
        for word, number in known.items():
            passages[word] = passages.get(word, 0) + number
    ordered = sorted(passages)
    return Vocabulary(ordered, [passages[word] for word in ordered], words.spread, words.stems, words.names)


def _of_words(spread: Spread) -> list[tuple[str, Mapping[str, int]]]:
    """The languages that have words, for a passage may have none."""
    return [(language, passages) for language, passages in spread.items() if passages]


def _file(drawers: dict[str, list[str]], name: str, word: str) -> None:
    insort(drawers.setdefault(name, []), word)


def _unfile(drawers: dict[str, list[str]], name: str, word: str) -> None:
    drawers[name].remove(word)
    if not drawers[name]:
        del drawers[name]

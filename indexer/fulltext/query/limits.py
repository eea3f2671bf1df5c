"""What a query may ask at the most, so that no query keeps an engine busy; and what breaks it."""

MAX_LENGTH = 512  # letters; a long sentence fits three times
MAX_DEPTH = 20  # parentheses inside each other
MAX_CLAUSES = 32  # words, phrases and fields
MAX_GAP = 50  # words that may lie between those of a "phrase"~50
MAX_UNORDERED = 4  # words of a phrase in any order: each order is tried, 24 of them
MIN_PREFIX = 3  # letters before a * or ?; with fewer a wildcard stands for a tenth of all words
MAX_EDITS = 2  # letters that may differ in word~2
MIN_FUZZY = 4  # letters of a word with ~; of shorter ones every other word is a neighbour


class Fault(Exception):
    """A query that cannot be read, and the same query with this one fault mended, or None."""

    def __init__(self, message: str, repaired: str | None = None) -> None:
        super().__init__(message)
        self.repaired = repaired

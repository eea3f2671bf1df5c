"""Whoosh behind the port: its files, written and read as whole lists; the matching is ours, on arrays."""

from indexer.fulltext.engines.whoosh.answering import Engine
from indexer.fulltext.engines.whoosh.writing import renew, write

__all__ = ["Engine", "renew", "write"]

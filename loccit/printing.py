"""What commands print alike: JSON lines, numbers with their nouns, bars on the way, errors as a sentence."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from indexer.errors import LoccitError, QueryError, UsageError

# Files of one command that are named one by one; of more, only what went otherwise is named.
NAMED_FILES = 20
# Letters of a quotation that its line in a list shows.
FIRST_WORDS = 60
# Letters of a bar that shows how far something is.
BAR = 30


class Plainly(click.Group):
    """Errors of Loccit as one sentence: exit code 2 for wrong use, 1 for what failed."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """The command that is meant; of a verb that only a group within has, the error says which."""
        groups = [(n, c) for n, c in self.commands.items() if isinstance(c, click.Group)]
        meant = [f"{ctx.info_name} {name} {args[0]}" for name, group in groups if args[0] in group.commands]
        if meant and args[0] not in self.commands:
            ctx.fail(f"There is no command “{args[0]}” by itself. Say: {' or '.join(meant)}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UsageError as error:
            raise click.UsageError(str(error)) from None
        except QueryError as error:
            instead = f"\nThis can be searched: {error.mended}" if error.mended else ""
            raise click.ClickException(f"{error}{instead}") from None
        except LoccitError as error:
            raise click.ClickException(str(error)) from None
        except BrokenPipeError:
            # The reader of our output (head, less) has gone; nothing is wrong.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(0) from None
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(f"{where}{error.strerror or error}.") from None


def as_json(value: Any) -> None:
    """Prints one JSON object on one line."""
    click.echo(json.dumps(value, ensure_ascii=False))


def how_many(number: int, noun: str) -> str:
    """“1 word”, “2,000 words”."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def first_words(text: str) -> str:
    """A text on one line, cut at the end of a word where it is long."""
    whole = " ".join(text.split())
    return whole if len(whole) <= FIRST_WORDS else whole[:FIRST_WORDS].rsplit(" ", 1)[0] + "…"


@contextmanager
def addresses() -> Iterator[Callable[[str, int, int], None]]:
    """On a terminal a bar and the address that is being asked, in a line that the next one replaces."""
    terminal = sys.stderr.isatty()

    def told(url: str, done: int, total: int) -> None:
        if terminal:
            shown = f"{_bar(done, total)} {done + 1:,} of {total:,}  {url}"
            # A line that is wider than the terminal could not be taken off again.
            click.echo(f"\r\x1b[K{shown[: shutil.get_terminal_size().columns - 1]}", nl=False, err=True)

    yield told
    if terminal:
        click.echo("\r\x1b[K", nl=False, err=True)


def anew() -> str:
    """What takes a line that is being asked off the terminal; nothing elsewhere."""
    return "\r\x1b[K" if sys.stderr.isatty() and sys.stdout.isatty() else ""


@contextmanager
def stages() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on a terminal, a line a stage elsewhere; both on the error stream."""
    terminal, last = sys.stderr.isatty(), [""]

    def told(stage: str, done: int, total: int) -> None:
        if terminal:
            line = f"\r{stage:12} {_bar(done, total)} {done:,} of {total:,} "
            click.echo(("\n" if last[0] not in ("", stage) else "") + line, nl=False, err=True)
        elif last[0] != stage:
            click.echo(f"{stage} ({total:,})", err=True)
        last[0] = stage

    yield told
    if terminal and last[0]:
        click.echo(err=True)


def _bar(done: int, total: int) -> str:
    width = BAR * done // max(total, 1)
    return f"[{'#' * width}{' ' * (BAR - width)}]"

"""Work on files that may be anything, in processes whose hang, hunger or death costs one file alone.

A file can make a parser run for ever, fill the memory or crash, whatever limits the parsers keep. So
each is given to a process of its own kin, one at a time, watched from outside: it is ended when its time is
up, the system refuses it memory beyond a limit, and another takes its place.
"""

import os
import resource
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import DefaultContext, ForkServerContext
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")
_Context = DefaultContext | ForkServerContext

# After input, output and errors.
_FIRST_FILE = 3
_HUNGRY = 75
# Tasks that a worker is given at a time; with a second it need not wait until the first result is taken.
_AHEAD = 2
# Bytes of a task that is sent ahead: a longer one would fill the pipe, and who sends it would wait for the
# worker to read it, while the worker waits for its result to be read.
_SMALL = 1 << 15


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may take: seconds of the clock, and bytes of memory beyond what a worker begins with.

    The slowest real file of a thousand-page book takes half a minute; a page of a megabyte some 60 MB. What
    maps an index into memory has none of the latter: files that it only looks into would count.
    """

    seconds: float = 120.0
    memory: int | None = 1_500_000_000


LIMITS = Limits()


def apart(
    function: Callable[[Task], Result],
    tasks: Sequence[Task],
    jobs: int,
    limits: Limits = LIMITS,
    *,
    threads: bool = False,
) -> Iterator[tuple[int, Result | str]]:
    """The number of each task with its result, or with why there is none, a phrase; as they are done.

    What `function` raises is such a reason, too. No task keeps another from being done. `threads` says that
    this process has some: a lock that one of them holds would stay closed for ever in a copy of the process,
    so its workers are copies of another one, which has none, and know nothing that was said to this one.
    """
    queue = iter(enumerate(tasks))
    context = _without_threads(function) if threads else get_context()
    team = [_Worker(function, limits, context) for _ in range(max(1, min(jobs, len(tasks))))]
    try:
        for _ in range(_AHEAD):
            for worker in team:
                worker.take(next(queue, None))
        while busy := [worker for worker in team if worker.tasks]:
            wait([worker.link for worker in busy], _patience(busy))
            for worker in busy:
                if (done := worker.done()) is not None:
                    worker.take(next(queue, None))
                    yield done
    finally:
        for worker in team:
            worker.end()


def alone(function: Callable[[Task], Result], task: Task, limits: Limits = LIMITS) -> Result | str:
    """The result of one task, or why there is none, a phrase."""
    ((_, result),) = apart(function, [task], 1, limits)
    return result


class Standing(Generic[Task, Result]):
    """Does tasks that come one by one, from any thread, in a worker that stays for the next.

    It is begun with the first task, and anew only after one at which it died or hung. What `function` has
    made ready for one task is there for the next. While it is at work others do what comes meanwhile; of all
    these one stays. It goes when it is left as a context, and when nothing refers to this any more.
    """

    def __init__(
        self, function: Callable[[Task], Result], limits: Limits = LIMITS, *, threads: bool = False
    ) -> None:
        self._function, self._limits, self._threads = function, limits, threads
        self._lock = Lock()
        self._idle: _Worker[Task, Result] | None = None

    def __call__(self, task: Task) -> Result | str:
        """The result of one task, or why there is none, a phrase."""
        worker = self._taken() or _Worker(self._function, self._limits, self._context)
        try:
            worker.take((0, task))
            while (done := worker.done()) is None:
                wait([worker.link], _patience([worker]))
        except BaseException:
            worker.end()
            raise
        self._leave(worker)
        return done[1]

    @property
    def _context(self) -> _Context:
        return _without_threads(self._function) if self._threads else get_context()

    def _taken(self) -> "_Worker[Task, Result] | None":
        """The worker that is idle, if there is one and nobody has ended it."""
        with self._lock:
            worker, self._idle = self._idle, None
        if worker is None or worker.alive:
            return worker
        worker.end()
        return None

    def _leave(self, worker: "_Worker[Task, Result]") -> None:
        with self._lock:
            more, self._idle = self._idle, worker
        if more is not None:
            more.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if (worker := self._taken()) is not None:
            worker.end()


def _without_threads(function: Callable[[Any], Any]) -> ForkServerContext:
    """Starts workers from a process that has read the module of `function`, and the program's own, for they
    would do so each; it does nothing else, is begun with the first of them, and ends with this one."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["__main__", function.__module__])
    return context


def _patience(busy: "list[_Worker[Any, Any]]") -> float:
    return max(0.0, min(worker.until for worker in busy) - time.monotonic())


class _Worker(Generic[Task, Result]):
    """A process and the tasks given to it, of which it is at the first; after its death another process."""

    def __init__(self, function: Callable[[Task], Result], limits: Limits, context: _Context) -> None:
        self._function, self._limits, self._context = function, limits, context
        self.tasks: deque[tuple[int, bytes]] = deque()
        self._sent = 0
        self.until = 0.0
        self._begin()

    def _begin(self) -> None:
        self.link, other = self._context.Pipe()
        self._process: BaseProcess = self._context.Process(
            target=_serve, args=(other, self._function, self._limits.memory), daemon=True
        )
        self._process.start()
        other.close()
        self._wind()
        self._sent = 0
        self._send()

    @property
    def alive(self) -> bool:
        """Whether its process is there."""
        return self._process.is_alive()

    def take(self, item: tuple[int, Task] | None) -> None:
        """Put a task behind those that it has, if there is one."""
        if item is None:
            return
        if not self.tasks:
            self._wind()
        self.tasks.append((item[0], bytes(ForkingPickler.dumps(item[1]))))
        self._send()

    def _send(self) -> None:
        """Send a task to a worker that has none, and ahead what is small."""
        while self._sent < len(self.tasks):
            packed = self.tasks[self._sent][1]
            if self._sent and len(packed) > _SMALL:
                return
            with suppress(ConnectionError):  # it has died: `done` will find that
                self.link.send_bytes(packed)
            self._sent += 1

    def _wind(self) -> None:
        self.until = time.monotonic() + self._limits.seconds

    def done(self) -> tuple[int, Result | str] | None:
        """What became of its first task; None while it is being worked at."""
        try:
            if self.link.poll():
                result = self.link.recv()
                self._wind()
                number, _ = self.tasks.popleft()
                self._sent -= 1
                self._send()
                return number, result
        except (EOFError, OSError):
            self._process.join()
            return self._lost(_death(self._process.exitcode, self._limits))
        if time.monotonic() < self.until:
            return None
        return self._lost(f"it took longer than {self._limits.seconds:g} seconds")

    def _lost(self, reason: str) -> tuple[int, str]:
        """Gives its first task up, and the rest to another process."""
        number, _ = self.tasks.popleft()
        self.end()
        self._begin()
        return number, reason

    def end(self) -> None:
        """Ends the process, whatever it is doing."""
        self.link.close()
        self._process.kill()
        self._process.join()


def _death(code: int | None, limits: Limits) -> str:
    if code == _HUNGRY and limits.memory is not None:
        return f"it needs more than {limits.memory // 1_000_000} MB of memory"
    if code is not None and code < 0:
        return f"reading it was ended by the system (signal {-code})"
    return f"reading it broke off (exit code {code})"


def _serve(link: Connection, function: Callable[[Any], Any], memory: int | None) -> None:
    """The life of a worker: tasks come in, results go out, until the link is closed or the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is asked to stop, and ends its workers
    _let_go(link)
    if memory is not None:
        _limit(memory)
    while True:
        try:
            link.send(_outcome(function, link.recv()))
        except (EOFError, OSError):
            return
        except MemoryError:
            os._exit(_HUNGRY)


def _let_go(link: Connection) -> None:
    """Closes all files that came from the parent, but the standard ones and the link.

    The lock of an index would outlive a parent that is killed, for as long as a worker reads; and with the
    parent's own end of the link open here, nobody would see that the parent is gone.
    """
    os.closerange(_FIRST_FILE, link.fileno())
    os.closerange(link.fileno() + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _outcome(function: Callable[[Any], Any], task: Any) -> Any:
    try:
        return function(task)
    except MemoryError:
        raise
    except Exception as error:
        return f"reading it failed with {type(error).__name__}: {error}"


def _limit(memory: int) -> None:
    """Lets the process have so much memory beyond what it has; where the system can tell (not on macOS)."""
    held = Path("/proc/self/statm")
    if sys.platform == "linux" and held.exists():
        now = int(held.read_text().split()[0]) * resource.getpagesize()
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        asked = now + memory
        resource.setrlimit(resource.RLIMIT_AS, (asked if most < 0 else min(asked, most), most))

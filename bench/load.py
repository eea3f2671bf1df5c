"""Many readers at once on the real server: they search, read, compare, find, and keep and read bookmarks.

    python bench/load.py ARCHIVE [--clients 16 64] [--minutes N] [--pause SECONDS] [--public]

The server is a process of its own over the archive's texts, with records of its own, on loopback. Each client
waits some moments between two pages, as readers do; `--pause 0` asks without rest. Prints for each number of
clients how many requests there were, how many failed, latency by percentile, what a request cost of the
processor, the server's memory in each tenth of the time, and after a first quarter for warming up how much
memory, open files and threads have grown.

With `--public` every client has an account, and each request its own address behind a proxy, so that the
limit of requests for each address is not what is measured.
"""

import argparse
import http.client
import random
import re
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from serving import Served, served  # noqa: E402

from indexer.store import Store, current  # noqa: E402
from web import reader  # noqa: E402

NAME = "archive.example.org"
PASSWORD = "four readers at one lamp"
WEIGHTS = {"search": 35, "read": 25, "compare": 20, "find": 5, "keep": 5, "bookmarks": 10}
PERCENTILES = (50, 95, 99, 100)
SAMPLES = 1.0  # seconds between two looks at the server
PARTS = 10  # of the time, for each of which the memory is printed: so one sees whether it levels off


@dataclass(frozen=True, slots=True)
class Held:
    """Of an archive what clients ask for: words, works, quotations and their texts."""

    words: Sequence[str]
    works: Sequence[str]
    quotations: Sequence[tuple[str, str]]


@dataclass(slots=True)
class Measured:
    """Seconds by kind of request, what failed, the server's memory, files and threads by time, and the
    seconds of the processor that it took."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: list[str] = field(default_factory=list)
    samples: list[tuple[float, int, int, int]] = field(default_factory=list)
    processor: float = 0.0


def held(archive: Path) -> Held:
    """What there is to ask for."""
    store = Store(current(archive / "index"))
    findings = [(f.quotation.id, f.text[:200]) for f in store.findings()]
    works = [work.id for work in store.works(held=True)]
    words = sorted({word for _, text in findings for word in re.findall(r"[a-z]{5,}", text)})
    return Held(words, works, findings)


class Client:
    """A reader with one connection."""

    def __init__(self, server: Served, of: Held, seed: int, account: str | None = None) -> None:
        self._server, self._of, self._account = server, of, account
        self._rng = random.Random(seed)
        self._connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
        self._cookie = ""
        if account:
            signed = self._ask("POST", "/account/sign-in", {"name": account, "password": PASSWORD})
            assert signed == 303, f"{account} cannot sign in: {signed}"

    def act(self, measured: Measured) -> None:
        """One page; how long it took and whether it failed is noted."""
        kind = self._rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        start = time.perf_counter()
        try:
            status = self._ask(*self._request(kind))
        except (OSError, http.client.HTTPException) as error:
            measured.failed.append(f"{kind}: {error!r}")
            self._connection.close()
            return
        measured.seconds[kind].append(time.perf_counter() - start)
        if status >= 400:
            measured.failed.append(f"{kind}: {status}")

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def _request(self, kind: str) -> tuple[str, str, dict[str, object] | None]:
        rng = self._rng
        work, (quotation, text) = rng.choice(self._of.works), rng.choice(self._of.quotations)
        words = rng.sample(self._of.words, 2)
        query = rng.choice((words[0], " ".join(words), f'"{words[0]}"', f"{words[0]} OR {words[1]}"))
        view = rng.choice(("", "", "", "&view=kwic", "&group=work", "&view=chart", "&format=json", "&page=2"))
        kept: dict[str, object] = {"quotation_id": quotation, "kind": "comparison", "note": query}
        requests: dict[str, Callable[[], tuple[str, str, dict[str, object] | None]]] = {
            "search": lambda: ("GET", f"/search?{urlencode({'q': query})}{view}", None),
            "read": lambda: ("GET", f"/read/{work}?at={rng.randrange(1, 30)}", None),
            "compare": lambda: ("GET", f"/quotation/{quotation}", None),
            "find": lambda: ("GET", f"/find?{urlencode({'text': text})}", None),
            "keep": lambda: ("POST", "/bookmarks", kept),
            "bookmarks": lambda: ("GET", "/bookmarks", None),
        }
        return requests[kind]()

    def _ask(self, method: str, address: str, form: dict[str, object] | None = None) -> int:
        headers = {"Cookie": self._cookie} if self._cookie else {}
        if self._account:
            somewhere = ".".join(str(self._rng.randrange(1, 255)) for _ in range(4))
            headers |= {"X-Forwarded-For": somewhere, "X-Forwarded-Host": NAME, "X-Forwarded-Proto": "https"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, address, urlencode(form) if form else None, headers)
        response = self._connection.getresponse()
        response.read()
        if cookie := response.headers["Set-Cookie"]:
            self._cookie = cookie.partition(";")[0]
        return response.status


@contextmanager
def copied(archive: Path) -> Iterator[Path]:
    """An archive of the same texts with no records, so that none of anybody's are touched."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("raw", "index"):
            (Path(folder) / name).symlink_to((archive / name).resolve())
        yield Path(folder)


@contextmanager
def opened(archive: Path, clients: int, public: bool) -> Iterator[Served]:
    """The server, with an account for each client if it is public."""
    with copied(archive) as folder:
        if public:
            for number in range(clients):
                reader.accounts.create(folder / reader.FILE, f"reader{number}", PASSWORD)
        options = ["--public", "--name", NAME, "--behind-proxy"] if public else []
        with served(folder, *options) as server:
            yield server


def load(archive: Path, clients: int, seconds: float, pause: float, public: bool = False) -> Measured:
    """So many clients for so long."""
    measured, of, until = Measured(), held(archive), threading.Event()
    with opened(archive, clients, public) as server:
        ready = threading.Barrier(clients + 1, timeout=120)

        def run(number: int) -> None:
            rng, account = random.Random(number), f"reader{number}" if public else None
            client = Client(server, of, number, account)
            ready.wait()
            while not until.wait(rng.expovariate(1 / pause) if pause else 0):
                client.act(measured)
            client.close()

        threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
        for thread in threads:
            thread.start()
        ready.wait()
        began, before = time.perf_counter(), server.processor
        while (now := time.perf_counter() - began) < seconds:
            measured.samples.append((now, server.memory, server.files, server.threads))
            time.sleep(min(SAMPLES, seconds / 20))
        until.set()
        for thread in threads:
            thread.join()
        measured.processor = server.processor - before
    return measured


def settled(measured: Measured) -> np.ndarray:
    """The samples after the first quarter of the time."""
    samples = np.array(measured.samples, float)
    return samples[len(samples) // 4 :]


def growth(measured: Measured) -> float:
    """By how many bytes a second the server's memory grows, after warming up: a straight line through it."""
    after = settled(measured)
    return float(np.polyfit(after[:, 0], after[:, 1], 1)[0])


def show(clients: int, measured: Measured) -> None:
    """Print the table of a run."""
    every = [second for seconds in measured.seconds.values() for second in seconds]
    print(f"\n{clients} clients, {len(every):,} requests, {len(measured.failed)} failed")
    print(*measured.failed[:5], sep="\n")
    heads = [f"p{percentile}" if percentile < 100 else "longest" for percentile in PERCENTILES]
    print(f"{'ms':12} {'number':>8}" + "".join(f" {head:>8}" for head in heads))
    for kind, seconds in (*measured.seconds.items(), ("all", every)):
        row = np.percentile(seconds, PERCENTILES) * 1000
        print(f"{kind:12} {len(seconds):8,}" + "".join(f" {value:8.0f}" for value in row))
    after = settled(measured)
    some = max(1, len(after) // 10)
    (_, memory, files, threads), last = after[:some].mean(0), after[-some:].mean(0)
    slope = 60 * growth(measured) / 1e6
    parts = np.array_split(np.array(measured.samples), PARTS)
    print(f"memory {memory / 1e6:.0f} to {last[1] / 1e6:.0f} MB, {slope:+.2f} MB a minute;", end=" ")
    print("by tenths", *(f"{part[:, 1].mean() / 1e6:.0f}" for part in parts))
    print(f"processor: {1000 * measured.processor / max(1, len(every)):.0f} ms a request")
    print(f"open files {files:.0f} to {last[2]:.0f}, threads {threads:.0f} to {last[3]:.0f}", flush=True)


def main() -> None:
    """Print a table for each number of clients."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("archive", type=Path)
    parser.add_argument("--clients", type=int, nargs="+", default=[16, 64])
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between two pages of a client")
    parser.add_argument("--public", action="store_true")
    given = parser.parse_args()
    for clients in given.clients:
        show(clients, load(given.archive, clients, 60 * given.minutes, given.pause, given.public))


if __name__ == "__main__":
    main()

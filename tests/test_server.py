"""The process that serves: what its threads have in common."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from web.server import ARENAS

ROOT = Path(__file__).resolve().parents[1]
ARENAS_OF_THREADS = """
import ctypes, threading
from web.server import THREADS, share_memory
print(share_memory())
def work():
    kept.append([bytes(5000) for _ in range(2000)])
    together.wait()
kept, together = [], threading.Barrier(THREADS)
threads = [threading.Thread(target=work) for _ in range(THREADS)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
libc.malloc_info(0, ctypes.c_void_p(libc.fdopen(1, b"w")))
libc.fflush(None)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the setting is glibc's")
def test_the_threads_of_the_server_share_memory() -> None:
    """Each had a store of its own, and each kept what the longest page of its own had taken."""
    said = subprocess.run(
        [sys.executable, "-c", ARENAS_OF_THREADS], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    assert said.startswith("True") and 1 <= said.count("<heap nr=") <= ARENAS

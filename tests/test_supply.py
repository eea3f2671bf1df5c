"""What comes from elsewhere: packages, pinned by their hashes, and over the network only what is fetched."""

import re
import shutil
import socket
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from pytest_socket import SocketBlockedError, SocketConnectBlockedError
from routes import ROOT, routes

from indexer.store import Store, current
from loccit import main
from web import create_app

pytestmark = pytest.mark.filterwarnings("ignore:A test tried to use socket")
LOCKS = ("requirements.lock", "requirements-dev.lock")


def pinned(lock: str) -> dict[str, str]:
    """The packages of a lock file, each with its version and hashes."""
    text = (ROOT / lock).read_text(encoding="utf8")
    entries = re.findall(r"(?m)^(?![#\s])(.+?)(?<!\\)$", re.sub(r"\\\n", "\\\\ ", text))
    return {re.split(r"[=<>! ]", entry)[0]: entry for entry in entries}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_hashes(lock: str) -> None:
    packages = pinned(lock)
    assert len(packages) > 20
    for name, entry in packages.items():
        assert re.match(r"[a-z0-9-]+==[\w.]+ ", entry), name
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), name
        assert "://" not in entry and "@" not in entry, name


def test_every_package_that_is_asked_for_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))["project"]
    extras = project["optional-dependencies"]
    for lock, wanted in zip(LOCKS, (project["dependencies"], extras["dev"]), strict=True):
        names = {re.split(r"[=<>!]", dependency)[0] for dependency in wanted}
        assert names <= set(pinned(lock)), lock


@pytest.mark.parametrize("host", ["198.51.100.7", "2001:db8::7", "example.org"])
def test_no_test_reaches_another_machine(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as tried, pytest.raises(SocketConnectBlockedError):
        tried.connect((host, 80))


def test_nothing_but_fetching_opens_a_connection(tmp_path: Path, socket_disabled: None) -> None:
    """Adding, indexing, searching, finding, and every page, without a socket to be had."""
    with pytest.raises(SocketBlockedError):
        socket.socket()
    shutil.copytree(ROOT / "raw" / "sample", tmp_path / "raw" / "sample")
    for command in (
        ["add", str(ROOT / "README.md"), "--kind", "source"],
        ["index"],
        ["search", "pilots", "--json"],
        ["quotes", "--json"],
        ["sources", "--json"],
        ["find", "the ball was dropped"],
        ["doctor"],
    ):
        done = CliRunner().invoke(main, ["--archive", str(tmp_path), *command])
        assert done.exit_code == 0, (command, done.output)
    app = create_app(tmp_path)
    (first, *_) = Store(current(tmp_path / "index")).findings()
    for route in routes(app, work_id=first.quotation.essay_id, quotation_id=first.quotation.id):
        for method in route.methods:
            asked = {"q": "ball", "text": "the ball was dropped", "queries": "ball"}
            answer = app.test_client().open(route.address, method=method, query_string=asked, data=asked)
            assert answer.status_code < 500, (route.address, method)

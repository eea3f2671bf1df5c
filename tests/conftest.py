"""What several test files need: the sample archive, indexed once; the labels beside the checkout, if any."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from indexer.build import build

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

# A busy machine is slow, and that is no fault of what is tested.
settings.register_profile("loccit", deadline=None)
settings.load_profile("loccit")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The long form of the tests in tests/torture."""
    parser.addoption("--torture", action="store_true", help="all rounds, from where the last run stopped")
    parser.addoption("--minutes", type=float, default=15.0, help="at most so long for each part of it")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that read the real archive say that they are skipped where it is not."""
    if not SHARED.is_dir():
        for item in items:
            if item.get_closest_marker("shared"):
                item.add_marker(pytest.mark.skip(reason="the real archive is not beside this checkout"))


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with the sample collection and the catalogue of the other, indexed. Not to be written to."""
    root = tmp_path_factory.mktemp("sample archive")
    shutil.copytree(ROOT / "raw" / "sample", root / "raw" / "sample")
    shutil.copytree(
        ROOT / "raw" / "moscow-trials",
        root / "raw" / "moscow-trials",
        ignore=lambda _, names: set(names) - {"catalogue.toml"},
    )
    build(root / "raw", root / "index", jobs=1)
    return root


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser of the application that a test file makes."""
    return app.test_client()

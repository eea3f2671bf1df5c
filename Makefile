# The commands of the README. They work twice in a row and from a path with spaces in it.
.POSIX:
.PHONY: run test setup check torture words lock audit clean

PYTHON = python3
BIN = .venv/bin
PORT = 8000

# Serves this checkout's archive at http://127.0.0.1:8000; brings the index in step first, which does
# nothing where nothing has changed.
run: .venv/installed
	$(BIN)/loccit index
	$(BIN)/loccit serve --port $(PORT)

# In the order of the folders: browser/ has the longest files, which should not be begun last.
test: .venv/tools
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# The long forms of tests/torture: fifteen minutes a part at most; the next run goes on where this one stops.
torture: .venv/tools
	$(BIN)/python -m pytest tests/torture --torture --timeout 1200

# What .ci/run checks besides the tests.
check: .venv/tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

setup: .venv/tools

.venv/installed: pyproject.toml requirements.lock
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch .venv/installed

.venv/tools: .venv/installed requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch .venv/tools

# Gathers the sentences of the pages for translators; a test fails where this was forgotten.
words: .venv/tools
	$(BIN)/python tests/words.py

# Pins every dependency with its hashes, from the lower bounds of pyproject.toml.
lock: .venv/tools
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra dev --output-file requirements-dev.lock pyproject.toml

# Asks the database of known faults of Python's packages about every pinned one: needs the network.
audit: .venv/tools
	$(BIN)/python -m pip install --quiet pip-audit
	$(BIN)/pip-audit --strict --disable-pip --require-hashes -r requirements.lock -r requirements-dev.lock

clean:
	rm -rf .venv index/0* index/current .pytest_cache .hypothesis .mypy_cache .ruff_cache

# Two commands: `make episode` makes an episode from the sample review, `make test` runs all tests.
# Both set everything up by themselves, in .venv, and need nothing but Python 3.10 or newer with pip.

PYTHON ?= python3
REVIEW ?= reviews/the-long-tide.md
BIN := .venv/bin
# Many tests wait for a server, a browser or an engine: one more at once than there are cores.
AT_ONCE = $(shell $(BIN)/python -c 'import os; print((os.cpu_count() or 1) + 1)')

.PHONY: help episode preview test pythons coverage mutants fuzz trust lint format lock docs bench wheel clean

help:
	@echo "make episode          an episode from $(REVIEW)"
	@echo "make episode REVIEW=… an episode from another review"
	@echo "make preview          the same in the studio, in the browser"
	@echo "make test             all tests"
	@echo "make pythons          all tests on every Python that is here, 3.10 to 3.13"
	@echo "make coverage         which lines the tests run, and that they are enough"
	@echo "make mutants ROOM=mix  which small changes of a room its tests do not notice (OF=ducking)"
	@echo "make fuzz             a million broken inputs (RUNS=…), an hour of work"
	@echo "make trust            the long runs (RUN=kills …), and docs/trust.md of all that were run"
	@echo "make lint             ruff and mypy"
	@echo "make docs             the documentation as a site, in build/docs/"
	@echo "make bench            measure speed and accuracy"
	@echo "make wheel            build the package"

episode: .venv/ready-user
	@$(BIN)/sayso build $(REVIEW)

preview: .venv/ready-user
	@$(BIN)/sayso preview $(REVIEW)

test: .venv/ready-dev
	@$(BIN)/python -m pytest -n $(AT_ONCE) --dist loadgroup
	@echo "all tests passed. next: make episode, or read CONTRIBUTING.md"

# TESTS=tests/mix runs some of them.
pythons: .venv/ready-dev
	@$(BIN)/python benchmarks/pythons.py $(TESTS)

coverage: .venv/ready-dev
	@$(BIN)/python -m pytest -n $(AT_ONCE) --dist loadgroup --cov --cov-report=term:skip-covered

mutants: .venv/ready-dev
	@$(BIN)/python benchmarks/mutants.py $(ROOM) $(OF)

# Each run leaves its results in build/trust/; without RUN, only the page is written.
trust: .venv/ready-dev
	@test -z "$(RUN)" || $(BIN)/python benchmarks/trust.py run $(RUN)
	@$(BIN)/python benchmarks/trust.py page

# Led by coverage where atheris is installed: pip install -e '.[fuzz]'.
fuzz: .venv/ready-dev
	@PYTHONPATH=tests $(BIN)/python -m fuzz

lint: .venv/ready-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: .venv/ready-dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# The versions that everybody develops with, for every Python and system.
lock:
	@$(PYTHON) -m uv pip compile --universal --python-version 3.10 --extra dev --upgrade --quiet \
	  --no-emit-index-url --no-annotate --custom-compile-command "make lock" \
	  -o requirements-dev.txt pyproject.toml

docs: .venv/ready-dev
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "build/docs/index.html"

bench: .venv/ready-dev
	@$(BIN)/python benchmarks/segments.py
	@$(BIN)/python benchmarks/voices.py --no-words
	@$(BIN)/python benchmarks/preview.py
	@$(BIN)/python benchmarks/feed.py
	@$(BIN)/python benchmarks/performance.py

wheel: .venv/ready-dev
	@$(BIN)/python -m pip wheel -q --no-deps -w dist .
	@ls dist

clean:
	rm -rf .venv dist build episodes public

# A Debian without python3-venv can make an environment, only not put pip into it: the system's
# own pip does that.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	  { echo "sayso needs Python 3.10 or newer; name it: make PYTHON=python3.11 episode"; exit 1; }
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 || { rm -rf .venv && \
	  $(PYTHON) -m venv --without-pip .venv && \
	  $(PYTHON) -m pip --python .venv/bin/python install -q pip; }

.venv/ready-user: pyproject.toml | .venv/bin/python
	@echo "setting up (once) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[neural,preview]'
	@touch $@

.venv/ready-dev: pyproject.toml requirements-dev.txt | .venv/bin/python
	@echo "setting up (once) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c requirements-dev.txt -e '.[dev]'
	@touch $@ .venv/ready-user

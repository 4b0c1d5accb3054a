# Everything sets itself up. Needs Python 3.11 or newer with venv, and the package registry that pip is configured for.

PYTHON ?= python3
CHECKLIST ?= session-management
JOBS ?= 2
BIN := .venv/bin
# In the order of collection: the quick ones first.
PYTEST = $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

# Each run of a flow is a process of its own; without compiled modules every one of them compiles the project anew.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help setup sandbox demo test test-systems lint format lock bench clean

help:
	@echo "make demo          a production release of $(CHECKLIST), approved by you; AUTO=1 plays the approvers"
	@echo "make test          every test; FAST=1 leaves out those that need servers; JOBS=1 one at a time"
	@echo "make test-systems  releases, damages and rollbacks of the four larger systems"
	@echo "make lint          style, types, layers, generated files"
	@echo "make bench         how long things take"
	@echo "make clean         remove what the others made"

setup: .venv/.stamp

sandbox: .venv-sandbox/.stamp

# A stamp is as old as the lock that it was made from; a set-up that was cut off leaves none and is begun anew.
.venv/.stamp: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; name one with PYTHON=…" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv-sandbox/.stamp: requirements-sandbox.lock
	$(PYTHON) -m venv .venv-sandbox
	.venv-sandbox/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-sandbox.lock
	@touch $@

# exec hands Ctrl-C to the demo alone, which stops everything it started.
demo: .venv/.stamp .venv-sandbox/.stamp
	@exec $(BIN)/gates sandbox demo --checklist $(CHECKLIST) $(if $(AUTO),--auto)

test: .venv/.stamp .venv-sandbox/.stamp
	$(PYTEST) -m "not systems$(if $(FAST), and not server and not sandbox and not browser)" $(ARGS)

test-systems: .venv/.stamp .venv-sandbox/.stamp
	$(PYTEST) -m systems $(ARGS)

lint: .venv/.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m checklists.schema --check
	$(BIN)/python -m checklists.catalogue_page --check

format: .venv/.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Needs uv; the locks name versions and no registry.
lock:
	uv pip compile --no-emit-index-url --python-version 3.11 --extra dev pyproject.toml requirements.in -o requirements.lock
	uv pip compile --no-emit-index-url --python-version 3.11 requirements-sandbox.in -o requirements-sandbox.lock

bench: .venv/.stamp .venv-sandbox/.stamp
	$(BIN)/python -m tests.bench

clean:
	-@[ ! -x $(BIN)/gates ] || $(BIN)/gates sandbox down
	-@[ ! -x $(BIN)/gates ] || $(BIN)/gates down --home .sandbox/home
	rm -rf .venv .venv-sandbox .sandbox .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

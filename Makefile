# Fanfare. `make demo` shows it; `make test` and `make check` guard it; `make help` lists the rest.
PYTHON ?= python3
# Passed on to `fanfare demo`, e.g. make demo ARGS="--fresh"
ARGS ?=
# Processes that run the tests; e.g. make test WORKERS=2
WORKERS ?= auto

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
STAMPS := $(VENV)/.stamps

.DEFAULT_GOAL := help
.PHONY: help setup browser demo test peers peers-ready check lock screenshots bench clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(STAMPS)/dev $(STAMPS)/fanfare $(STAMPS)/browser-files ## everything a developer needs, in .venv and app/static/vendor

demo: $(STAMPS)/runtime $(STAMPS)/fanfare $(STAMPS)/browser-files ## a believable company with live traffic; Ctrl-C ends it
	@exec $(BIN)/fanfare demo $(ARGS)

test: setup browser ## all tests, in parallel, with a real browser
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: setup ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

peers: peers-ready ## real servers of networks into .peers, and the tests against them
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal tests/peers $(ARGS)

peers-ready: setup browser
	$(BIN)/python -m tests.peers.setting_up

browser: $(STAMPS)/dev ## finds or installs a Chromium for the tests
	@$(BIN)/python -m tests.chromium

screenshots: setup browser ## the README's pictures, from the real pages
	$(BIN)/python -m tests.e2e.screenshots $(ARGS)

bench: $(STAMPS)/runtime $(STAMPS)/fanfare $(STAMPS)/browser-files ## the numbers of the README, on this machine
	$(BIN)/fanfare bench $(ARGS)

lock: ## remakes the Python and npm locks
	.ci/lock $(PYTHON)

clean: ## removes what set-up and tests made; demo data (.fanfare) stays
	rm -rf $(VENV) .peers node_modules app/static/vendor dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Fanfare needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." \
		"Name another one: make $(MAKECMDGOALS) PYTHON=python3.13" >&2; exit 1; }
	@echo "Making a virtual environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV) || { \
		echo "Could not make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/runtime: requirements.txt | $(STAMPS)/venv
	@echo "Installing what Fanfare runs on …"
	@$(PIP) --require-hashes -r requirements.txt
	@touch $@

$(STAMPS)/dev: requirements-dev.txt | $(STAMPS)/venv
	@echo "Installing what Fanfare runs on and is built with …"
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@ $(STAMPS)/runtime

# In place: the checkout is what runs. The build back end comes from the lock, not from the network.
$(STAMPS)/fanfare: pyproject.toml | $(STAMPS)/venv
	@test -e $(STAMPS)/runtime || $(MAKE) --no-print-directory $(STAMPS)/runtime
	@$(PIP) --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(STAMPS)/browser-files: package-lock.json requirements-node.txt .ci/browser_files.py | $(STAMPS)/venv
	@$(BIN)/python .ci/browser_files.py
	@touch $@

# Ketenspoor: `make demo` to use it, `make test` to check it, `make help` for the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN  := $(VENV)/bin
PY   := $(BIN)/python

.PHONY: help
help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- environments -----------------------------------------------------------------------------
# A stamp's name carries the hash of what it was made from, so that a changed lock file, another
# Python or a switched branch makes the environment again, and nothing else does.

.PHONY: setup setup-run
setup-run: ## Make .venv with what the product needs at run time
	@scripts/environment.sh $(VENV) requirements.txt
	@$(PY) -m scripts.translations compile

setup: ## Make .venv with the development tools as well
	@scripts/environment.sh $(VENV) requirements.txt requirements-dev.txt
	@$(PY) -m scripts.translations compile

# --- use it -----------------------------------------------------------------------------------
.PHONY: demo demo-reset
demo: setup-run ## Open a filled demonstration on http://localhost:8000
	@$(BIN)/ketenspoor demo

demo-reset: setup-run ## Throw the demonstration's data away and start over
	@$(BIN)/ketenspoor demo --reset

# --- check it ---------------------------------------------------------------------------------
.PHONY: test test-long lint types unit integration scenarios browser-tests browser
test: setup browser ## Run every check and every test
	@$(PY) -m scripts.check

test-long: setup browser ## The same with many other random cases, and rows in any order
	@KETENSPOOR_TEST_PROFILE=long KETENSPOOR_TEST_RUNS=40 PYTEST_ADDOPTS="-p tests.disorder" \
		$(PY) -m scripts.check

lint: setup ## Run the checks that need no running program
	@$(PY) -m scripts.check static texts types

unit: setup ## Run the unit tests only
	@$(PY) -m scripts.check unit

integration: setup ## Run the tests on a real PostgreSQL only
	@$(PY) -m scripts.check integration

scenarios: setup ## Check the process packages and run their scenarios
	@$(PY) -m scripts.check scenarios

browser-tests: setup browser ## Run the tests in a real browser only
	@$(PY) -m scripts.check browser

browser: ## Make sure that a Chromium is there for the browser tests
	@scripts/chromium.sh >/dev/null

.PHONY: format translations bench screenshots lock clean
format: setup ## Lay out Python and templates as the checks want them
	@$(PY) -m scripts.check format

translations: setup ## Take new texts into the catalogues and say what lacks a translation
	@$(PY) -m scripts.translations update

bench: setup ## Measure; see bench/README.md
	@scripts/baselines.sh $(VENV)
	@$(PY) -m bench

screenshots: setup browser ## Take the documentation's screenshots anew
	@$(PY) -m scripts.screenshots

lock: setup ## Resolve requirements*.in anew into requirements*.txt
	@scripts/lock.sh $(VENV)

clean: ## Remove the environment and caches (keeps ./var)
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

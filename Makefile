# The points mall. `make help` lists what there is.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
.DEFAULT_GOAL := help

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | awk -F':.*?## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.venv/.runtime: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.lock requirements-data.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-data.lock
	@touch $@

CATALOGUES := $(patsubst %.po,%.mo,$(wildcard mall/translations/*/LC_MESSAGES/messages.po))

mall/translations/%/LC_MESSAGES/messages.mo: mall/translations/%/LC_MESSAGES/messages.po | .venv/.runtime
	$(BIN)/pybabel -q compile -i $< -o $@

.PHONY: setup
setup: .venv/.runtime $(CATALOGUES) ## make the environment (.venv), nothing else

.PHONY: lock
lock: ## write the hashed locks anew from pyproject.toml (needs uv)
	uv pip compile -q --universal --allow-unsafe --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	  --python-version 3.11 pyproject.toml -o requirements.lock
	uv pip compile -q --universal --allow-unsafe --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
	  --python-version 3.11 -c requirements.lock pyproject.toml --group dev -o requirements-dev.lock

.PHONY: migration
migration:
	$(BIN)/python migrations/regenerate.py && $(BIN)/ruff check -q --fix migrations/versions; $(BIN)/ruff format -q migrations/versions

.PHONY: run
run: setup ## the mall with its demo on http://127.0.0.1:8000 (PORT= for another)
	@$(BIN)/mall up --port $(PORT)

.PHONY: demo
demo: setup ## empty the development database and load the demo anew
	@$(BIN)/mall db upgrade && $(BIN)/mall demo reset --yes

.PHONY: tools
tools: .venv/.dev setup
	@bash tests/support/system.sh

.PHONY: lint
lint: .venv/.dev ## style, types, layers, templates, translations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet

.PHONY: test
test: tools lint ## every check: lint, types, layers, tests on SQLite and PostgreSQL, the browser (SQLITE_ONLY=1 leaves PostgreSQL out)
	$(BIN)/pytest --db sqlite -n 2 --dist worksteal
ifdef SQLITE_ONLY
	@echo "SQLITE_ONLY is set: nothing was tested on PostgreSQL."
else
	$(BIN)/pytest --db postgresql -n 2 --dist worksteal -m "not browser"
endif

EXAMPLES ?= 1000

.PHONY: explore
explore: tools ## look for what no test has found: EXAMPLES=1000 random examples for every test that draws some
	MALL_HYPOTHESIS=$(EXAMPLES) $(BIN)/pytest --db sqlite -n 2 --dist worksteal --timeout 0 -m hypothesis
ifndef SQLITE_ONLY
	MALL_HYPOTHESIS=$(EXAMPLES) $(BIN)/pytest --db postgresql -n 2 --dist worksteal --timeout 0 -m hypothesis
endif

SEEDS ?= 500
KILLS ?= 10

.PHONY: soak
soak: tools ## play SEEDS=500 random histories with faults, crashes and a moving clock on both databases
	$(BIN)/python -m tests.simulator --seeds $(SEEDS)$(if $(SQLITE_ONLY), --db sqlite)
	MALL_KILLS=$(KILLS) $(BIN)/pytest --db sqlite -n0 -q tests/faults/test_kills.py
ifndef SQLITE_ONLY
	MALL_KILLS=$(KILLS) $(BIN)/pytest --db postgresql -n0 -q tests/faults/test_kills.py
endif

.PHONY: mutants
mutants: tools ## take the guards of money, points, stock and codes away one by one: each time a test must fail
	$(BIN)/python -m tests.faults.mutants

.PHONY: bench
bench: tools ## the budgets of docs/performance.md, measured as ratios in one run
	$(BIN)/python -m bench

.PHONY: assets
assets: ## compile the CSS anew (needs Node; only who changes the look)
	cd assets && npm ci --no-audit --no-fund && npm run build

.PHONY: messages
messages: .venv/.dev ## collect the texts to translate into mall/translations
	$(BIN)/python -m tests.support.catalogues

# Everything a newcomer types. `make` alone tells what there is.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install up test check format bench lock schema indexes clean

help: ## Tell what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) ## Build .venv with the locked dependencies

$(INSTALLED): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "$$($(PYTHON) --version) is too old: Python 3.11 or newer is needed (make PYTHON=python3.12 …)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

up: install ## Run everything on this machine, with a demo institution
	$(BIN)/tp up

test: install ## Pass the whole suite, and report the coverage of tp, tenants and store
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term

check: install ## Lint, types, import order, drift of the GraphQL snapshot and of the store's indexes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/tp schema --check
	$(BIN)/tp indexes --check

format: install ## Put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install ## Print the figures: round trips, throughput, latency, CPU, the task queue
	$(BIN)/python -m bench

schema: install ## Write the GraphQL snapshot anew
	$(BIN)/tp schema > schema/schema.graphql

indexes: install ## Write deploy/index.yaml anew
	$(BIN)/tp indexes > deploy/index.yaml

lock: ## Resolve the dependencies anew (needs uv), with hashes and without index addresses
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--no-emit-find-links --group build pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--no-emit-find-links --group build --group dev pyproject.toml -o requirements-dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--no-emit-find-links --group bench --constraint requirements-dev.lock -o requirements-bench.lock

clean: ## Remove what was built; the data of `make up` stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .bench .coverage*

.DEFAULT_GOAL := help
.PHONY: help setup setup-spark dev demo format lint types check test browser slow bench bench-engine bench-province-db migrations screenshots

PY := .venv/bin/python
WORKERS ?= 2
# A closing live server leaves connections behind that nobody can wait for.
BROWSER := $(PY) -m pytest -q -m browser -W ignore::pytest.PytestUnraisableExceptionWarning

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "%-12s %s\n", $$1, $$2}'

.venv/.runtime: requirements.lock pyproject.toml bin/bootstrap
	@sh bin/bootstrap requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock pyproject.toml bin/bootstrap
	@sh bin/bootstrap requirements-dev.lock
	@touch .venv/.runtime $@

setup: .venv/.runtime ## Install what running needs
dev: .venv/.dev ## Install what developing needs

# A new lock takes away what it does not name, so the extra is installed again after it.
.venv/.spark: requirements-spark.lock $(wildcard .venv/.runtime .venv/.dev)
	@sh bin/bootstrap --also requirements-spark.lock
	@touch $@

setup-spark: setup .venv/.spark ## Install the optional Spark executor (480 MB; needs Java 17)

demo: .venv/.runtime ## Install, build the Anding demo, serve it, print the accounts
	@.venv/bin/wuju demo

format: dev ## Rewrite code and templates in house style
	.venv/bin/ruff check -q --fix-only . && .venv/bin/ruff format -q .

lint: dev ## Style, layers, packs
	.venv/bin/ruff format --check -q . && .venv/bin/ruff check -q .
	.venv/bin/lint-imports --no-cache > .lint-imports.log || { cat .lint-imports.log; exit 1; }
	.venv/bin/deptry . > .lint-deps.log 2>&1 || { cat .lint-deps.log; exit 1; }
	.venv/bin/wuju pack lint packs/national_2026 && .venv/bin/wuju pack lint packs/anding_2026

types: dev ## Strict mypy
	.venv/bin/mypy --no-error-summary

migrations: dev ## Fail if a model has no migration
	WUJU_HOME=$${TMPDIR:-/tmp}/wuju-check $(PY) -m django makemigrations --check --dry-run --settings wuju.config.settings

check: lint types migrations ## What CI checks before the tests

test: dev ## The whole suite on SQLite, in random order, and the browser journey
	@sh bin/chromium
	$(PY) -m pytest -q -n $(WORKERS)
	$(BROWSER)

browser: dev ## The browser journey alone
	@sh bin/chromium
	$(BROWSER)

slow: dev ## Long runs: hypothesis at length, a Spark cluster where there is Java
	@if command -v java >/dev/null; then $(MAKE) --no-print-directory .venv/.spark; fi
	$(PY) -m pytest -q -m slow

bench: dev ## Print the figures of docs/performance.md
	$(PY) bench/run.py

bench-engine: dev ## Twelve items over unfolded Parquet against a bare scan, pandas, databases and loops
	$(PY) bench/wide.py
	$(PY) bench/wide.py --scale province --ways folded,pandas --repeats 1

bench-province-db: dev ## The same SQL in SQLite and PostgreSQL over a quarter of a province; by hand
	$(PY) bench/wide.py --scale quarter --ways sqlite,postgres --repeats 1

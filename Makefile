# Franchise Sales Metrics. `make` prints what there is.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin

# A folder of sales files, and dbt variables as YAML: make build DATA=exports VARS='{reporting_currency: EUR}'
DATA ?=
VARS ?= {}
# make would ignore data=exports, a name it does not know, and build the sample.
$(foreach name,data Data vars Vars full_refresh force dry_run,$(if $(filter command,$(origin $(name))),$(error \
	Nothing was done: write $(shell echo $(name) | tr a-z A-Z)=… in capitals instead of $(name)=…)))
# Both are data: neither make nor the shell looks for commands in them.
override DATA := $(value DATA)
override VARS := $(value VARS)
# FULL_REFRESH=1 computes all past figures again, after a definition was changed.
REFRESH := $(if $(FULL_REFRESH),--full-refresh)
# FORCE=1 builds even if nothing has changed since the last good build.
FORCE ?=
export VARS

# duckdb, or redshift: then REDSHIFT_... in the environment says where it is and how to sign in.
export WAREHOUSE_TARGET ?= duckdb

# The generated sample has a warehouse file of its own.
SAMPLE := sample_data
export SALES_SOURCE := $(if $(DATA),$(DATA),$(SAMPLE))
export WAREHOUSE_PATH ?= $(if $(DATA),warehouse.duckdb,sample.duckdb)

DBT := $(BIN)/dbt
# Exit code 3, landed with rejected rows, is no failure.
OR_REJECTED_ROWS := || { code=$$?; test $$code -eq 3 || exit $$code; }

.PHONY: help setup dev build daily load metrics sample docs report export deps test test-property test-fuzz test-thorough test-value test-dbt test-redshift redshift-stand-in lint lint-sql bench bench-large capacity lock ci-seeds clean

help: ## Print this help
	@echo "Franchise Sales Metrics: daily sales files in, metric marts out."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  make build                                      a generated sample, into sample.duckdb"
	@echo "  make build DATA=exports                         your files, into warehouse.duckdb"
	@echo "  make build DATA=exports VARS='{item_price_basis: unit}' FULL_REFRESH=1"
	@echo "  make build DATA=s3://bucket/exports WAREHOUSE_TARGET=redshift"

setup: $(BIN)/.installed profiles.yml dbt_packages ## Create .venv from the pinned lock, and what dbt looks for in this folder

$(BIN)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version)'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# Never written again: from then on it is your own.
profiles.yml:
	cp profiles.yml.example $@

# Until `make deps` fetches the packages, links to the small ones that the project brings along.
dbt_packages:
	mkdir $@
	ln -s $(addprefix ../,$(wildcard tests/offline_packages/dbt_*)) $@

# No Python package brings the browser that the report is tested in.
CHROMIUM := command -v chromium chromium-browser google-chrome > /dev/null

dev: setup $(BIN)/.installed-dev
	@$(CHROMIUM) || { test "$$(id -u)" = 0 && apt-get update -qq && \
		apt-get install -qq --yes --no-install-recommends chromium fonts-dejavu-core; } || \
		echo "The tests of the report need Chromium: install the package chromium of this system." >&2

# The DuckDB of others that must read an export, beside ours: pip would keep one only.
OLDER_DUCKDB := $(wildcard tests/python/export/duckdb-*.lock)

$(BIN)/.installed-dev: $(BIN)/.installed requirements-dev.lock $(OLDER_DUCKDB)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	for lock in $(OLDER_DUCKDB); do $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--require-hashes --upgrade --target .venv/older/$$(basename $$lock .lock) -r $$lock; done
	touch $@

$(BIN)/.installed-metrics: $(BIN)/.installed requirements-metrics.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-metrics.lock
	touch $@

target/profiles/profiles.yml: profiles.yml.example
	mkdir -p $(@D)
	cp $< $@

build: load ## Load DATA (else a sample), build and test the marts, write docs and report, print the key figures
	@$(BIN)/sales-loader build --vars "$$VARS" $(REFRESH) $(if $(FORCE),--force)
	@$(BIN)/sales-loader report --vars "$$VARS"
	@$(BIN)/sales-loader kpi-summary

daily: setup $(if $(DATA),,sample) ## The daily run: load DATA, build and test beside the marts in use, publish, print a summary
	@$(BIN)/sales-loader daily "$$SALES_SOURCE" --vars "$$VARS" $(REFRESH) \
		$(OR_REJECTED_ROWS)

load: setup $(if $(DATA),,sample) ## Load DATA (else the sample) into the warehouse
	@$(BIN)/sales-loader load "$$SALES_SOURCE" $(if $(DATA),,--alone) --vars "$$VARS" \
		$(OR_REJECTED_ROWS)

# Options as a shell reads them, quotes included, but no commands in them.
ASK ?=
override ASK := $(value ASK)
export ASK
metrics: setup $(BIN)/.installed-metrics ## Ask the marts: ASK='--metrics net_revenue --group-by location__region'; alone, what there is
	@words=(); $(if $(ASK),lines=$$(printf '%s' "$$ASK" | xargs -n 1 printf '%s\n'); \
	while IFS= read -r word; do words+=("$$word"); done <<< "$$lines";) \
	$(BIN)/sales-loader metrics --vars "$$VARS" $${words[@]+"$${words[@]}"}

sample: $(SAMPLE)/generated/order_items.csv ## Generate the sample: 100,000 lines over two years

$(SAMPLE)/generated/order_items.csv: | $(BIN)/.installed
	$(BIN)/sales-loader generate --lines 100000 --days 730 --out $(@D)

docs: setup ## Write the dbt docs as one static page
	@$(BIN)/sales-loader dbt --vars "$$VARS" --quiet docs generate --static
	@echo "The marts, explained: target/static_index.html"

report: setup ## Write the report of the marts as one page
	@$(BIN)/sales-loader report --vars "$$VARS"

export: setup ## Copy the marts into a file for BI tools, target/export/sales_marts.duckdb (docs/connect.md)
	@$(BIN)/sales-loader export

deps: setup ## Fetch the dbt packages from the hub, or say that it does not answer
	@mkdir -p target; if $(DBT) deps > target/deps.log 2>&1; then echo "The dbt packages are in dbt_packages."; \
	else rm -rf dbt_packages; $(MAKE) --silent dbt_packages; \
		echo "The dbt hub does not answer (target/deps.log): the build uses tests/offline_packages instead."; fi

lint: dev ## The quick part of the tests: ruff, mypy, sqlfluff and the dialect check for both engines
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m tools.project_checks yml_keys
	@$(MAKE) --no-print-directory lint-sql

# Compiling needs no server. The models as written are linted for DuckDB, the finished statements for Redshift.
lint-sql: export WAREHOUSE_PATH := target/lint.duckdb
lint-sql: dev
	$(BIN)/sqlfluff lint models snapshots analyses tests/integrity
	for target in duckdb redshift; do \
		$(DBT) --quiet compile --target $$target --target-path target/$$target --no-populate-cache --no-introspect; \
		$(BIN)/python -m tools.project_checks dialect --target-dir target/$$target --dialect $$target; \
	done
	$(BIN)/sqlfluff lint --ignore-local-config --disregard-sqlfluffignores \
		--config scripts/tools/project_checks/sqlfluff_redshift.cfg target/redshift/compiled

test-property: dev ## 200 random sequences of deliveries and runs, each run held against a full refresh
	SEQUENCES=200 $(BIN)/python -m pytest tests/python/incremental

test-thorough: dev ## The tests that take minutes: README as printed, Redshift in full, 30,000 customers, 10 kills, 25 sequences
	$(BIN)/python -m pytest -m thorough
	KILLS=10 SEQUENCES=25 $(BIN)/python -m pytest tests/python/pipeline/test_daily_run_kills.py tests/python/incremental/test_sequences.py
	KILLS=20 $(BIN)/python -m pytest tests/python/redshift/test_redshift_faults.py -k killed

test-fuzz: dev ## 10,000 files with surplus cells and stray quotes, each held against another reading
	FUZZ_FILES=10000 $(BIN)/python -m pytest --numprocesses=0 tests/python/loader/test_fuzz.py

test: dev ## What must hold after any change: lint, types, Python tests, dbt on the CI sample
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target lint test-dbt
	$(BIN)/python -m pytest

test-dbt: export CI_WAREHOUSE_PATH := target/ci.duckdb
test-dbt: export DBT_TARGET_PATH := target/ci
test-dbt: dev
	rm -f target/ci.duckdb
	$(DBT) --quiet seed --target ci
	$(DBT) build --target ci
	$(DBT) --quiet docs generate --target ci
	$(BIN)/python -m tools.project_checks columns --target-dir $(DBT_TARGET_PATH)

test-redshift: dev ## The part of the tests that runs on the stand-in of Redshift
	$(BIN)/python -m pytest tests/python/redshift tests/python/redshift_stand_in

redshift-stand-in: dev ## Start PostgreSQL, S3 and the proxy that act as Redshift, until Ctrl-C; prints the environment
	@$(BIN)/python -m tests.redshift_stand_in

test-value: dev ## Hold the expected value of customers against another model, at more dates
	$(BIN)/python -m pytest -m value --numprocesses=0 --capture=no tests/python/expected_value

# With nothing else running: the figures are ratios within one run, but other work disturbs them.
bench: dev ## Measure load, build and daily runs beside a hand-tuned baseline (20 minutes)
	@$(BIN)/python -m tools.benchmark --lines 200000 --lines 2000000 --lines-a-day 2000

bench-large: dev ## The same with 10 million lines and 20,000 a day (hours, 90 GB of disk)
	@$(BIN)/python -m tools.benchmark --lines 10000000 --memory 4GB --memory 2GB --lines-a-day 20000

capacity: dev ## Estimate what daily runs of 50 to 5,000 restaurants read and move; tables of docs/capacity.md
	@$(BIN)/python -m tools.capacity

# On AWS, with the parameters in deploy/settings.yml and the account and region that the environment names.
DEPLOYMENT := $(BIN)/python -m deployment
DRY_RUN ?=
.PHONY: deploy deploy-check run-scheduled morning destroy

# Before anything is installed.
deploy/settings.yml:
	@echo "$@ is not there. Copy deploy/settings.example.yml to it and fill it in." >&2; exit 2

deploy: deploy/settings.yml dev ## Deploy the daily run into an AWS account (docs/runbook.md); DRY_RUN=1 shows what would change
	@$(DEPLOYMENT) deploy $(if $(DRY_RUN),--dry-run)

deploy-check: dev ## Check the AWS templates: their linter, rights, encryption, retention
	@$(DEPLOYMENT) check

run-scheduled: deploy/settings.yml dev ## Start the daily run on AWS now and wait for its end
	@$(DEPLOYMENT) run --wait

# Its old name.
morning: run-scheduled

destroy: deploy/settings.yml dev ## Delete what runs on AWS; files, warehouse data, keys and images stay
	@$(DEPLOYMENT) destroy $(if $(DRY_RUN),--dry-run)

# The groups are installed into the same environment, so they keep to the versions of the first.
lock: ## Write the lock files from pyproject.toml (needs uv)
	for group in "" metrics dev; do uv pip compile pyproject.toml $${group:+--group $$group --constraint requirements.lock} --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-strip-extras --no-header --no-annotate --quiet -o requirements$${group:+-$$group}.lock; done

ci-seeds: dev ## Write seeds/sample/ again from the generator and the loader
	$(BIN)/python -m sample_data.ci_seeds

clean: ## Remove everything generated, the sample and its warehouse too; your own warehouse file stays
	rm -rf .venv target logs $(SAMPLE) sample.duckdb sample.duckdb.wal dbt_packages *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

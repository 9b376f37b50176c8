# `make` alone prints what there is. PYTHON=python3.12 make ... takes another Python for the set-up.

PYTHON ?= python3
CONFIG ?= config/decroche.toml
SCENARIO ?= ordinary_week

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
# Whole modules, in the order that tests/conftest.py puts them in. Tests with an Asterisk wait more
# than they compute, so that more workers than cores are of use to them: make test WORKERS=8.
SPREAD := --dist loadscope --no-loadscope-reorder -n
COMPILED := build/compiled
COPY := $(COMPILED)/.made
LOCKS := requirements.lock requirements-dev.lock
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--fork-strategy fewest --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help setup check unit test smoke testbed testbed-down run doctor oracle bench-sim bench-memory bench-decide bench-scrape simulate swarm mutants explore sim-vs-real crash api-fuzz metrics-page dashboards config-page diagrams mqtt-contract dialplan-form bench-presence bench-wallboard bench-report format lock clean demo load install-trial

help: ## print this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | \
		while IFS="$$(printf '\t')" read -r name words; do \
			printf '  %-14s %s\n' "$$name" "$$words"; done

setup: $(STAMP) ## make .venv with all that the locks name

check: $(STAMP) ## lint, format, types, import contracts, tidy tests: under a minute
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/pytest tests/tidy -q
	@! command -v promtool >/dev/null || promtool check config config/prometheus/prometheus.yml

unit: $(STAMP) ## the quick tests that need no Asterisk: under a minute
	$(BIN)/pytest $(SPREAD) $(or $(WORKERS),4) -m "not testbed and not slow" --ignore tests/tidy

test: $(STAMP) ## install what the tests need, and run them all
	-$(BIN)/python -m tests.testbed install
	$(BIN)/pytest $(SPREAD) $(or $(WORKERS),6) -m "not alone"
	$(BIN)/pytest -q -m alone

smoke: $(STAMP) ## forty calls through a real Asterisk: one line of JSON, 0 if nobody was lost
	@$(BIN)/python -m tests.e2e.smoke

testbed: $(STAMP) ## start two Asterisks, ours and a farm of phones, that stay
	$(BIN)/python -m tests.testbed install
	$(BIN)/python -m tests.testbed up

testbed-down: $(STAMP) ## end them
	$(BIN)/python -m tests.testbed down

run: $(STAMP) ## run the daemon with CONFIG, config/decroche.toml unless told otherwise
	$(BIN)/decroche run --config $(CONFIG)

demo: $(STAMP) ## the daemon at work on an emulated PBX, live, until Ctrl-C or for SECONDS
	@$(BIN)/python -m simulations.demo $(if $(SECONDS),--seconds $(SECONDS))

load: $(STAMP) ## RATE calls a second to LISTENERS, for SECONDS: how soon the daemon acts, as JSON
	@$(BIN)/python -m simulations.demo.load $(if $(RATE),--rate $(RATE)) \
		$(if $(LISTENERS),--listeners $(LISTENERS)) $(if $(SECONDS),--seconds $(SECONDS))

doctor: $(STAMP) ## look whether all that the daemon needs is there
	$(BIN)/decroche doctor --config $(CONFIG)

oracle: $(STAMP) ## hold the engine against theory and against the exact fate of each call
	@$(BIN)/python -m simulations.oracle

bench-sim: $(STAMP) $(COPY) ## calls a second: a bare loop, SimPy, Ciw, the engine; PLAIN=1: not compiled
	@$(if $(PLAIN),,PYTHONPATH=$(COMPILED)) $(BIN)/python -P -m simulations.bench

bench-memory: $(STAMP) $(COPY) ## ten_thousand whole: seconds and peak memory, 1 if above 1 GiB
	@PYTHONPATH=$(COMPILED) $(BIN)/python -P -m simulations.bench.memory

bench-decide: $(STAMP) ## how long a decision takes: 100 to 10,000 listeners, 1,000 calls waiting
	@$(BIN)/python -m simulations.bench.decide

bench-scrape: $(STAMP) ## how long a scrape takes, and its series: 100 to 10,000 listeners
	@$(BIN)/python -m tests.observe.bench_scrape

simulate: $(STAMP) $(if $(FAST),$(COPY)) ## run SCENARIO (ordinary_week); ARGS="--seed 7 ..."; FAST=1: compiled
	@$(if $(FAST),PYTHONPATH=$(COMPILED)) $(BIN)/decroche simulate $(SCENARIO) $(ARGS)

swarm: $(STAMP) ## SEEDS random small worlds with random faults: nothing breaks, all are answered
	@$(BIN)/python -m simulations.swarm $(if $(SEEDS),--seeds $(SEEDS)) $(if $(FIRST),--first $(FIRST))

mutants: $(STAMP) ## one-line faults of the engine, each of which must be found: by what, how soon
	@$(BIN)/python -m tests.mutants $(ARGS)

install-trial: $(STAMP) ## follow docs/install.md on a machine to be thrown away, to a first call; wants root
	-@$(BIN)/python -m tests.testbed install
	@$(BIN)/python -m tests.running.trial

api-fuzz: $(STAMP) ## CASES (2000) requests made from the API's own document: none may break it
	@$(BIN)/python -m tests.web.api.fuzz $(if $(CASES),$(CASES),2000)

sim-vs-real: $(STAMP) ## one scenario in the simulator and on a real Asterisk, call by call: five minutes
	@$(BIN)/python -m tests.sim_vs_real $(ARGS)

crash: $(STAMP) ## RUNS worlds in which the daemon is killed again and again: no promise lost or kept twice
	@$(BIN)/python -m tests.crash $(if $(RUNS),--runs $(RUNS)) $(ARGS)

explore: $(STAMP) ## ROUNDS (5) of new examples for every property: what is found gets its case
	@for round in $$(seq $(or $(ROUNDS),5)); do \
		$(BIN)/pytest -q $(SPREAD) $(or $(WORKERS),2) -m "hypothesis and not testbed" \
			--hypothesis-profile=new || exit 1; done

metrics-page: $(STAMP) ## write docs/metrics.md from the code
	@$(BIN)/python -m router.observe.page > docs/metrics.md

config-page: $(STAMP) ## write docs/configuration.md from the code
	@$(BIN)/python -m router.reference.configuration > docs/configuration.md

diagrams: $(STAMP) ## draw the states in docs/architecture.md from the code
	@$(BIN)/python -m router.reference.diagrams docs/architecture.md

dashboards: $(STAMP) ## write config/grafana/dashboards from the code
	@$(BIN)/python -m router.observe.dashboards config/grafana/dashboards

dialplan-form: $(STAMP) ## write into both halves what the dialplans are now
	@$(BIN)/python -m tests.dialplans.form

mqtt-contract: $(STAMP) ## write docs/mqtt.json from the code
	@$(BIN)/python -m router.presence.asyncapi > docs/mqtt.json

bench-presence: $(STAMP) ## a thousand listeners' apps, and a broker that dies: JSON, 1 if wrong or late, after a minute
	@$(BIN)/python -m tests.presence.crowd

bench-report: $(STAMP) ## how long a report over 20,000 simulated calls takes: JSON, 1 if above 5 s
	@$(BIN)/python -m tests.report.bench

bench-wallboard: $(STAMP) ## the wallboard in a real Chromium, at 250 listeners, and a day of it: ten minutes
	@$(BIN)/python -m tests.web.wallboard $(ARGS)

format: $(STAMP) ## format the code, and mend what ruff can mend
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: $(STAMP) ## write the locks anew from pyproject.toml; UPGRADE=1 takes newer versions
	$(COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml --output-file requirements.lock
	$(COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml --extra dev \
		--constraint requirements.lock --output-file requirements-dev.lock

clean: ## take away .venv and all caches of the tools
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(COPY): $(STAMP) $(shell find router simulations -name '*.py' -o -name '*.toml')
	@echo "compiling the engine ..." >&2
	@$(BIN)/python -m simulations.compiled $(COMPILED)
	@touch $@

$(STAMP): pyproject.toml $(LOCKS)
	@PYTHON=$(PYTHON) sh .ci/venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

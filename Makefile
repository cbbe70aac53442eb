# Two commands: `make run` serves the bundled regions on http://127.0.0.1:8000, `make test` checks everything.
# Each step leaves a stamp and is done again only when what it depends on has changed.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# without compiled modules on disk every process would compile numba's and ours again, which takes seconds
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
JOBS ?= 2
BUNDLED := data/haidian data/ledu data/chaozhou
VENDOR := geomatch/web/static/vendor
CATALOGUES := $(wildcard geomatch/web/translations/*/LC_MESSAGES/*.po)

.PHONY: help setup assets run test check bench data picture requirements clean

help:
	@echo "make run      serve the three bundled regions on http://127.0.0.1:$(PORT)"
	@echo "make test     style, types and every test"
	@echo "make setup    everything but running: .venv, packages, browser assets, translations"
	@echo "make bench    measure against scipy, pandana and Valhalla"
	@echo "make check    style and types only"
	@echo "make data     generate the bundled regions again from their script"
	@echo "make picture  draw docs/coverage-map.png again"
	@echo "make requirements   pin the newest packages again"
	@echo "make clean    remove everything that was made, the bundled sources excepted"

# --- what running needs

$(BIN)/python:
	@python=$$(setup/find_python.sh) && setup/make_venv.sh $(VENV) "$$python"

$(VENV)/.stamp-run: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "setup: Python packages"
	@setup/install.sh $(VENV) requirements/run.txt
	@setup/install_self.sh $(VENV)
	@touch $@

$(VENDOR)/.stamp: package-lock.json setup/assets.toml setup/assets.py | $(BIN)/python
	@echo "setup: browser assets"
	@setup/npm.sh $(VENV)
	@$(BIN)/python setup/assets.py
	@touch $@

$(VENV)/.stamp-translations: $(CATALOGUES) $(VENV)/.stamp-run
	@[ -z "$(CATALOGUES)" ] || $(BIN)/pybabel -q compile -d geomatch/web/translations
	@touch $@

# a compiled kernel is thrown away when its own file changes, but not when a kernel that it calls does
$(VENV)/.stamp-kernels: $(wildcard geomatch/*/_kernels/*.py) | $(VENV)/.stamp-run
	@rm -f geomatch/*/_kernels/__pycache__/*.nb[ci]
	@touch $@

RUN_PARTS := $(VENV)/.stamp-run $(VENV)/.stamp-translations $(VENV)/.stamp-kernels $(VENDOR)/.stamp

assets: $(VENDOR)/.stamp

run: $(RUN_PARTS)
	@$(BIN)/geomatch serve $(BUNDLED) --port $(PORT)

# --- what working on it needs

$(VENV)/.stamp-dev: requirements/dev.txt $(VENV)/.stamp-run
	@echo "setup: packages for tests and checks"
	@setup/install.sh $(VENV) requirements/dev.txt
	@touch $@

# the bundled region, built; it also compiles the kernels once, before tests would do so in parallel
data/haidian/build/current.json: $(wildcard data/haidian/*.*) | $(RUN_PARTS)
	@$(BIN)/geomatch build data/haidian >/dev/null

setup: $(RUN_PARTS) $(VENV)/.stamp-dev data/haidian/build/current.json

check: $(VENV)/.stamp-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: setup check
	@setup/browser.sh
	@setup/postgresql.sh
	@setup/warm.sh $(BIN)
	$(BIN)/python -m pytest -n $(JOBS)

bench: setup
	@benchmarks/run.sh

data: setup
	for name in haidian ledu chaozhou; do $(BIN)/python data/make_region.py $$name || exit 1; done

picture: setup
	$(BIN)/python docs/make_picture.py

requirements:
	setup/pin.sh

clean:
	rm -rf $(VENV) .venv-peers node_modules $(VENDOR) data/*/build build dist .mypy_cache .ruff_cache .pytest_cache
	find geomatch tests -name __pycache__ -prune -exec rm -rf {} +
	find geomatch -name '*.mo' -delete

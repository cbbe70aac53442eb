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
# workers of the tests: no more than cores, since some tests time a page in a browser
JOBS ?= 2
BUNDLED := data/haidian data/ledu data/chaozhou
VENDOR := geomatch/web/static/vendor
CATALOGUES := $(wildcard geomatch/web/translations/*/LC_MESSAGES/*.po)

.PHONY: help setup assets run test system warm check bench data picture requirements clean

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

$(VENDOR)/.stamp: package-lock.json setup/assets.toml setup/assets.py | $(VENV)/.stamp-run
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

PYTHON_PARTS := $(VENV)/.stamp-run $(VENV)/.stamp-translations $(VENV)/.stamp-kernels
RUN_PARTS := $(PYTHON_PARTS) $(VENDOR)/.stamp

assets: $(VENDOR)/.stamp

run: $(RUN_PARTS)
	@$(BIN)/geomatch serve $(BUNDLED) --port $(PORT)

# --- what working on it needs

$(VENV)/.stamp-dev: requirements/dev.txt $(VENV)/.stamp-run
	@echo "setup: packages for tests and checks"
	@setup/install.sh $(VENV) requirements/dev.txt
	@touch $@

# the bundled region, built; it also compiles the kernels once, before tests would do so in parallel
data/haidian/build/current.json: $(wildcard data/haidian/*.*) | $(PYTHON_PARTS)
	@$(BIN)/geomatch build data/haidian >/dev/null

setup: $(RUN_PARTS) $(VENV)/.stamp-dev data/haidian/build/current.json

check: $(VENV)/.stamp-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# what waits for the network, what builds and what checks go side by side
test:
	@$(MAKE) --no-print-directory -j 3 system warm setup check
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

system:
	@setup/browser.sh
	@setup/postgresql.sh

warm: data/haidian/build/current.json
	@setup/warm.sh $(BIN)

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

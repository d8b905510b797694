# `make demo` and `make test` do all set-up: they need Python 3.11 or newer, make, and a package index that pip can reach.
# Another interpreter: make test PYTHON=/path/to/python

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PACKAGES := corpus scraper parsers outputs gongkai
DEMO := demo-dataset
DEMO_FETCH := demo-fetched

# The first interpreter on the path that is new enough; '' where there is none.
IS_NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$each -c '$(IS_NEW_ENOUGH)' >/dev/null 2>&1 && echo $$each && break; done)

.PHONY: help demo demo-fetch test lint browser bench fuzz clean
.DEFAULT_GOAL := help

help:
	@echo 'make demo   build the bundled sample reports into $(DEMO)/, and show them on a local page'
	@echo 'make demo-fetch  fetch from a small site on this machine into $(DEMO_FETCH)/, build, fetch again'
	@echo 'make test   lint, types, and all tests'
	@echo 'make lint   lint and types alone'
	@echo 'make browser  a Chromium for the tests that need one, where none is on the path'
	@echo 'make bench  time of a page, of a build, of a fetch, and of the explorer, beside what others need (some minutes)'
	@echo 'make fuzz   bytes that nobody would think of, 20 minutes for each way into the parser'
	@echo 'make clean  remove what these commands made, the virtual environment included'

demo: $(INSTALLED)
	@$(BIN)/gongkai build corpus/samples -o $(DEMO)
	@echo
	@echo 'What to look at next:'
	@echo '  Agencies, years, and every number beside the page it was read from, at $(EXPLORER):'
	@echo '    $(BIN)/gongkai explore $(DEMO)'
	@echo '  What does not add up, each with both places:'
	@echo '    $(BIN)/gongkai check $(DEMO)'
	@echo '  What changed from one year to the next:'
	@echo '    $(BIN)/gongkai diff $(DEMO) --agency 平潭 --years 2020 2021'
	@echo '  Requests received, by agency and year, each with the place it was read from:'
	@echo '    $(BIN)/gongkai query $(DEMO) "$(subst ','\'',$(SERIES))"'
	@echo '  Which reports are there, and which should be:'
	@echo '    $(BIN)/gongkai coverage $(DEMO)'
	@echo '  One report as a tree, with its tables, its facts and their places:'
	@echo '    $(BIN)/gongkai show corpus/samples/pingtan-2020/page.html'
	@echo '  Worked questions: docs/questions.md; what every column means: docs/dataset.md'
	@$(IS_WATCHED) || exit 0; echo; trap : INT; $(BIN)/gongkai explore $(DEMO) || test $$? = 130

# The explorer's address, unless its port is taken. Where a person sits before a screen, the demo ends with it.
EXPLORER := http://127.0.0.1:8001/
IS_WATCHED = test -t 0 && test -t 1

# What the demo proposes to ask the dataset that it built.
SERIES := SELECT agency, report_year, measure, value, unit, source, table_no, row, col, block_no, char_start \
FROM facts JOIN (SELECT capture_id, agency FROM reports WHERE is_current) USING (capture_id) \
WHERE indicator = 'requests_received' AND applicant = 'total' ORDER BY ALL

# From nothing each time: what is shown is a first fetch and a second one.
demo-fetch: $(INSTALLED)
	@rm -rf $(DEMO_FETCH)
	@$(BIN)/python tests/support/demo_fetch.py $(DEMO_FETCH)

test: lint browser
	$(BIN)/pytest --numprocesses auto --dist worksteal --doctest-modules --ignore=tests/support $(PACKAGES) tests

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The tests of pages that scripts write need a Chromium; without one they are skipped, and say so. What is there is used,
# root on a system with apt gets one, everybody else is told.
browser: $(INSTALLED)
	@$(HAS_BROWSER) || { $(IS_ROOT) && $(APT) update && $(APT) install chromium fonts-noto-cjk; } >/dev/null \
		|| echo 'No Chromium could be installed: the tests that need one are skipped.' \
		'To have them run, install the package chromium and try again.' >&2

HAS_BROWSER = $(BIN)/python -c 'from scraper.browser import find_browser; find_browser()' 2>/dev/null
IS_ROOT = test "$$(id -u)" = 0
APT = DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends -o Acquire::http::Timeout=30

bench: $(INSTALLED)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --editable '.[bench]'
	$(BIN)/python benchmarks/performance.py --quick
	$(BIN)/python benchmarks/bench_fetch.py
	$(BIN)/python benchmarks/bench_explore.py

# Findings are written beside the corpora, and do not fail the target: tests/fuzz/README.md says what to do with one.
FUZZ_SECONDS ?= 1200
fuzz: $(INSTALLED)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --editable '.[fuzz,dev]'
	for each in decode document parse; do $(BIN)/python tests/fuzz/fuzz_$$each.py .fuzz/$$each/corpus --go-on \
		-max_total_time=$(FUZZ_SECONDS) || exit 1; done

clean:
	rm -rf $(VENV) $(DEMO) $(DEMO_FETCH) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .fuzz
	find $(PACKAGES) tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# Installed anew when pyproject.toml changes; the packages themselves are used from where they lie.
$(INSTALLED): pyproject.toml
	@$(if $(PYTHON),,echo 'gongkai needs Python 3.11 or newer, and none is on the path.' \
		'Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python' >&2; exit 1)
	@$(PYTHON) -c '$(IS_NEW_ENOUGH)' >/dev/null 2>&1 || { \
		echo 'gongkai needs Python 3.11 or newer; $(PYTHON) is none.' >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(MAKE) --no-print-directory $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --editable '.[browser,dask,s3,fast,dev]'
	@touch $@

# Some systems ship Python without ensurepip; where the interpreter has a pip of its own, that one fills in.
.PHONY: $(VENV)
$(VENV):
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { $(PYTHON) -m venv --without-pip --clear $(VENV) \
		&& $(PYTHON) -m pip --python $(BIN)/python install --disable-pip-version-check --quiet pip; } \
		|| { rm -rf $(VENV); echo 'No virtual environment could be made: this Python lacks venv or ensurepip.' \
		'Install them (on Debian and Ubuntu: the package python3-venv) and try again.' >&2; exit 1; }

# `make demo` and `make test` set everything up themselves; nothing is needed but Python >= 3.11, make and a package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test test-long lint types models schemas bench clean

demo: $(STAMP)
	$(BIN)/teletipo demo

# The tests with workers and Kafka wait most of the time: two files at once. Those that measure seconds run by themselves.
test: $(STAMP)
	$(BIN)/python -m pytest -m "not long and not alone" -n 2 --dist loadfile tests/integration
	$(BIN)/python -m pytest -m "not long and (alone or not integration)"

test-long: $(STAMP)
	$(BIN)/python -m pytest

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

models: $(STAMP)
	$(PYTHON) .ci/install.py -e '.[training]'
	$(BIN)/python -m training es en

schemas: $(STAMP)
	$(BIN)/teletipo schemas schemas/v1

bench: $(STAMP)
	for part in models "quality events" "quality quotes" "quality sentiment" "quality time" wires stream kills lifecycle; do $(BIN)/python -m bench.$$part || exit; done

clean:
	rm -rf $(VENV) build dist

$(STAMP): pyproject.toml requirements.lock
	@$(PYTHON) .ci/install.py -e '.[kafka,dev]'
	@touch $@

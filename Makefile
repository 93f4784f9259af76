# One command each: every target does its own set-up, and quickly where all is there.
# Paths are relative, so that a checkout's own path may have spaces in it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format bench lock clean

BIN := .venv/bin
UV := uv==0.13.8
UV_HOME := .sandbox/uv
COMPILE := $(UV_HOME)/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header

export PYTHON

help: ## This list
	@grep -E '^[a-z]+:.*## ' Makefile | awk -F ':.*## ' '{ printf "make %-8s %s\n", $$1, $$2 }'

setup: ## Virtual environment and pinned dependencies, as every other target does first
	@./sandbox/setup.sh

demo: setup ## Wikis, one run of every bot, dashboard; ONCE=1: ends by itself; OPTIONS=--hub-port=…
	@$(BIN)/python -m sandbox.prepare
	@$(BIN)/hubbot demo $(if $(ONCE),--once) $(OPTIONS)

test: setup ## Lint, types and the whole test suite
	@$(BIN)/python -m sandbox.prepare --tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses 3 --dist loadfile

lint: setup ## Lint and types only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup ## Format the code, and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup ## One benchmark (NAME=…), then docs/benchmarks.md from all results
	@test -z '$(NAME)' || test -f 'bench/$(NAME).py' || { echo "There is no bench/$(NAME).py." >&2; exit 1; }
	@$(BIN)/python -m sandbox.prepare
	@$(if $(NAME),$(BIN)/python -m 'bench.$(NAME)')
	@$(BIN)/python -m bench.report

lock: setup ## Pin the newest versions that pyproject.toml allows
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --target $(UV_HOME) '$(UV)' \
		|| { echo "$(UV) could not be fetched: see that pip reaches its package index." >&2; exit 1; }
	$(COMPILE) --upgrade --extra dev --output-file requirements-dev.txt pyproject.toml
	# From the pins that it finds in its output, uv takes what it can: both files pin the same.
	cp requirements-dev.txt requirements.txt
	$(COMPILE) --output-file requirements.txt pyproject.toml

clean: ## Stop the sandbox and remove all that was made here
	@if [ -x $(BIN)/hubbot ]; then $(BIN)/hubbot sandbox down; fi
	rm -rf .venv .sandbox *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

# Every way to run anything, by a person and by CI alike. `make` alone lists the targets.
# All of it happens in .venv, from hashed lock files; nothing else on the machine is touched.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/uv --no-config
SERVERS := tests/integration/deploy tests/integration/elasticsearch tests/integration/flink tests/integration/kafka tests/integration/served tests/integration/servers
# luqum rewrites a file of its own at its first import, which must not reach other environments through uv's cache.
export UV_LINK_MODE := copy
ifdef CI
export UV_NO_PROGRESS := 1
endif

.PHONY: help run test test-embedded test-servers check eval bench chaos format lock servers servers-down deploy-files clean

help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: $(VENV)/.run ## watch the sample feeds and the default feeds, and show developments as they are found
	@exec $(BIN)/treatywire run

test: test-embedded ## test-embedded, and from feed to webhook and short faults on real servers; without Java 17 or Maven it says what it leaves out
	@$(BIN)/treatywire-local fetch; code=$$?; \
	if [ $$code = 0 ]; then exec $(BIN)/python -m pytest -m everyday $(SERVERS); fi; \
	if [ $$code != 3 ] || [ -n "$$CI" ]; then exit $$code; fi; \
	echo "make test: left out: the tests on a real Kafka, Elasticsearch and Flink. All others passed." >&2

test-embedded: $(VENV)/.dev ## all tests of the program on one machine, the detection gate among them
	$(BIN)/python -m pytest $(foreach folder,$(SERVERS),--ignore $(folder))

test-servers: $(VENV)/.dev ## all tests on a real Kafka, Elasticsearch and Flink, which need Java 17 and Maven
	$(BIN)/treatywire-local fetch
	$(BIN)/python -m pytest $(SERVERS)

check: $(VENV)/.dev ## lint, types, import directions
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

eval: $(VENV)/.dev ## detection figures against their pinned floors
	$(BIN)/python -m tests.eval

bench: $(VENV)/.dev ## benchmarks; results are appended to tests/bench/results
	$(BIN)/python -m tests.bench

servers: $(VENV)/.dev ## start a real Kafka, Elasticsearch and Flink on loopback, to try things out (needs Java 17 and Maven)
	$(BIN)/treatywire-local up

servers-down: $(VENV)/.dev ## stop them
	$(BIN)/treatywire-local down

deploy-files: $(VENV)/.dev ## write the files of deploy/ that follow from the code: index templates, topics, roles, dashboard, tables
	$(BIN)/python -m deploy.making

chaos: $(VENV)/.dev ## every fault on real servers, three times, with 5,000 articles: an hour or two; the table goes to tests/bench/results
	$(BIN)/python -m tests.chaos

format: $(VENV)/.dev ## lay the code out as `make check` wants it
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: $(VENV)/.uv ## resolve the lock files anew
	$(UV) pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml --group build -o requirements.lock
	$(UV) pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml --group build --group dev -c requirements.lock -o requirements-dev.lock
	echo uv | $(UV) pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header - -o requirements-uv.lock

clean: ## remove the environment and caches, not your data
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/.uv: requirements-uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "treatywire needs Python 3.11 to 3.13, and $(PYTHON) is none: try make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements-uv.lock
	@touch $@

$(VENV)/.run: $(VENV)/.uv requirements.lock pyproject.toml
	@$(UV) pip install --python $(BIN)/python --require-hashes -r requirements.lock
	@$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@# luqum writes its parser's tables at its first import: here, and not under somebody's first search.
	@$(BIN)/python -W ignore -c 'import luqum.parser' 2>$(VENV)/luqum.log
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@$(UV) pip install -q --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

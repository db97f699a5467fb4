# make run     start Relato; PORT=, ADDRESS=, DATA= and PORTAL= are passed on
# make test    everything a change must pass, in a browser too where there is one
# make check   style, types and the direction of imports
# make fix     put style right
# make screenshots     take the pictures of the README again
# make bench           measure and write docs/performance.md; BENCH= names one part
# make hostile         read COUNT= wounded and hostile files from SEED=; each must end as a table or a refusal
# make demo-data       derive the demo portal again; RELATO_SHARED names the folder with its sources
# make reading-score   facts met on the shared files; RELATO_SHARED names their folder, ONLY= one file

PORT ?= 5006
ADDRESS ?= 127.0.0.1
DATA ?= data
PORTAL ?=
PYTHON ?= python3
WORKERS ?= 2
BENCH ?= start page readers query catalog reliability

VENV := .venv
PY := $(VENV)/bin/python
APT := $(if $(shell command -v apt-get),DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends)
ROOT := $(filter 0,$(shell id -u))

.PHONY: run test check fix bench reading-score hostile demo-data screenshots clean
.DELETE_ON_ERROR:

run: $(VENV)/run.lock
	@exec $(PY) serve.py --port $(PORT) --address $(ADDRESS) --data "$(DATA)" $(foreach portal,$(PORTAL),--portal $(portal))

test: $(VENV)/dev.lock chromium
	@$(PY) -m pytest -n $(WORKERS) --dist loadfile $(TESTS)

check: $(VENV)/dev.lock
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports

fix: $(VENV)/dev.lock
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

bench: $(VENV)/dev.lock chromium
	@for part in $(BENCH); do $(PY) -m benchmarks.$$part --write || exit 1; done

reading-score: $(VENV)/dev.lock
	@$(PY) -m tests.reading.score $(ONLY)

hostile: $(VENV)/dev.lock
	@$(PY) -m tests.reading.hostile $(or $(COUNT),1000) --seed $(or $(SEED),1)

demo-data: $(VENV)/dev.lock
	@$(PY) -m catalog.demo.make

screenshots: $(VENV)/dev.lock chromium
	@$(PY) -m docs.screenshots

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# Packages, exactly those of the lock files; a copy of the lock marks what is installed.

$(VENV)/run.lock: requirements.lock | $(PY)
	@echo "Installing Relato's packages; this happens once and takes a minute or two…"
	@$(call install,requirements.lock)
	@cp $< $@

$(VENV)/dev.lock: requirements-dev.lock | $(PY)
	@echo "Installing the packages of the tests…"
	@$(call install,requirements-dev.lock)
	@cp requirements.lock $(VENV)/run.lock
	@cp $< $@

define install
$(PY) -m pip install --quiet --disable-pip-version-check uv \
	&& $(PY) -m uv pip install --quiet --python $(PY) --require-hashes -r $(1) \
	|| $(PY) -m pip install --disable-pip-version-check --require-hashes -r $(1)
endef

$(PY):
	@$(PYTHON) -c "import ensurepip, venv" 2>/dev/null || $(if $(and $(ROOT),$(APT)),{ apt-get update -qq; $(APT) python3 python3-venv; },{ echo "Relato needs Python 3.11 or newer with venv: install python3-venv and try again."; exit 1; })
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { echo "Relato needs Python 3.11 or newer; name one with PYTHON=…"; exit 1; }
	@echo "Making $(VENV)…"
	@$(PYTHON) -m venv $(VENV)

.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || $(if $(and $(ROOT),$(APT)),{ echo "Installing Chromium for the browser tests…"; apt-get update -qq; $(APT) chromium fonts-dejavu-core; } ||) echo "No Chromium: the browser tests are skipped."

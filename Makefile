# Two commands are all a fresh machine needs: `make chat` and `make test`. Both build .venv when it is missing or stale.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: chat test bench transcripts lock wheel clean

chat: .venv/compiled
	@$(BIN)/waymark chat

test: .venv/compiled
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/waymark check
	$(BIN)/waymark catalog extract --check
	$(BIN)/pytest -n 2 --dist loadfile

bench: .venv/compiled
	$(BIN)/python -m bench

# Rewrites tests/transcripts/*.md with what the bot says now; read the diff before you commit it.
transcripts: .venv/compiled
	$(BIN)/pytest tests/test_transcripts.py --rewrite -p no:randomly

# Renews the pinned dependencies, for every Python from 3.11 on, with hashes and without naming an index.
lock: .venv/ready
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--upgrade --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o requirements.lock

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Waymark needs Python 3.11 or newer; set PYTHON=…")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Copies of the catalogs that a start reads faster. Without them, or where they are of other words, it reads the catalogs.
.venv/compiled: .venv/ready $(wildcard locales/*/LC_MESSAGES/messages.po) $(wildcard bot/flows/*.md)
	@$(BIN)/waymark catalog compile
	@touch $@

# A wheel with those copies in it, in dist/.
wheel: .venv/compiled
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean:
	rm -rf .venv dist build

# Longer batteries: 1,000 random kills under load in both modes, and every named point to be killed at; 5,000 random
# workloads on the store, 500 mixtures of troubles while leaving, 300 damaged databases, 1,000,000 updates with something
# wrong in them, 10,000 people in waves of 500; every place walked, every view of the preview, every transcript and every
# screen in every language. `make test` has a small sample of each: 6 kills a mode, 5 points, 200 people; WAYMARK_KILLS
# and the others say how many.
.PHONY: battery soak
battery: .venv/compiled
	WAYMARK_KILLS=1000 WAYMARK_RESIDUES=5000 WAYMARK_EXITS=500 WAYMARK_FLIPS=300 WAYMARK_MUTATIONS=1000000 \
		WAYMARK_CROWD=10000 WAYMARK_SURVEY=whole WAYMARK_AXE=all WAYMARK_LANGUAGES=all \
		$(BIN)/pytest tests/test_kills.py tests/test_stores.py tests/test_leaving_battery.py tests/test_faults.py \
		tests/test_telegram_mutations.py tests/test_telegram_flood.py tests/test_survey.py tests/test_walk.py \
		tests/test_preview_axe.py tests/test_replays.py

# Half an hour at twenty turns a second: memory must stay flat, and no file open.
soak: .venv/compiled
	$(BIN)/python -m bench.soak

# Does a test fail when the engine, what keeps nothing, or leaving is changed? A quarter of an hour; what survives is
# listed at the end, and `mutmut show NAME` shows it. The tool has a lock and an environment of its own.
.PHONY: mutants lock-mutants
mutants: .venv-mutants/ready
	.venv-mutants/bin/mutmut run
	.venv-mutants/bin/mutmut results

# After `make lock`: the same versions, and the tool.
lock-mutants: .venv/ready
	$(BIN)/uv pip compile pyproject.toml --extra dev --group mutants -c requirements.lock --universal \
		--python-version 3.11 --generate-hashes --upgrade --no-emit-index-url --no-emit-find-links --no-header \
		--no-annotate -o mutation.lock

.venv-mutants/ready: mutation.lock
	$(PYTHON) -m venv --clear .venv-mutants
	.venv-mutants/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r mutation.lock
	@touch $@

# Ronde. « make help » dit tout. Rien à installer avant : Python 3.11 ou plus récent, git et make suffisent.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV_PYTHON := .venv/bin/python
ARGS ?=
SIZE ?= pole
ROUNDS ?= 1000
PERIODS ?= 1000
SEED ?= 2026

.DEFAULT_GOAL := help
.PHONY: help setup run test check fix demo must-show syntheses bench bench-check screenshots axe-full torture lock

help:  ## affiche cette aide
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup:  ## installe tout : environnement Python, bibliothèques, Chromium et PostgreSQL pour les tests
	@$(PYTHON) -m tools.setup dev

run:  ## lance Ronde sur http://127.0.0.1:8000, avec une démonstration (PORT=8001 pour un autre port)
	@$(PYTHON) -m tools.setup base
	@exec $(VENV_PYTHON) -m tools.run

test:  ## lance tous les tests sur SQLite puis PostgreSQL (ARGS="tests/core -x", ENGINES=sqlite)
	@$(PYTHON) -m tools.setup test
	@exec $(VENV_PYTHON) -m tools.suite $(ARGS)

check:  ## vérifie le code sans lancer les tests : style, couches, types, migrations, réglages, secrets
	@$(PYTHON) -m tools.setup dev
	@$(VENV_PYTHON) -m tools.check

fix:  ## corrige ce qui peut l’être : style du code et des gabarits
	@$(PYTHON) -m tools.setup dev
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .
	@git ls-files '*.html' | xargs -r .venv/bin/djade --target-version 5.2

demo:  ## remplace la base locale par une démonstration neuve (SIZE=pole ou direction) ; l’ancienne est gardée
	@$(PYTHON) -m tools.setup base
	@$(VENV_PYTHON) -m tools.prepare --fresh --size $(SIZE)

must-show:  ## rejoue sur les vraies listes ce que la fondation doit montrer (RONDE_TRIAL_DATA les nomme)
	@$(PYTHON) -m tools.setup test
	@exec $(VENV_PYTHON) -m tools.must_show

syntheses:  ## mille périodes au hasard : pas de phrase sans source, pas d’autre chiffre que le moteur (PERIODS=1000, SEED=2026)
	@$(PYTHON) -m tools.setup test
	@RONDE_SYNTHESIS_PERIODS=$(PERIODS) RONDE_SYNTHESIS_SEED=$(SEED) \
	  $(VENV_PYTHON) -m pytest -q tests/dashboard/test_syntheses_numbers.py

bench:  ## mesure la vitesse et l’imprime ; n’échoue jamais sur un temps
	@$(PYTHON) -m tools.setup test
	@$(VENV_PYTHON) -m tests.bench $(ARGS)

bench-check:  ## mesure la vitesse et échoue quand un rapport dépasse son budget (la CI ne le lance pas)
	@$(PYTHON) -m tools.setup test
	@$(VENV_PYTHON) -m tests.bench --check $(ARGS)

screenshots:  ## photographie chaque page, par rôle, à 320, 768 et 1440 px, en clair et en sombre
	@$(PYTHON) -m tools.setup test
	@$(VENV_PYTHON) -m tools.prepare
	@$(VENV_PYTHON) -m tools.screenshots $(ARGS)

axe-full:  ## contrôle d’accessibilité de chaque page, par rôle, thème et largeur
	@$(PYTHON) -m tools.setup test
	@$(VENV_PYTHON) -m tools.prepare
	@$(VENV_PYTHON) -m tools.screenshots --axe $(ARGS)

torture:  ## saisit des visites pendant que tout casse autour ; la dernière ligne compte (ROUNDS=10000 SEED=2026)
	@$(PYTHON) -m tools.setup test
	@RONDE_TORTURE_ROUNDS=$(ROUNDS) RONDE_TORTURE_SEED=$(SEED) RONDE_TORTURE_REPORT=var/torture.txt \
		$(VENV_PYTHON) -m pytest -q -s -p no:cacheprovider tests/e2e/test_offline_torture.py; \
		status=$$?; tail -n 1 var/torture.txt; exit $$status

COMPILE := .venv/bin/uv pip compile pyproject.toml --quiet --generate-hashes --no-emit-index-url --no-header \
	--python-version 3.11 --universal

lock:  ## recompile requirements/ d’après pyproject.toml, avec empreintes (ARGS=--upgrade pour tout monter)
	@$(PYTHON) -m tools.setup dev
	@$(COMPILE) $(ARGS) -o requirements/base.txt > /dev/null
	@$(COMPILE) $(ARGS) --group test -c requirements/base.txt -o requirements/test.txt > /dev/null
	@$(COMPILE) $(ARGS) --group test --group dev -c requirements/test.txt -o requirements/dev.txt > /dev/null

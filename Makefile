# What a person types. The work is done by the scripts in .make/, each of which says at its top what it does.
.DEFAULT_GOAL := help
.PHONY: help run test check prepare bench screenshots simulate clean
SHELL := /bin/bash
# Arguments of the command line (`make run PUBLIC_URL=…`) reach the scripts.
export PUBLIC_URL PORT DATA

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: ## install what is missing, build, serve http://localhost:3000 with demonstration data (PUBLIC_URL=, PORT=, DATA=)
	@.make/run.sh

test: ## everything: format, lints, dependencies, queries, Rust tests, browser tests
	@.make/setup.sh test
	@.make/test.sh

check: ## the quick loop: format, lints, Rust tests
	@.make/setup.sh test
	@.make/test.sh quick

prepare: ## renew .sqlx after a change of a query or a migration
	@.make/setup.sh test
	@.make/prepare.sh

bench: ## figures: start, memory, page weights, lists, files, sign-ins
	@.make/e2e.sh bench

screenshots: ## renew the pictures of the README from the real pages
	@.make/e2e.sh screenshots

simulate: ## a million code guesses against the real limiter
	@.make/simulate.sh

clean: ## remove what was built (not the data folder, not the tools in ~/.cache/carelink)
	@rm -rf target end2end/node_modules end2end/psc/node_modules end2end/test-results end2end/playwright-report

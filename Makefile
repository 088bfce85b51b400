# The commands of the project; make alone lists them. What they do is in scripts/.
.DEFAULT_GOAL := help
.PHONY: help run watch test bench lint fmt setup

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' Makefile

run: ## install what is missing, build optimised, then serve with the demo data; prints the address and the logins
	@scripts/build-release.sh
	@exec target/release/headhaul serve --demo

watch: setup ## serve with the demo data, built anew at every change
	@. scripts/env.sh && exec cargo leptos watch -- serve --demo

test: ## every check and test, in Rust and in a real browser
	@scripts/test.sh

bench: ## the benchmarks, each beside its peer
	@scripts/build-release.sh
	@. scripts/env.sh && cargo build --release -p server --examples
	@. scripts/env.sh && exec node end2end/bench/run.js

lint: setup ## formatting, licences and advisories of the crates, and clippy for server and browser
	@scripts/lint.sh

fmt: setup ## format the Rust code
	@. scripts/env.sh && exec cargo fmt --all

setup: ## install what is missing; the other commands do so themselves
	@scripts/setup.sh

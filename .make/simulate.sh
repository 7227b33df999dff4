#!/usr/bin/env bash
# Tests of `domain` that are ignored otherwise, built in release, for what they print.
#
#   simulate.sh        those named `simulate…`: sprayed guesses at the real limiter (`make test` runs a seeded sample), and more
#   simulate.sh bench  the figures of single steps, for `make bench`
set -euo pipefail
# shellcheck source=.make/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
case "${1:-simulate}" in
  simulate) tests=simulate packages=(-p domain) ;;
  # With the server, whose release build is there: features are those of all packages that are named, and nothing is built again.
  bench) tests=bench:: packages=(-p domain -p server) ;;
  *) die "usage: simulate.sh [bench]" ;;
esac
cd "$CARELINK_ROOT"
"$CARELINK_ROOT/.make/setup.sh" test
cluster=$(mktemp -d /tmp/carelink-pg.XXXXXX)
trap '"$CARELINK_ROOT/.make/pg.sh" stop "$cluster"' EXIT
trap 'exit 130' INT TERM
CARELINK_TEST_DATABASE_URL=$("$CARELINK_ROOT/.make/pg.sh" start "$cluster")
export CARELINK_TEST_DATABASE_URL
cargo test --release "${packages[@]}" --test it "$tests" -- --ignored --nocapture

#!/usr/bin/env bash
# The whole simulation of sprayed code guesses at the real limiter (`make test` runs a seeded sample of it): the tests
# of `domain` that are ignored otherwise and whose name starts with `simulate`.
set -euo pipefail
# shellcheck source=.make/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$CARELINK_ROOT"
"$CARELINK_ROOT/.make/setup.sh" test
cluster=$(mktemp -d /tmp/carelink-pg.XXXXXX)
trap '"$CARELINK_ROOT/.make/pg.sh" stop "$cluster"' EXIT
trap 'exit 130' INT TERM
CARELINK_TEST_DATABASE_URL=$("$CARELINK_ROOT/.make/pg.sh" start "$cluster")
export CARELINK_TEST_DATABASE_URL
cargo test --release -p domain simulate -- --ignored --nocapture

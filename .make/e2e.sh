#!/usr/bin/env bash
# What needs a release build and a browser but is no test: `e2e.sh bench` prints figures, `e2e.sh screenshots` renews the
# pictures of the README. After the figures of the whole server come those of single steps, which no browser sees.
set -euo pipefail
# shellcheck source=.make/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
case "${1:-}" in bench | screenshots) ;; *) die "usage: e2e.sh bench|screenshots" ;; esac
"$CARELINK_ROOT/.make/setup.sh" test
binary=$("$CARELINK_ROOT/.make/build.sh" release)
cd "$CARELINK_ROOT/end2end"
CARELINK_E2E_SUITE=$1 CARELINK_E2E_PROFILE=release CARELINK_BIN=$binary LEPTOS_SITE_ROOT=$CARGO_TARGET_DIR/site \
  npx --no-install playwright test --reporter=list
# CARELINK_BENCH_ONLY names parts (end2end/scripts/bench.ts); `check` is the one with a step of its own.
if [ "$1" = bench ] && [[ ",${CARELINK_BENCH_ONLY:-check}," == *,check,* ]]; then
  "$CARELINK_ROOT/.make/simulate.sh" bench
fi

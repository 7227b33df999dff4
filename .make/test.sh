#!/usr/bin/env bash
# `make test` (everything) and `make check` (the quick loop). A failing step does not stop the independent ones after it;
# the last line says `N passed, M failed`. A failed step without tests of its own (format, lints, …) counts as one.
#
#   test.sh           everything
#   test.sh quick     format, lints, Rust tests
#   test.sh STEP…     only these: fmt clippy wasm deny queries rust types simulator build browser
#
#   CARELINK_TEST_DATABASE_URL   an administrator's address of a PostgreSQL to use (default: a throw-away cluster)
#   CARELINK_E2E_PROFILE         dev (default) or release: the build that the browser tests drive
set -euo pipefail
# shellcheck source=.make/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$CARELINK_ROOT"

case "${1:-all}" in
  all) steps=(fmt clippy wasm deny queries rust types simulator build browser) ;;
  quick) steps=(fmt clippy rust) ;;
  *) steps=("$@") ;;
esac
for step in "${steps[@]}"; do
  case $step in fmt | clippy | wasm | deny | queries | rust | types | simulator | build | browser) ;; *) die "there is no step '$step'" ;; esac
done
profile=${CARELINK_E2E_PROFILE:-dev}

logs=$CARGO_TARGET_DIR/test-logs
mkdir -p "$logs"
summary=() passed=0 failed=0 failures=()
cluster=''
clean_up() { [ -z "$cluster" ] || "$CARELINK_ROOT/.make/pg.sh" stop "$cluster"; }
trap clean_up EXIT
trap 'exit 130' INT TERM

with_database() {
  [ -z "${CARELINK_TEST_DATABASE_URL:-}" ] || return 0
  cluster=$(mktemp -d /tmp/carelink-pg.XXXXXX)
  CARELINK_TEST_DATABASE_URL=$("$CARELINK_ROOT/.make/pg.sh" start "$cluster") || return
  export CARELINK_TEST_DATABASE_URL
}

# --- the steps ------------------------------------------------------------------------------------------------------
title() {
  case $1 in
    fmt) echo "format" ;;
    clippy) echo "lints, server" ;;
    wasm) echo "lints, browser" ;;
    deny) echo "dependencies (licences, sources, bans, advisories)" ;;
    queries) echo "prepared queries are up to date" ;;
    rust) echo "Rust tests (unit, domain on PostgreSQL, HTTP)" ;;
    types) echo "browser tests' types" ;;
    simulator) echo "simulator of Pro Santé Connect" ;;
    build) echo "build for the browser tests ($profile)" ;;
    browser) echo "browser tests" ;;
  esac
}
step_fmt() { cargo fmt --all -- --check; }
step_clippy() { cargo clippy --all-targets -- -D warnings; }
step_wasm() { cargo clippy -p frontend --target wasm32-unknown-unknown --no-deps -- -D warnings; }
step_deny() {
  cargo deny check bans licenses sources || return
  if timeout 120 cargo deny fetch db >"$logs/advisories.log" 2>&1; then
    cargo deny check --disable-fetch advisories
  else
    echo "advisories skipped: the advisory database could not be reached"
  fi
}
step_queries() { "$CARELINK_ROOT/.make/prepare.sh" --check; }
step_rust() { cargo test --no-fail-fast; }
step_types() { (cd end2end && npx --no-install tsc --noEmit); }
step_simulator() { node end2end/psc/self-test.mjs; }
step_build() { "$CARELINK_ROOT/.make/build.sh" "$profile"; }
step_browser() {
  local folder=debug site=site-dev
  if [ "$profile" = release ]; then folder=release site=site; fi
  (cd end2end &&
    CARELINK_BIN="$CARGO_TARGET_DIR/$folder/carelink" LEPTOS_SITE_ROOT="$CARGO_TARGET_DIR/$site" \
      PLAYWRIGHT_JSON_OUTPUT_FILE="$logs/browser.json" npx --no-install playwright test --reporter=list,json)
}

# `12 3`: passed and failed of a step's own tests, from what it wrote.
count_tests() {
  case $1 in
    rust)
      awk '/^test result: / { for (i = 2; i <= NF; i++) { if ($i == "passed;") p += $(i-1); if ($i == "failed;") f += $(i-1) } }
           END { print p + 0, f + 0 }' "$logs/rust.log" 2>/dev/null || echo "0 0"
      ;;
    simulator)
      awk '/^# pass / { p = $3 } /^# fail / { f = $3 } END { print p + 0, f + 0 }' "$logs/simulator.log" 2>/dev/null || echo "0 0"
      ;;
    browser)
      node -e 'try { const s = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).stats;
                     console.log(s.expected, s.unexpected + s.flaky) } catch { console.log("0 0") }' "$logs/browser.json"
      ;;
    *) echo "0 0" ;;
  esac
}

run_step() {
  local name=$1 title started=$SECONDS status=0 verdict=ok p f
  title=$(title "$name")
  printf '\n=== %s\n' "$title"
  rm -f "$logs/$name.log" "$logs/$name.json"
  case $name in
    queries | rust) with_database || status=1 ;;
  esac
  if [ "$name" = browser ] && [[ " ${failures[*]} " == *" build "* ]]; then
    echo "not run: there is no build to drive"
    status=1
  elif [ "$status" -eq 0 ]; then
    "step_$name" </dev/null 2>&1 | tee "$logs/$name.log" || status=$?
  fi
  read -r p f < <(count_tests "$name")
  if [ "$status" -ne 0 ]; then
    verdict=FAILED
    failures+=("$name")
    if [ "$f" -eq 0 ]; then f=1; fi
  fi
  passed=$((passed + p)) failed=$((failed + f))
  local line
  line=$(printf '%-6s %5d s  %s' "$verdict" $((SECONDS - started)) "$title")
  if [ $((p + f)) -gt 0 ] && [ "$p" -gt 0 ]; then line+=": $p passed, $f failed"; fi
  if [ "$name" = deny ] && grep -q '^advisories skipped' "$logs/deny.log" 2>/dev/null; then line+=" (advisories skipped)"; fi
  summary+=("$line")
  printf -- '--- %s\n' "$line"
}

begun=$SECONDS
for step in "${steps[@]}"; do run_step "$step"; done

printf '\n=== summary (%d min %02d s; logs: %s)\n' $(((SECONDS - begun) / 60)) $(((SECONDS - begun) % 60)) "$logs"
printf '%s\n' "${summary[@]}"
[ ${#failures[@]} -eq 0 ] || printf 'failed steps: %s\n' "${failures[*]}"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ ${#failures[@]} -eq 0 ]

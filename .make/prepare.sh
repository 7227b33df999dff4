#!/usr/bin/env bash
# Renews `.sqlx`, the description of every query that the compiler checks them against. The source of truth is the
# migrations: they run on a throw-away cluster, and every query is prepared there.
#
#   prepare.sh           writes .sqlx (commit it)
#   prepare.sh --check   says whether .sqlx is what the migrations and the queries demand, and changes nothing
#
# With CARELINK_TEST_DATABASE_URL, a reference database is created in that cluster instead of in a new one.
set -euo pipefail
# shellcheck source=.make/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$CARELINK_ROOT"

check=()
case "${1:-}" in
  '') ;;
  --check) check=(--check) ;;
  *) die "usage: prepare.sh [--check]" ;;
esac
have cargo-sqlx || die "sqlx is not installed (run: .make/setup.sh test)"

database=carelink_reference_$$
admin=${CARELINK_TEST_DATABASE_URL:-}
cluster=''
output=''
clean_up() {
  if [ -n "$cluster" ]; then
    "$CARELINK_ROOT/.make/pg.sh" stop "$cluster"
  elif [ -n "$admin" ]; then
    psql "$admin" -X -q -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" >/dev/null 2>&1 || true
  fi
  [ -z "$output" ] || rm -f "$output"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
if [ -z "$admin" ]; then
  cluster=$(mktemp -d /tmp/carelink-pg.XXXXXX)
  admin=$("$CARELINK_ROOT/.make/pg.sh" start "$cluster")
fi

# postgres://user@host/postgres?x=y -> the same place, another database, and a schema to work in.
address() { # schema
  local base=${admin%%\?*} query=''
  case $admin in *\?*) query="&${admin#*\?}" ;; esac
  printf '%s/%s?options=-c%%20search_path%%3D%s%s' "${base%/*}" "$database" "$1" "$query"
}
psql "$admin" -X -q -v ON_ERROR_STOP=1 -c "CREATE DATABASE $database"

# Each kind of migrations keeps its history in its own schema. An establishment's queries are prepared in `t_template`;
# everything shared is written with its schema (`control.users`, `queue.push(…)`).
migrate() { # folder schema
  [ -d "migrations/$1" ] || { say "migrations/$1 does not exist yet: nothing to run"; return 0; }
  psql "$(address public)" -X -q -v ON_ERROR_STOP=1 -c "SET client_min_messages = warning" -c "CREATE SCHEMA IF NOT EXISTS $2"
  sqlx migrate run --no-dotenv --source "migrations/$1" --database-url "$(address "$2")" >&2
}
migrate control control
migrate queue queue
migrate tenant t_template

# default-members only: `frontend` holds no query.
output=$(mktemp)
status=0
SQLX_OFFLINE=false DATABASE_URL=$(address t_template) \
  cargo sqlx prepare --no-dotenv --workspace "${check[@]}" -- --all-targets 2>&1 | tee "$output" || status=$?
if [ "$status" -ne 0 ]; then
  [ ${#check[@]} -eq 0 ] || say "The prepared queries are not up to date (or do not compile). Run \`make prepare\` and commit .sqlx."
  exit "$status"
fi
if [ ${#check[@]} -gt 0 ] && grep -q 'potentially unused queries' "$output"; then
  die ".sqlx holds queries that nothing uses any more. Run \`make prepare\` and commit .sqlx."
fi

# shellcheck shell=bash disable=SC2034 # the scripts that source it use the names
# Sourced by every script of this folder: where things are, which versions of tools, and three ways to speak.
# It changes nothing on the machine.

CARELINK_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# Tools live outside the checkout, so that `make clean`, a second checkout or a fresh clone do not build them again.
CARELINK_CACHE=${CARELINK_CACHE:-${HOME:?HOME is not set}/.cache/carelink}

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# --- versions -------------------------------------------------------------------------------------------------------
# The tool must be the very version of the library in Cargo.lock, or the browser refuses the module.
wasm_bindgen_version() {
  local version=
  if [ -f "$CARELINK_ROOT/Cargo.lock" ]; then
    version=$(awk '$0 == "name = \"wasm-bindgen\"" { getline; gsub(/[^0-9.]/, ""); print; exit }' "$CARELINK_ROOT/Cargo.lock")
  fi
  if [ -z "$version" ]; then
    version=$(sed -n 's/^wasm-bindgen = "=\([0-9.]*\)".*/\1/p' "$CARELINK_ROOT/Cargo.toml")
  fi
  printf '%s' "${version:?no version of wasm-bindgen in Cargo.lock or Cargo.toml}"
}
WASM_BINDGEN_VERSION=$(wasm_bindgen_version)
CARGO_LEPTOS_VERSION=0.3.10 # 0.3.11's own dependencies want Rust 1.96
SQLX_CLI_VERSION=0.9.0
CARGO_DENY_VERSION=0.20.2
BINARYEN_VERSION=132.0.0 # wasm-opt; Debian's is too old. The same number is in .make/package.json
RUST_VERSION=$(sed -n 's/^rust-version = "\([0-9.]*\)".*/\1/p' "$CARELINK_ROOT/Cargo.toml" | head -n 1)
NODE_MAJOR=18     # Debian 12 and Ubuntu 24.04 ship 18
POSTGRES_MAJOR=15 # Debian 12 ships 15

# One folder per tool and version: two checkouts with different versions do not undo each other's.
tool_dir() { printf '%s/tools/%s-%s' "$CARELINK_CACHE" "$1" "$2"; }

PATH="$(tool_dir cargo-leptos "$CARGO_LEPTOS_VERSION")/bin:$(tool_dir wasm-bindgen-cli "$WASM_BINDGEN_VERSION")/bin:$PATH"
PATH="$(tool_dir sqlx-cli "$SQLX_CLI_VERSION")/bin:$(tool_dir cargo-deny "$CARGO_DENY_VERSION")/bin:$PATH"
PATH="$(tool_dir binaryen "$BINARYEN_VERSION")/node_modules/.bin:$PATH"
CARGO_BIN=${CARGO_HOME:-$HOME/.cargo}/bin
case ":$PATH:" in *":$CARGO_BIN:"*) ;; *) PATH="$CARGO_BIN:$PATH" ;; esac
export PATH

# --- building -------------------------------------------------------------------------------------------------------
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$CARELINK_ROOT/target}
# Leptos reads the first at compile time (`option_env!`): the same value for every command, or much is built twice.
export LEPTOS_OUTPUT_NAME=carelink
export LEPTOS_SITE_ROOT=${LEPTOS_SITE_ROOT:-$CARGO_TARGET_DIR/site}
export LEPTOS_SITE_PKG_DIR=pkg
export LEPTOS_HASH_FILES=true
[ -t 1 ] || export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never}

# --- PostgreSQL -----------------------------------------------------------------------------------------------------
# The folder with `initdb` and `postgres`: POSTGRES_BIN, or the newest under Debian's folder, or what PATH has.
postgres_bin() {
  local dir best=
  if [ -n "${POSTGRES_BIN:-}" ]; then printf '%s' "$POSTGRES_BIN"; return; fi
  for dir in /usr/lib/postgresql/*/bin; do
    [ -x "$dir/initdb" ] || continue
    if [ -z "$best" ] || [ "$(basename "$(dirname "$dir")")" -gt "$(basename "$(dirname "$best")")" ]; then best=$dir; fi
  done
  if [ -z "$best" ] && have initdb; then best=$(dirname "$(command -v initdb)"); fi
  [ -n "$best" ] && printf '%s' "$best"
}

# `at_least 1.95 "$(…)"`: is the second version the first one or later?
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

#!/usr/bin/env bash
# Builds the server and the browser's half together, and prints the path of the binary. When no source has changed
# since the last time it does nothing at all, which is what makes the second `make run` quick.
#
#   build.sh release   the site goes to <target>/site
#   build.sh dev       the site goes to <target>/site-dev
set -euo pipefail
profile=${1:-release}
# shellcheck source=.make/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$CARELINK_ROOT"

case $profile in
  # What browsers take is compressed once, here, and not again for each of them.
  release) options=(--release --precompress) folder=release site=$CARGO_TARGET_DIR/site ;;
  dev) options=() folder=debug site=$CARGO_TARGET_DIR/site-dev ;;
  *) die "usage: build.sh release|dev" ;;
esac
export LEPTOS_SITE_ROOT=$site
binary=$CARGO_TARGET_DIR/$folder/carelink
stamp=$CARGO_TARGET_DIR/carelink-$profile.stamp
tools="$(rustc --version), cargo-leptos $CARGO_LEPTOS_VERSION, wasm-bindgen $WASM_BINDGEN_VERSION, binaryen $BINARYEN_VERSION"

sources=()
for path in app frontend server style migrations Cargo.toml Cargo.lock .cargo .sqlx rust-toolchain.toml; do
  [ ! -e "$path" ] || sources+=("$path")
done
is_fresh() {
  [ -x "$binary" ] && [ -d "$site/pkg" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$tools" ] &&
    [ -z "$(find "${sources[@]}" -newer "$stamp" -print -quit)" ]
}
if ! is_fresh; then
  mkdir -p "$CARGO_TARGET_DIR"
  # Dated before the build: what is edited meanwhile is built the next time.
  printf '%s\n' "$tools" >"$stamp.new"
  rm -f "$stamp"
  cargo leptos build "${options[@]}" >&2
  mv "$stamp.new" "$stamp"
fi
[ -x "$binary" ] || die "the build ended without $binary"
printf '%s\n' "$binary"

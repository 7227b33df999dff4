#!/usr/bin/env bash
# Installs what CareLink needs, after saying what. A second time it only looks, in less than a second.
#
#   setup.sh run     what `make run` needs
#   setup.sh test    that, and what `make test` needs (browser, query and licence checkers)
#   setup.sh check   says what is missing for both, installs nothing
set -euo pipefail
# shellcheck source=.make/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

mode=${1:-run}
case $mode in
  run) for_tests=false ;;
  test | check) for_tests=true ;;
  *) die "usage: setup.sh run|test|check" ;;
esac

os_id='' os_version=''
if [ -r /etc/os-release ]; then
  os_id=$(. /etc/os-release && printf '%s' "${ID:-}")
  os_version=$(. /etc/os-release && printf '%s' "${VERSION_ID:-0}")
fi
case $os_id in
  debian) at_least 12 "${os_version:-99}" && known_system=true || known_system=false ;;
  ubuntu) at_least 24.04 "$os_version" && known_system=true || known_system=false ;;
  *) known_system=false ;;
esac

# --- looking --------------------------------------------------------------------------------------------------------
packages=() # Debian packages that are missing
plan=()     # one line for each thing to be done
need_postgres=false need_rust='' need_wasm=false need_components=() need_tools=() need_npm=false need_psc=false need_browser=false

node_is_recent() { have node && at_least "$NODE_MAJOR" "$(node -p process.versions.node 2>/dev/null || echo 0)"; }
postgres_is_recent() {
  local bin
  bin=$(postgres_bin) && [ -x "$bin/postgres" ] &&
    at_least "$POSTGRES_MAJOR" "$("$bin/postgres" --version | sed 's/.* \([0-9][0-9]*\).*/\1/')"
}
playwright_browser() { compgen -G "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}/chromium*/INSTALLATION_COMPLETE" >/dev/null; }

look_for_packages() {
  { have cc && have make; } || packages+=(build-essential)
  have pkg-config || packages+=(pkg-config)
  have curl || packages+=(curl)
  [ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e /etc/ssl/cert.pem ] || [ -e /etc/pki/tls/certs/ca-bundle.crt ] ||
    packages+=(ca-certificates)
  have git || packages+=(git)
  node_is_recent || packages+=(nodejs)
  have npm || packages+=(npm)
  if ! postgres_is_recent || ! have psql; then need_postgres=true packages+=(postgresql); fi
  if $for_tests; then
    have age || packages+=(age)
    have qpdf || packages+=(qpdf)
    # Ubuntu's chromium is a snap, which a test cannot drive: Playwright's own download serves there.
    if [ "$os_id" = ubuntu ] || ! $known_system; then
      [ -n "${CARELINK_CHROMIUM:-}" ] || playwright_browser || need_browser=true
    else
      [ -n "${CARELINK_CHROMIUM:-}" ] || have chromium || packages+=(chromium fonts-liberation fonts-dejavu-core)
    fi
  fi
}

look_for_rust() {
  local version
  if ! have cargo || ! have rustc; then
    need_rust=install
    return
  fi
  version=$(rustc --version | awk '{ print $2 }')
  if ! at_least "$RUST_VERSION" "$version"; then
    if have rustup; then need_rust=update; else need_rust=install; fi
    return
  fi
  [ -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown/lib" ] || need_wasm=true
  if $for_tests; then
    cargo clippy --version >/dev/null 2>&1 || need_components+=(clippy)
    cargo fmt --version >/dev/null 2>&1 || need_components+=(rustfmt)
  fi
}

tool_is_ready() { [ -e "$(tool_dir "$1" "$2")/.complete" ]; }

look_for_tools() {
  tool_is_ready wasm-bindgen-cli "$WASM_BINDGEN_VERSION" || need_tools+=("wasm-bindgen-cli $WASM_BINDGEN_VERSION")
  tool_is_ready cargo-leptos "$CARGO_LEPTOS_VERSION" || need_tools+=("cargo-leptos $CARGO_LEPTOS_VERSION")
  tool_is_ready binaryen "$BINARYEN_VERSION" || need_tools+=("binaryen $BINARYEN_VERSION")
  cmp -s "$CARELINK_ROOT/end2end/psc/package-lock.json" "$CARELINK_ROOT/end2end/psc/node_modules/.carelink-lock" || need_psc=true
  if $for_tests; then
    tool_is_ready sqlx-cli "$SQLX_CLI_VERSION" || need_tools+=("sqlx-cli $SQLX_CLI_VERSION")
    tool_is_ready cargo-deny "$CARGO_DENY_VERSION" || need_tools+=("cargo-deny $CARGO_DENY_VERSION")
    cmp -s "$CARELINK_ROOT/end2end/package-lock.json" "$CARELINK_ROOT/end2end/node_modules/.carelink-lock" || need_npm=true
  fi
}

write_plan() {
  [ ${#packages[@]} -eq 0 ] || plan+=("system packages: ${packages[*]}")
  case $need_rust in
    install) plan+=("Rust $RUST_VERSION, by its own installer (https://rustup.rs) into ${CARGO_HOME:-$HOME/.cargo}") ;;
    update) plan+=("a newer stable Rust (at least $RUST_VERSION), by rustup") ;;
  esac
  ! $need_wasm || plan+=("Rust's wasm32-unknown-unknown target, by rustup")
  [ ${#need_components[@]} -eq 0 ] || plan+=("Rust components: ${need_components[*]}, by rustup")
  local tool
  for tool in "${need_tools[@]}"; do
    case $tool in
      binaryen*) plan+=("$tool (wasm-opt), from npm, into $CARELINK_CACHE/tools") ;;
      *) plan+=("$tool, built from source into $CARELINK_CACHE/tools (some minutes, once)") ;;
    esac
  done
  ! $need_npm || plan+=("the browser tests' npm packages, into end2end/node_modules")
  ! $need_psc || plan+=("the Pro Santé Connect simulator's npm packages, into end2end/psc/node_modules")
  ! $need_browser || plan+=("Playwright's Chromium, downloaded by Playwright")
}

# --- installing -----------------------------------------------------------------------------------------------------
install_packages() {
  local sudo=() hint="apt-get install ${packages[*]}"
  if ! $known_system; then
    say "This is not Debian 12+ or Ubuntu 24.04+, so nothing was installed. Please install what these Debian packages"
    say "hold, by your system's own means, then start again:"
    say "    ${packages[*]}   (Node $NODE_MAJOR or later, PostgreSQL $POSTGRES_MAJOR or later)"
    exit 1
  fi
  if [ "$(id -u)" -ne 0 ]; then
    if have sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
      sudo=(sudo)
    else
      say "Installing system packages needs root or sudo. Please have somebody with that right run, then start again:"
      if $need_postgres; then
        say "    mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' >> /etc/postgresql-common/createcluster.conf"
      fi
      say "    $hint"
      exit 1
    fi
  fi
  if $need_postgres; then
    # Debian's package would start a cluster of its own; CareLink runs its own private one.
    "${sudo[@]}" mkdir -p /etc/postgresql-common
    if ! grep -qs '^create_main_cluster' /etc/postgresql-common/createcluster.conf; then
      echo 'create_main_cluster = false' | "${sudo[@]}" tee -a /etc/postgresql-common/createcluster.conf >/dev/null
    fi
  fi
  local apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get -y -qq)
  "${apt[@]}" update </dev/null || say "The list of packages could not be refreshed; trying with the one at hand."
  "${apt[@]}" -o Dpkg::Options::=--force-confold install --no-install-recommends "${packages[@]}" </dev/null >&2
}

install_rust() {
  case $need_rust in
    install)
      curl --proto '=https' --tlsv1.2 -fsS https://sh.rustup.rs -o "$CARELINK_CACHE/rustup-init.sh" ||
        die "https://sh.rustup.rs cannot be reached. Install Rust $RUST_VERSION or later with rustup, then start again."
      sh "$CARELINK_CACHE/rustup-init.sh" -y --no-modify-path --profile minimal --default-toolchain "$RUST_VERSION" \
        -c clippy -c rustfmt -t wasm32-unknown-unknown </dev/null >&2
      rm -f "$CARELINK_CACHE/rustup-init.sh"
      say "Rust is in $CARGO_BIN; add it to your PATH to call cargo yourself."
      ;;
    update) rustup update stable </dev/null >&2 ;;
  esac
  hash -r
  at_least "$RUST_VERSION" "$(rustc --version | awk '{ print $2 }')" ||
    die "Rust $RUST_VERSION or later is needed, and $(command -v rustc) is $(rustc --version)"
  if [ -n "$need_rust" ]; then look_for_rust_again; fi
  if $need_wasm || [ ${#need_components[@]} -gt 0 ]; then
    have rustup || die "this Rust was not installed by rustup: add the wasm32-unknown-unknown target, clippy and rustfmt by its own means"
    if $need_wasm; then rustup target add wasm32-unknown-unknown </dev/null >&2; fi
    if [ ${#need_components[@]} -gt 0 ]; then rustup component add "${need_components[@]}" </dev/null >&2; fi
  fi
}
look_for_rust_again() {
  need_rust='' need_wasm=false need_components=()
  look_for_rust
}

install_tool() {
  local name=$1 version=$2 dir log
  dir=$(tool_dir "$name" "$version")
  if [ "$name" = binaryen ]; then
    mkdir -p "$dir"
    cp "$CARELINK_ROOT/.make/package.json" "$CARELINK_ROOT/.make/package-lock.json" "$dir/"
    (cd "$dir" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null >&2)
    wasm-opt --version >/dev/null
  else
    local options=(--locked)
    case $name in
      wasm-bindgen-cli) options=() ;;
      cargo-leptos) options=(--locked --features no_downloads) ;; # a missing tool is an error, never a download
      sqlx-cli) options=(--locked --no-default-features --features "postgres,rustls") ;;
    esac
    [ -n "$build_dir" ] || build_dir=$(mktemp -d "$CARELINK_CACHE/tools-build.XXXXXX")
    log=$CARELINK_CACHE/install-$name.log
    say "  building $name $version …"
    # Tools that run for a moment need no optimisation; this halves the time.
    (cd / && CARGO_TARGET_DIR="$build_dir" CARGO_PROFILE_RELEASE_LTO=off \
      CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
      cargo install "$name" --version "=$version" "${options[@]}" --root "$dir" </dev/null >"$log" 2>&1) ||
      { tail -n 30 "$log" >&2; die "$name could not be built (the whole story: $log)"; }
    rm -f "$log"
  fi
  : >"$dir/.complete"
}

install_npm() { # folder
  (cd "$1" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null >&2)
  cp "$1/package-lock.json" "$1/node_modules/.carelink-lock"
}

install_browser() {
  local options=()
  if $known_system && { [ "$(id -u)" -eq 0 ] || { have sudo && sudo -n true 2>/dev/null; }; }; then options=(--with-deps); fi
  (cd "$CARELINK_ROOT/end2end" && npx --no-install playwright install "${options[@]}" chromium </dev/null >&2) ||
    die "Playwright's Chromium could not be installed. Install a Chromium and say where: CARELINK_CHROMIUM=/path/to/chromium"
}

look_for_packages
look_for_rust
look_for_tools
write_plan
if [ ${#plan[@]} -eq 0 ]; then
  [ "$mode" != check ] || say "Nothing is missing."
  exit 0
fi
if [ "$mode" = check ]; then say "Missing for running and testing CareLink:"; else say "CareLink will now install:"; fi
for line in "${plan[@]}"; do say "  - $line"; done
[ "$mode" != check ] || exit 1

mkdir -p "$CARELINK_CACHE"
# Two at once (two checkouts, a build machine) wait for each other.
exec 9>"$CARELINK_CACHE/lock"
if have flock; then flock 9; fi
started=$SECONDS
# The tools' intermediate files (a gigabyte that nothing reads again) lie in a folder of this run's own: only that goes.
build_dir=''
remove_build_dir() { [ -z "$build_dir" ] || rm -rf "$build_dir"; }
trap remove_build_dir EXIT
[ ${#packages[@]} -eq 0 ] || install_packages
hash -r
node_is_recent || die "Node $NODE_MAJOR or later is needed, and $(command -v node) is $(node --version)"
postgres_is_recent || die "PostgreSQL $POSTGRES_MAJOR or later is needed"
if [ -n "$need_rust" ] || $need_wasm || [ ${#need_components[@]} -gt 0 ]; then install_rust; fi
for tool in "${need_tools[@]}"; do
  # shellcheck disable=SC2086 # name and version
  set -- $tool
  tool_is_ready "$1" "$2" || install_tool "$1" "$2"
done
if ! $need_npm; then :; else install_npm "$CARELINK_ROOT/end2end"; fi
if ! $need_psc; then :; else install_npm "$CARELINK_ROOT/end2end/psc"; fi
if ! $need_browser; then :; else install_browser; fi
say "Installed in $((SECONDS - started)) s."

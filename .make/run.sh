#!/usr/bin/env bash
# `make run`: installs what is missing, builds in release, serves in demonstration mode. The server itself prints its
# address, the accounts and the data folder.
#
#   PUBLIC_URL   address that browsers use (default http://localhost:3000); any other host than localhost makes the
#                server listen on every interface, so that a phone of the local network can take part
#   PORT         port to listen on (default: the one of PUBLIC_URL, or 3000)
#   DATA         data folder (default: ./data)
#   PSC_PORT     port of the Pro Santé Connect simulator, which takes the next one too (default 3999)
# Every CARELINK_* setting of carelink.example.toml may be given too, and wins.
set -euo pipefail
# shellcheck source=.make/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

url=${PUBLIC_URL:-http://localhost:${PORT:-3000}}
url=${url%/}
[[ $url =~ ^https?://([^/:@]+|\[[0-9a-fA-F:]+\])(:([0-9]+))?$ ]] ||
  die "PUBLIC_URL must look like http://192.168.1.20:3000, without a path (it is: $url)"
host=${BASH_REMATCH[1]}
url_port=${BASH_REMATCH[3]}
case $url in
  http://*) port=${PORT:-${url_port:-80}} ;;
  *) port=${PORT:-3000} ;; # something in front speaks TLS
esac
case $host in
  localhost | 127.0.0.1 | '[::1]') listen=127.0.0.1:$port ;;
  *) listen=0.0.0.0:$port ;;
esac
data=${DATA:-$CARELINK_ROOT/data}
case $data in /*) ;; *) data=$PWD/$data ;; esac

"$CARELINK_ROOT/.make/setup.sh" run
hash -r
binary=$("$CARELINK_ROOT/.make/build.sh" release)

export CARELINK_SERVER_MODE=${CARELINK_SERVER_MODE:-demonstration}
export CARELINK_SERVER_PUBLIC_URL=${CARELINK_SERVER_PUBLIC_URL:-$url}
export CARELINK_SERVER_LISTEN=${CARELINK_SERVER_LISTEN:-$listen}
export CARELINK_SERVER_DATA_DIR=${CARELINK_SERVER_DATA_DIR:-$data}
export CARELINK_SERVER_SITE_ROOT=${CARELINK_SERVER_SITE_ROOT:-$CARGO_TARGET_DIR/site}
export LEPTOS_ENV=PROD LEPTOS_SITE_ROOT=$CARELINK_SERVER_SITE_ROOT
# Without a client of the real Pro Santé Connect, its simulator stands beside the server: another site (127.0.0.1, while people
# use localhost), with made-up people. It ends with the server. Never outside a demonstration.
if [ "$CARELINK_SERVER_MODE" = demonstration ] && [ -z "${CARELINK_PSC_CLIENT_ID:-}" ]; then
  psc_port=${PSC_PORT:-3999} psc_secret=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')
  export CARELINK_PSC_ENVIRONMENT=simulator CARELINK_PSC_CLIENT_ID=carelink CARELINK_PSC_CLIENT_SECRET=$psc_secret
  export CARELINK_PSC_ISSUER=http://127.0.0.1:$psc_port/auth/realms/esante-wallet
  PSC_PORT=$psc_port PSC_CLIENT_SECRET=$psc_secret PSC_RP=$CARELINK_SERVER_PUBLIC_URL \
    node "$CARELINK_ROOT/end2end/psc/main.mjs" </dev/null &
fi
# The server takes every CARELINK_* for a setting and refuses unknown ones; these are for the scripts.
unset CARELINK_ROOT CARELINK_CACHE CARELINK_BIN CARELINK_CHROMIUM CARELINK_TEST_DATABASE_URL
unset PUBLIC_URL PORT DATA PSC_PORT
# `exec`: Ctrl-C and signals reach the server, which drains and stops its PostgreSQL.
exec "$binary" serve

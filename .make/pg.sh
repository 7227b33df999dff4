#!/usr/bin/env bash
# A throw-away PostgreSQL cluster for tests and for checking queries. Nothing in it survives, so it does not wait for
# the disk. It listens on a socket in its own folder only, which nobody but its user (and root) can enter: that is why
# it asks for no password.
#
#   pg.sh start <folder>   starts it, prints the administrator's address and writes it to <folder>/url
#   pg.sh stop <folder>    stops it and removes what `start` made
set -euo pipefail
# shellcheck source=.make/env.sh
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

usage() { die "usage: pg.sh start|stop <folder>"; }
[ $# -eq 2 ] || usage
action=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd -P)
cd / # a folder that every user may stand in

bin=$(postgres_bin) || die "PostgreSQL is not installed (run: .make/setup.sh test)"
at_least "$POSTGRES_MAJOR" "$("$bin/postgres" --version | sed 's/.* \([0-9][0-9]*\).*/\1/')" ||
  die "PostgreSQL $POSTGRES_MAJOR or later is needed, $bin is older"

# PostgreSQL refuses to run as root.
if [ "$(id -u)" -eq 0 ]; then
  user=postgres
  id -u "$user" >/dev/null 2>&1 || user=nobody
  as_user() { runuser -u "$user" -- "$@"; }
else
  user=$(id -un)
  as_user() { "$@"; }
fi

start() {
  [ ! -e "$dir/data" ] || die "$dir holds a cluster already (pg.sh stop $dir)"
  # A socket's path has at most 107 bytes.
  [ ${#dir} -le 90 ] || die "the path $dir is too long for a socket; choose a shorter folder"
  chmod 0700 "$dir"
  [ "$(id -u)" -ne 0 ] || chown "$user" "$dir"
  as_user test -w "$dir" || die "the user $user cannot reach $dir; choose a folder under /tmp"

  as_user env LC_ALL=C "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync --no-instructions \
    >"$dir/initdb.log" 2>&1 </dev/null || { cat "$dir/initdb.log" >&2; die "initdb failed"; }
  rm -f "$dir/initdb.log"
  cat >>"$dir/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$dir'
max_connections = 200
max_locks_per_transaction = 256
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
shared_buffers = 128MB
timezone = 'UTC'
log_timezone = 'UTC'
CONF
  # The output goes to a file, or whoever reads this script's output would wait for PostgreSQL to end.
  as_user env LC_ALL=C "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -t 60 -w start >/dev/null 2>&1 </dev/null ||
    { cat "$dir/log" >&2 2>/dev/null; die "PostgreSQL did not start"; }
  # The two logins of a real installation: one owns and migrates, the other runs and owns nothing.
  "$bin/psql" -h "$dir" -U postgres -d postgres -X -q -v ON_ERROR_STOP=1 \
    -c 'CREATE ROLE carelink_owner LOGIN CREATEROLE CREATEDB' \
    -c 'CREATE ROLE carelink_app LOGIN NOINHERIT' >&2 </dev/null
  local escaped=${dir//%/%25}
  escaped=${escaped//\//%2F}
  printf 'postgres://postgres@localhost/postgres?host=%s\n' "${escaped// /%20}" | tee "$dir/url"
}

stop() {
  if [ -f "$dir/data/PG_VERSION" ]; then
    as_user env LC_ALL=C "$bin/pg_ctl" -D "$dir/data" -m immediate -t 20 -w stop >/dev/null 2>&1 </dev/null || true
    rm -rf "${dir:?}/data"
  fi
  rm -f "$dir/log" "$dir/initdb.log" "$dir/url"
  rmdir "$dir" 2>/dev/null || true
}

case $action in
  start) start ;;
  stop) stop ;;
  *) usage ;;
esac

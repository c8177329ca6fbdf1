#!/bin/sh
# The tests of `pooler: transaction` behind pgbouncer, where it is installed.   pooler.sh SERVER_FOLDER PROGRAM
set -eu

program=$2
PATH=$PATH:/usr/sbin
command -v pgbouncer >/dev/null || {
	echo "SKIPPED: pgbouncer is not installed"
	exit 77
}
DBWRIGHT_TEST_SERVER=$(cat "$1/conninfo")
host=${DBWRIGHT_TEST_SERVER#host=}
host=${host%% *}
work=$(mktemp -d /tmp/dbwright-pooler-XXXXXX)
chmod 755 "$work"
owner=
if [ "$(id -u)" -eq 0 ]; then
	owner="setpriv --reuid nobody --regid $(id -g nobody) --clear-groups"
	chown nobody "$work"
fi
psql -X -q -d "$DBWRIGHT_TEST_SERVER" -v ON_ERROR_STOP=1 -c 'SET client_min_messages = warning' \
	-c 'DROP DATABASE IF EXISTS pooled' -c 'CREATE DATABASE pooled'
cat >"$work/pgbouncer.ini" <<END
[databases]
pooled = host=$host dbname=pooled user=postgres
[pgbouncer]
listen_addr =
unix_socket_dir = $work
auth_type = any
pool_mode = transaction
default_pool_size = 2
server_reset_query =
END
# shellcheck disable=SC2086 # the words of a command
$owner pgbouncer -q "$work/pgbouncer.ini" >"$work/log" 2>&1 &
pooler=$!
trap 'kill "$pooler" 2>/dev/null || true; wait "$pooler" 2>/dev/null || true; rm -rf "$work"' EXIT
turns=0
while [ ! -S "$work/.s.PGSQL.6432" ]; do
	turns=$((turns + 1))
	[ $turns -lt 100 ] || {
		cat "$work/log"
		exit 1
	}
	sleep 0.1
done
export DBWRIGHT_TEST_SERVER
DBWRIGHT_TEST_POOLER="postgresql:///pooled?host=$work&port=6432&user=postgres" "$program"

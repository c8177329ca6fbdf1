#!/bin/sh
# A PostgreSQL server for tests alone: made in a folder, reached by a socket in it, without TCP, gone afterwards.
#
#   private_server.sh start DIR    starts it; prints the connection string, which DIR/conninfo holds too
#   private_server.sh crash DIR    kills it without a word, and starts it again with the data that it has
#   private_server.sh stop DIR     stops it and removes what it left
#
# $DBWRIGHT_SERVER_OPTIONS is more that the server is told (-c name=value).
# The server refuses to run as root: then it runs as `postgres`, or as `nobody` if there is no such user. It is found in
# $PG_BINDIR, by pg_config, or in /usr/lib/postgresql. Nothing survives a crash of the machine, which makes it fast.
set -eu

usage()
{
	echo "usage: private_server.sh start|crash|stop DIR" >&2
	exit 2
}

[ $# -eq 2 ] || usage
command=$1
case $2 in
/*) folder=$2 ;;
*) folder=$(pwd)/$2 ;;
esac

find_programs()
{
	for candidate in "${PG_BINDIR:-}" "$(pg_config --bindir 2>/dev/null || true)" /usr/lib/postgresql/*/bin; do
		if [ -n "$candidate" ] && [ -x "$candidate/initdb" ] && [ -x "$candidate/postgres" ]; then
			programs=$candidate
		fi
		if [ -n "${programs:-}" ] && [ "$candidate" = "${PG_BINDIR:-}" ]; then
			break
		fi
	done
	if [ -z "${programs:-}" ]; then
		echo "private_server.sh: no PostgreSQL server is installed; set PG_BINDIR" >&2
		exit 1
	fi
}

# The user that the server runs as; empty for the present one.
find_user()
{
	owner=
	[ "$(id -u)" -eq 0 ] || return 0
	for owner in postgres nobody; do
		id "$owner" >/dev/null 2>&1 && return 0
	done
	echo "private_server.sh: the server does not run as root, and there is no user postgres or nobody" >&2
	exit 1
}

# as_owner COMMAND...: in a folder that the user may be in
as_owner()
{
	if [ -z "$owner" ]; then
		(cd / && exec "$@")
	else
		(cd / && exec setpriv --reuid "$owner" --regid "$(id -g "$owner")" --clear-groups env HOME=/ "$@")
	fi
}

run()
{
	as_owner "$programs/pg_ctl" start --pgdata="$server/data" --wait --timeout=60 --silent --log="$server/log" \
		--options="-c listen_addresses='' -c unix_socket_directories='$server' -c fsync=off \
			-c synchronous_commit=off -c full_page_writes=off ${DBWRIGHT_SERVER_OPTIONS:-}" >&2
}

# The folder holds the path of the server's own: sockets want short paths, and not every user can enter DIR.
start()
{
	find_programs
	find_user
	if [ -e "$folder/server" ]; then
		stop
	fi
	mkdir -p "$folder"
	server=$(mktemp -d /tmp/dbwright-pg-XXXXXX)
	printf '%s\n' "$server" >"$folder/server"
	if [ -n "$owner" ]; then
		chown "$owner" "$server"
	fi
	chmod 755 "$server"
	as_owner "$programs/initdb" --pgdata="$server/data" --username=postgres --auth=trust --encoding=UTF8 \
		--locale=C.UTF-8 --locale-provider=icu --icu-locale=en-US --no-sync >"$folder/initdb.log" 2>&1 || {
		cat "$folder/initdb.log" >&2
		exit 1
	}
	# Members of the role `guarded` need a password.
	{
		echo "local all +guarded scram-sha-256"
		cat "$server/data/pg_hba.conf"
	} >"$server/hba"
	cat "$server/hba" >"$server/data/pg_hba.conf"
	run || {
		cat "$server/log" >&2
		exit 1
	}
	printf "host=%s user=postgres dbname=postgres\n" "$server" | tee "$folder/conninfo"
}

# The server that was started in the folder.
find_server()
{
	if [ ! -f "$folder/server" ]; then
		echo "private_server.sh: no server was started in $folder" >&2
		exit 1
	fi
	server=$(cat "$folder/server")
	case $server in
	/tmp/dbwright-pg-*) ;;
	*)
		echo "private_server.sh: $folder/server names no server of ours" >&2
		exit 1
		;;
	esac
}

# Its other processes go by themselves, each when it notices; until then the data is theirs.
crash()
{
	find_programs
	find_user
	find_server
	kill -9 "$(head -n 1 "$server/data/postmaster.pid")"
	turns=0
	until run 2>"$server/again"; do
		turns=$((turns + 1))
		[ $turns -lt 100 ] || {
			cat "$server/again" "$server/log" >&2
			exit 1
		}
		sleep 0.1
	done
}

stop()
{
	find_programs
	find_user
	find_server
	# The first line of its pid file is the server itself.
	if [ -f "$server/data/postmaster.pid" ]; then
		as_owner "$programs/pg_ctl" stop --pgdata="$server/data" --mode=immediate --wait --silent >&2 || true
	fi
	rm -rf "$server"
	rm -f "$folder/server" "$folder/conninfo" "$folder/initdb.log"
	rmdir "$folder" 2>/dev/null || true
}

case $command in
start) start ;;
crash) crash ;;
stop) stop ;;
*) usage ;;
esac

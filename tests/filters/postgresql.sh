#!/bin/sh
# Random filters on PostgreSQL, compared with what C makes of them.
#
#   postgresql.sh SERVER_FOLDER SCRIPT_PROGRAM
set -eu

connection=$(cat "$1/conninfo")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$2" "$work/script.sql" "$work/expected"
psql -X -q -d "$connection dbname=postgres" -v ON_ERROR_STOP=1 \
	-c 'DROP DATABASE IF EXISTS filters' -c 'CREATE DATABASE filters'
psql -X -q -A -t -d "$connection dbname=filters" -v ON_ERROR_STOP=1 -f "$work/script.sql" >"$work/found"
cmp "$work/expected" "$work/found" || {
	diff "$work/expected" "$work/found" | head -20
	exit 1
}
[ -s "$work/expected" ]

#!/bin/sh
# Random pages on PostgreSQL, compared with what C makes of them, and the plans of pages of a large table.
#
#   postgresql.sh SERVER_FOLDER SCRIPT_PROGRAM
set -eu

connection=$(cat "$1/conninfo")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# run WHAT: makes the script, and $work/found of what it prints
run()
{
	"$program" "$1" "$work/script.sql" "$work/expected"
	psql -X -q -d "$connection dbname=postgres" -v ON_ERROR_STOP=1 \
		-c 'DROP DATABASE IF EXISTS pages' -c 'CREATE DATABASE pages'
	psql -X -q -A -t -d "$connection dbname=pages" -v ON_ERROR_STOP=1 -f "$work/script.sql" >"$work/found"
}

program=$2
run pages
# The id comes first; no text of a sample has a bar or a new line.
cut -d '|' -f 1 "$work/found" >"$work/ids"
cmp "$work/expected" "$work/ids" || {
	diff "$work/expected" "$work/ids" | head -20
	exit 1
}
[ -s "$work/expected" ]

# A page of 21 rows reads few more: no table from its beginning, and nothing that yields or drops a hundred rows.
run plans
grep -q 'Index' "$work/found"
if grep -nE 'Seq Scan|Parallel|rows=[0-9]{3,}|Rows Removed by [A-Za-z ]*: [0-9]{3,}' "$work/found"; then
	cat "$work/found"
	exit 1
fi

#!/bin/sh
# The tables and the fixed statements of a golden project on PostgreSQL, and the script of `dbwright sql` as well.
#
#   postgresql.sh SERVER_FOLDER CASE STATEMENTS_PROGRAM GENERATOR PROJECT_FOLDER
set -eu

server=$1
case=$2
statements=$3
generator=$4
project=$5
connection=$(cat "$server/conninfo")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# run DATABASE SCRIPT: in a database of its own
run()
{
	psql -X -q -d "$connection dbname=postgres" -v ON_ERROR_STOP=1 -c 'SET client_min_messages = warning' \
		-c "DROP DATABASE IF EXISTS \"$1\"" -c "CREATE DATABASE \"$1\""
	psql -X -q -d "$connection dbname=$1" -v ON_ERROR_STOP=1 -f "$2"
}

count=0
for schema in $("$statements" schemas); do
	# create_tables wants the namespace of its schema to be there.
	{
		echo 'CREATE SCHEMA app;'
		"$statements" postgresql "$schema"
	} >"$work/statements.sql"
	run "statements_$case" "$work/statements.sql"
	"$generator" sql --project "$project/dbwright.yaml" --schema "$schema" --engine postgresql >"$work/tables.sql"
	run "tables_$case" "$work/tables.sql"
	count=$((count + $(grep -c '' "$work/statements.sql")))
done
echo "$case: $count lines of SQL"
[ "$count" -gt 0 ]

#!/bin/sh
# Runs the statements of writes on PostgreSQL, in a database of their own.   postgresql.sh SERVER_FOLDER PROGRAM
set -eu

connection=$(cat "$1/conninfo")
script=$(mktemp)
trap 'rm -f "$script"' EXIT

"$2" postgresql >"$script"
psql -X -q -d "$connection dbname=postgres" -v ON_ERROR_STOP=1 \
	-c 'DROP DATABASE IF EXISTS writes' -c 'CREATE DATABASE writes'
psql -X -q -o /dev/null -d "$connection dbname=writes" -v ON_ERROR_STOP=1 -f "$script"

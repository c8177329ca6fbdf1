#!/bin/sh
# The Chinook store on its real data: known sums, names byte for byte, and the same report from a server, where one is
# given.   chinook.sh PROGRAM DATA WORK_FOLDER [SERVER_FOLDER]
set -eu

program=$1
data=$2
if [ ! -f "$data" ]; then
	echo "SKIPPED: DBWRIGHT_CHINOOK_DATA names no file ($data)"
	exit 77
fi
rm -rf "$3"
mkdir -p "$3"
cd "$3"
CHINOOK_URL=sqlite:chinook.db "$program" "$data" >out

check()
{
	grep -qxF "$1" out || { echo "FAILED: the report does not say: $1"; cat out; exit 1; }
}

check "15607 rows loaded in one session"
check "3503 tracks by 275 artists; 412 invoices, 2328.60 in all"
check "    138.60  Iron Maiden"
[ "$(sed -n '/^Best-selling/{n;p;}' out)" = "    138.60  Iron Maiden" ]
check "  Luís Gonçalves, Embraer - Empresa Brasileira de Aeronáutica S.A., São José dos Campos"

# Every accented name of the file is in the database, byte for byte.
if command -v sqlite3 >/dev/null && command -v jq >/dev/null; then
	sqlite3 chinook.db 'SELECT name FROM artists ORDER BY id' >artists.database
	jq -r '.Artist | sort_by(.ArtistId)[].Name' "$data" >artists.file
	cmp artists.database artists.file
fi
# A second load finds the tables and changes nothing.
if CHINOOK_URL=sqlite:chinook.db "$program" "$data" >again 2>&1; then
	echo "FAILED: a second load succeeds"
	exit 1
fi
grep -q "artists\|genres" again
if [ $# -gt 3 ]; then
	connection=$(cat "$4/conninfo")
	host=${connection#host=}
	psql -X -q -d "$connection" -v ON_ERROR_STOP=1 -c 'SET client_min_messages = warning' \
		-c 'DROP DATABASE IF EXISTS chinook' -c 'CREATE DATABASE chinook'
	CHINOOK_URL="postgresql:///chinook?host=${host%% *}&user=postgres" "$program" "$data" >server
	cmp out server
	psql -X -q -A -t -d "$connection dbname=chinook" -c 'SELECT name FROM artists ORDER BY id' >artists.server
	if [ -f artists.file ]; then
		cmp artists.server artists.file
	fi
fi
echo "chinook: as it should be"

#!/bin/sh
# The example of several databases, twice: everything on SQLite, or the shop on the private server, with the same output.
#   multi.sh PROGRAM GENERATOR PROJECT WORK_FOLDER [SERVER_FOLDER]
set -eu

program=$1
generator=$2
project=$3
rm -rf "$4"
mkdir -p "$4"
cd "$4"
unset SHOP_URL DBWRIGHT_ENV DATABASE_URL
DBWRIGHT_ROOT=$PWD
export DBWRIGHT_ROOT
if [ $# -gt 4 ]; then
	connection=$(cat "$5/conninfo")
	host=${connection#host=}
	psql -X -q -d "$connection" -v ON_ERROR_STOP=1 -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS multi'
	SHOP_URL="postgresql://postgres@/multi?host=${host%% *}"
	export SHOP_URL
	"$generator" db setup primary -p "$project"
fi

"$program" >out
cat >wanted <<TEXT
rehearsed on the database test
five tea pots: sold out, and nothing is bought
who             purchases       sum
Ada Lovelace            1     41.95
Grace Hopper            1     25.50
TEXT
cmp wanted out
"$program" >again
grep -qx 'Ada Lovelace            2     83.90' again || { cat again; exit 1; }

# It has made its tables itself, or found those of `db setup`.
"$generator" db status -p "$project" >status
grep -qx '    4 tables of schema shop; columns are not compared' status || { cat status; exit 1; }
if [ $# -gt 4 ]; then
	[ ! -e shop.db ]
	grep -q '^    PostgreSQL ' status || { cat status; exit 1; }
else
	[ -s shop.db ]
fi
[ -s auth.db ]

# What is protected in production is not reset.
if DBWRIGHT_ENV=production "$generator" db reset primary --yes -p "$project" >reset; then
	echo "FAILED: it is reset in production"
	exit 1
fi
"$generator" db reset --all --yes -p "$project" >reset
"$program" >out
cmp wanted out
echo "multi: as it should be"

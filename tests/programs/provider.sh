#!/bin/sh
# provider.sh PROGRAM LIBRARY CONFORMANCE GENERATOR SOURCE_FOLDER FOLDER: examples/provider. The program loads the library,
# which passes the test of providers, and the command line loads it, too.
set -eu

program=$1
library=$2
conformance=$3
generator=$4
source=$5
rm -rf "$6"
mkdir -p "$6"
cd "$6"
libraries=$(dirname "$library")
unset NOTES_DATABASE_URL DATABASE_URL DBWRIGHT_ENV SLOW_MS 2>/dev/null || true
DBWRIGHT_ROOT=$(pwd)
export DBWRIGHT_ROOT

fail()
{
	echo "FAILED: $1"
	cat out err slow.log 2>/dev/null || true
	exit 1
}

# refused TEXT ARGUMENT...: the program does not run, and says why
refused()
{
	text=$1
	shift
	! "$program" "$@" >out 2>err || fail "the program runs without: $text"
	grep -qF "$text" err || fail "the program does not say: $text"
}

refused "there is no library libtracing.so in the folders that may be loaded from (provider_folders: $(pwd)/.)" .
refused "there is no library libtracing.so" /nowhere
"$program" "$libraries" "secret note" "another" >out 2>err || fail "the program does not run"
[ "$(cat out)" = "secret note
another" ] || fail "the notes are not there"
grep -q 'ms: INSERT INTO "notes"' slow.log || fail "no statement is noted"
! grep -q 'secret' slow.log || fail "a value is noted"
rm slow.log
SLOW_MS=3600000 "$program" "$libraries" >out 2>err || fail "the program does not run again"
[ "$(cat out)" = "secret note
another
last time: another" ] || fail "the notes are lost"
[ ! -s slow.log ] || fail "a fast statement is noted"
[ "$(cat memos/last)" = another ] || fail "the store has kept another text"
export SLOW_MS=many
refused 'database "notes": options.slow_ms has to be a number of milliseconds' "$libraries"
export SLOW_MS=0
"$conformance" -d "$libraries" libtracing.so:tracing sqlite:conformance.db options.log="$(pwd)/conformance.log" >out 2>err ||
	fail "it does not pass the test of providers"
[ -s conformance.log ] || fail "the test of providers has noted nothing"
"$generator" db providers libtracing.so:tracing --provider-dir "$libraries" >out 2>err || fail "db providers"
grep -qF 'libtracing.so:tracing: SQLite that notes slow statements, loaded' out || fail "db providers says another thing"
"$generator" db status -p "$source/dbwright.yaml" --provider-dir "$libraries" >out 2>err || fail "db status"
grep -qF '1 table of schema notes' out || fail "db status says another thing"
grep -qF 'memos in a folder answers in' out || fail "db status does not know the store"
DBWRIGHT_ROOT=$(pwd) "$generator" db reset memos --yes -p "$source/dbwright.yaml" --provider-dir "$libraries" >out 2>err ||
	fail "db reset"
[ ! -e memos/last ] || fail "db reset leaves what is in the store"

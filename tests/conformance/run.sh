#!/bin/sh
# The conformance test, of the bundled drivers and of such as are wrong in one way.
#   run.sh PROGRAM DRIVERS WORK_FOLDER [SERVER_FOLDER]
set -u

program=$1
folder=$(dirname "$2")
drivers=$(basename "$2")
rm -rf "$3"
mkdir -p "$3"
cd "$3" || exit 1
failed=0

complain()
{
	failed=$((failed + 1))
	echo "FAILED: $1"
	cat out err
}

# passes WORDS...: every check passes
passes()
{
	"$program" "$@" >out 2>err || complain "$*: exits with $?"
	! grep -q '^not ok' out || complain "$*: a check fails"
	count=$(grep -c '^ok' out)
	grep -q "^1\.\.$count\$" out || complain "$*: the plan is not $count"
	[ "$count" -ge 21 ] || complain "$*: only $count checks"
}

# finds DRIVER CHECK: the check fails for a driver that is wrong
finds()
{
	"$program" -d "$folder" "$drivers:$1" "sqlite:$1.db" >out 2>err
	[ $? -eq 1 ] || complain "$1: does not exit with 1"
	grep -q "^not ok [0-9]* - $2" out || complain "$1: \"$2\" passes"
}

if [ $# -eq 4 ]; then
	read -r host user rest <"$4/conninfo"
	server="postgresql://${user#user=}@/dbw_conformance_$$?host=${host#host=}"
	everybody="postgresql://${user#user=}@/postgres?host=${host#host=}"
	psql -qX "$everybody" -c "CREATE DATABASE dbw_conformance_$$" || exit 1
	passes postgresql "$server"
	passes postgresql "$server" pooler=transaction
	passes -d "$folder" "$drivers:plain_postgresql" "$server"
	tables=$(psql -qXAt "$server" -c "SELECT count(*) FROM pg_class WHERE relname LIKE 'dbwright%'")
	[ "$tables" = 0 ] || complain "$tables tables are left behind"
	psql -qX "$everybody" -c "DROP DATABASE dbw_conformance_$$"
else
	passes sqlite sqlite::temp:
	passes sqlite sqlite::memory:
	passes sqlite sqlite:data.db journal_mode=delete
	passes -d "$folder" "$drivers:plain" sqlite:plain.db
	finds forgets_commits "a commit keeps"
	finds keeps_savepoints "savepoints nest"
	finds names_nothing "violated constraints are named"
	finds leaves_open "closing leaves no file open"
	finds loses_text "values of every type come back"
	finds takes_any_setting "settings that do not exist are refused"
	finds hides_failures "writes that nobody waits for"
	finds writes_at_open "others see what is committed"
	"$program" sqlite sqlite:nowhere/x.db >out 2>err
	[ $? -eq 2 ] || complain "a database that cannot be opened: does not exit with 2"
	"$program" mysql x.db >out 2>err
	[ $? -eq 2 ] || complain "no such provider: does not exit with 2"
	grep -q '"provider" .* must be sqlite or postgresql' err || complain "no such provider: is not said"
	"$program" "$drivers:plain" sqlite:x.db >out 2>err
	[ $? -eq 2 ] || complain "a provider that is not allowed: does not exit with 2"
	grep -q "no folder is allowed" err || complain "a provider that is not allowed: no reason"
	grep -q "^hint: -d DIR" err || complain "a provider that is not allowed: no hint"
	"$program" --help >out 2>err || complain "--help: exits with $?"
	grep -q "^usage: " out || complain "--help: no usage"
	"$program" sqlite >out 2>err
	[ $? -eq 2 ] || complain "no location: does not exit with 2"
fi
[ $failed -eq 0 ]

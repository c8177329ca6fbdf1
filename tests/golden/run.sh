#!/bin/sh
# Golden cases: declarations in, texts out, compared byte for byte.
#
#   run.sh [--update] GENERATOR WORK_FOLDER GROUP [CASE...]
#
# GROUP is one of
#   errors    <case>/expected_error.txt is what `dbwright check` prints, run in the case's folder, and it fails; or
#             expected_warning.txt, and it succeeds. A `generate` that fails leaves its output folder as it was.
#   generate  <case>/expected/ is what `dbwright generate` writes. A second run writes nothing.
#   sql       generate/<case>/ again: expected.sql is what `dbwright sql` prints.
# --update writes what is expected instead: read the difference in version control before you keep it.
set -u

update=no
if [ "${1-}" = --update ]; then
	update=yes
	shift
fi
if [ $# -lt 3 ]; then
	echo "usage: run.sh [--update] GENERATOR WORK_FOLDER errors|generate|sql [CASE...]" >&2
	exit 2
fi
generator=$1
if ! [ -f "$generator" ] || ! [ -x "$generator" ]; then
	echo "run.sh: there is no generator at $generator" >&2
	exit 2
fi
work=$2/$3
group=$3
shift 3
here=$(cd "$(dirname "$0")" && pwd)
failed=0
count=0

fail()
{
	failed=$((failed + 1))
	echo "FAILED $group/$name: $1"
}

# compare EXPECTED ACTUAL: files or folders
compare()
{
	if [ $update = yes ]; then
		rm -rf "$1"
		cp -R "$2" "$1"
	elif ! diff -ru "$1" "$2"; then
		fail "the output differs from $(basename "$1")"
	fi
}

# Names, times and bytes of all files of a folder: a file that was written again shows.
state()
{
	(cd "$1" && find . -type f -exec stat -c '%n %y %i' {} + | sort && find . -type f -exec cksum {} + | sort)
}

run_errors()
{
	expected=expected_error.txt
	wanted=1
	if [ -f expected_warning.txt ]; then
		expected=expected_warning.txt
		wanted=0
	fi
	"$generator" check --quiet >"$work/$name.out" 2>"$work/$name.err"
	status=$?
	[ $status -eq $wanted ] || fail "check exits with $status, not $wanted"
	[ ! -s "$work/$name.out" ] || fail "check --quiet prints to standard output"
	compare "$PWD/$expected" "$work/$name.err"
	[ $wanted -eq 1 ] || return
	# One folder for all cases: none of them may touch it.
	if ! [ -d "$work/.gen" ]; then
		mkdir "$work/.gen"
		echo kept >"$work/.gen/auth.h"
		state "$work/.gen" >"$work/.before"
	fi
	"$generator" generate --quiet -o "$work/.gen" --stamp "$work/.gen/stamp" --depfile "$work/.gen/depfile" \
		>"$work/$name.out" 2>&1
	status=$?
	[ $status -eq 1 ] || fail "generate exits with $status, not 1"
	if ! state "$work/.gen" | cmp -s - "$work/.before"; then
		fail "a generate that fails touches its output"
		rm -rf "$work/.gen"
	fi
}

run_generate()
{
	for run in one two; do
		"$generator" generate --quiet -o "$work/$name.$run" --depfile "$work/$name.d" --stamp "$work/$name.stamp" \
			>"$work/$name.out" 2>&1 || fail "generate exits with $?"
		[ ! -s "$work/$name.out" ] || { cat "$work/$name.out"; fail "generate --quiet prints"; }
	done
	diff -r "$work/$name.one" "$work/$name.two" >/dev/null || fail "two runs give different bytes"
	# The list of what was made is checksums of the rest.
	rm "$work/$name.two/dbwright.manifest" || fail "there is no list of what was made"
	compare "$PWD/expected" "$work/$name.two"
	state "$work/$name.one" >"$work/$name.before"
	"$generator" generate --quiet -o "$work/$name.one" || fail "generate again exits with $?"
	state "$work/$name.one" | cmp -s - "$work/$name.before" || fail "generate again writes files that are the same"
}

run_sql()
{
	"$generator" sql >"$work/$name.sql" 2>"$work/$name.err" || fail "sql exits with $?"
	[ ! -s "$work/$name.err" ] || { cat "$work/$name.err"; fail "sql prints to standard error"; }
	compare "$PWD/expected.sql" "$work/$name.sql"
}

case $group in
errors | generate) cases=$here/$group ;;
sql) cases=$here/generate ;;
*)
	echo "run.sh: there is no group $group" >&2
	exit 2
	;;
esac
rm -rf "$work"
mkdir -p "$work"
[ $# -gt 0 ] || set -- $(ls "$cases")
for name; do
	if ! cd "$cases/$name"; then
		fail "there is no such case"
		continue
	fi
	count=$((count + 1))
	run_$group
done
if [ $count -eq 0 ]; then
	echo "run.sh: no cases in $cases" >&2
	exit 1
fi
echo "$group: $count cases, $failed failures"
[ $failed -eq 0 ]

#!/bin/sh
# A new project, as a newcomer makes it: `dbwright init`, then what it says to type. It has to build without a warning,
# pass its test, run, and build again what a change touches and nothing else.
#   init.sh PREFIX WORK_FOLDER SYSTEM      SYSTEM is cmake, make or meson
set -u

PATH=$1/bin:$PATH
CMAKE_PREFIX_PATH=$1
PKG_CONFIG_PATH=$(dirname "$(find "$1" -name dbwright.pc)")
CFLAGS='-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror'
export PATH CMAKE_PREFIX_PATH PKG_CONFIG_PATH CFLAGS
unset SHOP_URL DBWRIGHT_ROOT
system=$3
failed=0

if [ "$system" = meson ] && ! command -v meson >/dev/null; then
	echo "skipped: no meson"
	exit 77
fi
rm -rf "$2"
mkdir -p "$2"
cd "$2" || exit 1

fail()
{
	failed=$((failed + 1))
	echo "FAILED $system: $1"
}

dbwright init shop --build "$system" >said || { cat said; exit 1; }
[ "$(command -v dbwright)" = "$1/bin/dbwright" ] || fail "another dbwright is the first in PATH"

# What it says, pasted into a shell; the last command is the program.
sed -n 's/^  //p' said >pasted
[ "$(wc -l <pasted)" -ge 4 ] || fail "it does not say what to type"
sh -e pasted >log 2>&1 || { cat log; fail "what it says does not work"; }
[ "$(tail -n 1 log)" = '  1  Buy milk' ] || { cat log; fail "the program says something else"; }
cd shop || exit 1
[ "$(./build/shop 'Sell milk')" = "$(printf '  1  Buy milk\n  2  Sell milk')" ] || fail "a second run loses notes"
[ "$(SHOP_URL=sqlite::temp: ./build/shop one)" = '  1  one' ] || fail "SHOP_URL is not the database"
! ./build/shop "$(printf '%0201d' 0)" 2>err || fail "a note that is too long is no error"
grep -q '^shop: ' err || { cat err; fail "the message of the program"; }
# Nothing is left but what .gitignore names.
if command -v git >/dev/null && git init -q . 2>/dev/null; then
	! git status --short --untracked-files=all | grep -E 'build/|\.db' || fail ".gitignore misses what is built"
	rm -rf .git
fi
if command -v valgrind >/dev/null; then
	for program in './build/shop_test' './build/shop third'; do
		# shellcheck disable=SC2086 # words
		valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=all $program >../valgrind.log 2>&1 ||
			{ cat ../valgrind.log; fail "valgrind has something to say about $program"; }
	done
fi

case $system in
cmake) again='cmake --build build' test='ctest --test-dir build' ;;
make) again='make -j 2' test='make check' ;;
meson) again='meson compile -C build' test='meson test -C build' ;;
esac

# builds WHAT GENERATED OBJECTS...: builds again; whether the generator ran, and which objects are new
builds()
{
	what=$1
	wanted="$2:$3"
	: >../before
	sleep 0.1
	$again >../build.log 2>&1 || { cat ../build.log; fail "$what: the build fails"; return; }
	# Multi-line commands, one per object, whatever the tool prints of them.
	objects=$(find build -name '*.o' -newer ../before | sed 's,.*[/_],,; s,\.c\.o$,,; s,\.o$,,' | sort -u | tr '\n' ' ')
	stamp=$(find build -name '*stamp*' ! -name '*.h.*' -type f -newer ../before | wc -l)
	[ "$stamp" -gt 0 ] && stamp=1
	[ "$stamp:${objects% }" = "$wanted" ] || { cat ../build.log; fail "$what: expected $wanted, got $stamp:$objects"; }
}

# With Meson, whatever includes a generated header is compiled when the generator has run: see its meson.build.
all='dbwright main notes store tables test'
tested='test'
[ "$system" != make ] || tested=
builds 'nothing changed' 0 ''
touch models/notes.yaml
[ "$system" = meson ] && touched=$all || touched=
builds 'a YAML file was touched' 1 "$touched"
builds 'nothing changed after a touch' 0 ''
sed 's/string(200)/string(100)/' models/notes.yaml >edited && cat edited >models/notes.yaml
if [ "$system" = meson ]; then changed=$all; else changed="main notes store tables${tested:+ $tested}"; fi
builds 'a field changed' 1 "$changed"
builds 'nothing changed after that' 0 ''
$test >../build.log 2>&1 || { cat ../build.log; fail "the test fails after a change"; }
[ "$system" != make ] || grep -qx passed ../build.log || fail "the test does not say that it has passed"
touch store.c
builds 'a source was touched' 0 store
sed 's/timestamp/timestmap/' models/notes.yaml >edited && cat edited >models/notes.yaml
! $again >../build.log 2>&1 || fail "a mistake in a YAML file builds"
grep -q 'models/notes.yaml:[0-9]*:[0-9]*: error: ' ../build.log || { cat ../build.log; fail "the mistake is not shown"; }
sed 's/timestmap/timestamp/' models/notes.yaml >edited && cat edited >models/notes.yaml
printf 'schema: notes\nmodels:\n  tag:\n    fields: {id: id, word: text}\n' >models/tags.yaml
# An old file that is new here.
touch -d 2001-01-01 models/tags.yaml
[ "$system" != meson ] || { sed "s/\['notes'\]/['notes', 'tags']/" meson.build >edited && cat edited >meson.build; }
rm edited
$again >../build.log 2>&1 || { cat ../build.log; fail "a new YAML file: the build fails"; }
find build -name '*models_tags*.o' | grep -q . || fail "a new YAML file makes no source"
rm models/tags.yaml
[ "$system" != meson ] || { sed "s/, 'tags'//" meson.build >../edited && cat ../edited >meson.build; }
$again >../build.log 2>&1 || { cat ../build.log; fail "a YAML file that went: the build fails"; }
$again >../build.log 2>&1
builds 'nothing changed after a file went' 0 ''
rm -rf shop.db
[ "$(./build/shop last)" = '  1  last' ] || fail "it does not run in the end"

echo "init: $system, $failed failures"
[ $failed -eq 0 ] && rm -rf "$2"

#!/bin/sh
# dbwright as its users get it: installed, and built inside another project; with Ninja and with Make; in a folder
# with a space in its name. Each way builds the project in consumer/, runs it, and counts what a change builds again.
#
#   run.sh SOURCE_FOLDER BUILD_FOLDER WORK_FOLDER WAY [CMAKE_GENERATOR]
#
# WAY is install (first: what the others find), find_package, add_subdirectory, FetchContent, make, cross, shared,
# static, config, documents, provider, or disagree.
set -u

source=$1
build=$2
way=$4
maker=${5-Ninja}
prefix="$3/installed here"
plain_prefix=$3/installed
work="$3/$way $maker"
here=$(cd "$(dirname "$0")" && pwd)
failed=0

if [ "$way" = install ]; then
	rm -rf "$3"
	mkdir -p "$3"
	for folder in "$prefix" "$plain_prefix"; do
		cmake --install "$build" --prefix "$folder" >"$3/install.log" 2>&1 || { cat "$3/install.log"; exit 1; }
	done
	exit 0
fi
rm -rf "$work"
mkdir -p "$work"
cp -R "$here/consumer" "$work/consumer"
cd "$work" || exit 1

fail()
{
	failed=$((failed + 1))
	echo "FAILED $way, $maker: $1"
}

configure()
{
	cmake -S consumer -B out -G "$maker" -DCMAKE_BUILD_TYPE=Debug -DHOW="$way" -DDBWRIGHT_SOURCE="$source" \
		-DCMAKE_PREFIX_PATH="$prefix" "$@" >configure.log 2>&1
}

# build WHAT GENERATED COMPILED...: builds, and compares how often the generator ran and which files were compiled
build()
{
	what=$1
	wanted="$2:$3"
	cmake --build out -j 2 >build.log 2>&1 || { cat build.log; fail "$what: the build fails"; return 1; }
	runs=$(grep -c 'Generating .*_db from' build.log)
	compiled=$(grep -o 'Building C object .*' build.log | sed 's,.*[/.]dir/,,; s,\.o$,,; s,.*/,,' | sort | tr '\n' ' ')
	[ "$runs:${compiled% }" = "$wanted" ] || { cat build.log; fail "$what: expected $wanted, got $runs:${compiled% }"; }
}

runs()
{
	[ "$("$@" 2>&1)" = "Ada has id 1" ] || fail "$1 does not run"
}

# edit FILE SED_SCRIPT: a moment later than everything that was built
edit()
{
	sleep 1.1
	sed "$2" "$1" >edited && cat edited >"$1"
}

by_cmake()
{
	configure || { cat configure.log; fail "it does not configure"; return; }
	cmake --build out -j 2 >build.log 2>&1 || { cat build.log; fail "it does not build"; return; }
	program=out/consumer
	[ -x $program ] || program=out/Debug/consumer
	runs $program
	if [ "$way" != find_package ]; then
		# The generator was not there when CMake configured, so the names of the headers are learnt now.
		cmake --build out >build.log 2>&1 || fail "the second build fails"
		! grep -q 'Building C' build.log || { cat build.log; fail "the second build compiles"; }
	fi
	build 'nothing changed' 0 ''
	edit consumer/models/people.yaml ''
	build 'a YAML file was touched' 2 ''
	build 'nothing changed after a touch' 0 ''
	edit consumer/models/people.yaml 's/length: 80/length: 90/'
	build 'a field changed' 2 'dbwright_tables.c dbwright_tables.c main.c models_people.c models_people.c'
	runs $program
	edit consumer/models/stock.yaml 's/string(80)/string(90)/'
	build 'a field of the other schema changed' 2 'dbwright_tables.c dbwright_tables.c models_stock.c models_stock.c stock.c'
	printf 'schema: stock\nmodels:\n  shelf:\n    fields:\n      id: id\n' >consumer/models/shelf.yaml
	touch -d '2001-01-01' consumer/models/shelf.yaml
	sleep 1.1
	cmake --build out >build.log 2>&1 || { cat build.log; fail 'a new YAML file: the build fails'; }
	[ "$(grep -c 'Building C object.*models_shelf' build.log)" = 2 ] ||
		{ cat build.log; fail 'a new YAML file does not become a source'; }
	[ -n "$(find out -name shelf.h)" ] || fail 'a new model has no header'
	rm consumer/models/shelf.yaml
	cmake --build out >build.log 2>&1 || { cat build.log; fail 'a YAML file that went: the build fails'; }
	[ -z "$(find out -name shelf.h -o -name models_shelf.c)" ] || fail 'what the YAML file had made stays'
	cmake --build out >build.log 2>&1
	build 'nothing changed after a file went' 0 ''
	edit consumer/models/people.yaml 's/name: {/nam: [{/'
	! cmake --build out >build.log 2>&1 || fail 'a mistake in a YAML file builds'
	grep -q 'people.yaml:[0-9]*:[0-9]*: error: ' build.log || { cat build.log; fail 'the mistake is not shown'; }
	edit consumer/models/people.yaml 's/nam: \[{/name: {/'
	cmake --build out >build.log 2>&1 || { cat build.log; fail 'the mistake is mended, and the build fails'; }
	runs $program
}

# make splits words at spaces, so this package stands in a folder without one.
by_make()
{
	PKG_CONFIG_PATH=$(dirname "$(find "$plain_prefix" -name dbwright.pc)")
	export PKG_CONFIG_PATH
	cd consumer || exit 1
	make >../build.log 2>&1 || { cat ../build.log; fail "make fails"; }
	runs ./consumer
	make >../build.log 2>&1
	grep -q 'up to date' ../build.log || { cat ../build.log; fail "a second make does something"; }
	edit models/people.yaml ''
	make >../build.log 2>&1
	grep -q 'generate --quiet' ../build.log || fail "a changed YAML file is not noticed"
	runs ./consumer
}

# runtime_alone CMAKE_ARGUMENT...: builds and installs a package without a generator, and makes it the one that is used
runtime_alone()
{
	if ! { cmake -S "$source" -B runtime -G "$maker" -DDBWRIGHT_GENERATOR=OFF -DCMAKE_INSTALL_PREFIX="$work/target" "$@" &&
		cmake --build runtime -j 2 && cmake --install runtime; } >build.log 2>&1; then
		cat build.log
		fail "the runtime alone does not build"
	fi
	host="$prefix/bin/dbwright"
	prefix=$work/target
	way=find_package
}

use_runtime()
{
	configure -DDBWRIGHT_EXECUTABLE="$host" "$@" ||
		{ cat configure.log; fail "it does not configure with DBWRIGHT_EXECUTABLE"; }
	cmake --build out -j 2 >build.log 2>&1 || { cat build.log; fail "it does not build with DBWRIGHT_EXECUTABLE"; }
	runs out/consumer
}

# A package without a generator, as a cross build installs it, and the generator of this machine.
cross()
{
	runtime_alone
	! configure || fail "it configures without a generator"
	grep -q 'DBWRIGHT_EXECUTABLE' configure.log ||
		{ cat configure.log; fail "the message does not name DBWRIGHT_EXECUTABLE"; }
	rm -rf out
	use_runtime -DCMAKE_SYSTEM_NAME=Linux
}

# A shared library shows what its headers declare and nothing else.
shared()
{
	runtime_alone -DBUILD_SHARED_LIBS=ON
	use_runtime
	for library in libdbwright.so libdbwright-json.so; do
		symbols=$(nm -D --defined-only "$(find "$prefix" -name $library)" | awk '{ print $3 }')
		[ -n "$symbols" ] || fail "$library shows nothing"
		for symbol in $symbols; do
			grep -rqw "$symbol" "$prefix/include" || fail "$library shows $symbol, which no header declares"
		done
	done
}

# A program that needs no shared library at all. (libpq has no static libraries for what it links on many systems.)
static()
{
	if ! echo 'int sqlite3_initialize(void); int main(void) { return sqlite3_initialize(); }' |
		${CC:-cc} -static -x c - -o probe $(pkg-config --libs --static sqlite3) >build.log 2>&1; then
		echo "there is no static SQLite"
		return
	fi
	runtime_alone -DDBWRIGHT_POSTGRESQL=OFF -DDBWRIGHT_LOAD_PROVIDERS=OFF -DCMAKE_INSTALL_PREFIX="${plain_prefix}_static"
	PKG_CONFIG_PATH=$(dirname "$(find "${plain_prefix}_static" -name dbwright.pc)")
	export PKG_CONFIG_PATH
	"$host" generate --quiet --project consumer/dbwright.yaml -o db || fail "it does not generate"
	${CC:-cc} -std=c11 -static -Idb consumer/*.c db/*.c $(pkg-config --cflags --libs --static dbwright-json) \
		-o consumer/consumer >build.log 2>&1 || { cat build.log; fail "it does not link"; }
	runs consumer/consumer
	! readelf -d consumer/consumer | grep -q NEEDED || fail "it needs a shared library"
}

# The installed pages and examples: links lead somewhere, and each example is a project of its own.
documents()
{
	pages="$prefix/share/doc/dbwright"
	sh "$here/../repo/links.sh" "$pages" >links.log || { cat links.log; fail "links of the installed pages"; }
	[ -s "$pages/docs/tutorial.md" ] || fail "the tutorial is not installed"
	for example in "$pages"/examples/*; do
		name=$(basename "$example")
		[ "$name" != chinook ] || pkg-config --exists jansson || continue
		cmake -S "$example" -B "$name" -G "$maker" -DCMAKE_PREFIX_PATH="$prefix" >build.log 2>&1 &&
			cmake --build "$name" -j 2 >>build.log 2>&1 || { cat build.log; fail "$name does not build"; }
		[ -x "$name/$name" ] || fail "there is no program $name"
	done
	mkdir -p run
	(cd run && ../multi/multi) >run.log 2>&1 || { cat run.log; fail "multi does not run"; }
	for said in '^\(rehearsed\|five\)' '^Ada Lovelace'; do
		grep -q "$said" run.log || { cat run.log; fail "multi says something else"; }
	done
}

# dbwright::config by find_package and by pkg-config: a file read at run time.
config()
{
	rm -rf consumer
	cp -R "$here/configured" consumer
	way=find_package
	configure || { cat configure.log; fail "it does not configure"; }
	cmake --build out -j 2 >build.log 2>&1 || { cat build.log; fail "it does not build"; }
	PKG_CONFIG_PATH=$(dirname "$(find "$plain_prefix" -name dbwright-config.pc)")
	export PKG_CONFIG_PATH
	${CC:-cc} -std=c11 -Wall -Wextra -Werror -Iout/dbwright/shop_db consumer/main.c $(find out -name dbwright.c) \
		$(find out -name 'dbwright_yaml.c') $(pkg-config --cflags --libs dbwright-config) -o by_pkg_config >build.log 2>&1 ||
		{ cat build.log; fail "it does not build with pkg-config"; }
	mkdir -p etc
	printf 'databases:\n  shop:\n    path: from-file.db\n' >etc/shop.yaml
	printf 'databases:\n  shop: {pool_size: many, path: a, nonsense: 1}\n' >etc/wrong.yaml
	for program in out/configured ./by_pkg_config; do
		[ "$($program etc/shop.yaml)" = "sqlite:$PWD/etc/from-file.db, said by etc/shop.yaml:3:11" ] ||
			fail "$program does not read the file"
		[ "$($program etc/wrong.yaml 2>&1 | grep -c '^etc/wrong.yaml:2:')" = 2 ] || fail "$program does not tell all mistakes"
	done
}

# A library with a provider, which the installed test of providers, the installed generator and a program load.
provider()
{
	if [ ! -x "$prefix/bin/dbwright-conformance" ]; then
		echo "this build has no loading, or no test of providers"
		return
	fi
	rm -rf consumer
	cp -R "$prefix/share/doc/dbwright/examples/provider" consumer
	way=find_package
	configure || { cat configure.log; fail "it does not configure"; }
	cmake --build out -j 2 >build.log 2>&1 || { cat build.log; fail "it does not build"; }
	! nm -D --undefined-only out/libtracing.so out/libmemo.so | grep -q ' dbw' || fail "a library needs symbols of dbwright"
	sh "$here/../programs/provider.sh" "$work/out/provider" "$work/out/libtracing.so" "$prefix/bin/dbwright-conformance" \
		"$prefix/bin/dbwright" "$work/consumer" "$work/run" >run.log 2>&1 || { cat run.log; fail "it does not run"; }
	# By hand, with pkg-config.
	PKG_CONFIG_PATH=$(dirname "$(find "$plain_prefix" -name dbwright.pc)")
	export PKG_CONFIG_PATH
	${CC:-cc} -std=c11 -Wall -Wextra -Werror -shared -fPIC $(pkg-config --cflags dbwright) consumer/tracing.c -lsqlite3 \
		-o by_hand.so >build.log 2>&1 || { cat build.log; fail "it does not build with pkg-config"; }
	"$prefix/bin/dbwright" db providers by_hand.so:tracing --provider-dir . >run.log 2>&1 ||
		{ cat run.log; fail "what was built by hand does not load"; }
}

# include: and MODELS that do not name the same files.
disagree()
{
	way=find_package
	sed 's,include: .*,include: [models/people.yaml],' consumer/dbwright.yaml >edited && cat edited >consumer/dbwright.yaml
	configure || { cat configure.log; fail "it does not configure"; }
	! cmake --build out >build.log 2>&1 || fail "it builds, though a file of MODELS is not included"
	grep -q 'models_stock.c' build.log || { cat build.log; fail "the file of MODELS is not named"; }
	sed 's,include: .*,include: [models/*.yaml],' consumer/dbwright.yaml >edited && cat edited >consumer/dbwright.yaml
	sed 's,MODELS models/\*.yaml,MODELS models/people.yaml,' consumer/CMakeLists.txt >edited &&
		cat edited >consumer/CMakeLists.txt
	! cmake --build out >build.log 2>&1 || fail "it builds, though an included file is not in MODELS"
	grep -q 'models/stock.yaml' build.log || { cat build.log; fail "the included file is not named"; }
	grep -q 'MODELS' build.log || fail "MODELS is not named"
}

case $way in
find_package | add_subdirectory | FetchContent) by_cmake ;;
make) by_make ;;
cross) cross ;;
shared) shared ;;
static) static ;;
documents) documents ;;
config) config ;;
provider) provider ;;
disagree) disagree ;;
*)
	echo "run.sh: there is no way $way" >&2
	exit 2
	;;
esac
echo "package: $way, $maker: $failed failures"
[ $failed -eq 0 ] && rm -rf "$work"

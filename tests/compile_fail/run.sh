#!/bin/sh
# Programs with one mistake each: they must not compile, for the reason they give, without any warning flag.
#
#   run.sh GENERATOR PUBLIC_INCLUDE_FOLDER WORK_FOLDER
#
# The first line of a case says what to expect:
#   // error: REGEX      gcc and clang refuse it with a message that matches (as an extended regular expression)
#   // warning: REGEX    both warn by default, and refuse it with the warning made an error (newer compilers do so for
#                        pointers, and integers where pointers belong, without being asked)
# A case with a line `// also: c++17` is refused by g++ and clang++ too. With FIXED defined every case compiles
# without a word, so that it fails for the reason it gives.
set -u

generator=$1
public=$2
work=$3
here=$(cd "$(dirname "$0")" && pwd)
failed=0
count=0

rm -rf "$work"
mkdir -p "$work"
"$generator" generate --quiet --project "$here/dbwright.yaml" -o "$work/generated" || exit 1

fail()
{
	failed=$((failed + 1))
	echo "FAILED $name: $1"
	cat "$work/log"
}

# compiles COMPILER STANDARD LANGUAGE [FLAG...]: the case; what is said goes to the log
compiles()
{
	compiler=$1
	standard=$2
	language=$3
	shift 3
	# Not -fsyntax-only: gcc tells of an ignored result only where it makes code.
	"$compiler" "-std=$standard" -x "$language" "-I$work/generated" "-I$public" "$@" \
		-c "$here/$name" -o "$work/object" >"$work/log" 2>&1
}

# check KIND REGEX COMPILER STANDARD LANGUAGE
check()
{
	compiles "$3" "$4" "$5"
	status=$?
	case $1 in
	error) [ $status -ne 0 ] || fail "$3 -std=$4 compiles it" ;;
	warning) [ $status -eq 0 ] || fail "$3 -std=$4 refuses it" ;;
	esac
	grep -Eq -e "$2" "$work/log" || fail "$3 -std=$4 does not say '$2'"
	if [ "$1" = warning ] && compiles "$3" "$4" "$5" -Werror=unused-result \
		-Werror=incompatible-pointer-types -Werror=int-conversion; then
		fail "$3 -std=$4 compiles it with its warning as an error"
	fi
	if ! compiles "$3" "$4" "$5" -DFIXED -Wall -Wextra -Werror; then
		fail "$3 -std=$4 refuses the program without its mistake"
	fi
}

for file in "$here"/*.c; do
	name=$(basename "$file")
	line=$(head -n 1 "$file")
	case $line in
	'// error: '*) kind=error ;;
	'// warning: '*) kind=warning ;;
	*)
		echo "FAILED $name: its first line says neither // error: nor // warning:"
		failed=$((failed + 1))
		continue
		;;
	esac
	regex=${line#// "$kind": }
	count=$((count + 1))
	check $kind "$regex" gcc c11 c
	check $kind "$regex" clang c11 c
	if grep -q '^// also: c++17$' "$file"; then
		check $kind "$regex" g++ c++17 c++
		check $kind "$regex" clang++ c++17 c++
	fi
done
if [ $count -eq 0 ]; then
	echo "no cases in $here" >&2
	exit 1
fi
echo "compile_fail: $count cases, $failed failures"
[ $failed -eq 0 ]

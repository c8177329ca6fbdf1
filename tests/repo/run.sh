#!/bin/sh
# What the sources must not hold, and what CMake must not forget.   run.sh SOURCE_FOLDER
set -u

cd "$1" || exit 1
failed=0
files=$(find . \( -name .git -o -path './build*' \) -prune -o -type f -print | sed 's,^\./,,' | sort)

fail()
{
	failed=$((failed + 1))
	echo "FAILED: $1"
}

# none PATTERN WHAT: no file may have a line that matches. The patterns are written so that they do not match here.
none()
{
	found=$(printf '%s\n' "$files" | tr '\n' '\0' | xargs -0 grep -nIE -e "$1" --)
	[ -z "$found" ] || fail "$2:
$found"
}

none '/(home|root|work|Users)[/]' 'paths of a machine'
none '\b(TO''DO|FIX''ME|XX''X)\b' 'work that is not done'
none '^(<<<<<<[<]|>>>>>>[>])' 'a merge that is not resolved'

# Tests may look at what is private; the layers may not.
found=$(grep -rnE '#[ ]*include ["<]\.\./' config runtime generator)
[ -z "$found" ] || fail "an #include that walks around the layers:
$found"

# Every source stands in the CMakeLists.txt of its folder or of the first folder above that has one.
for file in $(printf '%s\n' "$files" | grep -E '^(config|runtime|generator)/.*\.c$|^tests/unit/.*\.c$|^examples/.*\.c$'); do
	folder=$(dirname "$file")
	while [ ! -f "$folder/CMakeLists.txt" ] && [ "$folder" != . ]; do
		folder=$(dirname "$folder")
	done
	name=${file#"$folder"/}
	base=$(basename "$name" .c)
	case $file in
	tests/unit/test_*) grep -Eq "(^|[ (])${base#test_}([ )]|\$)" "$folder/CMakeLists.txt" ||
		fail "$folder/CMakeLists.txt does not list $file" ;;
	*) grep -Eq "(^|[ (])$name([ )]|\$)" "$folder/CMakeLists.txt" || fail "$folder/CMakeLists.txt does not list $file" ;;
	esac
done

# Sources are split by noun near 600 lines; tables of data (.inc) and tests may be longer.
for file in $(printf '%s\n' "$files" | grep -E '^(config|runtime|generator|examples)/.*\.[ch]$'); do
	lines=$(wc -l <"$file")
	[ "$lines" -le 800 ] || fail "$file has $lines lines"
done

echo "repo: $(printf '%s\n' "$files" | wc -l) files, $failed failures"
[ $failed -eq 0 ]

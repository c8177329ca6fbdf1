#!/bin/sh
# Every header alone, as C11, C17, C2x and C++17, on gcc and clang, with the warnings users turn on as errors. Then those of
# a folder together: the guard of one must not keep another out, nor be a name that another declares.
#
#   run.sh PUBLIC_INCLUDE_FOLDER [GENERATED_FOLDER...]
set -u

public=$1
failed=0
count=0

# check FOLDER HEADERS COMPILER STANDARD LANGUAGE
check()
{
	# Twice: a header that is included again must not mind.
	if ! printf '#include <%s>\n' $2 $2 |
		"$3" "-std=$4" -x "$5" -fsyntax-only -Wall -Wextra -Wpedantic -Wconversion -Werror "-I$1" "-I$public" -; then
		failed=$((failed + 1))
		echo "FAILED: $2 with $3 -std=$4"
	fi
}

for folder; do
	headers=$(cd "$folder" && find . -name '*.h' | sed 's,^\./,,' | sort)
	guards=$(cd "$folder" && for header in $headers; do sed -n '/^#ifndef /{p;q;}' "$header"; done | sort | uniq -d)
	if [ -n "$guards" ]; then
		failed=$((failed + 1))
		echo "FAILED: two headers in $folder have one guard: $guards"
	fi
	backwards=$(echo "$headers" | sort -r)
	check "$folder" "$headers" gcc c11 c
	check "$folder" "$backwards" g++ c++17 c++
	for header in $headers; do
		count=$((count + 1))
		for standard in c11 c17 c2x; do
			check "$folder" "$header" gcc $standard c
			check "$folder" "$header" clang $standard c
		done
		check "$folder" "$header" g++ c++17 c++
		check "$folder" "$header" clang++ c++17 c++
	done
done
if [ $count -eq 0 ]; then
	echo "no headers in $*" >&2
	exit 1
fi
echo "headers: $count, each compiled 8 times, $failed failures"
[ $failed -eq 0 ]

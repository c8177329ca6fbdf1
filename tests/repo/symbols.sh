#!/bin/sh
# The library takes no name from a program but those that begin with dbw_.   symbols.sh LIBRARY
set -u

# The address sanitizer adds an object of its own per variable.
symbols=$(nm -g --defined-only "$1" | awk 'NF == 3 { print $3 }' | grep -v '^__odr_asan' | sort -u)
foreign=$(printf '%s\n' "$symbols" | grep -v '^dbw_')
if [ -z "$symbols" ] || [ -n "$foreign" ]; then
	echo "FAILED: $1 defines: $foreign"
	exit 1
fi
echo "symbols: $(printf '%s\n' "$symbols" | wc -l), all begin with dbw_"

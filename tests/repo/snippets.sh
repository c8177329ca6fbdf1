#!/bin/sh
# The C of a page compiles: each block after a comment `<!-- compiled -->`, or `<!-- compiled and run -->`, is put into a function that has what the page
# speaks of (dbs, err, a session s, a reader r, ...), and warnings are errors, a status that is ignored included. A block
# after `<!-- compiled for a file -->` stands by itself, outside of functions.
#   snippets.sh COMPILER PAGE WORK_FOLDER INCLUDE_FOLDER...
set -u

compiler=$1
page=$2
work=$3
shift 3
includes=
for folder; do
	includes="$includes -I$folder"
done
rm -rf "$work"
mkdir -p "$work"

cat >"$work/snippets.c" <<'END'
#include <auth.h>
#include <auth/json.h>
#include <dbwright/config.h>
#include <dbwright/provider.h>
#include <quickstart_program.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int fail(const dbw_error *error);
void report(const dbw_error *error);
END
blocks=$(awk -v page="$page" -v out="$work/snippets.c" '
	/^<!-- compiled( and run.*)? -->$/ { armed = 1; next }
	$0 == "<!-- compiled for a file -->" { whole = 1; next }
	/^```c$/ && whole {
		inside = 2
		whole = 0
		count++
		printf "#line %d \"%s\"\n", NR + 1, page >>out
		next
	}
	/^```c$/ && armed {
		inside = 1
		armed = 0
		count++
		printf "\nint snippet_%d(dbw_databases *dbs, dbw_error err, auth_session s, auth_reader r, user *ada, " \
			"const char *text);\n", count >>out
		printf "int snippet_%d(dbw_databases *dbs, dbw_error err, auth_session s, auth_reader r, user *ada, " \
			"const char *text)\n{\n(void)dbs, (void)err, (void)s, (void)r, (void)ada, (void)text;\n{\n", count >>out
		printf "#line %d \"%s\"\n", NR + 1, page >>out
		next
	}
	/^```/ && inside == 2 { inside = 0; next }
	/^```/ && inside { inside = 0; print "}\nreturn 0;\n}" >>out; next }
	inside { print >>out }
	END { print count + 0 }' "$page")
marks=$(grep -cxE '<!-- compiled( for a file| and run.*)? -->' "$page")
if [ "$blocks" -eq 0 ] || [ "$blocks" -ne "$marks" ]; then
	echo "FAILED: $page has $marks marks and $blocks blocks of C behind them"
	exit 1
fi
# shellcheck disable=SC2086 # words
if ! $compiler -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wconversion -Werror -Wno-unused-variable \
	-Wno-unused-but-set-variable -Wno-unused-function $includes -c -o "$work/snippets.o" "$work/snippets.c"; then
	echo "FAILED: what $page shows does not compile"
	exit 1
fi
echo "snippets: $blocks blocks of $page compile"

#!/bin/sh
# Declarations whose names and statements are long: their code is as readable as any other.
#
#   long.sh GENERATOR PUBLIC_INCLUDE_FOLDER WORK_FOLDER
#
# No line is longer than 120 columns, and SQL of more than the 4,095 bytes that a compiler has to take for a literal
# (C11 5.2.4.1) is text all the same, which gcc and clang compile without a word.
set -u

generator=$1
public=$2
work=$3
failed=0

fail()
{
	failed=$((failed + 1))
	echo "FAILED: $1"
}

rm -rf "$work"
mkdir -p "$work"
{
	cat <<'YAML'
project: long
schema: letters
models:
  registered_sender:
    fields:
      id: id
      name_on_the_letters: {type: string, length: 80, unique: true}
  delivery_receipt:
    version: true
    relations:
      registered_sender: {belongs_to: registered_sender}
    indexes:
      - {fields: [printed_number, issuing_office], unique: true}
      - {fields: [issuing_office, registered_sender_id]}
    fields:
      id: id
      printed_number: string(40)
      issuing_office: string(40)
YAML
	number=100
	while [ $number -lt 250 ]; do
		echo "      remark_${number}_by_the_carrier: {type: text, default: 'nothing'}"
		number=$((number + 1))
	done
} >"$work/dbwright.yaml"
"$generator" generate --quiet --project "$work/dbwright.yaml" -o "$work/out" || exit 1

for file in $(cd "$work/out" && find . -name '*.[ch]'); do
	long=$(expand "$work/out/$file" | awk 'length($0) > 120')
	[ -z "$long" ] || fail "$file has long lines:
$long"
done
for source in "$work"/out/*.c; do
	for compiler in gcc clang; do
		"$compiler" -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Werror "-I$work/out" "-I$public" -c "$source" \
			-o "$work/object" || fail "$compiler does not take $source"
	done
done
grep -q 'DBW_LONG_TEXT$' "$work/out/dbwright_tables.c" || fail "no text of the tables is long"
grep -q '^		"CREATE TABLE ' "$work/out/dbwright_tables.c" || fail "the tables are no text"
grep -q 'DBW_ON_EVERY_ENGINE(DBW_LONG_TEXT$' "$work/out/dbwright.c" || fail "no text of the models is long"
echo "$failed failures"
[ $failed -eq 0 ]

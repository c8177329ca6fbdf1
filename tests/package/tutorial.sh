#!/bin/sh
# The project of a page, as a reader makes it: the block after each comment `<!-- file: NAME -->` becomes that file, the
# block after `<!-- commands -->` is run line by line, and the last command says what stands after `<!-- output -->`.
#   tutorial.sh PAGE PREFIX WORK_FOLDER
set -u

page=$1
CMAKE_PREFIX_PATH=$2
export CMAKE_PREFIX_PATH
unset NOTEBOOK_URL
rm -rf "$3"
mkdir -p "$3/project"
work=$(cd "$3" && pwd)

# block COMMENT: the lines of the block behind it
block()
{
	awk -v mark="<!-- $1 -->" '
		$0 == mark { armed = 1; next }
		/^```/ { if (inside) exit; if (armed) inside = 1; next }
		inside { print }' "$page"
}

names=$(sed -n 's/^<!-- file: \(.*\) -->$/\1/p' "$page")
[ -n "$names" ] || { echo "FAILED: $page has no files"; exit 1; }
for name in $names; do
	mkdir -p "$(dirname "$work/project/$name")"
	block "file: $name" >"$work/project/$name"
	[ -s "$work/project/$name" ] || { echo "FAILED: $page shows nothing of $name"; exit 1; }
done
block commands >"$work/commands"
block output >"$work/wanted"
if [ ! -s "$work/commands" ] || [ ! -s "$work/wanted" ]; then
	echo "FAILED: $page has no commands or no output"
	exit 1
fi

cd "$work/project" || exit 1
while read -r line; do
	if ! sh -c "$line" >"$work/said" 2>&1; then
		cat "$work/said"
		echo "FAILED: $line"
		exit 1
	fi
done <"$work/commands"
if ! cmp -s "$work/said" "$work/wanted"; then
	diff "$work/wanted" "$work/said"
	echo "FAILED: the last command says something else than $page"
	exit 1
fi
echo "tutorial: $(echo "$names" | wc -w) files, as it should be"

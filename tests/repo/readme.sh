#!/bin/sh
# What a page such as README.md shows is what there is: each block after a comment `<!-- lines of FILE -->` consists
# of lines of FILE, looked for in the folders given. Nor is anything left to be filled in.   readme.sh PAGE FOLDER...
set -u

readme=$1
page=$(basename "$1")
shift
failed=0
blocks=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for name in $(sed -n 's/^<!-- lines of \(.*\) -->$/\1/p' "$readme" | sort -u); do
	file=
	for folder; do
		[ -f "$folder/$name" ] && file=$folder/$name
	done
	if [ -z "$file" ]; then
		echo "FAILED: $page shows $name, which is not there"
		failed=1
		continue
	fi
	awk -v name="$name" '
		$0 == "<!-- lines of " name " -->" { armed = 1; next }
		/^```/ { if (inside) { inside = 0 } else if (armed) { inside = 1; armed = 0 } next }
		inside { print }' "$readme" >"$work/shown"
	blocks=$((blocks + $(grep -cxF "<!-- lines of $name -->" "$readme")))
	[ -s "$work/shown" ] || { echo "FAILED: an empty block of $name"; failed=1; }
	if grep -vxFf "$file" "$work/shown"; then
		echo "FAILED: these lines of $page are not in $name"
		failed=1
	fi
done
if grep -n '@@' "$readme"; then
	echo "FAILED: $page has something to be filled in"
	failed=1
fi
echo "$page: $blocks blocks"
[ $blocks -gt 0 ] && [ $failed -eq 0 ]

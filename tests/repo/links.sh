#!/bin/sh
# Every relative link in the pages below a folder leads to a file that is there, and to a heading of it.   links.sh FOLDER
set -u

cd "$1" || exit 1
# Where a heading can be linked to: lower case, nothing but letters, digits, `-` and `_`, and `-` for a blank.
awk '
function anchors(file, line, fence, name) {
	if (file in known)
		return
	known[file] = 1
	while ((getline line <file) > 0) {
		if (line ~ /^```/)
			fence = !fence
		if (fence || line !~ /^#+ /)
			continue
		sub(/^#+ /, "", line)
		name = tolower(line)
		gsub(/[^a-z0-9_ -]/, "", name)
		gsub(/ /, "-", name)
		heading[file "#" name] = 1
	}
	close(file)
}
function fail(what) {
	printf "FAILED: %s:%d: %s\n", FILENAME, FNR, what
	failed++
}
FNR == 1 { fence = 0; folder = FILENAME; sub(/[^\/]*$/, "", folder) }
/^```/ { fence = !fence }
fence { next }
{
	rest = $0
	while (match(rest, /\]\([^) ]+\)/)) {
		link = substr(rest, RSTART + 2, RLENGTH - 3)
		rest = substr(rest, RSTART + RLENGTH)
		if (link ~ /^[a-z]+:/)
			continue
		links++
		at = index(link, "#")
		path = at ? substr(link, 1, at - 1) : link
		file = path == "" ? FILENAME : folder path
		if (system("test -e \"" file "\"") != 0)
			fail("there is no " link)
		else if (at) {
			anchors(file)
			if (!((file "#" substr(link, at + 1)) in heading))
				fail("there is no heading " link)
		}
	}
}
END { printf "links: %d, %d failures\n", links, failed; exit failed > 0 || links == 0 }' \
	$(find . \( -name .git -o -path './build*' \) -prune -o -name '*.md' -print | sort)

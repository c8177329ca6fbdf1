#!/bin/sh
# The manual page: it says what the help says, and what reads manual pages has nothing to say against it.
#   man.sh GENERATOR WORK_FOLDER
set -u

generator=$1
rm -rf "$2"
mkdir -p "$2"
cd "$2" || exit 1
failed=0
readers=

complain()
{
	failed=$((failed + 1))
	echo "FAILED: $1"
}

"$generator" man >dbwright.1 || complain "no manual page"

# What `help` shows of each command stands in the page, without the marks of troff.
sed 's/\\-/-/g; s/\\(aq/'"'"'/g; s/\\f[IR]//g; s/\\e/\\/g' dbwright.1 >plain
commands=$("$generator" help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
[ "$(echo "$commands" | wc -w)" -ge 8 ] || complain "the help lists too few commands"
for command in $commands; do
	grep -q "^\.SS dbwright $command" plain || complain "the page does not have the command $command"
	"$generator" help "$command" | sed -n '/^Options:/,/^$/s/^  .*\(--[a-z-]*\)\( [A-Z]*\)\{0,1\}  *\(.*\)/\1 \3/p' >options
	while read -r option text; do
		grep -q -e "^\.BR.* $option" plain || complain "the page does not have $command $option"
		[ "$option" = --help ] || grep -qxF -e "$text" plain || complain "the page does not say of $option: $text"
	done <options
done

if command -v man >/dev/null && man --warnings -l dbwright.1 >shown 2>said; then
	readers="$readers man"
	[ ! -s said ] || { cat said; complain "man has something to say"; }
	grep -q 'EXIT STATUS' shown || complain "man does not show it"
fi
if command -v groff >/dev/null; then
	readers="$readers groff"
	groff -man -ww -Tascii dbwright.1 >shown 2>said || complain "groff fails"
	[ ! -s said ] || { cat said; complain "groff has something to say"; }
fi
if command -v mandoc >/dev/null; then
	readers="$readers mandoc"
	# The page has no date, but the version: the same sources make the same page.
	mandoc -T lint -W warning dbwright.1 | grep -v 'missing date' >said
	[ ! -s said ] || { cat said; complain "mandoc has something to say"; }
fi

echo "man: read by${readers:- nothing that is installed}, $failed failures"
[ $failed -eq 0 ]

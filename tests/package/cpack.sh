#!/bin/sh
# The packages that CPack makes of a build: what they say of themselves, what is in them, and that a new project builds
# with what they hold.
#   cpack.sh BUILD_FOLDER WORK_FOLDER GENERATOR      GENERATOR is DEB or TGZ
set -u

build=$1
generator=$3
here=$(cd "$(dirname "$0")" && pwd)
failed=0

if [ "$generator" = DEB ] && ! { command -v dpkg-deb && command -v dpkg-shlibdeps && command -v file; } >/dev/null; then
	echo "skipped: no dpkg-deb, dpkg-shlibdeps or file"
	exit 77
fi
rm -rf "$2"
mkdir -p "$2/tree"
cd "$2" || exit 1

fail()
{
	failed=$((failed + 1))
	echo "FAILED $generator: $1"
}

cpack --config "$build/CPackConfig.cmake" -G "$generator" -B made >log 2>&1 || { cat log; exit 1; }

# says FIELD PATTERN: of the control file
says()
{
	dpkg-deb -f made/*.deb "$1" | grep -qE -e "$2" || fail "$1 is: $(dpkg-deb -f made/*.deb "$1")"
}

case $generator in
DEB)
	says Package '^dbwright$'
	says Version '^[0-9]+\.[0-9]+\.[0-9]+$'
	says Maintainer '^the dbwright authors$'
	says Section '^devel$'
	says Architecture "^$(dpkg --print-architecture)\$"
	# The libraries that the generator is linked with, and what programs are built with.
	says Depends 'libc6'
	says Depends 'libyaml-0-2'
	says Depends 'libsqlite3-0'
	says Depends 'libsqlite3-dev'
	[ -z "$(dpkg-deb -f made/*.deb Homepage)" ] || fail "it has a homepage"
	dpkg-deb -f made/*.deb Description >description
	[ "$(wc -l <description)" -gt 2 ] || fail "there is no description"
	[ "$(wc -L <description)" -le 80 ] || fail "the lines of the description are too long"
	dpkg-deb -c made/*.deb | awk '$2 != "root/root" || ($1 !~ /^.rwxr-xr-x$/ && $1 !~ /^-rw-r--r--$/)' >odd
	[ ! -s odd ] || { cat odd; fail "owners or modes"; }
	dpkg-deb -x made/*.deb tree
	prefix=$PWD/tree/usr
	manual=share/man/man1/dbwright.1.gz
	zsh=share/zsh/vendor-completions/_dbwright
	gzip -t "$prefix/$manual" || fail "the manual page is not compressed"
	;;
TGZ)
	tar xzf made/*.tar.gz -C tree
	prefix=$(echo "$PWD"/tree/*)
	manual=share/man/man1/dbwright.1
	zsh=share/zsh/site-functions/_dbwright
	;;
esac

for file in bin/dbwright include/dbwright/dbwright.h lib/libdbwright.a lib/pkgconfig/dbwright.pc \
	lib/cmake/dbwright/dbwrightConfig.cmake share/dbwright/dbwright.schema.json share/doc/dbwright/copyright \
	share/doc/dbwright/docs/using.md \
	share/doc/dbwright/examples/multi/main.c share/bash-completion/completions/dbwright \
	share/fish/vendor_completions.d/dbwright.fish $manual $zsh; do
	[ -s "$prefix/$file" ] || fail "there is no $file"
done
# It was made in one place and is used in others.
grep -rIlF -e "$build" "$prefix" >found && { cat found; fail "these files name the folder of the build"; }
"$prefix/bin/dbwright" schema | cmp - "$prefix/share/dbwright/dbwright.schema.json" || fail "two JSON Schemas"

sh "$here/init.sh" "$prefix" "$PWD/init" cmake || failed=$((failed + 1))

echo "cpack: $generator, $failed failures"
[ $failed -eq 0 ] && rm -rf "$2"
